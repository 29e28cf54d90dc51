// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package slips

import (
	"context"
	"slices"

	"hoctap/internal/web/lang"
)

func sendWord(ctx context.Context, mend bool) string {
	if mend {
		return lang.T(ctx, "slip.send_again")
	}
	return lang.T(ctx, "slip.send")
}

func choiceType(q question) string {
	if q.Kind == "ticks" {
		return "checkbox"
	}
	return "radio"
}

// unanswered reports that no answer of a question is chosen.
func unanswered(q question) bool {
	return !slices.ContainsFunc(q.Options, func(o option) bool { return o.On })
}

// open reports a question without an answer.
func (q *question) open() bool {
	if q.Kind == "number" {
		return q.Value == ""
	}
	return unanswered(*q)
}
