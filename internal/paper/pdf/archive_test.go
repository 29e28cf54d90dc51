// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package pdf_test

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"hoctap/internal/paper/papertest"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"

	"hoctap/internal/paper"
)

// archived is a paper with everything in it that a paper may have.
func archived(t *testing.T) (raw []byte, path string) {
	p := papertest.Press(t)
	d := decision(60)
	d.Title += ` (<bản> & "sao")\ 😀`
	d.Marks = paper.Marks{Notice: "BẢN LƯU", Across: "DỮ LIỆU BỊA"}
	d.Parts = append(append(d.Parts, sideways().Parts...), charts().Parts...)
	d.Parts[0].Blocks = append(d.Parts[0].Blocks, paper.Text(paper.Body, "Chữ lạ: 漢 😀 \u00ad\u200b"))
	path = written(t, "archive.pdf", func(b *bytes.Buffer) error { return p.Archive(b, d) })
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return raw, path
}

// archivedCertificates are three certificates, whose ground is a form that all pages share.
func archivedCertificates(t *testing.T) (raw []byte, path string) {
	p := papertest.Press(t)
	path = written(t, "archive-certificates.pdf", func(b *bytes.Buffer) error {
		return p.ArchiveCertificates(b, "Giấy chứng nhận <3>", "UBND xã Hy Cương", "2026-12-08", certificates(3))
	})
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return raw, path
}

// ISO 19005-2, 6.1: the file's form.
func TestArchiveFile(t *testing.T) {
	raw, path := archived(t)
	checkArchive(t, raw, path, 4)
	raw, path = archivedCertificates(t)
	checkArchive(t, raw, path, 3)
}

func checkArchive(t *testing.T, raw []byte, path string, fonts int) {
	t.Helper()
	if !bytes.HasPrefix(raw, []byte("%PDF-1.7\n%")) || len(raw) < 14 {
		t.Fatalf("begins with %q", raw[:20])
	}
	for _, c := range raw[10:14] {
		if c < 128 {
			t.Errorf("byte %d in the second line", c)
		}
	}
	if n := bytes.Count(raw, []byte("%%EOF")); n != 1 || !bytes.HasSuffix(raw, []byte("%%EOF\n")) {
		t.Errorf("%d ends", n)
	}
	if out := papertest.Run(t, "qpdf", "--check", path); !strings.Contains(out, "No syntax or stream encoding errors") {
		t.Error(out)
	}
	f := openArchive(t, path)
	id := f.trailer["/ID"].([]any)
	if len(id) != 2 || id[0] != id[1] || len(id[0].(string)) != len("b:")+32 {
		t.Errorf("/ID %v", id)
	}
	// Nothing acts, hides, shines through, or depends on what is not in the file.
	refused := map[string]bool{"/Encrypt": true, "/AA": true, "/A": true, "/OpenAction": true, "/JS": true, "/JavaScript": true, "/Names": true, "/EmbeddedFiles": true, "/Group": true,
		"/SMask": true, "/ExtGState": true, "/F": true, "/TR": true, "/Annots": true, "/AcroForm": true, "/OCProperties": true, "/CIDSet": true, "/Ref": true, "/PS": true, "/Pattern": true, "/Shading": true}
	f.walk(func(key string, value any) {
		if refused[key] || key == "/Filter" && value != "/FlateDecode" {
			t.Errorf("%s: %v", key, value)
		}
	})
	if n := strings.Count(papertest.Run(t, "pdffonts", path), " yes yes yes "); n != fonts {
		t.Errorf("%d of %d fonts are embedded parts with letters:\n%s", n, fonts, papertest.Run(t, "pdffonts", path))
	}
}

// 6.6: what people read about the file and what catalogues read is one.
func TestArchiveMetadata(t *testing.T) {
	_, path := archived(t)
	f := openArchive(t, path)
	root := f.dict(f.trailer["/Root"])
	if about := f.dict(root["/Metadata"]); about["/Type"] != "/Metadata" || about["/Subtype"] != "/XML" || about["/Filter"] != nil {
		t.Errorf("metadata %v", about)
	}
	packet := f.stream(root["/Metadata"])
	if !bytes.HasPrefix(packet, []byte("<?xpacket begin=\"\ufeff\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>")) || !bytes.HasSuffix(packet, []byte(`<?xpacket end="r"?>`)) {
		t.Errorf("%s", packet)
	}
	var x struct {
		D struct {
			Part        int      `xml:"http://www.aiim.org/pdfa/ns/id/ part"`
			Conformance string   `xml:"http://www.aiim.org/pdfa/ns/id/ conformance"`
			Title       []string `xml:"title>Alt>li"`
			Creator     []string `xml:"creator>Seq>li"`
			Tool        string   `xml:"http://ns.adobe.com/xap/1.0/ CreatorTool"`
			Created     string   `xml:"http://ns.adobe.com/xap/1.0/ CreateDate"`
			Changed     string   `xml:"http://ns.adobe.com/xap/1.0/ ModifyDate"`
			Producer    string   `xml:"http://ns.adobe.com/pdf/1.3/ Producer"`
		} `xml:"RDF>Description"`
	}
	if err := xml.Unmarshal(packet, &x); err != nil {
		t.Fatal(err)
	}
	if x.D.Part != 2 || x.D.Conformance != "B" {
		t.Errorf("part %d, level %s", x.D.Part, x.D.Conformance)
	}
	date := func(s string) string {
		at, err := time.Parse(time.RFC3339, s)
		if err != nil {
			t.Fatal(err)
		}
		return "D:" + strings.Replace(at.Format("20060102150405-07:00"), ":", "'", 1) + "'"
	}
	info := f.dict(f.trailer["/Info"])
	want := map[string]any{"/Title": "u:" + strings.Join(x.D.Title, "|"), "/Author": "u:" + strings.Join(x.D.Creator, "|"), "/Creator": "u:" + x.D.Tool, "/Producer": "u:" + x.D.Producer,
		"/CreationDate": "u:" + date(x.D.Created), "/ModDate": "u:" + date(x.D.Changed)}
	if fmt.Sprint(info) != fmt.Sprint(want) {
		t.Errorf("information\n%v\nmetadata\n%v", info, want)
	}
	if strings.Join(x.D.Title, "|") != `Quyết định số 214/QĐ-UBND (<bản> & "sao")\ 😀` || x.D.Created != "2026-12-08T00:00:00+07:00" {
		t.Errorf("%+v", x.D)
	}
}

// Certificates tell the same of themselves, colours included, and their shared ground is a form of a known kind.
func TestArchiveCertificates(t *testing.T) {
	_, path := archivedCertificates(t)
	f := openArchive(t, path)
	root := f.dict(f.trailer["/Root"])
	packet := string(f.stream(root["/Metadata"]))
	for _, want := range []string{"<pdfaid:part>2</pdfaid:part>", "<pdfaid:conformance>B</pdfaid:conformance>", "Giấy chứng nhận &lt;3&gt;", "UBND xã Hy Cương", "2026-12-08T00:00:00+07:00"} {
		if !strings.Contains(packet, want) {
			t.Errorf("the metadata lack %q:\n%s", want, packet)
		}
	}
	if info := f.dict(f.trailer["/Info"]); info["/Title"] != "u:Giấy chứng nhận <3>" || info["/CreationDate"] != "u:D:20261208000000+07'00'" {
		t.Errorf("information %v", info)
	}
	if intents := f.dict(root["/OutputIntents"].([]any)[0]); intents["/S"] != "/GTS_PDFA1" || len(f.stream(intents["/DestOutputProfile"])) == 0 {
		t.Errorf("%v", intents)
	}
	forms := 0
	f.walk(func(key string, value any) {
		if key == "/Subtype" && value == "/Form" {
			forms++
		}
		if key == "/Formtype" {
			t.Error("a key that no form has")
		}
	})
	if forms != 1 {
		t.Errorf("%d forms", forms)
	}
}

// 6.2.3: colours mean sRGB, by a profile that a reader of ICC.1 accepts.
func TestArchiveColours(t *testing.T) {
	_, path := archived(t)
	f := openArchive(t, path)
	intents := f.dict(f.trailer["/Root"])["/OutputIntents"].([]any)
	if len(intents) != 1 || f.dict(intents[0])["/S"] != "/GTS_PDFA1" {
		t.Fatalf("%v", intents)
	}
	to := f.dict(intents[0])["/DestOutputProfile"]
	if n := f.dict(to)["/N"]; n != 3.0 {
		t.Errorf("%v components", n)
	}
	p := f.stream(to)
	number := func(at int) int { return int(binary.BigEndian.Uint32(p[at:])) }
	if len(p) < 132 || number(0) != len(p) || p[8] != 2 || string(p[12:24]) != "mntrRGB XYZ " || string(p[36:40]) != "acsp" {
		t.Fatalf("head of the profile %q", p[:min(len(p), 132)])
	}
	tags := map[string][]byte{}
	for i := range number(128) {
		at := 132 + 12*i
		from, size := number(at+4), number(at+8)
		if from%4 != 0 || from < 132+12*number(128) || from+size > len(p) {
			t.Fatalf("tag %q at %d, %d long", p[at:at+4], from, size)
		}
		tags[string(p[at:at+4])] = p[from : from+size]
	}
	var sum [3]float64
	for _, name := range []string{"rXYZ", "gXYZ", "bXYZ"} {
		for i := range sum {
			sum[i] += float64(int32(binary.BigEndian.Uint32(tags[name][8+4*i:]))) / 65536
		}
	}
	for i, want := range []float64{0.9642, 1, 0.8249} {
		if d := sum[i] - want; d > 2e-4 || d < -2e-4 {
			t.Errorf("the three colours make %v", sum)
		}
	}
	curve := tags["gTRC"]
	if n := binary.BigEndian.Uint32(curve[8:]); string(curve[:4]) != "curv" || n != 1024 || len(curve) != 12+2*1024 {
		t.Fatalf("curve of %d", n)
	}
	if v := binary.BigEndian.Uint16(curve[12+2*512:]); v < 14000 || v > 14100 { // the middle grey of sRGB is 0.2140 of the light; 512 is a little above
		t.Errorf("middle %d", v)
	}
	for _, name := range []string{"desc", "cprt", "wtpt", "rTRC", "bTRC"} {
		if len(tags[name]) < 12 {
			t.Errorf("no %s", name)
		}
	}
}

// 6.2.11 and 6.2.2: every code that is shown has a glyph in its font's file, of the width that is told, and a letter; and no page uses an operator
// that is not of PDF's, or a resource it has not.
func TestArchiveFonts(t *testing.T) {
	_, path := archived(t)
	checkFonts(t, path, 6, 4)
	_, path = archivedCertificates(t)
	checkFonts(t, path, 3, 3)
}

func checkFonts(t *testing.T, path string, wantPages, wantFonts int) {
	t.Helper()
	f := openArchive(t, path)
	shown, pages := map[string]map[int]bool{}, 0
	for _, o := range f.objects {
		if page := f.dict(o["value"]); page["/Type"] == "/Page" {
			pages++
			for font, codes := range content(t, f.stream(page["/Contents"])) {
				resource := f.dict(f.dict(page["/Resources"])["/Font"])[font]
				if resource == nil {
					t.Fatalf("no font %s", font)
				}
				for _, c := range codes {
					if shown[resource.(string)] == nil {
						shown[resource.(string)] = map[int]bool{}
					}
					shown[resource.(string)][c] = true
				}
			}
		}
	}
	if pages != wantPages || len(shown) != wantFonts {
		t.Fatalf("%d pages, %d fonts", pages, len(shown))
	}
	for ref, codes := range shown {
		font := f.dict(ref)
		below := f.dict(font["/DescendantFonts"].([]any)[0])
		about := f.dict(below["/FontDescriptor"])
		name, _ := font["/BaseFont"].(string)
		if !regexp.MustCompile(`^/[A-Z]{6}\+\w+$`).MatchString(name) || below["/BaseFont"] != name || about["/FontName"] != name {
			t.Errorf("names %v %v %v", name, below["/BaseFont"], about["/FontName"])
		}
		file, err := sfnt.Parse(f.stream(about["/FontFile2"]))
		if err != nil {
			t.Fatal(err)
		}
		glyphs, widths, letters := f.stream(below["/CIDToGIDMap"]), widthsOf(below["/W"].([]any)), string(f.stream(font["/ToUnicode"]))
		if len(glyphs) != 2<<16 {
			t.Errorf("%d bytes of glyphs", len(glyphs))
		}
		var b sfnt.Buffer
		for c := range codes {
			g := sfnt.GlyphIndex(binary.BigEndian.Uint16(glyphs[2*c:]))
			advance, err := file.GlyphAdvance(&b, g, fixed.I(1000), 0)
			if d := float64(advance)/64 - widths[c]; g == 0 || err != nil || d > 1 || d < -1 {
				t.Errorf("%s U+%04X: glyph %d, width %v, not %v (%v)", name, c, g, widths[c], float64(advance)/64, err)
			}
			if !strings.Contains(letters, fmt.Sprintf("\n<%04X> <%04[1]X>\n", c)) {
				t.Errorf("%s has no letter for U+%04X", name, c)
			}
		}
	}
}

func widthsOf(list []any) map[int]float64 {
	widths := map[int]float64{}
	for i := 0; i+1 < len(list); {
		first := int(list[i].(float64))
		if some, ok := list[i+1].([]any); ok {
			for k, w := range some {
				widths[first+k] = w.(float64)
			}
			i += 2
			continue
		}
		for c := first; c <= int(list[i+1].(float64)); c++ {
			widths[c] = list[i+2].(float64)
		}
		i += 3
	}
	return widths
}

var (
	text      = regexp.MustCompile(`(?s)\((?:[^\\()]|\\.)*\)`)
	escaped   = regexp.MustCompile(`(?s)\\(.)`)
	operators = " q Q Do cm w J j d rg RG g G re m l c h S f B n BT ET Td Tf Tj "
)

// content returns the codes that a page shows in each font.
func content(t *testing.T, page []byte) map[string][]int {
	var shown [][]byte
	bare := text.ReplaceAllFunc(page, func(s []byte) []byte { // texts first: they may look like anything
		s = escaped.ReplaceAllFunc(s[1:len(s)-1], func(e []byte) []byte {
			if e[1] == 'r' {
				return []byte{'\r'}
			}
			return e[1:]
		})
		shown = append(shown, s)
		return []byte(" () ")
	})
	codes := map[string][]int{}
	font, before := "", ""
	for _, token := range strings.Fields(string(bare)) {
		switch {
		case token == "Tf":
			font = before
		case token == "()":
			for s := shown[0]; len(s) > 1; s = s[2:] {
				codes[font] = append(codes[font], int(binary.BigEndian.Uint16(s)))
			}
			shown = shown[1:]
		case token[0] == '/':
			before = token
		case strings.Trim(token, "-+.0123456789[]") != "" && !strings.Contains(operators, " "+token+" "):
			t.Errorf("operator %q", token)
		}
	}
	return codes
}

// What is kept looks as what was sent, says the same, and is the same file each time.
func TestArchiveIsTheSamePaper(t *testing.T) {
	p := papertest.Press(t)
	sent := written(t, "sent.pdf", func(b *bytes.Buffer) error { return p.Write(b, decision(60)) })
	kept := written(t, "kept.pdf", func(b *bytes.Buffer) error { return p.Archive(b, decision(60)) })
	again := written(t, "again.pdf", func(b *bytes.Buffer) error { return p.Archive(b, decision(60)) })
	other := written(t, "other.pdf", func(b *bytes.Buffer) error { return p.Archive(b, decision(61)) })
	sentSheets := written(t, "sent-certificates.pdf", func(b *bytes.Buffer) error { return p.Certificates(b, "x", "y", "2026-12-08", certificates(3)) })
	_, keptSheets := archivedCertificates(t)
	for _, args := range [][]string{{"pdftotext", "-layout"}, {"pdftoppm", "-r", "50"}} {
		say := func(path string) string {
			if args[0] == "pdftotext" {
				return papertest.Run(t, args[0], append(args[1:], path, "-")...)
			}
			return papertest.Run(t, args[0], append(args[1:], path)...)
		}
		if a, b := say(sent), say(kept); a != b {
			t.Errorf("%s differs", args[0])
		}
		if a, b := say(sentSheets), say(keptSheets); a != b {
			t.Errorf("certificates: %s differs", args[0])
		}
	}
	id := func(path string) string { return fmt.Sprint(openArchive(t, path).trailer["/ID"]) }
	a, err := os.ReadFile(kept)
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(again)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(a, b) || id(kept) == id(other) {
		t.Errorf("one paper %s %s, another %s", id(kept), id(again), id(other))
	}
	if _, err := hex.DecodeString(id(kept)[3:35]); err != nil {
		t.Error(err)
	}
	for _, d := range []*paper.Document{{}, {Title: "x"}, {Parts: []paper.Part{{}}}} {
		path := written(t, "bare.pdf", func(b *bytes.Buffer) error { return p.Archive(b, d) })
		papertest.Run(t, "qpdf", "--check", path)
	}
}
