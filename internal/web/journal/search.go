// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package journal

import (
	"net/http"
	"slices"

	"hoctap/internal/audit"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/place"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

// pageSize is how many lines a page of the search has.
const pageSize = 50

type searchView struct {
	Frame  ui.Office
	Title  string
	Lead   string
	Tabs   []ui.Tab
	Place  string // id, kept in the form
	Kind   string
	Who    ui.Field
	Act    ui.Field
	From   ui.Field
	Until  ui.Field
	Broken []ui.Broken
	Lines  []Line
	Pages  ui.Pages
	Clear  string
	Disk   string // that it is nearly full
}

// scope is what a visitor may search: the entries of a place and of those right below it, or those about accounts and the system.
type scope struct {
	at     place.Place
	places []string
	things []string
}

// scopeOf fails with fault.Denied for who neither inspects there nor keeps accounts.
func scopeOf(v *site.Visit) (s scope, err error) {
	if v.Query("noi") == "" && v.Actor.Everywhere(identity.Operate) {
		return scope{places: []string{""}, things: systemThings}, nil
	}
	act := identity.Inspect
	if !v.Actor.Anywhere(act) {
		act = identity.ManageAccounts
	}
	if s.at, err = v.Here(act); err != nil {
		return s, err
	}
	if act == identity.ManageAccounts {
		s.things = systemThings
	}
	children, err := v.Places.Children(v.Ctx(), s.at.ID, "")
	s.places = []string{s.at.ID}
	for _, c := range children {
		s.places = append(s.places, c.ID)
	}
	return s, err
}

func search(v *site.Visit) error {
	s, err := scopeOf(v)
	if err != nil {
		return err
	}
	q := audit.Query{Places: s.places, Things: s.things, Act: v.Query("viec"), Before: v.Query("sau"), Most: pageSize + 1}
	view := searchView{Title: v.T("journal.title"), Place: s.at.ID, Kind: v.Query("loai")}
	reads := view.Kind == "doc"
	if reads {
		q.Things = nil
		if s.things != nil { // sign-ins and refusals, not who looked at which household
			q.Things = []string{"account", "too_many"}
		}
	}
	failed := view.ask(v, &q)
	var list []audit.Found
	if failed == nil {
		if reads {
			list, failed = audit.SearchReads(v.Ctx(), v.DB.Read(), q)
		} else {
			list, failed = audit.Search(v.Ctx(), v.DB.Read(), q)
		}
	}
	status := http.StatusOK
	if fault.KindOf(failed) == fault.KindInvalid && failed != nil {
		status = http.StatusUnprocessableEntity
		_, errs := lang.Fault(v.Ctx(), failed)
		for _, f := range []*ui.Field{&view.Who, &view.From, &view.Until} {
			f.Err = errs[f.Name]
		}
		view.Broken = ui.BrokenOf(errs, view.Who, view.From, view.Until)
	} else if failed != nil {
		return failed
	}
	return view.show(v, status, s, list, reads)
}

// ask reads the form into the query.
func (view *searchView) ask(v *site.Visit, q *audit.Query) (err error) {
	view.Who = ui.Field{Name: "nguoi", Label: v.T("journal.who"), Value: v.Query("nguoi"), Attrs: map[string]any{"autocomplete": "off", "autocapitalize": "none"}}
	view.From = ui.Field{Name: "tu", Label: v.T("journal.from"), Value: v.Query("tu"), Type: "date"}
	view.Until = ui.Field{Name: "den", Label: v.T("journal.until"), Value: v.Query("den"), Type: "date"}
	view.Act = ui.Field{Name: "viec", Label: v.T("journal.act"), Options: []ui.Option{{Value: "", Label: v.T("journal.any_act"), Chosen: q.Act == ""}}}
	acts := searchActs
	if view.Kind == "doc" {
		acts = []string{audit.Read, audit.Export, audit.Attempt, audit.SignIn}
	}
	for _, a := range acts {
		view.Act.Options = append(view.Act.Options, ui.Option{Value: a, Label: v.T("journal.did." + a), Chosen: q.Act == a})
	}
	var errs []fault.FieldError
	if login := v.Query("nguoi"); login != "" {
		if q.ActorID = v.Identity.IDOf(v.Ctx(), login); q.ActorID == "" {
			errs = append(errs, fault.Field("nguoi", "journal.no_account", "login", login))
		}
	}
	var bad error
	if q.From, bad = dayOf(v, "tu"); bad != nil {
		errs = append(errs, fault.Field("tu", "journal.day"))
	}
	if q.Until, bad = dayOf(v, "den"); bad != nil {
		errs = append(errs, fault.Field("den", "journal.day"))
	} else if !q.Until.IsZero() {
		q.Until = q.Until.AddDate(0, 0, 1)
	}
	return fault.Invalid(errs...)
}

func (view *searchView) show(v *site.Visit, status int, s scope, list []audit.Found, reads bool) error {
	more := len(list) > pageSize
	list = list[:min(len(list), pageSize)]
	last := ""
	if more {
		last = list[len(list)-1].Cursor()
	}
	if s.things == nil && !reads { // who inspects reads of what he may read: roles and passwords are for who keeps accounts there
		list = slices.DeleteFunc(list, func(f audit.Found) bool { return !v.Actor.May(actOn(f.Thing), s.at.Path) })
	}
	w, err := wordsFor(v, true)
	if err != nil {
		return err
	}
	if reads {
		view.Lines, err = w.reads(list)
	} else {
		view.Lines, err = w.found(list)
	}
	if err != nil {
		return err
	}
	address := func(pairs ...string) string {
		return site.With("/nhat-ky", append([]string{"noi", s.at.ID, "nguoi", v.Query("nguoi"), "tu", v.Query("tu"), "den", v.Query("den")}, pairs...)...)
	}
	view.Pages.Text = v.T("journal.count", "count", len(list))
	if more {
		view.Pages.Next = address("loai", view.Kind, "viec", v.Query("viec"), "sau", last)
	}
	if v.Query("sau") != "" {
		view.Pages.First = address("loai", view.Kind, "viec", v.Query("viec"))
	}
	view.Clear = site.With("/nhat-ky", "noi", s.at.ID, "loai", view.Kind)
	view.Tabs = []ui.Tab{{Label: v.T("journal.tab.changes"), Href: address(), Current: !reads}, {Label: v.T("journal.tab.reads"), Href: address("loai", "doc"), Current: reads}}
	if free, low := v.DiskLow(); low {
		view.Disk = v.T("journal.disk_low", "free", free)
	}
	switch {
	case s.at.ID == "":
		view.Lead = v.T("journal.lead_system")
	case s.things != nil:
		view.Lead = v.T("journal.lead_accounts", "place", s.at.FullName())
	default:
		view.Lead = v.T("journal.lead", "place", s.at.FullName())
	}
	view.Frame = v.Frame(view.Title, site.Journal, s.at, ui.Crumb{Label: view.Title})
	view.Frame.Failed = status != http.StatusOK
	return v.ShowAs(status, searchPage(*view))
}
