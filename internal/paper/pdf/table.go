// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package pdf

import "hoctap/internal/paper"

// tableHead is the head of the table that is being set: each page begins with it.
type tableHead struct {
	columns []paper.Column
	widths  []float64
	cells   []string
}

const (
	cellSize = 12.0
	padX     = 1.5 // mm inside a cell
	padY     = 0.8
)

// table sets rows that do not split over pages, below a head on each.
func (l *layout) table(t paper.Table) {
	if len(t.Columns) == 0 {
		return
	}
	h := tableHead{columns: t.Columns, widths: make([]float64, len(t.Columns)), cells: make([]string, len(t.Columns))}
	for i, c := range t.Columns {
		h.widths[i], h.cells[i] = c.Share*l.width(), c.Head
	}
	l.y += 2
	l.room(20)
	l.tableRow(&h, h.cells, "B", true)
	for i, row := range t.Rows {
		style := ""
		if t.Strong[i] {
			style = "B"
		}
		l.tableRow(&h, row, style, false)
	}
	if t.Total != nil {
		l.tableRow(&h, t.Total, "B", false)
	}
	l.y += 2
}

// tableRow sets one row, on the next page below the head when it does not fit.
func (l *layout) tableRow(h *tableHead, cells []string, style string, head bool) {
	const height = cellSize * point * 1.2
	l.face(cellSize, style)
	run := paper.Run{Bold: style == "B"}
	lines := make([][]line, len(h.columns))
	most := 1
	for i := range h.columns {
		if i >= len(cells) || cells[i] == "" {
			continue
		}
		width := h.widths[i] - 2*padX
		if w := l.GetStringWidth(cells[i]); w <= width { // nearly all
			lines[i] = []line{{words: []word{{cells[i], style, w, false}}, width: w}}
			continue
		}
		run.Text = cells[i]
		lines[i] = l.breakLines(l.words([]paper.Run{run}, cellSize, width), cellSize, width, 0)
		most = max(most, len(lines[i]))
	}
	rowHeight := float64(most)*height + 2*padY
	_, pageHeight := l.GetPageSize()
	if l.y+rowHeight > pageHeight-marginBottom && l.y > marginTop {
		l.next()
		if !head {
			l.tableRow(h, h.cells, "B", true)
		}
	}
	l.SetLineWidth(0.2)
	x := marginLeft
	for i, c := range h.columns {
		l.Rect(x, l.y, h.widths[i], rowHeight, "D")
		y := l.y + padY
		if head {
			y += (rowHeight - 2*padY - float64(len(lines[i]))*height) / 2
		}
		for _, ln := range lines[i] {
			at := x + padX
			switch {
			case head || c.Align == paper.Middle:
				at = x + (h.widths[i]-ln.width)/2
			case c.Align == paper.Right:
				at = x + h.widths[i] - padX - ln.width
			}
			l.draw(ln, cellSize, at, y+height*0.78, 0)
			y += height
		}
		x += h.widths[i]
	}
	l.y += rowHeight
}
