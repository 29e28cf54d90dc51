// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package paper

// Bars stand upright where names and values have room below and above them. Else they lie on their side: Vietnamese names are long, and A4 is narrow.

const (
	mostLines = 3   // of a name beside or below its bars
	lineRoom  = 1.3 // ems from line to line
)

// bars draws one group for each label: a bar for each series but the plan, which is a mark across them.
func (p *plotter) bars() {
	if b := p.upright(); b != nil {
		b.draw()
		return
	}
	p.lying()
}

// barSeries are those with bars, and those that are marks.
func (c Chart) barSeries() (bars, marks []Series) {
	for _, s := range c.Series {
		if s.Role == SeriesPlan {
			marks = append(marks, s)
		} else {
			bars = append(bars, s)
		}
	}
	return bars, marks
}

// bar draws a rectangle in the look of a series.
func (p *plotter) bar(s Series, x, y, width, height float64) {
	if s.Role == SeriesBefore {
		p.shape(InkBeforeBar, true, rectangle(x, y, width, height))
		p.shape(InkBeforeFill, false, hatch(x, y, width, height, .42*p.em)...)
		return
	}
	p.shape(InkActualBar, true, rectangle(x, y, width, height))
}

// planMark is a line across a bar.
func (p *plotter) planMark(from, to Point) {
	p.shape(InkPlanEdge, false, []Point{from, to})
	p.shape(InkPlanMark, false, []Point{from, to})
	p.drawn = append(p.drawn, [2]Point{from, to})
}

// columns are upright bars while they are being laid out.
type columns struct {
	*plotter
	scale       scale
	left, right float64
	slot        float64 // room of a group
	bar, gap    float64
	names       [][]string
	rows        int // of the names
}

// upright measures bars side by side; nil where they have no room.
func (p *plotter) upright() *columns {
	bars, _ := p.chart.barSeries()
	n, k := len(p.chart.Labels), max(len(bars), 1)
	b := &columns{plotter: p, scale: scaleOf(p.chart), gap: .2 * p.em}
	b.left, b.right = p.ticksWidth(b.scale)+.5*p.em, p.Width-.2*p.em
	b.slot = (b.right - b.left) / float64(n)
	b.bar = min((b.slot*.72-b.gap*float64(k-1))/float64(k), 3.2*p.em)
	value := p.widest(func(s Series, _ int) bool { return s.Role != SeriesPlan })
	if b.bar < .9*p.em || k > 1 && value > b.bar+b.gap || value > b.slot {
		return nil
	}
	for _, label := range p.chart.Labels {
		lines, whole := p.wrap(label, b.slot-.5*p.em, mostLines)
		if !whole && label != "" {
			return nil
		}
		b.names, b.rows = append(b.names, lines), max(b.rows, len(lines))
	}
	return b
}

func (b *columns) draw() {
	em := b.em
	top := b.legend(b.left, func(s Series, x, y float64) {
		if s.Role == SeriesPlan {
			b.shape(InkPlanMark, false, []Point{{x + .6*em, y}, {x + 2.4*em, y}})
			return
		}
		b.plotter.bar(s, x+.6*em, y-.4*em, 1.8*em, .8*em)
	}) + 1.5*em
	b.scale.from, b.scale.to = b.Height-(float64(b.rows)*lineRoom+.6)*em, top
	if b.scale.low < 0 {
		b.scale.from -= 1.3 * em // room below bars that hang
	}
	b.grid(b.scale, b.left, b.right)
	zero := b.scale.at(0)
	bars, marks := b.chart.barSeries()
	group := float64(max(len(bars), 1))*(b.bar+b.gap) - b.gap
	type figure struct {
		middle, y float64
		v         int64
		s         Series
	}
	var figures []figure
	for i, lines := range b.names {
		middle := b.left + b.slot*(float64(i)+.5)
		for k, line := range lines {
			b.must(PlotText{Point: Point{middle, b.Height - (float64(b.rows-k-1)*lineRoom+.4)*em}, Text: line, Size: em, Anchor: Middle})
		}
		x := middle - group/2
		across := [2]float64{x, x + group}
		for k, s := range bars {
			at := x + float64(k)*(b.bar+b.gap)
			if v := s.at(i); v != nil {
				y := b.scale.at(*v)
				b.plotter.bar(s, at, min(y, zero), b.bar, max(y, zero)-min(y, zero))
				figures = append(figures, figure{at + b.bar/2, y, *v, s})
			}
			if s.Role == SeriesActual {
				across = [2]float64{at, at + b.bar}
			}
		}
		for _, m := range marks {
			if v := m.at(i); v != nil {
				y := b.scale.at(*v)
				b.planMark(Point{across[0] - .35*em, y}, Point{across[1] + .35*em, y})
			}
		}
	}
	b.shape(InkZero, false, []Point{{b.left, zero}, {b.right, zero}})
	within := box{0, b.Width, 0, b.Height - float64(b.rows)*lineRoom*em}
	for _, role := range []bool{true, false} { // what was reached is said first
		for _, f := range figures {
			if (f.s.Role != SeriesBefore) != role {
				continue
			}
			t := PlotText{Text: b.sheet.Say(f.v), Size: .95 * em, Anchor: Middle, Strong: role}
			var places []Point
			if f.v < 0 {
				places = append(places, Point{f.middle, f.y + 1.1*em})
			}
			for d := .4; d < 3; d += .3 { // over the mark of a plan that stands just above
				places = append(places, Point{f.middle, f.y - d*em})
			}
			b.place(t, within, places...)
		}
	}
}

// lying draws bars from the left to the right below each other, and takes the height it needs.
func (p *plotter) lying() {
	const thick, between = 1.35, .2 // ems
	em := p.em
	bars, marks := p.chart.barSeries()
	k := float64(max(len(bars), 1))
	s := scaleOf(p.chart)
	widest := 0.0
	names := make([][]string, len(p.chart.Labels))
	for i, label := range p.chart.Labels {
		names[i], _ = p.wrap(label, .34*p.Width, mostLines)
		for _, line := range names[i] {
			widest = max(widest, p.width(line, em))
		}
	}
	left := widest + .8*em
	value := p.widest(func(s Series, _ int) bool { return s.Role != SeriesPlan }) + .8*em
	s.from, s.to = left, p.Width-value
	if s.low < 0 { // values of bars that go left have room too
		s.from += value
	}
	top := p.legend(0, func(s Series, x, y float64) {
		if s.Role == SeriesPlan {
			p.shape(InkPlanMark, false, []Point{{x + 1.5*em, y - .55*em}, {x + 1.5*em, y + .55*em}})
			return
		}
		p.bar(s, x+.6*em, y-.4*em, 1.8*em, .8*em)
	}) + .6*em
	p.Shapes = append(p.Shapes, Shape{Ink: InkGrid}) // the grid lies behind; how far down it goes is known at the end
	grid := len(p.Shapes) - 1
	zero := s.at(0)
	y := top
	type figure struct {
		x, y float64
		v    int64
		s    Series
	}
	var figures []figure
	for i := range names {
		bar := k*(thick+between) - between
		room := max(bar, float64(len(names[i]))*lineRoom) + .9
		first := y + (room-bar)/2*em
		for n, line := range names[i] {
			p.must(PlotText{Point: Point{left - .6*em, y + (room/2+(float64(n)-float64(len(names[i])-1)/2)*lineRoom+.33)*em}, Text: line, Size: em, Anchor: Right})
		}
		for n, series := range bars {
			at := first + float64(n)*(thick+between)*em
			if v := series.at(i); v != nil {
				x := s.at(*v)
				p.bar(series, min(x, zero), at, max(x, zero)-min(x, zero), thick*em)
				figures = append(figures, figure{x, at + thick/2*em, *v, series})
			}
		}
		for _, m := range marks {
			v := m.at(i)
			if v == nil {
				continue
			}
			from, to := first, first+bar*em
			for n, series := range bars {
				if series.Role == SeriesActual {
					from = first + float64(n)*(thick+between)*em
					to = from + thick*em
				}
			}
			p.planMark(Point{s.at(*v), from - .3*em}, Point{s.at(*v), to + .3*em})
		}
		y += room * em
	}
	p.Height = y + 1.9*em
	for _, v := range s.ticks() {
		p.Shapes[grid].Paths = append(p.Shapes[grid].Paths, []Point{{s.at(v), top}, {s.at(v), y}})
		p.place(PlotText{Text: p.tick(v), Size: em, Anchor: Middle, Soft: true}, box{0, p.Width, 0, p.Height}, Point{s.at(v), y + 1.4*em})
	}
	p.shape(InkZero, false, []Point{{zero, top}, {zero, y}})
	for _, f := range figures {
		t := PlotText{Text: p.sheet.Say(f.v), Size: .95 * em, Anchor: Left, Strong: f.s.Role != SeriesBefore}
		way := em
		if f.v < 0 {
			t.Anchor, way = Right, -em
		}
		var places []Point
		for d := .4; d < 3; d += .3 { // past the mark of a plan that stands just beyond
			places = append(places, Point{f.x + d*way, f.y + .33*em})
		}
		p.place(t, box{0, p.Width, top, y}, places...)
	}
}
