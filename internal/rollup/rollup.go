// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Package rollup owns the counters: one cell per leaf place, round and model. It is the only writer of cells and knows
// assessments only as numbers. A cell changes in the transaction of the record it counts, so a leaf's figure is exact at
// every moment; the figure of a higher place is the sum over its leaves, never a counter of its own.
package rollup

import (
	"context"

	"hoctap/internal/store"
)

// Counts are the figures of a set of subjects of one model in one round. Each subject is in Total and, by how far its
// file has come, in some of the others.
type Counts struct {
	Total      int64 // all subjects there
	Registered int64 // strive for the title this year
	Scored     int64 // have a complete sheet that is not sent yet
	Sent       int64 // wait for the commune
	Returned   int64 // were sent back with reasons
	Approved   int64 // passed appraisal, no decision yet
	Rejected   int64 // did not pass appraisal
	Recognised int64 // are in an issued decision
	Exemplary  int64 // are exemplary by decision
	Passing    int64 // reach the title by the points of the last sheet, whatever the state
	Revoked    int64 // were recognised, and are no more
}

// Share is a part of a whole in hundredths of a percent, rounded down; a share of nothing is 0. Every page shows it to the tenth: half up from what
// was rounded down is half up from the share itself (71.7499 becomes 71.74 and 71.7; by way of 71.75 it would be 71.8), and nothing short of all is ever
// 100%.
func Share(part, whole int64) int64 {
	if whole == 0 {
		return 0
	}
	return part * 10000 / whole
}

// Plus returns the sum of both.
func (c Counts) Plus(d Counts) Counts {
	return Counts{c.Total + d.Total, c.Registered + d.Registered, c.Scored + d.Scored, c.Sent + d.Sent, c.Returned + d.Returned,
		c.Approved + d.Approved, c.Rejected + d.Rejected, c.Recognised + d.Recognised, c.Exemplary + d.Exemplary, c.Passing + d.Passing, c.Revoked + d.Revoked}
}

// Unscored is how many of the registered have no complete sheet yet.
func (c Counts) Unscored() int64 {
	return max(c.Registered-c.Scored-c.Sent-c.Returned-c.Approved-c.Rejected-c.Recognised-c.Revoked, 0)
}

// Minus returns the difference.
func (c Counts) Minus(d Counts) Counts {
	return Counts{c.Total - d.Total, c.Registered - d.Registered, c.Scored - d.Scored, c.Sent - d.Sent, c.Returned - d.Returned,
		c.Approved - d.Approved, c.Rejected - d.Rejected, c.Recognised - d.Recognised, c.Exemplary - d.Exemplary, c.Passing - d.Passing, c.Revoked - d.Revoked}
}

// Open is how many files still need work before a decision.
func (c Counts) Open() int64 { return c.Registered - c.Recognised - c.Rejected - c.Revoked }

func (c Counts) values() []any {
	return []any{c.Total, c.Registered, c.Scored, c.Sent, c.Returned, c.Approved, c.Rejected, c.Recognised, c.Exemplary, c.Passing, c.Revoked}
}

func (c *Counts) targets() []any {
	return []any{&c.Total, &c.Registered, &c.Scored, &c.Sent, &c.Returned, &c.Approved, &c.Rejected, &c.Recognised, &c.Exemplary, &c.Passing, &c.Revoked}
}

const addCell = `
	INSERT INTO cell (place_id, round_id, model, total, registered, scored, sent, returned, approved, rejected, recognised, exemplary, passing, revoked)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
	ON CONFLICT (place_id, round_id, model) DO UPDATE SET
		total = cell.total + excluded.total, registered = cell.registered + excluded.registered, scored = cell.scored + excluded.scored,
		sent = cell.sent + excluded.sent, returned = cell.returned + excluded.returned, approved = cell.approved + excluded.approved,
		rejected = cell.rejected + excluded.rejected, recognised = cell.recognised + excluded.recognised,
		exemplary = cell.exemplary + excluded.exemplary, passing = cell.passing + excluded.passing, revoked = cell.revoked + excluded.revoked`

// Add raises the cell of a leaf by delta, in the transaction of the change; an empty delta costs nothing.
func Add(ctx context.Context, tx *store.Tx, placeID, roundID, model string, delta Counts) error {
	if delta == (Counts{}) {
		return nil
	}
	_, err := tx.Exec(ctx, addCell, append([]any{placeID, roundID, model}, delta.values()...)...)
	return err
}

// sums are the columns of cell, added up.
const sums = `sum(c.total), sum(c.registered), sum(c.scored), sum(c.sent), sum(c.returned), sum(c.approved), sum(c.rejected), sum(c.recognised), sum(c.exemplary), sum(c.passing), sum(c.revoked)`
