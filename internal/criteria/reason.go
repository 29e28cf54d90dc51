// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package criteria

import (
	"math"
	"math/big"
	"strconv"

	"hoctap/internal/fault"
)

// Reason is one failure, or one thing that keeps an outcome open. Unused indices are -1. Key and Args turn it
// into what a catalogue needs; nothing is formatted before.
type Reason struct {
	Code      ReasonCode
	Gate      int
	Criterion int
	Group     int
	Level     int
	Have      Quantity // what the subject has, where that is a quantity
	Want      Quantity // what the rule asks
}

// ReasonCode is the rule that failed or is open.
type ReasonCode uint8

// Failures, then open matters, each in the order in which they are listed.
const (
	GateAnsweredNo        ReasonCode = iota // a person answered no
	GateRuleFailed                          // its comparison does not hold
	CriterionBelowMinimum                   // min_per_criterion
	ShareBelowFloor                         // min_percent_by_year
	GroupBelowMinimum                       // min_per_group
	TotalBelowThreshold                     //
	ClassNotRecognised                      // the class reached is no recognition
	TotalBelowClasses                       // below every class
	IndicatorFailed                         // a set without points
	NoEarlierTitle                          // requires: no such title held long enough
	PaperNotRecognised                      // the paper decision says no
	GateUnanswered                          // open from here on
	GateUnknown                             // a fact or count of its rule is missing, or members are 0
	MinimumUnknown                          // the set does not know min_per_criterion or min_per_group
	CriterionUnknown                        // CriterionResult.Why says why
	FloorUnknown                            // the floor's number is null
	GroupUnknown                            // a maximum is null, so the group cannot be scaled or compared
	NoThreshold                             // neither for the region nor default
	ThresholdUnknown                        // min_total is null
	ClassUnknown                            // a class's min_total is null
	NoIndicatorApplies                      //
	TitleDateUnknown                        // requires: application or decision day not known
	PaperUndecided                          // a paper result without a decision
)

var reasonKeys = [...]string{"gate_no", "gate_rule", "criterion_below_minimum", "share_below_floor",
	"group_below_minimum", "total_below_threshold", "class_not_recognised", "total_below_classes", "indicator_failed",
	"no_earlier_title", "paper_not_recognised", "gate_unanswered", "gate_unknown", "minimum_unknown",
	"criterion_unknown", "floor_unknown", "group_unknown", "no_threshold", "threshold_unknown", "class_unknown",
	"no_indicator", "title_date_unknown", "paper_undecided"}

// Failure reports whether the code is a definite failure and not an open matter.
func (c ReasonCode) Failure() bool { return c < GateUnanswered }

// Key is the catalogue key, "criteria.reason.…".
func (c ReasonCode) Key() string { return "criteria.reason." + reasonKeys[c] }

// Key is the catalogue key of the reason. A gate that compares words has no quantities to tell.
func (r *Reason) Key() string {
	if r.Code == GateRuleFailed && !r.Have.Known() {
		return GateAnsweredNo.Key()
	}
	return r.Code.Key()
}

// Measure tells what a Quantity counts.
type Measure uint8

// The measures.
const (
	UnitNone Measure = iota
	UnitPoints
	UnitPercent
	UnitNumber
	UnitMonths
)

// Quantity is an exact N/D of some unit; D 0 is unknown.
type Quantity struct {
	N, D int64
	Unit Measure
}

// Known reports whether the quantity has a value.
func (q Quantity) Known() bool { return q.D != 0 }

// String gives at most two decimals, cut and not rounded, so that 84.996 % is never shown as the 85 % it misses.
func (q Quantity) String() string {
	if q.D == 0 {
		return ""
	}
	return q.hundredths().Text()
}

// hundredths cuts to two decimals, in the form that catalogues write with {{points …}}.
func (q Quantity) hundredths() Points {
	n := new(big.Int).Mul(big.NewInt(q.N), big.NewInt(100))
	n.Quo(n, big.NewInt(q.D))
	if !n.IsInt64() {
		return math.MaxInt64
	}
	return Points(n.Int64())
}

// MarshalJSON writes the same decimal as String, or null.
func (q Quantity) MarshalJSON() ([]byte, error) {
	if q.D == 0 {
		return []byte("null"), nil
	}
	return []byte(q.String()), nil
}

func pointsOf(p Points) Quantity { return Quantity{N: int64(p), D: 100, Unit: UnitPoints} }

func numOf(n Num, unit Measure) Quantity { return Quantity{N: n.N, D: n.D, Unit: unit} }

// shareOf is n of d in percent; huge counts lose nothing that two decimals show.
func shareOf(n, d int64) Quantity {
	for n > maxNumber/100 {
		n, d = n/10, max(d/10, 1)
	}
	return Quantity{N: n * 100, D: d, Unit: UnitPercent}
}

// Args gives the values a catalogue sentence is filled with: code and title of the gate, criterion, group or
// level, and "have" and "want" in hundredths of their unit, cut and not rounded (Points; write them with {{points …}}).
func (r *Reason) Args(c *Compiled) fault.Args {
	a := fault.Args{}
	switch {
	case r.Gate >= 0:
		a["code"], a["title"] = c.Gates[r.Gate].Code, c.Gates[r.Gate].Title
		if rule := c.Gates[r.Gate].Rule; rule != "" {
			a["rule"] = rule
		}
	case r.Criterion >= 0:
		a["code"], a["title"] = c.Criteria[r.Criterion].Code, c.Criteria[r.Criterion].Title
	case r.Group >= 0:
		a["code"], a["title"] = c.Groups[r.Group].Code, c.Groups[r.Group].Title
	}
	if r.Level >= 0 && r.Level < len(c.Levels) {
		a["level"] = c.Levels[r.Level].Code
	} else if r.Level >= 0 {
		a["level"] = strconv.Itoa(r.Level + 1)
	}
	if r.Have.Known() {
		a["have"] = r.Have.hundredths()
	}
	if r.Want.Known() {
		a["want"] = r.Want.hundredths()
	}
	return a
}
