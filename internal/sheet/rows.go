// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package sheet

import (
	"context"
	"iter"
	"strconv"
	"unicode/utf8"
)

// ctxEvery is after how many rows the context is asked.
const ctxEvery = 256

func (x *xlsx) rows(ctx context.Context, sheet int) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		if err := x.stream(ctx, x.parts[sheet], func(r Row) bool { return yield(r, nil) }); err != nil {
			yield(Row{}, err)
		}
	}
}

// rowReader is the state of one pass over a sheet.
type rowReader struct {
	book             *xlsx
	scan             *scanner
	hidden           [MaxColumns]bool
	merger           merger
	row              Row
	last             int    // number of the row before
	width            int    // cells of the row before, what the next one most likely has
	value            []byte // of the cell at hand
	rowText, allText int    // bytes handed out in this row and in all
}

// stream hands each row to yield until it says false.
func (x *xlsx) stream(ctx context.Context, part string, yield func(Row) bool) error {
	merges, err := x.merges(part)
	if err != nil {
		return err
	}
	rc, err := x.archive.open(part)
	if err != nil {
		return err
	}
	defer rc.Close()
	r := rowReader{book: x, scan: newScanner(rc, part), merger: merger{waiting: merges}}
	root := true
	for n := 0; ; {
		tok, err := r.scan.next()
		if err != nil {
			return err
		}
		switch {
		case tok == tokenEOF:
			if root {
				return r.scan.damaged()
			}
			return nil
		case root:
			if string(r.scan.name) != "worksheet" {
				return r.scan.damaged()
			}
			root = false
		case tok == tokenEnd && string(r.scan.name) == "sheetData":
			return nil
		case tok == tokenStart && string(r.scan.name) == "col":
			if r.scan.flag("hidden") {
				for col := max(r.scan.number("min", 1), 1); col <= min(r.scan.number("max", 0), MaxColumns); col++ {
					r.hidden[col-1] = true
				}
			}
		case tok == tokenStart && string(r.scan.name) == "row":
			if n++; n%ctxEvery == 0 {
				if err := ctx.Err(); err != nil {
					return err
				}
			}
			if err := r.readRow(); err != nil {
				return err
			}
			if err := r.merger.fill(&r.row); err != nil {
				return r.scan.damaged()
			}
			if !yield(r.row) {
				return nil
			}
		}
	}
}

// readRow reads the row that has begun. Cells that show nothing are left out, but for formulas without a result.
func (r *rowReader) readRow() error {
	s := r.scan
	number := s.number("r", r.last+1)
	if number <= r.last || number > MaxRows {
		return tooMuchOr(number > MaxRows, s)
	}
	r.last, r.rowText = number, 0
	r.row = Row{Number: number, Hidden: s.flag("hidden"), Cells: make([]Cell, 0, r.width)}
	col := -1
	for {
		tok, err := s.next()
		if err != nil {
			return err
		}
		switch {
		case tok == tokenEnd && string(s.name) == "row":
			r.width = len(r.row.Cells)
			return nil
		case tok == tokenStart && string(s.name) == "c":
			if col, err = r.readCell(col); err != nil {
				return err
			}
		}
	}
}

func tooMuchOr(many bool, s *scanner) error {
	if many {
		return tooMuch("too_many_rows", MaxRows)
	}
	return s.damaged()
}

// readCell reads the cell that has begun and returns its column; before is the column of the one before.
func (r *rowReader) readCell(before int) (int, error) {
	s := r.scan
	col, st, kind := before+1, style{}, byte('n')
	for _, a := range s.attrs {
		switch string(a.name) {
		case "r":
			c, row, ok := parseRef(a.value)
			if !ok || row != r.row.Number || c <= before {
				return 0, s.damaged()
			}
			col = c
		case "s":
			if i, err := strconv.Atoi(string(a.value)); err == nil && i >= 0 && i < len(r.book.styles) {
				st = r.book.styles[i]
			}
		case "t":
			kind = typeLetter(a.value)
		}
	}
	cell := Cell{Row: r.row.Number, Col: col, epoch1904: r.book.date1904}
	r.value = r.value[:0]
	phonetic := false
	for depth := 1; depth > 0; {
		tok, err := s.next()
		if err != nil {
			return 0, err
		}
		if tok == tokenStart {
			depth++
			switch string(s.name) {
			case "v", "t":
				s.collect()
			case "f":
				cell.Formula = true
			case "rPh":
				phonetic = true
			}
			continue
		}
		if depth--; depth == 0 {
			break
		}
		switch string(s.name) {
		case "v":
			r.value = append(r.value[:0], s.take()...)
		case "t":
			if b := s.take(); !phonetic {
				if len(r.value)+len(b) > MaxCell*utf8.UTFMax {
					return 0, tooMuch("long_cell", MaxCell, "part", s.part)
				}
				r.value = append(r.value, b...)
			}
		case "rPh":
			phonetic = false
		}
	}
	raw := string(r.value)
	if raw == "" && !cell.Formula {
		return col, nil
	}
	if err := r.interpret(&cell, raw, kind, st); err != nil {
		return 0, err
	}
	if cell.Blank() && !cell.Formula {
		return col, nil
	}
	if col >= MaxColumns {
		return 0, tooMuch("too_many_columns", MaxColumns, "cell", cell.Ref())
	}
	cell.Hidden = r.hidden[col]
	if err := r.spend(len(cell.Raw)); err != nil {
		return 0, err
	}
	r.row.Cells = append(r.row.Cells, cell)
	return col, nil
}

// spend counts text that is handed out: one shared string of 100,000 letters may be asked for a million times.
func (r *rowReader) spend(n int) error {
	r.rowText += n
	r.allText += n
	if r.rowText > MaxRowText {
		return tooMuch("long_line", MaxRowText>>10)
	}
	if r.allText > MaxUnzipped {
		return tooMuch("unpacked_too_big", MaxUnzipped>>20)
	}
	return nil
}
