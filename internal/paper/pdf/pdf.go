// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Package pdf prints papers: A4 with every font embedded, the layout of Decree 30/2020/NĐ-CP, annex I.
package pdf

import (
	"io"
	"time"

	"codeberg.org/go-pdf/fpdf"

	"hoctap/internal/fault"
	"hoctap/internal/paper"
)

// Faces are TrueType files with every Vietnamese letter. Text is for papers, Display for certificates.
type Faces struct {
	Text, TextItalic, TextBold, TextBoldItalic []byte
	Display, DisplayItalic, DisplayBold        []byte
}

// Press prints. It may be used by several at once.
type Press struct {
	faces         Faces
	text, display *letters
}

// New returns a Press. It fails with fault.Conflict when a face is missing: a paper in another face than the law asks for is not printed at all.
func New(f Faces) (*Press, error) {
	for _, face := range [][]byte{f.Text, f.TextItalic, f.TextBold, f.TextBoldItalic, f.Display, f.DisplayItalic, f.DisplayBold} {
		if len(face) == 0 {
			return nil, fault.Conflict("paper.font_missing")
		}
	}
	text, err := lettersOf(f.Text, f.TextItalic, f.TextBold, f.TextBoldItalic)
	if err != nil {
		return nil, err
	}
	display, err := lettersOf(f.Display, f.DisplayItalic, f.DisplayBold)
	if err != nil {
		return nil, err
	}
	return &Press{f, text, display}, nil
}

// Names of the two families inside a file.
const (
	textFace    = "text"
	displayFace = "display"
)

// Sizes in mm; Decree 30: top and bottom 20 to 25, left 30 to 35, right 15 to 20.
const (
	marginTop    = 20.0
	marginBottom = 20.0
	marginLeft   = 30.0
	marginRight  = 15.0
	indent       = 10.0
	point        = 25.4 / 72
	spacing      = 1.28 // of lines, by font size
)

// Write prints a document that was brought into clean form.
func (p *Press) Write(w io.Writer, d *paper.Document) error { return p.set(d).Output(w) }

func (p *Press) set(d *paper.Document) *fpdf.Fpdf { return p.layout(d).Fpdf }

func (p *Press) layout(d *paper.Document) *layout {
	f := p.open("P", d.Title, d.Author, d.Date)
	p.textFaces(f)
	l := &layout{Fpdf: f, doc: d, letters: p.text}
	f.SetMargins(marginLeft, marginTop, marginRight)
	f.SetAutoPageBreak(false, marginBottom)
	f.SetHeaderFuncMode(l.header, false)
	for i := range d.Parts {
		l.part(&d.Parts[i])
	}
	l.bookmarks()
	return l
}

// maker is the program, as files name it.
const maker = "hoctap"

// zone is Vietnam's, where a paper's day begins; zoneInfo is its form in a file's information.
var zone = time.FixedZone("", 7*60*60)

const zoneInfo = "+07'00'"

// day is the date that a file tells: of a draft a fixed one, so that the same paper is the same file.
func day(date string) time.Time {
	at, err := time.ParseInLocation(time.DateOnly, date, zone)
	if err != nil {
		return time.Date(2000, 1, 1, 0, 0, 0, 0, zone)
	}
	return at
}

func (p *Press) open(orientation, title, author, date string) *fpdf.Fpdf {
	f := fpdf.New(orientation, "mm", "A4", "")
	if title != "" {
		f.SetTitle(wide(title), false)
	}
	if author != "" {
		f.SetAuthor(wide(author), false)
	}
	f.SetCreator(maker, true)
	f.SetProducer(maker, true)
	f.SetLang("vi-VN")
	f.SetCatalogSort(true) // the same paper is the same file
	f.SetCreationDate(day(date))
	f.SetModificationDate(day(date))
	return f
}

func (p *Press) textFaces(f *fpdf.Fpdf) {
	f.AddUTF8FontFromBytes(textFace, "", p.faces.Text)
	f.AddUTF8FontFromBytes(textFace, "I", p.faces.TextItalic)
	f.AddUTF8FontFromBytes(textFace, "B", p.faces.TextBold)
	f.AddUTF8FontFromBytes(textFace, "BI", p.faces.TextBoldItalic)
}

// layout sets blocks one below the other.
type layout struct {
	*fpdf.Fpdf
	doc     *paper.Document
	letters *letters
	y       float64 // top of what comes next
	before  int     // pages of the papers before this one
	tail    float64 // what has to stand on the page of the last lines of what comes next
	under   float64 // where the left column of the head ended; 0 once something stands below
	places  []place
	spots   []Spot
}

// place is where a part begins.
type place struct {
	name   string
	page   int
	height float64
}

// GetStringWidth and Text take the letters that the faces have.
func (l *layout) GetStringWidth(s string) float64 {
	return l.Fpdf.GetStringWidth(l.letters.readable(s))
}

// Text writes from x on; y is the baseline.
func (l *layout) Text(x, y float64, s string) { l.Fpdf.Text(x, y, l.letters.readable(s)) }

// header marks each page: its number from the second on, the notice, and what stands across.
func (l *layout) header() {
	width, height := l.GetPageSize()
	if word := l.doc.Marks.Across; word != "" {
		across(l.Fpdf, textFace, l.letters.readable(word), width, height)
	}
	l.SetTextColor(0, 0, 0)
	if n := l.PageNo() - l.before; n > 1 {
		l.face(13, "")
		l.centred(width/2, 13, itoa(n))
	}
	if notice := l.doc.Marks.Notice; notice != "" {
		l.face(9.5, "B")
		l.SetTextColor(143, 26, 20)
		l.centred(width/2, 7, notice)
		l.SetTextColor(0, 0, 0)
	}
	l.y = marginTop
}

// across writes a word in pale letters over the middle of a page.
func across(f *fpdf.Fpdf, family, word string, width, height float64) {
	f.SetFont(family, "B", 60)
	f.SetTextColor(247, 230, 229) // red, so pale that the text over it reads
	w := f.GetStringWidth(word)
	f.TransformBegin()
	f.TransformRotate(35, width/2, height/2)
	f.Text(width/2-w/2, height/2+8, word)
	f.TransformEnd()
	f.SetTextColor(0, 0, 0)
}

func (l *layout) part(p *paper.Part) {
	orientation := "P"
	if p.Landscape {
		orientation = "L"
	}
	if p.Alone {
		l.before = l.PageNo()
	}
	l.AddPageFormat(orientation, l.GetPageSizeStr("A4"))
	_, height := l.GetPageSize()
	l.places = append(l.places, place{p.Name, l.PageNo(), height})
	for i, b := range p.Blocks {
		l.tail = 0
		for _, next := range p.Blocks[i+1:] { // nobody signs a page that has nothing else on it
			s, signs := next.(paper.Sign)
			if !signs {
				break
			}
			l.tail += overSign + l.signHeight(s)
		}
		if _, titled := b.(paper.Title); !titled {
			l.under = 0
		}
		switch b := b.(type) {
		case paper.Head:
			l.head(b)
		case paper.Title:
			l.title(b)
		case paper.Paragraph:
			l.paragraph(b)
		case paper.Table:
			l.table(b)
		case paper.Sign:
			l.sign(b)
		case paper.Code:
			l.code(b)
		case paper.Chart:
			l.chart(b)
		case paper.PageBreak:
			l.next()
		default:
			l.SetErrorf("paper: no such block: %T", b)
		}
	}
}

// bookmarks point to the top of each part. The library counts all of them from the height of the page it is on when it ends, so they come last.
func (l *layout) bookmarks() {
	last := l.PageNo()
	_, height := l.GetPageSize()
	l.face(14, "") // names are written as letters of the face in use
	for _, p := range l.places {
		l.SetPage(p.page)
		l.Bookmark(l.letters.readable(p.name), 0, height-p.height)
	}
	l.SetPage(last)
}

// next begins a page like the one before.
func (l *layout) next() {
	width, height := l.GetPageSize()
	orientation := "P"
	if width > height {
		orientation = "L"
	}
	l.AddPageFormat(orientation, l.GetPageSizeStr("A4"))
}

// room makes sure that height fits on the page.
func (l *layout) room(height float64) {
	_, pageHeight := l.GetPageSize()
	if l.y+height > pageHeight-marginBottom && l.y > marginTop {
		l.next()
	}
}

func (l *layout) width() float64 {
	width, _ := l.GetPageSize()
	return width - marginLeft - marginRight
}

func (l *layout) face(size float64, style string) { l.SetFont(textFace, style, size) }

// centred writes one line around x; y is its baseline.
func (l *layout) centred(x, y float64, s string) {
	l.Text(x-l.GetStringWidth(s)/2, y, s)
}
