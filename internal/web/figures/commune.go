// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package figures

import (
	"strings"
	"unicode/utf8"

	"hoctap/internal/assessment"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/place"
	"hoctap/internal/rollup"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

// folder is everything a commune's page and its files are made from.
type folder struct {
	place  place.Place
	round  assessment.Round
	rounds []assessment.Round
	models []string
	model  string
	book   book
	tiles  tileSet
	areas  []area
}

// area is a row of the commune's table.
type area struct {
	Name, Href   string
	Counts       rollup.Counts
	Share        int64 // recognised of all
	OfRegistered int64
	Registered   int64 // registered of all
	Signs        []string
}

func (d *desk) folder(v *site.Visit, p place.Place) (f folder, err error) {
	f.place = p
	r, all, err := v.Round(p)
	if err != nil {
		return f, err
	}
	f.round, f.rounds, f.models = r, yearly(all), planned(&r)
	f.model = chosen(v, f.models)
	ids, yearOf := []string{r.ID}, map[string]int{r.ID: r.Year}
	for _, o := range f.rounds {
		if o.Year != r.Year {
			ids, yearOf[o.ID] = append(ids, o.ID), o.Year
		}
	}
	t, err := v.Figures.Below(v.Ctx(), p.Path, v.Today(), rollup.ByLeaf, ids...)
	if err != nil {
		return f, err
	}
	f.book = book{now: map[string]byModel{}, before: map[string]byModel{}, year: map[int]byModel{}}
	f.book.take(t, yearOf, r.Year)
	targets, err := d.stated(v)
	if err != nil {
		return f, err
	}
	f.tiles = tileSet{v: v, targets: targets, region: p.Region, year: r.Year, opens: openYears(f.rounds), years: f.book.year, path: "/xa/" + p.ID, current: f.model}
	leaves, err := v.Places.Leaves(v.Ctx(), p.ID, "")
	if err != nil {
		return f, err
	}
	for _, leaf := range leaves {
		c, before := f.book.now[leaf.ID][f.model], f.book.before[leaf.ID][f.model]
		if leaf.Level == place.Own && c.Total == 0 {
			continue
		}
		a := area{Name: leafName(v, leaf), Counts: c, Share: rollup.Share(c.Recognised, c.Total), OfRegistered: rollup.Share(c.Recognised, c.Registered), Registered: rollup.Share(c.Registered, c.Total),
			Href: link(v, "/danh-sach/"+leaf.ID, "noi", "")}
		for _, s := range assessment.Outliers(c, before) {
			a.Signs = append(a.Signs, v.T("figures.sign."+string(s), "from", rollup.Share(max(before.Passing, before.Recognised), before.Total), "to", rollup.Share(max(c.Passing, c.Recognised), c.Total)))
		}
		f.areas = append(f.areas, a)
	}
	return f, nil
}

// leafName is the name of an area, or what stands for the leaf of the commune itself.
func leafName(v *site.Visit, leaf place.Place) string {
	if leaf.Level == place.Own {
		return v.T("figures.own_leaf")
	}
	return leaf.FullName()
}

// communeView is the page as it is laid out.
type communeView struct {
	Frame       ui.Office
	Title, Lead string
	Tiles       []ui.Stat
	Basis       []string
	Years       []ui.Option
	Hidden      [][2]string
	Path        string
	Model       string
	Stages      []ui.Stage
	Pipe        []ui.PipeRow
	Open        int64
	PipeLead    string
	Block       string
	Acts        []ui.Btn
	AreasTitle  string
	Areas       []area
	Signs       int
	Total       rollup.Counts
	Trend       ui.Trend
	HasTrend    bool
	TrendTitle  string
	Files       func(format string) string
}

func (d *desk) commune(v *site.Visit) error {
	if id, ok := strings.CutSuffix(v.Path("place"), ".xlsx"); ok { // a short address of the file
		return v.Go(link(v, "/xa/"+id+"/tai", "dang", "xlsx"))
	}
	p, err := v.Here(identity.SeeFigures)
	if err != nil {
		return err
	}
	switch {
	case p.Leaf():
		return v.Go(link(v, "/danh-sach/"+p.ID))
	case p.Level == place.Province:
		return v.Go(link(v, "/tong-quan", "noi", p.ID))
	case p.Level != place.Commune:
		return fault.NotFound("commune", p.ID)
	case !p.On(v.Today()):
		return v.Go("/dia-danh/" + p.ID)
	}
	f, err := d.folder(v, p)
	if fault.KindOf(err) == fault.KindNotFound && err != nil && v.Query("nam") == "" {
		return v.Show(nothingYet(v.Frame(v.T("figures.no_round"), site.Overview, p, ui.Crumb{Label: p.FullName()})))
	}
	if err != nil {
		return err
	}
	view, err := communeViewOf(v, &f)
	if err != nil {
		return err
	}
	return v.Show(communePage(view))
}

func communeViewOf(v *site.Visit, f *folder) (view communeView, err error) {
	view = communeView{Basis: f.tiles.basis(f.models), Years: yearOptions(f.rounds, f.round.Year), Hidden: kept(v, "nam"), Path: "/xa/" + f.place.ID, Model: f.model,
		Areas: f.areas, Total: f.book.year[f.round.Year][f.model]}
	title, lead := f.tiles.title(f.models)
	view.Title = v.T("figures.commune_title", "place", f.place.FullName(), "title", lowerFirst(title))
	view.Lead = joined(lead, v.T("figures.as_of", "at", f.book.at, "date", f.book.at))
	for _, m := range f.models {
		view.Tiles = append(view.Tiles, f.tiles.tile(m))
	}
	closed, err := v.Assessment.Closed(v.Ctx(), f.place.ID, f.round.ID)
	if err != nil {
		return view, err
	}
	view.Stages = stages(v, &f.round)
	list := func(s step) string {
		return link(v, "/danh-sach/"+f.place.ID, "tinh-trang", s.slug, "mo-hinh", f.model, "noi", "")
	}
	rows, stuck, waiting := pipe(v, view.Total, list)
	view.Pipe, view.Open = rows, view.Total.Open()
	view.PipeLead = v.T("figures.pipe_lead", "share", rollup.Share(view.Total.Recognised+view.Total.Rejected, view.Total.Registered), "subject", v.T("subject."+f.model))
	if closed[f.model] {
		view.PipeLead = v.T("figures.closed", "model", f.model, "year", f.round.Year)
	}
	view.Block = block(v, f, stuck, waiting)
	view.Acts = append(acts(v, f), ui.Btn{Label: v.T("figures.report"), Icon: "download", Href: link(v, "/xa/"+f.place.ID+"/bao-cao", "dang", "docx")})
	for _, a := range f.areas {
		if len(a.Signs) > 0 {
			view.Signs++
		}
	}
	view.AreasTitle = v.T("figures.areas", "count", len(f.areas), "title", v.T("title."+f.model))
	view.Trend, view.HasTrend = f.tiles.trendOf(f.model)
	view.TrendTitle = v.T("figures.trend", "title", v.T("title."+f.model), "from_year", firstPoint(view.Trend, f.round.Year), "to_year", lastGoal)
	view.Files = func(format string) string { return link(v, view.Path+"/tai", "dang", format) }
	crumbs := []ui.Crumb{{Label: f.place.FullName()}}
	if province, err := v.Places.Get(v.Ctx(), f.place.ProvinceID); err == nil && v.Actor.May(identity.SeeFigures, province.Path) {
		crumbs = append([]ui.Crumb{{Label: province.FullName(), Href: link(v, "/tong-quan", "noi", "", "xa", f.place.ID)}}, crumbs...)
	}
	view.Frame = v.Frame(view.Title, site.Overview, f.place, crumbs...)
	view.Frame.Scripts = []string{"figures.js"}
	return view, nil
}

// lowerFirst lets a sentence stand behind a colon.
func lowerFirst(s string) string {
	_, n := utf8.DecodeRuneInString(s)
	return strings.ToLower(s[:n]) + s[n:]
}

// stages are the steps of the year with their days.
func stages(v *site.Visit, r *assessment.Round) (list []ui.Stage) {
	today := v.Today()
	for _, w := range r.Plan.Windows {
		s := ui.Stage{Name: v.T("stage." + string(w.Stage)), Lines: []string{v.T("figures.window", "from", w.From, "to", w.To)}}
		switch {
		case r.State == assessment.RoundClosed || w.To < today:
			s.State = "done"
		case w.From <= today:
			s.State = "now"
			s.Lines = append(s.Lines, v.T("figures.days_left", "count", days(today, w.To)))
		}
		list = append(list, s)
	}
	return list
}

// block says in a sentence what holds the year up: the step with most files, and the areas that hold them.
func block(v *site.Visit, f *folder, stuck step, waiting int64) string {
	if waiting == 0 || f.round.State != assessment.RoundOpen {
		return ""
	}
	who := v.T("figures.who." + string(stuck.state))
	s := v.T("figures.block", "step", v.T("figures.step."+string(stuck.state)), "count", waiting, "subject", v.T("subject."+f.model), "who", who)
	if stuck.state == assessment.Sent || stuck.state == assessment.Approved {
		return s // the commune's own work: no area holds it
	}
	j := jamOf(stuck, ofModel(f.book.now, f.model), waiting)
	if j.places == 0 || j.places > 4 {
		return s
	}
	names, err := v.Places.Names(v.Ctx(), j.first...)
	if err != nil {
		return s // the sentence is whole without the names
	}
	var list []string
	for _, id := range j.first {
		list = append(list, names[id])
	}
	return joined(s, v.T("figures.block_areas", "list", strings.Join(list, ", "), "share", j.share))
}

// acts are the ways on for those who may go them.
func acts(v *site.Visit, f *folder) (list []ui.Btn) {
	path, id := f.place.Path, f.place.ID
	if v.Actor.May(identity.Appraise, path) {
		list = append(list, ui.Btn{Label: v.T("figures.act.review"), Icon: "file", Href: site.With("/tham-dinh/"+id, "mo-hinh", f.model)})
	}
	if v.Actor.May(identity.Score, path) {
		list = append(list, ui.Btn{Label: v.T("figures.act.entry"), Icon: "table", Href: site.With("/nhap", "noi", id, "mo-hinh", f.model)})
	}
	if v.Actor.May(identity.SeeRecords, path) {
		list = append(list, ui.Btn{Label: v.T("figures.act.names"), Icon: "people", Href: link(v, "/danh-sach/"+id, "noi", "", "mo-hinh", f.model)})
	}
	return list
}
