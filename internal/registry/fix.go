// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package registry

import (
	"context"
	"strings"

	"hoctap/internal/audit"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/place"
	"hoctap/internal/store"
)

// fixChunk is how many rows one transaction of ApplyFix mends; each is judged anew.
const fixChunk = 500

// ApplyFix carries one offer out in every row that has it: writes an area's right name, converts a legacy font, creates an
// area, keeps what the registry has. group is an Offer's Group. It returns the batch with its new counts. It fails with
// fault.NotFound for a group that no row offers, fault.Denied, and fault.Conflict before the check or after an undo.
func (s *Service) ApplyFix(ctx context.Context, by identity.Actor, id, group string) (b Batch, err error) {
	defer fault.Wrap(&err, "registry.ApplyFix(%s, %s)", id, group)
	if b, err = s.batch(ctx, by, id); err != nil {
		return b, err
	}
	if err = b.in(Checked, Done); err != nil {
		return b, err
	}
	if rest, ok := strings.CutPrefix(group, "create|"); ok {
		communeID, name, _ := strings.Cut(rest, "|")
		if _, err = s.AddArea(ctx, by, place.AreaDraft{CommuneID: communeID, Name: name}); err != nil {
			return b, err
		}
	}
	c, err := s.checker(ctx, by, b) // after the area is there
	if err != nil {
		return b, err
	}
	mended := 0
	for after, more := 0, true; more; {
		var n, last int
		err = s.db.Write(ctx, func(tx *store.Tx) error {
			now, err := loadBatch(ctx, tx, id)
			if err != nil {
				return err
			}
			n, last, more, err = c.fixSome(tx, &now, group, after)
			if err != nil || n == 0 {
				return err
			}
			b = now
			return audit.Write(ctx, tx, by.Who(), s.now(), audit.Entry{PlaceID: now.PlaceID, ThingID: id, Thing: "import", Act: "fix",
				After: map[string]any{"group": group, "rows": n}})
		})
		if err != nil {
			return b, err
		}
		after, mended = last, mended+n
	}
	if mended == 0 {
		return b, fault.NotFound("fix", group)
	}
	return b, nil
}

// fixSome mends the rows of one portion after a row number.
func (c *checker) fixSome(tx *store.Tx, b *Batch, group string, after int) (n, last int, more bool, err error) {
	rows, err := c.s.rowsOf(c.ctx, tx, b.ID, LookAt, after, fixChunk)
	if err != nil || len(rows) == 0 {
		return 0, after, false, err
	}
	last = rows[len(rows)-1].No
	for _, row := range rows {
		if !row.has(group) {
			continue
		}
		// A row before it may have changed this one meanwhile.
		old, err := c.s.rowOf(c.ctx, tx, b.ID, row.No)
		if err != nil {
			return n, last, false, err
		}
		next := old
		next.Cells = old.Cells.clone()
		if !next.apply(group) {
			continue
		}
		if _, err := c.rejudge(tx, &b.Counts, old, next); err != nil {
			return n, last, false, err
		}
		n++
	}
	if n > 0 {
		err = b.save(c.ctx, tx)
	}
	return n, last, len(rows) == fixChunk, err
}

func (r Row) has(group string) bool {
	for _, i := range r.Issues {
		for _, f := range i.Fixes {
			if f.Group == group {
				return true
			}
		}
	}
	return false
}

// apply carries the fixes of a group out in the row.
func (r *Row) apply(group string) (done bool) {
	for _, i := range r.Issues {
		for _, f := range i.Fixes {
			if f.Group != group {
				continue
			}
			done = true
			switch f.Kind {
			case "set":
				r.set(i.Field, f.Value)
			case KeepExisting, UpdateExisting, ImportBoth:
				r.Choice = f.Kind
			}
		}
	}
	return done
}

// AddArea creates a residential area and its community in one act. It fails as place.CreateArea does, and by must be allowed to
// edit the registry there, too.
func (s *Service) AddArea(ctx context.Context, by identity.Actor, draft place.AreaDraft) (p place.Place, err error) {
	defer fault.Wrap(&err, "registry.AddArea(%s)", draft.Name)
	if err = s.may(ctx, nil, by, identity.EditRegistry, draft.CommuneID); err != nil {
		return p, err
	}
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		list, err := s.places.CreateAreas(ctx, tx, by, draft.CommuneID, []place.AreaDraft{draft})
		if err != nil {
			return err
		}
		p = list[0]
		_, err = s.AddCommunities(ctx, tx, by, p)
		return err
	})
	return p, err
}

// AddCommunities adds the community of each area that has none yet, inside the caller's transaction: areas that came with
// shipped data, the demo or an import.
func (s *Service) AddCommunities(ctx context.Context, tx *store.Tx, by identity.Actor, areas ...place.Place) ([]Subject, error) {
	var drafts []Draft
	for _, p := range areas {
		if p.Level != place.Area {
			continue
		}
		_, found, err := s.load(ctx, tx, p.ID, p.ID)
		if err != nil {
			return nil, err
		}
		if !found {
			drafts = append(drafts, Draft{PlaceID: p.ID, Model: Community, Name: p.FullName()})
		}
	}
	return s.Insert(ctx, tx, by, drafts...)
}
