// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Package archive owns the yearly packages (gói lưu trữ) of bodies: who may have one made and fetch it, the job that makes it, and the one file of each
// body and year that is offered. A file is whole before any record names it, so a job that is cut off leaves nothing that could be taken for one.
//
// What is in a package it does not know: edges write it.
package archive

import (
	"context"
	"fmt"
	"time"

	"hoctap/internal/audit"
	"hoctap/internal/blob"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/job"
	"hoctap/internal/place"
	"hoctap/internal/recognition"
	"hoctap/internal/store"
)

// JobKind is the kind of the jobs that make packages; their payload is a Task.
const JobKind = "archive"

// Task is what a job has to make.
type Task struct {
	BodyID string `json:"body"`
	Year   int    `json:"year"`
	At     string `json:"at"` // "https://host" of the program, for the codes on papers
}

func (t Task) key() string { return fmt.Sprintf("%s:%d", t.BodyID, t.Year) }

// Package is a body's package of a year.
type Package struct {
	BodyID  string
	Year    int
	PlaceID string // of the body
	JobID   string
	SHA     string // "" before the first is whole
	Size    int64  // bytes
	Files   int
	ByID    string
	MadeAt  time.Time
	Active  *job.Job // that makes the next one; nil when none is under way
}

// Service keeps packages.
type Service struct {
	db          *store.DB
	blobs       blob.Store
	places      *place.Service
	recognition *recognition.Service
	jobs        *job.Queue
	now         func() time.Time
}

// New returns a Service.
func New(db *store.DB, blobs blob.Store, places *place.Service, recognition *recognition.Service, jobs *job.Queue, now func() time.Time) *Service {
	return &Service{db: db, blobs: blobs, places: places, recognition: recognition, jobs: jobs, now: now}
}

const columns = `p.body_id, p.year, p.place_id, p.job_id, p.sha, p.size, p.files, p.by_id, p.made_at`

func scan(sc store.Scanner) (p Package, err error) {
	var made int64
	err = sc.Scan(&p.BodyID, &p.Year, &p.PlaceID, &p.JobID, &p.SHA, &p.Size, &p.Files, &p.ByID, &made)
	p.MadeAt = store.Time(made)
	return p, err
}

// body returns a body that by may do act at.
func (s *Service) body(ctx context.Context, tx *store.Tx, by identity.Actor, act identity.Act, id string) (recognition.Body, error) {
	b, err := s.recognition.BodyByID(ctx, id)
	if err != nil {
		return b, err
	}
	path, err := s.places.Path(ctx, tx, b.PlaceID)
	if err != nil {
		return b, err
	}
	return b, by.Check(act, path, b.PlaceID)
}

// The row is written first: it holds off a second one who asks at the same time until the first one's job is to be seen.
const (
	claimPackage = `
		INSERT INTO archive_package (body_id, year, place_id, job_id) VALUES ($1, $2, $3, '')
		ON CONFLICT (body_id, year) DO UPDATE SET place_id = excluded.place_id`
	selectPackage = `SELECT ` + columns + ` FROM archive_package p WHERE p.body_id = $1 AND p.year = $2`
	setJob        = `UPDATE archive_package SET job_id = $1 WHERE body_id = $2 AND year = $3`
)

// Ask has the package of a year made by a job, and returns the job's id: that of the one under way, whoever asked for it, while there is one. It fails with
// fault.NotFound, fault.Denied for who may not decide for the body, and fault.Conflict when the body issued nothing in that year.
func (s *Service) Ask(ctx context.Context, by identity.Actor, t Task) (jobID string, err error) {
	defer fault.Wrap(&err, "archive.Ask(%s, %d)", t.BodyID, t.Year)
	b, err := s.body(ctx, nil, by, identity.Decide, t.BodyID)
	if err != nil {
		return "", err
	}
	issued := 0
	for _, kind := range recognition.PaperKinds {
		r, err := s.recognition.Register(ctx, by, b.ID, kind, t.Year)
		if err != nil {
			return "", err
		}
		issued += len(r.Decisions) + len(r.Papers)
	}
	if issued == 0 {
		return "", fault.Conflict("archive.empty", "body", b.Name, "year", t.Year)
	}
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		if _, err := s.body(ctx, tx, by, identity.Decide, t.BodyID); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, claimPackage, b.ID, t.Year, b.PlaceID); err != nil {
			return err
		}
		p, _, err := store.One(ctx, tx, scan, selectPackage, b.ID, t.Year)
		if err != nil {
			return err
		}
		if _, active, err := s.jobs.Active(ctx, tx, p.JobID); err != nil || active {
			jobID = p.JobID
			return err
		}
		if jobID, err = s.jobs.Add(ctx, tx, JobKind, t.key(), t, by.ID); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, setJob, jobID, b.ID, t.Year); err != nil {
			return err
		}
		return audit.Write(ctx, tx, by.Who(), s.now(), audit.Entry{PlaceID: b.PlaceID, ThingID: b.ID, Thing: "archive", Act: "ask", After: map[string]any{"year": t.Year}})
	})
	return jobID, err
}

const selectOfPlace = `SELECT ` + columns + ` FROM archive_package p WHERE p.place_id = $1 AND p.year = $2 ORDER BY p.body_id`

// OfPlace returns the packages of a place's bodies of a year, by body, with the jobs that are under way. It fails with fault.Denied.
func (s *Service) OfPlace(ctx context.Context, by identity.Actor, placeID string, year int) (of map[string]Package, err error) {
	defer fault.Wrap(&err, "archive.OfPlace(%s, %d)", placeID, year)
	path, err := s.places.Path(ctx, nil, placeID)
	if err != nil {
		return nil, err
	}
	if err := by.Check(identity.SeeRecords, path, placeID); err != nil {
		return nil, err
	}
	list, err := store.Collect(ctx, s.db.Read(), scan, selectOfPlace, placeID, year)
	of = make(map[string]Package, len(list))
	for _, p := range list {
		j, active, err := s.jobs.Active(ctx, s.db.Read(), p.JobID)
		if err != nil {
			return nil, err
		}
		if active {
			p.Active = &j
		}
		of[p.BodyID] = p
	}
	return of, err
}
