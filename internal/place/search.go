// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package place

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"hoctap/internal/fault"
	"hoctap/internal/store"
	"hoctap/internal/text"
)

// Filter narrows a search; the zero Filter searches every official unit and area of every time.
type Filter struct {
	Levels []string // none = province, district, commune and area
	Under  string   // only what lies in this place, or became a part of it
	Date   string   // only what existed on this day
	Limit  int      // at most so many hits; 0 = 20
}

// Hit is a found place: what it was called, from when to when, and where it is now.
type Hit struct {
	Place
	In      string       // what it lay in, from the near to the far: "Huyện Thanh Sơn, Tỉnh Phú Thọ"
	Current bool         // it exists today
	Now     []Succession // the places of today, when it is no more
}

const (
	defaultHits = 20
	maxHits     = 200
	maxQuery    = 200 // characters of a query that are read
)

// Find searches places by an old or new name, with or without marks, or by a code. A name may be followed by what the
// place lies in, as on an identity card: "Yên Lãng, Thanh Sơn". The best hits come first: whole names before beginnings,
// the same marks before others, higher levels and present places before the rest. A query of one letter finds nothing. It
// fails with fault.Invalid for a date that is none, and fault.NotFound for an unknown place in Under.
func (s *Service) Find(ctx context.Context, query string, f Filter) (hits []Hit, err error) {
	defer fault.Wrap(&err, "place.Find(%q)", query)
	if f.Limit <= 0 {
		f.Limit = defaultHits
	}
	f.Limit = min(f.Limit, maxHits)
	if r := []rune(query); len(r) > maxQuery {
		query = string(r[:maxQuery])
	}
	if f.Date != "" && !isDate(f.Date) {
		return nil, fault.Invalid(fault.Field("date", "place.date"))
	}
	within, err := s.within(ctx, f.Under)
	if err != nil {
		return nil, err
	}
	for _, q := range readings(query) {
		if hits, err = s.find(ctx, q, within, f); err != nil || len(hits) > 0 {
			return hits, err
		}
	}
	return nil, nil
}

// reading is one way to take a query: a name, and words that must occur in the names of what it lies in.
type reading struct {
	fold  string // the name, folded
	marks string // the name with its marks; "" when it was typed without any
	above []string
}

// readings gives the ways to take a query, the most literal first.
func readings(query string) []reading {
	name, rest, comma := strings.Cut(text.NFC(query), ",")
	if comma {
		return worth(name, rest)
	}
	words := strings.Fields(name)
	var list []reading
	for n := len(words); n > 0; n-- {
		list = append(list, worth(strings.Join(words[:n], " "), strings.Join(words[n:], " "))...)
		if len(list) == 8 {
			break
		}
	}
	return list
}

func worth(name, rest string) []reading {
	r := reading{fold: text.Fold(name), above: strings.Fields(text.Fold(rest))}
	if len(r.fold) < 2 {
		return nil
	}
	if plain := strings.ToLower(name); plain != r.fold {
		r.marks = same(name)
	}
	return []reading{r}
}

// within returns the ids of which one must stand in the path of a hit: the place and all that became part of it.
func (s *Service) within(ctx context.Context, under string) ([]string, error) {
	if under == "" {
		return nil, nil
	}
	if _, err := s.Path(ctx, nil, under); err != nil {
		return nil, err
	}
	steps, err := reach(ctx, s.db.Read(), "new_id", under)
	if err != nil {
		return nil, err
	}
	ids := ends(steps)
	if !slices.Contains(ids, under) {
		ids = append(ids, under)
	}
	return ids, nil
}

// candidate is a place whose search column contains the query.
type candidate struct {
	Place
	fold string
	rank int
}

func (s *Service) find(ctx context.Context, q reading, within []string, f Filter) ([]Hit, error) {
	today := s.today()
	levels := f.Levels
	if len(levels) == 0 {
		levels = []string{Province, District, Commune, Area}
	}
	var w store.Where
	w.And("p.fold LIKE ?", "%"+q.fold+"%").In("p.level", levels...)
	if f.Date != "" {
		w.And("p.valid_from <= ?", f.Date).And("p.valid_to >= ?", f.Date)
	}
	found, err := store.Collect(ctx, s.db.Read(), func(row store.Scanner) (c candidate, err error) {
		return c, row.Scan(&c.ID, &c.Level, &c.Name, &c.Kind, &c.Alt, &c.ValidFrom, &c.ValidTo, &c.fold)
	}, `SELECT p.id, p.level, p.name, p.kind, p.alt, p.valid_from, p.valid_to, p.fold FROM place p`+w.SQL(), w.Args()...)
	if err != nil {
		return nil, err
	}
	for i := range found {
		found[i].rank = rank(q, found[i], today)
	}
	slices.SortFunc(found, func(a, b candidate) int {
		return cmp.Or(a.rank-b.rank, natural(a.fold, b.fold), strings.Compare(a.ID, b.ID))
	})
	return s.hits(ctx, q, found, within, f)
}

// rank orders hits, lower first: how the name matches, then its marks, then the level, then whether it exists today.
func rank(q reading, c candidate, today string) int {
	match := 3
	switch {
	case strings.Contains(c.fold, "|"+q.fold+"|"):
		match = 0
	case strings.Contains(c.fold, "|"+q.fold):
		match = 1
	case strings.Contains(c.fold, " "+q.fold):
		match = 2
	}
	marks := 0
	if q.marks != "" && !strings.Contains(same(c.FullName()), q.marks) && !strings.Contains(same(c.Alt), q.marks) {
		marks = 1
	}
	level := slices.Index([]string{Country, Province, District, Commune, Area, Own}, c.Level)
	gone := 0
	if !c.On(today) {
		gone = 1
	}
	return match*100 + marks*50 + level*2 + gone
}

// hits reads the first of found that lie where they must, in portions, and completes them.
func (s *Service) hits(ctx context.Context, q reading, found []candidate, within []string, f Filter) ([]Hit, error) {
	tx, date := s.db.Read(), f.Date
	if date == "" {
		date = s.today()
	}
	var hits []Hit
	for portion := range slices.Chunk(found, 2*f.Limit) {
		ids := make([]string, len(portion))
		for i, c := range portion {
			ids[i] = c.ID
		}
		places, err := some(ctx, tx, date, ids)
		if err != nil {
			return nil, err
		}
		var above []string
		for _, p := range places {
			above = append(above, chain(p)...)
		}
		slices.Sort(above)
		names, err := s.Names(ctx, slices.Compact(above)...)
		if err != nil {
			return nil, err
		}
		for _, id := range ids {
			p := places[id]
			in := lying(p, names)
			if !under(p.Path, within) || !contains(in, q.above) {
				continue
			}
			hits = append(hits, Hit{Place: p, In: in, Current: p.On(s.today())})
			if len(hits) == f.Limit {
				return s.whereNow(ctx, hits)
			}
		}
	}
	return s.whereNow(ctx, hits)
}

// chain returns the ids above a place below the country, the nearest first.
func chain(p Place) []string {
	ids := strings.Split(strings.Trim(p.Path, "/"), "/")
	if len(ids) < 3 {
		return nil
	}
	ids = slices.Clone(ids[1 : len(ids)-1])
	slices.Reverse(ids)
	return ids
}

func lying(p Place, names map[string]string) string {
	var list []string
	for _, id := range chain(p) {
		list = append(list, names[id])
	}
	return strings.Join(list, ", ")
}

func under(path string, within []string) bool {
	return len(within) == 0 || slices.ContainsFunc(within, func(id string) bool { return strings.Contains(path, "/"+id+"/") })
}

func contains(in string, words []string) bool {
	if len(words) == 0 {
		return true
	}
	have := " " + text.Fold(in) + " "
	for _, w := range words {
		if !strings.Contains(have, " "+w+" ") {
			return false
		}
	}
	return true
}

func (s *Service) whereNow(ctx context.Context, hits []Hit) ([]Hit, error) {
	var gone []string
	for _, h := range hits {
		if !h.Current {
			gone = append(gone, h.ID)
		}
	}
	if len(gone) == 0 {
		return hits, nil
	}
	now, err := s.successors(ctx, s.today(), gone...)
	if err != nil {
		return nil, fmt.Errorf("where places are now: %w", err)
	}
	for i, h := range hits {
		if !h.Current {
			hits[i].Now = now[h.ID]
		}
	}
	return hits, nil
}
