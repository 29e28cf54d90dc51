// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package ui

import (
	"math"
	"strings"

	"hoctap/internal/paper"
)

// anchors are the words of SVG for where a text stands.
var anchors = map[paper.Align]string{paper.Left: "start", paper.Middle: "middle", paper.Right: "end"}

// pathOf is a shape in the language of SVG paths.
func pathOf(s paper.Shape) string {
	var b strings.Builder
	for _, path := range s.Paths {
		for i, at := range path {
			switch {
			case s.Radius > 0:
				radius := math.Round(s.Radius*10) / 10 // so that the halves meet at its ends
				r := number(radius)
				half := "a" + r + " " + r + " 0 1 0 "
				b.WriteString("M" + number(at.X-radius) + " " + number(at.Y) + half + number(2*radius) + " 0" + half + number(-2*radius) + " 0z")
				continue
			case i == 0:
				b.WriteByte('M')
			default:
				b.WriteByte('L')
			}
			b.WriteString(number(at.X) + " " + number(at.Y))
		}
		if s.Closed {
			b.WriteByte('Z')
		}
	}
	return b.String()
}
