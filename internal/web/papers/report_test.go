// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package papers

import (
	"slices"
	"strings"
	"testing"

	"hoctap/internal/paper"
	"hoctap/internal/place"
	"hoctap/internal/report"
)

func percent(n int64) *int64 { return &n }

// annual is a commune's report worked by hand: 80 of 100 recognised, 90 registered, a target of 85, 60 of 100 the year before.
func annual() *report.Snapshot {
	return &report.Snapshot{Period: report.SnapshotPeriod{Kind: report.Year, From: 2026, To: 2026}, Place: report.SnapshotPlace{ID: "x", Level: place.Commune, Kind: "Xã", Name: "Hy Cương", Above: "Tỉnh Phú Thọ"},
		Figures: report.Figures{Level: place.Commune, Kind: report.Year, From: 2026, To: 2026, Base: 2025, Models: []report.Model{{Model: "family",
			Years: []report.YearOf{{Year: 2025, Counts: report.Counts{Total: 100, Registered: 80, Recognised: 60}}, {Year: 2026, Counts: report.Counts{Total: 100, Registered: 90, Recognised: 80, Exemplary: 3}, Target: percent(8500)}},
			Rows: []report.Row{
				{ID: "1", Name: "Khu 1", Now: report.Counts{Total: 60, Registered: 50, Recognised: 55}, Before: report.Counts{Total: 60, Recognised: 30}},
				{ID: "2", Name: "Khu 2", Now: report.Counts{Total: 40, Registered: 40, Recognised: 25}, Before: report.Counts{Total: 40, Recognised: 30}},
			}}}}}
}

// saidBy is every paragraph of a part.
func saidBy(d *paper.Document, part int) (said string) {
	for _, b := range d.Parts[part].Blocks {
		switch b := b.(type) {
		case paper.Paragraph:
			for _, run := range b.Runs {
				said += run.Text
			}
			said += "\n"
		case paper.Head:
			said += b.Number + "\n" + b.Day + "\n"
		case paper.Title:
			said += b.Kind + "\n" + b.About + "\n" + strings.Join(b.To, "\n") + "\n"
		case paper.Sign:
			said += b.Signers[0].Name + "\n"
		}
	}
	return said
}

func tableOf(t *testing.T, d *paper.Document, part int) paper.Table {
	t.Helper()
	for _, b := range d.Parts[part].Blocks {
		if x, ok := b.(paper.Table); ok {
			return x
		}
	}
	t.Fatalf("part %d has no table", part)
	return paper.Table{}
}

func demand(t *testing.T, said string, texts ...string) {
	t.Helper()
	for _, want := range texts {
		if !strings.Contains(said, want) {
			t.Errorf("the report lacks %q:\n%s", want, said)
		}
	}
}

func TestReportSaysWhatTheFiguresSay(t *testing.T) {
	d := Report(t.Context(), annual(), paper.Marks{})
	demand(t, saidBy(d, 0), "công nhận 80/100 gia đình, đạt 80,0% tổng số; bằng 88,9% số đăng ký (90 gia đình).", "Thấp hơn chỉ tiêu (85%) 5,0 điểm phần trăm.", "Tăng 20,0 điểm phần trăm so với năm 2025.", "Có 3 gia đình tiêu biểu.",
		"Kính gửi: Hội Khuyến học tỉnh Phú Thọ", "………")
	if len(d.Parts) != 3 {
		t.Fatalf("%d parts", len(d.Parts))
	}
	if got, want := tableOf(t, d, 1).Rows[0][2:], []string{"100", "90", "90,0", "80", "80,0", "88,9", "3", "+20,0", "85,0", "−5,0"}; !slices.Equal(got, want) {
		t.Errorf("all models: %q, want %q", got, want)
	}
	areas := tableOf(t, d, 2)
	for i, want := range [][]string{
		{"1", "Khu 1", "60", "50", "83,3", "55", "91,7", "110,0", "0", "+41,7", "công nhận 55, đăng ký 50; tăng 41,7 điểm phần trăm"},
		{"2", "Khu 2", "40", "40", "100,0", "25", "62,5", "62,5", "0", "−12,5", ""},
	} {
		if !slices.Equal(areas.Rows[i], want) {
			t.Errorf("row %d: %q, want %q", i, areas.Rows[i], want)
		}
	}
	if len(areas.Rows) != 2 || areas.Total[2] != "100" || areas.Total[5] != "80" {
		t.Errorf("%d rows, total %q", len(areas.Rows), areas.Total)
	}
	for i := range d.Parts[1:] {
		width := 0.0
		for _, c := range tableOf(t, d, i+1).Columns {
			width += c.Share
		}
		if width < 0.999 || width > 1.001 {
			t.Errorf("part %d: the columns are %.3f of the page", i+1, width)
		}
	}
}

// What was submitted bears its number, its words, its explanations, its signer and what was typed; what was left blank says so.
func TestReportAsSubmitted(t *testing.T) {
	s := annual()
	s.Period.ID, s.Number, s.Date, s.No, s.Reason = "p", "07/BC-HKH", "2026-12-02", 2, "Bổ sung Khu 3"
	s.Replaces, s.ReplacesOn = "05/BC-HKH", "2026-11-20"
	s.Words = report.Words{Sections: map[string]string{"work": "Dòng một.\nDòng hai."}, Explanations: map[string]string{"family.2026.jump": "Rà lại danh sách."}, Seen: map[string]int64{"members": 1250, "awards": 0}, Signer: "Đinh Công Hùng"}
	d := Report(t.Context(), s, paper.Marks{})
	said := saidBy(d, 0)
	demand(t, said, "07/BC-HKH", "ngày 02 tháng 12 năm 2026", "Dòng một.\nDòng hai.\n", "Gia đình học tập năm 2026: tăng 20,0 điểm phần trăm so với năm 2025. Rà lại danh sách.", "Đinh Công Hùng", "Báo cáo này thay Báo cáo số 05/BC-HKH ngày 20/11/2026. Lý do đính chính: Bổ sung Khu 3.", "Không có.")
	if strings.Contains(said, "……") {
		t.Error("a submitted report has lines for a pen")
	}
	var typed []string
	for _, row := range tableOf(t, d, len(d.Parts)-1).Rows {
		typed = append(typed, row[1]+"="+row[2])
	}
	demand(t, strings.Join(typed, "\n"), "Hội viên=1.250", "Suất học bổng, khen thưởng=0", "Trung tâm học tập cộng đồng=chưa có số liệu")
	if len(typed) != len(report.SeenKeys) {
		t.Errorf("%d typed figures", len(typed))
	}
}

// A review sets its years side by side and draws them; half a year is not held against the target of a whole one.
func TestReviewAndHalfYear(t *testing.T) {
	s := annual()
	s.Period.Kind, s.Period.From, s.Figures.Kind, s.Figures.From, s.Figures.Base = report.Five, 2022, report.Five, 2022, 2022
	s.Figures.Models[0].Years = append([]report.YearOf{{Year: 2021, Counts: report.Counts{Total: 90, Recognised: 9}}, {Year: 2022, Counts: report.Counts{Total: 90, Registered: 80, Recognised: 45}, Target: percent(7300)}}, s.Figures.Models[0].Years...)
	d := Report(t.Context(), s, paper.Marks{})
	demand(t, saidBy(d, 0), "Sơ kết 5 năm xây dựng các mô hình học tập, giai đoạn 2022 - 2026", "Tăng 30,0 điểm phần trăm so với năm 2022.")
	var charts []paper.Chart
	for _, p := range d.Parts {
		for _, b := range p.Blocks {
			if c, ok := b.(paper.Chart); ok {
				charts = append(charts, c)
			}
		}
	}
	if len(charts) != 2 || charts[0].Shape != paper.ChartBars || charts[1].Shape != paper.ChartLines || !slices.Equal(charts[1].Labels, []string{"2022", "2025", "2026"}) || *charts[1].Series[0].Values[0] != 5000 {
		t.Errorf("charts: %+v", charts)
	}
	demand(t, charts[1].Said, "Từ 50,0% năm 2022 đến 80,0% năm 2026.")
	s.Period.Kind, s.Period.From, s.Figures.Kind, s.Figures.From = report.Ten, 2017, report.Ten, 2017
	demand(t, saidBy(Report(t.Context(), s, paper.Marks{}), 0), "Hệ thống có số liệu từ năm 2021")
	years := tableOf(t, d, 2)
	if got := years.Rows[3]; !slices.Equal(got, []string{"Số được công nhận", "45", "60", "80"}) {
		t.Errorf("years: %q", got)
	}
	s = annual()
	s.Period.Kind, s.Figures.Kind, s.Figures.Base, s.Figures.Until = report.Half, report.Half, 0, "2026-06-30"
	half := Report(t.Context(), s, paper.Marks{})
	demand(t, saidBy(half, 0), "6 tháng đầu năm 2026", "số liệu đến ngày 30/06/2026")
	if said := saidBy(half, 0); strings.Contains(said, "chỉ tiêu (") || strings.Contains(said, "so với năm") {
		t.Errorf("half a year is held against a whole one:\n%s", said)
	}
}

// A province marks the rows that do not rest on accepted reports.
func TestLiveRowsAreMarked(t *testing.T) {
	s := annual()
	s.Place.Level, s.Figures.Level = place.Province, place.Province
	s.Figures.Models[0].Rows[0].From, s.Figures.Models[0].Rows[0].Why = 2, "Rà lại sau sáp nhập."
	d := Report(t.Context(), s, paper.Marks{})
	rows := tableOf(t, d, 2).Rows
	if rows[0][1] != "Khu 1" || rows[1][1] != "Khu 2 (*)" || !strings.HasSuffix(rows[0][10], "Rà lại sau sáp nhập.") {
		t.Errorf("rows: %q", rows)
	}
	demand(t, saidBy(d, 2), "(*) Báo cáo chưa được duyệt")
}
