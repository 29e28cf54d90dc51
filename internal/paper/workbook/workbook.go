// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Package workbook writes the lists of a paper and the figures of its charts as an Excel workbook: a tab for each, numbers as numbers, totals as formulas.
// What is no list stays in the paper; a document without one has no workbook.
package workbook

import (
	"io"
	"strconv"
	"strings"

	"hoctap/internal/fault"
	"hoctap/internal/paper"
	"hoctap/internal/sheet"
)

// Write writes the lists of d, which is clean. It fails with fault.NotFound when there are none.
func Write(w io.Writer, d *paper.Document) (err error) {
	defer fault.Wrap(&err, "workbook.Write(%s)", d.Title)
	out, err := sheet.NewWriter(w)
	if err != nil {
		return err
	}
	defer out.Discard()
	out.Describe(d.Title, d.Author, d.Date)
	found := false
	for i := range d.Parts {
		above := []string{d.Author}
		for _, b := range d.Parts[i].Blocks {
			switch b := b.(type) {
			case paper.Title:
				above = append(above, texts(b.Kind, b.About, b.Of)...)
			case paper.Table:
				found = true
				if err := write(out, d.Parts[i].Name, append(above, texts(d.Marks.Across, d.Marks.Notice)...), b, 0); err != nil {
					return err
				}
			case paper.Chart:
				found = true
				if err := write(out, d.Parts[i].Name, append(above, texts(b.Title, b.Said, d.Marks.Across, d.Marks.Notice)...), b.Table(), 1); err != nil {
					return err
				}
			}
		}
	}
	if !found {
		return fault.NotFound("list", d.Title)
	}
	return out.Close()
}

// texts are those that are not empty.
func texts(list ...string) (out []string) {
	for _, s := range list {
		if s != "" {
			out = append(out, s)
		}
	}
	return out
}

// write writes a list whose first columns are names: years are no quantities.
func write(out *sheet.Writer, name string, above []string, t paper.Table, names int) error {
	formats := make([]sheet.Format, len(t.Columns))
	table := sheet.Table{Name: name, Above: above}
	for i, c := range t.Columns {
		if formats[i] = sheet.AsText; i >= names {
			formats[i] = formatOf(t.Rows, i, c.Align == paper.Right)
		}
		table.Columns = append(table.Columns, sheet.OutColumn{Title: c.Head, Width: max(8, c.Share*100), Format: formats[i], Sum: c.Sum && formats[i] != sheet.AsText, Part: c.Part, Whole: c.Whole})
		if last := &table.Columns[i]; i > 1 && i < len(t.Total) && t.Total[i] != "" && !last.Sum && last.Part == 0 {
			last.Last = valueOf(t.Total[i], formats[i])
		}
	}
	if len(t.Total) > 0 {
		table.Total = strings.Join(texts(t.Total[:min(2, len(t.Total))]...), " ")
	}
	if err := out.Begin(table); err != nil {
		return err
	}
	for _, row := range t.Rows {
		values := make([]any, len(row))
		for i, cell := range row {
			values[i] = valueOf(cell, formats[i])
		}
		if err := out.Row(values...); err != nil {
			return err
		}
	}
	return nil
}

// formatOf is that of a column of numbers as papers write them, "1.234,5": its least exact cells are of it, the others bring their own (valueOf). A column
// is one of numbers when each filled cell is a number, or when it is set like figures, to the right, and has one: what somebody wrote beside them stays
// text. Numbers that begin with a zero name something and are no quantities.
func formatOf(rows [][]string, i int, figures bool) sheet.Format {
	format, found := sheet.Format(0), false
	for _, row := range rows {
		if i >= len(row) || row[i] == "" {
			continue
		}
		f, ok := cellFormat(row[i])
		switch {
		case !ok && !figures:
			return sheet.AsText
		case ok && (!found || f == sheet.AsWhole || f == sheet.AsTenths && format == sheet.AsDecimal):
			format, found = f, true
		}
	}
	if !found {
		return sheet.AsText
	}
	return format
}

// cellFormat has as many places behind the comma as the cell.
func cellFormat(cell string) (f sheet.Format, ok bool) {
	n, ok := hundredths(cell)
	switch _, part, decimal := strings.Cut(cell, ","); {
	case !ok:
		return sheet.AsText, false
	case len(part) > 1:
		return sheet.AsDecimal, true
	case decimal && n%10 == 0:
		return sheet.AsTenths, true
	}
	return sheet.AsWhole, true
}

func valueOf(cell string, column sheet.Format) any {
	f, ok := cellFormat(cell)
	if cell == "" {
		return nil
	}
	if column == sheet.AsText || !ok {
		return cell
	}
	n, _ := hundredths(cell)
	var value any = sheet.Hundredths(n)
	if f == sheet.AsWhole {
		value = n / 100
	}
	if f == column {
		return value
	}
	return sheet.Shown{Value: value, Format: f}
}

// hundredths reads a number with dots between thousands, at most two places behind a comma, and perhaps a sign.
func hundredths(s string) (n int64, ok bool) {
	for sign, factor := range map[string]int64{"+": 1, "-": -1, "−": -1} {
		if rest, signed := strings.CutPrefix(s, sign); signed {
			if rest == "" || rest[0] < '0' || rest[0] > '9' {
				return 0, false
			}
			n, ok = hundredths(rest)
			return factor * n, ok
		}
	}
	whole, part, decimal := strings.Cut(s, ",")
	if groups := strings.Split(whole, "."); len(groups) > 1 {
		for i, g := range groups {
			if i > 0 && len(g) != 3 || i == 0 && (len(g) == 0 || len(g) > 3) {
				return 0, false
			}
		}
		whole = strings.Join(groups, "")
	}
	if len(whole) == 0 || len(whole) > 12 || len(whole) > 1 && whole[0] == '0' || decimal && (len(part) == 0 || len(part) > 2) {
		return 0, false
	}
	n, err := strconv.ParseInt(whole+(part + "00")[:2], 10, 64)
	return n, err == nil && whole[0] >= '0' && whole[0] <= '9'
}
