// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package imports

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"hoctap/internal/fault"
	"hoctap/internal/registry"
	"hoctap/internal/sheet"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

const pageRows = 50

// show is the page of an import, by how far it is.
func show(v *site.Visit) error {
	b, err := v.Registry.Batch(v.Ctx(), v.Actor, v.Path("id"))
	if err != nil {
		return err
	}
	switch b.State {
	case registry.Uploaded:
		return mappingPage(v, http.StatusOK, b, nil)
	case registry.Checked:
		return checkPage(v, b)
	}
	if b.State == registry.Importing {
		v.W.Header().Set("Refresh", "2")
	}
	if b.State == registry.Done && b.Counts.Look() > 0 && v.Query("xem") != "" {
		return checkPage(v, b)
	}
	return resultWith(v, b, nil)
}

type sheetView struct {
	Index    int
	Name     string
	Use      bool
	Hidden   bool
	First    ui.Field
	Last     ui.Field
	Columns  []ui.Field
	Preview  [][]string
	Letters  []string
	Remember bool
}

type mapView struct {
	Frame  ui.Office
	Batch  registry.Batch
	Stages []ui.Stage
	Sheets []sheetView
	Broken []ui.Broken
	Found  int
	All    int
}

func mappingPage(v *site.Visit, status int, b registry.Batch, failed error) error {
	src, closer, err := source(v.Ctx(), v.Site, b)
	if err != nil {
		return err
	}
	defer closer.Close()
	view := mapView{Batch: b, Stages: steps(v, b)}
	if failed != nil {
		sentence, errs := lang.Fault(v.Ctx(), failed)
		if len(errs) == 0 {
			errs = map[string]string{"": sentence}
		}
		for _, text := range errs {
			view.Broken = append(view.Broken, ui.Broken{ID: "cot", Text: text})
		}
	}
	columns := registry.ImportColumns(b.Model)
	for _, m := range b.Mapping.Sheets {
		s := sheetView{Index: m.Index, Name: m.Name, Use: m.Use, Hidden: m.Hidden, Remember: m.Remembered}
		prefix := "s" + strconv.Itoa(m.Index) + "."
		s.First = ui.Field{Name: prefix + "first", Label: v.T("imports.header_first"), Type: "number", Class: "input--short", Value: strconv.Itoa(m.First)}
		s.Last = ui.Field{Name: prefix + "last", Label: v.T("imports.header_last"), Type: "number", Class: "input--short", Value: strconv.Itoa(m.Last)}
		for _, c := range columns {
			f := ui.Field{Name: prefix + c.Key, Label: v.T("imports.col." + c.Key), Optional: !c.Required}
			at, has := m.Columns[c.Key]
			if has {
				view.Found++
			}
			f.Options = append(f.Options, ui.Option{Value: "-1", Label: v.T("imports.col_none"), Chosen: !has})
			for _, title := range m.Titles {
				f.Options = append(f.Options, ui.Option{Value: strconv.Itoa(title.Col), Label: letter(title.Col) + ": " + title.Text, Chosen: has && at == title.Col})
			}
			if has && m.Sure[c.Key] > 0 && m.Sure[c.Key] < 0.9 {
				f.Hint = v.T("imports.unsure")
			}
			s.Columns = append(s.Columns, f)
		}
		view.All += len(columns)
		rows, err := v.Registry.Preview(v.Ctx(), v.Actor, b.ID, src, m.Index)
		if err != nil {
			return err
		}
		s.Letters, s.Preview = preview(rows, m)
		view.Sheets = append(view.Sheets, s)
	}
	view.Frame = v.Frame(v.T("imports.map_title", "found", view.Found), site.Imports, v.Own(), ui.Crumb{Label: v.T("nav.imports"), Href: "/nhap-tep"}, ui.Crumb{Label: b.FileName})
	view.Frame.Rail = true
	view.Frame.Failed = failed != nil
	return v.ShowAs(status, mapPage(view))
}

// preview shows the header and a few rows below it, at most twelve columns.
func preview(rows []sheet.Row, m registry.SheetMapping) (letters []string, table [][]string) {
	width := 0
	for _, r := range rows {
		for _, c := range r.Cells {
			width = max(width, c.Col+1)
		}
	}
	width = min(width, 12)
	for i := range width {
		letters = append(letters, letter(i))
	}
	for _, r := range rows {
		if r.Number < m.First || len(table) >= 6 {
			continue
		}
		line := []string{strconv.Itoa(r.Number)}
		for i := range width {
			line = append(line, r.At(i).Text)
		}
		table = append(table, line)
	}
	return letters, table
}

func letter(col int) string {
	s := ""
	for col++; col > 0; col = (col - 1) / 26 {
		s = string(rune('A'+(col-1)%26)) + s
	}
	return s
}

func mapColumns(v *site.Visit) error {
	if err := v.ReadForm(); err != nil {
		return err
	}
	b, err := v.Registry.Batch(v.Ctx(), v.Actor, v.Path("id"))
	if err != nil {
		return err
	}
	mapping := b.Mapping
	mapping.Sheets = append([]registry.SheetMapping(nil), b.Mapping.Sheets...)
	for i, m := range mapping.Sheets {
		prefix := "s" + strconv.Itoa(m.Index) + "."
		m.Use = v.Form(prefix+"use") != ""
		m.First, _ = strconv.Atoi(v.Form(prefix + "first"))
		m.Last, _ = strconv.Atoi(v.Form(prefix + "last"))
		m.Columns = map[string]int{}
		for _, c := range registry.ImportColumns(b.Model) {
			if col, err := strconv.Atoi(v.Form(prefix + c.Key)); err == nil && col >= 0 {
				m.Columns[c.Key] = col
			}
		}
		mapping.Sheets[i] = m
	}
	version, _ := strconv.ParseInt(v.Form("version"), 10, 64)
	mapped, err := v.Registry.Map(v.Ctx(), v.Actor, b.ID, version, mapping)
	if fault.KindOf(err) == fault.KindInvalid && err != nil {
		b.Mapping = mapping
		return mappingPage(v, http.StatusUnprocessableEntity, b, err)
	}
	if err != nil {
		return err
	}
	if _, err := check(v, mapped); err != nil {
		return err
	}
	return v.Go("/nhap-tep/" + b.ID)
}

type cellView struct {
	Key, Value string
	Bad        bool // shown as an input
	Level      string
	Issues     []issueView
}

type issueView struct {
	Text  string
	Fixes []fixView
}

type fixView struct {
	Label, Column, Value, Group, Choice string
}

type rowView struct {
	No     int
	Number string
	Cells  []cellView
	State  ui.State
	Whole  []issueView // issues of no cell
}

type checkView struct {
	Frame   ui.Office
	Batch   registry.Batch
	Stages  []ui.Stage
	Heads   []string
	Rows    []rowView
	Tabs    []ui.Tab
	Fixes   []offerView
	Passed  []string
	Next    string
	Version string
	Shown   string
}

type offerView struct {
	Label, Group string
	Rows         int
}

var tabStates = map[string][]registry.RowState{
	"": registry.LookAt, "loi": {registry.RowError}, "nen-sua": {registry.RowDoubt}, "trung": {registry.RowDuplicate}, "tat-ca": nil,
}

func checkPage(v *site.Visit, b registry.Batch) error {
	ctx := v.Ctx()
	tab := v.Query("tab")
	states, known := tabStates[tab]
	if !known {
		tab, states = "", registry.LookAt
	}
	after, _ := strconv.Atoi(v.Query("sau"))
	rows, err := v.Registry.Rows(ctx, v.Actor, b.ID, registry.RowFilter{States: states, After: after, Limit: pageRows})
	if err != nil {
		return err
	}
	view := checkView{Batch: b, Stages: steps(v, b), Version: strconv.FormatInt(b.Version, 10)}
	columns := usedColumns(b)
	for _, key := range columns {
		view.Heads = append(view.Heads, v.T("imports.col."+key))
	}
	for _, r := range rows {
		view.Rows = append(view.Rows, viewRow(ctx, b, r, columns))
	}
	if len(rows) == pageRows {
		view.Next = site.With("/nhap-tep/"+b.ID, "tab", tab, "sau", strconv.Itoa(rows[len(rows)-1].No), "xem", v.Query("xem"))
	}
	c := b.Counts
	for _, t := range []struct {
		id    string
		count int
	}{{"", c.Look()}, {"loi", c.Error}, {"nen-sua", c.Doubt}, {"trung", c.Duplicate}, {"tat-ca", c.Rows}} {
		view.Tabs = append(view.Tabs, ui.Tab{Label: v.T("imports.tab." + map[string]string{"": "look", "loi": "error", "nen-sua": "doubt", "trung": "twin", "tat-ca": "all"}[t.id]), Count: lang.Number(ctx, int64(t.count)),
			Href: site.With("/nhap-tep/"+b.ID, "tab", t.id, "xem", v.Query("xem")), Current: t.id == tab})
	}
	for _, o := range c.Fixes {
		view.Fixes = append(view.Fixes, offerView{v.T("registry.fix."+o.Kind, "from", o.From, "to", o.To), o.Group, o.Rows})
	}
	for _, key := range sorted(c.Passed) {
		view.Passed = append(view.Passed, v.T("imports.passed", "count", c.Passed[key], "why", v.T("fault."+key)))
	}
	view.Shown = v.T("imports.shown", "count", len(rows), "all", c.Rows)
	view.Frame = v.Frame(v.T("imports.check_title", "ready", c.Ready, "rows", c.Rows), site.Imports, v.Own(), ui.Crumb{Label: v.T("nav.imports"), Href: "/nhap-tep"}, ui.Crumb{Label: b.FileName})
	view.Frame.Rail = true
	return v.Show(checkTempl(view))
}

func usedColumns(b registry.Batch) (keys []string) {
	for _, c := range registry.ImportColumns(b.Model) {
		for _, m := range b.Mapping.Sheets {
			if _, ok := m.Columns[c.Key]; ok && m.Use || c.Key == "area" {
				keys = append(keys, c.Key)
				break
			}
		}
	}
	return keys
}

func viewRow(ctx context.Context, b registry.Batch, r registry.Row, columns []string) rowView {
	row := rowView{No: r.No, Number: strconv.Itoa(r.Number()), State: rowState(ctx, r)}
	for _, key := range columns {
		c := cellView{Key: key, Value: r.Cells[key]}
		for _, i := range r.Issues {
			if i.Field == key {
				c.Bad = true
				if c.Level != "error" {
					c.Level = string(i.Level)
				}
				c.Issues = append(c.Issues, viewIssue(ctx, i))
			}
		}
		row.Cells = append(row.Cells, c)
	}
	for _, i := range r.Issues {
		shown := false
		for _, key := range columns {
			shown = shown || i.Field == key
		}
		if !shown {
			row.Whole = append(row.Whole, viewIssue(ctx, i))
		}
	}
	return row
}

func viewIssue(ctx context.Context, i registry.Issue) issueView {
	v := issueView{Text: sentence(ctx, i)}
	for _, f := range i.Fixes {
		word := f.Kind
		if i.Key == "registry.hidden_row" { // nothing is there already: the row is only left out
			word = "hidden"
		}
		fix := fixView{Label: lang.T(ctx, "imports.fix."+word, "value", f.Value)}
		switch f.Kind {
		case "keep", "update", "both":
			fix.Choice = f.Kind
		case "set":
			fix.Column, fix.Value = i.Field, f.Value
		default:
			fix.Group = f.Group
		}
		v.Fixes = append(v.Fixes, fix)
	}
	return v
}

// sentence is an issue in the reader's language.
func sentence(ctx context.Context, i registry.Issue) string {
	_, fields := lang.Fault(ctx, fault.Invalid(fault.FieldError{Field: i.Field, Key: i.Key, Args: i.Args}))
	return fields[i.Field]
}

func rowState(ctx context.Context, r registry.Row) ui.State {
	st := ui.State{Word: lang.T(ctx, "registry.row."+string(r.State))}
	switch r.State {
	case registry.RowReady, registry.RowImported:
		st.Kind = "ok"
	case registry.RowError:
		st.Kind = "bad"
	case registry.RowDoubt, registry.RowDuplicate:
		st.Kind = "warn"
	}
	return st
}

func editCell(v *site.Visit) error {
	if err := v.ReadForm(); err != nil {
		return err
	}
	no, _ := strconv.Atoi(v.Form("dong"))
	for key, values := range v.R.PostForm {
		if column, ok := strings.CutPrefix(key, "o."); ok {
			if _, _, err := v.Registry.EditCell(v.Ctx(), v.Actor, v.Path("id"), no, column, values[0]); err != nil {
				return err
			}
		}
	}
	return v.Go(backTo(v))
}

func choose(v *site.Visit) error {
	if err := v.ReadForm(); err != nil {
		return err
	}
	no, _ := strconv.Atoi(v.Form("dong"))
	if _, _, err := v.Registry.Choose(v.Ctx(), v.Actor, v.Path("id"), no, v.Form("chon")); err != nil {
		return err
	}
	return v.Go(backTo(v))
}

func applyFix(v *site.Visit) error {
	if err := v.ReadForm(); err != nil {
		return err
	}
	if _, err := v.Registry.ApplyFix(v.Ctx(), v.Actor, v.Path("id"), v.Form("nhom")); err != nil {
		return err
	}
	return v.Go(backTo(v))
}

func backTo(v *site.Visit) string {
	return site.With("/nhap-tep/"+v.Path("id"), "tab", v.Query("tab"), "sau", v.Query("sau"), "xem", v.Query("xem"))
}

func sorted(m map[string]int) []string { return slices.Sorted(maps.Keys(m)) }

// steps is the way of an import: file, columns, check, import.
func steps(v *site.Visit, b registry.Batch) []ui.Stage {
	at := map[registry.BatchState]int{registry.Uploaded: 1, registry.Checked: 2, registry.Importing: 3, registry.Done: 4, registry.Undone: 4}[b.State]
	list := []ui.Stage{
		{Name: v.T("imports.step.file"), Lines: []string{b.FileName}},
		{Name: v.T("imports.step.columns")}, {Name: v.T("imports.step.check")}, {Name: v.T("imports.step.import"), Lines: []string{v.T("imports.step.undo")}},
	}
	for i := range list {
		switch {
		case i < at:
			list[i].State = "done"
		case i == at:
			list[i].State = "now"
		}
	}
	return list
}

type resultView struct {
	Frame  ui.Office
	Batch  registry.Batch
	Stages []ui.Stage
	Left   []leftLine
	May    bool // it can still be undone
	Lead   string
}

type leftLine struct{ Name, Why string }

func resultWith(v *site.Visit, b registry.Batch, left []registry.NotUndone) error {
	view := resultView{Batch: b, Stages: steps(v, b), May: b.State == registry.Done && v.Now().Before(b.DoneAt.Add(registry.UndoTime))}
	title := v.T("imports.result."+string(b.State), "count", b.Counts.Imported, "undone", b.Counts.Undone, "rows", b.Counts.Rows)
	for _, l := range left {
		view.Left = append(view.Left, leftLine{l.Name, v.T("fault." + l.Key)})
	}
	view.Frame = v.Frame(title, site.Imports, v.Own(), ui.Crumb{Label: v.T("nav.imports"), Href: "/nhap-tep"}, ui.Crumb{Label: b.FileName})
	return v.Show(resultPage(view))
}
