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
	"hoctap/internal/web/lang"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

type formView struct {
	Frame   ui.Office
	Contact string // of the data protection officer
	Title   string
	Must    string // which fields are needed
	Lead    string
	Action  string
	Back    string
	Keep    string // under which the browser keeps what is typed
	Version string
	Place   ui.Field // the area, where there is a choice
	Fields  []ui.Field
	Broken  []ui.Broken
	Rivals  []rival // what someone else saved meanwhile
	Rename  string  // where a community's name is changed
}

// rival is a field of which two people think differently.
type rival struct{ Label, Theirs, Yours string }

func fresh(v *site.Visit) error {
	p, err := v.Here(identity.EditRegistry)
	if err != nil {
		return err
	}
	model, err := modelOf(v)
	if err != nil {
		return err
	}
	if model == registry.Community { // comes with its area
		return v.Go("/khu")
	}
	d := registry.Draft{Model: model}
	if p.Leaf() {
		d.PlaceID = p.ID
	}
	return freshWith(v, http.StatusOK, p, d, typed{"family_id": v.Query("ho")}, nil)
}

func freshWith(v *site.Visit, status int, p place.Place, d registry.Draft, t typed, failed error) error {
	sentence, errs := explained(v, failed)
	view := formView{Contact: v.PrivacyContact(), Title: v.T("subjects.new."+d.Model, "place", p.FullName()), Action: site.With(pathOf(p.ID, "moi"), "mo-hinh", d.Model),
		Back: site.With(pathOf(p.ID), "mo-hinh", d.Model), Keep: "so-bo-moi-" + p.ID + d.Model}
	if !p.Leaf() {
		view.Place = ui.Field{Name: "place", Label: v.T("registry.field.area"), Err: errs["place"], Options: []ui.Option{{Label: v.T("subjects.choose_area")}}}
		leaves, err := v.Places.Leaves(v.Ctx(), p.ID, "")
		if err != nil {
			return err
		}
		for _, l := range leaves {
			if editor(v, l) {
				view.Place.Options = append(view.Place.Options, ui.Option{Value: l.ID, Label: leafName(v, l), Chosen: l.ID == d.PlaceID})
			}
		}
		if d.Model == registry.Citizen {
			view.Place.Hint = v.T("subjects.family_later")
		}
	}
	trail, err := crumbs(v, p, d.Model, ui.Crumb{Label: v.T("subjects.new_crumb")})
	if err != nil {
		return err
	}
	view.Frame = v.Frame(view.Title, site.Subjects, p, trail...)
	return view.show(v, status, d, t, sentence, errs)
}

// explained is a failed save in words.
func explained(v *site.Visit, failed error) (sentence string, errs map[string]string) {
	if failed == nil {
		return "", nil
	}
	return lang.Fault(v.Ctx(), failed)
}

func (view formView) show(v *site.Visit, status int, d registry.Draft, t typed, sentence string, errs map[string]string) (err error) {
	if view.Fields, err = inputs(v, d, t, errs, view.Place.Name == ""); err != nil {
		return err
	}
	all := view.Fields
	if view.Place.Name != "" {
		all = append([]ui.Field{view.Place}, all...)
	}
	view.Broken = ui.BrokenOf(errs, all...)
	view.Lead, view.Must = sentence, v.T("subjects.must")
	switch {
	case d.Model == registry.Community:
		view.Must = v.T("subjects.must_none")
	case view.Place.Name != "":
		view.Must = v.T("subjects.must_area")
	}
	view.Frame.Failed = status != http.StatusOK
	return v.ShowAs(status, formPage(view))
}

func create(v *site.Visit) error {
	if err := v.ReadForm(); err != nil {
		return err
	}
	p, err := v.Here(identity.EditRegistry)
	if err != nil {
		return err
	}
	model, err := modelOf(v)
	if err != nil {
		return err
	}
	d := registry.Draft{PlaceID: p.ID, Model: model}
	if !p.Leaf() {
		d.PlaceID = v.Form("place")
	}
	t := readTyped(v, model)
	errs := t.into(&d)
	if err = check(v, d, errs); err == nil {
		var r registry.Subject
		if r, err = v.Registry.Save(v.Ctx(), v.Actor, d); err == nil {
			if v.Form("tiep") != "" {
				return v.Go(site.With(pathOf(p.ID, "moi"), "mo-hinh", model, "ho", d.FamilyID))
			}
			return v.Go(site.With(hrefOf(r), "xong", "them"))
		}
	}
	if fault.KindOf(err) == fault.KindInvalid {
		return freshWith(v, http.StatusUnprocessableEntity, p, d, t, err)
	}
	return err
}

// editable is the subject of the address, for those who may change it.
func editable(v *site.Visit) (r registry.Subject, p place.Place, err error) {
	if p, err = v.Here(identity.EditRegistry); err != nil {
		return r, p, err
	}
	r, err = v.Registry.Get(v.Ctx(), v.Actor, p.ID, v.Path("id"))
	if err == nil && r.PlaceID != p.ID {
		return r, p, fault.NotFound("subject", r.ID)
	}
	return r, p, err
}

func edit(v *site.Visit) error {
	r, p, err := editable(v)
	if err != nil {
		return err
	}
	return editWith(v, http.StatusOK, r, p, typedOf(r), nil)
}

func editWith(v *site.Visit, status int, r registry.Subject, p place.Place, t typed, failed error) error {
	sentence, errs := explained(v, failed)
	view := formView{Contact: v.PrivacyContact(), Title: v.T("subjects.edit", "name", r.Name), Action: hrefOf(r), Back: hrefOf(r), Keep: "so-bo-" + r.ID, Version: strconv.FormatInt(r.Version, 10)}
	if r.Model == registry.Community {
		view.Rename = "/khu/" + r.PlaceID
	}
	if fault.KindOf(failed) == fault.KindStale {
		for _, f := range fieldsOf(r.Model) {
			if theirs, yours := typedOf(r)[f], t[f]; theirs != yours {
				view.Rivals = append(view.Rivals, rival{label(v, r.Model, f), dash(inWords(v, r, f, theirs)), dash(inWords(v, r, f, yours))})
			}
		}
	}
	trail, err := crumbs(v, p, r.Model, ui.Crumb{Label: r.Name, Href: hrefOf(r)}, ui.Crumb{Label: v.T("subjects.edit_crumb")})
	if err != nil {
		return err
	}
	view.Frame = v.Frame(view.Title, site.Subjects, p, trail...)
	return view.show(v, status, r.Draft(), t, sentence, errs)
}

// inWords is a value of a form as people read it.
func inWords(v *site.Visit, r registry.Subject, field, value string) string {
	switch field {
	case "sex":
		r.Sex = value
	case "kind":
		r.Kind = value
	case "family_id":
		if value == "" {
			return ""
		}
		f, err := v.Registry.Get(v.Ctx(), v.Actor, r.PlaceID, value)
		if err != nil {
			return v.T("subjects.gone")
		}
		return f.Name
	default:
		return value
	}
	return said(v, r, field)
}

// save changes a subject. Whoever saved meanwhile is not written over unseen: both versions are shown, and the next press decides.
func save(v *site.Visit) error {
	if err := v.ReadForm(); err != nil {
		return err
	}
	r, p, err := editable(v)
	if err != nil {
		return err
	}
	d := r.Draft()
	d.Version, _ = strconv.ParseInt(v.Form("version"), 10, 64)
	t := readTyped(v, r.Model)
	errs := t.into(&d)
	if err = check(v, d, errs); err == nil {
		_, err = v.Registry.Save(v.Ctx(), v.Actor, d)
	}
	switch fault.KindOf(err) {
	case fault.KindInvalid:
		seen := r
		seen.Version = d.Version // the next press must still find out who saved meanwhile
		return editWith(v, http.StatusUnprocessableEntity, seen, p, t, err)
	case fault.KindStale:
		if r, _, err2 := editable(v); err2 == nil {
			return editWith(v, http.StatusConflict, r, p, t, err)
		}
	}
	if err != nil {
		return err
	}
	return v.Go(site.With(hrefOf(r), "xong", "luu"))
}
