// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package assessment

import (
	"context"
	"maps"
	"strconv"

	"hoctap/internal/criteria"
	"hoctap/internal/registry"
	"hoctap/internal/store"
)

// headFacts are the facts that the registry itself can answer for a subject, per model. A person's own figure wins: the
// registry may be behind.
func headFacts(sub *registry.Subject) map[string]int {
	switch sub.Model {
	case registry.Family:
		return map[string]int{"adults": sub.Adults, "children_school_age": sub.Children}
	case registry.Clan:
		return map[string]int{"families": sub.Members, "descendants_school_age": sub.Children}
	case registry.Community:
		return map[string]int{"population": sub.Members, "adults": sub.Adults}
	case registry.Unit:
		return map[string]int{"members": sub.Members}
	case registry.Citizen:
		return map[string]int{"birth_year": sub.BirthYear}
	}
	return nil
}

// known is what registers and registry say of the subjects of one leaf.
type known struct {
	region   string
	subjects map[string]registry.Subject
	entries  map[string]map[string]registry.Entry
	counts   map[string]registry.Counts
}

// knownOfLeaf reads what is known of every subject of a board, in one query a sort. Those that left or were duplicates are read one by
// one: few have a file.
func (s *Service) knownOfLeaf(ctx context.Context, tx *store.Tx, b *Board, files []Assessment) (k known, err error) {
	if k.region, err = s.places.Region(ctx, tx, b.PlaceID); err != nil {
		return k, err
	}
	list, err := s.registry.InLeaf(ctx, tx, b.PlaceID, b.Model)
	if err != nil {
		return k, err
	}
	k.subjects = make(map[string]registry.Subject, len(list))
	for _, sub := range list {
		k.subjects[sub.ID] = sub
	}
	for _, a := range files {
		if _, active := k.subjects[a.SubjectID]; active {
			continue
		}
		if k.subjects[a.SubjectID], err = s.registry.Load(ctx, tx, b.PlaceID, a.SubjectID); err != nil {
			return k, err
		}
	}
	if k.entries, err = s.registry.Entries(ctx, tx, b.PlaceID, b.Round.Year); err != nil {
		return k, err
	}
	if len(b.Set.Counts) > 0 {
		k.counts, err = s.registry.MemberCountsOfLeaf(ctx, tx, b.PlaceID, b.Model, b.Round.Year)
	}
	return k, err
}

// complete adds to an entry what is not a person's to say: facts the registry knows, statuses of other registers, counts of
// members and holders, gates that registration answers. Registers win over typed statuses, people over head counts. It also returns
// what it knew.
func (s *Service) complete(ctx context.Context, tx *store.Tx, r *Round, a *Assessment, set *criteria.Compiled, e Entry) (_ Entry, k known, err error) {
	k = known{subjects: map[string]registry.Subject{}, entries: map[string]map[string]registry.Entry{}, counts: map[string]registry.Counts{}}
	if k.region, err = s.places.Region(ctx, tx, a.PlaceID); err != nil {
		return e, k, err
	}
	sub, err := s.registry.Load(ctx, tx, a.PlaceID, a.SubjectID)
	if err != nil {
		return e, k, err
	}
	k.subjects[sub.ID] = sub
	if k.entries[sub.ID], err = s.registry.EntriesOf(ctx, tx, a.PlaceID, a.SubjectID, r.Year); err != nil {
		return e, k, err
	}
	if len(set.Counts) > 0 {
		if k.counts[sub.ID], err = s.registry.MemberCounts(ctx, tx, sub, r.Year); err != nil {
			return e, k, err
		}
	}
	return k.complete(r, a, set, e), k, nil
}

func (k *known) complete(r *Round, a *Assessment, set *criteria.Compiled, e Entry) Entry {
	sub := k.subjects[a.SubjectID]
	e.Region = k.region
	e.Facts, e.Gates = cloned(e.Facts), cloned(e.Gates)
	for key, n := range headFacts(&sub) {
		if _, ok := set.FactIndex(key); ok && e.Facts[key] == nil && n > 0 {
			e.Facts[key] = float64(n)
		}
	}
	if _, ok := set.FactIndex("children_school_age"); ok && sub.Model == registry.Family && e.Facts["children_school_age"] == nil && sub.Members > 0 {
		e.Facts["children_school_age"] = float64(0) // a family whose members are known and none of them is a pupil
	}
	for _, fact := range []string{"citizen_group", "unit_type"} {
		if i, ok := set.FactIndex(fact); ok && e.Facts[fact] == nil && sub.Kind != "" {
			if _, known := factValue(&set.Facts[i], sub.Kind); known {
				e.Facts[fact] = sub.Kind
			}
		}
	}
	for key, said := range k.entries[sub.ID] {
		if value, ok := registerValue(set, key, said.Value); ok {
			e.Facts[key] = value
		}
	}
	if counts := k.counts[sub.ID]; len(set.Counts) > 0 {
		e.Counts = make(map[string]Count, len(set.Counts))
		for _, c := range set.Counts {
			if n, ok := counts[string(c.Member)]; ok {
				e.Counts[c.Key] = Count{Members: n.Members, Holders: n.Holders}
			}
		}
	}
	if plan, ok := r.Plan.Model(a.Model); ok {
		for code, how := range plan.Gates {
			if how == GateRegistered {
				w, limited := r.Plan.Window(StageRegistration)
				e.Gates[code] = !a.RegisteredAt.IsZero() && (!limited || store.Date(a.RegisteredAt) <= w.To)
			}
		}
	}
	return e
}

// registerValue reads what a register says of a fact. ok is false when the set has no such fact, or no such value of it: then the register
// has said nothing.
func registerValue(set *criteria.Compiled, key, said string) (value any, ok bool) {
	i, ok := set.FactIndex(key)
	if !ok {
		return nil, false
	}
	value = said
	switch set.Facts[i].Type {
	case criteria.FactBool:
		value = said == "true"
	case criteria.FactInt, criteria.FactMoney:
		if n, err := strconv.ParseInt(said, 10, 64); err == nil {
			value = float64(n)
		}
	}
	_, ok = factValue(&set.Facts[i], value)
	return value, ok
}

// sources names the registers that answer facts, by fact.
func sources(set *criteria.Compiled, entries map[string]registry.Entry) map[string]string {
	out := make(map[string]string, len(entries))
	for key, e := range entries {
		if _, ok := registerValue(set, key, e.Value); ok || key == registry.CitizenTitles {
			out[key] = e.Source
		}
	}
	return out
}

func cloned[V any](m map[string]V) map[string]V {
	if m == nil {
		return map[string]V{}
	}
	return maps.Clone(m)
}
