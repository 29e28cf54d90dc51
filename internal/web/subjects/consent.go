// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package subjects

import (
	"net/http"

	"hoctap/internal/fault"
	"hoctap/internal/place"
	"hoctap/internal/registry"
	"hoctap/internal/store"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

// consentsView is what the holder of a title was asked, and what the answer was.
type consentsView struct {
	Shown  bool
	Action string // empty for those who may not write
	List   []consentView
	Failed string
}

type consentView struct {
	Purpose, Title, Words string
	Given                 string // "" while nobody agreed
	ID                    string // of the one that holds
	Past                  []string
	Open                  bool // its form was sent and refused
	Way, On               ui.Field
	Child                 []ui.Field // who agrees, for a child
	Slip, Text            string     // a sheet to sign; which version the words are
	Broken                []ui.Broken
}

// consentWords is what is read out; it is recorded as it is in Vietnamese, whatever the language of the page.
func consentWords(p registry.Purpose) string { return p.Words().Words }

// consentsOf shows what was agreed to, and a form for each purpose that is open.
func consentsOf(v *site.Visit, p place.Place, r registry.Subject, failed error) (c consentsView, err error) {
	if r.Model != registry.Family && r.Model != registry.Citizen {
		return c, nil
	}
	all, err := v.Registry.Consents(v.Ctx(), v.Actor, r.PlaceID, r.ID)
	if err != nil {
		return c, err
	}
	c.Shown = true
	if editor(v, p) && r.State == registry.Active {
		c.Action = hrefOf(r) + "/dong-y"
	}
	var errs map[string]string
	if failed != nil {
		if c.Failed, errs = explained(v, failed); len(errs) > 0 {
			c.Failed = errs["purpose"] // the others stand at their fields
		}
	}
	for _, purpose := range registry.Purposes {
		if purpose == registry.Badge && r.Model != registry.Citizen {
			continue
		}
		view := consentView{Purpose: string(purpose), Title: v.T("consent." + string(purpose)), Words: consentWords(purpose)}
		if t := purpose.Words(); t.Version > 0 {
			view.Text = v.T("consent.version", "version", t.Version, "sha", t.SHA256()[:12])
		}
		view.Slip = site.With(hrefOf(r)+"/dong-y/phieu", "muc", string(purpose), "dang", "pdf")
		for i := range all {
			x := &all[i]
			if x.Purpose != purpose {
				continue
			}
			given := v.T("consent.given", "on", lang.Day(v.Ctx(), x.GivenOn), "way", v.T("consent.way."+string(x.Way)), "name", x.Name)
			if x.AskAgainOn != "" {
				given += " " + v.T("consent.again", "on", lang.Day(v.Ctx(), x.AskAgainOn))
			}
			switch {
			case x.Holds() && x.Name == r.Name && (x.AskAgainOn == "" || x.AskAgainOn > v.Today()):
				view.Given, view.ID = given, x.ID
			case x.Holds():
				view.Past = append(view.Past, given+" "+v.T("consent.other_name"))
			default:
				view.Past = append(view.Past, given+" "+v.T("consent.withdrawn", "on", lang.Day(v.Ctx(), store.Date(x.WithdrawnAt))))
			}
		}
		view.Way = ui.Field{Name: "way", ID: "way-" + view.Purpose, Label: v.T("consent.way"), Options: []ui.Option{{Label: v.T("consent.choose")}}}
		for _, w := range registry.Ways {
			view.Way.Options = append(view.Way.Options, ui.Option{Value: string(w), Label: v.T("consent.way." + string(w))})
		}
		view.On = ui.Field{Name: "given_on", ID: "given-on-" + view.Purpose, Label: v.T("consent.on"), Type: "date", Value: v.Today(), Attrs: map[string]any{"max": v.Today()}}
		if r.Model == registry.Citizen && (purpose == registry.Picture || purpose == registry.Story) {
			who := ui.Field{Name: "person", ID: "person-" + view.Purpose, Label: v.T("consent.person"), Options: []ui.Option{{Label: v.T("consent.choose")}}}
			for _, p := range []registry.Person{registry.Self, registry.Both, registry.Representative} {
				who.Options = append(who.Options, ui.Option{Value: string(p), Label: v.T("consent.person." + string(p))})
			}
			view.Child = []ui.Field{who, {Name: "representative", ID: "representative-" + view.Purpose, Label: v.T("consent.representative"), Optional: true}}
		}
		if failed != nil && v.Form("purpose") == string(purpose) {
			for i := range view.Child {
				view.Child[i].Value, view.Child[i].Err = v.Form(view.Child[i].Name), errs[view.Child[i].Name]
			}
			view.Open = true
			view.Way.Value, view.Way.Err = v.Form("way"), errs["way"]
			view.On.Value, view.On.Err = v.Form("given_on"), errs["given_on"]
			view.Broken = ui.BrokenOf(errs, append([]ui.Field{view.Way, view.On}, view.Child...)...)
		}
		c.List = append(c.List, view)
	}
	return c, nil
}

// consent records an agreement, or with ?rut-lai takes one back.
func consent(v *site.Visit) error {
	if err := v.ReadForm(); err != nil {
		return err
	}
	r, _, err := editable(v)
	if err != nil {
		return err
	}
	if id := v.Form("rut-lai"); id != "" {
		if err := v.Registry.Withdraw(v.Ctx(), v.Actor, r.PlaceID, r.ID, id); err != nil {
			return err
		}
		return v.Go(site.With(hrefOf(r), "xong", "rut-lai") + "#dong-y")
	}
	purpose := registry.Purpose(v.Form("purpose"))
	_, err = v.Registry.Agree(v.Ctx(), v.Actor, registry.Consent{PlaceID: r.PlaceID, SubjectID: r.ID, Purpose: purpose, Words: consentWords(purpose), Way: registry.Way(v.Form("way")),
		GivenOn: v.Form("given_on"), Person: registry.Person(v.Form("person")), Representative: v.Form("representative")})
	switch fault.KindOf(err) {
	case fault.KindInvalid:
		return showWith(v, http.StatusUnprocessableEntity, r, nil, err)
	case fault.KindConflict:
		return showWith(v, http.StatusConflict, r, nil, err)
	}
	if err != nil {
		return err
	}
	return v.Go(site.With(hrefOf(r), "xong", "dong-y") + "#dong-y")
}
