// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package sheet

import (
	"context"
	"iter"
	"math"
	"strconv"
	"strings"
	"time"
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

// typeLetter shortens a cell's type: s shared string, t other text, b, e, d as in the file, n number.
func typeLetter(t []byte) byte {
	switch string(t) {
	case "s", "b", "e", "d":
		return t[0]
	case "str", "inlineStr":
		return 't'
	}
	return 'n'
}

// interpret gives the cell its kind, text and time.
func (r *rowReader) interpret(c *Cell, raw string, kind byte, st style) error {
	c.Raw = raw
	switch kind {
	case 's':
		i, err := strconv.Atoi(strings.TrimSpace(raw))
		s, ok := r.book.strings.get(i)
		if err != nil || !ok {
			return r.scan.damaged()
		}
		c.understand(unescape(s), st, r.book.dominant, r.book.proper)
	case 't':
		c.understand(unescape(raw), st, r.book.dominant, r.book.proper)
	case 'b':
		c.Kind, c.Text = Bool, "FALSE"
		if strings.TrimSpace(raw) == "1" {
			c.Text = "TRUE"
		}
	case 'e':
		c.Kind, c.Text = Error, clean(raw)
	case 'd':
		if t, ok := parseISO(strings.TrimSpace(raw)); ok {
			c.setTime(t)
		} else {
			c.understand(raw, st, r.book.dominant, r.book.proper)
		}
	default:
		c.setNumber(strings.TrimSpace(raw), st)
	}
	return nil
}

// setNumber reads a number; with a date format it is a day.
func (c *Cell) setNumber(raw string, st style) {
	f, err := strconv.ParseFloat(raw, 64)
	if err != nil || math.IsInf(f, 0) || math.IsNaN(f) {
		c.Text = clean(raw)
		return
	}
	c.Kind = Number
	if st.date {
		if t, ok := SerialTime(f, c.epoch1904); ok {
			c.setTime(t)
			return
		}
	}
	c.Text = numberText(raw, f)
}

func (c *Cell) setTime(t time.Time) {
	c.Kind, c.Time = Date, t
	c.Text = t.Format("02/01/2006")
	if t.Hour() != 0 || t.Minute() != 0 || t.Second() != 0 {
		c.Text = t.Format("02/01/2006 15:04")
	}
}

// numberText writes a number as Excel shows it in a wide cell: at most 15 digits, no exponent for whole numbers.
func numberText(raw string, f float64) string {
	plain := len(raw) > 0 && len(raw) <= 15 && (raw[0] != '0' || len(raw) == 1)
	for i := 0; plain && i < len(raw); i++ {
		plain = raw[i] >= '0' && raw[i] <= '9'
	}
	if plain {
		return raw
	}
	rounded, err := strconv.ParseFloat(strconv.FormatFloat(f, 'g', 15, 64), 64)
	if err != nil {
		rounded = f
	}
	if a := math.Abs(rounded); a != 0 && (a < 1e-9 || a >= 1e21) {
		return strconv.FormatFloat(rounded, 'g', -1, 64)
	}
	return strconv.FormatFloat(rounded, 'f', -1, 64)
}

// parseISO reads the ISO 8601 dates of strict workbooks.
func parseISO(s string) (time.Time, bool) {
	for _, layout := range []string{"2006-01-02T15:04:05.999", "2006-01-02T15:04:05Z07:00", "2006-01-02T15:04", "2006-01-02"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC(), true
		}
	}
	return time.Time{}, false
}

// SerialTime returns the moment of an Excel serial number. Day 1 is 1 January 1900, or day 0 is 1 January 1904 in
// workbooks from old Macintoshes. Excel believes that 1900 was a leap year, so day 60 does not exist and the days
// from 61 on are one less than they say. ok is false outside 1900 to 9999.
func SerialTime(serial float64, epoch1904 bool) (t time.Time, ok bool) {
	day := math.Floor(serial)
	seconds := math.Round((serial - day) * 86_400)
	start := time.Date(1899, 12, 31, 0, 0, 0, 0, time.UTC)
	switch {
	case epoch1904 && day >= 0 && day <= 2_957_003:
		start = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	case epoch1904, day < 1, day == 60, day > 2_958_465 || math.IsNaN(serial):
		return time.Time{}, false
	case day > 60:
		day--
	}
	return start.AddDate(0, 0, int(day)).Add(time.Duration(seconds) * time.Second), true
}
