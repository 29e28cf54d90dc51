// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Package reports is how reports go up the levels on screen: the periods of a place, the report with its figures and words, the board of who has
// submitted, accepting and returning, the differences between versions, and the letters that remind.
package reports

import (
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/place"
	"hoctap/internal/report"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

// Register adds the routes of this package.
func Register(m *site.Mux) {
	m.Signed("GET /bao-cao", index)
	m.Signed("POST /bao-cao", openPeriod)
	m.Signed("GET /bao-cao/{place}/{period}", show)
	m.Signed("POST /bao-cao/{place}/{period}", write)
	m.Signed("GET /bao-cao/{place}/{period}/gui", askSend)
	m.Signed("POST /bao-cao/{place}/{period}/gui", send)
	m.Signed("POST /bao-cao/{place}/{period}/duyet", judge)
	m.Signed("POST /bao-cao/{place}/{period}/gia-han", extend)
	m.Signed("GET /bao-cao/{place}/{period}/tien-do", board)
	m.Signed("GET /bao-cao/{place}/{period}/ky", showPeriod)
	m.Signed("POST /bao-cao/{place}/{period}/ky", changePeriod)
	m.Signed("GET /bao-cao/{place}/{period}/xem", preview)
	m.Signed("GET /bao-cao/{place}/{period}/tai", download)
	m.Signed("GET /bao-cao/{place}/{period}/so-sanh", difference)
}

func address(placeID, periodID string) string { return "/bao-cao/" + placeID + "/" + periodID }

// opened is the report of an address with its place.
type opened struct {
	report.Report
	place place.Place
	above string // full name of the place it goes to; "" for the centre
}

// open reads the report of the address. It fails with fault.NotFound, and with fault.Denied for who may not see reports there.
func open(v *site.Visit) (o opened, err error) {
	if o.place, err = v.Here(identity.SeeReports); err != nil {
		return o, err
	}
	if o.Report, err = v.Reports.Get(v.Ctx(), v.Actor, o.place.ID, v.Path("period")); err != nil {
		return o, err
	}
	if o.place.Level == place.Commune {
		p, err := v.Places.Get(v.Ctx(), o.Period.PlaceID)
		if err != nil {
			return o, err
		}
		o.above = p.FullName()
	}
	return o, nil
}

func (o *opened) mayWrite(v *site.Visit) bool {
	return report.MayWrite(v.Actor, o.Period.Level, o.place.Path)
}

func (o *opened) mayRule(v *site.Visit) bool {
	return report.MayRule(v.Actor, o.Period.Level, o.place.Path, o.place.ID)
}

// crumbs lead from the place to the report.
func (o *opened) crumbs(v *site.Visit, last ...ui.Crumb) []ui.Crumb {
	list := []ui.Crumb{{Label: o.place.FullName()}, {Label: v.T("nav.reports"), Href: "/bao-cao?noi=" + o.place.ID}}
	if len(last) == 0 {
		return append(list, ui.Crumb{Label: o.Period.Title})
	}
	return append(append(list, ui.Crumb{Label: o.Period.Title, Href: address(o.place.ID, o.Period.ID)}), last...)
}

// stateOf is where a report stands, in word, icon and colour: what is late says so first.
func stateOf(v *site.Visit, r *report.Report) ui.State {
	late := r.Late(v.Today())
	switch r.State {
	case report.Accepted:
		return ui.State{Kind: "ok", Icon: "check", Word: v.T("reports.state.accepted")}
	case report.Submitted:
		if late > 0 {
			return ui.State{Kind: "warn", Icon: "clock", Word: v.T("reports.state.submitted_late", "count", late)}
		}
		return ui.State{Icon: "clock", Word: v.T("reports.state.submitted")}
	case report.Returned:
		if r.Accepted > 0 {
			return ui.State{Kind: "warn", Icon: "return", Word: v.T("reports.state.correction_returned")}
		}
		return ui.State{Kind: "bad", Icon: "return", Word: v.T("reports.state.returned")}
	case report.Correcting:
		return ui.State{Kind: "warn", Icon: "pen", Word: v.T("reports.state.correcting")}
	}
	if late > 0 {
		return ui.State{Kind: "bad", Icon: "warning", Word: v.T("reports.state.late", "count", late)}
	}
	if r.Period.EndedOn != "" {
		return ui.State{Icon: "check", Word: v.T("reports.state.never")}
	}
	if r.Period.Opens > v.Today() {
		return ui.State{Icon: "calendar", Word: v.T("reports.state.later", "date", r.Period.Opens)}
	}
	return ui.State{Icon: "pen", Word: v.T("reports.state.open")}
}

// failure is an error as a page says it: a sentence, and one for each field.
type failure struct {
	Sentence string
	Fields   map[string]string
}

func failureOf(v *site.Visit, err error) (f failure) {
	if err == nil {
		return f
	}
	f.Sentence, f.Fields = lang.Fault(v.Ctx(), err)
	return f
}

// again says whether an error leaves the person on the page, with what was typed.
func again(err error) bool {
	if err == nil {
		return false
	}
	switch fault.KindOf(err) {
	case fault.KindInvalid, fault.KindConflict, fault.KindStale:
		return true
	}
	return false
}
