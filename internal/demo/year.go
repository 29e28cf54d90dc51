// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"strings"
	"time"

	"hoctap/internal/assessment"
	"hoctap/internal/criteria"
	"hoctap/internal/registry"
	"hoctap/internal/store"
)

// rates are the shares of all subjects that strive for the title and get it: near those reported by provinces (families 71 to
// 91 %, clans 55 to 61 %, communities 76 to 91 %, units 78 to 98 %), rising towards the plan's targets.
var rates = map[string]struct{ first, rise float64 }{
	registry.Family:    {0.75, 0.024},
	registry.Clan:      {0.54, 0.018},
	registry.Community: {0.74, 0.026},
	registry.Unit:      {0.78, 0.028},
}

func (g *generator) rate(c *commune, s *subject, year int) float64 {
	r := rates[s.Model]
	rate := r.first + r.rise*float64(min(year, firstYear+7)-firstYear) + c.shift
	if s.area != nil {
		rate += s.area.shift
	}
	return max(0.2, min(0.97, rate))
}

// start lists a subject in a round, with last year's result beside it, as assessment.ListLeaf does.
func (g *generator) start(c *commune, s *subject, r *round) *file {
	plan, _ := r.Plan.Model(s.Model)
	f := &file{sheets: map[assessment.Stage]sheet{}}
	f.Assessment = assessment.Assessment{PlaceID: s.PlaceID, ID: c.rng.id(), RoundID: r.ID, Model: s.Model, SubjectID: s.ID, Name: s.Name, Fold: s.Fold,
		Sort: s.Sort, Number: s.Number, SetID: plan.SetID, State: assessment.Listed, Version: 1}
	if s.last.id != "" {
		f.PrevID, f.PrevPlaceID, f.PrevTotal, f.PrevOutcome = s.last.id, s.PlaceID, pointsOf(s.last.total), s.last.outcome
	}
	if f.PrevOutcome == "" {
		f.Flags = assessment.FlagNew
	}
	f.UpdatedAt = g.day(r.Year, 1, 5)
	f.keep = r.current && !g.many && s.Model != registry.Citizen
	f.was = note{State: f.State, Version: f.Version}
	return f
}

// register notes that the subject strives for the title, on a day of the window.
func (g *generator) register(c *commune, s *subject, f *file, r *round) {
	on := g.day(r.Year, 1, 8).AddDate(0, 0, c.rng.IntN(80))
	if on.After(g.today) {
		on = g.today
	}
	f.State, f.RegisteredAt = assessment.Registered, on
	f.did(assessment.ActRegister, on, s.area.holderID, "", nil)
}

// end stores a file and remembers it for the next year.
func (g *generator) end(c *commune, s *subject, f *file, r *round) {
	s.last = last{}
	if f.State != assessment.Listed {
		s.last = last{f.ID, f.Outcome, hundredths(f.Total)}
	}
	if f.State == assessment.Recognised {
		g.award(c, s, f, r)
	}
	g.count(&f.Assessment, r.Year)
	if s.area.held != f {
		g.emit(c, f)
	}
}

// emit writes a file with its sheets.
func (g *generator) emit(c *commune, f *file) {
	g.tell(c, f)
	if f.Stage == "" || f.Stage == assessment.StagePaper {
		g.out.add(results, f.PlaceID, f.ID, f.RoundID, f.Model, f.SubjectID, f.Name, f.Fold, f.Sort, f.Number, f.SetID, string(f.State), string(f.Stage),
			hundredths(f.Total), f.Outcome, int(f.Flags), f.PrevID, f.PrevPlaceID, hundredths(f.PrevTotal), f.PrevOutcome, f.Exemplary,
			store.Micros(f.RegisteredAt), f.Version, store.Micros(f.UpdatedAt))
		return
	}
	scoredBy, closedBy := "", ""
	if _, appraised := f.sheets[assessment.StageAppraisal]; appraised {
		scoredBy = c.reviewer.ID
	}
	switch f.State {
	case assessment.Approved, assessment.Rejected, assessment.Recognised, assessment.Revoked:
		closedBy = c.officer.ID
	}
	g.out.add(assessments, f.PlaceID, f.ID, f.RoundID, f.Model, f.SubjectID, f.Name, f.Fold, f.Sort, f.Number, f.SetID, string(f.State), string(f.Stage),
		hundredths(f.Total), f.Outcome, f.Missing, hundredths(f.SelfTotal), hundredths(f.AreaTotal), hundredths(f.CommuneTotal), int64(f.Gap),
		int(f.Flags), f.Evidence, f.PrevID, f.PrevPlaceID, hundredths(f.PrevTotal), f.PrevOutcome, f.VotesFor, f.VotesAgainst, f.Exemplary,
		f.HolderID, scoredBy, closedBy, store.Micros(f.RegisteredAt), store.Micros(f.SentAt), f.Version, store.Micros(f.UpdatedAt))
	for _, stage := range []assessment.Stage{assessment.StageSelf, assessment.StageArea, assessment.StageAppraisal} {
		if sh, ok := f.sheets[stage]; ok {
			by := f.HolderID
			if stage == assessment.StageAppraisal {
				by = c.reviewer.ID
			}
			g.out.add(sheets, f.PlaceID, f.ID, string(stage), encode(sh.entry), sh.points, sh.total, sh.outcome, by, store.Micros(f.UpdatedAt))
		}
	}
}

// onPaper gives a registered file the result of a paper year: a total and a decision, nothing more.
func (g *generator) onPaper(c *commune, f *file, r *round, passes bool) {
	threshold := 80
	if strings.Contains(f.SetID, "448") {
		threshold = 70
	}
	if c.region != "default" {
		threshold -= 10
	}
	total := c.rng.between(threshold-24, threshold-1)
	f.State, f.Outcome = assessment.Rejected, criteria.NotRecognised.String()
	if passes {
		total = min(98, threshold+c.rng.between(1, 9)+c.rng.between(0, 10))
		f.State, f.Outcome = assessment.Recognised, criteria.Recognised.String()
	}
	p := criteria.Points(total * 100)
	f.Total, f.Stage = &p, assessment.StagePaper
	f.did(assessment.ActRecognise, g.decisionDay(r, f.Model), c.officer.ID, "", nil)
}

// citizens invents the year of the adults of an area. Where no persons are kept it was foreseen with their household.
func (g *generator) citizens(c *commune, a *area, r *round) {
	for _, f := range a.families {
		if f.since > r.Year {
			continue
		}
		if !g.persons {
			f.strive = f.plans>>(r.Year-firstYear)&1 == 1
			continue
		}
		g.holders(c, f, r)
		for _, p := range f.persons {
			if p.since <= r.Year {
				g.citizen(c, p, r)
			}
		}
		f.adults[r.Year-firstYear] = g.tally(f, r.Year)
	}
}

// tally counts who holds the title of a year in a family, as registry.MemberCounts does.
func (g *generator) tally(f *subject, year int) (t tally) {
	if len(f.persons) == 0 {
		return tally{members: uint8(f.Adults)}
	}
	for _, p := range f.persons {
		if p.BirthYear <= year-registry.AdultAge {
			t.members++
			if p.holds(year) {
				t.holders++
			}
		}
	}
	return t
}

// The shares of adults by group who reach the title in a striving household and in another one: together near the 43 % of farmers,
// 65 % of workers and 87 % of officials that pilots reported.
var (
	striving = map[string]float64{"farmer": 0.42, "worker": 0.68, "cadre": 0.94, "learner": 0.8}
	others   = map[string]float64{"farmer": 0.12, "worker": 0.25, "cadre": 0.6, "learner": 0.45}
)

// holders draws which adults of a family are to reach the title, noting it in their plan for the year. A family's own title asks
// for 40 % of its adults until 2025 and for 60 % after: most striving families see to it.
func (g *generator) holders(c *commune, f *subject, r *round) (t tally) {
	rng := c.rng
	f.strive = f.strives(rng, g.rate(c, f, r.Year))
	p := others
	if f.strive {
		p = striving
	}
	var idle []*subject
	for _, m := range f.persons {
		if m.BirthYear > r.Year-registry.AdultAge {
			continue
		}
		t.members++
		m.strive = rng.chance(min(0.97, p[m.Kind]+0.02*float64(r.Year-citizensSince)))
		if m.strive {
			t.holders++
		} else {
			idle = append(idle, m)
		}
	}
	floor := 40
	if r.Year > 2025 {
		floor = 60
	}
	if f.strive && rng.chance(0.92) {
		for i := 0; i < len(idle) && int(t.holders)*100 < floor*int(t.members); i++ {
			idle[i].strive = true
			t.holders++
		}
	}
	return t
}

func (g *generator) citizensDecided(r *round) bool {
	return !r.current || !g.today.Before(g.decisionDay(r, registry.Citizen))
}

// citizen invents a person's year: registered or not, recognised or not.
func (g *generator) citizen(c *commune, p *subject, r *round) {
	f := g.start(c, p, r)
	if r.open && (p.strive || c.rng.chance(0.55)) {
		g.register(c, p, f, r)
		switch {
		case r.paper:
			g.onPaper(c, f, r, p.strive)
		case g.citizensDecided(r):
			g.put(f, r, assessment.StageSelf, citizenEntry(c, p, p.strive), g.day(r.Year, 9, 5), p.area.holderID)
			g.decided(c, f, r)
		}
	}
	g.end(c, p, f, r)
	if f.State == assessment.Recognised {
		p.grant(r.Year)
	}
}

// decided ends a file whose sheets are all there: sent, appraised, and recognised or rejected by the sheet's outcome.
func (g *generator) decided(c *commune, f *file, r *round) {
	on := g.decisionDay(r, f.Model)
	f.State, f.SentAt = assessment.Sent, on.AddDate(0, 0, -14)
	f.did(assessment.ActSend, f.SentAt, f.HolderID, "", nil)
	if f.Outcome != criteria.Recognised.String() {
		f.State = assessment.Rejected
		f.did(assessment.ActReject, on.AddDate(0, 0, -4), c.officer.ID, "Chưa đủ điểm hoặc điều kiện theo bộ tiêu chí.", nil)
		return
	}
	f.State = assessment.Approved
	f.did(assessment.ActApprove, on.AddDate(0, 0, -4), c.officer.ID, "", nil)
	f.State = assessment.Recognised
	f.did(assessment.ActRecognise, on, c.officer.ID, "", nil)
}

// decisionDay is when the bodies decide on a model.
func (g *generator) decisionDay(r *round, model string) time.Time {
	switch model {
	case registry.Citizen:
		return g.day(r.Year, 9, 28)
	case registry.Family:
		return g.day(r.Year, 12, 8)
	case registry.Clan:
		return g.day(r.Year, 12, 11)
	}
	return g.day(r.Year, 12, 15)
}

// family invents a household's year.
func (g *generator) family(c *commune, s *subject, r *round) {
	if r.Year < citizensSince {
		s.strive = s.strives(c.rng, g.rate(c, s, r.Year))
	}
	f := g.start(c, s, r)
	if r.open && c.rng.chance(either(s.strive, 0.985, 0.5)) && (!r.current || g.registrationRuns(c, r)) {
		g.register(c, s, f, r)
		switch {
		case r.paper:
			g.onPaper(c, f, r, s.strive)
		case !r.current:
			g.wholeYear(c, s, f, r)
		default:
			g.underway(c, s, f, r)
		}
	}
	if !r.paper && (r.current || g.persons) {
		g.insertEntries(s, r.Year)
	}
	g.end(c, s, f, r)
	if f.State == assessment.Recognised {
		s.grant(r.Year)
	}
}

// registrationRuns says whether a household of the current year has come to register by the day: all have after the window.
func (g *generator) registrationRuns(c *commune, r *round) bool {
	w, _ := r.Plan.Window(assessment.StageRegistration)
	if g.o.Today > w.To {
		return true
	}
	from, _ := time.ParseInLocation(time.DateOnly, w.From, store.Zone)
	to, _ := time.ParseInLocation(time.DateOnly, w.To, store.Zone)
	return c.rng.chance(g.today.Sub(from).Hours() / to.Sub(from).Hours())
}

// wholeYear gives a family all the sheets of a year that is over.
func (g *generator) wholeYear(c *commune, s *subject, f *file, r *round) {
	e, by := g.familyEntry(c, s, r.Year, s.strive, true), s.area.holderID
	if !g.many && c.rng.chance(0.4) {
		g.put(f, r, assessment.StageSelf, selfEntry(c.rng, e), g.day(r.Year, 10, 20), by)
	}
	g.put(f, r, assessment.StageArea, e, g.day(r.Year, 11, 18), by)
	g.decided(c, f, r)
}
