// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package place

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"hoctap/internal/fault"
	"hoctap/internal/store"
	"hoctap/internal/text"
)

// The relations of a succession, weakest change first: a chain of steps is as the strongest of them.
const (
	Unchanged   = "unchanged"
	KindChanged = "kind_changed"
	Renamed     = "renamed"
	Full        = "full"    // all of the old became part of the new
	Partial     = "partial" // only a part of it: what lies where is known by residential area alone
)

var relations = []string{Unchanged, KindChanged, Renamed, Full, Partial}

// Succession says that an old place became, or became part of, a new one.
type Succession struct {
	Old        Place
	New        Place
	Date       string // first day of the new state
	Relation   string
	Instrument string // number of the resolution, "" when the source names none
	Note       string // wording of the official table
}

// History is where a place came from and what it became, step by step, oldest step first.
type History struct {
	Predecessors []Succession
	Successors   []Succession
}

// step is a stored succession.
type step struct{ old, new, date, relation, instrument, note string }

func scanStep(s store.Scanner) (t step, err error) {
	return t, s.Scan(&t.old, &t.new, &t.date, &t.relation, &t.instrument, &t.note)
}

const selectSteps = `SELECT old_id, new_id, date, relation, instrument, note FROM place_succession`

// reach returns every step that leads on from ids (column "old_id") or to them ("new_id"), however many rounds away,
// under the id on that side.
func reach(ctx context.Context, tx *store.Tx, column string, ids ...string) (map[string][]step, error) {
	steps, asked := map[string][]step{}, map[string]bool{}
	for len(ids) > 0 {
		var next []string
		for part := range slices.Chunk(ids, chunk) {
			var w store.Where
			w.In(column, padded(part)...)
			found, err := store.Collect(ctx, tx, scanStep, selectSteps+w.SQL()+` ORDER BY date, old_id, new_id`, w.Args()...)
			if err != nil {
				return nil, err
			}
			for _, t := range found {
				near, far := t.old, t.new
				if column == "new_id" {
					near, far = far, near
				}
				steps[near] = append(steps[near], t)
				if !asked[far] {
					asked[far] = true
					next = append(next, far)
				}
			}
		}
		ids = next
	}
	return steps, nil
}

// some returns the places with these ids, with parents as of date or of their last day before it.
func some(ctx context.Context, tx *store.Tx, date string, ids []string) (map[string]Place, error) {
	list, parent := map[string]Place{}, map[string]string{}
	for part := range slices.Chunk(ids, chunk) {
		var w store.Where
		w.In("p.id", padded(part)...)
		err := store.Each(ctx, tx, func(row store.Scanner) error {
			var from string
			p, err := scan(also{row, &from})
			if err != nil {
				return err
			}
			if seen, ok := parent[p.ID]; !ok || seen > date || from <= date && from > seen {
				list[p.ID], parent[p.ID] = p.then(date), from
			}
			return nil
		}, `SELECT `+columns+`, r.valid_from`+joined+w.SQL(), w.Args()...)
		if err != nil {
			return nil, err
		}
	}
	return list, nil
}

// also scans one column more than the reader behind it knows of.
type also struct {
	row  store.Scanner
	dest any
}

func (a also) Scan(dest ...any) error { return a.row.Scan(append(dest, a.dest)...) }

// History returns the whole chain before and after a place: what it was called, and where it is now. It fails with
// fault.NotFound.
func (s *Service) History(ctx context.Context, id string) (h History, err error) {
	defer fault.Wrap(&err, "place.History(%s)", id)
	tx := s.db.Read()
	if _, err = get(ctx, tx, id, s.today()); err != nil {
		return h, err
	}
	before, err := reach(ctx, tx, "new_id", id)
	if err != nil {
		return h, err
	}
	after, err := reach(ctx, tx, "old_id", id)
	if err != nil {
		return h, err
	}
	ids := append(ends(before), ends(after)...)
	places, err := some(ctx, tx, s.today(), ids)
	if err != nil {
		return h, err
	}
	h.Predecessors, h.Successors = told(before, places), told(after, places)
	return h, nil
}

// ends lists every place that steps mention.
func ends(steps map[string][]step) []string {
	seen := map[string]bool{}
	for _, list := range steps {
		for _, t := range list {
			seen[t.old], seen[t.new] = true, true
		}
	}
	ids := make([]string, 0, len(seen))
	for id := range seen {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

func told(steps map[string][]step, places map[string]Place) []Succession {
	var list []Succession
	for _, group := range steps {
		for _, t := range group {
			list = append(list, Succession{Old: places[t.old], New: places[t.new], Date: t.date, Relation: t.relation,
				Instrument: t.instrument, Note: t.note})
		}
	}
	slices.SortFunc(list, func(a, b Succession) int {
		return cmp.Or(strings.Compare(a.Date, b.Date), strings.Compare(a.New.ID, b.New.ID), byName(a.Old, b.Old))
	})
	return list
}

func byName(a, b Place) int {
	return cmp.Or(natural(text.Fold(a.FullName()), text.Fold(b.FullName())), strings.Compare(a.ID, b.ID))
}

// Successors returns the places of date ("" = today) that a place became, through all rounds between: itself, unchanged,
// when it still exists then, and nothing when that is not known. The relation is partial as soon as one step on
// the way is. A district, which no unit succeeded, is followed through its communes. It fails with fault.NotFound.
func (s *Service) Successors(ctx context.Context, id, date string) (list []Succession, err error) {
	defer fault.Wrap(&err, "place.Successors(%s, %s)", id, date)
	if date == "" {
		date = s.today()
	}
	all, err := s.successors(ctx, date, id)
	if err == nil && all[id] == nil {
		_, err = get(ctx, s.db.Read(), id, date)
	}
	return all[id], err
}

// successors is Successors for many places at once.
func (s *Service) successors(ctx context.Context, date string, ids ...string) (map[string][]Succession, error) {
	tx := s.db.Read()
	asked, err := some(ctx, tx, date, ids)
	if err != nil {
		return nil, err
	}
	start := make(map[string][]string, len(ids)) // the places to follow for each asked one
	var from []string
	for id, p := range asked {
		start[id] = []string{id}
		if p.Level == District && p.ValidTo < date {
			below, err := communesOf(ctx, tx, p)
			if err != nil {
				return nil, err
			}
			start[id] = append(start[id], below...)
		}
		from = append(from, start[id]...)
	}
	steps, err := reach(ctx, tx, "old_id", from...)
	if err != nil {
		return nil, err
	}
	places, err := some(ctx, tx, date, append(ends(steps), ids...))
	if err != nil {
		return nil, err
	}
	out := make(map[string][]Succession, len(ids))
	for id := range asked {
		out[id] = follow(asked[id], start[id], date, steps, places)
	}
	return out, nil
}

const selectCommunesOf = `
	SELECT r.place_id FROM place_parent r JOIN place p ON p.id = r.place_id
	WHERE r.parent_id = $1 AND r.valid_from <= $2 AND r.valid_to >= $2 AND p.level = 'commune'`

func communesOf(ctx context.Context, tx *store.Tx, district Place) ([]string, error) {
	return store.Collect(ctx, tx, store.Value[string], selectCommunesOf, district.ID, district.ValidTo)
}

// follow walks from the places of start to those that exist on date.
func follow(p Place, start []string, date string, steps map[string][]step, places map[string]Place) []Succession {
	found := map[string]Succession{}
	var walk func(id string, last step, relation int)
	walk = func(id string, last step, relation int) {
		at, known := places[id]
		if known && at.On(date) {
			if before, ok := found[id]; ok {
				relation = max(relation, slices.Index(relations, before.Relation))
			}
			found[id] = Succession{Old: p, New: at, Date: last.date, Relation: relations[relation], Instrument: last.instrument, Note: last.note}
			return
		}
		for _, t := range steps[id] {
			if t.date <= date {
				walk(t.new, t, max(relation, slices.Index(relations, t.relation)))
			}
		}
	}
	for _, id := range start {
		walk(id, step{date: p.ValidFrom}, 0)
	}
	list := make([]Succession, 0, len(found))
	for _, t := range found {
		if len(start) > 1 && len(found) > 1 {
			t.Relation = Partial // each of them has only some of the district
		}
		list = append(list, t)
	}
	slices.SortFunc(list, func(a, b Succession) int { return byName(a.New, b.New) })
	return list
}
