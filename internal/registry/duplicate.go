// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package registry

import (
	"cmp"
	"context"
	"slices"

	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/store"
)

// The reasons why two subjects look like one, as catalogue keys below "registry.same.".
const (
	SameName  = "name"
	SameBirth = "birth_year"
	SamePhone = "phone"
	SameArea  = "area"
	SameID    = "id_number"
)

// Pair is two subjects that may be one. Keep is the one that says more, the older where both say as much.
type Pair struct {
	Keep    Subject
	Gone    Subject
	Reasons []string
	Score   int // higher is likelier
}

const maxPairs = 500

// Duplicates proposes pairs of a model at or below a place, the likeliest first: in one area the same folded name with years of
// birth that agree or of which one is unknown; anywhere below the place the same phone and the same folded name, or the same id number. Pairs that a
// person has called two are left out. At most 500.
func (s *Service) Duplicates(ctx context.Context, by identity.Actor, placeID, model string) (pairs []Pair, err error) {
	defer fault.Wrap(&err, "registry.Duplicates(%s, %s)", placeID, model)
	leaves, err := s.leavesOf(ctx, by, Filter{PlaceID: placeID})
	if err != nil {
		return nil, err
	}
	tx := s.db.Read()
	open := map[string]identity.Fields{}
	phones, ids := map[string][]Subject{}, map[string][]Subject{}
	apart := map[[2]string]bool{}
	for _, leaf := range leaves {
		open[leaf.id] = leaf.sees
		list, err := s.InLeaf(ctx, tx, leaf.id, model)
		if err != nil {
			return nil, err
		}
		if err := readApart(ctx, tx, leaf.id, apart); err != nil {
			return nil, err
		}
		names := map[string][]Subject{}
		for _, r := range list {
			for _, o := range names[r.Fold] {
				if p, ok := pairOf(o, r); ok {
					pairs = append(pairs, p)
				}
			}
			names[r.Fold] = append(names[r.Fold], r)
			if r.IDHash != "" { // one person, whatever else is written
				for _, o := range ids[r.IDHash] {
					if o.PlaceID != r.PlaceID || o.Fold != r.Fold || !birthsAgree(o.BirthYear, r.BirthYear) {
						pairs = append(pairs, pairOfID(o, r))
					}
				}
				ids[r.IDHash] = append(ids[r.IDHash], r)
			}
			if r.Phone == "" {
				continue
			}
			for _, o := range phones[r.Phone] {
				if o.PlaceID != r.PlaceID && o.Fold == r.Fold && (o.IDHash == "" || o.IDHash != r.IDHash) {
					if p, ok := pairOf(o, r); ok {
						pairs = append(pairs, p)
					}
				}
			}
			phones[r.Phone] = append(phones[r.Phone], r)
		}
	}
	pairs = slices.DeleteFunc(pairs, func(p Pair) bool { return apart[ordered(p.Keep.ID, p.Gone.ID)] })
	slices.SortStableFunc(pairs, func(a, b Pair) int {
		return cmp.Or(b.Score-a.Score, cmp.Compare(a.Keep.Sort, b.Keep.Sort), cmp.Compare(a.Keep.ID, b.Keep.ID), cmp.Compare(a.Gone.ID, b.Gone.ID))
	})
	pairs = pairs[:min(len(pairs), maxPairs)]
	for i, p := range pairs {
		Mask(open[p.Keep.PlaceID], &pairs[i].Keep)
		Mask(open[p.Gone.PlaceID], &pairs[i].Gone)
	}
	return pairs, nil
}

// pairOf judges two subjects of the same folded name.
func pairOf(a, b Subject) (Pair, bool) {
	if !birthsAgree(a.BirthYear, b.BirthYear) {
		return Pair{}, false
	}
	if a.IDHash != "" && b.IDHash != "" && a.IDHash != b.IDHash {
		return Pair{}, false // namesakes: their numbers say that they are two
	}
	if a.Model == Citizen && a.FamilyID != b.FamilyID && a.FamilyID != "" && b.FamilyID != "" && (a.BirthYear == 0 || b.BirthYear == 0) {
		return Pair{}, false // namesakes of two families, with nothing else to tell
	}
	p := Pair{Keep: a, Gone: b, Reasons: []string{SameName}, Score: 1}
	add := func(reason string, score int) { p.Reasons, p.Score = append(p.Reasons, reason), p.Score+score }
	if a.BirthYear != 0 && a.BirthYear == b.BirthYear {
		add(SameBirth, 3)
	}
	if a.IDHash != "" && a.IDHash == b.IDHash {
		add(SameID, 10)
	}
	if a.PlaceID == b.PlaceID {
		add(SameArea, 2)
	}
	if a.Phone != "" && a.Phone == b.Phone {
		add(SamePhone, 4)
	}
	if a.Name == b.Name {
		p.Score++
	}
	if said(b) > said(a) {
		p.Keep, p.Gone = b, a
	}
	return p, true
}

// pairOfID is the pair of two subjects with one id number.
func pairOfID(a, b Subject) Pair {
	p := Pair{Keep: a, Gone: b, Reasons: []string{SameID}, Score: 10}
	if a.Fold == b.Fold {
		p.Reasons, p.Score = append(p.Reasons, SameName), 11
	}
	if said(b) > said(a) {
		p.Keep, p.Gone = b, a
	}
	return p
}

func birthsAgree(a, b int) bool { return a == 0 || b == 0 || a == b }

// said counts the fields a subject has.
func said(r Subject) int {
	n := 0
	for _, has := range []bool{r.Number != "", r.FamilyID != "", r.Kind != "", r.Address != "", r.Phone != "", r.Body != "", r.BirthYear != 0, r.IDHash != "",
		r.Sex != "", r.Ethnic != "", r.Members != 0, r.Adults != 0, r.Children != 0} {
		if has {
			n++
		}
	}
	return n
}

const (
	selectApart = `SELECT one_id, other_id FROM subject_distinct WHERE place_id = $1`
	insertApart = `
		INSERT INTO subject_distinct (place_id, one_id, other_id, by_id, at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (place_id, one_id, other_id) DO NOTHING`
)

func readApart(ctx context.Context, tx *store.Tx, placeID string, into map[[2]string]bool) error {
	return store.Each(ctx, tx, func(row store.Scanner) error {
		var one, other string
		err := row.Scan(&one, &other)
		into[[2]string{one, other}] = true
		return err
	}, selectApart, placeID)
}

func ordered(a, b string) [2]string { return [2]string{min(a, b), max(a, b)} }

// KeepBoth remembers that two subjects that look alike are two; Duplicates proposes them no more.
func (s *Service) KeepBoth(ctx context.Context, by identity.Actor, one, other Subject) (err error) {
	defer fault.Wrap(&err, "registry.KeepBoth(%s, %s)", one.ID, other.ID)
	for _, r := range []Subject{one, other} {
		if _, err = s.leaf(ctx, by, identity.EditRegistry, r.PlaceID); err != nil {
			return err
		}
	}
	return s.db.Write(ctx, func(tx *store.Tx) error {
		for _, r := range []Subject{one, other} {
			if _, found, err := s.load(ctx, tx, r.PlaceID, r.ID); err != nil {
				return err
			} else if !found {
				return fault.NotFound("subject", r.ID)
			}
		}
		pair := ordered(one.ID, other.ID)
		place := one.PlaceID
		if pair[0] != one.ID {
			place = other.PlaceID
		}
		if _, err := tx.Exec(ctx, insertApart, place, pair[0], pair[1], by.ID, store.Micros(s.now())); err != nil {
			return err
		}
		return s.journal(ctx, tx, by, "keep_both", nil, one, other.ID)
	})
}
