// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package merge

import "strings"

// rowPrefix begins the names of fields of a line of the list.
const rowPrefix = "dong."

// paragraph ends the innermost paragraph: its words are whole now, so its fields can be read.
func (s *scanner) paragraph(to int) {
	p := s.last()
	if p == nil {
		return
	}
	s.paragraphs = s.paragraphs[:len(s.paragraphs)-1]
	s.in, s.held = "", s.held-p.held
	if fetches.MatchString(p.code.String()) {
		s.outside = true
	}
	text, names := p.text.String(), 0
	open := map[int]bool{} // nodes that must keep their blanks
	for at := 0; ; {
		begin := strings.Index(text[at:], "{{")
		if begin < 0 {
			break
		}
		begin += at
		end := strings.Index(text[begin:], "}}")
		name := ""
		if end >= 0 {
			name = text[begin+2 : begin+end]
		}
		if end < 0 || strings.Contains(name, "\n") || strings.Contains(name, "{{") {
			s.uses = append(s.uses, use{near: around(text, begin), slip: true})
			at = begin + 2
			continue
		}
		end += begin + 2
		name = strings.TrimSpace(name)
		s.uses = append(s.uses, use{name: name, near: around(text, begin), row: len(s.trs) > 0})
		if strings.HasPrefix(name, rowPrefix) && len(s.trs) > 0 {
			s.trs[len(s.trs)-1].marked = true
		}
		s.replace(p, begin, end, name, open)
		names++
		if names == 1 && strings.TrimSpace(text) == text[begin:end] && !p.section {
			s.lines = append(s.lines, line{span{p.from, to}, name})
		}
		at = end
	}
}

// replace puts a field's value where its first letter stands and takes out all its letters, whatever runs they lie in.
func (s *scanner) replace(p *paragraph, begin, end int, name string, open map[int]bool) {
	e := edit{span: p.letters[begin].span, name: name}
	for i := begin; i < end; i++ {
		l := p.letters[i]
		if !open[l.node] && !p.kept[l.node] {
			at := p.nodes[l.node] - 1 // before the end of its tag
			s.edits = append(s.edits, edit{span: span{at, at}, raw: ` xml:space="preserve"`})
		}
		open[l.node] = true
		switch {
		case l.span == p.letters[max(i-1, begin)].span: // another byte of the same letter
		case l.from == e.to:
			e.to = l.to
		default:
			s.edits, e = append(s.edits, e), edit{span: l.span}
		}
	}
	s.edits = append(s.edits, e)
}

// around is what stands near a place of a paragraph.
func around(text string, at int) string {
	before, after := []rune(text[:at]), []rune(text[at:])
	return strings.ReplaceAll(string(before[max(0, len(before)-20):])+string(after[:min(len(after), 30)]), "\n", " ")
}
