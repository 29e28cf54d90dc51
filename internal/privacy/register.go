// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package privacy

import (
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"encoding/json"
	"regexp"
	"slices"
	"sync"
	"time"

	"github.com/BurntSushi/toml"

	"hoctap/internal/audit"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/store"
)

//go:embed register.toml
var shippedRegister string

// Activity is one processing of personal data (hoạt động xử lý).
type Activity struct {
	Key       string   `toml:"key" json:"key"`
	Title     string   `toml:"title" json:"title"`
	Purpose   string   `toml:"purpose" json:"purpose"`
	Basis     string   `toml:"basis" json:"basis"` // state | consent | law | contract
	Law       string   `toml:"law" json:"law"`
	People    string   `toml:"people" json:"people"`
	Fields    []string `toml:"fields" json:"-"`    // table.column; the program's own
	Sensitive []string `toml:"sensitive" json:"-"` // those of Fields that are sensitive
	Retention string   `toml:"retention" json:"retention"`
	Receivers string   `toml:"receivers" json:"receivers"`
}

// Bases lists the legal bases in the order of forms.
var Bases = []string{"state", "consent", "law", "contract"}

// Register is a version of the register of processing, with who answers for it and the days of the impact file.
type Register struct {
	Version    int        `json:"-"`
	Controller string     `json:"controller"` // who decides on the processing
	Officer    string     `json:"officer"`    // data protection officer
	Phone      string     `json:"phone"`
	Email      string     `json:"email"`
	Address    string     `json:"address"`
	FirstOn    string     `json:"first_on"` // first processing, YYYY-MM-DD
	FiledOn    string     `json:"filed_on"` // impact file (form 10) sent last
	Activities []Activity `json:"activities"`
	SHA        string     `json:"-"`
	Remark     string     `json:"-"`
	ByName     string     `json:"-"`
	At         time.Time  `json:"-"`
}

type registerFile struct {
	Technical []string       `toml:"technical"`
	Activity  []Activity     `toml:"activity"`
	Other     map[string]any `toml:"other"`
}

var shipped = sync.OnceValue(func() registerFile {
	var f registerFile
	if _, err := toml.Decode(shippedRegister, &f); err != nil {
		panic("privacy: " + err.Error()) // a test reads it
	}
	return f
})

// Uncovered returns the columns of a schema of which the register does not say whether they hold personal data, and those that it names and the schema
// has not.
func Uncovered(tables []store.Table) (unknown, gone []string) {
	f := shipped()
	var technical []*regexp.Regexp
	for _, p := range f.Technical {
		technical = append(technical, regexp.MustCompile(p))
	}
	said := map[string]bool{}
	for _, a := range f.Activity {
		for _, x := range slices.Concat(a.Fields, a.Sensitive) {
			said[x] = false
		}
	}
	whole := map[string]bool{}
	for table, what := range f.Other {
		if what == "*" {
			whole[table] = false
			continue
		}
		list, _ := what.([]any)
		for _, c := range list {
			if name, ok := c.(string); ok {
				said[table+"."+name] = false
			}
		}
	}
	for _, t := range tables {
		if _, ok := whole[t.Name]; ok {
			whole[t.Name] = true
			continue
		}
		for _, c := range t.Columns {
			name := t.Name + "." + c.Name
			if _, ok := said[name]; ok {
				said[name] = true
				continue
			}
			if !slices.ContainsFunc(technical, func(r *regexp.Regexp) bool { return r.MatchString(c.Name) }) {
				unknown = append(unknown, name)
			}
		}
	}
	for name, there := range said {
		if !there {
			gone = append(gone, name)
		}
	}
	for name, there := range whole {
		if !there {
			gone = append(gone, name)
		}
	}
	slices.Sort(gone)
	return unknown, gone
}

const (
	selectRegister  = `SELECT version, content, sha, remark, by_name, at FROM privacy_register ORDER BY version DESC LIMIT 1`
	selectRegisters = `SELECT version, content, sha, remark, by_name, at FROM privacy_register ORDER BY version DESC LIMIT 50`
	insertRegister  = `INSERT INTO privacy_register (version, content, sha, remark, by_id, by_name, at) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (version) DO NOTHING`
)

func scanRegister(sc store.Scanner) (r Register, err error) {
	var content string
	var at int64
	if err = sc.Scan(&r.Version, &content, &r.SHA, &r.Remark, &r.ByName, &at); err == nil {
		err = json.Unmarshal([]byte(content), &r)
	}
	r.At = store.Time(at)
	return r, err
}

// Register returns the version in force. It is public: persons may know what is done with their data.
func (s *Service) Register(ctx context.Context) (r Register, err error) {
	defer fault.Wrap(&err, "privacy.Register")
	return s.register(ctx, s.db.Read())
}

func (s *Service) register(ctx context.Context, tx *store.Tx) (r Register, err error) {
	r, found, err := store.One(ctx, tx, scanRegister, selectRegister)
	if err != nil {
		return r, err
	}
	if !found {
		r = Register{Version: 1, Activities: slices.Clone(shipped().Activity)}
		return r, nil
	}
	for i := range r.Activities { // the columns are the program's, whatever version of the words is in force
		for _, a := range shipped().Activity {
			if a.Key == r.Activities[i].Key {
				r.Activities[i].Fields, r.Activities[i].Sensitive = a.Fields, a.Sensitive
			}
		}
	}
	for _, a := range shipped().Activity { // what a newer program does is in the register from its first day
		if !slices.ContainsFunc(r.Activities, func(x Activity) bool { return x.Key == a.Key }) {
			r.Activities = append(r.Activities, a)
		}
	}
	return r, nil
}

// Registers lists the versions that were saved, newest first.
func (s *Service) Registers(ctx context.Context, by identity.Actor, placeID string) (list []Register, err error) {
	defer fault.Wrap(&err, "privacy.Registers")
	if err := s.mayWhole(ctx, by, identity.KeepRegister, placeID); err != nil {
		return nil, err
	}
	return store.Collect(ctx, s.db.Read(), scanRegister, selectRegisters)
}

// Check reports every rule a register breaks.
func (r *Register) Check(today string) error {
	errs := slices.Concat(long("controller", r.Controller, 0, 200), long("officer", r.Officer, 0, 120), long("phone", r.Phone, 0, 40), long("email", r.Email, 0, 120), long("address", r.Address, 0, 300))
	for _, d := range []struct{ field, value string }{{"first_on", r.FirstOn}, {"filed_on", r.FiledOn}} {
		if d.value == "" {
			continue
		}
		if _, err := time.Parse(time.DateOnly, d.value); err != nil {
			errs = append(errs, fault.Field(d.field, "privacy.date"))
		} else if d.value > today {
			errs = append(errs, fault.Field(d.field, "privacy.future", "today", today))
		}
	}
	seen := map[string]bool{}
	for _, a := range r.Activities {
		errs = slices.Concat(errs, long(a.Key+".title", a.Title, 3, 200), long(a.Key+".purpose", a.Purpose, 10, 1000), oneOf(a.Key+".basis", a.Basis, Bases),
			long(a.Key+".law", a.Law, 5, 500), long(a.Key+".people", a.People, 3, 300), long(a.Key+".receivers", a.Receivers, 3, 500))
		if seen[a.Key] || a.Key == "" {
			errs = append(errs, fault.Field(a.Key+".title", "privacy.twice"))
		}
		seen[a.Key] = true
	}
	return fault.Invalid(errs...)
}

// SaveRegister makes a new version; r.Version is the one it was made from. Who keeps it sits at the province, and does not run the system: the register says
// what for data are used, which is not for an administrator to decide. It fails with fault.Invalid, fault.Stale and fault.Denied.
func (s *Service) SaveRegister(ctx context.Context, by identity.Actor, placeID string, r Register, remark string) (_ Register, err error) {
	defer fault.Wrap(&err, "privacy.SaveRegister")
	if err := s.mayWhole(ctx, by, identity.KeepRegister, placeID); err != nil {
		return r, err
	}
	clean(&r.Controller, &r.Officer, &r.Phone, &r.Email, &r.Address, &remark)
	for i := range r.Activities {
		a := &r.Activities[i]
		clean(&a.Title, &a.Purpose, &a.Law, &a.People, &a.Receivers)
	}
	if err := r.Check(s.today()); err != nil {
		return r, err
	}
	if errs := long("remark", remark, 3, 300); len(errs) > 0 {
		return r, fault.Invalid(errs...)
	}
	b, err := json.Marshal(r)
	if err != nil {
		return r, err
	}
	sum := sha256.Sum256(b)
	seen := r.Version
	r.SHA, r.Remark, r.ByName, r.At = hex.EncodeToString(sum[:]), remark, by.Name, s.now()
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		before, err := s.register(ctx, tx)
		if err != nil {
			return err
		}
		if before.Version != seen {
			return fault.Stale("privacy_register", "")
		}
		r.Version = seen + 1
		n, err := tx.Exec(ctx, insertRegister, r.Version, string(b), r.SHA, remark, by.ID, by.Name, store.Micros(r.At))
		if err != nil {
			return err
		}
		if n == 0 {
			return fault.Stale("privacy_register", "")
		}
		return audit.Write(ctx, tx, by.Who(), s.now(), audit.Entry{Thing: "privacy_register", ThingID: "register", Act: "save", Before: before, After: r, Reason: remark})
	})
	return r, err
}

// SaveDays adds days to the calendar of offices, see Calendar.With.
func (s *Service) SaveDays(ctx context.Context, by identity.Actor, placeID, days string) (err error) {
	defer fault.Wrap(&err, "privacy.SaveDays")
	if err := s.mayWhole(ctx, by, identity.KeepRegister, placeID); err != nil {
		return err
	}
	clean(&days)
	if _, err := shippedCalendar().With(days); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *store.Tx) error {
		before, _, err := store.One(ctx, tx, store.Value[string], selectSetting, holidaySetting)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, upsertSetting, holidaySetting, days); err != nil {
			return err
		}
		return audit.Write(ctx, tx, by.Who(), s.now(), audit.Entry{Thing: "setting", ThingID: holidaySetting, Act: "save", Before: map[string]any{"days": before}, After: map[string]any{"days": days}})
	})
}
