// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package sheet_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"hoctap/internal/fault"
	"hoctap/internal/sheet"
	"hoctap/internal/text"
)

// messy is a sheet as a commune sends it: merged titles, a header of two rows, hidden rows and columns, NFD and
// TCVN3 texts, formulas, dates, trailing blanks, totals and signatures.
func messy(t testing.TB) []byte {
	return workbook(t, func(f *excelize.File) {
		const s = "Khu 3"
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		must(f.SetSheetName("Sheet1", s))
		date, err := f.NewStyle(&excelize.Style{NumFmt: 14})
		must(err)
		vnTime, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Family: ".VnTime"}})
		must(err)
		vnTimeH, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Family: ".VnTimeH"}})
		must(err)
		for ref, v := range map[string]any{
			"A1": "UBND XÃ HIỀN LƯƠNG", "A2": "DANH SÁCH HỘ GIA ĐÌNH NĂM 2025",
			"A4": "STT", "B4": "Họ và tên chủ hộ", "C4": "Ngày sinh", "D4": "Địa chỉ", "F4": "Số thành viên", "G4": "Ghi chú", "H4": "Đạt",
			"D5": "Khu", "E5": "Xã",
			"A6": "(1)", "B6": "(2)", "C6": "(3)", "D6": "(4)", "E6": "(5)", "F6": "(6)",
			"A7": 1, "B7": "Nguye\u0302\u0303n  Va\u0306n A ", "C7": 45291, "D7": "Khu 3", "E7": "Hiền Lương", "F7": "4", "H7": true,
			"A8": 2, "B8": "Lª ThÞ Hµ", "C8": "12-31-2025", "F8": 5,
			"A9": 3, "B9": "lª thÞ hµ", "F9": 3, "G9": "   ", "J9": "",
			"A10": "Tổng cộng", "F10": 12,
			"B12": "Người lập biểu", "F12": "TM. UBND xã",
		} {
			must(f.SetCellValue(s, ref, v))
		}
		must(f.SetCellFormula(s, "F10", "SUM(F7:F9)"))
		must(f.SetCellStyle(s, "C7", "C7", date))
		must(f.SetCellStyle(s, "B8", "B8", vnTime))
		must(f.SetCellStyle(s, "B9", "B9", vnTimeH))
		for _, m := range [][2]string{{"A1", "F1"}, {"A2", "F2"}, {"D4", "E4"}, {"A4", "A5"}, {"B4", "B5"}, {"C4", "C5"}, {"F4", "F5"}, {"G4", "G5"}, {"D7", "D9"}, {"E7", "E9"}} {
			must(f.MergeCell(s, m[0], m[1]))
		}
		must(f.SetRowVisible(s, 8, false))
		must(f.SetColVisible(s, "H", false))
		_, err = f.NewSheet("Ẩn")
		must(err)
		must(f.SetSheetVisible("Ẩn", false))
		_, err = f.NewSheet("Rất ẩn")
		must(err)
		must(f.SetSheetVisible("Rất ẩn", false, true))
	})
}

func TestMessyWorkbook(t *testing.T) {
	b := open(t, messy(t), "ds.xlsx")
	var names []string
	for _, s := range b.Sheets() {
		names = append(names, s.Name)
	}
	if diff := cmp.Diff([]string{"Khu 3", "Ẩn", "Rất ẩn"}, names); diff != "" {
		t.Error(diff)
	}
	if b.Sheets()[0].Visibility != sheet.Visible || b.Sheets()[1].Visibility != sheet.Hidden || b.Sheets()[2].Visibility != sheet.VeryHidden {
		t.Errorf("visibility: %+v", b.Sheets())
	}
	want := `1 A1=UBND XÃ HIỀN LƯƠNG [B1=UBND XÃ HIỀN LƯƠNG] [C1=UBND XÃ HIỀN LƯƠNG] [D1=UBND XÃ HIỀN LƯƠNG] [E1=UBND XÃ HIỀN LƯƠNG] [F1=UBND XÃ HIỀN LƯƠNG]
2 A2=DANH SÁCH HỘ GIA ĐÌNH NĂM 2025 [B2=DANH SÁCH HỘ GIA ĐÌNH NĂM 2025] [C2=DANH SÁCH HỘ GIA ĐÌNH NĂM 2025] [D2=DANH SÁCH HỘ GIA ĐÌNH NĂM 2025] [E2=DANH SÁCH HỘ GIA ĐÌNH NĂM 2025] [F2=DANH SÁCH HỘ GIA ĐÌNH NĂM 2025]
4 A4=STT B4=Họ và tên chủ hộ C4=Ngày sinh D4=Địa chỉ [E4=Địa chỉ] F4=Số thành viên G4=Ghi chú H4=Đạt
5 [A5=STT] [B5=Họ và tên chủ hộ] [C5=Ngày sinh] D5=Khu E5=Xã [F5=Số thành viên] [G5=Ghi chú]
6 A6=(1) B6=(2) C6=(3) D6=(4) E6=(5) F6=(6)
7 A7=1 B7=Nguyễn Văn A C7=31/12/2023 D7=Khu 3 E7=Hiền Lương F7=4 H7=TRUE
8 hidden A8=2 B8=Lê Thị Hà C8=12-31-2025 [D8=Khu 3] [E8=Hiền Lương] F8=5
9 A9=3 B9=LÊ THỊ HÀ [D9=Khu 3] [E9=Hiền Lương] F9=3
10 A10=Tổng cộng F10=12
12 B12=Người lập biểu F12=TM. UBND xã
`
	rows := rowsOf(t, b, 0)
	if diff := cmp.Diff(want, show(rows)); diff != "" {
		t.Error(diff)
	}
	at := func(row, col int) sheet.Cell { return rows[row].At(col) }
	if c := at(5, 2); c.Kind != sheet.Date || c.Raw != "45291" || !c.Time.Equal(time.Date(2023, 12, 31, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("date cell: %+v", c)
	}
	if c := at(6, 1); c.Legacy != text.TCVN3 || c.Raw != "Lª ThÞ Hµ" {
		t.Errorf("TCVN3 cell: %+v", c)
	}
	if c := at(8, 5); !c.Formula || c.Text != "12" {
		t.Errorf("formula cell: %+v", c)
	}
	if c := at(5, 7); !c.Hidden || c.Kind != sheet.Bool {
		t.Errorf("cell in a hidden column: %+v", c)
	}
}

func TestDates1904(t *testing.T) {
	data := handmade(t, map[string]string{
		"xl/workbook.xml":          `<workbook xmlns:r="x"><workbookPr date1904="1"/><sheets><sheet name="A" r:id="rId1"/></sheets></workbook>`,
		"xl/styles.xml":            `<styleSheet><numFmts><numFmt numFmtId="170" formatCode="&quot;ngày&quot;\ dd/mm/yyyy;@"/></numFmts><cellXfs><xf/><xf numFmtId="170"/></cellXfs></styleSheet>`,
		"xl/worksheets/sheet1.xml": sheetXML(`<row r="1"><c r="A1" s="1"><v>43829</v></c><c r="B1"><v>43829</v></c><c r="C1" t="d" s="1"><v>2025-12-31</v></c></row>`),
	})
	row := rowsOf(t, open(t, data, "mac.xlsx"), 0)[0]
	if got := row.At(0).Text; got != "31/12/2023" {
		t.Errorf("1904 date is %s", got)
	}
	if got := sheet.ReadDate(row.At(1), sheet.OrderUnknown); got.Value.String() != "2023-12-31" || got.Warning != "sheet.date_serial" {
		t.Errorf("1904 serial is %+v", got)
	}
	if got := row.At(2); got.Kind != sheet.Date || got.Text != "31/12/2025" {
		t.Errorf("ISO date is %+v", got)
	}
}

func TestHandmadeCells(t *testing.T) {
	for name, c := range map[string]struct{ parts, want string }{
		"inline rich text, phonetic left out": {`<row r="2"><c r="B2" t="inlineStr"><is><r><t>Hà </t></r><r><t xml:space="preserve">Nội</t></r><rPh><t>x</t></rPh></is></c></row>`, "2 B2=Hà Nội\n"},
		"rows and cells without numbers":      {`<row><c t="str"><v>a</v></c><c><v>2</v></c></row><row/><row><c><v>3</v></c></row>`, "1 A1=a B1=2\n2\n3 A3=3\n"},
		"CDATA, references, comment":          {`<row r="1"><!-- <c> --><c r="A1" t="str"><v><![CDATA[<&>]]>&amp;&#x110;&#272;_x0041_</v></c></row>`, "1 A1=<&>&ĐĐA\n"},
		"numbers as Excel shows them":         {`<row r="1"><c r="A1"><v>0.30000000000000004</v></c><c r="B1"><v>9.12345678E8</v></c><c r="C1"><v>1E-3</v></c><c r="D1"><v>-7</v></c><c r="E1"><v>?</v></c></row>`, "1 A1=0.3 B1=912345678 C1=0.001 D1=-7 E1=?\n"},
		"styles that do not exist":            {`<row r="1"><c r="A1" s="-1"><v>1</v></c><c r="B1" s="999"><v>2</v></c><c r="C1" s="x"><v>3</v></c></row>`, "1 A1=1 B1=2 C1=3\n"},
		"error and bool":                      {`<row r="1"><c r="A1" t="e"><v>#N/A</v></c><c r="B1" t="b"><v>0</v></c></row>`, "1 A1=#N/A B1=FALSE\n"},
		"formula without a result":            {`<row r="1"><c r="A1"><f>1+1</f></c><c r="B1"/></row>`, "1 A1=\n"},
		"formatted blanks out to the edge":    {`<row r="1"><c r="A1" t="str"><v>x</v></c><c r="XFD1" s="3"/></row>`, "1 A1=x\n"},
		"bad UTF-8 and zero width signs":      {"<row r=\"1\"><c r=\"A1\" t=\"str\"><v>\u200bLê\ufeff \xff</v></c></row>", "1 A1=Lê \uFFFD\n"},
		"control signs and line breaks":       {"<row r=\"1\"><c r=\"A1\" t=\"str\"><v> a\x01\n b_x0007_\u202e </v></c></row>", "1 A1=a b\n"},
	} {
		t.Run(name, func(t *testing.T) {
			data := handmade(t, map[string]string{"xl/worksheets/sheet1.xml": sheetXML(c.parts)})
			if diff := cmp.Diff(c.want, show(rowsOf(t, open(t, data, "a.xlsx"), 0))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestPrefixedNames reads what some libraries write: a mark, and every name with a prefix.
func TestPrefixedNames(t *testing.T) {
	data := handmade(t, map[string]string{"xl/worksheets/sheet1.xml": "\uFEFF" +
		`<x:worksheet xmlns:x="y"><x:sheetData><x:row r="1"><x:c r="A1"><x:v>5</x:v></x:c></x:row></x:sheetData><x:mergeCells/></x:worksheet>`})
	if diff := cmp.Diff("1 A1=5\n", show(rowsOf(t, open(t, data, "a.xlsx"), 0))); diff != "" {
		t.Error(diff)
	}
}

// TestNeighboursDecide reads "hé", proper as it stands, as TCVN3's "hộ" in a book that is TCVN3 throughout.
func TestNeighboursDecide(t *testing.T) {
	b := workbook(t, func(f *excelize.File) {
		for ref, v := range map[string]string{"A1": "Hä vµ tªn", "A2": "NguyÔn V¨n A", "A3": "TrÇn ThÞ B", "A4": "Lª V¨n C", "B1": "hé", "C1": "Hà Nội"} {
			if err := f.SetCellValue("Sheet1", ref, v); err != nil {
				t.Fatal(err)
			}
		}
	})
	row := rowsOf(t, open(t, b, "abc.xlsx"), 0)[0]
	if c := row.At(1); c.Text != "hộ" || !c.Ambiguous || c.Legacy != text.TCVN3 {
		t.Errorf("cell: %+v", c)
	}
	if c := row.At(2); c.Text != "Hà Nội" || c.Legacy != text.Unicode {
		t.Errorf("cell: %+v", c)
	}
}

func TestRowsStops(t *testing.T) {
	b := open(t, messy(t), "ds.xlsx")
	n := 0
	for range b.Rows(t.Context(), 0) {
		if n++; n == 2 {
			break
		}
	}
	if n != 2 {
		t.Errorf("%d rows", n)
	}
	for _, err := range b.Rows(t.Context(), 9) {
		if fault.KindOf(err) != fault.KindNotFound {
			t.Errorf("sheet 9: %v", err)
		}
	}
	rows := strings.Repeat(`<row/>`, 1000)
	long := open(t, handmade(t, map[string]string{"xl/worksheets/sheet1.xml": sheetXML(rows)}), "l.xlsx")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var last error
	for _, err := range long.Rows(ctx, 0) {
		last = err
	}
	if !errors.Is(last, context.Canceled) {
		t.Errorf("cancelled: %v", last)
	}
}
