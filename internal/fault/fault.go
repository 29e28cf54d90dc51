// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Package fault holds the kinds of error that a person can cause, as keys and arguments.
//
// Domain packages speak in keys ("score.too_high"); the edges turn a key into a Vietnamese or English
// sentence and a kind into a status code. Anything that is not a *Fault is internal: it is logged, and the
// person only learns that the server failed. This package imports nothing of the program.
package fault

import (
	"errors"
	"fmt"
	"strings"
)

// Kind says what an edge should do with an error.
type Kind int

// The kinds, from the person's point of view.
const (
	KindInternal    Kind = iota // the program failed; nothing is told but a reference
	KindNotFound                // no such thing, or none this actor may know of
	KindInvalid                 // the input breaks a rule; Fields name each one
	KindDenied                  // the actor may not do this there
	KindStale                   // someone saved since the version the actor saw
	KindConflict                // the act does not fit the state the thing is in (closed round, locked file)
	KindTooMuch                 // a size, count or rate limit was passed
	KindUnavailable             // a part of the server is away or full; the same may be tried again later
)

// Args are the named values a sentence is filled with.
type Args map[string]any

// FieldError is one broken rule: the field's name as the form has it, the rule's key, and its arguments.
type FieldError struct {
	Field string
	Key   string
	Args  Args
}

// Fault is an error a person caused or can act on.
type Fault struct {
	Kind   Kind
	Key    string // catalogue key below "fault."
	Args   Args
	Fields []FieldError
}

// Error gives the developers' wording; people read the catalogue's.
func (f *Fault) Error() string {
	var b strings.Builder
	b.WriteString(f.Key)
	if len(f.Args) > 0 {
		fmt.Fprintf(&b, " %v", map[string]any(f.Args))
	}
	for _, e := range f.Fields {
		fmt.Fprintf(&b, "; %s: %s", e.Field, e.Key)
		if len(e.Args) > 0 {
			fmt.Fprintf(&b, " %v", map[string]any(e.Args))
		}
	}
	return b.String()
}

// NotFound says that no thing of that sort has this id, or that the actor may not learn of it.
func NotFound(thing, id string) *Fault {
	return &Fault{Kind: KindNotFound, Key: "not_found." + thing, Args: Args{"id": id}}
}

// Invalid gathers every broken rule of one input. It returns nil when there is none, so that a check can
// end with `return fault.Invalid(errs...)`.
func Invalid(fields ...FieldError) error {
	if len(fields) == 0 {
		return nil
	}
	return &Fault{Kind: KindInvalid, Key: "invalid", Fields: fields}
}

// Field is one broken rule; pairs are alternating argument names and values.
func Field(field, key string, pairs ...any) FieldError {
	return FieldError{Field: field, Key: key, Args: argsOf(pairs)}
}

// Denied says that the actor may not do the act at the place.
func Denied(act, place string) *Fault {
	return &Fault{Kind: KindDenied, Key: "denied." + act, Args: Args{"place": place}}
}

// Stale says that the thing was saved by someone else since the actor read it.
func Stale(thing, id string) *Fault {
	return &Fault{Kind: KindStale, Key: "stale." + thing, Args: Args{"id": id}}
}

// Conflict says that the act does not fit the state the thing is in.
func Conflict(key string, pairs ...any) *Fault {
	return &Fault{Kind: KindConflict, Key: key, Args: argsOf(pairs)}
}

// TooMuch says that a limit on size, count or rate was passed.
func TooMuch(key string, pairs ...any) *Fault {
	return &Fault{Kind: KindTooMuch, Key: key, Args: argsOf(pairs)}
}

// As returns the Fault in err's chain, if there is one.
func As(err error) (*Fault, bool) { return errors.AsType[*Fault](err) }

// KindOf returns the kind of err, KindInternal for an error that is no Fault.
func KindOf(err error) Kind {
	if f, ok := As(err); ok {
		return f.Kind
	}
	return KindInternal
}

// Ours reports whether nobody who asks can mend err: the program failed, or a part of the server is away. Whoever shows a form again hands such an error on.
func Ours(err error) bool {
	if err == nil {
		return false
	}
	k := KindOf(err)
	return k == KindInternal || k == KindUnavailable
}

// Wrap puts the failing call in front of *err, when there is one:
//
//	defer fault.Wrap(&err, "assessment.Save(%s)", id)
func Wrap(err *error, format string, args ...any) {
	if *err != nil {
		*err = fmt.Errorf(format+": %w", append(args, *err)...)
	}
}

func argsOf(pairs []any) Args {
	if len(pairs) == 0 {
		return nil
	}
	a := make(Args, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		a[pairs[i].(string)] = pairs[i+1]
	}
	return a
}
