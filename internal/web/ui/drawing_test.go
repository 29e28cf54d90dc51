// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package ui

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func shipped(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "..", "data", "places", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestShippedCartogram(t *testing.T) {
	places, err := ReadHex(shipped(t, "phu_tho_hex.json"))
	if err != nil {
		t.Fatal(err)
	}
	if len(places) != 148 {
		t.Fatalf("%d cells", len(places))
	}
	seen := map[string]string{}
	cells := make([]HexCell, len(places))
	for i, p := range places {
		spot := fmt.Sprint(p.Col, p.Row)
		if other, taken := seen[spot]; taken {
			t.Errorf("%s and %s lie on one cell", p.Name, other)
		}
		seen[spot] = p.Name
		cells[i] = HexCell{HexPlace: p, Class: "d4", Value: "88", Title: p.Name + ": 88,0%", Href: "/p/" + p.Code, Selected: i == 0}
	}
	html := drawn(t, vi, HexMap("Bản đồ", cells))
	if n := strings.Count(html, "<polygon"); n != 148 {
		t.Errorf("%d cells drawn", n)
	}
	wants(t, html, "Phú Thọ cũ", "Vĩnh Phúc cũ", "Hoà Bình cũ", `<title>`+places[0].Name+`: 88,0%</title>`)
	if strings.LastIndex(html, "d4 sel") < strings.LastIndex(html, `class="d4"`) {
		t.Error("the chosen cell is not drawn last")
	}
}

// The border of two regions is drawn where their cells touch, and each side once.
func TestHexBorders(t *testing.T) {
	cell := func(col, row int, region string) HexCell {
		return HexCell{HexPlace: HexPlace{Col: col, Row: row, Region: region}}
	}
	for name, c := range map[string]struct {
		cells []HexCell
		sides int
	}{
		"one region":           {[]HexCell{cell(0, 0, "a"), cell(1, 0, "a")}, 0},
		"side by side":         {[]HexCell{cell(0, 0, "a"), cell(1, 0, "b")}, 1},
		"below, odd row":       {[]HexCell{cell(1, 1, "a"), cell(1, 2, "b"), cell(2, 2, "b")}, 2},
		"below, even row":      {[]HexCell{cell(1, 0, "a"), cell(0, 1, "b"), cell(1, 1, "b")}, 2},
		"apart":                {[]HexCell{cell(0, 0, "a"), cell(5, 5, "b")}, 0},
		"all round one cell":   {[]HexCell{cell(1, 1, "a"), cell(0, 1, "b"), cell(2, 1, "b"), cell(1, 0, "b"), cell(2, 0, "b"), cell(1, 2, "b"), cell(2, 2, "b")}, 6},
		"above in another row": {[]HexCell{cell(1, 1, "a"), cell(2, 0, "b")}, 1},
	} {
		if got := strings.Count(hexBorders(c.cells), "M"); got != c.sides {
			t.Errorf("%s: %d sides, want %d", name, got, c.sides)
		}
	}
}

func TestDistanceClass(t *testing.T) {
	for value, want := range map[int64]string{7699: "d1", 7700: "d2", 8200: "d2", 8201: "d3", 8699: "d3", 8700: "d4", 9199: "d4", 9200: "d5"} {
		if got := DistanceClass(value, 8700); got != want {
			t.Errorf("%d: %s, want %s", value, got, want)
		}
	}
}

func TestShippedOutlines(t *testing.T) {
	shapes, err := ReadShapes(shipped(t, "phu_tho_communes_2025.low.geojson"))
	if err != nil {
		t.Fatal(err)
	}
	if len(shapes.Paths) != 148 {
		t.Fatalf("%d outlines", len(shapes.Paths))
	}
	var width, height float64
	if _, err := fmt.Sscanf(shapes.Box, "-2 -2 %f %f", &width, &height); err != nil || height < width {
		t.Errorf("box %q: the province is taller than wide (%v)", shapes.Box, err)
	}
	for _, p := range shapes.Paths {
		if p.Code == "" || !strings.HasPrefix(p.Path, "M") || !strings.HasSuffix(p.Path, "Z") {
			t.Errorf("%s %s: %.40s", p.Code, p.Name, p.Path)
		}
	}
}

func TestRefusedDrawings(t *testing.T) {
	for _, bad := range []string{``, `[]`, `{}`, `{"xa":[]}`} {
		if _, err := ReadHex([]byte(bad)); err == nil {
			t.Errorf("cartogram %q was taken", bad)
		}
	}
	for _, bad := range []string{
		``, `{}`, `{"features":[]}`,
		`{"features":[{"geometry":{"type":"Point","coordinates":[1,2]}}]}`,
		`{"features":[{"geometry":{"type":"Polygon","coordinates":[[["x",2]]]}}]}`,
		`{"features":[{"geometry":{"type":"Polygon","coordinates":[[[1,2],[1,2]]]}}]}`,
	} {
		if _, err := ReadShapes([]byte(bad)); err == nil {
			t.Errorf("outlines %q were taken", bad)
		}
	}
}

func FuzzReadShapes(f *testing.F) {
	f.Add([]byte(`{"features":[{"properties":{"code":"1"},"geometry":{"type":"MultiPolygon","coordinates":[[[[105,21],[106,21],[106,22]]]]}}]}`))
	f.Add([]byte(`{"features":[{"geometry":{"type":"Polygon","coordinates":[[]]}}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		if shapes, err := ReadShapes(data); err == nil && shapes.Box == "" {
			t.Error("outlines without a box")
		}
	})
}

func TestTrendDrawing(t *testing.T) {
	tr := Trend{
		Label: "Gia đình", Actual: []TrendPoint{{2021, 7240}, {2024, 8200}, {2025, 8530}, {2026, 8790}},
		Plan: []TrendPoint{{2025, 8500}, {2026, 8700}, {2028, 9100}, {2030, 9500}}, Marks: []TrendPoint{{2025, 8500}, {2030, 9500}},
	}
	html := drawn(t, vi, TrendChart(tr))
	wants(t, html, `role="img" aria-label="Gia đình"`, ">87,9</text>", "mốc 95", ">2026</text>", "<td class=\"num\">87,9%</td>", "lộ trình")
	if strings.Count(html, `class="tgt"`) != 2 {
		t.Error("two marks wanted")
	}
	wants(t, drawn(t, en, TrendChart(Trend{Count: true, Actual: []TrendPoint{{2021, 3244}, {2026, 4198}}})), ">4,198</text>", "<td class=\"num\">3,244</td>")
}

// Whatever the figures, every point lies inside the drawing and every tick within the frame.
func TestTrendStaysInside(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		years := rapid.SliceOfNDistinct(rapid.IntRange(2010, 2045), 0, 20, rapid.ID[int]).Draw(t, "years")
		top := rapid.SampledFrom([]int64{10, 10000, 5_000_000}).Draw(t, "top")
		var points []TrendPoint
		for y := 2010; y <= 2045; y++ {
			for _, drawnYear := range years {
				if drawnYear == y {
					points = append(points, TrendPoint{y, rapid.Int64Range(0, top).Draw(t, "value")})
				}
			}
		}
		tr := Trend{Actual: points, Count: top != 10000}
		f := tr.frame()
		for _, p := range points {
			if x, y := f.x(p.Year), f.y(p.Value); x < trendLeft-.01 || x > trendRight+.01 || y < trendTop-.01 || y > trendBottom+.01 {
				t.Fatalf("%+v lies at %.1f, %.1f in %+v", p, x, y, f)
			}
		}
		if n := len(f.ticks()); n < 2 || n > 7 {
			t.Fatalf("%d lines across the drawing: %+v", n, f)
		}
		tr.years(f)
		tr.labels(vi, f)
	})
}

func TestSparkOfEqualValues(t *testing.T) {
	wants(t, drawn(t, vi, Spark([]int64{5, 5, 5})), "M2 21L36 21L70 21")
}
