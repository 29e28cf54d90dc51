// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package sheet

import (
	"strings"

	"hoctap/internal/fault"
)

// Reading is what a cell's text means. Exactly one of three holds: the cell is Blank, Fault is a key below "fault."
// because it cannot mean such a thing, or Value is it. Warning is a key of the same kind for a value that a person
// should look at.
type Reading[T any] struct {
	Value   T
	Blank   bool
	Warning string
	Fault   string
	Args    fault.Args // of the warning or fault: value, and what the key's sentence names
}

// OK says whether there is a value.
func (r Reading[T]) OK() bool { return !r.Blank && r.Fault == "" }

// Field returns the fault for a form's field.
func (r Reading[T]) Field(field string) fault.FieldError {
	return fault.FieldError{Field: field, Key: r.Fault, Args: r.Args}
}

func good[T any](v T) Reading[T] { return Reading[T]{Value: v} }

func warned[T any](v T, key string, c Cell, pairs ...any) Reading[T] {
	return Reading[T]{Value: v, Warning: "sheet." + key, Args: cellArgs(c, pairs)}
}

func bad[T any](key string, c Cell, pairs ...any) Reading[T] {
	return Reading[T]{Fault: "sheet." + key, Args: cellArgs(c, pairs)}
}

// cellArgs are the arguments every sentence about a cell may use.
func cellArgs(c Cell, pairs []any) fault.Args {
	shown := []rune(c.Text)
	if len(shown) > 60 {
		shown = append(shown[:59], '…')
	}
	f := fault.Field("", "", append(pairs, "value", string(shown), "cell", c.Ref())...)
	return f.Args
}

// unreadable catches what no reader can make sense of: blank cells, Excel's errors, formulas never calculated.
func unreadable[T any](c Cell) (r Reading[T], stop bool) {
	switch {
	case c.Kind == Error:
		return bad[T]("cell_error", c), true
	case c.Blank() && c.Formula:
		return bad[T]("formula_without_value", c), true
	case c.Blank(), isDash(c.Text):
		return Reading[T]{Blank: true}, true
	}
	return r, false
}

// isDash says whether the text is a sign for "nothing": "-", "—", "…/…".
func isDash(s string) bool { return strings.Trim(s, "-–—_.…/ ") == "" }
