// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package criteria

import "slices"

// value reads a fact for a gate or for applies_when. A missing numerator counts as 0 when its denominator is a
// declared 0: a family without children of school age has none that stays away.
func (c *Compiled) value(in *Input, fact int) Value {
	v := in.Facts[fact]
	if v.Known || len(c.zeroOf[fact]) == 0 {
		return v
	}
	for _, den := range c.zeroOf[fact] {
		if d := in.Facts[den]; !d.Known || d.Int != 0 {
			return v
		}
	}
	return IntValue(0)
}

// applies gives Yes when all keys of applies_when hold, Unanswered when a fact they read is missing, else No.
func (c *Compiled) applies(r *rule, in *Input) Answer {
	holds := true
	for i := range r.when {
		cond := &r.when[i]
		v := c.value(in, cond.fact)
		if !v.Known {
			return Unanswered
		}
		holds = holds && cond.holds(v)
	}
	return AnswerOf(holds)
}

func (cond *condRule) holds(v Value) bool {
	switch {
	case cond.op != "":
		n := Whole(v.Int)
		if cond.scale != nil {
			n = cond.scale[v.Int]
		}
		return cond.op.holds(n.cmp(cond.number))
	case cond.text:
		return slices.Contains(cond.texts, v.Text)
	}
	return slices.Contains(cond.ints, v.Int)
}

// holds reports whether the comparison is true of two values that compare as order.
func (op Op) holds(order int) bool {
	switch op {
	case Equal:
		return order == 0
	case NotEqual:
		return order != 0
	case Greater:
		return order > 0
	case GreaterEqual:
		return order >= 0
	case Less:
		return order < 0
	}
	return order <= 0
}

// openGates settles every gate; failures and open gates are listed first.
func (c *Compiled) openGates(in *Input, out *Result) {
	for i := range c.gates {
		g, res := &c.gates[i], &out.Gates[i]
		*res = GateResult{}
		if g.op == "" {
			res.Passed = in.Gates[i]
			switch res.Passed {
			case No:
				out.fail(Reason{Code: GateAnsweredNo, Gate: i, Criterion: -1, Group: -1, Level: -1})
			case Unanswered:
				out.open(Reason{Code: GateUnanswered, Gate: i, Criterion: -1, Group: -1, Level: -1})
				out.need(Need{Kind: NeedGate, Gate: i, Criterion: -1, Fact: -1, Count: -1})
			}
			continue
		}
		res.Computed = true
		res.Passed = c.compare(g, in, res)
		switch res.Passed {
		case No:
			out.fail(Reason{Code: GateRuleFailed, Gate: i, Criterion: -1, Group: -1, Level: -1, Have: res.Left, Want: res.Right})
		case Unanswered:
			out.open(Reason{Code: GateUnknown, Gate: i, Criterion: -1, Group: -1, Level: -1})
			c.needOperand(&g.left, in, i, out)
			c.needOperand(&g.right, in, i, out)
		}
	}
}

func (c *Compiled) compare(g *gateRule, in *Input, res *GateResult) Answer {
	if g.texts {
		a, okA := c.word(&g.left, in)
		b, okB := c.word(&g.right, in)
		if !okA || !okB {
			return Unanswered
		}
		return AnswerOf((a == b) == (g.op == Equal))
	}
	res.Left, res.Right = c.quantity(&g.left, in), c.quantity(&g.right, in)
	if !res.Left.Known() || !res.Right.Known() {
		return Unanswered
	}
	return AnswerOf(g.op.holds(cmpProducts(res.Left.N, res.Right.D, res.Right.N, res.Left.D)))
}

func (c *Compiled) word(o *operand, in *Input) (string, bool) {
	v := c.value(in, o.fact)
	if o.words != nil && v.Known {
		return o.words[v.Int], true
	}
	return v.Text, v.Known
}

// quantity gives the value of one side, unknown when a fact or count is missing or there are no members.
func (c *Compiled) quantity(o *operand, in *Input) Quantity {
	switch {
	case o.count >= 0:
		n := in.Counts[o.count]
		if !n.HasMembers || !n.HasHolders || n.Members == 0 {
			return Quantity{Unit: UnitPercent}
		}
		return Quantity{N: n.Holders * 100, D: n.Members, Unit: UnitPercent}
	case o.fact >= 0:
		v := c.value(in, o.fact)
		switch {
		case !v.Known:
			return Quantity{Unit: UnitNumber}
		case o.scale != nil:
			return numOf(o.scale[v.Int], UnitNumber)
		}
		return Quantity{N: v.Int, D: 1, Unit: UnitNumber}
	}
	return numOf(o.number, UnitNumber)
}

func (c *Compiled) needOperand(o *operand, in *Input, gate int, out *Result) {
	switch {
	case o.count >= 0:
		if n := in.Counts[o.count]; !n.HasMembers || !n.HasHolders || n.Members == 0 {
			out.need(Need{Kind: NeedCount, Count: o.count, Criterion: -1, Fact: -1, Gate: gate})
		}
	case o.fact >= 0 && !c.value(in, o.fact).Known:
		out.need(Need{Kind: NeedFact, Fact: o.fact, Criterion: -1, Count: -1, Gate: gate})
	}
}
