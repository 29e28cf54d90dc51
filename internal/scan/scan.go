// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package scan

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"time"

	"hoctap/internal/audit"
	"hoctap/internal/blob"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/store"
)

// Service judges uploads.
type Service struct {
	db       *store.DB
	blobs    blob.Store
	now      func() time.Time
	clamd    *Clamd
	required bool // nothing is taken in unjudged
}

// New returns a service that asks clamd. When clamd does not answer, a required one refuses the file; else it is taken in and judged by Later.
func New(db *store.DB, blobs blob.Store, now func() time.Time, clamd *Clamd, required bool) *Service {
	return &Service{db, blobs, now, clamd, required}
}

// File is what somebody sent.
type File struct {
	Name   string
	SHA256 string
	Size   int64
}

const insertScan = `
	INSERT INTO upload_scan (sha256, name, size, actor_id, address, at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (sha256) DO NOTHING`

// Judge asks about a file before any record names it. It fails with fault.Invalid (upload.infected) for one that is infected, which the journal then
// tells, and with fault.Conflict (upload.no_scanner) when there is no verdict and one is required.
func (s *Service) Judge(ctx context.Context, by identity.Actor, name string, body io.Reader) (err error) {
	defer fault.Wrap(&err, "scan.Judge")
	f, sum := File{Name: name}, sha256.New()
	body = io.TeeReader(body, io.MultiWriter(sum, (*count)(&f.Size)))
	found, failed := s.clamd.Find(ctx, body)
	if _, err := io.Copy(io.Discard, body); err != nil { // what clamd did not take belongs to the hash, too
		return err
	}
	f.SHA256 = hex.EncodeToString(sum.Sum(nil))
	switch {
	case failed != nil && ctx.Err() != nil:
		return ctx.Err()
	case failed != nil && s.required:
		return fault.Conflict("upload.no_scanner", "name", f.Name)
	case failed != nil:
		return s.db.Write(ctx, func(tx *store.Tx) error {
			_, err := tx.Exec(ctx, insertScan, f.SHA256, f.Name, f.Size, by.ID, by.Address, store.Micros(s.now()))
			return err
		})
	case found == "":
		return nil
	}
	if err := s.db.Write(ctx, func(tx *store.Tx) error { return s.tell(ctx, tx, by, f, found, "refuse_infected") }); err != nil {
		return err
	}
	return infected(f.Name)
}

// count is a writer that only counts.
type count int64

func (c *count) Write(p []byte) (int, error) {
	*c += count(len(p))
	return len(p), nil
}

func infected(name string) error {
	return &fault.Fault{Kind: fault.KindInvalid, Key: "upload.infected", Args: fault.Args{"name": name}}
}

func (s *Service) tell(ctx context.Context, tx *store.Tx, by identity.Actor, f File, found, act string) error {
	return audit.Write(ctx, tx, by.Who(), s.now(), audit.Entry{Thing: "upload", ThingID: f.SHA256, Act: act,
		After: map[string]any{"name": f.Name, "size": f.Size, "found": found}})
}

const selectFound = `SELECT found FROM upload_scan WHERE sha256 = $1 AND found <> ''`

// Check fails with upload.infected for a file that was found infected after it had been taken in.
func (s *Service) Check(ctx context.Context, sha256, name string) (err error) {
	defer fault.Wrap(&err, "scan.Check(%s)", sha256)
	if s == nil {
		return nil
	}
	_, bad, err := store.One(ctx, s.db.Read(), store.Value[string], selectFound, sha256)
	if err == nil && bad {
		err = infected(name)
	}
	return err
}

const (
	selectWaiting = `SELECT sha256, name, size, actor_id, address, at FROM upload_scan WHERE found = '' ORDER BY at LIMIT 200`
	deleteScan    = `DELETE FROM upload_scan WHERE sha256 = $1`
	updateScan    = `UPDATE upload_scan SET found = $1 WHERE sha256 = $2`
)

// settled is how long after its arrival a file that is still in no store counts as not kept: pictures are made anew and their originals go.
const settled = 10 * time.Minute

type waiting struct {
	File
	by identity.Actor
	at time.Time
}

// Later judges what was taken in unjudged, and returns how many were infected. It ends at the first file without a verdict: the scanner is still away.
func (s *Service) Later(ctx context.Context) (bad int, err error) {
	defer fault.Wrap(&err, "scan.Later")
	list, err := store.Collect(ctx, s.db.Read(), func(sc store.Scanner) (w waiting, err error) {
		var at int64
		err = sc.Scan(&w.SHA256, &w.Name, &w.Size, &w.by.ID, &w.by.Address, &at)
		w.at = store.Time(at)
		return w, err
	}, selectWaiting)
	for _, w := range list {
		found, kept, err := s.look(ctx, w.SHA256)
		switch {
		case err != nil:
			return bad, err
		case !kept && s.now().Sub(w.at) < settled:
			continue
		}
		err = s.db.Write(ctx, func(tx *store.Tx) error {
			if found == "" {
				_, err := tx.Exec(ctx, deleteScan, w.SHA256)
				return err
			}
			if _, err := tx.Exec(ctx, updateScan, found, w.SHA256); err != nil {
				return err
			}
			return s.tell(ctx, tx, w.by, w.File, found, "find_infected")
		})
		if err != nil {
			return bad, err
		}
		if found != "" {
			bad++
		}
	}
	return bad, err
}

func (s *Service) look(ctx context.Context, sha256 string) (found string, kept bool, err error) {
	r, _, err := s.blobs.Open(ctx, sha256)
	if fault.KindOf(err) == fault.KindNotFound {
		return "", false, nil
	}
	if err != nil {
		return "", false, err
	}
	defer r.Close()
	found, err = s.clamd.Find(ctx, r)
	return found, true, err
}
