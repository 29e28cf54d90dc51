// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package recognition

import (
	"context"

	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/store"
)

const (
	selectTitles   = `SELECT ` + titleColumns + ` FROM title t WHERE t.subject_id = $1 ORDER BY t.year DESC, t.exemplary, t.id`
	selectTitlesOf = `SELECT ` + titleColumns + ` FROM title t WHERE t.decision_id = $1 ORDER BY t.no, t.id`
	selectTitle    = `SELECT ` + titleColumns + ` FROM title t WHERE t.place_id = $1 AND t.id = $2`
)

// Titles returns every title a subject was ever given, newest year first, also those that were revoked or replaced.
func (s *Service) Titles(ctx context.Context, by identity.Actor, placeID, subjectID string) (list []Title, err error) {
	defer fault.Wrap(&err, "recognition.Titles(%s)", subjectID)
	if err := s.may(ctx, nil, by, identity.SeeRecords, placeID); err != nil {
		return nil, err
	}
	if _, err := s.registry.Load(ctx, s.db.Read(), placeID, subjectID); err != nil { // it must be there, where by may see
		return nil, err
	}
	return store.Collect(ctx, s.db.Read(), scanTitle, selectTitles, subjectID)
}

// TitlesOf returns the titles that a decision granted, in the order of its list, whatever became of them: one certificate each.
func (s *Service) TitlesOf(ctx context.Context, by identity.Actor, decisionID string) (list []Title, err error) {
	defer fault.Wrap(&err, "recognition.TitlesOf(%s)", decisionID)
	if _, err := s.Decision(ctx, by, decisionID); err != nil {
		return nil, err
	}
	return store.Collect(ctx, s.db.Read(), scanTitle, selectTitlesOf, decisionID)
}

// CountingOf returns the titles that a decision granted and that are still valid, in the order of its list: what its notice names and whose certificates go out.
func (s *Service) CountingOf(ctx context.Context, by identity.Actor, decisionID string) (list []Title, err error) {
	defer fault.Wrap(&err, "recognition.CountingOf(%s)", decisionID)
	if _, err := s.Decision(ctx, by, decisionID); err != nil {
		return nil, err
	}
	return counting(ctx, s.db.Read(), decisionID)
}

// Title returns one title with the decision that its certificate names.
func (s *Service) Title(ctx context.Context, by identity.Actor, placeID, id string) (t Title, d Decision, err error) {
	defer fault.Wrap(&err, "recognition.Title(%s)", id)
	if err := s.may(ctx, nil, by, identity.SeeRecords, placeID); err != nil {
		return t, d, err
	}
	t, found, err := store.One(ctx, s.db.Read(), scanTitle, selectTitle, placeID, id)
	if err != nil {
		return t, d, err
	}
	if !found {
		return t, d, fault.NotFound("title", id)
	}
	d, err = s.decision(ctx, s.db.Read(), t.DecisionID)
	return t, d, err
}

// ByCode returns the title of a certificate's code with the decision that it names. It is for the packages to the right, which decide who asks.
func (s *Service) ByCode(ctx context.Context, code Code) (t Title, d Decision, found bool, err error) {
	defer fault.Wrap(&err, "recognition.ByCode")
	if t, found, err = store.One(ctx, s.db.Read(), scanTitle, selectByCode, string(code)); err == nil && found {
		d, err = s.decision(ctx, s.db.Read(), t.DecisionID)
	}
	return t, d, found, err
}

// HolderFilter chooses valid titles below a place that count in a year.
type HolderFilter struct {
	PlaceID   string
	Model     string
	Year      int
	Exemplary bool   // only exemplary ones, else only plain ones
	After     string // Title.ID of the last row of the page before
	Limit     int    // at most 500; 100 when 0
}

// Holders returns a page of the titles that are held, by the time they were granted; next is "" on the last page.
func (s *Service) Holders(ctx context.Context, by identity.Actor, f HolderFilter) (list []Title, next string, err error) {
	defer fault.Wrap(&err, "recognition.Holders(%s)", f.PlaceID)
	if f.Limit <= 0 || f.Limit > 500 {
		f.Limit = 100
	}
	path, err := s.places.Path(ctx, nil, f.PlaceID)
	if err != nil {
		return nil, "", err
	}
	if err := by.Check(identity.SeeRecords, path, f.PlaceID); err != nil {
		return nil, "", err
	}
	today := store.Date(s.now())
	var w store.Where
	w.And("p.path >= ? AND p.path < ?", path, store.PathEnd(path)).And("p.valid_from <= ? AND p.valid_to >= ?", today, today)
	w.And("t.model = ? AND t.year <= ? AND t.until_year >= ? AND t.exemplary = ? AND t.state = 'valid'", f.Model, f.Year, f.Year, f.Exemplary)
	if f.After != "" {
		w.And("t.id > ?", f.After)
	}
	list, err = store.Collect(ctx, s.db.Read(), scanTitle, `SELECT `+titleColumns+` FROM place_parent p JOIN title t ON t.place_id = p.place_id`+w.SQL()+
		` ORDER BY t.id LIMIT `+w.Next(1), w.Args(f.Limit+1)...)
	if err == nil && len(list) > f.Limit {
		list = list[:f.Limit]
		next = list[f.Limit-1].ID
	}
	return list, next, err
}
