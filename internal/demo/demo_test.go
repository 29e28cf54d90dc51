// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package demo_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	criteriadata "hoctap/data/criteria"
	"hoctap/internal/assessment"
	"hoctap/internal/blob"
	"hoctap/internal/criteria/version"
	"hoctap/internal/demo"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/place"
	"hoctap/internal/recognition"
	"hoctap/internal/registry"
	"hoctap/internal/report"
	"hoctap/internal/rollup"
	"hoctap/internal/store"
	"hoctap/internal/store/storetest"
)

// world is the services of the house over one database, on a day in November.
type world struct {
	t *testing.T
	demo.Services
	assessment *assessment.Service
	figures    *rollup.Figures
}

const today = "2026-11-25"

func build(t *testing.T, db *store.DB) *world {
	t.Helper()
	now := func() time.Time { return time.Date(2026, 11, 25, 12, 0, 0, 0, store.Zone) }
	w := &world{t: t}
	w.DB = db
	var err error
	w.Blobs, err = blob.Open(t.TempDir())
	w.ok(err)
	w.Identity, w.Places, w.Sets = identity.New(db, now), place.New(db, now), version.New(db, now)
	w.Registry = registry.New(db, w.Places, now, func(ctx context.Context, tx *store.Tx, by identity.Actor, ev []registry.Event) error {
		return w.assessment.Follow(ctx, tx, by, ev)
	})
	w.assessment = assessment.New(db, w.Places, w.Sets, w.Registry, now)
	w.Recognition = recognition.New(db, w.Places, w.Sets, w.Registry, w.assessment, now)
	w.figures = rollup.NewFigures(db, now)
	_, err = w.Places.EnsureLoaded(t.Context())
	w.ok(err)
	_, err = w.Sets.EnsureShipped(t.Context(), criteriadata.Files)
	w.ok(err)
	return w
}

// loaded opens a database in which the shipped places and sets are already: a copy of one that is loaded once for all tests.
func loaded(t *testing.T) *store.DB {
	t.Helper()
	body, err := shipped()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "hoctap.db")
	if err := os.WriteFile(path, body, 0o600); err != nil {
		t.Fatal(err)
	}
	db, err := store.Open(t.Context(), "sqlite:"+path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

var shipped = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "demo")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path, ctx := filepath.Join(dir, "hoctap.db"), context.Background()
	db, err := store.Open(ctx, "sqlite:"+path)
	if err != nil {
		return nil, err
	}
	_, err = place.New(db, time.Now).EnsureLoaded(ctx)
	if err == nil {
		_, err = version.New(db, time.Now).EnsureShipped(ctx, criteriadata.Files)
	}
	if err = errors.Join(err, db.Close()); err != nil { // the last connection writes the log back into the file
		return nil, err
	}
	return os.ReadFile(path)
})

func (w *world) ok(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) fill(o demo.Options) demo.Filled {
	w.t.Helper()
	if o.Today == "" {
		o.Today = today
	}
	f, err := demo.Fill(w.t.Context(), w.Services, o)
	w.ok(err)
	return f
}

// exact runs every verification of the house.
func (w *world) exact() {
	w.t.Helper()
	_, cells, err := rollup.Verify(w.t.Context(), w.DB)
	w.ok(err)
	for _, d := range cells {
		w.t.Errorf("cell %s %v says %+v, the records %+v", d.PlaceID, d.Key, d.Cell, d.Records)
	}
	n, results, err := w.assessment.Verify(w.t.Context())
	w.ok(err)
	if n == 0 {
		w.t.Error("no sheet to score again")
	}
	for _, d := range results {
		w.t.Errorf("assessment %s: %s", d.ID, d.What)
	}
	checked, differences, err := w.Recognition.Verify(w.t.Context())
	w.ok(err)
	if checked.Decisions == 0 || checked.Titles == 0 {
		w.t.Errorf("verified %+v", checked)
	}
	for _, d := range differences {
		w.t.Errorf("recognition %s %s: %s", d.PlaceID, d.ID, d.What)
	}
	_, faults, err := report.New(w.DB, w.Places, w.assessment, w.Recognition, time.Now).Verify(w.t.Context())
	w.ok(err)
	for _, d := range faults {
		w.t.Errorf("report %s %s: %s", d.PlaceID, d.ID, d.What)
	}
}

func (w *world) count(query string, args ...any) int {
	w.t.Helper()
	n, _, err := store.One(w.t.Context(), w.DB.Read(), store.Value[int], query, args...)
	w.ok(err)
	return n
}

// What a fill writes past the verbs is what they would have left: every verification is clean, on both engines.
func TestEverythingAgrees(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := build(t, db)
		f := w.fill(demo.Options{Families: 300, Seed: 5, Evidence: true})
		w.exact()
		if f.Families < 290 || f.Families > 320 || f.Communes != 2 || f.Pictures == 0 || f.Citizens < f.Families {
			t.Errorf("filled %+v", f)
		}
		if n := w.count(`SELECT count(*) FROM setting WHERE key = 'demo' AND value = '1'`); n != 1 {
			t.Error("nothing says that the data are invented")
		}
	})
}

// Saving a sheet again through the verb changes nothing: not the entry that it completes from the registry, not the points, not what
// follows from them. So what was written past the verbs is what they write.
func TestSavingAgainChangesNothing(t *testing.T) {
	for name, numbers := range map[string]bool{"persons": false, "numbers": true} {
		t.Run(name, func(t *testing.T) {
			w := build(t, loaded(t))
			w.fill(demo.Options{Families: 400, Seed: 3, Numbers: numbers, Evidence: true})
			w.exact()
			rounds, err := w.assessment.Rounds(t.Context(), place.OfficialID("25", "2025-07-01"))
			w.ok(err)
			leaves, err := w.Places.Leaves(t.Context(), place.OfficialID("25", "2025-07-01"), "")
			w.ok(err)
			saved := map[string]int{}
			for _, leaf := range leaves {
				for _, model := range []string{registry.Family, registry.Unit} {
					list, sheets, err := w.assessment.InLeaf(t.Context(), identity.System, leaf.ID, rounds[0].ID, model)
					w.ok(err)
					for _, a := range list {
						sheet, ok := sheets[a.ID][a.Stage]
						if !ok || a.Locked() {
							continue
						}
						again, err := w.assessment.Save(t.Context(), identity.System, assessment.Draft{PlaceID: a.PlaceID, ID: a.ID, Version: a.Version, Stage: a.Stage, Entry: sheet.Entry})
						w.ok(err)
						saved[model]++
						if diff := cmp.Diff(sheet.Entry, again.Entry, cmpopts.EquateEmpty()); diff != "" {
							t.Errorf("entry of %s: %s", a.Name, diff)
						}
						same := cmpopts.IgnoreFields(assessment.Assessment{}, "HolderID", "ScoredBy", "Version", "UpdatedAt")
						if diff := cmp.Diff(a, again.Assessment, same); diff != "" {
							t.Errorf("file of %s: %s", a.Name, diff)
						}
					}
				}
			}
			if saved[registry.Family] < 20 {
				t.Errorf("saved %v again: too few to tell", saved)
			}
		})
	}
}

// contents digests everything but what is random by nature: ids of areas and accounts, and what hangs on them.
func (w *world) contents() string {
	w.t.Helper()
	h := sha256.New()
	for _, query := range []string{
		`SELECT p.kind || ' ' || p.name || s.name || s.number || s.phone || s.kind || s.sex || CAST(s.birth_year AS text) || CAST(s.members AS text) FROM subject s
			JOIN place p ON p.id = s.place_id WHERE s.model <> 'community' ORDER BY s.id`,
		`SELECT a.name || r.id || a.state || a.stage || CAST(coalesce(a.total, -1) AS text) || a.outcome || CAST(a.flags AS text) || CAST(a.version AS text)
			FROM assessment a JOIN round r ON r.id = a.round_id ORDER BY a.id`,
		`SELECT assessment_id || stage || CAST(input AS text) || CAST(points AS text) FROM sheet ORDER BY assessment_id, stage`,
		`SELECT t.code || t.name || t.decided_on FROM title t ORDER BY t.code`,
		`SELECT d.body_name || CAST(d.number AS text) || d.date || d.signer || CAST(d.items AS text) FROM decision d ORDER BY d.id`,
	} {
		rows, err := store.Collect(w.t.Context(), w.DB.Read(), store.Value[string], query)
		w.ok(err)
		if len(rows) == 0 {
			w.t.Errorf("nothing: %s", query)
		}
		for _, r := range rows {
			fmt.Fprintln(h, r)
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}

func TestEqualSeedsInventEqualPeople(t *testing.T) {
	of := func(seed int64) string {
		w := build(t, loaded(t))
		w.fill(demo.Options{Families: 120, Seed: seed, Evidence: true})
		return w.contents()
	}
	first, again, other := of(1), of(1), of(2)
	if first != again {
		t.Error("one seed, two demos")
	}
	if first == other {
		t.Error("two seeds, one demo")
	}
}

// On any day of the year the demo is as far as the day: nothing is done before its stage begins.
func TestDaysOfTheYear(t *testing.T) {
	for _, c := range []struct {
		day                          string
		registered, sheets, approved bool
	}{
		{"2026-01-02", false, false, false},
		{"2026-02-15", true, false, false},
		{"2026-07-01", true, false, false},
		{"2026-11-05", true, true, false},
		{"2026-12-18", true, true, true},
	} {
		t.Run(c.day, func(t *testing.T) {
			w := build(t, loaded(t))
			w.fill(demo.Options{Families: 300, From: 2024, Seed: 2, Today: c.day})
			w.exact()
			of := func(state string) bool {
				return w.count(`SELECT count(*) FROM assessment a JOIN round r ON r.id = a.round_id WHERE r.year = 2026 AND a.model = 'family' AND `+state) > 0
			}
			if of("a.state <> 'listed'") != c.registered || of("a.stage <> ''") != c.sheets || of("a.state = 'approved'") != c.approved {
				t.Errorf("registered %v, sheets %v, approved %v", of("a.state <> 'listed'"), of("a.stage <> ''"), of("a.state = 'approved'"))
			}
			if n := w.count(`SELECT count(*) FROM assessment a JOIN sheet s ON s.place_id = a.place_id AND s.assessment_id = a.id
				WHERE s.at > $1`, store.Micros(time.Date(2026, 12, 31, 0, 0, 0, 0, store.Zone))); n > 0 {
				t.Errorf("%d sheets of next year", n)
			}
		})
	}
}

// The areas lay in the communes of their time: asked as of 2022 the figures stand under the old communes, restated on today's map
// under the new one, and both add up to the same.
func TestFiguresOnEitherMap(t *testing.T) {
	w := build(t, loaded(t))
	w.fill(demo.Options{Families: 300, From: 2022, Seed: 4})
	rounds, err := w.assessment.Rounds(t.Context(), place.OfficialID("25", "2025-07-01"))
	w.ok(err)
	var of2022 assessment.Round
	for _, r := range rounds {
		if r.Year == 2022 {
			of2022 = r
		}
	}
	key := rollup.Key{RoundID: of2022.ID, Model: registry.Family}
	now, err := w.Places.Get(t.Context(), place.OfficialID("08515", "2025-07-01"))
	w.ok(err)
	restated, err := w.figures.Below(t.Context(), now.Path, today, rollup.ByLeaf, of2022.ID)
	w.ok(err)
	var sum rollup.Counts
	for _, code := range []string{"08503", "08506", "08515"} { // Hy Cương, Chu Hóa and Thanh Đình became Hy Cương
		then, err := w.Places.ByCode(t.Context(), place.Commune, code, "2022-12-31")
		w.ok(err)
		table, err := w.figures.Below(t.Context(), then.Path, "2022-12-31", rollup.ByLeaf, of2022.ID)
		w.ok(err)
		if table.Total[key].Recognised == 0 {
			t.Errorf("%s recognised nobody in 2022", then.FullName())
		}
		sum = sum.Plus(table.Total[key])
	}
	if sum != restated.Total[key] || sum.Total == 0 {
		t.Errorf("then %+v, restated %+v", sum, restated.Total[key])
	}
}

func TestRefusals(t *testing.T) {
	w := build(t, loaded(t))
	for name, o := range map[string]demo.Options{
		"few":   {Families: 3},
		"day":   {Today: "25/11/2026"},
		"early": {From: 2015, Today: today},
		"late":  {From: 2027, Today: today},
	} {
		if _, err := demo.Fill(t.Context(), w.Services, o); fault.KindOf(err) != fault.KindInvalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := demo.Fill(t.Context(), w.Services, demo.Options{Communes: []string{"00000"}, Today: today}); fault.KindOf(err) != fault.KindNotFound {
		t.Errorf("no such commune: %v", err)
	}
	w.fill(demo.Options{Families: 30, From: 2025})
	if _, err := demo.Fill(t.Context(), w.Services, demo.Options{Families: 30, Today: today}); fault.KindOf(err) != fault.KindConflict {
		t.Errorf("a database that is full: %v", err)
	}
}

// A fill that broke off leaves a database that the next one clears and fills.
func TestBrokenOffFillIsDoneAgain(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := build(t, db)
		ctx, stop := context.WithCancel(t.Context())
		o := demo.Options{Families: 120, From: 2024, Seed: 9, Today: today, Progress: func(demo.Progress) { stop() }}
		if _, err := demo.Fill(ctx, w.Services, o); err == nil {
			t.Fatal("the fill was to break off")
		}
		if needed, err := demo.Needed(t.Context(), db); err != nil || !needed {
			t.Fatalf("needed %v, %v", needed, err)
		}
		o.Progress = nil
		w.fill(o)
		w.exact()
		if needed, err := demo.Needed(t.Context(), db); err != nil || needed {
			t.Errorf("needed again: %v, %v", needed, err)
		}
	})
}
