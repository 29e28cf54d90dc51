// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package ui

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"hoctap/internal/web/lang"
)

// TrendPoint is a value of one year: hundredths of a percent, or a count when the chart's Count is set.
type TrendPoint struct {
	Year  int
	Value int64
}

// Trend is a line over years: what was reached, the plan's line dashed, the plan's marks as diamonds.
type Trend struct {
	Label    string       // read aloud instead of the drawing: names, first and last value, the marks
	Sentence string       // below the drawing
	Actual   []TrendPoint // in order of years; years may be missing
	Plan     []TrendPoint
	Marks    []TrendPoint
	Count    bool
}

// The drawing's measures in its own units: it scales with the card.
const (
	trendWidth, trendHeight           = 328.0, 226.0
	trendLeft, trendRight             = 34.0, 314.0
	trendTop, trendBottom, trendYears = 18.0, 196.0, 216.0
)

// frame maps years and values to places in the drawing.
type frame struct {
	from, to int
	low, top int64
	step     int64
}

func (t Trend) frame() frame {
	f := frame{}
	first := true
	for _, list := range [][]TrendPoint{t.Actual, t.Plan, t.Marks} {
		for _, p := range list {
			if first {
				f.from, f.to, f.low, f.top, first = p.Year, p.Year, p.Value, p.Value, false
			}
			f.from, f.to = min(f.from, p.Year), max(f.to, p.Year)
			f.low, f.top = min(f.low, p.Value), max(f.top, p.Value)
		}
	}
	f.step = niceStep(f.top - f.low)
	f.low -= mod(f.low, f.step)
	if over := mod(f.top, f.step); over > 0 || f.top == f.low {
		f.top += f.step - over
	}
	if !t.Count {
		f.top = min(max(f.top, f.low+f.step), max(10000, f.low+f.step))
	}
	return f
}

// niceStep is 1, 2 or 5 times a power of ten, so that about four lines cross the drawing.
func niceStep(span int64) int64 {
	step := int64(1)
	for {
		for _, m := range []int64{1, 2, 5} {
			if step*m*4 >= span {
				return step * m
			}
		}
		step *= 10
	}
}

func mod(a, b int64) int64 { return (a%b + b) % b }

func (f frame) x(year int) float64 {
	if f.to == f.from {
		return (trendLeft + trendRight) / 2
	}
	return trendLeft + (trendRight-trendLeft)*float64(year-f.from)/float64(f.to-f.from)
}

func (f frame) y(value int64) float64 {
	return trendBottom - (trendBottom-trendTop)*float64(value-f.low)/float64(max(f.top-f.low, 1))
}

func (f frame) line(points []TrendPoint) string {
	var b strings.Builder
	for i, p := range points {
		cmd := "L"
		if i == 0 {
			cmd = "M"
		}
		b.WriteString(cmd + number(f.x(p.Year)) + " " + number(f.y(p.Value)))
	}
	return b.String()
}

// area is the ground below the line of what was reached.
func (f frame) area(points []TrendPoint) string {
	if len(points) < 2 {
		return ""
	}
	return f.line(points) + "L" + number(f.x(points[len(points)-1].Year)) + " " + number(trendBottom) + "L" + number(f.x(points[0].Year)) + " " + number(trendBottom) + "Z"
}

func (f frame) diamond(p TrendPoint) string {
	return "M" + number(f.x(p.Year)) + " " + number(f.y(p.Value)-6) + "l6 6-6 6-6-6z"
}

func (f frame) ticks() []int64 {
	var list []int64
	for v := f.low; v <= f.top; v += f.step {
		list = append(list, v)
	}
	return list
}

// word is a text in the drawing.
type word struct {
	x, y, anchor, class, text string
}

func (t Trend) value(ctx context.Context, v int64) string {
	if t.Count {
		return lang.Number(ctx, v)
	}
	return lang.Points(ctx, v)
}

// years are the labels below: first, last and the present year in full, others short, none so near that they touch.
func (t Trend) years(f frame) []word {
	now := f.to
	if n := len(t.Actual); n > 0 {
		now = t.Actual[n-1].Year
	}
	var list []word
	free := -1000.0
	for year := f.from; year <= f.to; year++ {
		x := f.x(year)
		keep := year == now || year == f.from || year == f.to
		near := func(other int) bool { return other != year && abs(f.x(other)-x) < 31 }
		if !keep && (near(now) || near(f.to) || x-free < 24) || year == f.to && near(now) || year == f.from && near(now) && year != now {
			continue
		}
		w := word{x: number(x), y: number(trendYears), anchor: "middle", text: strconv.Itoa(year)}
		if !keep {
			w.text = "’" + w.text[2:]
		}
		if year == now {
			w.class = "now"
		}
		list, free = append(list, w), x
	}
	return list
}

// labels are the texts on the line itself, so that no legend is needed. What was reached is said first; a mark goes above its
// diamond, or below it where it would touch that or leave the drawing, or unsaid: the table has it.
func (t Trend) labels(ctx context.Context, f frame) []word {
	var list []word
	var taken []box
	put := func(w word, x, y float64) bool {
		b := textBox(w, x, y)
		if y < trendTop-8 || y > trendBottom-4 || slices.ContainsFunc(taken, b.touches) {
			return false
		}
		w.x, w.y = number(x), number(y)
		list, taken = append(list, w), append(taken, b)
		return true
	}
	last := TrendPoint{Year: f.to}
	if n := len(t.Actual); n > 0 {
		last = t.Actual[n-1]
		w := word{anchor: edge(f, last.Year), class: "lab", text: t.value(ctx, last.Value)}
		under := slices.ContainsFunc(t.Marks, func(m TrendPoint) bool { return m.Year == last.Year && m.Value > last.Value })
		if !under || !put(w, f.x(last.Year)-2, f.y(last.Value)+20) {
			put(w, f.x(last.Year)-2, f.y(last.Value)-12)
		}
	}
	for _, m := range t.Marks {
		w := word{anchor: edge(f, m.Year), text: lang.T(ctx, "chart.mark", "value", t.value(ctx, m.Value))}
		if !put(w, f.x(m.Year), f.y(m.Value)-12) {
			put(w, f.x(m.Year), f.y(m.Value)+22)
		}
	}
	if n := len(t.Plan); n > 1 && t.Plan[n-1].Year > last.Year+1 {
		mid := (t.Plan[n-1].Year + last.Year + 1) / 2
		for _, p := range t.Plan {
			if p.Year == mid {
				put(word{anchor: "start", text: lang.T(ctx, "chart.target")}, f.x(mid)+4, f.y(p.Value)+18)
			}
		}
	}
	return list
}

// box is the room a text takes in the drawing.
type box struct{ left, right, top, bottom float64 }

func (b box) touches(o box) bool {
	return b.left < o.right && o.left < b.right && b.top < o.bottom && o.top < b.bottom
}

// textBox guesses generously: a letter is at most 7 units wide at the size of the drawing's texts, which are 12 high.
func textBox(w word, x, y float64) box {
	width := 7 * float64(utf8.RuneCountInString(w.text))
	switch w.anchor {
	case "middle":
		x -= width / 2
	case "end":
		x -= width
	}
	return box{x, x + width, y - 12, y + 3}
}

// edge keeps a label inside the drawing.
func edge(f frame, year int) string {
	switch {
	case f.to == f.from:
		return "middle"
	case year == f.to:
		return "end"
	case year == f.from:
		return "start"
	}
	return "middle"
}

// trendRow is one line of the table behind a chart.
type trendRow struct{ year, actual, plan string }

func (t Trend) rows(ctx context.Context) []trendRow {
	f := t.frame()
	find := func(list []TrendPoint, year int) string {
		for _, p := range list {
			if p.Year == year {
				if t.Count {
					return lang.Number(ctx, p.Value)
				}
				return lang.Percent(ctx, p.Value)
			}
		}
		return ""
	}
	var rows []trendRow
	for year := f.from; year <= f.to; year++ {
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

func abs(f float64) float64 { return max(f, -f) }
