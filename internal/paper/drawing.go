// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package paper

import (
	"math"

	"rsc.io/qr"
)

// What certificates show beside words, as shapes that pages and files draw each in their own way.

// Quiet is the white edge around a code, in modules; readers need four.
const Quiet = 4

// Bar is a run of black modules in a row of a code.
type Bar struct{ X, Y, Length int }

// Bars are the black of a QR code of middle correction, because paper is folded and gets stained; size is the code's side in modules, without its edge.
// It fails on what no code can hold: above 2,331 bytes.
func Bars(text string) (size int, bars []Bar, err error) {
	q, err := qr.Encode(text, qr.M)
	if err != nil {
		return 0, nil, err
	}
	for y := range q.Size {
		for x := 0; x < q.Size; x++ {
			from := x
			for x < q.Size && q.Black(x, y) {
				x++
			}
			if x > from {
				bars = append(bars, Bar{from, y, x - from})
			}
		}
	}
	return q.Size, bars, nil
}

// Point is right of and below the middle of a drawing.
type Point struct{ X, Y float64 }

// Circle is an outline.
type Circle struct {
	Point
	Radius float64
}

// Face is a drum's: a filled star, and around it strokes and circles. It lies within a circle of radius 100.
type Face struct {
	Star    []Point
	Strokes [][2]Point
	Circles []Circle
}

// DrumStroke is how wide the lines of a drum's face are.
const DrumStroke = 1.2

// Drum is the face of a bronze drum, the ground of a certificate: a star of fourteen rays within rings.
func Drum() (f Face) {
	const rays = 14
	for i := range 2 * rays {
		radius := 34.0
		if i%2 == 1 {
			radius = 11
		}
		f.Star = append(f.Star, around(radius, i, 2*rays))
	}
	for _, radius := range []float64{38, 41, 51, 64, 67, 77, 92, 95} {
		f.Circles = append(f.Circles, Circle{Radius: radius})
	}
	for _, ring := range []struct {
		in, out float64
		count   int
	}{{43, 49, 72}, {69, 75, 112}} {
		for i := range ring.count {
			f.Strokes = append(f.Strokes, [2]Point{around(ring.in, i, ring.count), around(ring.out, i, ring.count)})
		}
	}
	for _, ring := range []struct {
		at, dot float64
		count   int
	}{{57.5, 3.6, 28}, {84.5, 4, 36}} {
		for i := range ring.count {
			f.Circles = append(f.Circles, Circle{around(ring.at, i, ring.count), ring.dot})
		}
	}
	return f
}

// around is the i-th of so many points on a circle, from the top clockwise.
func around(radius float64, i, of int) Point {
	a := 2 * math.Pi * float64(i) / float64(of)
	return Point{radius * math.Sin(a), -radius * math.Cos(a)}
}
