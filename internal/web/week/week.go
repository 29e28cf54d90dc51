// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Package week is an officer's first page: what is due, late, returned or waiting, and one clear next act.
package week

import (
	"strconv"

	"hoctap/internal/assessment"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/place"
	"hoctap/internal/rollup"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

// Register adds the routes of this package.
func Register(m *site.Mux) {
	m.Signed("GET /viec", show)
	m.Signed("GET /huong-dan", guide)
}

// todo is one piece of work: what it is, why, by when, how long it takes and the button that does it.
type todo struct {
	Kind    string // late | returned | due
	Icon    string
	Title   string
	Why     string
	When    ui.State
	Minutes int
	Do      string
	Href    string
}

// task is a piece of work with what its place in the list depends on.
type task struct {
	todo
	Until string // last day, YYYY-MM-DD
	Round string // "" when it belongs to none
	Back  bool   // it was sent up and came back
}

// waiting is what lies with somebody else.
type waiting struct {
	Icon, Title, Why, Until, Do, Href string
}

// line is one model in the table of figures: both percentages, each named by its column.
type line struct {
	Model                  string
	Icon                   string
	Passing                int64
	OfAll, All             int64 // hundredths of a percent; the count it is of
	OfRegistered, Register int64
	Target                 int64
	HasTarget              bool
	State                  ui.State
}

type view struct {
	Frame   ui.Office
	Title   string
	Lead    string
	Place   place.Place
	Year    int
	Step    string
	Stages  []ui.Stage
	Next    *task
	Then    []task
	Tasks   []task
	Tabs    []ui.Tab
	Waiting []waiting
	Lines   []line
	Note    string
	NoteTo  string
	Export  string
}

func show(v *site.Visit) error {
	p, err := v.Here(identity.SeeRecords)
	if err != nil {
		if v.Actor.Anywhere(identity.ManageAccounts) {
			return v.Go("/tai-khoan")
		}
		return err
	}
	r, all, err := v.Round(p)
	if fault.KindOf(err) == fault.KindNotFound && err != nil {
		return v.Show(emptyPage(v.Frame(v.T("week.no_round"), site.Week, p, ui.Crumb{Label: p.FullName()}, ui.Crumb{Label: v.T("nav.week")})))
	}
	if err != nil {
		return err
	}
	w := &work{v: v, place: p, round: r, today: v.Today()}
	if err := w.gather(); err != nil {
		return err
	}
	if v.Year() == "" {
		if err := w.earlier(all); err != nil {
			return err
		}
	}
	for _, add := range []func() error{w.ownReports, w.reportsBelow, w.personsRequests} {
		if err := add(); err != nil {
			return err
		}
	}
	w.order()
	tasks := w.tasks
	page := view{Place: p, Year: r.Year, Waiting: w.waiting, Lines: w.lines(), Stages: w.stages(), Step: w.step}
	page.Title = v.T("week.title.none")
	if len(tasks) > 0 {
		page.Title = v.T("week.title.tasks", "count", len(tasks))
		if tasks[0].Kind == "late" { // they stand first
			page.Title = v.T("week.title.late", "count", len(tasks))
		}
		page.Next = &tasks[0]
		page.Then = tasks[1:min(len(tasks), 4)]
	}
	page.Lead = v.T("week.lead", "date", v.Today(), "place", p.FullName(), "year", r.Year)
	page.Note, page.NoteTo = w.ceiling()
	page.Tabs, page.Tasks = choose(v, tasks)
	if p.Level == place.Commune {
		page.Export = site.With("/xa/"+p.ID+".xlsx", "nam", strconv.Itoa(r.Year))
	}
	page.Frame = v.Frame(page.Title, site.Week, p, ui.Crumb{Label: p.FullName()}, ui.Crumb{Label: v.T("nav.week")})
	return v.Show(weekPage(page))
}

// earlier adds what years before this one still leave to do: their rounds are open until somebody closes them.
func (w *work) earlier(rounds []assessment.Round) error {
	for _, r := range rounds {
		if r.State != assessment.RoundOpen || r.Year >= w.round.Year {
			continue
		}
		old := &work{v: w.v, place: w.place, round: r, today: w.today}
		if err := old.gather(); err != nil {
			return err
		}
		for _, t := range old.tasks {
			if t.Round == "" { // such as an appeal, which the newest round has found already
				continue
			}
			t.Title = w.v.T("week.of_year", "title", t.Title, "year", r.Year)
			w.tasks = append(w.tasks, t)
		}
		w.waiting = append(w.waiting, old.waiting...)
	}
	w.order()
	return nil
}

// choose filters the tasks by kind and makes the tabs that do.
func choose(v *site.Visit, all []task) (tabs []ui.Tab, list []task) {
	kind := v.Query("loai")
	counts := map[string]int{}
	for _, t := range all {
		counts[t.Kind]++
		if t.Back && t.Kind != "returned" { // what came back and is late is both
			counts["returned"]++
		}
		if kind == "" || t.Kind == kind || kind == "returned" && t.Back {
			list = append(list, t)
		}
	}
	tabs = append(tabs, ui.Tab{Label: v.T("form.all"), Count: strconv.Itoa(len(all)), Href: "/viec", Current: kind == ""})
	for _, k := range []string{"late", "returned", "due"} {
		tabs = append(tabs, ui.Tab{Label: v.T("week.kind." + k), Count: strconv.Itoa(counts[k]), Href: "/viec?loai=" + k, Current: kind == k})
	}
	return tabs, list
}

// work gathers what one place has to do.
type work struct {
	v       *site.Visit
	place   place.Place
	round   assessment.Round
	today   string
	leaves  []place.Place
	table   rollup.Table
	targets []place.Stated
	step    string
	tasks   []task
	waiting []waiting
}

func (w *work) gather() (err error) {
	ctx := w.v.Ctx()
	if w.targets, err = w.v.Places.Targets(ctx); err != nil {
		return err
	}
	group := rollup.ByLeaf
	if w.place.Level == place.Province || w.place.Level == place.Country {
		group = rollup.ByCommune
	} else if w.leaves, err = w.v.Places.Leaves(ctx, w.place.ID, ""); err != nil {
		return err
	}
	if w.table, err = w.v.Figures.Below(ctx, w.place.Path, w.today, group, w.round.ID); err != nil {
		return err
	}
	switch {
	case group == rollup.ByCommune:
		return w.province()
	case w.v.Actor.May(identity.Appraise, w.place.Path):
		return w.commune()
	default:
		return w.area()
	}
}

// when says how a deadline stands today.
func (w *work) when(stage assessment.Stage) (kind string, state ui.State) {
	win, ok := w.round.Plan.Window(stage)
	if !ok {
		return "due", ui.State{Icon: "calendar", Word: w.v.T("week.no_deadline")}
	}
	switch left := days(w.today, win.To); {
	case left < 0:
		return "late", ui.State{Kind: "bad", Icon: "warning", Word: w.v.T("week.late", "count", -left)}
	case left <= 3:
		return "due", ui.State{Kind: "warn", Word: w.v.T("week.due", "date", win.To)}
	default:
		return "due", ui.State{Icon: "calendar", Word: w.v.T("week.due", "date", win.To)}
	}
}

func (w *work) begun(stage assessment.Stage) bool {
	win, ok := w.round.Plan.Window(stage)
	return !ok || win.From <= w.today
}
