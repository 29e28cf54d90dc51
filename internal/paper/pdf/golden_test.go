// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package pdf_test

import (
	"bytes"
	"fmt"
	"image"
	"image/draw"
	"testing"

	"hoctap/internal/paper/papertest"

	"hoctap/internal/paper"
)

const twoMM = 4 // pixels, nearly

// sideways is a page on its side: a summary of many columns.
func sideways() *paper.Document {
	t := paper.Table{Total: []string{"", "Cộng", "1.204", "1.011", "286", "84,0%", "23,8%", ""}, Strong: map[int]bool{3: true}}
	for i, c := range []paper.Column{{Head: "TT", Align: paper.Middle}, {Head: "Khu dân cư"}, {Head: "Số hộ", Align: paper.Right}, {Head: "Đăng ký", Align: paper.Right},
		{Head: "Công nhận", Align: paper.Right}, {Head: "Tỷ lệ đăng ký", Align: paper.Right}, {Head: "Tỷ lệ công nhận", Align: paper.Right}, {Head: "Ghi chú"}} {
		c.Share = []float64{.06, .24, .1, .1, .1, .1, .1, .2}[i]
		t.Columns = append(t.Columns, c)
	}
	for i := range 9 {
		t.Rows = append(t.Rows, []string{fmt.Sprint(i + 1), fmt.Sprintf("Khu %d", i+1), "132", "110", "31", "83,3%", "23,5%", []string{"", "Có hai hộ chuyển đi sau ngày đăng ký"}[i%4/3]})
	}
	d := &paper.Document{Title: "Biểu tổng hợp", Parts: []paper.Part{{Name: "Biểu", Landscape: true, Blocks: []paper.Block{
		paper.Title{Kind: "BIỂU TỔNG HỢP", About: "Kết quả xét công nhận danh hiệu “Gia đình học tập” năm 2026", Of: "(Kèm theo Báo cáo số 12/BC-HKH ngày 05 tháng 12 năm 2026)"}, t,
		paper.Sign{Signers: []paper.Signer{{Post: "NGƯỜI LẬP BIỂU", Name: "Người Lập Thử"}, {Form: "TM. BAN THƯỜNG VỤ", Post: "CHỦ TỊCH", Name: "Người Ký Thử"}}}}}}}
	d.Clean()
	return d
}

// pictures are what people should see, by name.
func pictures(t *testing.T, args ...string) map[string]*image.Gray {
	p := papertest.Press(t)
	shown := func(page int, write func(*bytes.Buffer) error) *image.Gray {
		var b bytes.Buffer
		if err := write(&b); err != nil {
			t.Fatal(err)
		}
		return papertest.Shown(t, b.Bytes(), page, args...)
	}
	return map[string]*image.Gray{
		"decision":  shown(1, func(b *bytes.Buffer) error { return p.Write(b, decision(60)) }),
		"list":      shown(2, func(b *bytes.Buffer) error { return p.Write(b, decision(60)) }),
		"chart":     shown(1, func(b *bytes.Buffer) error { return p.Write(b, charts()) }),
		"bars":      shown(2, func(b *bytes.Buffer) error { return p.Write(b, charts()) }),
		"landscape": shown(1, func(b *bytes.Buffer) error { return p.Write(b, sideways()) }),
		"certificate": shown(1, func(b *bytes.Buffer) error {
			return p.Certificates(b, "Giấy chứng nhận", "UBND xã Hy Cương", "2026-12-08", certificates(1))
		}),
	}
}

// TestGolden compares what people see with pictures that a person looked at.
func TestGolden(t *testing.T) {
	for name, got := range pictures(t) {
		papertest.Golden(t, name, got)
	}
}

// TestGoldenSees proves what the comparison is worth: other edges of the same forms pass, each single line that is 2 mm lower does not.
func TestGoldenSees(t *testing.T) {
	rough := pictures(t, "-aaVector", "no")
	for name, p := range pictures(t) {
		if name == "chart" || name == "bars" { // hatching is finer than these pixels
			continue
		}
		if d, at := papertest.Apart(p, rough[name]); d > papertest.Tolerance {
			t.Errorf("%s: without smooth edges %.1f around %v", name, d, at)
		}
		if name == "certificate" { // has no white between its lines
			continue
		}
		lines := bands(p)
		if len(lines) < 4 {
			t.Errorf("%s: %d lines", name, len(lines))
		}
		for _, line := range lines {
			if d, _ := papertest.Apart(p, lowered(p, line)); d <= papertest.Tolerance {
				t.Errorf("%s: nobody sees that %v is lower: %.1f", name, line, d)
			}
		}
	}
}

// bands are the lines of text and rules of a page: rows with ink between rows without. What is narrower than a word, such as the page's number or a
// mark above a capital, is none.
func bands(p *image.Gray) (list []image.Rectangle) {
	var now image.Rectangle
	for y := range p.Rect.Dy() {
		var row image.Rectangle
		for x := range p.Rect.Dx() {
			if p.GrayAt(x, y).Y < 160 {
				row = row.Union(image.Rect(x, y, x+1, y+1))
			}
		}
		if row.Empty() && now.Dx() > 12 {
			list = append(list, now)
		}
		if now = now.Union(row); row.Empty() {
			now = row
		}
	}
	return list
}

// lowered is the page with one band 2 mm lower, over what stands there.
func lowered(p *image.Gray, band image.Rectangle) *image.Gray {
	band.Min.X, band.Max.X = 0, p.Rect.Dx() // with its pale edges
	out := image.NewGray(p.Rect)
	copy(out.Pix, p.Pix)
	draw.Draw(out, band, image.White, image.Point{}, draw.Src)
	to := band.Add(image.Pt(0, twoMM))
	for y := to.Min.Y; y < min(to.Max.Y, out.Rect.Max.Y); y++ {
		for x := range p.Rect.Dx() {
			out.Pix[y*out.Stride+x] = min(out.Pix[y*out.Stride+x], p.GrayAt(x, y-twoMM).Y)
		}
	}
	return out
}
