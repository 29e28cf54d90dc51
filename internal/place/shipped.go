// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package place

import (
	"cmp"
	"fmt"
	"io/fs"
	"slices"

	"hoctap/internal/store"
)

// The days of the reform of 2025: the district level and the old communes ended, the new ones began.
const (
	lastOld  = "2025-06-30"
	firstNew = "2025-07-01"
)

// shipped is the tree as the data files give it, before it is written.
type shipped struct {
	places map[string]*Place
	order  []*Place           // as read, a parent before its children
	states map[key][]*Place   // by level and code, oldest first
	stays  map[string][]stay  // by place, oldest first
	steps  map[[3]string]step // by old, new and date
	leads  []step             // steps in the order read
}

type key struct{ level, code string }

// read builds the tree from the files of data/places.
func read(files fs.FS) (*shipped, error) {
	t := &shipped{places: map[string]*Place{}, states: map[key][]*Place{}, stays: map[string][]stay{}, steps: map[[3]string]step{}}
	t.add(&Place{ID: Root, Level: Country, Code: Root, Name: "Việt Nam", ValidFrom: store.Always, ValidTo: store.Still})
	t.stays[Root] = []stay{{from: store.Always, to: store.Still, path: "/" + Root + "/"}}
	for _, part := range []func(fs.FS) error{
		t.readOldProvinces, t.readProvinces, t.readOldUnits, t.readCommunes, t.readPhuTho,
		t.readSuccessions, t.readPhuThoMapping, t.readMapping,
	} {
		if err := part(files); err != nil {
			return nil, err
		}
	}
	t.linkStates()
	t.addOwnLeaves()
	return t, nil
}

// add keeps a new state of a unit. Its region is set here, because all shipped units have the same one.
func (t *shipped) add(p *Place) *Place {
	p.Region = RegionDefault
	t.places[p.ID] = p
	t.order = append(t.order, p)
	k := key{p.Level, p.Code}
	t.states[k] = append(t.states[k], p)
	slices.SortFunc(t.states[k], func(a, b *Place) int { return cmp.Compare(a.ValidFrom, b.ValidFrom) })
	return p
}

// official adds a state of an official unit, which must not be on record yet.
func (t *shipped) official(level, code, kind, name, from, to string) (*Place, error) {
	switch {
	case name == "":
		return nil, fmt.Errorf("unit %s has no name", code)
	case from > to:
		return nil, fmt.Errorf("unit %s ends on %s, before it begins", code, to)
	}
	for _, other := range t.states[key{level, code}] {
		if other.ValidFrom <= to && from <= other.ValidTo {
			return nil, fmt.Errorf("unit %s has two states at one time, %s and %s", code, other.Name, name)
		}
	}
	return t.add(&Place{ID: OfficialID(code, from), Level: level, Code: code, Kind: kind, Name: name, ValidFrom: from, ValidTo: to}), nil
}

// state returns the state of a unit on date, nil when there is none.
func (t *shipped) state(level, code, date string) *Place {
	for _, p := range t.states[key{level, code}] {
		if p.On(date) {
			return p
		}
	}
	return nil
}

// lay says that p lay in the places of parents, each for the days it existed, and in those of instead on the days left over:
// a unit may be older than the record of its district.
func (t *shipped) lay(p *Place, parents, instead []*Place) {
	first, last := p.ValidFrom, p.ValidTo
	for _, parent := range parents {
		if parent.ValidTo < first || parent.ValidFrom > last {
			continue
		}
		if parent.ValidFrom > first {
			t.within(p, first, dayBefore(parent.ValidFrom), instead)
		}
		t.within(p, max(first, parent.ValidFrom), min(last, parent.ValidTo), []*Place{parent})
		if parent.ValidTo >= last {
			return
		}
		first = dayAfter(parent.ValidTo)
	}
	t.within(p, first, last, instead)
}

func (t *shipped) within(p *Place, from, to string, parents []*Place) {
	for _, parent := range parents {
		for _, above := range t.stays[parent.ID] {
			s := stay{from: max(from, above.from), to: min(to, above.to), parent: parent.ID, path: above.path + p.ID + "/",
				commune: above.commune, province: above.province}
			if s.from > s.to {
				continue
			}
			switch p.Level {
			case Province:
				s.province = p.ID
			case Commune:
				s.commune = p.ID
			}
			t.stays[p.ID] = append(t.stays[p.ID], s)
		}
	}
}

// became keeps a succession; the first reading of a pair and day counts.
func (t *shipped) became(old, new *Place, date, relation, instrument, note string) {
	k := [3]string{old.ID, new.ID, date}
	if _, known := t.steps[k]; known {
		return
	}
	t.steps[k] = step{old.ID, new.ID, date, relation, instrument, note}
	t.leads = append(t.leads, t.steps[k])
}

// linkStates joins the states of one unit that follow each other without a succession of their own, such as the
// communes that became wards in 2026.
func (t *shipped) linkStates() {
	for _, p := range t.order {
		states := t.states[key{p.Level, p.Code}]
		i := slices.Index(states, p)
		if i == 0 || p.ValidFrom <= firstNew {
			continue
		}
		relation, instrument := Renamed, ""
		if states[i-1].Name == p.Name {
			relation = KindChanged
		}
		if p.ValidFrom == "2026-04-30" {
			instrument = map[string]string{Province: "30/2026/QH16", Commune: "237/NQ-UBTVQH16"}[p.Level]
		}
		t.became(states[i-1], p, p.ValidFrom, relation, instrument, "")
	}
}

// addOwnLeaves gives every province and commune of the new map its own leaf, which outlives the state it was made for and
// then lies in the next one.
func (t *shipped) addOwnLeaves() {
	for _, p := range slices.Clone(t.order) {
		if p.Level != Province && p.Level != Commune || p.ValidFrom < firstNew {
			continue
		}
		states := t.states[key{p.Level, p.Code}]
		states = states[slices.Index(states, p):]
		leaf := t.add(&Place{ID: OwnLeaf(p.ID), Level: Own, Code: p.Code, Name: ownName(*p),
			ValidFrom: p.ValidFrom, ValidTo: states[len(states)-1].ValidTo})
		leaf.Region = ""
		t.lay(leaf, states, nil)
	}
}

// check proves what every later query relies on: the stays of a place cover its days without gap or overlap.
func (t *shipped) check() error {
	for _, p := range t.order {
		next := p.ValidFrom
		for _, s := range t.stays[p.ID] {
			if s.from != next {
				return fmt.Errorf("place %s lies nowhere, or twice, on %s", p.ID, min(s.from, next))
			}
			next = dayAfter(s.to)
		}
		if n := len(t.stays[p.ID]); n == 0 || t.stays[p.ID][n-1].to != p.ValidTo {
			return fmt.Errorf("place %s lies nowhere on its last days", p.ID)
		}
	}
	return nil
}
