// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"context"
	"encoding/json"
	"strconv"
	"time"

	"hoctap/internal/assessment"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/place"
	"hoctap/internal/registry"
	"hoctap/internal/rollup"
	"hoctap/internal/store"
)

// generator invents one commune after the other. Only one goroutine uses it.
type generator struct {
	Services
	o           Options
	province    string
	first, last int  // years
	persons     bool // adults are kept one by one
	many        bool // the whole province: no journal of single acts
	begin       time.Time
	today       time.Time
	rounds      []*round
	communes    []*commune
	provincial  identity.Actor // the officer of the province
	scorers     map[string]*assessment.Scorer
	out         *batch
	cells       map[cell]rollup.Counts
	wishes      []wish
	broken      error // a sheet that its set refused: a mistake of this package
	filled      Filled
	texts       map[spoken]string // hashes of what decisions say
}

// cell names one counter.
type cell struct {
	placeID string
	year    int
	model   string
}

// round is a year of assessment with how it is invented.
type round struct {
	assessment.Round
	paper    bool // only totals and decisions
	current  bool // still under way on the day of the demo
	ripeness float64
	open     bool // registration has begun
}

func newGenerator(ctx context.Context, s Services, o Options) (*generator, error) {
	g := &generator{Services: s, o: o, first: o.From, last: o.To, persons: o.Families <= personsUpTo && !o.Numbers, many: o.Families > manyFamilies,
		province: place.OfficialID("25", "2025-07-01"), scorers: map[string]*assessment.Scorer{}, cells: map[cell]rollup.Counts{}, texts: map[spoken]string{}}
	var err error
	if g.today, err = time.ParseInLocation(time.DateOnly, o.Today, store.Zone); err != nil {
		return nil, err
	}
	g.begin = g.day(g.first, 1, 4)
	for year := g.first; year <= g.last; year++ {
		if err := g.addRound(ctx, year); err != nil {
			return nil, err
		}
	}
	if len(g.rounds) > years {
		return nil, fault.Invalid(fault.Field("from", "demo.years", "from_year", firstYear, "to_year", firstYear+years-1))
	}
	return g, g.chooseCommunes(ctx)
}

// day is nine in the morning of a date.
func (g *generator) day(year, month, day int) time.Time {
	return time.Date(year, time.Month(month), day, 9, 0, 0, 0, store.Zone)
}

// oldSets are the sets of decision 448, which held until the ones of 2022.
var oldSets = map[string]string{registry.Family: "family-448-2015@1", registry.Clan: "clan-448-2015@1", registry.Community: "community-448-2015@1",
	registry.Unit: "unit-448-2015@1"}

// citizensSince is the first year of the national system for citizens.
const citizensSince = 2023

// addRound plans the round of a year: paper results before last year, sheets in the last year that is over, and a current one as far as
// the day allows.
func (g *generator) addRound(ctx context.Context, year int) error {
	r := assessment.Template(year, g.province)
	r.ID, r.Version = newRNG(g.o.Seed, "round "+strconv.Itoa(year), 0).idAt(g.day(year, 1, 2).UnixMilli()), 1
	r.State = assessment.RoundClosed
	n := &round{Round: r, current: year == g.today.Year()}
	lastOver := min(g.last, g.today.Year()-1)
	n.paper = !n.current && year < lastOver
	n.Title = "Đánh giá mô hình học tập năm " + strconv.Itoa(year)
	if n.paper {
		n.Title += " (kết quả trên giấy)"
	}
	if n.current {
		n.State = assessment.RoundOpen
	}
	kept := n.Plan.Models[:0]
	for _, m := range n.Plan.Models {
		if m.Model == registry.Citizen && year < citizensSince {
			continue
		}
		set, err := g.Sets.Compiled(ctx, m.SetID)
		if err != nil {
			return err
		}
		if !set.Set.Effective.Holds(year) {
			m.SetID, m.Body = oldSets[m.Model], "ubnd_xa" // under decision 448 the People's Committees recognised
			if set, err = g.Sets.Compiled(ctx, m.SetID); err != nil {
				return err
			}
		}
		m.Paper = n.paper
		if g.scorers[m.SetID] == nil {
			g.scorers[m.SetID] = assessment.NewScorer(set)
		}
		kept = append(kept, m)
	}
	n.Plan.Models = kept
	n.open, n.ripeness = true, 1
	if n.current {
		registration, _ := n.Plan.Window(assessment.StageRegistration)
		n.open = g.o.Today >= registration.From
		n.ripeness = g.ripeness(n)
	}
	g.rounds = append(g.rounds, n)
	return nil
}

// ripeness is how far the day lies between the first day of scoring (0) and the last of appraisal (1).
func (g *generator) ripeness(r *round) float64 {
	self, _ := r.Plan.Window(assessment.StageSelf)
	appraisal, _ := r.Plan.Window(assessment.StageAppraisal)
	from, _ := time.ParseInLocation(time.DateOnly, self.From, store.Zone)
	to, _ := time.ParseInLocation(time.DateOnly, appraisal.To, store.Zone)
	return max(0, min(1, g.today.Sub(from).Hours()/to.Sub(from).Hours()))
}

// begun says whether a stage of the current round has begun.
func (g *generator) begun(r *round, stage assessment.Stage) bool {
	w, ok := r.Plan.Window(stage)
	return ok && g.o.Today >= w.From
}

const insertRound = `INSERT INTO round (id, year, title, place_id, plan, state, version, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`

// openRounds writes the rounds last: until then nothing in the registry is told of an open round.
func (g *generator) openRounds(ctx context.Context) error {
	return g.DB.Write(ctx, func(tx *store.Tx) error {
		for _, r := range g.rounds {
			plan, err := json.Marshal(r.Plan)
			if err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, insertRound, r.ID, r.Year, r.Title, r.PlaceID, string(plan), string(r.State), r.Version,
				store.Micros(g.day(r.Year, 1, 2))); err != nil {
				return err
			}
		}
		return nil
	})
}

// fill invents one commune: people area by area through all years, then what people form together.
func (g *generator) fill(ctx context.Context, c *commune) error {
	sizes := c.areaSizes()
	for i, a := range c.areas {
		g.households(c, a, sizes[i])
		g.insertPeople(a)
		if err := g.out.flush(false); err != nil {
			return err
		}
	}
	if err := g.form(ctx, c); err != nil {
		return err
	}
	for _, r := range g.rounds {
		if err := g.year(c, r); err != nil {
			return err
		}
	}
	g.filled.Communes++
	g.filled.Areas += len(c.areas)
	g.flushCells()
	c.areas, c.groups, c.ledger = nil, nil, nil // a million families are never in memory at once
	return g.broken
}

// year invents what became of every subject of the commune in a year, in the order in which models close.
func (g *generator) year(c *commune, r *round) error {
	for _, a := range c.areas {
		if r.Year >= citizensSince {
			g.citizens(c, a, r)
		}
		for _, f := range sorted(a.families) {
			if f.since <= r.Year {
				g.family(c, f, r)
			}
		}
		if a.held != nil { // no second one came
			g.emit(c, a.held)
			a.held = nil
		}
		if err := g.areaMinutes(c, a, r); err != nil {
			return err
		}
		if err := g.out.flush(false); err != nil {
			return err
		}
	}
	for _, model := range []string{registry.Clan, registry.Community, registry.Unit} {
		for _, s := range c.groups {
			if s.Model == model && s.since <= r.Year {
				g.group(c, s, r)
			}
		}
	}
	g.close(c, r)
	return g.conclude(c)
}

// close notes which models the commune has closed.
func (g *generator) close(c *commune, r *round) {
	for _, m := range r.Plan.Models {
		over := !r.current || m.Model == registry.Citizen && g.citizensDecided(r)
		if over {
			at := g.day(r.Year, 12, 22)
			if r.current {
				at = g.decisionDay(r, registry.Citizen).AddDate(0, 0, 1)
			}
			g.out.add(closes, c.ID, r.ID, m.Model, store.Micros(at), c.officer.ID)
		}
	}
}

// flushCells writes the counters of the commune that was just invented.
func (g *generator) flushCells() {
	byYear := map[int]*round{}
	for _, r := range g.rounds {
		byYear[r.Year] = r
	}
	for k, c := range g.cells {
		g.out.add(cells, k.placeID, byYear[k.year].ID, k.model, c.Total, c.Registered, c.Scored, c.Sent, c.Returned, c.Approved, c.Rejected,
			c.Recognised, c.Exemplary, c.Passing)
	}
	clear(g.cells)
}

// count adds an assessment to its cell.
func (g *generator) count(a *assessment.Assessment, year int) {
	k := cell{a.PlaceID, year, a.Model}
	g.cells[k] = g.cells[k].Plus(assessment.CountsOf(a))
}
