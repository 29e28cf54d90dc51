// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package review

import (
	"context"
	"time"

	"hoctap/internal/assessment"
	"hoctap/internal/store"
	"hoctap/internal/web/lang"
)

// journalLine is one line of a file's history as a sentence.
type journalLine struct{ At, Says, Reason string }

// journalOf tells the history of a file, newest first. Saves of one person in a row are told once, with the last result.
func journalOf(ctx context.Context, list []assessment.Event) (lines []journalLine) {
	for i := len(list) - 1; i >= 0; i-- {
		e := list[i]
		if i+1 < len(list) && sameSave(e, list[i+1]) {
			continue
		}
		who := e.ByName
		if e.Own {
			who = lang.T(ctx, "qrslip.family")
		}
		if who == "" {
			who = lang.T(ctx, "review.journal.program")
		}
		if e.ForName != "" {
			who = lang.T(ctx, "review.journal.on_behalf", "who", who, "giver", e.ForName)
		}
		key := "review.journal." + string(e.Act)
		if !lang.Has(ctx, key) {
			key = "review.journal.other"
		}
		says := lang.T(ctx, key, "who", who, "stage", stageWord(ctx, e.Stage), "act", string(e.Act))
		if e.Total != nil && (e.Act == assessment.ActScore || e.Act == assessment.ActAppraise) {
			says = lang.T(ctx, "review.journal.with_points", "says", says, "points", int64(*e.Total))
		}
		lines = append(lines, journalLine{At: moment(ctx, e.At), Says: says, Reason: e.Reason})
	}
	return lines
}

func sameSave(a, b assessment.Event) bool {
	return a.Act == b.Act && a.ByName == b.ByName && a.ForName == b.ForName && a.Stage == b.Stage && (a.Act == assessment.ActScore || a.Act == assessment.ActAppraise)
}

func stageWord(ctx context.Context, s assessment.Stage) string {
	if s == "" {
		return ""
	}
	return lang.T(ctx, "stage."+string(s))
}

// moment is a point in time as lists write it: 23/11/2026 08:14.
func moment(ctx context.Context, t time.Time) string {
	return lang.Date(ctx, t) + " " + lang.Clock(ctx, t)
}

func micros(at int64) time.Time { return store.Time(at) }

func remarkOf(ctx context.Context, r assessment.Remark) remarkView {
	return remarkView{Code: r.Criterion, Body: r.Body, By: r.ByName, At: moment(ctx, micros(r.At)), Kind: r.Kind, Settled: r.Settled}
}
