// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package registry_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"hoctap/internal/fault"
	"hoctap/internal/registry"
	"hoctap/internal/store/storetest"

	"pgregory.net/rapid"
)

// Whatever list is imported and however its rows are mended, the undo leaves the registry as it was; the counts of the batch are
// those of its rows at every step.
func TestImportUndone(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t))
	ctx := w.Context()
	names := []string{"Bùi Văn Ba", "BÙI VĂN BA", "Lê Thị Tư", "", "Bïi V¨n Ba", "Hà Văn Chiến", "7"}
	areas := []string{"Khu 1", "khu 01", "Khu 2", "Khu Đồi Chiêng", "Khu 7", ""}
	numbers := []string{"", "4", "0", "bốn", "1,5", "99"}
	years := []string{"", "1970", "12/31/1970", "45291", "70", "3000"}
	rapid.Check(t, func(t *rapid.T) {
		for range rapid.IntRange(0, 3).Draw(t, "there") {
			d := registry.Draft{PlaceID: w.khu1, Model: registry.Family, Name: rapid.SampledFrom([]string{"Bùi Văn Ba", "Hà Văn Chiến"}).Draw(t, "name")}
			if _, err := w.Save(ctx, officer, d); err != nil {
				t.Fatal(err)
			}
		}
		lines := []string{"Chủ hộ,Thôn/Khu,Số nhân khẩu,Năm sinh"}
		for range rapid.IntRange(1, 12).Draw(t, "rows") {
			lines = append(lines, fmt.Sprintf("%s,%s,%q,%s", rapid.SampledFrom(names).Draw(t, "n"), rapid.SampledFrom(areas).Draw(t, "a"),
				rapid.SampledFrom(numbers).Draw(t, "m"), rapid.SampledFrom(years).Draw(t, "y")))
		}
		src := csv(lines...)
		b, err := w.Upload(ctx, officer, registry.Upload{Source: src, PlaceID: hyCuong, Model: registry.Family, FileName: "a.csv"})
		if err != nil {
			t.Fatal(err)
		}
		if b, err = w.Check(ctx, officer, b.ID, b.Version, src); err != nil {
			t.Fatal(err)
		}
		before := w.everything()
		for range rapid.IntRange(0, 6).Draw(t, "mends") {
			rows := w.rows(b.ID)
			if len(rows) == 0 {
				break
			}
			r := rapid.SampledFrom(rows).Draw(t, "row")
			switch rapid.IntRange(0, 3).Draw(t, "how") {
			case 0:
				_, b, err = w.EditCell(ctx, officer, b.ID, r.No, "name", rapid.SampledFrom(names).Draw(t, "name"))
			case 1:
				_, b, err = w.EditCell(ctx, officer, b.ID, r.No, "area", rapid.SampledFrom(areas[:4]).Draw(t, "area"))
			case 2:
				_, b, err = w.Choose(ctx, officer, b.ID, r.No, rapid.SampledFrom([]string{"", "keep", "update", "both"}).Draw(t, "choice"))
			case 3:
				var groups []string
				for _, o := range b.Counts.Fixes {
					if o.Kind != "create_area" {
						groups = append(groups, o.Group)
					}
				}
				if len(groups) > 0 {
					b, err = w.ApplyFix(ctx, officer, b.ID, rapid.SampledFrom(groups).Draw(t, "fix"))
				}
			}
			if err != nil && kind(err) != fault.KindNotFound {
				t.Fatal(err)
			}
			if err != nil {
				if b, err = w.Batch(ctx, officer, b.ID); err != nil {
					t.Fatal(err)
				}
			}
			sameCounts(t, w, b)
		}
		for range rapid.IntRange(1, 2).Draw(t, "imports") {
			if b, err = w.Import(ctx, officer, b.ID, b.Version, rapid.Bool().Draw(t, "doubts"), nil); err != nil {
				t.Fatal(err)
			}
			sameCounts(t, w, b)
		}
		b, left, err := w.Undo(ctx, officer, b.ID, b.Version)
		if err != nil || len(left) > 0 {
			t.Fatalf("%v, %v", left, err)
		}
		sameCounts(t, w, b)
		if got := w.everything(); !slices.Equal(got, before) {
			t.Fatalf("after the undo:\n%s\nbefore:\n%s", strings.Join(got, "\n"), strings.Join(before, "\n"))
		}
	})
}

// sameCounts compares a batch's counter with its rows.
func sameCounts(t *rapid.T, w *world, b registry.Batch) {
	t.Helper()
	have := map[registry.RowState]int{}
	offered := map[string]int{}
	for _, r := range w.rows(b.ID) {
		have[r.State]++
		groups := map[string]bool{}
		for _, i := range r.Issues {
			for _, f := range i.Fixes {
				groups[f.Group] = true
			}
		}
		for g := range groups {
			if slices.Contains(registry.LookAt, r.State) {
				offered[g]++
			}
		}
	}
	c := b.Counts
	for state, n := range map[registry.RowState]int{
		registry.RowReady: c.Ready, registry.RowError: c.Error, registry.RowDoubt: c.Doubt, registry.RowDuplicate: c.Duplicate,
		registry.RowSkipped: c.Skipped, registry.RowImported: c.Imported, registry.RowUndone: c.Undone,
	} {
		if have[state] != n {
			t.Fatalf("%s: counted %d, there are %d", state, n, have[state])
		}
	}
	for _, o := range c.Fixes {
		if offered[o.Group] != o.Rows {
			t.Fatalf("offer %s says %d rows, there are %d", o.Group, o.Rows, offered[o.Group])
		}
		delete(offered, o.Group)
	}
	if len(offered) > 0 {
		t.Fatalf("not offered: %v", offered)
	}
}

// FuzzImport reads any bytes as a list: never a panic, and what is imported obeys the rules.
func FuzzImport(f *testing.F) {
	f.Add([]byte("Chủ hộ,Khu,NK\nBùi Văn Ba,Khu 1,4\n"))
	f.Add([]byte("Họ và tên,Năm sinh;Giới tính\n\x00,\xff\n"))
	f.Add([]byte("\xef\xbb\xbfChủ hộ\tThôn\nL\xaa Quang H\xb6i\tKhu 1\n"))
	f.Add([]byte("STT,Chủ hộ,Xã,Khu\nI,Khu 2,,\n1,=cmd(),Chu Hóa,KDC 00001\n"))
	db := storetest.SQLite(f)
	var w *world
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 4096 {
			return
		}
		if w == nil {
			w = newWorld(t, db)
		}
		w.TB = t
		ctx := t.Context()
		for _, model := range registry.ImportModels {
			src := registry.Source{File: bytes.NewReader(data), Size: int64(len(data))}
			b, err := w.Upload(ctx, officer, registry.Upload{Source: src, PlaceID: hyCuong, Model: model, FileName: "a.csv"})
			if err != nil {
				if kind(err) == fault.KindInternal {
					t.Fatal(err)
				}
				return
			}
			if !b.Mapping.Sheets[0].Use {
				m := b.Mapping
				m.Sheets[0].Use, m.Sheets[0].Columns = true, map[string]int{}
				for i, c := range registry.ImportColumns(model) {
					m.Sheets[0].Columns[c.Key] = i
				}
				if b, err = w.Map(ctx, officer, b.ID, b.Version, m); err != nil {
					t.Fatal(err)
				}
			}
			if b, err = w.Check(ctx, officer, b.ID, b.Version, src); err != nil {
				if kind(err) == fault.KindInternal {
					t.Fatal(err)
				}
				continue
			}
			if b, err = w.Import(ctx, officer, b.ID, b.Version, true, nil); err != nil {
				t.Fatal(err)
			}
			if _, left, err := w.Undo(ctx, officer, b.ID, b.Version); err != nil || len(left) > 0 {
				t.Fatalf("%v, %v", left, err)
			}
		}
	})
}
