// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package criteria

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"

	criteriadata "hoctap/data/criteria"
)

// extended holds what no shipped file uses: our two rules, an open level list, every optional part.
const extended = `
schema: learning-criteria/1
id: extended
title: t
model: family
decision: {number: "1", date: "2026-01-01", in_force_from: null, also_cited_as: [{number: null, date: "2026-01-01", verified: false}], note: n}
effective: {from: 2020, to: null}
replaced_by: [a]
max_points: 20
max_points_verified: partial
verified: true
verification_note: v
sources: [{ref: r, supports: s}]
facts: [{key: cases, title: c, type: int, note: n, verified: true}, {key: word, title: w, type: text}]
groups:
  - code: 1
    title: g
    max_points: 20
    note: n
    criteria:
      - {code: 1, title: d, max_points: 10, evidence: [], evidence_required: always, note: n, scoring: {kind: deduct, value: cases, per_case: 2.5, note: n, verified: false}}
      - {code: 2, title: d, max_points: 5, evidence: [x], evidence_required: {from_points: 3}, scoring: {kind: scale}}
      - {code: 3, title: d, max_points: 5, evidence: [], scoring: {kind: count_bands, value: cases, bands: [{min: 1, points: null, note: n}]}}
recognition:
  method: points
  note: n
  thresholds: [{region: default, min_total: null}]
  classes: [{code: a, title: a, min_total: 3, recognised: false}]
  min_per_criterion: {percent: 10}
  min_per_group: {points: null}
  mandatory: [{code: g, title: g, rule: "cases < 3"}]
  levels: [{code: 1, title: l, note: n, overrides: [{criterion: 2, set: {step: 1}, note: n}], requires: {level: 1, months_since_decision: 3}}]
process: {steps: [{order: 1, actor: a, action: b, deadline: c}], data_period: d, frequency: f, dossier: [a]}
`

// schemaJudge is the independent judge of shapes.
func schemaJudge(t *testing.T) *jsonschema.Schema {
	t.Helper()
	data, err := criteriadata.Files.ReadFile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("schema.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// shape gives our own verdict on the shape alone.
func shape(data []byte) error {
	var p problems
	if root := readYAML(&p, "x.yaml", bytes.NewReader(data)); root != nil {
		readSet(&p, root)
	}
	return p.err()
}

type mutator struct {
	t      *testing.T
	judge  *jsonschema.Schema
	root   any
	seen   map[string]bool
	tried  int
	failed int
}

// agree holds both verdicts on the present document against each other.
func (m *mutator) agree(what string) {
	m.tried++
	data, err := json.Marshal(m.root)
	if err != nil {
		m.t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		m.t.Fatal(err)
	}
	theirs, ours := m.judge.Validate(doc), shape(data)
	if (theirs == nil) != (ours == nil) {
		if m.failed++; m.failed < 20 {
			m.t.Errorf("%s:\n  schema: %v\n  parser: %v", what, theirs, ours)
		}
	}
}

var replacements = []any{nil, true, "x", "", "partial", ">0", "2026-01-01", 0, 1, -1, 1.5, 2000, []any{}, []any{"x"}, []any{1}, map[string]any{}, map[string]any{"x": 1}}

// walk mutates every distinct place of the document: each value replaced, each field removed, fields added.
func (m *mutator) walk(path, kind string, v any, set func(any)) {
	switch v := v.(type) {
	case map[string]any:
		if s, ok := v["scoring"].(map[string]any); ok {
			kind = fmt.Sprint(s["kind"])
		}
		if fresh := m.fresh(path, kind); fresh {
			v["zzz"] = 1
			m.agree(path + " with an unknown field")
			delete(v, "zzz")
		}
		for _, k := range slices.Sorted(maps.Keys(v)) {
			old := v[k]
			at := path + "." + k
			m.walk(at, kind, old, func(n any) { v[k] = n })
			if m.fresh(at+" gone", kind) {
				delete(v, k)
				m.agree(at + " removed")
			}
			v[k] = old
		}
	case []any:
		for i := range v {
			old := v[i]
			m.walk(path+"[]", kind, old, func(n any) { v[i] = n })
			v[i] = old
		}
	}
	if m.fresh(path+" replaced", kind) {
		for _, r := range replacements {
			set(r)
			m.agree(fmt.Sprintf("%s = %#v", path, r))
		}
		set(v)
	}
}

var scoringPath = regexp.MustCompile(`\.scoring`)

func (m *mutator) fresh(path, kind string) bool {
	if scoringPath.MatchString(path) {
		path += " " + kind
	}
	if m.seen[path] {
		return false
	}
	m.seen[path] = true
	return true
}

func TestShapeAgreesWithSchema(t *testing.T) {
	judge := schemaJudge(t)
	names, err := fs.Glob(criteriadata.Files, "*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string][]byte{"extended": []byte(extended)}
	for _, name := range names {
		data, err := criteriadata.Files.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		texts[name] = data
	}
	seen := map[bool]map[string]bool{true: {}, false: {}}
	tried := 0
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		var doc map[string]any
		if err := yaml.Unmarshal(texts[name], &doc); err != nil {
			t.Fatal(err)
		}
		if err := shape(texts[name]); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		points := doc["max_points"] != nil
		m := &mutator{t: t, judge: judge, root: doc, seen: seen[points]}
		m.agree(name + " as it is")
		m.walk("", "", doc, func(any) {})
		tried += m.tried
	}
	if tried < 5000 {
		t.Errorf("only %d documents were judged", tried)
	}
	t.Logf("%d documents judged alike", tried)
}
