// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package evidence

import (
	"context"
	"time"

	"hoctap/internal/blob"
	"hoctap/internal/identity"
	"hoctap/internal/job"
	"hoctap/internal/place"
	"hoctap/internal/store"
)

// Service keeps the records of what backs criteria.
type Service struct {
	db     *store.DB
	blobs  blob.Store
	places *place.Service
	jobs   *job.Queue
	now    func() time.Time

	// Listener follows each change of an assessment's evidence inside the transaction that makes it. It is set once, before
	// the first request: this package must not know what an assessment is.
	Listener Listener
}

// New returns a Service and takes on the jobs that clean and check received files.
func New(db *store.DB, blobs blob.Store, places *place.Service, jobs *job.Queue, now func() time.Time) *Service {
	s := &Service{db: db, blobs: blobs, places: places, jobs: jobs, now: now,
		Listener: func(context.Context, *store.Tx, identity.Actor, string, string, Change) error { return nil }}
	jobs.Handle(processKind, s.process)
	return s
}

// processKind is the kind of the job that reads a received file as a whole.
const processKind = "evidence.process"

// Change is what happened to the evidence of an assessment.
type Change string

// The changes. Those by a person are refused for an assessment that the person may no longer change.
const (
	Attached Change = "attach" // an item was added to a criterion
	Detached Change = "detach" // an item was taken from a criterion
	Judged   Change = "judge"  // the program accepted or refused a file, or found it to back someone else too
)

// Listener is told that the evidence of an assessment changed, before the change is committed; its error undoes it.
type Listener func(ctx context.Context, tx *store.Tx, by identity.Actor, placeID, assessmentID string, change Change) error

