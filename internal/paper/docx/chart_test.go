// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package docx_test

import (
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

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
func chartPaper() *paper.Document {
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

// An office shows a chart as shapes with texts, in the order of the page.
func TestOfficeChart(t *testing.T) {
	papertest.Need(t, "soffice", "pdftotext", "pdfimages")
	d := chartPaper()
	document := parts(t, written(t, d))["word/document.xml"]
	ids := map[string]bool{}
	for _, id := range regexp.MustCompile(`<(?:wp:docPr|wps:cNvPr) id="(\d+)"`).FindAllStringSubmatch(document, -1) {
		if ids[id[1]] {
			t.Fatalf("two shapes have the number %s", id[1])
		}
		ids[id[1]] = true
	}
	if strings.Count(document, `descr="Ba trên năm mô hình đạt lộ trình." title="Tỷ lệ công nhận theo mô hình, năm 2026"`) != 1 {
		t.Error("no text instead of the drawing")
	}
	texts, pdf := pages(t, d)
	whole := strings.Join(texts, "\n")
	for _, want := range []string{"Tỷ lệ công nhận “Gia đình học tập”", "mốc 95", "87,9", "100%", "Khu dân cư Đồng", "Tâm, thôn Thượng", "Lộ trình 2026", "vượt lộ trình 0,9 điểm."} {
		if !strings.Contains(whole, want) {
			t.Errorf("no %q in:\n%s", want, whole)
		}
	}
	if list := papertest.Run(t, "pdfimages", "-list", pdf); strings.Count(list, "\n") > 2 {
		t.Errorf("pictures:\n%s", list)
	}
}

// A chart has its texts wherever on a page it falls: behind the head of a paper LibreOffice lost them.
func TestOfficeChartAnywhereOnAPage(t *testing.T) {
	papertest.Need(t, "soffice", "pdftotext")
	blocks := chartPaper().Parts[0].Blocks
	lines, bars := blocks[1], blocks[2]
	wants := []string{"Năm 2025", "Lộ trình 2026", "Gia đình học tập", "96", "100%", "Thực hiện", "mốc 95", "87,9", "2021", "80%"}
	first := ""
	command := []string{"--convert-to", "pdf", "--outdir", ""}
	fills := []int{0, 4, 7, 9, 11, 13, 15, 18} // lines between the head and the charts: each chart fits, just fits, and moves on
	for _, fill := range fills {
		d := decision(1)
		d.Parts = d.Parts[:1]
		list := append([]paper.Block{}, d.Parts[0].Blocks[:2]...)
		for range fill {
			list = append(list, paper.Text(paper.Body, "Một dòng của báo cáo."))
		}
		d.Parts[0].Blocks = append(list, bars, paper.Text(paper.Section, "2. Các năm"), lines, paper.Text(paper.Body, "Hết."))
		d.Clean()
		file := papertest.Keep(t, fmt.Sprintf("chart-%d.docx", fill), written(t, d))
		if first == "" {
			first = filepath.Dir(file)
		}
		command = append(command, file)
	}
	command[3] = first
	papertest.Run(t, "soffice", command...)
	for _, fill := range fills {
		text := papertest.Run(t, "pdftotext", "-layout", filepath.Join(first, fmt.Sprintf("chart-%d.pdf", fill)), "-")
		for _, w := range wants {
			if !strings.Contains(text, w) {
				t.Errorf("behind %d lines the charts lack %q", fill, w)
			}
		}
	}
}
