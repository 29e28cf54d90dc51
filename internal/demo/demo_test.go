// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package demo_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"testing"
	"time"

	criteriadata "hoctap/data/criteria"
	"hoctap/internal/assessment"
	"hoctap/internal/blob"
	"hoctap/internal/criteria/version"
	"hoctap/internal/demo"
	"hoctap/internal/identity"
	"hoctap/internal/place"
	"hoctap/internal/recognition"
	"hoctap/internal/registry"
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
		if w.DB.Engine == store.Postgres {
			w.t.Skip("one engine is enough: both get the same rows")
		}
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
		w := build(t, storetest.SQLite(t))
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
