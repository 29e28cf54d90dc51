// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package pdf

import (
	"codeberg.org/go-pdf/fpdf"

	"hoctap/internal/paper"
)

// chart sets a chart with its title and sentence, all on one page.
func (l *layout) chart(c paper.Chart) {
	const titleSize, saidSize = 13.0, 12.0
	p := c.Plot()
	title, said := []paper.Run{{Text: c.Title, Bold: true}}, []paper.Run{{Text: c.Said, Italic: true}}
	lines := func(runs []paper.Run, size float64) float64 {
		return float64(len(l.breakLines(l.words(runs, size, l.width()), size, l.width(), 0))) * size * point * spacing
	}
	l.y += 3
	l.room(lines(title, titleSize) + 1 + p.Height*point + 1 + lines(said, saidSize))
	if c.Title != "" {
		l.set(title, look{size: titleSize, align: paper.Middle}, marginLeft, l.width())
		l.y++
	}
	l.plot(p, marginLeft+(l.width()-p.Width*point)/2, l.y)
	l.y += p.Height*point + 1
	if c.Said != "" {
		l.set(said, look{size: saidSize, align: paper.Middle}, marginLeft, l.width())
	}
	l.y += 3
}

// plot draws a chart as lines and areas; x and y are its upper left corner.
func (l *layout) plot(p paper.Plot, x, y float64) {
	l.SetLineCapStyle("butt")
	l.SetLineJoinStyle("round")
	for _, s := range p.Shapes {
		k := paper.Looks[s.Ink]
		l.SetDrawColor(k.Line.RGB())
		l.SetFillColor(k.Fill.RGB())
		l.SetLineWidth(k.Width * paper.PlotSize * point)
		var dash []float64
		for _, d := range k.Dash {
			dash = append(dash, d*paper.PlotSize*point)
		}
		l.SetDashPattern(dash, 0)
		style := "" // of areas
		if k.Fill != "" {
			style = "F"
		}
		if k.Line != "" {
			style += "D"
		}
		for _, path := range s.Paths {
			points := make([]fpdf.PointType, len(path))
			for i, at := range path {
				points[i] = fpdf.PointType{X: x + at.X*point, Y: y + at.Y*point}
			}
			switch {
			case s.Radius > 0:
				for _, at := range points {
					l.Circle(at.X, at.Y, s.Radius*point, style)
				}
			case s.Closed:
				l.Polygon(points, style)
			default:
				for i, at := range points {
					if i == 0 {
						l.MoveTo(at.X, at.Y)
					} else {
						l.LineTo(at.X, at.Y)
					}
				}
				l.DrawPath("D")
			}
		}
	}
	l.SetDashPattern(nil, 0)
	l.SetDrawColor(0, 0, 0)
	l.SetFillColor(0, 0, 0)
	for _, t := range p.Texts {
		style, colour := "", paper.PlotBlack
		if t.Strong {
			style = "B"
		} else if t.Soft {
			colour = paper.PlotGrey
		}
		l.face(t.Size, style)
		l.SetTextColor(colour.RGB())
		at := x + t.X*point
		switch t.Anchor {
		case paper.Middle:
			at -= l.GetStringWidth(t.Text) / 2
		case paper.Right:
			at -= l.GetStringWidth(t.Text)
		}
		l.Text(at, y+t.Y*point, t.Text)
	}
	l.SetTextColor(0, 0, 0)
}
