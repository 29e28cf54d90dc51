// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package sheet

import (
	"errors"
	"slices"
	"strings"
)

// span is a rectangle of cells; rows count from 1, columns from 0, all four belong to it.
type span struct{ Top, Left, Bottom, Right int }

// merges reads the merged ranges of a sheet, by their first row. The file names them behind the rows, so the
// rows are passed over first, unparsed.
func (x *xlsx) merges(part string) ([]span, error) {
	rc, err := x.archive.open(part)
	if err != nil {
		return nil, err
	}
	defer rc.Close()
	s := newScanner(rc, part)
	var out []span
	for {
		tok, err := s.next()
		if err != nil {
			return nil, err
		}
		if tok == tokenEOF {
			break
		}
		if tok != tokenStart {
			continue
		}
		switch string(s.name) {
		case "sheetData":
			if err := s.skipRows(); err != nil {
				return nil, err
			}
		case "mergeCell":
			r, ok := parseRange(s.get("ref"))
			if !ok || r.Left >= MaxColumns || r.Top == r.Bottom && r.Left == r.Right {
				continue
			}
			r.Right = min(r.Right, MaxColumns-1)
			if len(out) == MaxMerges {
				return nil, tooMuch("too_many_merges", MaxMerges)
			}
			out = append(out, r)
		}
	}
	slices.SortFunc(out, func(a, b span) int { return a.Top - b.Top })
	return out, nil
}

// skipRows moves behind the end of sheetData, which has begun.
func (s *scanner) skipRows() error {
	if s.selfEnd {
		return nil
	}
	full := string(s.stack[s.marks[len(s.marks)-1]:])
	if err := s.skip("</"+full, false); err != nil {
		return s.ended(err)
	}
	if err := s.skip(">", false); err != nil {
		return s.ended(err)
	}
	s.pop()
	return nil
}

// merger repeats the first cell of each merged range over the range, row by row.
type merger struct {
	waiting []span // those that begin further down
	active  []activeSpan
}

type activeSpan struct {
	span
	first Cell
}

// fill adds the repeated cells to row.
func (m *merger) fill(row *Row) error {
	m.active = slices.DeleteFunc(m.active, func(a activeSpan) bool { return a.Bottom < row.Number })
	for len(m.waiting) > 0 && m.waiting[0].Top <= row.Number {
		if m.waiting[0].Top == row.Number { // else the file has left its first row out: nothing to repeat
			m.active = append(m.active, activeSpan{span: m.waiting[0], first: row.At(m.waiting[0].Left)})
		}
		m.waiting = m.waiting[1:]
	}
	if len(m.active) == 0 {
		return nil
	}
	if len(m.active) > MaxColumns {
		return errOverlap // more than one range to a column
	}
	var own, filled [MaxColumns]bool
	for _, c := range row.Cells {
		own[c.Col] = true
	}
	before := len(row.Cells)
	for _, a := range m.active {
		for col := a.Left; col <= a.Right; col++ {
			if filled[col] {
				return errOverlap
			}
			filled[col] = true
			if own[col] || a.first.Blank() {
				continue
			}
			c := a.first
			c.Row, c.Col, c.Merged = row.Number, col, true
			row.Cells = append(row.Cells, c)
		}
	}
	if len(row.Cells) > before {
		slices.SortFunc(row.Cells, func(a, b Cell) int { return a.Col - b.Col })
	}
	return nil
}

var errOverlap = errors.New("merged ranges overlap")

// parseRange reads "A1:C3" or "A1".
func parseRange(ref string) (span, bool) {
	from, to, pair := strings.Cut(ref, ":")
	if !pair {
		to = from
	}
	left, top, ok1 := parseRef(from)
	right, bottom, ok2 := parseRef(to)
	return span{top, left, bottom, right}, ok1 && ok2 && top <= bottom && left <= right
}

// parseRef reads "C17" as column 2, row 17; it allows no more than Excel does.
func parseRef[T string | []byte](ref T) (col, row int, ok bool) {
	i := 0
	for ; i < len(ref); i++ {
		c := ref[i] &^ 0x20
		if c < 'A' || c > 'Z' {
			break
		}
		if col = col*26 + int(c-'A') + 1; col > 16_384 {
			return 0, 0, false
		}
	}
	if i == 0 || i == len(ref) {
		return 0, 0, false
	}
	for ; i < len(ref); i++ {
		if ref[i] < '0' || ref[i] > '9' {
			return 0, 0, false
		}
		if row = row*10 + int(ref[i]-'0'); row > MaxRows {
			return 0, 0, false
		}
	}
	return col - 1, row, row > 0
}
