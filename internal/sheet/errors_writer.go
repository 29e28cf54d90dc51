// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package sheet

import (
	"io"
	"iter"

	"hoctap/internal/fault"
)

// BadRow is a row of a file that was read, with what is wrong with it.
type BadRow struct {
	Row     Row
	Bad     []int  // the columns at fault, of the file that was read
	Message string // for people, all that is wrong in one text
}

// WriteErrors writes the rows of a read file again, each in the columns where it stood, with the cells at fault in red
// and a last column, titled errorColumn, that says what to correct. titles are the file's own headings by column. The
// result can be corrected and imported as it is: the last column fits no wanted one.
func WriteErrors(out io.Writer, name string, titles []Heading, errorColumn string, rows iter.Seq[BadRow]) (err error) {
	defer fault.Wrap(&err, "sheet.WriteErrors(%s)", name)
	width := 1
	for _, h := range titles {
		width = max(width, h.Col+1)
	}
	if width >= MaxColumns {
		return tooMuch("too_many_columns", MaxColumns)
	}
	t := Table{Name: name, Columns: make([]OutColumn, width), ErrorColumn: errorColumn}
	for _, h := range titles {
		t.Columns[h.Col].Title = h.Text
	}
	w, err := NewWriter(out)
	if err != nil {
		return err
	}
	defer w.Discard()
	if err := w.Begin(t); err != nil {
		return err
	}
	values := make([]any, width)
	for r := range rows {
		clear(values)
		for _, c := range r.Row.Cells {
			if c.Col < width {
				// Dates go back as text: one that Excel has swapped must not be swapped again on the way.
				values[c.Col] = c.Text
			}
		}
		if err := w.RowWithErrors(values, r.Bad, r.Message); err != nil {
			return err
		}
	}
	return w.Close()
}
