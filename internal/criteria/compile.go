// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package criteria

import (
	"slices"
	"strings"
)

// compile indexes a checked set for scoring.
func compile(s *Set, levels [][]levelCriterion) *Compiled {
	c := &Compiled{
		Set:     s,
		Facts:   s.Facts,
		Gates:   s.Recognition.Gates,
		Levels:  s.Recognition.Levels,
		Classes: s.Recognition.Classes,
		facts:   map[string]int{},
		codes:   map[string]int{},
		zeroOf:  make([][]int, len(s.Facts)),
	}
	for i, f := range c.Facts {
		c.facts[f.Key] = i
	}
	for gi := range s.Groups {
		g := &s.Groups[gi]
		c.Groups = append(c.Groups, GroupSpan{
			Code: g.Code, Title: g.Title, Max: g.MaxPoints, Verified: g.Verified, Note: g.Note,
			First: len(c.Criteria), Len: len(g.Criteria),
		})
		unbounded := false
		for ci := range g.Criteria {
			k := &g.Criteria[ci]
			c.codes[k.Code] = len(c.Criteria)
			c.Criteria = append(c.Criteria, k)
			unbounded = unbounded || !k.MaxPoints.Known()
		}
		c.unbounded = append(c.unbounded, unbounded)
		c.groupMax = append(c.groupMax, maxOf(g.MaxPoints))
	}
	c.countKinds(levels)
	for _, level := range levels {
		rules := make([]rule, len(level))
		for i := range level {
			rules[i] = c.rule(&level[i])
		}
		c.rules = append(c.rules, rules)
	}
	for i := range c.Gates {
		c.gates = append(c.gates, c.gate(c.Gates[i].Rule))
	}
	for _, l := range c.Levels {
		r := requirement{}
		if l.Requires != nil {
			r = requirement{given: true, months: l.Requires.Months}
			r.level = slices.IndexFunc(c.Levels, func(k Level) bool { return k.Code == l.Requires.Level })
		}
		c.required = append(c.required, r)
	}
	c.minimums = minimums{criterion: s.Recognition.MinPerCriterion, group: s.Recognition.MinPerGroup}
	return c
}

// maxOf gives a maximum in millionths, -1 when null.
func maxOf(n Num) int64 {
	if !n.Known() {
		return -1
	}
	return n.micro()
}

// countKinds lists each pair of member and title that some criterion counts.
func (c *Compiled) countKinds(levels [][]levelCriterion) {
	for _, level := range levels {
		for i := range level {
			s := &level[i].Scoring
			if s.Kind == MemberTitles && c.countIndex(s.Member, s.TitleModel) < 0 {
				c.Counts = append(c.Counts, CountKind{Member: s.Member, TitleModel: s.TitleModel, Key: string(s.Member)})
			}
		}
	}
	for i := range c.Counts {
		k := &c.Counts[i]
		if slices.ContainsFunc(c.Counts, func(o CountKind) bool { return o.Member == k.Member && o.TitleModel != k.TitleModel }) {
			k.Key = string(k.Member) + "/" + string(k.TitleModel)
		}
	}
}

func (c *Compiled) countIndex(m Member, t Model) int {
	return slices.IndexFunc(c.Counts, func(k CountKind) bool { return k.Member == m && k.TitleModel == t })
}

func (c *Compiled) index(key string) int {
	if i, ok := c.facts[key]; ok {
		return i
	}
	return -1
}

// rule compiles a criterion at one level.
func (c *Compiled) rule(l *levelCriterion) rule {
	s := &l.Scoring
	r := rule{
		kind: s.Kind, noted: l.noted, max: maxOf(l.MaxPoints), full: l.MaxPoints.Points(),
		fact: -1, den: -1, count: -1, step: toHundred, without: l.WhenNotApplicable,
	}
	needsMax := false // the maximum is a number of the rule
	switch s.Kind {
	case Boolean:
		r.op, r.asks, needsMax = opPerson, askAnswer, true
		if s.Fact != "" {
			r.op, r.fact = opFact, c.index(s.Fact)
		}
	case Scale:
		r.step = s.Step.micro()
	case Checklist:
		c.ticks(&r, s)
	case RatioLinear:
		r.op, needsMax = opLinear, true
		r.fullAt, r.null = s.FullAt, !s.FullAt.Known()
		c.ratio(&r, s)
	case RatioBands, RatioThreshold:
		r.op = opShare
		c.ratio(&r, s)
		needsMax = s.Kind == RatioThreshold
		c.bands(&r, s)
	case MemberTitles:
		r.op, r.count, r.floors = opTitles, c.countIndex(s.Member, s.TitleModel), s.Floors
		needsMax = len(s.Bands) == 0
		c.bands(&r, s)
	case CountBands:
		r.op, r.fact = opCount, c.index(s.Value)
		c.bands(&r, s)
	case AmountBands:
		r.op, r.fact, r.den = opAmount, c.index(s.Value), c.index(s.Per)
		c.bands(&r, s)
	case ExternalStatus:
		r.op, r.fact, needsMax = opStatus, c.index(s.Status), true
		c.statuses(&r, s)
	case Deduct:
		r.op, r.fact, r.perCase, needsMax = opDeduct, c.index(s.Value), s.PerCase.micro(), true
	case TotalOnly:
		r.op = opPaper
	}
	points := c.Set.WithPoints()
	if points && needsMax && r.max < 0 {
		r.null = true
	}
	if r.asks == askNothing || r.null {
		// Where the rule cannot compute, a person gives points, or pass / fail.
		r.asks = askPoints
	}
	if !points && r.asks == askPoints {
		r.asks = askAnswer
	}
	for _, cond := range l.AppliesWhen {
		r.when = append(r.when, c.condition(cond))
	}
	return r
}

func (c *Compiled) ticks(r *rule, s *Scoring) {
	r.op, r.asks, r.pick = opTicks, askTicks, s.PickMin
	r.all = 1<<len(s.Items) - 1
	for _, item := range s.Items {
		r.items = append(r.items, item.Points.micro())
		if c.Set.WithPoints() && !item.Points.Known() {
			r.null = true
		}
	}
}

func (c *Compiled) ratio(r *rule, s *Scoring) {
	r.fact, r.den = c.index(s.Numerator), c.index(s.Denominator)
	if !slices.Contains(c.zeroOf[r.fact], r.den) {
		c.zeroOf[r.fact] = append(c.zeroOf[r.fact], r.den)
	}
}

// bands compiles bands, or min_percent where there are none.
func (c *Compiled) bands(r *rule, s *Scoring) {
	r.least = s.MinPercent
	if len(s.Bands) == 0 {
		r.null = r.null || !s.MinPercent.Known()
		return
	}
	for _, b := range s.Bands {
		r.bands = append(r.bands, bandRule{min: b.Min, points: b.Points.Points()})
		r.null = r.null || !b.Min.Known() || !b.Points.Known()
	}
}

// statuses compiles accept and partial to values of the fact's type. A value that the fact can never have is
// left out.
func (c *Compiled) statuses(r *rule, s *Scoring) {
	f := &c.Facts[r.fact]
	for _, v := range s.Accept {
		if value, text, ok := valueOf(f, v); ok {
			r.accept = append(r.accept, statusRule{value: value, text: text, points: r.full, pass: true, band: -1})
		}
	}
	for i, p := range s.Partial {
		r.null = r.null || c.Set.WithPoints() && !p.Points.Known()
		if value, text, ok := valueOf(f, p.Value); ok {
			r.accept = append(r.accept, statusRule{value: value, text: text, points: p.Points.Points(), band: i})
		}
	}
}

// valueOf gives a literal as the engine holds a value of the fact.
func valueOf(f *Fact, v Literal) (value int64, text string, ok bool) {
	switch f.Type {
	case FactBool:
		if v.Kind != LiteralBool {
			return 0, "", false
		}
		return BoolValue(v.Text == "true").Int, "", true
	case FactEnum:
		i := slices.Index(f.Values, v.Text)
		return int64(i), "", i >= 0
	case FactText:
		return 0, v.Text, true
	}
	n, ok := ParseNum(v.Text)
	if !ok || !n.isWhole() {
		return 0, "", false
	}
	return n.N / n.D, "", true
}

func (c *Compiled) condition(cond Condition) condRule {
	r := condRule{fact: c.index(cond.Fact), op: cond.Op, number: cond.Number}
	f := &c.Facts[r.fact]
	r.text = f.Type == FactText
	if cond.Op != "" {
		r.scale = scaleOf(f)
		return r
	}
	for _, v := range cond.Values {
		if value, text, ok := valueOf(f, v); ok {
			r.ints, r.texts = append(r.ints, value), append(r.texts, text)
		}
	}
	return r
}

func scaleOf(f *Fact) []Num {
	if f.Type == FactEnum {
		return numbersOf(f)
	}
	return nil
}

func (c *Compiled) gate(text string) gateRule {
	if text == "" {
		return gateRule{}
	}
	left, op, right := splitRule(text)
	g := gateRule{left: c.operand(left), right: c.operand(right), op: op}
	g.texts = c.wordy(g.left) || c.wordy(g.right)
	return g
}

func (c *Compiled) wordy(o operand) bool { return o.fact >= 0 && !comparable(&c.Facts[o.fact]) }

func (c *Compiled) operand(text string) operand {
	o := operand{fact: -1, count: -1}
	if strings.HasPrefix(text, "share(") {
		m := Member(shareMember(text))
		o.count = slices.IndexFunc(c.Counts, func(k CountKind) bool { return k.Member == m })
		return o
	}
	if i, ok := c.facts[text]; ok {
		o.fact, o.scale = i, scaleOf(&c.Facts[i])
		if c.Facts[i].Type == FactEnum {
			o.words = c.Facts[i].Values
		}
		return o
	}
	o.number, _ = ParseNum(text)
	return o
}
