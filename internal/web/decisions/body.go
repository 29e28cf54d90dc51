// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package decisions

import (
	"context"
	"net/http"
	"strconv"

	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/paper"
	"hoctap/internal/recognition"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/papers"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

// saveBody changes a body's name, symbol, signer and post.
func saveBody(v *site.Visit) error {
	if err := v.ReadForm(); err != nil {
		return err
	}
	version, _ := strconv.ParseInt(v.Form("version"), 10, 64)
	_, err := v.Recognition.SaveBody(v.Ctx(), v.Actor, recognition.Body{ID: v.Form("id"), Name: v.Form("name"), Symbol: v.Form("symbol"), Signer: v.Form("signer"),
		Post: v.Form("post"), Version: version})
	switch fault.KindOf(err) {
	case fault.KindInvalid:
		return listPage(v, http.StatusUnprocessableEntity, v.Form("id"), err)
	case fault.KindStale:
		return listPage(v, http.StatusConflict, v.Form("id"), err)
	}
	if err != nil {
		return err
	}
	return v.Go(base(v.Path("place")) + "#co-quan")
}

// registerView is the outgoing register of a body and year, as it is printed.
type registerView struct {
	Title  string
	Demo   bool
	Body   recognition.Body
	Year   int
	Paper  *paper.Document
	Kinds  []ui.Tab
	Years  []ui.Tab
	Files  []ui.Tab
	Back   string
	Start  ui.Field // empty name once a number was given, or for who may not decide
	Failed string
	Broken []ui.Broken
}

func register(v *site.Visit) error { return registerPage(v, http.StatusOK, nil) }

func registerPage(v *site.Visit, status int, failed error) error {
	p, err := v.Here(identity.SeeRecords)
	if err != nil {
		return err
	}
	bodyID, year := v.R.FormValue("co-quan"), yearOf(v)
	if seatOf(bodyID) != p.ID {
		return fault.NotFound("body", bodyID)
	}
	r, err := v.Recognition.Register(v.Ctx(), v.Actor, bodyID, year)
	if err != nil {
		return err
	}
	view := registerView{Demo: v.Demo, Body: r.Body, Year: year, Back: base(p.ID)}
	view.Title = v.T("book.title", "body", r.Body.Name, "year", year)
	lines, err := newLines(v, r.Decisions...).all(r.Decisions)
	if err != nil {
		return err
	}
	loai := v.Query("loai")
	kind, other := kindOfPaper[loai]
	title := lang.T(papers.Vi(v.Ctx()), "paper.register")
	if other { // papers beside decisions have registers of their own
		view.Title = v.T("book.title."+string(kind), "body", r.Body.Name, "year", year)
		title, r.First, lines = lang.T(papers.Vi(v.Ctx()), "paper.register."+string(kind)), 1, nil
		issued, err := v.Recognition.Outgoing(v.Ctx(), v.Actor, bodyID, kind, year)
		if err != nil {
			return err
		}
		for i := range issued {
			x := &issued[i]
			lines = append(lines, decisionLine{Number: x.Text(), Date: lang.Day(v.Ctx(), x.Date), About: x.About, Signer: x.Signer})
		}
	}
	view.Paper = registerDocument(v.Ctx(), title, r.Body, year, r.First, lines, v.Demo)
	if v.Query("dang") != "" {
		return papers.Send(v, "so-"+string(kind)+"-"+strconv.Itoa(year), view.Paper)
	}
	to := func(loai string, year int, dang string) string {
		return site.With(base(p.ID)+"/so", "co-quan", bodyID, "nam", strconv.Itoa(year), "loai", loai, "dang", dang)
	}
	for _, l := range []string{"", "thong-bao", "phieu-gui"} {
		view.Kinds = append(view.Kinds, ui.Tab{Label: v.T("book.kind." + pick(l == "", "decision", string(kindOfPaper[l]))), Href: to(l, year, ""), Current: l == loai})
	}
	for y := year - 2; y <= year+1; y++ {
		view.Years = append(view.Years, ui.Tab{Label: strconv.Itoa(y), Href: to(loai, y, ""), Current: y == year})
	}
	for _, form := range []string{"docx", "pdf", "xlsx"} {
		view.Files = append(view.Files, ui.Tab{Label: v.T("book.as." + form), Href: to(loai, year, form)})
	}
	if len(lines) == 0 && !other && v.Actor.May(identity.Decide, p.Path) {
		view.Start = ui.Field{Name: "first", Label: v.T("book.first"), Hint: v.T("book.first_hint"), Value: strconv.FormatInt(r.First, 10), Class: "input--short",
			Attrs: map[string]any{"inputmode": "numeric"}}
	}
	if failed != nil {
		var errs map[string]string
		view.Failed, errs = lang.Fault(v.Ctx(), failed)
		view.Start.Value, view.Start.Err = v.Form("first"), errs["first"]
		view.Broken = ui.BrokenOf(errs, view.Start)
	}
	return v.ShowAs(status, registerSheets(view))
}

// startRegister makes the numbers of a year begin where the paper register stopped.
func startRegister(v *site.Visit) error {
	if err := v.ReadForm(); err != nil {
		return err
	}
	first, _ := strconv.ParseInt(v.Form("first"), 10, 64)
	err := v.Recognition.StartRegister(v.Ctx(), v.Actor, v.Form("co-quan"), yearOf(v), first)
	switch fault.KindOf(err) {
	case fault.KindInvalid:
		return registerPage(v, http.StatusUnprocessableEntity, err)
	case fault.KindConflict:
		return registerPage(v, http.StatusConflict, err)
	}
	if err != nil {
		return err
	}
	return v.Go(site.With(base(v.Path("place"))+"/so", "co-quan", v.Form("co-quan"), "nam", strconv.Itoa(yearOf(v))))
}

// yearOf is ?nam, else the present year.
func yearOf(v *site.Visit) int {
	if year, err := strconv.Atoi(v.R.FormValue("nam")); err == nil && year >= 2000 && year <= 2100 {
		return year
	}
	year, _ := strconv.Atoi(v.Today()[:4])
	return year
}

// registerDocument is a register of outgoing papers of a body and year.
func registerDocument(ctx context.Context, title string, body recognition.Body, year int, first int64, lines []decisionLine, demo bool) *paper.Document {
	ctx = papers.Vi(ctx)
	blocks := []paper.Block{paper.Title{Kind: title, About: body.Name + ", " + lang.T(ctx, "paper.year", "year", year)}}
	if first > 1 {
		blocks = append(blocks, paper.Text(paper.Closing, lang.T(ctx, "paper.register_first", "first", first)))
	}
	list := paper.Table{Columns: []paper.Column{
		{Head: lang.T(ctx, "paper.col.number"), Share: 0.2}, {Head: lang.T(ctx, "paper.col.date"), Share: 0.16}, {Head: lang.T(ctx, "paper.col.about"), Share: 0.34},
		{Head: lang.T(ctx, "paper.col.signer"), Share: 0.19}, {Head: lang.T(ctx, "paper.col.count"), Share: 0.11, Align: paper.Right},
	}}
	for _, l := range lines {
		count := ""
		if l.Count > 0 {
			count = lang.Number(ctx, int64(l.Count))
		}
		list.Rows = append(list.Rows, []string{l.Number, l.Date, l.About, l.Signer, count})
	}
	blocks = append(blocks, list)
	if len(lines) == 0 {
		blocks = append(blocks, paper.Text(paper.Closing, lang.T(ctx, "paper.register_none")))
	}
	d := &paper.Document{Title: title + ", " + body.Name, Author: body.Name, Parts: []paper.Part{{Name: title, Blocks: blocks}}}
	if demo {
		d.Marks.Across = lang.T(ctx, "paper.demo")
	}
	d.Clean()
	return d
}

func yearText(year int) string { return strconv.Itoa(year) }

func pick(first bool, a, b string) string {
	if first {
		return a
	}
	return b
}
