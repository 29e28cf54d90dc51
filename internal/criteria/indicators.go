// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package criteria

// indicators judges a set without points: every applicable indicator and every gate must pass. The outcome is
// that of the lowest level; a level needs every lower one, and a higher level never touches a lower one.
func (c *Compiled) indicators(in *Input, out *Result) {
	for l := range c.rules {
		r := out.nextLevel()
		judged := out.Criteria
		failures, unknowns := &out.Failures, &out.Unknowns
		if l > 0 {
			r.Criteria = resized(r.Criteria, len(c.Criteria))
			judged = r.Criteria
			for i := range c.Criteria {
				c.judge(&c.rules[l][i], in, &in.Scores[i], l, &judged[i])
			}
			failures, unknowns = &r.Failures, &r.Unknowns
		}
		failed, open := len(*failures), len(*unknowns)
		c.indicatorReasons(in, l, judged, failures, unknowns, out)
		r.Waiting = c.waiting(in, l, failures, unknowns, out)
		r.Own = settle(len(*failures) > failed, len(*unknowns) > open)
		r.Nested = r.Own
		if l > 0 {
			r.Nested = both(out.Levels[l-1].Nested, r.Own)
		}
	}
	out.decide()
	if out.Outcome != Recognised {
		return
	}
	for l := range c.Levels {
		if out.Levels[l].Nested == Yes {
			out.Level = l
		}
	}
}

// nextLevel adds a level and keeps the memory it had when the result was used before.
func (out *Result) nextLevel() *LevelResult {
	n := len(out.Levels)
	if n < cap(out.Levels) {
		out.Levels = out.Levels[:n+1]
	} else {
		out.Levels = append(out.Levels, LevelResult{})
	}
	r := &out.Levels[n]
	*r = LevelResult{Criteria: r.Criteria[:0], Failures: r.Failures[:0], Unknowns: r.Unknowns[:0]}
	return r
}

func settle(failed, open bool) Answer {
	switch {
	case failed:
		return No
	case open:
		return Unanswered
	}
	return Yes
}

func both(a, b Answer) Answer { return settle(a == No || b == No, a == Unanswered || b == Unanswered) }

// indicatorReasons lists every indicator of a level that fails or is open.
func (c *Compiled) indicatorReasons(in *Input, level int, judged []CriterionResult, failures, unknowns *[]Reason, out *Result) {
	applying := 0
	for i := range judged {
		k, r := &judged[i], &c.rules[level][i]
		reason := ofCriterion(IndicatorFailed, i)
		reason.Level = level
		if k.State == StateScored || k.State == StateUnknown {
			applying++
		}
		before := len(*failures)
		c.floorReason(in, i, level, k, failures, unknowns)
		switch {
		case len(*failures) > before:
			(*failures)[before].Level = level
		case k.State == StateUnknown:
			reason.Code = CriterionUnknown
			*unknowns = append(*unknowns, reason)
			c.needOf(r, in, k, i, level, out)
		case k.State == StateScored && k.Pass == No:
			switch k.Basis {
			case BasisShare:
				reason.Have, reason.Want = shareOf(k.Num, k.Den), numOf(r.least, UnitPercent)
			case BasisTicks:
				reason.Have, reason.Want = Quantity{N: k.Num, D: 1, Unit: UnitNumber}, Quantity{N: r.needed(), D: 1, Unit: UnitNumber}
			}
			*failures = append(*failures, reason)
		}
	}
	if applying == 0 {
		r := ofSet(NoIndicatorApplies)
		r.Level = level
		*unknowns = append(*unknowns, r)
	}
}

// needed is how many ticks a checklist without points asks for.
func (r *rule) needed() int64 {
	if r.pick > 0 {
		return int64(r.pick)
	}
	return int64(len(r.items))
}

// waiting judges requires: on the day of application some title of that level or higher was decided long
// enough ago and is still kept.
func (c *Compiled) waiting(in *Input, level int, failures, unknowns *[]Reason, out *Result) Answer {
	if level >= len(c.required) || !c.required[level].given {
		return Yes
	}
	req := &c.required[level]
	answer := No
	for i := range in.Titles {
		switch c.serves(req, &in.Titles[i], in.Applied) {
		case Yes:
			return Yes
		case Unanswered:
			answer = Unanswered
		}
	}
	r := ofSet(NoEarlierTitle)
	r.Level, r.Want = level, Quantity{N: int64(req.months), D: 1, Unit: UnitMonths}
	if answer == No {
		*failures = append(*failures, r)
		return No
	}
	r.Code = TitleDateUnknown
	*unknowns = append(*unknowns, r)
	out.need(Need{Kind: NeedDate, Criterion: -1, Fact: -1, Count: -1, Gate: -1, Level: level})
	return Unanswered
}

func (c *Compiled) serves(req *requirement, t *Title, applied Date) Answer {
	switch {
	case t.Revoked || t.Level >= 0 && t.Level < req.level:
		return No
	case t.Decided == 0 || applied == 0:
		return Unanswered
	}
	kept := c.Set.Recognition.ValidityMonths
	if t.Decided.AddMonths(req.months) > applied || kept > 0 && applied >= t.Decided.AddMonths(kept) {
		return No
	}
	if t.Level < 0 {
		return Unanswered
	}
	return Yes
}
