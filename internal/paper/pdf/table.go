// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package pdf

import "hoctap/internal/paper"

// tableHead is the head of the table that is being set: each page begins with it.
type tableHead struct {
	columns []paper.Column
	widths  []float64
	cells   []string
	height  float64
}

const (
	cellSize = 12.0
	padX     = 1.5 // mm inside a cell
	padY     = 0.8
	cellLine = cellSize * point * 1.2 // height of a line
)

// table sets rows below a head on each page. A row splits only where no page can hold it.
func (l *layout) table(t paper.Table) {
	if len(t.Columns) == 0 {
		return
	}
	h := tableHead{columns: t.Columns, widths: make([]float64, len(t.Columns)), cells: make([]string, len(t.Columns))}
	for i, c := range t.Columns {
		h.widths[i], h.cells[i] = c.Share*l.width(), c.Head
	}
	last := len(t.Rows) - 1 // the row that stays with what follows
	if t.Total != nil {
		last = len(t.Rows)
	}
	tail := l.tail
	if l.tail = 0; last < 0 {
		l.tail = tail
	}
	l.y += 2
	l.room(20)
	l.tableRow(&h, h.cells, "B", true)
	for i, row := range t.Rows {
		if i == last {
			l.tail = tail
		}
		style := ""
		if t.Strong[i] {
			style = "B"
		}
		l.tableRow(&h, row, style, false)
	}
	if t.Total != nil {
		l.tail = tail
		l.tableRow(&h, t.Total, "B", false)
	}
	l.y += 2
}

// tableRow sets one row, on the next page below the head when it does not fit.
func (l *layout) tableRow(h *tableHead, cells []string, style string, head bool) {
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
	_, pageHeight := l.GetPageSize()
	whole := func() float64 { return float64(most)*cellLine + 2*padY }
	next := func() {
		l.next()
		if !head && h.height < (pageHeight-marginTop-marginBottom)/2 {
			l.tableRow(h, h.cells, "B", true)
		}
	}
	top := marginTop + h.height // where the first row stands
	if head {
		h.height, top = whole(), marginTop
	}
	if tail := whole() + l.tail; l.y > top+1e-6 && (l.y+whole() > pageHeight-marginBottom || l.y+tail > pageHeight-marginBottom && top+tail <= pageHeight-marginBottom) {
		next()
	}
	for {
		fit := max(1, int((pageHeight-marginBottom-l.y-2*padY)/cellLine+1e-6))
		if most <= fit {
			l.cells(h, lines, whole(), head)
			return
		}
		part := make([][]line, len(lines))
		for i, all := range lines {
			n := min(fit, len(all))
			part[i], lines[i] = all[:n], all[n:]
		}
		l.cells(h, part, float64(fit)*cellLine+2*padY, head)
		most -= fit
		next()
	}
}

// cells draws one row of lines.
func (l *layout) cells(h *tableHead, lines [][]line, rowHeight float64, head bool) {
	l.SetLineWidth(0.2)
	x := marginLeft
	for i, c := range h.columns {
		l.Rect(x, l.y, h.widths[i], rowHeight, "D")
		y := l.y + padY
		if head {
			y += (rowHeight - 2*padY - float64(len(lines[i]))*cellLine) / 2
		}
		for _, ln := range lines[i] {
			at := x + padX
			switch {
			case head || c.Align == paper.Middle:
				at = x + (h.widths[i]-ln.width)/2
			case c.Align == paper.Right:
				at = x + h.widths[i] - padX - ln.width
			}
			l.draw(ln, cellSize, at, y+cellLine*0.78, 0)
			y += cellLine
		}
		x += h.widths[i]
	}
	l.y += rowHeight
}
