// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"cmp"
	"context"
	"slices"

	"hoctap/internal/fault"
	"hoctap/internal/store"
)

// Flaw is what can be wrong with a chain.
type Flaw string

// The flaws.
const (
	Changed   Flaw = "changed"   // an entry does not say what its hash says
	Missing   Flaw = "missing"   // an entry, or several from there on, are gone
	Inserted  Flaw = "inserted"  // an entry that was never chained
	Reordered Flaw = "reordered" // entries stand in each other's place
	Cut       Flaw = "cut"       // the newest entries are gone
	Rewritten Flaw = "rewritten" // a chain that holds, but is not the one that was published
	Emptied   Flaw = "emptied"   // values are gone and no entry says why
	Head      Flaw = "head"      // the newest entry is not the one that the head names
	Day       Flaw = "day"       // a day's root does not follow from what it was made of
	Published Flaw = "published" // a day's root is not the one that was published
)

// Difference is a place in a chain, or a day, where something is wrong.
type Difference struct {
	PlaceID string
	Lane    int
	N       int64
	Day     string
	ID      string // of the entry, where one is there
	Flaw    Flaw
}

// Verified counts what was checked.
type Verified struct {
	Entries, Chains, Days int
}

// mostFlaws is how many differences are kept; the rest are counted by nobody, because one would do.
const mostFlaws = 10_000

const (
	selectChains = `
		SELECT j.place_id, j.lane, j.n, j.thing_id, j.id, j.at, j.actor_id, j.address, j.device, j.act, j.thing, j.result, j.before, j.after, j.reason, j.salt, j.digest, j.hash,
			coalesce(d.hash, '')
		FROM journal j LEFT JOIN journal_day_head d ON d.place_id = j.place_id AND d.lane = j.lane AND d.n = j.n ORDER BY j.place_id, j.lane, j.n`
	selectHeads       = `SELECT place_id, lane, n, hash FROM journal_head`
	selectCheckpoints = `SELECT place_id, lane, n, hash FROM journal_checkpoint`
	selectLast        = `SELECT place_id, lane, max(n), '' FROM journal_day_head GROUP BY place_id, lane`
)

// mark is a number in a chain, and the hash that is to stand there.
type mark struct {
	n    int64
	hash string
}

// verifier reads chains one after the other.
type verifier struct {
	heads  map[chainID]mark
	starts map[chainID]mark  // of chains whose oldest entries were dropped
	last   map[chainID]mark  // the newest number that a day's root holds
	drops  map[chainID]int64 // up to which number an entry of the journal says that rows were dropped
	out    []Difference
	done   Verified
}

func (v *verifier) wrong(c chainID, n int64, id string, flaw Flaw) {
	if len(v.out) < mostFlaws {
		v.out = append(v.out, Difference{PlaceID: c.place, Lane: c.lane, N: n, ID: id, Flaw: flaw})
	}
}

// Verify reads every chain, checks it against its head and against each day's root, and the roots against each other and against those that
// were published and kept elsewhere. It holds a few lines in memory, whatever the size of the journal.
func Verify(ctx context.Context, db *store.DB, published []Root) (done Verified, differences []Difference, err error) {
	defer fault.Wrap(&err, "audit.Verify")
	v := verifier{heads: map[chainID]mark{}, starts: map[chainID]mark{}, last: map[chainID]mark{}, drops: map[chainID]int64{}}
	err = db.Snapshot(ctx, func(tx *store.Tx) error {
		for query, into := range map[string]map[chainID]mark{selectHeads: v.heads, selectCheckpoints: v.starts, selectLast: v.last} {
			err := store.Each(ctx, tx, func(s store.Scanner) error {
				var c chainID
				var m mark
				err := s.Scan(&c.place, &c.lane, &m.n, &m.hash)
				into[c] = m
				return err
			}, query)
			if err != nil {
				return err
			}
		}
		if err := v.days(ctx, tx, published); err != nil {
			return err
		}
		seen := map[chainID]bool{}
		if err := v.table(ctx, tx, selectChains, scanRow, seen); err != nil {
			return err
		}
		if err := v.table(ctx, tx, selectAccess, scanAccess, seen); err != nil {
			return err
		}
		for c, head := range v.heads {
			start := v.starts[c]
			if v.done.Chains++; !seen[c] && head.n > start.n {
				v.wrong(c, start.n+1, "", Cut)
			}
		}
		for c, m := range v.last { // chains of which nothing is left
			if _, known := v.heads[c]; !known && !seen[c] {
				v.wrong(c, m.n, "", Cut)
			}
		}
		for c, start := range v.starts {
			if start.n > v.drops[c] { // dropped, and no entry says so
				v.wrong(c, start.n, "", Missing)
			}
		}
		return nil
	})
	slices.SortStableFunc(v.out, func(a, b Difference) int {
		return cmp.Or(cmp.Compare(a.Day, b.Day), cmp.Compare(a.PlaceID, b.PlaceID), cmp.Compare(a.Lane, b.Lane), cmp.Compare(a.N, b.N))
	})
	return v.done, v.out, err
}

// table reads the chains of one table.
func (v *verifier) table(ctx context.Context, tx *store.Tx, query string, scan func(store.Scanner) (row, string, error), seen map[chainID]bool) error {
	var w *walk
	err := store.Each(ctx, tx, func(s store.Scanner) error {
		r, published, err := scan(s)
		if err != nil {
			return err
		}
		if w == nil || w.id != r.chain() {
			w.end()
			w = v.begin(r.chain())
			seen[w.id] = true
		}
		v.done.Entries++
		w.step(r, published)
		return nil
	}, query)
	if err == nil {
		w.end()
	}
	return err
}

func scanRow(s store.Scanner) (r row, published string, err error) {
	err = s.Scan(&r.place, &r.lane, &r.n, &r.thingID, &r.id, &r.at, &r.actor, &r.address, &r.device, &r.act, &r.thing, &r.result, &r.before, &r.after, &r.reason, &r.salt,
		&r.digest, &r.hash, &published)
	return r, published, err
}
