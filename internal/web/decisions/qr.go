// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package decisions

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"rsc.io/qr"
)

// quiet is the white edge around a code, in modules; readers need four, two of them are the paper's own white box.
const quiet = 4

// code is a QR code as an SVG path of black runs.
type code struct {
	Path string
	Box  string // viewBox with the white edge
	Edge string // path of the white ground
}

// codeOf draws text as a QR code of middle correction: a certificate is folded and gets stained.
// An address is far shorter than what a code can hold; "" has none.
func codeOf(text string) code {
	q, err := qr.Encode(text, qr.M)
	if text == "" || err != nil {
		return code{}
	}
	var b strings.Builder
	for y := range q.Size {
		for x := 0; x < q.Size; x++ {
			from := x
			for x < q.Size && q.Black(x, y) {
				x++
			}
			if x > from {
				fmt.Fprintf(&b, "M%d %dh%dv1h-%dz", from, y, x-from, x-from)
			}
		}
	}
	side := strconv.Itoa(q.Size + 2*quiet)
	return code{Path: b.String(), Box: fmt.Sprintf("%d %d %s %s", -quiet, -quiet, side, side), Edge: fmt.Sprintf("M-%d-%dh%sv%sh-%sz", quiet, quiet, side, side, side)}
}

// ring is a circle of a drum's face: strokes from In to Out, or small circles of radius Dot at In.
type ring struct {
	In, Out, Dot float64
	Count        int
}

// drumRings and drumCircles are the ground of a certificate: a bronze drum's star and rings, on a field of 200.
var (
	drumRings   = []ring{{In: 43, Out: 49, Count: 72}, {In: 69, Out: 75, Count: 112}, {In: 57.5, Dot: 3.6, Count: 28}, {In: 84.5, Dot: 4, Count: 36}}
	drumCircles = []string{"38", "41", "51", "64", "67", "77", "92", "95"}
)

// drumStar is a star of fourteen rays.
func drumStar() string {
	var b strings.Builder
	const rays = 14
	for i := range 2 * rays {
		r := 34.0
		if i%2 == 1 {
			r = 11
		}
		x, y := around(r, i, 2*rays)
		b.WriteString(pick(i == 0, "M", "L") + x + " " + y)
	}
	return b.String() + "z"
}

// drumStrokes are all strokes and dots of the rings as one path.
func drumStrokes() string {
	var b strings.Builder
	for _, r := range drumRings {
		for i := range r.Count {
			x, y := around(r.In, i, r.Count)
			if r.Dot > 0 {
				d := strconv.FormatFloat(r.Dot, 'f', -1, 64)
				width := strconv.FormatFloat(2*r.Dot, 'f', -1, 64)
				fmt.Fprintf(&b, "M%s %sm-%s 0a%s %s 0 1 0 %s 0a%s %s 0 1 0 -%s 0", x, y, d, d, d, width, d, d, width)
				continue
			}
			toX, toY := around(r.Out, i, r.Count)
			b.WriteString("M" + x + " " + y + "L" + toX + " " + toY)
		}
	}
	return b.String()
}

func around(radius float64, i, of int) (x, y string) {
	a := 2 * math.Pi * float64(i) / float64(of)
	return strconv.FormatFloat(100+radius*math.Sin(a), 'f', 1, 64), strconv.FormatFloat(100-radius*math.Cos(a), 'f', 1, 64)
}

func pick(first bool, a, b string) string {
	if first {
		return a
	}
	return b
}
