// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package place_test

import (
	"testing"

	"hoctap/internal/place"
	"hoctap/internal/store"
)

func targets(t *testing.T, db *store.DB, s *place.Service) {
	list := must(s.Targets(t.Context()))(t)
	for _, c := range []struct {
		model   string
		year    int
		region  string
		percent int
		stated  bool
		from    int
		to      int
		ok      bool
	}{
		{"family", 2025, place.RegionDefault, 85_00, true, 2025, 2025, true},
		{"family", 2030, place.RegionDefault, 95_00, true, 2030, 2030, true},
		{"family", 2026, place.RegionDefault, 87_00, false, 2025, 2030, true},
		{"clan", 2026, place.RegionDefault, 78_00, false, 2025, 2030, true},
		{"unit", 2029, place.RegionDefault, 99_00, false, 2025, 2030, true},
		{"family", 2020, place.RegionDefault, 70_00, true, 2020, 2020, true},
		{"family", 2020, place.RegionMountainous, 60_00, true, 2020, 2020, true},
		{"family", 2022, place.RegionDefault, 76_00, false, 2020, 2025, true},
		{"family", 2022, place.RegionMountainous, 70_00, false, 2020, 2025, true},
		{"family", 2025, place.RegionMountainous, 85_00, true, 2025, 2025, true},
		{"family", 2020, place.RegionEspeciallyDifficult, 70_00, true, 2020, 2020, true},
		{"citizen", 2025, place.RegionDefault, 60_00, true, 2025, 2025, true},
		{"citizen", 2027, place.RegionDefault, 68_00, false, 2025, 2030, true},
		{"family", 2019, place.RegionDefault, 0, false, 0, 0, false},
		{"family", 2031, place.RegionDefault, 0, false, 0, 0, false},
		{"commune", 2025, place.RegionDefault, 0, false, 0, 0, false},
		{"", 2025, place.RegionDefault, 0, false, 0, 0, false},
	} {
		percent, stated, from, to, ok := place.Target(list, c.model, c.year, c.region)
		if percent != c.percent || stated != c.stated || ok != c.ok || from.Year != c.from || to.Year != c.to {
			t.Errorf("%s %d %s: %d stated %v from %d to %d ok %v, want %+v", c.model, c.year, c.region, percent, stated, from.Year, to.Year, ok, c)
		}
	}
	if _, _, from, _, _ := place.Target(list, "citizen", 2025, ""); from.Programme != "phutho1767" || from.Whom == "" || !from.Verified {
		t.Errorf("citizens: %+v", from)
	}
	measures, unknown, weak := 0, 0, 0
	for _, g := range list {
		if g.Model == "" {
			measures++
		}
		if !g.Known {
			unknown++
		}
		if !g.Verified {
			weak++
		}
	}
	if len(list) != 50 || measures != 15 || unknown != 4 || weak != 7 {
		t.Errorf("%d targets, %d of them other measures, %d without a figure, %d unverified", len(list), measures, unknown, weak)
	}
}
