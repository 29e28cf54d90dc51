// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package workbook_test

import (
	"bytes"
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hoctap/internal/paper/papertest"

	"github.com/xuri/excelize/v2"

	"hoctap/internal/fault"
	"hoctap/internal/paper"
	"hoctap/internal/paper/workbook"
)

// document has one list with every kind of column.
func document() *paper.Document {
	d := &paper.Document{Title: "Danh sách", Author: "Hội Khuyến học xã Hy Cương", Marks: paper.Marks{Notice: "Bộ tiêu chí dựng tạm"}, Parts: []paper.Part{
		{Name: "Tờ trình", Blocks: []paper.Block{paper.Text(paper.Body, "không có bảng")}},
		{Name: "Danh sách", Blocks: []paper.Block{
			paper.Title{Kind: "DANH SÁCH", About: "Năm 2026"},
			paper.Table{Columns: []paper.Column{{Head: "TT", Share: .1}, {Head: "Tên", Share: .3}, {Head: "Số hộ", Share: .2, Align: paper.Right, Sum: true}, {Head: "Điểm", Share: .2, Align: paper.Right}, {Head: "Số vào sổ", Share: .2}},
				Rows: [][]string{{"1", "Nguyễn Thị Một", "1.234", "92,5", "0001"}, {"2", "=1+1", "766", "80", "0002"}, {"3", "", "", "−7,25", ""}}, Total: []string{"", "Cộng", "2.000", "59,9", ""}},
		}},
	}}
	d.Clean()
	return d
}

func book(t *testing.T) (*excelize.File, []byte) {
	t.Helper()
	var b bytes.Buffer
	if err := workbook.Write(&b, document()); err != nil {
		t.Fatal(err)
	}
	raw := bytes.Clone(b.Bytes())
	f, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f, raw
}

// cell finds the cell below a header, n rows down.
func cell(t *testing.T, f *excelize.File, head string, n int) string {
	t.Helper()
	at, err := f.SearchSheet("Danh sách", head)
	if err != nil || len(at) == 0 {
		t.Fatalf("no header %q: %v", head, err)
	}
	col, row, err := excelize.CellNameToCoordinates(at[0])
	if err != nil {
		t.Fatal(err)
	}
	name, err := excelize.CoordinatesToCellName(col, row+n)
	if err != nil {
		t.Fatal(err)
	}
	return name
}

func TestNumbersTextsAndTotals(t *testing.T) {
	f, _ := book(t)
	if list := f.GetSheetList(); len(list) != 1 || list[0] != "Danh sách" {
		t.Fatalf("tabs %q", list)
	}
	for _, c := range []struct {
		head string
		row  int
		want string
		kind excelize.CellType
	}{
		{"Số hộ", 1, "1234", excelize.CellTypeUnset}, {"Điểm", 1, "92.5", excelize.CellTypeUnset}, {"Điểm", 3, "-7.25", excelize.CellTypeUnset},
		{"Tên", 2, "=1+1", excelize.CellTypeInlineString}, {"Số vào sổ", 1, "0001", excelize.CellTypeInlineString},
	} {
		name := cell(t, f, c.head, c.row)
		got, err := f.GetCellValue("Danh sách", name, excelize.Options{RawCellValue: true})
		kind, _ := f.GetCellType("Danh sách", name)
		if err != nil || got != c.want || (kind == excelize.CellTypeInlineString || kind == excelize.CellTypeSharedString) != (c.kind == excelize.CellTypeInlineString) {
			t.Errorf("%s, row %d: %q of kind %v, %v", c.head, c.row, got, kind, err)
		}
	}
	if formula, err := f.GetCellFormula("Danh sách", cell(t, f, "Số hộ", 4)); err != nil || !strings.Contains(formula, "(") {
		t.Errorf("the total is %q, %v", formula, err)
	}
	if formula, _ := f.GetCellFormula("Danh sách", cell(t, f, "Điểm", 4)); formula != "" {
		t.Errorf("points are summed: %q", formula)
	}
}

// A column that mixes counts with shares shows each as it is; a remark among figures leaves them numbers, and a head of two lines has room for both.
func TestMixedColumns(t *testing.T) {
	d := &paper.Document{Title: "Biểu", Parts: []paper.Part{{Name: "Biểu", Blocks: []paper.Block{paper.Table{
		Columns: []paper.Column{{Head: "Chỉ số", Share: .5}, {Head: "Số liệu của cả xã trong năm báo cáo", Share: .1, Align: paper.Right}},
		Rows:    [][]string{{"Số hộ", "1.999"}, {"Tỷ lệ", "71,75"}, {"Một số lẻ", "8,5"}, {"Không rõ", "chưa có"}, {"Sổ", "0012"}},
	}}}}}
	d.Clean()
	var b bytes.Buffer
	if err := workbook.Write(&b, d); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := f.GetRows("Biểu")
	if err != nil {
		t.Fatal(err)
	}
	var shown []string
	for _, r := range rows[len(rows)-5:] {
		shown = append(shown, r[1])
	}
	if got := strings.Join(shown, "|"); got != "1,999|71.75|8.5|chưa có|0012" {
		t.Errorf("shown as %q", got)
	}
	if height, err := f.GetRowHeight("Biểu", len(rows)-5); err != nil || height < 3*16 {
		t.Errorf("the head is %v points high, %v", height, err)
	}
}

// Another program opens it and works out the total itself.
func TestLibreOfficeWorksOutTheTotal(t *testing.T) {
	papertest.Need(t, "soffice")
	_, raw := book(t)
	path := papertest.Keep(t, "a.xlsx", raw)
	papertest.Run(t, "soffice", "--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76", "--outdir", filepath.Dir(path), path)
	file, err := os.Open(strings.TrimSuffix(path, "xlsx") + "csv")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	r := csv.NewReader(file)
	r.FieldsPerRecord = -1
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	last := strings.Join(rows[len(rows)-1], "|")
	if !strings.Contains(last, "Cộng") || !strings.Contains(strings.NewReplacer(".", "", ",", "").Replace(last), "2000") {
		t.Errorf("the last row is %q", last)
	}
}

func TestNoList(t *testing.T) {
	d := document()
	d.Parts = d.Parts[:1]
	if err := workbook.Write(&bytes.Buffer{}, d); fault.KindOf(err) != fault.KindNotFound {
		t.Error(err)
	}
}

// A chart is a tab with its figures: years are names, shares are numbers.
func TestChart(t *testing.T) {
	share := int64(8790)
	d := &paper.Document{Title: "Báo cáo", Parts: []paper.Part{{Name: "Biểu đồ", Blocks: []paper.Block{paper.Chart{Shape: paper.ChartLines, Title: "Tỷ lệ công nhận", Said: "Tăng.", Labels: []string{"2025", "2026"},
		Series: []paper.Series{{Name: "Thực hiện", Role: paper.SeriesActual, Values: []*int64{nil, &share}}}}}}}}
	var b bytes.Buffer
	if err := workbook.Write(&b, d); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := f.GetRows("Biểu đồ", excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, r := range rows {
		all = append(all, strings.Join(r, "|"))
	}
	whole := strings.Join(all, "\n")
	for _, want := range []string{"Tỷ lệ công nhận", "Tăng.", "|Thực hiện (%)", "2025", "2026|87.9"} {
		if !strings.Contains(whole, want) {
			t.Errorf("no %q in:\n%s", want, whole)
		}
	}
}
