// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Package account holds the pages for signing in and out, the own password, and the accounts of a place.
package account

import (
	"net/http"
	"strings"
	"time"

	"hoctap/internal/audit"
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
	registerSecond(m)
	registerSecurity(m)
	registerTerms(m)
	registerSlips(m)
	registerReview(m)
	registerList(m)
	registerWays(m, s)
}

type signing struct{ demoPassword string }

func (s signing) show(v *site.Visit) error {
	if v.Actor.ID != "" {
		return v.Go("/viec")
	}
	return s.page(v, http.StatusOK, v.Query("ve"), "", nil)
}

func (s signing) page(v *site.Visit, status int, back, login string, err error) error {
	return s.pageSaying(v, status, back, login, err, "")
}

// pageSaying is the page with what went wrong on a way in beside the password.
func (s signing) pageSaying(v *site.Visit, status int, back, login string, err error, said string) error {
	view := signView{Frame: v.PublicFrame(v.T("sign_in.title")), Back: back, Over: v.Query("het") == "1" && err == nil, Ways: entryOf(v, back)}
	view.Ways.Failed = said
	view.Frame.Scripts = append(view.Frame.Scripts, "passkey.js")
	view.Login = ui.Field{Name: "login", Label: v.T("sign_in.login"), Value: login, Attrs: map[string]any{"autocomplete": "username webauthn", "required": true, "autocapitalize": "none"}}
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
	o, err := v.Identity.SignIn(v.Ctx(), v.Form("login"), v.Form("password"), v.Client())
	if fault.Ours(err) {
		return err
	}
	if err != nil {
		v.Attempt(audit.SignIn, "account", "", v.Identity.IDOf(v.Ctx(), v.Form("login")))
		return s.page(v, http.StatusUnprocessableEntity, v.Form("ve"), v.Form("login"), err)
	}
	return enter(v, o, v.Form("ve"))
}

func signOut(v *site.Visit) error {
	if c, err := v.R.Cookie(v.CookieName()); err == nil {
		if err := v.Identity.SignOut(v.Ctx(), c.Value, v.Address()); err != nil {
			return err
		}
	}
	v.SetSession("")
	return v.Go(signedOut(v))
}

func passwordView(v *site.Visit, err error) passView {
	view := passView{Must: v.Actor.MustChange, Email: emailField(v, v.Form("email"), err), Saved: v.Query("xong") == "thu"}
	view.Old = ui.Field{Name: "old", Label: v.T("password.old"), Type: "password", Attrs: map[string]any{"autocomplete": "current-password", "required": true}}
	view.New = ui.Field{Name: "password", Label: v.T("password.new"), Type: "password", Attrs: map[string]any{"autocomplete": "new-password", "required": true}}
	st, failed := v.Identity.Strength(v.Ctx(), v.Actor)
	if failed != nil {
		v.Log.Warn("strength", "error", failed) // saving says what is asked
	}
	view.New.Hint, view.Proposal = v.T("password.hint", "min", st.Min), identity.Phrase(6, " ", v.Actor.Login)
	if st.Mixed {
		view.New.Hint, view.Proposal = v.T("password.hint_mixed", "min", st.Min), capital(identity.Phrase(6, "-", v.Actor.Login))
	}
	if until := v.Actor.PasswordEnds; !until.IsZero() {
		view.Ends, view.Old.Hint = until, ""
		view.EndsSoon = until.Sub(v.Now()) < passwordWarning
	}
	if err != nil {
		sentence, errs := lang.Fault(v.Ctx(), err)
		if len(errs) == 0 {
			errs = map[string]string{"old": sentence}
		}
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
	token, err := v.Identity.ChangePassword(v.Ctx(), v.Actor, v.Form("old"), v.Form("password"))
	if kind := fault.KindOf(err); err != nil && (kind == fault.KindInvalid || kind == fault.KindTooMuch) {
		return v.ShowAs(http.StatusUnprocessableEntity, passPage(v.Frame(v.T("password.title"), "", v.Own()), passwordView(v, err)))
	}
	if err != nil {
		return err
	}
	v.SetSession(token)
	return v.Go("/")
}

// passwordWarning is how long before its end a password is called old.
const passwordWarning = 7 * 24 * time.Hour

func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }
