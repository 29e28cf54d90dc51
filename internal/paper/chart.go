// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package paper

// Chart is figures to be drawn: one description, so that pages, PDF and Word show the same lines, in colours that stay apart in black and white.
// Plot lays it out.
type Chart struct {
	Shape  ChartShape
	Title  string // above the drawing
	Said   string // what the drawing shows, in a sentence: below it, and for readers that cannot see it
	Count  bool   // values are counts; else hundredths of a percent
	Labels []string
	Series []Series // at most one of each role, with a value for each label
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
	Values []*int64 // nil where there is none: a gap in a line
	Marks  []string `json:",omitempty"` // of lines: what stands at values that are milestones, "mốc 95"; "" at the others, nil for none
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
		out.Series[i] = Series{clean(s.Name), s.Role, s.Values, cleanAll(s.Marks)}
	}
	return out
}

// at is the i-th value; nil where there is none.
func (s Series) at(i int) *int64 {
	if i < 0 || i >= len(s.Values) {
		return nil
	}
	return s.Values[i]
}

// mark is what stands at the i-th value.
func (s Series) mark(i int) string {
	if i < 0 || i >= len(s.Marks) {
		return ""
	}
	return s.Marks[i]
}

// Table is the chart's figures as a table, as papers write them: a row for each label, a column for each series.
func (c Chart) Table() Table {
	t := Table{Columns: []Column{{Share: .4}}, Rows: make([][]string, len(c.Labels))}
	for _, s := range c.Series {
		head := s.Name
		if !c.Count {
			head += " (%)"
		}
		t.Columns = append(t.Columns, Column{Head: head, Share: .6 / float64(len(c.Series)), Align: Right})
	}
	for i, label := range c.Labels {
		t.Rows[i] = []string{label}
		for _, s := range c.Series {
			cell := ""
			if v := s.at(i); v != nil {
				cell = Figure(*v, c.Count)
			}
			t.Rows[i] = append(t.Rows[i], cell)
		}
	}
	return t
}
