// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package figures

import (
	"slices"
	"strings"
	"testing"

	"hoctap/internal/paper"
	"hoctap/internal/place"
	"hoctap/internal/rollup"
)

// A commune's report worked by hand: 80 of 100 recognised, 90 registered, a target of 85, 60 of 100 the year before.
func TestReportSaysWhatTheFiguresSay(t *testing.T) {
	now, before := rollup.Counts{Total: 100, Registered: 90, Recognised: 80, Exemplary: 3}, rollup.Counts{Total: 100, Recognised: 60}
	r := report{place: place.Place{Name: "Hy Cương", Kind: "Xã", Level: place.Commune}, above: "Hội Khuyến học tỉnh Phú Thọ", year: 2026, models: []string{"family", "clan"},
		years: map[int]byModel{2026: {"family": now}, 2025: {"family": before}},
		goals: func(model string) goal { return goal{percent: 8500, ok: model == "family"} },
		parts: []reportPart{
			{"Khu 1", byModel{"family": {Total: 60, Registered: 50, Recognised: 55}}, byModel{"family": {Total: 60, Recognised: 30}}},
			{"Khu 2", byModel{"family": {Total: 40, Registered: 40, Recognised: 25}}, byModel{"family": {Total: 40, Recognised: 30}}},
			{"Khu 3", byModel{}, byModel{}},
		}}
	d := r.document(t.Context())
	var said string
	for _, b := range d.Parts[0].Blocks {
		if p, ok := b.(paper.Paragraph); ok {
			for _, run := range p.Runs {
				said += run.Text
			}
			said += "\n"
		}
	}
	for _, want := range []string{"80 trong 100 hộ được công nhận, đạt 80% trên tổng số, 88,9% trên 90 hộ đăng ký.", "So chỉ tiêu 85%: còn thiếu 5 điểm %.", "So năm 2025: +20 điểm %.", "Tiêu biểu: 3."} {
		if !strings.Contains(said, want) {
			t.Errorf("the report lacks %q:\n%s", want, said)
		}
	}
	if len(d.Parts) != 3 {
		t.Fatalf("%d parts: a model without anybody has no table", len(d.Parts))
	}
	table := func(i int) paper.Table {
		for _, b := range d.Parts[i].Blocks {
			if t, ok := b.(paper.Table); ok {
				return t
			}
		}
		t.Fatalf("part %d has no table", i)
		return paper.Table{}
	}
	if got, want := table(1).Rows[0][2:], []string{"100", "90", "90", "80", "80", "88,9", "3", "+20", "85", "−5"}; !slices.Equal(got, want) {
		t.Errorf("all models: %q, want %q", got, want)
	}
	areas := table(2)
	for i, want := range [][]string{
		{"1", "Khu 1", "60", "50", "83,3", "55", "91,7", "110", "0", "+41,7", "công nhận 55, đăng ký 50; đổi +41,7 điểm"},
		{"2", "Khu 2", "40", "40", "100", "25", "62,5", "62,5", "0", "−12,5", ""},
	} {
		if !slices.Equal(areas.Rows[i], want) {
			t.Errorf("row %d: %q, want %q", i, areas.Rows[i], want)
		}
	}
	if len(areas.Rows) != 2 || areas.Total[2] != "100" || areas.Total[5] != "80" {
		t.Errorf("%d rows, total %q", len(areas.Rows), areas.Total)
	}
	width := 0.0
	for _, c := range areas.Columns {
		width += c.Share
	}
	if width < 0.999 || width > 1.001 {
		t.Errorf("the columns are %.3f of the page", width)
	}
}
