// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"hoctap/internal/assessment"
	"hoctap/internal/criteria"
	"hoctap/internal/identity"
	"hoctap/internal/place"
	"hoctap/internal/registry"
	"hoctap/internal/store"
)

// form invents what the people of a commune form together: clans, units, and the community of each area.
func (g *generator) form(ctx context.Context, c *commune) error {
	groups := append(g.clans(c), g.units(c)...)
	for _, a := range c.areas {
		s := &subject{area: a, since: g.first, quality: c.rng.NormFloat64()}
		s.Name, s.PlaceID, s.ID, s.Model = a.FullName(), a.ID, a.ID, registry.Community
		for _, f := range a.families {
			s.Adults += f.Adults
		}
		s.Members = len(a.families)
		s.Body = g.elder(c)
		groups = append(groups, s)
	}
	drafts := make([]registry.Draft, len(groups))
	for i, s := range groups {
		drafts[i] = s.Draft()
	}
	err := g.DB.Write(ctx, func(tx *store.Tx) error {
		saved, err := g.Registry.Insert(ctx, tx, identity.System, drafts...)
		if err != nil {
			return err
		}
		for i, s := range groups {
			s.Subject = saved[i]
			if len(s.list) == 0 {
				continue
			}
			members := make([]registry.Member, len(s.list))
			for j, m := range s.list {
				members[j] = registry.Member{PlaceID: m.PlaceID, ID: m.ID, As: registry.MemberFamily}
				if s.Model == registry.Unit {
					members[j].As = registry.MemberOfUnit
				}
			}
			if err := g.Registry.InsertMembers(ctx, tx, identity.System, s.Subject, nil, members...); err != nil {
				return err
			}
		}
		return nil
	})
	c.groups = groups
	g.filled.Groups += len(groups)
	return err
}

// elder is somebody who stands for a group.
func (g *generator) elder(c *commune) string {
	people := c.rng.weighted(c.people)
	return c.rng.person(c.rng.weighted(surnames[people]), "male", c.rng.between(1945, 1975))
}

// branches are second words by which clans of one surname tell each other apart.
var branches = strings.Fields("Văn Đình Xuân Đức Công Huy Quang Trọng Hữu Khắc Bá Duy Tiến Ngọc Thế Viết Như Sỹ Đăng Phúc")

// clans gathers families of one surname that live near each other into clans of up to forty, as many as there are: about one for a
// hundred families.
func (g *generator) clans(c *commune) (list []*subject) {
	bySurname := map[string][]*subject{}
	var order []string
	for _, a := range c.areas {
		for _, f := range a.families {
			if len(bySurname[f.surname]) == 0 {
				order = append(order, f.surname)
			}
			bySurname[f.surname] = append(bySurname[f.surname], f)
		}
	}
	want := max(1, c.families/85)
	names := map[string]int{}
	for len(list) < want {
		before := len(list)
		for _, surname := range order {
			families := bySurname[surname]
			size := c.rng.between(7, 38)
			if len(list) >= want || len(families) < 5 {
				continue
			}
			size = min(size, len(families))
			s := &subject{area: families[0].area, since: g.first, quality: c.rng.NormFloat64(), surname: surname, list: families[:size]}
			bySurname[surname] = families[size:]
			s.PlaceID, s.ID, s.Model = s.area.ID, c.rng.id(), registry.Clan
			s.Name = "Dòng họ " + surname + " " + branches[c.rng.IntN(len(branches))]
			if names[s.Name]++; names[s.Name] > 1 {
				s.Name += " (chi " + strconv.Itoa(names[s.Name]) + ")"
			}
			s.Body = c.rng.person(surname, "male", c.rng.between(1940, 1968))
			s.Members = size
			for _, f := range s.list {
				s.Adults += f.Adults
				s.Children += f.Children
			}
			list = append(list, s)
		}
		if len(list) == before {
			break
		}
	}
	return list
}

// unitNames are the units that every commune has, and those of which larger ones have several. Schools, cooperatives and firms lie in
// an area; what belongs to no area lies in the commune's own leaf, which is as old as the commune.
var unitNames = []struct {
	name, kind string
	own        bool
	body       string
}{
	{"UBND %s", "agency", true, "UBND tỉnh"},
	{"Trường Mầm non %s", "school", false, "UBND xã"},
	{"Trường Tiểu học %s", "school", false, "UBND xã"},
	{"Trường THCS %s", "school", false, "UBND xã"},
	{"Trạm Y tế %s", "other", true, "UBND xã"},
	{"Công an %s", "armed_forces", true, "Công an tỉnh"},
	{"Hợp tác xã Dịch vụ nông nghiệp %s", "cooperative", false, ""},
	{"Công ty TNHH %s Xanh", "enterprise", false, ""},
	{"Ban Chỉ huy quân sự %s", "armed_forces", true, "UBND xã"},
	{"Hợp tác xã Chè %s", "cooperative", false, ""},
	{"Cơ sở mộc %s", "production_base", false, ""},
}

// units invents the commune's units with their members, who are adults of its families where persons are kept, and people without
// a family on record in the commune's own leaf where only numbers are.
func (g *generator) units(c *commune) (list []*subject) {
	workers := []*subject{}
	for _, a := range c.areas {
		for _, f := range a.families {
			for _, p := range f.persons {
				if g.persons && p.Kind != "farmer" && p.Kind != "learner" && p.BirthYear > g.last-60 {
					workers = append(workers, p)
				}
			}
		}
	}
	count := max(8, c.families/190)
	for i := range count {
		u := unitNames[i%len(unitNames)]
		at := c.areas[c.rng.IntN(len(c.areas))]
		s := &subject{area: at, since: g.first, quality: c.rng.NormFloat64() + 0.2}
		s.PlaceID, s.ID, s.Model, s.Kind, s.Body = at.ID, c.rng.id(), registry.Unit, u.kind, u.body
		s.Name = fmt.Sprintf(u.name, c.Name)
		if round := i / len(unitNames); round > 0 {
			s.Name += " " + strconv.Itoa(round+1)
		}
		if u.own {
			s.PlaceID, s.since = place.OwnLeaf(c.ID), max(g.first, 2025)
		}
		size := c.rng.between(9, 32)
		if g.persons {
			for range min(size, len(workers)) {
				j := c.rng.IntN(len(workers))
				s.list = append(s.list, workers[j])
				workers[j] = workers[len(workers)-1]
				workers = workers[:len(workers)-1]
			}
		}
		s.Members = max(1, len(s.list))
		if !g.persons {
			s.Members = size
		}
		list = append(list, s)
	}
	return list
}

// group invents the year of a clan, community or unit.
func (g *generator) group(c *commune, s *subject, r *round) {
	rng := c.rng
	if _, takesPart := r.Plan.Model(s.Model); !takesPart {
		return
	}
	s.strive = s.strives(rng, g.rate(c, s, r.Year))
	f := g.start(c, s, r)
	if r.open && rng.chance(either(s.strive, 0.99, 0.6)) {
		g.register(c, s, f, r)
		switch {
		case r.paper:
			g.onPaper(c, f, r, s.strive)
		case !r.current:
			g.put(f, r, assessment.StageArea, g.groupEntry(c, s, r), g.day(r.Year, 11, 20), s.area.holderID)
			g.decided(c, f, r)
		case s.Model == registry.Unit && g.citizensDecided(r):
			g.unitUnderway(c, s, f, r)
		}
	}
	g.end(c, s, f, r)
	if f.State == assessment.Recognised {
		s.grant(r.Year)
	}
}

func (g *generator) groupEntry(c *commune, s *subject, r *round) assessment.Entry {
	var family, clan, adult assessment.Count
	switch s.Model {
	case registry.Clan:
		for _, f := range s.list {
			g.countFamily(f, r.Year, &family, &adult)
		}
		return clanEntry(c, s, family, adult, s.strive, true)
	case registry.Community:
		for _, f := range s.area.families {
			g.countFamily(f, r.Year, &family, &adult)
		}
		for _, k := range c.groups {
			if k.Model != registry.Clan || !k.in(s.area) {
				continue
			}
			clan.Members++
			if k.holds(r.Year) {
				clan.Holders++
			}
		}
		return communityEntry(c, s, int(clan.Members), family, clan, adult, s.strive, true)
	}
	member := assessment.Count{Members: int64(s.Members)}
	for _, p := range s.list {
		if p.holds(r.Year) {
			member.Holders++
		}
	}
	return unitEntry(c, s, member, s.strive, true)
}

// countFamily adds a household to the counts of a group, as the registry counts it: everyone who is on record today.
func (g *generator) countFamily(f *subject, year int, family, adult *assessment.Count) {
	family.Members++
	if f.holds(year) {
		family.Holders++
	}
	t := f.adults[year-firstYear]
	if t.members == 0 {
		t = g.tally(f, year) // not yet on record then
	}
	adult.Members += int64(t.members)
	adult.Holders += int64(t.holders)
}

// in says whether a clan lies in an area or has a family in it.
func (s *subject) in(a *area) bool {
	if s.area == a {
		return true
	}
	for _, f := range s.list {
		if f.area == a {
			return true
		}
	}
	return false
}

// unitUnderway is how far a unit has come in the current year: units need only their citizens, so they may be early.
func (g *generator) unitUnderway(c *commune, s *subject, f *file, r *round) {
	how := c.rng.Float64() * (0.35 + r.ripeness)
	if r.ripeness == 0 || how < 0.25 {
		return
	}
	at := g.recently(c, r, 25)
	g.put(f, r, assessment.StageSelf, g.groupEntry(c, s, r), at, s.area.holderID)
	if how < 0.45 || !g.begun(r, assessment.StageArea) {
		return
	}
	f.State, f.SentAt = assessment.Sent, at
	f.did(assessment.ActSend, at, f.HolderID, "", nil)
	if how > 0.75 && g.begun(r, assessment.StageAppraisal) && f.Outcome == criteria.Recognised.String() && f.Flags&assessment.AttentionFlags == 0 {
		f.State = assessment.Approved
		f.did(assessment.ActApprove, at.Add(time.Hour), c.officer.ID, "", nil)
	}
}
