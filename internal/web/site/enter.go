// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package site

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"hoctap/internal/identity"
)

// Addresses of signing in. All under SecurityPath stays open to who owes a second factor: ways to set one up belong there.
const (
	SignInPath   = "/dang-nhap"
	SecondPath   = "/dang-nhap/buoc-hai"
	SignOutPath  = "/dang-xuat"
	PasswordPath = "/mat-khau"
	SecurityPath = "/bao-mat"
)

// Cookie is the name of the session cookie where there is no TLS; see CookieName. The second step and the browser's mark have cookies of their own.
const (
	Cookie        = "hoctap"
	PendingCookie = "hoctap-buoc-hai"
	DeviceCookie  = "hoctap-may"
)

// CookieName is the name of the session cookie. Behind TLS it has the prefix with which a browser takes it only over TLS, from this very host: a
// neighbour host of the same domain cannot plant a session.
func (s *Site) CookieName() string { return s.hostOnly(Cookie) }

func (s *Site) hostOnly(name string) string {
	if s.Secure {
		return "__Host-" + name
	}
	return name
}

// deviceAge is how long a browser keeps its mark.
const deviceAge = 400 * 24 * 60 * 60

// Client is the browser as identity knows it.
func (v *Visit) Client() identity.Client {
	return identity.Client{Address: v.Address(), Agent: v.R.UserAgent(), Token: v.cookie(Cookie), Device: v.cookie(DeviceCookie)}
}

// Pending is the token of the second step that the browser carries, "" for none.
func (v *Visit) Pending() string { return v.cookie(PendingCookie) }

func (v *Visit) cookie(name string) string {
	c, err := v.R.Cookie(v.hostOnly(name))
	if err != nil {
		return ""
	}
	return c.Value
}

// Enter gives the browser what a proof opened and leads it on: to back, an address inside this site, or to the second step. Every way of signing in
// ends with it.
func (v *Visit) Enter(o identity.Opened, back string) error {
	if o.Device != "" {
		v.setCookie(DeviceCookie, o.Device, deviceAge)
	}
	if o.Pending != "" {
		v.setCookie(PendingCookie, o.Pending, int(identity.PendingLife.Seconds()))
		return v.Go(With(SecondPath, "ve", Inside(back, "")))
	}
	v.setCookie(PendingCookie, "", -1)
	v.SetSession(o.Token)
	return v.Go(Inside(back, "/viec"))
}

// SetSession gives the browser its token; an empty one takes it away.
func (v *Visit) SetSession(token string) {
	age := int(identity.MaxLife.Seconds())
	if token == "" {
		age = -1
	}
	v.setCookie(Cookie, token, age)
}

// Lax and not Strict: a link in a letter or a message leads to the page, not to the sign-in form. What changes something asks for a token besides.
func (v *Visit) setCookie(name, value string, age int) {
	http.SetCookie(v.W, &http.Cookie{Name: v.hostOnly(name), Value: value, Path: "/", HttpOnly: true, Secure: v.Secure, SameSite: http.SameSiteLaxMode, MaxAge: age})
}

// held answers a request of somebody who has to change the password or to set up a second factor first, and says whether it did. On public pages such a
// session counts for nothing.
func (v *Visit) held(signed bool) bool {
	if !v.Actor.MustChange && !v.Actor.MustEnrol {
		return false
	}
	if !signed {
		v.Actor = identity.Actor{Address: v.Actor.Address}
		return false
	}
	path, to := v.R.URL.Path, PasswordPath
	if !v.Actor.MustChange {
		to = SecurityPath
	}
	if path == to || path == SignOutPath || to == SecurityPath && strings.HasPrefix(path, SecurityPath+"/") {
		return false
	}
	if v.WantsJSON() {
		v.json(http.StatusForbidden, map[string]string{"sentence": v.T("fault.held." + strings.TrimPrefix(to, "/")), "kind": "denied"})
		return true
	}
	http.Redirect(v.W, v.R, to, http.StatusSeeOther)
	return true
}

// cameFrom is the page of this site on which a form was sent: after signing in again what was typed is there, where the browser keeps it.
func (v *Visit) cameFrom() string {
	from, err := url.Parse(v.R.Referer())
	if err != nil || from.Host != v.R.Host {
		return ""
	}
	return Inside(from.RequestURI(), "")
}

// Again is where to sign in and come back to the page.
func Again(page string) string { return SignInPath + "?" + url.Values{"ve": {page}}.Encode() }

// noticeTime is how long before its end an old password, or the days without a second step, are spoken of on every page.
const noticeTime = 7 * 24 * time.Hour

// owed is what the actor has to do for the own account before long, and where. The pages of the account say it themselves.
func (v *Visit) owed() (text, to string) {
	near := func(at time.Time) bool { return !at.IsZero() && at.Sub(v.Now()) < noticeTime }
	switch path := v.R.URL.Path; {
	case path == PasswordPath || strings.HasPrefix(path, SecurityPath):
		return "", ""
	case near(v.Actor.GraceEnds):
		return v.T("second.grace", "until", v.Actor.GraceEnds), SecurityPath
	case near(v.Actor.PasswordEnds):
		return v.T("password.ends", "until", v.Actor.PasswordEnds), PasswordPath
	}
	return "", ""
}
