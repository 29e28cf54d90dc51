// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package decisions

import (
	"hoctap/internal/paper"
	"hoctap/internal/recognition"
	"hoctap/internal/store"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/papers"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

// A paper that was issued by mistake keeps its number and says so on every page.

// voidName is the field for the reason; its id is that of the paper, because a page lists several.
const voidName = "ly-do-huy"

// issuedLine is an issued paper as a page lists it.
func issuedLine(v *site.Visit, x *recognition.Paper, href string) paperLine {
	line := paperLine{ID: x.ID, Number: x.Text(), Date: lang.Day(v.Ctx(), x.Date), About: x.About, Href: href}
	if x.Void() {
		line.Void = v.T("decisions.void", "reason", x.VoidReason)
	}
	line.Reason = ui.Field{Name: voidName, ID: "huy-" + x.ID, Label: v.T("decisions.void_reason"), Attrs: map[string]any{"autocomplete": "off"}}
	return line
}

// voidFields puts back the reason that was refused.
func voidFields(v *site.Visit, list []paperLine, errs map[string]string) {
	for i := range list {
		if list[i].ID == v.Path("paper") {
			list[i].Reason.Value, list[i].Reason.Err = v.Form(voidName), errs["reason"]
		}
	}
}

// voidPaper marks a paper that follows a decision as issued by mistake.
func voidPaper(v *site.Visit) error {
	if err := v.ReadForm(); err != nil {
		return err
	}
	d, p, err := paperAt(v)
	if err != nil {
		return err
	}
	if _, err := v.Recognition.VoidPaper(v.Ctx(), v.Actor, p.ID, v.Form(voidName)); err != nil {
		return again(v, err)
	}
	return v.Go(address(&d) + "#giay-to")
}

// markVoid writes across every page of a paper that it counts no more.
func markVoid(v *site.Visit, doc *paper.Document, p *recognition.Paper) {
	if !p.Void() {
		return
	}
	ctx := papers.Vi(v.Ctx())
	word := lang.T(ctx, "paper.void")
	if doc.Marks.Across != "" {
		word += " · " + doc.Marks.Across
	}
	doc.Marks.Across = word
	note := lang.T(ctx, "paper.void_note", "on", papers.LongDay(ctx, store.Date(p.VoidedAt)), "reason", p.VoidReason)
	if doc.Marks.Notice != "" {
		note += " · " + doc.Marks.Notice
	}
	doc.Marks.Notice = note
}
