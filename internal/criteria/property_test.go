// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package criteria

import (
	"encoding/json"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// mixed has every kind that scores, every way not to apply, and every limit.
const mixed = `
  - {code: A, title: A, max_points: 30, criteria: [
      {code: linear, title: t, evidence: [], max_points: 10, applies_when: {d: ">0"}, when_not_applicable: full, scoring: {kind: ratio_linear, numerator: n, denominator: d, full_at: 90}},
      {code: bands, title: t, evidence: [], max_points: 10, applies_when: {yes: [true]}, when_not_applicable: redistribute, scoring: {kind: ratio_bands, numerator: n, denominator: d, bands: [{min_percent: 33.3, points: 4.25}, {min_percent: 80, points: 10}]}},
      {code: scale, title: t, evidence: [], max_points: 10, applies_when: {st: [none]}, when_not_applicable: redistribute, scoring: {kind: scale, step: 0.25}}]}
  - {code: B, title: B, max_points: 40, criteria: [
      {code: list, title: t, evidence: [], max_points: 10, scoring: {kind: checklist, items: [{code: a, title: a, points: 4}, {code: b, title: b, points: 4}, {code: c, title: c, points: 4}], pick: {min: 2}}},
      {code: titles, title: t, evidence: [], max_points: 10, applies_when: {lv: ">=1"}, when_not_applicable: skip, scoring: {kind: member_titles, member: adult, title_model: citizen, bands: [{min_percent: 60, points: 10}, {min_percent: 30, points: 5}], min_percent_by_year: [{from: 2025, to: null, min_percent: 40}]}},
      {code: count, title: t, evidence: [], max_points: 10, scoring: {kind: count_bands, value: n, bands: [{min: 3, points: 5}, {min: 7, points: 10}]}},
      {code: amount, title: t, evidence: [], max_points: 10, scoring: {kind: amount_bands, value: m, per: d, bands: [{min: 1, points: 1}, {min: 50000, points: 10}]}}]}
  - {code: C, title: C, max_points: 30, criteria: [
      {code: status, title: t, evidence: [], max_points: 10, scoring: {kind: external_status, status: st, accept: [none], partial: [{value: near, points: 5}]}},
      {code: tick, title: t, evidence: [], max_points: 10, scoring: {kind: boolean}},
      {code: less, title: t, evidence: [], max_points: 10, scoring: {kind: deduct, value: n, per_case: 1.5}}]}`

const mixedRules = `, min_per_criterion: {percent: 10}, min_per_group: {percent: 40}, mandatory: [
   {code: G1, title: g}, {code: G2, title: g, rule: "n <= d"}, {code: G3, title: g, rule: "share(adult) >= 25"}]`

// drawInput gives a sound input in which anything may be unknown. A numerator never exceeds a denominator of 0.
func drawInput(t *rapid.T, c *Compiled) *Input {
	in := c.NewInput()
	in.Year = rapid.IntRange(2020, 2030).Draw(t, "year")
	in.Region = rapid.SampledFrom([]Region{"", RegionDefault, RegionMountainous, RegionEspeciallyDifficult}).Draw(t, "region")
	known := rapid.IntRange(0, 9) // 0 = unknown: most things are known
	for i, f := range c.Facts {
		if known.Draw(t, f.Key+" known") == 0 {
			continue
		}
		top := int64(1)
		switch f.Type {
		case FactInt:
			top = 12
		case FactMoney:
			top = rapid.SampledFrom([]int64{10, 1_000_000, 1_000_000_000_000_000}).Draw(t, "order of money")
		case FactEnum:
			top = int64(len(f.Values)) - 1
		}
		in.Facts[i] = IntValue(rapid.Int64Range(0, top).Draw(t, f.Key))
	}
	n, d := fact(c, "n"), fact(c, "d")
	if n >= 0 && in.Facts[d].Known && in.Facts[d].Int == 0 {
		in.Facts[n] = IntValue(0)
	}
	for i, k := range c.Criteria {
		if known.Draw(t, k.Code+" known") == 0 {
			continue
		}
		switch k.Scoring.Kind {
		case Checklist:
			in.Scores[i] = RecordTicks(rapid.Uint64Range(0, 1<<len(k.Scoring.Items)-1).Draw(t, k.Code))
		case Boolean:
			in.Scores[i] = RecordAnswer(rapid.Bool().Draw(t, k.Code))
		case Scale:
			step := int64(k.Scoring.Step.Points())
			in.Scores[i] = RecordPoints(Points(step * rapid.Int64Range(0, int64(k.MaxPoints.Points())/step).Draw(t, k.Code)))
		default:
			in.Scores[i] = RecordPoints(Points(rapid.Int64Range(0, int64(k.MaxPoints.Points())).Draw(t, k.Code)))
		}
	}
	for i := range c.Counts {
		if known.Draw(t, "counted") != 0 {
			members := rapid.Int64Range(0, 10).Draw(t, "members")
			in.Counts[i] = CountOf(members, rapid.Int64Range(0, members).Draw(t, "holders"))
		}
	}
	for i := range c.Gates {
		in.Gates[i] = rapid.SampledFrom([]Answer{Yes, Yes, Yes, No, Unanswered}).Draw(t, "gate")
	}
	return in
}

func fact(c *Compiled, key string) int {
	if i, ok := c.FactIndex(key); ok {
		return i
	}
	return -1
}

func mixedSets(t *testing.T) []*Compiled {
	m := compileText(t, pointsSet("100", mixed, mixedRules))
	m.Set.Recognition.Thresholds[0].MinTotal = Whole(60)
	return []*Compiled{m, resolve(t, "family-2021-2030"), resolve(t, "clan-2021-2030"), resolve(t, "community-2021-2030"), resolve(t, "unit-2021-2030")}
}

func TestResultsHoldTogether(t *testing.T) {
	sets := mixedSets(t)
	var out Result // used again and again, as callers do
	rapid.Check(t, func(t *rapid.T) {
		c := rapid.SampledFrom(sets).Draw(t, "set")
		in := drawInput(t, c)
		in.Year = max(in.Year, c.Set.Effective.From)
		if err := c.ScoreInto(in, &out); err != nil {
			t.Fatalf("%v", err)
		}
		sum, all := Points(0), true
		for gi, g := range out.Groups {
			span := c.Groups[gi]
			rest := Points(0)
			for i := span.First; i < span.First+span.Len; i++ {
				k := &out.Criteria[i]
				if k.Points < 0 || k.Points > c.Criteria[i].MaxPoints.Points() {
					t.Fatalf("%s has %v of %v", c.Criteria[i].Code, k.Points, c.Criteria[i].MaxPoints)
				}
				if k.State == StateUnknown {
					all = false
					if k.Points != 0 || g.Known || out.HasTotal || out.Outcome == Recognised {
						t.Fatalf("%s is unknown, and yet counts: %+v", c.Criteria[i].Code, out)
					}
				}
				if k.State == StateScored || k.State == StateFull {
					rest += k.Points
				}
			}
			if g.Known && !g.Scaled && g.Points != rest {
				t.Fatalf("group %s has %v, its criteria %v", span.Code, g.Points, rest)
			}
			if g.Points < 0 || g.Points > g.Max {
				t.Fatalf("group %s has %v of %v", span.Code, g.Points, g.Max)
			}
			sum += g.Points
		}
		if out.HasTotal != all || all && out.Total != sum || all && out.SoFar != sum {
			t.Fatalf("total %v (%v), groups %v (%v)", out.Total, out.HasTotal, sum, all)
		}
		if !slices.IsSortedFunc(out.Failures, inOrder) || !slices.IsSortedFunc(out.Unknowns, inOrder) {
			t.Fatalf("order: %s | %s", keys(c, out.Failures), keys(c, out.Unknowns))
		}
		want := Recognised
		if len(out.Unknowns) > 0 {
			want = Undecided
		}
		if len(out.Failures) > 0 {
			want = NotRecognised
		}
		if out.Outcome != want {
			t.Fatalf("%v with %d failures and %d open", out.Outcome, len(out.Failures), len(out.Unknowns))
		}
		again, _ := c.Score(in)
		if again.Outcome != out.Outcome || again.Total != out.Total || keys(c, again.Failures) != keys(c, out.Failures) {
			t.Fatal("a result used again differs from a fresh one")
		}
	})
}

// inOrder is the specified order: gates, criteria, floors, groups, threshold; each in file order.
func inOrder(a, b Reason) int {
	stage := func(r Reason) int {
		switch {
		case r.Gate >= 0:
			return 0
		case r.Code == ShareBelowFloor || r.Code == FloorUnknown:
			return 2
		case r.Criterion >= 0:
			return 1
		case r.Group >= 0:
			return 3
		}
		return 4
	}
	if s := stage(a) - stage(b); s != 0 {
		return s
	}
	return a.Gate + a.Criterion + a.Group - b.Gate - b.Criterion - b.Group
}

// Learning more never overturns what was decided: a missing piece is neither 0 nor no.
func TestUnknownIsNeitherZeroNorNo(t *testing.T) {
	sets := mixedSets(t)
	rapid.Check(t, func(t *rapid.T) {
		c := rapid.SampledFrom(sets).Draw(t, "set")
		in := drawInput(t, c)
		in.Year = max(in.Year, c.Set.Effective.From)
		more, err := c.Score(in)
		if err != nil {
			t.Fatal(err)
		}
		switch rapid.IntRange(0, 3).Draw(t, "forget") {
		case 0:
			in.Facts[rapid.IntRange(0, len(in.Facts)-1).Draw(t, "which")] = Value{}
		case 1:
			in.Scores[rapid.IntRange(0, len(in.Scores)-1).Draw(t, "which")] = Recorded{}
		case 2:
			in.Gates[rapid.IntRange(0, len(in.Gates)-1).Draw(t, "which")] = Unanswered
		case 3:
			if len(in.Counts) > 0 {
				in.Counts[0].HasHolders = false
			}
		}
		less, err := c.Score(in)
		if err != nil {
			t.Fatal(err)
		}
		if less.Outcome != Undecided && less.Outcome != more.Outcome {
			t.Fatalf("%v when less is known, %v when more is", less.Outcome, more.Outcome)
		}
		if len(less.Failures) > len(more.Failures) {
			t.Fatalf("forgetting adds a failure: %s, then %s", keys(c, more.Failures), keys(c, less.Failures))
		}
	})
}

func TestPointsAreMonotone(t *testing.T) {
	c := compileText(t, pointsSet("100", mixed, mixedRules))
	at := func(code string) int { i, _ := c.CriterionIndex(code); return i }
	points := func(t *rapid.T, in *Input, code string) (Points, bool) {
		r, err := c.Score(in)
		if err != nil {
			t.Fatal(err)
		}
		k := r.Criteria[at(code)]
		return k.Points, k.State == StateScored
	}
	rapid.Check(t, func(t *rapid.T) {
		in := drawInput(t, c)
		n, m := fact(c, "n"), fact(c, "m")
		in.Facts[n], in.Facts[m] = IntValue(rapid.Int64Range(0, 12).Draw(t, "n")), IntValue(rapid.Int64Range(0, 1_000_000).Draw(t, "m"))
		code := rapid.SampledFrom([]string{"linear", "bands", "list", "count", "amount", "less", "titles"}).Draw(t, "code")
		before, ok := points(t, in, code)
		if !ok {
			return
		}
		switch code {
		case "list":
			in.Scores[at(code)].Ticks |= 1 << rapid.IntRange(0, 2).Draw(t, "item")
		case "amount":
			in.Facts[m].Int += rapid.Int64Range(0, 1_000_000).Draw(t, "more")
		case "titles":
			in.Counts[0].Holders = rapid.Int64Range(in.Counts[0].Holders, in.Counts[0].Members).Draw(t, "more")
		default:
			in.Facts[n].Int += rapid.Int64Range(0, 12).Draw(t, "more")
		}
		after, ok := points(t, in, code)
		if ok && (code == "less" && after > before || code != "less" && after < before) {
			t.Fatalf("%s went from %v to %v", code, before, after)
		}
	})
}

func TestRedistributeSumsToTheMaximum(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		// A group of up to five criteria with odd maxima; some do not apply, the others are full.
		n := rapid.IntRange(1, 5).Draw(t, "n")
		s := &Set{MaxPoints: Whole(1), Effective: Years{From: 2000}, Facts: []Fact{{Key: "yes", Type: FactBool}}}
		s.Recognition = Recognition{Method: ByPoints, Thresholds: []Threshold{{Region: RegionDefault, MinTotal: Whole(0)}}}
		g := Group{Code: "A", MaxPoints: Whole(0)}
		var level []levelCriterion
		in := &Input{Year: 2026, Facts: []Value{BoolValue(false)}, Paper: Paper{Level: -1}}
		for i := range n {
			k := Criterion{Code: string(rune('a' + i)), MaxPoints: Num{N: rapid.Int64Range(1, 5000).Draw(t, "max"), D: 100}, Scoring: Scoring{Kind: Manual}}
			if rapid.Bool().Draw(t, "applies") {
				in.Scores = append(in.Scores, RecordPoints(k.MaxPoints.Points()))
			} else {
				k.AppliesWhen = []Condition{{Fact: "yes", Values: []Literal{{Text: "true", Kind: LiteralBool}}}}
				k.WhenNotApplicable = NotApplicableRedistribute
				in.Scores = append(in.Scores, Recorded{})
			}
			g.MaxPoints = add(g.MaxPoints, k.MaxPoints)
			g.Criteria = append(g.Criteria, k)
			level = append(level, levelCriterion{Criterion: k})
		}
		s.Groups = []Group{g}
		r, err := compile(s, [][]levelCriterion{level}).Score(in)
		if err != nil || !r.HasTotal || r.Total != g.MaxPoints.Points() {
			t.Fatalf("%v: %v of %v", err, r.Total, g.MaxPoints)
		}
	})
}

func TestPointsReadBackFromJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := Points(rapid.Int64Range(0, 1_000_000).Draw(t, "hundredths"))
		data, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		var back Points
		if err := json.Unmarshal(data, &back); err != nil || back != p {
			t.Fatalf("%d as %s came back as %d: %v", p, data, back, err)
		}
	})
	for _, text := range []string{`7.255`, `"7"`, `true`, `1e40`} {
		var p Points
		if err := json.Unmarshal([]byte(text), &p); err == nil {
			t.Errorf("%s read as %d", text, p)
		}
	}
}

func TestNumReadsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := Num{N: rapid.Int64Range(-maxNumber, maxNumber).Draw(t, "n"), D: rapid.SampledFrom([]int64{1, 10, 100, 1000, 1_000_000}).Draw(t, "d")}
		back, ok := ParseNum(n.String())
		if !ok || back.cmp(n) != 0 {
			t.Fatalf("%v read back as %v (%v)", n, back, ok)
		}
	})
	for text, want := range map[string]string{"1e3": "1000", "12.50": "12.5", "-0.0": "0", "100e-2": "1", "007": "7", ".5": "0.5"} {
		if n, ok := ParseNum(text); !ok || n.String() != want {
			t.Errorf("%s: %v %v", text, n, ok)
		}
	}
	for _, text := range []string{"", "x", "1.0000001", "1e30", "1e-30", "--1", "1.2.3", "1e", "12345678901234567890", "NaN", "0x1f"} {
		if n, ok := ParseNum(text); ok {
			t.Errorf("%q read as %v", text, n)
		}
	}
}

func TestMulDivAgreesWithBig(t *testing.T) {
	small, large := rapid.Int64Range(1, 1_000_000), rapid.Int64Range(1, maxNumber)
	rapid.Check(t, func(t *rapid.T) {
		d := large.Draw(t, "d")
		b := rapid.Int64Range(0, d).Draw(t, "b")
		a, c := small.Draw(t, "a"), int64(100)
		if got, want := mulDivHalfUp(a, b, c, d, 100, 1), mulDivBig(a, b, c, d, 100, 1); got != want {
			t.Fatalf("%d × %d ÷ %d: %d, want %d", a, b, d, got, want)
		}
	})
}
