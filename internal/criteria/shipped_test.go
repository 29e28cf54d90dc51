// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package criteria

import (
	"strings"
	"testing"

	criteriadata "hoctap/data/criteria"
)

// shipped gives the library of shipped sets.
func shipped(t testing.TB) *Library {
	t.Helper()
	l, err := LoadLibrary(criteriadata.Files)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// resolve gives one shipped set.
func resolve(t testing.TB, id string) *Compiled {
	t.Helper()
	c, err := shipped(t).Resolve(id)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// score reads and scores a JSON input.
func score(t testing.TB, c *Compiled, input string) Result {
	t.Helper()
	in, err := c.Read(strings.NewReader(input))
	if err != nil {
		t.Fatalf("read: %v", err)
	}
	r, _ := c.Score(in)
	if beside != nil {
		beside.score(c, in)
	}
	return r
}

func TestShippedSetsAreSound(t *testing.T) {
	l := shipped(t)
	ids := l.IDs()
	if len(ids) != 16 {
		t.Fatalf("%d sets shipped, want 16: %v", len(ids), ids)
	}
	for _, id := range ids {
		c, err := l.Resolve(id)
		if err != nil {
			t.Errorf("%s: %v", id, err)
			continue
		}
		if c.Verified() == "" {
			t.Errorf("%s carries no verified flag", id)
		}
	}
}

func TestIncludeBringsCriteriaAndFacts(t *testing.T) {
	c := resolve(t, "unit-tt24-2023-province")
	var codes []string
	for _, k := range c.Criteria {
		codes = append(codes, k.Code)
	}
	want := "1.1 1.2 1.2b 1.3 1.4 1.5 2.1 2.2 2.3 3.1 3.1b 3.2 3.3 3.4 3.5 3.6"
	if got := strings.Join(codes, " "); got != want {
		t.Errorf("criteria %s, want %s", got, want)
	}
	for _, key := range []string{"members", "members_discipline", "members_training_done"} {
		if _, ok := c.FactIndex(key); !ok {
			t.Errorf("fact %s did not come along", key)
		}
	}
	// Both sets declare unit_type; the including set's values hold.
	i, _ := c.FactIndex("unit_type")
	if got := strings.Join(c.Facts[i].Values, " "); !strings.Contains(got, "upper_secondary") || strings.Contains(got, "preschool_public") {
		t.Errorf("unit_type has values %s", got)
	}
}

func TestFamilyWholeSheet(t *testing.T) {
	c := resolve(t, "family-2021-2030")
	// A: 10 + 10×1/2 = 5 + 8 = 23; B: 5 + 11 (3 of 5 = 60 %) + 10×4/5 = 8 = 24; C: 9 + 8 = 17; D: 4 + 6 + 3 = 13; 77.
	r := score(t, c, `{"year": 2026, "region": "mountainous",
	  "facts": {"children_school_age": 2, "children_attending": 2, "children_result_ok": 1, "adults": 5, "adults_literate": 5,
	    "adults_learned": 4, "poverty_status": "near_poor", "culture_family": true},
	  "scores": {"A3": 8, "C1": ["a", "b", "c"], "C2": ["a", "b"], "D3": 3},
	  "members": {"adult": {"members": 5, "holders": 3}},
	  "gates": {"G1": true, "G3": true}}`)
	if r.Outcome != Recognised || r.Total != 7700 || !r.HasTotal {
		t.Fatalf("%v total %v failures %v unknowns %v refusals %v", r.Outcome, r.Total, r.Failures, r.Unknowns, r.Refusals)
	}
	for i, want := range []Points{2300, 2400, 1700, 1300} {
		if r.Groups[i].Points != want {
			t.Errorf("group %d has %v, want %v", i, r.Groups[i].Points, want)
		}
	}
	if r.Threshold.MinTotal != 7000 || r.Threshold.FellBack {
		t.Errorf("threshold %+v", r.Threshold)
	}
	if r.Set.Verified() != Reconstructed {
		t.Errorf("verified %q", r.Set.Verified())
	}
}
