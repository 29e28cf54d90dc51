// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package criteria

// rule is a criterion's scoring at one level, with facts and counts as indices and points in millionths.
type rule struct {
	kind    Kind
	op      opcode
	asks    ask   // what a person may record here at all
	null    bool  // a number of the rule is unknown: a person records
	noted   bool  // an override with only a note: a person answers at this level
	max     int64 // millionths, -1 when null
	full    Points
	step    int64
	items   []int64 // millionths, by item
	all     uint64  // bits of all items
	pick    int
	fact    int // boolean, status, count and deduct value, amount, numerator; -1 when none
	den     int // denominator or per; -1 when none
	fullAt  Num
	bands   []bandRule
	least   Num // min_percent; unknown when bands decide
	count   int
	floors  []Floor
	accept  []statusRule
	perCase int64
	when    []condRule
	without NotApplicable
}

// opcode is what the engine does; kinds that compute alike share one.
type opcode uint8

const (
	opPerson opcode = iota // manual, scale, boolean without fact, an unknown number
	opTicks                // checklist
	opFact                 // boolean with fact
	opShare                // ratio_bands, ratio_threshold
	opLinear               // ratio_linear
	opTitles               // member_titles
	opCount                // count_bands
	opAmount               // amount_bands
	opStatus               // external_status
	opDeduct               // deduct
	opPaper                // total_only
)

// ask is the sort of record a person gives where the rule asks for one.
type ask uint8

const (
	askNothing ask = iota
	askPoints
	askAnswer
	askTicks
)

type bandRule struct {
	min    Num
	points Points
}

type statusRule struct {
	value  int64
	text   string
	points Points
	pass   bool
	band   int // index into Partial, -1 for an accepted value
}

// condRule is one key of applies_when.
type condRule struct {
	fact   int
	text   bool    // compare text values
	scale  []Num   // numbers behind an enum's values, for comparisons
	ints   []int64 // values that hold
	texts  []string
	op     Op
	number Num
}

// gateRule is a parsed gate; op is "" when a person answers.
type gateRule struct {
	left, right operand
	op          Op
	texts       bool // both sides are enum or text facts and compare as words
}

// operand is a fact, a share of members or a number.
type operand struct {
	fact   int   // -1 when it is none
	count  int   // -1 when it is none
	number Num   // when both are -1
	scale  []Num // numbers behind an enum's values
	words  []string
}

type requirement struct {
	given         bool
	level, months int
}

type minimums struct {
	criterion, group Minimum
}
