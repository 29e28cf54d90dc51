// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package criteria

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"hoctap/internal/criteria/criteriatest"
	"hoctap/internal/fault"
)

// engine is the browser's engine: every scored input goes to both.
type engine struct {
	*criteriatest.Browser
	t    *testing.T
	set  *Compiled // that it has
	text []byte    // of it
}

// score gives an input to both engines.
func (e *engine) score(c *Compiled, in *Input) {
	if e.set != c || beside != nil { // tables change a set's threshold between two cases
		set, err := c.Portable()
		if err != nil {
			e.t.Fatal(err)
		}
		if e.set = c; !bytes.Equal(set, e.text) {
			e.Use(set)
			e.text = set
		}
	}
	e.Ask(c.ID(), "input", asJSON(e.t, c.inputForm(in)), asJSON(e.t, c.answerForm(in)))
}

func asJSON(t *testing.T, v any) []byte {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		t.Fatal(err)
	}
	// JSON.stringify writes these two as they are.
	text := strings.NewReplacer(`\u2028`, "\u2028", `\u2029`, "\u2029").Replace(out.String())
	return []byte(strings.TrimSpace(text))
}

// --- what goes in and comes out, as lists: the form of ui/judge-engine.mjs -------------------------------------------

func (c *Compiled) inputForm(in *Input) any {
	big := func(n int64) any {
		if abs(n) < 1<<53 {
			return n
		}
		return map[string]any{"big": portableInt(n)}
	}
	facts, scores, counts, gates, titles := []any{}, []any{}, []any{}, []any{}, []any{}
	for i, v := range in.Facts {
		switch {
		case !v.Known:
			facts = append(facts, nil)
		case c.Facts[i].Type == FactText:
			facts = append(facts, v.Text)
		default:
			facts = append(facts, big(v.Int))
		}
	}
	for i := range in.Scores {
		r := &in.Scores[i]
		levels := any(nil)
		if r.Levels != nil {
			levels = answerList(r.Levels)
		}
		scores = append(scores, append(recordForm(r), levels))
	}
	for _, n := range in.Counts {
		counts = append(counts, []any{when(n.HasMembers, big(n.Members)), when(n.HasHolders, big(n.Holders))})
	}
	for _, a := range in.Gates {
		gates = append(gates, a.bool())
	}
	for _, t := range in.Titles {
		titles = append(titles, []any{t.Level, t.Decided, t.Revoked})
	}
	paper := any(nil)
	if p := in.Paper; p.Given {
		paper = []any{p.Outcome.String(), when(p.HasTotal, int64(p.Total)), p.Level}
	}
	return map[string]any{"year": in.Year, "region": in.Region, "facts": facts, "scores": scores, "counts": counts, "gates": gates,
		"titles": titles, "applied": in.Applied, "paper": paper}
}

func when(known bool, v any) any {
	if !known {
		return nil
	}
	return v
}

func answerList(list []Answer) []*bool {
	out := make([]*bool, len(list))
	for i, a := range list {
		out[i] = a.bool()
	}
	return out
}

func recordForm(r *Recorded) []any {
	ticks := any(nil)
	if r.Ticked {
		list := []int{}
		for i := range 64 {
			if r.Ticks&(1<<i) != 0 {
				list = append(list, i)
			}
		}
		ticks = list
	}
	return []any{when(r.HasPoints, int64(r.Points)), r.Answer.bool(), ticks}
}

func (c *Compiled) answerForm(in *Input) any {
	r, _ := c.Score(in)
	t := r.Threshold
	groups, gates, levels, needs, refusals := []any{}, []any{}, []any{}, []any{}, []any{}
	for _, g := range r.Groups {
		groups = append(groups, []any{int64(g.Points), g.Known, int64(g.SoFar), int64(g.Max), g.HasMax, g.Scaled, g.MinMet.bool()})
	}
	for _, g := range r.Gates {
		gates = append(gates, []any{g.Passed.bool(), g.Computed, quantityForm(g.Left), quantityForm(g.Right)})
	}
	for i, l := range r.Levels {
		x := []any{l.Own.bool(), l.Nested.bool(), l.Waiting.bool()}
		if i > 0 {
			x = append(x, criteriaForm(l.Criteria), c.reasonForm(l.Failures), c.reasonForm(l.Unknowns))
		}
		levels = append(levels, x)
	}
	for _, n := range r.Needs {
		needs = append(needs, []any{n.Kind.String(), n.Criterion, n.Fact, n.Count, n.Gate, n.Level})
	}
	for _, f := range r.Refusals {
		refusals = append(refusals, []any{f.Field, f.Key, argsForm(f.Args)})
	}
	result := []any{
		r.Outcome.String(), r.FromPaper, int64(r.Total), r.HasTotal, int64(r.SoFar), int64(r.Open), int64(r.Max), r.HasMax,
		[]any{t.Index, t.FellBack, int64(t.MinTotal), t.HasMin, int64(t.Short)}, r.Class, r.Level,
		criteriaForm(r.Criteria), groups, gates, levels, c.reasonForm(r.Failures), c.reasonForm(r.Unknowns), needs, refusals,
	}
	if r.Outcome == Refused {
		return []any{result}
	}
	cells := []any{}
	for i := range c.Criteria {
		q := c.Quick(in, i)
		answers := []any{}
		for _, a := range q.Answers {
			answers = append(answers, []any{when(a.Value.Known, portableInt(a.Value.Int)), recordForm(&a.Record), int64(a.Points), a.Pass.bool(), a.Label})
		}
		cells = append(cells, []any{q.Entry.String(), q.Fact, portableInt(q.Of), q.Asked, q.Applies.bool(), answers})
	}
	missing := append([]string{}, c.EvidenceMissing(&r, nil)...)
	return []any{result, cells, missing}
}

func criteriaForm(list []CriterionResult) []any {
	out := []any{}
	for i := range list {
		k := &list[i]
		out = append(out, []any{k.State.String(), k.Why.String(), k.Basis.String(), k.Asked, int64(k.Points), k.Pass.bool(),
			portableInt(k.Num), portableInt(k.Den), k.Band, k.Floor.Index, k.Floor.Met.bool()})
	}
	return out
}

var unitWords = [...]string{UnitNone: "", UnitPoints: "points", UnitPercent: "percent", UnitNumber: "number", UnitMonths: "months"}

func quantityForm(q Quantity) any {
	return []any{portableInt(q.N), portableInt(q.D), unitWords[q.Unit]}
}

func (c *Compiled) reasonForm(list []Reason) []any {
	out := []any{}
	for i := range list {
		r := &list[i]
		out = append(out, []any{reasonKeys[r.Code], r.Key(), r.Gate, r.Criterion, r.Group, r.Level, quantityForm(r.Have), quantityForm(r.Want), argsForm(r.Args(c))})
	}
	return out
}

func argsForm(args fault.Args) []any {
	out := []any{}
	names := make([]string, 0, len(args))
	for name := range args {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		v := args[name]
		switch n := v.(type) {
		case Points:
			v = portableInt(n)
		case int64:
			v = portableInt(n)
		}
		out = append(out, []any{name, v})
	}
	return out
}
