// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package backup

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"hash/fnv"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"filippo.io/age"
	"golang.org/x/sync/errgroup"

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

// Source is what is copied.
type Source struct {
	DB    *store.DB
	Files blob.Store
	Keys  string // the folder of the key ring; "" copies none
}

// writers is how many parts are on their way at once: an S3 server takes its time for each.
const writers = 8

// maker makes one copy.
type maker struct {
	folder *Folder
	to     []age.Recipient
	key    []byte
	there  map[string]bool // names of the parts that need not be written
	copy   Copy
	done   Written
	needs  []string // names of the parts of this copy
	writes *errgroup.Group
	ctx    context.Context // of writes: ends when one failed

	mu   sync.Mutex
	lost []string // files that were deleted while they waited: no record names them
}

// wait ends writing, and takes out of the copy what is lost.
func (m *maker) wait() error {
	err := m.writes.Wait()
	for _, sha := range m.lost {
		gone := name(m.key, sha)
		m.needs = slices.DeleteFunc(m.needs, func(n string) bool { return n == gone })
		m.copy.Files = slices.DeleteFunc(m.copy.Files, func(p Part) bool { return p.SHA256 == sha })
		m.done.Files--
		m.done.New--
		delete(m.done.Hashes, sha)
	}
	return err
}

// newMaker begins to write parts for a database.
func (f *Folder) newMaker(ctx context.Context, db *store.DB, to []age.Recipient) (m *maker, err error) {
	m = &maker{folder: f, to: to, done: Written{Hashes: map[string]bool{}}}
	if m.key, err = keyOfNames(ctx, db); err != nil {
		return nil, err
	}
	if m.there, err = f.there(ctx); err != nil {
		return nil, err
	}
	m.writes, m.ctx = errgroup.WithContext(ctx)
	m.writes.SetLimit(writers)
	return m, nil
}

// Make copies the database, the files and the keys as they are now. Writers go on meanwhile: the rows are those of one moment.
func (f *Folder) Make(ctx context.Context, from Source, to []age.Recipient, now time.Time) (done Written, err error) {
	defer fault.Wrap(&err, "backup.Make(%s)", f.at)
	held, err := f.hold(ctx)
	if err != nil {
		return done, err
	}
	defer held.release()
	m, err := f.newMaker(ctx, from.DB, to)
	if err != nil {
		return done, err
	}
	err = m.rows(from, now)
	if err = errors.Join(m.wait(), err); err != nil {
		return done, err
	}
	if err := held.still(ctx); err != nil {
		return done, err
	}
	m.done.Copy = m.copy.ID
	if err := f.putList(ctx, copies+m.copy.ID+listing, m.needs); err != nil {
		return done, err
	}
	return m.done, f.write(ctx, copyName(m.copy.ID), to, zipped(func(w io.Writer) error { return json.NewEncoder(w).Encode(m.copy) }))
}

// rows reads everything and has its parts written.
func (m *maker) rows(from Source, now time.Time) (err error) {
	ctx, db := m.ctx, from.DB
	m.copy = Copy{ID: newID(now), At: now.UTC().Truncate(time.Second), Engine: string(db.Engine), Names: m.key, Keys: map[string]string{}}
	if err := addKeys(m.copy.Keys, from.Keys); err != nil { // now what may be retired meanwhile, and below what may be new
		return err
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
		return err
	}
	// Records name no file before it is stored, so whatever the rows above name is there by now.
	if err := from.Files.Walk(ctx, func(i blob.Info) error { m.file(from.Files, i.Ref); return ctx.Err() }); err != nil {
		return err
	}
	return addKeys(m.copy.Keys, from.Keys)
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

// addKeys gathers the key ring in dir. It is small and goes into the list itself.
func addKeys(into map[string]string, dir string) error {
	if dir == "" {
		return nil
	}
	found, err := keyring.Files(dir)
	maps.Copy(into, found)
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
	p := m.bytes(rows.Bytes())
	t.Parts = append(t.Parts, p)
	rows.Reset()
	return m.ctx.Err()
}

// bytes has a part written unless it is there already; b may change afterwards.
func (m *maker) bytes(b []byte) Part {
	sum := sha256.Sum256(b)
	p := Part{hex.EncodeToString(sum[:]), int64(len(b))}
	name := name(m.key, p.SHA256)
	if m.has(name, p.Size) {
		return p
	}
	own := bytes.Clone(b)
	m.writes.Go(func() error {
		return m.folder.write(m.ctx, objectName(name), m.to, zipped(func(w io.Writer) error { _, err := w.Write(own); return err }))
	})
	return p
}

// file has a file written unless it is there already.
func (m *maker) file(files blob.Store, ref blob.Ref) {
	p := Part{ref.SHA256, ref.Size}
	m.copy.Files = append(m.copy.Files, p)
	m.done.Files++
	m.done.Hashes[p.SHA256] = true
	name := name(m.key, p.SHA256)
	if !m.has(name, p.Size) {
		m.writes.Go(func() error {
			err := m.folder.putFile(m.ctx, objectName(name), m.to, files, p.SHA256)
			if fault.KindOf(err) == fault.KindNotFound {
				m.mu.Lock()
				defer m.mu.Unlock()
				m.lost, err = append(m.lost, p.SHA256), nil
			}
			return err
		})
	}
}

// putFile encrypts a file of the file store into an object.
func (f *Folder) putFile(ctx context.Context, name string, to []age.Recipient, files blob.Store, sha string) error {
	return f.write(ctx, name, to, func(w io.Writer) error {
		r, _, err := files.Open(ctx, sha)
		if err != nil {
			return err
		}
		defer r.Close()
		_, err = io.Copy(w, r)
		return err
	})
}

// has says whether a part is there or on its way, and notes that it is needed.
func (m *maker) has(name string, size int64) bool {
	m.needs = append(m.needs, name)
	if m.there[name] {
		return true
	}
	m.there[name] = true
	m.done.New, m.done.Bytes = m.done.New+1, m.done.Bytes+size
	return false
}
