// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package criteria

import "slices"

// Entry is how a screen asks for a criterion.
type Entry uint8

// The ways of entry.
const (
	EntryPoints   Entry = iota // type points, or pick one of the guide
	EntryAnswer                // yes or no
	EntryTicks                 // tick items
	EntryCount                 // how many: the numerator, the count, the cases
	EntryAmount                // an amount of money
	EntryFact                  // yes or no, stored as a fact
	EntryRegister              // locked: the status comes from another register
	EntryComputed              // locked: counted from the titles of members
	EntryPaper                 // locked: only a paper result
)

// String gives the key used in JSON and in catalogues ("criteria.entry." + key).
func (e Entry) String() string {
	return [...]string{"points", "answer", "ticks", "count", "amount", "fact", "register", "computed", "paper"}[e]
}

// Locked reports an entry that nobody types on the sheet.
func (e Entry) Locked() bool { return e >= EntryRegister }

// Entry tells how the criterion is asked for, as long as its rule can be computed.
func (k *Criterion) Entry() Entry {
	switch k.Scoring.Kind {
	case Boolean:
		if k.Scoring.Fact != "" {
			return EntryFact
		}
		return EntryAnswer
	case Checklist:
		return EntryTicks
	case RatioLinear, RatioBands, RatioThreshold, CountBands, Deduct:
		return EntryCount
	case AmountBands:
		return EntryAmount
	case ExternalStatus:
		return EntryRegister
	case MemberTitles:
		return EntryComputed
	case TotalOnly:
		return EntryPaper
	}
	return EntryPoints
}

// Quick is what a screen offers for one cell: the answers and what each would give.
type Quick struct {
	Entry   Entry
	Fact    int   // the fact an answer sets, -1 when it records a score
	Of      int64 // denominator or members where known, else 0
	Asked   bool  // the rule cannot compute here (0 denominator, unknown number): a person records
	Applies Answer
	Answers []QuickAnswer
}

// QuickAnswer is one answer: set Value at Quick.Fact, or record Record; it gives Points, or Pass in a set
// without points. For a checklist each answer is one item alone.
type QuickAnswer struct {
	Value  Value
	Record Recorded
	Points Points
	Pass   Answer
	Label  string // the guide's words, the item's title or the status; "" for a mere number
}

// maxQuick is how many answers fit beside one another.
const maxQuick = 12

// Quick lists the quick answers of criterion i for what in holds already; in is not changed.
func (c *Compiled) Quick(in *Input, i int) Quick {
	r, k := &c.rules[0][i], c.Criteria[i]
	q := Quick{Entry: k.Entry(), Fact: -1, Applies: c.applies(r, in)}
	var res CriterionResult
	c.judge(r, in, &in.Scores[i], 0, &res)
	if r.den >= 0 && in.Facts[r.den].Known {
		q.Of = in.Facts[r.den].Int
	}
	if r.op == opTitles && in.Counts[r.count].HasMembers {
		q.Of = in.Counts[r.count].Members
	}
	if r.null || res.Why == WhyZeroDenominator {
		q.Asked, q.Entry = true, EntryPoints
		if !c.Set.WithPoints() {
			q.Entry = EntryAnswer
			q.Answers = []QuickAnswer{{Record: RecordAnswer(false), Pass: No}, {Record: RecordAnswer(true), Pass: Yes}}
		}
		return q
	}
	switch q.Entry {
	case EntryPoints:
		q.Answers = r.scaleAnswers(k)
		if !c.Set.WithPoints() {
			q.Entry = EntryAnswer
			q.Answers = []QuickAnswer{{Record: RecordAnswer(false), Pass: No}, {Record: RecordAnswer(true), Pass: Yes}}
		}
	case EntryAnswer:
		q.Answers = []QuickAnswer{{Record: RecordAnswer(false), Pass: No}, {Record: RecordAnswer(true), Points: r.full, Pass: Yes}}
	case EntryTicks:
		for n, item := range k.Scoring.Items {
			q.Answers = append(q.Answers, QuickAnswer{Record: RecordTicks(1 << n), Points: item.Points.Points(), Label: item.Title})
		}
	case EntryComputed, EntryPaper:
	default:
		q.Fact = r.fact
		c.factAnswers(in, r, &q)
	}
	return q
}

// scaleAnswers offers the guide, or every step where few.
func (r *rule) scaleAnswers(k *Criterion) (list []QuickAnswer) {
	if r.kind != Scale {
		return nil
	}
	for _, g := range k.Scoring.Guide {
		if g.Points.Known() {
			list = append(list, QuickAnswer{Record: RecordPoints(g.Points.Points()), Points: g.Points.Points(), Label: g.When})
		}
	}
	if list != nil || r.max < 0 || r.max/r.step >= maxQuick {
		return list
	}
	for m := int64(0); m <= r.max; m += r.step {
		p := microPoints(m)
		list = append(list, QuickAnswer{Record: RecordPoints(p), Points: p})
	}
	return list
}

// factAnswers offers values of the fact with what each would give.
func (c *Compiled) factAnswers(in *Input, r *rule, q *Quick) {
	try := *in
	try.Facts = slices.Clone(in.Facts)
	var rec Recorded
	var res CriterionResult
	for _, v := range c.offers(r, q.Of) {
		try.Facts[r.fact] = IntValue(v)
		plain := *r
		plain.when = nil
		c.judge(&plain, &try, &rec, 0, &res)
		if res.State != StateScored {
			return
		}
		a := QuickAnswer{Value: IntValue(v), Points: res.Points, Pass: res.Pass}
		if f := &c.Facts[r.fact]; f.Type == FactEnum {
			a.Label = f.Values[v]
		}
		q.Answers = append(q.Answers, a)
	}
}

// offers lists the values worth offering: all of a short range, else the least that reaches each band.
func (c *Compiled) offers(r *rule, of int64) []int64 {
	f := &c.Facts[r.fact]
	switch {
	case f.Type == FactText:
		return nil
	case f.Type == FactBool:
		return []int64{0, 1}
	case f.Type == FactEnum:
		return upTo(int64(len(f.Values)) - 1)
	case r.op == opDeduct:
		return upTo(min((r.max+r.perCase-1)/r.perCase, maxQuick-1))
	case (r.op == opShare || r.op == opLinear) && of == 0, r.op == opAmount && r.den >= 0 && of == 0:
		return nil
	case (r.op == opShare || r.op == opLinear) && of < maxQuick:
		return upTo(of)
	}
	list := []int64{0}
	for i := range r.bands {
		list = append(list, r.leastFor(r.bands[i].min, of))
	}
	if r.op == opShare && r.least.Known() {
		list = append(list, r.leastFor(r.least, of))
	}
	if r.op == opLinear {
		list = append(list, r.leastFor(r.fullAt, of))
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// leastFor is the smallest value that reaches a limit.
func (r *rule) leastFor(limit Num, of int64) int64 {
	switch {
	case r.op == opShare || r.op == opLinear:
		return mulDivUp(limit.N, of, 100*limit.D)
	case r.op == opAmount && r.den >= 0:
		return mulDivUp(limit.N, of, limit.D)
	}
	return mulDivUp(limit.N, 1, limit.D)
}

func upTo(n int64) []int64 {
	list := make([]int64, 0, n+1)
	for v := int64(0); v <= n; v++ {
		list = append(list, v)
	}
	return list
}
