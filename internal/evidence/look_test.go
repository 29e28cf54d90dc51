// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package evidence_test

import (
	"image"
	"image/color"
	"image/draw"
	"math/bits"
	"testing"

	xdraw "golang.org/x/image/draw"
	"pgregory.net/rapid"

	"hoctap/internal/evidence"
)

func TestLookFindsTheSamePhotoAgain(t *testing.T) {
	for seed := range uint64(6) {
		img := photo(800, 600, seed)
		first := clean(t, encodeJPEG(t, img, 92), evidence.JPEG)
		small := image.NewRGBA(image.Rect(0, 0, 640, 480))
		xdraw.BiLinear.Scale(small, small.Rect, img, img.Rect, draw.Src, nil)
		for name, again := range map[string]evidence.Picture{
			"compressed harder": clean(t, encodeJPEG(t, img, 40), evidence.JPEG),
			"made smaller":      clean(t, encodeJPEG(t, small, 80), evidence.JPEG),
			"cleaned twice":     clean(t, first.Full, evidence.JPEG),
			"as PNG":            clean(t, encodePNG(t, img), evidence.PNG),
		} {
			if !first.Look.Same(again.Look) {
				t.Errorf("photo %d %s: %d bits apart", seed, name, first.Look.Distance(again.Look))
			}
		}
		if other := clean(t, encodeJPEG(t, photo(800, 600, seed+100), 92), evidence.JPEG); first.Look.Same(other.Look) {
			t.Errorf("photos %d and %d look the same", seed, seed+100)
		}
	}
}

func TestSamePixelsHashAlike(t *testing.T) {
	jpg := encodeJPEG(t, photo(300, 200, 1), 85)
	a, b := clean(t, jpg, evidence.JPEG), clean(t, withSegment(jpg, 0xfe, []byte("from my phone")), evidence.JPEG)
	if a.Pixels != b.Pixels || len(a.Pixels) != 64 {
		t.Errorf("%s and %s", a.Pixels, b.Pixels)
	}
	if c := clean(t, encodeJPEG(t, photo(300, 200, 2), 85), evidence.JPEG); c.Pixels == a.Pixels {
		t.Error("different pictures, same pixels")
	}
}

func TestPlainPicturesHaveNoLook(t *testing.T) {
	paper := image.NewRGBA(image.Rect(0, 0, 400, 300))
	draw.Draw(paper, paper.Rect, image.NewUniform(color.RGBA{240, 238, 230, 255}), image.Point{}, draw.Src)
	a := clean(t, encodeJPEG(t, paper, 80), evidence.JPEG)
	if a.Look != 0 || a.Look.Same(a.Look) {
		t.Errorf("look %x", a.Look)
	}
}

func TestDistanceAndBands(t *testing.T) {
	if d := evidence.Look(0b1011).Distance(0b0010); d != 2 {
		t.Errorf("distance %d", d)
	}
	rapid.Check(t, func(t *rapid.T) {
		a := evidence.Look(rapid.Uint64().Draw(t, "look"))
		b := a
		for range rapid.IntRange(0, evidence.SameDistance).Draw(t, "flips") {
			b ^= 1 << rapid.IntRange(0, 63).Draw(t, "bit")
		}
		if a.Distance(b) != bits.OnesCount64(uint64(a^b)) || a.Distance(b) != b.Distance(a) || a.Distance(b) > evidence.SameDistance {
			t.Fatalf("distance %d", a.Distance(b))
		}
		shared := false
		for i, band := range a.Bands() {
			shared = shared || band == b.Bands()[i]
		}
		if !shared {
			t.Fatalf("%x and %x share no band", a, b)
		}
	})
}
