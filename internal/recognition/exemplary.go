// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package recognition

import (
	"context"

	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/store"
)

// grantExemplary names a recognised file exemplary in its year.
func (s *Service) grantExemplary(ctx context.Context, tx *store.Tx, by identity.Actor, k known, d *Decision, it Item) error {
	a, err := s.loadItem(ctx, tx, k, d, it)
	if err != nil {
		return err
	}
	if a.Exemplary {
		return fault.Conflict("recognition.exemplary_already", "name", a.Name)
	}
	if a, err = s.assessments.SetExemplary(ctx, tx, by, it.PlaceID, it.AssessmentID, true, d.ID); err != nil {
		return err
	}
	return s.addTitle(ctx, tx, Title{PlaceID: a.PlaceID, SubjectID: a.SubjectID, AssessmentID: a.ID, Model: a.Model, FromYear: d.ForYear, Year: d.ForYear,
		UntilYear: d.ForYear, Level: a.Level, Exemplary: true, Name: it.Name, AreaName: it.AreaName, No: it.No, DecisionID: d.ID, OriginID: d.ID, DecidedOn: d.Date})
}

// stillCandidates are those who may be named for the decision's period now, by assessment; nil for other decisions.
func (s *Service) stillCandidates(ctx context.Context, tx *store.Tx, d *Decision) (map[string]Title, error) {
	if d.Kind != KindExemplary || !d.Period() {
		return nil, nil
	}
	rule, err := s.periodRule(ctx, tx, d.PlaceID, d.Model)
	if err != nil {
		return nil, err
	}
	if rule.Years != d.ForYear-d.FromYear+1 {
		return nil, fault.Stale("decision", d.ID) // the rule was changed since
	}
	list, err := s.candidates(ctx, tx, rule, d.PlaceID, d.Model, d.ForYear)
	by := make(map[string]Title, len(list))
	for _, c := range list {
		by[c.AssessmentID] = c.Title
	}
	return by, err
}

// grantPeriod names a subject exemplary for a period. It changes no file: the years' own results stay what they are.
func (s *Service) grantPeriod(ctx context.Context, tx *store.Tx, d *Decision, it Item, candidates map[string]Title) error {
	t, ok := candidates[it.AssessmentID]
	if !ok {
		return fault.Conflict("recognition.no_candidate", "name", it.Name)
	}
	return s.addTitle(ctx, tx, Title{PlaceID: t.PlaceID, SubjectID: t.SubjectID, AssessmentID: t.AssessmentID, Model: t.Model, FromYear: d.FromYear, Year: d.ForYear,
		UntilYear: d.ForYear, Level: t.Level, Exemplary: true, Name: it.Name, AreaName: it.AreaName, No: it.No, DecisionID: d.ID, OriginID: d.ID, DecidedOn: d.Date})
}
