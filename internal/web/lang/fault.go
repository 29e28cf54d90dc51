// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package lang

import (
	"context"
	"errors"

	"hoctap/internal/fault"
)

// kindKey names the sentence of a kind, for a fault whose own key has none.
var kindKey = map[fault.Kind]string{
	fault.KindInternal:    "fault.internal",
	fault.KindNotFound:    "fault.kind.not_found",
	fault.KindInvalid:     "fault.kind.invalid",
	fault.KindDenied:      "fault.kind.denied",
	fault.KindStale:       "fault.kind.stale",
	fault.KindConflict:    "fault.kind.conflict",
	fault.KindTooMuch:     "fault.kind.too_much",
	fault.KindUnavailable: "fault.kind.unavailable",
}

// Fault turns an error into one sentence for the person and, for broken rules of a form, a sentence by field
// name (several rules of one field are joined). The sentence of a fault stands under "fault."+key; that of a field
// under "fault.field."+key, else "fault."+key. An error that is no fault.Fault gets the sentence of a failed server and no detail.
func Fault(ctx context.Context, err error) (sentence string, fields map[string]string) {
	f, ok := errors.AsType[*fault.Fault](err)
	if !ok {
		return T(ctx, "fault.internal"), nil
	}
	args := pairs(f.Args)
	if len(f.Fields) > 0 {
		args = append(args, "count", len(f.Fields))
		fields = make(map[string]string, len(f.Fields))
	}
	for _, e := range f.Fields {
		text := first(ctx, pairs(e.Args), "fault.field."+e.Key, "fault."+e.Key, kindKey[fault.KindInvalid])
		if before := fields[e.Field]; before != "" {
			text = before + " " + text
		}
		fields[e.Field] = text
	}
	return first(ctx, args, "fault."+f.Key, kindKey[f.Kind]), fields
}

func first(ctx context.Context, args []any, keys ...string) string {
	for _, key := range keys {
		if Has(ctx, key) {
			return T(ctx, key, args...)
		}
	}
	return keys[0]
}

func pairs(args fault.Args) []any {
	list := make([]any, 0, 2*len(args)+2)
	for name, value := range args {
		list = append(list, name, value)
	}
	return list
}
