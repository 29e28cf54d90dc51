// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package subjects

import (
	"net/http"
	"strconv"

	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/place"
	"hoctap/internal/registry"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

type moveView struct {
	Frame   ui.Office
	Title   string
	Lead    string
	Self    string // this page
	Back    string
	Version string
	Commune ui.Field // chosen first; the areas follow from it
	Chosen  string
	Place   ui.Field
	Date    ui.Field
	Asks    bool // the other commune has to agree
	Broken  []ui.Broken
}

func moveForm(v *site.Visit) error {
	r, p, err := editable(v)
	if err != nil {
		return err
	}
	return moveWith(v, http.StatusOK, r, p, v.Query("xa"), typed{"date": v.Today()}, nil)
}

func moveWith(v *site.Visit, status int, r registry.Subject, p place.Place, communeID string, t typed, failed error) error {
	_, errs := explained(v, failed)
	if communeID == "" {
		communeID = p.CommuneID
	}
	view := moveView{Title: v.T("subjects.move.title", "name", r.Name), Self: hrefOf(r) + "/chuyen", Back: hrefOf(r), Version: strconv.FormatInt(r.Version, 10), Chosen: communeID}
	view.Lead = v.T("subjects.move.lead")
	if r.Model == registry.Family {
		view.Lead = v.T("subjects.move.lead_family")
	}
	view.Commune = ui.Field{Name: "xa", Label: v.T("registry.field.commune")}
	if p.ProvinceID != "" {
		communes, err := v.Places.Children(v.Ctx(), p.ProvinceID, "")
		if err != nil {
			return err
		}
		for _, c := range communes {
			if c.Level == place.Commune {
				view.Commune.Options = append(view.Commune.Options, ui.Option{Value: c.ID, Label: c.FullName(), Chosen: c.ID == communeID})
			}
		}
	}
	view.Place = ui.Field{Name: "place", Label: v.T("subjects.move.place"), Err: errs["place"], Options: []ui.Option{{Label: v.T("subjects.choose_area")}}}
	if communeID != "" {
		leaves, err := v.Places.Leaves(v.Ctx(), communeID, "")
		if err != nil {
			return err
		}
		for _, l := range leaves {
			if l.ID != r.PlaceID {
				view.Asks = view.Asks || !editor(v, l)
				view.Place.Options = append(view.Place.Options, ui.Option{Value: l.ID, Label: leafName(v, l), Chosen: l.ID == t["place"]})
			}
		}
	}
	view.Date = ui.Field{Name: "date", Label: v.T("subjects.move.date"), Type: "date", Class: "input--mid", Value: t["date"], Err: errs["date"], Attrs: map[string]any{"max": v.Today()}}
	view.Broken = ui.BrokenOf(errs, view.Place, view.Date)
	trail, err := crumbs(v, p, r.Model, ui.Crumb{Label: r.Name, Href: hrefOf(r)}, ui.Crumb{Label: v.T("subjects.move")})
	if err != nil {
		return err
	}
	view.Frame = v.Frame(view.Title, site.Subjects, p, trail...)
	view.Frame.Failed = failed != nil
	return v.ShowAs(status, movePage(view))
}

// move carries the move out where the mover works at both ends, and asks the other side where not.
func move(v *site.Visit) error {
	if err := v.ReadForm(); err != nil {
		return err
	}
	r, p, err := editable(v)
	if err != nil {
		return err
	}
	to, date := v.Form("place"), v.Form("date")
	version, _ := strconv.ParseInt(v.Form("version"), 10, 64)
	done, err := carry(v, r, version, to, date)
	if err != nil && fault.KindOf(err) == fault.KindInvalid {
		return moveWith(v, http.StatusUnprocessableEntity, r, p, v.Form("xa"), typed{"place": to, "date": date}, err)
	}
	if err != nil {
		return err
	}
	return v.Go(done)
}

func carry(v *site.Visit, r registry.Subject, version int64, to, date string) (next string, err error) {
	if to == "" {
		return "", fault.Invalid(fault.Field("place", "registry.missing"))
	}
	target, err := v.Places.Get(v.Ctx(), to)
	if err != nil {
		return "", err
	}
	if !editor(v, target) {
		_, err := v.Registry.AskMove(v.Ctx(), v.Actor, r.PlaceID, r.ID, version, to, date)
		return site.With(hrefOf(r), "xong", "de-nghi"), err
	}
	moved, err := v.Registry.Move(v.Ctx(), v.Actor, r.PlaceID, r.ID, version, to, date)
	return site.With(hrefOf(moved), "xong", "chuyen"), err
}

type arrival struct {
	ID, Name, Meta, From, To, Date string
	May                            bool
	Reason                         ui.Field
}

type arrivalsView struct {
	Frame  ui.Office
	Title  string
	Action string
	Lines  []arrival
	Broken []ui.Broken
	Done   string
}

func arrivals(v *site.Visit) error { return arrivalsWith(v, http.StatusOK, "", nil) }

// arrivalsWith lists who is to move in; id is the request whose refusal lacked a reason. Who comes is told by name, though the reader
// may not see the place where they still live: one has to know whom one takes in.
func arrivalsWith(v *site.Visit, status int, id string, failed error) error {
	p, err := v.Here(identity.SeeRecords)
	if err != nil {
		return err
	}
	requests, err := v.Registry.MoveRequests(v.Ctx(), v.Actor, p.ID)
	if err != nil {
		return err
	}
	_, errs := explained(v, failed)
	view := arrivalsView{Title: v.T("subjects.arrivals.title", "count", len(requests), "place", p.FullName()), Action: pathOf(p.ID, "chuyen-den")}
	if word := v.Query("xong"); word == "nhan" || word == "tu-choi" {
		view.Done = v.T("subjects.arrivals." + map[string]string{"nhan": "accepted", "tu-choi": "declined"}[word])
	}
	for _, m := range requests {
		r, err := v.Registry.Load(v.Ctx(), v.DB.Read(), m.PlaceID, m.SubjectID)
		if err != nil {
			return err
		}
		where, err := names(v, m.PlaceID, m.ToID)
		if err != nil {
			return err
		}
		to, err := v.Places.Get(v.Ctx(), m.ToID)
		if err != nil {
			return err
		}
		a := arrival{ID: m.ID, Name: r.Name, Meta: metaOf(v, r), From: where[m.PlaceID], To: where[m.ToID], Date: dayOf(v, m.Date), May: editor(v, to)}
		a.Reason = ui.Field{Name: "reason", ID: "ly-do-" + m.ID, Label: v.T("subjects.arrivals.reason"), Value: ""}
		if m.ID == id {
			a.Reason.Err, a.Reason.Value = errs["reason"], v.Form("reason")
			view.Broken = ui.BrokenOf(errs, a.Reason)
		}
		view.Lines = append(view.Lines, a)
	}
	trail, err := crumbs(v, p, "", ui.Crumb{Label: v.T("subjects.arrivals.crumb")})
	if err != nil {
		return err
	}
	view.Frame = v.Frame(view.Title, site.Subjects, p, trail...)
	view.Frame.Failed = failed != nil
	return v.ShowAs(status, arrivalsPage(view))
}

func settleArrival(v *site.Visit) error {
	if err := v.ReadForm(); err != nil {
		return err
	}
	p, err := v.Here(identity.SeeRecords)
	if err != nil {
		return err
	}
	id := v.Form("de-nghi")
	if v.Form("lam") == "nhan" {
		r, err := v.Registry.AcceptMove(v.Ctx(), v.Actor, id)
		if err != nil {
			return err
		}
		return v.Go(site.With(hrefOf(r), "xong", "chuyen"))
	}
	err = v.Registry.DeclineMove(v.Ctx(), v.Actor, id, v.Form("reason"))
	if err != nil && fault.KindOf(err) == fault.KindInvalid {
		return arrivalsWith(v, http.StatusUnprocessableEntity, id, err)
	}
	if err != nil {
		return err
	}
	return v.Go(site.With(pathOf(p.ID, "chuyen-den"), "xong", "tu-choi"))
}
