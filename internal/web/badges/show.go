// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package badges

import (
	"net/http"

	"hoctap/internal/badge"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/place"
	"hoctap/internal/store"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

// showView is the badge of one title: what it will say, what stands against it, and the files.
type showView struct {
	Frame    ui.Office
	Title    string
	State    ui.State
	Lines    [][2]string
	Why      string // why there is none
	Subject  string // where the reason can be mended
	Action   string // gives it; "" for those who may not, and once it was given
	JWT      string
	JSON     string
	Criteria string
}

func href(placeID, id string) string { return "/danh-hieu/" + placeID + "/" + id + "/huy-hieu" }

func show(v *site.Visit) error { return page(v, http.StatusOK, nil) }

func page(v *site.Visit, status int, failed error) error {
	if err := open(v); err != nil {
		return err
	}
	p, err := v.Here(identity.SeeRecords)
	if err != nil {
		return err
	}
	st, err := v.Badges.Of(v.Ctx(), v.Actor, p.ID, v.Path("id"))
	if err != nil {
		return err
	}
	return v.ShowAs(status, showPage(viewOf(v, p, &st, failed)))
}

func viewOf(v *site.Visit, p place.Place, st *badge.State, failed error) showView {
	t := &st.Title
	w := wordsOf(v, st)
	view := showView{Subject: "/so-bo/" + t.PlaceID + "/" + t.SubjectID, Criteria: w.Criteria}
	view.Lines = [][2]string{
		{v.T("badge.line.name"), w.Name},
		{v.T("badge.line.decision"), w.Description},
		{v.T("badge.line.holder"), v.T("badge.holder")},
	}
	here := href(p.ID, t.ID)
	why := st.Why
	if failed != nil {
		why = failed
	}
	state := "open"
	switch {
	case why != nil:
		state = "none"
		view.Why, _ = lang.Fault(v.Ctx(), why)
		view.State = ui.State{Kind: "warn", Icon: "warning"}
	case st.Given:
		state = "given"
		view.State = ui.State{Kind: "ok", Icon: "check-circle"}
		view.Lines = append(view.Lines, [2]string{v.T("badge.line.given"), lang.Day(v.Ctx(), store.Date(st.Badge.At))})
		view.JWT, view.JSON = site.With(here+"/tai", "dang", "jwt"), site.With(here+"/tai", "dang", "json")
	default:
		if v.Actor.May(identity.Decide, p.Path) {
			view.Action = here
		}
	}
	view.Title, view.State.Word = v.T("badge.title."+state, "name", t.Name), v.T("badge.state."+state)
	crumbs := []ui.Crumb{{Label: p.FullName(), Href: "/so-bo/" + p.ID}, {Label: t.Name, Href: view.Subject}, {Label: v.T("badge.crumb")}}
	view.Frame = v.Frame(view.Title, site.Subjects, p, crumbs...)
	return view
}

// give gives the badge; what stands against it is said on the same page.
func give(v *site.Visit) error {
	if err := open(v); err != nil {
		return err
	}
	if err := v.ReadForm(); err != nil {
		return err
	}
	_, err := v.Badges.Give(v.Ctx(), v.Actor, v.Path("place"), v.Path("id"))
	if fault.KindOf(err) == fault.KindConflict {
		return page(v, http.StatusConflict, err)
	}
	if err != nil {
		return err
	}
	return v.Go(href(v.Path("place"), v.Path("id")))
}
