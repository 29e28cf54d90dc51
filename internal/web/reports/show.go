// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package reports

import (
	"net/http"
	"strconv"

	"hoctap/internal/fault"
	"hoctap/internal/place"
	"hoctap/internal/report"
	"hoctap/internal/rollup"
	"hoctap/internal/signature"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/papers"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

// modelLine is a model in the table of figures.
type modelLine struct {
	Title                         string
	Total, Registered, Recognised int64
	Share, OfRegistered, Change   string
	Exemplary                     int64
	Target                        ui.State
	HasTarget                     bool
}

// versionLine is a submitted version in the history.
type versionLine struct {
	No                             int
	On, By, Reason, SHA            string
	State                          ui.State
	Judged, Why                    string
	View, Word, PDF, Kept, Changes string
	Signed                         []string // who signed the paper electronically
	Sign                           string   // page on which it is signed, for who may see it
}

type showView struct {
	Frame   ui.Office
	Lead    string
	State   ui.State
	Action  string
	Place   place.Place
	Version string

	Notes   []note
	Begin   bool // nothing is filled in yet, and the actor may do so
	Form    *form
	Models  []modelLine
	Targets bool // some model has a target to be held against
	Empty   bool
	AsOf    string
	Rows    string // how many rows are live figures
	Base    string

	View    string // address of the paper, "" before there are figures
	Judge   *judging
	Answer  *act // what the centre said, where it has no account
	Correct *act
	Extend  *act
	Period  string // page on which the period is changed or ended, for who may
	Last    string // the newest version
	History []versionLine
}

// note is a word above the page.
type note struct{ Kind, Title, Text string }

func show(v *site.Visit) error {
	o, err := open(v)
	if err != nil {
		return err
	}
	return o.page(v, http.StatusOK, nil, nil)
}

// page shows a report; typed is what was sent with a form that failed.
func (o *opened) page(v *site.Visit, status int, failed error, typed *typed) error {
	state := stateOf(v, &o.Report)
	view := showView{State: state, Place: o.place, Action: address(o.place.ID, o.Period.ID), Version: strconv.FormatInt(o.Version, 10)}
	f := failureOf(v, failed)
	if f.Sentence != "" && len(f.Fields) == 0 {
		view.Notes = append(view.Notes, note{"bad", "", f.Sentence})
	}
	view.days(v, o)
	if err := o.history(v, &view); err != nil {
		return err
	}
	view.figures(v, o)
	inTime := o.Period.Opens <= v.Today() && v.Today() <= o.Closes && o.Period.EndedOn == ""
	if o.mayWrite(v) && inTime {
		switch {
		case o.State.Writable() && o.Figures == nil:
			view.Begin = true
		case o.State.Writable():
			view.Form = o.form(v, f, typed)
		case o.State == report.Accepted:
			view.Correct = &act{}
			view.Correct.take(v, o.Period.ID, f, ui.Field{Name: "ly-do", ID: "ly-do-sua", Label: v.T("reports.correct.reason"), Hint: v.T("reports.correct.hint"), Rows: 3})
		}
	}
	if err := view.acts(v, o, f); err != nil {
		return err
	}
	view.Lead = v.T("reports.show.lead", "place", o.place.FullName(), "due", o.Due, "closes", o.Closes)
	view.Frame = v.Frame(o.Period.Title+": "+papers.Within(state.Word), site.Reports, o.place, o.crumbs(v)...)
	view.Frame.Failed = failed != nil
	return v.ShowAs(status, showTempl(view))
}

// days says what holds of the report's time, and why it came back.
func (w *showView) days(v *site.Visit, o *opened) {
	add := func(kind, key string, pairs ...any) {
		w.Notes = append(w.Notes, note{kind, v.T(key, pairs...), ""})
	}
	switch {
	case v.Today() < o.Period.Opens:
		add("", "reports.note.not_open", "date", o.Period.Opens)
	case o.Period.EndedOn != "":
		w.Notes = append(w.Notes, note{"", v.T("reports.note.ended", "date", o.Period.EndedOn), o.Period.EndedWhy})
	case v.Today() > o.Closes && o.Owed():
		add("bad", "reports.note.closed", "date", o.Closes)
	case v.Today() > o.Closes && o.Accepted > 0 && o.State != report.Submitted:
		add("", "reports.note.closed_accepted", "date", o.Closes)
	case o.Owed() && o.Late(v.Today()) > 0:
		add("bad", "reports.note.late", "count", o.Late(v.Today()), "date", o.Due)
	}
	if o.Extended != "" {
		w.Notes = append(w.Notes, note{"", v.T("reports.note.extended", "date", o.Closes), o.Extended})
	}
	if o.Extended == "" && o.State == report.Returned && o.Closes > o.Period.Closes {
		add("", "reports.note.until", "date", o.Closes)
	}
	if o.State == report.Returned && o.Accepted > 0 {
		add("warn", "reports.note.stands", "no", o.Accepted)
	}
	if o.State == report.Correcting {
		w.Notes = append(w.Notes, note{"warn", v.T("reports.note.correcting", "no", o.Accepted), o.Report.Reason})
	}
	switch v.Query("xong") {
	case "luu":
		add("ok", "reports.done.saved")
	case "gui":
		add("ok", "reports.done.submitted")
	case "so-lieu":
		add("ok", "reports.done.filled")
	}
}

// figures are the draft's, or those of the newest version once there is no draft to work on.
func (w *showView) figures(v *site.Visit, o *opened) {
	f := o.Figures
	if f == nil {
		return
	}
	w.View = w.Action + "/xem"
	w.AsOf = v.T("reports.as_of", "clock", lang.Clock(v.Ctx(), microTime(f.At)), "date", lang.Date(v.Ctx(), microTime(f.At)))
	if f.Until != "" {
		w.AsOf += " " + v.T("reports.until", "date", f.Until)
		if end := report.EndOfHalf(f.To); o.State.Writable() && v.Today() > end {
			w.Notes = append(w.Notes, note{"warn", v.T("reports.note.after_half", "date", end), v.T("reports.note.after_half_text")})
		}
	}
	if first := f.FirstYear(); f.Kind.Review() && first > f.From {
		w.AsOf += " " + v.T("reports.since", "year", first)
	}
	if live, all := f.Live(); o.place.Level == place.Province && all > 0 {
		key := "reports.rows"
		if live == 0 {
			key = "reports.rows_all"
		}
		w.Rows = v.T(key, "accepted", all-live, "count", all, "live", live)
	}
	if f.Base != 0 {
		w.Base = v.T("reports.col.change", "year", f.Base)
	}
	for i := range f.Models {
		l := modelLineOf(v, f, &f.Models[i])
		w.Models, w.Targets = append(w.Models, l), w.Targets || l.HasTarget
	}
	w.Empty = len(f.Models) == 0
}

func modelLineOf(v *site.Visit, f *report.Figures, m *report.Model) modelLine {
	last, _ := m.In(f.To)
	c := last.Counts
	l := modelLine{Title: v.T("title." + m.Model), Total: c.Total, Registered: c.Registered, Recognised: c.Recognised, Exemplary: c.Exemplary}
	if c.Total > 0 {
		l.Share = lang.Percent(v.Ctx(), rollup.Share(c.Recognised, c.Total))
		if last.Target != nil && f.Kind != report.Half { // a target is for the whole year
			l.Target, l.HasTarget = ui.TargetState(v.Ctx(), rollup.Share(c.Recognised, c.Total), *last.Target), true
		}
	}
	if c.Registered > 0 {
		l.OfRegistered = lang.Percent(v.Ctx(), rollup.Share(c.Recognised, c.Registered))
	}
	if base, found := m.In(f.Base); found && base.Counts.Total > 0 && c.Total > 0 {
		by := rollup.Share(c.Recognised, c.Total) - rollup.Share(base.Counts.Recognised, base.Counts.Total)
		l.Change = papers.Signed(v.Ctx(), by)
	}
	return l
}

// history lists what was submitted, the newest first, and says why the newest came back.
func (o *opened) history(v *site.Visit, w *showView) error {
	list, err := v.Reports.Versions(v.Ctx(), v.Actor, o.place.ID, o.Period.ID)
	if err != nil {
		return err
	}
	for i := len(list) - 1; i >= 0; i-- {
		x := &list[i]
		no := strconv.Itoa(x.No)
		l := versionLine{No: x.No, On: lang.Clock(v.Ctx(), x.SubmittedAt) + " " + lang.Date(v.Ctx(), x.SubmittedAt), By: x.ByName, Reason: x.Reason, SHA: x.SHA[:min(12, len(x.SHA))],
			View: site.With(w.Action+"/xem", "ban", no), Word: site.With(w.Action+"/tai", "ban", no, "dang", "docx"), PDF: site.With(w.Action+"/tai", "ban", no, "dang", "pdf"), Kept: site.With(w.Action+"/tai", "ban", no, "dang", "pdfa")}
		switch x.State {
		case report.Accepted:
			l.State = ui.State{Kind: "ok", Icon: "check", Word: v.T("reports.state.accepted")}
		case report.Returned:
			l.State = ui.State{Kind: "bad", Icon: "return", Word: v.T("reports.state.returned")}
		default:
			l.State = ui.State{Icon: "clock", Word: v.T("reports.state.submitted")}
		}
		if !x.JudgedAt.IsZero() {
			l.Judged, l.Why = v.T("reports.judged", "name", x.JudgedName, "date", lang.Date(v.Ctx(), x.JudgedAt)), x.JudgedWhy
			if x.State == report.Returned {
				l.Why = v.T("reports.return_of", "reason", x.JudgedWhy)
			}
			if x.AnsweredOn != "" {
				l.Judged, l.Why = v.T("reports.answered", "name", x.JudgedName, "date", x.AnsweredOn), v.T("reports.answer_of", "note", x.JudgedWhy)
			}
		}
		if x.No > 1 {
			l.Changes = site.With(w.Action+"/so-sanh", "tu", strconv.Itoa(x.No-1), "den", no)
		}
		if i == len(list)-1 && o.State == report.Returned {
			w.Notes = append(w.Notes, note{"bad", v.T("reports.note.returned", "name", x.JudgedName, "date", lang.Date(v.Ctx(), x.JudgedAt)), x.JudgedWhy})
		}
		g, err := v.Signature.Signing(v.Ctx(), v.Actor, signature.Target{PaperID: x.PaperID})
		switch {
		case err == nil:
			l.Sign = "/giay-to/" + x.PaperID + "/ky-so"
			for _, f := range g.Files {
				l.Signed = append(l.Signed, v.T("reports.signed", "name", f.Name))
			}
		case fault.KindOf(err) != fault.KindDenied: // who sees figures alone is not shown signatures
			return err
		}
		w.History = append(w.History, l)
	}
	return nil
}
