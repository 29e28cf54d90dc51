// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"hoctap/internal/registry"
	"hoctap/internal/store"
	"hoctap/internal/text"
)

// subject is somebody or something that is assessed, with what it became in the years so far. Persons hang on their family, the
// lists of clans and units on the group.
type subject struct {
	registry.Subject
	area    *area
	since   int     // first year on record
	quality float64 // how much it strives over the years: 0 is the average, 1 one spread above it
	surname string
	poor    string // poverty_status
	culture bool
	persons []*subject
	list    []*subject // families of a clan, members of a unit

	strive bool   // this year
	plans  uint64 // bit y-firstYear: it strives in year y; only where no persons are kept
	last   last
	titles uint64       // bit y-firstYear: it holds the title of year y
	adults [years]tally // of a family, by year
}

// last is the result of the year before.
type last struct {
	id, outcome string
	total       any // int64 hundredths, or nil
}

// tally is members and those of them who hold a title.
type tally struct{ members, holders uint8 }

// firstYear is the earliest year of assessment that can be invented: the areas are on record since its first day. years bounds
// how many there can be.
const (
	firstYear = 2021
	years     = 24
)

func (s *subject) holds(year int) bool { return s.titles>>(year-firstYear)&1 == 1 }
func (s *subject) grant(year int)      { s.titles |= 1 << (year - firstYear) }

// strives draws whether a subject does in a year what the title asks for, where rate of all do. A subject that did last year
// likely does again.
func (s *subject) strives(r *rng, rate float64) bool {
	z := 0.8*s.quality + 0.6*r.NormFloat64()
	return 0.5*math.Erfc(-z/math.Sqrt2) > 1-rate
}

// households invents the families of an area, in the order of its list.
func (g *generator) households(c *commune, a *area, count int) {
	r := c.rng
	for i := range count {
		f := g.household(c, a)
		f.Number = strconv.Itoa(i + 1)
		if !g.persons {
			g.foresee(c, f)
		}
		a.families = append(a.families, f)
	}
	if count > 40 && !g.many { // one household that is on the list twice, for whoever looks for duplicates
		twin := *a.families[r.IntN(count/2)]
		twin.ID, twin.Number = r.id(), strconv.Itoa(count+1)
		twin.persons, twin.since = nil, g.last
		twin.quality = -1
		a.families = append(a.families, &twin)
	}
}

// foresee draws all years of a household's adults at once and forgets who they are: only their number is kept.
func (g *generator) foresee(c *commune, f *subject) {
	for _, r := range g.rounds {
		if r.Year < citizensSince || f.since > r.Year {
			continue
		}
		f.adults[r.Year-firstYear] = g.holders(c, f, r)
		if f.strive {
			f.plans |= 1 << (r.Year - firstYear)
		}
	}
	f.persons = nil
}

func (g *generator) household(c *commune, a *area) *subject {
	r := c.rng
	f := &subject{area: a, since: g.first, quality: r.NormFloat64(), poor: "none"}
	f.Ethnic = r.weighted(c.people)
	f.surname = r.weighted(surnames[f.Ethnic])
	f.Sex = "male"
	if r.chance(0.22) {
		f.Sex = "female"
	}
	f.BirthYear = r.around(1971, 13, 1936, 1999)
	f.name(r.person(f.surname, f.Sex, f.BirthYear))
	f.PlaceID, f.ID, f.Model, f.State, f.Version = a.ID, r.id(), registry.Family, registry.Active, 1
	if r.chance(0.07) && g.last > g.first {
		f.since = r.between(g.first+1, g.last) // a young household
		f.BirthYear = r.between(1988, 1999)
	}
	switch n := r.IntN(1000); {
	case n < 30 || c.region != "default" && n < 80:
		f.poor = "poor"
	case n < 75 || c.region != "default" && n < 170:
		f.poor = "near_poor"
	}
	if f.poor != "none" {
		f.quality -= 0.6
	}
	f.culture = r.chance(0.9 + 0.04*min(1, f.quality))
	if r.chance(0.25) {
		f.Phone = phone(r)
	}
	g.adultsOf(c, f)
	return f
}

// phone draws a number that looks like one and cannot be: no number in Viet Nam begins with 010.
func phone(r *rng) string { return "010" + strconv.Itoa(r.between(1_000_000, 9_999_999)) }

func (s *subject) name(name string) {
	s.Name, s.Fold = name, text.Fold(name)
	s.Sort = s.Fold[strings.LastIndexByte(s.Fold, ' ')+1:] + " " + s.Fold
}

// The shares of adults by the sheet they are assessed with, outside and inside towns.
var (
	ruralWork = []share{{"farmer", 60}, {"worker", 28}, {"cadre", 12}}
	townWork  = []share{{"farmer", 12}, {"worker", 58}, {"cadre", 30}}
)

// adultsOf invents who lives in a household. Children are a number only.
func (g *generator) adultsOf(c *commune, f *subject) {
	r := c.rng
	year := g.last
	work := ruralWork
	if !c.rural {
		work = townWork
	}
	trade := r.weighted(work)
	other := map[string]string{"male": "female", "female": "male"}
	g.adult(c, f, f.Name, f.Sex, f.BirthYear, trade)
	age := year - f.BirthYear
	if r.chance(0.84) {
		born := f.BirthYear + r.between(-3, 5)
		surname := f.surname
		if f.Sex == "male" {
			surname = r.weighted(surnames[f.Ethnic])
		}
		g.adult(c, f, r.person(surname, other[f.Sex], born), other[f.Sex], born, either(r.chance(0.7), trade, r.weighted(work)))
	}
	young := 0
	switch {
	case age < 48:
		young = r.between(0, 3)
	case age < 62:
		young = r.between(0, 2)
		for range r.between(0, 2) {
			sex := r.one([]string{"male", "female"})
			born := min(f.BirthYear+r.between(22, 32), year-18)
			kind := r.weighted(work)
			if year-born < 23 && r.chance(0.6) {
				kind = "learner"
			}
			g.adult(c, f, r.person(f.surname, sex, born), sex, born, kind)
		}
	default:
		young = r.between(0, 2)
		if r.chance(0.55) {
			born := f.BirthYear + r.between(23, 33)
			g.adult(c, f, r.person(f.surname, "male", born), "male", born, r.weighted(work))
			g.adult(c, f, r.person(r.weighted(surnames[f.Ethnic]), "female", born+2), "female", born+2, r.weighted(work))
		}
	}
	f.Children = min(young, r.between(0, 3))
	f.Adults = max(1, len(f.persons))
	f.Members = f.Adults + f.Children + r.between(0, 1)
}

func (g *generator) adult(c *commune, f *subject, name, sex string, born int, kind string) {
	p := &subject{area: f.area, since: max(f.since, born+registry.AdultAge), quality: f.quality*0.7 + c.rng.NormFloat64()*0.7}
	p.PlaceID, p.ID, p.Model, p.FamilyID, p.State, p.Version = f.PlaceID, c.rng.id(), registry.Citizen, f.ID, registry.Active, 1
	p.Kind, p.Sex, p.BirthYear, p.Ethnic = kind, sex, born, f.Ethnic
	if g.persons {
		p.name(name)
	}
	f.persons = append(f.persons, p)
}

// sorted returns the subjects in list order, as decisions number them.
func sorted(list []*subject) []*subject {
	out := slices.Clone(list)
	slices.SortFunc(out, func(a, b *subject) int {
		if c := strings.Compare(a.Sort, b.Sort); c != 0 {
			return c
		}
		return strings.Compare(a.ID, b.ID)
	})
	return out
}

// insertPeople writes the families of an area and their persons.
func (g *generator) insertPeople(a *area) {
	at := store.Micros(g.begin)
	for _, f := range a.families {
		phone, hash := g.Registry.SealedPhone(f.ID, f.Phone)
		g.out.add(subjects, f.PlaceID, f.ID, f.Model, f.Name, f.Fold, f.Sort, f.Number, "", "", phone, f.BirthYear, f.Sex, f.Ethnic,
			f.Members, f.Adults, f.Children, at, at, hash)
		g.filled.Families++
		if !g.persons {
			continue
		}
		for _, p := range f.persons {
			g.out.add(subjects, p.PlaceID, p.ID, p.Model, p.Name, p.Fold, p.Sort, "", p.FamilyID, p.Kind, "", p.BirthYear, p.Sex, p.Ethnic, 0, 0, 0, at, at, "")
			g.filled.Citizens++
		}
	}
}

// insertEntries writes what other registers say of a family in a year.
func (g *generator) insertEntries(f *subject, year int) {
	at := store.Micros(g.day(year, 9, 30))
	y := strconv.Itoa(year)
	g.out.add(entries, f.PlaceID, f.ID, year, "poverty_status", f.poor, "Rà soát hộ nghèo "+y, at)
	g.out.add(entries, f.PlaceID, f.ID, year, "culture_family", strconv.FormatBool(f.culture), "Danh sách Gia đình văn hóa "+y, at)
	if !g.persons {
		g.out.add(entries, f.PlaceID, f.ID, year, registry.CitizenTitles, strconv.Itoa(int(f.adults[year-firstYear].holders)), "congdanhoctap.vn "+y, at)
	}
}
