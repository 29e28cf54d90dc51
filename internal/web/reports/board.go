// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package reports

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/place"
	"hoctap/internal/report"
	"hoctap/internal/text"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

// boardLine is one place's report in a period.
type boardLine struct {
	Name, Href     string
	State          ui.State
	Submitted, Due string
	Late           int
	Do             string
	state          report.State
	submittedOn    string
	owed           bool
}

type boardView struct {
	Frame  ui.Office
	Lead   string
	Tabs   []ui.Tab
	Query  ui.Field
	Hidden string
	Action string
	Lines  []boardLine
	None   bool
	Pages  ui.Pages
	Period string // page on which the period is changed or ended, for who may
}

// boardPage is how many places a page shows.
const boardPage = 50

// The filters of the board in their order: what waits for a word comes first.
var filters = []struct {
	name string
	fits func(*report.Report, string) bool
}{
	{"", func(*report.Report, string) bool { return true }},
	{"cho-duyet", func(r *report.Report, _ string) bool { return r.State == report.Submitted }},
	{"cham", func(r *report.Report, today string) bool {
		return r.Owed() && r.Late(today) > 0
	}},
	{"tra-lai", func(r *report.Report, _ string) bool { return r.State == report.Returned }},
	{"chua-gui", func(r *report.Report, _ string) bool { return r.State == report.Open }},
	{"da-duyet", func(r *report.Report, _ string) bool {
		return r.State == report.Accepted || r.State == report.Correcting || r.State == report.Returned && r.Accepted > 0
	}},
}

// board shows who of a period's places has submitted, who is late and by how many days; those that wait longest come first.
func board(v *site.Visit) error {
	p, err := v.Here(identity.SeeReports)
	if err != nil {
		return err
	}
	period, list, err := v.Reports.Board(v.Ctx(), v.Actor, v.Path("period"))
	if fault.KindOf(err) == fault.KindDenied || err == nil && period.PlaceID != p.ID { // who may read here learns nothing of another place
		err = fault.NotFound("report_period", v.Path("period"))
	}
	if err != nil {
		return err
	}
	ids := make([]string, len(list))
	for i := range list {
		ids[i] = list[i].PlaceID
	}
	names, err := v.Places.Names(v.Ctx(), ids...)
	if err != nil {
		return err
	}
	here := address(p.ID, period.ID) + "/tien-do"
	chosen, query := v.Query("loc"), v.Query("q")
	view := boardView{Action: here, Hidden: chosen, Query: ui.Field{Name: "q", Label: v.T("reports.board.find"), Value: query}}
	waiting, late, may := 0, 0, period.Level == place.Commune && v.Actor.May(identity.RuleReports, p.Path)
	for _, f := range filters {
		n := 0
		for i := range list {
			if f.fits(&list[i], v.Today()) {
				n++
			}
		}
		switch f.name {
		case "cho-duyet":
			waiting = n
		case "cham":
			late = n
		}
		view.Tabs = append(view.Tabs, ui.Tab{Label: v.T("reports.filter." + cmp.Or(f.name, "all")), Count: strconv.Itoa(n), Href: site.With(here, "loc", f.name, "q", query), Current: f.name == chosen})
	}
	for i := range list {
		if r := &list[i]; fits(r, chosen, v.Today()) && found(names[r.PlaceID], query) {
			view.Lines = append(view.Lines, boardLineOf(v, r, names[r.PlaceID], may))
		}
	}
	oldestFirst(view.Lines)
	view.None = len(view.Lines) == 0
	view.cut(v, here, chosen, query)
	view.Lead = v.T("reports.board.lead", "title", period.Title, "due", period.Due, "closes", period.Closes)
	if period.EndedOn != "" {
		view.Lead += " " + v.T("reports.note.ended", "date", period.EndedOn) + "."
	}
	if v.Actor.May(identity.RuleReports, p.Path) {
		view.Period = address(p.ID, period.ID) + "/ky"
	}
	title := v.T("reports.board.title", "waiting", waiting, "late", late)
	view.Frame = v.Frame(title, site.Reports, p, ui.Crumb{Label: p.FullName()}, ui.Crumb{Label: v.T("nav.reports"), Href: "/bao-cao?noi=" + p.ID}, ui.Crumb{Label: period.Title})
	return v.Show(boardTempl(view))
}

func fits(r *report.Report, filter, today string) bool {
	for _, f := range filters {
		if f.name == filter {
			return f.fits(r, today)
		}
	}
	return true
}

// found compares without marks, as people type.
func found(name, query string) bool {
	return strings.Contains(text.Fold(name), text.Fold(query))
}

func boardLineOf(v *site.Visit, r *report.Report, name string, may bool) boardLine {
	l := boardLine{Name: name, Href: address(r.PlaceID, r.Period.ID), State: stateOf(v, r), Due: lang.Day(v.Ctx(), r.Due), Late: r.Late(v.Today()), Do: v.T("reports.do.see"), state: r.State, submittedOn: r.SubmittedOn, owed: r.Owed()}
	if r.SubmittedOn != "" {
		l.Submitted = lang.Day(v.Ctx(), r.SubmittedOn)
	}
	if r.State == report.Submitted && may {
		l.Do = v.T("reports.do.judge")
	}
	return l
}

// oldestFirst puts what waits for a word before all, the oldest first; then what is late, the latest first; then the rest by name.
func oldestFirst(lines []boardLine) {
	rank := func(l *boardLine) int {
		switch {
		case l.state == report.Submitted:
			return 0
		case l.owed && l.Late > 0:
			return 1
		case l.state == report.Returned:
			return 2
		case l.state == report.Open:
			return 3
		}
		return 4
	}
	slices.SortStableFunc(lines, func(a, b boardLine) int {
		if c := cmp.Compare(rank(&a), rank(&b)); c != 0 {
			return c
		}
		if rank(&a) == 0 {
			return cmp.Or(cmp.Compare(a.submittedOn, b.submittedOn), cmp.Compare(text.Fold(a.Name), text.Fold(b.Name)))
		}
		if rank(&a) == 1 && a.Late != b.Late {
			return cmp.Compare(b.Late, a.Late)
		}
		return cmp.Compare(text.Fold(a.Name), text.Fold(b.Name))
	})
}

// cut keeps the page that was asked for.
func (w *boardView) cut(v *site.Visit, here, filter, query string) {
	all := len(w.Lines)
	last := max(1, (all+boardPage-1)/boardPage)
	n, _ := strconv.Atoi(v.Query("trang"))
	n = min(max(n, 1), last)
	from, to := (n-1)*boardPage, min(n*boardPage, all)
	w.Lines = w.Lines[from:to]
	page := func(n int) string {
		return site.With(here, "loc", filter, "q", query, "trang", strconv.Itoa(n))
	}
	w.Pages = ui.Pages{Text: v.T("reports.board.range", "from", min(from+1, all), "to", to, "count", all)}
	if n > 1 {
		w.Pages.Prev = page(n - 1)
	}
	if n < last {
		w.Pages.Next = page(n + 1)
	}
}
