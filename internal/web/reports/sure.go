// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package reports

import (
	"net/http"
	"strconv"

	"hoctap/internal/fault"
	"hoctap/internal/web/papers"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

// sureView asks before an act that cannot be taken back, on a page of its own: what follows, the act, and the way out.
type sureView struct {
	Frame   ui.Office
	Lead    string
	Follows []string
	Action  string
	Hidden  []ui.Field // names and values that go with the act
	Do      string
	Back    string
	Keep    string
}

// askSend asks before a report is sent. It is reached once the draft is saved and nothing is missing in it.
func askSend(v *site.Visit) error {
	o, err := open(v)
	if err != nil {
		return err
	}
	if !o.mayWrite(v) {
		return fault.Denied("report", o.place.FullName())
	}
	here := address(o.place.ID, o.Period.ID)
	if !o.State.Writable() || o.Figures == nil {
		return v.Go(here)
	}
	if err := o.Lacks(); err != nil {
		return o.page(v, http.StatusUnprocessableEntity, err, nil)
	}
	above := papers.Within(o.above)
	view := sureView{Action: here + "/gui", Back: here, Do: v.T("reports.do.submit"), Keep: v.T("reports.do.keep_writing"), Hidden: []ui.Field{{Name: "version", Value: strconv.FormatInt(o.Version, 10)}},
		Lead: v.T("reports.send.lead", "title", o.Period.Title, "place", papers.Within(o.place.FullName()))}
	to := v.T("reports.send.central")
	if above != "" {
		to = v.T("reports.send.to", "above", above)
	}
	view.Follows = []string{to, v.T("reports.send.number"), v.T("reports.send.frozen"), v.T("reports.send.later")}
	view.Frame = v.Frame(v.T("reports.send.title"), site.Reports, o.place, o.crumbs(v, ui.Crumb{Label: v.T("reports.do.submit")})...)
	return v.Show(sureTempl(view))
}

// send submits the draft that was asked about.
func send(v *site.Visit) error {
	if err := v.ReadForm(); err != nil {
		return err
	}
	o, err := open(v)
	if err != nil {
		return err
	}
	if !o.mayWrite(v) {
		return fault.Denied("report", o.place.FullName())
	}
	version, _ := strconv.ParseInt(v.Form("version"), 10, 64)
	_, changes, err := v.Reports.Submit(v.Ctx(), v.Actor, o.place.ID, o.Period.ID, version)
	var t *typed
	if err == nil && len(changes) > 0 { // nothing was sent: the officer looks at the new figures first
		t, err = &typed{changes: changes}, fault.Conflict("report.figures_changed", "count", len(changes))
	}
	return o.done(v, "gui", err, t)
}
