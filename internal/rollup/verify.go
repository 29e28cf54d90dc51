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

// recount counts the records again, by words of its own and not by the code that keeps the cells.
const recount = `
	SELECT place_id, round_id, model, count(*),
		sum(CASE WHEN state <> 'listed' THEN 1 ELSE 0 END),
		sum(CASE WHEN state = 'scored' THEN 1 ELSE 0 END),
		sum(CASE WHEN state = 'sent' THEN 1 ELSE 0 END),
		sum(CASE WHEN state = 'returned' THEN 1 ELSE 0 END),
		sum(CASE WHEN state = 'approved' THEN 1 ELSE 0 END),
		sum(CASE WHEN state = 'rejected' THEN 1 ELSE 0 END),
		sum(CASE WHEN state = 'recognised' THEN 1 ELSE 0 END),
		sum(CASE WHEN state = 'recognised' AND exemplary THEN 1 ELSE 0 END),
		sum(CASE WHEN outcome = 'recognised' THEN 1 ELSE 0 END),
		sum(CASE WHEN state = 'revoked' THEN 1 ELSE 0 END)
	FROM assessment GROUP BY place_id, round_id, model`

const selectCells = `
	SELECT place_id, round_id, model, total, registered, scored, sent, returned, approved, rejected, recognised, exemplary, passing, revoked
	FROM cell`

// Verify counts every assessment again and returns each cell that differs; cells is how many there are.
func Verify(ctx context.Context, db *store.DB) (cells int, differences []Difference, err error) {
	defer fault.Wrap(&err, "rollup.Verify")
	type at struct {
		place string
		key   Key
	}
	kept := map[at]Counts{}
	err = db.Snapshot(ctx, func(tx *store.Tx) error {
		read := func(with func(at, Counts)) func(store.Scanner) error {
			return func(s store.Scanner) error {
				var a at
				var c Counts
				if err := s.Scan(append([]any{&a.place, &a.key.RoundID, &a.key.Model}, c.targets()...)...); err != nil {
					return err
				}
				with(a, c)
				return nil
			}
		}
		if err := store.Each(ctx, tx, read(func(a at, c Counts) { kept[a] = c }), selectCells); err != nil {
			return err
		}
		cells = len(kept)
		return store.Each(ctx, tx, read(func(a at, c Counts) {
			if kept[a] != c {
				differences = append(differences, Difference{a.place, a.key, kept[a], c})
			}
			delete(kept, a)
		}), recount)
	})
	for a, c := range kept {
		if c != (Counts{}) {
			differences = append(differences, Difference{a.place, a.key, c, Counts{}})
		}
	}
	return cells, differences, err
}
