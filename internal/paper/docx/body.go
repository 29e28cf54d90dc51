// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package docx

import (
	"fmt"
	"strings"
	"unicode"

	"hoctap/internal/paper"
)

// body writes the document itself and collects the pictures that follow it in the file.
type body struct {
	out
	width  int // of the text, in twips
	images [][]byte
	shapes int   // of charts, so far
	err    error // what a block could not say
}

func (b *body) document(d *paper.Document) {
	b.put(declaration, `<w:document xmlns:w="`+wordNames+`" xmlns:r="`+officeLinks+`" `+
		`xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" `+
		`xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture" `+
		`xmlns:mc="`+mcNames+`" xmlns:wpg="`+groupNames+`" xmlns:wps="`+shapeNames+`"><w:body>`)
	last := section(true, false, false)
	for i, p := range d.Parts {
		b.width = textWidth(p.Landscape)
		b.bookmark(i, p.Name)
		b.blocks(p.Blocks)
		last = section(i == 0, p.Landscape, p.Alone)
		if i < len(d.Parts)-1 {
			b.gap(last)
		}
	}
	// The last section is the body's own, and a body without any paragraph is none.
	b.gap("")
	b.put(last, `</w:body></w:document>`)
}

// bookmark marks where a part begins. Word takes letters, digits and low lines, at most 40, and no name twice.
func (b *body) bookmark(i int, name string) {
	name = strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return '_'
	}, name)
	runes := []rune(fmt.Sprintf("part%d_%s", i+1, name))
	b.putf(`<w:bookmarkStart w:id="%d" w:name="`, i)
	b.text(string(runes[:min(len(runes), 40)]))
	b.putf(`"/><w:bookmarkEnd w:id="%d"/>`, i)
}

// blocks writes what belongs together as one: the subject of a letter stands in its head, a code below the recipients.
func (b *body) blocks(list []paper.Block) {
	for i := 0; i < len(list); i++ {
		var next paper.Block
		if i+1 < len(list) {
			next = list[i+1]
		}
		switch x := list[i].(type) {
		case paper.Head:
			letter, ok := next.(paper.Title)
			if !ok || letter.Kind != "" {
				b.head(x, "")
				continue
			}
			b.head(x, letter.About)
			b.title(paper.Title{Of: letter.Of, To: letter.To})
			i++
		case paper.Title:
			b.title(x)
		case paper.Paragraph:
			b.roleParagraph(x, next)
		case paper.Table:
			b.table(x)
		case paper.Sign:
			code, ok := next.(paper.Code)
			if !ok || len(x.Signers) > 1 {
				b.sign(x, nil)
				continue
			}
			b.sign(x, &code)
			i++
		case paper.Code:
			b.code(x, b.width)
			b.gap("")
		case paper.Chart:
			b.chart(x)
		case paper.PageBreak:
			b.gap(`<w:pageBreakBefore/>`)
		default:
			b.err = fmt.Errorf("no way to write a block of type %T", x)
		}
	}
}

// roleParagraph keeps the last words with the signature: none stands alone on a page.
func (b *body) roleParagraph(p paper.Paragraph, next paper.Block) {
	style, ok := named[p.Style]
	if !ok {
		style = named[paper.Body]
	}
	direct := ""
	if _, ok := next.(paper.Sign); ok {
		direct = stay
	}
	b.paragraph(style, direct, p.Runs...)
}
