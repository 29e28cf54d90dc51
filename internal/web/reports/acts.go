// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package reports

import (
	"cmp"
	"path"
	"strconv"

	"hoctap/internal/identity"
	"hoctap/internal/report"
	"hoctap/internal/web/papers"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

// act is a form of the page beside the draft, with all that is wrong in it.
type act struct {
	Fields []ui.Field
	Broken []ui.Broken
}

// take gives the form its fields; what was typed and what is wrong go into them when it was sent to the last part of an address.
func (a *act) take(v *site.Visit, to string, f failure, fields ...ui.Field) {
	a.Fields = fields
	if path.Base(v.R.URL.Path) != to {
		return
	}
	for i := range a.Fields {
		x := &a.Fields[i]
		x.Value, x.Err = cmp.Or(v.R.PostForm.Get(x.Name), x.Value), f.Fields[x.Name]
	}
	a.Broken = ui.BrokenOf(f.Fields, a.Fields...)
}

// judging is what the level above does with the version that waits.
type judging struct {
	act
	Changes string
	Flags   []flagged
}

// flagged is a figure that had to be explained, with the explanation, for who reads the report.
type flagged struct{ What, Why string }

// acts are what is done with the report beside writing it: accepting or returning it, writing down what the centre answered, giving it longer.
func (w *showView) acts(v *site.Visit, o *opened, f failure) error {
	w.Last = strconv.Itoa(o.Last)
	if o.State == report.Submitted {
		if err := w.judge(v, o, f); err != nil {
			return err
		}
	}
	above, err := v.Places.Path(v.Ctx(), nil, o.Period.PlaceID)
	if err != nil || !v.Actor.May(identity.RuleReports, above) {
		return err
	}
	w.Period = address(o.Period.PlaceID, o.Period.ID) + "/ky"
	if o.State != report.Submitted && o.Period.EndedOn == "" {
		w.Extend = &act{}
		w.Extend.take(v, "gia-han", f, ui.Field{Name: "den-ngay", Label: v.T("reports.extend.until"), Type: "date"}, ui.Field{Name: "ly-do", ID: "ly-do-gia-han", Label: v.T("reports.extend.reason")})
	}
	return nil
}

func (w *showView) judge(v *site.Visit, o *opened, f failure) error {
	may, err := v.Reports.MayAnswer(v.Ctx(), v.Actor, &o.Report)
	if err != nil {
		return err
	}
	if may {
		w.Answer = &act{}
		w.Answer.take(v, "duyet", f, ui.Field{Name: "ngay", Label: v.T("reports.answer.day"), Type: "date", Value: v.Today()},
			ui.Field{Name: "ghi-chu", Label: v.T("reports.answer.note"), Hint: v.T("reports.answer.hint")})
	}
	if !o.mayRule(v) {
		return nil
	}
	w.Judge = &judging{}
	w.Judge.take(v, "duyet", f, ui.Field{Name: "ly-do", Label: v.T("reports.return.reason"), Hint: v.T("reports.return.hint"), Rows: 3},
		ui.Field{Name: "so-ngay", Label: v.T("reports.return.days"), Hint: v.T("reports.return.days_hint", "date", o.Closes), Value: strconv.Itoa(report.ReturnDays), Class: "input--short", Attrs: map[string]any{"inputmode": "numeric"}})
	if o.Last > 1 {
		w.Judge.Changes = site.With(w.Action+"/so-sanh", "tu", strconv.Itoa(cmp.Or(o.Accepted, o.Last-1)), "den", w.Last)
	}
	snap, err := v.Reports.Submitted(v.Ctx(), v.Actor, o.place.ID, o.Period.ID, o.Last)
	if err != nil {
		return err
	}
	for _, x := range report.Flags(&snap.Figures) {
		w.Judge.Flags = append(w.Judge.Flags, flagged{papers.Flag(v.Ctx(), x), snap.Words.Explanations[x.ID()]})
	}
	return nil
}
