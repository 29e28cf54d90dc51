// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package merge

import (
	"cmp"
	"encoding/xml"
	"io"
	"iter"
	"slices"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"hoctap/internal/wording"
)

// sequence is a part made ready: it is written piece by piece, so that a long list takes no memory.
type sequence []piece

// piece is one of: bytes as they are, a value, pieces repeated for each row of the list, pieces repeated for each line of a value.
type piece struct {
	raw   []byte
	name  string // of the value, or of the one whose lines repeat
	rows  sequence
	lines sequence
}

// compile cuts the part at its fields and at what repeats.
func (p *part) compile(k wording.Kind) sequence {
	slices.SortStableFunc(p.edits, func(a, b edit) int { return cmp.Compare(a.from, b.from) })
	var ranges []line // a row has no name
	for _, r := range p.rows {
		ranges = append(ranges, line{span: r})
	}
	for _, l := range p.lines {
		if i := slices.IndexFunc(k.FileFields(), func(f wording.Field) bool { return f.Name == l.name && f.Lines }); i >= 0 {
			ranges = append(ranges, l)
		}
	}
	slices.SortFunc(ranges, func(a, b line) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(b.to, a.to)) })
	c := compiler{p, p.edits, ranges}
	return c.cut(span{0, len(p.xml)}, false)
}

// compiler works through edits and ranges, which are in the order of the file.
type compiler struct {
	*part
	edits  []edit
	ranges []line
}

// cut makes the pieces of a stretch; inside what repeats, ids that must be single are left out.
func (c *compiler) cut(s span, repeats bool) (out sequence) {
	at := s.from
	for {
		next, inner := s.to, false
		if len(c.edits) > 0 && c.edits[0].from < s.to {
			next = c.edits[0].from
		}
		if len(c.ranges) > 0 && c.ranges[0].from < s.to && c.ranges[0].from <= next {
			next, inner = c.ranges[0].from, true
		}
		out = c.plain(out, span{at, next}, repeats)
		switch {
		case inner:
			r := c.ranges[0]
			c.ranges = c.ranges[1:]
			body := c.cut(r.span, true)
			if r.name == "" {
				out = append(out, piece{rows: body})
			} else {
				out = append(out, piece{name: r.name, lines: body})
			}
			at = r.to
		case next == s.to:
			return out
		default:
			e := c.edits[0]
			c.edits = c.edits[1:]
			if e.raw != "" {
				out = append(out, piece{raw: []byte(e.raw)})
			}
			if e.name != "" {
				out = append(out, piece{name: e.name})
			}
			at = e.to
		}
	}
}

func (c *compiler) plain(out sequence, s span, repeats bool) sequence {
	at := s.from
	if first := sort.Search(len(c.marks), func(i int) bool { return c.marks[i].from >= at }); repeats {
		for _, m := range c.marks[first:] {
			if m.to > s.to {
				break
			}
			out = append(out, piece{raw: c.xml[at:m.from]})
			at = m.to
		}
	}
	if at < s.to {
		out = append(out, piece{raw: c.xml[at:s.to]})
	}
	return out
}

// filler writes values.
type filler struct {
	w      io.Writer
	v      wording.Values
	row    wording.Values // nil outside the list
	one    string         // the line of a value that is being repeated
	of     string         // name of that value, "" outside
	rows   iter.Seq[wording.Values]
	prefix string
}

func (s sequence) write(f *filler) error {
	for _, p := range s {
		var err error
		switch {
		case p.rows != nil:
			err = f.each(p.rows)
		case p.lines != nil:
			err = f.eachLine(p.name, p.lines)
		case p.name != "":
			err = f.value(p.name)
		default:
			_, err = f.w.Write(p.raw)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// each writes the pieces for every row; for an empty list once with blanks, because a table needs a row.
func (f *filler) each(body sequence) error {
	inner, any := *f, false
	for row := range f.rows {
		inner.row, any = row, true
		if err := body.write(&inner); err != nil {
			return err
		}
	}
	if !any {
		inner.row = wording.Values{}
		return body.write(&inner)
	}
	return nil
}

func (f *filler) eachLine(name string, body sequence) error {
	inner := *f
	for one := range strings.SplitSeq(f.v[name], "\n") {
		inner.one, inner.of = one, name
		if err := body.write(&inner); err != nil {
			return err
		}
	}
	return nil
}

// value writes one value as the text of XML; its lines are lines in Word.
func (f *filler) value(name string) error {
	text, known := f.v[name]
	switch {
	case f.of == name:
		text = f.one
	case strings.HasPrefix(name, rowPrefix):
		text = f.row[name]
	case !known:
		text = "…"
	}
	for i, line := range strings.Split(text, "\n") {
		if i > 0 {
			if _, err := io.WriteString(f.w, "</"+f.prefix+"t><"+f.prefix+"br/><"+f.prefix+`t xml:space="preserve">`); err != nil {
				return err
			}
		}
		if err := xml.EscapeText(f.w, []byte(printable(line))); err != nil {
			return err
		}
	}
	return nil
}

// printable leaves out what XML forbids and no paper shows.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t':
			return ' '
		case r == utf8.RuneError, unicode.Is(unicode.Cc, r), unicode.Is(unicode.Noncharacter_Code_Point, r):
			return -1
		}
		return r
	}, s)
}
