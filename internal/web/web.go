// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Package web puts the pages together: every part's routes on one Mux, behind the headers that all answers carry.
package web

import (
	"net/http"

	"hoctap/internal/keyring"
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
	"hoctap/internal/web/slips"
	"hoctap/internal/web/subjects"
	"hoctap/internal/web/ui"
	"hoctap/internal/web/week"
)

// Handler returns the whole site. demoPassword is shown on the sign-in page of a demo; empty otherwise.
func Handler(s *site.Site, demoPassword string) http.Handler {
	if s.Keys == nil {
		s.Keys = keyring.Fresh() // tokens of forms hold as long as the process
	}
	m := Pages(s, demoPassword)
	root := http.NewServeMux()
	root.Handle(assets.Prefix, as("assets", assets.Handler()))
	root.Handle("GET /healthz", as("GET /healthz", Alive()))
	root.Handle("GET /readyz", as("GET /readyz", Ready(s)))
	root.Handle("GET /robots.txt", as("GET /robots.txt", http.HandlerFunc(robots)))
	root.Handle("GET /.well-known/security.txt", as("GET /.well-known/security.txt", securityText(s)))
	root.Handle("GET /security.txt", as("GET /.well-known/security.txt", securityText(s)))
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
	slips.Register(m)
	subjects.Register(m)
	return m
}
