// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package place_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"hoctap/internal/place"
	"hoctap/internal/store"

	"pgregory.net/rapid"
)

// On any day each place has at most one parent, its path is the chain of its parents, all of which exist on that day, and
// the leaves of a province are those of its communes and its own.
func anyDate(t *testing.T, db *store.DB, s *place.Service) {
	const (
		overlaps = `SELECT count(*) FROM place_parent a JOIN place_parent b ON b.place_id = a.place_id AND b.valid_from > a.valid_from
			AND b.valid_from <= a.valid_to`
		broken = `SELECT count(*) FROM place_parent c WHERE c.parent_id <> '' AND NOT EXISTS (
			SELECT 1 FROM place_parent p JOIN place q ON q.id = p.place_id WHERE p.place_id = c.parent_id
				AND p.valid_from <= c.valid_from AND p.valid_to >= c.valid_to AND q.valid_from <= c.valid_from AND q.valid_to >= c.valid_to
				AND c.path = p.path || c.place_id || '/')`
	)
	if n := count(t, db, overlaps); n != 0 {
		t.Errorf("%d stays overlap", n)
	}
	if n := count(t, db, broken); n != 0 {
		t.Errorf("%d stays lie in a place that did not exist then, or have another path than its", n)
	}
	start := time.Date(2018, 1, 1, 0, 0, 0, 0, time.UTC)
	provinces := []string{phuTho, oldPhuTho, vinhPhuc, hoaBinh, "75@2025-07-01", "75@2026-04-30", "01@2025-07-01"}
	rapid.Check(t, func(r *rapid.T) {
		date := start.AddDate(0, 0, rapid.IntRange(0, 9*366).Draw(r, "day")).Format(time.DateOnly)
		id := rapid.SampledFrom(provinces).Draw(r, "province")
		p := must(s.Get(t.Context(), id))(t)
		if !p.On(date) {
			if _, err := s.Leaves(t.Context(), id, date); err == nil {
				r.Fatalf("%s has leaves on %s, when it did not exist", id, date)
			}
			return
		}
		children := must(s.Children(t.Context(), id, date))(t)
		child := rapid.SampledFrom(children).Draw(r, "child")
		if child.ParentID != id || child.Path != p.Path+child.ID+"/" {
			r.Fatalf("child of %s on %s: %+v", p.Path, date, child)
		}
		var all, parts []string
		for _, leaf := range must(s.Leaves(t.Context(), id, date))(t) {
			if !leaf.Leaf() || !leaf.On(date) || leaf.ProvinceID != id {
				r.Fatalf("leaf of %s on %s: %+v", id, date, leaf)
			}
			if strings.HasPrefix(leaf.Path, child.Path) {
				all = append(all, leaf.ID)
			}
		}
		for _, leaf := range must(s.Leaves(t.Context(), child.ID, date))(t) {
			parts = append(parts, leaf.ID)
		}
		if !slices.Equal(all, parts) {
			r.Fatalf("below %s on %s: %v from above, %v from itself", child.ID, date, all, parts)
		}
	})
}
