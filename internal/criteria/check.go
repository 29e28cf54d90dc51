// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package criteria

import (
	"slices"
	"strconv"
)

// checkSet judges a set whose includes are expanded: everything of README, "Checks on loading", and what the
// engine takes for granted. It gives the criteria as each level sees them.
func checkSet(p *problems, s *Set) [][]levelCriterion {
	ck := checker{p: p, s: s, facts: map[string]*Fact{}}
	ck.codes()
	ck.years()
	for gi := range s.Groups {
		for ci := range s.Groups[gi].Criteria {
			ck.criterion(&s.Groups[gi].Criteria[ci])
		}
	}
	ck.sums()
	ck.gates()
	return ck.levels()
}

type checker struct {
	p     *problems
	s     *Set
	facts map[string]*Fact
}

// unique reports a value that appears twice in one list.
func (ck *checker) unique(kind string, seen map[string]bool, value string, root *node, path string) {
	if seen[value] {
		ck.p.in(root, path, "duplicate_code", "kind", kind, "code", value)
	}
	seen[value] = true
}

func (ck *checker) codes() {
	s, root := ck.s, ck.s.root
	seen := map[string]bool{}
	for i := range s.Facts {
		f := &s.Facts[i]
		ck.unique("fact", seen, f.Key, root, indexed("facts", i)+".key")
		if ck.facts[f.Key] == nil {
			ck.facts[f.Key] = f
		}
	}
	groups, criteria := map[string]bool{}, map[string]bool{}
	for _, g := range s.Groups {
		ck.unique("group", groups, g.Code, root, g.path+".code")
		for _, c := range g.Criteria {
			ck.unique("criterion", criteria, c.Code, c.root, c.path+".code")
		}
	}
	r := &s.Recognition
	seen = map[string]bool{}
	for _, g := range r.Gates {
		ck.unique("gate", seen, g.Code, root, g.path+".code")
	}
	seen = map[string]bool{}
	for i, c := range r.Classes {
		ck.unique("class", seen, c.Code, root, indexed("recognition.classes", i)+".code")
	}
	seen = map[string]bool{}
	for _, l := range r.Levels {
		ck.unique("level", seen, l.Code, root, l.path+".code")
	}
	seen = map[string]bool{}
	for i, t := range r.Thresholds {
		ck.unique("region", seen, string(t.Region), root, indexed("recognition.thresholds", i)+".region")
	}
}

func indexed(list string, i int) string { return list + "[" + strconv.Itoa(i) + "]" }

func (ck *checker) years() {
	if y := ck.s.Effective; y.To != 0 && y.From > y.To {
		ck.p.in(ck.s.root, "effective.to", "years_reversed", "from", y.From, "to", y.To)
	}
}

// criterion judges one criterion at one level.
func (ck *checker) criterion(c *Criterion) {
	s := &c.Scoring
	scoring := c.path + ".scoring"
	switch s.Kind {
	case Boolean:
		ck.fact(c, scoring+".fact", s.Fact, FactBool)
	case Checklist:
		ck.items(c, scoring)
	case RatioLinear, RatioBands, RatioThreshold:
		ck.fact(c, scoring+".numerator", s.Numerator, FactInt, FactMoney)
		ck.fact(c, scoring+".denominator", s.Denominator, FactInt, FactMoney)
	case CountBands, AmountBands, Deduct:
		ck.fact(c, scoring+".value", s.Value, FactInt, FactMoney)
		ck.fact(c, scoring+".per", s.Per, FactInt, FactMoney)
	case ExternalStatus:
		ck.fact(c, scoring+".status", s.Status)
		for i, v := range s.Partial {
			ck.within(c, indexed(scoring+".partial", i)+".points", v.Points)
		}
	case MemberTitles:
		ck.floors(c, scoring)
	}
	for i, b := range s.Bands {
		ck.within(c, indexed(scoring+".bands", i)+".points", b.Points)
	}
	for _, cond := range c.AppliesWhen {
		ck.condition(c, cond)
	}
	if !ck.s.WithPoints() {
		ck.pointless(c)
	}
}

// fact reports a fact that is not declared, or is of a type the rule cannot read. An empty key is no fact.
func (ck *checker) fact(c *Criterion, path, key string, types ...FactType) {
	if key == "" {
		return
	}
	f := ck.facts[key]
	if f == nil {
		ck.p.in(c.root, path, "fact_not_declared", "fact", key)
	} else if len(types) > 0 && !slices.Contains(types, f.Type) {
		ck.p.in(c.root, path, "fact_type", "fact", key, "type", string(f.Type), "want", string(types[0]))
	}
}

// within reports points above the criterion's maximum.
func (ck *checker) within(c *Criterion, path string, points Num) {
	if points.Known() && c.MaxPoints.Known() && points.cmp(c.MaxPoints) > 0 {
		ck.p.in(c.root, path, "above_maximum", "points", points.Points(), "max", c.MaxPoints.Points(), "code", c.Code)
	}
}

func (ck *checker) items(c *Criterion, scoring string) {
	seen := map[string]bool{}
	for i, item := range c.Scoring.Items {
		at := indexed(scoring+".items", i)
		ck.unique("item", seen, item.Code, c.root, at+".code")
		ck.within(c, at+".points", item.Points)
	}
	if n := len(c.Scoring.Items); c.Scoring.PickMin > n {
		ck.p.in(c.root, scoring+".pick.min", "pick_too_many", "min", c.Scoring.PickMin, "items", n)
	}
}

func (ck *checker) floors(c *Criterion, scoring string) {
	list := c.Scoring.Floors
	for i, f := range list {
		at := indexed(scoring+".min_percent_by_year", i)
		if f.Years.To != 0 && f.Years.From > f.Years.To {
			ck.p.in(c.root, at+".to", "years_reversed", "from", f.Years.From, "to", f.Years.To)
		}
		for _, g := range list[:i] {
			if f.Years.overlaps(g.Years) {
				ck.p.in(c.root, at+".from", "years_overlap", "from", f.Years.From, "to", f.Years.To)
				break
			}
		}
	}
}

func (y Years) overlaps(z Years) bool {
	return (z.To == 0 || y.From <= z.To) && (y.To == 0 || z.From <= y.To)
}

func (ck *checker) condition(c *Criterion, cond Condition) {
	path := c.path + ".applies_when." + cond.Fact
	ck.fact(c, path, cond.Fact)
	if f := ck.facts[cond.Fact]; f != nil && cond.Op != "" && !comparable(f) {
		ck.p.in(c.root, path, "fact_type", "fact", f.Key, "type", string(f.Type), "want", "int")
	}
}

// comparable reports whether a fact can stand beside a number: a number, a boolean as 0 or 1, or an enum
// whose values are all numbers.
func comparable(f *Fact) bool {
	switch f.Type {
	case FactText:
		return false
	case FactEnum:
		return numbersOf(f) != nil
	}
	return true
}

// numbersOf gives the numbers behind an enum's values, or nil when one is a word.
func numbersOf(f *Fact) []Num {
	list := make([]Num, len(f.Values))
	for i, v := range f.Values {
		n, ok := ParseNum(v)
		if !ok {
			return nil
		}
		list[i] = n
	}
	return list
}

// pointless repeats the shape's rules for criteria that came from a set with points.
func (ck *checker) pointless(c *Criterion) {
	if c.WhenNotApplicable == NotApplicableRedistribute {
		ck.p.in(c.root, c.path+".when_not_applicable", "needs_points", "what", "redistribute")
	}
	if !slices.Contains(pointlessKinds, string(c.Scoring.Kind)) {
		ck.p.in(c.root, c.path+".scoring.kind", "needs_points", "what", string(c.Scoring.Kind))
	}
	if len(c.Scoring.Bands) > 0 {
		ck.p.in(c.root, c.path+".scoring.bands", "needs_points", "what", "bands")
	}
	if c.EvidenceRequired.FromPoints.Known() {
		ck.p.in(c.root, c.path+".evidence_required.from_points", "needs_points", "what", "from_points")
	}
}

// sums holds criteria against their group and groups against the set. Where one is null the others may not exceed the sum: skipping them would
// leave less than nothing.
func (ck *checker) sums() {
	if !ck.s.WithPoints() {
		return
	}
	total, known := Whole(0), true
	for _, g := range ck.s.Groups {
		sum, all := Whole(0), true
		for _, c := range g.Criteria {
			sum, all = add(sum, c.MaxPoints), all && c.MaxPoints.Known()
		}
		if g.MaxPoints.Known() && unequal(sum.cmp(g.MaxPoints), all) {
			ck.p.in(ck.s.root, g.path+".max_points", "group_sum", "code", g.Code, "sum", sum.Points(), "max", g.MaxPoints.Points())
		}
		total, known = add(total, g.MaxPoints), known && g.MaxPoints.Known()
	}
	if unequal(total.cmp(ck.s.MaxPoints), known) {
		ck.p.in(ck.s.root, "max_points", "set_sum", "sum", total.Points(), "max", ck.s.MaxPoints.Points())
	}
}

// unequal reports a sum that is wrong: any other than the maximum when all is known, a higher one when not.
func unequal(order int, known bool) bool { return order > 0 || known && order != 0 }

// add gives the sum of two points numbers; an unknown one counts as nothing.
func add(a, b Num) Num { return Num{N: a.micro() + b.micro(), D: micro} }
