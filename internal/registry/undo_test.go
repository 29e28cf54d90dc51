// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package registry_test

import (
	"slices"
	"testing"

	"hoctap/internal/registry"
)

// Several rows of one list that change the same family are taken back like one.
func TestUndoOfRowsOnOneFamily(t *testing.T) {
	each(t, func(w *world) {
		ctx := w.Context()
		w.family(w.khu1, "Bùi Văn Ba", born(1970), members(4))
		before := w.everything()
		b := w.checked(officer, w.khu1, registry.Family, csv("Chủ hộ,Năm sinh,NK", "Bùi Văn Ba,1970,5", "Hà Thị Một,1980,3", "Bùi Văn Ba,1970,6", "Bùi Văn Ba,1970,7"))
		for _, no := range []int{2, 4, 5} {
			var err error
			if _, b, err = w.Choose(ctx, officer, b.ID, no, registry.UpdateExisting); err != nil {
				w.Fatal(err)
			}
		}
		b = w.imported(b, false)
		if page, err := w.Find(ctx, officer, registry.Filter{PlaceID: w.khu1, Model: registry.Family, Query: "bui van ba"}); err != nil || len(page.Subjects) != 1 || page.Subjects[0].Members != 7 {
			w.Fatalf("imported %+v, %v", page.Subjects, err)
		}
		b, left, err := w.Undo(ctx, officer, b.ID, b.Version)
		if err != nil || len(left) > 0 || b.Counts.Undone != 4 || b.Counts.Kept != 0 {
			w.Errorf("left %+v of %+v, %v", left, b.Counts, err)
		}
		if after := w.everything(); !slices.Equal(before, after) {
			w.Errorf("after the undo:\n%q\nwas:\n%q", after, before)
		}
	})
}
