// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package backup_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"hoctap/internal/backup"
	"hoctap/internal/fault"
	"hoctap/internal/object"
	"hoctap/internal/object/objecttest"
	"hoctap/internal/store"
	"hoctap/internal/store/storetest"
)

func TestKeep(t *testing.T) {
	at := func(day string, hour int) string { // in Vietnam
		d, err := time.ParseInLocation(time.DateOnly, day, store.Zone)
		if err != nil {
			t.Fatal(err)
		}
		return d.Add(time.Duration(hour)*time.Hour).UTC().Format("20060102T150405Z") + "-0000000000"
	}
	all := []string{at("2024-12-31", 22), at("2025-06-30", 6), at("2026-01-01", 6), at("2026-10-31", 23), at("2026-11-01", 1), at("2026-11-15", 6), at("2026-11-16", 6),
		at("2026-11-22", 6), at("2026-11-23", 6), at("2026-11-24", 6), at("2026-11-24", 23), at("2026-11-25", 1)}
	for name, c := range map[string]struct {
		keep backup.Keep
		want []int // of all
	}{
		"nothing asked": {backup.Keep{}, []int{11}},
		"days":          {backup.Keep{Daily: 3}, []int{8, 10, 11}},
		"weeks":         {backup.Keep{Weekly: 3}, []int{5, 7, 11}}, // Mondays are the 16th and 23rd
		"months":        {backup.Keep{Monthly: 2}, []int{3, 11}},
		"years":         {backup.Keep{Yearly: 5}, []int{0, 1, 11}},
		"days, years":   {backup.Keep{Daily: 2, Yearly: 2}, []int{1, 10, 11}},
		"more than all": {backup.Keep{Daily: 99}, []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11}},
	} {
		var got []int
		kept := c.keep.Of(all)
		for i, id := range all {
			if kept[id] {
				got = append(got, i)
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// Old copies go with the parts that only they need; what stays can be put back.
func TestPrune(t *testing.T) {
	for name, place := range map[string]func(*testing.T) object.Store{"folder": nil, "s3": func(t *testing.T) object.Store { return objecttest.Start(t).Open("x") }} {
		t.Run(name, func(t *testing.T) {
			v := newVault(t)
			if place != nil {
				v.Folder = backup.Open(place(t))
			}
			db := storetest.SQLite(t)
			fill(t, db, 2000)
			v.put("tấm ảnh đầu")
			var ids []string
			for day := range 6 {
				v.put(fmt.Sprint("ảnh ", day))
				v.ok(db.Write(t.Context(), func(tx *store.Tx) error {
					_, err := tx.Exec(t.Context(), `UPDATE journal_unsealed SET reason = $1 WHERE id = '00100'`, fmt.Sprint(day))
					return err
				}))
				ids = append(ids, v.copy(db, noon.AddDate(0, 0, day)).Copy)
			}
			keep := backup.Keep{Daily: 2}
			if done, err := v.Prune(t.Context(), keep, noon, false); err != nil || len(done.Copies) != 4 || done.Parts != 0 {
				t.Errorf("young parts: %+v, %v", done, err)
			}
			backup.Youngest(t, -time.Minute)
			dry, err := v.Prune(t.Context(), keep, noon, true)
			v.ok(err)
			done, err := v.Prune(t.Context(), keep, noon, false)
			v.ok(err)
			if dry.Parts != done.Parts || dry.Bytes != done.Bytes || done.Parts < 4 {
				t.Errorf("dry %+v, then %+v", dry, done)
			}
			left, err := v.List(t.Context())
			v.ok(err)
			if !slices.Equal(left, ids[4:]) {
				t.Errorf("left: %v", left)
			}
			if checked, wrong, err := v.Verify(t.Context(), v.with); err != nil || len(wrong) > 0 || checked.Copies != 2 {
				t.Errorf("%+v, %v, %v", checked, wrong, err)
			}
			if again, err := v.Prune(t.Context(), keep, noon, false); err != nil || again.Parts+len(again.Copies) > 0 {
				t.Errorf("again: %+v, %v", again, err)
			}
			_, err = v.Restore(t.Context(), left[0], v.with, backup.Target{Address: "sqlite:" + filepath.Join(t.TempDir(), "x.db"), Files: v.files, Keys: filepath.Join(t.TempDir(), "k")})
			v.ok(err)
		})
	}
}

// Copies are made and thrown away at the same time, by many: whatever counts as a copy is whole.
func TestPruneWhileMaking(t *testing.T) {
	v := newVault(t)
	db := storetest.SQLite(t)
	fill(t, db, 1500)
	backup.Youngest(t, -time.Minute) // the harshest: nothing is spared for its age
	var all sync.WaitGroup
	for g := range 3 {
		all.Go(func() {
			for i := range 4 {
				if _, err := v.Make(t.Context(), v.source(db), v.to, noon.Add(time.Duration(i*3+g)*time.Hour)); err != nil {
					t.Error(err)
				}
				err := db.Write(t.Context(), func(tx *store.Tx) error { // back and forth: parts that were not needed are needed again
					_, err := tx.Exec(t.Context(), `UPDATE journal_unsealed SET reason = $1 WHERE id < '00300'`, strings.Repeat("x", i%2))
					return err
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	pruned, busy := 0, 0
	stop := make(chan struct{})
	var pruner sync.WaitGroup
	pruner.Go(func() {
		for {
			select {
			case <-stop:
				return
			case <-time.After(20 * time.Millisecond):
			}
			done, err := v.Prune(t.Context(), backup.Keep{Daily: 1}, noon, false)
			switch {
			case err == nil:
				pruned += len(done.Copies)
			case fault.KindOf(err) == fault.KindConflict:
				busy++
			default:
				t.Error(err)
			}
		}
	})
	all.Wait()
	close(stop)
	pruner.Wait()
	if done, err := v.Prune(t.Context(), backup.Keep{Daily: 1}, noon, false); err != nil {
		t.Error(err)
	} else {
		pruned += len(done.Copies)
	}
	if _, wrong, err := v.Verify(t.Context(), v.with); err != nil || len(wrong) > 0 {
		t.Errorf("%v, %v", wrong, err)
	}
	if pruned == 0 {
		t.Error("nothing was thrown away")
	}
	t.Logf("%d thrown away, %d times busy", pruned, busy)
}
