// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package criteria

import "slices"

var kindWords = []string{"boolean", "scale", "checklist", "ratio_linear", "ratio_bands", "ratio_threshold",
	"member_titles", "count_bands", "amount_bands", "external_status", "include", "manual", "total_only", "deduct"}

// maxItems is the length of a checklist: ticks are the bits of one word.
const maxItems = 64

// readScoring reads the rule of a criterion, with the fields that its kind knows and no other.
func readScoring(c *object) Scoring {
	s := Scoring{Kind: Kind(c.word("kind", must, kindWords...))}
	if s.Kind == "" {
		c.n = nil // without a kind no field can be judged
		return s
	}
	switch s.Kind {
	case Boolean:
		s.Fact = c.factKey("fact", may)
	case Scale:
		s.Step = c.number("step", may, true, false)
		c.pointRange("step", s.Step)
		if !s.Step.Known() {
			s.Step = Num{N: 1, D: 100}
		}
		c.objects("levels", may, 1, func(c *object) {
			l := ScaleLevel{Points: c.points("points", must), When: c.text("when", must)}
			l.Note, l.Verified = c.note()
			s.Guide = append(s.Guide, l)
		})
	case Checklist:
		readItems(c, &s)
	case RatioLinear:
		readRatio(c, &s)
		s.FullAt = Whole(100)
		if c.n.get("full_at") != nil {
			s.FullAt = c.number("full_at", may, true, true)
		}
	case RatioBands:
		readRatio(c, &s)
		s.Bands = readBands(c, must, "min_percent")
	case RatioThreshold:
		readRatio(c, &s)
		s.MinPercent = c.limit("min_percent", must)
	case MemberTitles:
		readTitles(c, &s)
	case CountBands:
		s.Value = c.factKey("value", must)
		s.Bands = readBands(c, must, "min")
	case AmountBands:
		s.Value, s.Per = c.factKey("value", must), c.factKey("per", may)
		s.Bands = readBands(c, must, "min")
	case ExternalStatus:
		readStatus(c, &s)
	case Include:
		s.FromSet, s.FromGroup = c.text("set", must), c.code("group", must)
	case Deduct:
		s.Value = c.factKey("value", must)
		s.PerCase = c.number("per_case", must, true, false)
		c.pointRange("per_case", s.PerCase)
	}
	s.Note, s.Verified = c.note()
	return s
}

func readItems(c *object, s *Scoring) {
	c.objects("items", must, 1, func(c *object) {
		i := Item{Code: c.code("code", must), Title: c.text("title", must), Points: c.points("points", may)}
		i.Note, i.Verified = c.note()
		s.Items = append(s.Items, i)
	})
	if len(s.Items) > maxItems {
		c.p.at(c.n.get("items"), join(c.path, "items"), "too_many", "max", maxItems)
	}
	c.child("pick", may, func(c *object) { s.PickMin = c.whole("min", must, 1, maxNumber) })
}

func readRatio(c *object, s *Scoring) {
	s.Numerator, s.Denominator = c.factKey("numerator", must), c.factKey("denominator", must)
}

func readBands(c *object, required bool, limit string) (list []Band) {
	c.objects("bands", required, 1, func(c *object) {
		b := Band{Min: c.limit(limit, must), Points: c.points("points", must)}
		b.Note, b.Verified = c.note()
		list = append(list, b)
	})
	return list
}

func readTitles(c *object, s *Scoring) {
	s.Member = Member(c.word("member", must, "adult", "family", "clan", "community", "unit_member", "learner", "unit"))
	s.TitleModel = Model(c.word("title_model", must, modelWords...))
	s.Bands = readBands(c, may, "min_percent")
	s.MinPercent = c.limit("min_percent", may)
	c.exactlyOne("bands", "min_percent")
	c.objects("min_percent_by_year", may, 1, func(c *object) {
		f := Floor{Years: c.years(), MinPercent: c.limit("min_percent", must)}
		f.Note, f.Verified = c.note()
		s.Floors = append(s.Floors, f)
	})
}

func readStatus(c *object, s *Scoring) {
	s.Status = c.factKey("status", must)
	c.each("accept", must, 1, func(n *node, path string) { s.Accept = append(s.Accept, readLiteral(c.p, n, path)) })
	c.objects("partial", may, 1, func(c *object) {
		var p Partial
		if n, path := c.take("value", must); n != nil {
			p.Value = readLiteral(c.p, n, path)
		}
		p.Points = c.points("points", must)
		p.Note, p.Verified = c.note()
		s.Partial = append(s.Partial, p)
	})
}

func readLiteral(p *problems, n *node, path string) Literal {
	if n.kind != textNode && n.kind != boolNode && n.kind != numberNode {
		p.at(n, path, "want_value")
	}
	return n.literal()
}

// pointlessKinds are the kinds of a set without points.
var pointlessKinds = []string{"boolean", "checklist", "ratio_threshold", "member_titles", "external_status", "include", "manual"}

// checkPointless reports what a criterion of a set without points may not have.
func checkPointless(c *object) {
	if w := c.n.get("when_not_applicable"); w != nil && w.text == string(NotApplicableRedistribute) {
		c.p.at(w, join(c.path, "when_not_applicable"), "needs_points", "what", w.text)
	}
	scoring := c.n.get("scoring")
	path := join(c.path, "scoring")
	if k := scoring.get("kind"); k != nil && slices.Contains(kindWords, k.text) && !slices.Contains(pointlessKinds, k.text) {
		c.p.at(k, join(path, "kind"), "needs_points", "what", k.text)
	}
	if b := scoring.get("bands"); b != nil {
		c.p.at(b, join(path, "bands"), "needs_points", "what", "bands")
	}
}
