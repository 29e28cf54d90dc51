// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package papers

import (
	"slices"
	"strconv"

	"hoctap/internal/paper"
	"hoctap/internal/report"
	"hoctap/internal/rollup"
	"hoctap/internal/web/lang"
)

// bars is a review's first and last year beside the target, model by model; any is false for other reports and for one without figures.
func (r *reported) bars() (c paper.Chart, any bool) {
	if !r.Period.Kind.Review() {
		return c, false
	}
	before := paper.Series{Name: strconv.Itoa(r.Figures.Base), Role: paper.SeriesBefore}
	now := paper.Series{Name: strconv.Itoa(r.Figures.To), Role: paper.SeriesActual}
	plan := paper.Series{Name: r.t("chart.plan", "year", r.Figures.To), Role: paper.SeriesPlan}
	c = paper.Chart{Shape: paper.ChartBars, Title: r.t("chart.models", "from_year", r.Figures.Base, "year", r.Figures.To)}
	for i := range r.Figures.Models {
		m := &r.Figures.Models[i]
		last, _ := m.In(r.Figures.To)
		c.Labels = append(c.Labels, lang.T(r.ctx, "title."+m.Model))
		before.Values = append(before.Values, shareOf(r.base(m)))
		now.Values = append(now.Values, shareOf(last.Counts))
		plan.Values = append(plan.Values, last.Target)
		if a, b := shareOf(r.base(m)), shareOf(last.Counts); a != nil && b != nil {
			if c.Said != "" {
				c.Said += "; "
			}
			c.Said += r.t("chart.change", "title", lang.T(r.ctx, "title."+m.Model), "from", lang.Percent(r.ctx, *a), "to", lang.Percent(r.ctx, *b))
		}
	}
	c.Series = []paper.Series{before, now, plan}
	if c.Said != "" {
		c.Said += "."
	}
	return c, len(c.Labels) > 0
}

// lines are a review's models over the years, each with its plan.
func (r *reported) lines() (blocks []paper.Block) {
	for i := range r.Figures.Models {
		m := &r.Figures.Models[i]
		actual := paper.Series{Name: r.t("chart.reached"), Role: paper.SeriesActual}
		plan := paper.Series{Name: r.t("col.target"), Role: paper.SeriesPlan}
		c := paper.Chart{Shape: paper.ChartLines, Title: r.t("chart.title", "title", lang.T(r.ctx, "title."+m.Model))}
		for _, y := range m.Years {
			if y.Year < r.Figures.From {
				continue
			}
			c.Labels = append(c.Labels, strconv.Itoa(y.Year))
			actual.Values, plan.Values = append(actual.Values, shareOf(y.Counts)), append(plan.Values, y.Target)
		}
		if len(c.Labels) < 2 {
			continue
		}
		c.Series = []paper.Series{actual}
		if slices.ContainsFunc(plan.Values, func(v *int64) bool { return v != nil }) {
			c.Series = append(c.Series, plan)
		}
		first, last := m.Years[0], m.Years[len(m.Years)-1]
		if first.Year < r.Figures.From {
			first = m.Years[1]
		}
		if a, b := shareOf(first.Counts), shareOf(last.Counts); a != nil && b != nil {
			c.Said = r.t("chart.said", "from_year", first.Year, "from", lang.Percent(r.ctx, *a), "to_year", last.Year, "to", lang.Percent(r.ctx, *b))
		}
		blocks = append(blocks, c)
	}
	return blocks
}

func shareOf(c report.Counts) *int64 {
	if c.Total == 0 {
		return nil
	}
	n := rollup.Share(c.Recognised, c.Total)
	return &n
}
