// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package site

import (
	"context"
	"fmt"
	"log/slog"
	"regexp"

	"hoctap/internal/fault"
)

// PlainLog is a handler that keeps people out of a log: of a fault only its key, never its arguments, which are what somebody typed; of other texts no numbers that
// name a person and no e-mail addresses.
func PlainLog(to slog.Handler) slog.Handler { return plainLog{to} }

type plainLog struct{ slog.Handler }

var personal = regexp.MustCompile(`[0-9](?:[ .-]?[0-9]){8,}|[^\s@<>"=]+@[^\s@<>"]+`)

// machine is what names no person though digits stand in it: ids of traces, names of copies.
var machine = regexp.MustCompile(`^(?:[0-9a-f]{32}|[0-9]{8}T[0-9]{6}Z-[0-9a-f]{10})$`)

func nameless(text string) string {
	if machine.MatchString(text) {
		return text
	}
	return personal.ReplaceAllString(text, "•••")
}

func (h plainLog) Handle(ctx context.Context, r slog.Record) error {
	out := slog.NewRecord(r.Time, r.Level, nameless(r.Message), r.PC)
	r.Attrs(func(a slog.Attr) bool { out.AddAttrs(depersonalise(a)); return true })
	return h.Handler.Handle(ctx, out)
}

func (h plainLog) WithAttrs(list []slog.Attr) slog.Handler {
	out := make([]slog.Attr, len(list))
	for i, a := range list {
		out[i] = depersonalise(a)
	}
	return plainLog{h.Handler.WithAttrs(out)}
}

func (h plainLog) WithGroup(name string) slog.Handler { return plainLog{h.Handler.WithGroup(name)} }

func depersonalise(a slog.Attr) slog.Attr {
	v := a.Value.Resolve()
	switch v.Kind() {
	case slog.KindString:
		a.Value = slog.StringValue(nameless(v.String()))
	case slog.KindGroup:
		var list []slog.Attr
		for _, inner := range v.Group() {
			list = append(list, depersonalise(inner))
		}
		a.Value = slog.GroupValue(list...)
	case slog.KindAny:
		text := fmt.Sprint(v.Any())
		if err, ok := v.Any().(error); ok {
			if f, found := fault.As(err); found {
				text = "fault " + f.Key
			}
		}
		a.Value = slog.StringValue(nameless(text))
	}
	return a
}
