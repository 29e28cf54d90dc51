// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package criteria

import (
	"fmt"
	"strings"
	"testing"

	"hoctap/internal/fault"
)

// problemsOf lists what is wrong as "line path key".
func problemsOf(err error) string {
	f, ok := err.(*fault.Fault)
	if !ok {
		return fmt.Sprint(err)
	}
	if len(f.Fields) == 0 {
		return f.Key
	}
	var out []string
	for _, e := range f.Fields {
		out = append(out, fmt.Sprintf("%v %v %s", e.Args["line"], e.Field, strings.TrimPrefix(e.Key, "criteria.")))
	}
	return strings.Join(out, "; ")
}

// lineOf gives the first line that holds s.
func lineOf(text, s string) int { return strings.Count(text[:strings.Index(text, s)], "\n") + 1 }

const sound = `schema: learning-criteria/1
id: base
title: t
model: family
effective: {from: 2020, to: 2030}
max_points: 30
verified: partial
facts:
  - {key: n, title: n, type: int}
  - {key: d, title: d, type: int}
  - {key: st, title: st, type: enum, values: [a, b]}
groups:
  - code: A
    title: A
    max_points: 20
    criteria:
      - {code: A1, title: a, max_points: 12, evidence: [], scoring: {kind: scale, step: 1}}
      - {code: A2, title: a, max_points: 8, evidence: [], applies_when: {n: ">0"}, when_not_applicable: skip, scoring: {kind: ratio_bands, numerator: n, denominator: d, bands: [{min_percent: 50, points: 8}]}}
  - code: B
    title: B
    max_points: 10
    criteria:
      - {code: B1, title: b, max_points: 10, evidence: [], scoring: {kind: member_titles, member: adult, title_model: citizen, bands: [{min_percent: 50, points: 10}], min_percent_by_year: [{from: 2020, to: 2024, min_percent: 5}, {from: 2025, to: null, min_percent: 6}]}}
recognition:
  method: points
  thresholds:
    - {region: default, min_total: 20}
  mandatory:
    - {code: G1, title: g, rule: "n <= d"}
  classes:
    - {code: x, title: x, min_total: 1}
  levels:
    - {code: 1, title: one}
`

func TestChecksOnLoading(t *testing.T) {
	if _, err := Parse("base.yaml", strings.NewReader(sound)); err != nil {
		t.Fatal(err)
	}
	for _, k := range []struct{ old, new, want string }{ // want: path and key; the line is that of the new text
		{"code: A2", "code: A1", "groups[0].criteria[1].code duplicate_code"},
		{"code: B\n", "code: A\n", "groups[1].code duplicate_code"},
		{`{code: G1, title: g, rule: "n <= d"}`, `{code: G1, title: g}` + "\n    - {code: G1, title: second}", "recognition.mandatory[1].code duplicate_code"},
		{"{code: x, title: x, min_total: 1}", "{code: 1, title: x, min_total: 1}\n    - {code: \"1\", title: second, min_total: 2}", "recognition.classes[1].code duplicate_code"},
		{"{code: 1, title: one}", "{code: 1, title: one}\n    - {code: 1, title: second}", "recognition.levels[1].code duplicate_code"},
		{"{key: st, title: st", "{key: n, title: st", "facts[2].key duplicate_code"},
		{"numerator: n,", "numerator: zz,", "groups[0].criteria[1].scoring.numerator fact_not_declared"},
		{`{n: ">0"}`, `{zz: ">0"}`, "groups[0].criteria[1].applies_when.zz fact_not_declared"},
		{`"n <= d"`, `"n <= zz"`, "recognition.mandatory[0].rule fact_not_declared"},
		{`"n <= d"`, `"share(clan) > 5"`, "recognition.mandatory[0].rule share_not_counted"},
		{`"n <= d"`, `"st > 5"`, "recognition.mandatory[0].rule rule_sides"},
		{"numerator: n,", "numerator: st,", "groups[0].criteria[1].scoring.numerator fact_type"},
		{"max_points: 12", "max_points: 11", "groups[0].max_points group_sum"},
		{"max_points: 30", "max_points: 31", "max_points set_sum"},
		{"title: a, max_points: 12,", "title: a, max_points: 13, evidence: [], scoring: {kind: manual}}\n      - {code: A0, title: a, max_points: null,", "groups[0].max_points group_sum"}, // 13 + 8 of 20
		{"{min_percent: 50, points: 8}", "{min_percent: 50, points: 8.01}", "groups[0].criteria[1].scoring.bands[0].points above_maximum"},
		{"{from: 2025, to: null", "{from: 2024, to: null", "groups[1].criteria[0].scoring.min_percent_by_year[1].from years_overlap"},
		{"{from: 2020, to: 2030}", "{from: 2031, to: 2030}", "effective.to years_reversed"},
		{"{code: 1, title: one}", "{code: 1, title: one, requires: {level: 7}}", "recognition.levels[0].requires.level unknown_level"},
		{"{code: 1, title: one}", "{code: 1, title: one, overrides: [{criterion: Z1, note: x}]}", "recognition.levels[0].overrides[0].criterion unknown_criterion"},
		{"{code: 1, title: one}", "{code: 1, title: one, overrides: [{criterion: A2, set: {denominator: zz}}]}", "recognition.levels[0].overrides[0].set.scoring.denominator fact_not_declared"},
		{"{code: 1, title: one}", "{code: 1, title: one, overrides: [{criterion: A2, set: {step: 1}}]}", "recognition.levels[0].overrides[0].set.scoring.step unknown_field"},
		{"step: 1", "stepp: 1", "groups[0].criteria[0].scoring.stepp unknown_field"},
		{", when_not_applicable: skip", "", "groups[0].criteria[1].when_not_applicable missing_with"},
		{"title: t\n", "title: t\ntitle: t\n", "title duplicate_key"},
	} {
		text := strings.Replace(sound, k.old, k.new, 1)
		_, err := Parse("base.yaml", strings.NewReader(text))
		if got := problemsOf(err); !strings.Contains(got, " "+k.want) || strings.Contains(got, ";") {
			t.Errorf("%q: got %s, want %s", k.new, got, k.want)
		}
	}
	// Two mistakes are told at once, with their lines.
	text := strings.Replace(strings.Replace(sound, "code: A2", "code: A1", 1), "numerator: n,", "numerator: zz,", 1)
	_, err := Parse("base.yaml", strings.NewReader(text))
	if got, want := problemsOf(err), "18 groups[0].criteria[1].code duplicate_code; 18 groups[0].criteria[1].scoring.numerator fact_not_declared"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestYAMLForms(t *testing.T) {
	for _, k := range []struct{ name, text, want string }{
		{"anchors and merge keys", strings.Replace(sound, "{code: G1, title: g, rule: \"n <= d\"}", "&g {code: G1, title: g}\n    - {<<: *g, code: G2}", 1), ""},
		{"nothing", "", "1  empty_file"},
		{"only a comment", "# x\n", "1  empty_file"},
		{"broken", "a: [1", "1  not_yaml"},
		{"two documents", sound + "---\na: 1\n", "34  many_documents"},
		{"a list", "- 1\n", "1  want_object"},
		{"an alias in its own anchor", "a: &a [*a]\n", "1 a[0]"},
		{"infinity", strings.Replace(sound, "max_points: 30", "max_points: .inf", 1), "6 max_points bad_number"},
		{"a number too long", strings.Replace(sound, "max_points: 30", "max_points: 30.0000001", 1), "6 max_points bad_number"},
		{"a huge exponent", strings.Replace(sound, "max_points: 30", "max_points: 1e999999999", 1), "6 max_points want_number"},
		{"a merge of no mapping", strings.Replace(sound, "title: t\n", "title: t\n<<: 3\n", 1), "4  bad_merge"},
	} {
		_, err := Parse("x.yaml", strings.NewReader(k.text))
		if got := problemsOf(err); k.want == "" && err != nil || !strings.HasPrefix(got, k.want) {
			t.Errorf("%s: got %s, want %s", k.name, got, k.want)
		}
	}
}

func TestBombsAreBounded(t *testing.T) {
	bomb := "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
	for i := 1; i < 12; i++ {
		bomb += fmt.Sprintf("a%d: &a%d [*a%d, *a%d, *a%d, *a%d, *a%d, *a%d, *a%d, *a%d, *a%d]\n", i, i, i-1, i-1, i-1, i-1, i-1, i-1, i-1, i-1, i-1)
	}
	for name, text := range map[string]string{
		"aliases":   bomb,
		"depth":     strings.Repeat("[", 5000) + strings.Repeat("]", 5000),
		"size":      "a: " + strings.Repeat("x", maxFile),
		"long text": strings.Replace(sound, "title: t", "title: "+strings.Repeat("x", 5000), 1),
	} {
		if _, err := Parse("x.yaml", strings.NewReader(text)); fault.KindOf(err) != fault.KindInvalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// overBase lays an overlay over sound and gives what is wrong with it.
func overBase(t *testing.T, overlay string, others ...string) (*Compiled, string) {
	t.Helper()
	var sets []*Set
	for _, text := range append([]string{sound, "schema: learning-criteria/1\nid: over\noverlays: base\n" + overlay}, others...) {
		s, err := Parse("over.yaml", strings.NewReader(text))
		if err != nil {
			return nil, problemsOf(err)
		}
		sets = append(sets, s)
	}
	c, err := NewLibrary(sets...).Resolve("over")
	if err != nil {
		return nil, problemsOf(err)
	}
	return c, ""
}

func TestOverlay(t *testing.T) {
	c, bad := overBase(t, `
title: Phú Thọ
facts: [{key: extra, title: e, type: int}]
groups:
  - code: A
    criteria:
      - {code: A2, remove: true}
      - {code: A1, max_points: 9, scoring: {step: 3}}
      - {code: A3, title: new, max_points: 11, evidence: [], scoring: {kind: count_bands, value: extra, bands: [{min: 1, points: 11}]}}
recognition:
  thresholds: [{region: mountainous, min_total: 15}, {region: default, note: n}]
  mandatory: [{code: G1, remove: true}, {code: G2, title: g2}]
`)
	if bad != "" {
		t.Fatal(bad)
	}
	s := c.Set
	var codes []string
	for _, k := range c.Criteria {
		codes = append(codes, k.Code)
	}
	if s.ID != "over" || s.Title != "Phú Thọ" || s.Model != Family || strings.Join(codes, " ") != "A1 A3 B1" || s.Verified != VerifiedPartly {
		t.Errorf("%s %s %s %v", s.ID, s.Title, s.Model, codes)
	}
	if k := c.Criteria[0]; k.MaxPoints != Whole(9) || k.Scoring.Step != Whole(3) || k.Scoring.Kind != Scale {
		t.Errorf("A1 %+v", k.Scoring)
	}
	th := s.Recognition.Thresholds
	if len(th) != 2 || th[0].Region != RegionDefault || th[0].MinTotal != Whole(20) || th[1].MinTotal != Whole(15) {
		t.Errorf("thresholds %+v", th)
	}
	if g := c.Gates; len(g) != 1 || g[0].Code != "G2" {
		t.Errorf("gates %+v", g)
	}
	if r := try(t, c, `{"region": "mountainous", "gates": {"G2": true}, "facts": {"extra": 1}, "scores": {"A1": 6}, "members": {"adult": {"members": 2, "holders": 2}}}`); r.Outcome != Recognised || r.Total != 2700 {
		t.Errorf("%v %v %s", r.Outcome, r.Total, refusalKeys(&r))
	}
	for _, k := range []struct{ overlay, want string }{
		// Lists without code, key or region are replaced, and the merged set must pass every check.
		{`groups: [{code: A, criteria: [{code: A2, scoring: {bands: [{min_percent: 10, points: 9}]}}]}]`, "4 groups[0].criteria[1].scoring.bands[0].points above_maximum"},
		{`groups: [{code: A, max_points: 21}]`, "4 groups[0].max_points group_sum"},
		{`groups: [{code: A, criteria: [{code: A9, remove: true}]}]`, "4 groups[0].criteria[0] nothing_to_remove"},
		{`groups: [{code: C, title: c}]`, "4 groups[2].max_points missing"},
		{`titel: x`, "4 titel unknown_field"},
		{`max_points: null`, ""},
	} {
		_, bad := overBase(t, k.overlay)
		if k.want == "" && bad == "" || k.want != "" && !strings.HasPrefix(bad, k.want) {
			t.Errorf("%s: got %s, want %s", k.overlay, bad, k.want)
		}
	}
	if _, bad := overBase(t, "title: x", "schema: learning-criteria/1\nid: base\noverlays: over\n"); !strings.Contains(bad, "overlay_circle") {
		t.Errorf("circle: %s", bad)
	}
	two, bad := overBase(t, "title: x", "schema: learning-criteria/1\nid: top\noverlays: over\n")
	if bad != "" || two == nil {
		t.Error(bad)
	}
}

func includer(id, set, group string) string {
	return "schema: learning-criteria/1\nid: " + id + "\ntitle: t\nmodel: family\neffective: {from: 2020, to: 2030}\nmax_points: 20\nverified: true\nfacts:\n" +
		"  - {key: n, title: own, type: int}\ngroups:\n" +
		"  - {code: G, title: g, max_points: 20, criteria: [{code: line, title: l, max_points: null, evidence: [], scoring: {kind: include, set: " + set + ", group: " + group + "}}]}\n" +
		"recognition: {method: points, thresholds: [{region: default, min_total: 10}]}\n"
}

func TestInclude(t *testing.T) {
	c := compileText(t, includer("i", "base", "A"), sound)
	if len(c.Criteria) != 2 || c.Criteria[1].Code != "A2" || c.Criteria[1].WhenNotApplicable != NotApplicableSkip {
		t.Fatalf("criteria %+v", c.Criteria)
	}
	if len(c.Facts) != 2 || c.Facts[0].Title != "own" || c.Facts[1].Key != "d" {
		t.Errorf("facts %+v", c.Facts)
	}
	resolveErr := func(id string, texts ...string) string {
		var sets []*Set
		for _, x := range texts {
			s, err := Parse("i.yaml", strings.NewReader(x))
			if err != nil {
				return problemsOf(err)
			}
			sets = append(sets, s)
		}
		_, err := NewLibrary(sets...).Resolve(id)
		return problemsOf(err)
	}
	for _, k := range []struct {
		texts []string
		want  string
	}{
		{[]string{includer("i", "i", "G")}, "include_circle"},
		{[]string{includer("i", "j", "G"), includer("j", "i", "G")}, "include_circle"},
		{[]string{includer("i", "none", "G")}, "11 groups[0].criteria[0].scoring.set unknown_set"},
		{[]string{includer("i", "base", "Z"), sound}, "11 groups[0].criteria[0].scoring.group unknown_group"},
		{[]string{includer("i", "base", "B"), sound}, "11 groups[0].max_points group_sum"}, // 10 of 20
		// A set without points may not include what needs points.
		{[]string{strings.NewReplacer("max_points: 20\n", "max_points: null\n", "method: points, thresholds: [{region: default, min_total: 10}]", "method: all_indicators").Replace(includer("i", "base", "A")), sound}, "groups[0].criteria[0].scoring.kind needs_points"},
	} {
		if got := resolveErr("i", k.texts...); !strings.Contains(got, k.want) {
			t.Errorf("got %s, want %s", got, k.want)
		}
	}
	if got := resolveErr("zz", sound); got != "not_found.criteria_set" {
		t.Errorf("unknown id: %s", got)
	}
}
