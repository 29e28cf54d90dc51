// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package papers

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"hoctap/internal/paper"
	"hoctap/internal/place"
	"hoctap/internal/report"
	"hoctap/internal/rollup"
	"hoctap/internal/web/lang"
)

// annexes are the tables of the figures, each a part with its number: all models, for a review the years, each model by the places below, its parts, and
// what was typed.
func (r *reported) annexes() (parts []paper.Part) {
	add := func(about string, blocks ...paper.Block) {
		name := r.t("sheet", "no", len(parts)+1)
		parts = append(parts, paper.Part{Name: name, Landscape: true, Blocks: append([]paper.Block{paper.Title{Kind: name, About: about}}, blocks...)})
	}
	where := Within(r.fullName())
	named := func(key string, pairs ...any) string {
		return r.t(key, append(append(r.years(), "place", where), pairs...)...)
	}
	notes := []paper.Block{paper.Text(paper.Closing, r.t("basis"))}
	if r.Figures.At != 0 {
		at := time.UnixMicro(r.Figures.At)
		notes = append(notes, paper.Text(paper.Closing, r.t("as_of", "clock", lang.Clock(r.ctx, at), "date", lang.Date(r.ctx, at))))
	}
	if r.Figures.Until != "" {
		notes = append(notes, paper.Text(paper.Closing, r.t("until", "date", r.Figures.Until)))
	}
	add(named(r.kindKey("sheet_all")), append([]paper.Block{r.summary()}, notes...)...)
	if r.Period.Kind.Review() {
		years := []paper.Block{r.byYear()}
		if first := r.Figures.FirstYear(); first > r.Period.From {
			years = append(years, paper.Text(paper.Closing, r.t("since", "year", first)))
		}
		add(named("sheet_years"), years...)
		if charts := r.lines(); len(charts) > 0 { // upright: three stand on a page
			add(named("sheet_charts"), charts...)
			parts[len(parts)-1].Landscape = false
		}
	}
	for i := range r.Figures.Models {
		if m := &r.Figures.Models[i]; len(m.Rows) > 0 {
			add(named(r.kindKey("sheet_of"), "model", m.Model), r.table(m)...)
		}
	}
	if t := r.parts(); len(t.Rows) > 0 {
		add(named("sheet_parts"), t)
	}
	if r.Period.ID != "" { // the live figures of a year have no typed ones beside them
		add(named("sheet_seen"), r.typed())
	}
	return parts
}

func (r *reported) right(key string, width float64, sum bool) paper.Column {
	return paper.Column{Head: r.t("col." + key), Share: width, Align: paper.Right, Sum: sum}
}

// ratio is the percentage of one column in another, both counted from 1.
func (r *reported) ratio(key string, width float64, part, whole int) paper.Column {
	c := r.right(key, width, false)
	c.Part, c.Whole = part, whole
	return c
}

// columns are those of published reports; first is what a row is about, sum whether rows are added up.
func (r *reported) columns(first string, sum bool) []paper.Column {
	before := paper.Column{Head: r.t("col.before"), Share: 0.08, Align: paper.Right}
	if r.Period.Kind.Review() {
		before.Head = r.t("col.before_year", "year", r.Figures.Base)
	}
	return []paper.Column{{Head: lang.T(r.ctx, "paper.col.no"), Share: 0.05, Align: paper.Middle}, {Head: first, Share: 0.2}, r.right("total", 0.08, sum), r.right("registered", 0.08, sum),
		r.ratio("registered_share", 0.07, 4, 3), r.right("recognised", 0.09, sum), r.ratio("of_total", 0.08, 6, 3), r.ratio("of_registered", 0.08, 6, 4), r.right("exemplary", 0.07, sum), before}
}

func (r *reported) cells(now, before report.Counts) []string {
	whole := func(n int64) string { return lang.Number(r.ctx, n) }
	return []string{whole(now.Total), whole(now.Registered), inPercent(r.ctx, now.Registered, now.Total), whole(now.Recognised), inPercent(r.ctx, now.Recognised, now.Total),
		inPercent(r.ctx, now.Recognised, now.Registered), whole(now.Exemplary), r.change(now, before)}
}

// summary is the table of all models. They are not added up.
func (r *reported) summary() paper.Table {
	t := paper.Table{Columns: append(r.columns(r.t("col.model"), false), r.right("target", 0.06, false), r.right("against_target", 0.06, false))}
	for i := range r.Figures.Models {
		m := &r.Figures.Models[i]
		last, _ := m.In(r.Figures.To)
		target, against := "", ""
		if last.Target != nil {
			target = lang.Tenths(r.ctx, *last.Target)
			if last.Counts.Total > 0 && r.Period.Kind != report.Half { // a target is for the whole year
				against = signed(r.ctx, rounded(rollup.Share(last.Counts.Recognised, last.Counts.Total))-rounded(*last.Target))
			}
		}
		row := append([]string{strconv.Itoa(i + 1), lang.T(r.ctx, "title."+m.Model)}, r.cells(last.Counts, r.base(m))...)
		t.Rows = append(t.Rows, append(row, target, against))
	}
	return t
}

// table is one model by the places below, with what has to be explained beside each, and a word on rows that are not from accepted reports.
func (r *reported) table(m *report.Model) []paper.Block {
	first := r.t("col.commune")
	if r.Place.Level == place.Commune {
		first = lang.T(r.ctx, "paper.col.area")
	}
	t := paper.Table{Columns: append(r.columns(first, true), paper.Column{Head: r.t("col.explain"), Share: 0.12})}
	accepted := slices.ContainsFunc(m.Rows, func(x report.Row) bool { return x.From > 0 })
	for i, x := range m.Rows {
		name := x.Name
		if name == "" {
			name = r.t("own")
		}
		if accepted && x.From == 0 {
			name += " (*)"
		}
		why := doubts(r.ctx, x.Now, x.Before)
		if x.Why != "" {
			why = append(why, strings.ReplaceAll(x.Why, "\n", " "))
		}
		t.Rows = append(t.Rows, append(append([]string{strconv.Itoa(i + 1), name}, r.cells(x.Now, x.Before)...), strings.Join(why, "; ")))
	}
	last, _ := m.In(r.Figures.To)
	t.Total = append(append([]string{"", lang.T(r.ctx, "figures.sum")}, r.cells(last.Counts, r.base(m))...), "")
	blocks := []paper.Block{t}
	if accepted {
		blocks = append(blocks, paper.Text(paper.Closing, r.t("live_rows")))
	}
	return blocks
}

// byYear is a review's years side by side, four lines a model.
func (r *reported) byYear() paper.Table {
	var years []int
	for i := range r.Figures.Models {
		for _, y := range r.Figures.Models[i].Years {
			if y.Year >= r.Figures.From && !slices.Contains(years, y.Year) {
				years = append(years, y.Year)
			}
		}
	}
	slices.Sort(years)
	t := paper.Table{Columns: []paper.Column{{Head: r.t("col.model"), Share: 0.3}}, Strong: map[int]bool{}}
	for _, y := range years {
		t.Columns = append(t.Columns, paper.Column{Head: strconv.Itoa(y), Share: 0.7 / float64(len(years)), Align: paper.Right})
	}
	for i := range r.Figures.Models {
		m := &r.Figures.Models[i]
		t.Strong[len(t.Rows)] = true
		t.Rows = append(t.Rows, append([]string{lang.T(r.ctx, "title."+m.Model)}, make([]string, len(years))...))
		line := func(key string, cell func(report.YearOf) string) {
			row := []string{r.t("col." + key)}
			for _, year := range years {
				y, found := m.In(year)
				if !found {
					row = append(row, "")
					continue
				}
				row = append(row, cell(y))
			}
			t.Rows = append(t.Rows, row)
		}
		line("total", func(y report.YearOf) string { return lang.Number(r.ctx, y.Counts.Total) })
		line("registered", func(y report.YearOf) string { return lang.Number(r.ctx, y.Counts.Registered) })
		line("recognised", func(y report.YearOf) string { return lang.Number(r.ctx, y.Counts.Recognised) })
		line("of_total", func(y report.YearOf) string { return inPercent(r.ctx, y.Counts.Recognised, y.Counts.Total) })
		line("target", func(y report.YearOf) string {
			if y.Target == nil {
				return ""
			}
			return lang.Tenths(r.ctx, *y.Target)
		})
	}
	return t
}

// parts are citizens by group and titles by level, as far as they are known.
func (r *reported) parts() paper.Table {
	t := paper.Table{Columns: []paper.Column{{Head: r.t("col.model"), Share: 0.3}, {Head: r.t("col.part"), Share: 0.3}, r.right("total", 0.14, false), r.right("recognised", 0.13, false), r.right("of_total", 0.13, false)}}
	for i := range r.Figures.Models {
		m := &r.Figures.Models[i]
		title := lang.T(r.ctx, "title."+m.Model)
		for _, g := range m.Groups {
			t.Rows = append(t.Rows, []string{title, lang.T(r.ctx, "registry.citizen_group."+g.Key), lang.Number(r.ctx, g.Total), lang.Number(r.ctx, g.Recognised), inPercent(r.ctx, g.Recognised, g.Total)})
		}
		for _, g := range m.Levels {
			t.Rows = append(t.Rows, []string{title, r.t("level", "level", g.Key), "", lang.Number(r.ctx, g.Recognised), ""})
		}
	}
	return t
}

// typed are the columns that no register of this system has, as the officer wrote them; a blank one says so.
func (r *reported) typed() paper.Table {
	t := paper.Table{Columns: []paper.Column{{Head: lang.T(r.ctx, "paper.col.no"), Share: 0.08, Align: paper.Middle}, {Head: r.t("col.measure"), Share: 0.62}, {Head: r.t("col.value"), Share: 0.3, Align: paper.Right}}}
	for i, key := range report.SeenKeys {
		value := r.t("blank")
		if n, ok := r.Words.Seen[key]; ok {
			value = lang.Number(r.ctx, n)
		}
		t.Rows = append(t.Rows, []string{strconv.Itoa(i + 1), lang.T(r.ctx, "reports.seen."+key), value})
	}
	return t
}
