// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package registry_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"hoctap/internal/fault"
	"hoctap/internal/registry"
	"hoctap/internal/sheet"
)

// One sheet per area, or a line over the records that names it: the usual ways to leave the column out.
func TestAreaWithoutColumn(t *testing.T) {
	each(t, func(w *world) {
		f := excelize.NewFile()
		defer f.Close()
		for name, head := range map[string]string{"KHU 02": "Bùi Văn Hai", "Khu 1": "Bùi Văn Một"} {
			if _, err := f.NewSheet(name); err != nil {
				w.Fatal(err)
			}
			f.SetSheetRow(name, "A1", &[]any{"STT", "Chủ hộ", "Nhân khẩu"})
			f.SetSheetRow(name, "A2", &[]any{1, head, 4})
		}
		f.DeleteSheet("Sheet1")
		var out bytes.Buffer
		if err := f.Write(&out); err != nil {
			w.Fatal(err)
		}
		b := w.checked(officer, hyCuong, registry.Family, registry.Source{File: bytes.NewReader(out.Bytes()), Size: int64(out.Len())})
		w.imported(b, false)
		b = w.checked(officer, hyCuong, registry.Family, csv("STT,Chủ hộ,Nhân khẩu", "I,Khu Đồi Chiềng,", "1,Bùi Văn Ba,4", "II,Khu 1,", "1,Bùi Văn Bốn,4"))
		w.imported(b, false)
		b = w.checked(officer, hyCuong, registry.Family, csv("Chủ hộ,Nhân khẩu,Địa chỉ", `Bùi Văn Sáu,4,"Ngõ 3, khu 2, xã Hy Cương"`, `Bùi Văn Bảy,4,ở xa`))
		if b.Counts.Ready != 1 || b.Counts.Error != 1 {
			w.Errorf("by address %+v", b.Counts)
		}
		w.imported(b, false)
		for id, want := range map[string]string{w.khu1: "Bùi Văn Bốn, Bùi Văn Một", w.khu2: "Bùi Văn Hai, Bùi Văn Sáu", w.doi: "Bùi Văn Ba"} {
			if got := strings.Join(w.names(id, registry.Family), ", "); got != want {
				w.Errorf("%s, want %s", got, want)
			}
		}
	})
}

func TestMappingIsRemembered(t *testing.T) {
	each(t, func(w *world) {
		ctx := w.Context()
		src := csv("Họ tên người đứng tên,Cột X,Nhân khẩu", "Bùi Văn Ba,Khu 1,4")
		b, err := w.Upload(ctx, officer, registry.Upload{Source: src, PlaceID: hyCuong, Model: registry.Family, FileName: "a.csv"})
		if err != nil {
			w.Fatal(err)
		}
		rows, err := w.Preview(ctx, officer, b.ID, src, 0)
		if err != nil || len(rows) != 2 {
			w.Fatalf("%v, %v", rows, err)
		}
		m := registry.Mapping{Sheets: []registry.SheetMapping{{Index: 0, Use: true, First: 1, Last: 1, Columns: map[string]int{"name": 0, "area": 0}}}}
		if _, err := w.Map(ctx, officer, b.ID, b.Version, m); !strings.Contains(key(err), "registry.column_twice") {
			w.Errorf("one column twice: %v", err)
		}
		m.Sheets[0].Columns = map[string]int{"area": 1}
		if _, err := w.Map(ctx, officer, b.ID, b.Version, m); key(err) != "invalid; name registry.column_missing" {
			w.Errorf("no name: %v", err)
		}
		m.Sheets[0].Columns = map[string]int{"name": 0, "area": 1, "members": 2}
		if b, err = w.Map(ctx, officer, b.ID, b.Version, m); err != nil {
			w.Fatal(err)
		}
		if _, err := w.Map(ctx, officer, b.ID, b.Version-1, m); kind(err) != fault.KindStale {
			w.Errorf("an old version: %v", err)
		}
		again, err := w.Upload(ctx, officer, registry.Upload{Source: csv("HỌ TÊN NGƯỜI ĐỨNG TÊN,cột x,Nhân khẩu", "Lê Văn Tư,Khu 2,3"), PlaceID: hyCuong, Model: registry.Family, FileName: "b.csv"})
		if err != nil {
			w.Fatal(err)
		}
		if s := again.Mapping.Sheets[0]; !s.Remembered || s.Columns["area"] != 1 || !s.Use {
			w.Errorf("the second time: %+v", s)
		}
	})
}

func TestHeaderMissing(t *testing.T) {
	w := newWorld(t, sqlite(t))
	src := csv("a,b", "1,2")
	b, err := w.Upload(w.Context(), officer, registry.Upload{Source: src, PlaceID: hyCuong, Model: registry.Family, FileName: "a.csv"})
	if err != nil || b.Mapping.Sheets[0].Use {
		t.Fatalf("%+v, %v", b, err)
	}
	if _, err := w.Check(w.Context(), officer, b.ID, b.Version, src); key(err) != "invalid; sheet registry.no_sheet" {
		t.Errorf("checked without a header: %v", err)
	}
	if _, err := w.Import(w.Context(), officer, b.ID, b.Version, false, nil); key(err) != "registry.batch_state.uploaded" {
		t.Errorf("imported without a check: %v", err)
	}
	if _, err := w.Upload(w.Context(), officer, registry.Upload{Source: csv("a"), PlaceID: hyCuong, Model: "horse"}); kind(err) != fault.KindInvalid {
		t.Errorf("an unknown model: %v", err)
	}
}

// Each column's own first name is recognised as that column, in a header of all of them.
func TestColumnNames(t *testing.T) {
	for _, model := range registry.ImportModels {
		columns := registry.ImportColumns(model)
		row := sheet.Row{Number: 1}
		for i, c := range columns {
			row.Cells = append(row.Cells, sheet.Cell{Row: 1, Col: i, Text: c.Names[0]})
		}
		h, ok := sheet.FindHeader([]sheet.Row{row}, columns)
		if !ok || len(h.Missing) > 0 {
			t.Errorf("%s: missing %v", model, h.Missing)
		}
		for _, m := range h.Columns {
			if columns[m.Col].Key != m.Key {
				t.Errorf("%s: %q is taken for %s", model, m.Text, m.Key)
			}
		}
	}
	if registry.ImportColumns("horse") != nil {
		t.Error("columns of an unknown model")
	}
}
