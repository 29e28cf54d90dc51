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
	"hoctap/internal/web/ui"
)

// criterionForm is the selected criterion.
type criterionForm struct {
	Code     string
	Head     []block // code, title
	Kind     block
	Max      *block // nil in a set without points
	Rule     []block
	When     [][]cell // fact and condition
	Else     block
	Evidence block
	Required ui.Field
	From     ui.Field // points from which evidence is required
	Tail     []block
	Groups   []ui.Option // where it may be carried to
	First    bool        // nothing stands before it in its group
	Last     bool
	ErrRule  string
}

var (
	criterionHead = []param{codeCol, {key: "title", label: "content", as: asArea}}
	criterionMax  = param{key: "max_points", label: "max_points", as: asNumber}
	criterionElse = param{key: "when_not_applicable", label: "when_not_applicable", as: asWord, optional: true, words: []string{"full", "redistribute", "skip"}, wordKey: "sets.else."}
	criterionProo = param{key: "evidence", label: "evidence", as: asLines}
	criterionTail = []param{{key: "note", label: "family_note", as: asArea, optional: true}, trust}
)

// withPoints reports whether the set of a draft counts points: only a null maximum says that it does not.
func withPoints(doc *version.Doc) bool {
	max := doc.At("max_points")
	return !max.Given() || max.Text() != ""
}

func kindsOf(doc *version.Doc) []criteria.Kind {
	if withPoints(doc) {
		return kinds
	}
	return pointless
}

func (s *sheet) criterion(group, index int) *criterionForm {
	c := s.doc.At(s.base)
	kind := c.Get("scoring.kind").Text()
	f := &criterionForm{Code: c.Get("code").Text(), Head: s.blocks("", criterionHead), Rule: s.blocks("scoring.", rules[criteria.Kind(kind)]),
		Else: s.blocks("", []param{criterionElse})[0], Evidence: s.blocks("", []param{criterionProo})[0], Tail: s.blocks("", criterionTail)}
	f.ErrRule = s.errs[s.path("scoring")]
	words := make([]string, 0, len(kinds))
	for _, k := range kindsOf(s.doc) {
		words = append(words, string(k))
	}
	f.Kind = s.blocks("", []param{{key: "scoring.kind", label: "kind", as: asWord, words: words, wordKey: "criteria.kind."}})[0]
	f.Kind.Field.Attrs["data-kind"] = ""
	if withPoints(s.doc) {
		max := s.blocks("", []param{criterionMax})[0]
		f.Max = &max
	}
	s.conditions(f, c)
	rule := c.Get("evidence_required")
	f.Required = ui.Field{Name: "evidence_required", Label: s.v.T("sets.f.evidence_required"), Err: s.errs[s.path("evidence_required")]}
	chosen := ""
	switch {
	case len(rule.Keys()) > 0:
		chosen = "from"
	case rule.Given():
		chosen = "always"
	}
	for _, w := range []string{"", "always", "from"} {
		if w != "from" || f.Max != nil {
			f.Required.Options = append(f.Required.Options, ui.Option{Value: w, Label: s.v.T("sets.evidence_rule." + w), Chosen: w == chosen})
		}
	}
	f.From = s.cell("evidence_required.from_points", param{label: "from_points", as: asNumber, optional: true}).Field
	for i, g := range s.doc.At("groups").List() {
		if i != group {
			f.Groups = append(f.Groups, ui.Option{Value: strconv.Itoa(i), Label: g.Get("code").Text() + " " + g.Get("title").Text()})
		}
	}
	f.First, f.Last = index == 0, index == len(s.doc.At("groups["+strconv.Itoa(group)+"].criteria").List())-1
	return f
}

// conditions are applies_when, one fact a row, and an empty row.
func (s *sheet) conditions(f *criterionForm, c version.Value) {
	keys := c.Get("applies_when").Keys()
	for i, key := range append(keys, "") {
		value := ""
		if key != "" {
			value = s.shown(c.Get("applies_when."+key), param{as: asLiterals})
		}
		n := strconv.Itoa(i)
		options, read := s.facts(param{}, key)
		fact := ui.Field{Name: "applies.fact." + n, Label: s.v.T("sets.f.applies_fact") + " " + strconv.Itoa(i+1), Options: options, Err: s.errs[s.path("applies_when."+key)]}
		if i == 0 && fact.Err == "" {
			fact.Err = s.errs[s.path("applies_when")]
		}
		cond := ui.Field{Name: "applies.cond." + n, Label: s.v.T("sets.f.applies_cond") + " " + strconv.Itoa(i+1), Value: value}
		f.When = append(f.When, []cell{{As: asFact, Field: fact, Read: read}, {As: asText, Field: cond, Read: value}})
	}
}

// takeCriterion writes the form of a criterion into the draft. With another kind the old kind's parameters go; those that both
// know stay.
func (s *sheet) takeCriterion(form url.Values) {
	s.take(form, "", criterionHead)
	if withPoints(s.doc) {
		s.take(form, "", []param{criterionMax})
	}
	old := criteria.Kind(s.doc.At(s.path("scoring.kind")).Text())
	if kind := criteria.Kind(form.Get("scoring.kind")); kind == old || !form.Has("scoring.kind") {
		s.take(form, "scoring.", rules[old])
	} else {
		s.take(form, "scoring.", rules[old]) // what both kinds know is kept as typed
		s.changeKind(kind)
	}
	s.takeConditions(form)
	s.take(form, "", []param{criterionElse, criterionProo})
	if form.Has("evidence_required") {
		s.takeEvidence(form)
	}
	s.take(form, "", criterionTail)
}

func (s *sheet) changeKind(kind criteria.Kind) {
	s.doc.Clear(s.path("scoring"))
	s.doc.Set(s.path("scoring.kind"), version.Words(string(kind)))
	known := []string{"kind", "note", "verified"}
	for _, p := range rules[kind] {
		known = append(known, strings.Split(p.key, ".")[0])
		rows := s.doc.At(s.path("scoring." + p.key)).List()
		if p.as != asRows || len(rows) == 0 {
			continue
		}
		for _, key := range rows[0].Keys() { // bands of shares and of counts have different limits
			if !slices.ContainsFunc(p.cols, func(c param) bool { return c.key == key }) && key != "note" && key != "verified" {
				s.doc.Remove(s.path("scoring." + p.key))
				break
			}
		}
	}
	for _, key := range s.doc.At(s.path("scoring")).Keys() {
		if !slices.Contains(known, key) {
			s.doc.Remove(s.path("scoring." + key))
		}
	}
}

func (s *sheet) takeConditions(form url.Values) {
	if !form.Has("applies.fact.0") {
		return
	}
	at := s.path("applies_when")
	kept := map[string]bool{}
	for i := range maxRows {
		n := strconv.Itoa(i)
		if !form.Has("applies.fact." + n) {
			break
		}
		key, cond := form.Get("applies.fact."+n), strings.TrimSpace(form.Get("applies.cond."+n))
		if key == "" || kept[key] {
			continue
		}
		kept[key] = true
		if old := s.doc.At(at + "." + key); old.Given() && s.shown(old, param{as: asLiterals}) == cond {
			continue
		}
		if cond == "" || strings.ContainsAny(cond[:1], "<>=!") {
			s.doc.Set(at+"."+key, version.Words(cond))
			continue
		}
		var list []version.Scalar
		for part := range strings.SplitSeq(cond, ",") {
			if part = strings.TrimSpace(part); part != "" {
				list = append(list, version.Literal(part))
			}
		}
		s.doc.SetList(at+"."+key, list)
	}
	for _, key := range s.doc.At(at).Keys() {
		if !kept[key] {
			s.doc.Remove(at + "." + key)
		}
	}
	if len(kept) == 0 {
		s.doc.Remove(at)
	}
}

func (s *sheet) takeEvidence(form url.Values) {
	at := s.path("evidence_required")
	switch form.Get("evidence_required") {
	case "always":
		s.doc.Set(at, version.Words("always"))
	case "from":
		typed := strings.TrimSpace(form.Get("evidence_required.from_points"))
		s.doc.Clear(at)
		if typed != s.shown(s.doc.At(at+".from_points"), param{as: asNumber}) || typed == "" {
			s.doc.Set(at+".from_points", version.Number(typed))
		}
	default:
		s.doc.Remove(at)
	}
}
