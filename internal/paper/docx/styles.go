// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package docx

import (
	"strings"

	"hoctap/internal/paper"
)

// style is a named paragraph style. Sizes are half points, as in the file.
type style struct {
	name         string
	size         int
	bold, italic bool
	paragraph    string // in the order of the schema: keepNext, pBdr, spacing, ind, jc, outlineLvl
}

const (
	stay    = `<w:keepNext/>`
	centred = `<w:jc w:val="center"/>`
	tight   = `<w:spacing w:before="0" w:after="0" w:line="240" w:lineRule="auto"/>`
	spaced  = `<w:spacing w:before="0" w:after="120" w:line="276" w:lineRule="auto"/>`
	inCell  = `<w:spacing w:before="40" w:after="40" w:line="240" w:lineRule="auto"/>`
	below   = `<w:pBdr><w:bottom w:val="single" w:sz="6" w:space="0" w:color="000000"/></w:pBdr>`
	indent  = `<w:ind w:firstLine="567"/>` // 10 mm
	apart   = `<w:ind w:right="113"/>`     // 2 mm, from what stands beside
	inset   = `<w:ind w:left="57" w:right="57"/>`
)

// styles are all roles of a paper with the sizes of the decree. What stands side by side in the head is one list.
var styles = []style{
	{name: "Paper Superior", size: 26, paragraph: tight + inset + centred},
	{name: "Paper Issuer", size: 26, bold: true, paragraph: tight + inset + centred},
	{name: "Paper Nation", size: 26, bold: true, paragraph: tight + centred},
	{name: "Paper Motto", size: 28, bold: true, paragraph: tight + centred},
	{name: "Paper Number", size: 26, paragraph: `<w:spacing w:before="100" w:after="0" w:line="240" w:lineRule="auto"/>` + inset + centred},
	{name: "Paper Subject", size: 24, paragraph: tight + inset + centred},
	{name: "Paper Place and Date", size: 28, italic: true, paragraph: `<w:spacing w:before="80" w:after="0" w:line="240" w:lineRule="auto"/>` + centred},
	{name: "Paper Rule", size: 2, paragraph: below + `<w:spacing w:before="0" w:after="0" w:line="50" w:lineRule="exact"/>`},

	{name: "Paper Title", size: 28, bold: true, paragraph: stay + `<w:spacing w:before="360" w:after="0" w:line="264" w:lineRule="auto"/>` + centred + `<w:outlineLvl w:val="0"/>`},
	{name: "Paper Abstract", size: 28, bold: true, paragraph: stay + `<w:spacing w:before="0" w:after="0" w:line="264" w:lineRule="auto"/><w:ind w:left="567" w:right="567"/>` + centred},
	{name: "Paper Annex Of", size: 28, italic: true, paragraph: stay + `<w:spacing w:before="0" w:after="0" w:line="264" w:lineRule="auto"/>` + centred},
	{name: "Paper Title Rule", size: 2, paragraph: stay + below + `<w:spacing w:before="0" w:after="280" w:line="70" w:lineRule="exact"/>`},
	{name: "Paper Addressee", size: 28, paragraph: `<w:spacing w:before="240" w:after="240" w:line="264" w:lineRule="auto"/>` + centred},
	{name: "Paper Addressee List", size: 28, paragraph: `<w:spacing w:before="60" w:after="60" w:line="264" w:lineRule="auto"/><w:ind w:left="2268"/>`},

	{name: "Paper Body", size: 28, paragraph: spaced + indent + `<w:jc w:val="both"/>`},
	{name: "Paper Ground", size: 28, italic: true, paragraph: spaced + indent + `<w:jc w:val="both"/>`},
	{name: "Paper Centre", size: 28, bold: true, paragraph: stay + `<w:spacing w:before="200" w:after="200" w:line="264" w:lineRule="auto"/>` + centred},
	{name: "Paper Section", size: 28, bold: true, paragraph: stay + `<w:spacing w:before="120" w:after="120" w:line="276" w:lineRule="auto"/>` + indent + `<w:jc w:val="both"/><w:outlineLvl w:val="1"/>`},
	{name: "Paper Plain", size: 26, paragraph: spaced},
	{name: "Paper Closing", size: 26, italic: true, paragraph: `<w:spacing w:before="120" w:after="120" w:line="276" w:lineRule="auto"/>`},

	{name: "Paper Table Head", size: 24, bold: true, paragraph: stay + inCell + centred},
	{name: "Paper Table Cell", size: 24, paragraph: inCell},
	{name: "Paper Table Total", size: 24, bold: true, paragraph: inCell},

	{name: "Paper Chart Title", size: 26, bold: true, paragraph: stay + `<w:spacing w:before="160" w:after="60" w:line="240" w:lineRule="auto"/>` + centred},
	{name: "Paper Chart", size: 20, paragraph: stay + tight + centred},
	{name: "Paper Chart Text", size: 20, paragraph: tight},
	{name: "Paper Chart Sentence", size: 24, italic: true, paragraph: `<w:spacing w:before="60" w:after="160" w:line="240" w:lineRule="auto"/>` + centred},

	{name: "Paper Recipients Head", size: 24, bold: true, italic: true, paragraph: stay + tight + apart},
	{name: "Paper Recipients", size: 22, paragraph: stay + tight + apart},
	{name: "Paper Signer", size: 28, bold: true, paragraph: stay + tight + centred},
	{name: "Paper Signature Place", size: 22, italic: true, paragraph: stay + tight + centred},
	{name: "Paper Signer Name", size: 28, bold: true, paragraph: tight + centred},
	{name: "Paper Caption", size: 18, paragraph: tight},

	{name: "Paper Page Number", size: 26, paragraph: tight + centred},
	{name: "Paper Notice", size: 20, italic: true, paragraph: tight + centred},
	{name: "Paper Gap", size: 2, paragraph: `<w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/>`},
}

// named are the names of the roles that paragraphs have.
var named = map[paper.Style]string{
	paper.Body: "Paper Body", paper.Ground: "Paper Ground", paper.Centre: "Paper Centre",
	paper.Section: "Paper Section", paper.Plain: "Paper Plain", paper.Closing: "Paper Closing",
}

func styleID(name string) string { return strings.ReplaceAll(name, " ", "") }

const (
	fonts = `<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="Times New Roman" w:cs="Times New Roman"/>`
	black = `<w:color w:val="000000"/>`
)

func writeStyles(o out) {
	o.put(declaration, `<w:styles xmlns:w="`+wordNames+`"><w:docDefaults><w:rPrDefault><w:rPr>`+fonts+black+`<w:sz w:val="28"/><w:szCs w:val="28"/>`+
		`<w:lang w:val="vi-VN" w:eastAsia="vi-VN" w:bidi="vi-VN"/></w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>`+
		`<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/></w:style>`+
		`<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/><w:uiPriority w:val="99"/><w:semiHidden/><w:tblPr>`+
		`<w:tblInd w:w="0" w:type="dxa"/></w:tblPr></w:style>`)
	for _, s := range styles {
		o.putf(`<w:style w:type="paragraph" w:customStyle="1" w:styleId="%s"><w:name w:val="%s"/><w:basedOn w:val="Normal"/><w:qFormat/><w:pPr>%s</w:pPr><w:rPr>%s`,
			styleID(s.name), s.name, s.paragraph, fonts)
		if s.bold {
			o.put(`<w:b/><w:bCs/>`)
		}
		if s.italic {
			o.put(`<w:i/><w:iCs/>`)
		}
		o.putf(`%s<w:sz w:val="%d"/><w:szCs w:val="%[2]d"/></w:rPr></w:style>`, black, s.size)
	}
	o.put(`</w:styles>`)
}
