// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package criteria

import (
	"encoding/json"
	"io/fs"
	"strings"
	"testing"

	criteriadata "hoctap/data/criteria"
	"hoctap/internal/fault"
)

// FuzzParse reads strangers' files: any text gives a set or a list of faults with lines, and a sound set scores.
func FuzzParse(f *testing.F) {
	names, err := fs.Glob(criteriadata.Files, "*.yaml")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range names {
		data, err := criteriadata.Files.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(data))
	}
	for _, s := range []string{"", "a: &a [*a]", "? [a]\n: b", "<<: [{a: 1}, {b: 2}]", "- - - -", "a: !!binary x", "%YAML 1.1\n---\na: 1e400", "\xff\xfe", sound, extended,
		indicatorSet(levelled, levelledRules), pointsSet("100", mixed, mixedRules)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := Parse("f.yaml", strings.NewReader(text))
		if err != nil {
			bad, ok := err.(*fault.Fault)
			if !ok || bad.Kind != fault.KindInvalid || len(bad.Fields) == 0 || len(bad.Fields) > maxProblems {
				t.Fatalf("%T %v", err, err)
			}
			for _, e := range bad.Fields {
				if e.Args["file"] != "f.yaml" || e.Args["line"].(int) < 0 {
					t.Fatalf("no place: %+v", e)
				}
			}
			return
		}
		c, err := NewLibrary(s).Resolve(s.ID)
		if err != nil {
			if s.Overlays == "" && !s.includes() {
				t.Fatalf("parsed but not resolved: %v", err)
			}
			return
		}
		in := c.NewInput()
		in.Year = c.Set.Effective.From
		r, err := c.Score(in)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := json.Marshal(c.Explain(in, &r)); err != nil {
			t.Fatal(err)
		}
		for i := range c.Criteria {
			c.Quick(in, i)
		}
	})
}

// FuzzRead reads strangers' inputs: any text is refused with fields or scored within bounds.
func FuzzRead(f *testing.F) {
	for _, s := range []string{familySheet, "", "{}", "[]", "null", `{"year": 2026}`, `{"facts": {"adults": 1e3}}`, `{"scores": {"C1": ["a"]}}`,
		`{"year":2026,"paper": {"outcome": "recognised", "total": 80.5}}`, "{" + allPass + held + "}", strings.Repeat("[", 100), `{"year": 99999999999999999999}`,
		`{"year":2026,"scores":{"linear":1},"facts":{"n":0,"d":0,"lv":"1","st":"near","m":5},"members":{"adult":{"members":3,"holders":2}}}`} {
		f.Add(s)
	}
	sets := []*Compiled{
		resolve(f, "family-2021-2030"), resolve(f, "unit-tt24-2023-province"),
		compileText(f, pointsSet("100", mixed, mixedRules)), compileText(f, indicatorSet(levelled, levelledRules)),
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, c := range sets {
			in, err := c.Read(strings.NewReader(text))
			if err != nil {
				if bad, ok := err.(*fault.Fault); !ok || bad.Kind != fault.KindInvalid || len(bad.Fields) == 0 {
					t.Fatalf("%T %v", err, err)
				}
				continue
			}
			r, err := c.Score(in)
			if (err != nil) != (r.Outcome == Refused) {
				t.Fatal(r.Outcome, err)
			}
			if r.Outcome == Refused {
				continue
			}
			if r.Total < 0 || r.Total > c.Set.MaxPoints.Points() {
				t.Fatalf("total %v", r.Total)
			}
			if _, err := json.Marshal(c.Explain(in, &r)); err != nil {
				t.Fatal(err)
			}
		}
	})
}
