// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package rollup

import (
	"context"

	"hoctap/internal/fault"
	"hoctap/internal/store"
)

// Difference is a cell that does not say what its records say.
type Difference struct {
	PlaceID string
	Key     Key
	Cell    Counts
	Records Counts
}

// The records are counted again by words of their own and not by the code that keeps the cells: in the order of the queue's index,
// which holds every column but one, and that one by itself. Sorting all records would take most of a verification.
const (
	recount = `
		SELECT place_id, round_id, model, state, count(*), sum(CASE WHEN outcome = 'recognised' THEN 1 ELSE 0 END)
		FROM assessment GROUP BY place_id, round_id, model, state`
	recountExemplary = `
		SELECT place_id, round_id, model, count(*) FROM assessment WHERE exemplary AND state = 'recognised'
		GROUP BY place_id, round_id, model`
)

const selectCells = `
	SELECT place_id, round_id, model, total, registered, scored, sent, returned, approved, rejected, recognised, exemplary, passing, revoked
	FROM cell`

// at names a cell.
type at struct {
	place string
	key   Key
}

// Verify counts every assessment again and returns each cell that differs; cells is how many there are.
func Verify(ctx context.Context, db *store.DB) (cells int, differences []Difference, err error) {
	defer fault.Wrap(&err, "rollup.Verify")
	kept, counted := map[at]Counts{}, map[at]Counts{}
	err = db.Snapshot(ctx, func(tx *store.Tx) error {
		if err := store.Each(ctx, tx, func(s store.Scanner) error {
			var a at
			var c Counts
			err := s.Scan(append([]any{&a.place, &a.key.RoundID, &a.key.Model}, c.targets()...)...)
			kept[a] = c
			return err
		}, selectCells); err != nil {
			return err
		}
		return count(ctx, tx, counted)
	})
	for a, c := range counted {
		if kept[a] != c {
			differences = append(differences, Difference{a.place, a.key, kept[a], c})
		}
	}
	for a, c := range kept {
		if _, found := counted[a]; !found && c != (Counts{}) {
			differences = append(differences, Difference{a.place, a.key, c, Counts{}})
		}
	}
	return len(kept), differences, err
}

// count reads the records into the cells they belong to.
func count(ctx context.Context, tx *store.Tx, into map[at]Counts) error {
	err := store.Each(ctx, tx, func(s store.Scanner) error {
		var a at
		var state string
		var n, passing int64
		if err := s.Scan(&a.place, &a.key.RoundID, &a.key.Model, &state, &n, &passing); err != nil {
			return err
		}
		c := into[a]
		c.Total, c.Passing = c.Total+n, c.Passing+passing
		if state != "listed" {
			c.Registered += n
		}
		switch state {
		case "scored":
			c.Scored += n
		case "sent":
			c.Sent += n
		case "returned":
			c.Returned += n
		case "approved":
			c.Approved += n
		case "rejected":
			c.Rejected += n
		case "recognised":
			c.Recognised += n
		case "revoked":
			c.Revoked += n
		}
		into[a] = c
		return nil
	}, recount)
	if err != nil {
		return err
	}
	return store.Each(ctx, tx, func(s store.Scanner) error {
		var a at
		var n int64
		err := s.Scan(&a.place, &a.key.RoundID, &a.key.Model, &n)
		c := into[a]
		c.Exemplary = n
		into[a] = c
		return err
	}, recountExemplary)
}
