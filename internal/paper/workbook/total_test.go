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

	"github.com/xuri/excelize/v2"

	"hoctap/internal/paper"
	"hoctap/internal/paper/papertest"
	"hoctap/internal/paper/workbook"
)

// A total row has the percentages of its sums as formulas with the right values stored, and what cannot be worked out from the sheet as printed: 41 + 5 of
// 60 + 3 are 73.0 %, and 33 of 46 are 71.7 %; nothing of nothing is blank.
func TestPercentagesOfTheTotalRow(t *testing.T) {
	columns := []paper.Column{{Head: "TT", Share: .1}, {Head: "Tên", Share: .2}, {Head: "Tổng số", Share: .1, Sum: true}, {Head: "Đăng ký", Share: .1, Sum: true}, {Head: "% đăng ký", Share: .1, Part: 4, Whole: 3},
		{Head: "Đạt", Share: .1, Sum: true}, {Head: "% trên đăng ký", Share: .1, Part: 6, Whole: 4}, {Head: "So trước", Share: .1}, {Head: "Không", Share: .05, Sum: true}, {Head: "% không", Share: .05, Part: 9, Whole: 9}}
	d := &paper.Document{Title: "x", Parts: []paper.Part{{Name: "B", Blocks: []paper.Block{paper.Table{Columns: columns, Rows: [][]string{
		{"1", "Khu 1", "60", "41", "68,3", "30", "73,2", "+1,0", "0", ""}, {"2", "Khu 2", "3", "5", "166,7", "3", "60,0", "−12,5", "0", ""}},
		Total: []string{"", "Tổng cộng", "63", "46", "73,0", "33", "71,7", "+0,4", "0", ""}}}}}}
	var b bytes.Buffer
	if err := workbook.Write(&b, d); err != nil {
		t.Fatal(err)
	}
	raw := bytes.Clone(b.Bytes())
	f, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := f.GetRows("B", excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	last := len(rows)
	for col, want := range map[string][2]string{"C": {"63", "SUM(C"}, "E": {"73", "ROUND(100*D"}, "G": {"71.7", "ROUND(100*F"}, "H": {"0.4", ""}, "J": {"", ""}} {
		name := col + string(rune('0'+last))
		value, err := f.GetCellValue("B", name, excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		formula, err := f.GetCellFormula("B", name)
		if err != nil || value != want[0] || !strings.HasPrefix(formula, want[1]) || want[1] == "" && formula != "" {
			t.Errorf("%s: %q by %q, not %q (%v)", name, value, formula, want, err)
		}
	}
	papertest.Need(t, "soffice")
	file := papertest.Keep(t, "total.xlsx", raw)
	papertest.Run(t, "soffice", "--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76", "--outdir", filepath.Dir(file), file)
	text, err := os.ReadFile(strings.TrimSuffix(file, "xlsx") + "csv")
	if err != nil {
		t.Fatal(err)
	}
	out, err := csv.NewReader(strings.NewReader(string(text[bytes.IndexByte(text, '\n')+1:]))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if shown := out[len(out)-1]; shown[4] != "73.0" && shown[4] != "73,0" || shown[6] != "71.7" && shown[6] != "71,7" {
		t.Errorf("LibreOffice shows %q", shown)
	}
}
