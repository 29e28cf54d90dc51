// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package decisions

import (
	"fmt"
	"strconv"
	"strings"
	"sync"

	"hoctap/internal/paper"
)

// code is a QR code as an SVG path of black runs.
type code struct {
	Path string
	Box  string // viewBox with the white edge
	Edge string // path of the white ground
}

// codeOf draws text as a QR code. An address is far shorter than what a code can hold; "" has none.
func codeOf(text string) code {
	size, bars, err := paper.Bars(text)
	if text == "" || err != nil {
		return code{}
	}
	var b strings.Builder
	for _, bar := range bars {
		fmt.Fprintf(&b, "M%d %dh%dv1h-%dz", bar.X, bar.Y, bar.Length, bar.Length)
	}
	side := strconv.Itoa(size + 2*paper.Quiet)
	return code{Path: b.String(), Box: fmt.Sprintf("%d %d %s %s", -paper.Quiet, -paper.Quiet, side, side),
		Edge: fmt.Sprintf("M-%d-%dh%sv%sh-%sz", paper.Quiet, paper.Quiet, side, side, side)}
}

// drumPaths are the ground of a certificate as two SVG paths: what is filled, and what is drawn with lines.
type drumPaths struct{ Star, Lines string }

var drumFace = sync.OnceValue(func() drumPaths {
	f := paper.Drum()
	var star, lines strings.Builder
	for _, p := range f.Star {
		star.WriteString("L" + pair(p))
	}
	filled := "M" + strings.TrimPrefix(star.String(), "L") + "z"
	for _, c := range f.Circles {
		r, across := decimal(c.Radius), decimal(2*c.Radius)
		fmt.Fprintf(&lines, "M%sm-%s 0a%s %s 0 1 0 %s 0a%s %s 0 1 0 -%s 0", pair(c.Point), r, r, r, across, r, r, across)
	}
	for _, s := range f.Strokes {
		lines.WriteString("M" + pair(s[0]) + "L" + pair(s[1]))
	}
	return drumPaths{filled, lines.String()}
})

func pair(p paper.Point) string { return decimal(p.X) + " " + decimal(p.Y) }

// decimal is exact to a tenth of a unit, of which the face is 200 wide.
func decimal(x float64) string { return strconv.FormatFloat(x, 'f', 1, 64) }
