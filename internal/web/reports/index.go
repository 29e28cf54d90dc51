// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package reports

import (
	"fmt"
	"net/http"
	"strconv"

	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/place"
	"hoctap/internal/report"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/papers"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

// ownLine is a report of the place itself.
type ownLine struct {
	Title, Href, Due, Do string
	State                ui.State
}

// periodLine is a period of the communes, as the province sees it.
type periodLine struct {
	Title, Href, Due    string
	All, Done, Waiting  int
	Returned, Missing   int
	Late, Ended         bool
	DoneShare, Counting string
}

type indexView struct {
	Frame    ui.Office
	Lead     string
	Place    place.Place
	Own      []ownLine
	OwnTitle string
	Periods  []periodLine
	Above    bool // the place has communes that report to it
	May      bool // open a period
	Fields   []ui.Field
	Broken   []ui.Broken
	Failed   string
}

func index(v *site.Visit) error { return indexPage(v, http.StatusOK, nil) }

func indexPage(v *site.Visit, status int, failed error) error {
	p, err := v.Here(identity.SeeReports)
	if err != nil {
		return err
	}
	if p.Level == place.Country {
		return upward(v, p)
	}
	if p.Level != place.Commune && p.Level != place.Province {
		return fault.NotFound("place", p.ID)
	}
	view := indexView{Place: p, OwnTitle: v.T("reports.own"), Above: p.Level == place.Province}
	own, err := v.Reports.OfPlace(v.Ctx(), v.Actor, p.ID)
	if err != nil {
		return err
	}
	waiting := 0
	for i := range own {
		r := &own[i]
		l := ownLine{Title: r.Period.Title, Href: address(p.ID, r.Period.ID), Due: lang.Day(v.Ctx(), r.Due), State: stateOf(v, r), Do: v.T("reports.do.see")}
		if r.State.Writable() && report.MayWrite(v.Actor, r.Period.Level, p.Path) && r.Closes >= v.Today() && r.Period.Opens <= v.Today() {
			l.Do = v.T("reports.do.write")
			waiting++
		}
		view.Own = append(view.Own, l)
	}
	title, key := v.T("reports.title.commune", "count", waiting), "reports.lead.commune"
	if view.Above {
		if waiting, err = view.periods(v); err != nil {
			return err
		}
		title, key = v.T("reports.title.province", "count", waiting), "reports.lead.province"
		if view.May = v.Actor.May(identity.RuleReports, p.Path); view.May {
			view.form(v, failed)
		}
	}
	if waiting == 0 {
		title = v.T("reports.title.none." + p.Level)
	}
	view.Lead = v.T(key, "place", papers.Within(p.FullName()))
	view.Frame = v.Frame(title, site.Reports, p, ui.Crumb{Label: p.FullName()}, ui.Crumb{Label: v.T("nav.reports")})
	view.Frame.Failed = failed != nil
	return v.ShowAs(status, indexTempl(view))
}

// upward is the page of the centre: what provinces report to it.
func upward(v *site.Visit, p place.Place) error {
	list, err := v.Reports.Upward(v.Ctx(), v.Actor)
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
	view := indexView{Place: p, OwnTitle: v.T("reports.upward"), Lead: v.T("reports.lead.upward")}
	waiting := 0
	for i := range list {
		r := &list[i]
		l := ownLine{Title: names[r.PlaceID] + ", " + r.Period.Title, Href: address(r.PlaceID, r.Period.ID), Due: lang.Day(v.Ctx(), r.Due), State: stateOf(v, r), Do: v.T("reports.do.see")}
		if r.State == report.Submitted {
			l.Do = v.T("reports.do.judge")
			waiting++
		}
		view.Own = append(view.Own, l)
	}
	title := v.T("reports.title.province", "count", waiting)
	if waiting == 0 {
		title = v.T("reports.title.none.province")
	}
	view.Frame = v.Frame(title, site.Reports, p, ui.Crumb{Label: p.FullName()}, ui.Crumb{Label: v.T("nav.reports")})
	return v.Show(indexTempl(view))
}

// periods gathers the periods of the communes and returns how many reports wait for a word.
func (w *indexView) periods(v *site.Visit) (waiting int, err error) {
	list, err := v.Reports.Periods(v.Ctx(), v.Actor, w.Place.ID)
	if err != nil {
		return 0, err
	}
	counts, err := v.Reports.Counts(v.Ctx(), v.Actor, w.Place.ID)
	if err != nil {
		return 0, err
	}
	for i := range list {
		p := &list[i]
		if p.Level != place.Commune {
			continue
		}
		n := counts[p.ID]
		l := periodLine{Title: p.Title, Href: address(w.Place.ID, p.ID) + "/tien-do", Due: lang.Day(v.Ctx(), p.Due), Done: n[report.Accepted] + n[report.Correcting], Waiting: n[report.Submitted],
			Returned: n[report.Returned], Missing: n[report.Open], Late: p.EndedOn == "" && p.Due < v.Today() && n[report.Open]+n[report.Returned] > 0, Ended: p.EndedOn != ""}
		l.All = l.Done + l.Waiting + l.Returned + l.Missing
		waiting += l.Waiting
		w.Periods = append(w.Periods, l)
	}
	return waiting, nil
}

// usual are the days that a new period proposes: a province reports before 15 December (Công văn 6782/BGDĐT-GDTX of 2015), its communes ten days earlier.
func usual(kind report.Kind, level string, year int) (opens, due, closes string) {
	day := func(month, day int) string { return fmt.Sprintf("%d-%02d-%02d", year, month, day) }
	switch {
	case kind == report.Half && level == place.Province:
		return day(6, 10), day(6, 30), day(7, 31)
	case kind == report.Half:
		return day(6, 1), day(6, 20), day(7, 20)
	case level == place.Province:
		return day(11, 15), day(12, 14), day(12, 31)
	}
	return day(11, 1), day(12, 5), day(12, 31)
}

// form is how a period is opened. Without days typed it proposes the usual ones.
func (w *indexView) form(v *site.Visit, failed error) {
	f := failureOf(v, failed)
	w.Failed = f.Sentence
	typed := func(name, otherwise string) string {
		if failed != nil {
			return v.Form(name)
		}
		return otherwise
	}
	year, _ := strconv.Atoi(v.Today()[:4])
	opens, due, closes := usual(report.Year, place.Commune, year)
	kind, level := typed("kind", string(report.Year)), typed("level", place.Commune)
	kinds := ui.Field{Name: "kind", Label: v.T("reports.field.kind"), Err: f.Fields["kind"]}
	for _, k := range report.Kinds {
		kinds.Options = append(kinds.Options, ui.Option{Value: string(k), Label: v.T("reports.kind." + string(k)), Chosen: kind == string(k)})
	}
	levels := ui.Field{Name: "level", Label: v.T("reports.field.level"), Err: f.Fields["level"]}
	for _, l := range []string{place.Commune, place.Province} {
		levels.Options = append(levels.Options, ui.Option{Value: l, Label: v.T("reports.level." + l), Chosen: level == l})
	}
	w.Fields = []ui.Field{kinds, levels,
		{Name: "year", Label: v.T("reports.field.year"), Hint: v.T("reports.field.year_hint"), Value: typed("year", strconv.Itoa(year)), Err: f.Fields["year"], Class: "input--short", Attrs: map[string]any{"inputmode": "numeric"}},
		{Name: "title", Label: v.T("reports.field.title"), Hint: v.T("reports.field.title_hint"), Value: typed("title", ""), Err: f.Fields["title"], Optional: true},
		{Name: "opens", Label: v.T("reports.field.opens"), Type: "date", Value: typed("opens", opens), Err: f.Fields["opens"]},
		{Name: "due", Label: v.T("reports.field.due"), Type: "date", Value: typed("due", due), Err: f.Fields["due"]},
		{Name: "closes", Label: v.T("reports.field.closes"), Hint: v.T("reports.field.closes_hint"), Type: "date", Value: typed("closes", closes), Err: f.Fields["closes"]},
	}
	w.Broken = ui.BrokenOf(f.Fields, w.Fields...)
}

func openPeriod(v *site.Visit) error {
	if err := v.ReadForm(); err != nil {
		return err
	}
	p, err := v.Here(identity.RuleReports)
	if err != nil {
		return err
	}
	d := report.PeriodDraft{PlaceID: p.ID, Level: v.Form("level"), Kind: report.Kind(v.Form("kind")), Title: v.Form("title"), Opens: v.Form("opens"), Due: v.Form("due"), Closes: v.Form("closes")}
	d.ToYear, _ = strconv.Atoi(v.Form("year"))
	if d.Title == "" {
		d.Title = usualTitle(v, d.Kind, d.ToYear, d.Level)
	}
	if v.Form("chac") == "" {
		return askOpen(v, p, d)
	}
	q, err := v.Reports.OpenPeriod(v.Ctx(), v.Actor, d)
	if again(err) {
		return indexPage(v, http.StatusUnprocessableEntity, err)
	}
	if err != nil {
		return err
	}
	if q.Level == place.Province {
		return v.Go(address(p.ID, q.ID))
	}
	return v.Go(address(p.ID, q.ID) + "/tien-do")
}

// usualTitle names a period whose opener gave it no name.
func usualTitle(v *site.Visit, kind report.Kind, year int, level string) string {
	from := year
	switch kind {
	case report.Five:
		from = year - 4
	case report.Ten:
		from = year - 9
	case report.Year, report.Half:
	default:
		return ""
	}
	title := v.T("reports.usual_title."+string(kind), "year", year, "from_year", from)
	if level == place.Province {
		title = v.T("reports.usual_title.central", "title", title)
	}
	return title
}
