// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package evidence

import (
	"image"
	"image/color"
	"image/draw"
)

// fit returns the size of a w × h picture within fullSide; a smaller one keeps its size.
func fit(w, h int) (int, int) {
	if long := max(w, h); long > fullSide {
		return max(1, (w*fullSide+long/2)/long), max(1, (h*fullSide+long/2)/long)
	}
	return w, h
}

// shrunk brings a decoded picture to its final size. A JPEG stays in its own colour model, so that nothing
// is converted; everything else passes through in strips over white.
func shrunk(img image.Image) channels {
	b := img.Bounds()
	dw, dh := fit(b.Dx(), b.Dy())
	cw, ch := (dw+1)/2, (dh+1)/2
	if m, ok := img.(*image.YCbCr); ok {
		sw, sh := colourSize(m)
		return channels{
			resample(m.Y, m.YStride, b.Dx(), b.Dy(), dw, dh),
			resample(m.Cb, m.CStride, sw, sh, cw, ch),
			resample(m.Cr, m.CStride, sw, sh, cw, ch),
		}
	}
	y, cb, cr := newShrinker(b.Dx(), b.Dy(), dw, dh), newShrinker(b.Dx(), b.Dy(), cw, ch), newShrinker(b.Dx(), b.Dy(), cw, ch)
	const rows = 16
	strip := image.NewRGBA(image.Rect(0, 0, b.Dx(), rows))
	line := [3][]byte{make([]byte, b.Dx()), make([]byte, b.Dx()), make([]byte, b.Dx())}
	for top := 0; top < b.Dy(); top += rows {
		n := min(rows, b.Dy()-top)
		draw.Draw(strip, strip.Rect, image.White, image.Point{}, draw.Src)
		draw.Draw(strip, image.Rect(0, 0, b.Dx(), n), img, b.Min.Add(image.Pt(0, top)), draw.Over)
		for i := range n {
			src := strip.Pix[i*strip.Stride:]
			for x := range b.Dx() {
				line[0][x], line[1][x], line[2][x] = color.RGBToYCbCr(src[4*x], src[4*x+1], src[4*x+2])
			}
			y.push(line[0])
			cb.push(line[1])
			cr.push(line[2])
		}
	}
	return channels{y.out, cb.out, cr.out}
}

// colourSize is how many samples of colour a picture has, without the padding to whole blocks.
func colourSize(m *image.YCbCr) (w, h int) {
	perX, perY := 1, 1
	switch m.SubsampleRatio {
	case image.YCbCrSubsampleRatio422:
		perX = 2
	case image.YCbCrSubsampleRatio420:
		perX, perY = 2, 2
	case image.YCbCrSubsampleRatio440:
		perY = 2
	case image.YCbCrSubsampleRatio411:
		perX = 4
	case image.YCbCrSubsampleRatio410:
		perX, perY = 4, 2
	}
	return (m.Rect.Dx() + perX - 1) / perX, (m.Rect.Dy() + perY - 1) / perY
}

func resample(pix []byte, stride, sw, sh, dw, dh int) plane {
	s := newShrinker(sw, sh, dw, dh)
	for y := range sh {
		s.push(pix[y*stride : y*stride+sw])
	}
	return s.out
}
