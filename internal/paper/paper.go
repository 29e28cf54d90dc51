// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Package paper is what an office sends, as a typed document: heads, abstract, grounds, articles, tables, signatures, annexes. A paper is built once
// and rendered by the packages below this one (docx, pdf) and by the web pages, all with the layout of Decree 30/2020/NĐ-CP, annex I.
//
// It knows nothing of records and has no sentences of its own: the pages write documents from both. Clean brings every text into the form that
// renderers rely on.
package paper

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Document is a paper with its annexes.
type Document struct {
	Title  string // names the file, its bookmarks and its metadata
	Author string // the issuing body
	Date   string // YYYY-MM-DD; "" for a draft
	Marks  Marks
	Parts  []Part
}

// Part is the paper itself or one annex. It begins on a new page.
type Part struct {
	Name      string // for bookmarks
	Landscape bool
	Alone     bool // a paper of its own among others, or an annex: its pages are numbered from 1
	Blocks    []Block
}

// Marks are what every page says of the whole.
type Marks struct {
	Notice string // at the head, such as criteria that are not official
	Across string // behind the text, such as invented data or a draft
}

// Block is one of the types below.
type Block interface{ block() }

// Head is the head in two columns: who issues with number on the left, the nation's title with place and date on the right. A person's letter, which
// nobody issues and no register numbers, has the nation's title in the middle.
type Head struct {
	Superior []string // lines of the superior body, plain capitals
	Issuer   []string // lines of the issuing body, bold capitals
	Number   string   // "Số: 214/QĐ-UBND"
	Nation   string   // "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", on one line
	Motto    string   // "Độc lập - Tự do - Hạnh phúc"
	Day      string   // "Hy Cương, ngày 08 tháng 12 năm 2026"
}

// Alone reports the head of a person's letter.
func (h Head) Alone() bool { return len(h.Issuer)+len(h.Superior) == 0 && h.Number == "" }

// Title is the kind of the paper and what it is about, with a short rule below.
type Title struct {
	Kind  string // "QUYẾT ĐỊNH"; "" for a letter
	About string
	Of    string // of an annex: what it belongs to, italic
	To    []string
}

// Style is the role of a paragraph; renderers give each the same look and DOCX the same name.
type Style string

// The styles of paragraphs.
const (
	Body    Style = "body"    // justified, first line indented
	Ground  Style = "ground"  // căn cứ, italic
	Centre  Style = "centre"  // bold, centred: the authority, "QUYẾT ĐỊNH:"
	Section Style = "section" // bold, a numbered part of a report or minutes
	Plain   Style = "plain"   // left, no indent: a line of a form
	Closing Style = "closing" // below a list, italic
)

// Paragraph is one paragraph of a style.
type Paragraph struct {
	Style Style
	Runs  []Run
}

// Run is text of one look.
type Run struct {
	Text         string
	Bold, Italic bool
}

// Align is where the cells of a column stand.
type Align string

// The alignments.
const (
	Left   Align = "left"
	Middle Align = "middle"
	Right  Align = "right"
)

// Column is a column of a table.
type Column struct {
	Head  string
	Share float64 // of the table's width; all together are 1
	Align Align
	Sum   bool // the last row's cell is the sum of those above: a workbook works it out
	// Part and Whole are the columns, counted from 1, whose sums give the last row's percentage; 0 for none.
	Part, Whole int `json:",omitempty"`
}

// Table is a ruled table whose head repeats on every page. Rows have a cell for each column.
type Table struct {
	Columns []Column
	Rows    [][]string
	Strong  map[int]bool // rows in bold, such as those that head a group
	Total   []string     // last row, bold; nil for none
}

// Sign is the foot of a paper: recipients on the left, the signer on the right.
type Sign struct {
	Recipients []string // "- Như Điều 3;"; none for papers without
	Signers    []Signer // one for most papers; minutes have two or three, side by side
}

// Signer is who signs and in what name.
type Signer struct {
	Form  string // "TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", a line for each; "" for none
	Post  string // "CHỦ TỊCH"
	Place string // of signature and seal, in brackets
	Name  string
}

// Lines are those above the signature.
func (s Signer) Lines() []string { return titleLines(s.Form, s.Post) }

func titleLines(form, post string) []string {
	if form == "" {
		return []string{post}
	}
	return append(strings.Split(form, "\n"), post)
}

// Code is a QR code with its caption.
type Code struct {
	Text    string // what readers get
	Caption []string
}

// PageBreak begins a new page inside a part.
type PageBreak struct{}

func (Head) block()      {}
func (Title) block()     {}
func (Paragraph) block() {}
func (Table) block()     {}
func (Sign) block()      {}
func (Code) block()      {}
func (PageBreak) block() {}

// Text is a paragraph of one plain run.
func Text(style Style, s string) Paragraph { return Paragraph{style, []Run{{Text: s}}} }

// Clean brings every text of the document to NFC and takes out what no paper shows and XML forbids: control characters, broken bytes. Blanks stay:
// those of "Số:      /QĐ-UBND" are for a pen.
func (d *Document) Clean() {
	for _, s := range []*string{&d.Title, &d.Author, &d.Marks.Notice, &d.Marks.Across} {
		*s = clean(*s)
	}
	for i := range d.Parts {
		p := &d.Parts[i]
		p.Name = clean(p.Name)
		for k, b := range p.Blocks {
			p.Blocks[k] = cleaned(b)
		}
	}
}

func cleaned(b Block) Block {
	switch b := b.(type) {
	case Head:
		return Head{cleanAll(b.Superior), cleanAll(b.Issuer), clean(b.Number), clean(b.Nation), clean(b.Motto), clean(b.Day)}
	case Title:
		return Title{clean(b.Kind), clean(b.About), clean(b.Of), cleanAll(b.To)}
	case Paragraph:
		runs := make([]Run, len(b.Runs))
		for i, r := range b.Runs {
			runs[i] = Run{clean(r.Text), r.Bold, r.Italic}
		}
		return Paragraph{b.Style, runs}
	case Table:
		t := Table{Columns: make([]Column, len(b.Columns)), Rows: make([][]string, len(b.Rows)), Strong: b.Strong, Total: cleanAll(b.Total)}
		for i, c := range b.Columns {
			t.Columns[i] = Column{clean(c.Head), c.Share, c.Align, c.Sum, c.Part, c.Whole}
		}
		for i, row := range b.Rows {
			t.Rows[i] = cleanAll(row)
		}
		return t
	case Sign:
		s := Sign{Recipients: cleanAll(b.Recipients), Signers: make([]Signer, len(b.Signers))}
		for i, x := range b.Signers {
			s.Signers[i] = Signer{cleanLines(x.Form), clean(x.Post), clean(x.Place), clean(x.Name)}
		}
		return s
	case Code:
		return Code{b.Text, cleanAll(b.Caption)}
	case Chart:
		return b.cleaned()
	}
	return b
}

func cleanAll(list []string) []string {
	if list == nil {
		return nil
	}
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = clean(s)
	}
	return out
}

func cleanLines(s string) string {
	return strings.Join(cleanAll(strings.Split(s, "\n")), "\n")
}

func clean(s string) string {
	return norm.NFC.String(strings.Map(func(r rune) rune {
		switch {
		case r == '\t', r == '\n':
			return ' '
		case r == utf8.RuneError, unicode.Is(unicode.Cc, r), unicode.Is(unicode.Noncharacter_Code_Point, r):
			return -1
		}
		return r
	}, s))
}
