// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package place_test

import (
	"testing"

	"hoctap/internal/fault"
	"hoctap/internal/place"
	"hoctap/internal/store/storetest"
)

// Whatever is typed, a search ends with places that are on record, as many as were asked for at most.
func FuzzFind(f *testing.F) {
	s := place.New(storetest.SQLite(f), clock)
	if _, err := s.EnsureLoaded(f.Context()); err != nil {
		f.Fatal(err)
	}
	for _, seed := range []string{"hoa binh", "Yên Lãng, Thanh Sơn", "%", "_a_", "'; --", "\xff\xfe", "a\x00b", "|x|", ",,,", "07900", "ß", "İ"} {
		f.Add(seed, "", 5)
	}
	f.Add("son", "2023-01-01", -1)
	f.Add("son", "no day", 1<<40)
	f.Fuzz(func(t *testing.T, query, date string, limit int) {
		hits, err := s.Find(t.Context(), query, place.Filter{Date: date, Limit: limit})
		if err != nil && fault.KindOf(err) != fault.KindInvalid {
			t.Fatal(err)
		}
		if len(hits) > 200 || limit > 0 && len(hits) > limit {
			t.Errorf("%d hits", len(hits))
		}
		for _, h := range hits {
			if h.ID == "" || h.Path == "" || h.Current && h.Now != nil {
				t.Errorf("hit %+v", h)
			}
		}
	})
}
