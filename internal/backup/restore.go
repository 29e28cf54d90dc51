// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package backup

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"filippo.io/age"
	"golang.org/x/sync/errgroup"

	"hoctap/internal/blob"
	"hoctap/internal/fault"
	"hoctap/internal/keyring"
	"hoctap/internal/store"
)

// read opens an encrypted object; zipped says whether its content was made smaller.
func (f *Folder) read(ctx context.Context, name string, with []age.Identity, zipped bool, each func(io.Reader) error) error {
	sealed, err := f.at.Get(ctx, name)
	if err != nil {
		return err
	}
	defer sealed.Close()
	plain, err := age.Decrypt(bufio.NewReader(sealed), with...)
	if errors.As(err, new(*age.NoIdentityMatchError)) {
		return fault.Invalid(fault.Field("key", "backup.wrong_key"))
	}
	if err != nil {
		return err
	}
	if !zipped {
		return each(plain)
	}
	z, err := gzip.NewReader(plain)
	if err != nil {
		return err
	}
	return each(z)
}

// Load reads what a copy holds. It fails with fault.NotFound, and fault.Invalid for a key that it was not encrypted to.
func (f *Folder) Load(ctx context.Context, id string, with []age.Identity) (c Copy, err error) {
	defer fault.Wrap(&err, "backup.Load(%s)", id)
	if strings.ContainsAny(id, "/\\") {
		return c, fault.NotFound("backup", id)
	}
	err = f.read(ctx, copyName(id), with, true, func(r io.Reader) error { return json.NewDecoder(r).Decode(&c) })
	if errors.Is(err, fs.ErrNotExist) {
		err = fault.NotFound("backup", id)
	}
	return c, err
}

// rows reads a part of a table and checks that it is what was written.
func (f *Folder) rows(ctx context.Context, key []byte, p Part, with []age.Identity) ([]byte, error) {
	var b bytes.Buffer
	err := f.read(ctx, objectName(name(key, p.SHA256)), with, true, func(r io.Reader) error {
		_, err := io.Copy(&b, io.LimitReader(r, p.Size+1))
		return err
	})
	if err != nil {
		return nil, err
	}
	if sum := sha256.Sum256(b.Bytes()); hex.EncodeToString(sum[:]) != p.SHA256 {
		return nil, errors.New("not what was written")
	}
	return b.Bytes(), nil
}

// loadRows is how many rows go into the database in one transaction.
const loadRows = 2000

// Target is where a copy is put back to; all of it must be empty.
type Target struct {
	Address string // of the database
	Files   blob.Store
	Keys    string // the folder of the key ring
}

// Restore puts a copy back, and then brings the database to the program's schema. It fails with fault.Conflict for a target that holds anything, and
// for a copy of a newer program. A restore that failed is begun again with a new target.
func (f *Folder) Restore(ctx context.Context, id string, with []age.Identity, to Target) (c Copy, err error) {
	defer fault.Wrap(&err, "backup.Restore(%s)", id)
	if c, err = f.Load(ctx, id, with); err != nil {
		return c, err
	}
	if len(c.Keys) > 0 && keyring.Exists(to.Keys) {
		return c, fault.Conflict("keyring.not_empty", "dir", to.Keys)
	}
	db, err := store.OpenAt(ctx, to.Address, c.Schema)
	if err != nil {
		return c, err
	}
	err = f.fill(ctx, &c, with, db)
	if err == nil {
		err = f.files(ctx, c.Names, c.Files, with, to.Files)
	}
	if err == nil && len(c.Keys) > 0 {
		err = keyring.Put(to.Keys, c.Keys)
	}
	if err := errors.Join(err, db.Close()); err != nil {
		return c, err
	}
	db, err = store.Open(ctx, to.Address) // brings it to the newest schema
	if err != nil {
		return c, err
	}
	return c, errors.Join(db.Tune(ctx), db.Close())
}

func (f *Folder) fill(ctx context.Context, c *Copy, with []age.Identity, db *store.DB) error {
	for _, t := range c.Tables {
		n, _, err := store.One(ctx, db.Read(), store.Value[int64], "SELECT count(*) FROM (SELECT 1 FROM "+t.Name+" LIMIT 1) x")
		if err != nil {
			return err
		}
		if n > 0 {
			return fault.Conflict("backup.not_empty", "table", t.Name)
		}
	}
	for _, t := range c.Tables {
		into := store.NewBulk("INSERT INTO "+t.Name+" ("+strings.Join(t.Columns, ", ")+") VALUES", "")
		found := int64(0)
		for _, p := range t.Parts {
			b, err := f.rows(ctx, c.Names, p, with)
			if err != nil {
				return fmt.Errorf("%s, %s: %w", t.Name, p.SHA256, err)
			}
			n, err := load(ctx, db, into, t.Types, b)
			if err != nil {
				return fmt.Errorf("%s: %w", t.Name, err)
			}
			found += n
		}
		if found != t.Rows {
			return fmt.Errorf("%s: %d rows, not %d", t.Name, found, t.Rows)
		}
	}
	return nil
}

// load inserts the rows of a part.
func load(ctx context.Context, db *store.DB, into *store.Bulk, types []string, lines []byte) (n int64, err error) {
	for len(lines) > 0 {
		var values []any
		for rows := 0; rows < loadRows && len(lines) > 0; rows++ {
			end := bytes.IndexByte(lines, '\n')
			if end < 0 {
				return n, io.ErrUnexpectedEOF
			}
			if values, err = decodeRow(lines[:end], types, values); err != nil {
				return n, err
			}
			lines, n = lines[end+1:], n+1
		}
		err = db.Write(ctx, func(tx *store.Tx) error {
			_, err := into.Insert(ctx, tx, values)
			return err
		})
		if err != nil {
			return n, err
		}
	}
	return n, nil
}

// files puts files back, several at once.
func (f *Folder) files(ctx context.Context, key []byte, list []Part, with []age.Identity, to blob.Store) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(writers)
	for _, p := range list {
		if ctx.Err() != nil {
			break
		}
		group.Go(func() error {
			err := f.read(ctx, objectName(name(key, p.SHA256)), with, false, func(r io.Reader) error {
				ref, err := to.Put(ctx, r, p.Size)
				if err == nil && ref.SHA256 != p.SHA256 {
					err = errors.New("not what was written")
				}
				return err
			})
			fault.Wrap(&err, "file %s", p.SHA256)
			return err
		})
	}
	return group.Wait()
}
