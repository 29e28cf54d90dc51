// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package assessment_test

import (
	"errors"
	"strings"
	"sync"
	"testing"

	"hoctap/internal/assessment"
	"hoctap/internal/fault"
	"hoctap/internal/rollup"
	"hoctap/internal/store"
)

// Whatever somebody changes behind the program's back, one of the two verifications names it.
func TestVerifyFindsTampering(t *testing.T) {
	errUndo := errors.New("undo")
	shipped.Each(t, func(t *testing.T, db *store.DB) {
		w := build(t, db)
		w.more(4)
		for _, f := range w.families[:3] {
			w.save(w.of(f), assessment.StageArea, good())
		}
		w.minutes()
		w.send()
		w.exact()
		a := w.of(w.families[0])
		input, _, err := store.One(w.ctx, db.Read(), store.Value[string], `SELECT input FROM sheet WHERE place_id = $1 AND assessment_id = $2`, a.PlaceID, a.ID)
		w.ok(err)
		input = strings.ReplaceAll(input, " ", "")
		swap := func(pairs ...string) string {
			out := strings.NewReplacer(pairs...).Replace(input)
			if out == input {
				t.Fatalf("%v is not in %s", pairs, input)
			}
			return out
		}
		for name, c := range map[string]struct {
			cells, results int
			query          string
			args           []any
		}{
			"state":                {1, 0, `UPDATE assessment SET state = 'approved' WHERE place_id = $1 AND id = $2`, nil},
			"outcome":              {1, 1, `UPDATE assessment SET outcome = 'not_recognised' WHERE place_id = $1 AND id = $2`, nil},
			"total":                {0, 1, `UPDATE assessment SET total = total + 100 WHERE place_id = $1 AND id = $2`, nil},
			"total without sheet":  {0, 1, `UPDATE assessment SET total = 9000 WHERE place_id = $1 AND id = $2`, []any{a.PlaceID, w.of(w.families[3]).ID}},
			"row gone":             {1, 0, `DELETE FROM assessment WHERE place_id = $1 AND id = $2`, nil},
			"sheet's total":        {0, 1, `UPDATE sheet SET total = total - 100 WHERE place_id = $1 AND assessment_id = $2`, nil},
			"sheet's points":       {0, 1, `UPDATE sheet SET points = '{"A3": 1000}' WHERE place_id = $1 AND assessment_id = $2`, nil},
			"sheet gone":           {0, 1, `DELETE FROM sheet WHERE place_id = $1 AND assessment_id = $2`, nil},
			"sheet input":          {0, 1, `UPDATE sheet SET input = $1 WHERE place_id = $2 AND assessment_id = $3`, []any{swap(`{"p":800}`, `{"p":700}`), a.PlaceID, a.ID}},
			"points moved in it":   {0, 1, `UPDATE sheet SET input = $1 WHERE place_id = $2 AND assessment_id = $3`, []any{swap(`{"p":800}`, `{"p":900}`, `{"p":600}`, `{"p":500}`), a.PlaceID, a.ID}},
			"a gate in it":         {0, 1, `UPDATE sheet SET input = $1 WHERE place_id = $2 AND assessment_id = $3`, []any{swap(`"G3":true`, `"G3":false`), a.PlaceID, a.ID}},
			"input of another set": {0, 1, `UPDATE sheet SET input = $1 WHERE place_id = $2 AND assessment_id = $3`, []any{swap(`"A3"`, `"Z9"`), a.PlaceID, a.ID}},
			"cell":                 {1, 0, `UPDATE cell SET sent = sent + 1 WHERE place_id = $1 AND model = $2`, []any{a.PlaceID, "family"}},
			"cell gone":            {1, 0, `DELETE FROM cell WHERE place_id = $1 AND model = $2`, []any{a.PlaceID, "family"}},
		} {
			args := c.args
			if args == nil {
				args = []any{a.PlaceID, a.ID}
			}
			undo := w.keep()
			w.ok(db.Write(w.ctx, func(tx *store.Tx) error {
				n, err := tx.Exec(w.ctx, c.query, args...)
				if err == nil && n == 0 {
					err = errUndo
				}
				return err
			}))
			_, cells, err := rollup.Verify(w.ctx, db)
			w.ok(err)
			_, results, err := w.s.Verify(w.ctx)
			w.ok(err)
			if len(cells) != c.cells || len(results) != c.results {
				t.Errorf("%s: %d cells %+v, %d results %+v", name, len(cells), cells, len(results), results)
			}
			undo()
		}
		w.exact()
	})
}

// keep copies the tables that are verified, and returns what puts them back.
func (w *world) keep() func() {
	w.t.Helper()
	tables := []string{"assessment", "sheet", "cell"}
	each := func(queries ...string) {
		w.t.Helper()
		w.ok(w.db.Write(w.ctx, func(tx *store.Tx) error {
			for _, table := range tables {
				for _, q := range queries {
					if _, err := tx.Exec(w.ctx, strings.ReplaceAll(q, "TABLE_NAME", table)); err != nil {
						return err
					}
				}
			}
			return nil
		}))
	}
	each(`DROP TABLE IF EXISTS kept_TABLE_NAME`, `CREATE TABLE kept_TABLE_NAME AS SELECT * FROM TABLE_NAME`)
	return func() { each(`DELETE FROM TABLE_NAME`, `INSERT INTO TABLE_NAME SELECT * FROM kept_TABLE_NAME`) }
}

// Of many who save the same version at once exactly one wins; the others are told and nothing of theirs stays.
func TestOneSaverWinsEachVersion(t *testing.T) {
	const rivals = 32
	shipped.Each(t, func(t *testing.T, db *store.DB) {
		w := build(t, db)
		w.more(4)
		w.minutes()
		for range 3 {
			a := w.of(w.families[0])
			var wg sync.WaitGroup
			var mu sync.Mutex
			var won []assessment.Saved
			for i := range rivals {
				wg.Go(func() {
					saved, err := w.s.Save(w.ctx, w.volunteer(), assessment.Draft{PlaceID: a.PlaceID, ID: a.ID, Version: a.Version, Stage: assessment.StageArea, Entry: sheet(10, 6, i%5, 2)})
					mu.Lock()
					defer mu.Unlock()
					switch {
					case err == nil:
						won = append(won, saved)
					case fault.KindOf(err) != fault.KindStale:
						t.Errorf("a rival got %v", err)
					}
				})
			}
			wg.Wait()
			if len(won) != 1 {
				t.Fatalf("%d of %d saved version %d", len(won), rivals, a.Version)
			}
			now := w.of(w.families[0])
			if now.Version != a.Version+1 || *now.Total != *won[0].Assessment.Total {
				t.Errorf("the winner saved %v, kept is %v in version %d after %d", *won[0].Assessment.Total, *now.Total, now.Version, a.Version)
			}
			w.exact()
		}
		lines, _, err := store.One(w.ctx, db.Read(), store.Value[int], `SELECT count(*) FROM journal WHERE thing = 'assessment' AND act = 'score'`)
		w.ok(err)
		if lines != 3 {
			t.Errorf("%d journal lines on three saves", lines)
		}
		// The same with the commune's reasons, which would otherwise be left behind by those who lose.
		w.send()
		a := w.of(w.families[0])
		var wg sync.WaitGroup
		for range rivals {
			wg.Go(func() {
				d := assessment.Draft{PlaceID: a.PlaceID, ID: a.ID, Version: a.Version, Stage: assessment.StageAppraisal, Entry: sheet(7, 6, 4, 2),
					Reasons: map[string]string{"A3": "Xem lại", "C1": "Xem lại"}}
				if _, faults, err := w.s.SaveAll(w.ctx, w.reviewer(), []assessment.Draft{d}); err != nil || faults[0] != nil && fault.KindOf(faults[0]) != fault.KindStale {
					t.Errorf("a rival got %v, %v", err, faults)
				}
			})
		}
		wg.Wait()
		f, err := w.s.Get(w.ctx, w.reviewer(), a.PlaceID, a.ID)
		w.ok(err)
		if f.Assessment.Version != a.Version+1 || len(f.Remarks) != 2 {
			t.Errorf("version %d after %d with %d reasons, want 2", f.Assessment.Version, a.Version, len(f.Remarks))
		}
		w.exact()
	})
}

// Minutes that several people begin at once belong to one of them.
func TestOneBeginsTheMinutes(t *testing.T) {
	shipped.Each(t, func(t *testing.T, db *store.DB) {
		w := build(t, db)
		begin := func(model, chair string) error {
			_, err := w.s.SaveMinutes(w.ctx, w.volunteer(), assessment.Minutes{PlaceID: w.area, RoundID: w.round.ID, Model: model, HeldOn: "2026-11-17", Chair: chair, Secretary: "Thư ký",
				Present: 20}, nil)
			return err
		}
		if err := begin("commune", "a"); fault.KindOf(err) != fault.KindNotFound {
			t.Errorf("minutes of a model that takes no part: %v", err)
		}
		var wg sync.WaitGroup
		var mu sync.Mutex
		won := 0
		for i := range 8 {
			wg.Go(func() {
				err := begin("family", "Người thứ "+string(rune('1'+i)))
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					won++
				} else if fault.KindOf(err) != fault.KindStale {
					t.Errorf("a rival got %v", err)
				}
			})
		}
		wg.Wait()
		if won != 1 {
			t.Errorf("%d began the minutes", won)
		}
		m, err := w.s.MinutesOf(w.ctx, w.area, w.round.ID, "family")
		w.ok(err)
		m.Opinion = "Nhất trí"
		if m, err = w.s.SaveMinutes(w.ctx, w.volunteer(), m, nil); err != nil || m.Version != 2 {
			t.Errorf("saved again in version %d: %v", m.Version, err)
		}
	})
}
