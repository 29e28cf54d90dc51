// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package criteria

import (
	"testing"
)

// outcomeCase is worked by hand; want is the outcome, fails and opens the reasons in order.
type outcomeCase struct {
	name, input string
	want        Outcome
	total       string // "" = not known
	fails, open string
}

func runOutcomes(t *testing.T, c *Compiled, cases []outcomeCase) {
	t.Helper()
	for _, k := range cases {
		t.Run(k.name, func(t *testing.T) {
			r := try(t, c, k.input)
			total := ""
			if r.HasTotal {
				total = r.Total.Text()
			}
			if r.Outcome != k.want || total != k.total || keys(c, r.Failures) != k.fails || keys(c, r.Unknowns) != k.open {
				t.Errorf("got %v total %q fails [%s] open [%s] %s\nwant %v total %q fails [%s] open [%s]",
					r.Outcome, total, keys(c, r.Failures), keys(c, r.Unknowns), refusalKeys(&r), k.want, k.total, k.fails, k.open)
			}
		})
	}
}

// everything has each kind of limit: two gates, a minimum per criterion and per group, a floor, thresholds.
const everything = `
  - {code: A, title: A, max_points: 20, criteria: [
      {code: A1, title: A1, evidence: [], max_points: 10, scoring: {kind: scale}},
      {code: A2, title: A2, evidence: [], max_points: 10, scoring: {kind: scale}}]}
  - {code: B, title: B, max_points: 10, criteria: [
      {code: B1, title: B1, evidence: [], max_points: 10, scoring: {kind: member_titles, member: adult, title_model: citizen,
        bands: [{min_percent: 60, points: 10}, {min_percent: 20, points: 6}, {min_percent: 0, points: 0}],
        min_percent_by_year: [{from: 2022, to: 2025, min_percent: 40}, {from: 2026, to: 2026, min_percent: 60}, {from: 2027, to: 2027, min_percent: null}]}}]}`

const everythingRules = `, min_per_criterion: {points: 3}, min_per_group: {percent: 60}, mandatory: [
    {code: G1, title: G1}, {code: G2, title: G2, rule: "share(adult) > 50"}]`

func TestOutcomeOfPoints(t *testing.T) {
	text := pointsSet("30", everything, everythingRules)
	c := compileText(t, text)
	c.Set.Recognition.Thresholds[0].MinTotal = Whole(24)
	const gates = `"gates": {"G1": true}`
	runOutcomes(t, c, []outcomeCase{
		// A = 8 + 6 = 14 of 20 (60 % = 12), B = 10, total 24 meets 24.
		{"every limit met, by equality", `{"scores": {"A1": 8, "A2": 6}, "members": {"adult": {"members": 5, "holders": 3}}, ` + gates + `}`, Recognised, "24", "", ""},
		{"one hundredth short of the threshold", `{"scores": {"A1": 7.99, "A2": 6}, "members": {"adult": {"members": 5, "holders": 3}}, ` + gates + `}`, NotRecognised, "23.99", "total_below_threshold", ""},
		// 40 % holders: gate 40 > 50 fails, floor 60 fails, B = 6 of 10 meets 60 %; A2 = 2 < 3; A = 9 of 20 < 12; total 15.
		{"every failure, in order", `{"scores": {"A1": 7, "A2": 2}, "members": {"adult": {"members": 5, "holders": 2}}, "gates": {"G1": false}}`, NotRecognised, "15",
			"gate_no G1, gate_rule G2, criterion_below_minimum A2, share_below_floor B1, group_below_minimum A, total_below_threshold", ""},
		{"a failed gate leaves the total alone", `{"scores": {"A1": 10, "A2": 10}, "members": {"adult": {"members": 5, "holders": 5}}, "gates": {"G1": false}}`, NotRecognised, "30", "gate_no G1", ""},
		{"nothing is known", `{}`, Undecided, "", "", "gate_unanswered G1, gate_unknown G2, criterion_unknown A1, criterion_unknown A2, criterion_unknown B1"},
		{"one failure is enough, whatever else is unknown", `{"scores": {"A2": 2.99}}`, NotRecognised, "", "criterion_below_minimum A2",
			"gate_unanswered G1, gate_unknown G2, criterion_unknown A1, criterion_unknown B1"},
		// A minimum per criterion and a floor are judged at once; the group waits for A1.
		{"a floor is judged while others are unknown", `{"members": {"adult": {"members": 10, "holders": 5}}, ` + gates + `}`, NotRecognised, "",
			"gate_rule G2, share_below_floor B1", "criterion_unknown A1, criterion_unknown A2"},
		{"a known group is judged before the rest", `{"scores": {"A1": 5, "A2": 5}}`, NotRecognised, "", "group_below_minimum A", "gate_unanswered G1, gate_unknown G2, criterion_unknown B1"},
		{"the earlier years had a lower floor", `{"year": 2025, "scores": {"A1": 10, "A2": 10}, "members": {"adult": {"members": 100, "holders": 51}}, ` + gates + `}`, Recognised, "26", "", ""},
		{"a year in no range has no floor", `{"year": 2028, "scores": {"A1": 10, "A2": 10}, "members": {"adult": {"members": 100, "holders": 51}}, ` + gates + `}`, Recognised, "26", "", ""},
		{"a null floor leaves it open", `{"year": 2027, "scores": {"A1": 10, "A2": 10}, "members": {"adult": {"members": 100, "holders": 51}}, ` + gates + `}`, Undecided, "26", "", "floor_unknown B1"},
		// 0 members: the gate is unknown; a person's points settle the criterion, and no share can be below the floor.
		{"no members", `{"scores": {"A1": 10, "A2": 10, "B1": 10}, "members": {"adult": {"members": 0, "holders": 0}}, ` + gates + `}`, Undecided, "30", "", "gate_unknown G2"},
		{"a computed gate takes no answer", `{"scores": {"A1": 10, "A2": 10}, "members": {"adult": {"members": 10, "holders": 4}}, "gates": {"G1": true, "G2": true}}`, NotRecognised, "26", "gate_rule G2, share_below_floor B1", ""},
		{"exactly 50 % is not above 50", `{"year": 2028, "scores": {"A1": 10, "A2": 10}, "members": {"adult": {"members": 10, "holders": 5}}, ` + gates + `}`, NotRecognised, "26", "gate_rule G2", ""},
	})
}

func TestThresholds(t *testing.T) {
	line := `  - {code: A, title: A, max_points: 100, criteria: [{code: K, title: K, evidence: [], max_points: 100, scoring: {kind: scale}}]}`
	c := compileText(t, pointsSet("100", line, ""))
	set := func(list ...Threshold) { c.Set.Recognition.Thresholds = list }
	set(Threshold{Region: RegionDefault, MinTotal: Whole(80)}, Threshold{Region: RegionMountainous, MinTotal: Num{N: 705, D: 10}})
	runOutcomes(t, c, []outcomeCase{
		{"the region's own", `{"region": "mountainous", "scores": {"K": 70.5}}`, Recognised, "70.5", "", ""},
		{"a region without one falls back", `{"region": "especially_difficult", "scores": {"K": 79.99}}`, NotRecognised, "79.99", "total_below_threshold", ""},
		{"no region falls back", `{"scores": {"K": 80}}`, Recognised, "80", "", ""},
		{"an unknown total", `{}`, Undecided, "", "", "criterion_unknown K"},
	})
	if r := try(t, c, `{"region": "especially_difficult", "scores": {"K": 71.25}}`); !r.Threshold.FellBack || r.Threshold.Short != 875 {
		t.Errorf("threshold %+v, want default with 8.75 missing", r.Threshold)
	}
	if r := try(t, c, `{}`); r.SoFar != 0 || r.Open != 10000 || r.Threshold.Short != 8000 {
		t.Errorf("so far %v open %v short %v", r.SoFar, r.Open, r.Threshold.Short)
	}
	set(Threshold{Region: RegionMountainous, MinTotal: Num{}})
	runOutcomes(t, c, []outcomeCase{
		{"a null threshold", `{"region": "mountainous", "scores": {"K": 100}}`, Undecided, "100", "", "threshold_unknown"},
		{"neither the region's nor default", `{"region": "default", "scores": {"K": 100}}`, Undecided, "100", "", "no_threshold"},
		{"no region and no default", `{"scores": {"K": 0}}`, Undecided, "0", "", "no_threshold"},
	})
}

func TestMinimums(t *testing.T) {
	line := `  - {code: A, title: A, max_points: 7, criteria: [
     {code: K, title: K, evidence: [], max_points: 3, scoring: {kind: scale}},
     {code: L, title: L, evidence: [], max_points: 4, applies_when: {yes: [true]}, when_not_applicable: full, scoring: {kind: scale}}]}`
	// 50 % of 3 is 1.5; 50 % of 7 is 3.5.
	c := compileText(t, pointsSet("7", line, ", min_per_criterion: {percent: 50}, min_per_group: {points: 3.5}"))
	runOutcomes(t, c, []outcomeCase{
		{"met by equality", `{"facts": {"yes": true}, "scores": {"K": 1.5, "L": 2}}`, Recognised, "3.5", "", ""},
		{"a hundredth below", `{"facts": {"yes": true}, "scores": {"K": 1.49, "L": 2}}`, NotRecognised, "3.49", "criterion_below_minimum K, group_below_minimum A", ""},
		{"full counts like a scored criterion", `{"facts": {"yes": false}, "scores": {"K": 1.5, "L": 0}}`, Recognised, "5.5", "", ""},
	})
	c = compileText(t, pointsSet("7", line, ", min_per_criterion: {points: null}, min_per_group: {percent: null}"))
	runOutcomes(t, c, []outcomeCase{
		{"null limits", `{"facts": {"yes": true}, "scores": {"K": 3, "L": 4}}`, Undecided, "7", "", "minimum_unknown, minimum_unknown"},
	})
}

func TestClasses(t *testing.T) {
	c := resolve(t, "unit-tt22-2020")
	// 30 of 30 in group 1; all shares 100 %: 30; the checklist gives 25, status 10, scale 5.
	input := func(first, status string) string {
		return `{"year": 2021, "facts": {"members": 10, "members_study_plan": 10, "members_discipline": 10, "members_training_done": 10,
		 "members_advanced_worker": 10, "unit_emulation_title": "` + status + `"},
		 "scores": {"1.1": ` + first + `, "1.2": 0, "1.3": 0, "3.1": ["a","b","c","d","e","f","g","h"], "3.3": 5}}`
	}
	for _, k := range []struct {
		input, class string
		want         Outcome
		total        Points
	}{
		{input("10", "tap_the_lao_dong_xuat_sac"), "kha", Recognised, 8000}, // 10 + 30 + 25 + 10 + 5
		{input("5", "tap_the_lao_dong_xuat_sac"), "kha", Recognised, 7500},
		{input("0", "none"), "trung_binh", Recognised, 6000},
	} {
		r := try(t, c, k.input)
		if r.Outcome != k.want || r.Total != k.total || c.Classes[r.Class].Code != k.class {
			t.Errorf("%v %v class %d, want %v %v %s", r.Outcome, r.Total, r.Class, k.want, k.total, k.class)
		}
	}
	r := try(t, c, `{"year": 2021, "facts": {"members": 10, "members_study_plan": 0, "members_discipline": 0, "members_training_done": 0,
	 "members_advanced_worker": 0, "unit_emulation_title": "none"}, "scores": {"1.1": 10, "1.2": 10, "1.3": 10, "3.1": [], "3.3": 5}}`)
	if r.Outcome != NotRecognised || keys(c, r.Failures) != "class_not_recognised" || c.Classes[r.Class].Code != "khong_dat" || r.Threshold.Short != 1500 {
		t.Errorf("35 points: %v %s class %d short %v", r.Outcome, keys(c, r.Failures), r.Class, r.Threshold.Short)
	}
	// Below every class of a set that has no class at 0.
	c = resolve(t, "commune-tt44-2014")
	low := `{"year": 2020, "scores": {"1": 49.99, "2": 0, "3": 0, "4": 0, "5": 0, "6": 0, "7": 0, "8": 0, "9": 0, "10": 0, "11": 0, "12": 0, "13": 0, "14": 0, "15": 0}}`
	if r := try(t, c, low); r.Outcome != NotRecognised || keys(c, r.Failures) != "total_below_classes" || r.Class != -1 {
		t.Errorf("%v %s", r.Outcome, keys(c, r.Failures))
	}
	// Manual points without a maximum: the group may not exceed its own.
	if r := try(t, c, `{"year": 2020, "scores": {"1": 60, "2": 40.01}}`); refusalKeys(&r) != "scores.2 group_overfull" {
		t.Errorf("%v %s", r.Outcome, refusalKeys(&r))
	}
}

func TestNotApplicable(t *testing.T) {
	group := func(a, b, c string) string {
		return `  - {code: A, title: A, max_points: 20, criteria: [
		{code: K, title: K, evidence: [], max_points: 8, applies_when: {n: ">0"}, when_not_applicable: ` + a + `, scoring: {kind: scale}},
		{code: L, title: L, evidence: [], max_points: 7, applies_when: {st: [none, near]}, when_not_applicable: ` + b + `, scoring: {kind: scale}},
		{code: M, title: M, evidence: [], max_points: 5, applies_when: {yes: [true], d: "<= 2.5"}, when_not_applicable: ` + c + `, scoring: {kind: scale}}]}`
	}
	for _, k := range []struct {
		name, a, b, c, facts, scores string
		points, max                  string // of the group; points "" = not known
	}{
		{"all apply", "full", "redistribute", "skip", `"n": 1, "st": "near", "yes": true, "d": 2`, `"K": 1, "L": 2, "M": 3`, "6", "20"},
		{"full", "full", "redistribute", "skip", `"n": 0, "st": "near", "yes": true, "d": 2`, `"K": 1, "L": 2, "M": 3`, "13", "20"}, // 8 + 2 + 3
		// (1 + 3) × 20 ÷ 13 = 6.1538…
		{"redistribute", "full", "redistribute", "skip", `"n": 1, "st": "poor", "yes": true, "d": 2`, `"K": 1, "L": 2, "M": 3`, "6.15", "20"},
		{"redistribute a full rest gives the group's maximum", "full", "redistribute", "skip", `"n": 1, "st": "poor", "yes": true, "d": 2`, `"K": 8, "M": 5`, "20", "20"},
		{"skip takes away from the maximum", "full", "redistribute", "skip", `"n": 1, "st": "near", "yes": false, "d": 2`, `"K": 1, "L": 2`, "3", "15"},
		// all keys must hold: d = 3 is not <= 2.5
		{"one key that does not hold is enough", "full", "redistribute", "skip", `"n": 1, "st": "near", "yes": true, "d": 3`, `"K": 1, "L": 2`, "3", "15"},
		// maximum 15 after skip; K alone remains with 8: 4 × 15 ÷ 8 = 7.5
		{"redistribute beside skip", "full", "redistribute", "skip", `"n": 1, "st": "poor", "yes": false, "d": 2`, `"K": 4`, "7.5", "15"},
		// 8 (full) of 13: (8 + 0) × 20 ÷ 13 = 12.3076…
		{"redistribute beside full", "full", "redistribute", "skip", `"n": 0, "st": "poor", "yes": true, "d": 2`, `"M": 0`, "12.31", "20"},
		{"nothing remains", "redistribute", "redistribute", "redistribute", `"n": 0, "st": "poor", "yes": false, "d": 2`, ``, "20", "20"},
		{"everything skipped", "skip", "skip", "skip", `"n": 0, "st": "poor", "yes": false, "d": 2`, ``, "0", "0"},
		{"a fact of applies_when is missing", "full", "redistribute", "skip", `"n": 1, "st": "near", "yes": false`, `"K": 1, "L": 2, "M": 3`, "", "20"},
		{"a record is ignored where the criterion does not apply", "redistribute", "full", "skip", `"n": 0, "st": "near", "yes": true, "d": 0`, `"K": 8, "L": 7, "M": 5`, "20", "20"},
	} {
		t.Run(k.name, func(t *testing.T) {
			r := try(t, compileText(t, pointsSet("20", group(k.a, k.b, k.c), "")), `{"facts": {`+k.facts+`}, "scores": {`+k.scores+`}}`)
			g, got := r.Groups[0], ""
			if g.Known {
				got = g.Points.Text()
			}
			if got != k.points || g.Max.Text() != k.max || r.HasTotal != g.Known || g.Known && r.Total != g.Points {
				t.Errorf("group %q of %s, total %v; want %q of %s", got, g.Max.Text(), r.Total, k.points, k.max)
			}
		})
	}
}

func TestGateRules(t *testing.T) {
	line := `  - {code: A, title: A, max_points: 10, criteria: [{code: K, title: K, evidence: [], max_points: 10, scoring: {kind: ratio_linear, numerator: n, denominator: d}}]}`
	for _, k := range []struct {
		rule, facts string
		want        Answer
	}{
		{"n == d", `"n": 2, "d": 2`, Yes},
		{"n == d", `"n": 1, "d": 2`, No},
		{"n != d", `"n": 1, "d": 2`, Yes},
		{"n >= 2", `"n": 2`, Yes},
		{"n > 2", `"n": 2`, No},
		{"n<2.5", `"n": 2`, Yes},
		{"2.5 <= n", `"n": 2`, No},
		{"n == d", `"n": 2`, Unanswered},
		// a missing numerator counts as 0 when its denominator is a declared 0
		{"n == d", `"d": 0`, Yes},
		{"n == d", `"d": 1`, Unanswered},
		{"d == n", `"n": 0`, Unanswered},
		{"yes == 1", `"yes": true`, Yes},
		{"lv >= 1", `"lv": "0"`, No},
		{"lv >= 1", `"lv": "2"`, Yes},
		{"st == st", `"st": "near"`, Yes},
		{"m > 999999999999999", `"m": 1000000000000000`, Yes},
	} {
		c := compileText(t, pointsSet("10", line, `, mandatory: [{code: G, title: G, rule: "`+k.rule+`"}]`))
		r := try(t, c, `{"facts": {`+k.facts+`}}`)
		if r.Gates[0].Passed != k.want || !r.Gates[0].Computed {
			t.Errorf("%s with %s: %v, want %v", k.rule, k.facts, r.Gates[0].Passed, k.want)
		}
	}
}

func TestPaperResult(t *testing.T) {
	family, clan, unit := resolve(t, "family-2021-2030"), resolve(t, "clan-448-2015"), resolve(t, "unit-tt24-2023-province")
	classes := resolve(t, "unit-tt22-2020")
	for _, k := range []struct {
		name  string
		c     *Compiled
		input string
		want  Outcome
		total string
		class int
		level int
	}{
		{"the decision is the outcome", family, `{"paper": {"outcome": "recognised", "total": 12.5}}`, Recognised, "12.5", -1, -1},
		{"nothing else is judged", family, `{"paper": {"outcome": "recognised"}, "gates": {"G1": false}}`, Recognised, "", -1, -1},
		{"no decision", family, `{"paper": {"total": 100}}`, Undecided, "100", -1, -1},
		{"not recognised", clan, `{"year": 2018, "paper": {"outcome": "not_recognised", "total": 100}}`, NotRecognised, "100", -1, -1},
		{"result only without paper", clan, `{"year": 2018}`, Undecided, "", -1, -1},
		{"a total above the maximum", clan, `{"year": 2018, "paper": {"outcome": "recognised", "total": 100.01}}`, Refused, "", -1, -1},
		{"three decimals", clan, `{"year": 2018, "paper": {"outcome": "recognised", "total": 10.001}}`, Refused, "", -1, -1},
		{"below zero", clan, `{"year": 2018, "paper": {"outcome": "recognised", "total": -1}}`, Refused, "", -1, -1},
		{"a set without points takes no total", unit, `{"paper": {"outcome": "recognised", "total": 1}}`, Refused, "", -1, -1},
		{"the level recorded", unit, `{"paper": {"outcome": "recognised", "level": 2}}`, Recognised, "", -1, 1},
		{"an unknown level", unit, `{"paper": {"outcome": "recognised", "level": 3}}`, Refused, "", -1, -1},
		{"the class follows from the total", classes, `{"year": 2020, "paper": {"outcome": "recognised", "total": 70}}`, Recognised, "70", 1, -1},
	} {
		t.Run(k.name, func(t *testing.T) {
			r := try(t, k.c, k.input)
			total := ""
			if r.HasTotal {
				total = r.Total.Text()
			}
			if r.Outcome != k.want || total != k.total || r.Class != k.class || r.Level != k.level {
				t.Errorf("%v total %q class %d level %d %s", r.Outcome, total, r.Class, r.Level, refusalKeys(&r))
			}
		})
	}
}
