// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package figures

import (
	"context"
	"math"
	"strconv"
	"strings"
	"time"

	"hoctap/internal/assessment"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/place"
	"hoctap/internal/rollup"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

// overview is everything the province's page and its files are made from.
type overview struct {
	place   place.Place
	round   assessment.Round
	rounds  []assessment.Round
	models  []string
	model   string
	atlas   *atlas
	book    book
	targets []place.Stated
	tiles   tileSet
	rows    []row
}

func (d *desk) overview(v *site.Visit, p place.Place) (o overview, err error) {
	r, all, err := v.Round(p)
	if err != nil {
		return o, err
	}
	day, err := mapDay(v)
	if err != nil {
		return o, err
	}
	return d.overviewOf(v, p, r, all, day)
}

// overviewOf reads the figures of one round on the map of a day.
func (d *desk) overviewOf(v *site.Visit, p place.Place, r assessment.Round, all []assessment.Round, day string) (o overview, err error) {
	o = overview{place: p, round: r, rounds: yearly(all), models: planned(&r)}
	o.model = chosen(v, o.models)
	if o.atlas, err = d.atlas(v, p, day); err != nil {
		return o, err
	}
	if o.book, err = d.book(v, o.atlas, r, o.rounds); err != nil {
		return o, err
	}
	if o.targets, err = d.stated(v); err != nil {
		return o, err
	}
	o.tiles = tileSet{v: v, targets: o.targets, region: place.RegionDefault, year: r.Year, opens: openYears(o.rounds), years: o.book.year, path: "/tong-quan", current: o.model}
	o.rows = rows(v, o.atlas, &o.book, o.targets, o.model, r.Year, o.tiles.opens[r.Year])
	if !o.atlas.today {
		return o, o.book.lacking(v, p.Path, r)
	}
	return o, nil
}

// here is the place of /tong-quan. Who sees no province is led to the figures of what is his own.
func here(v *site.Visit) (p place.Place, elsewhere string, err error) {
	if p, err = v.Here(identity.SeeFigures); err != nil {
		return p, "", err
	}
	switch {
	case p.Leaf():
		return p, "/danh-sach/" + p.ID, nil
	case p.Level == place.Commune:
		return p, "/xa/" + p.ID, nil
	case p.Level != place.Province:
		return p, "", fault.NotFound("place", p.ID)
	}
	return p, "", nil
}

// provinceView is the page as it is laid out.
type provinceView struct {
	Title, Lead string
	Report      string // the year's report as a file
	Tiles       []ui.Stat
	Basis       []string
	Years       []ui.Option
	Hidden      [][2]string // query values that the small forms keep
	Notes       []string
	View        string // luc-giac | ban-do | bang
	Views       []ui.Tab
	MapTitle    string
	MapLabel    string
	Cells       []ui.HexCell
	Box         string
	Areas       []ui.MapArea
	Target      string
	Counts      map[string]int
	Pick        *pick
	Table       tableView
	Trend       ui.Trend
	HasTrend    bool
	TrendTitle  string
	Pipe        []ui.PipeRow
	Open        int64
	PipeLead    string
	Jam         string
	JamHref     string
	JamDo       string
	Risks       []risk
	HasRisks    bool
	RiskTitle   string
	RiskLead    string
	Files       func(table, format string) string
	Restated    string // address of the other map
	RestatedDo  string
}

// pick is the card of the chosen commune.
type pick struct {
	Name, Old, Href string
	State           ui.State
	Lines           []pickLine
	OfRegistered    string
}

type pickLine struct{ Name, Value string }

// tableView is the table of communes, with its filters.
type tableView struct {
	Heads  []ui.Sort
	Rows   []row
	Pages  ui.Pages
	Query  string
	Class  ui.Field
	Hidden [][2]string
	Old    bool
	Clear  string
}

func (d *desk) province(v *site.Visit) error {
	p, elsewhere, err := here(v)
	if err != nil {
		return err
	}
	if elsewhere != "" {
		return v.Go(link(v, elsewhere, "noi", ""))
	}
	b, err := d.bodies.get(v.Ctx(), v.Now, bodyKey(v, p), func(ctx context.Context) (body, error) { return d.provinceBody(later(v, ctx), p) })
	if fault.KindOf(err) == fault.KindNotFound && err != nil && v.Query("nam") == "" && v.Query("ban-do") == "" {
		return v.Show(nothingYet(v.Frame(v.T("figures.no_round"), site.Overview, p, ui.Crumb{Label: p.FullName()}, ui.Crumb{Label: v.T("nav.overview")})))
	}
	if err != nil {
		return err
	}
	frame := v.Frame(b.title, site.Overview, p, ui.Crumb{Label: p.FullName()}, ui.Crumb{Label: v.T("nav.overview")})
	frame.Scripts = []string{"figures.js"}
	frame.Tools = asOf(v.T("figures.map_of"), b.day, v.Today(), kept(v, "ban-do", "xa", "trang"))
	return v.Show(provincePage(frame, b.html))
}

// body is the content of the province's page, the same for all who may see it: it is laid out once a second, not once a reader.
type body struct {
	at    time.Time // of the figures
	title string
	day   string // of the map
	html  string
}

func bodyAge(b body) time.Time { return b.at }

// bodyKey tells apart what is asked for: the place, the language, the day and the values of the address that change the page.
func bodyKey(v *site.Visit, p place.Place) string {
	return p.ID + " " + string(lang.From(v.Ctx())) + " " + v.Today() + " " + link(v, "", "trang", v.Query("trang"))
}

// later is the visit for work that goes on after its request has ended.
func later(v *site.Visit, ctx context.Context) *site.Visit {
	w := *v
	w.R = v.R.WithContext(ctx)
	return &w
}

func (d *desk) provinceBody(v *site.Visit, p place.Place) (b body, err error) {
	o, err := d.overview(v, p)
	if err != nil {
		return b, err
	}
	view, err := d.provinceView(v, &o)
	if err != nil {
		return b, err
	}
	var html strings.Builder
	err = provinceBody(view).Render(v.Ctx(), &html)
	return body{at: o.book.at, title: view.Title, day: o.atlas.date, html: html.String()}, err
}

func (d *desk) provinceView(v *site.Visit, o *overview) (view provinceView, err error) {
	ctx := v.Ctx()
	view = provinceView{Basis: o.tiles.basis(o.models), Years: yearOptions(o.rounds, o.round.Year), Hidden: kept(v, "nam")}
	var lead string
	view.Title, lead = o.tiles.title(o.models)
	view.Lead = joined(lead, v.T("figures.as_of", "at", o.book.at, "date", o.book.at))
	for _, m := range o.models {
		view.Tiles = append(view.Tiles, o.tiles.tile(m))
	}
	view.Notes, view.Restated, view.RestatedDo = mapNotes(v, o)
	if err := d.drawMap(v, o, &view); err != nil {
		return view, err
	}
	view.Trend, view.HasTrend = o.tiles.trendOf(o.model)
	view.TrendTitle = v.T("figures.trend", "title", v.T("title."+o.model), "from_year", firstPoint(view.Trend, o.round.Year), "to_year", lastGoal)
	total := o.book.year[o.round.Year][o.model]
	rows, stuck, waiting := pipe(v, total, func(s step) string { return "" })
	view.Pipe, view.Open = rows, total.Open()
	view.PipeLead = v.T("figures.pipe_lead", "share", rollup.Share(total.Recognised+total.Rejected, total.Registered), "subject", v.T("subject."+o.model))
	if w, ok := o.round.Plan.Window(assessment.StageAppraisal); ok && o.round.State == assessment.RoundOpen {
		view.PipeLead = joined(view.PipeLead, deadline(v, w.To))
	}
	if j := jamOf(stuck, ofModel(o.book.now, o.model), waiting); j.places > 0 && j.places*4 <= max(len(o.book.now), 4) {
		view.Jam = v.T("figures.jam", "step", v.T("figures.step."+string(stuck.state)), "count", j.places, "share", j.share)
		view.JamHref, view.JamDo = link(v, "/tong-quan", "xem", "bang", "xep", "-con", "trang", "")+"#bang", v.T("figures.jam_do", "count", j.places)
	}
	list, last, ok := risks(v, &o.round, o.atlas, ofModel(o.book.now, o.model))
	view.Risks, view.HasRisks = list, ok
	if ok {
		view.RiskTitle = v.T("figures.risk", "count", len(list), "date", last)
		w, _ := o.round.Plan.Window(assessment.StageAppraisal)
		view.RiskLead = v.T("figures.risk_lead", "date", w.From, "title", v.T("title."+o.model))
		if len(list) > mostRisks {
			view.Risks = list[:mostRisks]
			view.RiskLead = joined(view.RiskLead, v.T("figures.risk_more", "count", mostRisks))
		}
	}
	view.Report = link(v, "/tong-quan/bao-cao", "dang", "docx")
	view.Files = func(table, format string) string { return link(v, "/tong-quan/tai", "bang", table, "dang", format) }
	view.Target = lang.Points(ctx, goalOf(o.targets, o.model, o.round.Year, place.RegionDefault).percent) + "%"
	return view, nil
}

// mostRisks is how many communes at risk the page shows; the file has all.
const mostRisks = 12

func firstPoint(t ui.Trend, year int) int {
	first := year
	for _, list := range [][]ui.TrendPoint{t.Actual, t.Plan} {
		if len(list) > 0 {
			first = min(first, list[0].Year)
		}
	}
	return first
}

// mapNotes say on which map the figures stand, when that is not the map of the year itself, and lead to the other one.
func mapNotes(v *site.Visit, o *overview) (notes []string, href, do string) {
	end := strconv.Itoa(o.round.Year) + "-12-31"
	switch {
	case !o.atlas.today:
		notes = append(notes, v.T("figures.map.old", "date", o.atlas.date, "count", len(o.atlas.communes)))
		if o.book.short[o.model] > 0 {
			notes = append(notes, v.T("figures.map.short", "count", o.book.short[o.model], "subject", v.T("subject."+o.model)))
		}
		return notes, link(v, "/tong-quan", "ban-do", "", "xa", "", "trang", ""), v.T("figures.map.to_today")
	case end < o.place.ValidFrom:
		notes = append(notes, v.T("figures.map.restated", "year", o.round.Year, "count", len(o.atlas.communes)))
		return notes, link(v, "/tong-quan", "ban-do", end, "xa", "", "trang", ""), v.T("figures.map.to_then", "date", end)
	}
	return nil, "", ""
}

func (d *desk) drawMap(v *site.Visit, o *overview, view *provinceView) error {
	view.View = v.Query("xem")
	if view.View != "ban-do" && view.View != "bang" {
		view.View = "luc-giac"
	}
	if !o.atlas.today {
		view.View = "bang"
	} else {
		for _, name := range []string{"luc-giac", "ban-do", "bang"} {
			view.Views = append(view.Views, ui.Tab{Label: v.T("figures.view." + name), Href: link(v, "/tong-quan", "xem", name, "trang", ""), Current: name == view.View})
		}
	}
	view.MapTitle = v.T("figures.map.title", "count", len(o.atlas.communes), "title", v.T("title."+o.model))
	view.MapLabel = v.T("figures.map.label", "count", len(o.atlas.communes), "title", v.T("title."+o.model), "year", o.round.Year)
	view.Counts = map[string]int{}
	worst, low := "", int64(math.MaxInt64)
	for i := range o.rows {
		r := &o.rows[i]
		view.Counts[r.Class]++
		if r.Counts.Total > 0 && r.Share-r.Goal < low {
			worst, low = r.ID, r.Share-r.Goal
		}
	}
	if asked := v.Query("xa"); o.atlas.byID[asked] != nil {
		worst = asked
	}
	if view.View == "bang" {
		return d.drawTable(v, o, view)
	}
	byCode := make(map[string]*row, len(o.rows))
	for i := range o.rows {
		r := &o.rows[i]
		byCode[r.Code] = r
		if r.ID == worst {
			view.Pick = pickOf(v, o, r)
		}
	}
	if view.View == "ban-do" {
		return d.drawBorders(v, byCode, worst, view)
	}
	for i := range o.rows {
		if r := &o.rows[i]; r.hex != nil {
			view.Cells = append(view.Cells, cell(v, r, link(v, "/tong-quan", "xa", r.ID)+"#xa", r.ID == worst))
		}
	}
	return nil
}

func cell(v *site.Visit, r *row, href string, selected bool) ui.HexCell {
	c := ui.HexCell{HexPlace: *r.hex, Class: r.Class, Value: "–", Title: r.Name + ": " + r.State.Word, Href: href, Selected: selected}
	if r.Class != "d0" {
		c.Value, c.Title = strconv.FormatInt((r.Share+50)/100, 10), r.Name+": "+lang.Percent(v.Ctx(), r.Share)
	}
	return c
}

func (d *desk) drawBorders(v *site.Visit, byCode map[string]*row, selected string, view *provinceView) error {
	shapes, err := d.shapes()
	if err != nil {
		return err
	}
	view.Box = shapes.Box
	for _, s := range shapes.Paths {
		r := byCode[s.Code]
		if r == nil {
			continue
		}
		a := ui.MapArea{Path: s.Path, Class: r.Class, Title: r.Name + ": " + r.State.Word, Href: link(v, "/tong-quan", "xa", r.ID) + "#xa", Selected: r.ID == selected}
		if r.Class != "d0" {
			a.Title = r.Name + ": " + lang.Percent(v.Ctx(), r.Share)
		}
		view.Areas = append(view.Areas, a)
	}
	return nil
}

func pickOf(v *site.Visit, o *overview, r *row) *pick {
	p := &pick{Name: r.Name, Old: r.Old, State: r.State, Href: link(v, "/xa/"+r.ID, "xa", "", "xem", "", "noi", ""), OfRegistered: v.T("figures.none_registered")}
	for _, m := range o.models {
		line := pickLine{v.T("model." + m), "–"}
		if c := o.book.now[r.ID][m]; c.Total > 0 {
			line.Value = lang.Percent(v.Ctx(), rollup.Share(c.Recognised, c.Total))
		}
		p.Lines = append(p.Lines, line)
	}
	if r.Counts.Registered > 0 {
		p.OfRegistered = v.T("figures.of_registered", "share", r.OfReg, "count", r.Counts.Registered)
	}
	return p
}

func (d *desk) drawTable(v *site.Visit, o *overview, view *provinceView) error {
	t := tableView{Query: v.Query("q"), Old: !o.atlas.today, Hidden: kept(v, "q", "loc", "trang"), Clear: link(v, "/tong-quan", "q", "", "loc", "", "trang", "") + "#bang"}
	t.Class = ui.Field{Name: "loc", Class: "input--mid", Label: v.T("figures.filter.class"), Value: v.Query("loc"), Options: []ui.Option{{Value: "", Label: v.T("figures.filter.any")}}}
	for _, class := range []string{"d5", "d4", "d3", "d2", "d1", "d0"} {
		t.Class.Options = append(t.Class.Options, ui.Option{Value: class, Label: v.T("map." + class)})
	}
	t.Heads = heads(v, o.model)
	t.Rows, t.Pages = page(v, "/tong-quan", arrange(v, o.rows))
	for i := range t.Rows {
		r := &t.Rows[i]
		r.Href = link(v, "/xa/"+r.ID, "xem", "", "xep", "", "loc", "", "q", "", "noi", "", "xa", "")
		if t.Old {
			r.Href = "/dia-danh/" + r.ID
		}
	}
	view.Table = t
	if t.Old {
		return became(v, view.Table.Rows)
	}
	return nil
}

func heads(v *site.Visit, model string) []ui.Sort {
	h := func(column, key string, num bool) ui.Sort {
		return sortHead(v, "/tong-quan", column, v.T(key, "subject", v.T("subject."+model)), num)
	}
	return []ui.Sort{
		h("ten", "figures.head.commune", false), h("tong", "figures.head.total", true), h("dang-ky", "figures.head.registered", true),
		h("dat", "figures.head.recognised", true), h("ty-le", "figures.head.of_all", true), h("tren-dk", "figures.head.of_registered", true), h("con", "figures.head.open", true),
	}
}

// kept are the query values that a small form carries on, without those it sets itself.
func kept(v *site.Visit, without ...string) (list [][2]string) {
	for _, name := range carried {
		own := false
		for _, w := range without {
			own = own || w == name
		}
		if value := v.Query(name); value != "" && !own {
			list = append(list, [2]string{name, value})
		}
	}
	return list
}

// joined puts sentences behind each other.
func joined(sentences ...string) string {
	s := ""
	for _, t := range sentences {
		if t != "" && s != "" {
			s += " "
		}
		s += t
	}
	return s
}

// deadline is a last day with how long it still is.
func deadline(v *site.Visit, last string) string {
	switch left := days(v.Today(), last); {
	case left < 0:
		return v.T("figures.deadline.over", "date", last, "count", -left)
	case left == 0:
		return v.T("figures.deadline.today", "date", last)
	default:
		return v.T("figures.deadline.left", "date", last, "count", left)
	}
}
