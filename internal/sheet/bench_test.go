// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package sheet_test

import (
	"bytes"
	"fmt"
	"testing"
)

const benchRows = 20_000

// BenchmarkCSV and BenchmarkXLSX report rows per second of reading, before anything is made of them.
func BenchmarkCSV(b *testing.B) {
	var data bytes.Buffer
	for i := range benchRows {
		fmt.Fprintf(&data, "%d,Nguyễn Thị Hồng %d,Khu %d,Hiền Lương,19%02d,x,0912345678,4,Mường,đạt,không,\n", i, i, i%9, i%100)
	}
	benchmark(b, data.Bytes(), "a.csv")
}

func BenchmarkXLSX(b *testing.B) {
	var rows bytes.Buffer
	for i := range benchRows {
		fmt.Fprintf(&rows, `<row r="%d">`, i+1)
		for col := range 12 {
			fmt.Fprintf(&rows, `<c r="%c%d" t="inlineStr"><is><t>Nguyễn Thị %d</t></is></c>`, 'A'+col, i+1, i*col)
		}
		rows.WriteString(`</row>`)
	}
	benchmark(b, handmade(b, map[string]string{"xl/worksheets/sheet1.xml": sheetXML(rows.String())}), "a.xlsx")
}

func benchmark(b *testing.B, data []byte, name string) {
	b.ReportAllocs()
	for b.Loop() {
		if err := readAll(b, data, name); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(benchRows*b.N)/b.Elapsed().Seconds(), "rows/s")
}
