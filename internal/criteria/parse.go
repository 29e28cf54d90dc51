// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package criteria

import (
	"io"
	"regexp"
	"slices"
)

// schemaName is the only format this package reads.
const schemaName = "learning-criteria/1"

var modelWords = []string{"family", "clan", "community", "unit", "citizen", "commune", "district", "province"}

// Parse reads one criteria set. Every broken rule is told at once as a fault.Invalid whose fields are paths
// in the file ("groups[0].criteria[2].scoring.bands"), with the arguments file, line and path; the keys start
// with "criteria.". A set that includes a group of another, or overlays another, is checked in full only by
// Library.Resolve.
func Parse(file string, r io.Reader) (*Set, error) {
	var p problems
	root := readYAML(&p, file, r)
	if root == nil || !p.none() {
		return nil, p.err()
	}
	if root.kind == objectNode && root.get("overlays") != nil {
		s := readOverlay(&p, root)
		return s, p.err()
	}
	s := readSet(&p, root)
	if p.none() && !s.includes() {
		checkSet(&p, s)
	}
	if !p.none() {
		return nil, p.err()
	}
	return s, nil
}

// readOverlay reads what an overlay must say itself; the rest is judged after the merge.
func readOverlay(p *problems, root *node) *Set {
	o := readObject(p, root, "")
	s := &Set{root: root}
	o.word("schema", must, schemaName)
	s.ID = o.match("id", must, idPattern, "want_id")
	s.Overlays = o.match("overlays", must, idPattern, "want_id")
	if s.ID != "" && s.ID == s.Overlays {
		p.at(root.get("overlays"), "overlays", "overlay_circle", "set", s.ID)
	}
	for i, k := range root.keys {
		if !slices.Contains(topFields, k) {
			p.at(root.vals[i], k, "unknown_field", "field", clip(k))
		}
	}
	if t := root.get("title"); t != nil && t.kind == textNode {
		s.Title = t.text
	}
	return s
}

var topFields = []string{"schema", "id", "title", "model", "issued_by", "overlays", "decision", "effective",
	"effective_note", "replaced_by", "max_points", "max_points_verified", "verified", "verification_note",
	"sources", "form_variants", "facts", "groups", "recognition", "process"}

// includes reports whether a criterion takes its place from another set.
func (s *Set) includes() bool {
	for _, g := range s.Groups {
		for _, c := range g.Criteria {
			if c.Scoring.Kind == Include {
				return true
			}
		}
	}
	return false
}

// readSet decodes a whole (merged) tree and reports every breach of the shape.
func readSet(p *problems, root *node) *Set {
	o := readObject(p, root, "")
	s := &Set{root: root}
	o.word("schema", must, schemaName)
	s.ID = o.match("id", must, idPattern, "want_id")
	s.Title = o.text("title", must)
	s.Model = Model(o.word("model", must, modelWords...))
	s.IssuedBy = o.text("issued_by", may)
	s.Overlays = o.match("overlays", may, idPattern, "want_id")
	o.child("decision", may, func(c *object) { s.Decision = readDecision(c) })
	o.child("effective", must, func(c *object) { s.Effective = c.years() })
	s.EffectiveNote = o.text("effective_note", may)
	if o.n.get("replaced_by") != nil {
		s.ReplacedBy = o.texts("replaced_by", may, 1)
	}
	s.MaxPoints = o.number("max_points", must, true, true)
	o.pointRange("max_points", s.MaxPoints)
	o.ignoreFlag("max_points_verified")
	s.Verified = o.verified(must)
	s.VerificationNote = o.text("verification_note", may)
	o.objects("sources", may, 0, func(c *object) { s.Sources = append(s.Sources, readSource(c)) })
	o.objects("form_variants", may, 1, func(c *object) {
		v := Variant{Code: c.code("code", must), Title: c.text("title", must)}
		v.Note, v.Verified = c.note()
		s.Variants = append(s.Variants, v)
	})
	o.objects("facts", must, 0, func(c *object) { s.Facts = append(s.Facts, readFact(c)) })
	points := root.get("max_points") == nil || root.get("max_points").kind != nullNode
	o.objects("groups", must, 1, func(c *object) { s.Groups = append(s.Groups, readGroup(c, root, points)) })
	o.child("recognition", must, func(c *object) { s.Recognition = readRecognition(c, points) })
	o.child("process", may, func(c *object) { s.Process = readProcess(c) })
	o.done()
	return s
}

func readDecision(c *object) Decision {
	d := Decision{Number: c.textOrNull("number", must), Date: c.date("date", must), InForceFrom: c.date("in_force_from", may)}
	c.objects("also_cited_as", may, 0, func(c *object) {
		n := Citation{Number: c.textOrNull("number", must), Date: c.date("date", may)}
		n.Note, n.Verified = c.note()
		d.AlsoCitedAs = append(d.AlsoCitedAs, n)
	})
	d.Note, d.Verified = c.note()
	return d
}

func readSource(c *object) Source {
	s := Source{URL: c.match("url", may, urlPattern, "want_url"), Ref: c.text("ref", may), Supports: c.text("supports", must)}
	c.exactlyOne("url", "ref")
	return s
}

// exactlyOne reports an object that gives both of two fields, or neither.
func (o *object) exactlyOne(a, b string) {
	if o.n != nil && (o.n.get(a) == nil) == (o.n.get(b) == nil) {
		o.p.at(o.n, o.path, "want_one_of", "fields", []string{a, b})
	}
}

func readFact(c *object) Fact {
	f := Fact{
		Key:   c.factKey("key", must),
		Title: c.text("title", must),
		Type:  FactType(c.word("type", must, "int", "bool", "money", "enum", "text")),
	}
	if f.Type == FactEnum {
		f.Values = c.texts("values", must, 1)
		for i, v := range f.Values {
			if slices.Contains(f.Values[:i], v) {
				c.p.in(c.n.get("values"), join(c.path, "values"), "duplicate_value", "value", clip(v))
			}
		}
	} else if n, path := c.take("values", may); n != nil && f.Type != "" {
		c.p.at(n, path, "only_enum_has_values")
	}
	f.Note, f.Verified = c.note()
	return f
}

func readGroup(c *object, root *node, points bool) Group {
	g := Group{Code: c.code("code", must), Title: c.text("title", must), MaxPoints: c.points("max_points", points), path: c.path}
	c.objects("criteria", must, 1, func(c *object) { g.Criteria = append(g.Criteria, readCriterion(c, root, points)) })
	g.Note, g.Verified = c.note()
	return g
}

func readCriterion(c *object, root *node, points bool) Criterion {
	k := Criterion{Code: c.code("code", must), Title: c.text("title", must), MaxPoints: c.points("max_points", points), root: root, path: c.path}
	c.child("scoring", must, func(c *object) { k.Scoring = readScoring(c) })
	if !points {
		checkPointless(c)
	}
	k.Evidence = c.texts("evidence", must, 0)
	k.EvidenceRequired = readEvidenceRule(c)
	k.AppliesWhen = readConditions(c)
	k.WhenNotApplicable = NotApplicable(c.word("when_not_applicable", may, "full", "redistribute", "skip"))
	if c.n != nil {
		for _, pair := range [][2]string{{"applies_when", "when_not_applicable"}, {"when_not_applicable", "applies_when"}} {
			if c.n.get(pair[0]) != nil && c.n.get(pair[1]) == nil {
				c.p.at(c.n, join(c.path, pair[1]), "missing_with", "field", pair[1], "with", pair[0])
			}
		}
	}
	c.ignoreFlag("applicability_verified")
	c.text("applicability_note", may)
	k.Note, k.Verified = c.note()
	return k
}

// readEvidenceRule reads our extension evidence_required: "always" or {from_points: n}.
func readEvidenceRule(c *object) (e EvidenceRule) {
	n := c.n.get("evidence_required")
	if n != nil && n.kind == objectNode {
		c.child("evidence_required", may, func(c *object) {
			e.FromPoints = c.number("from_points", must, false, false)
			c.pointRange("from_points", e.FromPoints)
		})
		return e
	}
	e.Always = c.word("evidence_required", may, "always") != ""
	return e
}

var (
	comparison   = regexp.MustCompile(`^\s*(==|!=|>=|<=|>|<)\s*(-?[0-9]+(?:\.[0-9]+)?)\s*$`)
	gateSentence = regexp.MustCompile(`^\s*(share\([a-z_]+\)|[a-z][a-z0-9_]*|[0-9]+(?:\.[0-9]+)?)\s*(==|!=|>=|<=|>|<)\s*(share\([a-z_]+\)|[a-z][a-z0-9_]*|[0-9]+(?:\.[0-9]+)?)\s*$`)
)

func readConditions(c *object) (list []Condition) {
	n, path := c.take("applies_when", may)
	if n == nil {
		return nil
	}
	if n.kind != objectNode {
		c.p.at(n, path, "want_object")
		return nil
	}
	if len(n.keys) == 0 {
		c.p.at(n, path, "too_few", "min", 1)
	}
	for i, key := range n.keys {
		v, path := n.vals[i], join(path, key)
		if !keyPattern.MatchString(key) {
			c.p.at(v, path, "want_key", "value", clip(key))
			continue
		}
		cond := Condition{Fact: key}
		switch v.kind {
		case listNode:
			if len(v.list) == 0 {
				c.p.at(v, path, "too_few", "min", 1)
			}
			for _, item := range v.list {
				if item.kind != textNode && item.kind != boolNode {
					c.p.at(item, path, "want_text")
				}
				cond.Values = append(cond.Values, item.literal())
			}
		case textNode:
			m := comparison.FindStringSubmatch(v.text)
			if m == nil {
				c.p.at(v, path, "want_comparison", "value", clip(v.text))
				continue
			}
			num, ok := ParseNum(m[2])
			if !ok {
				c.p.at(v, path, "bad_number", "value", clip(m[2]))
			}
			cond.Op, cond.Number = Op(m[1]), num
		default:
			c.p.at(v, path, "want_comparison", "value", clip(v.text))
			continue
		}
		list = append(list, cond)
	}
	return list
}

func readProcess(c *object) Process {
	var pr Process
	c.objects("steps", may, 0, func(c *object) {
		s := Step{
			Order:    c.whole("order", must, -maxNumber, maxNumber),
			Actor:    c.text("actor", must),
			Action:   c.text("action", must),
			Deadline: c.text("deadline", may),
		}
		s.Note, s.Verified = c.note()
		pr.Steps = append(pr.Steps, s)
	})
	pr.DataPeriod, pr.Frequency = c.text("data_period", may), c.text("frequency", may)
	pr.Dossier = c.texts("dossier", may, 0)
	pr.Note, pr.Verified = c.note()
	return pr
}
