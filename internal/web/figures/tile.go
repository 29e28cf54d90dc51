// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package figures

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"hoctap/internal/place"
	"hoctap/internal/rollup"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

// lastGoal is the year of the plan's last targets.
const lastGoal = 2030

// tileSet makes the tiles of one place.
type tileSet struct {
	v       *site.Visit
	targets []place.Stated
	region  string
	year    int
	years   map[int]byModel
	opens   map[int]bool // years whose round is still open
	path    string       // that a tile leads to
	current string       // model whose tile is marked; "" for none
}

// tile is the figure of a model: recognised of all with its target, and below it recognised of the registered.
func (t tileSet) tile(model string) ui.Stat {
	ctx, c := t.v.Ctx(), t.years[t.year][model]
	now, end := goalOf(t.targets, model, t.year, t.region), goalOf(t.targets, model, lastGoal, t.region)
	s := ui.Stat{
		Name: t.v.T("model." + model), Icon: model, Current: model == t.current, Value: rollup.Share(c.Recognised, c.Total), None: c.Total == 0,
		Href: link(t.v, t.path, "mo-hinh", model, "trang", "", "xa", ""), Target: now.percent,
		Trend: t.trend(model), Foot: bothShares(ctx, model, c),
	}
	if t.opens[t.year] && c.Open() > 0 {
		s.Foot = ui.Join(s.Foot, line(t.v.T("figures.passing", "share", rollup.Share(max(c.Passing, c.Recognised), c.Total))))
	}
	if undecided(c, t.opens[t.year]) {
		s.State = ui.State{Word: t.v.T("figures.undecided")}
	}
	if !now.ok {
		s.State = ui.State{Icon: "info", Word: t.v.T("figures.no_target_state")}
	}
	if c.Total == 0 {
		s.State = ui.State{Word: t.v.T("tile.none")}
	}
	if end.ok && t.year < lastGoal {
		s.Later, s.LaterValue = t.v.T("figures.later", "year", lastGoal), end.percent
	}
	return s
}

// trend is the shares of the last six years with figures.
func (t tileSet) trend(model string) (list []int64) {
	for year := t.year - 5; year <= t.year; year++ {
		if c := t.years[year][model]; t.drawn(year, c) {
			list = append(list, rollup.Share(c.Recognised, c.Total))
		}
	}
	return list
}

// undecided says whether an open round has files of a model but no decision yet: nothing can be said against the target.
func undecided(c rollup.Counts, open bool) bool { return open && c.Recognised == 0 && c.Open() > 0 }

// drawn says whether a year stands in lines over the years. The open year does once half of its files have an end; before that
// the line would fall to nothing each spring.
func (t tileSet) drawn(year int, c rollup.Counts) bool {
	return c.Total > 0 && !(t.opens[year] && c.Open()*2 > c.Registered)
}

// bothShares names what each percentage is of.
func bothShares(ctx context.Context, model string, c rollup.Counts) templ.Component {
	n := func(x int64) string { return lang.Number(ctx, x) }
	of := lang.T(ctx, "figures.none_registered")
	if c.Registered > 0 {
		of = lang.T(ctx, "figures.of_registered", "share", rollup.Share(c.Recognised, c.Registered), "count", c.Registered)
	}
	return ui.Join(ui.Strong(n(c.Recognised)), ui.Words(" / "+n(c.Total)+" "+lang.T(ctx, "subject."+model)), line(of))
}

// judged sums up how many models reach their target.
type judged struct {
	good, all int
	late      []string // what the others lack: "Dòng họ còn thiếu 309 dòng họ"
	waits     []string // models without any decision yet
	decided   bool     // somebody is recognised at all
}

func (t tileSet) judge(list []string) (j judged) {
	for _, model := range list {
		c := t.years[t.year][model]
		g := goalOf(t.targets, model, t.year, t.region)
		j.decided = j.decided || c.Recognised > 0
		if c.Total == 0 || !g.ok {
			continue
		}
		j.all++
		if undecided(c, t.opens[t.year]) {
			j.waits = append(j.waits, t.name(model, len(j.waits)))
			continue
		}
		if onTrack(rollup.Share(c.Recognised, c.Total), g.percent) {
			j.good++
			continue
		}
		j.late = append(j.late, t.v.T("figures.lacks", "model", t.name(model, len(j.late)), "count", missing(c, g.percent), "subject", t.v.T("subject."+model)))
	}
	return j
}

// name is a model's name as the i-th of a list within a sentence.
func (t tileSet) name(model string, i int) string {
	s := t.v.T("model." + model)
	if i == 0 {
		return s
	}
	return lowerFirst(s)
}

// title is the answer of the page; open is how many files of the year still need work.
func (t tileSet) title(list []string) (title, lead string) {
	j := t.judge(list)
	var open, registered int64
	for _, m := range list {
		open, registered = open+t.years[t.year][m].Open(), registered+t.years[t.year][m].Registered
	}
	switch {
	case j.all == 0:
		title = t.v.T("figures.title.none", "year", t.year)
	case !j.decided:
		title = t.v.T("figures.title.open", "year", t.year, "open", open, "count", registered)
	default:
		title = t.v.T("figures.title", "good", j.good, "count", j.all, "year", t.year)
	}
	if len(j.late) > 0 {
		lead = t.v.T("figures.late", "list", strings.Join(j.late, ", "))
	}
	if len(j.waits) > 0 {
		lead = joined(lead, t.v.T("figures.waits", "list", strings.Join(j.waits, ", ")))
	}
	if lead == "" && j.all > 0 {
		lead = t.v.T("figures.all_on_track", "count", j.all)
	}
	return title, lead
}

// basis says, once for each kind of line, where the targets of the year come from, and of whom where a decision divides a model.
func (t tileSet) basis(list []string) (lines []string) {
	add := func(s string) {
		if !slices.Contains(lines, s) {
			lines = append(lines, s)
		}
	}
	for _, model := range list {
		g := goalOf(t.targets, model, t.year, t.region)
		switch {
		case !g.ok:
			continue
		case g.stated:
			add(t.v.T("figures.basis.stated", "year", t.year, "programme", programme(t.v, g.from.Programme)))
		case g.from.Programme == g.to.Programme:
			add(t.v.T("figures.basis.one", "year", t.year, "from_year", g.from.Year, "to_year", g.to.Year, "programme", programme(t.v, g.to.Programme)))
		default:
			add(t.v.T("figures.basis.line", "year", t.year, "from_year", g.from.Year, "to_year", g.to.Year,
				"from", programme(t.v, g.from.Programme), "to", programme(t.v, g.to.Programme)))
		}
	}
	for _, model := range list {
		if g := goalOf(t.targets, model, t.year, t.region); g.ok && g.to.Whom != "" {
			add(t.v.T("figures.basis.whom", "model", model, "whom", g.to.Whom))
		}
	}
	for _, model := range list {
		if g := goalOf(t.targets, model, t.year, t.region); g.ok && !(g.from.Verified && g.to.Verified) {
			add(t.v.T("figures.basis.unverified", "model", model))
		}
	}
	return lines
}

// programme is the name of a decision that states targets.
func programme(v *site.Visit, id string) string {
	if key := "programme." + id; lang.Has(v.Ctx(), key) {
		return v.T(key)
	}
	return id
}

// trendOf is the line of one model through all years, with the plan's line and marks.
func (t tileSet) trendOf(model string) (c ui.Trend, any bool) {
	for year := firstYear; year <= lastGoal; year++ {
		if n := t.years[year][model]; t.drawn(year, n) {
			c.Actual = append(c.Actual, ui.TrendPoint{Year: year, Value: tenths(rollup.Share(n.Recognised, n.Total))})
		}
		g := goalOf(t.targets, model, year, t.region)
		if !g.ok {
			continue
		}
		p := ui.TrendPoint{Year: year, Value: g.percent}
		c.Plan = append(c.Plan, p)
		if g.stated {
			c.Marks = append(c.Marks, p)
		}
	}
	if len(c.Actual) == 0 {
		return c, false
	}
	first, last := c.Actual[0], c.Actual[len(c.Actual)-1]
	c.Label = t.v.T("figures.trend.label", "title", t.v.T("title."+model), "from_year", first.Year, "to_year", last.Year, "from", first.Value, "to", last.Value)
	c.Sentence = t.pace(model, c)
	return c, true
}

// tenths rounds a share to one decimal of a percent, as it is shown; nothing short of all becomes all.
func tenths(value int64) int64 {
	if value == 10000 {
		return value
	}
	return min((value+5)/10*10, 9990)
}

// firstYear is where trends begin.
const firstYear = 2016

// pace says when the last target is reached at the speed of the years so far. The chosen year counts only when it is decided.
func (t tileSet) pace(model string, c ui.Trend) string {
	points := c.Actual
	if n := t.years[t.year][model]; len(points) > 1 && points[len(points)-1].Year == t.year && n.Open() > 0 {
		points = points[:len(points)-1]
	}
	end := goalOf(t.targets, model, lastGoal, t.region)
	if len(points) < 2 || !end.ok {
		return ""
	}
	first, last := points[0], points[len(points)-1]
	span := int64(last.Year - first.Year)
	rise := (last.Value - first.Value) / span
	args := []any{"from_year", first.Year, "to_year", last.Year, "rise", max(rise, -rise), "target", lang.Points(t.v.Ctx(), end.percent)}
	switch {
	case last.Value >= end.percent:
		return t.v.T("figures.pace.reached", args...)
	case rise <= 0:
		return t.v.T("figures.pace.falls", args...)
	}
	years := (end.percent - last.Value + rise - 1) / rise
	if years > 50 {
		return t.v.T("figures.pace.falls", args...)
	}
	return t.v.T("figures.pace", append(args, "reach_year", strconv.Itoa(last.Year+int(years)))...)
}
