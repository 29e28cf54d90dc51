// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package merge

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// What a part may hold, far above what offices write: it bounds memory and what a long list makes of a row.
const (
	maxDepth   = 200     // elements in each other
	maxLetters = 1 << 19 // bytes of the paragraphs that are open at once
	maxUses    = 5_000   // fields
	maxRows    = 1 << 16 // bytes of all rows that repeat
)

// span is a stretch of a part's bytes.
type span struct{ from, to int }

// edit puts a field's value, or nothing when name is "", in the place of a stretch.
type edit struct {
	span
	name string
	raw  string // put in as it is
}

// use is a field as it stands in the file, with the words around it.
type use struct {
	name string
	near string
	slip bool // braces that do not close
	row  bool // inside a table row
}

// part is what scan found in a part: bytes, what to change, and what repeats.
type part struct {
	xml     []byte
	prefix  string // of WordprocessingML names, "w:"
	uses    []use
	edits   []edit
	rows    []span // of table rows with fields of a line
	lines   []line // paragraphs that hold one field and nothing else
	marks   []span // attributes that must not stand twice in a document
	nested  bool   // rows that repeat lie in each other
	outside bool   // it takes in what lies elsewhere when it is opened
}

// line is a paragraph of one field, which is repeated for each line of a value with several.
type line struct {
	span
	name string
}

// letter is one letter of a paragraph and the bytes that write it; a break has no bytes.
type letter struct {
	span
	node int // index of its text node, -1 for a break
}

// paragraph gathers the words of one paragraph, which Word may have cut into many text nodes.
type paragraph struct {
	from    int
	text    strings.Builder
	letters []letter // one for each byte of text
	nodes   []int    // end of the start tag of each text node
	kept    []bool   // the node keeps its blanks by itself
	section bool
	held    int             // bytes taken in
	code    strings.Builder // of Word's own fields
}

type row struct {
	from          int
	marked, inner bool
}

var (
	wordSpace = regexp.MustCompile(`xmlns:([A-Za-z][A-Za-z0-9]*)\s*=\s*["'](?:http://schemas\.openxmlformats\.org/wordprocessingml/2006/main|http://purl\.oclc\.org/ooxml/wordprocessingml/main)["']`)
	ownIDs    = regexp.MustCompile(`\s[A-Za-z0-9]+:(?:paraId|textId)\s*=\s*(?:"[^"]*"|'[^']*')`)
	fetches   = regexp.MustCompile(`(?i)\b(DDE|DDEAUTO|INCLUDETEXT|INCLUDEPICTURE|INCLUDE|LINK|IMPORT|DATABASE|MACROBUTTON)\b`)
	instr     = regexp.MustCompile(`:instr\s*=\s*("[^"]*"|'[^']*')`)
)

// scan finds the fields of a part. The part must be well-formed XML.
func scan(b []byte) (*part, error) {
	if err := wellFormed(b); err != nil {
		return nil, refused("wording.file_damaged")
	}
	p := &part{xml: b, prefix: "w:"}
	if m := wordSpace.FindSubmatch(b); m != nil {
		p.prefix = string(m[1]) + ":"
	}
	s := scanner{part: p}
	for at := 0; at < len(b); {
		if b[at] != '<' {
			next := bytes.IndexByte(b[at:], '<')
			if next < 0 {
				next = len(b) - at
			}
			s.words(at, at+next)
			at += next
			continue
		}
		end := tagEnd(b, at)
		if b[at+1] != '?' && b[at+1] != '!' {
			s.tag(at, end)
		}
		at = end
		if s.held > maxLetters || len(p.uses) > maxUses {
			return nil, refused("wording.file_bomb")
		}
	}
	repeated := 0
	for _, r := range p.rows {
		repeated += r.to - r.from
	}
	if repeated > maxRows {
		return nil, refused("wording.file_bomb")
	}
	return p, nil
}

// wellFormed reads a part to its end.
func wellFormed(b []byte) error {
	d, depth := xml.NewDecoder(bytes.NewReader(b)), 0
	for {
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		switch t.(type) {
		case xml.StartElement:
			depth++
		case xml.EndElement:
			depth--
		case xml.Directive:
			return errors.New("a document type")
		}
		if depth > maxDepth {
			return errors.New("too deep")
		}
	}
}

// tagEnd is where the tag, comment or instruction that begins at a place ends.
func tagEnd(b []byte, at int) int {
	for open, end := range map[string]string{"<!--": "-->", "<![CDATA[": "]]>", "<?": "?>"} {
		if bytes.HasPrefix(b[at:], []byte(open)) {
			if n := bytes.Index(b[at+len(open):], []byte(end)); n >= 0 {
				return at + len(open) + n + len(end)
			}
			return len(b)
		}
	}
	quote := byte(0)
	for i := at; i < len(b); i++ {
		switch c := b[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"', c == '\'':
			quote = c
		case c == '>':
			return i + 1
		}
	}
	return len(b)
}

// scanner is where scan is.
type scanner struct {
	*part
	paragraphs []*paragraph
	trs        []*row
	held       int    // letters of the open paragraphs
	in         string // the text element that is open: "t", "instrText" or ""
}

func (s *scanner) last() *paragraph {
	if len(s.paragraphs) == 0 {
		return nil
	}
	return s.paragraphs[len(s.paragraphs)-1]
}

// tag takes in the tag between two places.
func (s *scanner) tag(from, to int) {
	tag := s.xml[from:to]
	closing, alone := tag[1] == '/', bytes.HasSuffix(tag, []byte("/>"))
	name := strings.TrimPrefix(strings.TrimPrefix(string(tag[1:]), "/"), s.prefix)
	if len(name) == len(tag)-1 || closing && len(name) == len(tag)-2 { // of another namespace
		return
	}
	end := strings.IndexAny(name, " \t\r\n/>")
	if end < 0 {
		return
	}
	name = name[:end]
	if m := instr.Find(tag); m != nil && fetches.Match(m) {
		s.outside = true
	}
	p := s.last()
	switch {
	case name == "p" && closing:
		s.paragraph(to)
	case name == "tr" && closing:
		s.row(to)
	case closing:
		s.in = ""
	case (name == "p" || name == "tr") && !alone:
		for _, m := range ownIDs.FindAllIndex(tag, -1) {
			s.marks = append(s.marks, span{from + m[0], from + m[1]})
		}
		if s.in = ""; name == "p" {
			s.paragraphs = append(s.paragraphs, &paragraph{from: from})
		} else {
			s.trs = append(s.trs, &row{from: from})
		}
	case p == nil:
	case (name == "t" || name == "instrText") && !alone:
		if s.in = name; name == "t" {
			p.nodes, p.kept = append(p.nodes, to), append(p.kept, bytes.Contains(tag, []byte("xml:space")))
		}
	case name == "tab", name == "br", name == "cr", name == "noBreakHyphen":
		p.text.WriteByte('\n')
		p.letters = append(p.letters, letter{node: -1})
	case name == "sectPr":
		p.section = true
	}
}

// words takes in the letters between two tags.
func (s *scanner) words(from, to int) {
	p := s.last()
	if p == nil || s.in == "" {
		return
	}
	p.held += to - from
	if s.held += to - from; s.held > maxLetters { // refused when the next tag ends
		return
	}
	switch s.in {
	case "instrText":
		p.code.Write(s.xml[from:to])
	case "t":
		for at := from; at < to; {
			r, n := nextLetter(s.xml[at:to])
			for range utf8.RuneLen(r) {
				p.letters = append(p.letters, letter{span{at, at + n}, len(p.nodes) - 1})
			}
			p.text.WriteRune(r)
			at += n
		}
	}
}

// nextLetter is the letter that some text begins with, and how many bytes write it. The text was read once, so its entities are those of XML.
func nextLetter(b []byte) (rune, int) {
	if b[0] == '&' {
		if end := bytes.IndexByte(b, ';'); end > 0 {
			switch name := string(b[1:end]); name {
			case "amp":
				return '&', end + 1
			case "lt":
				return '<', end + 1
			case "gt":
				return '>', end + 1
			case "quot":
				return '"', end + 1
			case "apos":
				return '\'', end + 1
			default:
				base := 10
				digits := strings.TrimPrefix(name, "#")
				if hex, ok := strings.CutPrefix(digits, "x"); ok {
					digits, base = hex, 16
				}
				if n, err := strconv.ParseInt(digits, base, 32); err == nil && utf8.ValidRune(rune(n)) {
					return rune(n), end + 1
				}
				return utf8.RuneError, end + 1
			}
		}
	}
	r, n := utf8.DecodeRune(b)
	return r, n
}

// row ends the innermost table row.
func (s *scanner) row(to int) {
	if len(s.trs) == 0 {
		return
	}
	r := s.trs[len(s.trs)-1]
	s.trs = s.trs[:len(s.trs)-1]
	if r.marked {
		s.rows = append(s.rows, span{r.from, to})
		s.nested = s.nested || r.inner
	}
	if len(s.trs) > 0 && (r.marked || r.inner) {
		s.trs[len(s.trs)-1].inner = true
	}
}
