// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package subjects

import (
	"net/http"
	"strings"

	"hoctap/internal/fault"
	"hoctap/internal/registry"
	"hoctap/internal/sheet"
	"hoctap/internal/text"
	"hoctap/internal/web/site"
)

// column is a column of a downloaded list.
type column struct {
	sheet.OutColumn
	value func(r registry.Subject) any
}

// download sends the list that the page shows, all of it, as XLSX or CSV. The numbers of people are as much hidden there as on the page.
func download(v *site.Visit) error {
	a, err := ask(v)
	if err != nil {
		return err
	}
	if wide(a.place) {
		return fault.TooMuch("subjects.list_too_big")
	}
	leaves, err := v.Places.Leaves(v.Ctx(), a.place.ID, "")
	if err != nil {
		return err
	}
	areas := map[string]string{}
	for _, l := range leaves {
		areas[l.ID] = leafName(v, l)
	}
	where, err := longName(v, a.place)
	if err != nil {
		return err
	}
	columns := columnsOf(v, a.model, areas)
	a.filter.After, a.filter.Limit = "", manyRows
	kept, err := v.Registry.Restricted(v.Ctx(), nil)
	if err != nil {
		return err
	}
	rows := func(yield func(values ...any) error) error {
		for {
			page, err := v.Registry.Find(v.Ctx(), v.Actor, a.filter)
			if err != nil {
				return err
			}
			for _, r := range page.Subjects {
				if kept[r.ID] { // their data are only kept
					continue
				}
				values := make([]any, len(columns))
				for i, c := range columns {
					values[i] = c.value(r)
				}
				if err := yield(values...); err != nil {
					return err
				}
			}
			if a.filter.After = page.Next; a.filter.After == "" {
				return nil
			}
		}
	}
	name := strings.ReplaceAll(text.Fold(v.T("subjects.file", "model", v.T("model."+a.model), "place", where)), " ", "-")
	switch v.Query("dang") {
	case "", "xlsx":
		return sendXLSX(v, name, sheet.Table{Name: v.T("model." + a.model), Above: []string{where}}, columns, rows)
	case "csv":
		return sendCSV(v, name, columns, rows)
	}
	return fault.Invalid(fault.Field("dang", "registry.unknown_value", "value", v.Query("dang")))
}

func columnsOf(v *site.Visit, model string, areas map[string]string) []column {
	list := []column{
		{sheet.OutColumn{Title: v.T("registry.field.number")}, func(r registry.Subject) any { return r.Number }},
		{sheet.OutColumn{Title: label(v, model, "name"), Width: 32}, func(r registry.Subject) any { return r.Name }},
		{sheet.OutColumn{Title: v.T("registry.field.area"), Width: 24}, func(r registry.Subject) any { return areas[r.PlaceID] }},
	}
	for _, f := range fieldsOf(model) {
		if f == "name" || f == "number" || f == "family_id" {
			continue
		}
		format := sheet.AsText
		if isCount(f) {
			format = sheet.AsWhole
		}
		list = append(list, column{sheet.OutColumn{Title: label(v, model, f), Format: format}, func(r registry.Subject) any {
			s := said(v, r, f)
			if n, err := whenWhole(s); isCount(f) && err == nil {
				return n
			}
			return s
		}})
	}
	return list
}

func attach(v *site.Visit, name, mime string) {
	h := v.W.Header()
	h.Set("Content-Type", mime)
	h.Set("Content-Disposition", `attachment; filename="`+name+`"`)
	h.Set("Cache-Control", "private, no-store")
}

// sendXLSX sends nothing before the workbook is whole, so that a failure still becomes a page.
func sendXLSX(v *site.Visit, name string, t sheet.Table, columns []column, rows func(func(...any) error) error) error {
	w, err := sheet.NewWriter(v.W)
	if err != nil {
		return err
	}
	defer w.Discard()
	for _, c := range columns {
		t.Columns = append(t.Columns, c.OutColumn)
	}
	if err := w.Begin(t); err != nil {
		return err
	}
	n := 0
	if err := rows(func(values ...any) error { n++; return w.Row(values...) }); err != nil {
		return err
	}
	v.Rows(n)
	attach(v, name+".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
	return w.Close()
}

// sendCSV goes out row by row, semicolons between the fields as Excel set to Vietnamese expects. When it breaks off, so does the
// connection, and no half list is taken for a whole one.
func sendCSV(v *site.Visit, name string, columns []column, rows func(func(...any) error) error) error {
	attach(v, name+".csv", "text/csv; charset=utf-8")
	w := sheet.NewCSVWriter(v.W, ';')
	titles := make([]any, len(columns))
	for i, c := range columns {
		titles[i] = c.Title
	}
	err := w.Row(titles...)
	if err == nil {
		n := 0
		err = rows(func(values ...any) error { n++; return w.Row(values...) })
		v.Rows(n)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		v.Log.Error("download broke off", "path", v.R.URL.Path, "error", err)
		panic(http.ErrAbortHandler)
	}
	return nil
}
