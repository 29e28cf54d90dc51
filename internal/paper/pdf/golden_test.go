// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package pdf_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"hoctap/internal/paper/papertest"

	"hoctap/internal/paper"
)

const (
	dpi       = "50"
	twoMM     = 4  // pixels, nearly
	square    = 24 // pixels
	tolerance = 16 // of 255 grey levels; a rule of 1 pixel that moved makes 17
)

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
	shown := func(page string, write func(*bytes.Buffer) error) *image.Gray {
		path := written(t, "golden.pdf", write)
		papertest.Run(t, "pdftoppm", append(args, "-r", dpi, "-gray", "-png", "-singlefile", "-f", page, path, path)...)
		return gray(t, path+".png")
	}
	return map[string]*image.Gray{
		"decision":  shown("1", func(b *bytes.Buffer) error { return p.Write(b, decision(60)) }),
		"list":      shown("2", func(b *bytes.Buffer) error { return p.Write(b, decision(60)) }),
		"chart":     shown("1", func(b *bytes.Buffer) error { return p.Write(b, charts()) }),
		"bars":      shown("2", func(b *bytes.Buffer) error { return p.Write(b, charts()) }),
		"landscape": shown("1", func(b *bytes.Buffer) error { return p.Write(b, sideways()) }),
		"certificate": shown("1", func(b *bytes.Buffer) error {
			return p.Certificates(b, "Giấy chứng nhận", "UBND xã Hy Cương", "2026-12-08", certificates(1))
		}),
	}
}

func gray(t *testing.T, path string) *image.Gray {
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	from, err := png.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	to := image.NewGray(from.Bounds())
	draw.Draw(to, to.Bounds(), from, from.Bounds().Min, draw.Src)
	return to
}

// TestGolden compares what people see with pictures that a person looked at. HOCTAP_TEST_GOLDEN=write takes new ones: look at them.
func TestGolden(t *testing.T) {
	for name, got := range pictures(t) {
		path := filepath.Join("testdata", "golden", name+".png")
		if os.Getenv("HOCTAP_TEST_GOLDEN") == "write" {
			keepPicture(t, path, got)
			continue
		}
		if size, want := got.Rect, gray(t, path); size != want.Rect {
			t.Errorf("%s: %v, not %v", name, size, want.Rect)
		} else if d, at := apart(got, want); d > tolerance {
			keepPicture(t, filepath.Join(os.TempDir(), "hoctap-"+name+".png"), got)
			t.Errorf("%s: grey levels differ by %.1f around %v: see %s/hoctap-%s.png", name, d, at, os.TempDir(), name)
		}
	}
}

// TestGoldenSees proves what the comparison is worth: other edges of the same forms pass, each single line that is 2 mm lower does not.
func TestGoldenSees(t *testing.T) {
	rough := pictures(t, "-aaVector", "no")
	for name, p := range pictures(t) {
		if name == "chart" || name == "bars" { // hatching is finer than these pixels
			continue
		}
		if d, at := apart(p, rough[name]); d > tolerance {
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
			if d, _ := apart(p, lowered(p, line)); d <= tolerance {
				t.Errorf("%s: nobody sees that %v is lower: %.1f", name, line, d)
			}
		}
	}
}

// keepPicture keeps sixteen levels of grey, which is enough to see and to compare, and small.
func keepPicture(t *testing.T, path string, p image.Image) {
	var levels color.Palette
	for y := range 16 {
		levels = append(levels, color.Gray{Y: uint8(17 * y)})
	}
	few := image.NewPaletted(p.Bounds(), levels)
	draw.Draw(few, few.Rect, p, few.Rect.Min, draw.Src)
	var b bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&b, few); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
}

// apart is the mean difference of grey levels in the square of the page where it is greatest. Both are blurred before, over less than what a line may
// move: so the edges of letters, which each renderer draws its own way, count little. Of a whole page one line is too small a share to be seen.
func apart(a, b *image.Gray) (worst float64, at image.Point) {
	a, b = blurred(a), blurred(b)
	for y := 0; y < a.Rect.Dy(); y += square / 2 {
		for x := 0; x < a.Rect.Dx(); x += square / 2 {
			r := image.Rect(x, y, x+square, y+square).Intersect(a.Rect)
			sum := 0
			for y := r.Min.Y; y < r.Max.Y; y++ {
				for x := r.Min.X; x < r.Max.X; x++ {
					d := int(a.GrayAt(x, y).Y) - int(b.GrayAt(x, y).Y)
					sum += max(d, -d)
				}
			}
			if mean := float64(sum) / float64(r.Dx()*r.Dy()); mean > worst {
				worst, at = mean, r.Min
			}
		}
	}
	return worst, at
}

// blurred has the mean of five by five pixels in each.
func blurred(p *image.Gray) *image.Gray {
	out := image.NewGray(p.Rect)
	for y := range p.Rect.Dy() {
		for x := range p.Rect.Dx() {
			sum, r := 0, image.Rect(x-2, y-2, x+3, y+3).Intersect(p.Rect)
			for y := r.Min.Y; y < r.Max.Y; y++ {
				for x := r.Min.X; x < r.Max.X; x++ {
					sum += int(p.GrayAt(x, y).Y)
				}
			}
			out.Pix[y*out.Stride+x] = byte(sum / (r.Dx() * r.Dy()))
		}
	}
	return out
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
