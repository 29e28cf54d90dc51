// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Package journal shows the journal: the history of any record, a search for those who inspect, and the daily roots for everybody.
package journal

import (
	"slices"
	"time"
	"unicode"

	"hoctap/internal/audit"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/place"
	"hoctap/internal/store"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

// Register adds the routes of this package.
func Register(m *site.Mux) {
	m.Public("GET /nhat-ky/dau", roots)
	m.Public("GET /nhat-ky/dau.json", rootsJSON)
	m.Public("GET /nhat-ky/dau.atom", rootsAtom)
	m.Signed("GET /nhat-ky", search)
	m.Signed("GET /nhat-ky/{place}/{id}", record)
}

// none stands in an address for "no place".
const none = "-"

// systemThings are what an administrator of the system sees of: accounts and the running of the program, nothing of assessments.
var systemThings = []string{"account", "access_review", "sign_in_terms", "setting", "journal", "access_log", "badge_key", "keyring", "job", "upload"}

// actOn says who may read the entries about a thing: whoever may read the thing.
func actOn(thing string) identity.Act {
	switch {
	case thing == "round" || thing == "place" || thing == "period_rule" || thing == "criteria_set":
		return identity.SeeFigures
	case thing == "report" || thing == "report_period":
		return identity.SeeReports
	case thing == "privacy_request":
		return identity.HandleRequests
	case thing == "breach":
		return identity.KeepBreaches
	case slices.Contains(systemThings, thing) && thing != "journal":
		return identity.ManageAccounts
	}
	return identity.SeeRecords
}

// may says whether the visitor may read a line about a record of a place. What belongs to no place is for the system's administrator, but for criteria,
// which everybody reads who reads figures.
func may(v *site.Visit, l audit.Line, path string) bool {
	act := actOn(l.Thing)
	if l.PlaceID != "" {
		return v.Actor.May(act, path)
	}
	return v.Actor.Everywhere(identity.Operate) && act == identity.ManageAccounts || act == identity.SeeFigures && v.Actor.Anywhere(act) || l.Thing == "account" && l.ThingID == v.Actor.ID
}

// seesAddress says whether addresses and devices are shown: to those who inspect or keep accounts there.
func seesAddress(v *site.Visit, path string) bool {
	return v.Actor.Everywhere(identity.Operate) || path != "" && (v.Actor.May(identity.Inspect, path) || v.Actor.May(identity.ManageAccounts, path))
}

type recordView struct {
	Frame ui.Office
	Title string
	Lead  string
	Lines []Line
	Reads []Line // who opened it, for those who inspect
}

// mostLines is how many entries of a record a page shows.
const mostLines = 300

// record shows the history of one record.
func record(v *site.Visit) error {
	placeID, id := v.Path("place"), v.Path("id")
	var p place.Place
	if placeID == none {
		placeID = ""
	} else {
		var err error
		if p, err = v.Places.Get(v.Ctx(), placeID); err != nil {
			return err
		}
	}
	lines, err := audit.History(v.Ctx(), v.DB.Read(), placeID, id)
	if err != nil {
		return err
	}
	some := len(lines) > 0
	lines = slices.DeleteFunc(lines, func(l audit.Line) bool { return !may(v, l, p.Path) })
	if len(lines) == 0 {
		if some {
			return fault.Denied(string(identity.SeeRecords), p.FullName())
		}
		if p.ID == "" || !v.Actor.May(identity.SeeRecords, p.Path) {
			return fault.NotFound("journal_entry", id)
		}
	}
	slices.Reverse(lines)
	w, err := wordsFor(v, seesAddress(v, p.Path))
	if err != nil {
		return err
	}
	title := v.T("journal.record.title")
	view := recordView{Title: title, Lead: v.T("journal.record.empty")}
	if len(lines) > 0 {
		view.Lead = v.T("journal.record.lead", "thing", upper(w.thing(lines[0].Thing)), "count", len(lines))
	}
	view.Lines, err = w.lines(lines[:min(len(lines), mostLines)])
	if err != nil {
		return err
	}
	if p.ID != "" && v.Actor.May(identity.Inspect, p.Path) {
		reads, err := audit.SearchReads(v.Ctx(), v.DB.Read(), audit.Query{Places: []string{placeID}, ThingID: id, Most: 50})
		if err != nil {
			return err
		}
		if view.Reads, err = w.reads(reads); err != nil {
			return err
		}
	}
	view.Frame = v.Frame(title, "", p, ui.Crumb{Label: p.FullName()}, ui.Crumb{Label: title})
	return v.Show(recordPage(view))
}

// upper begins a sentence.
func upper(s string) string {
	r := []rune(s)
	if len(r) > 0 {
		r[0] = unicode.ToUpper(r[0])
	}
	return string(r)
}

// dayOf reads a day of the form, in Vietnam; the zero time for none.
func dayOf(v *site.Visit, name string) (time.Time, error) {
	text := v.Query(name)
	if text == "" {
		return time.Time{}, nil
	}
	t, err := time.ParseInLocation(time.DateOnly, text, store.Zone)
	if err != nil {
		return t, fault.Invalid(fault.Field(name, "journal.day"))
	}
	return t, nil
}
