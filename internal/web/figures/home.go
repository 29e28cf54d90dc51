// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package figures

import (
	"slices"

	"hoctap/internal/fault"
	"hoctap/internal/place"
	"hoctap/internal/registry"
	"hoctap/internal/rollup"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

// homeView is the first page for everybody.
type homeView struct {
	Frame    ui.Public
	Year     int
	Place    string
	Lines    []homeLine
	Cells    []ui.HexCell
	MapLabel string
	MapTitle string
	Target   string
	Counts   map[string]int
	AsOf     string
	Basis    []string
	Years    []homeYear
}

// homeLine is a model on the first page.
type homeLine struct {
	Name, Icon   string
	Value        string // "" when it is kept back
	Bar          ui.Bar
	Counts       string
	OfRegistered string
	Target       string
}

// homeYear is a row of the table of communes.
type homeYear struct{ Name, Value string }

// public are the figures of a model in the chosen year with what must be kept back of them: recognised, all others, and all, by commune and together. Whoever
// has not signed in reads figures through it alone. A share is kept back with any count that it is made of.
type public struct {
	hidden map[string]bool // communes
	all    bool            // the province's own
	split  bool            // how many of all registered
}

func publicOf(o *overview, model string) (p public) {
	if model == string(registry.Community) || model == string(registry.Unit) { // organisations: however few, their count tells of no person
		return p
	}
	ids := make([]string, 0, len(o.book.now))
	for id := range o.book.now {
		ids = append(ids, id)
	}
	slices.Sort(ids) // the same figures are kept back each time
	cells := make([][]int64, len(ids))
	for i, id := range ids {
		c := o.book.now[id][model]
		cells[i] = []int64{c.Recognised, c.Total - c.Recognised}
	}
	p.hidden = map[string]bool{}
	hidden := rollup.Suppress(cells)
	for i, id := range ids {
		p.hidden[id] = slices.Contains(hidden[i], true)
	}
	p.all = len(ids) > 0 && slices.Contains(hidden[len(ids)], true)
	c := o.book.year[o.round.Year][model]
	registered := rollup.Suppress([][]int64{{c.Recognised, c.Registered - c.Recognised, c.Total - c.Registered}})
	p.split = slices.Contains(registered[0], true)
	return p
}

// home is the page for everybody: the province's figures, and the two questions that people come with. Who has signed in goes
// to his work.
func (d *desk) home(v *site.Visit) error {
	if v.Actor.ID != "" {
		return v.Go("/viec")
	}
	view := homeView{Frame: v.PublicFrame(v.T("home.title"))}
	view.Frame.Scripts = []string{"figures.js"}
	p, err := v.Places.Get(v.Ctx(), v.Site.Home)
	if err != nil {
		return err
	}
	view.Place = p.FullName()
	o, err := d.publicOverview(v, p)
	if fault.KindOf(err) == fault.KindNotFound && err != nil {
		return v.Show(homePage(view)) // no round yet: the two questions are still answered
	}
	if err != nil {
		return err
	}
	view.Year = o.round.Year
	ctx := v.Ctx()
	view.AsOf = v.T("figures.as_of", "at", o.book.at, "date", o.book.at)
	view.Basis = o.tiles.basis(o.models)
	for _, m := range o.models {
		view.Lines = append(view.Lines, homeLineOf(v, &o, m))
	}
	shown := publicOf(&o, o.model)
	target := goalOf(o.targets, o.model, o.round.Year, place.RegionDefault)
	view.Target, view.Counts = lang.Points(ctx, target.percent)+"%", map[string]int{}
	view.MapTitle = v.T("figures.map.title", "count", len(o.atlas.communes), "title", v.T("title."+o.model))
	view.MapLabel = v.T("figures.map.label", "count", len(o.atlas.communes), "title", v.T("title."+o.model), "year", o.round.Year)
	for i := range o.rows {
		r := &o.rows[i]
		value := r.State.Word
		if shown.hidden[r.ID] {
			r.Counts, r.Class, value = rollup.Counts{}, "d0", v.T("home.small")
		} else if r.Class != "d0" {
			value = lang.Percent(ctx, r.Share)
		}
		view.Counts[r.Class]++
		view.Years = append(view.Years, homeYear{r.Name, value})
		if r.hex != nil {
			c := cell(v, r, "", false)
			c.Title = r.Name + ": " + value
			view.Cells = append(view.Cells, c)
		}
	}
	return v.Show(homePage(view))
}

// publicOverview is the overview of the newest year that is mostly decided: an unfinished year says nothing to the public.
func (d *desk) publicOverview(v *site.Visit, p place.Place) (overview, error) {
	r, all, err := v.Round(p)
	if err != nil {
		return overview{}, err
	}
	o, err := d.overviewOf(v, p, r, all, v.Today())
	if err != nil || v.Query("nam") != "" {
		return o, err
	}
	for _, r := range o.rounds {
		if !mostlyDecided(o.book.year[r.Year][o.model]) {
			continue
		}
		if r.Year == o.round.Year {
			break
		}
		return d.overviewOf(v, p, r, all, v.Today())
	}
	return o, nil
}

func mostlyDecided(c rollup.Counts) bool { return c.Recognised > 0 && c.Open()*2 <= c.Registered }

func homeLineOf(v *site.Visit, o *overview, model string) homeLine {
	ctx, c, p := v.Ctx(), o.book.year[o.round.Year][model], publicOf(o, model)
	l := homeLine{Name: v.T("title." + model), Icon: model, Target: v.T("figures.no_target")}
	g := goalOf(o.targets, model, o.round.Year, place.RegionDefault)
	if g.ok {
		l.Target = v.T("home.target", "year", o.round.Year, "target", lang.Points(ctx, g.percent))
	}
	switch {
	case c.Total == 0:
		l.Counts = v.T("tile.none")
		return l
	case p.all:
		l.Counts = v.T("home.small")
		return l
	}
	l.Value = lang.Percent(ctx, rollup.Share(c.Recognised, c.Total))
	l.Bar = ui.Bar{Value: rollup.Share(c.Recognised, c.Total), Target: g.percent}
	l.Counts = v.T("home.counts", "recognised", c.Recognised, "count", c.Total, "subject", v.T("subject."+model))
	if c.Registered > 0 && !p.split {
		l.OfRegistered = v.T("figures.of_registered", "share", rollup.Share(c.Recognised, c.Registered), "count", c.Registered)
	}
	return l
}
