// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package criteria

import (
	"bytes"
	"io"
	"slices"
	"strconv"

	"hoctap/internal/fault"
)

func newReader(data []byte) io.Reader { return bytes.NewReader(data) }

func faultField(path, key string, pairs ...any) fault.FieldError {
	return fault.Field(path, "criteria."+key, pairs...)
}

// Read takes an input from JSON (docs/criteria.md gives the format). It fails with fault.Invalid that names
// every field of the wrong type and every fact, criterion, item, gate or level that the set does not have;
// ranges are judged by Score. null is the same as missing.
func (c *Compiled) Read(r io.Reader) (*Input, error) {
	in := c.NewInput()
	var p problems
	root := readJSON(&p, r)
	if root == nil {
		return nil, fault.Invalid(p.list...)
	}
	rd := inputReader{c: c, in: in, p: &p}
	rd.top(root)
	if !p.none() {
		return nil, fault.Invalid(p.list...)
	}
	return in, nil
}

// SetFact takes a fact's value from its JSON form: a number, true or false, or a text.
func (c *Compiled) SetFact(in *Input, key string, json []byte) error {
	return c.setPart(in, "facts", key, json)
}

// SetScore takes what a person recorded for a criterion from its JSON form: points, true or false, a list of
// ticked items, or an object that names them.
func (c *Compiled) SetScore(in *Input, code string, json []byte) error {
	return c.setPart(in, "scores", code, json)
}

func (c *Compiled) setPart(in *Input, part, key string, json []byte) error {
	var p problems
	if n := readJSON(&p, bytes.NewReader(json)); n != nil {
		rd := inputReader{c: c, in: in, p: &p}
		rd.part(part, &node{kind: objectNode, keys: []string{key}, vals: []*node{n}})
	}
	return fault.Invalid(p.list...)
}

type inputReader struct {
	c  *Compiled
	in *Input
	p  *problems
}

func (rd *inputReader) top(root *node) {
	if root.kind != objectNode {
		rd.p.field("", "want_object")
		return
	}
	for i, key := range root.keys {
		if v := root.vals[i]; v.kind != nullNode {
			rd.part(key, v)
		}
	}
}

func (rd *inputReader) part(key string, v *node) {
	switch key {
	case "year":
		rd.in.Year = int(rd.whole(key, v))
	case "region":
		rd.in.Region = Region(rd.text(key, v))
	case "facts":
		rd.each(key, v, rd.fact)
	case "scores":
		rd.each(key, v, rd.score)
	case "members":
		rd.each(key, v, rd.count)
	case "gates":
		rd.each(key, v, rd.gate)
	case "titles":
		rd.titles(v)
	case "applied":
		rd.in.Applied = rd.date(key, v)
	case "paper":
		rd.paper(v)
	default:
		rd.p.field(key, "unknown_field", "field", clip(key))
	}
}

// each reads the entries of an object; null entries are missing, but their keys must be known.
func (rd *inputReader) each(name string, v *node, read func(path, key string, v *node)) {
	if v.kind != objectNode {
		rd.p.field(name, "want_object")
		return
	}
	for i, key := range v.keys {
		read(name+"."+key, key, v.vals[i])
	}
}

func (rd *inputReader) whole(path string, v *node) int64 {
	if v.kind != numberNode || !v.num.isWhole() {
		rd.p.field(path, "want_whole")
		return 0
	}
	return v.num.N / v.num.D
}

func (rd *inputReader) text(path string, v *node) string {
	if v.kind != textNode {
		rd.p.field(path, "want_text")
	}
	return v.text
}

func (rd *inputReader) answer(path string, v *node) Answer {
	if v.kind == nullNode {
		return Unanswered
	}
	if v.kind != boolNode {
		rd.p.field(path, "want_boolean")
		return Unanswered
	}
	return AnswerOf(v.text == "true")
}

func (rd *inputReader) date(path string, v *node) Date {
	if v.kind == nullNode {
		return 0
	}
	d, ok := ParseDate(v.text)
	if v.kind != textNode || !ok {
		rd.p.field(path, "want_date", "value", clip(v.text))
	}
	return d
}

// points reads at most two decimals.
func (rd *inputReader) points(path string, v *node) (p Points, ok bool) {
	switch {
	case v.kind == nullNode:
		return 0, false
	case v.kind != numberNode:
		rd.p.field(path, "want_number")
	case !v.num.Known() || v.num.D > 100:
		rd.p.field(path, "points_decimals", "value", clip(v.text))
	case v.num.N > maxNumber/100 || v.num.N < -maxNumber/100:
		rd.p.field(path, "too_many_points", "max", maxPoint)
	default:
		return Points(v.num.N * (100 / v.num.D)), true
	}
	return 0, false
}

func (rd *inputReader) fact(path, key string, v *node) {
	i, ok := rd.c.facts[key]
	if !ok {
		rd.p.field(path, "unknown_fact", "fact", clip(key))
		return
	}
	if v.kind == nullNode {
		rd.in.Facts[i] = Value{}
		return
	}
	f := &rd.c.Facts[i]
	switch f.Type {
	case FactBool:
		if a := rd.answer(path, v); a != Unanswered {
			rd.in.Facts[i] = BoolValue(a == Yes)
		}
	case FactEnum:
		at := slices.Index(f.Values, v.text)
		if v.kind != textNode || at < 0 {
			rd.p.field(path, "want_word", "value", clip(v.text), "words", f.Values)
			return
		}
		rd.in.Facts[i] = IntValue(int64(at))
	case FactText:
		rd.in.Facts[i] = TextValue(rd.text(path, v))
	default:
		n := rd.whole(path, v)
		if n < 0 {
			rd.p.field(path, "want_not_negative", "value", clip(v.text))
		}
		rd.in.Facts[i] = IntValue(n)
	}
}

func (rd *inputReader) score(path, code string, v *node) {
	i, ok := rd.c.codes[code]
	if !ok {
		rd.p.field(path, "unknown_criterion", "code", clip(code))
		return
	}
	rec := &rd.in.Scores[i]
	*rec = Recorded{}
	if v.kind == objectNode {
		rd.record(path, i, rec, v)
		return
	}
	rd.plain(path, i, rec, v)
}

// plain reads points, an answer or a list of ticks.
func (rd *inputReader) plain(path string, i int, rec *Recorded, v *node) {
	switch v.kind {
	case nullNode:
	case boolNode:
		rec.Answer = rd.answer(path, v)
	case listNode:
		rd.ticks(path, i, rec, v)
	default:
		rec.Points, rec.HasPoints = rd.points(path, v)
	}
}

func (rd *inputReader) record(path string, i int, rec *Recorded, v *node) {
	for k, key := range v.keys {
		val, at := v.vals[k], path+"."+key
		switch key {
		case "points":
			rec.Points, rec.HasPoints = rd.points(at, val)
		case "answer":
			rec.Answer = rd.answer(at, val)
		case "ticks":
			if val.kind != nullNode {
				rd.ticks(at, i, rec, val)
			}
		case "levels":
			rd.each(at, val, func(path, code string, v *node) { rd.level(path, rec, code, v) })
		default:
			rd.p.field(at, "unknown_field", "field", clip(key))
		}
	}
}

func (rd *inputReader) level(path string, rec *Recorded, code string, v *node) {
	l := rd.levelIndex(code)
	if l < 0 {
		rd.p.field(path, "unknown_level", "code", clip(code))
		return
	}
	a := rd.answer(path, v)
	if l == 0 {
		rec.Answer = a
		return
	}
	if rec.Levels == nil {
		rec.Levels = make([]Answer, len(rd.c.Levels))
	}
	rec.Levels[l] = a
}

func (rd *inputReader) levelIndex(code string) int {
	return slices.IndexFunc(rd.c.Levels, func(l Level) bool { return l.Code == code })
}

func (rd *inputReader) ticks(path string, i int, rec *Recorded, v *node) {
	if v.kind != listNode {
		rd.p.field(path, "want_list")
		return
	}
	rec.Ticked, rec.Ticks = true, 0
	items := rd.c.Criteria[i].Scoring.Items
	for k, n := range v.list {
		at := slices.IndexFunc(items, func(item Item) bool { return item.Code == n.code() })
		field := path + "[" + strconv.Itoa(k) + "]"
		switch {
		case at < 0 || n.code() == "":
			rd.p.field(field, "unknown_item", "item", clip(n.text), "code", rd.c.Criteria[i].Code)
		case rec.Ticks&(1<<at) != 0:
			rd.p.field(field, "item_twice", "item", clip(n.text), "code", rd.c.Criteria[i].Code)
		default:
			rec.Ticks |= 1 << at
		}
	}
}

func (rd *inputReader) count(path, key string, v *node) {
	i := slices.IndexFunc(rd.c.Counts, func(k CountKind) bool { return k.Key == key })
	switch {
	case i < 0:
		rd.p.field(path, "unknown_member", "member", clip(key))
		return
	case v.kind == nullNode:
		return
	case v.kind != objectNode:
		rd.p.field(path, "want_object")
		return
	}
	n := &rd.in.Counts[i]
	for k, key := range v.keys {
		val, at := v.vals[k], path+"."+key
		if val.kind == nullNode && (key == "members" || key == "holders") {
			continue
		}
		switch key {
		case "members":
			n.Members, n.HasMembers = rd.whole(at, val), true
		case "holders":
			n.Holders, n.HasHolders = rd.whole(at, val), true
		default:
			rd.p.field(at, "unknown_field", "field", clip(key))
		}
	}
}

func (rd *inputReader) gate(path, code string, v *node) {
	i := slices.IndexFunc(rd.c.Gates, func(g Gate) bool { return g.Code == code })
	if i < 0 {
		rd.p.field(path, "unknown_gate", "code", clip(code))
		return
	}
	rd.in.Gates[i] = rd.answer(path, v)
}

func (rd *inputReader) titles(v *node) {
	if v.kind != listNode {
		rd.p.field("titles", "want_list")
		return
	}
	for i, n := range v.list {
		path := "titles[" + strconv.Itoa(i) + "]"
		if n.kind != objectNode {
			rd.p.field(path, "want_object")
			continue
		}
		t := Title{Level: -1}
		for k, key := range n.keys {
			val, at := n.vals[k], path+"."+key
			switch key {
			case "level":
				t.Level = rd.levelCode(at, val)
			case "decided":
				t.Decided = rd.date(at, val)
			case "revoked":
				t.Revoked = rd.answer(at, val) == Yes
			default:
				rd.p.field(at, "unknown_field", "field", clip(key))
			}
		}
		rd.in.Titles = append(rd.in.Titles, t)
	}
}

// levelCode gives the index of a level, -1 for null.
func (rd *inputReader) levelCode(path string, v *node) int {
	if v.kind == nullNode {
		return -1
	}
	l := rd.levelIndex(v.code())
	if l < 0 {
		rd.p.field(path, "unknown_level", "code", clip(v.text))
	}
	return l
}

func (rd *inputReader) paper(v *node) {
	if v.kind != objectNode {
		rd.p.field("paper", "want_object")
		return
	}
	p := &rd.in.Paper
	p.Given = true
	for i, key := range v.keys {
		val, at := v.vals[i], "paper."+key
		switch key {
		case "outcome":
			switch {
			case val.kind == nullNode:
			case val.kind == textNode && val.text == Recognised.String():
				p.Outcome = Recognised
			case val.kind == textNode && val.text == NotRecognised.String():
				p.Outcome = NotRecognised
			case val.kind == textNode && val.text == Undecided.String():
			default:
				rd.p.field(at, "unknown_outcome", "value", clip(val.text))
			}
		case "total":
			p.Total, p.HasTotal = rd.points(at, val)
		case "level":
			p.Level = rd.levelCode(at, val)
		default:
			rd.p.field(at, "unknown_field", "field", clip(key))
		}
	}
}
