// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package account

import (
	"net/http"
	"strings"
	"time"

	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/place"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

func registerList(m *site.Mux) {
	m.Signed("GET /tai-khoan", list)
	m.Signed("GET /tai-khoan/toi", func(v *site.Visit) error { return v.Go(site.PasswordPath) })
	m.Signed("POST /tai-khoan/toi", saveEmail)
	m.Signed("POST /tai-khoan", create)
	m.Signed("POST /tai-khoan/{id}", change)
}

type accountLine struct {
	Account identity.Account
	Where   string
	Role    string
	Own     bool
	Seen    string
	Closes  string // the day it will be closed for idleness, when that is near
	Why     string // it was closed by the program or by a review
}

type listView struct {
	Frame    ui.Office
	Place    place.Place
	Lines    []accountLine
	Login    ui.Field
	Name     ui.Field
	Post     ui.Field
	Role     ui.Field
	At       ui.Field
	Password string // a fresh one, proposed; shown once on a slip
	Broken   []ui.Broken
	Slip     *slip
	Last     identity.AccessReview
	Overdue  bool
	Areas    bool // there are areas whose heads get slips
	Admin    bool
	Ended    bool
	Numbered bool // a provider tells id numbers: people may be expected
}

// slip is what is handed over on paper: no message, no code by phone.
type slip struct {
	Login, Name, Password string
	Waits                 bool // its role waits for a second person
}

func list(v *site.Visit) error { return page(v, http.StatusOK, nil, nil) }

func page(v *site.Visit, status int, failed error, done *slip) error {
	p, err := v.Here(identity.ManageAccounts)
	if err != nil {
		return err
	}
	places, err := v.Below(p)
	if err != nil {
		return err
	}
	ids, names := make([]string, len(places)), map[string]string{}
	for i, at := range places {
		ids[i], names[at.ID] = at.ID, at.FullName()
	}
	accounts, err := v.Identity.At(v.Ctx(), ids...)
	if err != nil {
		return err
	}
	view := listView{Place: p, Password: identity.Phrase(5, " "), Slip: done, Numbered: len(v.OIDC.Numbered()) > 0}
	view.Admin, view.Ended = v.Actor.Everywhere(identity.Operate), v.Query("xong") == "1"
	if view.Last, err = v.Identity.LastReview(v.Ctx(), v.Actor, p.Path, p.ID); err != nil {
		return err
	}
	view.Overdue = view.Last.Overdue(v.Now())
	for _, at := range places {
		view.Areas = view.Areas || at.Leaf()
	}
	for _, a := range accounts {
		view.Lines = append(view.Lines, lineOf(v, a, names[a.Grants[0].PlaceID]))
	}
	var errs map[string]string
	if failed != nil {
		_, errs = lang.Fault(v.Ctx(), failed)
		view.Password = v.Form("password")
	}
	view.Login = ui.Field{Name: "login", Label: v.T("sign_in.login"), Err: errs["login"], Value: keep(v, failed, "login"), Attrs: map[string]any{"autocomplete": "off", "autocapitalize": "none"}}
	view.Name = ui.Field{Name: "name", Label: v.T("accounts.name"), Err: errs["name"], Value: keep(v, failed, "name")}
	view.Post = ui.Field{Name: "post", Label: v.T("accounts.post"), Optional: true, Value: keep(v, failed, "post")}
	view.Role = ui.Field{Name: "role", Label: v.T("accounts.role"), Err: errs["role"]}
	for _, r := range identity.Roles {
		if (r == identity.Admin || r == identity.ProvinceOfficer) && !v.Actor.Has(identity.Admin) {
			continue
		}
		view.Role.Options = append(view.Role.Options, ui.Option{Value: string(r), Label: v.T("role." + string(r)), Chosen: keep(v, failed, "role") == string(r) || failed == nil && r == identity.AreaVolunteer})
	}
	view.At = ui.Field{Name: "at", Label: v.T("accounts.at"), Err: errs["at"]}
	for _, at := range places {
		view.At.Options = append(view.At.Options, ui.Option{Value: at.ID, Label: at.FullName(), Chosen: keep(v, failed, "at") == at.ID})
	}
	view.Broken = ui.BrokenOf(errs, view.Login, view.Name, view.Role, view.At)
	view.Frame = v.Frame(v.T("accounts.title", "count", len(view.Lines)), site.Accounts, p, ui.Crumb{Label: p.FullName()}, ui.Crumb{Label: v.T("nav.accounts")})
	view.Frame.Failed = failed != nil
	return v.ShowAs(status, listPage(view))
}

// closesSoon is how long before it an account's closing for idleness is announced.
const closesSoon = 14 * 24 * time.Hour

func lineOf(v *site.Visit, a identity.Account, where string) accountLine {
	l := accountLine{Account: a, Where: where, Role: v.T("role." + string(a.Grants[0].Role)), Own: a.ID == v.Actor.ID, Seen: v.T("accounts.never")}
	if !a.Seen.IsZero() {
		l.Seen = lang.Date(v.Ctx(), a.Seen)
	}
	if !a.Disabled && !a.Closes.IsZero() && a.Closes.Sub(v.Now()) < closesSoon {
		l.Closes = lang.Date(v.Ctx(), a.Closes)
	}
	if a.Disabled && a.Why != "" {
		l.Why = v.T("accounts.why." + a.Why)
	}
	return l
}

func keep(v *site.Visit, failed error, name string) string {
	if failed == nil {
		return ""
	}
	return v.Form(name)
}

func create(v *site.Visit) error {
	if err := v.ReadForm(); err != nil {
		return err
	}
	at := v.Form("at")
	path, err := v.Places.Path(v.Ctx(), nil, at)
	if err != nil {
		return err
	}
	d := identity.Draft{Login: v.Form("login"), Name: v.Form("name"), Post: v.Form("post"), Password: v.Form("password"),
		Grant: identity.Grant{Role: identity.Role(v.Form("role")), PlaceID: at}, Path: path}
	if err = site.Fits(v, d.Grant.Role, at); err == nil {
		_, err = v.Identity.Create(v.Ctx(), v.Actor, d)
	}
	if fault.KindOf(err) == fault.KindInvalid && err != nil {
		return page(v, http.StatusUnprocessableEntity, err, nil)
	}
	if err != nil {
		return err
	}
	return page(v, http.StatusOK, nil, &slip{strings.ToLower(d.Login), d.Name, d.Password, v.Identity.Needs(v.Actor, path)})
}

// change resets a password onto a slip, or closes and opens an account.
func change(v *site.Visit) error {
	if err := v.ReadForm(); err != nil {
		return err
	}
	p, err := v.Here(identity.ManageAccounts)
	if err != nil {
		return err
	}
	places, err := v.Below(p)
	if err != nil {
		return err
	}
	ids, paths := make([]string, len(places)), map[string]string{}
	for i, at := range places {
		ids[i], paths[at.ID] = at.ID, at.Path
	}
	accounts, err := v.Identity.At(v.Ctx(), ids...)
	if err != nil {
		return err
	}
	for _, a := range accounts {
		if a.ID != v.Path("id") {
			continue
		}
		path := paths[a.Grants[0].PlaceID]
		switch v.Form("act") {
		case "reset":
			fresh := identity.Phrase(5, " ", a.Login)
			if err := v.Identity.ResetPassword(v.Ctx(), v.Actor, a, path, fresh); err != nil {
				return err
			}
			return page(v, http.StatusOK, nil, &slip{a.Login, a.Name, fresh, false})
		case "sessions":
			if err := v.Identity.EndAll(v.Ctx(), v.Actor, a, path); err != nil {
				return err
			}
			return v.Go(site.With("/tai-khoan", "noi", p.ID, "xong", "1"))
		case "second":
			if err := v.Identity.ResetSecond(v.Ctx(), v.Actor, a, path); err != nil {
				return err
			}
			return v.Go(site.With("/tai-khoan", "noi", p.ID, "xong", "1"))
		case "close", "open":
			if err := v.Identity.Disable(v.Ctx(), v.Actor, a, path, v.Form("act") == "close"); err != nil {
				return err
			}
		}
		return v.Go("/tai-khoan?noi=" + p.ID)
	}
	return fault.NotFound("account", v.Path("id"))
}
