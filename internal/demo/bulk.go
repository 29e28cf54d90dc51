// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"context"
	"sync/atomic"

	"hoctap/internal/audit"
	"hoctap/internal/store"
)

// newTable is one target of the load. Columns left out have their defaults.
func newTable(name, columns string) *store.Bulk {
	return store.NewBulk("INSERT INTO "+name+" ("+columns+") VALUES", "")
}

// The tables that are loaded row by row past the verbs. Each row has the shape in which the verb named beside it leaves it.
var (
	subjects = newTable("subject", `place_id, id, model, name, fold, sort, number, family_id, kind, phone, birth_year, sex, ethnic, members, adults,
		children, created_at, updated_at, phone_hash`)  // registry.Insert
	entries     = newTable("register_entry", "place_id, subject_id, year, key, value, source, at") // registry.InsertEntries
	assessments = newTable("assessment", `place_id, id, round_id, model, subject_id, name, fold, sort, number, set_id, state, stage, total, outcome,
		missing, self_total, area_total, commune_total, gap, flags, evidence, prev_id, prev_place_id, prev_total, prev_outcome, votes_for,
		votes_against, exemplary, holder_id, scored_by, closed_by, registered_at, sent_at, version, updated_at`)  // assessment.ListLeaf … Approve
	// Results of paper years fill fewer columns, which makes the many of them a third quicker.
	results = newTable("assessment", `place_id, id, round_id, model, subject_id, name, fold, sort, number, set_id, state, stage, total, outcome,
		flags, prev_id, prev_place_id, prev_total, prev_outcome, exemplary, registered_at, version, updated_at`)
	sheets   = newTable("sheet", "place_id, assessment_id, stage, input, points, total, outcome, by_id, at") // assessment.Save
	remarks  = newTable("remark", "place_id, assessment_id, id, stage, kind, criterion, body, by_id, by_name, at, settled_at")
	minutes  = newTable("minutes", "place_id, id, round_id, model, held_on, venue, chair, secretary, present, signed, opinion, state, by_id, at")
	appealed = newTable("appeal", "place_id, id, assessment_id, body, by_name, state, answer, by_id, at, answered_by, answered_at")
	cells    = newTable("cell", "place_id, round_id, model, total, registered, scored, sent, returned, approved, rejected, recognised, exemplary, passing")
	closes   = newTable("round_close", "place_id, round_id, model, closed_at, by_id") // assessment.CloseModel
)

// load is what one transaction writes: rows of several tables, and what the journal is to know.
type load struct {
	rows map[*store.Bulk][]any
	told []audit.Past
}

// batch gathers a load and hands it over when there is enough for one transaction.
type batch struct {
	ctx   context.Context
	rows  map[*store.Bulk][]any
	told  []audit.Past
	count int
	out   chan<- load
}

// chunk is how many rows one transaction takes, as in every bulk load of the house.
const chunk = 2000

// add appends one row; values come in the order of the table's columns.
func (b *batch) add(t *store.Bulk, values ...any) {
	b.rows[t] = append(b.rows[t], values...)
	b.count++
}

// tell appends an entry of the journal, which is chained in the transaction.
func (b *batch) tell(e audit.Past) {
	b.told = append(b.told, e)
	b.count++
}

// flush hands over what was gathered, when it is enough or when all is asked for.
func (b *batch) flush(all bool) error {
	if b.count == 0 || !all && b.count < chunk {
		return nil
	}
	select {
	case b.out <- load{b.rows, b.told}:
	case <-b.ctx.Done():
		return b.ctx.Err()
	}
	b.rows, b.told, b.count = make(map[*store.Bulk][]any, len(b.rows)), nil, 0
	return nil
}

// write stores what comes in, one transaction for each hand-over, until in is closed.
func write(ctx context.Context, db *store.DB, in <-chan load, written *atomic.Int64) error {
	for some := range in {
		n := 0
		err := db.Write(ctx, func(tx *store.Tx) error {
			n = len(some.told)
			for t, args := range some.rows {
				n += len(args) / t.Columns()
				if _, err := t.Insert(ctx, tx, args); err != nil {
					return err
				}
			}
			return audit.WritePast(ctx, tx, some.told...)
		})
		if err != nil {
			return err
		}
		written.Add(int64(n))
	}
	return nil
}
