// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package place_test

import (
	"testing"
	"time"

	"hoctap/internal/place"
	"hoctap/internal/store"
	"hoctap/internal/store/storetest"
)

// today is the day all tests of this package are run on.
const today = "2026-11-25"

func clock() time.Time { return time.Date(2026, 11, 25, 8, 0, 0, 0, store.Zone) }

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

func TestLoad(t *testing.T) {
	loaded(t, func(t *testing.T, db *store.DB, s *place.Service) {
		start := time.Now()
		if done, err := s.EnsureLoaded(t.Context()); err != nil || done {
			t.Fatalf("second load: %v, %v, want nothing to do", done, err)
		}
		t.Logf("second: %v", time.Since(start))
	})
}
