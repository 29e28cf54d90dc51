// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package sign

import (
	"bytes"
	"fmt"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// Sizes of a line. Decree 30/2020/NĐ-CP, annex I, sets what is said about a signature in letters of 10 points.
const (
	lineHeight = 4.5 // mm
	lineSize   = 10.0
)

// draw writes the line as shapes, black, around the middle of its width; x and y are the lower left corner in points.
func (l Line) draw(x, y float64) ([]byte, error) {
	face, err := sfnt.Parse(l.Face)
	if err != nil {
		return nil, fmt.Errorf("the face of a line: %w", err)
	}
	em := fixed.I(int(face.UnitsPerEm()))
	var buffer sfnt.Buffer
	var shapes bytes.Buffer
	var at fixed.Int26_6
	for _, r := range l.Text {
		glyph, err := face.GlyphIndex(&buffer, r)
		if err != nil {
			return nil, err
		}
		outline, err := face.LoadGlyph(&buffer, glyph, em, nil)
		if err != nil {
			return nil, err
		}
		trace(&shapes, outline, at)
		step, err := face.GlyphAdvance(&buffer, glyph, em, font.HintingNone)
		if err != nil {
			return nil, err
		}
		at += step
	}
	scale, width := lineSize/units(em), l.Width*point
	if wide := units(at) * scale; wide > width {
		scale *= width / wide
	}
	const foot = 0.22 // of the height, for letters that go below the line
	head := fmt.Appendf(nil, "q 0 g %.5f 0 0 %.5f %.3f %.3f cm\n", scale, scale, x+(width-units(at)*scale)/2, y+foot*lineHeight*point)
	return append(append(head, shapes.Bytes()...), "f Q\n"...), nil
}

func units(v fixed.Int26_6) float64 { return float64(v) / 64 }

// trace writes a glyph as a path. Faces count downwards and have curves of one handle, PDF counts upwards and has two.
func trace(out *bytes.Buffer, outline sfnt.Segments, at fixed.Int26_6) {
	point := func(p fixed.Point26_6) (x, y float64) { return units(p.X + at), -units(p.Y) }
	var x, y float64
	for _, s := range outline {
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			x, y = point(s.Args[0])
			fmt.Fprintf(out, "%.2f %.2f m\n", x, y)
		case sfnt.SegmentOpLineTo:
			x, y = point(s.Args[0])
			fmt.Fprintf(out, "%.2f %.2f l\n", x, y)
		case sfnt.SegmentOpQuadTo:
			hx, hy := point(s.Args[0])
			ex, ey := point(s.Args[1])
			fmt.Fprintf(out, "%.2f %.2f %.2f %.2f %.2f %.2f c\n", x+(hx-x)*2/3, y+(hy-y)*2/3, ex+(hx-ex)*2/3, ey+(hy-ey)*2/3, ex, ey)
			x, y = ex, ey
		case sfnt.SegmentOpCubeTo:
			ax, ay := point(s.Args[0])
			bx, by := point(s.Args[1])
			x, y = point(s.Args[2])
			fmt.Fprintf(out, "%.2f %.2f %.2f %.2f %.2f %.2f c\n", ax, ay, bx, by, x, y)
		}
	}
}
