// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package docx

import (
	"math"

	"hoctap/internal/paper"
)

// emu is a point in the unit of drawings.
const emu = 12700

const (
	groupNames = `http://schemas.microsoft.com/office/word/2010/wordprocessingGroup`
	shapeNames = `http://schemas.microsoft.com/office/word/2010/wordprocessingShape`
	mcNames    = `http://schemas.openxmlformats.org/markup-compatibility/2006`
)

// chart writes a chart as a group of shapes that people can take apart and change, with its title and sentence. Word before 2010 has the sentence only.
// They stand in a cell that is never cut: in the text itself LibreOffice drops the texts of a group's boxes behind the head of a paper.
func (b *body) chart(c paper.Chart) {
	p := c.Plot()
	widths := []int{b.width}
	b.openTable(0, "", widths)
	b.openRow("")
	b.openCell(widths[0], "")
	defer func() {
		b.put(closeCell, closeRow, closeTable)
		b.gap("")
	}()
	if c.Title != "" {
		b.line("Paper Chart Title", c.Title)
	}
	if p.Height > 0 {
		b.put(`<w:p><w:pPr><w:pStyle w:val="` + styleID("Paper Chart") + `"/></w:pPr><w:r><mc:AlternateContent><mc:Choice Requires="wpg"><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0">`)
		b.putf(`<wp:extent cx="%d" cy="%d"/><wp:docPr id="%d" name="Chart" descr="`, int(p.Width*emu), int(p.Height*emu), b.shapeID())
		b.text(c.Said)
		b.put(`" title="`)
		b.text(c.Title)
		b.putf(`"/><wp:cNvGraphicFramePr/><a:graphic><a:graphicData uri="`+groupNames+`"><wpg:wgp><wpg:cNvGrpSpPr/><wpg:grpSpPr><a:xfrm><a:off x="0" y="0"/>`+
			`<a:ext cx="%d" cy="%d"/><a:chOff x="0" y="0"/><a:chExt cx="%[1]d" cy="%[2]d"/></a:xfrm></wpg:grpSpPr>`, int(p.Width*emu), int(p.Height*emu))
		for _, s := range p.Shapes {
			b.chartShape(s)
		}
		for _, t := range p.Texts {
			b.chartText(t)
		}
		b.put(`</wpg:wgp></a:graphicData></a:graphic></wp:inline></w:drawing></mc:Choice><mc:Fallback><w:t></w:t></mc:Fallback></mc:AlternateContent></w:r></w:p>`)
	}
	if c.Said != "" || p.Height == 0 { // a cell ends with a paragraph
		b.line("Paper Chart Sentence", c.Said)
	}
}

// shapeID counts drawings and their shapes, beyond what codes are numbered with: none has a number twice.
func (b *body) shapeID() int {
	b.shapes++
	return 100_000 + b.shapes
}

// chartShape writes lines or an area as one free form, and circles each.
func (b *body) chartShape(s paper.Shape) {
	if s.Radius > 0 {
		for _, path := range s.Paths {
			for _, at := range path {
				b.openShape(at.X-s.Radius, at.Y-s.Radius, 2*s.Radius, 2*s.Radius, "")
				b.put(`<a:prstGeom prst="ellipse"><a:avLst/></a:prstGeom>`)
				b.look(s.Ink)
				b.put(`</wps:spPr><wps:bodyPr/></wps:wsp>`)
			}
		}
		return
	}
	left, top, right, bottom := math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	for _, path := range s.Paths {
		for _, at := range path {
			left, top, right, bottom = min(left, at.X), min(top, at.Y), max(right, at.X), max(bottom, at.Y)
		}
	}
	if left > right {
		return
	}
	width, height := max(right-left, 1./emu), max(bottom-top, 1./emu) // a path without extent has no scale
	b.openShape(left, top, width, height, "")
	fill := ` fill="none"`
	if s.Closed {
		fill = ""
	}
	b.putf(`<a:custGeom><a:avLst/><a:gdLst/><a:ahLst/><a:cxnLst/><a:rect l="0" t="0" r="r" b="b"/><a:pathLst><a:path w="%d" h="%d"%s>`, int(math.Round(width*emu)), int(math.Round(height*emu)), fill)
	for _, path := range s.Paths {
		for i, at := range path {
			way := "lnTo"
			if i == 0 {
				way = "moveTo"
			}
			b.putf(`<a:%s><a:pt x="%d" y="%d"/></a:%[1]s>`, way, int(math.Round((at.X-left)*emu)), int(math.Round((at.Y-top)*emu)))
		}
		if s.Closed {
			b.put(`<a:close/>`)
		}
	}
	b.put(`</a:path></a:pathLst></a:custGeom>`)
	b.look(s.Ink)
	b.put(`</wps:spPr><wps:bodyPr/></wps:wsp>`)
}

func (b *body) openShape(x, y, width, height float64, kind string) {
	b.putf(`<wps:wsp><wps:cNvPr id="%d" name=""/><wps:cNvSpPr%s/><wps:spPr><a:xfrm><a:off x="%d" y="%d"/><a:ext cx="%d" cy="%d"/></a:xfrm>`, b.shapeID(), kind,
		int(math.Round(x*emu)), int(math.Round(y*emu)), int(math.Round(width*emu)), int(math.Round(height*emu)))
}

// look writes filling and line of an ink. Dashes are shares of the line's width, in thousandths of a percent.
func (b *body) look(ink paper.Ink) {
	k := paper.Looks[ink]
	fill := func(c paper.Colour) {
		if c == "" {
			b.put(`<a:noFill/>`)
			return
		}
		b.put(`<a:solidFill><a:srgbClr val="`, string(c), `"/></a:solidFill>`)
	}
	fill(k.Fill)
	b.putf(`<a:ln w="%d" cap="flat">`, int(k.Width*paper.PlotSize*emu))
	fill(k.Line)
	if len(k.Dash) == 2 {
		b.putf(`<a:custDash><a:ds d="%d" sp="%d"/></a:custDash>`, int(k.Dash[0]/k.Width*100_000), int(k.Dash[1]/k.Width*100_000))
	}
	b.put(`<a:round/></a:ln>`)
}

// chartText is a box with one line, as wide as the text is at most; the line's place in it follows from Times New Roman, whose letters rise 0.891 of their size.
func (b *body) chartText(t paper.PlotText) {
	const rise, high, spare = 0.891, 1.25, 2.0
	left, right, _, _ := t.Box()
	align := "left"
	switch t.Anchor {
	case paper.Middle:
		align, left, right = "center", left-spare/2, right+spare/2
	case paper.Right:
		align, left = "right", left-spare
	default:
		right += spare
	}
	b.openShape(left, t.Y-rise*t.Size, right-left, high*t.Size, ` txBox="1"`)
	b.put(`<a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:noFill/><a:ln><a:noFill/></a:ln></wps:spPr><wps:txbx><w:txbxContent>`+
		`<w:p><w:pPr><w:pStyle w:val="`+styleID("Paper Chart Text")+`"/><w:jc w:val="`, align, `"/></w:pPr><w:r><w:rPr>`)
	colour := paper.PlotBlack
	if t.Strong {
		b.put(`<w:b/><w:bCs/>`)
	} else if t.Soft {
		colour = paper.PlotGrey
	}
	b.putf(`<w:color w:val="%s"/><w:sz w:val="%d"/><w:szCs w:val="%[2]d"/></w:rPr><w:t xml:space="preserve">`, string(colour), int(math.Round(2*t.Size)))
	b.text(t.Text)
	b.put(`</w:t></w:r></w:p></w:txbxContent></wps:txbx><wps:bodyPr wrap="square" lIns="0" tIns="0" rIns="0" bIns="0" anchor="t"><a:noAutofit/></wps:bodyPr></wps:wsp>`)
}
