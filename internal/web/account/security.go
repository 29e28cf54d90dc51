// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package account

import (
	"net/http"
	"strings"
	"time"

	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

func registerSecurity(m *site.Mux) {
	m.Signed("GET "+site.SecurityPath, showSecurity)
	m.Signed("POST "+site.SecurityPath+"/ma", changeSecond)
	m.Signed("POST "+site.SecurityPath+"/phien", endSessions)
	m.Signed("POST "+site.SecurityPath+"/da-biet", understood)
}

type securityView struct {
	Frame    ui.Office
	Must     bool
	Grace    time.Time // until when the second step may be missing; zero for not owed
	Told     time.Time // when somebody took the second step away; zero for nobody
	ToldBy   string
	Factor   identity.SecondFactor
	Keys     int // passkeys that open the account, each a second step by itself
	Password ui.Field
	Code     ui.Field
	Broken   []ui.Broken
	Sessions []sessionLine
	Ended    bool
}

type sessionLine struct {
	identity.OpenSession
	Device, Method string
}

func showSecurity(v *site.Visit) error { return securityAs(v, http.StatusOK, nil) }

func securityAs(v *site.Visit, status int, failed error) (err error) {
	view := securityView{Must: v.Actor.MustEnrol, Grace: v.Actor.GraceEnds, Ended: v.Query("xong") == "phien"}
	if view.Told, view.ToldBy, err = v.Identity.Told(v.Ctx(), v.Actor); err != nil {
		return err
	}
	if view.ToldBy == identity.System.ID {
		view.ToldBy = v.T("second.by_server")
	}
	if view.Factor, err = v.Identity.SecondFactor(v.Ctx(), v.Actor); err != nil {
		return err
	}
	keys, err := v.Passkeys.List(v.Ctx(), v.Actor)
	if err != nil {
		return err
	}
	for _, k := range keys {
		if k.Cloned.IsZero() {
			view.Keys++
		}
	}
	sessions, err := v.Identity.Sessions(v.Ctx(), v.Actor)
	if err != nil {
		return err
	}
	for _, s := range sessions {
		view.Sessions = append(view.Sessions, sessionLine{s, device(v, s.Agent), v.T("sessions.method." + string(s.Method))})
	}
	view.Password = ui.Field{Name: "old", Label: v.T("password.old"), Type: "password", Attrs: map[string]any{"autocomplete": "current-password", "required": true}}
	view.Code = codeField(v, "")
	if !view.Factor.Since.IsZero() {
		view.Code.Hint = v.T("second.code_or_printed")
	}
	if failed != nil {
		sentence, errs := lang.Fault(v.Ctx(), failed)
		if len(errs) == 0 {
			errs = map[string]string{"old": sentence}
		}
		view.Password.Err, view.Code.Err = errs["old"], errs["code"]
		view.Broken = ui.BrokenOf(errs, view.Password, view.Code)
	}
	view.Frame = v.Frame(v.T("security.title"), "", v.Own())
	view.Frame.Failed = failed != nil
	return v.ShowAs(status, securityPage(view))
}

// changeSecond begins, confirms, renews or removes the authenticator app.
func changeSecond(v *site.Visit) (err error) {
	if err := v.ReadForm(); err != nil {
		return err
	}
	var codes []string
	var token string
	switch v.Form("act") {
	case "begin":
		err = v.Identity.BeginTOTP(v.Ctx(), v.Actor)
	case "confirm":
		codes, token, err = v.Identity.ConfirmTOTP(v.Ctx(), v.Actor, v.Form("old"), v.Form("code"))
	case "codes":
		codes, err = v.Identity.NewRecovery(v.Ctx(), v.Actor, v.Form("old"), v.Form("code"))
	case "remove":
		token, err = v.Identity.RemoveTOTP(v.Ctx(), v.Actor, v.Form("old"), v.Form("code"))
	default:
		err = fault.NotFound("page", "")
	}
	if kind := fault.KindOf(err); err != nil && (kind == fault.KindInvalid || kind == fault.KindTooMuch) {
		return securityAs(v, http.StatusUnprocessableEntity, err)
	}
	if err != nil {
		return err
	}
	if token != "" {
		v.SetSession(token)
	}
	if codes != nil {
		return v.Show(codesPage(codesView{Title: v.T("second.codes_title"), Login: v.Actor.Login, Name: v.Actor.Name, Codes: codes, At: v.Now(), Demo: v.Demo}))
	}
	return v.Go(site.SecurityPath)
}

// endSessions ends one of the actor's own sessions, or all others.
func endSessions(v *site.Visit) (err error) {
	if err := v.ReadForm(); err != nil {
		return err
	}
	if id := v.Form("phien"); id == "khac" {
		err = v.Identity.EndOthers(v.Ctx(), v.Actor)
	} else {
		err = v.Identity.EndSession(v.Ctx(), v.Actor, id)
	}
	if err != nil {
		return err
	}
	return v.Go(site.SecurityPath + "?xong=phien#phien")
}

func understood(v *site.Visit) error {
	if err := v.Identity.Understood(v.Ctx(), v.Actor); err != nil {
		return err
	}
	return v.Go("/viec")
}

// enter leads on after a sign-in; who was told nothing yet of a second factor that was taken away reads that first.
func enter(v *site.Visit, o identity.Opened, back string) error {
	if o.Told {
		back = site.SecurityPath
	}
	return v.Enter(o, back)
}

// device is what a browser says of itself, in words: people know their "Chrome, Windows" and not the rest.
func device(v *site.Visit, agent string) string {
	first := func(pairs ...string) string {
		for i := 0; i+1 < len(pairs); i += 2 {
			if strings.Contains(agent, pairs[i]) {
				return pairs[i+1]
			}
		}
		return ""
	}
	browser := first("coc_coc", "Cốc Cốc", "Edg", "Edge", "OPR/", "Opera", "SamsungBrowser", "Samsung Internet", "Firefox", "Firefox", "CriOS", "Chrome", "Chrome", "Chrome", "Safari", "Safari")
	system := first("Android", "Android", "iPhone", "iPhone", "iPad", "iPad", "Windows", "Windows", "CrOS", "ChromeOS", "Mac OS X", "macOS", "Linux", "Linux")
	switch {
	case browser == "" && system == "":
		return v.T("sessions.unknown")
	case browser == "" || system == "":
		return browser + system
	}
	return browser + ", " + system
}
