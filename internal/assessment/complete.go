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

// complete adds to an entry what is not a person's to say: facts the registry knows, statuses of other registers, counts of
// members and holders, gates that registration answers. Registers win over typed statuses, people over head counts.
func (s *Service) complete(ctx context.Context, tx *store.Tx, r *Round, a *Assessment, set *criteria.Compiled, e Entry) (Entry, error) {
	sub, err := s.registry.Load(ctx, tx, a.PlaceID, a.SubjectID)
	if err != nil {
		return e, err
	}
	if e.Region, err = s.places.Region(ctx, tx, a.PlaceID); err != nil {
		return e, err
	}
	e.Facts, e.Gates = cloned(e.Facts), cloned(e.Gates)
	for key, n := range headFacts(&sub) {
		if _, ok := set.FactIndex(key); ok && e.Facts[key] == nil && n > 0 {
			e.Facts[key] = float64(n)
		}
	}
	if _, ok := set.FactIndex("children_school_age"); ok && sub.Model == registry.Family && e.Facts["children_school_age"] == nil && sub.Members > 0 {
		e.Facts["children_school_age"] = float64(0) // a family whose members are known and none of them is a pupil
	}
	for fact, key := range map[string]string{"citizen_group": sub.Kind, "unit_type": sub.Kind} {
		if i, ok := set.FactIndex(fact); ok && e.Facts[fact] == nil && key != "" {
			if _, known := factValue(&set.Facts[i], key); known {
				e.Facts[fact] = key
			}
		}
	}
	entries, err := s.registry.EntriesOf(ctx, tx, a.PlaceID, a.SubjectID, r.Year)
	if err != nil {
		return e, err
	}
	for key, said := range entries {
		if i, ok := set.FactIndex(key); ok {
			e.Facts[key] = registerValue(set.Facts[i].Type, said.Value)
		}
	}
	if len(set.Counts) > 0 {
		counts, err := s.registry.MemberCounts(ctx, tx, sub, r.Year)
		if err != nil {
			return e, err
		}
		e.Counts = make(map[string]Count, len(set.Counts))
		for _, k := range set.Counts {
			if n, ok := counts[string(k.Member)]; ok {
				e.Counts[k.Key] = Count{Members: n.Members, Holders: n.Holders}
			}
		}
	}
	if plan, ok := r.Plan.Model(a.Model); ok {
		for code, how := range plan.Gates {
			if how == GateRegistered {
				w, limited := r.Plan.Window(StageRegistration)
				in := !a.RegisteredAt.IsZero() && (!limited || store.Date(a.RegisteredAt) <= w.To)
				e.Gates[code] = in
			}
		}
	}
	return e, nil
}

// registerValue reads a register's text as the fact's type; one that does not fit stays text and the engine names the fact.
func registerValue(t criteria.FactType, value string) any {
	switch t {
	case criteria.FactBool:
		return value == "true"
	case criteria.FactInt, criteria.FactMoney:
		if n, err := strconv.ParseInt(value, 10, 64); err == nil {
			return float64(n)
		}
	}
	return value
}

func cloned[V any](m map[string]V) map[string]V {
	if m == nil {
		return map[string]V{}
	}
	return maps.Clone(m)
}
