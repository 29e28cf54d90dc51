// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package report

import (
	"context"
	"fmt"

	"hoctap/internal/rollup"
	"hoctap/internal/store"
)

// lastDay is later than any decision.
const lastDay = "9999-12-31"

// EndOfHalf is the last day that a six-month report of a year speaks of.
func EndOfHalf(year int) string { return fmt.Sprintf("%d-06-30", year) }

// until is the last day whose decisions a six-month report counts: its own last day, or today before that.
func (b *basis) until() string { return min(b.today, EndOfHalf(b.to)) }

// What the counters have of titles that a decision gave after the day $5, less of those that one took away after it. A corrected title is not another one:
// its origin counts.
const selectAfter = `
	SELECT p.place_id, p.commune_id, t.model, t.exemplary, sum(CASE WHEN t.state = 'valid' THEN 1 ELSE -1 END)
	FROM place_parent p JOIN title t ON t.place_id = p.place_id JOIN decision o ON o.id = t.origin_id LEFT JOIN decision e ON e.id = t.ended_by
	WHERE p.path >= $1 AND p.path < $2 AND p.valid_from <= $3 AND p.valid_to >= $3 AND t.year = $4
		AND (t.state = 'valid' AND o.date > $5 OR t.state = 'revoked' AND o.date <= $5 AND e.date > $5)
	GROUP BY p.place_id, p.commune_id, t.model, t.exemplary`

// leaveOut takes out of the counters what was decided after a day. Who was there and who had registered on that day is not known any more: those counts are
// of the day on which the figures are fetched, and the report says so.
func (b *basis) leaveOut(ctx context.Context, tx *store.Tx, t *rollup.Table, group rollup.Group, until string) error {
	return store.Each(ctx, tx, func(sc store.Scanner) error {
		var leaf, commune, model string
		var exemplary bool
		var n int64
		if err := sc.Scan(&leaf, &commune, &model, &exemplary, &n); err != nil {
			return err
		}
		less := rollup.Counts{Recognised: n}
		if exemplary {
			less = rollup.Counts{Exemplary: n}
		}
		at := leaf
		if group != rollup.ByLeaf {
			at = commune
		}
		key := rollup.Key{RoundID: b.rounds[b.to], Model: model}
		if of := t.Of[at]; of != nil {
			of[key] = of[key].Minus(less)
			t.Total[key] = t.Total[key].Minus(less)
		}
		return nil
	}, selectAfter, b.place.Path, store.PathEnd(b.place.Path), b.today, b.to, until)
}
