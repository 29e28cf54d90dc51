// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package sheet_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"hoctap/internal/fault"
	"hoctap/internal/sheet"
	"hoctap/internal/text"
)

// readHostile reads everything that can be read and wants faults for the rest, and sound rows.
func readHostile(t *testing.T, data []byte) {
	b, err := sheet.Open(t.Context(), bytes.NewReader(data), int64(len(data)), "f")
	if err != nil {
		wantFault(t, err)
		return
	}
	for _, s := range b.Sheets() {
		last, seen := 0, 0
		var head []sheet.Row
		for r, err := range b.Rows(t.Context(), s.Index) {
			if err != nil {
				wantFault(t, err)
				break
			}
			if r.Number <= last {
				t.Fatalf("row %d after row %d", r.Number, last)
			}
			last = r.Number
			checkCells(t, r)
			if len(head) < 40 {
				head = append(head, r)
			}
			if seen++; seen > 5000 {
				break
			}
		}
		h, _ := sheet.FindHeader(head, wanted)
		c := sheet.NewClassifier(h)
		for _, r := range head {
			c.Classify(r)
		}
	}
}

func checkCells(t *testing.T, r sheet.Row) {
	col := -1
	for _, c := range r.Cells {
		if c.Col <= col || c.Row != r.Number || c.Col >= sheet.MaxColumns {
			t.Fatalf("cell %s behind column %d of row %d", c.Ref(), col, r.Number)
		}
		col = c.Col
		if !norm.NFC.IsNormalString(c.Text) || c.Text != strings.Join(strings.Fields(c.Text), " ") {
			t.Fatalf("cell %s holds %q", c.Ref(), c.Text)
		}
		sheet.ReadWhole(c)
		sheet.ReadYear(c)
		sheet.ReadPhone(c)
		sheet.ReadYesNo(c)
		sheet.ReadName(c)
		if d := sheet.ReadDate(c, sheet.Mixed); d.OK() && (d.Value.Year < 1900 || d.Value.Year > 2100) {
			t.Fatalf("%q is the day %v", c.Text, d.Value)
		}
	}
}

func wantFault(t *testing.T, err error) {
	if _, ok := errors.AsType[*fault.Fault](err); !ok {
		t.Fatalf("%v is no fault", err)
	}
}

// FuzzXLSX changes the parts inside the archive; the archive itself is FuzzArchive's.
func FuzzXLSX(f *testing.F) {
	f.Add(sheetXML(`<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" s="1"><v>45291</v></c></row>`), `<sst><si><t>Họ tên</t></si></sst>`, `<styleSheet><cellXfs><xf/><xf numFmtId="14"/></cellXfs></styleSheet>`, bookXML)
	f.Add(`<worksheet><cols><col min="1" max="2" hidden="1"/></cols><sheetData><row r="2" hidden="1"><c r="B2" t="inlineStr"><is><t>a</t></is></c></row></sheetData><mergeCells><mergeCell ref="B2:D4"/></mergeCells></worksheet>`, `<sst/>`, `<styleSheet/>`, bookXML)
	f.Add(laughs, `<sst><si><r><t><![CDATA[x]]></t></r></si></sst>`, `<styleSheet><fonts><font><name val=".VnTimeH"/></font></fonts></styleSheet>`, `<workbook><workbookPr date1904="1"/></workbook>`)
	f.Fuzz(func(t *testing.T, sheet1, strs, styles, book string) {
		if len(sheet1)+len(strs)+len(styles)+len(book) > 1<<16 {
			return
		}
		readHostile(t, handmade(t, map[string]string{"xl/worksheets/sheet1.xml": sheet1, "xl/sharedStrings.xml": strs, "xl/styles.xml": styles, "xl/workbook.xml": book}))
	})
}

func FuzzArchive(f *testing.F) {
	f.Add(handmade(f, nil))
	f.Add(zipOf(f, "mimetype", "application/vnd.oasis.opendocument.spreadsheet"))
	f.Add(ole("Root Entry", "Workbook"))
	f.Fuzz(func(t *testing.T, data []byte) { readHostile(t, data) })
}

func FuzzCSV(f *testing.F) {
	f.Add([]byte("STT;Họ tên\n1;\"Nguyễn; \"\"A\"\"\"\n"))
	f.Add([]byte("\xFF\xFEa\x00,\x00b\x00\n\x00"))
	f.Add([]byte("sep=|\na|b\r\r\n'=1|\"\n"))
	f.Add([]byte("H\xE4 v\xB5 t\xAAn,x\xB7\n"))
	f.Fuzz(func(t *testing.T, data []byte) { readHostile(t, data) })
}

// FuzzLegacy reads one cell in every encoding: whatever it becomes is composed and clean.
func FuzzLegacy(f *testing.F) {
	f.Add("NguyÔn V¨n A")
	f.Add("Nguyeãn Vaên A")
	f.Fuzz(func(t *testing.T, s string) {
		for _, e := range []text.Encoding{text.TCVN3, text.VNI} {
			text.FromLegacy(s, e)
		}
		readHostile(t, []byte("a,b\n"+s+",x\n"))
	})
}
