// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package criteria

import "strings"

// levelCriterion is a criterion as one level sees it. Noted: an override says that a number differs but not
// which, so a person answers.
type levelCriterion struct {
	Criterion
	noted bool
	raw   *node
}

// levels applies the overrides level by level. A later override replaces what an earlier one said of the same
// criterion; parameters that it does not name stay as the lower level left them. A set without levels has one, and so has one that counts points,
// where a level is only what a paper decision names.
func (ck *checker) levels() [][]levelCriterion {
	var base []levelCriterion
	for _, g := range ck.s.Groups {
		for _, c := range g.Criteria {
			base = append(base, levelCriterion{Criterion: c, raw: c.root.find(c.path)})
		}
	}
	levels := ck.s.Recognition.Levels
	if len(levels) == 0 {
		return [][]levelCriterion{base}
	}
	known := map[string]bool{}
	for _, l := range levels {
		known[l.Code] = true
	}
	plain := base
	var all [][]levelCriterion
	for _, l := range levels {
		if l.Requires != nil && !known[l.Requires.Level] {
			ck.p.in(ck.s.root, l.path+".requires.level", "unknown_level", "code", l.Requires.Level)
		}
		here := append([]levelCriterion(nil), base...)
		for _, v := range l.Overrides {
			ck.override(here, v)
		}
		all = append(all, here)
		base = here
	}
	if ck.s.Recognition.Method != ByIndicators {
		return [][]levelCriterion{plain}
	}
	return all
}

func (ck *checker) override(here []levelCriterion, v Override) {
	hit := false
	for i := range here {
		if !v.names(&here[i].Criterion) {
			continue
		}
		hit = true
		if v.set == nil {
			here[i].noted = true
			continue
		}
		before := len(ck.p.list)
		changed := ck.changed(&here[i], v)
		if len(ck.p.list) == before {
			ck.criterion(&changed.Criterion)
		}
		here[i] = changed
	}
	if !hit {
		ck.p.in(ck.s.root, v.path+".criterion", "unknown_criterion", "code", v.Criterion)
	}
}

// names reports whether the override means the criterion: by its code, by the line that included it, or by
// "x.*" for every code that starts with "x.".
func (v *Override) names(c *Criterion) bool {
	if prefix, ok := strings.CutSuffix(v.Criterion, "*"); ok && strings.HasSuffix(prefix, ".") {
		return strings.HasPrefix(c.Code, prefix)
	}
	return v.Criterion == c.Code || c.line != "" && v.Criterion == c.line
}

// criterionFields are the parameters that stand beside scoring and not in it.
var criterionFields = map[string]bool{"applies_when": true, "when_not_applicable": true, "max_points": true}

// changed reads the criterion again with the override's parameters in place.
func (ck *checker) changed(old *levelCriterion, v Override) levelCriterion {
	raw := old.raw
	for i, key := range v.set.keys {
		if criterionFields[key] {
			raw = raw.with(key, v.set.vals[i])
		} else {
			raw = raw.with("scoring", raw.get("scoring").with(key, v.set.vals[i]))
		}
	}
	o := readObject(ck.p, raw, v.path+".set")
	c := readCriterion(o, ck.s.root, ck.s.WithPoints())
	o.done()
	c.line = old.line
	return levelCriterion{Criterion: c, raw: raw}
}
