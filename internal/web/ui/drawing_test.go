// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package ui

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"hoctap/internal/paper"
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
		Plan: []TrendPoint{{2025, 8500}, {2026, 8700}, {2027, 8900}, {2028, 9100}, {2029, 9300}, {2030, 9500}}, Marks: []TrendPoint{{2025, 8500}, {2030, 9500}},
	}
	html := drawn(t, vi, TrendChart(tr))
	wants(t, html, `role="img" aria-label="Gia đình"`, ">87,9</text>", "mốc 95", ">2026</text>", "<td class=\"num\">87,9%</td>", "lộ trình")
	if strings.Count(html, `class="chart__plan-spot"`) != 2 {
		t.Error("two marks wanted")
	}
	// No line is drawn over the years without figures: 2021 stands alone.
	if line := regexp.MustCompile(`class="chart__actual" d="([^"]*)"`).FindStringSubmatch(html); line == nil || strings.Count(line[1], "M") != 1 || strings.Count(line[1], "L") != 2 {
		t.Errorf("line %q", line)
	}
	if n := strings.Count(html, `class="chart__actual-spot"`); n != 2 {
		t.Errorf("%d spots: one year alone and the last one have them", n)
	}
	wants(t, drawn(t, en, TrendChart(Trend{Count: true, Actual: []TrendPoint{{2021, 3244}, {2026, 4198}}})), ">4,198</text>", "<td class=\"num\">3,244</td>")
}

func TestSparkOfEqualValues(t *testing.T) {
	wants(t, drawn(t, vi, Spark([]int64{5, 5, 5})), "M2 21L36 21L70 21")
}

// A chart in a paper is a picture with words for who cannot see it; what people typed is no markup.
func TestDocumentChart(t *testing.T) {
	evil, share := `"><script>`, int64(8790)
	for _, shape := range []paper.ChartShape{paper.ChartLines, paper.ChartBars} {
		d := &paper.Document{Parts: []paper.Part{{Blocks: []paper.Block{paper.Chart{Shape: shape, Title: "Tỷ lệ", Said: "Tăng đều.", Labels: []string{evil, "2026"},
			Series: []paper.Series{{Name: evil, Role: paper.SeriesActual, Values: []*int64{&share, &share}, Marks: []string{evil}}, {Name: "b", Role: paper.SeriesBefore, Values: []*int64{&share}}}}}}}}
		html := drawn(t, vi, Document(d))
		wants(t, html, `role="img" aria-label="Tỷ lệ"`, "<desc>Tăng đều.</desc>", "<figcaption>Tăng đều.</figcaption>", ">87,9</text>")
		for _, bad := range []string{"<script>", "style=", "NaN", "Inf"} {
			if strings.Contains(html, bad) {
				t.Errorf("%s: %q near %s", shape, bad, near(html, bad))
			}
		}
	}
}
