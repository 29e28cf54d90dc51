// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"context"
	"strconv"

	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/place"
	"hoctap/internal/registry"
	"hoctap/internal/store"
)

// commune is one commune of today with what is invented for it.
type commune struct {
	place.Place
	rng      *rng
	families int // how many to invent
	people   []share
	shift    float64 // how much more or less than the province its subjects strive for the titles
	rural    bool
	region   string
	old      []string // ids of the communes of firstDay that became this one
	areas    []*area
	head     string // login part: "hycuong"
	officer  identity.Actor
	reviewer identity.Actor

	ledger *ledger
	groups []*subject // clans, then units, then communities
}

// area is one residential area.
type area struct {
	place.Place
	old       string // id of the commune it lay in before the merger, "" when it was made after it
	families  []*subject
	order     int
	pace      float64 // how far ahead (or behind) of the others it is with the year's work, -0.5 … 0.5
	shift     float64
	holderID  string // whose scores the area's sheets are
	volunteer identity.Actor
	held      *file // waits for a second household with the same picture
	heldWish  int
}

// firstDay is from when the areas are on record, under the communes of that time.
const firstDay = "2021-01-01"

// Sizes of areas, in families: those of a small demo are small, so that a screen shows many of them; in the province an area head
// has about 190.
const (
	smallArea = 125
	usualArea = 192
)

func (g *generator) chooseCommunes(ctx context.Context) error {
	all, err := g.Places.Children(ctx, g.province, "")
	if err != nil {
		return err
	}
	byCode := map[string]place.Place{}
	var units []place.Place
	for _, p := range all {
		if p.Level == place.Commune {
			byCode[p.Code] = p
			units = append(units, p)
		}
	}
	var people int64
	for i, code := range codes(g.o, units) {
		p, ok := byCode[code]
		if !ok {
			return fault.NotFound("commune", code)
		}
		p.Population = max(p.Population, 1)
		people += p.Population
		g.communes = append(g.communes, &commune{Place: p, rng: newRNG(g.o.Seed, code, i)})
	}
	for _, c := range g.communes {
		c.families = max(4, int(int64(g.o.Families)*c.Population/people))
		g.describe(c)
	}
	return nil
}

// describe decides what kind of commune it is: who lives there, how mountainous, how eager. Who really lives where, and which
// region kind the province has given a commune, is not known here and made up.
func (g *generator) describe(c *commune) {
	density := 300.0
	if c.Attrs.AreaKm2 > 0 {
		density = float64(c.Population) / c.Attrs.AreaKm2
	}
	c.rural = c.Kind != "Phường"
	origin := ""
	if len(c.Attrs.OldProvinces) > 0 {
		origin = c.Attrs.OldProvinces[0]
	}
	c.shift = c.rng.NormFloat64() * 0.035
	switch {
	case origin == hoaBinh:
		c.people = []share{{muong, 62}, {kinh, 18}, {tay, 12}, {dao, 8}}
		c.shift -= 0.03
		if density < 250 {
			c.region = place.RegionMountainous
		}
		if density < 55 {
			c.region = place.RegionEspeciallyDifficult
		}
	case origin == phuTho && density < 220:
		c.people = []share{{kinh, 58}, {muong, 36}, {dao, 6}}
		c.region = place.RegionMountainous
	default:
		c.people = []share{{kinh, 96}, {muong, 3}, {tay, 1}}
	}
	c.head = login(c.Name)
}

// The codes of the three old provinces.
const (
	phuTho   = "25"
	vinhPhuc = "26"
	hoaBinh  = "17"
)

// settle writes what a commune has of small tables: its region kind, its areas since firstDay, and its bodies.
func (g *generator) settle(ctx context.Context, c *commune) error {
	if c.region != "" && c.region != c.Place.Region {
		if err := g.Places.SetRegion(ctx, identity.System, c.ID, c.Version, c.region); err != nil {
			return err
		}
	}
	if c.region == "" {
		c.region = place.RegionDefault
	}
	history, err := g.Places.History(ctx, c.ID)
	if err != nil {
		return err
	}
	divided := map[string]bool{}
	for _, t := range history.Predecessors {
		if t.Relation == place.Partial {
			divided[t.Old.ID] = true // its areas went several ways; which, nobody has on record
		}
	}
	for _, t := range history.Predecessors {
		if t.Old.Level == place.Commune && t.Old.On(firstDay) && !divided[t.Old.ID] && t.Old.ID != c.ID {
			c.old = append(c.old, t.Old.ID)
			divided[t.Old.ID] = true
		}
	}
	drafts, old := c.drafts(g.o.Families <= manyFamilies)
	err = g.DB.Write(ctx, func(tx *store.Tx) error {
		c.areas = nil
		list, err := g.Places.CreateAreas(ctx, tx, identity.System, c.ID, drafts)
		for i, p := range list {
			c.areas = append(c.areas, &area{Place: p, old: old[i], order: i})
		}
		return err
	})
	if err != nil {
		return err
	}
	// The golden section spreads any number of areas evenly and without a pattern over slow and quick.
	for i, a := range c.areas {
		pace := float64(i+1) * 0.6180339887
		a.pace = pace - float64(int(pace)) - 0.5
		a.shift = c.rng.NormFloat64() * 0.04
	}
	return g.prepareLedger(ctx, c)
}

// drafts invents the areas of a commune, in order of the old communes they lay in, and says which that was.
func (c *commune) drafts(small bool) (drafts []place.AreaDraft, old []string) {
	size := usualArea
	if small {
		size = smallArea
	}
	count := max(1, len(c.old), (c.families+size/2)/size)
	names := c.areaNames(count)
	for i, name := range names {
		d := place.AreaDraft{CommuneID: c.ID, Name: name.value, Kind: c.areaKind(), From: firstDay}
		from := ""
		if len(c.old) > 0 {
			from = c.old[i*len(c.old)/count]
			d.OldCommuneID = from
		} else {
			d.From = c.ValidFrom
		}
		drafts, old = append(drafts, d), append(old, from)
	}
	return drafts, old
}

func (c *commune) areaKind() string {
	origin := phuTho
	if len(c.Attrs.OldProvinces) > 0 {
		origin = c.Attrs.OldProvinces[0]
	}
	switch {
	case !c.rural:
		return "Tổ dân phố"
	case origin == hoaBinh:
		return "Xóm"
	case origin == vinhPhuc:
		return "Thôn"
	}
	return "Khu"
}

// areaNames gives numbers where people number their areas, and otherwise names, no two alike in a commune.
func (c *commune) areaNames(count int) []share {
	var pool []string
	switch c.areaKind() {
	case "Xóm":
		pool = hamlets
	case "Thôn":
		pool = thons
	}
	list := make([]share, 0, count)
	order := c.rng.Perm(max(1, len(pool)))
	for i := range count {
		name := strconv.Itoa(i + 1)
		if len(pool) > 0 {
			name = spaced(pool[order[i%len(pool)]])
			if round := i / len(pool); round > 0 {
				name += " " + strconv.Itoa(round+1)
			}
		}
		list = append(list, share{value: name})
	}
	return list
}

// areaSizes splits the commune's number over its areas, a few more here and a few less there.
func (c *commune) areaSizes() []int {
	sizes := make([]int, len(c.areas))
	left := c.families
	for i := range sizes {
		n := left / (len(sizes) - i)
		if i < len(sizes)-1 {
			n = max(1, c.rng.around(float64(n), float64(n)/6, n/2, n*3/2))
		}
		sizes[i] = max(1, min(n, left))
		left -= n
	}
	return sizes
}

// models in the order in which a year closes.
var models = []string{registry.Citizen, registry.Family, registry.Clan, registry.Community, registry.Unit}
