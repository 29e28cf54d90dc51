// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package account

import (
	"net/http"

	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/identity/oidc"
	"hoctap/internal/place"
	"hoctap/internal/text"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

// foldName compares names as people write them.
func foldName(name string) string { return text.Fold(name) }

type expectView struct {
	Frame   ui.Office
	Account identity.Account
	Place   place.Place
	Through []oidc.Offer
	Number  ui.Field
	Broken  []ui.Broken
	Done    bool
}

// found is an account of the place the page is about, with the path of its own place.
func found(v *site.Visit) (a identity.Account, path string, at place.Place, err error) {
	at, err = v.Here(identity.ManageAccounts)
	if err != nil {
		return a, "", at, err
	}
	places, err := v.Below(at)
	if err != nil {
		return a, "", at, err
	}
	ids, paths := make([]string, len(places)), map[string]string{}
	for i, p := range places {
		ids[i], paths[p.ID] = p.ID, p.Path
	}
	accounts, err := v.Identity.At(v.Ctx(), ids...)
	if err != nil {
		return a, "", at, err
	}
	for _, a := range accounts {
		if a.ID == v.Path("id") {
			return a, paths[a.Grants[0].PlaceID], at, v.Identity.CheckOver(v.Ctx(), v.Actor, a, paths[a.Grants[0].PlaceID])
		}
	}
	return a, "", at, fault.NotFound("account", v.Path("id"))
}

func showExpect(v *site.Visit) error { return expectAs(v, http.StatusOK, nil, v.Query("xong") != "") }

func expectAs(v *site.Visit, status int, failed error, done bool) error {
	a, _, at, err := found(v)
	if err != nil {
		return err
	}
	through := v.OIDC.Numbered()
	if len(through) == 0 {
		return fault.NotFound("provider", "")
	}
	view := expectView{Account: a, Place: at, Through: through, Done: done}
	view.Frame = v.Frame(v.T("ways.expect_title", "name", a.Name), site.Accounts, at, ui.Crumb{Label: v.T("nav.accounts"), Href: "/tai-khoan?noi=" + at.ID}, ui.Crumb{Label: a.Login})
	view.Number = ui.Field{Name: "number", Label: v.T("ways.number"), Hint: v.T("ways.number_hint"), Attrs: map[string]any{"required": true, "inputmode": "numeric", "autocomplete": "off"}}
	if failed != nil {
		sentence, errs := lang.Fault(v.Ctx(), failed)
		if len(errs) == 0 {
			errs = map[string]string{"number": sentence}
		}
		view.Number.Err, view.Number.Value = errs["number"], v.Form("number")
		view.Broken = ui.BrokenOf(errs, view.Number)
	}
	return v.ShowAs(status, expectPage(view))
}

func expect(v *site.Visit) error {
	if err := v.ReadForm(); err != nil {
		return err
	}
	a, path, at, err := found(v)
	if err != nil {
		return err
	}
	err = v.OIDC.Expect(v.Ctx(), v.Actor, a, path, v.Form("provider"), v.Form("number"))
	if kind := fault.KindOf(err); err != nil && (kind == fault.KindInvalid || kind == fault.KindConflict) {
		return expectAs(v, http.StatusUnprocessableEntity, err, false)
	}
	if err != nil {
		return err
	}
	return v.Go("/tai-khoan/" + a.ID + "/lien-ket?noi=" + at.ID + "&xong=1")
}
