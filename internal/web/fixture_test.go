// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package web_test

import (
	"context"
	"html"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	criteriadata "hoctap/data/criteria"
	"hoctap/internal/archive"
	"hoctap/internal/assessment"
	"hoctap/internal/badge"
	"hoctap/internal/blob"
	"hoctap/internal/criteria/version"
	"hoctap/internal/demo"
	"hoctap/internal/evidence"
	"hoctap/internal/identity"
	"hoctap/internal/identity/ceremony"
	"hoctap/internal/identity/identitytest"
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
	"hoctap/internal/selfsheet"
	"hoctap/internal/signature"
	"hoctap/internal/store"
	"hoctap/internal/web"
	"hoctap/internal/web/assets"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

// The communes of the demo, and its province.
var (
	hyCuong = place.OfficialID("08515", "2025-07-01")
	vietTri = place.OfficialID("07900", "2025-07-01")
	haNoi   = place.OfficialID("01", "2025-07-01")
	phuTho  = place.OfficialID("25", "2025-07-01")
)

// house is the whole program over a small demo in two communes, with an account for each kind of person.
type house struct {
	t      testing.TB
	ctx    context.Context
	at     time.Time // of the program's clock
	s      *site.Site
	mux    *site.Mux
	site   http.Handler
	actors map[string]identity.Actor
	tokens map[string]string
	// what lies in Xã Hy Cương
	area, elsewhere string // two of its areas
	round           string
	file            assessment.Assessment
	secrets         []string // names of heads of household in area
}

// The people of the tests.
const (
	nobody    = ""
	volunteer = "truong-khu"      // of the area
	other     = "truong-khu-khac" // of another area in the commune
	officer   = "can-bo"
	neighbour = "can-bo-ben"
	appraiser = "tham-dinh-ben" // in the neighbour commune
	viewer    = "nguoi-xem"     // of the commune
	province  = "can-bo-tinh"
	reviewer  = "tham-dinh"      // of the commune
	beside    = "truong-khu-ben" // of an area in the neighbour commune
	above     = "tham-dinh-tinh" // a reviewer at the province
	far       = "can-bo-tinh-ben"
	taker     = "nguoi-thay" // of another area; the officer has lent her role
	expired   = "het-han"    // was an officer of the commune, and was lent the role, until yesterday
	admin     = "quan-tri-he"
)

const password = "mat khau dung cho phep thu"

// build fills db.
func build(t testing.TB, db *store.DB) *house {
	t.Helper()
	return buildIn(t, db, t.TempDir())
}

func buildIn(t testing.TB, db *store.DB, files string) *house {
	t.Helper()
	h := newHouse(t)
	h.wire(db, files)
	h.fill()
	h.settle()
	return h
}

func newHouse(t testing.TB) *house {
	return &house{t: t, ctx: t.Context(), at: time.Date(2026, 11, 18, 9, 0, 0, 0, store.Zone), actors: map[string]identity.Actor{}, tokens: map[string]string{}}
}

// wire puts the services and the pages over a database.
func (h *house) wire(db *store.DB, files string) {
	h.t.Helper()
	now := func() time.Time { return h.at }
	blobs, err := blob.Open(files)
	h.ok(err)
	s := &site.Site{DB: db, Blobs: blobs, Keys: keyring.Fresh(), Now: now, Log: slog.New(slog.NewTextHandler(h.t.Output(), nil)), Home: phuTho, Demo: true}
	s.Jobs = job.New(db, now, s.Log)
	s.Identity, s.Places, s.Sets = identity.New(db, now), place.New(db, now), version.New(db, now)
	keys := keyring.Fresh()
	s.Passkeys, s.OIDC = passkey.New(db, s.Identity, ceremony.New(keys, now), now), oidc.New(db, s.Identity, ceremony.New(keys, now), keys, now)
	s.Registry = registry.New(db, s.Places, now, func(ctx context.Context, tx *store.Tx, by identity.Actor, events []registry.Event) error {
		return s.Assessment.Follow(ctx, tx, by, events)
	})
	s.Evidence = evidence.New(db, blobs, s.Places, s.Jobs, now)
	s.Assessment = assessment.New(db, s.Places, s.Sets, s.Registry, now)
	s.Evidence.Listener = s.Assessment.Attached
	s.SelfSheets = selfsheet.New(db, s.Keys, s.Places, s.Registry, s.Assessment, s.Evidence, now)
	s.Recognition = recognition.New(db, s.Places, s.Sets, s.Registry, s.Assessment, now)
	s.Badges, s.BadgesOn, s.BadgeAt = badge.New(db, s.Places, s.Registry, s.Recognition, now), true, "https://hoctap.example"
	s.Signature = signature.New(db, blobs, s.Identity, s.Places, s.Recognition, now)
	s.Recognition.Gate = s.Signature.Gate
	s.Badges.Waits = s.Signature.PublicWaits
	s.Signature.Face = assets.Read("tinos-400.ttf")
	s.Reports = report.New(db, s.Places, s.Assessment, s.Recognition, now)
	s.Archive = archive.New(db, blobs, s.Places, s.Recognition, s.Jobs, now)
	s.Privacy = privacy.New(db, s.Places, s.Sets, s.Registry, s.Evidence, now)
	s.Privacy.Named = []evidence.Named{s.Signature.Named, s.Recognition.NamedFiles, s.Archive.Named}
	s.Figures = rollup.NewFigures(db, now)
	s.Operation = operation.New(db, s.Jobs, now, operation.Folder{Name: "files", Path: files})
	s.Jobs.Handle(assessment.ListKind, s.Assessment.HandleList)
	h.s, h.mux, h.site = s, web.Pages(s, ""), web.Handler(s, "")
}

// fill loads what the program ships and a demo of two communes.
func (h *house) fill() {
	h.t.Helper()
	s := h.s
	_, err := s.Places.EnsureLoaded(h.ctx)
	h.ok(err)
	_, err = s.Sets.EnsureShipped(h.ctx, criteriadata.Files)
	h.ok(err)
	h.ok(s.Recognition.EnsureSeal(h.ctx))
	_, err = demo.Fill(h.ctx, demo.Services{DB: s.DB, Blobs: s.Blobs, Identity: s.Identity, Places: s.Places, Sets: s.Sets, Registry: s.Registry, Recognition: s.Recognition},
		demo.Options{Families: 120, From: 2025, To: 2026, Seed: 3, Today: "2026-11-18", Communes: []string{"08515", "07900"}, Evidence: true})
	h.ok(err)
}

// settle finds an area with a file that has evidence, and makes the accounts.
func (h *house) settle() {
	h.t.Helper()
	rounds, err := h.s.Assessment.Rounds(h.ctx, hyCuong)
	h.ok(err)
	h.round = rounds[0].ID
	areas, err := h.s.Places.Children(h.ctx, hyCuong, "")
	h.ok(err)
	for _, a := range areas {
		files, _, err := h.s.Assessment.InLeaf(h.ctx, identity.System, a.ID, h.round, registry.Family)
		h.ok(err)
		if len(files) < 3 {
			continue
		}
		if h.area != "" {
			h.elsewhere = a.ID
			break
		}
		h.area, h.file = a.ID, files[0]
		for _, f := range files {
			h.secrets = append(h.secrets, f.Name)
		}
	}
	if h.area == "" || h.elsewhere == "" {
		h.t.Fatal("the demo has too few areas")
	}
	h.account(volunteer, identity.AreaVolunteer, h.area)
	h.account(other, identity.AreaVolunteer, h.elsewhere)
	h.account(officer, identity.CommuneOfficer, hyCuong)
	h.account(neighbour, identity.CommuneOfficer, vietTri)
	h.account(appraiser, identity.Reviewer, vietTri)
	h.account(viewer, identity.Viewer, hyCuong)
	h.account(province, identity.ProvinceOfficer, phuTho)
	h.account(admin, identity.Admin, place.Root)
	h.account(reviewer, identity.Reviewer, hyCuong)
	h.account(above, identity.Reviewer, phuTho)
	h.account(far, identity.ProvinceOfficer, haNoi)
	near, err := h.s.Places.Children(h.ctx, vietTri, "")
	h.ok(err)
	h.account(beside, identity.AreaVolunteer, near[0].ID)
	h.account(taker, identity.AreaVolunteer, h.elsewhere)
	h.account(expired, identity.CommuneOfficer, hyCuong)
	h.lend(taker, identity.CommuneOfficer)
	h.lend(other, identity.Viewer)
	h.lend(expired, identity.CommuneOfficer)
	h.ok(h.s.DB.Write(h.ctx, func(tx *store.Tx) error {
		yesterday := store.Date(h.at.AddDate(0, 0, -1))
		if _, err := tx.Exec(h.ctx, `UPDATE account_grant SET valid_to = $1 WHERE account_id = $2`, yesterday, h.actors[expired].ID); err != nil {
			return err
		}
		_, err := tx.Exec(h.ctx, `UPDATE delegation SET valid_from = $1, valid_to = $1 WHERE taker_id = $2`, yesterday, h.actors[expired].ID)
		return err
	}))
	for _, login := range []string{taker, other, expired} {
		h.actors[login], err = h.s.Identity.Actor(h.ctx, h.actors[login].ID, "")
		h.ok(err)
	}
}

func (h *house) ok(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) account(login string, role identity.Role, placeID string) {
	h.t.Helper()
	path := h.path(placeID)
	grant := identity.Grant{Role: role, PlaceID: placeID}
	id, err := h.s.Identity.Create(h.ctx, identity.System, identity.Draft{Login: login, Name: "Người " + login, Password: password, Demo: true, Path: path, Grant: grant})
	h.ok(err)
	h.actors[login] = identity.Actor{ID: id, Login: login, Name: "Người " + login, Grants: []identity.Grant{grant}}
	h.tokens[login], err = identitytest.Token(h.ctx, h.s.Identity, login, password)
	h.ok(err)
}

// lend has the officer lend a role of hers to login for a week.
func (h *house) lend(login string, role identity.Role) {
	h.t.Helper()
	_, err := h.s.Identity.Delegate(h.ctx, h.actors[officer], identity.Loan{TakerID: h.actors[login].ID, Role: role, PlaceID: hyCuong, To: store.Date(h.at.AddDate(0, 0, 7)), Reason: "Đi vắng"})
	h.ok(err)
}

func (h *house) path(placeID string) string {
	h.t.Helper()
	path, err := h.s.Places.Path(h.ctx, nil, placeID)
	h.ok(err)
	return path
}

// one reads a single text from the database.
func (h *house) one(query string, args ...any) string {
	h.t.Helper()
	value, found, err := store.One(h.ctx, h.s.DB.Read(), store.Value[string], query, args...)
	h.ok(err)
	if !found {
		h.t.Fatalf("nothing for %s", query)
	}
	return value
}

// count reads a single number from the database.
func (h *house) count(query string, args ...any) int {
	h.t.Helper()
	n, _, err := store.One(h.ctx, h.s.DB.Read(), store.Value[int], query, args...)
	h.ok(err)
	return n
}

type answer struct {
	code int
	to   string
	head http.Header
	raw  string
	body string // with its entities read
}

func (h *house) do(login string, r *http.Request) answer {
	cookie := &http.Cookie{Name: h.s.CookieName(), Value: h.tokens[login]}
	if cookie.Value == "" {
		cookie = &http.Cookie{Name: "hoctap-the", Value: "a browser of the test"}
	}
	if r.Header.Get("Cookie") == "" {
		r.AddCookie(cookie)
	}
	if r.Method != http.MethodGet && r.Header.Get(ui.TokenHeader) == "" {
		sent := r.Cookies()[0]
		r.Header.Set(ui.TokenHeader, web.FormToken(h.s, sent.Value))
	}
	return h.raw(r)
}

// filled gives a request of a browser with these cookies the token that the form would have carried.
func (h *house) filled(r *http.Request, jar map[string]string) {
	if r.Method == http.MethodGet {
		return
	}
	cookie := jar[h.s.CookieName()]
	if cookie == "" {
		if cookie = jar["hoctap-the"]; cookie == "" {
			cookie = "a browser of the test"
			jar["hoctap-the"] = cookie
		}
	}
	r.Header.Set(ui.TokenHeader, web.FormToken(h.s, cookie))
}

// raw sends a request as it is.
func (h *house) raw(r *http.Request) answer {
	w := httptest.NewRecorder()
	h.site.ServeHTTP(w, r)
	return answer{w.Code, w.Header().Get("Location"), w.Header(), w.Body.String(), html.UnescapeString(w.Body.String())}
}

func (h *house) get(login, path string) answer {
	return h.do(login, httptest.NewRequest("GET", path, nil))
}

func formRequest(method, path string, form url.Values) *http.Request {
	r := httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r
}

// post sends pairs of form values.
func (h *house) post(login, path string, pairs ...string) answer {
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	return h.do(login, formRequest("POST", path, form))
}

// open is a house on SQLite of its own: a copy of one that is built once for all tests.
func open(t testing.TB) *house {
	t.Helper()
	loadSample(t)
	path := filepath.Join(t.TempDir(), "hoctap.db")
	if err := os.WriteFile(path, sample.body, 0o600); err != nil {
		t.Fatal(err)
	}
	db, err := store.Open(t.Context(), "sqlite:"+path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	h := *sample.house
	h.t, h.ctx, h.tokens, h.actors, h.secrets = t, t.Context(), maps.Clone(h.tokens), maps.Clone(h.actors), slices.Clone(h.secrets)
	h.wire(db, sample.files)
	return &h
}

// sample is the first house, whose database and files the others copy and share.
var sample struct {
	once  sync.Once
	house *house
	body  []byte
	files string
}

func loadSample(t testing.TB) {
	sample.once.Do(func() {
		dir, err := os.MkdirTemp("", "hoctap-web")
		if err != nil {
			t.Fatal(err)
		}
		sample.files = filepath.Join(dir, "files")
		path := filepath.Join(dir, "hoctap.db")
		db, err := store.Open(context.Background(), "sqlite:"+path)
		if err != nil {
			t.Fatal(err)
		}
		h := buildIn(t, db, sample.files)
		h.ok(db.Close())
		sample.body, err = os.ReadFile(path)
		h.ok(err)
		sample.house = h
	})
	if sample.house == nil {
		t.Fatal("the first house was not built")
	}
}

// TestMain takes the sample's files away.
func TestMain(m *testing.M) {
	code := m.Run()
	if sample.files != "" {
		_ = os.RemoveAll(filepath.Dir(sample.files))
	}
	os.Exit(code)
}
