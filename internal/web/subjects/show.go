// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package subjects

import (
	"net/http"
	"strconv"

	"hoctap/internal/identity"
	"hoctap/internal/place"
	"hoctap/internal/recognition"
	"hoctap/internal/registry"
	"hoctap/internal/store"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

type line struct {
	Label, Value, Href string
}

type titleLine struct {
	Name, Years, Href string
	Badge             string // where its open badge is given or read
	State             ui.State
}

type showView struct {
	Frame    ui.Office
	Title    string
	Lead     string
	State    ui.State // of one that is no longer there
	MergedTo line
	Done     string // what was just done
	Pending  string // a move that waits for the other commune
	Data     []line
	Reveal   revealView
	Edit     string
	Move     string
	Leave    string
	Back     string
	Entries  entriesView
	Consents consentsView
	Members  membersView
	Years    []yearLine
	Titles   []titleLine
	Stays    []line
	Journal  []journalLine
}

type membersView struct {
	Title  string
	Lines  []line
	Counts []string
	Add    string // a person into a family
	Edit   string // the list of a clan or unit
	Shown  bool
}

var doneWords = map[string]string{"luu": "saved", "them": "added", "chuyen": "moved", "de-nghi": "asked", "roi-di": "left", "tro-lai": "back", "muc": "entered", "thanh-vien": "listed", "tach": "unmerged",
	"dong-y": "agreed", "rut-lai": "withdrawn"}

func show(v *site.Visit) error {
	r, err := v.Registry.Get(v.Ctx(), v.Actor, v.Path("place"), v.Path("id"))
	if err != nil {
		return err
	}
	if r.PlaceID != v.Path("place") { // it has moved on
		return v.Go(hrefOf(r))
	}
	return showWith(v, http.StatusOK, r, nil, nil)
}

// showWith answers with the page of a subject; sent and failed are the form of register entries that was refused.
func showWith(v *site.Visit, status int, r registry.Subject, sent typed, failed error) error {
	p, err := v.Places.Get(v.Ctx(), r.PlaceID)
	if err != nil {
		return err
	}
	where, err := longName(v, p)
	if err != nil {
		return err
	}
	view := showView{Title: r.Name, Lead: v.T("subjects.lead", "model", v.T("model."+r.Model), "place", where)}
	if word := doneWords[v.Query("xong")]; word != "" {
		view.Done = v.T("subjects.done." + word)
	}
	for _, f := range fieldsOf(r.Model) {
		l := line{Label: label(v, r.Model, f), Value: dash(inWords(v, r, f, typedOf(r)[f]))}
		if f == "family_id" && r.FamilyID != "" {
			l.Href = pathOf(r.PlaceID, r.FamilyID)
		}
		if f != "name" {
			view.Data = append(view.Data, l)
		}
	}
	view.Reveal = revealOf(v, p, r)
	if err := view.acts(v, p, r); err != nil {
		return err
	}
	if view.Members, err = membersOf(v, p, r); err != nil {
		return err
	}
	stays, err := v.Registry.Stays(v.Ctx(), v.Actor, r.PlaceID, r.ID)
	if err != nil {
		return err
	}
	if view.Stays, err = stayLines(v, stays); err != nil {
		return err
	}
	if view.Years, err = yearsOf(v, r, stays); err != nil {
		return err
	}
	if view.Titles, err = titlesOf(v, r); err != nil {
		return err
	}
	if err := view.past(v, r, stays); err != nil {
		return err
	}
	if v.R.Pattern == revealRoute {
		view.Reveal.refuse(v, failed)
		failed = nil
	}
	refusedEntries, refusedConsent := failed, failed // which form it was is told by its address
	if sent == nil {
		refusedEntries = nil
	} else {
		refusedConsent = nil
	}
	if view.Entries, err = entriesOf(v, p, r, sent, refusedEntries); err != nil {
		return err
	}
	if view.Consents, err = consentsOf(v, p, r, refusedConsent); err != nil {
		return err
	}
	trail, err := crumbs(v, p, r.Model, ui.Crumb{Label: r.Name})
	if err != nil {
		return err
	}
	view.Frame = v.Frame(r.Name, site.Subjects, p, trail...)
	view.Frame.Failed = failed != nil || len(view.Reveal.Broken) > 0
	return v.ShowAs(status, showPage(view))
}

// acts are the buttons, as the state of the subject and the reader's rights allow.
func (view *showView) acts(v *site.Visit, p place.Place, r registry.Subject) error {
	switch r.State {
	case registry.Left:
		view.State = ui.State{Icon: "sign-out", Word: v.T("subjects.state.left")}
	case registry.Merged:
		view.State = ui.State{Icon: "link", Word: v.T("subjects.state.merged")}
		kept, err := v.Registry.Get(v.Ctx(), v.Actor, r.PlaceID, r.MergedInto)
		if err != nil {
			return err
		}
		view.MergedTo = line{Label: v.T("subjects.merged_into"), Value: kept.Name, Href: hrefOf(kept)}
	}
	if !editor(v, p) {
		return nil
	}
	switch r.State {
	case registry.Active:
		view.Edit, view.Leave = hrefOf(r)+"/sua", hrefOf(r)+"/roi-di"
		if r.Model != registry.Community {
			view.Move = hrefOf(r) + "/chuyen"
		}
	case registry.Left:
		view.Back = hrefOf(r) + "/tro-lai"
	}
	return nil
}

// membersOf are the persons of a family, or the list of a clan or unit, with how many hold a title this year.
func membersOf(v *site.Visit, p place.Place, r registry.Subject) (m membersView, err error) {
	if r.Model == registry.Citizen {
		return m, nil
	}
	m.Shown = r.Model != registry.Community
	var list []registry.Subject
	if m.Shown {
		if list, err = v.Registry.Members(v.Ctx(), v.Actor, r.PlaceID, r.ID); err != nil {
			return m, err
		}
	}
	m.Title = v.T("subjects.members."+r.Model, "count", len(list))
	away, err := names(v, elsewhere(list, r.PlaceID)...)
	if err != nil {
		return m, err
	}
	for _, s := range list {
		l := line{Label: s.Name, Value: year(s.BirthYear)}
		if s.PlaceID != r.PlaceID {
			l.Value = away[s.PlaceID]
		}
		path, err := v.Places.Path(v.Ctx(), nil, s.PlaceID)
		if err != nil {
			return m, err
		}
		if v.Actor.May(identity.SeeRecords, path) {
			l.Href = hrefOf(s)
		}
		m.Lines = append(m.Lines, l)
	}
	now := v.Now().In(store.Zone).Year()
	counts, err := v.Registry.MemberCounts(v.Ctx(), v.DB.Read(), r, now)
	if err != nil {
		return m, err
	}
	for _, kind := range []string{registry.MemberAdult, registry.MemberFamily, registry.MemberClan, registry.MemberOfUnit, registry.MemberLearner} {
		if c := counts[kind]; c.Members > 0 {
			m.Counts = append(m.Counts, v.T("subjects.holders."+kind, "holders", c.Holders, "members", c.Members, "year", now))
		}
	}
	if editor(v, p) && r.State == registry.Active {
		switch r.Model {
		case registry.Family:
			m.Add = site.With(pathOf(r.PlaceID, "moi"), "mo-hinh", registry.Citizen, "ho", r.ID)
		case registry.Clan, registry.Unit:
			m.Edit = hrefOf(r) + "/thanh-vien"
		}
	}
	return m, nil
}

func elsewhere(list []registry.Subject, here string) (ids []string) {
	for _, s := range list {
		if s.PlaceID != here {
			ids = append(ids, s.PlaceID)
		}
	}
	return ids
}

func stayLines(v *site.Visit, stays []registry.Stay) (list []line, err error) {
	var ids []string
	for _, s := range stays {
		ids = append(ids, s.PlaceID)
	}
	where, err := names(v, ids...)
	if err != nil {
		return nil, err
	}
	for i := len(stays) - 1; i >= 0; i-- {
		s := stays[i]
		var when string
		switch from, to := s.ValidFrom != store.Always, s.ValidTo != store.Still; {
		case from && to:
			when = v.T("subjects.stay.between", "from", lang.Day(v.Ctx(), s.ValidFrom), "to", lang.Day(v.Ctx(), s.ValidTo))
		case from:
			when = v.T("subjects.stay.since", "from", lang.Day(v.Ctx(), s.ValidFrom))
		case to:
			when = v.T("subjects.stay.until", "to", lang.Day(v.Ctx(), s.ValidTo))
		default:
			when = v.T("subjects.stay.always")
		}
		list = append(list, line{Label: where[s.PlaceID], Value: when})
	}
	return list, nil
}

var titleKind = map[recognition.Status]string{recognition.StatusValid: "ok", recognition.StatusRevoked: "bad"}

func titlesOf(v *site.Visit, r registry.Subject) (list []titleLine, err error) {
	titles, err := v.Recognition.Titles(v.Ctx(), v.Actor, r.PlaceID, r.ID)
	year, _ := strconv.Atoi(v.Today()[:4])
	for i := range titles {
		t := &titles[i]
		status := t.Status(year)
		l := titleLine{Name: v.T("title." + t.Model), Years: strconv.Itoa(t.Year), State: ui.State{Kind: titleKind[status], Word: v.T("subjects.title_state." + string(status))}}
		if t.Exemplary {
			l.Name = v.T("subjects.exemplary", "title", l.Name)
		}
		if t.UntilYear > t.Year {
			l.Years = strconv.Itoa(t.Year) + "–" + strconv.Itoa(t.UntilYear)
		}
		if t.State == recognition.TitleValid {
			l.Href = "/xac-minh/" + string(t.Code)
			if v.BadgesOn && t.Model == registry.Citizen && status == recognition.StatusValid {
				l.Badge = "/danh-hieu/" + t.PlaceID + "/" + t.ID + "/huy-hieu"
			}
		}
		list = append(list, l)
	}
	return list, err
}
