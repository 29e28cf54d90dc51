// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package assessment

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"testing"

	criteriadata "hoctap/data/criteria"
	"hoctap/internal/criteria"
	"hoctap/internal/criteria/criteriatest"
	"hoctap/internal/fault"
)

// TestBrowserReadsSheets gives sheets, as phones keep and send them, to both engines: the same faults, outcome and points.
func TestBrowserReadsSheets(t *testing.T) {
	b := criteriatest.Start(t)
	l, err := criteria.LoadLibrary(criteriadata.Files)
	if err != nil {
		t.Fatal(err)
	}
	faulty := 0
	for i, id := range l.IDs() {
		c, err := l.Resolve(id)
		if err != nil {
			t.Fatal(err)
		}
		wire, err := c.Portable()
		if err != nil {
			t.Fatal(err)
		}
		b.Use(wire)
		scorer := NewScorer(c)
		d := rand.New(rand.NewPCG(uint64(i), 11))
		for range 300 {
			sheet := map[string]any{"year": c.Set.Effective.From, "entry": drawEntry(d, c)}
			var read struct{ Entry Entry }
			ask := jsonOf(t, sheet)
			if err := json.Unmarshal(ask, &read); err != nil {
				t.Fatal(err)
			}
			result, err := scorer.Score(c.Set.Effective.From, read.Entry)
			if err != nil {
				faulty++
			}
			b.Ask(id, "sheet", ask, jsonOf(t, sheetForm(t, c, result, err)))
		}
	}
	if n := b.Close(); n < 4800 || faulty < 300 || faulty > n/2 {
		t.Errorf("%d sheets, %d of them faulty", n, faulty)
	}
}

func jsonOf(t *testing.T, v any) []byte {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// sheetForm is the answer of ui/judge-engine.mjs.
func sheetForm(t *testing.T, c *criteria.Compiled, r *criteria.Result, err error) any {
	if err != nil {
		f, ok := fault.As(err)
		if !ok {
			t.Fatal(err)
		}
		list := []string{}
		for _, e := range f.Fields {
			list = append(list, string(jsonOf(t, []any{e.Field, e.Key, pairs(e.Args)})))
		}
		slices.Sort(list)
		return []any{list}
	}
	earned := map[string]any{}
	var kept map[string]int64
	if err := json.Unmarshal([]byte(PointsJSON(c, r)), &kept); err != nil {
		t.Fatal(err)
	}
	for code, p := range kept {
		earned[code] = p
	}
	return []any{r.Outcome.String(), r.HasTotal, int64(r.Total), r.Level, len(r.Needs), pairs(earned)}
}

func pairs(args map[string]any) []any {
	names := make([]string, 0, len(args))
	for name := range args {
		names = append(names, name)
	}
	slices.Sort(names)
	out := []any{}
	for _, name := range names {
		v := args[name]
		if p, ok := v.(criteria.Points); ok {
			v = int64(p)
		}
		out = append(out, []any{name, v})
	}
	return out
}

// drawEntry draws a sheet, mostly sound; one part in some sixty is what no sheet should hold.
func drawEntry(d *rand.Rand, c *criteria.Compiled) map[string]any {
	odd := func() bool { return d.IntN(80) == 0 }
	facts, scores, gates, counts := map[string]any{}, map[string]any{}, map[string]any{}, map[string]any{}
	for i := range c.Facts {
		f := &c.Facts[i]
		switch {
		case odd():
			facts[f.Key] = []any{nil, true, "x", 1.5, -1, 2e15, []any{}, map[string]any{}}[d.IntN(8)]
		case d.IntN(8) == 0:
		case f.Type == criteria.FactBool:
			facts[f.Key] = d.IntN(2) == 0
		case f.Type == criteria.FactEnum:
			facts[f.Key] = f.Values[d.IntN(len(f.Values))]
		case f.Type == criteria.FactText:
			facts[f.Key] = "học"
		default:
			facts[f.Key] = d.IntN(8)
		}
	}
	for _, k := range c.Criteria {
		mark := map[string]any{}
		var items []string
		for _, item := range k.Scoring.Items {
			if d.IntN(2) == 0 {
				items = append(items, item.Code)
			}
		}
		switch {
		case odd():
			mark = []map[string]any{{}, {"p": -5}, {"p": 1_000_000}, {"y": true, "p": 100}, {"t": []string{"zz"}}, {"t": append(items, items...)}, {"l": map[string]bool{"1": true, "9": false}}}[d.IntN(7)]
		case d.IntN(8) == 0:
			continue
		case k.Scoring.Kind == criteria.Checklist:
			mark["t"] = append([]string{}, items...)
		case k.Scoring.Kind == criteria.Scale && c.Set.WithPoints():
			mark["p"] = 100 * d.IntN(int(k.MaxPoints.Points())/100+1)
		case c.Set.WithPoints() && k.Scoring.Kind != criteria.Boolean:
			mark["p"] = d.IntN(int(k.MaxPoints.Points()) + 1)
		default:
			mark["y"] = d.IntN(4) > 0
		}
		if len(c.Levels) > 1 && d.IntN(3) == 0 {
			mark["l"] = map[string]bool{c.Levels[1].Code: true}
		}
		scores[k.Code] = mark
	}
	for _, g := range c.Gates {
		if d.IntN(8) > 0 {
			gates[g.Code] = d.IntN(5) > 0
		}
	}
	for _, k := range c.Counts {
		counts[k.Key] = map[string]any{"m": 5, "h": d.IntN(6)}
	}
	entry := map[string]any{"facts": facts, "scores": scores, "gates": gates, "counts": counts}
	if d.IntN(3) > 0 {
		entry["region"] = []string{"núi", "mountainous", "default"}[min(d.IntN(40), 1+d.IntN(2))]
	}
	for _, part := range []map[string]any{facts, gates} {
		if odd() {
			part["nowhere"] = true
		}
	}
	if odd() {
		scores["nowhere"] = map[string]any{"y": true}
	}
	return entry
}
