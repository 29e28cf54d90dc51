// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package subjects

import (
	"net/http"
	"strconv"

	"hoctap/internal/fault"
	"hoctap/internal/registry"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

type leaveView struct {
	Frame   ui.Office
	Title   string
	Lead    string
	Do      string
	Kind    string
	Self    string
	Back    string
	Version string
	Reason  ui.Field
	Broken  []ui.Broken
}

func leaveForm(v *site.Visit) error { return reasonForm(v, "leave") }
func backForm(v *site.Visit) error  { return reasonForm(v, "back") }
func leave(v *site.Visit) error     { return turn(v, "leave") }
func back(v *site.Visit) error      { return turn(v, "back") }

// turnPath is the address of each way.
var turnPath = map[string]string{"leave": "roi-di", "back": "tro-lai"}

func reasonForm(v *site.Visit, way string) error {
	r, _, err := editable(v)
	if err != nil {
		return err
	}
	return reasonWith(v, http.StatusOK, r, way, nil)
}

func reasonWith(v *site.Visit, status int, r registry.Subject, way string, failed error) error {
	p, err := v.Places.Get(v.Ctx(), r.PlaceID)
	if err != nil {
		return err
	}
	_, errs := explained(v, failed)
	view := leaveView{Title: v.T("subjects."+way+".title", "name", r.Name), Lead: v.T("subjects." + way + ".lead"), Do: v.T("subjects." + way), Self: pathOf(r.PlaceID, r.ID, turnPath[way]),
		Back: hrefOf(r), Version: strconv.FormatInt(r.Version, 10), Kind: map[string]string{"leave": "bad", "back": "primary"}[way]}
	if way == "leave" && r.Model == registry.Family {
		view.Lead = v.T("subjects.leave.lead_family")
	}
	view.Reason = ui.Field{Name: "reason", Label: v.T("subjects." + way + ".reason"), Hint: v.T("subjects." + way + ".hint"), Value: v.Form("reason"), Err: errs["reason"]}
	view.Broken = ui.BrokenOf(errs, view.Reason)
	trail, err := crumbs(v, p, r.Model, ui.Crumb{Label: r.Name, Href: hrefOf(r)}, ui.Crumb{Label: view.Do})
	if err != nil {
		return err
	}
	view.Frame = v.Frame(view.Title, site.Subjects, p, trail...)
	view.Frame.Failed = failed != nil
	return v.ShowAs(status, leavePage(view))
}

func turn(v *site.Visit, way string) error {
	if err := v.ReadForm(); err != nil {
		return err
	}
	r, _, err := editable(v)
	if err != nil {
		return err
	}
	version, _ := strconv.ParseInt(v.Form("version"), 10, 64)
	if way == "leave" {
		_, err = v.Registry.Leave(v.Ctx(), v.Actor, r.PlaceID, r.ID, version, v.Form("reason"))
	} else {
		_, err = v.Registry.Back(v.Ctx(), v.Actor, r.PlaceID, r.ID, version, v.Form("reason"))
	}
	if err != nil && fault.KindOf(err) == fault.KindInvalid {
		return reasonWith(v, http.StatusUnprocessableEntity, r, way, err)
	}
	if err != nil {
		return err
	}
	return v.Go(site.With(hrefOf(r), "xong", turnPath[way]))
}
