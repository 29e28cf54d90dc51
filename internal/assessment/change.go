// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package assessment

import (
	"context"

	"hoctap/internal/audit"
	"hoctap/internal/criteria"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/registry"
	"hoctap/internal/rollup"
	"hoctap/internal/store"
)

const updateAssessment = `
	UPDATE assessment SET name = $1, fold = $2, sort = $3, number = $4, set_id = $5, state = $6, stage = $7, total = $8, outcome = $9, class = $10,
		level = $11, missing = $12, self_total = $13, area_total = $14, commune_total = $15, gap = $16, flags = $17, evidence = $18,
		votes_for = $19, votes_against = $20, exemplary = $21, holder_id = $22, registered_at = $23, sent_at = $24,
		scored_by = $25, closed_by = $26, version = version + 1, updated_at = $27
	WHERE place_id = $28 AND id = $29 AND version = $30`

// change is the one way an existing assessment changes: the row by its version, its counters and its journal entry, in tx.
// what is kept in the journal beside the figures, such as the sheet.
func (s *Service) change(ctx context.Context, tx *store.Tx, by identity.Actor, before, after *Assessment, act Act, reason string, what any) error {
	if err := registry.Free(ctx, tx, before.SubjectID, before.Name); err != nil {
		return err
	}
	at := s.now()
	after.UpdatedAt = at
	n, err := tx.Exec(ctx, updateAssessment, after.Name, after.Fold, after.Sort, after.Number, after.SetID, string(after.State), string(after.Stage),
		after.Total, after.Outcome, after.Class, after.Level, after.Missing, after.SelfTotal, after.AreaTotal, after.CommuneTotal, after.Gap,
		int(after.Flags), after.Evidence, after.VotesFor, after.VotesAgainst, after.Exemplary, after.HolderID,
		store.Micros(after.RegisteredAt), store.Micros(after.SentAt), after.ScoredBy, after.ClosedBy, store.Micros(at), before.PlaceID, before.ID, before.Version)
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.Stale("assessment", before.ID)
	}
	after.Version = before.Version + 1
	if err := rollup.Add(ctx, tx, before.PlaceID, before.RoundID, before.Model, CountsOf(after).Minus(CountsOf(before))); err != nil {
		return err
	}
	return audit.Write(ctx, tx, by.Who(), at, audit.Entry{PlaceID: before.PlaceID, ThingID: before.ID, Thing: "assessment", Act: string(act),
		Before: brief(before, nil), After: brief(after, what), Reason: reason})
}

// note is what the journal keeps of an assessment.
type note struct {
	State   State            `json:"state"`
	Total   *criteria.Points `json:"total,omitempty"`
	Outcome string           `json:"outcome,omitempty"`
	Version int64            `json:"version"`
	Sheet   any              `json:"sheet,omitempty"`
}

func brief(a *Assessment, sheet any) note { return note{a.State, a.Total, a.Outcome, a.Version, sheet} }

// insertAssessments adds rows, and passes over subjects that already have one in that round there.
var insertAssessments = store.NewBulk(`
	INSERT INTO assessment (place_id, id, round_id, model, subject_id, name, fold, sort, number, set_id, state, stage, total, outcome, class, level,
		missing, self_total, area_total, commune_total, gap, flags, evidence, prev_id, prev_place_id, prev_total, prev_outcome, votes_for,
		votes_against, exemplary, holder_id, scored_by, closed_by, registered_at, sent_at, version, updated_at) VALUES`,
	` ON CONFLICT (place_id, round_id, model, subject_id) DO NOTHING`)

func (a *Assessment) values(to []any) []any {
	return append(to, a.PlaceID, a.ID, a.RoundID, a.Model, a.SubjectID, a.Name, a.Fold, a.Sort, a.Number, a.SetID, string(a.State), string(a.Stage),
		a.Total, a.Outcome, a.Class, a.Level, a.Missing, a.SelfTotal, a.AreaTotal, a.CommuneTotal, a.Gap, int(a.Flags), a.Evidence, a.PrevID,
		a.PrevPlaceID, a.PrevTotal, a.PrevOutcome, a.VotesFor, a.VotesAgainst, a.Exemplary, a.HolderID, a.ScoredBy, a.ClosedBy, store.Micros(a.RegisteredAt),
		store.Micros(a.SentAt), a.Version, store.Micros(a.UpdatedAt))
}

// may reads an assessment and checks that by may do act where it lies; it returns the place's path.
func (s *Service) may(ctx context.Context, tx *store.Tx, by identity.Actor, act identity.Act, placeID, id string) (a Assessment, path string, err error) {
	if path, err = s.places.Path(ctx, tx, placeID); err != nil {
		return a, "", err
	}
	if err = by.Check(act, path, placeID); err != nil {
		return a, "", err
	}
	a, err = get(ctx, tx, placeID, id)
	return a, path, err
}
