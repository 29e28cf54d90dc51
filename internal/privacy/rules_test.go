// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package privacy

import (
	"testing"
	"time"

	"hoctap/internal/fault"
	"hoctap/internal/store"
	"hoctap/internal/store/storetest"
)

// The clocks by hand: the day of receipt does not count, weekends, Tết and holidays are no working days, days of the law are days of the calendar.
func TestClocks(t *testing.T) {
	c := shippedCalendar()
	for _, x := range []struct{ from, to, why string }{
		{"2026-11-25", "2026-11-27", "Wednesday to Friday"},
		{"2026-11-26", "2026-11-30", "Thursday: Friday, then Monday"},
		{"2026-11-27", "2026-12-01", "Friday to Tuesday"},
		{"2026-11-28", "2026-12-01", "a Saturday begins on Monday"},
		{"2026-02-13", "2026-02-24", "the Friday before Tết: 16 to 20 February are off"},
		{"2026-02-17", "2026-02-24", "on the first day of Tết"},
		{"2026-04-29", "2026-05-05", "30 April, 1 May and a weekend"},
		{"2026-04-24", "2026-04-29", "the Hùng Kings' day on a Sunday is made up on Monday"},
		{"2026-08-31", "2026-09-04", "1 and 2 September"},
		{"2026-12-31", "2027-01-05", "New Year on a Friday"},
	} {
		if got := c.After(x.from, acknowledgeDays); got != x.to {
			t.Errorf("%s: two working days after %s end on %s, not %s", x.why, x.from, got, x.to)
		}
	}
	more, err := c.With("2026-11-27\n+2026-11-28\n")
	if err != nil {
		t.Fatal(err)
	}
	if got := more.After("2026-11-26", 2); got != "2026-11-30" {
		t.Errorf("a Friday off and its Saturday worked: %s", got)
	}
	if got := c.After("2026-11-26", 2); got != "2026-11-30" {
		t.Errorf("the shipped calendar changed: %s", got)
	}
	for _, bad := range []string{"mai", "2026-13-01", "+ 2026-11-28x"} {
		if _, err := c.With(bad); fault.KindOf(err) != fault.KindInvalid {
			t.Errorf("%q passes: %v", bad, err)
		}
	}
	for _, x := range []struct {
		kind       Kind
		processors bool
		due, later string
	}{
		{View, false, "2026-12-05", "2026-12-15"}, {Correct, false, "2026-12-05", "2026-12-15"}, {Provide, true, "2026-12-05", "2026-12-15"},
		{Withdraw, false, "2026-12-10", "2026-12-25"}, {Limit, true, "2026-12-15", "2026-12-30"}, {Object, false, "2026-12-10", "2026-12-25"},
		{Erase, false, "2026-12-15", "2027-01-04"}, {Erase, true, "2026-12-25", "2027-01-14"},
	} {
		due := x.kind.Due("2026-11-25", x.processors)
		if later := x.kind.Later(due); due != x.due || later != x.later {
			t.Errorf("%s (%v): %s, then %s", x.kind, x.processors, due, later)
		}
	}
	if got := addMonths("2026-08-31", 6); got != "2027-02-28" {
		t.Errorf("half a year after 31 August: %s", got)
	}
}

// A breach: which clocks run, and when they are late.
func TestBreachClocks(t *testing.T) {
	at := time.Date(2026, 11, 20, 22, 0, 0, 0, store.Zone)
	b := Breach{State: "open", Severity: "personal", FoundAt: at}
	if c := b.Clocks(); len(c) != 1 || c[0].Key != "authority" || !c[0].Due.Equal(at.Add(72*time.Hour)) || c[0].Late(at.Add(72*time.Hour)) || !c[0].Late(at.Add(72*time.Hour+time.Second)) {
		t.Errorf("personal: %+v", c)
	}
	b.Severity = "serious"
	if c := b.Clocks(); len(c) != 3 || c[0].Key != "first" || !c[0].Due.Equal(at.Add(24*time.Hour)) {
		t.Errorf("serious: %+v", c)
	}
	b.AuthorityAt = at.Add(80 * time.Hour) // sent, and too late: that stays to be seen
	for _, c := range b.Clocks() {
		if c.Key == "authority" && !c.Late(at) {
			t.Error("a notice sent after 80 hours is called in time")
		}
	}
	b.State = "suspected"
	if c := b.Clocks(); c != nil {
		t.Errorf("a suspicion has clocks: %+v", c)
	}
}

// The register speaks of every column that may tell of a person: a migration that adds one has to say what it holds.
func TestRegisterCoversSchema(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		tables, err := db.Tables(t.Context(), db.Read())
		if err != nil {
			t.Fatal(err)
		}
		unknown, gone := Uncovered(tables)
		for _, c := range unknown {
			t.Errorf("%s: say in register.toml which processing it belongs to, or that it holds no personal data", c)
		}
		for _, c := range gone {
			t.Errorf("%s is in register.toml and no more in the schema", c)
		}
		// The search itself: a column of a person is not passed over.
		tables = append(tables, store.Table{Name: "subject", Columns: []store.Column{{Name: "mother_name", Type: "text"}}}, store.Table{Name: "guest", Columns: []store.Column{{Name: "id"}, {Name: "face"}}})
		if unknown, _ = Uncovered(tables); len(unknown) < 2 {
			t.Errorf("new columns are not seen: %v", unknown)
		}
	})
	for _, a := range shipped().Activity {
		r := Register{Activities: []Activity{a}}
		if err := r.Check("2026-11-25"); err != nil {
			t.Errorf("%s: %v", a.Key, err)
		}
		found := false
		for _, rule := range Rules() {
			found = found || rule.Key == a.Retention
		}
		if !found {
			t.Errorf("%s: no keeping time %q", a.Key, a.Retention)
		}
	}
	for key := range keepers {
		found := false
		for _, r := range Rules() {
			found = found || r.Key == key && r.Days > 0 && r.Basis != ""
		}
		if !found {
			t.Errorf("%s is let go without a rule", key)
		}
	}
	for _, r := range Rules() {
		if _, ok := keepers[r.Key]; ok != (r.Then != "archive" && r.Job == "") {
			t.Errorf("rule %s: %s, carried out: %v", r.Key, r.Then, ok)
		}
	}
}
