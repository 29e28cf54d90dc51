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
	"hoctap/internal/web/papers"
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
	Broken                []ui.Broken
}

// consentWords is what is read out; it is recorded as it is in Vietnamese, whatever the language of the page.
func consentWords(v *site.Visit, p registry.Purpose) string {
	return lang.T(papers.Vi(v.Ctx()), "consent."+string(p)+".words")
}

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
		view := consentView{Purpose: string(purpose), Title: v.T("consent." + string(purpose)), Words: consentWords(v, purpose)}
		for i := range all {
			x := &all[i]
			if x.Purpose != purpose {
				continue
			}
			given := v.T("consent.given", "on", lang.Day(v.Ctx(), x.GivenOn), "way", v.T("consent.way."+string(x.Way)), "name", x.Name)
			switch {
			case x.Holds() && x.Name == r.Name:
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
		if failed != nil && v.Form("purpose") == string(purpose) {
			view.Open = true
			view.Way.Value, view.Way.Err = v.Form("way"), errs["way"]
			view.On.Value, view.On.Err = v.Form("given_on"), errs["given_on"]
			view.Broken = ui.BrokenOf(errs, view.Way, view.On)
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
	_, err = v.Registry.Agree(v.Ctx(), v.Actor, registry.Consent{PlaceID: r.PlaceID, SubjectID: r.ID, Purpose: purpose, Words: consentWords(v, purpose), Way: registry.Way(v.Form("way")),
		GivenOn: v.Form("given_on")})
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
