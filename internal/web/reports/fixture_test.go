// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package reports_test

import (
	"context"
	"html"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	criteriadata "hoctap/data/criteria"
	"hoctap/internal/assessment"
	"hoctap/internal/criteria/version"
	"hoctap/internal/identity"
	"hoctap/internal/identity/identitytest"
	"hoctap/internal/job"
	"hoctap/internal/place"
	"hoctap/internal/privacy"
	"hoctap/internal/recognition"
	"hoctap/internal/registry"
	"hoctap/internal/report"
	"hoctap/internal/rollup"
	"hoctap/internal/signature"
	"hoctap/internal/store"
	"hoctap/internal/web/reports"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
	"hoctap/internal/web/week"
)

var (
	phuTho  = place.OfficialID("25", "2025-07-01")
	hyCuong = place.OfficialID("08515", "2025-07-01")
	vietTri = place.OfficialID("07900", "2025-07-01")
	haNoi   = place.OfficialID("01", "2025-07-01")
)

// world is the pages over Phú Thọ with an area in Hy Cương, the rounds of two years, and people. It is the day that day names.
type world struct {
	t      testing.TB
	ctx    context.Context
	day    string
	s      *site.Site
	mux    http.Handler
	tokens map[string]string
	khu    string
	rounds map[int]assessment.Round
}

func build(t testing.TB, db *store.DB) *world {
	t.Helper()
	w := &world{t: t, ctx: t.Context(), day: "2026-11-20", tokens: map[string]string{}, rounds: map[int]assessment.Round{}}
	now := func() time.Time {
		day, _ := time.ParseInLocation(time.DateOnly, w.day, store.Zone)
		return day.Add(9 * time.Hour)
	}
	s := &site.Site{DB: db, Now: now, Log: slog.New(slog.DiscardHandler), Home: phuTho}
	s.Jobs = job.New(db, now, s.Log)
	s.Identity, s.Places, s.Sets = identity.New(db, now), place.New(db, now), version.New(db, now)
	s.Registry = registry.New(db, s.Places, now, func(ctx context.Context, tx *store.Tx, by identity.Actor, ev []registry.Event) error {
		return s.Assessment.Follow(ctx, tx, by, ev)
	})
	s.Assessment = assessment.New(db, s.Places, s.Sets, s.Registry, now)
	s.Recognition = recognition.New(db, s.Places, s.Sets, s.Registry, s.Assessment, now)
	s.Reports = report.New(db, s.Places, s.Assessment, s.Recognition, now)
	s.Signature = signature.New(db, nil, s.Identity, s.Places, s.Recognition, now)
	s.Figures = rollup.NewFigures(db, now)
	s.Privacy = privacy.New(db, s.Places, s.Sets, s.Registry, nil, now)
	w.s = s
	m := site.NewMux(s)
	reports.Register(m)
	week.Register(m)
	w.mux = ui.Settings(m)
	_, err := s.Sets.EnsureShipped(w.ctx, criteriadata.Files)
	w.ok(err)
	p, err := s.Places.CreateArea(w.ctx, identity.System, place.AreaDraft{CommuneID: hyCuong, Name: "Khu 1"})
	w.ok(err)
	w.khu = p.ID
	for _, year := range []int{2025, 2026} {
		r := assessment.Template(year, phuTho)
		r.Title, r.State = "Đợt đánh giá", assessment.RoundOpen
		w.rounds[year], err = s.Assessment.SaveRound(w.ctx, identity.System, r)
		w.ok(err)
	}
	w.count(2025, rollup.Counts{Total: 100, Registered: 90, Recognised: 50})
	w.count(2026, rollup.Counts{Total: 100, Registered: 90, Recognised: 80})
	w.ok(identitytest.WithoutSecond(w.ctx, s.Identity))
	w.account("lan", identity.CommuneOfficer, hyCuong)
	w.account("minh", identity.CommuneOfficer, hyCuong)
	w.account("binh", identity.CommuneOfficer, vietTri)
	w.account("khu", identity.AreaVolunteer, w.khu)
	w.account("xem", identity.Viewer, hyCuong)
	w.account("tinh", identity.ProvinceOfficer, phuTho)
	w.account("trunguong", identity.ProvinceOfficer, place.Root)
	w.account("tinhkhac", identity.ProvinceOfficer, haNoi)
	return w
}

func (w *world) ok(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) count(year int, c rollup.Counts) {
	w.t.Helper()
	w.ok(w.s.DB.Write(w.ctx, func(tx *store.Tx) error {
		return rollup.Add(w.ctx, tx, w.khu, w.rounds[year].ID, registry.Family, c)
	}))
}

func (w *world) account(login string, role identity.Role, placeID string) {
	w.t.Helper()
	path, err := w.s.Places.Path(w.ctx, nil, placeID)
	w.ok(err)
	const password = "mat khau dung cho phep thu"
	_, err = w.s.Identity.Create(w.ctx, identity.System, identity.Draft{Login: login, Name: "Người " + login, Password: password, Demo: true, Path: path, Grant: identity.Grant{Role: role, PlaceID: placeID}})
	w.ok(err)
	w.tokens[login], err = identitytest.Token(w.ctx, w.s.Identity, login, password)
	w.ok(err)
}

// answer is what came back: the text as a reader sees it, and the page as it is.
type answer struct {
	code      int
	to        string
	raw, text string
	head      http.Header
}

var (
	tag    = regexp.MustCompile(`<[^>]*>`)
	blanks = regexp.MustCompile(`\s+`)
)

func (w *world) do(login string, r *http.Request) answer {
	w.t.Helper()
	if t := w.tokens[login]; t != "" {
		r.AddCookie(&http.Cookie{Name: site.Cookie, Value: t})
	}
	rec := httptest.NewRecorder()
	w.mux.ServeHTTP(rec, r)
	raw := rec.Body.String()
	return answer{rec.Code, rec.Header().Get("Location"), raw, blanks.ReplaceAllString(html.UnescapeString(tag.ReplaceAllString(raw, " ")), " "), rec.Header()}
}

func (w *world) get(login, path string) answer {
	w.t.Helper()
	return w.do(login, httptest.NewRequest(http.MethodGet, path, nil))
}

func (w *world) post(login, path string, pairs ...string) answer {
	w.t.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return w.do(login, r)
}

// is demands a status and texts of an answer.
func (w *world) is(a answer, code int, texts ...string) answer {
	w.t.Helper()
	if a.code != code {
		w.t.Errorf("status %d, want %d: %.600s", a.code, code, a.text)
	}
	for _, s := range texts {
		if !strings.Contains(a.text, s) {
			w.t.Errorf("the page does not say %q:\n%.3000s", s, a.text)
		}
	}
	return a
}

var versionField = regexp.MustCompile(`name="version" value="(\d+)"`)

// version is the one that the report's page sends with its form.
func (w *world) version(a answer) string {
	w.t.Helper()
	m := versionField.FindStringSubmatch(a.raw)
	if m == nil {
		w.t.Fatalf("no form on the page: %.2000s", a.text)
	}
	return m[1]
}
