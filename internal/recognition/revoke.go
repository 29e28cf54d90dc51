// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package recognition

import (
	"context"

	"hoctap/internal/assessment"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/store"
)

const selectOfSubject = `SELECT ` + titleColumns + ` FROM title t WHERE t.subject_id = $1 AND t.model = $2 AND t.state = $3 ORDER BY t.exemplary, t.year, t.id`

// ofSubject returns a subject's titles of a model in a state, the plain ones before the exemplary.
func ofSubject(ctx context.Context, tx *store.Tx, subjectID, model string, state TitleState) ([]Title, error) {
	return store.Collect(ctx, tx, scanTitle, selectOfSubject, subjectID, model, string(state))
}

// heldUnder returns the valid titles of an item that the named decision granted, a plain one first, and all valid ones of its
// subject. There is one, or two after a decision that gave back an exemplary title together with that of its year.
func heldUnder(ctx context.Context, tx *store.Tx, d *Decision, it Item) (held, all []Title, err error) {
	all, err = ofSubject(ctx, tx, it.SubjectID, d.Model, TitleValid)
	if err != nil {
		return nil, nil, err
	}
	for _, t := range all {
		if t.AssessmentID == it.AssessmentID && (t.DecisionID == d.AmendsID || t.OriginID == d.AmendsID) {
			held = append(held, t)
		}
	}
	if len(held) == 0 {
		err = fault.Conflict("recognition.not_held_name", "name", it.Name)
	}
	return held, all, err
}

// revoke ends the title that the named decision granted. With the title of a year go the exemplary titles that rest on it: that
// of the year, and that of a period in which the year lies.
func (s *Service) revoke(ctx context.Context, tx *store.Tx, by identity.Actor, d *Decision, it Item) error {
	held, all, err := heldUnder(ctx, tx, d, it)
	if err != nil {
		return err
	}
	t := held[0]
	if t.Period() {
		return end(ctx, tx, &t, TitleRevoked, d.ID)
	}
	a, err := s.fileOf(ctx, tx, &t)
	if err != nil {
		return err
	}
	if t.Exemplary {
		if _, err := s.assessments.SetExemplary(ctx, tx, by, a.PlaceID, a.ID, false, d.ID); err != nil {
			return err
		}
		return end(ctx, tx, &t, TitleRevoked, d.ID)
	}
	if _, err := s.assessments.Revoke(ctx, tx, by, a.PlaceID, a.ID, d.ID); err != nil {
		return err
	}
	for i := range all {
		rests := all[i].Exemplary && all[i].FromYear <= t.Year && t.Year <= all[i].Year
		if all[i].ID == t.ID || rests {
			if err := end(ctx, tx, &all[i], TitleRevoked, d.ID); err != nil {
				return err
			}
		}
	}
	return nil
}

const selectWhither = `SELECT other_id FROM stay WHERE place_id = $1 AND subject_id = $2 AND valid_to < $3 ORDER BY valid_from DESC LIMIT 1`

// fileOf finds the assessment behind a title. A title stays at the leaf where it was granted, while the file of a round that is
// still open went along when its subject moved: then the subject's stays lead to it.
func (s *Service) fileOf(ctx context.Context, tx *store.Tx, t *Title) (assessment.Assessment, error) {
	at := t.PlaceID
	for range maxMoves {
		a, err := s.assessments.Load(ctx, tx, at, t.AssessmentID)
		if fault.KindOf(err) != fault.KindNotFound {
			return a, err
		}
		next, found, err := store.One(ctx, tx, store.Value[string], selectWhither, at, t.SubjectID, store.Still)
		if err != nil {
			return a, err
		}
		if !found {
			break
		}
		at = next
	}
	return assessment.Assessment{}, fault.NotFound("assessment", t.AssessmentID)
}

// maxMoves bounds how far a subject is followed within a year.
const maxMoves = 12
