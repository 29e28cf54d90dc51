// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package paper

import (
	"slices"
	"strings"
)

// box is a part of a plot.
type box struct{ left, right, top, bottom float64 }

func (b box) touches(o box) bool {
	return b.left < o.right && o.left < b.right && b.top < o.bottom && o.top < b.bottom
}

// crossed says whether a line goes through the box, by cutting off what lies beside it (Liang and Barsky).
func (b box) crossed(l [2]Point) bool {
	from, to := 0.0, 1.0
	dx, dy := l[1].X-l[0].X, l[1].Y-l[0].Y
	for _, edge := range [][2]float64{{-dx, l[0].X - b.left}, {dx, b.right - l[0].X}, {-dy, l[0].Y - b.top}, {dy, b.bottom - l[0].Y}} {
		switch way, room := edge[0], edge[1]; {
		case way == 0 && room <= 0:
			return false
		case way < 0:
			from = max(from, room/way)
		case way > 0:
			to = min(to, room/way)
		}
	}
	return from < to
}

// Box is the room that the text takes at most.
func (t PlotText) Box() (left, right, top, bottom float64) {
	left = t.X
	switch t.Anchor {
	case Middle:
		left -= t.Width / 2
	case Right:
		left -= t.Width
	}
	return left, left + t.Width, t.Y - t.Size, t.Y + .25*t.Size
}

func (t PlotText) box() box {
	left, right, top, bottom := t.Box()
	return box{left, right, top, bottom}
}

// width is that of a text at most, in the face of the sheet.
func (p *plotter) width(s string, size float64) float64 {
	if p.sheet.Printed {
		return docFace.width(s, size)
	}
	return pageFace.width(s, size)
}

// shorten cuts a text that is wider, with a sign that it goes on.
func (p *plotter) shorten(s string, width float64) string {
	if p.width(s, p.em) <= width {
		return s
	}
	runes := []rune(s)
	for n := len(runes) - 1; n > 0; n-- {
		if cut := strings.TrimRight(string(runes[:n]), " ,;:") + "…"; p.width(cut, p.em) <= width {
			return cut
		}
	}
	return ""
}

// wrap breaks a text into at most so many lines of a width, of nearly one length; whole says whether all of it is there.
func (p *plotter) wrap(s string, width float64, most int) (lines []string, whole bool) {
	words := strings.Fields(s)
	for lines, whole = p.fill(words, width, most); whole; {
		width *= .9
		tried, fits := p.fill(words, width, most)
		if !fits || len(tried) > len(lines) {
			break
		}
		lines = tried
	}
	return lines, whole
}

// fill puts as many words into each line as it holds.
func (p *plotter) fill(words []string, width float64, most int) (lines []string, whole bool) {
	for len(words) > 0 {
		n := 1
		for n < len(words) && p.width(strings.Join(words[:n+1], " "), p.em) <= width {
			n++
		}
		if len(lines) == most-1 {
			n = len(words)
		}
		line := strings.Join(words[:n], " ")
		cut := p.shorten(line, width)
		if cut != line {
			return append(lines, cut), false
		}
		lines, words = append(lines, line), words[n:]
	}
	return lines, len(lines) > 0
}

// must writes a text whose place is its own by the layout.
func (p *plotter) must(t PlotText) {
	if t.Text == "" {
		return
	}
	t.Width = p.width(t.Text, t.Size)
	p.Texts, p.taken = append(p.Texts, t), append(p.taken, t.box())
}

// place writes a text at the first of some places where it touches no other text and no line, or failing that no text, or not at all.
func (p *plotter) place(t PlotText, within box, places ...Point) bool {
	if t.Text == "" {
		return false
	}
	t.Width = p.width(t.Text, t.Size)
	for _, strict := range []bool{true, false} {
		for _, at := range places {
			t.Point = at
			b := t.box()
			if shift := max(within.left-b.left, 0) - max(b.right-within.right, 0); shift != 0 { // to the side, back inside
				t.X += shift
				b = t.box()
			}
			if b.left < within.left-.01 || b.top < within.top-.01 || b.bottom > within.bottom+.01 || slices.ContainsFunc(p.taken, b.touches) ||
				strict && slices.ContainsFunc(p.drawn, box{b.left - .2*p.em, b.right + .2*p.em, b.top, b.bottom}.crossed) {
				continue
			}
			p.must(t)
			return true
		}
	}
	return false
}
