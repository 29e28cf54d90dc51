// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package pdf

import (
	"io"
	"iter"
	"strings"

	"codeberg.org/go-pdf/fpdf"

	"hoctap/internal/paper"
)

// A certificate is drawn in the same units as on the screen: a field of 840 × 594 on A4 landscape.
const (
	pageWidth  = 297.0
	pageHeight = 210.0
	unit       = pageWidth / 840
)

// The colours of a certificate.
type colour struct{ r, g, b int }

var (
	ground = colour{255, 253, 245}
	ink    = colour{42, 33, 24}
	red    = colour{176, 36, 29}
	gold   = colour{201, 154, 46}
	pale   = colour{246, 237, 212} // the drum: gold at a fifth on the ground
	indigo = colour{43, 54, 128}
	faint  = colour{107, 91, 62}
)

// Certificates prints many certificates into one file, one a page, in the order of list. An error of list ends it.
func (p *Press) Certificates(w io.Writer, title, author, date string, list iter.Seq2[paper.Certificate, error]) error {
	f, err := p.certificates(title, author, date, list)
	if err != nil {
		return err
	}
	return f.Output(w)
}

// ArchiveCertificates prints what Certificates prints in the form for keeping, as Archive does.
func (p *Press) ArchiveCertificates(w io.Writer, title, author, date string, list iter.Seq2[paper.Certificate, error]) error {
	f, err := p.certificates(title, author, date, list)
	if err != nil {
		return err
	}
	return keep(w, f, title, author, date)
}

func (p *Press) certificates(title, author, date string, list iter.Seq2[paper.Certificate, error]) (*fpdf.Fpdf, error) {
	f := p.open("L", title, author, date)
	f.AddUTF8FontFromBytes(displayFace, "", p.faces.Display)
	f.AddUTF8FontFromBytes(displayFace, "I", p.faces.DisplayItalic)
	f.AddUTF8FontFromBytes(displayFace, "B", p.faces.DisplayBold)
	f.SetAutoPageBreak(false, 0)
	s := sheet{f, p.display}
	// The library takes a template that is wider than high, and the page it goes on, for upright ones: so the template is a square, moved up by what
	// it is too high.
	square, up := fpdf.SizeType{Wd: pageWidth, Ht: pageWidth}, fpdf.PointType{Y: pageWidth - pageHeight}
	frame := f.CreateTemplateCustom(fpdf.PointType{}, square, func(t *fpdf.Tpl) { sheet{Fpdf: &t.Fpdf}.frame() })
	for c, err := range list {
		if err != nil {
			return nil, err
		}
		f.AddPage()
		f.UseTemplateScaled(frame, up, square)
		s.certificate(&c)
		if f.Err() {
			break
		}
	}
	return f, nil
}

// sheet draws in units.
type sheet struct {
	*fpdf.Fpdf
	letters *letters
}

func (s sheet) pen(c colour, width float64) {
	s.SetDrawColor(c.r, c.g, c.b)
	s.SetLineWidth(width * unit)
}

func (s sheet) ink(c colour, size float64, style string) {
	s.SetFont(displayFace, style, size*unit/point)
	s.SetTextColor(c.r, c.g, c.b)
}

// frame is what all certificates share: ground, bronze drum, double edge, corners.
func (s sheet) frame() {
	s.SetFillColor(ground.r, ground.g, ground.b)
	s.Rect(0, 0, pageWidth, pageHeight, "F")
	s.drum(pageWidth/2, pageHeight/2, 260*unit)
	s.pen(red, 3)
	s.Rect(17.5*unit, 17.5*unit, pageWidth-35*unit, pageHeight-35*unit, "D")
	s.pen(gold, 1)
	s.Rect(23.5*unit, 23.5*unit, pageWidth-47*unit, pageHeight-47*unit, "D")
	s.pen(gold, 1.9)
	for _, flip := range [][2]float64{{1, 1}, {-1, 1}, {1, -1}, {-1, -1}} {
		at := func(x, y float64) (float64, float64) { // a point of the corner's field of 32, which is 44 wide
			px, py := (28+x*44/32)*unit, (28+y*44/32)*unit
			if flip[0] < 0 {
				px = pageWidth - px
			}
			if flip[1] < 0 {
				py = pageHeight - py
			}
			return px, py
		}
		for _, l := range [][4]float64{{2, 30, 2, 2}, {2, 2, 30, 2}, {7, 30, 7, 7}, {7, 7, 30, 7}, {12, 30, 12, 12}, {12, 12, 30, 12}, {2, 2, 12, 12}} {
			x1, y1 := at(l[0], l[1])
			x2, y2 := at(l[2], l[3])
			s.Line(x1, y1, x2, y2)
		}
	}
}

// drum draws the face of a bronze drum around a point.
func (s sheet) drum(x, y, radius float64) {
	k := radius / 100
	face := paper.Drum()
	star := make([]fpdf.PointType, len(face.Star))
	for i, p := range face.Star {
		star[i] = fpdf.PointType{X: x + p.X*k, Y: y + p.Y*k}
	}
	s.SetFillColor(pale.r, pale.g, pale.b)
	s.Polygon(star, "F")
	s.SetDrawColor(pale.r, pale.g, pale.b)
	s.SetLineWidth(paper.DrumStroke * k)
	for _, c := range face.Circles {
		s.Circle(x+c.X*k, y+c.Y*k, c.Radius*k, "D")
	}
	for _, l := range face.Strokes {
		s.Line(x+l[0].X*k, y+l[0].Y*k, x+l[1].X*k, y+l[1].Y*k)
	}
}

// row writes one line around x, smaller when it would be wider than room, down to half; y is the baseline, in units.
func (s sheet) row(x, y, room float64, c colour, size float64, style, text string) {
	text = s.letters.readable(text)
	s.ink(c, size, style)
	for least := size / 2; size > least && s.GetStringWidth(text) > room*unit; {
		size -= size / 20
		s.ink(c, size, style)
	}
	s.Text(x*unit-s.GetStringWidth(text)/2, y*unit, text)
}

// halves parts a name that would not be set at three quarters of its size, at the blank nearest to its middle or, without one, there.
func (s sheet) halves(text string, size, room float64) (first, second string) {
	text = s.letters.readable(text)
	s.ink(ink, size*3/4, "B")
	whole := s.GetStringWidth(text)
	if whole <= room*unit {
		return text, ""
	}
	best, at, blank := whole, len(text), false
	for i, r := range text {
		space := r == ' '
		if i == 0 || blank && !space {
			continue
		}
		apart := max(s.GetStringWidth(text[:i]), s.GetStringWidth(text[i:]))
		if apart < best || space && !blank {
			best, at, blank = apart, i, space
		}
	}
	return strings.TrimSpace(text[:at]), strings.TrimSpace(text[at:])
}

func (s sheet) certificate(c *paper.Certificate) {
	const middle, wide = 420, 700
	if c.Marks.Across != "" {
		across(s.Fpdf, displayFace, s.letters.readable(c.Marks.Across), pageWidth, pageHeight)
	}
	if c.Marks.Notice != "" {
		s.row(middle, 39, wide, red, 12, "B", c.Marks.Notice)
	}
	s.row(middle, 63, wide, ink, 17, "B", c.Nation)
	s.row(middle, 89, wide, ink, 18, "B", c.Motto)
	s.pen(ink, 1)
	half := s.GetStringWidth(c.Motto) / 2
	s.Line(middle*unit-half, 98*unit, middle*unit+half, 98*unit)
	s.row(middle, 133, wide, ink, 16, "", c.Issuer)
	s.row(middle, 200, wide, red, 46, "B", c.Kind)
	if c.Lead == "" {
		s.row(middle, 244, wide, ink, 25, "I", c.What)
	} else {
		s.row(middle, 240, wide, ink, 20, "I", c.Lead)
	}
	if first, second := s.halves(c.Holder, 37, wide); second != "" {
		s.row(middle, 286, wide, indigo, 26, "B", first)
		s.row(middle, 315, wide, indigo, 26, "B", second)
	} else {
		s.row(middle, 304, wide, indigo, 37, "B", first)
	}
	s.row(middle, 338, wide, ink, 20, "", c.Address)
	until := 364.0
	if c.Lead != "" {
		until = 398
		s.row(middle, 374, wide, ink, 24, "I", c.What)
	}
	s.row(middle, until, wide, ink, 16, "I", c.Until)
	if c.Void != "" {
		s.row(middle, 410, wide, red, 34, "B", c.Void)
	}
	const right, foot = 603, 330
	lines := c.SignLines()
	top, step := 458.0, 21.0
	for i, line := range lines {
		s.row(right, top+step*(float64(i)-float64(len(lines)-1)/2), foot, ink, 17, "B", line)
	}
	s.row(right, 433-step*float64(len(lines)-1)/2, foot, ink, 17, "I", c.Day)
	s.row(right, 526, foot, ink, 17, "B", c.Signer)
	if c.Link != "" {
		if err := drawCode(s.Fpdf, c.Link, 68*unit, 436*unit, 100*unit); err != nil {
			s.SetError(err)
			return
		}
	}
	s.ink(ink, 15, "")
	s.Text(176*unit, 506*unit, s.letters.readable(c.Code))
	s.Text(176*unit, 527*unit, s.letters.readable(c.Scan))
	s.row(middle, 556, wide, faint, 13.5, "", c.Entered)
}
