// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package criteria

import (
	"bytes"
	"encoding/json"
	"strconv"
)

// PortableFormat names what Portable writes. An engine refuses any other name; it changes with every change of a field's meaning.
const PortableFormat = "hoctap-engine/1"

// Portable writes the compiled set for the engine in the browser (ui/src/engine), which gives the same results: its rules as this engine
// holds them, indices for keys, and the words that a sheet shows. Indices are those of Compiled, Input and Result. docs/criteria.md tells
// the fields; a test holds the two engines against each other.
func (c *Compiled) Portable() ([]byte, error) {
	s := c.Set
	p := portable{
		Format: PortableFormat, ID: s.ID, Title: s.Title, Model: s.Model, Verified: s.Verified, Points: s.WithPoints(),
		Max: portableNum(s.MaxPoints), From: s.Effective.From, To: s.Effective.To, Method: s.Recognition.Method,
		Kept: s.Recognition.ValidityMonths, Counts: []portableCount{}, Gates: []portableGate{}, Facts: []portableFact{},
	}
	for i := range c.Facts {
		p.Facts = append(p.Facts, c.portableFact(i))
	}
	for _, k := range c.Counts {
		p.Counts = append(p.Counts, portableCount{k.Key, k.Member, k.TitleModel})
	}
	for i := range c.Groups {
		g := &c.Groups[i]
		p.Groups = append(p.Groups, portableGroup{g.Code, g.Title, c.groupMax[i], g.Len, c.unbounded[i], g.Verified})
	}
	for _, k := range c.Criteria {
		p.Criteria = append(p.Criteria, portableCriterionOf(k))
	}
	for level, rules := range c.rules {
		list := make([]json.RawMessage, len(rules))
		for i := range rules {
			data, err := json.Marshal(c.portableRule(&rules[i]))
			if err != nil {
				return nil, err
			}
			list[i] = data
			if level > 0 && bytes.Equal(data, whole(p.Rules, level-1, i)) {
				list[i] = nil // as at the level below
			}
		}
		p.Rules = append(p.Rules, list)
	}
	for i := range c.Gates {
		p.Gates = append(p.Gates, c.portableGate(i))
	}
	for i, l := range c.Levels {
		x := portableLevel{Code: l.Code, Title: l.Title}
		if r := c.required[i]; r.given {
			x.Requires = &portableRequires{r.level, r.months}
		}
		p.Levels = append(p.Levels, x)
	}
	for _, k := range c.Classes {
		p.Classes = append(p.Classes, portableClass{k.Code, k.Title, portableNum(k.MinTotal), k.Recognised})
	}
	for _, t := range s.Recognition.Thresholds {
		p.Thresholds = append(p.Thresholds, portableThreshold{t.Region, portableNum(t.MinTotal), t.Verified})
	}
	p.MinCriterion, p.MinGroup = portableMinimum(c.minimums.criterion), portableMinimum(c.minimums.group)
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(p); err != nil {
		return nil, err
	}
	return bytes.TrimSpace(out.Bytes()), nil
}

// whole gives the rule that holds for a criterion at a level, found below where it is the same.
func whole(rules [][]json.RawMessage, level, i int) json.RawMessage {
	for rules[level][i] == nil {
		level--
	}
	return rules[level][i]
}

type portable struct {
	Format       string              `json:"format"`
	ID           string              `json:"id"`
	Title        string              `json:"title"`
	Model        Model               `json:"model"`
	Verified     Verified            `json:"verified"`
	Points       bool                `json:"points"` // false: indicators pass or fail
	Max          portableNum         `json:"max"`
	From         int                 `json:"from"`
	To           int                 `json:"to"` // 0 = open
	Method       Method              `json:"method"`
	Kept         int                 `json:"kept,omitempty"` // months that a title is kept
	Facts        []portableFact      `json:"facts"`
	Counts       []portableCount     `json:"counts"`
	Groups       []portableGroup     `json:"groups"`
	Criteria     []portableCriterion `json:"criteria"`
	Rules        [][]json.RawMessage `json:"rules"` // by level, then criterion; null is the rule of the level below
	Gates        []portableGate      `json:"gates"`
	Levels       []portableLevel     `json:"levels,omitempty"`
	Classes      []portableClass     `json:"classes,omitempty"`
	Thresholds   []portableThreshold `json:"thresholds,omitempty"`
	MinCriterion *portableLimit      `json:"minCriterion,omitempty"`
	MinGroup     *portableLimit      `json:"minGroup,omitempty"`
}

// portableNum is null when unknown, a JSON number when it is whole and every reader holds it exactly, else the decimal as a text.
type portableNum Num

func (n portableNum) MarshalJSON() ([]byte, error) {
	switch {
	case n.D == 0:
		return []byte("null"), nil
	case n.D == 1:
		return portableInt(n.N).MarshalJSON()
	}
	return strconv.AppendQuote(nil, Num(n).String()), nil
}

// portableInt is a JSON number up to 2^53 - 1, beyond that a text.
type portableInt int64

func (n portableInt) MarshalJSON() ([]byte, error) {
	if abs(int64(n)) < 1<<53 {
		return strconv.AppendInt(nil, int64(n), 10), nil
	}
	return strconv.AppendQuote(nil, strconv.FormatInt(int64(n), 10)), nil
}

type portableFact struct {
	Key     string        `json:"key"`
	Title   string        `json:"title"`
	Type    FactType      `json:"type"`
	Values  []string      `json:"values,omitempty"`
	Numbers []portableNum `json:"numbers,omitempty"` // behind an enum's values, when all are numbers
	ZeroOf  []int         `json:"zeroOf,omitempty"`  // denominators whose declared 0 makes this one 0 for gates and applicability
}

func (c *Compiled) portableFact(i int) portableFact {
	f := &c.Facts[i]
	x := portableFact{Key: f.Key, Title: f.Title, Type: f.Type, Values: f.Values, ZeroOf: c.zeroOf[i]}
	if f.Type == FactEnum {
		x.Numbers = portableNums(numbersOf(f))
	}
	return x
}

type portableCount struct {
	Key    string `json:"key"`
	Member Member `json:"member"`
	Title  Model  `json:"title"`
}

type portableGroup struct {
	Code      string   `json:"code"`
	Title     string   `json:"title"`
	Max       int64    `json:"max"` // millionths, -1 when null
	Len       int      `json:"len"`
	Unbounded bool     `json:"unbounded,omitempty"`
	Verified  Verified `json:"verified,omitempty"`
}

type portableCriterion struct {
	Code     string         `json:"code"`
	Title    string         `json:"title"`
	Kind     Kind           `json:"kind"`
	Entry    string         `json:"entry"`
	Verified Verified       `json:"verified,omitempty"`
	Evidence []string       `json:"evidence,omitempty"`
	Needs    any            `json:"needs,omitempty"` // evidence: true, or points from which it is needed
	Items    []portableItem `json:"items,omitempty"`
	Guide    []portableItem `json:"guide,omitempty"`
}

// portableItem is an item of a checklist, or a step of the guide, which has no code. Points are hundredths.
type portableItem struct {
	Code   string `json:"code,omitempty"`
	Title  string `json:"title"`
	Points int64  `json:"points"`
}

func portableCriterionOf(k *Criterion) portableCriterion {
	x := portableCriterion{Code: k.Code, Title: k.Title, Kind: k.Scoring.Kind, Entry: k.Entry().String(), Verified: k.Verified, Evidence: k.Evidence}
	if k.EvidenceRequired.Always {
		x.Needs = true
	} else if k.EvidenceRequired.FromPoints.Known() {
		x.Needs = portableNum(k.EvidenceRequired.FromPoints)
	}
	for _, item := range k.Scoring.Items {
		x.Items = append(x.Items, portableItem{Code: item.Code, Title: item.Title, Points: int64(item.Points.Points())})
	}
	for _, g := range k.Scoring.Guide {
		if g.Points.Known() {
			x.Guide = append(x.Guide, portableItem{Title: g.When, Points: int64(g.Points.Points())})
		}
	}
	return x
}

// portableRule is a rule at one level; what is left out is 0, false or, for an index, none.
type portableRule struct {
	Kind    Kind             `json:"kind"`
	Op      string           `json:"op"`
	Asks    string           `json:"asks"`
	Null    bool             `json:"null,omitempty"`
	Noted   bool             `json:"noted,omitempty"`
	Max     int64            `json:"max"` // millionths, -1 when null
	Step    int64            `json:"step,omitempty"`
	Items   []int64          `json:"items,omitempty"`
	Pick    int              `json:"pick,omitempty"`
	Fact    *int             `json:"fact,omitempty"`
	Den     *int             `json:"den,omitempty"`
	Count   *int             `json:"count,omitempty"`
	FullAt  *portableNum     `json:"fullAt,omitempty"`
	Bands   []portableBand   `json:"bands,omitempty"`
	Least   *portableNum     `json:"least,omitempty"`
	Floors  []portableFloor  `json:"floors,omitempty"`
	Accept  []portableStatus `json:"accept,omitempty"`
	PerCase int64            `json:"perCase,omitempty"`
	When    []portableWhen   `json:"when,omitempty"`
	Without NotApplicable    `json:"without,omitempty"`
}

type portableBand struct {
	Min    portableNum `json:"min"`
	Points int64       `json:"points"` // hundredths
}

type portableFloor struct {
	From int         `json:"from"`
	To   int         `json:"to"`
	Min  portableNum `json:"min"`
}

type portableStatus struct {
	Value  any   `json:"value"` // a text of a text fact, else a whole number
	Points int64 `json:"points"`
	Pass   bool  `json:"pass"`
	Band   int   `json:"band"`
}

type portableWhen struct {
	Fact   int           `json:"fact"`
	Ints   []portableInt `json:"ints,omitempty"`
	Texts  []string      `json:"texts,omitempty"` // of a text fact
	Op     Op            `json:"op,omitempty"`
	Number portableNum   `json:"number"`
}

var portableOps = [...]string{opPerson: "person", opTicks: "ticks", opFact: "fact", opShare: "share", opLinear: "linear", opTitles: "titles",
	opCount: "count", opAmount: "amount", opStatus: "status", opDeduct: "deduct", opPaper: "paper"}

var portableAsks = [...]string{askNothing: "nothing", askPoints: "points", askAnswer: "answer", askTicks: "ticks"}

func (c *Compiled) portableRule(r *rule) portableRule {
	x := portableRule{
		Kind: r.kind, Op: portableOps[r.op], Asks: portableAsks[r.asks], Null: r.null, Noted: r.noted, Max: r.max, Items: r.items, Pick: r.pick,
		Fact: portableIndex(r.fact), Den: portableIndex(r.den), Count: portableIndex(r.count), FullAt: known(r.fullAt), Least: known(r.least),
		PerCase: r.perCase, Without: r.without,
	}
	if r.kind == Scale {
		x.Step = r.step
	}
	for _, b := range r.bands {
		x.Bands = append(x.Bands, portableBand{portableNum(b.min), int64(b.points)})
	}
	for _, f := range r.floors {
		x.Floors = append(x.Floors, portableFloor{f.Years.From, f.Years.To, portableNum(f.MinPercent)})
	}
	for _, a := range r.accept {
		s := portableStatus{Value: portableInt(a.value), Points: int64(a.points), Pass: a.pass, Band: a.band}
		if c.Facts[r.fact].Type == FactText {
			s.Value = a.text
		}
		x.Accept = append(x.Accept, s)
	}
	for _, w := range r.when {
		y := portableWhen{Fact: w.fact, Op: w.op, Number: portableNum(w.number)}
		if w.text {
			y.Texts = w.texts
		} else {
			for _, n := range w.ints {
				y.Ints = append(y.Ints, portableInt(n))
			}
		}
		x.When = append(x.When, y)
	}
	return x
}

func portableIndex(i int) *int {
	if i < 0 {
		return nil
	}
	return &i
}

func known(n Num) *portableNum {
	if !n.Known() {
		return nil
	}
	p := portableNum(n)
	return &p
}

func portableNums(list []Num) (out []portableNum) {
	for _, n := range list {
		out = append(out, portableNum(n))
	}
	return out
}

// portableGate is a gate; without op a person answers.
type portableGate struct {
	Code  string           `json:"code"`
	Title string           `json:"title"`
	Rule  string           `json:"rule,omitempty"`
	Op    Op               `json:"op,omitempty"`
	Left  *portableOperand `json:"left,omitempty"`
	Right *portableOperand `json:"right,omitempty"`
	Texts bool             `json:"texts,omitempty"` // both sides compare as words
}

// portableOperand is a fact, a share of members or a number.
type portableOperand struct {
	Fact   *int         `json:"fact,omitempty"`
	Count  *int         `json:"count,omitempty"`
	Number *portableNum `json:"number,omitempty"`
}

func (c *Compiled) portableGate(i int) portableGate {
	g, r := &c.Gates[i], &c.gates[i]
	x := portableGate{Code: g.Code, Title: g.Title, Rule: g.Rule, Op: r.op, Texts: r.texts}
	if r.op != "" {
		x.Left, x.Right = portableOperandOf(&r.left), portableOperandOf(&r.right)
	}
	return x
}

func portableOperandOf(o *operand) *portableOperand {
	return &portableOperand{Fact: portableIndex(o.fact), Count: portableIndex(o.count), Number: known(o.number)}
}

type portableLevel struct {
	Code     string            `json:"code"`
	Title    string            `json:"title"`
	Requires *portableRequires `json:"requires,omitempty"`
}

type portableRequires struct {
	Level  int `json:"level"`
	Months int `json:"months"`
}

type portableClass struct {
	Code       string      `json:"code"`
	Title      string      `json:"title"`
	Min        portableNum `json:"min"`
	Recognised bool        `json:"recognised"`
}

type portableThreshold struct {
	Region   Region      `json:"region"`
	Min      portableNum `json:"min"`
	Verified Verified    `json:"verified,omitempty"`
}

type portableLimit struct {
	Percent bool        `json:"percent"`
	Value   portableNum `json:"value"`
}

func portableMinimum(m Minimum) *portableLimit {
	if !m.Given {
		return nil
	}
	return &portableLimit{m.Percent, portableNum(m.Value)}
}
