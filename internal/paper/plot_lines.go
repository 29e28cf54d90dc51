// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package paper

import (
	"slices"
	"strconv"
)

// inks are the looks of a role: of its line and of its values.
var inks = map[SeriesRole][2]Ink{
	SeriesActual: {InkActual, InkActualSpot}, SeriesBefore: {InkBefore, InkBeforeSpot}, SeriesPlan: {InkPlan, InkPlanSpot},
}

// years are a line chart while it is being laid out.
type years struct {
	*plotter
	scale scale
	x     []float64 // of each label
	now   int       // the label of the last value that was reached; the last label without one
}

// lines draws values over years: what was reached with the ground below, the time before, the plan.
func (p *plotter) lines() {
	y := years{plotter: p, scale: scaleOf(p.chart), now: len(p.chart.Labels) - 1}
	em := p.em
	for i := range p.chart.Labels {
		for _, s := range p.chart.Series {
			if s.Role == SeriesActual && s.at(i) != nil {
				y.now = i
			}
		}
	}
	left := p.ticksWidth(y.scale) + .5*em
	right := 1.2 * em
	if p.sheet.Printed { // the last values stand beside their points
		right = 1.2*em + p.widest(func(s Series, i int) bool { return i == last(s) })
	}
	top := p.legend(left, p.lineSample) + 2*em
	y.scale.from, y.scale.to = p.Height-2.5*em, top
	y.places(left+.7*em, p.Width-right) // markers of the first year stand beside the axis
	series := slices.Clone(p.chart.Series)
	front := map[SeriesRole]int{SeriesPlan: 0, SeriesBefore: 1} // what was reached lies in front
	rank := func(s Series) int {
		if n, ok := front[s.Role]; ok {
			return n
		}
		return len(front)
	}
	slices.SortStableFunc(series, func(a, b Series) int { return rank(a) - rank(b) })
	for _, s := range series {
		y.area(s)
	}
	p.grid(y.scale, left, p.Width-right)
	y.names()
	for _, s := range series {
		y.line(s)
	}
	for _, s := range series {
		y.spots(s)
	}
	y.values()
}

// last is the label of a series' last value; -1 without one.
func last(s Series) int {
	for i := len(s.Values) - 1; i >= 0; i-- {
		if s.Values[i] != nil {
			return i
		}
	}
	return -1
}

// ticksWidth is the room that the values beside an axis take.
func (p *plotter) ticksWidth(s scale) (width float64) {
	for _, v := range s.ticks() {
		width = max(width, p.width(p.tick(v), p.em))
	}
	return width
}

// tick is a value beside the axis: on paper it says that it is a percentage.
func (p *plotter) tick(v int64) string {
	if p.sheet.Printed && !p.chart.Count {
		return p.sheet.Say(v) + "%"
	}
	return p.sheet.Say(v)
}

// widest is the room of the widest of some values.
func (p *plotter) widest(of func(s Series, i int) bool) (width float64) {
	for _, s := range p.chart.Series {
		for i := range p.chart.Labels {
			if v := s.at(i); v != nil && of(s, i) {
				width = max(width, p.width(p.sheet.Say(*v), p.em))
			}
		}
	}
	return width
}

// grid draws the lines of an upright axis with their values on the left.
func (p *plotter) grid(s scale, left, right float64) {
	for _, v := range s.ticks() {
		y := s.at(v)
		p.shape(InkGrid, false, []Point{{left, y}, {right, y}})
		p.must(PlotText{Point: Point{left - .5*p.em, y + .33*p.em}, Text: p.tick(v), Size: p.em, Anchor: Right, Soft: true})
	}
}

// places puts years as far apart as they are, and anything else evenly.
func (y *years) places(left, right float64) {
	n := len(y.chart.Labels)
	at := make([]float64, n)
	for i, label := range y.chart.Labels {
		year, err := strconv.Atoi(label)
		if at[i] = float64(year); err != nil || len(label) != 4 || i > 0 && at[i] <= at[i-1] {
			for k := range at {
				at[k] = float64(k)
			}
			break
		}
	}
	y.x = make([]float64, n)
	for i := range at {
		y.x[i] = (left + right) / 2
		if n > 1 {
			y.x[i] = left + (right-left)*(at[i]-at[0])/(at[n-1]-at[0])
		}
	}
}

func (y *years) point(i int, v int64) Point { return Point{y.x[i], y.scale.at(v)} }

// runs are the parts of a line between its gaps.
func (y *years) runs(s Series) (list [][]Point) {
	var now []Point
	for i := range y.chart.Labels {
		v := s.at(i)
		if v != nil {
			now = append(now, y.point(i, *v))
		}
		if (v == nil || i == len(y.chart.Labels)-1) && len(now) > 0 {
			list, now = append(list, now), nil
		}
	}
	return list
}

// inksOf are those of a series' role; a role of another name is drawn like what was reached.
func inksOf(s Series) [2]Ink {
	if ink, ok := inks[s.Role]; ok {
		return ink
	}
	return inks[SeriesActual]
}

// area is the ground below the line of what was reached.
func (y *years) area(s Series) {
	if s.Role != SeriesActual {
		return
	}
	for _, r := range y.runs(s) {
		if len(r) > 1 {
			y.shape(InkArea, true, append(r, Point{r[len(r)-1].X, y.scale.from}, Point{r[0].X, y.scale.from}))
		}
	}
}

// line joins the values of a series between its gaps.
func (y *years) line(s Series) {
	var paths [][]Point
	for _, r := range y.runs(s) {
		if len(r) < 2 {
			continue
		}
		paths = append(paths, r)
		for i := range r[1:] {
			y.drawn = append(y.drawn, [2]Point{r[i], r[i+1]})
		}
	}
	y.shape(inksOf(s)[0], false, paths...)
}

// spots are the markers of a series' role: on paper at each value, on screens at the last, at milestones, and where a value stands alone.
func (y *years) spots(s Series) {
	ink := inksOf(s)[1]
	end := last(s)
	for i := range y.chart.Labels {
		v := s.at(i)
		if v == nil {
			continue
		}
		alone := s.at(i-1) == nil && s.at(i+1) == nil // a line of one point is none
		at := y.point(i, *v)
		switch {
		case s.Role == SeriesPlan:
			if alone || s.mark(i) != "" {
				y.diamond(ink, at, .5*y.em)
			}
		case !y.sheet.Printed && !alone && i != end:
		case s.Role == SeriesBefore:
			y.square(ink, at, .27*y.em)
		default:
			y.circle(ink, at, y.dot(i == end))
		}
	}
}

// dot is the radius of a value: the last is what people look for.
func (y *years) dot(end bool) float64 {
	if end || !y.sheet.Printed {
		return .375 * y.em
	}
	return .27 * y.em
}

// lineSample is a piece of a series' line for the legend.
func (p *plotter) lineSample(s Series, x, y float64) {
	ink := inksOf(s)
	p.shape(ink[0], false, []Point{{x, y}, {x + 2.4*p.em, y}})
	at := Point{x + 1.2*p.em, y}
	switch s.Role {
	case SeriesPlan:
		if slices.ContainsFunc(s.Marks, func(m string) bool { return m != "" }) {
			p.diamond(ink[1], at, .4*p.em)
		}
	case SeriesBefore:
		p.square(ink[1], at, .27*p.em)
	default:
		p.circle(ink[1], at, .27*p.em)
	}
}
