// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package docx

import (
	"fmt"

	"hoctap/internal/paper"
)

// The page in twips, of which 20 are a point and 56.7 a millimetre.
const (
	shortSide, longSide     = 11906, 16838
	marginTop, marginBottom = 1134, 1134 // 20 mm
	marginLeft, marginRight = 1701, 850  // 30 and 15 mm
	headerTop               = 454        // 8 mm, so that the page number and a notice fit above the text
)

const wordNames = `http://schemas.openxmlformats.org/wordprocessingml/2006/main`

// textWidth is the width between the margins.
func textWidth(landscape bool) int {
	if landscape {
		return longSide - marginLeft - marginRight
	}
	return shortSide - marginLeft - marginRight
}

// section is the layout of a part's pages. The first page of a paper goes without a number: that of the first part, and of a part that is a
// paper of its own.
func section(first, landscape, alone bool) string {
	references, titlePage := `<w:headerReference w:type="default" r:id="other"/>`, ""
	if first || alone {
		references += `<w:headerReference w:type="first" r:id="first"/>`
		titlePage = `<w:titlePg/>`
	}
	restart := ""
	if alone {
		restart = `<w:pgNumType w:start="1"/>`
	}
	size := fmt.Sprintf(`<w:pgSz w:w="%d" w:h="%d"/>`, shortSide, longSide)
	if landscape {
		size = fmt.Sprintf(`<w:pgSz w:w="%d" w:h="%d" w:orient="landscape"/>`, longSide, shortSide)
	}
	return fmt.Sprintf(`<w:sectPr>%s<w:type w:val="nextPage"/>%s<w:pgMar w:top="%d" w:right="%d" w:bottom="%d" w:left="%d" w:header="%d" w:footer="%[7]d" w:gutter="0"/>`+
		`%[9]s<w:cols w:space="708"/>%[8]s</w:sectPr>`, references, size, marginTop, marginRight, marginBottom, marginLeft, headerTop, titlePage, restart)
}

// header is what stands above the text, and behind it: the mark across hangs on the header, as Word does it, to come on every page.
func header(o out, m paper.Marks, number bool) {
	o.put(declaration, `<w:hdr xmlns:w="`+wordNames+`" xmlns:r="`+officeLinks+`" xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office">`+
		`<w:p><w:pPr><w:pStyle w:val="`+styleID("Paper Page Number")+`"/></w:pPr>`)
	if m.Across != "" {
		watermark(o, m.Across)
	}
	if number {
		o.put(`<w:fldSimple w:instr=" PAGE "><w:r><w:t>2</w:t></w:r></w:fldSimple>`)
	}
	o.put(`</w:p>`)
	if m.Notice != "" {
		o.line("Paper Notice", m.Notice)
	}
	o.put(`</w:hdr>`)
}

// watermark is light WordArt from corner to corner. WordArt fills its frame, so the frame takes the shape of the words.
func watermark(o out, words string) {
	const longest, highest, lineHeight = 500.0, 100.0, 1.15 // points
	shape := lengthOf(words, 1) / 20 / lineHeight
	height := min(longest/shape, highest)
	o.putf(`<w:r><w:pict><v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800" path="m@7,l@8,m@5,21600l@6,21600e"><v:formulas>`+
		`<v:f eqn="sum #0 0 10800"/><v:f eqn="prod #0 2 1"/><v:f eqn="sum 21600 0 @1"/><v:f eqn="sum 0 0 @2"/><v:f eqn="sum 21600 0 @3"/>`+
		`<v:f eqn="if @0 @3 0"/><v:f eqn="if @0 21600 @1"/><v:f eqn="if @0 0 @2"/><v:f eqn="if @0 @4 21600"/><v:f eqn="mid @5 @6"/><v:f eqn="mid @8 @5"/>`+
		`<v:f eqn="mid @7 @8"/><v:f eqn="mid @6 @7"/><v:f eqn="sum @6 0 @5"/></v:formulas><v:path textpathok="t" o:connecttype="custom" `+
		`o:connectlocs="@9,0;@10,10800;@11,21600;@12,10800" o:connectangles="270,180,90,0"/><v:textpath on="t" fitshape="t"/>`+
		`<v:handles><v:h position="#0,bottomRight" xrange="6629,14971"/></v:handles><o:lock v:ext="edit" text="t" shapetype="t"/></v:shapetype>`+
		`<v:shape id="PowerPlusWaterMarkObject1" o:spid="_x0000_s2049" type="#_x0000_t136" style="position:absolute;margin-left:0;margin-top:0;width:%.1fpt;height:%.1fpt;`+
		`rotation:315;z-index:-251658752;mso-position-horizontal:center;mso-position-horizontal-relative:margin;mso-position-vertical:center;`+
		`mso-position-vertical-relative:margin" o:allowincell="f" fillcolor="#e9b4b1" stroked="f"><v:fill opacity=".4"/>`+
		`<v:textpath style="font-family:&quot;Times New Roman&quot;;font-size:1pt;font-weight:bold" string="`, height*shape, height)
	o.text(words)
	o.put(`"/></v:shape></w:pict></w:r>`)
}
