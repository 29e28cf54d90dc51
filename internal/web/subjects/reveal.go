// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package subjects

import (
	"net/http"

	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/place"
	"hoctap/internal/registry"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

const revealRoute = "POST /so-bo/{place}/{id}/xem"

// revealView is the form by which a masked fact is shown to somebody who needs it: one at a time, with a reason, and kept in the history.
type revealView struct {
	Masked bool // something is masked
	Action string
	Fields []ui.Field
	Broken []ui.Broken
}

// revealable are the facts that may be asked for, in the order of the page.
var revealable = []string{"phone", "id_number", "birth_year", "ethnic", "address"}

func revealOf(v *site.Visit, p place.Place, r registry.Subject) (view revealView) {
	view.Masked = r.Hidden != 0
	asks := v.Actor.Asks(p.Path) & r.Hidden
	if asks == 0 {
		return view
	}
	view.Action = hrefOf(r) + "/xem"
	what := ui.Field{Name: "truong", Label: v.T("subjects.reveal.what"), Value: v.Form("truong")}
	for _, name := range revealable {
		if asks.Has(identity.FieldNamed(name)) {
			what.Options = append(what.Options, ui.Option{Value: name, Label: label(v, r.Model, name), Chosen: name == what.Value})
		}
	}
	view.Fields = []ui.Field{what, {Name: "reason", Label: v.T("subjects.reveal.reason"), Hint: v.T("subjects.reveal.reason_hint"), Value: v.Form("reason")}}
	return view
}

// refuse says in the form what was wrong with it.
func (view *revealView) refuse(v *site.Visit, failed error) {
	if failed == nil || len(view.Fields) == 0 {
		return
	}
	_, errs := explained(v, failed)
	for i := range view.Fields {
		view.Fields[i].Err = errs[view.Fields[i].Name]
	}
	view.Broken = ui.BrokenOf(errs, view.Fields...)
}

// reveal answers with the page of the subject and the one fact: an address that shows it again without asking there is none.
func reveal(v *site.Visit) error {
	if err := v.ReadForm(); err != nil {
		return err
	}
	r, err := v.Registry.Reveal(v.Ctx(), v.Actor, v.Path("place"), v.Path("id"), v.Form("truong"), v.Form("reason"))
	if fault.KindOf(err) == fault.KindInvalid {
		masked, other := v.Registry.Get(v.Ctx(), v.Actor, v.Path("place"), v.Path("id"))
		if other != nil {
			return other
		}
		return showWith(v, http.StatusUnprocessableEntity, masked, nil, err)
	}
	if err != nil {
		return err
	}
	v.W.Header().Set("Cache-Control", "no-store")
	return showWith(v, http.StatusOK, r, nil, nil)
}
