// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package privacy

import (
	"context"
	"encoding/json"
	"time"

	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/registry"
	"hoctap/internal/store"
)

// Bounds above which the law asks more of whoever processes: distinct persons with basic, and with sensitive data. The program warns at four fifths.
const (
	BasicBound     = 100_000
	SensitiveBound = 10_000
	warnTenths     = 8
)

// Persons is how many people the data tell of.
type Persons struct {
	Basic     int64 `json:"basic"`
	Sensitive int64 `json:"sensitive"`
	At        int64 `json:"at"` // when they were counted
}

// WarnBasic says that four fifths of the bound are reached; WarnSensitive likewise.
func (p Persons) WarnBasic() bool     { return p.Basic*10 >= BasicBound*warnTenths }
func (p Persons) WarnSensitive() bool { return p.Sensitive*10 >= SensitiveBound*warnTenths }

const (
	personsSetting = "privacy_persons"
	personsLife    = 24 * time.Hour
	// A head of a family and a citizen are a person each; of other members there are only counts. Facts of sheets may be sensitive, so whoever has one counts.
	countBasic     = `SELECT (SELECT count(*) FROM subject WHERE model IN ('family', 'citizen') AND state <> 'merged' AND name <> $1) + (SELECT count(*) FROM account)`
	countSensitive = `SELECT count(*) FROM subject s WHERE s.model IN ('family', 'citizen') AND s.state <> 'merged' AND s.name <> $1 AND (s.ethnic <> ''
		OR EXISTS (SELECT 1 FROM register_entry e WHERE e.place_id = s.place_id AND e.subject_id = s.id)
		OR EXISTS (SELECT 1 FROM assessment a WHERE a.place_id = s.place_id AND a.subject_id = s.id AND a.stage <> ''))`
)

// Persons counts distinct persons, at most once a day: it reads the whole registry.
func (s *Service) Persons(ctx context.Context) (p Persons, err error) {
	defer fault.Wrap(&err, "privacy.Persons")
	text, found, err := store.One(ctx, s.db.Read(), store.Value[string], selectSetting, personsSetting)
	if err != nil {
		return p, err
	}
	if found && json.Unmarshal([]byte(text), &p) == nil && s.now().Sub(store.Time(p.At)) < personsLife && !s.now().Before(store.Time(p.At)) {
		return p, nil
	}
	return s.countPersons(ctx)
}

func (s *Service) countPersons(ctx context.Context) (p Persons, err error) {
	erased := registry.ErasedName
	if p.Basic, _, err = store.One(ctx, s.db.Read(), store.Value[int64], countBasic, erased); err != nil {
		return p, err
	}
	if p.Sensitive, _, err = store.One(ctx, s.db.Read(), store.Value[int64], countSensitive, erased); err != nil {
		return p, err
	}
	p.At = store.Micros(s.now())
	b, err := json.Marshal(p)
	if err != nil {
		return p, err
	}
	return p, s.db.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(ctx, upsertSetting, personsSetting, string(b)) // a count that is worked out again at any time: no entry
		return err
	})
}

// Task is something the law wants done by a day.
type Task struct {
	Key    string // catalogue key below "privacy.task."
	Due    string // YYYY-MM-DD; "" without a day
	Count  int
	Thing  string // id of what it is about
	Detail string
}

// Late says whether its day is over.
func (t *Task) Late(today string) bool { return t.Due != "" && t.Due < today }

// impactDays and impactMonths are the days of the impact file (form 10): within 60 days of the first processing, and again within six months of a change.
const (
	impactDays   = 60
	impactMonths = 6
	yearlyFrom   = "11-01" // from when on the yearly report on incidents stands among the work
	yearlyDue    = "12-25"
	yearlySent   = "privacy_yearly"
)

// Tasks are those of whoever keeps the register: the officer's contact, the impact file, the bounds, the yearly report on incidents.
func (s *Service) Tasks(ctx context.Context, by identity.Actor, placeID string) (list []Task, err error) {
	defer fault.Wrap(&err, "privacy.Tasks")
	if err := s.mayWhole(ctx, by, identity.KeepRegister, placeID); err != nil {
		return nil, err
	}
	r, err := s.Register(ctx)
	if err != nil {
		return nil, err
	}
	today := s.today()
	if r.Officer == "" || r.Phone == "" && r.Email == "" {
		list = append(list, Task{Key: "officer"})
	}
	switch {
	case r.FirstOn == "":
		list = append(list, Task{Key: "first"})
	case r.FiledOn == "":
		list = append(list, Task{Key: "impact", Due: addDays(r.FirstOn, impactDays)})
	case r.Version > 1 && store.Date(r.At) > r.FiledOn:
		list = append(list, Task{Key: "impact_again", Due: addMonths(r.FiledOn, impactMonths)})
	}
	p, err := s.Persons(ctx)
	if err != nil {
		return nil, err
	}
	if p.WarnBasic() {
		list = append(list, Task{Key: "basic", Count: int(p.Basic)})
	}
	if p.WarnSensitive() {
		list = append(list, Task{Key: "sensitive", Count: int(p.Sensitive)})
	}
	sent, _, err := store.One(ctx, s.db.Read(), store.Value[string], selectSetting, yearlySent)
	if err != nil {
		return nil, err
	}
	if year := today[:4]; today[5:] >= yearlyFrom && sent < year {
		list = append(list, Task{Key: "yearly", Due: year + "-" + yearlyDue, Detail: year})
	}
	return list, nil
}

// addMonths is the same day some months later, or the last of that month.
func addMonths(date string, n int) string {
	day, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return date
	}
	first := time.Date(day.Year(), day.Month()+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return first.AddDate(0, 0, min(day.Day(), last)-1).Format(time.DateOnly)
}

// Flow is a host that the program may talk to, by the settings it runs with.
type Flow struct {
	Host string
	Key  string // catalogue key below "privacy.flow.": what for
}
