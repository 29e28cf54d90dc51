// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package pdf

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"hoctap/internal/paper"
)

func itoa(n int) string { return strconv.Itoa(n) }

// word is what is set without a break, in one look.
type word struct {
	text  string
	style string // "", "B", "I", "BI"
	width float64
	glued bool // no blank before it: it goes on with the word before
}

func styleOf(r paper.Run) string {
	s := ""
	if r.Bold {
		s = "B"
	}
	if r.Italic {
		s += "I"
	}
	return s
}

// words measures runs at a size, and cuts what no line of the width can hold.
func (l *layout) words(runs []paper.Run, size, width float64) []word {
	var list []word
	glued := false
	for _, r := range runs {
		style := styleOf(r)
		l.face(size, style)
		parts := strings.Split(strings.ReplaceAll(r.Text, "  ", "\u00a0\u00a0"), " ") // several blanks are for a pen and stay
		for i, part := range parts {
			if i > 0 {
				glued = false
			}
			if part == "" {
				continue
			}
			for k, piece := range l.cut(part, width) { // each piece but the last fills a line, so none stands beside the next
				list = append(list, word{piece, style, l.GetStringWidth(piece), glued && k == 0 && len(list) > 0})
				glued = true
			}
		}
	}
	return list
}

// cut splits a word that is wider than a line; whole otherwise.
func (l *layout) cut(s string, width float64) []string {
	var list []string
	for s != "" && l.GetStringWidth(s) > width {
		end := 0
		for next := 0; next < len(s); {
			_, n := utf8.DecodeRuneInString(s[next:])
			if l.GetStringWidth(s[:next+n]) > width {
				break
			}
			next += n
			end = next
		}
		if end == 0 {
			_, end = utf8.DecodeRuneInString(s)
		}
		list, s = append(list, s[:end]), s[end:]
	}
	if s != "" {
		list = append(list, s)
	}
	return list
}

// line is words that stand beside each other; width is theirs with single blanks.
type line struct {
	words []word
	width float64
	gaps  int
}

// breakLines fills lines of a width; the first begins in.
func (l *layout) breakLines(list []word, size, width, in float64) []line {
	l.face(size, "")
	blank := l.GetStringWidth(" ")
	var lines []line
	var now line
	for i := 0; i < len(list); {
		unit, end := list[i].width, i+1 // words that are glued go together
		for end < len(list) && list[end].glued {
			unit += list[end].width
			end++
		}
		room := width
		if len(lines) == 0 {
			room -= in
		}
		gap := blank
		if len(now.words) == 0 {
			gap = 0
		}
		if len(now.words) > 0 && now.width+gap+unit > room+1e-6 {
			lines, now = append(lines, now), line{}
			continue
		}
		now.words = append(now.words, list[i:end]...)
		now.width += gap + unit
		if gap > 0 {
			now.gaps++
		}
		i = end
	}
	if len(now.words) > 0 {
		lines = append(lines, now)
	}
	return lines
}

// look is how a paragraph is set.
type look struct {
	size    float64
	in      float64 // of the first line
	align   paper.Align
	justify bool
	before  float64
	after   float64
	style   string // added to every run's own
}

var looks = map[paper.Style]look{
	paper.Body:    {size: 14, in: indent, justify: true, after: 6 * point},
	paper.Ground:  {size: 14, in: indent, justify: true, after: 6 * point, style: "I"},
	paper.Centre:  {size: 14, align: paper.Middle, before: 4, after: 3, style: "B"},
	paper.Section: {size: 14, in: indent, before: 2, after: 6 * point, style: "B"},
	paper.Plain:   {size: 13, after: 4 * point},
	paper.Closing: {size: 13, before: 3, style: "I"},
}

func (l *layout) paragraph(p paper.Paragraph) {
	k, ok := looks[p.Style]
	if !ok {
		k = looks[paper.Body]
	}
	runs := make([]paper.Run, len(p.Runs))
	for i, r := range p.Runs {
		runs[i] = paper.Run{Text: r.Text, Bold: r.Bold || k.style == "B", Italic: r.Italic || k.style == "I"}
	}
	if l.y > marginTop {
		l.y += k.before
	}
	if p.Style == paper.Section {
		l.room(30) // with the first lines of what it heads
	}
	l.setBefore(runs, k, marginLeft, l.width(), l.tail)
	l.y += k.after
}

// set writes runs into a column, over pages if need be.
func (l *layout) set(runs []paper.Run, k look, x, width float64) { l.setBefore(runs, k, x, width, 0) }

// setBefore is set with so much more room on the page of the last two lines; three are not parted.
func (l *layout) setBefore(runs []paper.Run, k look, x, width, tail float64) {
	list := l.words(runs, k.size, width-k.in)
	lines := l.breakLines(list, k.size, width, k.in)
	if k.align == paper.Middle {
		lines = l.balanced(list, lines, k.size, width)
	}
	height := k.size * point * spacing
	last := len(lines) - 2
	if len(lines) <= 3 {
		last = 0
	}
	for i, ln := range lines {
		if tail > 0 && i == last {
			l.room(float64(len(lines)-i)*height + k.after + tail)
		}
		l.room(height)
		in := 0.0
		if i == 0 {
			in = k.in
		}
		extra := 0.0
		if k.justify && i < len(lines)-1 && ln.gaps > 0 {
			extra = (width - in - ln.width) / float64(ln.gaps)
		}
		at := x + in
		switch k.align {
		case paper.Middle:
			at = x + (width-ln.width)/2
		case paper.Right:
			at = x + width - ln.width
		}
		l.draw(ln, k.size, at, l.y+height*0.78, extra)
		l.y += height
	}
}

// balanced breaks a centred text into as many lines as it needs anyway, of nearly one length: no word is left alone on the last.
func (l *layout) balanced(list []word, lines []line, size, width float64) []line {
	least := width / float64(len(lines)+1)
	for len(lines) > 1 && width-least > 1 {
		middle := (width + least) / 2
		if tried := l.breakLines(list, size, middle, 0); len(tried) > len(lines) || slices.ContainsFunc(tried, func(ln line) bool { return ln.width > middle }) {
			least = middle
		} else {
			lines, width = tried, middle
		}
	}
	return lines
}

// draw writes a line; words of one look that are set with single blanks go in one piece.
func (l *layout) draw(ln line, size, x, y, extra float64) {
	l.face(size, "")
	blank := l.GetStringWidth(" ")
	for i := 0; i < len(ln.words); {
		text, width, end := ln.words[i].text, ln.words[i].width, i+1
		for end < len(ln.words) && ln.words[end].style == ln.words[i].style && (ln.words[end].glued || extra == 0) {
			if !ln.words[end].glued {
				text += " "
				width += blank
			}
			text += ln.words[end].text
			width += ln.words[end].width
			end++
		}
		l.face(size, ln.words[i].style)
		l.Text(x, y, text)
		x += width
		if end < len(ln.words) && !ln.words[end].glued {
			x += blank + extra
		}
		i = end
	}
}
