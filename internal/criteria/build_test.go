// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package criteria

import (
	"strings"
	"testing"

	"hoctap/internal/fault"
)

// testFacts are declared by every small set of the tests.
const testFacts = `
facts:
  - {key: n, title: n, type: int}
  - {key: d, title: d, type: int}
  - {key: m, title: m, type: money}
  - {key: yes, title: yes, type: bool}
  - {key: st, title: st, type: enum, values: [none, near, poor]}
  - {key: lv, title: lv, type: enum, values: ["0", "1", "2"]}
  - {key: tx, title: tx, type: text}
`

const testHead = "schema: learning-criteria/1\nid: %ID%\ntitle: t\nmodel: family\neffective: {from: 2020, to: 2030}\nverified: reconstructed\n"

// pointsSet is a set with points: max, groups and recognition as YAML.
func pointsSet(max, groups, recognition string) string {
	return strings.Replace(testHead, "%ID%", "test", 1) + "max_points: " + max + testFacts +
		"groups:\n" + groups + "\nrecognition: {method: points, thresholds: [{region: default, min_total: 0}]" + recognition + "}\n"
}

// oneCriterion is a set whose only criterion K has the given scoring and further fields.
func oneCriterion(max, fields string) string {
	top := max
	if max == "null" {
		top = "50"
	}
	return pointsSet(top, "  - {code: A, title: A, max_points: "+max+", criteria: [{code: K, title: K, evidence: [], max_points: "+max+", "+fields+"}]}", "")
}

// indicatorSet is a set without points with these criteria lines and more of recognition.
func indicatorSet(criteria, recognition string) string {
	return strings.Replace(testHead, "%ID%", "test", 1) + "max_points: null" + testFacts +
		"groups:\n  - code: A\n    title: A\n    criteria:\n" + criteria + "\nrecognition: {method: all_indicators" + recognition + "}\n"
}

// compileText compiles one set, with others beside it.
func compileText(t testing.TB, text string, others ...string) *Compiled {
	t.Helper()
	var sets []*Set
	for _, s := range append(others, text) {
		set, err := Parse("test.yaml", strings.NewReader(s))
		if err != nil {
			t.Fatalf("%v\n%s", err, s)
		}
		sets = append(sets, set)
	}
	c, err := NewLibrary(sets...).Resolve(sets[len(sets)-1].ID)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// try reads and scores; the input's year is 2026 unless it says otherwise.
func try(t testing.TB, c *Compiled, input string) Result {
	t.Helper()
	if !strings.Contains(input, `"year"`) {
		input = `{"year": 2026` + map[bool]string{true: ", ", false: ""}[strings.Trim(input, "{ }") != ""] + strings.TrimPrefix(strings.TrimSpace(input), "{")
	}
	in, err := c.Read(strings.NewReader(input))
	if f, ok := err.(*fault.Fault); ok {
		return c.Refused(f)
	} else if err != nil {
		t.Fatal(err)
	}
	r, err := c.Score(in)
	if (err != nil) != (r.Outcome == Refused) {
		t.Fatalf("outcome %v with error %v", r.Outcome, err)
	}
	if beside != nil {
		beside.score(c, in)
	}
	return r
}

// keys lists the reasons as codes: "gate_no G1", "criterion_unknown K".
func keys(c *Compiled, list []Reason) string {
	var out []string
	for i := range list {
		s := strings.TrimPrefix(list[i].Key(), "criteria.reason.")
		if code, ok := list[i].Args(c)["code"]; ok {
			s += " " + code.(string)
		}
		out = append(out, s)
	}
	return strings.Join(out, ", ")
}

// refusalKeys lists refusals as "field key".
func refusalKeys(r *Result) string {
	var out []string
	for _, f := range r.Refusals {
		out = append(out, f.Field+" "+strings.TrimPrefix(f.Key, "criteria."))
	}
	return strings.Join(out, ", ")
}
