// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package sheet

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/unicode/norm"

	"hoctap/internal/fault"
)

// Format says how a written column shows its values.
type Format int

// The formats of written columns.
const (
	AsText    Format = iota // never read as a number or formula, even when edited
	AsWrapped               // text over several lines
	AsWhole                 // 1.234
	AsDecimal               // 1.234,50
	AsTenths                // 1.234,5
	AsPercent               // 0.879 shows as 87,9%
	AsDate                  // 31/12/2025
)

// Hundredths is a number in hundredths, as points are kept: 1250 is written as 12.5.
type Hundredths int64

// Shown is a value with a format of its own, in a column that mixes counts with shares.
type Shown struct {
	Value  any
	Format Format
}

// OutColumn is a column to write.
type OutColumn struct {
	Title  string
	Width  float64 // in characters; 0 takes it from the title and format
	Format Format
	Sum    bool // summed by a formula in the totals row
	// Part and Whole are the columns, counted from 1, whose sums give this column's percentage in the totals row, to one decimal; 0 for none.
	Part, Whole int
	Last        any // what else stands in the totals row; nil for a blank
}

// Table is a sheet to write.
type Table struct {
	Name        string   // of the tab; what Excel forbids in it is replaced
	Above       []string // lines over the header: body, title, date
	Columns     []OutColumn
	Total       string // what stands in the first column of the totals row, "Tổng cộng"; "" for no such row
	ErrorColumn string // title of a last column for messages, "Lỗi cần sửa"; "" for none
}

// Writer writes a workbook of one or more tables, row by row; what does not fit into memory waits in a temporary
// file. Texts are written as texts whatever they begin with; the only formulas are the Writer's own sums.
type Writer struct {
	out    io.Writer
	file   *excelize.File
	stream *excelize.StreamWriter
	table  Table
	name   string // of the current tab
	names  map[string]bool
	styles writerStyles
	row    int
	head   int   // row number of the header
	sums   []sum // of each column, for programs that do not calculate
	rows   []any

	title, author, at string // of the file
}

// Describe says what the file is of, by whom, and from which day, YYYY-MM-DD or "".
func (w *Writer) Describe(title, author, date string) {
	w.title, w.author, w.at = title, author, ""
	if date != "" {
		w.at = date + "T00:00:00Z"
	}
}

// sum adds up exactly what is exact.
type sum struct {
	hundredths int64
	rest       float64
}

func (s sum) value() float64 { return float64(s.hundredths)/100 + s.rest }

type writerStyles struct {
	header, title, bad, badText, message int
	body, total                          map[Format]int
}

// NewWriter returns a writer that sends the finished workbook to out on Close.
func NewWriter(out io.Writer) (w *Writer, err error) {
	defer fault.Wrap(&err, "sheet.NewWriter")
	w = &Writer{out: out, file: excelize.NewFile(), names: map[string]bool{}}
	if err := w.makeStyles(); err != nil {
		return nil, err
	}
	return w, nil
}

// Begin ends the table before, if any, and starts the next with its header, which stays in view and is repeated
// on each printed page.
func (w *Writer) Begin(t Table) (err error) {
	defer fault.Wrap(&err, "sheet.Writer.Begin(%s)", t.Name)
	if err := w.end(); err != nil {
		return err
	}
	if len(t.Columns) == 0 || len(t.Columns) >= MaxColumns {
		return errors.New("a table needs a column and has a limit of them")
	}
	if t.ErrorColumn != "" {
		t.Columns = append(append([]OutColumn{}, t.Columns...), OutColumn{Title: t.ErrorColumn, Width: 60, Format: AsWrapped})
	}
	first := len(w.names) == 0
	w.table, w.name = t, w.tabName(t.Name)
	w.sums, w.row = make([]sum, len(t.Columns)), 0
	if first {
		err = w.file.SetSheetName("Sheet1", w.name)
	} else {
		_, err = w.file.NewSheet(w.name)
	}
	if err != nil {
		return err
	}
	if err := w.layout(); err != nil {
		return err
	}
	if w.stream, err = w.file.NewStreamWriter(w.name); err != nil {
		return err
	}
	return w.writeHead()
}

// Row writes one row. Values are string, int, int64, float64, bool, Hundredths, time.Time, Day, Shown, or nil for a
// blank; there may be fewer than columns.
func (w *Writer) Row(values ...any) error { return w.RowWithErrors(values, nil, "") }

// RowWithErrors writes one row with the cells of the columns bad in red, and message in the table's ErrorColumn.
func (w *Writer) RowWithErrors(values []any, bad []int, message string) (err error) {
	defer fault.Wrap(&err, "sheet.Writer.Row(%d)", w.row+1)
	switch {
	case w.stream == nil:
		return errors.New("no table begun")
	case w.row == MaxRows:
		return tooMuch("too_many_rows", MaxRows)
	case len(values) > len(w.table.Columns):
		return errors.New("more values than columns")
	}
	w.rows = w.rows[:0]
	for i, v := range values {
		format := w.table.Columns[i].Format
		if own, ok := v.(Shown); ok {
			v, format = own.Value, own.Format
		}
		cell := excelize.Cell{StyleID: w.styles.body[format]}
		cell.Value = w.value(v, i)
		if text, isText := cell.Value.(string); isText {
			cell.StyleID = w.styles.body[textFormat(format)]
			if text == "" {
				cell.Value = nil
			}
		}
		for _, b := range bad {
			if b == i {
				cell.StyleID = w.styles.bad
				if _, isText := cell.Value.(string); isText {
					cell.StyleID = w.styles.badText
				}
			}
		}
		w.rows = append(w.rows, cell)
	}
	if message != "" && w.table.ErrorColumn != "" {
		for len(w.rows) < len(w.table.Columns)-1 {
			w.rows = append(w.rows, nil)
		}
		w.rows = append(w.rows[:len(w.table.Columns)-1], excelize.Cell{StyleID: w.styles.message, Value: plainText(message)})
	}
	w.row++
	return w.stream.SetRow(ref(0, w.row), w.rows)
}

// Discard gives the temporary files back without sending anything; behind Close it does nothing. A Writer that is not
// closed must be discarded.
func (w *Writer) Discard() { _ = w.file.Close() }

// Close ends the last table and sends the workbook. A writer without a table is an error.
func (w *Writer) Close() (err error) {
	defer fault.Wrap(&err, "sheet.Writer.Close")
	defer w.Discard()
	if len(w.names) == 0 {
		return errors.New("no table begun")
	}
	if err := w.end(); err != nil {
		return err
	}
	w.file.SetActiveSheet(0)
	if err := w.file.SetDocProps(&excelize.DocProperties{Title: plainText(w.title), Creator: plainText(cmp.Or(w.author, "hoctap")), LastModifiedBy: plainText(cmp.Or(w.author, "hoctap")), Created: w.at, Modified: w.at}); err != nil {
		return err
	}
	full := true
	if err := w.file.SetCalcProps(&excelize.CalcPropsOptions{FullCalcOnLoad: &full}); err != nil {
		return err
	}
	return w.file.Write(w.out)
}

// value turns what the caller gave into what excelize writes, and adds it to the column's sum.
func (w *Writer) value(v any, col int) any {
	switch v := v.(type) {
	case nil:
		return nil
	case string:
		return plainText(v)
	case int:
		w.sums[col].rest += float64(v)
		return v
	case int64:
		w.sums[col].rest += float64(v)
		return v
	case float64:
		w.sums[col].rest += v
		return v
	case Hundredths:
		w.sums[col].hundredths += int64(v)
		return float64(v) / 100
	case bool:
		return v
	case Day:
		if !v.Full() {
			return vietnamese(v)
		}
		return time.Date(v.Year, time.Month(v.Month), v.Day, 0, 0, 0, 0, time.UTC)
	case time.Time:
		if v.IsZero() {
			return nil
		}
		return v
	}
	return plainText(fmt.Sprint(v))
}

// textFormat is the format of a text in a column of format f.
func textFormat(f Format) Format {
	if f == AsWrapped {
		return f
	}
	return AsText
}

// plainText returns s composed, without outer blanks and without signs that XML cannot hold; line breaks stay.
func plainText(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == 0xFFFE || r == 0xFFFF {
			return -1
		}
		return r
	}, lineBreaks.Replace(strings.ToValidUTF8(s, "\uFFFD")))
	s = strings.TrimFunc(norm.NFC.String(s), unicode.IsSpace)
	if runes := []rune(s); len(runes) > MaxCell {
		s = string(runes[:MaxCell])
	}
	return s
}

var lineBreaks = strings.NewReplacer("\r\n", "\n", "\r", "\n")

// tabName makes a name that Excel accepts and that no other tab has.
func (w *Writer) tabName(name string) string {
	name = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`:\/?*[]`, r) {
			return ' '
		}
		return r
	}, plainText(name))
	name = strings.Trim(strings.Join(strings.Fields(name), " "), "' ")
	if name == "" {
		name = "Sheet"
	}
	for n := 1; ; n++ {
		suffix := ""
		if n > 1 {
			suffix = fmt.Sprintf(" (%d)", n)
		}
		short := []rune(name)
		for len(utf16.Encode(short))+len(suffix) > 31 {
			short = short[:len(short)-1]
		}
		full := strings.TrimRight(string(short), "' ") + suffix
		if key := strings.ToLower(full); !w.names[key] {
			w.names[key] = true
			return full
		}
	}
}

func ref(col, row int) string { return fmt.Sprintf("%s%d", ColumnName(col), row) }
