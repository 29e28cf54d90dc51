// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package pdf_test

import (
	"bytes"
	"strings"
	"testing"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"

	"hoctap/internal/paper"
	"hoctap/internal/paper/papertest"
)

func given(list ...int64) (out []*int64) {
	for _, v := range list {
		if v < 0 {
			out = append(out, nil)
			continue
		}
		out = append(out, &v)
	}
	return out
}

// charts are a paper with one of each shape: lines with a gap, bars that stand, bars that lie; all invented.
func charts() *paper.Document {
	d := &paper.Document{Title: "Báo cáo", Parts: []paper.Part{{Name: "Biểu đồ", Blocks: []paper.Block{
		paper.Text(paper.Section, "1. Kết quả năm năm"),
		paper.Chart{Shape: paper.ChartLines, Title: "Tỷ lệ công nhận “Gia đình học tập”", Said: "Tỷ lệ tăng từ 72,4% năm 2021 lên 87,9% năm 2026, vượt lộ trình 0,9 điểm.",
			Labels: []string{"2021", "2022", "2023", "2024", "2025", "2026", "2027", "2028", "2029", "2030"}, Series: []paper.Series{
				{Name: "Thực hiện", Role: paper.SeriesActual, Values: given(7240, 7510, -1, 8200, 8530, 8790)},
				{Name: "Giai đoạn trước, cùng thời điểm", Role: paper.SeriesBefore, Values: given(6100, 6290, 6500, 6980, 7330, 7400)},
				{Name: "Lộ trình", Role: paper.SeriesPlan, Values: given(-1, -1, -1, -1, 8500, 8700, 8900, 9100, 9300, 9500), Marks: []string{"", "", "", "", "mốc 85", "", "", "", "", "mốc 95"}},
			}},
		paper.Chart{Shape: paper.ChartBars, Title: "Tỷ lệ công nhận theo mô hình, năm 2026", Said: "Ba trên năm mô hình đạt lộ trình.",
			Labels: []string{"Gia đình học tập", "Dòng họ học tập", "Cộng đồng học tập", "Đơn vị học tập", "Công dân học tập"}, Series: []paper.Series{
				{Name: "Năm 2025", Role: paper.SeriesBefore, Values: given(8530, 7450, 8600, 9550, 5890)},
				{Name: "Năm 2026", Role: paper.SeriesActual, Values: given(8790, 7560, 8840, 9600, 6120)},
				{Name: "Lộ trình 2026", Role: paper.SeriesPlan, Values: given(8700, 7800, 8700, 9600, 6400)},
			}},
		paper.Chart{Shape: paper.ChartBars, Count: true, Title: "Số gia đình được công nhận theo khu dân cư", Said: "Khu 3 có nhiều gia đình được công nhận nhất.",
			Labels: []string{"Khu 1", "Khu 2", "Khu dân cư Đồng Tâm, thôn Thượng", "Khu 4", "Khu 5", "Khu 6", "Khu 7", "Khu 8", "Khu 9", "Khu 10"}, Series: []paper.Series{
				{Name: "Năm 2025", Role: paper.SeriesBefore, Values: given(98, 121, 164, 84, 133, 0, 101, 99, 76, 12)},
				{Name: "Năm 2026", Role: paper.SeriesActual, Values: given(110, 125, 181, 92, 129, 5, 120, 97, 80, -1)},
				{Name: "Kế hoạch", Role: paper.SeriesPlan, Values: given(112, 120, 170, 95, 130, 10, 110, 100, 80, 20)},
			}},
	}}}}
	d.Clean()
	return d
}

// A chart is drawn, not a picture, and its texts are texts.
func TestChart(t *testing.T) {
	p := papertest.Press(t)
	path := written(t, "chart.pdf", func(b *bytes.Buffer) error { return p.Write(b, charts()) })
	if list := papertest.Run(t, "pdfimages", "-list", path); strings.Count(list, "\n") > 2 {
		t.Errorf("pictures:\n%s", list)
	}
	text := papertest.Run(t, "pdftotext", "-layout", path, "-")
	for _, want := range []string{"Tỷ lệ công nhận “Gia đình học tập”", "mốc 95", "87,9", "100%", "Khu dân cư Đồng", "vượt lộ trình 0,9 điểm.", "Lộ trình 2026"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in:\n%s", want, text)
		}
	}
}

// The room that texts are given is enough for the faces that print them.
func TestChartTextsFit(t *testing.T) {
	faces := papertest.Faces(t)
	width := func(face []byte, s string, size float64) float64 {
		f, err := sfnt.Parse(face)
		if err != nil {
			t.Fatal(err)
		}
		var b sfnt.Buffer
		sum := 0.0
		for _, r := range s {
			glyph, err := f.GlyphIndex(&b, r)
			if err != nil {
				t.Fatal(err)
			}
			advance, err := f.GlyphAdvance(&b, glyph, fixed.I(1000), font.HintingNone)
			if err != nil {
				t.Fatal(err)
			}
			sum += float64(advance) / 64 / 1000 * size
		}
		return sum
	}
	// Half a hundredth of the size: the faces' own tables differ in the last digit.
	for _, s := range []string{"Gia đình học tập", "NGUYỄN THỊ NGOẴN", "Ưu tiên “Cộng đồng”, 87,9%", "ƯỚC MƠ – Đường", "−1.012.486", "ABCDEFGHIJKLMNOPQRSTUVWXYZ abcdefghijklmnopqrstuvwxyz", "…’"} {
		for _, face := range [][]byte{faces.Text, faces.TextBold} {
			if real, room := width(face, s, 10), paper.DocWidth(s, 10); real > room+.05 {
				t.Errorf("%q is %.2f wide, its room %.2f", s, real, room)
			}
		}
	}
}
