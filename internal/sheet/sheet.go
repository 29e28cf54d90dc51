// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Package sheet reads the spreadsheets that people really have, and writes the ones they are given.
//
// It owns what a table in a file is: XLSX and CSV bytes, sheets, rows, cells, where the header is, which rows
// are no data, what a cell's text means as a number, a date, a phone number, a yes or a name. It reads a
// stranger's bytes in bounded memory (limits.go). It must not know what the table is about: it imports only
// fault and text, and callers say which columns they want.
package sheet

import (
	"context"
	"io"
	"iter"
	"strconv"
	"time"

	"hoctap/internal/fault"
	"hoctap/internal/text"
)

// Kind says what a cell holds. A formula cell has the kind of the value the file stored for it.
type Kind uint8

// The kinds of cell. A CSV file knows only text.
const (
	Text Kind = iota
	Number
	Date
	Bool
	Error
)

// Visibility says whether a person sees a sheet when the file is opened.
type Visibility uint8

// The three states a workbook can give to a sheet; VeryHidden ones cannot be shown from Excel's menus.
const (
	Visible Visibility = iota
	Hidden
	VeryHidden
)

// Sheet describes one table of a book.
type Sheet struct {
	Index      int // what Rows and Merges take
	Name       string
	Visibility Visibility
	Rows       int // the file's own claim about its last row, 0 when it makes none; never trust it
}

// Row is one line of a sheet with its cells that are not blank, from left to right.
type Row struct {
	Number int  // counted from 1, as Excel shows it
	Hidden bool // hidden by hand or by a filter
	Cells  []Cell
}

// Cell is one value. Text is in NFC, in Unicode whatever the file used, without outer blanks or doubled inner
// ones; it is what a person sees, but numbers have a decimal point and dates read dd/mm/yyyy.
type Cell struct {
	Row, Col  int // Row counts from 1, Col from 0 (column A)
	Text      string
	Raw       string    // the value as stored: a serial number for a date, unconverted for a legacy encoding
	Time      time.Time // for Date only, UTC
	Kind      Kind
	Formula   bool          // Text is the result the file stored; blank when it stored none
	Merged    bool          // the value belongs to the merged range's first cell and is repeated here
	Hidden    bool          // in a hidden column
	Ambiguous bool          // the text is Vietnamese both as it stands and in a legacy encoding
	Legacy    text.Encoding // the encoding Text was converted from

	epoch1904 bool
}

// Ref returns the cell's address as Excel writes it, "C17".
func (c Cell) Ref() string { return ColumnName(c.Col) + strconv.Itoa(c.Row) }

// Blank says whether the cell shows nothing.
func (c Cell) Blank() bool { return c.Text == "" }

// At returns the cell in column col (0 is A), a blank one where the row has none.
func (r Row) At(col int) Cell {
	for _, c := range r.Cells {
		if c.Col == col {
			return c
		}
	}
	return Cell{Row: r.Number, Col: col}
}

// Blank says whether the row has no value of its own; repeated values of merged cells do not count.
func (r Row) Blank() bool {
	for _, c := range r.Cells {
		if !c.Merged && !c.Blank() {
			return false
		}
	}
	return true
}

// ColumnName returns Excel's name of column col: 0 is A, 25 Z, 26 AA.
func ColumnName(col int) string {
	var b [8]byte
	i := len(b)
	for n := col + 1; n > 0; n = (n - 1) / 26 {
		i--
		b[i] = byte('A' + (n-1)%26)
	}
	return string(b[i:])
}

// Book is an opened file. It reads from the reader given to Open, which must stay open meanwhile; its rows may
// be read any number of times, by several goroutines at once.
type Book struct {
	name   string
	sheets []Sheet
	source source
}

// source is a file format: XLSX or CSV.
type source interface {
	rows(ctx context.Context, sheet int) iter.Seq2[Row, error]
}

// Open decides by content, never by name, what the file is and gets ready to read it. name is only shown to
// people. Old, locked, foreign, damaged and hostile files are refused with a fault whose sentence says how to
// save the file so that it can be read.
func Open(ctx context.Context, r io.ReaderAt, size int64, name string) (b *Book, err error) {
	defer fault.Wrap(&err, "sheet.Open(%s)", name)
	format, err := sniff(ctx, r, size)
	if err != nil {
		return nil, named(err, name)
	}
	b = &Book{name: name}
	if format == formatXLSX {
		b.source, b.sheets, err = openXLSX(r, size)
	} else {
		b.source, b.sheets, err = openCSV(ctx, r, size, name)
	}
	if err != nil {
		return nil, named(err, name)
	}
	return b, nil
}

// Name returns the file's name as given to Open.
func (b *Book) Name() string { return b.name }

// Sheets lists the tables in the order of their tabs. A CSV file has one, named after the file.
func (b *Book) Sheets() []Sheet { return b.sheets }

// Rows yields the rows of a sheet as the file is read; rows that the file leaves out are left out. After an
// error nothing follows: a fault for a file that breaks a limit or is damaged further down, ctx's error when it
// ends. An index out of range is fault.NotFound.
func (b *Book) Rows(ctx context.Context, sheet int) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		if sheet < 0 || sheet >= len(b.sheets) {
			yield(Row{}, fault.NotFound("sheet", strconv.Itoa(sheet)))
			return
		}
		for row, err := range b.source.rows(ctx, sheet) {
			if err != nil {
				yield(Row{}, named(err, b.name))
				return
			}
			if !yield(row, nil) {
				return
			}
		}
	}
}

// Head returns the first n rows of a sheet, what FindHeader and a preview need.
func (b *Book) Head(ctx context.Context, sheet, n int) ([]Row, error) {
	var rows []Row
	for row, err := range b.Rows(ctx, sheet) {
		if err != nil {
			return rows, err
		}
		if len(rows) == n {
			break
		}
		rows = append(rows, row)
	}
	return rows, nil
}
