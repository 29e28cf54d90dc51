// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package backup

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"

	"filippo.io/age"

	"hoctap/internal/fault"
)

// Checked is what a verification read.
type Checked struct {
	Copies int
	Parts  int
	Files  int
	Rows   int64

	Logs, Segments int // of the continuous copy
}

// Wrong is something that a copy needs and that is not there or not what was written.
type Wrong struct {
	Copy string
	What string // the table, or "file"
	Part string // its hash
	Why  string
}

// Verify decrypts and hashes everything that copies need, each part once: those named, or all and the continuous copy. It returns what is wrong; err is for what kept it from
// looking, such as a wrong key.
func (f *Folder) Verify(ctx context.Context, with []age.Identity, ids ...string) (done Checked, wrong []Wrong, err error) {
	defer fault.Wrap(&err, "backup.Verify(%s)", f.at)
	named := len(ids) > 0
	if !named {
		if ids, err = f.List(ctx); err != nil {
			return done, nil, err
		}
	}
	seen := map[string]string{} // part → why it is wrong, "" when it is right
	for _, id := range ids {
		c, err := f.Load(ctx, id, with)
		if fault.KindOf(err) == fault.KindInvalid || ctx.Err() != nil {
			return done, wrong, errors.Join(err, ctx.Err())
		}
		if err != nil {
			wrong = append(wrong, Wrong{Copy: id, What: "copy", Why: err.Error()})
			continue
		}
		done.Copies++
		look := func(what string, p Part, check func() error) {
			why, known := seen[p.SHA256]
			if !known {
				if err := check(); err != nil {
					why = err.Error()
				}
				seen[p.SHA256] = why
			}
			if why != "" {
				wrong = append(wrong, Wrong{id, what, p.SHA256, why})
			}
		}
		for _, t := range c.Tables {
			lines := int64(0)
			for _, p := range t.Parts {
				look(t.Name, p, func() error {
					b, err := f.rows(ctx, c.Names, p, with)
					lines += int64(bytes.Count(b, []byte{'\n'}))
					done.Parts++
					return err
				})
			}
			done.Rows += lines
		}
		for _, p := range c.Files {
			look("file", p, func() error { done.Files++; return f.same(ctx, c.Names, p, with) })
		}
	}
	if named {
		return done, wrong, ctx.Err()
	}
	list, err := f.Logs(ctx)
	if err != nil {
		return done, wrong, err
	}
	for _, l := range list {
		done.Logs++
		for _, why := range f.verifyLog(ctx, l, with, seen, &done) {
			if fault.KindOf(why.err) == fault.KindInvalid {
				return done, wrong, why.err
			}
			wrong = append(wrong, Wrong{l.ID, "log", why.part, why.err.Error()})
		}
	}
	return done, wrong, ctx.Err()
}

type flaw struct {
	part string
	err  error
}

// verifyLog reads a generation as a restore does, and throws the pages away.
func (f *Folder) verifyLog(ctx context.Context, l Log, with []age.Identity, seen map[string]string, done *Checked) (flaws []flaw) {
	b, err := f.loadBase(ctx, l.ID, with)
	if err != nil {
		return []flaw{{baseName, err}}
	}
	check := func(p Part, read func() error) {
		why, known := seen[p.SHA256]
		if !known {
			if err := read(); err != nil {
				why = err.Error()
			}
			seen[p.SHA256] = why
		}
		if why != "" {
			flaws = append(flaws, flaw{p.SHA256, errors.New(why)})
		}
	}
	for _, p := range b.Parts {
		check(p, func() error { done.Parts++; _, err := f.rows(ctx, b.Names, p, with); return err })
	}
	last := segment{To: b.Start}
	for _, s := range l.until(l.Last) {
		next, err := f.segment(ctx, l.ID, s, &last, with, func(*segment, uint32, []byte) error { return nil })
		if err != nil {
			return append(flaws, flaw{s.name, err}) // what follows cannot be put back either
		}
		done.Segments++
		last = next
		b.add(&next)
	}
	for _, p := range b.Files {
		check(p, func() error { done.Files++; return f.same(ctx, b.Names, p, with) })
	}
	return flaws
}

// same checks that a file is what was written.
func (f *Folder) same(ctx context.Context, key []byte, p Part, with []age.Identity) error {
	return f.read(ctx, objectName(name(key, p.SHA256)), with, false, func(r io.Reader) error {
		h := sha256.New()
		n, err := io.Copy(h, r)
		if err == nil && (n != p.Size || hex.EncodeToString(h.Sum(nil)) != p.SHA256) {
			err = fmt.Errorf("not what was written")
		}
		return err
	})
}
