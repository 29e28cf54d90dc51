// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Package site is what every page shares: the services, one request of one person (Visit), the frame around a page, and how an
// error becomes an answer. The pages themselves are in the packages beside it, one per part of the work, and register
// their routes on a Mux; package web puts them together.
package site

import (
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"hoctap/internal/archive"
	"hoctap/internal/assessment"
	"hoctap/internal/audit"
	"hoctap/internal/badge"
	"hoctap/internal/blob"
	"hoctap/internal/criteria/version"
	"hoctap/internal/evidence"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/identity/oidc"
	"hoctap/internal/identity/passkey"
	"hoctap/internal/job"
	"hoctap/internal/keyring"
	"hoctap/internal/operation"
	"hoctap/internal/place"
	"hoctap/internal/privacy"
	"hoctap/internal/recognition"
	"hoctap/internal/registry"
	"hoctap/internal/report"
	"hoctap/internal/rollup"
	"hoctap/internal/scan"
	"hoctap/internal/selfsheet"
	"hoctap/internal/signature"
	"hoctap/internal/store"
)

// Site holds the services that pages use. It is built once, in cmd.
type Site struct {
	DB          *store.DB
	Blobs       blob.Store
	Keys        *keyring.Ring
	Identity    *identity.Service
	Passkeys    *passkey.Service
	OIDC        *oidc.Service
	Places      *place.Service
	Sets        *version.Service
	Registry    *registry.Service
	Assessment  *assessment.Service
	Evidence    *evidence.Service
	Recognition *recognition.Service
	SelfSheets  *selfsheet.Service
	Badges      *badge.Service
	Signature   *signature.Service
	Reports     *report.Service
	Archive     *archive.Service
	Privacy     *privacy.Service
	Flows       []privacy.Flow // hosts that the program may talk to
	Figures     *rollup.Figures
	Jobs        *job.Queue
	Operation   *operation.Service
	Now         func() time.Time
	Log         *slog.Logger
	Demo        bool   // the database holds invented data: every page says so
	Home        string // place whose figures stand on the public first page: the province
	Secure      bool   // behind TLS: cookies are sent over TLS only

	LogRequests bool          // one line a request, without whose it was
	Stopping    atomic.Bool   // a stop was asked for: /readyz says so, and what is under way is finished
	Rates       *Rates        // how often an address and an account may ask; nil: as often as they like
	Scan        *scan.Service // judges uploads; nil: nobody does
	Safety      Safety

	BadgesOn bool          // open badges are given: BadgeAt is known then
	BadgeAt  badge.Address // where readers of badges find this system; "" where it does not know

	trustOf trustMemo

	readsOnce sync.Once
	reads     *audit.Reads
	diskFree  atomic.Int32 // percent free and one, when that is little; else 0
}

// Mux registers routes. Every route goes through one of its two verbs, so none is without a decision on who may come.
type Mux struct {
	*Site
	mux    *http.ServeMux
	routes []Route

	Codes *Limiter // what one address may ask by certificates' codes, at all their doors together
}

// NewMux returns an empty Mux.
func NewMux(s *Site) *Mux {
	return &Mux{Site: s, mux: http.NewServeMux(), Codes: NewLimiter(func() time.Time { return s.Now() }, PerMinute)}
}

// Page answers one visit; a returned error becomes a page or a JSON answer.
type Page func(v *Visit) error

// BodyLimit is how many bytes a request may have where the route does not say otherwise.
const BodyLimit = 1 << 20

// Signed registers a route for people who have signed in; which act is allowed where is checked by the domain's verbs.
func (m *Mux) Signed(pattern string, page Page) { m.SignedUpTo(pattern, BodyLimit, page) }

// SignedUpTo is Signed with a limit of its own, for uploads.
func (m *Mux) SignedUpTo(pattern string, limit int64, page Page) {
	m.handle(pattern, limit, true, page)
}

// Public registers a route for everybody.
func (m *Mux) Public(pattern string, page Page) { m.PublicUpTo(pattern, BodyLimit, page) }

// PublicUpTo is Public with a limit of its own, for uploads.
func (m *Mux) PublicUpTo(pattern string, limit int64, page Page) {
	m.handle(pattern, limit, false, page)
}

func (m *Mux) handle(pattern string, limit int64, signed bool, page Page) {
	m.routes = append(m.routes, Route{pattern, signed})
	m.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		NoteRoute(r.Context(), pattern)
		r.Body = http.MaxBytesReader(w, r.Body, limit)
		v := &Visit{Site: m.Site, W: w, R: r, pattern: pattern}
		defer v.caught()
		effort := EffortOf(pattern, r)
		if err := m.Rates.byAddress(effort, v.Address()); err != nil {
			v.fail(err)
			return
		}
		if !readable(r.URL) {
			v.fail(&fault.Fault{Kind: fault.KindInvalid, Key: "request.not_text"})
			return
		}
		if err := v.recognise(); err != nil {
			v.fail(err)
			return
		}
		if err := m.Rates.byPerson(effort, v.Actor.ID); err != nil {
			v.fail(err)
			return
		}
		if signed && v.Actor.ID == "" {
			v.askToSignIn()
			return
		}
		if v.held(signed) {
			return
		}
		done, err := v.scan()
		defer done()
		if err != nil {
			v.again(err)
			return
		}
		if signed && !namesNobody(pattern) {
			v.W = &watched{ResponseWriter: w, v: v}
		}
		if err := page(v); err != nil {
			v.fail(err)
		}
	})
}
