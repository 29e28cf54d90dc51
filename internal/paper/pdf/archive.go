// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package pdf

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"time"

	"codeberg.org/go-pdf/fpdf"

	"hoctap/internal/paper"
)

// Archive prints what Write prints as PDF/A-2b (ISO 19005-2, level B), the form for keeping: colours that mean sRGB, metadata that people and catalogues
// read alike, fonts that stand for themselves. No validator was at hand when this was written: the tests check from the bytes each requirement that this
// writer could miss, and veraPDF should have the last word before an archive takes the first file.
func (p *Press) Archive(w io.Writer, d *paper.Document) error {
	return keep(w, p.set(d), d.Title, d.Author, d.Date)
}

// keep writes a file in the form for keeping.
func keep(w io.Writer, f *fpdf.Fpdf, title, author, date string) error {
	f.SetXmpMetadata(metadata(title, author, day(date)))
	f.AddOutputIntent(fpdf.OutputIntentType{SubtypeIdent: fpdf.OutputIntent_GTS_PDFA1, OutputConditionIdentifier: "sRGB", Info: "sRGB IEC61966-2.1", ICCProfile: profile()})
	var b bytes.Buffer
	if err := f.Output(&b); err != nil {
		return err
	}
	kept, err := conform(b.Bytes())
	if err != nil {
		return err
	}
	_, err = w.Write(kept)
	return err
}

// metadata says in XMP what the document information says.
func metadata(title, author string, at time.Time) []byte {
	text := func(s string) string {
		var b strings.Builder
		_ = xml.EscapeText(&b, []byte(s)) // a Builder never fails
		return b.String()
	}
	var dc strings.Builder
	if title != "" {
		fmt.Fprintf(&dc, "<dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">%s</rdf:li></rdf:Alt></dc:title>\n", text(title))
	}
	if author != "" {
		fmt.Fprintf(&dc, "<dc:creator><rdf:Seq><rdf:li>%s</rdf:li></rdf:Seq></dc:creator>\n", text(author))
	}
	return fmt.Appendf(nil, `<?xpacket begin="%s" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
<pdfaid:part>2</pdfaid:part>
<pdfaid:conformance>B</pdfaid:conformance>
%s<xmp:CreatorTool>%s</xmp:CreatorTool>
<xmp:CreateDate>%[4]s</xmp:CreateDate>
<xmp:ModifyDate>%[4]s</xmp:ModifyDate>
<pdf:Producer>%[3]s</pdf:Producer>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>`, "\ufeff", dc.String(), maker, at.Format(time.RFC3339))
}
