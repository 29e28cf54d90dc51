// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package evidence

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"math/rand/v2"
	"slices"
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

const demoW, demoH = 480, 360

// motifs are the invented pictures that the demo shows, by name.
var motifs = map[string]func(*canvas){
	"study_corner": (*canvas).studyCorner,
	"bookshelf":    (*canvas).bookshelf,
	"certificate":  (*canvas).certificate,
	"class":        (*canvas).class,
	"meeting":      (*canvas).meeting,
	"phone":        (*canvas).phone,
}

// Motifs names the pictures that DrawDemo can draw, in alphabetical order.
func Motifs() []string {
	names := make([]string, 0, len(motifs))
	for name := range motifs {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// DrawDemo draws an invented evidence picture as JPEG, 480 × 360, some 10 to 20 kB, with the words
// “MINH HOẠ” (illustration) across it, so that nobody takes it for a photo. Equal arguments give equal bytes.
// An unknown motif is drawn as a study corner.
func DrawDemo(seed uint64, motif string) []byte {
	c := &canvas{RGBA: image.NewRGBA(image.Rect(0, 0, demoW, demoH)), rng: rand.New(rand.NewPCG(seed, uint64(len(motif))))}
	paint, ok := motifs[motif]
	if !ok {
		paint = (*canvas).studyCorner
	}
	paint(c)
	c.stamp()
	var out bytes.Buffer
	if err := jpeg.Encode(&out, c.RGBA, &jpeg.Options{Quality: 78}); err != nil {
		panic("evidence: jpeg into memory: " + err.Error()) // a buffer cannot fail
	}
	return out.Bytes()
}

// canvas is a sheet with the few shapes that the motifs need.
type canvas struct {
	*image.RGBA
	rng *rand.Rand
}

// near returns v moved by up to spread either way.
func (c *canvas) near(v, spread int) int { return v - spread + c.rng.IntN(2*spread+1) }

// pick returns one of the colours, a little lighter or darker.
func (c *canvas) pick(colours ...color.RGBA) color.RGBA {
	return shade(colours[c.rng.IntN(len(colours))], c.near(100, 12))
}

// shade scales a colour's brightness to percent.
func shade(k color.RGBA, percent int) color.RGBA {
	scale := func(v uint8) uint8 { return uint8(min(255, int(v)*percent/100)) }
	return color.RGBA{scale(k.R), scale(k.G), scale(k.B), 255}
}

func (c *canvas) rect(x, y, w, h int, k color.RGBA) {
	draw.Draw(c.RGBA, image.Rect(x, y, x+w, y+h), image.NewUniform(k), image.Point{}, draw.Src)
}

// wash fills rows from top to bottom with a colour that runs from one to another, as light on a wall does.
func (c *canvas) wash(y0, y1 int, from, to color.RGBA) {
	for y := max(0, y0); y < min(y1, demoH); y++ {
		mix := func(a, b uint8) uint8 { return uint8((int(a)*(y1-y) + int(b)*(y-y0)) / max(1, y1-y0)) }
		c.rect(0, y, demoW, 1, color.RGBA{mix(from.R, to.R), mix(from.G, to.G), mix(from.B, to.B), 255})
	}
}

func (c *canvas) disc(x, y, r int, k color.RGBA) {
	for dy := -r; dy <= r; dy++ {
		half := 0
		for (half+1)*(half+1)+dy*dy <= r*r {
			half++
		}
		c.rect(x-half, y+dy, 2*half+1, 1, k)
	}
}

// beam fills between two horizontal lines of different length: a lampshade, a table seen from before.
func (c *canvas) beam(y0, xa, xb, y1, xc, xd int, k color.RGBA) {
	for y := y0; y < y1; y++ {
		left, right := xa+(xc-xa)*(y-y0)/(y1-y0), xb+(xd-xb)*(y-y0)/(y1-y0)
		c.rect(left, y, right-left, 1, k)
	}
}

// stamp writes the warning over the lower part, dark on a light band so that it can be read anywhere.
func (c *canvas) stamp() {
	words := stampWords()
	y := demoH - 58
	band := image.NewUniform(color.NRGBA{255, 255, 255, 200})
	draw.Draw(c.RGBA, image.Rect(0, y, demoW, y+44), band, image.Point{}, draw.Over)
	at := image.Rect(0, 0, words.Rect.Dx(), words.Rect.Dy()).Add(image.Pt((demoW-words.Rect.Dx())/2, y+2))
	draw.DrawMask(c.RGBA, at, image.NewUniform(color.RGBA{150, 30, 20, 255}), image.Point{}, words, image.Point{}, draw.Over)
}

// stampWords is “MINH HOẠ” as a mask. The Go fonts have no Ạ, so the dot below is drawn by hand.
var stampWords = sync.OnceValue(func() *image.Alpha {
	mask := image.NewAlpha(image.Rect(0, 0, 240, 42))
	parsed, err := opentype.Parse(gobold.TTF)
	if err != nil {
		panic("evidence: built-in font: " + err.Error())
	}
	face, err := opentype.NewFace(parsed, &opentype.FaceOptions{Size: 30, DPI: 72, Hinting: font.HintingFull})
	if err != nil {
		panic("evidence: built-in font: " + err.Error())
	}
	pen := font.Drawer{Dst: mask, Src: image.Opaque, Face: face}
	pen.Dot = fixed.P((240-pen.MeasureString("MINH HOA").Ceil())/2, 30)
	pen.DrawString("MINH HO")
	start := pen.Dot.X.Round()
	pen.DrawString("A")
	x := (start + pen.Dot.X.Round()) / 2
	for dy := -2; dy <= 2; dy++ {
		for dx := -2; dx <= 2; dx++ {
			if dx*dx+dy*dy <= 5 {
				mask.SetAlpha(x+dx, 37+dy, color.Alpha{255})
			}
		}
	}
	return mask
})
