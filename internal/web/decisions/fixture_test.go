// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package decisions_test

import (
	"context"
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
	"hoctap/internal/archive"
	"hoctap/internal/assessment"
	"hoctap/internal/blob"
	"hoctap/internal/criteria"
	"hoctap/internal/criteria/version"
	"hoctap/internal/identity"
	"hoctap/internal/identity/identitytest"
	"hoctap/internal/job"
	"hoctap/internal/place"
	"hoctap/internal/place/placetest"
	"hoctap/internal/recognition"
	"hoctap/internal/registry"
	"hoctap/internal/rollup"
	"hoctap/internal/signature"
	"hoctap/internal/store"
	"hoctap/internal/web/decisions"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

// office is the site of a commune with one area whose families the commune has approved, on 1 December.
type office struct {
	t       *testing.T
	ctx     context.Context
	at      time.Time
	s       *site.Site
	handler http.Handler
	commune string
	area    string
	round   assessment.Round
	tokens  map[string]string
}

const (
	officer   = "can-bo-xa"
	neighbour = "can-bo-xa-ben"
	province  = "can-bo-tinh"
	reviewer  = "tham-dinh"
	volunteer = "truong-khu"
	viewer    = "nguoi-xem"
	admin     = "quan-tri"
	signer    = "Nguyễn Văn Đức"
)

// nasty is a name that is markup; the pages must show it and never obey it.
const nasty = `<script>alert("x")</script> & "Hà"`

func open(t *testing.T, names ...string) *office {
	t.Helper()
	o := &office{t: t, ctx: context.Background(), at: time.Date(2026, 11, 18, 9, 0, 0, 0, store.Zone), tokens: map[string]string{}, commune: place.OfficialID("08515", "2025-07-01")}
	db, now := placetest.SQLite(t), func() time.Time { return o.at }
	s := &site.Site{DB: db, Now: now, Log: slog.New(slog.DiscardHandler), Home: place.OfficialID("25", "2025-07-01")}
	s.Identity, s.Places, s.Sets = identity.New(db, now), place.New(db, now), version.New(db, now)
	s.Registry = registry.New(db, s.Places, now, func(ctx context.Context, tx *store.Tx, by identity.Actor, ev []registry.Event) error {
		return s.Assessment.Follow(ctx, tx, by, ev)
	})
	s.Assessment = assessment.New(db, s.Places, s.Sets, s.Registry, now)
	s.Recognition = recognition.New(db, s.Places, s.Sets, s.Registry, s.Assessment, now)
	var err error
	s.Blobs, err = blob.Open(t.TempDir())
	o.ok(err)
	s.Signature = signature.New(db, s.Blobs, s.Identity, s.Places, s.Recognition, now)
	s.Recognition.Gate = s.Signature.Gate
	s.Jobs = job.New(db, now, s.Log)
	s.Archive = archive.New(db, s.Blobs, s.Places, s.Recognition, s.Jobs, now)
	s.Figures = rollup.NewFigures(db, now)
	o.s = s
	m := site.NewMux(s)
	decisions.Register(m)
	o.handler = ui.Settings(m)
	_, err = s.Places.EnsureLoaded(o.ctx)
	o.ok(err)
	_, err = s.Sets.EnsureShipped(o.ctx, criteriadata.Files)
	o.ok(err)
	r := assessment.Template(2026, s.Home)
	r.Title, r.State = "Đợt đánh giá năm 2026", assessment.RoundOpen
	o.round, err = s.Assessment.SaveRound(o.ctx, identity.System, r)
	o.ok(err)
	area, err := s.Places.CreateArea(o.ctx, identity.System, place.AreaDraft{CommuneID: o.commune, Name: "7", Kind: "Khu", From: "2025-07-01"})
	o.ok(err)
	o.area = area.ID
	for i, name := range names {
		_, err := s.Registry.Save(o.ctx, identity.System, registry.Draft{PlaceID: o.area, Model: registry.Family, Name: name, Number: strconv.Itoa(i + 1), Members: 6, Adults: 4, Children: 2})
		o.ok(err)
	}
	o.approve()
	o.at = time.Date(2026, 12, 1, 9, 0, 0, 0, store.Zone)
	return o
}

func (o *office) ok(err error) {
	o.t.Helper()
	if err != nil {
		o.t.Fatal(err)
	}
}

// approve takes every family through the year's work up to the commune's approval.
func (o *office) approve() {
	o.t.Helper()
	var ids []string
	for _, a := range o.files() {
		ids = append(ids, a.ID)
		o.ok(o.s.Registry.SetEntries(o.ctx, identity.System, o.area, 2026, registry.Entry{SubjectID: a.SubjectID, Key: "poverty_status", Value: "none", Source: "Rà soát"},
			registry.Entry{SubjectID: a.SubjectID, Key: "culture_family", Value: "true", Source: "Quyết định của xã"},
			registry.Entry{SubjectID: a.SubjectID, Key: registry.CitizenTitles, Value: "3", Source: "congdanhoctap.vn"}))
	}
	_, err := o.s.Assessment.Register(o.ctx, identity.System, o.area, o.round.ID, ids, time.Date(2026, 2, 14, 9, 0, 0, 0, store.Zone))
	o.ok(err)
	scorer := identity.Actor{ID: "khu", Name: "khu", Grants: []identity.Grant{{Role: identity.AreaVolunteer, PlaceID: o.area}}}
	for _, a := range o.files() {
		_, err := o.s.Assessment.Save(o.ctx, scorer, assessment.Draft{PlaceID: a.PlaceID, ID: a.ID, Version: a.Version, Stage: assessment.StageSelf, Entry: good()})
		o.ok(err)
	}
	_, err = o.s.Assessment.SaveMinutes(o.ctx, identity.System, assessment.Minutes{PlaceID: o.area, RoundID: o.round.ID, Model: registry.Family, HeldOn: "2026-11-17",
		Chair: "Trưởng khu", Secretary: "Thư ký", Present: 20, Signed: assessment.Signatures{Branch: true, Front: true, Head: true}, Final: true}, nil)
	o.ok(err)
	_, err = o.s.Assessment.Send(o.ctx, identity.System, o.area, o.round.ID, registry.Family, nil)
	o.ok(err)
	for _, a := range o.files() {
		_, err := o.s.Assessment.Approve(o.ctx, identity.System, assessment.Key{PlaceID: a.PlaceID, ID: a.ID})
		o.ok(err)
	}
}

func good() assessment.Entry {
	points := func(p criteria.Points) assessment.Mark { return assessment.Mark{Points: &p} }
	ticks := func(codes ...string) assessment.Mark { return assessment.Mark{Ticks: &codes} }
	return assessment.Entry{
		Facts:  map[string]any{"children_attending": 2.0, "children_result_ok": 2.0, "adults_literate": 4.0, "adults_learned": 4.0},
		Scores: map[string]assessment.Mark{"A3": points(800), "C1": ticks("a", "b", "c", "d"), "C2": ticks("a", "b"), "D3": points(600)},
		Gates:  map[string]bool{"G3": true},
	}
}

func (o *office) files() []assessment.Assessment {
	o.t.Helper()
	list, _, err := o.s.Assessment.InLeaf(o.ctx, identity.System, o.area, o.round.ID, registry.Family)
	o.ok(err)
	return list
}

// grant is what a login may do and where.
func (o *office) grant(login string) identity.Grant {
	switch login {
	case neighbour:
		return identity.Grant{Role: identity.CommuneOfficer, PlaceID: place.OfficialID("07900", "2025-07-01")}
	case province:
		return identity.Grant{Role: identity.ProvinceOfficer, PlaceID: o.s.Home}
	case reviewer:
		return identity.Grant{Role: identity.Reviewer, PlaceID: o.commune}
	case volunteer:
		return identity.Grant{Role: identity.AreaVolunteer, PlaceID: o.area}
	case viewer:
		return identity.Grant{Role: identity.Viewer, PlaceID: o.commune}
	case admin:
		return identity.Grant{Role: identity.Admin, PlaceID: o.s.Home}
	}
	return identity.Grant{Role: identity.CommuneOfficer, PlaceID: o.commune}
}

// token signs a person in, on first use with a new account.
func (o *office) token(login string) string {
	o.t.Helper()
	if t := o.tokens[login]; t != "" {
		return t
	}
	grant := o.grant(login)
	path, err := o.s.Places.Path(o.ctx, nil, grant.PlaceID)
	o.ok(err)
	const password = "mat khau dung cho phep thu"
	_, err = o.s.Identity.Create(o.ctx, identity.System, identity.Draft{Login: login, Name: login, Password: password, Demo: true, Path: path, Grant: grant})
	o.ok(err)
	o.tokens[login], err = identitytest.Token(o.ctx, o.s.Identity, login, password)
	o.ok(err)
	return o.tokens[login]
}

// answer is what the site said.
type answer struct {
	t    *testing.T
	code int
	to   string
	head http.Header
	body string
}

func (o *office) do(login string, r *http.Request) answer {
	o.t.Helper()
	if login != "" {
		r.AddCookie(&http.Cookie{Name: site.Cookie, Value: o.token(login)})
	}
	w := httptest.NewRecorder()
	o.handler.ServeHTTP(w, r)
	return answer{o.t, w.Code, w.Header().Get("Location"), w.Header(), w.Body.String()}
}

func (o *office) get(login, path string) answer {
	o.t.Helper()
	return o.do(login, httptest.NewRequest("GET", path, nil))
}

func (o *office) post(login, path string, pairs ...string) answer {
	o.t.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	r := httptest.NewRequest("POST", path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return o.do(login, r)
}

// is demands a status, and that the page says all of these.
func (a answer) is(code int, says ...string) answer {
	a.t.Helper()
	if a.code != code {
		a.t.Fatalf("status %d, want %d: %s", a.code, code, plainText(a.body))
	}
	for _, s := range says {
		if !strings.Contains(a.body, s) {
			a.t.Fatalf("the page does not say %q: %s", s, plainText(a.body))
		}
	}
	return a
}

func (a answer) lacks(says ...string) answer {
	a.t.Helper()
	for _, s := range says {
		if strings.Contains(a.body, s) {
			a.t.Fatalf("the page says %q", s)
		}
	}
	return a
}

// moved demands a redirect and returns where it leads.
func (a answer) moved() string {
	a.t.Helper()
	if a.code != http.StatusSeeOther {
		a.t.Fatalf("status %d, want a redirect: %s", a.code, plainText(a.body))
	}
	return a.to
}

var tags = regexp.MustCompile(`(?s)<svg.*?</svg>|<[^>]*>|\s+`)

func plainText(body string) string {
	text := tags.ReplaceAllString(body, " ")
	return text[:min(len(text), 3000)]
}

func (o *office) base() string { return "/quyet-dinh/" + o.commune }

// drafted makes a draft of the whole proposal and returns its address.
func (o *office) drafted() string {
	o.t.Helper()
	return o.post(officer, o.base()+"/de-nghi", "mo-hinh", registry.Family, "nam", "2026").moved()
}

// signed drafts the whole proposal and signs it today.
func (o *office) signed() string {
	o.t.Helper()
	at := o.drafted()
	o.sign(at, "1")
	return at
}

func (o *office) sign(at, version string) {
	o.t.Helper()
	if to := o.post(officer, at+"/ky", "version", version, "date", store.Date(o.at), "signer", signer, "post", "Chủ tịch").moved(); to != at {
		o.t.Fatalf("after signing: %s", to)
	}
}

// titles are those of the decision at an address.
func (o *office) titles(at string) []recognition.Title {
	o.t.Helper()
	list, err := o.s.Recognition.TitlesOf(o.ctx, identity.System, at[strings.LastIndexByte(at, '/')+1:])
	o.ok(err)
	return list
}
