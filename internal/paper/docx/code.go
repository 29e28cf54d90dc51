// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package docx

import (
	"rsc.io/qr"

	"hoctap/internal/paper"
)

// codeSide is a QR code with its quiet zone: 25 mm, as twips and as the 1/360,000 cm of drawings.
const (
	codeSide    = 1417
	codeDrawing = 900_000
)

// code sets the picture beside its caption. Medium correction, because paper is folded and gets stained; rsc.io/qr draws the quiet zone of four modules.
func (b *body) code(c paper.Code, width int) {
	q, err := qr.Encode(c.Text, qr.M)
	if err != nil {
		b.err = err
		return
	}
	n := len(b.images)
	b.images = append(b.images, q.PNG())

	b.gap(before(100))
	b.openTable(0, "", []int{codeSide, width - codeSide})
	b.openRow("")
	b.openCell(codeSide, inMiddle)
	b.put(`<w:p><w:pPr><w:pStyle w:val="` + styleID("Paper Caption") + `"/></w:pPr>`)
	b.putf(`<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="%d" cy="%[1]d"/><wp:docPr id="%d" name="QR %[2]d" descr="`, codeDrawing, n+1)
	b.text(c.Text)
	b.putf(`"/><wp:cNvGraphicFramePr><a:graphicFrameLocks noChangeAspect="1"/></wp:cNvGraphicFramePr>`+
		`<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic>`+
		`<pic:nvPicPr><pic:cNvPr id="%d" name="QR %[1]d"/><pic:cNvPicPr/></pic:nvPicPr>`+
		`<pic:blipFill><a:blip r:embed="%[2]s"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>`+
		`<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="%[3]d" cy="%[3]d"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr>`+
		`</pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>`, n+1, imageLink(n), codeDrawing)
	b.put(closeCell)
	b.openCell(width-codeSide, inMiddle)
	for _, line := range c.Caption {
		b.line("Paper Caption", line)
	}
	if len(c.Caption) == 0 {
		b.gap("")
	}
	b.put(closeCell, closeRow, closeTable)
}
