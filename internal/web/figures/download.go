// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package figures

import (
	"net/http"
	"strings"

	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/place"
	"hoctap/internal/sheet"
	"hoctap/internal/text"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/site"
)

// file is a table to download: its name without ending, its tables, and how each gives its rows.
type file struct {
	name   string
	tables []fileTable
}

type fileTable struct {
	sheet.Table
	rows func(yield func(values ...any) error) error
}

// percent is a share in hundredths of a percent as a cell: a number that Excel shows as 87,9%.
type percent int64

// send answers with the file in the form of ?dang: csv, or xlsx when it says nothing.
func send(v *site.Visit, f file) error {
	switch v.Query("dang") {
	case "csv":
		return sendCSV(v, f)
	case "", "xlsx":
		return sendXLSX(v, f)
	}
	return fault.Invalid(fault.Field("dang", "figures.format"))
}

func attach(v *site.Visit, f file, ending, mime string) {
	h := v.W.Header()
	h.Set("Content-Type", mime)
	h.Set("Content-Disposition", "attachment; filename=\""+slug(f.name)+ending+"\"")
	h.Set("Cache-Control", "private, no-store")
}

// slug is a file name that every system and every old browser keeps: Vietnamese without marks, words joined by "-".
func slug(s string) string { return strings.ReplaceAll(text.Fold(s), " ", "-") }

// sendXLSX sends one workbook of all tables. Nothing is sent before it is whole, so a failure still becomes a page.
func sendXLSX(v *site.Visit, f file) error {
	w, err := sheet.NewWriter(v.W)
	if err != nil {
		return err
	}
	defer w.Discard()
	trust, n := v.Trust(), 0
	for _, t := range f.tables {
		if trust != "" {
			t.Above = append(t.Above, trust)
		}
		if err := w.Begin(t.Table); err != nil {
			return err
		}
		if err := t.rows(func(values ...any) error {
			for i, x := range values {
				if p, ok := x.(percent); ok {
					values[i] = float64(p) / 10000
				}
			}
			n++
			return w.Row(values...)
		}); err != nil {
			return err
		}
	}
	v.Rows(n)
	attach(v, f, ".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
	return w.Close()
}

// sendCSV sends the first table, semicolons between the fields as Excel set to Vietnamese expects. It goes out row by row: when
// it breaks off, so does the connection, and no half file is taken for a whole one.
func sendCSV(v *site.Visit, f file) error {
	t := f.tables[0]
	trust := v.Trust() // a table of plain text has no room above: each row says it
	var w *sheet.CSVWriter
	begin := func() error {
		if w != nil {
			return nil
		}
		attach(v, f, ".csv", "text/csv; charset=utf-8")
		w = sheet.NewCSVWriter(v.W, ';')
		head := make([]any, len(t.Columns))
		for i, c := range t.Columns {
			head[i] = c.Title
		}
		if trust != "" {
			head = append(head, v.T("figures.head.criteria"))
		}
		return w.Row(head...)
	}
	n := 0
	err := t.rows(func(values ...any) error {
		if err := begin(); err != nil {
			return err
		}
		n++
		for i, x := range values {
			if p, ok := x.(percent); ok {
				values[i] = lang.Percent(v.Ctx(), int64(p))
			}
		}
		if trust != "" {
			for len(values) < len(t.Columns) {
				values = append(values, nil)
			}
			values = append(values, trust)
		}
		return w.Row(values...)
	})
	if err != nil && w == nil {
		return err
	}
	if err == nil {
		if err = begin(); err == nil {
			err = w.Close()
		}
	}
	v.Rows(n)
	if err != nil {
		v.Log.Error("download broke off", "path", v.R.URL.Path, "error", err)
		panic(http.ErrAbortHandler)
	}
	return nil
}

// column makes a column of a file.
func column(v *site.Visit, key string, f sheet.Format, sum bool, args ...any) sheet.OutColumn {
	return sheet.OutColumn{Title: v.T(key, args...), Format: f, Sum: sum}
}

// countColumns are the figures that each table of places has, in the order of countCells.
func countColumns(v *site.Visit, model string) []sheet.OutColumn {
	s := v.T("subject." + model)
	c := func(key string, f sheet.Format, sum bool) sheet.OutColumn {
		return column(v, key, f, sum, "subject", s)
	}
	return []sheet.OutColumn{
		c("figures.head.total", sheet.AsWhole, true), c("figures.head.registered", sheet.AsWhole, true), c("figures.head.recognised", sheet.AsWhole, true),
		c("figures.head.of_all", sheet.AsPercent, false), c("figures.head.of_registered", sheet.AsPercent, false),
		c("figures.step.registered", sheet.AsWhole, true), c("figures.step.scored", sheet.AsWhole, true), c("figures.step.sent", sheet.AsWhole, true),
		c("figures.step.returned", sheet.AsWhole, true), c("figures.step.approved", sheet.AsWhole, true), c("state.rejected", sheet.AsWhole, true),
	}
}

func (d *desk) listFile(v *site.Visit) error {
	a, err := listOf(v)
	if err != nil {
		return err
	}
	if a.place.Level == place.Province {
		return fault.TooMuch("figures.list_too_big")
	}
	model, where := a.filter.Model, leafName(v, a.place)
	t := fileTable{Table: sheet.Table{Name: v.T("model." + model), Above: []string{a.place.FullName(), v.T("title."+model) + " " + v.T("figures.in_year", "year", a.round.Year)},
		Columns: []sheet.OutColumn{column(v, "figures.head.number", sheet.AsText, false), {Title: v.T("figures.head.name." + model), Width: 32}, {Title: v.T("figures.head.area"), Width: 24},
			column(v, "figures.head.points", sheet.AsDecimal, false), column(v, "figures.head.outcome", sheet.AsText, false), column(v, "figures.head.status", sheet.AsText, false)}}}
	t.rows = func(yield func(...any) error) error {
		f := a.filter
		f.Limit = 200
		kept, err := v.Registry.Restricted(v.Ctx(), nil)
		if err != nil {
			return err
		}
		for {
			found, next, err := v.Assessment.Find(v.Ctx(), v.Actor, f)
			if err != nil {
				return err
			}
			list, err := names(v, found)
			if err != nil {
				return err
			}
			for i, n := range list {
				if kept[found[i].SubjectID] { // their data are only kept
					continue
				}
				var total any
				if p := found[i].Total; p != nil {
					total = sheet.Hundredths(*p)
				}
				if err := yield(n.Number, n.Name, n.Area, total, n.Outcome, n.State); err != nil {
					return err
				}
			}
			if next.ID == "" {
				return nil
			}
			f.After = next
		}
	}
	return send(v, file{v.T("figures.file.names", "model", model, "year", a.round.Year, "place", where), []fileTable{t}})
}

func (d *desk) communeFile(v *site.Visit) error {
	p, err := v.Here(identity.SeeFigures)
	if err != nil {
		return err
	}
	if p.Level != place.Commune {
		return fault.NotFound("commune", p.ID)
	}
	f, err := d.folder(v, p)
	if err != nil {
		return err
	}
	t := fileTable{Table: sheet.Table{Name: v.T("figures.file.areas"), Above: []string{p.FullName(), v.T("title."+f.model) + " " + v.T("figures.in_year", "year", f.round.Year)},
		Columns: append([]sheet.OutColumn{{Title: v.T("figures.head.area"), Width: 28}}, append(countColumns(v, f.model), sheet.OutColumn{Title: v.T("figures.head.signs"), Width: 40})...),
		Total:   v.T("figures.sum")}}
	t.rows = func(yield func(...any) error) error {
		for _, a := range f.areas {
			if err := yield(append(append([]any{a.Name}, cells(a.Counts)...), strings.Join(a.Signs, "; "))...); err != nil {
				return err
			}
		}
		return nil
	}
	return send(v, file{v.T("figures.file.commune", "model", f.model, "year", f.round.Year, "place", p.FullName()), []fileTable{t, yearsTable(v, f.tiles, f.models)}})
}
