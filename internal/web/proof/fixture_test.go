// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package proof_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	criteriadata "hoctap/data/criteria"
	"hoctap/internal/assessment"
	"hoctap/internal/blob"
	"hoctap/internal/criteria/version"
	"hoctap/internal/evidence"
	"hoctap/internal/identity"
	"hoctap/internal/identity/identitytest"
	"hoctap/internal/job"
	"hoctap/internal/place"
	"hoctap/internal/registry"
	"hoctap/internal/store"
	"hoctap/internal/web/proof"
	"hoctap/internal/web/site"
)

// office is the site with one area of some families and a round that is open on 18 November.
type office struct {
	t     testing.TB
	ctx   context.Context
	s     *site.Site
	mux   *site.Mux
	area  string
	round assessment.Round
	files []assessment.Assessment
	token string // of the area's volunteer
}

func open(t testing.TB, db *store.DB, families int) *office {
	t.Helper()
	now := func() time.Time { return time.Date(2026, 11, 18, 20, 0, 0, 0, store.Zone) }
	o := &office{t: t, ctx: context.Background()}
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
	o.s, o.mux = s, site.NewMux(s)
	proof.Register(o.mux)
	_, err = s.Places.EnsureLoaded(o.ctx)
	o.ok(err)
	_, err = s.Sets.EnsureShipped(o.ctx, criteriadata.Files)
	o.ok(err)
	commune := place.OfficialID("08515", "2025-07-01")
	area, err := s.Places.CreateArea(o.ctx, identity.System, place.AreaDraft{CommuneID: commune, Name: "5", Kind: "Khu", From: "2025-07-01"})
	o.ok(err)
	o.area = area.ID
	r := assessment.Template(2026, place.OfficialID("25", "2025-07-01"))
	r.Title, r.State = "Đợt đánh giá năm 2026", assessment.RoundOpen
	o.round, err = s.Assessment.SaveRound(o.ctx, identity.System, r)
	o.ok(err)
	for i := range families {
		_, err := s.Registry.Save(o.ctx, identity.System, registry.Draft{PlaceID: o.area, Model: registry.Family, Name: "Chủ hộ " + strconv.Itoa(i+1),
			Number: strconv.Itoa(i + 1), Members: 6, Adults: 4, Children: 2})
		o.ok(err)
	}
	var ids []string
	for _, a := range o.list() {
		ids = append(ids, a.ID)
	}
	_, err = s.Assessment.Register(o.ctx, identity.System, o.area, o.round.ID, ids, time.Date(2026, 2, 14, 9, 0, 0, 0, store.Zone))
	o.ok(err)
	o.files = o.list()
	o.token = o.account("truong-khu-5", identity.AreaVolunteer, area.ID)
	return o
}

func (o *office) ok(err error) {
	o.t.Helper()
	if err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) list() []assessment.Assessment {
	o.t.Helper()
	list, _, err := o.s.Assessment.InLeaf(o.ctx, identity.System, o.area, o.round.ID, registry.Family)
	o.ok(err)
	return list
}

// account makes a person with a role at a place and signs in.
func (o *office) account(login string, role identity.Role, placeID string) (token string) {
	o.t.Helper()
	path, err := o.s.Places.Path(o.ctx, nil, placeID)
	o.ok(err)
	const password = "mat khau dung cho phep thu"
	_, err = o.s.Identity.Create(o.ctx, identity.System, identity.Draft{Login: login, Name: login, Password: password, Demo: true, Path: path,
		Grant: identity.Grant{Role: role, PlaceID: placeID}})
	o.ok(err)
	token, err = identitytest.Token(o.ctx, o.s.Identity, login, password)
	o.ok(err)
	return token
}

// do sends a request as who holds token; script asks for JSON.
func (o *office) do(token string, r *http.Request, script bool) *httptest.ResponseRecorder {
	if token != "" {
		r.AddCookie(&http.Cookie{Name: site.Cookie, Value: token})
	}
	if script {
		r.Header.Set("Accept", "application/json")
	}
	w := httptest.NewRecorder()
	o.mux.ServeHTTP(w, r)
	return w
}

func (o *office) get(token, path string) *httptest.ResponseRecorder {
	return o.do(token, httptest.NewRequest("GET", path, nil), false)
}

func (o *office) post(token, path string, form url.Values, script bool) *httptest.ResponseRecorder {
	r := httptest.NewRequest("POST", path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return o.do(token, r, script)
}

// field is a part of a multipart form; one with a file name is a file.
type field struct{ name, value, file string }

func multi(fields ...field) (body []byte, contentType string) {
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for _, f := range fields {
		var w io.Writer
		var err error
		if f.file != "" {
			w, err = m.CreateFormFile(f.name, f.file)
		} else {
			w, err = m.CreateFormField(f.name)
		}
		if err == nil {
			_, err = io.WriteString(w, f.value)
		}
		if err != nil {
			panic(fmt.Sprintf("a buffer does not fail: %v", err))
		}
	}
	m.Close()
	return b.Bytes(), m.FormDataContentType()
}

func (o *office) upload(token string, script bool, fields ...field) *httptest.ResponseRecorder {
	body, contentType := multi(fields...)
	r := httptest.NewRequest("POST", "/minh-chung/"+o.area, bytes.NewReader(body))
	r.Header.Set("Content-Type", contentType)
	return o.do(token, r, script)
}
