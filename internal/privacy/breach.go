// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package privacy

import (
	"context"
	"slices"
	"time"

	"hoctap/internal/audit"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/store"
)

// BreachKinds and Severities in the order of forms.
var (
	BreachKinds = []string{"leak", "access", "change", "loss", "outage"}
	Severities  = []string{"personal", "serious", "urgent"}
)

// The clocks from when a breach was known: form 08 to the authority (Decree 356/2025), first notice and report of a serious incident (Decree 331/2026).
const (
	authorityTime = 72 * time.Hour
	firstTime     = 24 * time.Hour
	reportTime    = 72 * time.Hour
)

// Breach is an entry of the breach book (sổ sự cố), from a suspicion to its closing.
type Breach struct {
	ID, PlaceID                    string
	Title, Story                   string
	Kind                           string
	Severity                       string // suspected | personal | serious | urgent
	State                          string // suspected | open | closed | dismissed
	FoundAt, HappenedAt            time.Time
	AccountID                      string
	Subjects, Sensitive            int64
	Fields, Effects, Measures      string
	FirstAt, AuthorityAt, ReportAt time.Time
	PersonsAt, ClosedAt            time.Time
	Outcome                        string
	ByID                           string
	Version                        int64
}

// Clock is something owed by a moment.
type Clock struct {
	Key  string // first | authority | report | persons
	Due  time.Time
	Done time.Time
}

// Late says whether it was not done in time, as of now.
func (c Clock) Late(now time.Time) bool {
	if c.Done.IsZero() {
		return now.After(c.Due)
	}
	return c.Done.After(c.Due)
}

// Clocks are those that run for the breach. A suspicion has none until it is confirmed; they then count from when it was known all the same.
func (b *Breach) Clocks() (list []Clock) {
	if b.State == "suspected" || b.State == "dismissed" {
		return nil
	}
	list = append(list, Clock{"authority", b.FoundAt.Add(authorityTime), b.AuthorityAt})
	switch b.Severity {
	case "serious":
		list = append(list, Clock{"first", b.FoundAt.Add(firstTime), b.FirstAt}, Clock{"report", b.FoundAt.Add(reportTime), b.ReportAt})
	case "urgent": // at once
		list = append(list, Clock{"first", b.FoundAt, b.FirstAt}, Clock{"report", b.FoundAt.Add(reportTime), b.ReportAt})
	}
	slices.SortStableFunc(list, func(a, b Clock) int { return a.Due.Compare(b.Due) })
	return list
}

const (
	breachColumns = `id, place_id, title, story, kind, severity, state, found_at, happened_at, account_id, subjects, sensitive, fields, effects, measures, first_at, authority_at,
	report_at, persons_at, closed_at, outcome, by_id, version`
	insertBreach = `INSERT INTO breach (id, place_id, title, story, kind, severity, state, found_at, happened_at, by_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`
	updateBreach = `UPDATE breach SET title = $1, story = $2, kind = $3, severity = $4, state = $5, found_at = $6, happened_at = $7, account_id = $8, subjects = $9, sensitive = $10,
		fields = $11, effects = $12, measures = $13, first_at = $14, authority_at = $15, report_at = $16, persons_at = $17, closed_at = $18, outcome = $19, version = version + 1
		WHERE id = $20 AND version = $21`
	selectBreach   = `SELECT ` + breachColumns + ` FROM breach WHERE id = $1`
	selectBreaches = `SELECT ` + breachColumns + ` FROM breach ORDER BY CASE state WHEN 'open' THEN 0 WHEN 'suspected' THEN 1 ELSE 2 END, found_at DESC, id DESC LIMIT 500`
	selectMine     = `SELECT ` + breachColumns + ` FROM breach WHERE by_id = $1 ORDER BY found_at DESC, id DESC LIMIT 50`
	insertStep     = `INSERT INTO breach_step (breach_id, id, at, what, by_id, by_name) VALUES ($1, $2, $3, $4, $5, $6)`
	selectSteps    = `SELECT id, at, what, by_name FROM breach_step WHERE breach_id = $1 ORDER BY at, id`
)

func scanBreach(sc store.Scanner) (b Breach, err error) {
	var found, happened, first, authority, report, persons, closed int64
	err = sc.Scan(&b.ID, &b.PlaceID, &b.Title, &b.Story, &b.Kind, &b.Severity, &b.State, &found, &happened, &b.AccountID, &b.Subjects, &b.Sensitive, &b.Fields, &b.Effects,
		&b.Measures, &first, &authority, &report, &persons, &closed, &b.Outcome, &b.ByID, &b.Version)
	b.FoundAt, b.HappenedAt, b.FirstAt, b.AuthorityAt = store.Time(found), store.Time(happened), store.Time(first), store.Time(authority)
	b.ReportAt, b.PersonsAt, b.ClosedAt = store.Time(report), store.Time(persons), store.Time(closed)
	return b, err
}

// Check reports every rule the first words of a breach break.
func (b *Breach) Check(now time.Time) error {
	errs := slices.Concat(long("title", b.Title, 5, 200), long("story", b.Story, 10, 4000), oneOf("kind", b.Kind, BreachKinds))
	if b.FoundAt.IsZero() {
		errs = append(errs, fault.Field("found_at", "privacy.moment"))
	} else if b.FoundAt.After(now) {
		errs = append(errs, fault.Field("found_at", "privacy.moment_future"))
	}
	if b.HappenedAt.After(now) {
		errs = append(errs, fault.Field("happened_at", "privacy.moment_future"))
	}
	return fault.Invalid(errs...)
}

// Suspect writes down a suspicion: anybody with an account may, and should at once. Whoever keeps the book confirms or dismisses it. It fails with
// fault.Invalid and fault.Denied.
func (s *Service) Suspect(ctx context.Context, by identity.Actor, b Breach) (_ Breach, err error) {
	defer fault.Wrap(&err, "privacy.Suspect")
	clean(&b.Title, &b.Story)
	if _, err := s.may(ctx, by, identity.ReportBreach, b.PlaceID); err != nil {
		return b, err
	}
	if err := b.Check(s.now()); err != nil {
		return b, err
	}
	b.ID, b.State, b.Severity, b.ByID, b.Version = store.NewID(), "suspected", "suspected", by.ID, 1
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		if _, err := tx.Exec(ctx, insertBreach, b.ID, b.PlaceID, b.Title, b.Story, b.Kind, b.Severity, b.State, store.Micros(b.FoundAt), store.Micros(b.HappenedAt), by.ID); err != nil {
			return err
		}
		return s.noteBreach(ctx, tx, by, &b, "suspect")
	})
	return b, err
}

func (s *Service) noteBreach(ctx context.Context, tx *store.Tx, by identity.Actor, b *Breach, act string) error {
	return audit.Write(ctx, tx, by.Who(), s.now(), audit.Entry{PlaceID: b.PlaceID, ThingID: b.ID, Thing: "breach", Act: act,
		After: map[string]any{"state": b.State, "severity": b.Severity, "subjects": b.Subjects, "sensitive": b.Sensitive}})
}

// keeps says whether by keeps the book, which is one for all places below where the role is held.
func (s *Service) keeps(ctx context.Context, by identity.Actor, placeID string) error {
	_, err := s.may(ctx, by, identity.KeepBreaches, placeID)
	return err
}

// Breach returns an entry with its steps to whoever keeps the book, and to who wrote it down. It fails with fault.NotFound and fault.Denied.
func (s *Service) Breach(ctx context.Context, by identity.Actor, id string) (b Breach, steps []Step, err error) {
	defer fault.Wrap(&err, "privacy.Breach(%s)", id)
	b, found, err := store.One(ctx, s.db.Read(), scanBreach, selectBreach, id)
	if err == nil && !found {
		err = fault.NotFound("breach", id)
	}
	if err == nil && b.ByID != by.ID {
		err = s.keeps(ctx, by, b.PlaceID)
	}
	if err != nil {
		return b, nil, err
	}
	steps, err = store.Collect(ctx, s.db.Read(), func(sc store.Scanner) (x Step, err error) {
		var at int64
		err = sc.Scan(&x.ID, &at, &x.What, &x.ByName)
		x.At = store.Time(at)
		return x, err
	}, selectSteps, id)
	return b, steps, err
}

// Step is something that was done about a breach.
type Step struct {
	ID     string
	At     time.Time
	What   string
	ByName string
}

// Breaches lists the book for who keeps it, and to others what they wrote down themselves.
func (s *Service) Breaches(ctx context.Context, by identity.Actor) (list []Breach, err error) {
	defer fault.Wrap(&err, "privacy.Breaches")
	if !by.Anywhere(identity.KeepBreaches) {
		if !by.Anywhere(identity.ReportBreach) {
			return nil, fault.Denied(string(identity.ReportBreach), "")
		}
		return store.Collect(ctx, s.db.Read(), scanBreach, selectMine, by.ID)
	}
	all, err := store.Collect(ctx, s.db.Read(), scanBreach, selectBreaches)
	if err != nil {
		return nil, err
	}
	for _, b := range all {
		path, err := s.places.Path(ctx, s.db.Read(), b.PlaceID)
		if err != nil {
			return nil, err
		}
		if by.May(identity.KeepBreaches, path) {
			list = append(list, b)
		}
	}
	return list, nil
}

// turnBreach is the one way an entry changes.
func (s *Service) turnBreach(ctx context.Context, by identity.Actor, id string, version int64, act, step string, at time.Time, change func(b *Breach) error) (b Breach, err error) {
	clean(&step)
	if errs := long("what", step, 0, 2000); len(errs) > 0 {
		return b, fault.Invalid(errs...)
	}
	if at.After(s.now()) {
		return b, fault.Invalid(fault.Field("at", "privacy.moment_future"))
	}
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		var found bool
		if b, found, err = store.One(ctx, tx, scanBreach, selectBreach, id); err != nil {
			return err
		}
		if !found {
			return fault.NotFound("breach", id)
		}
		if err := s.keeps(ctx, by, b.PlaceID); err != nil {
			return err
		}
		if b.Version != version {
			return fault.Stale("breach", id)
		}
		if b.State == "closed" || b.State == "dismissed" {
			return fault.Conflict("privacy.breach_over")
		}
		if err := change(&b); err != nil {
			return err
		}
		n, err := tx.Exec(ctx, updateBreach, b.Title, b.Story, b.Kind, b.Severity, b.State, store.Micros(b.FoundAt), store.Micros(b.HappenedAt), b.AccountID, b.Subjects, b.Sensitive,
			b.Fields, b.Effects, b.Measures, store.Micros(b.FirstAt), store.Micros(b.AuthorityAt), store.Micros(b.ReportAt), store.Micros(b.PersonsAt), store.Micros(b.ClosedAt), b.Outcome, id, version)
		if err != nil {
			return err
		}
		if n == 0 {
			return fault.Stale("breach", id)
		}
		b.Version++
		if step != "" {
			if _, err := tx.Exec(ctx, insertStep, id, store.NewID(), store.Micros(at), step, by.ID, by.Name); err != nil {
				return err
			}
		}
		return s.noteBreach(ctx, tx, by, &b, act)
	})
	return b, err
}

// Describe records what is known of a breach; a suspicion becomes an entry whose clocks run.
func (s *Service) Describe(ctx context.Context, by identity.Actor, d Breach) (_ Breach, err error) {
	defer fault.Wrap(&err, "privacy.Describe(%s)", d.ID)
	clean(&d.Title, &d.Story, &d.Fields, &d.Effects, &d.Measures)
	errs := slices.Concat(oneOf("severity", d.Severity, Severities), long("fields", d.Fields, 0, 1000), long("effects", d.Effects, 0, 2000), long("measures", d.Measures, 0, 2000))
	if d.Subjects < 0 || d.Sensitive < 0 || d.Sensitive > d.Subjects {
		errs = append(errs, fault.Field("subjects", "privacy.persons"))
	}
	if err := d.Check(s.now()); err != nil {
		f, _ := fault.As(err)
		errs = append(errs, f.Fields...)
	}
	if len(errs) > 0 {
		return d, fault.Invalid(errs...)
	}
	return s.turnBreach(ctx, by, d.ID, d.Version, "describe", "", s.now(), func(b *Breach) error {
		b.Title, b.Story, b.Kind, b.Severity, b.State = d.Title, d.Story, d.Kind, d.Severity, "open"
		b.FoundAt, b.HappenedAt, b.Subjects, b.Sensitive, b.Fields, b.Effects, b.Measures = d.FoundAt, d.HappenedAt, d.Subjects, d.Sensitive, d.Fields, d.Effects, d.Measures
		return nil
	})
}

// Record notes a step with its time; notice is "" or the clock that it stops: first, authority, report, persons.
func (s *Service) Record(ctx context.Context, by identity.Actor, id string, version int64, what, notice string, at time.Time) (b Breach, err error) {
	defer fault.Wrap(&err, "privacy.Record(%s)", id)
	clean(&what)
	if errs := long("what", what, 5, 2000); len(errs) > 0 {
		return b, fault.Invalid(errs...)
	}
	if at.IsZero() {
		return b, fault.Invalid(fault.Field("at", "privacy.moment"))
	}
	return s.turnBreach(ctx, by, id, version, "record", what, at, func(b *Breach) error {
		if at.Before(b.FoundAt) && notice != "" {
			return fault.Invalid(fault.Field("at", "privacy.moment_before"))
		}
		if b.State == "suspected" && notice != "" {
			return fault.Conflict("privacy.suspected")
		}
		switch notice {
		case "":
		case "first":
			b.FirstAt = at
		case "authority":
			b.AuthorityAt = at
		case "report":
			b.ReportAt = at
		case "persons":
			b.PersonsAt = at
		default:
			return fault.Invalid(fault.Field("notice", "privacy.choose"))
		}
		return nil
	})
}

// Close ends an entry with its outcome, which the confirmation minutes name; a suspicion that was none is dismissed. It fails with fault.Conflict while a
// notice is owed.
func (s *Service) Close(ctx context.Context, by identity.Actor, id string, version int64, outcome string) (b Breach, err error) {
	defer fault.Wrap(&err, "privacy.Close(%s)", id)
	clean(&outcome)
	if errs := long("outcome", outcome, 10, 2000); len(errs) > 0 {
		return b, fault.Invalid(errs...)
	}
	return s.turnBreach(ctx, by, id, version, "close", "", s.now(), func(b *Breach) error {
		for _, c := range b.Clocks() {
			if c.Done.IsZero() {
				return fault.Conflict("privacy.owed", "notice", c.Key)
			}
		}
		b.Outcome, b.ClosedAt = outcome, s.now()
		if b.State == "suspected" {
			b.State = "dismissed"
		} else {
			b.State = "closed"
		}
		return nil
	})
}

// Reach is what an account did and read in a time, by the journal and the log of reads; of lists only that they were opened.
type Reach struct {
	Entries, Things, Subjects int64
	From, To                  time.Time
}

const (
	selectAccountOf = `SELECT id FROM account WHERE login = $1`
	countReach      = `SELECT count(*), count(DISTINCT thing_id) FROM (
		SELECT thing_id FROM journal WHERE actor_id = $1 AND at >= $2 AND at <= $3 UNION ALL SELECT thing_id FROM access_log WHERE actor_id = $1 AND at >= $2 AND at <= $3) x`
	countReached = `SELECT count(DISTINCT subject_id) FROM (
		SELECT thing_id AS subject_id FROM journal WHERE actor_id = $1 AND at >= $2 AND at <= $3 AND thing = 'subject'
		UNION SELECT thing_id FROM access_log WHERE actor_id = $1 AND at >= $2 AND at <= $3 AND thing = 'subject'
		UNION SELECT a.subject_id FROM journal j JOIN assessment a ON a.place_id = j.place_id AND a.id = j.thing_id WHERE j.actor_id = $1 AND j.at >= $2 AND j.at <= $3 AND j.thing = 'assessment'
		UNION SELECT a.subject_id FROM access_log l JOIN assessment a ON a.place_id = l.place_id AND a.id = l.thing_id WHERE l.actor_id = $1 AND l.at >= $2 AND l.at <= $3 AND l.thing = 'assessment') x`
)

// Reached counts what an account did in a time: who and how many a breach by a stolen password may have touched. It reads the whole journal.
func (s *Service) Reached(ctx context.Context, by identity.Actor, id, login string, from, to time.Time) (r Reach, err error) {
	defer fault.Wrap(&err, "privacy.Reached(%s)", id)
	b, _, err := s.Breach(ctx, by, id)
	if err != nil {
		return r, err
	}
	if err := s.keeps(ctx, by, b.PlaceID); err != nil {
		return r, err
	}
	account, found, err := store.One(ctx, s.db.Read(), store.Value[string], selectAccountOf, login)
	if err != nil {
		return r, err
	}
	if !found || from.IsZero() || !to.After(from) {
		return r, fault.Invalid(fault.Field("login", "privacy.reach"))
	}
	r.From, r.To = from, to
	_, _, err = store.One(ctx, s.db.Read(), func(sc store.Scanner) (none struct{}, err error) { return none, sc.Scan(&r.Entries, &r.Things) }, countReach, account, store.Micros(from), store.Micros(to))
	if err != nil {
		return r, err
	}
	r.Subjects, _, err = store.One(ctx, s.db.Read(), store.Value[int64], countReached, account, store.Micros(from), store.Micros(to))
	return r, err
}

// YearlySent records that the yearly report on incidents was sent, which ends its task.
func (s *Service) YearlySent(ctx context.Context, by identity.Actor, placeID, year string) (err error) {
	defer fault.Wrap(&err, "privacy.YearlySent(%s)", year)
	if err := s.mayWhole(ctx, by, identity.KeepBreaches, placeID); err != nil {
		return err
	}
	if today := s.today(); year > today[:4] || len(year) != 4 {
		return fault.Invalid(fault.Field("year", "privacy.choose"))
	}
	return s.db.Write(ctx, func(tx *store.Tx) error {
		if _, err := tx.Exec(ctx, upsertSetting, yearlySent, year); err != nil {
			return err
		}
		return audit.Write(ctx, tx, by.Who(), s.now(), audit.Entry{PlaceID: placeID, ThingID: yearlySent, Thing: "breach", Act: "yearly", After: map[string]any{"year": year}})
	})
}
