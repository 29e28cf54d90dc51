// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package rollup

import (
	"context"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"hoctap/internal/fault"
	"hoctap/internal/store"
)

// Key names a figure: a round and a model.
type Key struct {
	RoundID string
	Model   string
}

// Table is one answer: the counts of each child place and of all together, as the records stood at At.
type Table struct {
	At    time.Time
	Of    map[string]map[Key]Counts // place id → figures
	Total map[Key]Counts
}

// Group is the level a Table is broken down to.
type Group string

// The groups: by commune (for a province) or by leaf (for a commune).
const (
	ByCommune Group = "commune_id"
	ByLeaf    Group = "place_id"
)

// fresh is how old a cached table may be before it is worked out again; stale is how old it may be and still be shown
// while that happens. A person sees his own saves in the leaf and commune views, which are never cached.
const (
	fresh = time.Second
	stale = 5 * time.Second
)

// Figures answers sums over leaves. The sum over a province is kept for about a second, so that many readers cost no more
// than one.
type Figures struct {
	db     *store.DB
	now    func() time.Time
	flight singleflight.Group
	mu     sync.Mutex
	kept   map[string]Table
}

// NewFigures returns Figures over db.
func NewFigures(db *store.DB, now func() time.Time) *Figures {
	return &Figures{db: db, now: now, kept: map[string]Table{}}
}

// Below sums the cells of every leaf whose path on day date begins with path, grouped by group. roundIDs limits the
// rounds; none means all. Asked with another date, the same results are restated on that day's map.
func (f *Figures) Below(ctx context.Context, path, date string, group Group, roundIDs ...string) (t Table, err error) {
	defer fault.Wrap(&err, "rollup.Below(%s, %s)", path, date)
	if group == ByLeaf {
		return f.sum(ctx, path, date, group, roundIDs)
	}
	key := path + " " + date
	for _, id := range roundIDs {
		key += " " + id
	}
	f.mu.Lock()
	kept, found := f.kept[key]
	f.mu.Unlock()
	age := f.now().Sub(kept.At)
	if found && age < fresh {
		return kept, nil
	}
	refresh := func() (any, error) {
		t, err := f.sum(context.WithoutCancel(ctx), path, date, group, roundIDs)
		if err == nil {
			f.keep(key, t)
		}
		return t, err
	}
	if found && age < stale {
		f.flight.DoChan(key, refresh)
		return kept, nil
	}
	v, err, _ := f.flight.Do(key, refresh)
	if err != nil {
		return Table{}, err
	}
	return v.(Table), nil
}

// keep remembers a table and forgets the ones nobody may be shown any more.
func (f *Figures) keep(key string, t Table) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for k, old := range f.kept {
		if t.At.Sub(old.At) > stale {
			delete(f.kept, k)
		}
	}
	f.kept[key] = t
}

func (f *Figures) sum(ctx context.Context, path, date string, group Group, roundIDs []string) (Table, error) {
	return Sum(ctx, f.db.Read(), f.now(), path, date, group, roundIDs...)
}

// Sum is Below inside tx and never from memory: what is frozen in the same transaction is what it says.
func Sum(ctx context.Context, tx *store.Tx, at time.Time, path, date string, group Group, roundIDs ...string) (Table, error) {
	t := Table{At: at, Of: map[string]map[Key]Counts{}, Total: map[Key]Counts{}}
	var w store.Where
	w.And("p.path >= ? AND p.path < ?", path, store.PathEnd(path)).And("p.valid_from <= ? AND p.valid_to >= ?", date, date)
	if len(roundIDs) > 0 {
		w.In("c.round_id", roundIDs...)
	}
	query := `SELECT p.` + string(group) + `, c.round_id, c.model, ` + sums + `
		FROM place_parent p JOIN cell c ON c.place_id = p.place_id` + w.SQL() + `
		GROUP BY p.` + string(group) + `, c.round_id, c.model`
	err := store.Each(ctx, tx, func(s store.Scanner) error {
		var id string
		var k Key
		var c Counts
		if err := s.Scan(append([]any{&id, &k.RoundID, &k.Model}, c.targets()...)...); err != nil {
			return err
		}
		if t.Of[id] == nil {
			t.Of[id] = map[Key]Counts{}
		}
		t.Of[id][k] = c
		t.Total[k] = t.Total[k].Plus(c)
		return nil
	}, query, w.Args()...)
	return t, err
}

// Leaf returns the figures of one leaf inside tx, exact at that moment.
func Leaf(ctx context.Context, tx *store.Tx, placeID, roundID, model string) (Counts, error) {
	c, _, err := store.One(ctx, tx, func(s store.Scanner) (c Counts, err error) {
		err = s.Scan(c.targets()...)
		return c, err
	}, `SELECT total, registered, scored, sent, returned, approved, rejected, recognised, exemplary, passing, revoked
		FROM cell WHERE place_id = $1 AND round_id = $2 AND model = $3`, placeID, roundID, model)
	return c, err
}
