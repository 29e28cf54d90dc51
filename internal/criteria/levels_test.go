// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package criteria

import (
	"fmt"
	"strings"
	"testing"
)

// levelled has three levels: 2 raises a number and leaves another unknown, 3 adds to that.
const levelled = `
      - {code: "1.a", title: a, evidence: [], scoring: {kind: boolean}}
      - {code: "1.b", title: b, evidence: [], scoring: {kind: checklist, items: [{code: x, title: x}, {code: y, title: y}, {code: z, title: z}], pick: {min: 2}}}
      - {code: "2", title: c, evidence: [], scoring: {kind: ratio_threshold, numerator: n, denominator: d, min_percent: 90}}
      - {code: "3", title: d, evidence: [], scoring: {kind: manual}}
      - {code: "4", title: e, evidence: [], scoring: {kind: external_status, status: st, accept: [none, near]}}`

const levelledRules = `, validity_months: 36, mandatory: [{code: G, title: G}], levels: [
    {code: 1, title: one},
    {code: 2, title: two, requires: {level: 1, months_since_decision: 12}, overrides: [{criterion: "2", set: {min_percent: 95}}, {criterion: "1.*", note: "higher"}]},
    {code: 3, title: three, requires: {level: 2}, overrides: [{criterion: "4", set: {accept: [none]}}]}]`

// answers of a subject that passes all levels; titles and applied are appended by the cases.
const allPass = `"facts": {"n": 95, "d": 100, "st": "none"}, "gates": {"G": true},
  "scores": {"1.a": {"answer": true, "levels": {"2": true, "3": true}}, "1.b": {"ticks": ["x", "y"], "levels": {"2": true, "3": true}},
             "3": {"levels": {"1": true, "2": true, "3": true}}}`

const held = `, "titles": [{"level": 2, "decided": "2025-01-31"}], "applied": "2026-01-31"`

func TestLevels(t *testing.T) {
	c := compileText(t, indicatorSet(levelled, levelledRules))
	with := func(old, new string) string { return strings.Replace(allPass, old, new, 1) }
	for _, k := range []struct {
		name, input string
		want        Outcome
		level       int
		nested      string // per level: y, n, ?
		fails, open string // of the lowest level and the gates
	}{
		{"all three", allPass + held, Recognised, 2, "yyy", "", ""},
		{"94 % is enough for the lowest only", with(`"n": 95`, `"n": 94`) + held, Recognised, 0, "ynn", "", ""},
		{"overrides add up: 95 % is needed at 3 too", with(`"n": 95`, `"n": 94`) + held, Recognised, 0, "ynn", "", ""},
		{"near is accepted up to level 2", with(`"none"`, `"near"`) + held, Recognised, 1, "yyn", "", ""},
		{"below the lowest", with(`"n": 95`, `"n": 89`) + held, NotRecognised, -1, "nnn", "indicator_failed 2", ""},
		{"a note wants an answer at its level", with(`{"answer": true, "levels": {"2": true, "3": true}}`, `true`) + held, Recognised, 0, "y??", "", ""},
		{"and holds for the level above", with(`{"answer": true, "levels": {"2": true, "3": true}}`, `{"answer": true, "levels": {"2": true}}`) + held, Recognised, 1, "yy?", "", ""},
		{"a fail at level 2 does not touch 1", with(`{"answer": true, "levels": {"2": true, "3": true}}`, `{"answer": true, "levels": {"2": false, "3": true}}`) + held, Recognised, 0, "ynn", "", ""},
		{"a manual answer counts for its level only", with(`{"levels": {"1": true, "2": true, "3": true}}`, `{"levels": {"1": true, "3": true}}`) + held, Recognised, 0, "y??", "", ""},
		{"too few ticks", with(`"ticks": ["x", "y"]`, `"ticks": ["x"]`) + held, NotRecognised, -1, "nnn", "indicator_failed 1.b", ""},
		{"nothing known", ``, Undecided, -1, "?nn", "", "gate_unanswered G, criterion_unknown 1.a, criterion_unknown 1.b, criterion_unknown 2, criterion_unknown 3, criterion_unknown 4"},
		{"a gate fails", with(`"G": true`, `"G": false`) + held, NotRecognised, -1, "yyy", "gate_no G", ""},
		{"gates before indicators", `"gates": {"G": false}, "facts": {"st": "poor"}`, NotRecognised, -1, "nnn", "gate_no G, indicator_failed 4", "criterion_unknown 1.a, criterion_unknown 1.b, criterion_unknown 2, criterion_unknown 3"},
		{"0 of 0 asks a person, level by level", `"facts": {"n": 0, "d": 0, "st": "none"}, "gates": {"G": true}, "scores": {"1.a": true, "1.b": ["x", "y"], "2": true, "3": true}` + held, Recognised, 0, "y??", "", ""},
		{"no earlier title", allPass, Recognised, 0, "ynn", "", ""},
	} {
		t.Run(k.name, func(t *testing.T) {
			r := try(t, c, "{"+k.input+"}")
			nested := ""
			for i := range r.Levels {
				nested += map[Answer]string{Yes: "y", No: "n", Unanswered: "?"}[r.Levels[i].Nested]
			}
			if r.Outcome != k.want || r.Level != k.level || nested != k.nested || keys(c, r.Failures) != k.fails || keys(c, r.Unknowns) != k.open {
				t.Errorf("%v level %d nested %s fails [%s] open [%s] %s", r.Outcome, r.Level, nested, keys(c, r.Failures), keys(c, r.Unknowns), refusalKeys(&r))
			}
		})
	}
}

func TestRequires(t *testing.T) {
	c := compileText(t, indicatorSet(levelled, levelledRules))
	for _, k := range []struct {
		name, rest string
		two        Answer // the waiting time of level 2
	}{
		{"to the day", `, "titles": [{"level": 1, "decided": "2025-03-15"}], "applied": "2026-03-15"`, Yes},
		{"a day early", `, "titles": [{"level": 1, "decided": "2025-03-15"}], "applied": "2026-03-14"`, No},
		{"29 February + 12 months is 28 February", `, "titles": [{"level": 1, "decided": "2024-02-29"}], "applied": "2025-02-28"`, Yes},
		{"a higher title serves", `, "titles": [{"level": 3, "decided": "2025-01-01"}], "applied": "2026-03-15"`, Yes},
		{"the last day kept", `, "titles": [{"level": 1, "decided": "2023-03-15"}], "applied": "2026-03-14"`, Yes},
		{"no longer kept", `, "titles": [{"level": 1, "decided": "2023-03-15"}], "applied": "2026-03-15"`, No},
		{"revoked", `, "titles": [{"level": 1, "decided": "2025-01-01", "revoked": true}], "applied": "2026-03-15"`, No},
		{"no title at all", `, "applied": "2026-03-15"`, No},
		{"application day not known", `, "titles": [{"level": 1, "decided": "2025-01-01"}]`, Unanswered},
		{"decision day not known", `, "titles": [{"level": 1}], "applied": "2026-03-15"`, Unanswered},
		{"one that serves beside one not known", `, "titles": [{"level": 1}, {"level": 1, "decided": "2025-01-01"}], "applied": "2026-03-15"`, Yes},
	} {
		r := try(t, c, "{"+allPass+k.rest+"}")
		if r.Levels[1].Waiting != k.two || r.Outcome != Recognised {
			t.Errorf("%s: waiting %v outcome %v, want %v", k.name, r.Levels[1].Waiting, r.Outcome, k.two)
		}
	}
	// 31 January + 1 month = the last day of February.
	for from, want := range map[string]string{"2026-01-31": "2026-02-28", "2024-01-31": "2024-02-29", "2025-12-31": "2026-01-31"} {
		d, _ := ParseDate(from)
		if got := d.AddMonths(1).String(); got != want {
			t.Errorf("%s + 1 month = %s, want %s", from, got, want)
		}
	}
}

func TestIndicatorsThatDoNotApply(t *testing.T) {
	line := func(code, without string) string {
		return fmt.Sprintf("      - {code: %s, title: k, evidence: [], applies_when: {yes: [true]}, when_not_applicable: %s, scoring: {kind: manual}}\n", code, without)
	}
	c := compileText(t, indicatorSet(line("K", "full")+line("L", "skip")+`      - {code: M, title: m, evidence: [], scoring: {kind: boolean}}`, ""))
	runOutcomes(t, c, []outcomeCase{
		{"full passes, skip is not judged", `{"facts": {"yes": false}, "scores": {"M": true}}`, Recognised, "", "", ""},
		{"a record for what does not apply is ignored", `{"facts": {"yes": false}, "scores": {"K": false, "L": false, "M": true}}`, Recognised, "", "", ""},
		{"where they apply they count", `{"facts": {"yes": true}, "scores": {"K": false, "L": true, "M": true}}`, NotRecognised, "", "indicator_failed K", ""},
		{"points are not taken", `{"scores": {"M": 1}}`, Refused, "", "", ""},
	})
	c = compileText(t, indicatorSet(line("K", "skip")+line("L", "full"), ""))
	runOutcomes(t, c, []outcomeCase{
		{"no indicator applies", `{"facts": {"yes": false}}`, Undecided, "", "", "no_indicator"},
		{"not known whether any applies", `{}`, Undecided, "", "", "criterion_unknown K, criterion_unknown L"},
	})
	if r := try(t, c, `{"facts": {"yes": false}}`); r.Level != -1 || len(r.Levels) != 1 {
		t.Errorf("level %d of %d", r.Level, len(r.Levels))
	}
}

func TestTitlesAmongIndicators(t *testing.T) {
	c := compileText(t, indicatorSet(`      - {code: K, title: k, evidence: [], scoring: {kind: member_titles, member: unit_member, title_model: citizen, min_percent: null, min_percent_by_year: [{from: 2026, to: null, min_percent: 50}]}}`, ""))
	runOutcomes(t, c, []outcomeCase{
		{"a null number waits for a person", `{"members": {"unit_member": {"members": 4, "holders": 3}}}`, Undecided, "", "", "criterion_unknown K"},
		{"who says pass", `{"members": {"unit_member": {"members": 4, "holders": 3}}, "scores": {"K": true}}`, Recognised, "", "", ""},
		{"a floor blocks whatever the answer", `{"members": {"unit_member": {"members": 4, "holders": 1}}, "scores": {"K": true}}`, NotRecognised, "", "share_below_floor K", ""},
		{"no floor before its years", `{"year": 2025, "members": {"unit_member": {"members": 4, "holders": 1}}, "scores": {"K": true}}`, Recognised, "", "", ""},
	})
}

func TestAFloorFailsTheIndicator(t *testing.T) {
	for _, rule := range []string{"40", "null"} {
		c := compileText(t, indicatorSet(`      - {code: K, title: k, evidence: [], scoring: {kind: member_titles, member: unit_member, title_model: citizen, min_percent: `+rule+`, min_percent_by_year: [{from: 2026, to: null, min_percent: 50}]}}`, ""))
		// 45 % reaches 40, or a person says pass, but the year asks for 50.
		r := try(t, c, `{"members": {"unit_member": {"members": 20, "holders": 9}}, "scores": {"K": true}}`)
		if k := r.Criteria[0]; k.Pass != No || k.Floor.Met != No || keys(c, r.Failures) != "share_below_floor K" {
			t.Errorf("min_percent %s: pass %v, fails %s", rule, k.Pass, keys(c, r.Failures))
		}
	}
}

func TestProvinceUnitLevelTwo(t *testing.T) {
	c := resolve(t, "unit-tt24-2023-province")
	scores := `"1.1": true, "1.2": true, "1.3": true, "1.4": true, "1.5": true, "3.2": true`
	input := func(level2 string, holders int, digital string) string {
		return fmt.Sprintf(`{"year": 2026, "facts": {"unit_type": "university", "members": 10, "members_discipline": 9, "members_training_done": 10,
		 "unit_emulation_title": "tap_the_lao_dong_xuat_sac", "digital_level": %q},
		 "members": {"unit_member": {"members": 100, "holders": %d}, "learner": {"members": 1000, "holders": 970}},
		 "scores": {%s, "2.3": {"levels": {"1": true, "2": true}}%s}, "titles": [{"level": 1, "decided": "2024-06-01"}], "applied": "2026-01-10"}`, digital, holders, scores, level2)
	}
	// The note on the include line "2" means 2.1, 2.2 and 2.3: each needs an answer at level 2.
	noted := `, "2.1": {"levels": {"2": true}}, "2.2": {"levels": {"2": true}}`
	for _, k := range []struct {
		name, input string
		level       int
	}{
		{"both levels", input(noted, 95, "good"), 1},
		{"94 % of members", input(noted, 94, "good"), 0},
		{"no answers for the included indicators", input("", 95, "good"), 0},
		{"basic is not good", input(noted, 95, "basic"), 0},
	} {
		if r := try(t, c, k.input); r.Outcome != Recognised || r.Level != k.level {
			t.Errorf("%s: %v level %d [%s] [%s] %s", k.name, r.Outcome, r.Level, keys(c, r.Failures), keys(c, r.Unknowns), refusalKeys(&r))
		}
	}
	if got := c.TitleYears(2024); got != (Years{2024, 2026}) {
		t.Errorf("a title of 2024 kept 36 months counts for %v", got)
	}
	if got := resolve(t, "unit-tt22-2020").TitleYears(2021); got != (Years{2021, 2021}) {
		t.Errorf("a title without validity counts for %v", got)
	}
}
