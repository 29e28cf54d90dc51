// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package sheet_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"hoctap/internal/fault"
	"hoctap/internal/sheet"
)

// workbook builds an XLSX by excelize, as Excel would have saved it.
func workbook(t testing.TB, build func(f *excelize.File)) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	build(f)
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// parts of the smallest workbook: one sheet without styles or shared strings.
const (
	contentTypes = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`
	rootRels     = `<Relationships><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`
	bookXML      = `<workbook xmlns:r="x"><sheets><sheet name="Trang 1" sheetId="1" r:id="rId1"/></sheets></workbook>`
	bookRels     = `<Relationships><Relationship Id="rId1" Type="http://x/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://x/relationships/styles" Target="styles.xml"/><Relationship Id="rId3" Type="http://x/relationships/sharedStrings" Target="sharedStrings.xml"/></Relationships>`
)

// handmade returns a workbook of the small parts, some replaced, added, or left out when "-".
func handmade(t testing.TB, replace map[string]string) []byte {
	t.Helper()
	parts := map[string]string{
		"[Content_Types].xml": contentTypes, "_rels/.rels": rootRels, "xl/workbook.xml": bookXML, "xl/_rels/workbook.xml.rels": bookRels,
		"xl/worksheets/sheet1.xml": sheetXML(`<row r="1"><c r="A1" t="inlineStr"><is><t>Họ tên</t></is></c></row>`),
	}
	for name, body := range replace {
		parts[name] = body
	}
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for name, body := range parts {
		if body == "-" {
			continue
		}
		f, err := w.Create(name)
		if err == nil {
			_, err = f.Write([]byte(body))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func sheetXML(rows string) string {
	return `<?xml version="1.0" encoding="UTF-8"?><worksheet><sheetData>` + rows + `</sheetData></worksheet>`
}

func open(t testing.TB, data []byte, name string) *sheet.Book {
	t.Helper()
	b, err := sheet.Open(t.Context(), bytes.NewReader(data), int64(len(data)), name)
	if err != nil {
		t.Fatalf("Open(%s): %v", name, err)
	}
	return b
}

func rowsOf(t testing.TB, b *sheet.Book, index int) []sheet.Row {
	t.Helper()
	var rows []sheet.Row
	for r, err := range b.Rows(t.Context(), index) {
		if err != nil {
			t.Fatalf("Rows(%d): %v", index, err)
		}
		rows = append(rows, r)
	}
	return rows
}

// readAll opens and reads every sheet to the end and returns the first error.
func readAll(t testing.TB, data []byte, name string) error {
	t.Helper()
	b, err := sheet.Open(t.Context(), bytes.NewReader(data), int64(len(data)), name)
	if err != nil {
		return err
	}
	for _, s := range b.Sheets() {
		for _, err := range b.Rows(t.Context(), s.Index) {
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// keyOf returns the fault key of err, its text when it is no fault.
func keyOf(err error) string {
	if f, ok := errors.AsType[*fault.Fault](err); ok {
		return f.Key
	}
	return fmt.Sprint(err)
}

// show writes rows as lines for comparing: number, then ref=text; repeated cells in brackets.
func show(rows []sheet.Row) string {
	var b strings.Builder
	for _, r := range rows {
		fmt.Fprintf(&b, "%d", r.Number)
		if r.Hidden {
			b.WriteString(" hidden")
		}
		for _, c := range r.Cells {
			if c.Merged {
				fmt.Fprintf(&b, " [%s=%s]", c.Ref(), c.Text)
			} else {
				fmt.Fprintf(&b, " %s=%s", c.Ref(), c.Text)
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}
