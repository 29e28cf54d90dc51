// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package backup

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"hash/fnv"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"filippo.io/age"

	"hoctap/internal/blob"
	"hoctap/internal/fault"
	"hoctap/internal/keyring"
	"hoctap/internal/store"
)

// Written tells what a copy cost.
type Written struct {
	Copy  string // its name
	Rows  int64
	Files int
	New   int   // parts and files that were not there yet
	Bytes int64 // of them, before they were encrypted

	Hashes map[string]bool // of the files in the copy
}

// Sizes of parts in bytes: none is cut below the least or above the most, and in between where a key's hash says so, once in so many rows.
const (
	leastPart = 256 << 10
	mostPart  = 1 << 20
	cutOnce   = 2048
)

// maker makes one copy.
type maker struct {
	folder *Folder
	to     []age.Recipient
	key    []byte
	copy   Copy
	done   Written
}

// Source is what is copied.
type Source struct {
	DB    *store.DB
	Files blob.Store
	Keys  string // the folder of the key ring; "" copies none
}

// Make copies the database, the files and the keys as they are now. Writers go on meanwhile: the rows are those of one moment.
func (f *Folder) Make(ctx context.Context, from Source, to []age.Recipient, now time.Time) (done Written, err error) {
	defer fault.Wrap(&err, "backup.Make(%s)", f.dir)
	db, files := from.DB, from.Files
	m := maker{folder: f, to: to, done: Written{Hashes: map[string]bool{}}}
	if m.key, err = keyOfNames(ctx, db); err != nil {
		return done, err
	}
	m.copy = Copy{ID: newID(now), At: now.UTC().Truncate(time.Second), Engine: string(db.Engine), Names: m.key, Keys: map[string]string{}}
	if err := m.keys(from.Keys); err != nil { // now what may be retired meanwhile, and below what may be new
		return done, err
	}
	err = db.Snapshot(ctx, func(tx *store.Tx) error {
		if m.copy.Schema, err = db.Schema(ctx, tx); err != nil {
			return err
		}
		tables, err := db.Tables(ctx, tx)
		if err != nil {
			return err
		}
		for _, t := range tables {
			if err := m.table(ctx, tx, t); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return done, err
	}
	// Records name no file before it is stored, so whatever the rows above name is there by now.
	if err := files.Walk(ctx, func(i blob.Info) error { return m.file(ctx, files, i.Ref) }); err != nil {
		return done, err
	}
	if err := m.keys(from.Keys); err != nil {
		return done, err
	}
	m.done.Copy = m.copy.ID
	return m.done, write(f.copyPath(m.copy.ID), to, func(w io.Writer) error {
		z := gzip.NewWriter(w)
		if err := json.NewEncoder(z).Encode(m.copy); err != nil {
			return err
		}
		return z.Close()
	})
}

const (
	selectKey = `SELECT value FROM setting WHERE key = 'backup_names'`
	insertKey = `INSERT INTO setting (key, value) VALUES ('backup_names', $1) ON CONFLICT (key) DO NOTHING`
)

// keyOfNames is the database's, made once.
func keyOfNames(ctx context.Context, db *store.DB) ([]byte, error) {
	text, found, err := store.One(ctx, db.Read(), store.Value[string], selectKey)
	if err != nil || found {
		if err != nil {
			return nil, err
		}
		return keyOf(text)
	}
	key := make([]byte, 32)
	if _, err := rand.Read(key); err != nil {
		return nil, err
	}
	err = db.Write(ctx, func(tx *store.Tx) error {
		if _, err := tx.Exec(ctx, insertKey, keyText(key)); err != nil {
			return err
		}
		text, _, err = store.One(ctx, tx, store.Value[string], selectKey) // another may have been quicker
		return err
	})
	if err != nil {
		return nil, err
	}
	return keyOf(text)
}

// keys gathers the key ring. It is small and goes into the list itself.
func (m *maker) keys(dir string) error {
	if dir == "" {
		return nil
	}
	found, err := keyring.Files(dir)
	maps.Copy(m.copy.Keys, found)
	return err
}

func (m *maker) table(ctx context.Context, tx *store.Tx, t store.Table) error {
	out := Table{Name: t.Name}
	for _, c := range t.Columns {
		out.Columns, out.Types = append(out.Columns, c.Name), append(out.Types, c.Type)
	}
	order := t.Key
	if len(order) == 0 {
		order = out.Columns
	}
	var keys []int
	for _, k := range order {
		keys = append(keys, slices.Index(out.Columns, k))
	}
	var rows bytes.Buffer
	values, into := make([]any, len(out.Columns)), make([]any, len(out.Columns))
	for i := range values {
		into[i] = &values[i]
	}
	query := "SELECT " + strings.Join(out.Columns, ", ") + " FROM " + t.Name + " ORDER BY " + strings.Join(order, ", ")
	err := store.Each(ctx, tx, func(s store.Scanner) error {
		if err := s.Scan(into...); err != nil {
			return err
		}
		if err := encodeRow(&rows, out.Types, values); err != nil {
			return err
		}
		out.Rows++
		if rows.Len() >= mostPart || rows.Len() >= leastPart && cuts(out.Types, values, keys) {
			return m.part(&out, &rows)
		}
		return nil
	}, query)
	if err == nil {
		err = m.part(&out, &rows)
	}
	m.copy.Tables, m.done.Rows = append(m.copy.Tables, out), m.done.Rows+out.Rows
	return err
}

// cuts says whether a part ends behind a row. Its key alone decides, so a change elsewhere moves no other part.
func cuts(types []string, values []any, keys []int) bool {
	var b bytes.Buffer
	for _, i := range keys {
		if encodeValue(&b, types[i], values[i]) != nil {
			return false
		}
	}
	h := fnv.New32a()
	h.Write(b.Bytes())
	return h.Sum32()%cutOnce == 0
}

// part writes the rows gathered so far, unless they are there already.
func (m *maker) part(t *Table, rows *bytes.Buffer) error {
	if rows.Len() == 0 {
		return nil
	}
	sum := sha256.Sum256(rows.Bytes())
	p := Part{hex.EncodeToString(sum[:]), int64(rows.Len())}
	t.Parts = append(t.Parts, p)
	err := m.object(p, func(w io.Writer) error {
		z, _ := gzip.NewWriterLevel(w, gzip.BestSpeed)
		if _, err := rows.WriteTo(z); err != nil {
			return err
		}
		return z.Close()
	})
	rows.Reset()
	return err
}

func (m *maker) file(ctx context.Context, files blob.Store, ref blob.Ref) error {
	m.copy.Files = append(m.copy.Files, Part{ref.SHA256, ref.Size})
	m.done.Files++
	m.done.Hashes[ref.SHA256] = true
	return m.object(Part{ref.SHA256, ref.Size}, func(w io.Writer) error {
		r, _, err := files.Open(ctx, ref.SHA256)
		if err != nil {
			return err
		}
		defer r.Close()
		_, err = io.Copy(w, r)
		return err
	})
}

func (m *maker) object(p Part, fill func(io.Writer) error) error {
	at := name(m.key, p.SHA256)
	there, err := m.folder.has(at)
	if err != nil || there {
		return err
	}
	m.done.New, m.done.Bytes = m.done.New+1, m.done.Bytes+p.Size
	return write(m.folder.objectPath(at), m.to, fill)
}
