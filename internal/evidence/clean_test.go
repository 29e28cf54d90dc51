// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package evidence_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"testing"
	"time"

	"hoctap/internal/evidence"
	"hoctap/internal/fault"
)

func clean(t testing.TB, body []byte, kind evidence.Kind) evidence.Picture {
	t.Helper()
	p, err := evidence.Clean(t.Context(), bytes.NewReader(body), kind)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func decoded(t testing.TB, jpg []byte) image.Image {
	t.Helper()
	img, err := jpeg.Decode(bytes.NewReader(jpg))
	if err != nil {
		t.Fatal(err)
	}
	return img
}

func near(a, b color.Color) bool {
	r, g, bl, _ := a.RGBA()
	r2, g2, b2, _ := b.RGBA()
	diff := func(x, y uint32) bool { return max(x, y)-min(x, y) > 30<<8 }
	return !diff(r, r2) && !diff(g, g2) && !diff(bl, b2)
}

func TestCleanKeepsNothingButPixels(t *testing.T) {
	jpg := withEXIF(encodeJPEG(t, photo(640, 480, 3), 90), exif(binary.LittleEndian, 1, "2025:11:20 19:42:05", ""))
	jpg = withSegment(jpg, 0xe2, []byte("ICC_PROFILE\x00\x01\x01PROFILE-SECRET"))
	jpg = withSegment(jpg, 0xe1, []byte("http://ns.adobe.com/xap/1.0/\x00XMP-SECRET"))
	jpg = withSegment(jpg, 0xed, []byte("Photoshop 3.0\x00IPTC-SECRET"))
	jpg = withSegment(jpg, 0xfe, []byte("COMMENT-SECRET"))
	jpg = append(jpg, "TRAILER-SECRET"...)
	p := clean(t, jpg, evidence.JPEG)
	for _, out := range [][]byte{p.Full, p.Thumb} {
		if bytes.Contains(out, []byte("SECRET")) || bytes.Contains(out, []byte("Exif")) {
			t.Error("metadata survived")
		}
	}
	// A clock without zone is Vietnam's.
	if want := time.Date(2025, 11, 20, 12, 42, 5, 0, time.UTC); !p.TakenAt.Equal(want) {
		t.Errorf("taken at %v", p.TakenAt)
	}
	if p.W != 640 || p.H != 480 {
		t.Errorf("size %d × %d", p.W, p.H)
	}
}

func TestCleanReadsWhenTaken(t *testing.T) {
	jpg := encodeJPEG(t, photo(60, 40, 3), 90)
	for _, c := range []struct {
		taken, zone string
		want        time.Time
	}{
		{"2025:11:20 19:42:05", "+09:00", time.Date(2025, 11, 20, 10, 42, 5, 0, time.UTC)},
		{"2025:11:20 19:42:05", "soon", time.Date(2025, 11, 20, 12, 42, 5, 0, time.UTC)},
		{"0000:00:00 00:00:00", "", time.Time{}},
		{"1970:01:01 00:00:00", "", time.Time{}},
		{"yesterday", "", time.Time{}},
	} {
		p := clean(t, withEXIF(jpg, exif(binary.BigEndian, 1, c.taken, c.zone)), evidence.JPEG)
		if !p.TakenAt.Equal(c.want) {
			t.Errorf("%q %q: %v", c.taken, c.zone, p.TakenAt)
		}
	}
}

// Upright, the picture has red, green, blue and white in its four corners. Stored is what a camera held in
// the given way writes; each case lists the stored corners by hand from the EXIF table.
func TestCleanTurnsUpright(t *testing.T) {
	red, green, blue, white := color.RGBA{220, 20, 20, 255}, color.RGBA{20, 200, 20, 255}, color.RGBA{20, 20, 220, 255}, color.RGBA{250, 250, 250, 255}
	// stored corners: top left, top right, bottom left, bottom right
	for orientation, c := range map[uint16][4]color.RGBA{
		1: {red, green, blue, white},
		2: {green, red, white, blue},
		3: {white, blue, green, red},
		4: {blue, white, red, green},
		5: {red, blue, green, white},
		6: {green, white, red, blue},
		7: {white, green, blue, red},
		8: {blue, red, white, green},
	} {
		w, h := 65, 47 // upright size; odd, so that half-size colours are tested
		if orientation >= 5 {
			w, h = h, w
		}
		img := image.NewRGBA(image.Rect(0, 0, w, h))
		for y := range h {
			for x := range w {
				img.SetRGBA(x, y, c[2*(2*y/h)+2*x/w])
			}
		}
		block := exif(binary.LittleEndian, orientation, "", "")
		png := encodePNG(t, img)
		for kind, body := range map[evidence.Kind][]byte{
			evidence.JPEG: withEXIF(encodeJPEG(t, img, 95), block),
			evidence.PNG:  append(append(png[:33:33], pngChunk("eXIf", block)...), png[33:]...),
		} {
			p := clean(t, body, kind)
			if p.W != 65 || p.H != 47 {
				t.Errorf("%s %d: %d × %d", kind, orientation, p.W, p.H)
			}
			got := decoded(t, p.Full)
			for name, corner := range map[string]struct {
				x, y int
				want color.RGBA
			}{"top left": {8, 6, red}, "top right": {57, 6, green}, "bottom left": {8, 41, blue}, "bottom right": {57, 41, white}} {
				if at := got.At(corner.x, corner.y); !near(at, corner.want) {
					t.Errorf("%s %d: %s is %v, want %v", kind, orientation, name, at, corner.want)
				}
			}
		}
	}
}

func TestCleanFitsSizes(t *testing.T) {
	for _, c := range []struct{ w, h, wantW, wantH int }{
		{2000, 10, 2000, 10},
		{4000, 3000, 2000, 1500},
		{3000, 2001, 2000, 1334},
		{1, 2500, 1, 2000},
		{1, 1, 1, 1},
		{7, 5, 7, 5},
	} {
		p := clean(t, encodeJPEG(t, image.NewGray(image.Rect(0, 0, c.w, c.h)), 80), evidence.JPEG)
		full, thumb := decoded(t, p.Full).Bounds(), decoded(t, p.Thumb).Bounds()
		if p.W != c.wantW || p.H != c.wantH || full != image.Rect(0, 0, c.wantW, c.wantH) {
			t.Errorf("%d × %d: %d × %d, file %v", c.w, c.h, p.W, p.H, full)
		}
		if thumb != image.Rect(0, 0, 320, 240) {
			t.Errorf("%d × %d: thumb %v", c.w, c.h, thumb)
		}
	}
}

func TestCleanThumbIsSmallAndFromTheMiddle(t *testing.T) {
	noise := photo(900, 600, 9)
	for i := range noise.Pix {
		if i%4 != 3 {
			noise.Pix[i] = byte(i*2654435761>>13) ^ noise.Pix[i] // as hard to compress as can be
		}
	}
	if p := clean(t, encodeJPEG(t, noise, 95), evidence.JPEG); len(p.Thumb) > 12_000 {
		t.Errorf("thumb of noise has %d bytes", len(p.Thumb))
	}
	wide := image.NewRGBA(image.Rect(0, 0, 1200, 300)) // 4:3 in the middle is 400 wide
	for y := range 300 {
		for x := range 1200 {
			c := color.RGBA{200, 0, 0, 255}
			if x >= 400 && x < 800 {
				c = color.RGBA{0, 0, 200, 255}
			}
			wide.SetRGBA(x, y, c)
		}
	}
	got := decoded(t, clean(t, encodeJPEG(t, wide, 95), evidence.JPEG).Thumb)
	for _, at := range []image.Point{{10, 10}, {310, 10}, {160, 120}, {10, 230}, {310, 230}} {
		if !near(got.At(at.X, at.Y), color.RGBA{0, 0, 200, 255}) {
			t.Errorf("thumb at %v is %v", at, got.At(at.X, at.Y))
		}
	}
}

func TestCleanKeepsColoursOfEveryKind(t *testing.T) {
	c := color.RGBA{200, 90, 30, 255}
	flat := image.NewRGBA(image.Rect(0, 0, 50, 40))
	clear := image.NewNRGBA(flat.Rect)
	white := image.NewGray(flat.Rect)
	for i := range 50 * 40 {
		white.Pix[i] = 255
		flat.SetRGBA(i%50, i/50, c)
		clear.SetNRGBA(i%50, i/50, color.NRGBA{0, 0, 0, 0})
	}
	for _, test := range []struct {
		name string
		kind evidence.Kind
		body []byte
		want color.Color
	}{
		{"JPEG", evidence.JPEG, encodeJPEG(t, flat, 95), c},
		{"PNG", evidence.PNG, encodePNG(t, flat), c},
		{"clear PNG on white", evidence.PNG, encodePNG(t, clear), color.White},
		{"first frame of a GIF", evidence.GIF, encodeGIF(t, white, image.NewGray(flat.Rect)), color.White},
		{"lossless WebP", evidence.WebP, riff(plainVP8L(50, 40, c)), c},
	} {
		if got := decoded(t, clean(t, test.body, test.kind).Full).At(25, 20); !near(got, test.want) {
			t.Errorf("%s: %v, want %v", test.name, got, test.want)
		}
	}
	// Prediction starts from 129; in video range that is (129−16)·255/219 = 132 of full range.
	p := clean(t, riff(greyVP8(32, 32)), evidence.WebP)
	if got := color.GrayModel.Convert(decoded(t, p.Full).At(16, 16)).(color.Gray).Y; got != 132 {
		t.Errorf("lossy WebP: %d, want 132", got)
	}
}

func TestCleanRefusesHostileFiles(t *testing.T) {
	jpg := encodeJPEG(t, photo(200, 150, 1), 80)
	png := encodePNG(t, photo(200, 150, 1))
	sof := bytes.Index(jpg, []byte("\xff\xc0"))
	hugeJPEG := bytes.Clone(jpg)
	copy(hugeJPEG[sof+5:], "\xff\xff\xff\xff") // 65,535 × 65,535
	bigGIF := encodeGIF(t, photo(20, 20, 1))
	copy(bigGIF[6:], "\xff\xff\xff\xff")
	noSize := bytes.Clone(jpg)
	copy(noSize[sof+5:], "\x00\x00\x00\x00")
	moving := riff(riffChunk("VP8X", []byte{2, 0, 0, 0, 9, 0, 0, 9, 0, 0}), plainVP8L(10, 10, color.RGBA{}))
	huge := riff(riffChunk("VP8X", []byte{16, 0, 0, 0, 255, 255, 255, 255, 255, 255}), riffChunk("ALPH", make([]byte, 40)))
	scans := withSegment(jpg, 0xc2, jpg[sof+4:sof+19]) // progressive, and then scan upon scan
	scans = append(scans, bytes.Repeat([]byte("\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00"), 5000)...)
	for _, c := range []struct {
		name string
		kind evidence.Kind
		body []byte
		key  string
	}{
		{"JPEG of 65,535²", evidence.JPEG, hugeJPEG, "side"},
		{"GIF of 65,535²", evidence.GIF, bigGIF, "side"},
		{"WebP of 16,777,216²", evidence.WebP, huge, "side"},
		{"PNG bomb of 19,000²", evidence.PNG, bombPNG(19_000, 19_000, 100), "pixels"},
		{"PNG of 2³¹", evidence.PNG, bombPNG(1<<31-1, 1, 0), "damaged"},
		{"PNG without its rows", evidence.PNG, bombPNG(1000, 1000, 3), "damaged"},
		{"JPEG of no size", evidence.JPEG, noSize, "damaged"},
		{"JPEG cut in half", evidence.JPEG, jpg[:len(jpg)/2], "damaged"},
		{"JPEG cut in its header", evidence.JPEG, jpg[:sof+4], "damaged"},
		{"JPEG of three bytes", evidence.JPEG, jpg[:3], "damaged"},
		{"PNG cut in half", evidence.PNG, png[:len(png)/2], "damaged"},
		{"PNG of its signature", evidence.PNG, png[:8], "damaged"},
		{"WebP of its signature", evidence.WebP, riff(), "damaged"},
		{"moving WebP", evidence.WebP, moving, "moving"},
		{"thousands of scans", evidence.JPEG, scans, "damaged"},
		{"page in a JPEG's comment", evidence.JPEG, withSegment(jpg, 0xfe, []byte("<html ><body>")), "two_faces"},
		{"zip behind a PNG", evidence.PNG, append(png[:len(png):len(png)], zipOf(t, entry{"a", "b"})...), "two_faces"},
		{"15 MB and one", evidence.JPEG, append(jpg[:len(jpg):len(jpg)], make([]byte, evidence.MaxPicture)...), "picture_large"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := evidence.Clean(t.Context(), bytes.NewReader(c.body), c.kind)
			if keyOf(err) != c.key {
				t.Errorf("got %v, want %s", err, c.key)
			}
			if kind := fault.KindOf(err); kind != fault.KindInvalid && kind != fault.KindTooMuch {
				t.Errorf("kind %v", kind)
			}
		})
	}
}

// A short film behind the picture holds every byte pair by chance, the mark of a scan too.
func TestCleanAcceptsAFilmBehindThePicture(t *testing.T) {
	jpg := encodeJPEG(t, photo(200, 150, 1), 80)
	film := bytes.Repeat([]byte("\xff\xda\x00\x08"), 5000)
	if p := clean(t, append(jpg, film...), evidence.JPEG); p.W != 200 {
		t.Errorf("%d wide", p.W)
	}
}

func TestCleanStopsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := evidence.Clean(ctx, bytes.NewReader(encodeJPEG(t, photo(40, 30, 1), 80)), evidence.JPEG)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func FuzzClean(f *testing.F) {
	jpg := encodeJPEG(f, photo(24, 18, 1), 70)
	f.Add(withEXIF(jpg, exif(binary.LittleEndian, 6, "2025:01:02 03:04:05", "+07:00")), uint8(0))
	f.Add(bombPNG(30, 30, 30), uint8(1))
	f.Add(riff(plainVP8L(9, 7, color.RGBA{1, 2, 3, 255})), uint8(2))
	f.Add(riff(greyVP8(20, 20)), uint8(2))
	f.Add(encodeGIF(f, photo(10, 10, 1)), uint8(3))
	kinds := []evidence.Kind{evidence.JPEG, evidence.PNG, evidence.WebP, evidence.GIF}
	f.Fuzz(func(t *testing.T, body []byte, which uint8) {
		p, err := evidence.Clean(t.Context(), bytes.NewReader(body), kinds[int(which)%len(kinds)])
		if err != nil {
			if kind := fault.KindOf(err); kind != fault.KindInvalid && kind != fault.KindTooMuch {
				t.Fatalf("%v", err)
			}
			return
		}
		full, err := jpeg.DecodeConfig(bytes.NewReader(p.Full))
		if err != nil || full.Width != p.W || full.Height != p.H || max(p.W, p.H) > 2000 || len(p.Thumb) > 12_000 {
			t.Fatalf("%v, %v: %d × %d, thumb of %d bytes", full, err, p.W, p.H, len(p.Thumb))
		}
	})
}
