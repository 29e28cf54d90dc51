// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"hash/fnv"
	"strconv"

	"hoctap/internal/paper"
	"hoctap/internal/web/ui"
)

const target = 8700

// invented gives each place a share from 71 to 97 %, always the same, and to two of them none.
func invented(code string) (hundredths int64, ok bool) {
	h := fnv.New32a()
	h.Write([]byte(code))
	n := int64(h.Sum32())
	return 8200 + n%1500 - (n/1500%9/8)*1100, n%71 != 0
}

func hexCells(places []ui.HexPlace) []ui.HexCell {
	cells := make([]ui.HexCell, len(places))
	for i, p := range places {
		c := ui.HexCell{HexPlace: p, Value: "–", Class: "d0", Title: p.Name + ": chưa có số liệu", Href: "#" + p.Code, Selected: p.Code == "08545"}
		if v, ok := invented(p.Code); ok {
			c.Value, c.Class = strconv.FormatInt((v+50)/100, 10), ui.DistanceClass(v, target)
			c.Title = p.Name + ": " + strconv.FormatInt(v/100, 10) + "," + strconv.FormatInt(v%100/10, 10) + "%"
		}
		cells[i] = c
	}
	return cells
}

func mapAreas(shapes ui.Shapes) []ui.MapArea {
	areas := make([]ui.MapArea, len(shapes.Paths))
	for i, p := range shapes.Paths {
		areas[i] = ui.MapArea{Path: p.Path, Class: "d0", Title: p.Name, Href: "#" + p.Code}
		if v, ok := invented(p.Code); ok {
			areas[i].Class = ui.DistanceClass(v, target)
		}
	}
	return areas
}

func counts(cells []ui.HexCell) map[string]int {
	m := map[string]int{}
	for _, c := range cells {
		m[c.Class]++
	}
	return m
}

func office(title string, rail bool) ui.Office {
	return ui.Office{
		Title: title, Place: "Xã Hy Cương", Demo: true, Rail: rail,
		Nav: []ui.NavItem{
			{Label: "Việc tuần này", Href: "/tuan-nay", Icon: "home", Count: 6, Current: title == "Việc tuần này"},
			{Label: "Thẩm định", Href: "/tham-dinh", Icon: "file", Count: 412, Current: title == "Thẩm định"},
			{Label: "Khu dân cư", Href: "#khu", Icon: "community"},
			{Label: "Nhập dữ liệu", Href: "#nhap", Icon: "table"},
			{Label: "Quyết định", Href: "#quyet-dinh", Icon: "medal"},
			{Label: "Báo cáo", Href: "/tong-quan", Icon: "chart", Current: title == "Tổng quan"},
			{Label: "Bộ tiêu chí", Href: "#tieu-chi", Icon: "note", Group: "Quản trị"},
			{Label: "Hướng dẫn", Href: "#huong-dan", Icon: "help", Group: "Quản trị"},
		},
		Crumbs: []ui.Crumb{{Label: "Xã Hy Cương", Href: "/tuan-nay"}, {Label: title}},
		Search: &ui.Search{Action: "/tham-dinh", Label: "Tìm hộ, khu, văn bản"},
		Bell:   &ui.Bell{Href: "#thong-bao", New: 3},
		Who:    ui.Who{Name: "Lê Thị Thu Hằng", Role: "Hội Khuyến học xã", SignOut: "/dang-xuat"},
	}
}

var (
	yearly = []int64{7240, 7510, 7860, 8200, 8530, 8790}
	trend  = ui.Trend{
		Label:    "Gia đình học tập: 72,4% năm 2021 tăng lên 87,9% năm 2026; mục tiêu 85% năm 2025 đã đạt, mục tiêu 95% năm 2030.",
		Sentence: "Với nhịp tăng 2,9 điểm mỗi năm, mốc 95% đạt vào năm 2029.",
		Actual:   []ui.TrendPoint{{Year: 2021, Value: 7240}, {Year: 2022, Value: 7510}, {Year: 2023, Value: 7860}, {Year: 2024, Value: 8200}, {Year: 2025, Value: 8530}, {Year: 2026, Value: 8790}},
		Plan:     []ui.TrendPoint{{Year: 2025, Value: 8500}, {Year: 2026, Value: 8700}, {Year: 2027, Value: 8900}, {Year: 2028, Value: 9100}, {Year: 2029, Value: 9300}, {Year: 2030, Value: 9500}},
		Marks:    []ui.TrendPoint{{Year: 2025, Value: 8500}, {Year: 2030, Value: 9500}},
	}
	longTrend = ui.Trend{
		Label:    "Gia đình học tập từ 2016 đến 2030.",
		Sentence: "Mười lăm năm, chuỗi dài nhất mà biểu đồ phải vẽ.",
		Actual:   []ui.TrendPoint{{Year: 2016, Value: 4120}, {Year: 2017, Value: 4800}, {Year: 2018, Value: 5510}, {Year: 2019, Value: 6050}, {Year: 2020, Value: 6600}, {Year: 2021, Value: 7240}, {Year: 2022, Value: 7510}, {Year: 2023, Value: 7860}, {Year: 2024, Value: 8200}, {Year: 2025, Value: 8530}, {Year: 2026, Value: 8790}},
		Plan:     trend.Plan, Marks: trend.Marks,
	}
	stages = []ui.Stage{
		{Name: "1. Đăng ký", Lines: []string{"05/01 đến 31/03", "1.793/2.041 hộ"}, State: "done"},
		{Name: "2. Tự chấm, nộp minh chứng", Lines: []string{"01/10 đến 31/10", "1.698/1.793 phiếu"}, State: "done"},
		{Name: "3. Khu họp xét", Lines: []string{"01/11 đến 25/11, còn 2 ngày", "11/14 khu có biên bản"}, State: "now"},
		{Name: "4. Xã thẩm định, công nhận", Lines: []string{"10/11 đến 14/12", "1.286/1.793 hồ sơ"}},
		{Name: "5. Báo cáo cấp trên", Lines: []string{"15/12 đến 20/12"}},
	}
	pipe  = []ui.PipeRow{{Name: "Chưa có phiếu", Count: 9812}, {Name: "Khu đang chấm", Count: 14236}, {Name: "Chờ xã thẩm định", Count: 46180, Stuck: true, Href: "/tham-dinh"}, {Name: "Cần bổ sung", Count: 8447}}
	tiles = []ui.Stat{
		{Name: "Gia đình", Icon: "family", Href: "#gd", Current: true, Value: 8790, Target: 8700, Later: "2030:", LaterValue: 9500, Trend: yearly, Foot: ui.Join(ui.Strong("889.975"), ui.Words(" / 1.012.486 hộ"))},
		{Name: "Dòng họ", Icon: "clan", Href: "#dh", Value: 7560, Target: 7800, Later: "2030:", LaterValue: 9000, Trend: []int64{5800, 6200, 6700, 7200, 7450, 7560}, Foot: ui.Join(ui.Strong("9.733"), ui.Words(" / 12.874 dòng họ"))},
		{Name: "Cộng đồng", Icon: "community", Href: "#cd", Value: 8840, Target: 8700, Later: "2030:", LaterValue: 9500, Trend: []int64{7000, 7500, 7900, 8300, 8600, 8840}, Foot: ui.Join(ui.Strong("4.405"), ui.Words(" / 4.983 khu dân cư"))},
		{Name: "Đơn vị", Icon: "unit", Href: "#dv", Value: 9600, Target: 9600, Later: "2030:", LaterValue: 10000, Trend: []int64{9000, 9200, 9300, 9500, 9550, 9600}, Foot: ui.Join(ui.Strong("3.756"), ui.Words(" / 3.912 đơn vị"))},
		{Name: "Công dân", Icon: "citizen", Href: "#cn", None: true, Target: 6400, Later: "2030:", LaterValue: 8000, Foot: ui.Words("Chưa nhập từ Công dân học tập")},
	}
)

// chartPaper has a chart of each shape.
func chartPaper() *paper.Document {
	values := func(list ...int64) (out []*int64) {
		for _, v := range list {
			out = append(out, &v)
		}
		return out
	}
	return &paper.Document{Title: "Biểu đồ", Parts: []paper.Part{{Name: "Biểu đồ", Blocks: []paper.Block{
		paper.Chart{Shape: paper.ChartLines, Title: "Tỷ lệ công nhận “Gia đình học tập”", Said: "Tỷ lệ tăng từ 82% năm 2024 lên 87,9% năm 2026.", Labels: []string{"2024", "2025", "2026"}, Series: []paper.Series{
			{Name: "Thực hiện", Role: paper.SeriesActual, Values: values(8200, 8530, 8790)}, {Name: "Giai đoạn trước", Role: paper.SeriesBefore, Values: values(7000, 7420, 7900)},
			{Name: "Lộ trình", Role: paper.SeriesPlan, Values: values(8300, 8500, 8700), Marks: []string{"", "mốc 85", ""}}}},
		paper.Chart{Shape: paper.ChartBars, Title: "Tỷ lệ công nhận theo mô hình", Said: "Hai trên ba mô hình đạt lộ trình.", Labels: []string{"Gia đình học tập", "Dòng họ học tập", "Cộng đồng học tập"}, Series: []paper.Series{
			{Name: "Năm 2025", Role: paper.SeriesBefore, Values: values(8530, 7450, 8600)}, {Name: "Năm 2026", Role: paper.SeriesActual, Values: values(8790, 7560, 8840)},
			{Name: "Lộ trình", Role: paper.SeriesPlan, Values: values(8700, 7800, 8700)}}},
		paper.Chart{Shape: paper.ChartBars, Count: true, Title: "Số gia đình được công nhận", Said: "Khu 3 có nhiều nhất.", Labels: []string{"Khu 1", "Khu 2", "Khu dân cư Đồng Tâm, thôn Thượng", "Khu 4", "Khu 5", "Khu 6", "Khu 7"}, Series: []paper.Series{
			{Name: "Năm 2025", Role: paper.SeriesBefore, Values: values(98, 121, 164, 84, 133, 0, 101)}, {Name: "Năm 2026", Role: paper.SeriesActual, Values: values(110, 125, 181, 92, 129, 5, 120)},
			{Name: "Kế hoạch", Role: paper.SeriesPlan, Values: values(112, 120, 170, 95, 130, 10, 110)}}},
	}}}}
}
