// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package criteria

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// answersOf lists quick answers as "value=points", "+points label" for records.
func answersOf(q Quick) string {
	var out []string
	for _, a := range q.Answers {
		s := a.Points.Text()
		if q.Fact >= 0 {
			s = fmt.Sprintf("%d=%s", a.Value.Int, s)
		}
		out = append(out, s)
	}
	return strings.Join(out, " ")
}

func TestQuickAnswers(t *testing.T) {
	c := resolve(t, "family-2021-2030")
	in, err := c.Read(strings.NewReader(`{"year": 2026, "facts": {"adults": 5, "children_school_age": 0}}`))
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range []struct {
		code    string
		entry   Entry
		locked  bool
		applies Answer
		answers string
	}{
		{"A1", EntryCount, false, No, ""},                          // no children of school age
		{"A3", EntryPoints, false, No, "0 5 10"},                   // the guide
		{"B1", EntryCount, false, Yes, "0=0 1=1 2=2 3=3 4=4 5=5"},  // n of 5 adults × 5
		{"B2", EntryComputed, true, Yes, ""},                       // titles of members
		{"B3", EntryCount, false, Yes, "0=0 1=2 2=4 3=6 4=8 5=10"}, // as on the screen
		{"C1", EntryTicks, false, Yes, "3 3 3 3"},                  // one by one
		{"D1", EntryRegister, true, Yes, "0=8 1=4 2=0"},            // none, near_poor, poor
		{"D2", EntryRegister, true, Yes, "0=0 1=6"},                //
		{"D3", EntryPoints, false, Yes, "0 1 2 3 4 5 6"},           // every step
	} {
		i, _ := c.CriterionIndex(k.code)
		q := c.Quick(in, i)
		if k.code == "A1" {
			q.Answers = nil
		}
		if q.Entry != k.entry || q.Entry.Locked() != k.locked || q.Applies != k.applies || answersOf(q) != k.answers {
			t.Errorf("%s: %v locked %v applies %v [%s]", k.code, q.Entry, q.Entry.Locked(), q.Applies, answersOf(q))
		}
	}
	// 200 adults: the least that reaches each band; per household 1 and 20,000 and 50,000 dong.
	c = resolve(t, "community-2021-2030")
	in, err = c.Read(strings.NewReader(`{"year": 2026, "facts": {"population": 201, "households": 30}}`))
	if err != nil {
		t.Fatal(err)
	}
	for code, want := range map[string]string{"A3": "0=0 21=3 31=5 51=7", "C3": "0=0 30=1 600000=3 1500000=5", "A1": "0 5"} {
		i, _ := c.CriterionIndex(code)
		if got := answersOf(c.Quick(in, i)); got != want {
			t.Errorf("%s: [%s], want [%s]", code, got, want)
		}
	}
	c = compileText(t, oneCriterion("10", `scoring: {kind: deduct, value: n, per_case: 3}`))
	if got := answersOf(c.Quick(c.NewInput(), 0)); got != "0=10 1=7 2=4 3=1 4=0" {
		t.Errorf("deduct: %s", got)
	}
	c = compileText(t, oneCriterion("10", `scoring: {kind: ratio_linear, numerator: n, denominator: d}`))
	in = c.NewInput()
	in.Facts[fact(c, "d")] = IntValue(0)
	if q := c.Quick(in, 0); !q.Asked || q.Entry != EntryPoints || len(q.Answers) != 0 {
		t.Errorf("0 denominator: %+v", q)
	}
}

func TestEvidenceBlocksOnlySubmitting(t *testing.T) {
	const group = `  - {code: A, title: A, max_points: 20, criteria: [
     {code: K, title: K, evidence: [], max_points: 10, evidence_required: always, applies_when: {yes: [true]}, when_not_applicable: full, scoring: {kind: scale}},
     {code: L, title: L, evidence: [], max_points: 10, evidence_required: {from_points: 7.5}, scoring: {kind: scale}}]}`
	c := compileText(t, pointsSet("20", group, ""))
	for _, k := range []struct{ input, counts, want string }{
		{`{"facts": {"yes": true}, "scores": {"K": 0, "L": 7.5}}`, `{}`, "K L"},
		{`{"facts": {"yes": true}, "scores": {"K": 0, "L": 7.49}}`, `{}`, "K"},
		{`{"facts": {"yes": true}, "scores": {"K": 0, "L": 10}}`, `{"K": 1, "L": 2}`, ""},
		{`{"facts": {"yes": true}}`, `{}`, "K"},
		{`{"facts": {"yes": false}, "scores": {"L": 10}}`, `{"L": 1}`, ""},
	} {
		r := try(t, c, k.input)
		var counts map[string]int
		if err := json.Unmarshal([]byte(k.counts), &counts); err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(c.EvidenceMissing(&r, counts), " "); got != k.want {
			t.Errorf("%s with %s: [%s], want [%s]", k.input, k.counts, got, k.want)
		}
	}
	with := try(t, c, `{"facts": {"yes": true}, "scores": {"K": 3, "L": 8}}`)
	without := compileText(t, pointsSet("20", strings.NewReplacer("evidence_required: always, ", "", "evidence_required: {from_points: 7.5}, ", "").Replace(group), ""))
	if r := try(t, without, `{"facts": {"yes": true}, "scores": {"K": 3, "L": 8}}`); r.Total != with.Total || r.Outcome != with.Outcome {
		t.Errorf("evidence changed %v %v to %v %v", r.Outcome, r.Total, with.Outcome, with.Total)
	}
}

func TestExplanation(t *testing.T) {
	c := resolve(t, "family-2021-2030")
	in, err := c.Read(strings.NewReader(`{"year": 2026, "region": "mountainous",
	  "facts": {"children_school_age": 2, "children_attending": 1, "adults": 5, "adults_literate": 5, "poverty_status": "near_poor"},
	  "scores": {"A3": 8, "C1": ["a", "b", "c"]}, "members": {"adult": {"members": 5, "holders": 2}}, "gates": {"G1": true}}`))
	if err != nil {
		t.Fatal(err)
	}
	r, err := c.Score(in)
	if err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(c.Explain(in, &r))
	if err != nil {
		t.Fatal(err)
	}
	text := string(data)
	for _, want := range []string{
		`"set":"family-2021-2030"`, `"verified":"reconstructed"`, `"outcome":"not_recognised"`, `"total":null`,
		// A1 0 + A3 8, B1 5 + B2 8, C1 9, D1 4; A2, B3, C2, D2, D3 open: 10 + 10 + 8 + 6 + 6
		`"so_far":34`, `"open":40`,
		`"threshold":{"region":"mountainous","min_total":70,"missing":36,"verified":"false"}`,
		`"rule":"children_attending == children_school_age","left":1,"right":2`,
		`"basis":"share","facts":{"children_attending":1,"children_school_age":2},"numerator":1,"denominator":2,"share":50,"band":{"min":0,"points":0}`,
		`"band":{"min":40,"points":8},"floor":{"min_percent":60,"met":false}`,
		`"why":"fact_missing","facts":{"adults":5,"adults_learned":null}`,
		`{"key":"criteria.reason.gate_rule","args":{"code":"G2","have":1,`,
		`{"key":"criteria.reason.share_below_floor","args":{"code":"B2","have":40,`,
		`{"kind":"fact","criterion":"B3","fact":"adults_learned","title":"Số người lớn học ít nhất một lớp, chuyên đề, khóa trực tuyến trong năm"}`,
		`{"kind":"gate","gate":"G3","title":"Không có người vi phạm pháp luật, mắc tệ nạn bị xử lý"}`,
		`{"kind":"score","criterion":"D3"`, `{"kind":"ticks","criterion":"C2"`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s in\n%s", want, text)
		}
	}
}
