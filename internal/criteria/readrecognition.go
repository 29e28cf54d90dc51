// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package criteria

// maxLevels bounds how often each criterion is judged.
const maxLevels = 16

func readRecognition(c *object, points bool) Recognition {
	r := Recognition{Method: Method(c.word("method", must, "points", "classification", "all_indicators", "result_only"))}
	if r.Method != "" && points == (r.Method == ByIndicators) {
		rule := "method_needs_points"
		if points {
			rule = "method_without_points"
		}
		c.p.at(c.n.get("method"), join(c.path, "method"), rule, "method", string(r.Method))
	}
	c.objects("thresholds", r.Method == ByPoints, 1, func(c *object) {
		t := Threshold{
			Region:   Region(c.word("region", must, "default", "mountainous", "especially_difficult")),
			MinTotal: c.points("min_total", must),
		}
		t.Note, t.Verified = c.note()
		r.Thresholds = append(r.Thresholds, t)
	})
	c.objects("classes", r.Method == ByClassification, 1, func(c *object) {
		k := Class{
			Code: c.code("code", must), Title: c.text("title", must),
			MinTotal: c.points("min_total", must), Recognised: c.boolean("recognised", true),
		}
		k.Note, k.Verified = c.note()
		r.Classes = append(r.Classes, k)
	})
	c.child("min_per_criterion", may, func(c *object) { r.MinPerCriterion = readMinimum(c) })
	c.child("min_per_group", may, func(c *object) { r.MinPerGroup = readMinimum(c) })
	c.objects("mandatory", may, 1, func(c *object) { r.Gates = append(r.Gates, readGate(c)) })
	r.ValidityMonths = c.whole("validity_months", may, 1, maxNumber)
	c.ignoreFlag("validity_verified")
	c.objects("levels", may, 1, func(c *object) { r.Levels = append(r.Levels, readLevel(c)) })
	if len(r.Levels) > maxLevels {
		c.p.at(c.n.get("levels"), join(c.path, "levels"), "too_many", "max", maxLevels)
	}
	c.child("exemplary", may, func(c *object) {
		r.Exemplary = Exemplary{Annual: c.text("annual", may), FiveYearly: c.text("five_yearly", may)}
		r.Exemplary.Note, r.Exemplary.Verified = c.note()
	})
	r.MayAdapt = c.boolean("province_may_adapt", false)
	c.ignoreFlag("province_may_adapt_verified")
	r.Note, r.Verified = c.note()
	return r
}

func readMinimum(c *object) Minimum {
	m := Minimum{Given: true}
	c.exactlyOne("points", "percent")
	points, percent := c.points("points", may), c.limit("percent", may)
	m.Percent = c.n.get("percent") != nil
	m.Value = points
	if m.Percent {
		m.Value = percent
	}
	m.Note, m.Verified = c.note()
	return m
}

func readGate(c *object) Gate {
	g := Gate{Code: c.code("code", must), Title: c.text("title", must), path: c.path}
	g.Rule = c.match("rule", may, gateSentence, "want_rule")
	g.Note, g.Verified = c.note()
	return g
}

func readLevel(c *object) Level {
	l := Level{Code: c.code("code", must), Title: c.text("title", must), path: c.path}
	c.child("requires", may, func(c *object) {
		l.Requires = &Requirement{Level: c.code("level", must), Months: c.whole("months_since_decision", may, 0, maxNumber)}
	})
	c.objects("overrides", may, 1, func(c *object) { l.Overrides = append(l.Overrides, readOverride(c)) })
	l.Note, l.Verified = c.note()
	return l
}

func readOverride(c *object) Override {
	v := Override{Criterion: c.code("criterion", must), path: c.path}
	if n, path := c.take("set", may); n != nil {
		switch {
		case n.kind != objectNode:
			c.p.at(n, path, "want_object")
		case len(n.keys) == 0:
			c.p.at(n, path, "too_few", "min", 1)
		default:
			v.set = n
		}
	}
	v.Note, v.Verified = c.note()
	if c.n != nil && c.n.get("set") == nil && c.n.get("note") == nil {
		c.p.at(c.n, c.path, "want_one_of", "fields", []string{"set", "note"})
	}
	return v
}
