// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Package web puts the pages together: every part's routes on one Mux, behind the headers that all answers carry.
package web

import (
	"net/http"

	"hoctap/internal/web/account"
	"hoctap/internal/web/assets"
	"hoctap/internal/web/badges"
	"hoctap/internal/web/decisions"
	"hoctap/internal/web/entry"
	"hoctap/internal/web/figures"
	"hoctap/internal/web/imports"
	"hoctap/internal/web/journal"
	"hoctap/internal/web/operations"
	"hoctap/internal/web/places"
	"hoctap/internal/web/privacy"
	"hoctap/internal/web/proof"
	"hoctap/internal/web/reports"
	"hoctap/internal/web/review"
	"hoctap/internal/web/rights"
	"hoctap/internal/web/rounds"
	"hoctap/internal/web/sets"
	"hoctap/internal/web/signers"
	"hoctap/internal/web/site"
	"hoctap/internal/web/subjects"
	"hoctap/internal/web/ui"
	"hoctap/internal/web/week"
)

// policy is the content security policy of every page: nothing from elsewhere, no inline script or style.
const policy = "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"

// Handler returns the whole site. demoPassword is shown on the sign-in page of a demo; empty otherwise.
func Handler(s *site.Site, demoPassword string) http.Handler {
	m := Pages(s, demoPassword)
	root := http.NewServeMux()
	root.Handle(assets.Prefix, as("assets", assets.Handler()))
	root.Handle("GET /healthz", as("GET /healthz", Alive()))
	root.Handle("GET /readyz", as("GET /readyz", Ready(s)))
	root.HandleFunc("GET /favicon.ico", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, assets.URL("favicon.svg"), http.StatusFound) // asked for by readers that follow no <link>
	})
	root.Handle("/", compressed(ui.Settings(m)))
	return observed(s, guard(s, m, root))
}

// Pages returns the routes of every part.
func Pages(s *site.Site, demoPassword string) *site.Mux {
	m := site.NewMux(s)
	account.Register(m, demoPassword)
	week.Register(m)
	decisions.Register(m)
	badges.Register(m)
	entry.Register(m)
	figures.Register(m)
	imports.Register(m)
	operations.Register(m)
	journal.Register(m)
	places.Register(m)
	privacy.Register(m)
	proof.Register(m)
	reports.Register(m)
	review.Register(m)
	rights.Register(m)
	rounds.Register(m)
	sets.Register(m)
	signers.Register(m)
	subjects.Register(m)
	return m
}

// guard sets the safe headers on every answer and refuses requests that another site made the browser send.
func guard(s *site.Site, m *site.Mux, next http.Handler) http.Handler {
	cross := http.NewCrossOriginProtection()
	cross.AddInsecureBypassPattern("POST " + decisions.ToolPath + "{token}") // a tool, without a session: its address is the proof
	cross.SetDenyHandler(ui.Settings(http.HandlerFunc(m.Refuse)))
	inner := cross.Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		if s.Secure {
			h.Set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
		}
		inner.ServeHTTP(w, r)
	})
}
