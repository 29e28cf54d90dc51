// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package recognition

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"hoctap/internal/audit"
	"hoctap/internal/blob"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/store"
	"hoctap/internal/text"
	"hoctap/internal/wording"
	"hoctap/internal/wording/merge"
)

// maxRemark is how long the reason of a version may be, in letters.
const maxRemark = 300

// Edit says which template is changed, from which version, and why.
type Edit struct {
	ScopeID string
	Kind    wording.Kind
	Version int // the newest that the editor saw; 0 when there was none
	Remark  string
}

// SaveTemplate adds a version with this text; a nil text goes back to the level above, else to the text as shipped. The office's own file stays. It
// fails with fault.Stale when somebody saved since, fault.Denied, and fault.Invalid for everything that the text breaks.
func (s *Service) SaveTemplate(ctx context.Context, by identity.Actor, e Edit, t *wording.Text) (saved Template, err error) {
	defer fault.Wrap(&err, "recognition.SaveTemplate(%s, %s)", e.ScopeID, e.Kind)
	if t != nil {
		clean := t.Clean(e.Kind)
		t = &clean
	}
	return s.putTemplate(ctx, by, e, func(before Template) (Template, error) {
		if t != nil {
			if err := t.Check(e.Kind); err != nil {
				return before, err
			}
		}
		before.Text = t
		return before, nil
	})
}

// RestoreTemplate adds a version that is the same as an older one; 0 is neither text nor file of one's own.
func (s *Service) RestoreTemplate(ctx context.Context, by identity.Actor, e Edit, version int) (saved Template, err error) {
	defer fault.Wrap(&err, "recognition.RestoreTemplate(%s, %s, %d)", e.ScopeID, e.Kind, version)
	_, list, err := s.TemplateVersions(ctx, by, e.ScopeID, e.Kind)
	if err != nil {
		return saved, err
	}
	old := Template{}
	if version != 0 {
		i := slices.IndexFunc(list, func(t Template) bool { return t.Version == version })
		if i < 0 {
			return saved, fault.NotFound("template", e.ScopeID)
		}
		old = list[i]
	}
	return s.putTemplate(ctx, by, e, func(before Template) (Template, error) {
		if old.Text != nil { // what is demanded may have grown since
			if err := old.Text.Check(e.Kind); err != nil {
				return before, err
			}
		}
		before.Text, before.File, before.FileName = old.Text, old.File, old.FileName
		return before, nil
	})
}

// SaveTemplateFile adds a version with the office's own DOCX; nil bytes take it away. The text stays. It fails like SaveTemplate, and with fault.Invalid
// for a file that is damaged, carries macros or names fields that the kind does not have.
func (s *Service) SaveTemplateFile(ctx context.Context, by identity.Actor, blobs blob.Store, e Edit, name string, docx []byte) (saved Template, err error) {
	defer fault.Wrap(&err, "recognition.SaveTemplateFile(%s, %s)", e.ScopeID, e.Kind)
	x, err := s.seen(ctx, by, e.ScopeID, e.Kind)
	if err != nil {
		return saved, err
	}
	if err := s.may(ctx, nil, by, identity.Decide, x.PlaceID); err != nil {
		return saved, err
	}
	sha := ""
	if docx != nil {
		if err := merge.Check(docx, e.Kind); err != nil {
			return saved, err
		}
		ref, err := blobs.Put(ctx, bytes.NewReader(docx), merge.MaxFile)
		if err != nil {
			return saved, err
		}
		sha = ref.SHA256
	}
	return s.putTemplate(ctx, by, e, func(before Template) (Template, error) {
		before.File, before.FileName = sha, strings.TrimSpace(text.NFC(name))
		if sha == "" {
			before.FileName = ""
		}
		return before, nil
	})
}

const insertTemplate = `INSERT INTO paper_template (body_id, kind, version, place_id, content, file, file_name, remark, by_id, by_name, at)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (body_id, kind, version) DO NOTHING`

// putTemplate adds the version that change makes of the newest.
func (s *Service) putTemplate(ctx context.Context, by identity.Actor, e Edit, change func(Template) (Template, error)) (saved Template, err error) {
	x, err := s.seen(ctx, by, e.ScopeID, e.Kind)
	if err != nil {
		return saved, err
	}
	e.Remark = strings.TrimSpace(text.NFC(e.Remark))
	if utf8.RuneCountInString(e.Remark) > maxRemark {
		return saved, fault.Invalid(fault.Field("ghi-chu", "recognition.long", "max", maxRemark))
	}
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		if err := s.may(ctx, tx, by, identity.Decide, x.PlaceID); err != nil {
			return err
		}
		list, err := store.Collect(ctx, tx, scanTemplate, selectNewest, x.ID)
		if err != nil {
			return err
		}
		var before Template
		if i := slices.IndexFunc(list, func(t Template) bool { return t.Kind == e.Kind }); i >= 0 {
			before = list[i]
		}
		if before.Version != e.Version {
			return fault.Stale("template", x.ID)
		}
		next, err := change(before)
		if err != nil {
			return err
		}
		if same(before, next) {
			return fault.Invalid(fault.Field(wording.WholeField, "wording.same"))
		}
		next.ScopeID, next.Kind, next.Version, next.PlaceID = x.ID, e.Kind, before.Version+1, x.PlaceID
		next.Remark, next.ByID, next.ByName, next.At = e.Remark, by.ID, by.Name, s.now()
		content := ""
		if next.Text != nil {
			b, err := json.Marshal(next.Text)
			if err != nil {
				return err
			}
			content = string(b)
		}
		n, err := tx.Exec(ctx, insertTemplate, next.ScopeID, string(next.Kind), next.Version, next.PlaceID, content, next.File, next.FileName, next.Remark, next.ByID, next.ByName, store.Micros(next.At))
		if err != nil {
			return err
		}
		if n == 0 {
			return fault.Stale("template", x.ID)
		}
		saved = next
		return audit.Write(ctx, tx, by.Who(), s.now(), audit.Entry{PlaceID: x.PlaceID, ThingID: x.ID, Thing: "template", Act: "save", Reason: e.Remark,
			Before: map[string]any{"kind": e.Kind, "version": before.Version}, After: map[string]any{"kind": e.Kind, "version": next.Version, "sha": shaOf(content), "file": next.File}})
	})
	return saved, err
}

func same(a, b Template) bool {
	if (a.Text == nil) != (b.Text == nil) || a.File != b.File {
		return false
	}
	return a.Text == nil || a.Text.Equal(*b.Text)
}

// TemplateFile returns an office's own DOCX; sha comes from a Template or Wording that the caller was given.
func TemplateFile(ctx context.Context, blobs blob.Store, sha string) (docx []byte, err error) {
	defer fault.Wrap(&err, "recognition.TemplateFile(%.12s)", sha)
	r, _, err := blobs.Open(ctx, sha)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(io.LimitReader(r, merge.MaxFile))
}

const selectFileUse = `SELECT file FROM paper_template WHERE file = $1 AND file <> '' LIMIT 1`

// NamedFiles returns those of some hashes that a template names, so that no sweep takes them.
func (s *Service) NamedFiles(ctx context.Context, hashes []string) (named map[string]bool, err error) {
	defer fault.Wrap(&err, "recognition.NamedFiles")
	named = map[string]bool{}
	for _, sha := range hashes {
		_, found, err := store.One(ctx, s.db.Read(), store.Value[string], selectFileUse, sha)
		if err != nil {
			return nil, err
		}
		if found {
			named[sha] = true
		}
	}
	return named, nil
}

const selectNamedFiles = `SELECT file, 'paper_template ' || body_id || ' ' || kind || ' ' || file_name FROM paper_template WHERE file <> '' ORDER BY body_id, kind, version`

// Files returns the hash of every own file that a template names, with the template; older versions and decisions that were frozen with them need theirs too.
func (s *Service) Files(ctx context.Context) (named map[string]string, err error) {
	defer fault.Wrap(&err, "recognition.Files")
	return store.Pairs(ctx, s.db.Read(), selectNamedFiles)
}
