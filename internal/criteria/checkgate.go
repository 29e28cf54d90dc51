// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package criteria

import "strings"

// gates judges the rules of gates: declared facts, members that the set counts, sides that can be compared.
func (ck *checker) gates() {
	for _, g := range ck.s.Recognition.Gates {
		if g.Rule == "" {
			continue
		}
		path := g.path + ".rule"
		left, _, right := splitRule(g.Rule)
		a, b := ck.side(left, path), ck.side(right, path)
		if a == nil || b == nil {
			continue
		}
		words := a.words() || b.words()
		if words && !(a.isFact() && b.isFact() && a.fact.Type == b.fact.Type && equality(g.Rule)) {
			ck.p.in(ck.s.root, path, "rule_sides", "rule", clip(g.Rule))
		}
	}
}

// side is one operand of a gate while it is checked.
type side struct{ fact *Fact }

func (s *side) isFact() bool { return s.fact != nil }

// words reports a side that can only be compared for equality with another of its type.
func (s *side) words() bool { return s.fact != nil && !comparable(s.fact) }

// side gives nil after reporting an operand that does not exist.
func (ck *checker) side(text, path string) *side {
	switch {
	case text[0] >= '0' && text[0] <= '9':
		if _, ok := ParseNum(text); !ok {
			ck.p.in(ck.s.root, path, "bad_number", "value", clip(text))
			return nil
		}
		return &side{}
	case strings.HasPrefix(text, "share("):
		m := shareMember(text)
		for _, g := range ck.s.Groups {
			for _, c := range g.Criteria {
				if c.Scoring.Kind == MemberTitles && string(c.Scoring.Member) == m {
					return &side{}
				}
			}
		}
		ck.p.in(ck.s.root, path, "share_not_counted", "member", m)
		return nil
	}
	f := ck.facts[text]
	if f == nil {
		ck.p.in(ck.s.root, path, "fact_not_declared", "fact", text)
		return nil
	}
	return &side{fact: f}
}

// splitRule gives the two sides and the comparison of a rule that has the right shape.
func splitRule(rule string) (left string, op Op, right string) {
	m := gateSentence.FindStringSubmatch(rule)
	return m[1], Op(m[2]), m[3]
}

func shareMember(text string) string {
	return strings.TrimSuffix(strings.TrimPrefix(text, "share("), ")")
}

func equality(rule string) bool {
	_, op, _ := splitRule(rule)
	return op == Equal || op == NotEqual
}
