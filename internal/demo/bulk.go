// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"context"
	"strconv"
	"strings"
	"sync/atomic"

	"hoctap/internal/store"
)

// table is one target of the load: how its statement begins, and how many columns it fills. Columns left out have their defaults.
type table struct {
	head    string
	columns int
	group   int // rows of one statement
	text    map[store.Engine]texts
}

// texts are the statement of a whole group and of one row.
type texts struct{ full, single string }

// parameters is about how many placeholders one statement has: a long statement saves round trips and calls, a longer one
// saves no more.
const parameters = 900

func newTable(name, columns string) *table {
	n := strings.Count(columns, ",") + 1
	t := &table{head: "INSERT INTO " + name + " (" + columns + ") VALUES ", columns: n, group: max(1, parameters/n)}
	t.text = map[store.Engine]texts{}
	for _, e := range []store.Engine{store.SQLite, store.Postgres} {
		t.text[e] = texts{t.head + placeholders(e, t.group, n), t.head + placeholders(e, 1, n)}
	}
	return t
}

// placeholders are numbered for PostgreSQL. For SQLite they have no names: "$1" is a name to it, and looking up some hundred names
// for each row took a quarter of the whole load.
func placeholders(e store.Engine, rows, columns int) string {
	var b strings.Builder
	for i := range rows * columns {
		switch {
		case i == 0:
			b.WriteString("(")
		case i%columns == 0:
			b.WriteString("), (")
		default:
			b.WriteString(", ")
		}
		if e == store.SQLite {
			b.WriteByte('?')
			continue
		}
		b.WriteString("$" + strconv.Itoa(i+1))
	}
	return b.String() + ")"
}

// The tables that are loaded row by row past the verbs. Each row has the shape in which the verb named beside it leaves it.
var (
	subjects = newTable("subject", `place_id, id, model, name, fold, sort, number, family_id, kind, phone, birth_year, sex, ethnic, members, adults,
		children, created_at, updated_at`)  // registry.Insert
	entries     = newTable("register_entry", "place_id, subject_id, year, key, value, source, at") // registry.InsertEntries
	assessments = newTable("assessment", `place_id, id, round_id, model, subject_id, name, fold, sort, number, set_id, state, stage, total, outcome,
		missing, self_total, area_total, commune_total, gap, flags, evidence, prev_id, prev_place_id, prev_total, prev_outcome, votes_for,
		votes_against, exemplary, holder_id, registered_at, sent_at, version, updated_at`)  // assessment.ListLeaf … Approve
	// Results of paper years fill fewer columns, which makes the many of them a third quicker.
	results = newTable("assessment", `place_id, id, round_id, model, subject_id, name, fold, sort, number, set_id, state, stage, total, outcome,
		flags, prev_id, prev_place_id, prev_total, prev_outcome, exemplary, registered_at, version, updated_at`)
	sheets   = newTable("sheet", "place_id, assessment_id, stage, input, points, total, outcome, by_id, at") // assessment.Save
	remarks  = newTable("remark", "place_id, assessment_id, id, stage, kind, criterion, body, by_id, by_name, at, settled_at")
	minutes  = newTable("minutes", "place_id, id, round_id, model, held_on, venue, chair, secretary, present, signed, opinion, state, by_id, at")
	appealed = newTable("appeal", "place_id, id, assessment_id, body, by_name, state, answer, by_id, at, answered_by, answered_at")
	cells    = newTable("cell", "place_id, round_id, model, total, registered, scored, sent, returned, approved, rejected, recognised, exemplary, passing")
	closes   = newTable("round_close", "place_id, round_id, model, closed_at, by_id") // assessment.CloseModel
	journal  = newTable("journal", "place_id, thing_id, id, at, actor_id, address, act, thing, before, after, reason")
)

// batch gathers rows of several tables and hands them over when there are enough for one transaction.
type batch struct {
	ctx   context.Context
	rows  map[*table][]any
	count int
	out   chan<- map[*table][]any
}

// chunk is how many rows one transaction takes, as in every bulk load of the house.
const chunk = 2000

// add appends one row; values come in the order of the table's columns.
func (b *batch) add(t *table, values ...any) {
	b.rows[t] = append(b.rows[t], values...)
	b.count++
}

// flush hands over what was gathered, when it is enough or when all is asked for.
func (b *batch) flush(all bool) error {
	if b.count == 0 || !all && b.count < chunk {
		return nil
	}
	select {
	case b.out <- b.rows:
	case <-b.ctx.Done():
		return b.ctx.Err()
	}
	b.rows, b.count = make(map[*table][]any, len(b.rows)), 0
	return nil
}

// write stores what comes in, one transaction for each hand-over, until in is closed.
func write(ctx context.Context, db *store.DB, in <-chan map[*table][]any, written *atomic.Int64) error {
	for rows := range in {
		n := 0
		err := db.Write(ctx, func(tx *store.Tx) error {
			n = 0
			for t, args := range rows {
				n += len(args) / t.columns
				if err := t.insert(ctx, tx, db.Engine, args); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		written.Add(int64(n))
	}
	return nil
}

func (t *table) insert(ctx context.Context, tx *store.Tx, e store.Engine, args []any) error {
	text := t.text[e]
	for step := t.group * t.columns; len(args) >= step; args = args[step:] {
		if _, err := tx.Exec(ctx, text.full, args[:step]...); err != nil {
			return err
		}
	}
	for ; len(args) > 0; args = args[t.columns:] {
		if _, err := tx.Exec(ctx, text.single, args[:t.columns]...); err != nil {
			return err
		}
	}
	return nil
}
