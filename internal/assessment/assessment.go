// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Package assessment owns the year's work: rounds with their stages, one assessment (phiếu đánh giá) per subject and
// round, the sheets that each stage fills in, area minutes, review, appeals and re-checks.
//
// A subject has a row as soon as a round is open where it lives, so every figure is a count of rows; the counters of
// package rollup change in the same transaction. Results are worked out by package criteria and stored beside the input
// they came from, so that they can be worked out again at any time. It must not know decisions, papers or pages.
package assessment

import (
	"context"
	"sync"
	"time"

	"hoctap/internal/criteria"
	"hoctap/internal/criteria/version"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/place"
	"hoctap/internal/registry"
	"hoctap/internal/store"
)

// Service keeps rounds and assessments.
type Service struct {
	db       *store.DB
	places   *place.Service
	sets     *version.Service
	registry *registry.Service
	now      func() time.Time
	rounds   sync.Map // id → Round, the newest version read
}

// New returns a Service.
func New(db *store.DB, places *place.Service, sets *version.Service, registry *registry.Service, now func() time.Time) *Service {
	return &Service{db: db, places: places, sets: sets, registry: registry, now: now}
}

// State is how far a file has come.
type State = identity.State

// The states, in the order of the way.
const (
	Listed     = identity.Listed
	Registered = identity.Registered
	Scored     = identity.Scored
	Sent       = identity.Sent
	Returned   = identity.Returned
	Approved   = identity.Approved
	Rejected   = identity.Rejected
	Recognised = identity.Recognised
	Revoked    = identity.Revoked
)

// Flag marks a file that a reviewer should read.
type Flag int

// The flags. A file without any is one whose scores agree and whose evidence is complete.
const (
	FlagGap      Flag = 1 << iota // two stages differ by GapLimit or more
	FlagEvidence                  // evidence that the set requires is missing
	FlagNear                      // within NearLimit of the threshold
	FlagReused                    // a picture of it also backs another subject
	FlagOpen                      // a person has to decide something
	FlagAreaMore                  // the area gave more than the subject gave itself
	FlagVotes                     // the meeting was not of one mind
	FlagNew                       // no result last year
	FlagAll      = 1<<iota - 1
)

// AttentionFlags are those that take a file out of approval in one act.
const AttentionFlags = FlagGap | FlagEvidence | FlagNear | FlagReused | FlagOpen | FlagAreaMore | FlagVotes

// Assessment is one subject in one round. Totals are hundredths of a point; nil is not known.
type Assessment struct {
	PlaceID   string
	ID        string
	RoundID   string
	Model     string
	SubjectID string
	Name      string // as of this round
	Fold      string
	Sort      string
	Number    string
	SetID     string
	State     State
	Stage     Stage // last stage that has a sheet
	Total     *criteria.Points
	Outcome   string
	Class     string
	Level     string
	Missing   int // criteria still unknown

	SelfTotal, AreaTotal, CommuneTotal *criteria.Points

	Gap      criteria.Points
	Flags    Flag
	Evidence int

	PrevID, PrevPlaceID string
	PrevTotal           *criteria.Points
	PrevOutcome         string

	VotesFor, VotesAgainst int
	Exemplary              bool
	HolderID               string // who scored last at the area
	ScoredBy               string // everybody else who gave points: ids, divided by spaces
	ClosedBy               string // who approved or refused it last
	RegisteredAt           time.Time
	SentAt                 time.Time
	Version                int64
	UpdatedAt              time.Time
}

// Locked says whether the area may no longer change the file.
func (a *Assessment) Locked() bool {
	switch a.State {
	case Sent, Approved, Rejected, Recognised, Revoked:
		return true
	}
	return false
}

const columns = `a.place_id, a.id, a.round_id, a.model, a.subject_id, a.name, a.fold, a.sort, a.number, a.set_id, a.state, a.stage,
	a.total, a.outcome, a.class, a.level, a.missing, a.self_total, a.area_total, a.commune_total, a.gap, a.flags, a.evidence,
	a.prev_id, a.prev_place_id, a.prev_total, a.prev_outcome, a.votes_for, a.votes_against, a.exemplary, a.holder_id,
	a.scored_by, a.closed_by, a.registered_at, a.sent_at, a.version, a.updated_at`

func scan(sc store.Scanner) (a Assessment, err error) {
	var registered, sent, updated int64
	err = sc.Scan(&a.PlaceID, &a.ID, &a.RoundID, &a.Model, &a.SubjectID, &a.Name, &a.Fold, &a.Sort, &a.Number, &a.SetID, &a.State, &a.Stage,
		&a.Total, &a.Outcome, &a.Class, &a.Level, &a.Missing, &a.SelfTotal, &a.AreaTotal, &a.CommuneTotal, &a.Gap, &a.Flags, &a.Evidence,
		&a.PrevID, &a.PrevPlaceID, &a.PrevTotal, &a.PrevOutcome, &a.VotesFor, &a.VotesAgainst, &a.Exemplary, &a.HolderID,
		&a.ScoredBy, &a.ClosedBy, &registered, &sent, &a.Version, &updated)
	a.RegisteredAt, a.SentAt, a.UpdatedAt = store.Time(registered), store.Time(sent), store.Time(updated)
	return a, err
}

const selectOne = `SELECT ` + columns + ` FROM assessment a WHERE a.place_id = $1 AND a.id = $2`

// get reads one assessment in tx; fault.NotFound when there is none at that place.
func get(ctx context.Context, tx *store.Tx, placeID, id string) (Assessment, error) {
	a, found, err := store.One(ctx, tx, scan, selectOne, placeID, id)
	if err == nil && !found {
		err = fault.NotFound("assessment", id)
	}
	return a, err
}
