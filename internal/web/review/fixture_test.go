// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package review_test

import (
	"context"
	"html"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	criteriadata "hoctap/data/criteria"
	"hoctap/internal/assessment"
	"hoctap/internal/blob"
	"hoctap/internal/criteria"
	"hoctap/internal/criteria/version"
	"hoctap/internal/evidence"
	"hoctap/internal/identity"
	"hoctap/internal/identity/identitytest"
	"hoctap/internal/job"
	"hoctap/internal/place"
	"hoctap/internal/registry"
	"hoctap/internal/rollup"
	"hoctap/internal/store"
	"hoctap/internal/web/review"
	"hoctap/internal/web/site"
)

const password = "giữ lửa học tập 26"

// office is the site of a commune on 18 November: one area with four families, of whom three were scored and sent.
// Family 1 agrees; family 2 got 2 points less from the area; family 3 gave itself 6 more than the area did.
type office struct {
	t       *testing.T
	ctx     context.Context
	s       *site.Site
	mux     *site.Mux
	at      time.Time
	commune string
	area    string
	round   assessment.Round
	tokens  map[string]string
}

// open gives each test its own copy of an office that is set up once.
func open(t *testing.T) *office {
	t.Helper()
	once.Do(func() {
		file := filepath.Join(t.TempDir(), "base.db")
		first.wire(t, file)
		first.furnish()
		first.ok(first.s.DB.Close())
		var err error
		base, err = os.ReadFile(file)
		first.ok(err)
	})
	if base == nil {
		t.Fatal("the office could not be set up")
	}
	file := filepath.Join(t.TempDir(), "office.db")
	if err := os.WriteFile(file, base, 0o600); err != nil {
		t.Fatal(err)
	}
	o := &office{commune: first.commune, area: first.area, round: first.round, tokens: first.tokens}
	o.wire(t, file)
	t.Cleanup(func() { o.ok(o.s.DB.Close()) })
	return o
}

var (
	once  sync.Once
	first office
	base  []byte
)

func (o *office) wire(t *testing.T, file string) {
	t.Helper()
	o.t, o.ctx, o.at = t, context.Background(), time.Date(2026, 11, 18, 20, 0, 0, 0, store.Zone)
	now := func() time.Time { return o.at }
	db, err := store.Open(o.ctx, "sqlite:"+file)
	o.ok(err)
	blobs, err := blob.Open(t.TempDir())
	o.ok(err)
	s := &site.Site{DB: db, Blobs: blobs, Now: now, Log: slog.New(slog.DiscardHandler)}
	s.Jobs = job.New(db, now, s.Log)
	s.Identity, s.Places, s.Sets = identity.New(db, now), place.New(db, now), version.New(db, now)
	s.Registry = registry.New(db, s.Places, now, func(ctx context.Context, tx *store.Tx, by identity.Actor, ev []registry.Event) error {
		return s.Assessment.Follow(ctx, tx, by, ev)
	})
	s.Evidence = evidence.New(db, blobs, s.Places, s.Jobs, now)
	s.Assessment = assessment.New(db, s.Places, s.Sets, s.Registry, now)
	s.Evidence.Listener = s.Assessment.Attached
	s.Figures = rollup.NewFigures(db, now)
	o.s, o.mux = s, site.NewMux(s)
	review.Register(o.mux)
}

// furnish loads what the program ships and brings the area's year up to the commune; then it lets everyone sign in.
func (o *office) furnish() {
	s := o.s
	_, err := s.Places.EnsureLoaded(o.ctx)
	o.ok(err)
	_, err = s.Sets.EnsureShipped(o.ctx, criteriadata.Files)
	o.ok(err)
	o.commune = place.OfficialID("08515", "2025-07-01")
	area, err := s.Places.CreateArea(o.ctx, identity.System, place.AreaDraft{CommuneID: o.commune, Name: "5", Kind: "Khu", From: "2025-07-01"})
	o.ok(err)
	o.area = area.ID
	r := assessment.Template(2026, place.OfficialID("25", "2025-07-01"))
	r.Title, r.State = "Đợt đánh giá năm 2026", assessment.RoundOpen
	o.round, err = s.Assessment.SaveRound(o.ctx, identity.System, r)
	o.ok(err)
	for i, name := range []string{"Hà Văn Chiến", "Nguyễn Thị Lụa", "Đỗ Xuân Trường", "Bùi Thị Ngoẵn"} {
		f, err := s.Registry.Save(o.ctx, identity.System, registry.Draft{PlaceID: o.area, Model: registry.Family, Name: name, Number: strconv.Itoa(i + 1), Members: 6, Adults: 4, Children: 2})
		o.ok(err)
		o.ok(s.Registry.SetEntries(o.ctx, identity.System, o.area, 2026,
			registry.Entry{SubjectID: f.ID, Key: "poverty_status", Value: "none", Source: "Rà soát hộ nghèo 2026"},
			registry.Entry{SubjectID: f.ID, Key: "culture_family", Value: "true", Source: "Quyết định của xã"},
			registry.Entry{SubjectID: f.ID, Key: registry.CitizenTitles, Value: "4", Source: "congdanhoctap.vn"}))
	}
	o.send()
	o.tokens = map[string]string{}
	for login, g := range map[string]identity.Grant{
		"can-bo":     {Role: identity.CommuneOfficer, PlaceID: o.commune},
		"tham-dinh":  {Role: identity.Reviewer, PlaceID: o.commune},
		"truong-khu": {Role: identity.AreaVolunteer, PlaceID: o.area},
		"xem":        {Role: identity.Viewer, PlaceID: o.commune},
		"hang-xom":   {Role: identity.CommuneOfficer, PlaceID: place.OfficialID("07900", "2025-07-01")},
		"quan-tri":   {Role: identity.Admin, PlaceID: "vn"},
	} {
		path, err := s.Places.Path(o.ctx, s.DB.Read(), g.PlaceID)
		o.ok(err)
		_, err = s.Identity.Create(o.ctx, identity.System, identity.Draft{Login: login, Name: login, Password: password, Demo: true, Grant: g, Path: path})
		o.ok(err)
		o.tokens[login], err = identitytest.Token(o.ctx, s.Identity, login, password)
		o.ok(err)
	}
}

func (o *office) ok(err error) {
	o.t.Helper()
	if err != nil {
		o.t.Fatal(err)
	}
}

// sheet is a full sheet of a family; d3 are the points for D3, at most 6.
func sheet(a3, d3 criteria.Points) assessment.Entry {
	points := func(p criteria.Points) assessment.Mark { return assessment.Mark{Points: &p} }
	ticks := func(codes ...string) assessment.Mark { return assessment.Mark{Ticks: &codes} }
	return assessment.Entry{
		Facts:  map[string]any{"children_attending": 2.0, "children_result_ok": 2.0, "adults_literate": 4.0, "adults_learned": 4.0},
		Scores: map[string]assessment.Mark{"A3": points(a3), "C1": ticks("a", "b", "c", "d"), "C2": ticks("a", "b"), "D3": points(d3)},
		Gates:  map[string]bool{"G3": true},
	}
}

func (o *office) files() []assessment.Assessment {
	o.t.Helper()
	list, _, err := o.s.Assessment.InLeaf(o.ctx, identity.System, o.area, o.round.ID, registry.Family)
	o.ok(err)
	return list
}

func (o *office) file(i int) assessment.Assessment { return o.files()[i] }

func (o *office) send() {
	o.t.Helper()
	volunteer := identity.Actor{ID: "v", Name: "Trưởng khu", Grants: []identity.Grant{{Role: identity.AreaVolunteer, PlaceID: o.area}}}
	var ids []string
	for _, a := range o.files() {
		ids = append(ids, a.ID)
	}
	_, err := o.s.Assessment.Register(o.ctx, volunteer, o.area, o.round.ID, ids, time.Date(2026, 2, 14, 9, 0, 0, 0, store.Zone))
	o.ok(err)
	save := func(i int, stage assessment.Stage, e assessment.Entry) {
		a := o.file(i)
		_, err := o.s.Assessment.Save(o.ctx, volunteer, assessment.Draft{PlaceID: a.PlaceID, ID: a.ID, Version: a.Version, Stage: stage, Entry: e})
		o.ok(err)
	}
	for i, pair := range [][2]assessment.Entry{{sheet(800, 600), sheet(800, 600)}, {sheet(800, 600), sheet(800, 400)}, {sheet(1000, 600), sheet(400, 600)}} {
		save(i, assessment.StageSelf, pair[0])
		save(i, assessment.StageArea, pair[1])
	}
	_, err = o.s.Assessment.SaveMinutes(o.ctx, volunteer, assessment.Minutes{PlaceID: o.area, RoundID: o.round.ID, Model: registry.Family, HeldOn: "2026-11-17",
		Chair: "Trưởng khu", Secretary: "Thư ký", Present: 20, Signed: assessment.Signatures{Branch: true, Front: true, Head: true}, Final: true}, nil)
	o.ok(err)
	batch, err := o.s.Assessment.Send(o.ctx, volunteer, o.area, o.round.ID, registry.Family, nil)
	o.ok(err)
	if batch.Done != 3 {
		o.t.Fatalf("sent %d: %+v", batch.Done, batch.Left)
	}
}

// ask sends a request as login; a form makes it a POST.
func (o *office) ask(login, address string, form url.Values) *httptest.ResponseRecorder {
	o.t.Helper()
	r := httptest.NewRequest(http.MethodGet, address, nil)
	if form != nil {
		r = httptest.NewRequest(http.MethodPost, address, strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if token := o.tokens[login]; token != "" {
		r.AddCookie(&http.Cookie{Name: site.Cookie, Value: token})
	}
	w := httptest.NewRecorder()
	o.mux.ServeHTTP(w, r)
	return w
}

func (o *office) page(login, address string, form url.Values, status int) string {
	o.t.Helper()
	w := o.ask(login, address, form)
	body := html.UnescapeString(w.Body.String())
	if w.Code != status {
		o.t.Fatalf("%s as %s: %d, want %d\n%s", address, login, w.Code, status, words(body))
	}
	return body
}

var tags = regexp.MustCompile(`(?s)<script.*?</script>|<[^>]*>|\s+`)

// words are a page's texts, for messages.
func words(page string) string { return tags.ReplaceAllString(page, " ") }

// formOf are the fields of the form of the open file as a browser without a script would send them.
func formOf(page, id string) url.Values {
	at := strings.Index(page, `id="`+id+`"`)
	if at < 0 {
		return nil
	}
	part := page[at:]
	if end := strings.Index(part, "</form>"); end > 0 {
		part = part[:end]
	}
	form := url.Values{}
	for _, m := range regexp.MustCompile(`<input[^>]*>`).FindAllString(part, -1) {
		if box := strings.Contains(m, `type="checkbox"`) || strings.Contains(m, `type="radio"`); !box || strings.Contains(m, " checked") {
			if n := attr(m, "name"); n != "" {
				form.Add(n, attr(m, "value"))
			}
		}
	}
	for _, m := range regexp.MustCompile(`(?s)<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>`).FindAllStringSubmatch(part, -1) {
		for i, o := range regexp.MustCompile(`<option[^>]*>`).FindAllString(m[2], -1) {
			if i == 0 || strings.Contains(o, " selected") {
				form.Set(m[1], attr(o, "value"))
			}
		}
	}
	for _, m := range regexp.MustCompile(`(?s)<textarea([^>]*)>(.*?)</textarea>`).FindAllStringSubmatch(part, -1) {
		form.Add(attr(m[1], "name"), m[2])
	}
	return form
}

func attr(tag, name string) string {
	m := regexp.MustCompile(`(?:^|\s)` + name + `="([^"]*)"`).FindStringSubmatch(tag)
	if m == nil {
		return ""
	}
	return m[1]
}
