// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package criteria

import (
	"hoctap/internal/fault"
)

// Explanation is a Result with codes, titles and keys in place of indices: what a page shows and what
// `hoctap criteria try --json` prints. It is made on demand; scoring itself formats nothing.
type Explanation struct {
	Set       string              `json:"set"`
	Title     string              `json:"title"`
	Verified  Verified            `json:"verified"`
	Outcome   string              `json:"outcome"`
	FromPaper bool                `json:"from_paper,omitempty"`
	Total     *Points             `json:"total"` // null when not known, or in a set without points
	SoFar     Points              `json:"so_far"`
	Open      Points              `json:"open"`
	Max       *Points             `json:"max"`
	Class     *Named              `json:"class,omitempty"`
	Level     *Named              `json:"level,omitempty"`
	Threshold *ThresholdExplained `json:"threshold,omitempty"`
	Gates     []GateExplained     `json:"gates,omitempty"`
	Groups    []GroupExplained    `json:"groups,omitempty"`
	Levels    []LevelExplained    `json:"levels,omitempty"`
	Failures  []ReasonExplained   `json:"failures"`
	Unknowns  []ReasonExplained   `json:"unknowns"`
	Needs     []NeedExplained     `json:"needs"`
	Refusals  []RefusalExplained  `json:"refusals,omitempty"`
}

// Named is a code with its title.
type Named struct {
	Code  string `json:"code"`
	Title string `json:"title"`
}

// ThresholdExplained is the threshold that applied.
type ThresholdExplained struct {
	Region   Region   `json:"region,omitempty"`
	FellBack bool     `json:"fell_back,omitempty"` // default, because the region is not told or has none
	MinTotal *Points  `json:"min_total"`
	Missing  *Points  `json:"missing"` // points still missing; 0 when reached
	Verified Verified `json:"verified,omitempty"`
}

// GateExplained is a gate with both sides of its rule.
type GateExplained struct {
	Named
	Passed *bool     `json:"passed"`
	Rule   string    `json:"rule,omitempty"`
	Left   *Quantity `json:"left,omitempty"`
	Right  *Quantity `json:"right,omitempty"`
}

// GroupExplained is a group with its criteria.
type GroupExplained struct {
	Named
	Points   *Points              `json:"points"`
	SoFar    Points               `json:"so_far"`
	Max      *Points              `json:"max"`
	Scaled   bool                 `json:"scaled,omitempty"`
	MinMet   *bool                `json:"min_met,omitempty"`
	Criteria []CriterionExplained `json:"criteria"`
}

// CriterionExplained is a criterion with what its points rest on.
type CriterionExplained struct {
	Named
	Kind     Kind            `json:"kind"`
	State    string          `json:"state"`
	Points   *Points         `json:"points,omitempty"`
	Max      *Points         `json:"max,omitempty"`
	Passed   *bool           `json:"passed,omitempty"` // in a set without points
	Why      string          `json:"why,omitempty"`
	Basis    string          `json:"basis,omitempty"`
	Asked    bool            `json:"asked,omitempty"` // a person's record counts here
	Facts    map[string]any  `json:"facts,omitempty"` // those its rule read; null when missing
	Num      *int64          `json:"numerator,omitempty"`
	Den      *int64          `json:"denominator,omitempty"`
	Share    *Quantity       `json:"share,omitempty"`
	Band     *BandExplained  `json:"band,omitempty"`
	Floor    *FloorExplained `json:"floor,omitempty"`
	Verified Verified        `json:"verified,omitempty"`
}

// BandExplained is the band that gave the points.
type BandExplained struct {
	Min    Num `json:"min"`
	Points Num `json:"points"`
}

// FloorExplained is the yearly floor that applied.
type FloorExplained struct {
	MinPercent Num   `json:"min_percent"`
	Met        *bool `json:"met"`
}

// LevelExplained is one level of a set without points.
type LevelExplained struct {
	Named
	Own      *bool             `json:"own"`    // its own indicators and waiting time
	Passed   *bool             `json:"passed"` // with every lower level
	Failures []ReasonExplained `json:"failures,omitempty"`
	Unknowns []ReasonExplained `json:"unknowns,omitempty"`
}

// ReasonExplained is a catalogue key with its arguments.
type ReasonExplained struct {
	Key  string     `json:"key"`
	Args fault.Args `json:"args,omitempty"`
}

// NeedExplained names a missing piece.
type NeedExplained struct {
	Kind      string `json:"kind"`
	Criterion string `json:"criterion,omitempty"`
	Fact      string `json:"fact,omitempty"`
	Member    string `json:"member,omitempty"`
	Gate      string `json:"gate,omitempty"`
	Level     string `json:"level,omitempty"`
	Title     string `json:"title,omitempty"` // of the fact, gate or criterion
}

// RefusalExplained is a rule that the input broke.
type RefusalExplained struct {
	Field string     `json:"field"`
	Key   string     `json:"key"`
	Args  fault.Args `json:"args,omitempty"`
}

// Refused is the result of an input that Read could not take.
func (c *Compiled) Refused(err *fault.Fault) Result {
	return Result{Set: c, Outcome: Refused, Class: -1, Level: -1, Threshold: ThresholdUsed{Index: -1}, Refusals: err.Fields}
}

// Explain spells a result out; in is the input it was scored from, nil only with Refused.
func (c *Compiled) Explain(in *Input, r *Result) *Explanation {
	e := &Explanation{
		Set: c.ID(), Title: c.Set.Title, Verified: c.Verified(), Outcome: r.Outcome.String(), FromPaper: r.FromPaper,
		Total: pointsIf(r.HasTotal, r.Total), SoFar: r.SoFar, Open: r.Open, Max: pointsIf(r.HasMax, r.Max),
		Failures: c.reasons(r.Failures), Unknowns: c.reasons(r.Unknowns), Needs: c.needs(r.Needs),
	}
	for _, f := range r.Refusals {
		e.Refusals = append(e.Refusals, RefusalExplained{Field: f.Field, Key: "fault." + f.Key, Args: f.Args})
	}
	if r.Outcome == Refused {
		return e
	}
	if r.Class >= 0 {
		e.Class = &Named{c.Classes[r.Class].Code, c.Classes[r.Class].Title}
	}
	if r.Level >= 0 {
		e.Level = &Named{c.Levels[r.Level].Code, c.Levels[r.Level].Title}
	}
	if r.FromPaper {
		return e
	}
	if t := &r.Threshold; t.Index >= 0 || t.HasMin {
		e.Threshold = &ThresholdExplained{FellBack: t.FellBack, MinTotal: pointsIf(t.HasMin, t.MinTotal), Missing: pointsIf(t.HasMin, t.Short)}
		if t.Index >= 0 {
			used := &c.Set.Recognition.Thresholds[t.Index]
			e.Threshold.Region, e.Threshold.Verified = used.Region, used.Verified
		}
	}
	for i := range c.Gates {
		g := GateExplained{Named: Named{c.Gates[i].Code, c.Gates[i].Title}, Passed: r.Gates[i].Passed.bool(), Rule: c.Gates[i].Rule}
		g.Left, g.Right = quantityIf(r.Gates[i].Left), quantityIf(r.Gates[i].Right)
		e.Gates = append(e.Gates, g)
	}
	for i := range c.Groups {
		e.Groups = append(e.Groups, c.explainGroup(in, r, i))
	}
	for i := range r.Levels {
		l := &r.Levels[i]
		x := LevelExplained{Own: l.Own.bool(), Passed: l.Nested.bool(), Failures: c.reasons(l.Failures), Unknowns: c.reasons(l.Unknowns)}
		if i < len(c.Levels) {
			x.Named = Named{c.Levels[i].Code, c.Levels[i].Title}
		}
		e.Levels = append(e.Levels, x)
	}
	return e
}

func (c *Compiled) explainGroup(in *Input, r *Result, i int) GroupExplained {
	span, g := &c.Groups[i], &r.Groups[i]
	x := GroupExplained{Named: Named{span.Code, span.Title}}
	if c.Set.WithPoints() {
		x.Points, x.SoFar, x.Max = pointsIf(g.Known, g.Points), g.SoFar, pointsIf(g.HasMax, g.Max)
		x.Scaled, x.MinMet = g.Scaled, g.MinMet.bool()
	}
	for k := span.First; k < span.First+span.Len; k++ {
		x.Criteria = append(x.Criteria, c.explainCriterion(in, &r.Criteria[k], k))
	}
	return x
}

func (c *Compiled) explainCriterion(in *Input, k *CriterionResult, i int) CriterionExplained {
	def := c.Criteria[i]
	x := CriterionExplained{
		Named: Named{def.Code, def.Title}, Kind: def.Scoring.Kind, State: k.State.String(), Why: k.Why.String(),
		Basis: k.Basis.String(), Asked: k.Asked, Verified: def.Verified,
	}
	if c.Set.WithPoints() {
		x.Points = pointsIf(k.State == StateScored || k.State == StateFull, k.Points)
		x.Max = pointsIf(def.MaxPoints.Known(), def.MaxPoints.Points())
	} else {
		x.Passed = k.Pass.bool()
	}
	for _, key := range def.Reads() {
		if x.Facts == nil {
			x.Facts = map[string]any{}
		}
		f := c.facts[key]
		x.Facts[key] = c.Facts[f].plain(in.Facts[f])
	}
	switch k.Basis {
	case BasisShare:
		share := shareOf(k.Num, k.Den)
		x.Num, x.Den, x.Share = &k.Num, &k.Den, &share
	case BasisAmount, BasisTicks:
		x.Num, x.Den = &k.Num, &k.Den
	case BasisCount:
		x.Num = &k.Num
	}
	if k.Band >= 0 && k.Basis != BasisStatus {
		b := def.Scoring.Bands[k.Band]
		x.Band = &BandExplained{b.Min, b.Points}
	}
	if k.Floor.Index >= 0 {
		x.Floor = &FloorExplained{MinPercent: def.Scoring.Floors[k.Floor.Index].MinPercent, Met: k.Floor.Met.bool()}
	}
	return x
}

// plain gives a value as JSON and catalogues know it.
func (f *Fact) plain(v Value) any {
	switch {
	case !v.Known:
		return nil
	case f.Type == FactBool:
		return v.Int == 1
	case f.Type == FactEnum:
		return f.Values[v.Int]
	case f.Type == FactText:
		return v.Text
	}
	return v.Int
}

func (c *Compiled) reasons(list []Reason) []ReasonExplained {
	out := make([]ReasonExplained, len(list))
	for i := range list {
		out[i] = ReasonExplained{Key: list[i].Key(), Args: list[i].Args(c)}
	}
	return out
}

func (c *Compiled) needs(list []Need) []NeedExplained {
	out := make([]NeedExplained, len(list))
	for i, n := range list {
		x := NeedExplained{Kind: n.Kind.String()}
		if n.Criterion >= 0 {
			x.Criterion, x.Title = c.Criteria[n.Criterion].Code, c.Criteria[n.Criterion].Title
		}
		if n.Gate >= 0 {
			x.Gate, x.Title = c.Gates[n.Gate].Code, c.Gates[n.Gate].Title
		}
		if n.Fact >= 0 {
			x.Fact, x.Title = c.Facts[n.Fact].Key, c.Facts[n.Fact].Title
		}
		if n.Count >= 0 {
			x.Member = c.Counts[n.Count].Key
		}
		if n.Level > 0 && n.Level < len(c.Levels) {
			x.Level = c.Levels[n.Level].Code
		}
		out[i] = x
	}
	return out
}

func pointsIf(known bool, p Points) *Points {
	if !known {
		return nil
	}
	return &p
}

func quantityIf(q Quantity) *Quantity {
	if !q.Known() {
		return nil
	}
	return &q
}

// bool gives null for an answer that is not known.
func (a Answer) bool() *bool {
	if a == Unanswered {
		return nil
	}
	yes := a == Yes
	return &yes
}
