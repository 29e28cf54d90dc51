// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package figures_test

import (
	"context"
	"html"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	criteriadata "hoctap/data/criteria"
	"hoctap/internal/assessment"
	"hoctap/internal/criteria/version"
	"hoctap/internal/identity"
	"hoctap/internal/identity/identitytest"
	"hoctap/internal/place"
	"hoctap/internal/registry"
	"hoctap/internal/report"
	"hoctap/internal/rollup"
	"hoctap/internal/store"
	"hoctap/internal/web/figures"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

// world is the province with two communes: Hy Cương with an area that lay in the old Chu Hóa and one that is new, and Việt Trì
// with one area. It is 20 November 2026; the round of 2024 is closed, that of 2026 is open.
type world struct {
	t                    testing.TB
	ctx                  context.Context
	db                   *store.DB
	s                    *site.Site
	mux                  http.Handler
	hyCuong, vietTri     place.Place
	chuHoa               place.Place
	khu1, khu2, khu3     string
	round2024, round2026 assessment.Round
}

var province = place.OfficialID("25", "2025-07-01")

func build(t testing.TB, db *store.DB) *world {
	t.Helper()
	now := func() time.Time { return time.Date(2026, 11, 20, 9, 5, 0, 0, store.Zone) }
	w := &world{t: t, ctx: context.Background()}
	w.db = db
	w.mux = w.wire(now)
	s := w.s
	_, err := s.Places.EnsureLoaded(w.ctx)
	w.ok(err)
	_, err = s.Sets.EnsureShipped(w.ctx, criteriadata.Files)
	w.ok(err)
	w.hyCuong, err = s.Places.Get(w.ctx, place.OfficialID("08515", "2025-07-01"))
	w.ok(err)
	w.vietTri, err = s.Places.Get(w.ctx, place.OfficialID("07900", "2025-07-01"))
	w.ok(err)
	w.chuHoa = w.before(w.hyCuong, "Xã Chu Hóa")
	w.khu1 = w.area(place.AreaDraft{CommuneID: w.hyCuong.ID, OldCommuneID: w.chuHoa.ID, Name: "Khu 1", From: "2021-01-01"})
	w.khu2 = w.area(place.AreaDraft{CommuneID: w.hyCuong.ID, Name: "Khu 2"})
	w.khu3 = w.area(place.AreaDraft{CommuneID: w.vietTri.ID, OldCommuneID: w.before(w.vietTri, "").ID, Name: "Khu 3", From: "2021-01-01"})
	w.round2024, w.round2026 = w.openRound(2024, assessment.RoundClosed), w.openRound(2026, assessment.RoundOpen)
	return w
}

// numbers are the figures that the tests work out by hand.
func (w *world) numbers() {
	w.count(w.khu1, w.round2026, registry.Family, rollup.Counts{Total: 100, Registered: 80, Recognised: 60, Sent: 15, Rejected: 5, Passing: 70})
	w.count(w.khu2, w.round2026, registry.Family, rollup.Counts{Total: 50, Registered: 40, Recognised: 38, Returned: 2, Passing: 38})
	w.count(w.khu3, w.round2026, registry.Family, rollup.Counts{Total: 50, Registered: 50, Recognised: 50, Passing: 50})
	w.count(w.khu1, w.round2024, registry.Family, rollup.Counts{Total: 90, Registered: 70, Recognised: 45, Rejected: 25, Passing: 45})
	w.count(w.khu3, w.round2024, registry.Family, rollup.Counts{Total: 40, Registered: 30, Recognised: 20, Rejected: 10, Passing: 20})
}

// wire builds the services and pages on a clock.
func (w *world) wire(now func() time.Time) http.Handler {
	s := &site.Site{DB: w.db, Now: now, Log: slog.New(slog.DiscardHandler), Home: province}
	s.Identity, s.Places, s.Sets = identity.New(w.db, now), place.New(w.db, now), version.New(w.db, now)
	s.Registry = registry.New(w.db, s.Places, now, func(ctx context.Context, tx *store.Tx, by identity.Actor, ev []registry.Event) error {
		return s.Assessment.Follow(ctx, tx, by, ev)
	})
	s.Assessment = assessment.New(w.db, s.Places, s.Sets, s.Registry, now)
	s.Reports = report.New(w.db, s.Places, s.Assessment, nil, now)
	s.Figures = rollup.NewFigures(w.db, now)
	w.s = s
	m := site.NewMux(s)
	figures.Register(m)
	return ui.Settings(m)
}

func (w *world) ok(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// before is a commune that became part of p: the one of that name, or the first.
func (w *world) before(p place.Place, name string) place.Place {
	w.t.Helper()
	h, err := w.s.Places.History(w.ctx, p.ID)
	w.ok(err)
	for _, s := range h.Predecessors {
		if s.New.ID == p.ID && s.Old.Level == place.Commune && s.Relation == place.Full && (name == "" || s.Old.FullName() == name) {
			return s.Old
		}
	}
	w.t.Fatalf("no %q became part of %s", name, p.FullName())
	return place.Place{}
}

func (w *world) area(d place.AreaDraft) string {
	w.t.Helper()
	p, err := w.s.Places.CreateArea(w.ctx, identity.System, d)
	w.ok(err)
	return p.ID
}

func (w *world) openRound(year int, state assessment.RoundState) assessment.Round {
	w.t.Helper()
	r := assessment.Template(year, province)
	r.Title, r.State = "Đợt đánh giá", state
	r, err := w.s.Assessment.SaveRound(w.ctx, identity.System, r)
	w.ok(err)
	return r
}

func (w *world) count(leaf string, r assessment.Round, model string, c rollup.Counts) {
	w.t.Helper()
	w.ok(w.s.DB.Write(w.ctx, func(tx *store.Tx) error { return rollup.Add(w.ctx, tx, leaf, r.ID, model, c) }))
}

// account makes a person with a role at a place and signs in.
func (w *world) account(role identity.Role, placeID string) (token string) {
	w.t.Helper()
	path, err := w.s.Places.Path(w.ctx, nil, placeID)
	w.ok(err)
	const password = "mat khau dung cho phep thu"
	login := string(role) + "." + strings.ToLower(placeID)
	_, err = w.s.Identity.Create(w.ctx, identity.System, identity.Draft{Login: login, Name: login, Password: password, Demo: true, Path: path,
		Grant: identity.Grant{Role: role, PlaceID: placeID}})
	w.ok(err)
	token, err = identitytest.Token(w.ctx, w.s.Identity, login, password)
	w.ok(err)
	return token
}

// get asks for an address; the answer's text is what a reader sees, blanks folded.
func (w *world) get(token, path string) (status int, text string, r *http.Response) {
	w.t.Helper()
	q := httptest.NewRequest(http.MethodGet, path, nil)
	if token != "" {
		q.AddCookie(&http.Cookie{Name: site.Cookie, Value: token})
	}
	rec := httptest.NewRecorder()
	w.mux.ServeHTTP(rec, q)
	r = rec.Result()
	body, err := io.ReadAll(rec.Body)
	w.ok(err)
	r.Body = io.NopCloser(strings.NewReader(string(body)))
	return rec.Code, read(string(body)), r
}

var (
	tag    = regexp.MustCompile(`<[^>]*>`)
	blanks = regexp.MustCompile(`\s+`)
)

// read is the text of a page, its titles of cells included.
func read(page string) string {
	return blanks.ReplaceAllString(html.UnescapeString(tag.ReplaceAllString(page, " ")), " ")
}

// sees demands texts on a page, lacks their absence.
func (w *world) sees(page string, texts ...string) {
	w.t.Helper()
	for _, s := range texts {
		if !strings.Contains(page, s) {
			w.t.Errorf("the page does not say %q:\n%s", s, page)
		}
	}
}

func (w *world) lacks(page string, texts ...string) {
	w.t.Helper()
	for _, s := range texts {
		if strings.Contains(page, s) {
			w.t.Errorf("the page says %q", s)
		}
	}
}
