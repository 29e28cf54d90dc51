// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package pdf

import (
	"fmt"

	"codeberg.org/go-pdf/fpdf"

	"hoctap/internal/paper"
)

// head is set in two columns, the right one wider: the nation's title at 13 points must stay on one line.
// Without who issues it the nation's title stands in the middle of the page, and the day at the right.
func (l *layout) head(h paper.Head) {
	if h.Alone() {
		l.nation(h, marginLeft, l.width())
		l.y += 3
		l.set([]paper.Run{{Text: h.Day, Italic: true}}, look{size: 14, align: paper.Right}, marginLeft, l.width())
		l.y, l.under = l.y+6, 0
		return
	}
	left, right := l.width()*0.40, l.width()*0.60
	leftX, rightX := marginLeft-4, marginLeft-4+left // into the margin a little, as offices set it
	right += 8
	y := l.y
	for _, s := range h.Superior {
		l.set([]paper.Run{{Text: s}}, look{size: 13, align: paper.Middle}, leftX, left)
	}
	for _, s := range h.Issuer {
		l.set([]paper.Run{{Text: s, Bold: true}}, look{size: 13, align: paper.Middle}, leftX, left)
	}
	if len(h.Issuer) > 0 {
		l.rule(leftX+left/2, l.y+1, 21)
		l.y += 3
	}
	l.set([]paper.Run{{Text: h.Number}}, look{size: 13, align: paper.Middle}, leftX, left)
	leftEnd := l.y
	l.y = y
	l.nation(h, rightX, right)
	l.y += 3
	l.set([]paper.Run{{Text: h.Day, Italic: true}}, look{size: 14, align: paper.Middle}, rightX, right)
	l.y, l.under = max(l.y, leftEnd)+6, leftEnd
}

// nation is the nation's title on one line, and its motto over a rule.
func (l *layout) nation(h paper.Head, x, width float64) {
	size := 13.0
	for l.face(size, "B"); l.GetStringWidth(h.Nation) > width && size > 11; l.face(size, "B") {
		size -= 0.5
	}
	l.set([]paper.Run{{Text: h.Nation, Bold: true}}, look{size: size, align: paper.Middle}, x, width)
	l.set([]paper.Run{{Text: h.Motto, Bold: true}}, look{size: 14, align: paper.Middle}, x, width)
	l.face(14, "B")
	l.rule(x+width/2, l.y+0.6, l.GetStringWidth(h.Motto))
}

// rule is a short line around x.
func (l *layout) rule(x, y, width float64) {
	l.SetLineWidth(0.25)
	l.Line(x-width/2, y, x+width/2, y)
}

// title is centred; a letter, which has no kind, has what it is about under its number.
func (l *layout) title(t paper.Title) {
	centre := look{size: 14, align: paper.Middle}
	if t.Kind == "" && l.under > 0 {
		below := l.y
		l.y = l.under + 1
		l.set([]paper.Run{{Text: t.About}}, look{size: 12, align: paper.Middle}, marginLeft-4, l.width()*0.40)
		l.y = max(l.y+4, below)
		t.About = ""
	}
	l.room(25)
	if t.Kind != "" {
		l.set([]paper.Run{{Text: t.Kind, Bold: true}}, centre, marginLeft, l.width())
	}
	inset := l.width() * 0.06
	if t.About != "" {
		l.set([]paper.Run{{Text: t.About, Bold: true}}, centre, marginLeft+inset, l.width()-2*inset)
	}
	if t.Of != "" {
		l.set([]paper.Run{{Text: t.Of, Italic: true}}, look{size: 13, align: paper.Middle}, marginLeft, l.width())
	}
	if t.About != "" || t.Of != "" {
		l.rule(marginLeft+l.width()/2, l.y+1.2, 40)
		l.y += 3
	}
	for _, to := range t.To {
		l.y += 2
		l.set([]paper.Run{{Text: to}}, centre, marginLeft, l.width())
	}
	l.y += 5
}

// Sizes of a foot in mm: the room for signature and seal, and the name below it.
const (
	sealRoom = 27.0
	nameRoom = 14 * point * spacing
	overSign = 4.0
)

// signColumns is how many columns a foot has, and how wide each is.
func (l *layout) signColumns(s paper.Sign) (columns int, width float64) {
	columns = max(len(s.Signers), 1)
	if len(s.Recipients) > 0 && columns == 1 {
		columns = 2
	}
	return columns, l.width() / float64(columns)
}

// signHeight is the room that a foot needs.
func (l *layout) signHeight(s paper.Sign) float64 {
	_, width := l.signColumns(s)
	height := 2*14*point*spacing + sealRoom + nameRoom
	for _, r := range s.Signers {
		lines := 0
		for _, line := range r.Lines() {
			lines += len(l.breakLines(l.words([]paper.Run{{Text: line, Bold: true}}, 14, width), 14, width, 0))
		}
		height = max(height, float64(lines)*14*point*spacing+sealRoom+nameRoom)
	}
	recipients := float64(len(s.Recipients)+1) * 12 * point * spacing
	if len(s.Signers) > 1 && len(s.Recipients) > 0 { // below, because there is no room beside
		return height + overSign + recipients
	}
	return max(height, recipients)
}

// sign keeps recipients and signers together on one page.
func (l *layout) sign(s paper.Sign) {
	l.y += overSign
	columns, width := l.signColumns(s)
	l.room(l.signHeight(s) + l.tail)
	top := l.y
	if len(s.Signers) <= 1 {
		l.recipients(s.Recipients, width)
	}
	end, below := l.y, top
	at := func(i int) float64 { return marginLeft + width*float64(i+columns-len(s.Signers)) }
	centre := look{size: 14, align: paper.Middle}
	for i, r := range s.Signers {
		l.y = top
		for _, line := range r.Lines() {
			if line != "" {
				l.set([]paper.Run{{Text: line, Bold: true}}, centre, at(i), width)
			}
		}
		below = max(below, l.y) // names stand in one line, whatever stands above them
	}
	for i, r := range s.Signers {
		if r.Place != "" {
			l.SetTextColor(90, 90, 90)
			l.y = below + sealRoom/2 - 3
			l.set([]paper.Run{{Text: r.Place, Italic: true}}, look{size: 11, align: paper.Middle}, at(i), width)
			l.SetTextColor(0, 0, 0)
		}
		l.spots = append(l.spots, Spot{r.Name, l.PageNo(), at(i), below, width, sealRoom})
		l.y = below + sealRoom
		l.set([]paper.Run{{Text: r.Name, Bold: true}}, centre, at(i), width)
		end = max(end, l.y)
	}
	l.y = end
	if len(s.Signers) > 1 && len(s.Recipients) > 0 {
		l.y += overSign
		l.recipients(s.Recipients, l.width())
	}
}

// recipients begin with their heading.
func (l *layout) recipients(list []string, width float64) {
	for i, r := range list {
		k, run := look{size: 11}, paper.Run{Text: r}
		if i == 0 {
			k, run = look{size: 12}, paper.Run{Text: r, Bold: true, Italic: true}
		}
		l.set([]paper.Run{run}, k, marginLeft, width-4)
	}
}

func (l *layout) code(c paper.Code) {
	const side = 25.0
	l.y += 3
	l.room(side)
	if err := drawCode(l.Fpdf, c.Text, marginLeft, l.y, side); err != nil {
		l.SetError(err)
		return
	}
	top := l.y
	l.y += side/2 - float64(len(c.Caption))*9*point*spacing/2
	for _, line := range c.Caption {
		l.set([]paper.Run{{Text: line}}, look{size: 9}, marginLeft+side+2, l.width()-side-2)
	}
	l.y = top + side
}

// drawCode draws a QR code with its quiet edge inside side.
func drawCode(f *fpdf.Fpdf, text string, x, y, side float64) error {
	size, bars, err := paper.Bars(text)
	if err != nil {
		return err
	}
	module := side / float64(size+2*paper.Quiet)
	f.SetFillColor(255, 255, 255)
	f.Rect(x, y, side, side, "F")
	f.SetFillColor(0, 0, 0)
	// The black is written in whole modules, counted down from the upper left one: a third of the bytes that lengths on the page would take, and a file of
	// thousands of codes is held in memory until its end.
	_, height := f.GetPageSize()
	corner := float64(paper.Quiet) * module
	black := fmt.Appendf(nil, "q %.4f 0 0 %.4f %.3f %.3f cm\n", module/point, -module/point, (x+corner)/point, (height-y-corner)/point)
	for _, bar := range bars {
		black = fmt.Appendf(black, "%d %d %d 1 re f\n", bar.X, bar.Y, bar.Length)
	}
	f.RawWriteStr(string(append(black, "Q"...)))
	return nil
}
