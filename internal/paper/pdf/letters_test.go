// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package pdf_test

import (
	"bytes"
	"strings"
	"testing"
	"unicode"

	"hoctap/internal/paper/papertest"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/text/unicode/norm"

	"hoctap/internal/paper"
)

// The letters of Vietnamese that English has not, in both cases.
func vietnamese() string {
	var b strings.Builder
	for _, vowel := range "aăâeêioôơuưy" {
		for _, tone := range []string{"", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"} {
			if s := norm.NFC.String(string(vowel) + tone); len(s) > 1 {
				b.WriteString(s)
			}
		}
	}
	b.WriteString("đ")
	return b.String() + strings.ToUpper(b.String())
}

func TestFacesHaveEveryLetter(t *testing.T) {
	letters := vietnamese()
	if n := len([]rune(letters)); n != 134 {
		t.Fatalf("%d letters: %s", n, letters)
	}
	for r := ' '; r <= '~'; r++ {
		letters += string(r)
	}
	letters += "“”‘’–—…·•×\u00a0"
	f := papertest.Faces(t)
	for name, face := range map[string][]byte{"text": f.Text, "text italic": f.TextItalic, "text bold": f.TextBold, "text bold italic": f.TextBoldItalic,
		"display": f.Display, "display italic": f.DisplayItalic, "display bold": f.DisplayBold} {
		f, err := sfnt.Parse(face)
		if err != nil {
			t.Fatal(err)
		}
		var b sfnt.Buffer
		for _, r := range letters {
			if g, err := f.GlyphIndex(&b, r); err != nil || g == 0 {
				t.Errorf("%s has no %q (%v)", name, r, err)
				continue
			} else if outline, err := f.LoadGlyph(&b, g, 1000, nil); err != nil || len(outline) == 0 && !unicode.IsSpace(r) {
				t.Errorf("%s has nothing to see for %q (%v)", name, r, err)
			}
		}
	}
}

// What no face has: joiners go, pictures and foreign letters leave a mark, and nothing breaks down.
func TestLettersThatNoFaceHas(t *testing.T) {
	p := papertest.Press(t)
	const odd = "Nguy\u200bễn\ufeff 😀 V\u00adăn \U00010000 漢\ufe0f X\u3000Y"
	d := &paper.Document{Title: "Thử 😀", Author: "Hội 😀", Parts: []paper.Part{{Name: "Phần 😀", Blocks: []paper.Block{paper.Text(paper.Body, odd), paper.Head{Nation: odd, Motto: odd},
		paper.Table{Columns: []paper.Column{{Head: odd, Share: 1}}, Rows: [][]string{{odd}}}}}}, Marks: paper.Marks{Notice: odd, Across: odd}}
	path := written(t, "odd.pdf", func(b *bytes.Buffer) error { return p.Write(b, d) })
	papertest.Run(t, "qpdf", "--check", path)
	if text := squeezed(papertest.Run(t, "pdftotext", path, "-")); !strings.Contains(text, "Nguyễn □ Văn □ □ X Y") {
		t.Error(text)
	}
	if info := papertest.Run(t, "pdfinfo", path); !strings.Contains(info, "Thử 😀") || !strings.Contains(info, "Hội 😀") {
		t.Error(info)
	}
	c := func(yield func(paper.Certificate, error) bool) {
		yield(paper.Certificate{Nation: odd, Holder: odd, Code: odd, Scan: odd, Link: "x", Marks: paper.Marks{Notice: odd, Across: odd}}, nil)
	}
	path = written(t, "odd-certificate.pdf", func(b *bytes.Buffer) error { return p.Certificates(b, odd, odd, "", c) })
	if text := squeezed(papertest.Run(t, "pdftotext", path, "-")); !strings.Contains(text, "Nguyễn ? Văn ? ? X Y") {
		t.Error(text)
	}
}
