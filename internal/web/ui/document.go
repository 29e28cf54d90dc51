// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package ui

import (
	"strconv"

	"hoctap/internal/paper"
)

// RowsOnSheet is how many lines of a list fit on a sheet of the screen when many names take two lines.
const RowsOnSheet = 24

// documentSheet is what stands on one sheet.
type documentSheet struct {
	blocks []paper.Block
	no     int  // from 1, of the sheets that are numbered together
	flow   bool // grows with its text: only lists are cut
	wide   bool
	alone  bool // of a part that is numbered on its own
}

// sheetsOf cuts a paper into sheets: its parts, and long lists into as many as they need.
func sheetsOf(d *paper.Document) []documentSheet {
	var out []documentSheet
	before, own := 0, false // sheets in front of those that are numbered together
	for i := range d.Parts {
		p := &d.Parts[i]
		if p.Alone {
			before = len(out)
		}
		from := len(out)
		own = own || p.Alone
		s := documentSheet{flow: true, wide: p.Landscape, alone: own}
		for _, b := range p.Blocks {
			t, list := b.(paper.Table)
			if !list {
				if _, next := b.(paper.PageBreak); next {
					out, s.blocks = append(out, s), nil
					continue
				}
				s.blocks = append(s.blocks, b)
				continue
			}
			s.flow = len(t.Rows) <= RowsOnSheet
			for len(t.Rows) > RowsOnSheet {
				s.blocks = append(s.blocks, paper.Table{Columns: t.Columns, Rows: t.Rows[:RowsOnSheet], Strong: t.Strong})
				out, s.blocks = append(out, s), nil
				rest := map[int]bool{}
				for i := range t.Strong {
					rest[i-RowsOnSheet] = true
				}
				t.Rows, t.Strong = t.Rows[RowsOnSheet:], rest
			}
			s.blocks = append(s.blocks, t)
		}
		out = append(out, s)
		for i := range out[from:] {
			out[from+i].no = from + i + 1 - before
		}
	}
	return out
}

// signColumns is how many columns recipients and signers need, all of one width.
func signColumns(s paper.Sign) string {
	n := len(s.Signers)
	if len(s.Recipients) > 0 {
		n++
	}
	return strconv.Itoa(max(n, 1))
}

// columnWidth is an attribute and no style: the pages allow no style of their own.
func columnWidth(c paper.Column) string { return strconv.Itoa(int(c.Share*100+0.5)) + "%" }
