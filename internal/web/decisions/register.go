// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package decisions

import (
	"net/http"
	"slices"
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

// registerView is the outgoing register of a body and year, as it is printed.
type registerView struct {
	Title  string
	Demo   bool
	Body   recognition.Body
	Kind   string // as ?loai names it
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

// registerKinds is what ?loai names: a register of its own for each kind of paper, and one of all.
var registerKinds = map[string]recognition.PaperKind{"": recognition.PaperDecision, "tat-ca": recognition.PaperAny, "to-trinh": recognition.PaperRequest, "thong-bao": recognition.PaperNotice, "phieu-gui": recognition.PaperDispatch,
	"bao-cao": recognition.PaperReport}

func registerName(kind recognition.PaperKind) string {
	for name, k := range registerKinds {
		if k == kind {
			return name
		}
	}
	return ""
}

// registerKey is how texts name a kind of register.
func registerKey(kind recognition.PaperKind) string {
	if kind == recognition.PaperAny {
		return "all"
	}
	return string(kind)
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
	loai := v.R.FormValue("loai")
	kind, known := registerKinds[loai]
	if !known {
		return fault.NotFound("register", loai)
	}
	r, err := v.Recognition.Register(v.Ctx(), v.Actor, bodyID, kind, year)
	if err != nil {
		return err
	}
	view := registerView{Demo: v.Demo, Body: r.Body, Kind: loai, Year: year, Back: base(p.ID)}
	view.Title = v.T("book.title."+registerKey(kind), "body", r.Body.Name, "year", year)
	entries, err := registerEntries(v, &r)
	if err != nil {
		return err
	}
	view.Paper = registerDocument(v.Ctx(), &r, entries, v.Demo)
	if v.Query("dang") != "" {
		return papers.Send(v, "so-"+pick(loai == "", "quyet-dinh", loai)+"-"+strconv.Itoa(year), view.Paper)
	}
	to := func(loai string, year int, dang string) string {
		return site.With(base(p.ID)+"/so", "co-quan", bodyID, "nam", strconv.Itoa(year), "loai", loai, "dang", dang)
	}
	for _, k := range append(slices.Clone(recognition.PaperKinds), recognition.PaperAny) {
		view.Kinds = append(view.Kinds, ui.Tab{Label: v.T("book.kind." + registerKey(k)), Href: to(registerName(k), year, ""), Current: k == kind})
	}
	for y := year - 2; y <= year+1; y++ {
		view.Years = append(view.Years, ui.Tab{Label: strconv.Itoa(y), Href: to(loai, y, ""), Current: y == year})
	}
	for _, form := range []string{"docx", "pdf", "pdfa", "xlsx"} {
		view.Files = append(view.Files, ui.Tab{Label: v.T("book.as." + form), Href: to(loai, year, form)})
	}
	if len(entries) == 0 && kind != recognition.PaperAny && v.Actor.May(identity.Decide, p.Path) {
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
	year, _ := strconv.Atoi(v.Form("nam")) // a year that is none must not start this year's register
	err := v.Recognition.StartRegister(v.Ctx(), v.Actor, v.Form("co-quan"), registerKinds[v.Form("loai")], year, first)
	switch fault.KindOf(err) {
	case fault.KindInvalid:
		return registerPage(v, http.StatusUnprocessableEntity, err)
	case fault.KindConflict:
		return registerPage(v, http.StatusConflict, err)
	}
	if err != nil {
		return err
	}
	return v.Go(site.With(base(v.Path("place"))+"/so", "co-quan", v.Form("co-quan"), "nam", strconv.Itoa(yearOf(v)), "loai", v.Form("loai")))
}

// yearOf is ?nam, else the present year.
func yearOf(v *site.Visit) int {
	if year, err := strconv.Atoi(v.R.FormValue("nam")); err == nil && year >= 2000 && year <= 2100 {
		return year
	}
	year, _ := strconv.Atoi(v.Today()[:4])
	return year
}
