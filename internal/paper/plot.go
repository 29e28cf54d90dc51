// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package paper

// Plot lays charts out into few kinds of parts, which pages, PDF and Word draw each in their own way. Nothing else in the program knows where a line of a
// chart stands.

// Plot is a chart laid out: shapes from the back to the front, then texts. Its units are those of the sheet; the origin is the upper left corner.
type Plot struct {
	Width, Height float64
	Shapes        []Shape
	Texts         []PlotText
}

// Shape is lines, polygons or circles of one ink.
type Shape struct {
	Ink    Ink
	Paths  [][]Point
	Closed bool    // each path is a polygon
	Radius float64 // above 0: circles around the points of the paths instead
}

// PlotText is one line of text.
type PlotText struct {
	Point         // of the anchor, on the baseline
	Text   string //
	Size   float64
	Width  float64 // at most, in the faces of papers and pages
	Anchor Align   // which part of the text stands at the point
	Strong bool
	Soft   bool // says less than the others: grid values, names of years
}

// Ink is what a shape stands for; Looks has how it is drawn.
type Ink string

// The inks.
const (
	InkGrid       Ink = "grid"        // lines at the values of the axis
	InkZero       Ink = "zero"        // where bars begin
	InkArea       Ink = "area"        // below the line of what was reached
	InkActual     Ink = "actual"      // the line of what was reached
	InkActualSpot Ink = "actual-spot" // its values
	InkActualBar  Ink = "actual-bar"
	InkBefore     Ink = "before" // the line of the time before
	InkBeforeSpot Ink = "before-spot"
	InkBeforeBar  Ink = "before-bar"
	InkBeforeFill Ink = "before-hatch" // the hatching of its bars
	InkPlan       Ink = "plan"         // the line of the plan
	InkPlanSpot   Ink = "plan-spot"    // its milestones
	InkPlanMark   Ink = "plan-mark"    // the plan across a bar
	InkPlanEdge   Ink = "plan-edge"    // the light edge around that, over dark bars
)

// Colour is red, green and blue in hexadecimal, "37449d"; "" is none.
type Colour string

// RGB is the colour's parts from 0 to 255.
func (c Colour) RGB() (r, g, b int) {
	if len(c) != 6 {
		return 0, 0, 0
	}
	digit := func(at int) int {
		if d := c[at]; d > '9' {
			return int(d-'a') + 10
		} else {
			return int(d - '0')
		}
	}
	return 16*digit(0) + digit(1), 16*digit(2) + digit(3), 16*digit(4) + digit(5)
}

// Look is how an ink is drawn on paper. Widths and dashes are shares of the size of the texts.
type Look struct {
	Line, Fill Colour
	Width      float64
	Dash       []float64 // stroke and gap in turn; nil for a line without gaps
}

// The colours of charts are those of the pages by day (ui/css/tokens.css), so that paper and screen show the same.
const (
	chartInk   = "37449d" // --ink-600
	chartSoft  = "4c5ab8" // --ink-500
	chartPale  = "f1f2fb" // --ink-50
	chartGrey  = "847c6e" // --paper-500
	chartGrid  = "e3ded3" // --paper-200
	chartWhite = "ffffff" // --paper-0

	// PlotBlack and PlotGrey are the colours of texts.
	PlotBlack Colour = "1c1a16" // --paper-900
	PlotGrey  Colour = "625b50" // --paper-600
)

// Looks are the inks on paper. Series differ by width, dash, marker and filling too, for who prints or sees in black and white.
var Looks = map[Ink]Look{
	InkGrid:       {Line: chartGrid, Width: 1. / 12},
	InkZero:       {Line: PlotGrey, Width: 1. / 12},
	InkArea:       {Fill: chartPale},
	InkActual:     {Line: chartInk, Width: 2.5 / 12},
	InkActualSpot: {Line: chartInk, Fill: chartWhite, Width: 2.5 / 12},
	InkActualBar:  {Line: chartInk, Fill: chartInk, Width: 1. / 12},
	InkBefore:     {Line: chartSoft, Width: 1.5 / 12, Dash: []float64{.12, .3}},
	InkBeforeSpot: {Line: chartSoft, Fill: chartWhite, Width: 1.5 / 12},
	InkBeforeBar:  {Line: chartSoft, Fill: chartWhite, Width: 1. / 12},
	InkBeforeFill: {Line: chartSoft, Width: 1. / 12},
	InkPlan:       {Line: chartGrey, Width: 1.75 / 12, Dash: []float64{4. / 12, 4. / 12}},
	InkPlanSpot:   {Line: PlotBlack, Fill: chartWhite, Width: 2. / 12},
	InkPlanEdge:   {Line: chartWhite, Width: 3. / 12},
	InkPlanMark:   {Line: PlotBlack, Width: 2. / 12},
}

// Sheet is what a chart is laid out on.
type Sheet struct {
	Width, Height float64 // bars that lie on their side take the height they need
	Text          float64 // size of the texts; all other measures follow it
	Printed       bool    // nobody can point at it or open its table: it says the names of its series and all values that have room
	Say           func(int64) string
}

// PlotWidth is how wide charts are on paper, in points: the text of A4 in portrait. PlotSize is the size of their texts.
const (
	PlotWidth = 467
	PlotSize  = 10
)

// Plot lays the chart out for paper, in points, with numbers as papers write them.
func (c Chart) Plot() Plot {
	return c.PlotOn(Sheet{Width: PlotWidth, Height: 200, Text: PlotSize, Printed: true, Say: func(v int64) string { return Figure(v, c.Count) }})
}

// PlotOn lays the chart out on a sheet. It takes any values; without any it draws nothing.
func (c Chart) PlotOn(s Sheet) Plot {
	p := &plotter{chart: c, sheet: s, em: s.Text, Plot: Plot{Width: s.Width, Height: s.Height}}
	any := false
	for _, series := range c.Series {
		for i := range c.Labels {
			any = any || series.at(i) != nil
		}
	}
	switch {
	case !any:
		p.Height = 0
	case c.Shape == ChartBars:
		p.bars()
	default:
		p.lines()
	}
	return p.Plot
}

// plotter is a plot that is being made.
type plotter struct {
	Plot
	chart Chart
	sheet Sheet
	em    float64
	taken []box      // by texts
	drawn [][2]Point // lines that texts had better not cross
}

func (p *plotter) shape(ink Ink, closed bool, paths ...[]Point) {
	if len(paths) > 0 {
		p.Shapes = append(p.Shapes, Shape{Ink: ink, Paths: paths, Closed: closed})
	}
}

func (p *plotter) circle(ink Ink, at Point, radius float64) {
	p.Shapes = append(p.Shapes, Shape{Ink: ink, Paths: [][]Point{{at}}, Radius: radius})
}

// diamond and square are markers around a point.
func (p *plotter) diamond(ink Ink, at Point, radius float64) {
	p.shape(ink, true, []Point{{at.X, at.Y - radius}, {at.X + radius, at.Y}, {at.X, at.Y + radius}, {at.X - radius, at.Y}})
}

func (p *plotter) square(ink Ink, at Point, radius float64) {
	p.shape(ink, true, rectangle(at.X-radius, at.Y-radius, 2*radius, 2*radius))
}

func rectangle(x, y, width, height float64) []Point {
	return []Point{{x, y}, {x + width, y}, {x + width, y + height}, {x, y + height}}
}

// hatch fills a rectangle with slanting lines a distance apart.
func hatch(x, y, width, height, apart float64) (lines [][]Point) {
	for d := apart; d < width+height; d += apart {
		from, to := Point{x + d, y}, Point{x, y + d}
		if d > width {
			from = Point{x + width, y + d - width}
		}
		if d > height {
			to = Point{x + d - height, y + height}
		}
		lines = append(lines, []Point{from, to})
	}
	return lines
}

// legend says what the looks stand for, in rows from the top, and returns where they end. One series needs none: the title says what it is.
func (p *plotter) legend(left float64, sample func(s Series, x, y float64)) (below float64) {
	if !p.sheet.Printed || len(p.chart.Series) < 2 {
		return 0
	}
	const room = 3.0 // ems of a sample with its gap
	x, y := left, 1.2*p.em
	for _, s := range p.chart.Series {
		name := p.shorten(s.Name, p.Width-left-(room+.5)*p.em)
		width := room*p.em + p.width(name, p.em)
		if x > left && x+width > p.Width {
			x, y = left, y+1.5*p.em
		}
		sample(s, x, y-.33*p.em)
		p.must(PlotText{Point: Point{x + room*p.em, y}, Text: name, Size: p.em, Anchor: Left})
		x += width + 1.5*p.em
	}
	return y + .4*p.em
}
