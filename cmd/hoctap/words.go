// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"hoctap/internal/fault"
	"hoctap/internal/web/lang"
)

// inWords turns an error that a person can mend into the sentences of its catalogue; others come back as they are.
func inWords(ctx context.Context, err error) error {
	if f, ok := fault.As(err); ok {
		text, fields := lang.Fault(ctx, f)
		for name, sentence := range fields {
			text += "\n  " + name + ": " + sentence
		}
		return brokenError{text}
	}
	if p, ok := errors.AsType[*fs.PathError](err); ok {
		return brokenError{lang.T(ctx, "criteria.cli.no_file", "file", p.Path)}
	}
	return err
}

// say prints a line of the catalogue.
func say(ctx context.Context, key string, args ...any) { fmt.Println(lang.T(ctx, key, args...)) }

// since is the time from start in hundredths of a second, as the catalogue's points.
func since(start time.Time) int64 { return time.Since(start).Milliseconds() / 10 }

// pairs lists arguments as lang.T takes them.
func pairs(args fault.Args) []any {
	list := make([]any, 0, 2*len(args))
	for name, value := range args {
		list = append(list, name, value)
	}
	return list
}
