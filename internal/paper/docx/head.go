// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package docx

import "hoctap/internal/paper"

// outset is how far a head reaches into both margins, as offices set it: the nation's title needs 96 mm for its one line.
const outset = 227 // 4 mm

// head sets who issues beside the nation's title, then number beside place and date, so that these stand level. subject is what a letter is about.
// Without who issues it the nation's title stands in the middle of the page, and the day at the right.
func (b *body) head(h paper.Head, subject string) {
	if h.Alone() && subject == "" {
		b.line("Paper Nation", h.Nation)
		if h.Motto != "" {
			b.line("Paper Motto", h.Motto)
			b.rule("Paper Rule", b.width, int(lengthOf(h.Motto, 14)))
		}
		b.paragraph("Paper Place and Date", `<w:jc w:val="right"/>`, paper.Run{Text: h.Day})
		return
	}
	whole := b.width + 2*outset
	left := whole * 39 / 100
	right := whole - left
	b.openTable(-outset, "", []int{left, right})

	b.openRow("")
	b.openCell(left, "")
	for _, s := range h.Superior {
		b.line("Paper Superior", s)
	}
	for _, s := range h.Issuer {
		b.line("Paper Issuer", s)
	}
	if n := len(h.Issuer); n > 0 {
		// Between a third and half of the words: 0.4 of the line, or of the cell when the line wraps.
		b.rule("Paper Rule", left, int(min(lengthOf(h.Issuer[n-1], 13), float64(left))*0.4))
	}
	b.gap("")
	b.put(closeCell)
	b.openCell(right, "")
	b.line("Paper Nation", h.Nation)
	if h.Motto != "" {
		b.line("Paper Motto", h.Motto)
		b.rule("Paper Rule", right, int(lengthOf(h.Motto, 14)))
	}
	b.put(closeCell, closeRow)

	b.openRow("")
	b.openCell(left, "")
	b.line("Paper Number", h.Number)
	if subject != "" {
		b.line("Paper Subject", subject)
	}
	b.put(closeCell)
	b.openCell(right, "")
	b.line("Paper Place and Date", h.Day)
	b.put(closeCell, closeRow, closeTable)
	b.gap("")
}

func (b *body) title(t paper.Title) {
	below := ""
	for _, line := range []struct{ style, text string }{{"Paper Title", t.Kind}, {"Paper Abstract", t.About}, {"Paper Annex Of", t.Of}} {
		if line.text != "" {
			b.line(line.style, line.text)
			below = line.text
		}
	}
	if below != "" {
		b.rule("Paper Title Rule", b.width, int(min(lengthOf(below, 14), float64(b.width))/3))
	}
	b.addressees(t.To)
}

// addressees are one in the middle, or a list below its first line.
func (b *body) addressees(list []string) {
	switch len(list) {
	case 0:
	case 1:
		b.line("Paper Addressee", list[0])
	default:
		b.gap(before(240))
		b.paragraph("Paper Addressee List", `<w:ind w:left="1701"/>`, paper.Run{Text: list[0]})
		for _, to := range list[1:] {
			b.line("Paper Addressee List", to)
		}
		b.gap(before(240))
	}
}
