// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package store

import (
	"strconv"
	"strings"
)

// Where composes the conditions of one query and numbers its arguments in order of use. The zero value is empty.
type Where struct {
	parts []string
	args  []any
}

// And adds a condition; each ? in it takes the next of args.
func (w *Where) And(condition string, args ...any) *Where {
	var b strings.Builder
	next := 0
	for _, r := range condition {
		if r == '?' {
			w.args = append(w.args, args[next])
			next++
			b.WriteString("$" + strconv.Itoa(len(w.args)))
			continue
		}
		b.WriteRune(r)
	}
	w.parts = append(w.parts, b.String())
	return w
}

// In adds "column IN (…)"; an empty list matches nothing.
func (w *Where) In(column string, values ...string) *Where {
	if len(values) == 0 {
		return w.And("1 = 0")
	}
	args := make([]any, len(values))
	for i, v := range values {
		args[i] = v
	}
	return w.And(column+" IN (?"+strings.Repeat(", ?", len(values)-1)+")", args...)
}

// SQL returns the clause with its keyword, or nothing when there is no condition.
func (w *Where) SQL() string {
	if len(w.parts) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(w.parts, " AND ")
}

// Args returns the arguments in order, followed by more.
func (w *Where) Args(more ...any) []any { return append(w.args[:len(w.args):len(w.args)], more...) }

// Next returns the placeholder that follows the clause's own, counted from 1: "$4" after three arguments.
func (w *Where) Next(n int) string { return "$" + strconv.Itoa(len(w.args)+n) }

// PathEnd returns the exclusive upper bound of the paths that begin with path, for "path >= $1 AND path < $2".
func PathEnd(path string) string {
	if path == "" {
		return "\U0010ffff"
	}
	return path[:len(path)-1] + string(path[len(path)-1]+1)
}
