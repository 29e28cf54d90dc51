// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package store

import (
	"context"
	"strconv"
	"strings"
)

// Bulk is an INSERT of many rows, some dozen to a statement: it saves round trips to PostgreSQL and calls to SQLite.
type Bulk struct {
	columns, group int
	many, one      string // of a whole group of rows, and of one
}

// bulkParameters is about how many values one statement takes; more save nothing.
const bulkParameters = 900

// NewBulk makes one of a statement's head, "INSERT INTO name (columns) VALUES", and of what follows the rows, such as an ON CONFLICT.
func NewBulk(head, tail string) *Bulk {
	names, _, _ := strings.Cut(head, ")")
	columns := strings.Count(names, ",") + 1
	b := &Bulk{columns: columns, group: max(1, bulkParameters/columns)}
	b.many, b.one = head+" "+rowsOf(b.group, columns)+tail, head+" "+rowsOf(1, columns)+tail
	return b
}

// Columns is how many values a row has.
func (b *Bulk) Columns() int { return b.columns }

// Insert writes rows whose values lie one behind the other, and returns how many the statements touched.
func (b *Bulk) Insert(ctx context.Context, tx *Tx, values []any) (touched int64, err error) {
	for len(values) > 0 {
		query, n := b.one, b.columns
		if len(values) >= b.group*b.columns {
			query, n = b.many, b.group*b.columns
		}
		some, err := tx.Exec(ctx, query, values[:n]...)
		if err != nil {
			return touched, err
		}
		touched, values = touched+some, values[n:]
	}
	return touched, nil
}

// rowsOf writes "($1, $2), ($3, $4)".
func rowsOf(rows, columns int) string {
	var b strings.Builder
	for i := range rows * columns {
		switch {
		case i == 0:
			b.WriteByte('(')
		case i%columns == 0:
			b.WriteString("), (")
		default:
			b.WriteString(", ")
		}
		b.WriteString("$" + strconv.Itoa(i+1))
	}
	return b.String() + ")"
}

// unnamed writes "?" for "$1 … $n" where each occurs once and in this order, for SQLite: to it "$1" is a name, and its driver looks
// every name up for every run of a statement. Other texts, and those with quotes, come back as they are.
func unnamed(query string) string {
	if strings.ContainsAny(query, `"?`) {
		return query
	}
	var b strings.Builder
	next, inText := 1, false
	for i := 0; i < len(query); i++ {
		c := query[i]
		if c == '\'' {
			inText = !inText
		}
		if c != '$' {
			b.WriteByte(c)
			continue
		}
		if inText {
			return query
		}
		end := i + 1
		for end < len(query) && query[end] >= '0' && query[end] <= '9' {
			end++
		}
		if query[i+1:end] != strconv.Itoa(next) {
			return query
		}
		b.WriteByte('?')
		next, i = next+1, end-1
	}
	return b.String()
}
