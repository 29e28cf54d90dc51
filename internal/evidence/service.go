// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package evidence

import (
	"context"
	"time"

	"hoctap/internal/blob"
	"hoctap/internal/fault"
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
	jobs.HandleLater(processKind, s.process)
	return s
}

// Act is what was done to the evidence of an assessment.
type Act string

// The acts. Those of a person are refused for an assessment that the person may no longer change.
const (
	ActAttach Act = "attach" // an item was added to criteria
	ActDetach Act = "detach" // an item was taken from criteria
	ActJudge  Act = "judge"  // the program accepted or refused a file, or found that it backs someone else too
)

// Change is one act, with the codes of the criteria it is about; none for ActJudge.
type Change struct {
	Act      Act
	Criteria []string
}

// Listener is told that the evidence of an assessment changed, before the change is committed; its error undoes it. It also
// decides whether the assessment may be changed now, which evidence cannot know.
type Listener func(ctx context.Context, tx *store.Tx, by identity.Actor, placeID, assessmentID string, change Change) error

// mayAttach checks that by works with the evidence of a leaf: who scores there or appraises.
func (s *Service) mayAttach(ctx context.Context, by identity.Actor, placeID string, uses []Use) error {
	if by.Own.FileID != "" {
		return mayBack(by, placeID, uses)
	}
	p, err := s.places.Get(ctx, placeID)
	switch {
	case err != nil:
		return err
	case by.Check(identity.Score, p.Path, "") != nil && by.Check(identity.Appraise, p.Path, "") != nil:
		return by.Check(identity.Score, p.Path, p.FullName())
	case !p.Leaf():
		return fault.Invalid(fault.Field("place", "evidence.not_a_leaf", "place", p.FullName()))
	}
	return nil
}

// mayBack checks that a subject with its slip adds to its own file alone, and to a criterion of it. Whether it may today, the Listener says.
func mayBack(by identity.Actor, placeID string, uses []Use) error {
	step, _ := identity.StepOf("score")
	for _, u := range uses {
		if err := by.Fills(step, placeID, u.AssessmentID); err != nil {
			return err
		}
	}
	if len(uses) == 0 {
		return by.Fills(step, placeID, "")
	}
	return nil
}

// maySee checks that by may read the records of a place.
func (s *Service) maySee(ctx context.Context, by identity.Actor, placeID string) error {
	p, err := s.places.Get(ctx, placeID)
	if err != nil {
		return err
	}
	return by.Check(identity.SeeRecords, p.Path, p.FullName())
}
