// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Package criteria owns criteria sets (bộ tiêu chí): their YAML format, overlays, includes, checks, and the
// engine that turns facts and recorded scores into points and an outcome.
//
// It is pure: no database, no clock, no network, no language. A *Set is what a file says; a *Compiled is a
// checked, expanded and immutable set that scores; an Input goes in and a Result comes out. Errors and
// reasons are keys with arguments; sentences live in the catalogues of the edges.
//
// The meaning of every rule is data/criteria/README.md, section "Exact meaning". The package may know fault
// and text only.
package criteria

// Model is the sort of subject that a set assesses.
type Model string

// The models. The first five are the learning models of the plan.
const (
	Family    Model = "family"
	Clan      Model = "clan"
	Community Model = "community"
	Unit      Model = "unit"
	Citizen   Model = "citizen"
	Commune   Model = "commune"
	District  Model = "district"
	Province  Model = "province"
)

// Verified says how far a text was read in an official source. "" means that the part carries no flag of
// its own and shares its parent's. It goes with every result and never changes one.
type Verified string

// The values, from trusted to invented.
const (
	VerifiedTrue   Verified = "true"
	VerifiedPartly Verified = "partial"
	Reconstructed  Verified = "reconstructed"
	VerifiedFalse  Verified = "false"
)

// Trusted reports whether the part was read in an official text.
func (v Verified) Trusted() bool { return v == VerifiedTrue }

// Set is one criteria set as its file gives it, or as merging and including made it. Treat it as read only.
type Set struct {
	ID               string
	Title            string
	Model            Model
	IssuedBy         string
	Overlays         string // id of the set this one changes; the other fields are then filled only by Library
	Decision         Decision
	Effective        Years
	EffectiveNote    string
	ReplacedBy       []string
	MaxPoints        Num // unknown in a set without points
	Verified         Verified
	VerificationNote string
	Sources          []Source
	Variants         []Variant
	Facts            []Fact
	Groups           []Group
	Recognition      Recognition
	Process          Process

	root *node
}

// WithPoints reports whether the set counts points; one without passes or fails indicators.
func (s *Set) WithPoints() bool { return s.MaxPoints.Known() }

// Years is a range of evaluation years, both ends included; To 0 is open.
type Years struct{ From, To int }

// Holds reports whether year lies in the range.
func (y Years) Holds(year int) bool { return year >= y.From && (y.To == 0 || year <= y.To) }

// Decision names the text a set comes from. Dates are YYYY-MM-DD or "".
type Decision struct {
	Number      string
	Date        string
	InForceFrom string
	AlsoCitedAs []Citation
	Note        string
	Verified    Verified
}

// Citation is another number under which the same decision is cited.
type Citation struct {
	Number, Date, Note string
	Verified           Verified
}

// Source is where a set's contents were read; one of URL and Ref is given.
type Source struct{ URL, Ref, Supports string }

// Variant is a form for one group of persons (farmer, worker, cadre, learner); it changes no result.
type Variant struct {
	Code, Title, Note string
	Verified          Verified
}

// FactType is the sort of value a fact takes.
type FactType string

// The fact types; int and money are whole numbers from 0 to 10^18.
const (
	FactInt   FactType = "int"
	FactBool  FactType = "bool"
	FactMoney FactType = "money"
	FactEnum  FactType = "enum"
	FactText  FactType = "text"
)

// Fact is a statistic (số liệu khai) that a subject declares.
type Fact struct {
	Key      string
	Title    string
	Type     FactType
	Values   []string // of an enum
	Note     string
	Verified Verified
}

// Group is a heading with its criteria.
type Group struct {
	Code      string
	Title     string
	MaxPoints Num
	Criteria  []Criterion
	Note      string
	Verified  Verified

	path string
}

// NotApplicable says what a criterion counts when its applies_when does not hold.
type NotApplicable string

// The three ways; "" belongs to a criterion that always applies.
const (
	NotApplicableFull         NotApplicable = "full"
	NotApplicableRedistribute NotApplicable = "redistribute"
	NotApplicableSkip         NotApplicable = "skip"
)

// Criterion is one scored line (tiêu chí, chỉ tiêu, chỉ số).
type Criterion struct {
	Code              string
	Title             string
	MaxPoints         Num
	Scoring           Scoring
	Evidence          []string // what may back it, in words
	EvidenceRequired  EvidenceRule
	AppliesWhen       []Condition
	WhenNotApplicable NotApplicable
	Note              string
	Verified          Verified

	line string // code of the include line it came through, or ""
	root *node  // tree and path of its own file, for messages
	path string
}

// EvidenceRule says when a criterion needs evidence before a file may be submitted. It never changes points.
type EvidenceRule struct {
	Always     bool
	FromPoints Num // known: needed from so many points up
}

// Condition is one key of applies_when: the fact is one of Values, or compares with Number by Op.
type Condition struct {
	Fact   string
	Values []Literal
	Op     Op // "" when Values decide
	Number Num
}

// Literal is a value of accept, partial or applies_when: text, a boolean or a number.
type Literal struct {
	Text string // text, "true", "false", or the canonical decimal
	Kind LiteralKind
}

// LiteralKind tells text from booleans and numbers.
type LiteralKind uint8

// The kinds of literal.
const (
	LiteralText LiteralKind = iota
	LiteralBool
	LiteralNumber
)

// Op is a comparison.
type Op string

// The comparisons of gates and of applies_when.
const (
	Equal        Op = "=="
	NotEqual     Op = "!="
	Greater      Op = ">"
	GreaterEqual Op = ">="
	Less         Op = "<"
	LessEqual    Op = "<="
)
