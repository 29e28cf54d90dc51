// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package site

import (
	"net/url"
	"strconv"
	"strings"

	"hoctap/internal/assessment"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/place"
	"hoctap/internal/web/ui"
)

// Section is an entry of the side; pages name the one they belong to.
type Section string

// The sections, in the order of use.
const (
	Week      Section = "week"
	Overview  Section = "overview"
	Entry     Section = "entry"
	Review    Section = "review"
	Areas     Section = "areas"
	Decisions Section = "decisions"
	Reports   Section = "reports"
	Subjects  Section = "subjects"
	Imports   Section = "imports"
	Rechecks  Section = "rechecks"
	Rounds    Section = "rounds"
	Criteria  Section = "criteria"
	Accounts  Section = "accounts"
	Rights    Section = "rights"
	Server    Section = "server"
	Journal   Section = "journal"
	Privacy   Section = "privacy"
	Breaches  Section = "breaches"
)

// sections says where each entry leads and whom it is for: who may do the act somewhere.
var sections = []struct {
	id         Section
	path, icon string
	act        identity.Act
	group      bool // below "Quản trị"
}{
	{Week, "/viec", "home", identity.SeeRecords, false},
	{Overview, "/tong-quan", "chart", identity.SeeFigures, false},
	{Entry, "/nhap", "table", identity.Score, false},
	{Review, "/tham-dinh", "file", identity.Appraise, false},
	{Areas, "/khu", "map", identity.EditPlaces, false},
	{Decisions, "/quyet-dinh", "medal", identity.Decide, false},
	{Reports, "/bao-cao", "list", identity.SeeReports, false},
	{Subjects, "/so-bo", "people", identity.SeeRecords, false},
	{Imports, "/nhap-tep", "upload", identity.EditRegistry, false},
	{Rechecks, "/kiem-tra", "inspect", identity.Inspect, false},
	{Rounds, "/dot", "calendar", identity.ManageRounds, true},
	{Criteria, "/bo-tieu-chi", "note", identity.SeeFigures, true},
	{Accounts, "/tai-khoan", "person", identity.ManageAccounts, true},
	{Rights, "/quyen", "key", "", true},
	{Server, "/may-chu", "gear", identity.Operate, true},
	{Journal, "/nhat-ky", "list", identity.ManageAccounts, true},
	{Privacy, "/du-lieu-ca-nhan", "lock", identity.HandleRequests, true},
	{Breaches, "/su-co", "warning", identity.ReportBreach, true},
}

// Frame is the frame of a signed-in page with the side that suits the actor; pages add crumbs and what else they need.
func (v *Visit) Frame(title string, current Section, at place.Place, crumbs ...ui.Crumb) ui.Office {
	o := ui.Office{
		Title: title, Home: "/viec", Demo: v.Demo, Trust: v.Trust(), Crumbs: crumbs,
		Who: ui.Who{Name: v.Actor.Name, Role: v.Actor.Post, Href: "/tai-khoan/toi", SignOut: SignOutPath},
	}
	if at.ID != "" {
		o.Place = at.FullName()
	}
	o.Owed, o.OwedAt = v.owed()
	if href := v.historyHref(); href != "" {
		o.Tools = ui.Button(ui.Btn{Label: v.T("nav.journal"), Href: href, Icon: "clock", Kind: "quiet"})
	}
	for _, s := range sections {
		if s.act != "" && !v.Actor.Anywhere(s.act) || s.id == Server && !v.Actor.Everywhere(s.act) {
			continue
		}
		item := ui.NavItem{Label: v.T("nav." + string(s.id)), Href: s.path, Icon: s.icon, Current: s.id == current}
		if s.group {
			item.Group = v.T("shell.admin")
		}
		o.Nav = append(o.Nav, item)
	}
	return o
}

// Own is the place of the actor's first role, or none.
func (v *Visit) Own() place.Place {
	if len(v.Actor.Grants) == 0 {
		return place.Place{}
	}
	p, err := v.Places.Get(v.Ctx(), v.Actor.Grants[0].PlaceID)
	if err != nil {
		return place.Place{} // only the frame's second line is missing then
	}
	return p
}

// Here is the place a page is about: the one named by ?noi or the wildcard "place", else the actor's own for act.
func (v *Visit) Here(act identity.Act) (p place.Place, err error) {
	id := v.Path("place")
	if id == "" {
		id = v.Query("noi")
	}
	if id == "" {
		own := v.Actor.Places(act)
		if len(own) == 0 {
			return p, fault.Denied(string(act), "")
		}
		id = own[0]
	}
	if p, err = v.Places.Get(v.Ctx(), id); err != nil {
		return p, err
	}
	return p, v.Actor.Check(act, p.Path, p.FullName())
}

// Below are a place and what lies right below it: where accounts of its people have their roles.
func (v *Visit) Below(p place.Place) ([]place.Place, error) {
	children, err := v.Places.Children(v.Ctx(), p.ID, "")
	return append([]place.Place{p}, children...), err
}

// Above is href when the actor may do act at the commune that p lies in, else "": a crumb without an address is only a word.
func (v *Visit) Above(act identity.Act, p place.Place, href string) string {
	above, _, _ := strings.Cut(p.Path, "/"+p.CommuneID+"/")
	if p.CommuneID == "" || !v.Actor.May(act, above+"/"+p.CommuneID+"/") {
		return ""
	}
	return href
}

// Year is the year that a page was asked for, in its address or by the form it sent; "" for none.
func (v *Visit) Year() string {
	if year := v.Query("nam"); year != "" {
		return year
	}
	return v.R.PostForm.Get("nam")
}

// Round is the round a page is about: of the year asked for at the place, else the newest that is open there, else the newest.
func (v *Visit) Round(p place.Place) (r assessment.Round, all []assessment.Round, err error) {
	all, err = v.Assessment.Rounds(v.Ctx(), p.ID)
	if err != nil {
		return r, nil, err
	}
	year, _ := strconv.Atoi(v.Year())
	found := false
	for _, c := range all {
		switch {
		case year != 0 && c.Year == year:
			return c, all, nil
		case year == 0 && !found && c.State == assessment.RoundOpen:
			r, found = c, true
		}
	}
	if found {
		return r, all, nil
	}
	if year == 0 && len(all) > 0 {
		return all[0], all, nil
	}
	return r, all, fault.NotFound("round", v.Year())
}

// With is an address with query values, empty ones left out.
func With(path string, pairs ...string) string {
	q := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}
