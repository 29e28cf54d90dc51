// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package criteria

func (out *Result) fail(r Reason) { out.Failures = append(out.Failures, r) }

func (out *Result) open(r Reason) { out.Unknowns = append(out.Unknowns, r) }

// need lists a missing piece once.
func (out *Result) need(n Need) {
	for i := range out.Needs {
		o := &out.Needs[i]
		same := o.Kind == n.Kind && o.Level == n.Level
		if same && (n.Kind == NeedFact && o.Fact == n.Fact || n.Kind == NeedCount && o.Count == n.Count || *o == n) {
			return
		}
	}
	out.Needs = append(out.Needs, n)
}

// decide gives the outcome: one failure is enough, then anything open.
func (out *Result) decide() {
	switch {
	case len(out.Failures) > 0:
		out.Outcome = NotRecognised
	case len(out.Unknowns) > 0:
		out.Outcome = Undecided
	default:
		out.Outcome = Recognised
	}
}

func ofCriterion(code ReasonCode, i int) Reason {
	return Reason{Code: code, Gate: -1, Criterion: i, Group: -1, Level: -1}
}

func ofGroup(code ReasonCode, i int) Reason {
	return Reason{Code: code, Gate: -1, Criterion: -1, Group: i, Level: -1}
}

func ofSet(code ReasonCode) Reason {
	return Reason{Code: code, Gate: -1, Criterion: -1, Group: -1, Level: -1}
}

// recognise judges a set with points, after its gates: minimum per criterion, yearly floors, minimum per group,
// threshold or class.
func (c *Compiled) recognise(in *Input, out *Result) {
	if c.minimums.criterion.Given {
		c.criterionMinimum(out)
	}
	for i := range out.Criteria {
		k := &out.Criteria[i]
		if k.State == StateUnknown {
			out.open(ofCriterion(CriterionUnknown, i))
			c.needOf(&c.rules[0][i], in, k, i, 0, out)
		}
	}
	for i := range out.Criteria {
		c.floorReason(in, i, 0, &out.Criteria[i], &out.Failures, &out.Unknowns)
	}
	for i := range out.Groups {
		c.groupReasons(i, out)
	}
	c.findClass(out)
	if c.Set.Recognition.Method == ByClassification {
		c.judgeClass(out)
	} else {
		c.judgeTotal(in, out)
	}
	out.decide()
}

// criterionMinimum looks at each criterion that is scored, with its unscaled points.
func (c *Compiled) criterionMinimum(out *Result) {
	m := &c.minimums.criterion
	if !m.Value.Known() {
		out.open(ofSet(MinimumUnknown))
		out.need(Need{Kind: NeedNumber, Criterion: -1, Fact: -1, Count: -1, Gate: -1})
		return
	}
	for i := range out.Criteria {
		k := &out.Criteria[i]
		if k.State != StateScored && k.State != StateFull {
			continue
		}
		max := c.rules[0][i].max
		if m.Percent && max < 0 {
			out.open(ofCriterion(MinimumUnknown, i))
			continue
		}
		if !m.met(k.Points, max) {
			r := ofCriterion(CriterionBelowMinimum, i)
			r.Have, r.Want = pointsOf(k.Points), m.asPoints(max)
			out.fail(r)
		}
	}
}

// met compares points with the limit; max is the maximum in millionths, for a limit in percent.
func (m *Minimum) met(p Points, max int64) bool {
	if m.Percent {
		return cmpProducts(int64(p)*toHundred, 100*m.Value.D, m.Value.N, max) >= 0
	}
	return cmpProducts(int64(p), m.Value.D, m.Value.N, 100) >= 0
}

// asPoints gives the limit in points, for the explanation.
func (m *Minimum) asPoints(max int64) Quantity {
	if !m.Percent {
		return numOf(m.Value, UnitPoints)
	}
	// max/10^6 × N/D ÷ 100; the smallest hundredth that meets it is what has to be reached.
	p := mulDivUp(max, m.Value.N, 100*m.Value.D*toHundred)
	return pointsOf(Points(p))
}

// floorReason lists a yearly floor that is missed or not known.
func (c *Compiled) floorReason(in *Input, i, level int, k *CriterionResult, failures, unknowns *[]Reason) {
	if k.Floor.Index < 0 || k.Floor.Met == Yes {
		return
	}
	rule := &c.rules[level][i]
	f := &rule.floors[k.Floor.Index]
	r := ofCriterion(ShareBelowFloor, i)
	r.Want = numOf(f.MinPercent, UnitPercent)
	switch {
	case k.Floor.Met == No:
		n := in.Counts[rule.count]
		r.Have = shareOf(n.Holders, n.Members)
		*failures = append(*failures, r)
	case !f.MinPercent.Known():
		r.Code = FloorUnknown
		*unknowns = append(*unknowns, r)
	}
	// With counts missing the criterion itself is open already.
}

// groupReasons judges min_per_group on the printed points of a group, once they are known.
func (c *Compiled) groupReasons(i int, out *Result) {
	g, m := &out.Groups[i], &c.minimums.group
	if !g.Known {
		if c.complete(i, out) {
			out.open(ofGroup(GroupUnknown, i))
			out.need(Need{Kind: NeedNumber, Criterion: -1, Fact: -1, Count: -1, Gate: -1})
		}
		return
	}
	switch {
	case !m.Given:
	case !m.Value.Known():
		if i == 0 {
			out.open(ofSet(MinimumUnknown))
			out.need(Need{Kind: NeedNumber, Criterion: -1, Fact: -1, Count: -1, Gate: -1})
		}
	case m.Percent && !g.HasMax:
		out.open(ofGroup(MinimumUnknown, i))
	default:
		max := int64(g.Max) * toHundred
		g.MinMet = AnswerOf(m.met(g.Points, max))
		if g.MinMet == No {
			r := ofGroup(GroupBelowMinimum, i)
			r.Have, r.Want = pointsOf(g.Points), m.asPoints(max)
			out.fail(r)
		}
	}
}

// complete reports whether every criterion of the group is settled.
func (c *Compiled) complete(gi int, out *Result) bool {
	span := &c.Groups[gi]
	for i := span.First; i < span.First+span.Len; i++ {
		if out.Criteria[i].State == StateUnknown {
			return false
		}
	}
	return true
}

// judgeTotal holds the total against the threshold of the region, or of default where the region is not told
// or has none.
func (c *Compiled) judgeTotal(in *Input, out *Result) {
	t := &out.Threshold
	list := c.Set.Recognition.Thresholds
	fallback := -1
	for i := range list {
		if list[i].Region == in.Region {
			t.Index = i
		}
		if list[i].Region == RegionDefault {
			fallback = i
		}
	}
	if t.Index < 0 && fallback >= 0 {
		t.Index, t.FellBack = fallback, true
	}
	if t.Index < 0 {
		out.open(ofSet(NoThreshold))
		return
	}
	need := list[t.Index].MinTotal
	if !need.Known() {
		out.open(ofSet(ThresholdUnknown))
		out.need(Need{Kind: NeedNumber, Criterion: -1, Fact: -1, Count: -1, Gate: -1})
		return
	}
	t.HasMin, t.MinTotal = true, Points(mulDivUp(need.micro(), 1, toHundred))
	t.Short = max(t.MinTotal-out.SoFar, 0)
	if out.HasTotal && out.Total < t.MinTotal {
		r := ofSet(TotalBelowThreshold)
		r.Have, r.Want = pointsOf(out.Total), pointsOf(t.MinTotal)
		out.fail(r)
	}
}

// findClass gives the class with the highest min_total that a known total reaches, where every min_total is
// known.
func (c *Compiled) findClass(out *Result) {
	if !out.HasTotal {
		return
	}
	best := -1
	for i := range c.Classes {
		need := c.Classes[i].MinTotal
		if !need.Known() {
			return
		}
		if cmpProducts(int64(out.Total), need.D, need.N, 100) >= 0 &&
			(best < 0 || need.cmp(c.Classes[best].MinTotal) > 0) {
			best = i
		}
	}
	out.Class = best
}

func (c *Compiled) judgeClass(out *Result) {
	for i := range c.Classes {
		if !c.Classes[i].MinTotal.Known() {
			out.open(ofSet(ClassUnknown))
			out.need(Need{Kind: NeedNumber, Criterion: -1, Fact: -1, Count: -1, Gate: -1})
			return
		}
	}
	least, found := c.leastRecognised()
	if found {
		t := &out.Threshold
		t.HasMin, t.MinTotal = true, Points(mulDivUp(least.micro(), 1, toHundred))
		t.Short = max(t.MinTotal-out.SoFar, 0)
	}
	switch {
	case !out.HasTotal:
	case out.Class < 0:
		r := ofSet(TotalBelowClasses)
		r.Have, r.Want = pointsOf(out.Total), numOf(least, UnitPoints)
		out.fail(r)
	case !c.Classes[out.Class].Recognised:
		r := ofSet(ClassNotRecognised)
		r.Have, r.Want = pointsOf(out.Total), numOf(least, UnitPoints)
		out.fail(r)
	}
}

// leastRecognised gives the lowest total of a class that is a recognition.
func (c *Compiled) leastRecognised() (least Num, found bool) {
	for i := range c.Classes {
		k := &c.Classes[i]
		if k.Recognised && (!found || k.MinTotal.cmp(least) < 0) {
			least, found = k.MinTotal, true
		}
	}
	return least, found
}

// needOf lists what would settle an unknown criterion.
func (c *Compiled) needOf(r *rule, in *Input, k *CriterionResult, i, level int, out *Result) {
	n := Need{Criterion: i, Fact: -1, Count: -1, Gate: -1}
	switch k.Why {
	case WhyApplicability:
		for j := range r.when {
			if f := r.when[j].fact; !c.value(in, f).Known {
				n.Kind, n.Fact = NeedFact, f
				out.need(n)
			}
		}
		return
	case WhyFactMissing:
		for _, f := range [2]int{r.fact, r.den} {
			if f >= 0 && !in.Facts[f].Known {
				n.Kind, n.Fact = NeedFact, f
				out.need(n)
			}
		}
		return
	case WhyCountMissing:
		n.Kind, n.Count = NeedCount, r.count
	case WhyTicksMissing:
		n.Kind = NeedTicks
	case WhyOnlyPaper:
		n.Kind = NeedDecision
	default:
		switch {
		case !k.Asked:
			n.Kind = NeedNumber
		case !c.Set.WithPoints() || r.asks == askAnswer && !r.null && k.Why == WhyAnswerMissing:
			n.Kind, n.Level = NeedAnswer, level
		default:
			n.Kind = NeedScore
		}
	}
	out.need(n)
}
