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
}

// Wrong is something that a copy needs and that is not there or not what was written.
type Wrong struct {
	Copy string
	What string // the table, or "file"
	Part string // its hash
	Why  string
}

// Verify decrypts and hashes everything that copies need, each part once: those named, or all. It returns what is wrong; err is for what kept it from
// looking, such as a wrong key.
func (f *Folder) Verify(ctx context.Context, with []age.Identity, ids ...string) (done Checked, wrong []Wrong, err error) {
	defer fault.Wrap(&err, "backup.Verify(%s)", f.dir)
	if len(ids) == 0 {
		if ids, err = f.List(); err != nil {
			return done, nil, err
		}
	}
	seen := map[string]string{} // part → why it is wrong, "" when it is right
	for _, id := range ids {
		c, err := f.Load(id, with)
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
					b, err := f.rows(&c, p, with)
					lines += int64(bytes.Count(b, []byte{'\n'}))
					done.Parts++
					return err
				})
			}
			done.Rows += lines
		}
		for _, p := range c.Files {
			look("file", p, func() error { done.Files++; return f.same(&c, p, with) })
		}
	}
	return done, wrong, ctx.Err()
}

// same checks that a file is what was written.
func (f *Folder) same(c *Copy, p Part, with []age.Identity) error {
	return read(f.objectPath(name(c.Names, p.SHA256)), with, false, func(r io.Reader) error {
		h := sha256.New()
		n, err := io.Copy(h, r)
		if err == nil && (n != p.Size || hex.EncodeToString(h.Sum(nil)) != p.SHA256) {
			err = fmt.Errorf("not what was written")
		}
		return err
	})
}
