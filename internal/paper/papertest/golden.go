// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package papertest

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"os"
	"path/filepath"
	"strconv"
	"testing"
)

const (
	dpi    = 50
	square = 24 // pixels

	// Tolerance is how many of 255 grey levels a square of a page may be away from its golden picture: a rule of 1 pixel that moved makes 17.
	Tolerance = 16
)

// goldenVariable set to "write" takes new pictures: look at them.
const goldenVariable = "HOCTAP_TEST_GOLDEN"

// Area is a rectangle of a page in mm that is not compared, such as a code that is another one each time.
type Area struct{ Left, Top, Width, Height float64 }

// Shown is a page of a PDF file as people see it, in grey. args are further ones of pdftoppm.
func Shown(t testing.TB, file []byte, page int, args ...string) *image.Gray {
	t.Helper()
	path := Keep(t, "golden.pdf", file)
	Run(t, "pdftoppm", append(args, "-r", strconv.Itoa(dpi), "-gray", "-png", "-singlefile", "-f", strconv.Itoa(page), path, path)...)
	return gray(t, path+".png")
}

// Golden compares a page with the picture of that name that a person looked at, in testdata/golden of the package under test.
func Golden(t testing.TB, name string, got *image.Gray, but ...Area) {
	t.Helper()
	path := filepath.Join("testdata", "golden", name+".png")
	blank(got, but)
	if os.Getenv(goldenVariable) == "write" {
		keepPicture(t, path, got)
		return
	}
	want := gray(t, path)
	if got.Rect != want.Rect {
		t.Errorf("%s: %v, not %v", name, got.Rect, want.Rect)
		return
	}
	blank(want, but)
	if d, at := Apart(got, want); d > Tolerance {
		keepPicture(t, filepath.Join(os.TempDir(), "hoctap-"+name+".png"), got)
		t.Errorf("%s: grey levels differ by %.1f around %v: see %s/hoctap-%s.png", name, d, at, os.TempDir(), name)
	}
}

// blank whitens what is not compared.
func blank(p *image.Gray, areas []Area) {
	px := func(mm float64) int { return int(mm*dpi/25.4 + 0.5) }
	for _, a := range areas {
		r := image.Rect(px(a.Left), px(a.Top), px(a.Left+a.Width), px(a.Top+a.Height))
		draw.Draw(p, r.Intersect(p.Rect), image.White, image.Point{}, draw.Src)
	}
}

func gray(t testing.TB, path string) *image.Gray {
	t.Helper()
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

// keepPicture keeps sixteen levels of grey, which is enough to see and to compare, and small.
func keepPicture(t testing.TB, path string, p image.Image) {
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

// Apart is the mean difference of grey levels in the square of the page where it is greatest. Both are blurred before, over less than what a line may
// move: so the edges of letters, which each renderer draws its own way, count little. Of a whole page one line is too small a share to be seen.
func Apart(a, b *image.Gray) (worst float64, at image.Point) {
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
