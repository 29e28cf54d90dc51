// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package site

import (
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"hoctap/internal/fault"
	"hoctap/internal/identity"
)

// Route is one registered route: its pattern, and whether only people who have signed in may come.
type Route struct {
	Pattern string
	Signed  bool
}

// Routes lists what was registered, in that order, so that a test can walk all of it.
func (m *Mux) Routes() []Route { return m.routes }

// ServeHTTP routes a request. An address or a method that no route knows gets a page in words like every other fault.
func (m *Mux) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h, pattern := m.mux.Handler(r)
	if pattern != "" {
		m.mux.ServeHTTP(w, r)
		return
	}
	probe := refusal{head: http.Header{}}
	h.ServeHTTP(&probe, r)
	err := fault.NotFound("page", "")
	if probe.code == http.StatusMethodNotAllowed {
		w.Header().Set("Allow", probe.head.Get("Allow"))
		err = &fault.Fault{Kind: fault.KindNotFound, Key: "request.method"}
	}
	v := &Visit{Site: m.Site, W: w, R: r}
	if hasty := m.Rates.byAddress(Reading, v.Address()); hasty != nil {
		v.fail(hasty)
		return
	}
	if broken := v.recognise(); broken != nil {
		v.fail(broken)
		return
	}
	v.failAs(max(probe.code, http.StatusNotFound), err)
}

// Refuse answers a request that another site made the browser send.
func (m *Mux) Refuse(w http.ResponseWriter, r *http.Request) {
	v := &Visit{Site: m.Site, W: w, R: r}
	v.fail(&fault.Fault{Kind: fault.KindDenied, Key: "request.cross_origin"})
}

// refusal keeps what the router would have said.
type refusal struct {
	head http.Header
	code int
}

func (p *refusal) Header() http.Header         { return p.head }
func (p *refusal) Write(b []byte) (int, error) { return len(b), nil }
func (p *refusal) WriteHeader(code int)        { p.code = code }

// readable reports whether the address holds only text that a database keeps: PostgreSQL refuses a zero byte and broken UTF-8.
func readable(u *url.URL) bool {
	if plain(u.Path) != u.Path {
		return false
	}
	for name, values := range u.Query() {
		if plain(name) != name {
			return false
		}
		for _, value := range values {
			if plain(value) != value {
				return false
			}
		}
	}
	return true
}

// plain is s without zero bytes, and with U+FFFD for what is no UTF-8.
func plain(s string) string {
	if strings.IndexByte(s, 0) < 0 && utf8.ValidString(s) {
		return s
	}
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "")
}

// plainForm makes every value of a form plain: a stray byte from a copied table must not cost what else was typed.
func plainForm(forms ...url.Values) {
	for _, form := range forms {
		for name, values := range form {
			for i := range values {
				values[i] = plain(values[i])
			}
			if clean := plain(name); clean != name {
				delete(form, name)
				form[clean] = append(form[clean], values...)
			}
		}
	}
}

// Inside is an address to go back to when it lies inside this site, else otherwise. Browsers drop tabs and line ends and read \ as /, so
// that "/\evil" and "/<tab>/evil" would lead to another host.
func Inside(to, otherwise string) string {
	outside := !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//")
	if outside || strings.ContainsFunc(to, func(r rune) bool { return r == '\\' || r < ' ' || r == 0x7f }) {
		return otherwise
	}
	return to
}

// Bare answers with page outside of all routes: for the host name of files. No session is looked at.
func (m *Mux) Bare(page Page) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v := &Visit{Site: m.Site, W: w, R: r}
		defer v.caught()
		err := m.Rates.byAddress(Reading, v.Address())
		if err == nil && !readable(r.URL) {
			err = &fault.Fault{Kind: fault.KindInvalid, Key: "request.not_text"}
		}
		if err == nil {
			err = page(v)
		}
		if err != nil {
			v.Actor = identity.Actor{} // the page of an error has no office around it here
			v.fail(err)
		}
	})
}
