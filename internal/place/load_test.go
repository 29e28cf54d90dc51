// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package place_test

import (
	"context"
	"testing"
	"time"

	"hoctap/internal/fault"
	"hoctap/internal/place"
	"hoctap/internal/store"
	"hoctap/internal/store/storetest"
)

// today is the day all tests of this package are run on.
const today = "2026-11-25"

func clock() time.Time { return time.Date(2026, 11, 25, 8, 0, 0, 0, store.Zone) }

// The places that most tests ask for.
const (
	phuTho    = "25@2025-07-01"
	oldPhuTho = "25@0001-01-01"
	hoaBinh   = "17@0001-01-01"
	vinhPhuc  = "26@0001-01-01"
	vietTri   = "07900@2025-07-01"
	giaCam    = "07900@0001-01-01"
)

// loaded runs test on each engine with the shipped data in the database.
func loaded(t *testing.T, test func(t *testing.T, db *store.DB, s *place.Service)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := place.New(db, clock)
		if done, err := s.EnsureLoaded(t.Context()); err != nil || !done {
			t.Fatalf("first load: %v, %v", done, err)
		}
		test(t, db, s)
	})
}

// TestShipped asks one loaded database everything that changes nothing.
func TestShipped(t *testing.T) {
	loaded(t, func(t *testing.T, db *store.DB, s *place.Service) {
		for name, test := range map[string]func(*testing.T, *store.DB, *place.Service){
			"second load":  secondLoad,
			"as of":        asOf,
			"counts":       counts,
			"traps":        traps,
			"successions":  successions,
			"chains":       chains,
			"districts":    districts,
			"search":       search,
			"searchFilter": searchFilter,
			"dates":        anyDate,
			"targets":      targets,
			"missing":      missing,
		} {
			t.Run(name, func(t *testing.T) { test(t, db, s) })
		}
	})
}

func secondLoad(t *testing.T, _ *store.DB, s *place.Service) {
	if done, err := s.EnsureLoaded(t.Context()); err != nil || done {
		t.Fatalf("second load: %v, %v, want nothing to do", done, err)
	}
}

// A load that was cut off, or newer data, is read over what is there and leaves what the province has set.
func TestLoadAgain(t *testing.T) {
	loaded(t, func(t *testing.T, db *store.DB, s *place.Service) {
		ctx := t.Context()
		before := rows(t, db)
		p := must(s.Get(ctx, vietTri))(t)
		if err := s.SetRegion(ctx, systemActor, vietTri, p.Version, place.RegionMountainous); err != nil {
			t.Fatal(err)
		}
		area := must(s.CreateArea(ctx, systemActor, place.AreaDraft{CommuneID: vietTri, Name: "Khu 1"}))(t)
		if err := db.Write(ctx, func(tx *store.Tx) error {
			_, err := tx.Exec(ctx, `DELETE FROM setting WHERE key = $1`, "place.data")
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if done, err := s.EnsureLoaded(ctx); err != nil || !done {
			t.Fatalf("load over itself: %v, %v", done, err)
		}
		after := rows(t, db)
		before[0]++ // the area and its stay
		before[1]++
		if after != before {
			t.Errorf("rows of place, place_parent, place_succession, target: %v, want %v", after, before)
		}
		if p := must(s.Get(ctx, vietTri))(t); p.Region != place.RegionMountainous {
			t.Errorf("the region that was set is %q after the load", p.Region)
		}
		if _, err := s.Get(ctx, area.ID); err != nil {
			t.Errorf("the area is gone: %v", err)
		}
	})
}

func rows(t *testing.T, db *store.DB) (n [4]int) {
	t.Helper()
	for i, query := range []string{
		`SELECT count(*) FROM place`, `SELECT count(*) FROM place_parent`, `SELECT count(*) FROM place_succession`, `SELECT count(*) FROM target`,
	} {
		n[i] = count(t, db, query)
	}
	return n
}

func count(t *testing.T, db *store.DB, query string, args ...any) int {
	t.Helper()
	n, _, err := store.One(context.Background(), db.Read(), store.Value[int], query, args...)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// must fails the test on an error: must(s.Get(ctx, id))(t).
func must[T any](v T, err error) func(t testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func missing(t *testing.T, _ *store.DB, s *place.Service) {
	ctx := t.Context()
	for name, err := range map[string]error{
		"get":        second(s.Get(ctx, "x")),
		"empty":      second(s.Get(ctx, "")),
		"zero":       second(s.Get(ctx, "a\x00b")),
		"not UTF-8":  second(s.Path(ctx, nil, "\xff")),
		"no day":     second(s.At(ctx, vietTri, "\x00")),
		"under":      second(s.Find(ctx, "hoa binh", place.Filter{Under: "x"})),
		"too early":  second(s.At(ctx, vietTri, "2025-06-30")),
		"too late":   second(s.At(ctx, giaCam, "2025-07-01")),
		"path":       second(s.Path(ctx, nil, "x")),
		"children":   second(s.Children(ctx, "x", "")),
		"leaves":     second(s.Leaves(ctx, giaCam, today)),
		"ancestors":  second(s.Ancestors(ctx, "x", today)),
		"history":    second(s.History(ctx, "x")),
		"successors": second(s.Successors(ctx, "x", "")),
		"code":       second(s.ByCode(ctx, place.Commune, "07900", "0000-01-01")),
	} {
		if fault.KindOf(err) != fault.KindNotFound {
			t.Errorf("%s: %v, want not found", name, err)
		}
	}
	if names := must(s.Names(ctx, vietTri, "x", giaCam))(t); len(names) != 2 || names[giaCam] != "Phường Gia Cẩm" {
		t.Errorf("names: %v", names)
	}
}

func second[T any](_ T, err error) error { return err }
