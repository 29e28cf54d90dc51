// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package subjects_test

import (
	"context"
	"html"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	criteriadata "hoctap/data/criteria"
	"hoctap/internal/assessment"
	"hoctap/internal/blob"
	"hoctap/internal/criteria/version"
	"hoctap/internal/identity"
	"hoctap/internal/identity/identitytest"
	"hoctap/internal/job"
	"hoctap/internal/place"
	"hoctap/internal/place/placetest"
	"hoctap/internal/privacy"
	"hoctap/internal/recognition"
	"hoctap/internal/registry"
	"hoctap/internal/store"
	"hoctap/internal/web/site"
	"hoctap/internal/web/subjects"
	"hoctap/internal/web/ui"
)

// The communes of the tests: Xã Hy Cương and its neighbour Phường Việt Trì.
var (
	hyCuong = place.OfficialID("08515", "2025-07-01")
	vietTri = place.OfficialID("07900", "2025-07-01")
	phuTho  = place.OfficialID("25", "2025-07-01")
)

// world is the site with two areas in one commune, one in its neighbour, an open round, and a person of each role.
type world struct {
	t               testing.TB
	ctx             context.Context
	s               *site.Site
	pages           http.Handler
	khu1, khu2, far string
	officer         string // tokens
	neighbour       string
	volunteer       string // of Khu 1
	other           string // volunteer of Khu 2
	viewer          string
	province        string
	admin           string
}

func open(t testing.TB) *world {
	t.Helper()
	return openOn(t, placetest.SQLite(t))
}

func openOn(t testing.TB, db *store.DB) *world {
	t.Helper()
	now := func() time.Time { return time.Date(2026, 11, 18, 20, 0, 0, 0, store.Zone) }
	w := &world{t: t, ctx: context.Background()}
	blobs, err := blob.Open(t.TempDir())
	w.ok(err)
	s := &site.Site{DB: db, Blobs: blobs, Now: now, Log: slog.New(slog.DiscardHandler)}
	s.Jobs = job.New(db, now, s.Log)
	s.Identity, s.Places, s.Sets = identity.New(db, now), place.New(db, now), version.New(db, now)
	s.Registry = registry.New(db, s.Places, now, func(ctx context.Context, tx *store.Tx, by identity.Actor, events []registry.Event) error {
		return s.Assessment.Follow(ctx, tx, by, events)
	})
	s.Assessment = assessment.New(db, s.Places, s.Sets, s.Registry, now)
	s.Recognition = recognition.New(db, s.Places, s.Sets, s.Registry, s.Assessment, now)
	s.Privacy = privacy.New(db, s.Places, s.Sets, s.Registry, s.Evidence, now)
	w.s = s
	mux := site.NewMux(s)
	subjects.Register(mux)
	w.pages = ui.Settings(mux)
	_, err = s.Places.EnsureLoaded(w.ctx)
	w.ok(err)
	_, err = s.Sets.EnsureShipped(w.ctx, criteriadata.Files)
	w.ok(err)
	w.khu1, w.khu2, w.far = w.area(hyCuong, "1"), w.area(hyCuong, "2"), w.area(vietTri, "9")
	r := assessment.Template(2026, phuTho)
	r.Title, r.State = "Đợt đánh giá năm 2026", assessment.RoundOpen
	_, err = s.Assessment.SaveRound(w.ctx, identity.System, r)
	w.ok(err)
	w.officer = w.account("hycuong", identity.CommuneOfficer, hyCuong)
	w.neighbour = w.account("viettri", identity.CommuneOfficer, vietTri)
	w.volunteer = w.account("truong-khu-1", identity.AreaVolunteer, w.khu1)
	w.other = w.account("truong-khu-2", identity.AreaVolunteer, w.khu2)
	w.viewer = w.account("nguoi-xem", identity.Viewer, hyCuong)
	w.province = w.account("can-bo-tinh", identity.ProvinceOfficer, phuTho)
	w.admin = w.account("quan-tri", identity.Admin, phuTho)
	return w
}

func (w *world) ok(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) area(communeID, name string) string {
	w.t.Helper()
	p, err := w.s.Registry.AddArea(w.ctx, identity.System, place.AreaDraft{CommuneID: communeID, Name: name, Kind: "Khu", From: "2025-07-01"})
	w.ok(err)
	return p.ID
}

func (w *world) account(login string, role identity.Role, placeID string) (token string) {
	w.t.Helper()
	path, err := w.s.Places.Path(w.ctx, nil, placeID)
	w.ok(err)
	const password = "mat khau dung cho phep thu"
	_, err = w.s.Identity.Create(w.ctx, identity.System, identity.Draft{Login: login, Name: "Người " + login, Password: password, Demo: true, Path: path,
		Grant: identity.Grant{Role: role, PlaceID: placeID}})
	w.ok(err)
	token, err = identitytest.Token(w.ctx, w.s.Identity, login, password)
	w.ok(err)
	return token
}

// save adds a subject behind the pages' back.
func (w *world) save(d registry.Draft) registry.Subject {
	w.t.Helper()
	r, err := w.s.Registry.Save(w.ctx, identity.System, d)
	w.ok(err)
	return r
}

func (w *world) family(placeID, name string, birth int) registry.Subject {
	w.t.Helper()
	return w.save(registry.Draft{PlaceID: placeID, Model: registry.Family, Name: name, BirthYear: birth, Members: 4, Adults: 2, Children: 1})
}

func (w *world) load(r registry.Subject) registry.Subject {
	w.t.Helper()
	now, err := w.s.Registry.Load(w.ctx, w.s.DB.Read(), r.PlaceID, r.ID)
	w.ok(err)
	return now
}

type answer struct {
	code int
	body string // of a page: with its entities read
	raw  string
	to   string
	head http.Header
}

func (w *world) do(token string, r *http.Request) answer {
	r.AddCookie(&http.Cookie{Name: site.Cookie, Value: token})
	rec := httptest.NewRecorder()
	w.pages.ServeHTTP(rec, r)
	return answer{rec.Code, html.UnescapeString(rec.Body.String()), rec.Body.String(), rec.Header().Get("Location"), rec.Header()}
}

func (w *world) get(token, path string) answer {
	return w.do(token, httptest.NewRequest("GET", path, nil))
}

// post sends pairs of form values.
func (w *world) post(token, path string, pairs ...string) answer {
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	r := httptest.NewRequest("POST", path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return w.do(token, r)
}

// want fails unless the answer has the code and its page says all of texts.
func (w *world) want(a answer, code int, texts ...string) {
	w.t.Helper()
	if a.code != code {
		w.t.Fatalf("answer %d to %q, want %d:\n%.1500s", a.code, a.to, code, main(a.body))
	}
	for _, text := range texts {
		if !strings.Contains(a.body, text) {
			w.t.Errorf("the page does not say %q:\n%.3000s", text, main(a.body))
		}
	}
}

func (w *world) without(a answer, texts ...string) {
	w.t.Helper()
	for _, text := range texts {
		if strings.Contains(a.body, text) {
			w.t.Errorf("the page says %q", text)
		}
	}
}

var tags = regexp.MustCompile(`<[^>]*>|\s+`)

// main is what a page says below its frame, without marks.
func main(body string) string {
	_, body, _ = strings.Cut(body, "<main")
	return tags.ReplaceAllString(body, " ")
}

func at(placeID string, more ...string) string {
	return strings.Join(append([]string{"/so-bo/" + placeID}, more...), "/")
}

func of(r registry.Subject, more ...string) string {
	return at(r.PlaceID, append([]string{r.ID}, more...)...)
}

func version64(r registry.Subject) string { return strconv.FormatInt(r.Version, 10) }
