// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package registry

import (
	"context"
	"io"
	"iter"
	"slices"
	"strings"

	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/sheet"
)

// ErrorFile writes the rows that a person has to look at as XLSX: each as it stands in the file, in its own columns, with
// what was mended meanwhile, the cells at fault in red, and a last column errorColumn that say fills for each issue. It can
// be corrected and imported again. Rows of several sheets come below one another, under the headings of the first. It fails with
// fault.Denied, and fault.Conflict before the check.
func (s *Service) ErrorFile(ctx context.Context, by identity.Actor, id string, src Source, out io.Writer, errorColumn string, say func(Issue) string) (err error) {
	defer fault.Wrap(&err, "registry.ErrorFile(%s)", id)
	b, err := s.batch(ctx, by, id)
	if err != nil {
		return err
	}
	if err = b.in(Checked, Importing, Done, Undone); err != nil {
		return err
	}
	if b.FileSHA == "" {
		return fault.Conflict("registry.file_gone", "name", b.FileName)
	}
	book, err := sheet.Open(ctx, src.File, src.Size, b.FileName)
	if err != nil {
		return err
	}
	var titles []sheet.Heading
	for _, m := range b.Mapping.Sheets {
		if m.Use {
			titles = m.Titles
			if col, ok := m.areaBeside(); ok {
				titles = append(slices.Clone(titles), sheet.Heading{Col: col, Text: areaColumn.Names[0]})
			}
			break
		}
	}
	var broken error
	rows := func(yield func(sheet.BadRow) bool) {
		broken = s.badRows(ctx, b, book, say, yield)
	}
	if err = sheet.WriteErrors(out, b.FileName, titles, errorColumn, iter.Seq[sheet.BadRow](rows)); err != nil {
		return err
	}
	return broken
}

// badRows walks the file and the kept rows side by side; both are in the order of the file.
func (s *Service) badRows(ctx context.Context, b Batch, book *sheet.Book, say func(Issue) string, yield func(sheet.BadRow) bool) error {
	var kept []Row
	after, more := 0, true
	next := func() (Row, bool, error) {
		if len(kept) == 0 && more {
			var err error
			if kept, err = s.rowsOf(ctx, s.db.Read(), b.ID, LookAt, after, maxPage); err != nil {
				return Row{}, false, err
			}
			more = len(kept) == maxPage
		}
		if len(kept) == 0 {
			return Row{}, false, nil
		}
		r := kept[0]
		kept, after = kept[1:], r.No
		return r, true, nil
	}
	r, ok, err := next()
	for _, m := range b.Mapping.Sheets {
		if !m.Use || err != nil || !ok || r.SheetIndex() != m.Index {
			continue
		}
		for row, rowErr := range book.Rows(ctx, m.Index) {
			if rowErr != nil {
				return rowErr
			}
			for ok && r.SheetIndex() == m.Index && r.Number() < row.Number {
				if r, ok, err = next(); err != nil {
					return err
				}
			}
			if !ok || r.SheetIndex() != m.Index {
				break
			}
			if r.Number() == row.Number && !yield(badRow(row, r, m, say)) {
				return nil
			}
		}
		for err == nil && ok && r.SheetIndex() == m.Index {
			r, ok, err = next()
		}
	}
	return err
}

// areaBeside returns where the area of rows is written that had it from their sheet's name or a line over them.
func (m SheetMapping) areaBeside() (col int, ok bool) {
	if _, mapped := m.Columns["area"]; mapped {
		return 0, false
	}
	for _, t := range m.Titles {
		col = max(col, t.Col+1)
	}
	return col, true
}

// badRow is the file's row with the mended cells in it.
func badRow(row sheet.Row, r Row, m SheetMapping, say func(Issue) string) sheet.BadRow {
	cells := make([]sheet.Cell, 0, len(row.Cells)+len(m.Columns))
	mapped := map[int]bool{}
	for key, col := range m.Columns {
		mapped[col] = true
		if t := r.Cells[key]; t != "" && t != uncalculated {
			cells = append(cells, sheet.Cell{Row: row.Number, Col: col, Text: t, Raw: t})
		}
	}
	if col, ok := m.areaBeside(); ok && r.Cells["area"] != "" {
		mapped[col] = true
		cells = append(cells, sheet.Cell{Row: row.Number, Col: col, Text: r.Cells["area"], Raw: r.Cells["area"]})
	}
	for _, c := range row.Cells {
		if !mapped[c.Col] {
			cells = append(cells, c)
		}
	}
	row.Cells = cells
	out := sheet.BadRow{Row: row}
	var said []string
	for _, i := range r.Issues {
		said = append(said, say(i))
		if col, ok := m.Columns[i.Field]; ok {
			out.Bad = append(out.Bad, col)
		}
	}
	out.Message = strings.Join(said, " ")
	return out
}
