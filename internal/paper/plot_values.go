// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package paper

import "slices"

// names are the labels below: the present year and the ends before the others, those in between short where not all have room in full.
func (y *years) names() {
	n := len(y.chart.Labels)
	base := y.Height - .83*y.em
	within := box{0, y.Width, 0, y.Height}
	text := func(i int, short bool) PlotText {
		t := PlotText{Text: y.shorten(y.chart.Labels[i], y.Width/3), Size: y.em, Anchor: Middle, Strong: i == y.now, Soft: i != y.now}
		if r := []rune(t.Text); short && len(r) == 4 && i != y.now {
			t.Text = "’" + string(r[2:])
		}
		return t
	}
	all := true
	for i := 1; i < n; i++ {
		all = all && y.x[i]-y.x[i-1] > (y.width(text(i, false).Text, y.em)+y.width(text(i-1, false).Text, y.em))/2+.4*y.em
	}
	order := []int{y.now, n - 1, 0}
	for i := range n {
		order = append(order, i)
	}
	done := make([]bool, n)
	for rank, i := range order {
		if done[i] {
			continue
		}
		done[i] = true
		t := text(i, rank > 2 && !all)
		t.Point, t.Width = Point{y.x[i], base}, y.width(t.Text, t.Size)
		room := t.box()
		if slices.ContainsFunc(y.taken, box{room.left - .25*y.em, room.right + .25*y.em, room.top, room.bottom}.touches) {
			continue
		}
		y.place(t, within, t.Point)
	}
}

// values are the figures on the lines themselves, those first that matter most: the last of what was reached, milestones, the last of the others, then
// on paper all that have room.
func (y *years) values() {
	em := y.em
	within := box{0, y.Width, max(0, y.scale.to-2*em), y.scale.from - .1*em}
	for _, s := range y.chart.Series {
		if i := last(s); i >= 0 && i < len(y.chart.Labels) && s.Role == SeriesActual {
			y.end(s, i, within)
		}
	}
	for _, s := range y.chart.Series {
		for i := range y.chart.Labels {
			if v := s.at(i); v != nil && s.mark(i) != "" {
				at := y.point(i, *v)
				y.place(PlotText{Text: s.mark(i), Size: em, Anchor: Middle, Soft: true}, within, Point{at.X, at.Y - .95*em}, Point{at.X, at.Y + 1.8*em})
			}
		}
	}
	for _, s := range y.chart.Series {
		i := last(s)
		switch {
		case i < 0 || i >= len(y.chart.Labels) || s.Role == SeriesActual:
		case y.sheet.Printed && s.mark(i) == "":
			y.end(s, i, within)
		case !y.sheet.Printed:
			y.name(s, i, within)
		}
	}
	for _, role := range []SeriesRole{SeriesActual, SeriesBefore} {
		for _, s := range y.chart.Series {
			for i := range y.chart.Labels {
				if v := s.at(i); v != nil && y.sheet.Printed && s.Role == role && i != last(s) {
					at := y.point(i, *v)
					y.place(PlotText{Text: y.sheet.Say(*v), Size: .9 * em, Anchor: Middle, Soft: role != SeriesActual}, within, Point{at.X, at.Y - .7*em}, Point{at.X, at.Y + 1.4*em})
				}
			}
		}
	}
}

// end writes the last value of a series: above or below it, on paper beside it.
func (y *years) end(s Series, i int, within box) {
	em, at := y.em, y.point(i, *s.Values[i])
	t := PlotText{Text: y.sheet.Say(*s.Values[i]), Size: em, Anchor: Middle, Strong: s.Role != SeriesBefore && s.Role != SeriesPlan}
	if t.Soft = !t.Strong; t.Strong {
		t.Size = 1.08 * em
	}
	above, below := Point{at.X, at.Y - em}, Point{at.X, at.Y + 1.67*em}
	if i == len(y.chart.Labels)-1 && y.sheet.Printed {
		t.Size, t.Anchor = em, Left
		x := at.X + .8*em
		list := []Point{{x, at.Y + .33*em}}
		for d := .3; d < 12; d += .3 { // near others it moves up or down
			list = append(list, Point{x, at.Y + (.33-d)*em}, Point{x, at.Y + (.33+d)*em})
		}
		within.right, within.bottom = y.Width, y.scale.from+.4*em
		if y.place(t, within, list...) {
			return
		}
		t.Anchor = Middle
	}
	for _, o := range y.chart.Series { // what lies above it says its own figure there
		if v := o.at(i); v != nil && o.mark(i) != "" && *v > *s.Values[i] {
			above, below = below, above
		}
	}
	y.place(t, within, above, below)
}

// name writes what a line is in its middle after the present year, on screens, where there is no legend.
func (y *years) name(s Series, end int, within box) {
	from := y.now + 1
	if s.Role != SeriesPlan || end <= from {
		return
	}
	middle := (from + end) / 2
	if v := s.at(middle); v != nil {
		at := y.point(middle, *v)
		y.place(PlotText{Text: s.Name, Size: y.em, Anchor: Left, Soft: true}, within, Point{at.X + .33*y.em, at.Y + 1.5*y.em}, Point{at.X - 2*y.em, at.Y - y.em})
	}
}
