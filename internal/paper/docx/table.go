// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package docx

import (
	"math"

	"hoctap/internal/paper"
)

const ruled = `<w:tblBorders>` +
	`<w:top w:val="single" w:sz="4" w:space="0" w:color="000000"/><w:left w:val="single" w:sz="4" w:space="0" w:color="000000"/>` +
	`<w:bottom w:val="single" w:sz="4" w:space="0" w:color="000000"/><w:right w:val="single" w:sz="4" w:space="0" w:color="000000"/>` +
	`<w:insideH w:val="single" w:sz="4" w:space="0" w:color="000000"/><w:insideV w:val="single" w:sz="4" w:space="0" w:color="000000"/></w:tblBorders>`

// aligned are the paragraph properties of each alignment.
var aligned = map[paper.Align]string{paper.Middle: centred, paper.Right: `<w:jc w:val="right"/>`}

// table writes row by row. A table without columns is none.
func (b *body) table(t paper.Table) {
	if len(t.Columns) == 0 {
		return
	}
	widths := columnWidths(t.Columns, b.width)
	b.openTable(0, ruled, widths)
	b.openRow(`<w:tblHeader/>`)
	for i, c := range t.Columns {
		b.openCell(widths[i], inMiddle)
		b.line("Paper Table Head", c.Head)
		b.put(closeCell)
	}
	b.put(closeRow)
	for i, r := range t.Rows {
		style := "Paper Table Cell"
		if t.Strong[i] {
			style = "Paper Table Total"
		}
		b.row(style, t.Columns, widths, r)
	}
	if t.Total != nil {
		b.row("Paper Table Total", t.Columns, widths, t.Total)
	}
	b.put(closeTable)
	b.gap(before(120))
}

func (b *body) row(style string, columns []paper.Column, widths []int, texts []string) {
	b.openRow("")
	for i, c := range columns {
		words := ""
		if i < len(texts) {
			words = texts[i]
		}
		b.openCell(widths[i], inMiddle)
		b.paragraph(style, aligned[c.Align], paper.Run{Text: words})
		b.put(closeCell)
	}
	b.put(closeRow)
}

// columnWidths are the shares of width in whole twips, together exactly width. A share that is no share counts as an even one.
func columnWidths(columns []paper.Column, width int) []int {
	shares, sum := make([]float64, len(columns)), 0.0
	for i, c := range columns {
		shares[i] = c.Share
		if !(c.Share > 0) || math.IsInf(c.Share, 0) {
			shares[i] = 1 / float64(len(columns))
		}
		sum += shares[i]
	}
	widths, from, upTo := make([]int, len(columns)), 0, 0.0
	for i, s := range shares {
		upTo += s
		to := int(math.Round(upTo / sum * float64(width)))
		widths[i] = to - from
		from = to
	}
	return widths
}
