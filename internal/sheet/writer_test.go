// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package sheet_test

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"hoctap/internal/sheet"
)

var register = sheet.Table{
	Name:  "Sổ: hộ/khu 3 [2025] với một tên dài quá mức",
	Above: []string{"UBND XÃ HIỀN LƯƠNG", "DANH SÁCH HỘ"},
	Columns: []sheet.OutColumn{
		{Title: "Họ tên"}, {Title: "Số người", Format: sheet.AsWhole, Sum: true}, {Title: "Điểm", Format: sheet.AsDecimal, Sum: true},
		{Title: "Tỉ lệ", Format: sheet.AsPercent}, {Title: "Ngày", Format: sheet.AsDate}, {Title: "Ghi chú", Format: sheet.AsWrapped},
	},
	Total: "Tổng cộng",
}

func written(t testing.TB, write func(w *sheet.Writer) error) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := sheet.NewWriter(&b)
	if err != nil {
		t.Fatal(err)
	}
	if err := write(w); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestWriter(t *testing.T) {
	data := written(t, func(w *sheet.Writer) error {
		if err := w.Begin(register); err != nil {
			return err
		}
		if err := w.Row("Nguye\u0302\u0303n A ", 4, sheet.Hundredths(1250), 0.879, sheet.Day{Year: 2025, Month: 12, Day: 31}, "dòng 1\ndòng 2"); err != nil {
			return err
		}
		if err := w.Row("=1+1", int64(5), 7.5, nil, time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC)); err != nil {
			return err
		}
		if err := w.Begin(sheet.Table{Name: register.Name, Columns: []sheet.OutColumn{{Title: "A"}}}); err != nil {
			return err
		}
		return w.Row(true)
	})
	b := open(t, data, "out.xlsx")
	want := `1 A1=UBND XÃ HIỀN LƯƠNG
2 A2=DANH SÁCH HỘ
3 A3=Họ tên B3=Số người C3=Điểm D3=Tỉ lệ E3=Ngày F3=Ghi chú
4 A4=Nguyễn A B4=4 C4=12.5 D4=0.879 E4=31/12/2025 F4=dòng 1 dòng 2
5 A5==1+1 B5=5 C5=7.5 E5=02/01/2026
6 A6=Tổng cộng B6=9 C6=20
`
	if diff := cmp.Diff(want, show(rowsOf(t, b, 0))); diff != "" {
		t.Error(diff)
	}
	f, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	names := f.GetSheetList()
	if len(names) != 2 || names[0] != "Sổ hộ khu 3 2025 với một tên dà" || names[1] != "Sổ hộ khu 3 2025 với một tê (2)" {
		t.Errorf("tabs %q", names)
	}
	if formula, err := f.GetCellFormula(names[0], "C6"); err != nil || formula != "SUM(C4:C5)" {
		t.Errorf("total %q, %v", formula, err)
	}
	if formula, err := f.GetCellFormula(names[0], "A5"); err != nil || formula != "" {
		t.Errorf("a text became the formula %q, %v", formula, err)
	}
	if kind, err := f.GetCellType(names[0], "A5"); err != nil || kind != excelize.CellTypeInlineString {
		t.Errorf("a text has the type %v, %v", kind, err)
	}
	panes, err := f.GetPanes(names[0])
	if err != nil || !panes.Freeze || panes.YSplit != 3 {
		t.Errorf("panes %+v, %v", panes, err)
	}
	got := map[string]string{}
	for _, d := range f.GetDefinedName() {
		if d.Scope == names[0] {
			got[d.Name] = d.RefersTo
		}
	}
	quoted := "'" + names[0] + "'!"
	if diff := cmp.Diff(map[string]string{"_xlnm.Print_Titles": quoted + "$3:$3", "_xlnm.Print_Area": quoted + "$A$1:$F$6"}, got); diff != "" {
		t.Error(diff)
	}
	if shown, err := f.GetCellValue(names[0], "D4"); err != nil || shown != "87.9%" {
		t.Errorf("percentage shows as %q, %v", shown, err)
	}
}

func TestWriterRefuses(t *testing.T) {
	w, err := sheet.NewWriter(&bytes.Buffer{})
	if err != nil {
		t.Fatal(err)
	}
	if w.Row("x") == nil {
		t.Error("a row before any table")
	}
	if w.Begin(sheet.Table{}) == nil {
		t.Error("a table without columns")
	}
	if w.Close() == nil {
		t.Error("a workbook without a table")
	}
}

func TestWriteErrors(t *testing.T) {
	rows := rowsOf(t, open(t, messy(t), "ds.xlsx"), 0)
	h, _ := sheet.FindHeader(rows, wanted)
	titles := slices.Clone(h.Unmapped)
	for _, m := range h.Columns {
		titles = append(titles, m.Heading)
	}
	var b bytes.Buffer
	err := sheet.WriteErrors(&b, "Khu 3", titles, "Lỗi cần sửa", func(yield func(sheet.BadRow) bool) {
		_ = yield(sheet.BadRow{Row: rows[6], Bad: []int{2, 5}, Message: "Ngày 12-31-2025 không rõ"}) && yield(sheet.BadRow{Row: rows[5]})
	})
	if err != nil {
		t.Fatal(err)
	}
	again := open(t, b.Bytes(), "loi.xlsx")
	want := `1 A1=STT B1=Họ và tên chủ hộ C1=Ngày sinh D1=Địa chỉ / Khu E1=Địa chỉ / Xã F1=Số thành viên G1=Ghi chú H1=Đạt I1=Lỗi cần sửa
2 A2=2 B2=Lê Thị Hà C2=12-31-2025 D2=Khu 3 E2=Hiền Lương F2=5 I2=Ngày 12-31-2025 không rõ
3 A3=1 B3=Nguyễn Văn A C3=31/12/2023 D3=Khu 3 E3=Hiền Lương F3=4 H3=TRUE
`
	if diff := cmp.Diff(want, show(rowsOf(t, again, 0))); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff("true 1-1 number=A head=B birth=C area=D commune=E members=F -Ghi chú -Đạt -Lỗi cần sửa", head(sheet.FindHeader(rowsOf(t, again, 0), wanted))); diff != "" {
		t.Errorf("the result cannot be imported again: %s", diff)
	}
	f, err := excelize.OpenReader(bytes.NewReader(b.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for ref, red := range map[string]bool{"C2": true, "F2": true, "B2": false, "C3": false} {
		id, err := f.GetCellStyle("Khu 3", ref)
		if err != nil {
			t.Fatal(err)
		}
		style, err := f.GetStyle(id)
		if err != nil {
			t.Fatal(err)
		}
		if got := len(style.Fill.Color) > 0; got != red {
			t.Errorf("%s is red: %t", ref, got)
		}
	}
}

func TestCSVWriter(t *testing.T) {
	var b bytes.Buffer
	w := sheet.NewCSVWriter(&b, ';')
	for _, row := range [][]any{
		{"Họ tên", "Số", "Điểm"}, {"=cmd|' /C calc'!A0", -5, sheet.Hundredths(850)}, {"+84912", 0.5, true}, {"@a;b", nil, time.Time{}},
		{"\t=1", sheet.Day{Year: 1985}, time.Date(2025, 12, 31, 0, 0, 0, 0, time.UTC)}, {"-", "'=x", "bình \"thường\""},
	} {
		if err := w.Row(row...); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	want := "\uFEFFHọ tên;Số;Điểm\r\n'=cmd|' /C calc'!A0;-5;8.50\r\n'+84912;0.5;1\r\n\"'@a;b\";;\r\n'=1;1985;31/12/2025\r\n'-;''=x;\"bình \"\"thường\"\"\"\r\n"
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Error(diff)
	}
}

func TestEscapesComeBack(t *testing.T) {
	const text = "_x0041_ _x000D_ & <b> \"q\""
	data := written(t, func(w *sheet.Writer) error {
		if err := w.Begin(sheet.Table{Columns: []sheet.OutColumn{{Title: "Tên"}}}); err != nil {
			return err
		}
		return w.Row(text)
	})
	if got := rowsOf(t, open(t, data, "a.xlsx"), 0)[1].At(0).Text; got != text {
		t.Errorf("%q came back as %q", text, got)
	}
}

// nasty draws a row of four texts of the signs that make trouble.
var nasty = rapid.SliceOfN(rapid.StringOf(rapid.SampledFrom([]rune("aĐếư=+-@';,|\"\n\t\r\x00 ＝_x01<&"))), 4, 4)

// comesBack says how a text reads after any journey.
func comesBack(s string) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(s, "\x00", "")), " ")
}

func checkBack(t rapid.TB, b *sheet.Book, table [][]string) {
	got := map[int]sheet.Row{}
	for r, err := range b.Rows(context.Background(), 0) {
		if err != nil {
			t.Fatal(err)
		}
		got[r.Number] = r
	}
	for i, row := range table {
		for col, s := range row {
			if cell := got[i+2].At(col); cell.Text != comesBack(s) || cell.Formula {
				t.Errorf("%q came back as %+v", s, cell)
			}
		}
	}
}

func TestCSVComesBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table := rapid.SliceOfN(nasty, 1, 8).Draw(t, "table")
		var b bytes.Buffer
		w := sheet.NewCSVWriter(&b, ',')
		for _, row := range append([][]string{{"a", "b", "c", "d"}}, table...) {
			if err := w.Row(row[0], row[1], row[2], row[3]); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		book, err := sheet.Open(context.Background(), bytes.NewReader(b.Bytes()), int64(b.Len()), "a.csv")
		if err != nil {
			t.Fatal(err)
		}
		checkBack(t, book, table)
	})
}

// TestXLSXComesBack does the same with one workbook of many rows: making one takes longer than filling it.
func TestXLSXComesBack(t *testing.T) {
	var table [][]string
	for seed := range 500 {
		table = append(table, nasty.Example(seed))
	}
	data := written(t, func(w *sheet.Writer) error {
		if err := w.Begin(sheet.Table{Columns: make([]sheet.OutColumn, 4), Above: []string{"title"}}); err != nil {
			return err
		}
		for _, row := range table {
			if err := w.Row(row[0], row[1], row[2], row[3]); err != nil {
				return err
			}
		}
		return nil
	})
	checkBack(t, open(t, data, "a.xlsx"), append([][]string{{"", "", "", ""}}, table...))
}

func TestSumsAreExact(t *testing.T) {
	data := written(t, func(w *sheet.Writer) error {
		if err := w.Begin(sheet.Table{Columns: []sheet.OutColumn{{Title: "Tên"}, {Title: "Điểm", Format: sheet.AsDecimal, Sum: true}}, Total: "Cộng"}); err != nil {
			return err
		}
		for range 1000 {
			if err := w.Row("x", sheet.Hundredths(10)); err != nil {
				return err
			}
		}
		return nil
	})
	rows := rowsOf(t, open(t, data, "a.xlsx"), 0)
	if got := rows[len(rows)-1].At(1).Text; got != "100" {
		t.Errorf("a thousand tenths are %s", got)
	}
}
