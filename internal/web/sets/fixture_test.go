// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package sets_test

import (
	"bytes"
	"context"
	"html"
	"log/slog"
	"mime/multipart"
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
	"hoctap/internal/criteria/version"
	"hoctap/internal/identity"
	"hoctap/internal/identity/identitytest"
	"hoctap/internal/job"
	"hoctap/internal/place"
	"hoctap/internal/registry"
	"hoctap/internal/store"
	"hoctap/internal/web/sets"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

// office is the site of the province with the shipped sets and an open round, on 18 November 2026.
type office struct {
	t     *testing.T
	ctx   context.Context
	s     *site.Site
	mux   http.Handler
	round assessment.Round
	users map[identity.Role]string // role → session
}

var province = place.OfficialID("25", "2025-07-01")

const family = "family-2021-2030"

func open(t *testing.T) *office {
	t.Helper()
	at := time.Date(2026, 11, 18, 9, 0, 0, 0, store.Zone)
	now := func() time.Time { at = at.Add(time.Millisecond); return at }
	db := loaded(t)
	o := &office{t: t, ctx: context.Background(), users: map[identity.Role]string{}}
	s := &site.Site{DB: db, Now: now, Log: slog.New(slog.DiscardHandler), Home: province}
	s.Jobs = job.New(db, now, s.Log)
	s.Identity, s.Places, s.Sets = identity.New(db, now), place.New(db, now), version.New(db, now)
	s.Registry = registry.New(db, s.Places, now, func(ctx context.Context, tx *store.Tx, by identity.Actor, ev []registry.Event) error {
		return s.Assessment.Follow(ctx, tx, by, ev)
	})
	s.Assessment = assessment.New(db, s.Places, s.Sets, s.Registry, now)
	o.s = s
	r := assessment.Template(2026, province)
	r.Title, r.State = "Đợt đánh giá năm 2026", assessment.RoundOpen
	var err error
	o.round, err = s.Assessment.SaveRound(o.ctx, identity.System, r)
	o.ok(err)
	m := site.NewMux(s)
	sets.Register(m)
	o.mux = ui.Settings(m)
	return o
}

// template is a database with the places and the shipped sets, made once: loading them takes longer than most tests.
var template = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "sets")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	ctx, now := context.Background(), func() time.Time { return time.Date(2026, 11, 1, 9, 0, 0, 0, store.Zone) }
	db, err := store.Open(ctx, "sqlite:"+filepath.Join(dir, "t.db"))
	if err != nil {
		return nil, err
	}
	if _, err := place.New(db, now).EnsureLoaded(ctx); err != nil {
		return nil, err
	}
	if _, err := version.New(db, now).EnsureShipped(ctx, criteriadata.Files); err != nil {
		return nil, err
	}
	if err := db.Close(); err != nil { // the last connection folds the log into the file
		return nil, err
	}
	return os.ReadFile(filepath.Join(dir, "t.db"))
})

func loaded(t *testing.T) *store.DB {
	t.Helper()
	file, err := template()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "hoctap.db")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	db, err := store.Open(t.Context(), "sqlite:"+path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func (o *office) ok(err error) {
	o.t.Helper()
	if err != nil {
		o.t.Fatal(err)
	}
}

// as signs somebody of a role at the province in.
func (o *office) as(role identity.Role) string {
	o.t.Helper()
	if token := o.users[role]; token != "" {
		return token
	}
	const password = "mat khau dung cho phep thu"
	login := strings.ReplaceAll(string(role), "_", "-")
	path, err := o.s.Places.Path(o.ctx, nil, province)
	o.ok(err)
	_, err = o.s.Identity.Create(o.ctx, identity.System, identity.Draft{Login: login, Name: login, Password: password, Demo: true, Path: path, Grant: identity.Grant{Role: role, PlaceID: province}})
	o.ok(err)
	token, err := identitytest.Token(o.ctx, o.s.Identity, login, password)
	o.ok(err)
	o.users[role] = token
	return token
}

// answer is a page that came back.
type answer struct {
	o    *office
	code int
	to   string
	body string
}

func (o *office) do(role identity.Role, r *http.Request) answer {
	o.t.Helper()
	if role != "" {
		r.AddCookie(&http.Cookie{Name: site.Cookie, Value: o.as(role)})
	}
	rec := httptest.NewRecorder()
	o.mux.ServeHTTP(rec, r)
	return answer{o, rec.Code, rec.Header().Get("Location"), rec.Body.String()}
}

func (o *office) get(role identity.Role, path string) answer {
	o.t.Helper()
	path, _, _ = strings.Cut(path, "#") // a browser keeps it to itself
	return o.do(role, httptest.NewRequest(http.MethodGet, path, nil))
}

func (o *office) post(role identity.Role, path string, pairs ...string) answer {
	o.t.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return o.do(role, r)
}

func (o *office) upload(role identity.Role, file, text string) answer {
	o.t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	if file != "" {
		part, err := w.CreateFormFile("file", "bo.yaml")
		o.ok(err)
		_, err = part.Write([]byte(file))
		o.ok(err)
	}
	o.ok(w.WriteField("text", text))
	o.ok(w.Close())
	r := httptest.NewRequest(http.MethodPost, "/bo-tieu-chi", &b)
	r.Header.Set("Content-Type", w.FormDataContentType())
	return o.do(role, r)
}

var (
	tag    = regexp.MustCompile(`<[^>]*>`)
	blanks = regexp.MustCompile(`\s+`)
)

// is demands a status and texts on the page, between tags.
func (a answer) is(code int, says ...string) answer {
	a.o.t.Helper()
	text := blanks.ReplaceAllString(html.UnescapeString(tag.ReplaceAllString(a.body, " ")), " ")
	if a.code != code {
		a.o.t.Fatalf("status %d, want %d: %.600s", a.code, code, text)
	}
	for _, s := range says {
		if !strings.Contains(text, s) {
			a.o.t.Errorf("the page does not say %q", s)
		}
	}
	return a
}

// moved demands that the act succeeded, and gives where it led.
func (a answer) moved() string {
	a.o.t.Helper()
	if a.code != http.StatusSeeOther {
		a.is(http.StatusSeeOther)
	}
	return a.to
}

// editor is one person in front of a draft: it sends the whole form of the page it saw, with some fields changed.
type editor struct {
	o    *office
	role identity.Role
	path string
	page string
}

func (o *office) edit(role identity.Role, path string) *editor {
	o.t.Helper()
	e := &editor{o: o, role: role, path: strings.Split(path, "?")[0]}
	e.page = o.get(role, path).is(200).body
	return e
}

var (
	formPart  = regexp.MustCompile(`(?s)<form[^>]*>.*?</form>`)
	inputTag  = regexp.MustCompile(`<input[^>]*>`)
	attr      = regexp.MustCompile(`([a-z-]+)="([^"]*)"`)
	areaTag   = regexp.MustCompile(`(?s)<textarea([^>]*)>(.*?)</textarea>`)
	selectTag = regexp.MustCompile(`(?s)<select([^>]*)>(.*?)</select>`)
	optionTag = regexp.MustCompile(`<option([^>]*)>`)
)

// form reads the fields of the form whose act is given, as a browser would send them.
func (e *editor) form(act string) url.Values {
	e.o.t.Helper()
	for _, f := range formPart.FindAllString(e.page, -1) {
		if !strings.Contains(f, `name="act" value="`+act+`"`) {
			continue
		}
		values := url.Values{}
		attrs := func(s string) map[string]string {
			m := map[string]string{}
			for _, a := range attr.FindAllStringSubmatch(s, -1) {
				m[a[1]] = html.UnescapeString(a[2])
			}
			return m
		}
		for _, in := range inputTag.FindAllString(f, -1) {
			a := attrs(in)
			if a["type"] != "checkbox" || strings.Contains(in, " checked") {
				values.Add(a["name"], a["value"])
			}
		}
		for _, m := range areaTag.FindAllStringSubmatch(f, -1) {
			values.Set(attrs(m[1])["name"], html.UnescapeString(m[2]))
		}
		for _, m := range selectTag.FindAllStringSubmatch(f, -1) {
			chosen, first := "", true
			for _, o := range optionTag.FindAllStringSubmatch(m[2], -1) {
				if first || strings.Contains(o[1], "selected") {
					chosen, first = attrs(o[1])["value"], false
				}
			}
			values.Set(attrs(m[1])["name"], chosen)
		}
		return values
	}
	e.o.t.Fatalf("no form %q on the page", act)
	return nil
}

// send posts the form of an act with some fields changed, and goes where it leads.
func (e *editor) send(act string, pairs ...string) answer {
	e.o.t.Helper()
	values := e.form(act)
	for i := 0; i+1 < len(pairs); i += 2 {
		values.Set(pairs[i], pairs[i+1])
	}
	r := httptest.NewRequest(http.MethodPost, e.path, strings.NewReader(values.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	a := e.o.do(e.role, r)
	if a.code == http.StatusSeeOther {
		e.page = e.o.get(e.role, a.to).is(200).body
	} else {
		e.page = a.body
	}
	return a
}

// show goes to another part of the draft.
func (e *editor) show(query string) {
	e.o.t.Helper()
	e.page = e.o.get(e.role, e.path+query).is(200).body
}

func (o *office) version(id string) version.Version {
	o.t.Helper()
	v, err := o.s.Sets.Get(o.ctx, id)
	o.ok(err)
	return v
}

func (o *office) draft() string {
	o.t.Helper()
	return o.post(identity.ProvinceOfficer, "/bo-tieu-chi/"+family+"@1/ban-moi").moved()
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }
