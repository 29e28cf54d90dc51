// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package ui

import (
	"context"
	"fmt"
	"math"
	"strconv"
	"strings"

	"hoctap/internal/paper"
	"hoctap/internal/web/lang"
)

// TrendPoint is a value of one year: hundredths of a percent, or a count when the chart's Count is set.
type TrendPoint struct {
	Year  int
	Value int64
}

// Trend is a line over years: what was reached, the plan's line dashed, the plan's marks as diamonds. Package paper lays it out.
type Trend struct {
	Label    string       // read aloud instead of the drawing: names, first and last value, the marks
	Sentence string       // below the drawing
	Actual   []TrendPoint // in order of years; years may be missing
	Plan     []TrendPoint
	Marks    []TrendPoint
	Count    bool
}

// sheet is the room of a trend in its own units: it scales with the card.
func (t Trend) sheet(ctx context.Context) paper.Sheet {
	return paper.Sheet{Width: 328, Height: 226, Text: 12, Say: func(v int64) string { return t.value(ctx, v) }}
}

func (t Trend) value(ctx context.Context, v int64) string {
	if t.Count {
		return lang.Number(ctx, v)
	}
	return lang.Points(ctx, v)
}

// span is the first and the last year with a value.
func (t Trend) span() (from, to int) {
	from, to = math.MaxInt, math.MinInt
	for _, list := range [][]TrendPoint{t.Actual, t.Plan, t.Marks} {
		for _, p := range list {
			from, to = min(from, p.Year), max(to, p.Year)
		}
	}
	return from, to
}

// chart is the trend as pages and papers draw it.
func (t Trend) chart(ctx context.Context) paper.Chart {
	c := paper.Chart{Shape: paper.ChartLines, Title: t.Label, Count: t.Count}
	actual, plan := paper.Series{Role: paper.SeriesActual}, paper.Series{Role: paper.SeriesPlan, Name: lang.T(ctx, "chart.target")}
	from, to := t.span()
	for year := from; year <= to; year++ {
		c.Labels = append(c.Labels, strconv.Itoa(year))
		mark, value := "", valueOf(t.Plan, year)
		if m := valueOf(t.Marks, year); m != nil {
			mark, value = lang.T(ctx, "chart.mark", "value", t.value(ctx, *m)), m
		}
		actual.Values, plan.Values, plan.Marks = append(actual.Values, valueOf(t.Actual, year)), append(plan.Values, value), append(plan.Marks, mark)
	}
	c.Series = []paper.Series{actual, plan}
	return c
}

func valueOf(list []TrendPoint, year int) *int64 {
	for _, p := range list {
		if p.Year == year {
			return &p.Value
		}
	}
	return nil
}

// trendRow is one line of the table behind a chart.
type trendRow struct{ year, actual, plan string }

func (t Trend) rows(ctx context.Context) []trendRow {
	find := func(list []TrendPoint, year int) string {
		switch v := valueOf(list, year); {
		case v == nil:
			return ""
		case t.Count:
			return lang.Number(ctx, *v)
		default:
			return lang.Percent(ctx, *v)
		}
	}
	var rows []trendRow
	from, to := t.span()
	for year := from; year <= to; year++ {
		r := trendRow{year: fmt.Sprint(year), actual: find(t.Actual, year), plan: find(t.Plan, year)}
		if r.plan == "" {
			r.plan = find(t.Marks, year)
		}
		if r.actual != "" || r.plan != "" {
			rows = append(rows, r)
		}
	}
	return rows
}

// sparkLine places up to a dozen values in a box of 72 by 24.
func sparkLine(values []int64) (path, x, y string) {
	low, top := values[0], values[0]
	for _, v := range values {
		low, top = min(low, v), max(top, v)
	}
	var b strings.Builder
	for i, v := range values {
		px := 2 + 68*float64(i)/float64(len(values)-1)
		py := 21 - 17*float64(v-low)/float64(max(top-low, 1))
		cmd := "L"
		if i == 0 {
			cmd = "M"
		}
		x, y = number(px), number(py)
		b.WriteString(cmd + x + " " + y)
	}
	return b.String(), x, y
}
