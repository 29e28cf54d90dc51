// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package criteria

import "hoctap/internal/fault"

// Outcome is what an assessment comes to.
type Outcome uint8

// The outcomes. Refused means that the input broke a rule and nothing was scored.
const (
	Undecided Outcome = iota
	Recognised
	NotRecognised
	Refused
)

// String gives the key used in JSON and in catalogues ("criteria.outcome." + key).
func (o Outcome) String() string {
	return [...]string{"undecided", "recognised", "not_recognised", "refused"}[o]
}

// Result is the outcome with its explanation, by the indices of the Compiled that made it. Reuse one with
// Compiled.ScoreInto; its slices are then overwritten.
type Result struct {
	Set       *Compiled // carries id and verified flag
	Outcome   Outcome
	FromPaper bool // the recorded decision is the outcome; nothing else was judged

	Total    Points // valid with HasTotal
	HasTotal bool
	SoFar    Points // points of the criteria known so far; equals Total when that is known
	Open     Points // what the criteria still unknown can give at most
	Max      Points // sum of the groups' maxima, after skip; 0 in a set without points
	HasMax   bool   // false when a maximum is null

	Threshold ThresholdUsed
	Class     int // index into Classes, -1 when there is none or it is not known
	Level     int // index into Levels of the highest level that passes, -1 when none

	Criteria []CriterionResult // at the lowest level
	Groups   []GroupResult
	Gates    []GateResult
	Levels   []LevelResult // only with ByIndicators; at least one, unnamed when the set has no levels

	Failures []Reason           // every failure, in the specified order; they decide the outcome
	Unknowns []Reason           // what keeps the outcome open, in the same order
	Needs    []Need             // every fact, score, count or answer that is missing and matters
	Refusals []fault.FieldError // only when Refused
}

// ThresholdUsed is the threshold that applied. It is absent in a set without thresholds.
type ThresholdUsed struct {
	Index    int  // into Thresholds, -1 when none applies
	FellBack bool // the region was not told or has none of its own: default was used
	MinTotal Points
	HasMin   bool   // false when the number is null
	Short    Points // MinTotal less SoFar, not below 0: points still missing
}

// State is what became of a criterion.
type State uint8

// The states of a criterion.
const (
	StateUnknown       State = iota // no points; Why says why
	StateScored                     // computed by its rule, or recorded where the rule asks a person
	StateFull                       // does not apply: maximum, or passes
	StateRedistributed              // does not apply: the rest of the group is scaled up
	StateSkipped                    // does not apply: taken out
)

// String gives the key used in JSON and in catalogues ("criteria.state." + key).
func (s State) String() string {
	return [...]string{"unknown", "scored", "full", "redistributed", "skipped"}[s]
}

// Why says why a criterion is unknown.
type Why uint8

// The causes. Where a person may close the gap, Asked is set on the criterion's result.
const (
	WhyNone            Why = iota
	WhyFactMissing         // a fact of its rule
	WhyApplicability       // a fact of applies_when is missing
	WhyScoreMissing        // a person's points
	WhyTicksMissing        // a checklist not filled in
	WhyAnswerMissing       // a person's yes or no
	WhyCountMissing        // members or holders not counted
	WhyZeroDenominator     // denominator, per or members are 0: correct the fact or record points
	WhyNumberUnknown       // the set does not know a number of the rule: a person records
	WhyOnlyPaper           // total_only
)

// String gives the key used in JSON and in catalogues ("criteria.why." + key).
func (w Why) String() string {
	return [...]string{"", "fact_missing", "applicability", "score_missing", "ticks_missing", "answer_missing",
		"count_missing", "zero_denominator", "number_unknown", "only_paper"}[w]
}

// Basis says what a scored criterion's points rest on.
type Basis uint8

// The bases.
const (
	BasisNone   Basis = iota
	BasisFact         // a boolean fact
	BasisShare        // Num of Den
	BasisCount        // Num, a count
	BasisAmount       // Num per Den
	BasisStatus       // the value of a status fact
	BasisTicks        // Num ticks of Den items
	BasisPerson       // a person's points or answer
)

// String gives the key used in JSON and in catalogues ("criteria.basis." + key).
func (b Basis) String() string {
	return [...]string{"", "fact", "share", "count", "amount", "status", "ticks", "person"}[b]
}

// CriterionResult is one criterion's points with what they rest on.
type CriterionResult struct {
	State    State
	Why      Why
	Basis    Basis
	Asked    bool   // a person's record counts here, given or not
	Points   Points // valid unless Unknown, Redistributed or Skipped
	Pass     Answer // in a set without points: Yes, No, or Unanswered when unknown or skipped
	Num, Den int64  // of a share or amount; see Basis
	Band     int    // index into Scoring.Bands, or Partial of a status; -1 when none was reached or none is used
	Floor    FloorUsed
}

// FloorUsed is the yearly floor that applied to a member_titles criterion.
type FloorUsed struct {
	Index int // into Scoring.Floors, -1 when the year has none
	Met   Answer
}

// GroupResult is one group's printed points.
type GroupResult struct {
	Points Points // valid with Known
	Known  bool
	SoFar  Points // sum of its known criteria, unscaled
	Max    Points // after skip; valid with HasMax
	HasMax bool
	Scaled bool   // points were scaled up because a criterion does not apply
	MinMet Answer // against min_per_group; Unanswered when there is none or it is not known
}

// GateResult is one gate's state.
type GateResult struct {
	Passed      Answer   // Unanswered when unknown
	Computed    bool     // by a rule; a person's answer is not used
	Left, Right Quantity // the two sides of the rule, valid when known
}

// LevelResult is one level of a set without points.
type LevelResult struct {
	Own      Answer            // its own indicators and waiting time
	Nested   Answer            // with every lower level
	Waiting  Answer            // of requires; Yes when the level requires nothing
	Criteria []CriterionResult // at this level; nil for the lowest, which is Result.Criteria
	Failures []Reason          // of this level; the lowest level's are in Result.Failures
	Unknowns []Reason
}

// Need is one missing piece that matters. Unused indices are -1.
type Need struct {
	Kind      NeedKind
	Criterion int
	Fact      int
	Count     int
	Gate      int
	Level     int // a pass or fail is asked at this level; 0 otherwise
}

// NeedKind is the sort of a missing piece.
type NeedKind uint8

// The sorts of missing piece.
const (
	NeedFact     NeedKind = iota // declare Facts[Fact]
	NeedScore                    // record points
	NeedTicks                    // fill in the checklist
	NeedAnswer                   // answer yes or no, or pass or fail
	NeedCount                    // count members and holders
	NeedGate                     // answer the gate
	NeedDate                     // application or decision day
	NeedNumber                   // the set itself lacks a number, and no person can give it
	NeedDecision                 // the decision of a paper result
)

// String gives the key used in JSON and in catalogues ("criteria.need." + key).
func (k NeedKind) String() string {
	return [...]string{"fact", "score", "ticks", "answer", "count", "gate", "date", "number", "decision"}[k]
}
