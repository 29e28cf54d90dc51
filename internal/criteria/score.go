// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package criteria

import (
	"errors"

	"hoctap/internal/fault"
)

// errShape is a mistake of the program, not of a person: the input was made for another set.
var errShape = errors.New("criteria: the input was not made by this set's NewInput")

// Score works out points, outcome and explanation. It fails with fault.Invalid, naming each field, when the
// input breaks a rule; the Result is then Refused and holds the same fields, and nothing is scored.
func (c *Compiled) Score(in *Input) (Result, error) {
	var out Result
	err := c.ScoreInto(in, &out)
	return out, err
}

// ScoreInto is Score into a Result that is used again, without garbage once its slices have grown.
func (c *Compiled) ScoreInto(in *Input, out *Result) error {
	out.reset(c)
	if len(in.Facts) != len(c.Facts) || len(in.Scores) != len(c.Criteria) ||
		len(in.Counts) != len(c.Counts) || len(in.Gates) != len(c.Gates) {
		return errShape
	}
	if c.refuses(in, out); len(out.Refusals) > 0 {
		return out.refuse()
	}
	if in.Paper.Given || c.Set.Recognition.Method == ByResultOnly {
		c.paper(in, out)
		return nil
	}
	for i := range c.Criteria {
		c.judge(&c.rules[0][i], in, &in.Scores[i], 0, &out.Criteria[i])
	}
	c.openGates(in, out)
	if !c.Set.WithPoints() {
		c.indicators(in, out)
		return nil
	}
	c.groups(in, out)
	if len(out.Refusals) > 0 {
		return out.refuse()
	}
	c.recognise(in, out)
	return nil
}

// reset empties the result and keeps its memory.
func (out *Result) reset(c *Compiled) {
	*out = Result{
		Set: c, Class: -1, Level: -1, Threshold: ThresholdUsed{Index: -1},
		Criteria: resized(out.Criteria, len(c.Criteria)),
		Groups:   resized(out.Groups, len(c.Groups)),
		Gates:    resized(out.Gates, len(c.Gates)),
		Levels:   out.Levels[:0],
		Failures: out.Failures[:0],
		Unknowns: out.Unknowns[:0],
		Needs:    out.Needs[:0],
	}
}

func resized[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
}

func (out *Result) refuse() error {
	c, refusals := out.Set, out.Refusals
	*out = Result{Set: c, Outcome: Refused, Class: -1, Level: -1, Threshold: ThresholdUsed{Index: -1}, Refusals: refusals}
	return fault.Invalid(refusals...)
}

// groups sums criteria into groups and groups into the total.
func (c *Compiled) groups(in *Input, out *Result) {
	out.HasTotal, out.HasMax = true, true
	for gi := range c.Groups {
		g := &out.Groups[gi]
		c.group(gi, out, g)
		if c.unbounded[gi] {
			c.overfull(gi, in, out)
		}
		out.HasTotal = out.HasTotal && g.Known
		out.HasMax = out.HasMax && g.HasMax
		out.Total += g.Points
		out.SoFar += g.SoFar
		out.Max += g.Max
	}
	if !out.HasTotal {
		out.Total = 0
	}
	if !out.HasMax {
		out.Max = 0
	}
}

// group works out one group: redistribute scales the sum of what remains, skip takes away from the maximum.
func (c *Compiled) group(gi int, out *Result, g *GroupResult) {
	span := &c.Groups[gi]
	max, remain := c.groupMax[gi], int64(0)
	hasMax, hasRemain := max >= 0, true
	var sum Points
	known, scaled := true, false
	for i := span.First; i < span.First+span.Len; i++ {
		r := &c.rules[0][i]
		k := &out.Criteria[i]
		switch k.State {
		case StateSkipped:
			hasMax = hasMax && r.max >= 0
			max -= r.max
			continue
		case StateRedistributed:
			scaled = true
			continue
		case StateUnknown:
			known = false
			if r.max > 0 {
				out.Open += r.full
			}
		default:
			sum += k.Points
		}
		remain += r.max
		hasRemain = hasRemain && r.max >= 0
	}
	*g = GroupResult{SoFar: sum, HasMax: hasMax, Scaled: scaled}
	if hasMax {
		g.Max = microPoints(max)
	}
	switch {
	case !known:
		return
	case !scaled:
		g.Points = sum
	case !hasMax || !hasRemain:
		return
	case remain == 0:
		g.Points = g.Max
	default:
		g.Points = Points(mulDivHalfUp(int64(sum), max, 1, remain, 1, 1))
	}
	g.Known, g.SoFar = true, g.Points
}

// overfull refuses recorded points that lift a group above its own maximum. Only criteria without a maximum of
// their own can do that.
func (c *Compiled) overfull(gi int, in *Input, out *Result) {
	span, g := &c.Groups[gi], &out.Groups[gi]
	if !g.HasMax {
		return
	}
	var sum Points
	last := -1
	for i := span.First; i < span.First+span.Len; i++ {
		k := &out.Criteria[i]
		if k.State == StateScored || k.State == StateFull {
			sum += k.Points
		}
		if c.rules[0][i].max < 0 && k.Asked && in.Scores[i].HasPoints {
			last = i
		}
	}
	if last >= 0 && sum > g.Max {
		out.Refusals = append(out.Refusals, fault.Field("scores."+c.Criteria[last].Code, "criteria.group_overfull",
			"group", span.Code, "sum", sum, "max", g.Max))
	}
}
