// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package registry

import (
	"context"

	"hoctap/internal/store"
)

// Count is how many members of a kind a subject has, and how many of them hold a valid title.
type Count struct {
	Members int64
	Holders int64
}

func (c Count) plus(o Count) Count { return Count{c.Members + o.Members, c.Holders + o.Holders} }

// Counts are the counts of one subject by kind of member (MemberAdult …). Adults, members and learners of units hold citizen
// titles, families family titles, clans clan titles.
type Counts map[string]Count

// AdultAge is from when a person counts as an adult, by year of birth.
const AdultAge = 18

// CitizenTitles is the register key under which the national system's count of a household's holders of Công dân học tập is
// kept. It is read only for families of which the registry keeps no persons.
const CitizenTitles = "citizen_titles"

// MemberCounts returns the counts of one subject for an evaluation year, exactly as data/criteria/README.md defines
// "member_titles": each member once, only active ones; a person of unknown age is an adult, because children are kept as
// counts only. Where no persons of a family, no families of a clan or no members of a unit are kept, its own head count is the
// members. A community's clans are those that lie in the area or have a family in it. It takes two or three indexed queries.
func (s *Service) MemberCounts(ctx context.Context, tx *store.Tx, r Subject, year int) (Counts, error) {
	if r.Model == Family && r.State == Active { // the most frequent by far: it is read already
		h := households{families: []familyRow{{id: r.ID, adults: int64(r.Adults)}}}
		err := scope{r.PlaceID, r.ID, year}.people(ctx, tx, &h)
		return Counts{MemberAdult: h.adults(year)[r.ID]}, err
	}
	all, err := countMembers(ctx, tx, scope{r.PlaceID, r.ID, year}, r.Model)
	return all[r.ID], err
}

// MemberCountsOfLeaf is MemberCounts for every active subject of a leaf and model, by subject id, in as few queries.
func (s *Service) MemberCountsOfLeaf(ctx context.Context, tx *store.Tx, placeID, model string, year int) (map[string]Counts, error) {
	return countMembers(ctx, tx, scope{placeID, "", year}, model)
}

func countMembers(ctx context.Context, tx *store.Tx, of scope, model string) (map[string]Counts, error) {
	switch model {
	case Family:
		return countFamilies(ctx, tx, of)
	case Clan:
		return countClans(ctx, tx, of)
	case Community:
		return countCommunity(ctx, tx, of)
	case Unit:
		return countUnits(ctx, tx, of)
	}
	return map[string]Counts{}, nil
}

func countFamilies(ctx context.Context, tx *store.Tx, of scope) (map[string]Counts, error) {
	h, err := of.households(ctx, tx)
	if err != nil {
		return nil, err
	}
	adults := h.adults(of.year)
	out := make(map[string]Counts, len(h.families))
	for _, f := range h.families {
		out[f.id] = Counts{MemberAdult: adults[f.id]}
	}
	return out, nil
}

// households is what adults are counted from.
type households struct {
	families []familyRow
	persons  []personRow
	told     map[string]int64 // holders by the national register, by family
}

// adults returns adults and holders by family.
func (h households) adults(year int) map[string]Count {
	kept := map[string]bool{}
	out := make(map[string]Count, len(h.families))
	for _, p := range h.persons {
		if p.of == "" {
			continue
		}
		kept[p.of] = true
		if p.adult(year) {
			out[p.of] = out[p.of].plus(Count{1, p.holds})
		}
	}
	for _, f := range h.families {
		if !kept[f.id] {
			out[f.id] = Count{f.adults, min(f.adults, h.told[f.id])}
		}
	}
	return out
}

func (p personRow) adult(year int) bool { return p.birth == 0 || p.birth <= year-AdultAge }

func countClans(ctx context.Context, tx *store.Tx, of scope) (map[string]Counts, error) {
	lists, err := of.clanHouseholds(ctx, tx)
	if err != nil {
		return nil, err
	}
	groups, err := of.groups(ctx, tx, Clan)
	out := make(map[string]Counts, len(groups))
	for _, g := range groups {
		h, listed := lists[g.id]
		if !listed {
			out[g.id] = Counts{MemberFamily: {Members: g.members}, MemberAdult: {Members: g.adults}}
			continue
		}
		var family, adult Count
		adults := h.adults(of.year)
		for _, f := range h.families {
			family = family.plus(Count{1, f.holds})
			adult = adult.plus(adults[f.id])
		}
		out[g.id] = Counts{MemberFamily: family, MemberAdult: adult}
	}
	return out, err
}

// countCommunity counts an area, of whatever it is told as id: there is one community in a leaf.
func countCommunity(ctx context.Context, tx *store.Tx, of scope) (map[string]Counts, error) {
	of.id = ""
	h, err := of.households(ctx, tx)
	if err != nil {
		return nil, err
	}
	var family, adult Count
	adults := h.adults(of.year)
	known := make(map[string]bool, len(h.families))
	for _, f := range h.families {
		known[f.id] = true
		family = family.plus(Count{1, f.holds})
		adult = adult.plus(adults[f.id])
	}
	for _, p := range h.persons { // those who live alone, without a family on record
		if !known[p.of] && p.adult(of.year) {
			adult = adult.plus(Count{1, p.holds})
		}
	}
	clan, err := of.clansOfArea(ctx, tx)
	return map[string]Counts{of.placeID: {MemberFamily: family, MemberClan: clan, MemberAdult: adult}}, err
}

func countUnits(ctx context.Context, tx *store.Tx, of scope) (map[string]Counts, error) {
	persons, err := of.unitPersons(ctx, tx)
	if err != nil {
		return nil, err
	}
	listed := map[string]Counts{}
	for _, p := range persons {
		if listed[p.group] == nil {
			listed[p.group] = Counts{}
		}
		listed[p.group][p.of] = listed[p.group][p.of].plus(Count{1, p.holds})
	}
	groups, err := of.groups(ctx, tx, Unit)
	out := make(map[string]Counts, len(groups))
	for _, g := range groups {
		out[g.id] = Counts{MemberOfUnit: {Members: g.members}, MemberLearner: {}}
		for as, c := range listed[g.id] {
			out[g.id][as] = c
		}
	}
	return out, err
}
