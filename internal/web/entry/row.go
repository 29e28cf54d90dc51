// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package entry

import (
	"context"

	"hoctap/internal/assessment"
	"hoctap/internal/criteria"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/site"
)

// row is one subject as the grid shows it; its words are in the reader's language already.
type row struct {
	ID       string `json:"id"`
	Version  int64  `json:"version"`
	Set      string `json:"set"` // version of the criteria set it is scored with
	State    string `json:"state"`
	Number   string `json:"number"`
	Name     string `json:"name"`
	Find     string `json:"find"`   // folded, for the search box
	People   string `json:"people"` // "4 · 2": adults and pupils
	Prev     string `json:"prev"`
	PrevWord string `json:"prevWord"`
	Cells    []cell `json:"cells"`
	Total    string `json:"total"`
	Out      out    `json:"out"`
	Evidence int    `json:"evidence"`
	Lacks    bool   `json:"lacks"` // evidence that the set requires
	At       string `json:"at"`    // when it was last saved, "20:41"
	Done     bool   `json:"done"`
	Locked   bool   `json:"locked"` // with the commune, or decided
	Listed   bool   `json:"listed"` // not registered
	Look     bool   `json:"look"`   // worth asking again
}

// cell is one criterion of a row.
type cell struct {
	Text   string `json:"t"`
	Kind   string `json:"k,omitempty"` // "" known · e empty · l locked · n does not apply
	Change string `json:"c,omitempty"` // up | down, against last year
	Doubt  bool   `json:"d,omitempty"`
}

// out is what the row comes to.
type out struct {
	Kind string `json:"kind"` // ok | bad | warn | info | need | ""
	Word string `json:"word"`
}

func rowOf(ctx context.Context, b *assessment.Board, r *assessment.BoardRow) row {
	a := &r.Assessment
	v := row{ID: a.ID, Version: a.Version, Set: a.SetID, State: string(a.State), Number: a.Number, Name: a.Name, Find: a.Fold, Evidence: a.Evidence,
		Lacks: a.Flags&assessment.FlagEvidence != 0, Locked: a.Locked(), Listed: a.State == assessment.Listed}
	if r.Subject.Adults+r.Subject.Children > 0 {
		v.People = lang.Number(ctx, int64(r.Subject.Adults)) + " · " + lang.Number(ctx, int64(r.Subject.Children))
	}
	v.Prev, v.PrevWord = "", lang.T(ctx, "entry.prev_none")
	if a.PrevOutcome != "" {
		v.PrevWord = lang.T(ctx, "entry.prev."+a.PrevOutcome)
		if a.PrevTotal != nil {
			v.Prev = lang.Points(ctx, int64(*a.PrevTotal))
		}
	}
	for i := range r.Result.Criteria {
		v.Cells = append(v.Cells, cellOf(ctx, b, r, i))
	}
	if r.Result.HasTotal {
		v.Total = lang.Points(ctx, int64(r.Result.Total))
	}
	if a.Stage != "" {
		v.At = lang.Clock(ctx, a.UpdatedAt)
	}
	v.Done = a.Stage != "" && a.Missing == 0 && !r.Waits
	v.Out = outOf(ctx, b, r)
	for _, c := range v.Cells {
		v.Look = v.Look || c.Doubt
	}
	v.Look = v.Look || a.Flags&(assessment.FlagReused|assessment.FlagEvidence) != 0 || a.State == assessment.Returned
	return v
}

func cellOf(ctx context.Context, b *assessment.Board, r *assessment.BoardRow, i int) cell {
	k, res := b.Set.Criteria[i], &r.Result.Criteria[i]
	var c cell
	switch {
	case locked(r, k):
		c.Kind = "l"
	case res.State == criteria.StateFull, res.State == criteria.StateRedistributed, res.State == criteria.StateSkipped:
		c.Kind = "n"
	case res.State == criteria.StateUnknown:
		c.Kind = "e"
	}
	switch {
	case res.State != criteria.StateScored && res.State != criteria.StateFull:
		return c
	case !b.Set.Set.WithPoints():
		c.Text = lang.T(ctx, "entry.pass."+map[criteria.Answer]string{criteria.Yes: "yes", criteria.No: "no"}[res.Pass])
		return c
	}
	c.Text = lang.Points(ctx, int64(res.Points))
	if r.Previous != nil {
		if before, ok := r.Previous.Points[k.Code]; ok && res.State == criteria.StateScored {
			switch {
			case res.Points > before:
				c.Change = "up"
			case res.Points < before:
				c.Change = "down"
			}
		}
	}
	c.Doubt = res.Floor.Met == criteria.No
	return c
}

// locked says whether a criterion is answered by the registry or by another register, not by a person.
func locked(r *assessment.BoardRow, k *criteria.Criterion) bool {
	switch k.Entry() {
	case criteria.EntryComputed, criteria.EntryPaper:
		return true
	case criteria.EntryRegister:
		_, told := r.Locked[k.Scoring.Status]
		return told
	}
	return false
}

// outOf is the result in one short phrase: what it is, or what it still takes.
func outOf(ctx context.Context, b *assessment.Board, r *assessment.BoardRow) out {
	a, res := &r.Assessment, &r.Result
	switch {
	case a.State == assessment.Listed:
		return out{"warn", lang.T(ctx, "entry.out.listed")}
	case a.State == assessment.Returned:
		return out{"warn", lang.T(ctx, "state.returned")}
	case r.Waits:
		return out{"warn", lang.T(ctx, "qrslip.waits")}
	case a.Stage == "":
		for i := range res.Criteria {
			if res.Criteria[i].Floor.Met == criteria.No {
				return out{"warn", lang.T(ctx, "entry.out.floor", "code", b.Set.Criteria[i].Code, "have", res.Criteria[i].Num, "of", res.Criteria[i].Den)}
			}
		}
		if a.PrevOutcome == "" {
			return out{"info", lang.T(ctx, "entry.out.new")}
		}
		return out{"", lang.T(ctx, "entry.out.left", "count", asked(b, r))}
	case len(res.Failures) > 0:
		return out{"bad", lang.T(ctx, "entry.out.failed", "why", failure(ctx, b, &res.Failures[0]))}
	case res.Outcome == criteria.Recognised && a.Flags&assessment.FlagEvidence != 0:
		return out{"warn", lang.T(ctx, "entry.out.evidence")}
	case res.Outcome == criteria.Recognised:
		return out{"ok", lang.T(ctx, "outcome.recognised")}
	case res.Threshold.HasMin && res.Threshold.Short > 0:
		return out{"need", lang.T(ctx, "entry.out.need", "points", int64(res.Threshold.Short))}
	}
	return out{"need", lang.T(ctx, "entry.out.left", "count", len(res.Needs))}
}

// asked counts the criteria that a person still has to answer.
func asked(b *assessment.Board, r *assessment.BoardRow) (n int) {
	for i := range r.Result.Criteria {
		if r.Result.Criteria[i].State == criteria.StateUnknown && !locked(r, b.Set.Criteria[i]) {
			n++
		}
	}
	return n
}

// failure is a failed rule in a few words: "B2 2/5", "thiếu 1,33", "điều kiện G2".
func failure(ctx context.Context, b *assessment.Board, f *criteria.Reason) string {
	args := f.Args(b.Set)
	pairs := make([]any, 0, 8)
	for _, name := range []string{"code", "title", "have", "want"} {
		if value, ok := args[name]; ok {
			pairs = append(pairs, name, value)
		}
	}
	switch f.Code {
	case criteria.TotalBelowThreshold:
		if f.Have.D == f.Want.D {
			return lang.T(ctx, "entry.fail.short", "points", f.Want.N-f.Have.N)
		}
	case criteria.ShareBelowFloor:
		return lang.T(ctx, "entry.fail.floor", pairs...)
	case criteria.GroupBelowMinimum:
		return lang.T(ctx, "entry.fail.group", pairs...)
	case criteria.GateAnsweredNo, criteria.GateRuleFailed:
		return lang.T(ctx, "entry.fail.gate", pairs...)
	case criteria.CriterionBelowMinimum:
		return lang.T(ctx, "entry.fail.criterion", pairs...)
	}
	return lang.T(ctx, "entry.fail.other")
}

func detailOf(v *site.Visit, b *assessment.Board) detail {
	return newDetail(v.Ctx(), b, &b.Rows[0])
}
