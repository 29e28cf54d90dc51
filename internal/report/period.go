// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package report

import (
	"context"
	"time"
	"unicode/utf8"

	"hoctap/internal/audit"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/place"
	"hoctap/internal/store"
)

// PeriodDraft is a period to be opened.
type PeriodDraft struct {
	PlaceID string // the province
	Level   string // place.Commune: every commune reports to it; place.Province: it reports to the centre
	Kind    Kind
	Title   string
	ToYear  int // the year, or the last one of a review
	Opens   string
	Due     string
	Closes  string
	Places  []string // who reports; all communes of the day when empty
}

// Check reports every rule the draft breaks.
func (d PeriodDraft) Check() error {
	var errs []fault.FieldError
	if d.Level != place.Commune && d.Level != place.Province {
		errs = append(errs, fault.Field("level", "report.level"))
	}
	if d.Kind.years() == 0 {
		errs = append(errs, fault.Field("kind", "report.kind"))
	}
	if n := utf8.RuneCountInString(d.Title); n == 0 || n > 200 {
		errs = append(errs, fault.Field("title", "report.title", "max", 200))
	}
	if d.ToYear < 2016 || d.ToYear > 2100 {
		errs = append(errs, fault.Field("year", "report.year", "from_year", 2016, "to_year", 2100))
	}
	return together(fault.Invalid(errs...), checkDays(d.Opens, d.Due, d.Closes))
}

// checkDays reports each day of a period that is none, or does not follow the one before.
func checkDays(opens, due, closes string) error {
	var errs []fault.FieldError
	for _, day := range []struct{ field, value string }{{"opens", opens}, {"due", due}, {"closes", closes}} {
		if _, err := time.Parse(time.DateOnly, day.value); err != nil {
			errs = append(errs, fault.Field(day.field, "report.day"))
		}
	}
	if len(errs) == 0 && due < opens {
		errs = append(errs, fault.Field("due", "report.due_early", "opens", opens))
	}
	if len(errs) == 0 && closes < due {
		errs = append(errs, fault.Field("closes", "report.closes_early", "due", due))
	}
	return fault.Invalid(errs...)
}

const (
	periodColumns = `q.id, q.place_id, q.level, q.kind, q.title, q.from_year, q.to_year, q.opens, q.due, q.closes, q.ended_on, q.ended_why`
	insertPeriod  = `INSERT INTO report_period (id, place_id, level, kind, title, from_year, to_year, opens, due, closes, by_id, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (place_id, level, kind, to_year) DO NOTHING`
	insertReport  = `INSERT INTO report (place_id, period_id, state, due, closes) VALUES ($1, $2, 'open', $3, $4)`
	selectPeriod  = `SELECT ` + periodColumns + ` FROM report_period q WHERE q.id = $1`
	selectPeriods = `SELECT ` + periodColumns + ` FROM report_period q WHERE q.place_id = $1 ORDER BY q.due DESC, q.level, q.id`
)

func periodTargets(p *Period) []any {
	return []any{&p.ID, &p.PlaceID, &p.Level, &p.Kind, &p.Title, &p.FromYear, &p.ToYear, &p.Opens, &p.Due, &p.Closes, &p.EndedOn, &p.EndedWhy}
}

func scanPeriod(sc store.Scanner) (p Period, err error) {
	err = sc.Scan(periodTargets(&p)...)
	return p, err
}

// OpenPeriod opens a period for all communes of a province at once, or for the province itself. It fails with fault.Denied, fault.Invalid, and
// fault.Conflict when there is one of the kind and year already.
func (s *Service) OpenPeriod(ctx context.Context, by identity.Actor, d PeriodDraft) (p Period, err error) {
	defer fault.Wrap(&err, "report.OpenPeriod(%s, %s, %d)", d.PlaceID, d.Kind, d.ToYear)
	at, err := s.places.Get(ctx, d.PlaceID)
	if err != nil {
		return p, err
	}
	if err := by.Check(identity.RuleReports, at.Path, at.FullName()); err != nil {
		return p, err
	}
	if at.Level != place.Province {
		return p, fault.NotFound("place", d.PlaceID)
	}
	d.Title = tidy(d.Title)
	if err := d.Check(); err != nil {
		return p, err
	}
	ids, err := s.reporters(ctx, d)
	if err != nil {
		return p, err
	}
	p = Period{store.NewID(), at.ID, d.Level, d.Kind, d.Title, d.ToYear - d.Kind.years() + 1, d.ToYear, d.Opens, d.Due, d.Closes, "", ""}
	return p, s.db.Write(ctx, func(tx *store.Tx) error {
		n, err := tx.Exec(ctx, insertPeriod, p.ID, p.PlaceID, p.Level, string(p.Kind), p.Title, p.FromYear, p.ToYear, p.Opens, p.Due, p.Closes, by.ID, store.Micros(s.now()))
		if err != nil {
			return err
		}
		if n == 0 {
			return fault.Conflict("report.period_there", "year", p.ToYear)
		}
		for _, id := range ids {
			if _, err := tx.Exec(ctx, insertReport, id, p.ID, p.Due, p.Closes); err != nil {
				return err
			}
		}
		return audit.Write(ctx, tx, by.Who(), s.now(), audit.Entry{PlaceID: p.PlaceID, ThingID: p.ID, Thing: "report_period", Act: "open", After: p})
	})
}

// reporters are the places that report in a period.
func (s *Service) reporters(ctx context.Context, d PeriodDraft) (ids []string, err error) {
	switch {
	case d.Level == place.Province:
		return []string{d.PlaceID}, nil
	case len(d.Places) > 0:
		return d.Places, nil
	}
	children, err := s.places.Children(ctx, d.PlaceID, "")
	for _, c := range children {
		if c.Level == place.Commune {
			ids = append(ids, c.ID)
		}
	}
	return ids, err
}

const selectPeriodThere = `SELECT count(*) FROM report_period q WHERE q.place_id = $1 AND q.level = $2 AND q.kind = $3 AND q.to_year = $4`

// Opening says how many places a draft would ask to report; nothing is opened. It fails like OpenPeriod.
func (s *Service) Opening(ctx context.Context, by identity.Actor, d PeriodDraft) (places int, err error) {
	defer fault.Wrap(&err, "report.Opening(%s, %s, %d)", d.PlaceID, d.Kind, d.ToYear)
	if err := s.may(ctx, nil, by, identity.RuleReports, d.PlaceID); err != nil {
		return 0, err
	}
	d.Title = tidy(d.Title)
	if err := d.Check(); err != nil {
		return 0, err
	}
	n, _, err := store.One(ctx, s.db.Read(), store.Value[int], selectPeriodThere, d.PlaceID, d.Level, string(d.Kind), d.ToYear)
	if err == nil && n > 0 {
		err = fault.Conflict("report.period_there", "year", d.ToYear)
	}
	if err != nil {
		return 0, err
	}
	ids, err := s.reporters(ctx, d)
	return len(ids), err
}

// Periods returns the periods that a province opened, the latest first. It fails with fault.Denied.
func (s *Service) Periods(ctx context.Context, by identity.Actor, provinceID string) (list []Period, err error) {
	defer fault.Wrap(&err, "report.Periods(%s)", provinceID)
	if err := s.may(ctx, nil, by, identity.SeeReports, provinceID); err != nil {
		return nil, err
	}
	return store.Collect(ctx, s.db.Read(), scanPeriod, selectPeriods, provinceID)
}

// Period returns a period. It is for who reports in it or may see the province's reports; the pages below it check again.
func (s *Service) Period(ctx context.Context, id string) (p Period, err error) {
	defer fault.Wrap(&err, "report.Period(%s)", id)
	return s.period(ctx, s.db.Read(), id)
}

func (s *Service) period(ctx context.Context, tx *store.Tx, id string) (Period, error) {
	p, found, err := store.One(ctx, tx, scanPeriod, selectPeriod, id)
	if err == nil && !found {
		err = fault.NotFound("report_period", id)
	}
	return p, err
}

// may checks an act at a place; a nil tx reads outside a transaction.
func (s *Service) may(ctx context.Context, tx *store.Tx, by identity.Actor, act identity.Act, placeID string) error {
	path, err := s.places.Path(ctx, tx, placeID)
	if err != nil {
		return err
	}
	return by.Check(act, path, placeID)
}

// MayWrite says whether the actor may write the report of a place of a level with this path: officers of the commune itself, officers of the province
// for the province. It is for what a page offers; the verbs check again.
func MayWrite(by identity.Actor, level, path string) bool {
	if level == place.Province {
		return by.Check(identity.RuleReports, path, "") == nil
	}
	return by.Check(identity.Report, path, "") == nil
}

// MayRule says whether the actor may accept and return the report of a place: who may do so at the level above it.
func MayRule(by identity.Actor, level, path, placeID string) bool {
	if level == place.Commune {
		return by.Check(identity.RuleReports, path, "") == nil
	}
	return by.Check(identity.RuleReports, above(path, placeID), "") == nil
}

// above is the path without its last place.
func above(path, placeID string) string {
	return path[:max(0, len(path)-len(placeID)-1)]
}

func (s *Service) mayWrite(ctx context.Context, tx *store.Tx, by identity.Actor, level, placeID string) error {
	path, err := s.places.Path(ctx, tx, placeID)
	if err == nil && !MayWrite(by, level, path) {
		err = fault.Denied("report", placeID)
	}
	return err
}

func (s *Service) mayRule(ctx context.Context, tx *store.Tx, by identity.Actor, level, placeID string) error {
	path, err := s.places.Path(ctx, tx, placeID)
	if err == nil && !MayRule(by, level, path, placeID) {
		err = fault.Denied("rule_reports", placeID)
	}
	return err
}
