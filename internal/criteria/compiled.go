// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package criteria

// Compiled is a checked set with its overlay merged, its includes expanded and its rules indexed for scoring.
// It is immutable and safe for many goroutines. Everything in it is read only; indices into its slices are
// the indices of Input and Result and never change for one text of a set.
type Compiled struct {
	Set      *Set         // the merged set; its groups hold the included criteria
	Facts    []Fact       // declared, then those that came along with included criteria
	Criteria []*Criterion // in file order, flat
	Groups   []GroupSpan
	Gates    []Gate
	Levels   []Level
	Classes  []Class
	Counts   []CountKind // what member_titles criteria count

	facts     map[string]int
	codes     map[string]int
	rules     [][]rule // by level, then criterion
	gates     []gateRule
	required  []requirement // by level
	zeroOf    [][]int       // by fact: the denominators of which it is the numerator
	minimums  minimums
	groupMax  []int64 // millionths, -1 when null
	unbounded []bool  // by group: it has a criterion without a maximum
}

// GroupSpan is a group and the criteria First … First+Len-1 that belong to it.
type GroupSpan struct {
	Code, Title string
	Max         Num
	Verified    Verified
	Note        string
	First, Len  int
}

// CountKind is one pair of counts that member_titles reads: members of a kind and those who hold a title.
type CountKind struct {
	Member     Member
	TitleModel Model
	Key        string // name in the input: the member, or member/title where one member kind counts twice
}

// ID is the set's id.
func (c *Compiled) ID() string { return c.Set.ID }

// Verified is the set's flag; every result carries it through Result.Set.
func (c *Compiled) Verified() Verified { return c.Set.Verified }

// FactIndex finds a fact by key.
func (c *Compiled) FactIndex(key string) (i int, ok bool) { i, ok = c.facts[key]; return i, ok }

// CriterionIndex finds a criterion by code.
func (c *Compiled) CriterionIndex(code string) (i int, ok bool) { i, ok = c.codes[code]; return i, ok }

// NewInput gives an empty input of the right shape: everything unknown.
func (c *Compiled) NewInput() *Input {
	return &Input{
		Facts:  make([]Value, len(c.Facts)),
		Scores: make([]Recorded, len(c.Criteria)),
		Counts: make([]Count, len(c.Counts)),
		Gates:  make([]Answer, len(c.Gates)),
		Paper:  Paper{Level: -1},
	}
}

// TitleYears gives the evaluation years in which a title of this set granted for year counts in a
// member_titles rule, unless it is revoked.
func (c *Compiled) TitleYears(year int) Years {
	return Years{From: year, To: year + max(c.Set.Recognition.ValidityMonths/12, 1) - 1}
}
