// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package criteria

import (
	"encoding/json"
	"strings"
	"testing"
)

const familySheet = `{"year": 2026, "region": "mountainous",
  "facts": {"children_school_age": 2, "children_attending": 2, "children_result_ok": 1, "adults": 5, "adults_literate": 5,
    "adults_learned": 4, "poverty_status": "near_poor", "culture_family": true},
  "scores": {"A3": 8, "C1": ["a", "b", "c"], "C2": ["a", "b"], "D3": 3},
  "members": {"adult": {"members": 5, "holders": 3}},
  "gates": {"G1": true, "G3": true}}`

func BenchmarkScoreFamily(b *testing.B) {
	c := resolve(b, "family-2021-2030")
	in, err := c.Read(strings.NewReader(familySheet))
	if err != nil {
		b.Fatal(err)
	}
	var out Result
	b.ReportAllocs()
	for b.Loop() {
		if err := c.ScoreInto(in, &out); err != nil || out.Outcome != Recognised {
			b.Fatal(err, out.Outcome)
		}
	}
}

func BenchmarkScoreFamilyUnknown(b *testing.B) {
	c := resolve(b, "family-2021-2030")
	in := c.NewInput()
	in.Year = 2026
	var out Result
	b.ReportAllocs()
	for b.Loop() {
		if err := c.ScoreInto(in, &out); err != nil || out.Outcome != Undecided {
			b.Fatal(err, out.Outcome)
		}
	}
}

func BenchmarkReadAndScoreFamily(b *testing.B) {
	c := resolve(b, "family-2021-2030")
	var out Result
	b.ReportAllocs()
	for b.Loop() {
		in, err := c.Read(strings.NewReader(familySheet))
		if err != nil {
			b.Fatal(err)
		}
		if err := c.ScoreInto(in, &out); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkExplainFamilyJSON(b *testing.B) {
	c := resolve(b, "family-2021-2030")
	in, err := c.Read(strings.NewReader(familySheet))
	if err != nil {
		b.Fatal(err)
	}
	var out Result
	b.ReportAllocs()
	for b.Loop() {
		if err := c.ScoreInto(in, &out); err != nil {
			b.Fatal(err)
		}
		if _, err := json.Marshal(c.Explain(in, &out)); err != nil {
			b.Fatal(err)
		}
	}
}
