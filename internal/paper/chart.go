// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package paper

// Chart is figures to be drawn: one description, so that pages, PDF and Word show the same lines, in colours that stay apart in black and white.
type Chart struct {
	Shape  ChartShape
	Title  string // above the drawing
	Said   string // what the drawing shows, in a sentence: below it, and for readers that cannot see it
	Count  bool   // values are counts; else hundredths of a percent
	Labels []string
	Series []Series // each with a value for each label
}

// ChartShape is how a chart is drawn.
type ChartShape string

// The shapes of charts.
const (
	ChartLines ChartShape = "lines" // over years: Labels are years
	ChartBars  ChartShape = "bars"  // side by side, one group for each label: models or places
)

// Series is one run of values with its name in the legend.
type Series struct {
	Name   string
	Role   SeriesRole
	Values []*int64 // nil where there is none
}

// SeriesRole is what a series stands for; it decides look and colour.
type SeriesRole string

// The roles of series.
const (
	SeriesActual SeriesRole = "actual" // what was reached
	SeriesBefore SeriesRole = "before" // what was reached the time before
	SeriesPlan   SeriesRole = "plan"   // what the plan asks for: dashed, or a mark across the bar
)

func (Chart) block() {}

func (c Chart) cleaned() Chart {
	out := Chart{c.Shape, clean(c.Title), clean(c.Said), c.Count, cleanAll(c.Labels), make([]Series, len(c.Series))}
	for i, s := range c.Series {
		out.Series[i] = Series{clean(s.Name), s.Role, s.Values}
	}
	return out
}
