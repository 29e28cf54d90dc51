// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package registry_test

import (
	"testing"
	"time"

	"hoctap/internal/registry"
	"hoctap/internal/store"
)

func TestAdult(t *testing.T) {
	for _, c := range []struct {
		birth int
		day   string
		want  bool
	}{{2008, "2026-12-30", false}, {2008, "2026-12-31", true}, {2007, "2026-01-01", true}, {2010, "2026-11-25", false}, {0, "2026-11-25", false}} {
		if got := registry.Adult(c.birth, c.day); got != c.want {
			t.Errorf("born %d, on %s: %v", c.birth, c.day, got)
		}
	}
}

// A child is named in public by nobody's single word; one that has turned 18 is asked anew.
func TestMayName(t *testing.T) {
	each(t, func(w *world) {
		ctx := w.Context()
		f := w.family(w.khu1, "Hà Văn Chiến")
		grown, young, unknown := w.citizen(w.khu1, f.ID, "Hà Thị Mai", 1990), w.citizen(w.khu1, f.ID, "Hà Thị Bé", 2010), w.citizen(w.khu1, f.ID, "Hà Văn Lạ", 0)
		agree := func(r registry.Subject, day string) {
			w.write(func(tx *store.Tx) error {
				_, err := tx.Exec(ctx, `INSERT INTO consent (place_id, id, subject_id, name, purpose, words, way, given_on, by_id, at) VALUES ($1, $2, $3, $4, 'show_name', 'x', 'paper', $5, '', 0)`,
					r.PlaceID, store.NewID(), r.ID, r.Name, day)
				return err
			})
		}
		may := func(r registry.Subject) bool {
			w.Helper()
			ok, err := w.MayName(ctx, r.PlaceID, r.ID, r.Name)
			if err != nil {
				w.Fatal(err)
			}
			return ok
		}
		for _, r := range []registry.Subject{grown, young, unknown} {
			if may(r) {
				w.Errorf("%s without consent", r.Name)
			}
			agree(r, "2026-11-01")
		}
		if !may(grown) || may(young) || may(unknown) {
			w.Errorf("grown %v, young %v, unknown %v", may(grown), may(young), may(unknown))
		}
		for _, r := range []registry.Subject{young, unknown} {
			w.write(func(tx *store.Tx) error {
				_, err := tx.Exec(ctx, `UPDATE consent SET by_person = 'both', representative = 'Mẹ Của Bé', ask_again_on = '2028-01-01' WHERE subject_id = $1`, r.ID)
				return err
			})
		}
		if !may(young) || may(unknown) {
			w.Error("what both agreed to does not count, or counts for one whose age nobody knows")
		}
		w.clock.Store(time.Date(2028, 12, 31, 8, 0, 0, 0, store.Zone).UnixMicro())
		if may(young) {
			w.Error("at 18 the consent of the child still counts")
		}
		agree(young, "2028-12-31")
		if !may(young) {
			w.Error("asked anew as an adult")
		}
	})
}
