// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package sheet_test

import (
	"archive/zip"
	"bufio"
	"compress/flate"
	"fmt"
	"io"
	"testing"

	"hoctap/internal/sheet"
)

// writeMany writes a workbook of manyRows rows whose texts, half of all cells, all differ; they are shared strings, as
// Excel writes them, or stand in the cells.
func writeMany(t testing.TB, out io.Writer, shared bool) {
	z := zip.NewWriter(out)
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.BestSpeed) })
	part := func(name string, fill func(w *bufio.Writer)) {
		f, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		w := bufio.NewWriterSize(f, 1<<16)
		fill(w)
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
	}
	for name, body := range map[string]string{
		"[Content_Types].xml": contentTypes, "_rels/.rels": rootRels, "xl/workbook.xml": bookXML, "xl/_rels/workbook.xml.rels": bookRels,
	} {
		part(name, func(w *bufio.Writer) { _, _ = w.WriteString(body) })
	}
	part("xl/sharedStrings.xml", func(w *bufio.Writer) {
		_, _ = w.WriteString(`<sst>`)
		for i := 0; shared && i < (manyRows+1)*manyCols/2; i++ {
			fmt.Fprintf(w, `<si><t>Nguyễn Thị Hồng số %d</t></si>`, i)
		}
		_, _ = w.WriteString(`</sst>`)
	})
	part("xl/worksheets/sheet1.xml", func(w *bufio.Writer) {
		_, _ = w.WriteString(`<worksheet><sheetData>`)
		n := 0
		for i := range manyRows + 1 {
			fmt.Fprintf(w, `<row r="%d" spans="1:12">`, i+1)
			for col := range manyCols {
				switch {
				case col%2 == 0 && !shared:
					fmt.Fprintf(w, `<c r="%s%d" t="inlineStr"><is><t>Nguyễn Thị Hồng số %d</t></is></c>`, sheet.ColumnName(col), i+1, n)
					n++
				case col%2 == 0:
					fmt.Fprintf(w, `<c r="%s%d" t="s"><v>%d</v></c>`, sheet.ColumnName(col), i+1, n)
					n++
				default:
					fmt.Fprintf(w, `<c r="%s%d"><v>%d</v></c>`, sheet.ColumnName(col), i+1, i*col+1)
				}
			}
			_, _ = w.WriteString(`</row>`)
		}
		_, _ = w.WriteString(`</sheetData></worksheet>`)
	})
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
}
