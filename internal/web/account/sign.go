// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Package account holds the pages for signing in and out, the own password, and the accounts of a place.
package account

import (
	"net/http"

	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

// Register adds the routes of this package.
func Register(m *site.Mux, demoPassword string) {
	s := signing{demoPassword}
	m.Public("GET "+site.SignInPath, s.show)
	m.Public("POST "+site.SignInPath, s.signIn)
	m.Signed("POST "+site.SignOutPath, signOut)
	m.Signed("GET "+site.PasswordPath, showPassword)
	m.Signed("POST "+site.PasswordPath, changePassword)
	registerList(m)
}

type signing struct{ demoPassword string }

func (s signing) show(v *site.Visit) error {
	if v.Actor.ID != "" {
		return v.Go("/viec")
	}
	return s.page(v, http.StatusOK, v.Query("ve"), "", nil)
}

func (s signing) page(v *site.Visit, status int, back, login string, err error) error {
	view := signView{Frame: v.PublicFrame(v.T("sign_in.title")), Back: back}
	view.Login = ui.Field{Name: "login", Label: v.T("sign_in.login"), Value: login, Attrs: map[string]any{"autocomplete": "username", "required": true, "autocapitalize": "none"}}
	view.Password = ui.Field{Name: "password", Label: v.T("sign_in.password"), Type: "password", Attrs: map[string]any{"autocomplete": "current-password", "required": true}}
	if err != nil {
		sentence, errs := lang.Fault(v.Ctx(), err)
		if len(errs) == 0 {
			errs = map[string]string{"password": sentence}
		}
		view.Password.Err = errs["password"]
		view.Broken = ui.BrokenOf(errs, view.Login, view.Password)
	}
	if v.Demo && s.demoPassword != "" {
		list, err := v.Identity.Demo(v.Ctx())
		if err != nil {
			return err
		}
		for _, a := range list {
			name, err := v.Places.Names(v.Ctx(), a.Grants[0].PlaceID)
			if err != nil {
				return err
			}
			view.Demo = append(view.Demo, demoAccount{Login: a.Login, Name: a.Name, What: v.T("role."+string(a.Grants[0].Role)) + ", " + name[a.Grants[0].PlaceID]})
		}
		view.DemoPassword = s.demoPassword
	}
	return v.ShowAs(status, signPage(view))
}

func (s signing) signIn(v *site.Visit) error {
	if err := v.ReadForm(); err != nil {
		return err
	}
	token, err := v.Identity.SignIn(v.Ctx(), v.Form("login"), v.Form("password"), v.Address(), v.R.UserAgent())
	if fault.KindOf(err) == fault.KindInternal && err != nil {
		return err
	}
	if err != nil {
		return s.page(v, http.StatusUnprocessableEntity, v.Form("ve"), v.Form("login"), err)
	}
	v.SetSession(token)
	return v.Go(site.Inside(v.Form("ve"), "/viec"))
}

func signOut(v *site.Visit) error {
	if c, err := v.R.Cookie(v.CookieName()); err == nil {
		if err := v.Identity.SignOut(v.Ctx(), c.Value); err != nil {
			return err
		}
	}
	v.SetSession("")
	return v.Go("/")
}

func passwordView(v *site.Visit, err error) passView {
	view := passView{Must: v.Actor.MustChange, Email: emailField(v, v.Form("email"), err), Saved: v.Query("xong") == "thu"}
	view.Old = ui.Field{Name: "old", Label: v.T("password.old"), Type: "password", Attrs: map[string]any{"autocomplete": "current-password", "required": true}}
	view.New = ui.Field{Name: "password", Label: v.T("password.new"), Hint: v.T("password.hint", "min", identity.MinPassword), Type: "password",
		Attrs: map[string]any{"autocomplete": "new-password", "required": true}}
	if err != nil {
		_, errs := lang.Fault(v.Ctx(), err)
		delete(errs, "email")
		view.Old.Err, view.New.Err = errs["old"], errs["password"]
		view.Broken = ui.BrokenOf(errs, view.Old, view.New)
	}
	return view
}

func showPassword(v *site.Visit) error {
	return v.Show(passPage(v.Frame(v.T("password.title"), "", v.Own()), passwordView(v, nil)))
}

func changePassword(v *site.Visit) error {
	if err := v.ReadForm(); err != nil {
		return err
	}
	err := v.Identity.ChangePassword(v.Ctx(), v.Actor, v.Form("old"), v.Form("password"))
	if fault.KindOf(err) == fault.KindInvalid && err != nil {
		return v.ShowAs(http.StatusUnprocessableEntity, passPage(v.Frame(v.T("password.title"), "", v.Own()), passwordView(v, err)))
	}
	if err != nil {
		return err
	}
	token, err := v.Identity.SignIn(v.Ctx(), v.Actor.Login, v.Form("password"), v.Address(), v.R.UserAgent())
	if err != nil {
		return err
	}
	v.SetSession(token)
	return v.Go("/")
}
