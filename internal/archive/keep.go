// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package archive

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"

	"hoctap/internal/audit"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/job"
	"hoctap/internal/store"
)

// maxSize is far above any year of a body: a decision is a megabyte at most.
const maxSize = 16 << 30

const setPackage = `UPDATE archive_package SET sha = $1, size = $2, files = $3, by_id = $4, made_at = $5 WHERE body_id = $6 AND year = $7`

// Keep makes the package of a job: what write writes goes into the file store as it comes, and is offered in place of the one before once it is whole.
// write returns how many files it packed. When write fails or ctx ends nothing is kept.
func (s *Service) Keep(ctx context.Context, j *job.Job, t Task, write func(context.Context, io.Writer) (files int, err error)) (err error) {
	defer fault.Wrap(&err, "archive.Keep(%s, %d)", t.BodyID, t.Year)
	b, err := s.recognition.BodyByID(ctx, t.BodyID)
	if err != nil {
		return err
	}
	out, in := io.Pipe()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	files, written := 0, make(chan struct{})
	go func() {
		defer close(written)
		var err error
		defer func() {
			if p := recover(); p != nil {
				err = fmt.Errorf("panic: %v", p)
			}
			in.CloseWithError(err) // nil is the end of the file
		}()
		files, err = write(ctx, in)
	}()
	ref, err := s.blobs.Put(ctx, out, maxSize)
	out.CloseWithError(io.ErrClosedPipe) // a writer that still writes ends
	<-written
	if err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *store.Tx) error {
		at := s.now()
		n, err := tx.Exec(ctx, setPackage, ref.SHA256, ref.Size, files, j.ByID, store.Micros(at), t.BodyID, t.Year)
		if err == nil && n == 0 {
			err = fault.NotFound("archive", t.BodyID)
		}
		if err != nil {
			return err
		}
		by := identity.System
		by.ID = j.ByID
		return audit.Write(ctx, tx, by.Who(), at, audit.Entry{PlaceID: b.PlaceID, ThingID: b.ID, Thing: "archive", Act: "make",
			After: map[string]any{"year": t.Year, "sha": ref.SHA256, "size": ref.Size, "files": files}})
	})
}

// Open returns the package of a year to be read, and writes into the journal that it was fetched; the caller closes it. It fails with fault.NotFound when
// there is none and fault.Denied for who may not see the records of the body's place.
func (s *Service) Open(ctx context.Context, by identity.Actor, bodyID string, year int) (r io.ReadSeekCloser, p Package, err error) {
	defer fault.Wrap(&err, "archive.Open(%s, %d)", bodyID, year)
	b, err := s.body(ctx, nil, by, identity.SeeRecords, bodyID)
	if err != nil {
		return nil, p, err
	}
	p, found, err := store.One(ctx, s.db.Read(), scan, selectPackage, b.ID, year)
	if err == nil && (!found || p.SHA == "") {
		err = fault.NotFound("archive", bodyID)
	}
	if err != nil {
		return nil, p, err
	}
	if r, p.Size, err = s.blobs.Open(ctx, p.SHA); err != nil {
		return nil, p, err
	}
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		return audit.Write(ctx, tx, by.Who(), s.now(), audit.Entry{PlaceID: b.PlaceID, ThingID: b.ID, Thing: "archive", Act: "export", After: map[string]any{"year": year, "sha": p.SHA}})
	})
	if err != nil {
		r.Close()
		return nil, p, err
	}
	return r, p, nil
}

// Named returns those of up to 500 hashes that a package is kept under, for evidence.Sweep.
func (s *Service) Named(ctx context.Context, hashes []string) (keep map[string]bool, err error) {
	defer fault.Wrap(&err, "archive.Named")
	keep = map[string]bool{}
	var w store.Where
	w.In("sha", hashes...)
	// The condition repeats that of the index, without which neither engine would use it.
	err = store.Each(ctx, s.db.Read(), func(sc store.Scanner) error {
		sha, err := store.Value[string](sc)
		keep[sha] = true
		return err
	}, `SELECT DISTINCT sha FROM archive_package WHERE sha <> '' AND `+w.SQL()[len(" WHERE "):], w.Args()...)
	return keep, err
}

// Difference is a package that is not what its record says.
type Difference struct{ PlaceID, ID, What string }

const selectAll = `SELECT ` + columns + ` FROM archive_package p WHERE p.sha <> '' ORDER BY p.body_id, p.year`

// Verify demands that every package is kept with the bytes that its hash says.
func (s *Service) Verify(ctx context.Context) (n int, list []Difference, err error) {
	defer fault.Wrap(&err, "archive.Verify")
	all, err := store.Collect(ctx, s.db.Read(), scan, selectAll)
	for _, p := range all {
		what, err := s.wrong(ctx, &p)
		if err != nil {
			return n, list, err
		}
		if n++; what != "" {
			list = append(list, Difference{p.PlaceID, p.BodyID, fmt.Sprintf("the package of %d %s", p.Year, what)})
		}
	}
	return n, list, err
}

func (s *Service) wrong(ctx context.Context, p *Package) (string, error) {
	r, size, err := s.blobs.Open(ctx, p.SHA)
	if fault.KindOf(err) == fault.KindNotFound && err != nil {
		return "is not in the file store", nil
	}
	if err != nil {
		return "", err
	}
	defer r.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, r); err != nil {
		return "", err
	}
	if size != p.Size || hex.EncodeToString(sum.Sum(nil)) != p.SHA {
		return "has other bytes in the file store", nil
	}
	return "", nil
}

const selectNamedFiles = `SELECT sha, 'archive_package ' || body_id FROM archive_package WHERE sha <> ''`

// Files returns the hash of every package that is kept, with its record.
func (s *Service) Files(ctx context.Context) (named map[string]string, err error) {
	defer fault.Wrap(&err, "archive.Files")
	return store.Pairs(ctx, s.db.Read(), selectNamedFiles)
}
