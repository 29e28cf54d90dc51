// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package signature

import (
	"bytes"
	"image"
	"image/draw"
	"image/png"

	"hoctap/internal/fault"
	"hoctap/internal/paper/pdf"
	"hoctap/internal/paper/sign"
)

// Limits on the picture of a signature or seal.
const (
	MaxPicture = 1 << 20   // bytes as it is sent
	maxPixels  = 4_000_000 // of what it becomes in memory
)

// readPicture turns what was sent into a PNG of ours, cut to what is drawn on it: nothing else that a file can carry is kept. By
// Decree 30/2020/NĐ-CP, annex I, a signature is blue and a seal red, on a ground that lets the paper through. It fails with fault.Invalid,
// field "picture": "signature.picture" for what is no such file, "signature.picture_ground", "signature.picture_blue", "signature.picture_red".
func readPicture(b []byte, kind Kind) ([]byte, error) {
	wrong := func(key string) error { return fault.Invalid(fault.Field("picture", key)) }
	if len(b) > MaxPicture {
		return nil, wrong("signature.picture")
	}
	head, err := png.DecodeConfig(bytes.NewReader(b))
	if err != nil || head.Width < 1 || head.Height < 1 || head.Width > maxPixels/head.Height {
		return nil, wrong("signature.picture")
	}
	sent, err := png.Decode(bytes.NewReader(b))
	if err != nil {
		return nil, wrong("signature.picture")
	}
	p := image.NewNRGBA(image.Rect(0, 0, head.Width, head.Height))
	draw.Draw(p, p.Bounds(), sent, sent.Bounds().Min, draw.Src)
	ink := inkOf(p)
	switch {
	case ink.clear*5 < ink.pixels, ink.opaque == 0:
		return nil, wrong("signature.picture_ground")
	case kind == Person && !(ink.blue > ink.red && ink.blue > ink.green):
		return nil, wrong("signature.picture_blue")
	case kind == Seal && !(ink.red > ink.green && ink.red > ink.blue):
		return nil, wrong("signature.picture_red")
	}
	var out bytes.Buffer
	err = png.Encode(&out, p.SubImage(ink.box))
	return out.Bytes(), err
}

// ink is what is drawn on a picture.
type ink struct {
	pixels, clear, opaque int
	red, green, blue      int // sums, by opacity
	box                   image.Rectangle
}

func inkOf(p *image.NRGBA) (k ink) {
	for y := range p.Rect.Dy() {
		for x := range p.Rect.Dx() {
			c := p.NRGBAAt(x, y)
			k.pixels++
			if c.A < 16 {
				k.clear++
				continue
			}
			k.opaque++
			k.red, k.green, k.blue = k.red+int(c.R)*int(c.A), k.green+int(c.G)*int(c.A), k.blue+int(c.B)*int(c.A)
			k.box = k.box.Union(image.Rect(x, y, x+1, y+1))
		}
	}
	return k
}

// Sizes in mm: of a signature at most, and of a body's round seal, which is shown as large as it is.
const (
	signatureWidth  = 48.0
	signatureHeight = 22.0
	sealSide        = 34.0
)

// nameHeight is the signer's name below the room for the signature, in mm; lineStep is from one line of who signed to the next.
const (
	nameHeight = 7.5
	lineStep   = 4.2
)

// lineOf is where it stands who signed and when: below the name, the seal's line below the signer's.
func lineOf(kind Kind, at pdf.Spot, text string, face []byte) sign.Line {
	if face == nil || at.Page == 0 {
		return sign.Line{}
	}
	top := at.Top + at.Height + nameHeight
	if kind == Seal {
		top += lineStep
	}
	return sign.Line{Text: text, Left: at.Left, Top: top, Width: at.Width, Face: face}
}

// placeOf is where a picture shows: the signature in the middle between post and name, the seal over its left third. signature is the
// picture of who signed before, nil when it is not known.
func placeOf(kind Kind, at pdf.Spot, picture, signature []byte) sign.Place {
	if at.Page == 0 {
		return sign.Place{}
	}
	if picture == nil {
		return sign.Place{Page: at.Page}
	}
	middle := at.Left + at.Width/2
	height := at.Top + at.Height/2
	if kind == Person {
		w, h := fit(picture, signatureWidth, signatureHeight)
		return sign.Place{Page: at.Page, Left: middle - w/2, Top: height - h/2, Width: w, Height: h, Picture: picture}
	}
	under := signatureWidth
	if signature != nil {
		under, _ = fit(signature, signatureWidth, signatureHeight)
	}
	w, h := fit(picture, sealSide, sealSide)
	return sign.Place{Page: at.Page, Left: middle - under/2 + under/3 - w, Top: height - h/2, Width: w, Height: h, Picture: picture}
}

// fit is how large a picture becomes inside a rectangle.
func fit(picture []byte, width, height float64) (w, h float64) {
	head, err := png.DecodeConfig(bytes.NewReader(picture))
	if err != nil || head.Width < 1 || head.Height < 1 {
		return width, height
	}
	scale := min(width/float64(head.Width), height/float64(head.Height))
	return scale * float64(head.Width), scale * float64(head.Height)
}
