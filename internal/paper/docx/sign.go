// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package docx

import "hoctap/internal/paper"

// sealHeight leaves 27 mm for signature and seal.
const sealHeight = `<w:trHeight w:val="1530" w:hRule="atLeast"/>`

// sign sets the signers side by side in three rows, for titles, seal and name, so that names stand level. One signer has the recipients on the left,
// with the code below them; under several there is no room beside, and the recipients follow.
func (b *body) sign(s paper.Sign, code *paper.Code) {
	signers := s.Signers
	if len(signers) == 0 {
		signers = []paper.Signer{{}}
	}
	beside := len(signers) == 1
	n := len(signers)
	if beside {
		n = 2
	}
	columns := make([]int, n)
	for i := range columns {
		columns[i] = b.width / n
	}

	b.gap(stay + before(240))
	b.openTable(0, "", columns)
	for row := range 3 {
		b.openRow([...]string{"", sealHeight, ""}[row])
		if beside {
			b.besideSigner(row, columns[0], s.Recipients, code)
		}
		for i, x := range signers {
			b.openCell(columns[len(columns)-len(signers)+i], [...]string{`<w:vAlign w:val="bottom"/>`, inMiddle, ""}[row])
			switch row {
			case 0:
				for _, line := range x.Lines() {
					b.line("Paper Signer", line)
				}
			case 1:
				b.line("Paper Signature Place", x.Place)
			case 2:
				b.line("Paper Signer Name", x.Name)
			}
			b.put(closeCell)
		}
		b.put(closeRow)
	}
	b.put(closeTable)
	b.gap("")
	if !beside && len(s.Recipients) > 0 {
		b.gap(stay + before(240))
		b.recipients(s.Recipients)
	}
}

// besideSigner is the left cell through all three rows.
func (b *body) besideSigner(row, width int, recipients []string, code *paper.Code) {
	if row > 0 {
		b.openCell(width, `<w:vMerge/>`)
		b.gap(stay)
		b.put(closeCell)
		return
	}
	b.openCell(width, `<w:vMerge w:val="restart"/>`)
	b.recipients(recipients)
	if code != nil {
		b.code(*code, width)
	}
	b.gap("")
	b.put(closeCell)
}

// recipients begin with their heading.
func (b *body) recipients(list []string) {
	for i, r := range list {
		style := "Paper Recipients"
		if i == 0 {
			style = "Paper Recipients Head"
		}
		b.line(style, r)
	}
}
