// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package sets

import (
	"slices"

	"hoctap/internal/criteria"
)

// sort is how a value of a set is asked for.
type sort int

const (
	asText     sort = iota // one line
	asArea                 // several lines
	asCode                 // a short code, always text
	asNumber               // an exact decimal; left empty it is unknown
	asWord                 // one of words
	asFact                 // one of the declared facts
	asFlag                 // yes or no
	asLines                // a list of texts, one a line
	asLiterals             // a list of values, separated by commas
	asRows                 // a list of things
)

// param is one value of a set: where it stands below its thing, and how it is asked for. Its label is "sets.f."+label.
type param struct {
	key      string
	label    string
	as       sort
	optional bool // left empty it is taken out of the file
	nullable bool // left empty it is null
	words    []string
	wordKey  string // catalogue prefix of the words
	types    []criteria.FactType
	cols     []param // of asRows
	fresh    int     // empty rows offered at the end
}

var (
	trust    = param{key: "verified", label: "verified", as: asWord, optional: true, words: []string{"true", "partial", "reconstructed", "false"}, wordKey: "sets.trust."}
	codeCol  = param{key: "code", label: "code", as: asCode}
	titleCol = param{key: "title", label: "title", as: asText}
	points   = param{key: "points", label: "points", as: asNumber}
	numbers  = []criteria.FactType{criteria.FactInt, criteria.FactMoney}
	share    = []param{
		{key: "numerator", label: "numerator", as: asFact, types: numbers},
		{key: "denominator", label: "denominator", as: asFact, types: numbers},
	}
	percentBands = param{key: "bands", label: "bands", as: asRows, cols: []param{{key: "min_percent", label: "min_percent", as: asNumber}, points}, fresh: 2}
	countBands   = param{key: "bands", label: "bands", as: asRows, cols: []param{{key: "min", label: "min", as: asNumber}, points}, fresh: 2}
	modelWords   = []string{"family", "clan", "community", "unit", "citizen", "commune", "district", "province"}
	regionWords  = []string{"default", "mountainous", "especially_difficult"}
)

func optional(p param) param {
	p.optional = true
	return p
}

// kinds lists the kinds of scoring in the order of the choice.
var kinds = []criteria.Kind{criteria.Boolean, criteria.Scale, criteria.Checklist, criteria.RatioLinear, criteria.RatioBands, criteria.RatioThreshold, criteria.CountBands,
	criteria.AmountBands, criteria.Deduct, criteria.ExternalStatus, criteria.MemberTitles, criteria.Include, criteria.Manual, criteria.TotalOnly}

// pointless are the kinds that a set without points may use.
var pointless = []criteria.Kind{criteria.Boolean, criteria.Checklist, criteria.RatioThreshold, criteria.MemberTitles, criteria.ExternalStatus, criteria.Include, criteria.Manual}

// rules are the parameters of each kind, below "scoring".
var rules = map[criteria.Kind][]param{
	criteria.Boolean: {{key: "fact", label: "fact", as: asFact, optional: true, types: []criteria.FactType{criteria.FactBool}}},
	criteria.Scale: {{key: "step", label: "step", as: asNumber, optional: true},
		{key: "levels", label: "guide", as: asRows, optional: true, cols: []param{points, {key: "when", label: "when", as: asText}}, fresh: 2}},
	criteria.Checklist: {{key: "items", label: "items", as: asRows, cols: []param{codeCol, titleCol, optional(points)}, fresh: 2},
		{key: "pick.min", label: "pick", as: asNumber, optional: true}},
	criteria.RatioLinear:    append(slices.Clone(share), param{key: "full_at", label: "full_at", as: asNumber, optional: true}),
	criteria.RatioBands:     append(slices.Clone(share), percentBands),
	criteria.RatioThreshold: append(slices.Clone(share), param{key: "min_percent", label: "min_percent", as: asNumber}),
	criteria.MemberTitles: {{key: "member", label: "member", as: asWord, words: []string{"adult", "family", "clan", "community", "unit_member", "learner", "unit"}, wordKey: "sets.member."},
		{key: "title_model", label: "title_model", as: asWord, words: modelWords, wordKey: "sets.model."},
		optional(percentBands), {key: "min_percent", label: "min_percent", as: asNumber, optional: true},
		{key: "min_percent_by_year", label: "floors", as: asRows, optional: true, fresh: 1,
			cols: []param{{key: "from", label: "from", as: asNumber}, {key: "to", label: "to", as: asNumber}, {key: "min_percent", label: "min_percent", as: asNumber}}}},
	criteria.CountBands: {{key: "value", label: "value", as: asFact, types: numbers}, countBands},
	criteria.AmountBands: {{key: "value", label: "value", as: asFact, types: numbers},
		{key: "per", label: "per", as: asFact, optional: true, types: numbers}, countBands},
	criteria.ExternalStatus: {{key: "status", label: "status", as: asFact}, {key: "accept", label: "accept", as: asLiterals},
		{key: "partial", label: "partial", as: asRows, optional: true, cols: []param{{key: "value", label: "literal", as: asLiterals}, points}, fresh: 1}},
	criteria.Include: {{key: "set", label: "set", as: asCode}, {key: "group", label: "group", as: asCode}},
	criteria.Deduct:  {{key: "per_case", label: "per_case", as: asNumber}, {key: "value", label: "cases", as: asFact, types: []criteria.FactType{criteria.FactInt}}},
}

// groupParams are those of a group.
func groupParams(withPoints bool) []param {
	list := []param{codeCol, {key: "title", label: "title", as: asArea}}
	if withPoints {
		list = append(list, param{key: "max_points", label: "max_points", as: asNumber})
	}
	return append(list, param{key: "note", label: "note", as: asArea, optional: true}, trust)
}

// generalParams are those of the set itself.
var generalParams = []param{
	{key: "title", label: "set_title", as: asArea},
	{key: "issued_by", label: "issued_by", as: asText, optional: true},
	{key: "decision.number", label: "decision_number", as: asText, nullable: true},
	{key: "decision.date", label: "decision_date", as: asText, nullable: true},
	{key: "effective.from", label: "effective_from", as: asNumber},
	{key: "effective.to", label: "effective_to", as: asNumber},
	{key: "max_points", label: "set_max", as: asNumber},
	{key: "verified", label: "verified", as: asWord, words: trust.words, wordKey: trust.wordKey},
	{key: "verification_note", label: "verification_note", as: asArea, optional: true},
}

// factParams are the declared facts.
var factParams = []param{{key: "facts", label: "facts", as: asRows, fresh: 2, cols: []param{{key: "key", label: "key", as: asCode}, titleCol,
	{key: "type", label: "type", as: asWord, words: []string{"int", "bool", "money", "enum", "text"}, wordKey: "sets.type."}, {key: "values", label: "values", as: asLiterals, optional: true}}}}

// recognitionParams are how the set decides, below "recognition".
var recognitionParams = []param{
	{key: "method", label: "method", as: asWord, words: []string{"points", "classification", "all_indicators", "result_only"}, wordKey: "sets.method."},
	{key: "thresholds", label: "thresholds", as: asRows, optional: true, fresh: 1, cols: []param{{key: "region", label: "region", as: asWord, words: regionWords, wordKey: "criteria.region."}, {key: "min_total", label: "min_total", as: asNumber}, trust}},
	{key: "classes", label: "classes", as: asRows, optional: true, fresh: 1, cols: []param{codeCol, titleCol, {key: "min_total", label: "min_total", as: asNumber}, {key: "recognised", label: "recognised", as: asFlag, optional: true}}},
	{key: "mandatory", label: "gates", as: asRows, optional: true, fresh: 1, cols: []param{codeCol, titleCol, {key: "rule", label: "rule", as: asText, optional: true}}},
	{key: "levels", label: "levels", as: asRows, optional: true, fresh: 1, cols: []param{codeCol, titleCol, {key: "requires.level", label: "requires_level", as: asCode, optional: true}, {key: "requires.months_since_decision", label: "requires_months", as: asNumber, optional: true}}},
	{key: "validity_months", label: "validity_months", as: asNumber, optional: true},
	{key: "note", label: "recognition_note", as: asArea, optional: true},
}
