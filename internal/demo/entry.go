// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"maps"

	"hoctap/internal/assessment"
	"hoctap/internal/registry"
)

// An entry is made of what a subject would honestly say: one that strives says what earns the title, another falls short here and
// there. What the title then comes to is the engine's business.

// familyEntry is the area's sheet of a family by the set of 2021 - 2030.
func (g *generator) familyEntry(c *commune, f *subject, year int, strives bool, registered bool) assessment.Entry {
	r := c.rng
	children, adults := f.Children, f.Adults
	attending, fine := children, children
	if children > 0 {
		switch {
		case r.chance(either(strives, 0.002, 0.03)):
			attending--
			fine--
		case r.chance(either(strives, 0.06, 0.25)):
			fine--
		}
	}
	literate := adults
	if f.Ethnic != kinh && g.last-f.BirthYear > 66 && r.chance(0.3) {
		literate--
	}
	learned := adults
	if strives {
		if adults > 2 && r.chance(0.3) {
			learned--
		}
	} else {
		learned = r.between(0, adults)
	}
	tick := func(codes string, p ...float64) assessment.Mark {
		list := []string{}
		for i := range codes {
			if r.chance(p[i]) {
				list = append(list, codes[i:i+1])
			}
		}
		return ticks(list...)
	}
	var equipped, engaged assessment.Mark
	if strives {
		equipped, engaged = tick("abcd", 0.97, 0.86, 0.98, 0.85), tick("ab", 0.97, 0.93)
	} else {
		equipped, engaged = tick("abcd", 0.75, 0.35, 0.75, 0.3), tick("ab", 0.6, 0.45)
	}
	e := assessment.Entry{Region: c.region,
		Facts: map[string]any{"children_school_age": float64(children), "adults": float64(adults), "adults_literate": float64(literate),
			"adults_learned": float64(learned), "poverty_status": f.poor, "culture_family": f.culture},
		Scores: map[string]assessment.Mark{"C1": equipped, "C2": engaged, "D3": points(r.between(either(strives, 4, 1), either(strives, 6, 4)))},
		Gates:  map[string]bool{"G1": registered, "G3": r.chance(0.997)}}
	if children > 0 {
		e.Facts["children_attending"], e.Facts["children_result_ok"] = float64(attending), float64(fine)
		e.Scores["A3"] = points(r.between(either(strives, 8, 4), either(strives, 10, 8)))
	}
	t := f.adults[year-firstYear]
	e.Counts = map[string]assessment.Count{registry.MemberAdult: {Members: int64(t.members), Holders: int64(t.holders)}}
	return e
}

// selfEntry is what the family had said of itself before the area looked: mostly the same, sometimes kinder, seldom stricter.
func selfEntry(r *rng, e assessment.Entry) assessment.Entry {
	n := r.IntN(100)
	if n >= 30 {
		return e
	}
	e.Facts, e.Scores = maps.Clone(e.Facts), maps.Clone(e.Scores)
	switch {
	case n < 3: // five points and more apart
		e.Scores["C1"], e.Scores["C2"], e.Scores["D3"] = ticks("a", "b", "c", "d"), ticks("a", "b"), points(6)
		e.Facts["adults_learned"] = e.Facts["adults"]
	case n < 6: // the area knows better what the household does
		e.Scores["D3"] = points(2)
	case n < 18:
		e.Scores["D3"] = points(6)
	default:
		e.Scores["C2"] = ticks("a", "b")
	}
	return e
}

// stricter is a commune's sheet that takes points off one criterion of the area's.
func stricter(r *rng, e assessment.Entry) (assessment.Entry, string) {
	e.Scores = maps.Clone(e.Scores)
	code := "D3"
	if *e.Scores[code].Points < 300 {
		code = "C2"
		e.Scores[code] = ticks("a")
		return e, code
	}
	e.Scores[code] = points(int(*e.Scores[code].Points)/100 - r.between(1, 2))
	return e, code
}

// citizenEntry is a person's sheet.
func citizenEntry(c *commune, p *subject, holds bool) assessment.Entry {
	r := c.rng
	e := assessment.Entry{Region: c.region, Facts: map[string]any{"birth_year": float64(p.BirthYear), "citizen_group": p.Kind},
		Scores: make(map[string]assessment.Mark, 10), Gates: map[string]bool{"CDG1": true, "CDG2": true}}
	for _, code := range citizenCodes {
		low, high := 8, 10
		if !holds {
			low, high = 4, 8
		}
		if code == "CD06" && p.Kind == "farmer" { // foreign languages
			low, high = 5, 7
		}
		if code == "CD05" && !holds && p.BirthYear < 1962 { // information technology
			low, high = 2, 4
		}
		e.Scores[code] = points(r.between(low, high))
	}
	return e
}

var citizenCodes = []string{"CD01", "CD02", "CD03", "CD04", "CD05", "CD06", "CD07", "CD08", "CD09", "CD10"}

// clanEntry, communityEntry and unitEntry are the sheets of groups.
func clanEntry(c *commune, s *subject, family, adult assessment.Count, strives, registered bool) assessment.Entry {
	r := c.rng
	pupils := s.Children
	attending := pupils
	if r.chance(either(strives, 0.05, 0.4)) {
		attending = max(0, attending-1)
	}
	e := assessment.Entry{Region: c.region,
		Facts: map[string]any{"families": float64(s.Members), "descendants_attending": float64(attending), "descendants_school_age": float64(pupils),
			"achievements": float64(r.between(either(strives, 3, 0), either(strives, 9, 3))), "fund_amount": float64(s.Members * r.between(either(strives, 60, 5), either(strives, 150, 60)) * 1000),
			"has_board": strives || r.chance(0.6)},
		Scores: map[string]assessment.Mark{"A2": yes(strives || r.chance(0.5)), "A3": points(r.between(either(strives, 4, 2), either(strives, 5, 4))),
			"C2": points(r.between(either(strives, 3, 1), either(strives, 5, 3))), "D1": points(r.between(either(strives, 8, 5), either(strives, 10, 8))),
			"D2": yes(strives || r.chance(0.5))},
		Gates:  map[string]bool{"G1": registered},
		Counts: map[string]assessment.Count{registry.MemberFamily: family, registry.MemberAdult: adult}}
	return e
}

func communityEntry(c *commune, s *subject, clans int, family, clan, adult assessment.Count, strives, registered bool) assessment.Entry {
	r := c.rng
	people, adults, homes := 0, s.Adults, len(s.area.families)
	for _, f := range s.area.families {
		people += f.Members
	}
	e := assessment.Entry{Region: c.region,
		Facts: map[string]any{"population": float64(people), "adults": float64(adults), "households": float64(homes), "clans": float64(clans),
			"members_association": float64(people * r.between(either(strives, 22, 8), either(strives, 34, 22)) / 100),
			"learner_turns":       float64(adults * r.between(either(strives, 80, 20), either(strives, 140, 80)) / 100),
			"fund_amount":         float64(homes * r.between(either(strives, 25, 2), either(strives, 90, 25)) * 1000),
			"poverty_reduced":     strives || r.chance(0.7), "culture_village": strives || r.chance(0.6)},
		Scores: map[string]assessment.Mark{"A1": yes(true), "A2": points(r.between(either(strives, 6, 3), either(strives, 8, 6))), "B4": yes(strives || r.chance(0.7)),
			"C1": ticks("a", "b", "c"), "D3": points(r.between(either(strives, 5, 3), 7))},
		Gates:  map[string]bool{"G1": registered, "G2": true},
		Counts: map[string]assessment.Count{registry.MemberFamily: family, registry.MemberClan: clan, registry.MemberAdult: adult}}
	if !strives {
		e.Scores["C1"] = ticks("c")
	}
	return e
}

func unitEntry(c *commune, s *subject, member assessment.Count, strives, registered bool) assessment.Entry {
	r := c.rng
	part := func(low int) float64 { return float64(s.Members * r.between(low, 100) / 100) }
	title := "none"
	if strives || r.chance(0.5) {
		title = "tap_the_lao_dong_tien_tien"
	}
	e := assessment.Entry{Region: c.region,
		Facts: map[string]any{"unit_type": s.Kind, "members": float64(s.Members), "members_study_plan": part(either(strives, 95, 70)),
			"members_training_done": part(either(strives, 96, 70)), "members_discipline": float64(s.Members), "unit_emulation_title": title},
		Scores: map[string]assessment.Mark{"1.1": points(r.between(either(strives, 9, 6), 10)), "1.2": points(r.between(either(strives, 8, 5), either(strives, 10, 8))),
			"1.3": points(r.between(either(strives, 8, 5), either(strives, 10, 8))), "3.3": points(r.between(either(strives, 4, 2), 5))},
		Gates:  map[string]bool{"G1": registered, "G2": true},
		Counts: map[string]assessment.Count{registry.MemberOfUnit: member}}
	return e
}

// either is a where first holds, else b.
func either[T any](first bool, a, b T) T {
	if first {
		return a
	}
	return b
}
