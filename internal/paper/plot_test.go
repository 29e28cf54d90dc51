// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package paper_test

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"hoctap/internal/paper"
)

func values(list ...int64) (out []*int64) {
	for _, v := range list {
		if v >= 0 {
			out = append(out, &v)
		} else {
			out = append(out, nil) // -1: none
		}
	}
	return out
}

// anyChart draws charts of all shapes, with values of all sizes, gaps and names that do not fit.
func anyChart(t *rapid.T) paper.Chart {
	c := paper.Chart{Shape: rapid.SampledFrom([]paper.ChartShape{paper.ChartLines, paper.ChartBars, ""}).Draw(t, "shape"), Count: rapid.Bool().Draw(t, "count")}
	n := rapid.IntRange(0, 16).Draw(t, "labels")
	year := 2010
	name := rapid.SampledFrom([]string{"Gia đình học tập", "Xã Hy Cương", "Cộng đồng học tập cấp xã, phường, đặc khu thuộc tỉnh", strings.Repeat("Ẵ", 90), "", "Đơn vị"})
	asYears := c.Shape != paper.ChartBars && rapid.Bool().Draw(t, "years")
	for range n {
		year += rapid.IntRange(1, 3).Draw(t, "step")
		if label := strconv.Itoa(year); asYears {
			c.Labels = append(c.Labels, label)
		} else {
			c.Labels = append(c.Labels, name.Draw(t, "label"))
		}
	}
	value := rapid.SampledFrom([]*rapid.Generator[int64]{rapid.Int64Range(0, 10000), rapid.Int64Range(8500, 8790), rapid.Just(int64(0)), rapid.Just(int64(10000)), rapid.Int64Range(0, 2_000_000),
		rapid.Int64Range(-500, 12000), rapid.Int64(), rapid.SampledFrom([]int64{math.MinInt64, math.MaxInt64, 0})}).Draw(t, "values")
	for _, role := range rapid.SliceOfNDistinct(rapid.SampledFrom([]paper.SeriesRole{paper.SeriesActual, paper.SeriesBefore, paper.SeriesPlan, "other"}), 0, 3, rapid.ID[paper.SeriesRole]).Draw(t, "roles") {
		s := paper.Series{Name: name.Draw(t, "name"), Role: role}
		for range rapid.IntRange(max(0, n-1), n+1).Draw(t, "length") {
			if v := value.Draw(t, "value"); rapid.IntRange(0, 4).Draw(t, "gap") > 0 {
				s.Values = append(s.Values, &v)
			} else {
				s.Values = append(s.Values, nil)
			}
			s.Marks = append(s.Marks, rapid.SampledFrom([]string{"", "", "mốc 95"}).Draw(t, "mark"))
		}
		c.Series = append(c.Series, s)
	}
	return c
}

// Whatever the figures: everything lies inside the drawing, every place is a number, and no text lies on another.
func TestPlotStaysInside(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := anyChart(t)
		plots := []paper.Plot{c.Plot(), c.PlotOn(paper.Sheet{Width: 328, Height: 226, Text: 12, Say: func(v int64) string { return paper.Figure(v, c.Count) }})}
		for _, p := range plots {
			inside := func(what string, left, right, top, bottom float64) {
				if !(left >= -.1 && right <= p.Width+.1 && top >= -.1 && bottom <= p.Height+.1) {
					t.Fatalf("%s at %.1f–%.1f, %.1f–%.1f of %.0f × %.0f: %+v", what, left, right, top, bottom, p.Width, p.Height, c)
				}
			}
			for _, s := range p.Shapes {
				if _, known := paper.Looks[s.Ink]; !known {
					t.Fatalf("no look of %q", s.Ink)
				}
				for _, path := range s.Paths {
					for _, at := range path {
						inside(string(s.Ink), at.X-s.Radius, at.X+s.Radius, at.Y-s.Radius, at.Y+s.Radius)
					}
				}
			}
			for i, text := range p.Texts {
				left, right, top, bottom := text.Box()
				inside(text.Text, left, right, top, bottom)
				for _, other := range p.Texts[:i] {
					if l, r, a, b := other.Box(); left < r-.01 && l < right-.01 && top < b-.01 && a < bottom-.01 {
						t.Fatalf("%q lies on %q", text.Text, other.Text)
					}
				}
			}
		}
	})
}

func TestFigure(t *testing.T) {
	for _, c := range []struct {
		v     int64
		count bool
		want  string
	}{
		{0, true, "0"}, {999, true, "999"}, {1012486, true, "1.012.486"}, {-1500, true, "−1.500"}, {math.MinInt64, true, "−9.223.372.036.854.775.808"},
		{0, false, "0"}, {8790, false, "87,9"}, {8794, false, "87,9"}, {8795, false, "88"}, {10000, false, "100"}, {9999, false, "99,9"}, {12345, false, "123,5"}, {-50, false, "−0,5"},
	} {
		if got := paper.Figure(c.v, c.count); got != c.want {
			t.Errorf("%d: %q, want %q", c.v, got, c.want)
		}
	}
}

// texts are those of a plot with what they say, in order.
func texts(p paper.Plot) (list []string) {
	for _, x := range p.Texts {
		list = append(list, x.Text)
	}
	return list
}

func count(p paper.Plot, ink paper.Ink) (paths, points int) {
	for _, s := range p.Shapes {
		if s.Ink == ink {
			paths += len(s.Paths)
			for _, path := range s.Paths {
				points += len(path)
			}
		}
	}
	return paths, points
}

func TestLines(t *testing.T) {
	c := paper.Chart{Shape: paper.ChartLines, Labels: []string{"2021", "2022", "2023", "2024", "2026"}, Series: []paper.Series{
		{Name: "Thực hiện", Role: paper.SeriesActual, Values: values(7240, 7510, -1, 8200, 8790)},
		{Name: "Lộ trình", Role: paper.SeriesPlan, Values: values(-1, -1, -1, 8300, 8700), Marks: []string{"", "", "", "", "mốc 87"}}}}
	p := c.Plot()
	if paths, points := count(p, paper.InkActual); paths != 3 || points != 6 { // two pieces and the legend's
		t.Errorf("%d lines through %d points: the year without a figure is a gap", paths, points)
	}
	got := texts(p)
	for _, want := range []string{"70%", "80%", "90%", "2021", "2026", "Thực hiện", "Lộ trình", "87,9", "82", "75,1", "72,4", "mốc 87"} {
		if !slices.Contains(got, want) {
			t.Errorf("no %q in %q", want, got)
		}
	}
	at := map[string]float64{}
	for _, x := range p.Texts {
		at[x.Text] = x.X
	}
	if one, two := at["2022"]-at["2021"], at["2026"]-at["2024"]; math.Abs(two-2*one) > .01 {
		t.Errorf("a year is %.1f wide, two years %.1f", one, two)
	}
	if p := (paper.Chart{Labels: []string{"2026"}, Series: []paper.Series{{Role: paper.SeriesActual, Values: values(-1)}}}).Plot(); p.Height != 0 || len(p.Shapes)+len(p.Texts) > 0 {
		t.Errorf("nothing was drawn as %+v", p)
	}
}

// Bars stand where all names and values have room, and lie where they have not: nothing is cut while there is another way.
func TestBars(t *testing.T) {
	chart := func(values []*int64, labels ...string) paper.Chart {
		return paper.Chart{Shape: paper.ChartBars, Count: true, Labels: labels, Series: []paper.Series{{Role: paper.SeriesBefore, Name: "a", Values: values}, {Role: paper.SeriesActual, Name: "b", Values: values}, {Role: paper.SeriesPlan, Name: "c", Values: values}}}
	}
	stands := func(p paper.Plot) bool { return p.Height == 200 }
	short := chart(values(5, 10), "Khu 1", "Khu 2").Plot()
	if !stands(short) {
		t.Error("two short names lie")
	}
	if bars, _ := count(short, paper.InkActualBar); bars != 3 { // with the legend's
		t.Errorf("%d bars", bars)
	}
	if marks, _ := count(short, paper.InkPlanMark); marks != 3 {
		t.Errorf("%d marks", marks)
	}
	long := chart(values(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12), slices.Repeat([]string{"Cộng đồng học tập cấp xã, phường Thanh Miếu"}, 12)...).Plot()
	if stands(long) {
		t.Error("twelve long names stand")
	}
	said := strings.Join(texts(long), " ")
	if strings.Contains(said, "…") || strings.Count(said, "Miếu") != 12 {
		t.Errorf("names are cut: %s", said)
	}
	for v := range 12 {
		if !slices.Contains(texts(long), strconv.Itoa(v+1)) {
			t.Errorf("no %d", v+1)
		}
	}
}

// What stands for different things differs when all colours are one: in filling, dashes, width or marker.
func TestSeriesDifferWithoutColour(t *testing.T) {
	for _, shape := range []paper.ChartShape{paper.ChartLines, paper.ChartBars} {
		seen := map[string]paper.SeriesRole{}
		for _, role := range []paper.SeriesRole{paper.SeriesActual, paper.SeriesBefore, paper.SeriesPlan} {
			var look []string
			for _, s := range (paper.Chart{Shape: shape, Labels: []string{"2025", "2026"}, Series: []paper.Series{{Role: role, Values: values(4000, 9000)}}}).Plot().Shapes {
				if s.Ink == paper.InkGrid || s.Ink == paper.InkZero || s.Ink == paper.InkArea {
					continue
				}
				k := paper.Looks[s.Ink]
				look = append(look, fmt.Sprint(k.Width, k.Dash, k.Fill == "ffffff" || k.Fill == "", s.Closed, s.Radius > 0, len(s.Paths) > 5))
			}
			slices.Sort(look)
			key := strings.Join(slices.Compact(look), "; ")
			if other, same := seen[key]; same || key == "" {
				t.Errorf("%s: %s looks like %s: %s", shape, role, other, key)
			}
			seen[key] = role
		}
	}
}

// Papers have the colours that pages have by day.
func TestColoursOfPages(t *testing.T) {
	css, err := os.ReadFile(filepath.Join("..", "..", "ui", "css", "tokens.css"))
	if err != nil {
		t.Fatal(err)
	}
	day, _, _ := strings.Cut(string(css), `[data-theme="dark"]`)
	for ink, token := range map[paper.Ink]string{paper.InkActual: "--ink-600", paper.InkBefore: "--ink-500", paper.InkPlan: "--paper-500", paper.InkGrid: "--paper-200", paper.InkPlanMark: "--paper-900", paper.InkZero: "--paper-600"} {
		if want := token + ": #" + string(paper.Looks[ink].Line) + ";"; !strings.Contains(day, want) {
			t.Errorf("%s: no %s", ink, want)
		}
	}
	for _, want := range []string{"--series: var(--ink-600); --series-1: var(--ink-500); --series-2: var(--paper-500); --grid: var(--paper-200);", "--text: var(--paper-900);", "--text-2: var(--paper-600);"} {
		if !strings.Contains(day, want) {
			t.Errorf("pages have no %s", want)
		}
	}
}
