// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package docx

import (
	"bufio"
	"encoding/xml"
	"fmt"

	"hoctap/internal/paper"
)

// out writes markup. Its writer keeps the first error for Flush, so that no line here has to look.
type out struct{ *bufio.Writer }

// put writes markup as it is.
func (o out) put(parts ...string) {
	for _, s := range parts {
		o.WriteString(s)
	}
}

func (o out) putf(format string, args ...any) { fmt.Fprintf(o, format, args...) }

// text writes a stranger's words, for an element or an attribute.
func (o out) text(s string) { xml.EscapeText(o, []byte(s)) }

// paragraph writes runs in a style. direct holds further properties in the order of the schema: keepNext, pageBreakBefore, ind, jc, sectPr.
func (o out) paragraph(style, direct string, runs ...paper.Run) {
	o.put(`<w:p><w:pPr><w:pStyle w:val="`, styleID(style), `"/>`, direct, `</w:pPr>`)
	for _, r := range runs {
		if r.Text == "" {
			continue
		}
		o.put(`<w:r>`)
		switch {
		case r.Bold && r.Italic:
			o.put(`<w:rPr><w:b/><w:bCs/><w:i/><w:iCs/></w:rPr>`)
		case r.Bold:
			o.put(`<w:rPr><w:b/><w:bCs/></w:rPr>`)
		case r.Italic:
			o.put(`<w:rPr><w:i/><w:iCs/></w:rPr>`)
		}
		o.put(`<w:t xml:space="preserve">`)
		o.text(r.Text)
		o.put(`</w:t></w:r>`)
	}
	o.put(`</w:p>`)
}

// line writes a paragraph of plain text.
func (o out) line(style, s string) { o.paragraph(style, "", paper.Run{Text: s}) }

// gap is a paragraph too small to see: Word joins tables that nothing parts, and wants one after a table at the end of a cell or section.
func (o out) gap(direct string) { o.paragraph("Paper Gap", direct) }

// before is room in twips above a paragraph, as a direct property.
func before(twips int) string { return fmt.Sprintf(`<w:spacing w:before="%d"/>`, twips) }

// rule is a line of length twips in the middle of width.
func (o out) rule(style string, width, length int) {
	side := (width - min(length, width)) / 2
	o.paragraph(style, fmt.Sprintf(`<w:ind w:left="%d" w:right="%[1]d"/>`, side))
}

// openTable begins a table of fixed columns in twips. borders is "" for a table that only sets things side by side, whose cells have no margins.
func (o out) openTable(indent int, borders string, columns []int) {
	margin, width := 0, 0
	if borders != "" {
		margin = 85
	}
	for _, c := range columns {
		width += c
	}
	o.putf(`<w:tbl><w:tblPr><w:tblW w:w="%d" w:type="dxa"/><w:tblInd w:w="%d" w:type="dxa"/>%s<w:tblLayout w:type="fixed"/>`+
		`<w:tblCellMar><w:left w:w="%d" w:type="dxa"/><w:right w:w="%[4]d" w:type="dxa"/></w:tblCellMar></w:tblPr><w:tblGrid>`, width, indent, borders, margin)
	for _, c := range columns {
		o.putf(`<w:gridCol w:w="%d"/>`, c)
	}
	o.put(`</w:tblGrid>`)
}

// openRow begins a row that stays on one page.
func (o out) openRow(more string) { o.put(`<w:tr><w:trPr><w:cantSplit/>`, more, `</w:trPr>`) }

// openCell begins a cell; more holds its properties after the width, in the order of the schema: vMerge, vAlign.
func (o out) openCell(width int, more string) {
	o.putf(`<w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/>%s</w:tcPr>`, width, more)
}

const (
	closeCell  = `</w:tc>`
	closeRow   = `</w:tr>`
	closeTable = `</w:tbl>`
	inMiddle   = `<w:vAlign w:val="center"/>`
)
