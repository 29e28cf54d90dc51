// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package criteria

import "math/bits"

// judge works out one criterion at one level.
func (c *Compiled) judge(r *rule, in *Input, rec *Recorded, level int, out *CriterionResult) {
	*out = CriterionResult{Band: -1, Floor: FloorUsed{Index: -1}}
	if len(r.when) > 0 && !c.applicable(r, in, out) {
		return
	}
	if r.op == opTitles && len(r.floors) > 0 {
		r.floor(in, out)
	}
	switch {
	case r.noted:
		r.person(rec.at(level), rec, WhyNumberUnknown, c.Set.WithPoints(), out)
	case r.null:
		r.person(rec.at(level), rec, WhyNumberUnknown, c.Set.WithPoints(), out)
	default:
		c.compute(r, in, rec, level, out)
	}
	if out.Floor.Met == No && out.State == StateScored {
		out.Pass = No // whatever the share is worth otherwise
	}
}

// applicable settles a criterion that does not apply, or of which that is not known.
func (c *Compiled) applicable(r *rule, in *Input, out *CriterionResult) bool {
	switch c.applies(r, in) {
	case Yes:
		return true
	case Unanswered:
		out.Why = WhyApplicability
		return false
	}
	switch r.without {
	case NotApplicableRedistribute:
		out.State = StateRedistributed
	case NotApplicableSkip:
		out.State = StateSkipped
	default:
		if r.max < 0 && c.Set.WithPoints() {
			out.Why = WhyNumberUnknown
			return false
		}
		out.State, out.Points, out.Pass = StateFull, r.full, Yes
	}
	return false
}

func (c *Compiled) compute(r *rule, in *Input, rec *Recorded, level int, out *CriterionResult) {
	points := c.Set.WithPoints()
	switch r.op {
	case opPerson:
		answer, why := rec.Answer, WhyAnswerMissing // a tick counts for all levels
		if r.kind != Boolean {
			answer = rec.at(level)
		}
		if r.asks == askPoints {
			why = WhyScoreMissing
		}
		r.person(answer, rec, why, points, out)
	case opTicks:
		r.tick(rec, out)
	case opFact:
		v := in.Facts[r.fact]
		if !v.Known {
			out.Why = WhyFactMissing
			return
		}
		out.Basis, out.Num = BasisFact, v.Int
		r.fullOrNone(v.Int == 1, out)
	case opShare, opLinear:
		num, den := in.Facts[r.fact], in.Facts[r.den]
		switch {
		case den.Known && den.Int == 0:
			r.person(rec.at(level), rec, WhyZeroDenominator, points, out)
		case !den.Known || !num.Known:
			out.Why = WhyFactMissing
		default:
			r.share(num.Int, den.Int, out)
		}
	case opTitles:
		n := in.Counts[r.count]
		switch {
		case n.HasMembers && n.Members == 0:
			r.person(rec.at(level), rec, WhyZeroDenominator, points, out)
		case !n.HasMembers || !n.HasHolders:
			out.Why = WhyCountMissing
		default:
			r.share(n.Holders, n.Members, out)
		}
	case opCount:
		v := in.Facts[r.fact]
		if !v.Known {
			out.Why = WhyFactMissing
			return
		}
		out.Basis, out.Num, out.Den = BasisCount, v.Int, 1
		r.bestBand(v.Int, 1, out)
	case opAmount:
		r.amount(in, rec, level, points, out)
	case opStatus:
		r.status(in, out)
	case opDeduct:
		v := in.Facts[r.fact]
		if !v.Known {
			out.Why = WhyFactMissing
			return
		}
		out.State, out.Basis, out.Num = StateScored, BasisCount, v.Int
		if hi, lost := bits.Mul64(uint64(v.Int), uint64(r.perCase)); hi == 0 && lost < uint64(r.max) {
			out.Points = microPoints(r.max - int64(lost))
		}
	case opPaper:
		out.Why = WhyOnlyPaper
	}
}

// person takes what a person recorded where the rule asks for it. Why tells what the rule lacks and stays
// with the result, also once the gap is closed.
func (r *rule) person(answer Answer, rec *Recorded, why Why, points bool, out *CriterionResult) {
	out.Asked, out.Why = true, why
	switch {
	case !points:
		if answer == Unanswered {
			return
		}
		out.State, out.Pass = StateScored, answer
	case r.asks == askAnswer && answer != Unanswered:
		out.State = StateScored
		if answer == Yes {
			out.Points = r.full
		}
	case rec.HasPoints:
		out.State, out.Points = StateScored, rec.Points
	default:
		return
	}
	out.Basis = BasisPerson
	if why == WhyScoreMissing || why == WhyAnswerMissing {
		out.Why = WhyNone
	}
}

// fullOrNone gives full points or none, and passes or not.
func (r *rule) fullOrNone(yes bool, out *CriterionResult) {
	out.State, out.Pass = StateScored, AnswerOf(yes)
	if yes {
		out.Points = r.full
	}
}

func (r *rule) tick(rec *Recorded, out *CriterionResult) {
	out.Asked = true
	if !rec.Ticked {
		out.Why = WhyTicksMissing
		return
	}
	n := bits.OnesCount64(rec.Ticks)
	need := r.pick
	if need == 0 {
		need = len(r.items)
	}
	out.State, out.Basis, out.Num, out.Den = StateScored, BasisTicks, int64(n), int64(len(r.items))
	out.Pass = AnswerOf(n >= need)
	if n < r.pick {
		return
	}
	sum := int64(0)
	for t := rec.Ticks; t != 0; t &= t - 1 {
		sum += r.items[bits.TrailingZeros64(t)]
	}
	out.Points = microPoints(r.capped(sum))
}

// capped stops computed points at the maximum.
func (r *rule) capped(m int64) int64 {
	if r.max >= 0 {
		return min(m, r.max)
	}
	return m
}

// share scores num of den, den above 0.
func (r *rule) share(num, den int64, out *CriterionResult) {
	out.Basis, out.Num, out.Den = BasisShare, num, den
	switch {
	case r.op == opLinear && reachesPercent(num, den, r.fullAt):
		out.State, out.Points = StateScored, r.full
	case r.op == opLinear:
		out.State = StateScored
		// max × num/den × 100 ÷ (N/D), from millionths to hundredths
		out.Points = Points(mulDivHalfUp(r.max, num, 100*r.fullAt.D, den, r.fullAt.N, toHundred))
	case len(r.bands) > 0:
		out.State = StateScored
		for i := range r.bands {
			b := &r.bands[i]
			if (out.Band < 0 || b.points > r.bands[out.Band].points) && reachesPercent(num, den, b.min) {
				out.Band, out.Points = i, b.points
			}
		}
	default:
		r.fullOrNone(reachesPercent(num, den, r.least), out)
	}
}

// bestBand gives the highest points among the bands that n/d reaches, none reached = 0.
func (r *rule) bestBand(n, d int64, out *CriterionResult) {
	out.State = StateScored
	for i := range r.bands {
		b := &r.bands[i]
		if (out.Band < 0 || b.points > r.bands[out.Band].points) && reaches(n, d, b.min) {
			out.Band, out.Points = i, b.points
		}
	}
}

func (r *rule) amount(in *Input, rec *Recorded, level int, points bool, out *CriterionResult) {
	v, per := in.Facts[r.fact], IntValue(1)
	if r.den >= 0 {
		per = in.Facts[r.den]
	}
	switch {
	case per.Known && per.Int == 0:
		r.person(rec.at(level), rec, WhyZeroDenominator, points, out)
	case !per.Known || !v.Known:
		out.Why = WhyFactMissing
	default:
		out.Basis, out.Num, out.Den = BasisAmount, v.Int, per.Int
		r.bestBand(v.Int, per.Int, out)
	}
}

func (r *rule) status(in *Input, out *CriterionResult) {
	v := in.Facts[r.fact]
	if !v.Known {
		out.Why = WhyFactMissing
		return
	}
	out.State, out.Basis, out.Num, out.Pass = StateScored, BasisStatus, v.Int, No
	for i := range r.accept {
		a := &r.accept[i]
		if a.value == v.Int && a.text == v.Text {
			out.Points, out.Band = a.points, a.band
			out.Pass = AnswerOf(a.pass)
			return
		}
	}
}

// floor judges the year's min_percent_by_year. A year in no range has none, and without members there is no
// share that could be below it.
func (r *rule) floor(in *Input, out *CriterionResult) {
	for i := range r.floors {
		f := &r.floors[i]
		if !f.Years.Holds(in.Year) {
			continue
		}
		n := in.Counts[r.count]
		if n.HasMembers && n.Members == 0 {
			return
		}
		out.Floor.Index = i
		if f.MinPercent.Known() && n.HasMembers && n.HasHolders {
			out.Floor.Met = AnswerOf(reachesPercent(n.Holders, n.Members, f.MinPercent))
		}
		return
	}
}
