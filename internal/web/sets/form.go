// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package sets

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"hoctap/internal/criteria"
	"hoctap/internal/criteria/version"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

// block is one value on the page: a field, or a table of fields, with its text for those who only read.
type block struct {
	As    sort
	Field ui.Field
	Read  string
	Heads []string
	Rows  [][]cell
	Err   string // of the list as a whole
	ID    string
	Fresh int // of the rows are empty ones at the end
}

// freshOf is how many rows of a list are only offered.
func freshOf(b block) int { return b.Fresh }

// cell is one field of a row.
type cell struct {
	As    sort
	Field ui.Field
	Read  string
}

// sheet makes the blocks of a thing of a draft, or reads what was typed into them. Names of fields are the paths of the file below
// the thing, so a fault finds its field by itself.
type sheet struct {
	v    *site.Visit
	doc  *version.Doc
	base string            // path of the thing, "" for the set itself
	errs map[string]string // by path in the file
}

func (s *sheet) path(key string) string {
	if s.base == "" {
		return key
	}
	return s.base + "." + key
}

func (s *sheet) blocks(prefix string, list []param) (all []block) {
	for _, p := range list {
		key := prefix + p.key
		b := block{As: p.as, ID: key, Err: s.errs[s.path(key)]}
		if p.as != asRows {
			c := s.cell(key, p)
			b.Field, b.Read = c.Field, c.Read
			all = append(all, b)
			continue
		}
		b.Fresh = p.fresh
		b.Field.Label = s.v.T("sets.f." + p.label)
		for _, c := range p.cols {
			b.Heads = append(b.Heads, s.v.T("sets.f."+c.label))
		}
		n := len(s.doc.At(s.path(key)).List())
		for i := range n + p.fresh {
			row := make([]cell, len(p.cols))
			for k, c := range p.cols {
				row[k] = s.cell(key+"["+strconv.Itoa(i)+"]."+c.key, c)
				row[k].Field.Label += " " + strconv.Itoa(i+1)
			}
			b.Rows = append(b.Rows, row)
		}
		all = append(all, b)
	}
	return all
}

func (s *sheet) cell(key string, p param) cell {
	value := s.shown(s.doc.At(s.path(key)), p)
	f := ui.Field{Name: key, Label: s.v.T("sets.f." + p.label), Value: value, Err: s.errs[s.path(key)], Optional: p.optional, Attrs: map[string]any{}}
	if lang.Has(s.v.Ctx(), "sets.hint."+p.label) {
		f.Hint = s.v.T("sets.hint." + p.label)
	}
	read := value
	switch p.as {
	case asNumber:
		f.Class = "input--num"
		f.Attrs["inputmode"] = "decimal"
	case asArea:
		f.Rows = 2
	case asLines:
		f.Rows = 3
	case asWord:
		f.Options = append(f.Options, ui.Option{Value: "", Label: "–", Chosen: value == ""})
		for _, w := range p.words {
			f.Options = append(f.Options, ui.Option{Value: w, Label: s.v.T(p.wordKey + w), Chosen: w == value})
			if w == value {
				read = s.v.T(p.wordKey + w)
			}
		}
		f.Options = keepOdd(f.Options, value)
	case asFlag:
		f.Options = []ui.Option{{Value: "", Label: s.v.T("sets.flag.true"), Chosen: value != "false"}, {Value: "false", Label: s.v.T("sets.flag.false"), Chosen: value == "false"}}
		read = s.v.T("sets.flag." + strconv.FormatBool(value != "false"))
	case asFact:
		f.Options, read = s.facts(p, value)
	}
	return cell{As: p.as, Field: f, Read: read}
}

// keepOdd offers a value that is none of the words as well, so that saving something else does not change it.
func keepOdd(list []ui.Option, value string) []ui.Option {
	if value != "" && !slices.ContainsFunc(list, func(o ui.Option) bool { return o.Value == value }) {
		list = append(list, ui.Option{Value: value, Label: value, Chosen: true})
	}
	return list
}

func (s *sheet) facts(p param, value string) (list []ui.Option, read string) {
	list = append(list, ui.Option{Value: "", Label: "–", Chosen: value == ""})
	read = value
	for _, f := range s.doc.At("facts").List() {
		key, title := f.Get("key").Text(), f.Get("title").Text()
		if key == value && title != "" {
			read = title
		}
		if key == "" || p.types != nil && !slices.Contains(p.types, criteria.FactType(f.Get("type").Text())) {
			continue
		}
		list = append(list, ui.Option{Value: key, Label: title + " (" + key + ")", Chosen: key == value})
	}
	return keepOdd(list, value), read
}

// shown is a value as it stands in its field.
func (s *sheet) shown(v version.Value, p param) string {
	switch p.as {
	case asLines, asLiterals:
		var parts []string
		for _, item := range v.List() {
			parts = append(parts, item.Text())
		}
		if v.List() == nil {
			return v.Text()
		}
		if p.as == asLines {
			return strings.Join(parts, "\n")
		}
		return strings.Join(parts, ", ")
	case asNumber:
		if _, ok := criteria.ParseNum(v.Text()); ok && lang.From(s.v.Ctx()) == lang.Vi {
			return strings.Replace(v.Text(), ".", ",", 1)
		}
	}
	return v.Text()
}

// take writes what was typed into the draft. Only what differs from what the page showed is touched, so that the file keeps the way it
// was written.
func (s *sheet) take(form url.Values, prefix string, list []param) {
	for _, p := range list {
		key := prefix + p.key
		if p.as == asRows {
			s.takeRows(form, key, p)
			continue
		}
		if form.Has(key) {
			s.takeOne(key, p, form.Get(key))
		}
	}
}

func (s *sheet) takeOne(key string, p param, typed string) {
	at := s.path(key)
	old := s.doc.At(at)
	typed = strings.ReplaceAll(typed, "\r\n", "\n")
	if p.as != asLines && p.as != asArea {
		typed = strings.TrimSpace(typed)
	}
	if typed == s.shown(old, p) {
		return
	}
	if strings.TrimSpace(typed) == "" && p.optional {
		s.removeWith(at, key)
		return
	}
	if typed == "" && (p.as == asNumber || p.nullable) {
		s.doc.Set(at, version.Null())
		return
	}
	switch p.as {
	case asNumber:
		s.doc.Set(at, version.Number(typed))
	case asFlag:
		s.doc.Set(at, version.Flag(typed != "false"))
	case asWord:
		if typed == "true" || typed == "false" { // of verified
			s.doc.Set(at, version.Flag(typed == "true"))
			return
		}
		s.doc.Set(at, version.Words(typed))
	case asLines:
		s.doc.SetList(at, lines(typed))
	case asLiterals:
		var list []version.Scalar
		for part := range strings.SplitSeq(typed, ",") {
			if part = strings.TrimSpace(part); part != "" {
				list = append(list, version.Literal(part))
			}
		}
		if strings.HasSuffix(key, ".value") && len(list) == 1 { // the value of one status, not a list of them
			s.doc.Set(at, list[0])
			return
		}
		s.doc.SetList(at, list)
	default:
		s.doc.Set(at, version.Words(typed))
	}
}

// removeWith takes a value out, and the mapping around it when that was made for it and holds nothing more ("pick.min").
func (s *sheet) removeWith(at, key string) {
	s.doc.Remove(at)
	last := key[strings.LastIndex(key, "]")+1:]
	for _, holder := range []string{"pick", "requires"} {
		if i := strings.LastIndex(at, holder+"."); i >= 0 && strings.Contains(last, holder+".") {
			if up := at[:i+len(holder)]; len(s.doc.At(up).Keys()) == 0 {
				s.doc.Remove(up)
			}
		}
	}
}

func lines(typed string) (list []version.Scalar) {
	for line := range strings.SplitSeq(typed, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			list = append(list, version.Words(line))
		}
	}
	return list
}

// maxRows bounds how many rows one form may send.
const maxRows = 500

func (s *sheet) takeRows(form url.Values, key string, p param) {
	n := len(s.doc.At(s.path(key)).List())
	var gone []int
	for i := range maxRows {
		row := key + "[" + strconv.Itoa(i) + "]."
		sent, empty := false, true
		for _, c := range p.cols {
			sent = sent || form.Has(row+c.key)
			if c.as != asFlag { // a choice without an empty answer says nothing about the row
				empty = empty && strings.TrimSpace(form.Get(row+c.key)) == ""
			}
		}
		switch {
		case !sent && i >= n:
			s.drop(key, p, gone)
			return
		case !sent:
			continue
		case empty && i < n:
			gone = append(gone, i)
			continue
		case empty:
			continue
		}
		if i >= n { // rows left empty between make no hole
			at := s.doc.Append(s.path(key))
			for _, c := range p.cols {
				s.takeOne(key+"["+strconv.Itoa(at)+"]."+c.key, c, form.Get(row+c.key))
			}
			continue
		}
		for _, c := range p.cols {
			if form.Has(row + c.key) {
				s.takeOne(row+c.key, c, form.Get(row+c.key))
			}
		}
	}
}

func (s *sheet) drop(key string, p param, gone []int) {
	for _, i := range slices.Backward(gone) {
		s.doc.Remove(s.path(key) + "[" + strconv.Itoa(i) + "]")
	}
	if p.optional && len(s.doc.At(s.path(key)).List()) == 0 {
		s.doc.Remove(s.path(key))
	}
}
