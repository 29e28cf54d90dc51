// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package week

import (
	"hoctap/internal/identity"
	"hoctap/internal/place"
	"hoctap/internal/report"
	"hoctap/internal/web/ui"
)

// Minutes that work on reports takes: writing one, reading one of a commune.
const (
	writeMinutes = 45
	judgeMinutes = 10
)

// remindFrom is how many days before its due day a report that nobody returned stands among the work.
const remindFrom = 30

// ownReports lists the reports of the place that are still to be sent: the reminders in the program, from some weeks before the due day until the report
// is sent or its period is over.
func (w *work) ownReports() error {
	v := w.v
	level := w.place.Level
	if !report.MayWrite(v.Actor, level, w.place.Path) || level != place.Commune && level != place.Province {
		return nil
	}
	list, err := v.Reports.OfPlace(v.Ctx(), v.Actor, w.place.ID)
	if err != nil {
		return err
	}
	for i := range list {
		r := &list[i]
		if !r.State.Writable() || r.Period.Opens > w.today || r.Period.EndedOn != "" || r.Closes < w.today && !r.Owed() {
			continue
		}
		t := todo{Kind: "due", Icon: "pen", Title: v.T("week.report", "title", r.Period.Title, "due", r.Due), Why: v.T("week.report_why"), Minutes: writeMinutes, Do: v.T("week.do.report"), Href: "/bao-cao/" + r.PlaceID + "/" + r.Period.ID,
			When: ui.State{Icon: "calendar", Word: v.T("week.due", "date", r.Due)}}
		late := r.Late(w.today)
		switch {
		case r.State == report.Correcting:
			t.Title, t.When = v.T("week.report_correcting", "title", r.Period.Title), ui.State{Icon: "calendar", Word: v.T("week.due", "date", r.Closes)}
		case r.State == report.Returned && r.Accepted > 0: // the accepted version stands: nothing is owed
			t.Icon, t.Title, t.Why, t.When = "return", v.T("week.report_correction_returned", "title", r.Period.Title), v.T("week.report_stands", "no", r.Accepted), ui.State{Icon: "calendar", Word: v.T("week.due", "date", r.Closes)}
		case r.State == report.Returned:
			t.Kind, t.Icon, t.Title, t.Why = "returned", "return", v.T("week.report_returned", "title", r.Period.Title), v.T("week.report_returned_why")
		case late == 0 && days(w.today, r.Due) > remindFrom:
			continue
		}
		if r.Closes < w.today {
			t.Why, t.Do = v.T("week.report_closed", "date", r.Closes), v.T("week.do.see")
		}
		if late > 0 && r.Owed() {
			t.Kind, t.When = "late", ui.State{Kind: "bad", Icon: "warning", Word: v.T("week.late", "count", late)}
		}
		w.tasks = append(w.tasks, task{todo: t, Until: r.Due, Back: r.State == report.Returned})
	}
	return nil
}

// reportsBelow is the province's work on the reports of its communes: those that wait, and those that are late.
func (w *work) reportsBelow() error {
	v := w.v
	if w.place.Level != place.Province || !v.Actor.May(identity.RuleReports, w.place.Path) {
		return nil
	}
	periods, err := v.Reports.Periods(v.Ctx(), v.Actor, w.place.ID)
	if err != nil {
		return err
	}
	counts, err := v.Reports.Counts(v.Ctx(), v.Actor, w.place.ID)
	if err != nil {
		return err
	}
	for i := range periods {
		p := &periods[i]
		if p.Level != place.Commune {
			continue
		}
		n, to := counts[p.ID], "/bao-cao/"+w.place.ID+"/"+p.ID+"/tien-do"
		if waiting := n[report.Submitted]; waiting > 0 {
			w.tasks = append(w.tasks, task{todo: todo{"due", "file", v.T("week.report_judge", "count", waiting, "title", p.Title), v.T("week.report_judge_why"), w.plain(), waiting * judgeMinutes, v.T("week.do.judge"), to + "?loc=cho-duyet"}, Until: p.Due})
		}
		if n[report.Open]+n[report.Returned] == 0 || p.Due >= w.today || p.EndedOn != "" { // also after the closing day, until the period is ended
			continue
		}
		_, list, err := v.Reports.Board(v.Ctx(), v.Actor, p.ID)
		if err != nil {
			return err
		}
		missing := 0 // without those that were given longer
		for k := range list {
			if list[k].Owed() && list[k].Late(w.today) > 0 {
				missing++
			}
		}
		if missing > 0 {
			w.tasks = append(w.tasks, task{todo: todo{"late", "warning", v.T("week.report_missing", "count", missing, "title", p.Title), v.T("week.report_missing_why"),
				ui.State{Kind: "bad", Icon: "warning", Word: v.T("week.late", "count", days(p.Due, w.today))}, batchMinutes, v.T("week.do.see"), to + "?loc=cham"}, Until: p.Due})
		}
	}
	return nil
}
