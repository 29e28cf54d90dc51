// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package assessment_test

import (
	"encoding/json"
	"testing"
	"time"

	"hoctap/internal/assessment"
	"hoctap/internal/fault"
	"hoctap/internal/store"
)

// What saving a row answers is what reading it would, whichever stage the day belongs to.
func TestSavedRowIsTheRowReadAgain(t *testing.T) {
	shipped.Each(t, func(t *testing.T, db *store.DB) {
		w := build(t, db)
		w.register()
		w.registers(w.families[0], "3")
		for _, stage := range []assessment.Stage{assessment.StageSelf, assessment.StageArea} {
			a := w.list()[0]
			b, err := w.s.SaveRow(w.ctx, w.volunteer(), assessment.Draft{PlaceID: a.PlaceID, ID: a.ID, Version: a.Version, Entry: good()})
			w.ok(err)
			if b.Stage != stage {
				t.Errorf("saved as the %s's sheet, want the %s's", b.Stage, stage)
			}
			read, err := w.s.Row(w.ctx, w.volunteer(), a.PlaceID, a.ID)
			w.ok(err)
			for what, pair := range map[string][2]any{
				"assessment": {b.Rows[0].Assessment, read.Rows[0].Assessment}, "subject": {b.Rows[0].Subject, read.Rows[0].Subject},
				"entry": {b.Rows[0].Entry, read.Rows[0].Entry}, "result": {b.Rows[0].Result, read.Rows[0].Result}, "own": {b.Rows[0].Own, read.Rows[0].Own},
				"input": {b.Rows[0].Input, read.Rows[0].Input}, "previous": {b.Rows[0].Previous, read.Rows[0].Previous}, "locked": {b.Rows[0].Locked, read.Rows[0].Locked},
			} {
				if saved, again := shown(t, pair[0]), shown(t, pair[1]); saved != again {
					t.Errorf("%s by saving: %s\nby reading: %s", what, saved, again)
				}
			}
			if stage == assessment.StageSelf {
				w.minutes() // from now on what the area saves is the area's
			}
		}
		w.exact()
		w.at = time.Date(2026, 9, 1, 8, 0, 0, 0, store.Zone)
		now := w.list()[0]
		_, err := w.s.SaveRow(w.ctx, w.volunteer(), assessment.Draft{PlaceID: now.PlaceID, ID: now.ID, Version: now.Version, Entry: good()})
		if f, ok := fault.As(err); !ok || f.Key != "round.early" {
			t.Errorf("a row saved in September: %v", err)
		}
	})
}

func shown(t *testing.T, value any) string {
	t.Helper()
	if a, ok := value.(assessment.Assessment); ok {
		a.RegisteredAt, a.SentAt, a.UpdatedAt = a.RegisteredAt.UTC(), a.SentAt.UTC(), a.UpdatedAt.UTC()
		value = a
	}
	b, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
