// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package recognition

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"hoctap/internal/assessment"
	"hoctap/internal/criteria"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/store"
)

// carryOut does what the decision says with every item, in tx, in the order of leaves: all issues lock counters in the same order.
func (s *Service) carryOut(ctx context.Context, tx *store.Tx, by identity.Actor, k known, d *Decision, items []Item) error {
	ordered := slices.Clone(items)
	slices.SortFunc(ordered, func(a, b Item) int {
		return cmp.Or(cmp.Compare(a.PlaceID, b.PlaceID), cmp.Compare(a.AssessmentID, b.AssessmentID))
	})
	candidates, err := s.stillCandidates(ctx, tx, d)
	if err != nil {
		return err
	}
	for _, it := range ordered {
		switch {
		case it.Act == ActCorrect:
			err = s.correct(ctx, tx, d, it)
		case it.Act == ActRevoke:
			err = s.revoke(ctx, tx, by, d, it)
		case it.Act == ActRestore:
			err = s.restore(ctx, tx, by, d, it)
		case d.Kind == KindExemplary && d.Period():
			err = s.grantPeriod(ctx, tx, d, it, candidates)
		case d.Kind == KindExemplary:
			err = s.grantExemplary(ctx, tx, by, k, d, it)
		default:
			err = s.grant(ctx, tx, by, k, d, it)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// grant recognises an approved file and gives its subject the title.
func (s *Service) grant(ctx context.Context, tx *store.Tx, by identity.Actor, k known, d *Decision, it Item) error {
	a, err := s.loadItem(ctx, tx, k, d, it)
	if err != nil {
		return err
	}
	set := k.sets[a.SetID]
	if set == nil {
		return fault.Stale("decision", d.ID) // reopened and scored with another set since the draft was read
	}
	if a, err = s.assessments.Recognise(ctx, tx, by, it.PlaceID, it.AssessmentID, d.ID); err != nil {
		return err
	}
	if set.Verified() != criteria.VerifiedTrue {
		d.Verified = set.Verified()
	}
	return s.addTitle(ctx, tx, Title{PlaceID: a.PlaceID, SubjectID: a.SubjectID, AssessmentID: a.ID, Model: a.Model, FromYear: d.ForYear, Year: d.ForYear,
		UntilYear: set.TitleYears(d.ForYear).To, Level: cmp.Or(a.Level, a.Class), Name: it.Name, AreaName: it.AreaName, No: it.No,
		DecisionID: d.ID, OriginID: d.ID, DecidedOn: d.Date})
}

// loadItem reads an item's file and holds it to the decision's round, model and place.
func (s *Service) loadItem(ctx context.Context, tx *store.Tx, k known, d *Decision, it Item) (a assessment.Assessment, err error) {
	path, err := s.places.Path(ctx, tx, it.PlaceID)
	if err != nil {
		return a, err
	}
	a, err = s.assessments.Load(ctx, tx, it.PlaceID, it.AssessmentID)
	if fault.KindOf(err) == fault.KindNotFound {
		return a, fault.Conflict("recognition.item_gone", "name", it.Name, "area", it.AreaName)
	}
	if err == nil && (a.RoundID != d.RoundID || a.Model != d.Model || !strings.HasPrefix(path, k.path)) {
		err = fault.Conflict("recognition.item_foreign", "name", it.Name)
	}
	return a, err
}

func (s *Service) addTitle(ctx context.Context, tx *store.Tx, t Title) error {
	t.ID, t.State = store.NewID(), TitleValid
	var err error
	if t.Code, err = mint(ctx, tx, t.PlaceID, t.ID); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, insertTitle, t.PlaceID, t.ID, t.SubjectID, t.AssessmentID, t.Model, t.FromYear, t.Year, t.UntilYear, t.Level, t.Exemplary, t.Name,
		t.AreaName, t.No, t.DecisionID, t.OriginID, t.DecidedOn, string(t.Code))
	return err
}

const (
	insertTitle = `
		INSERT INTO title (place_id, id, subject_id, assessment_id, model, from_year, year, until_year, level, exemplary, name, area_name, no, decision_id,
			origin_id, decided_on, code, state)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, 'valid')`
	insertCode = `INSERT INTO certificate_code (code, place_id, title_id) VALUES ($1, $2, $3) ON CONFLICT (code) DO NOTHING`
)

// mint draws a code that no certificate has. Two of a million share a drawn one about once in two million times, so a few
// attempts are plenty.
func mint(ctx context.Context, tx *store.Tx, placeID, titleID string) (Code, error) {
	for range 8 {
		c := newCode()
		if n, err := tx.Exec(ctx, insertCode, string(c), placeID, titleID); err != nil || n > 0 {
			return c, err
		}
	}
	return "", fault.TooMuch("recognition.no_code")
}

const endTitle = `UPDATE title SET state = $1, ended_by = $2 WHERE place_id = $3 AND id = $4 AND state = $5`

// end closes a title for a decision.
func end(ctx context.Context, tx *store.Tx, t *Title, to TitleState, decisionID string) error {
	n, err := tx.Exec(ctx, endTitle, string(to), decisionID, t.PlaceID, t.ID, string(t.State))
	if err == nil && n == 0 {
		err = fault.Stale("title", t.ID)
	}
	return err
}
