// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package recognition

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"hoctap/internal/audit"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/store"
)

// PeriodRule says who names exemplary subjects of several years, and what they must have behind them. The plan gave this to
// the district's People's Committee every five years; that level is gone since 2025-07-01, so the body is data.
type PeriodRule struct {
	PlaceID string // where the rule is set; "" = nobody has set one
	Model   string
	Body    string // kind of body
	Years   int    // length of the period
	Minimum int    // years of it in which the subject was recognised
	Version int64
}

// usualPeriod holds where nobody has set a rule.
var usualPeriod = PeriodRule{Body: BodyCommitteeProvince, Years: 5, Minimum: 5}

// Check reports every rule the rule breaks.
func (r PeriodRule) Check() error {
	var errs []fault.FieldError
	if r.Body == "" {
		errs = append(errs, fault.Field("body", "recognition.period_body"))
	}
	if r.Years < 2 || r.Years > 10 {
		errs = append(errs, fault.Field("years", "recognition.period_years", "min", 2, "max", 10))
	}
	if r.Minimum < 1 || r.Minimum > r.Years {
		errs = append(errs, fault.Field("minimum", "recognition.period_minimum", "min", 1, "max", r.Years))
	}
	return fault.Invalid(errs...)
}

const (
	periodColumns = `place_id, model, body, years, minimum, version`
	upsertPeriod  = `INSERT INTO period_rule (` + periodColumns + `) VALUES ($1, $2, $3, $4, $5, 1)
		ON CONFLICT (place_id, model) DO UPDATE SET body = excluded.body, years = excluded.years, minimum = excluded.minimum,
			version = period_rule.version + 1
		WHERE period_rule.version = $6`
)

func scanPeriod(sc store.Scanner) (r PeriodRule, err error) {
	err = sc.Scan(&r.PlaceID, &r.Model, &r.Body, &r.Years, &r.Minimum, &r.Version)
	return r, err
}

// PeriodRule returns the rule that holds at a place: its own, else that of the nearest place above, else the usual one.
func (s *Service) PeriodRule(ctx context.Context, placeID, model string) (r PeriodRule, err error) {
	defer fault.Wrap(&err, "recognition.PeriodRule(%s, %s)", placeID, model)
	return s.periodRule(ctx, s.db.Read(), placeID, model)
}

func (s *Service) periodRule(ctx context.Context, tx *store.Tx, placeID, model string) (r PeriodRule, err error) {
	path, err := s.places.Path(ctx, tx, placeID)
	if err != nil {
		return r, err
	}
	var w store.Where
	w.In("place_id", strings.Split(strings.Trim(path, "/"), "/")...).And("model = ?", model)
	list, err := store.Collect(ctx, tx, scanPeriod, `SELECT `+periodColumns+` FROM period_rule`+w.SQL(), w.Args()...)
	if err != nil || len(list) == 0 {
		r = usualPeriod
		r.Model = model
		return r, err
	}
	return slices.MaxFunc(list, func(a, b PeriodRule) int {
		return cmp.Compare(strings.Index(path, "/"+a.PlaceID+"/"), strings.Index(path, "/"+b.PlaceID+"/"))
	}), nil
}

// SetPeriodRule stores a rule at its place, for decisions to come; r.Version is 0 where the place has none yet.
func (s *Service) SetPeriodRule(ctx context.Context, by identity.Actor, r PeriodRule) (_ PeriodRule, err error) {
	defer fault.Wrap(&err, "recognition.SetPeriodRule(%s, %s)", r.PlaceID, r.Model)
	if err := r.Check(); err != nil {
		return r, err
	}
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		if err := s.may(ctx, tx, by, identity.ManageRounds, r.PlaceID); err != nil {
			return err
		}
		before, err := s.periodRule(ctx, tx, r.PlaceID, r.Model)
		if err != nil {
			return err
		}
		n, err := tx.Exec(ctx, upsertPeriod, r.PlaceID, r.Model, r.Body, r.Years, r.Minimum, r.Version)
		if err != nil {
			return err
		}
		if n == 0 {
			return fault.Stale("period_rule", r.Model)
		}
		return audit.Write(ctx, tx, by.Who(), s.now(), audit.Entry{PlaceID: r.PlaceID, ThingID: r.Model, Thing: "period_rule", Act: "save", Before: before, After: r})
	})
	if err == nil {
		r.Version++
	}
	return r, err
}

// Candidate is a subject that may be named exemplary for a period.
type Candidate struct {
	Title            // the newest one of the period
	Recognised []int // years of the period that its titles cover
}

const selectPeriodTitles = `SELECT ` + titleColumns + ` FROM place_parent p JOIN title t ON t.place_id = p.place_id
	WHERE p.path >= $1 AND p.path < $2 AND p.valid_from <= $3 AND p.valid_to >= $4
	AND t.model = $5 AND t.state = 'valid' AND t.year <= $6 AND t.until_year >= $7
	ORDER BY t.subject_id, t.year`

// Candidates returns who below a place was recognised often enough in the period that ends with year lastYear, and does not
// hold the exemplary title of that period already.
func (s *Service) Candidates(ctx context.Context, by identity.Actor, placeID, model string, lastYear int) (r PeriodRule, list []Candidate, err error) {
	defer fault.Wrap(&err, "recognition.Candidates(%s, %s, %d)", placeID, model, lastYear)
	if err := s.may(ctx, nil, by, identity.SeeRecords, placeID); err != nil {
		return r, nil, err
	}
	if r, err = s.periodRule(ctx, s.db.Read(), placeID, model); err != nil {
		return r, nil, err
	}
	list, err = s.candidates(ctx, s.db.Read(), r, placeID, model, lastYear)
	return r, list, err
}

func (s *Service) candidates(ctx context.Context, tx *store.Tx, r PeriodRule, placeID, model string, lastYear int) ([]Candidate, error) {
	path, err := s.places.Path(ctx, tx, placeID)
	if err != nil {
		return nil, err
	}
	today, first := store.Date(s.now()), lastYear-r.Years+1
	titles, err := store.Collect(ctx, tx, scanTitle, selectPeriodTitles, path, store.PathEnd(path), today, today, model, lastYear, first)
	if err != nil {
		return nil, err
	}
	var list []Candidate
	for len(titles) > 0 {
		n := slices.IndexFunc(titles, func(t Title) bool { return t.SubjectID != titles[0].SubjectID })
		if n < 0 {
			n = len(titles)
		}
		if c, ok := candidate(titles[:n], r, first, lastYear); ok {
			list = append(list, c)
		}
		titles = titles[n:]
	}
	return list, nil
}

// candidate judges the valid titles of one subject, oldest first.
func candidate(titles []Title, r PeriodRule, first, last int) (c Candidate, ok bool) {
	covered := map[int]bool{}
	for _, t := range titles {
		if t.Exemplary {
			if t.Period() && t.FromYear <= last && t.Year >= first {
				return c, false // one period is not counted twice
			}
			continue
		}
		c.Title = t
		for y := max(t.Year, first); y <= min(t.UntilYear, last); y++ {
			covered[y] = true
		}
	}
	for y := first; y <= last; y++ {
		if covered[y] {
			c.Recognised = append(c.Recognised, y)
		}
	}
	return c, c.Title.ID != "" && len(c.Recognised) >= r.Minimum
}
