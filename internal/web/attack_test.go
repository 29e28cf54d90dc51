// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package web_test

import (
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"hoctap/internal/identity"
	"hoctap/internal/registry"
	"hoctap/internal/store"
	"hoctap/internal/store/storetest"
	"hoctap/internal/web/site"
)

// fileRequest is a form with a file and pairs of values.
func fileRequest(path, name, content string, pairs ...string) *http.Request {
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for i := 0; i+1 < len(pairs); i += 2 {
		_ = w.WriteField(pairs[i], pairs[i+1])
	}
	part, _ := w.CreateFormFile("tep", name)
	_, _ = part.Write([]byte(content))
	_ = w.Close()
	r := httptest.NewRequest("POST", path, &body)
	r.Header.Set("Content-Type", w.FormDataContentType())
	return r
}

func jsonRequest(path, body string) *http.Request {
	r := httptest.NewRequest("POST", path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	return r
}

func TestWayBackAfterSigningInStaysHere(t *testing.T) {
	h := open(t)
	for ve, want := range map[string]string{"/so-bo?x=1": "/so-bo?x=1", "": "/viec", "//evil.vn": "/viec", "https://evil.vn": "/viec", "/\\evil.vn": "/viec", "/\t/evil.vn": "/viec",
		"/\n/evil.vn": "/viec", "\t//evil.vn": "/viec", "javascript:alert(1)": "/viec"} {
		a := h.post(nobody, site.SignInPath, "login", officer, "password", password, "ve", ve)
		if a.code != http.StatusSeeOther || a.to != want {
			t.Errorf("%q leads to %q (%d)", ve, a.to, a.code)
		}
	}
}

func TestSessionCookie(t *testing.T) {
	h := open(t)
	h.s.Secure = true
	r := formRequest("POST", site.SignInPath, url.Values{"login": {officer}, "password": {password}})
	r.AddCookie(&http.Cookie{Name: site.Cookie, Value: "chosen-by-the-attacker"})
	a := h.do(nobody, r)
	set := a.head.Get("Set-Cookie")
	for _, want := range []string{"HttpOnly", "Secure", "SameSite=Lax", "Path=/"} {
		if !strings.Contains(set, want) {
			t.Errorf("no %s in %q", want, set)
		}
	}
	if strings.Contains(set, "chosen-by-the-attacker") {
		t.Error("the session keeps a token from before")
	}
	if a.head.Get("Strict-Transport-Security") == "" {
		t.Error("TLS is not asked for")
	}
	if a := h.get(officer, "/viec"); !strings.Contains(a.head.Get("Cache-Control"), "no-store") {
		t.Errorf("a page of work may be kept: %q", a.head.Get("Cache-Control"))
	}
	if a := h.post(officer, site.SignOutPath); a.code != http.StatusSeeOther {
		t.Errorf("signing out: %d", a.code)
	}
	if a := h.get(officer, "/viec"); a.code != http.StatusSeeOther || !strings.HasPrefix(a.to, site.SignInPath) {
		t.Errorf("the token lives on after signing out: %d %s", a.code, a.to)
	}
}

func TestOtherSitesAreRefusedInWords(t *testing.T) {
	h := open(t)
	for _, head := range [][2]string{{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}, {"Origin", "https://evil.vn"}} {
		r := formRequest("POST", "/so-bo/"+h.area+"/moi", url.Values{"name": {"Kẻ Lạ"}})
		r.Header.Set(head[0], head[1])
		a := h.do(officer, r)
		if a.code != http.StatusForbidden || !strings.Contains(a.body, "Yêu cầu đến từ trang khác") || a.head.Get("Content-Security-Policy") == "" {
			t.Errorf("%v: %d %.200s", head, a.code, words(a.body))
		}
	}
}

func TestUnknownAddressesAndMethods(t *testing.T) {
	h := open(t)
	for _, login := range []string{nobody, officer} {
		for _, path := range []string{"/khong-co", "/so-bo/a/b/c/d/e", "/assets/../go.mod", "/assets/%2e%2e/manifest.json", "/minh-chung/" + h.area + "/..%2f..%2fetc%2fpasswd", "/nhap-tep/..%2f..%2fx/loi.xlsx"} {
			a := h.get(login, path)
			if a.code != http.StatusNotFound && a.code != http.StatusSeeOther && a.code != http.StatusTemporaryRedirect {
				t.Errorf("%q on %s: %d", login, path, a.code)
			}
			if strings.Contains(a.body, "page not found") && !strings.HasPrefix(path, "/assets/") {
				t.Errorf("%q on %s is told in English", login, path)
			}
		}
	}
	for _, r := range h.mux.Routes() {
		_, path, _ := strings.Cut(r.Pattern, " ")
		path = strings.NewReplacer("{$}", "", "{", "", "}", "").Replace(path)
		for _, method := range []string{"PUT", "DELETE", "PATCH", "TRACE"} {
			if a := h.do(officer, httptest.NewRequest(method, path, nil)); a.code != http.StatusMethodNotAllowed || a.head.Get("Allow") == "" || a.head.Get("Content-Security-Policy") == "" {
				t.Errorf("%s %s: %d, allowed %q", method, path, a.code, a.head.Get("Allow"))
			}
		}
	}
	if a := h.get(nobody, "/favicon.ico"); a.code != http.StatusFound {
		t.Errorf("favicon.ico: %d", a.code)
	}
}

// endless is a body without an end; reading far past every limit fails the test.
type endless struct{ read int64 }

func (e *endless) Read(p []byte) (int, error) {
	if e.read += int64(len(p)); e.read > 200<<20 {
		return 0, io.ErrUnexpectedEOF
	}
	for i := range p {
		p[i] = 'a'
	}
	return len(p), nil
}

func TestHugeAndTwistedBodies(t *testing.T) {
	h := open(t)
	doors := h.doors()
	for pattern, d := range doors {
		method, _, _ := strings.Cut(pattern, " ")
		path := d.path
		if d.send != nil {
			path = d.send().URL.RequestURI()
		}
		if method != "POST" || path == site.SignOutPath || path == site.SignInPath {
			continue
		}
		for _, kind := range []string{"application/x-www-form-urlencoded", "application/json", "multipart/form-data; boundary=x", "multipart/form-data", "text/plain"} {
			body := &endless{}
			r := httptest.NewRequest("POST", path, body)
			r.ContentLength = 1 << 30
			r.Header.Set("Content-Type", kind)
			if a := h.do(officer, r); a.code >= 500 || body.read > 100<<20 {
				t.Errorf("%s with %s: %d after %d bytes: %.200s", pattern, kind, a.code, body.read, words(a.body))
			}
		}
	}
	at := "/nhap/" + h.file.PlaceID + "/" + h.file.ID
	for name, body := range map[string]string{"deep": `{"version":1,"entry":` + strings.Repeat(`{"facts":`, 100_000), "arrays": strings.Repeat("[", 500_000),
		"number": `{"version":1e999999,"entry":{}}`, "zero byte": `{"version":1,"entry":{"facts":{"a":"\u0000"}}}`, "two": `{"version":1,"entry":{}}{}`,
		"unknown": `{"version":1,"admin":true}`, "null": `null`, "nothing": ``, "broken text": "{\"version\":1,\"entry\":{\"facts\":{\"a\":\"\xff\"}}}"} {
		for _, to := range []string{at, "/nhap/" + h.file.PlaceID} {
			if a := h.do(officer, jsonRequest(to, body)); (a.code >= 500 || a.code < 400) && !(to != at && body == "null") { // null is no rows
				t.Errorf("%s to %s: %d %.200s", name, to, a.code, a.body)
			}
		}
	}
	many := url.Values{}
	for i := range 10_000 {
		many.Set(fmt.Sprintf("f%d", i), "x")
	}
	for _, path := range []string{"/ho-so/" + h.file.PlaceID + "/" + h.file.ID, "/so-bo/" + h.area + "/moi", "/nhap/" + h.area + "/gui", "/quyet-dinh/" + hyCuong + "/de-nghi"} {
		if a := h.do(officer, formRequest("POST", path, many)); a.code >= 500 {
			t.Errorf("10,000 fields on %s: %d", path, a.code)
		}
	}
}

// inputs of a page by what its forms are sent to.
func formsOf(body string) map[string][]string {
	forms := map[string][]string{}
	for _, part := range strings.Split(body, "<form")[1:] {
		form, _, _ := strings.Cut(part, "</form>")
		open, _, _ := strings.Cut(form, ">")
		action := attribute(open, "action")
		if !strings.Contains(open, `method="post"`) || action == "" {
			continue
		}
		for _, tag := range strings.Split(form, "<")[1:] {
			if name := attribute(tag, "name"); name != "" && !slices.Contains(forms[action], name) {
				forms[action] = append(forms[action], name)
			}
		}
	}
	return forms
}

func attribute(tag, name string) string {
	_, after, found := strings.Cut(tag, " "+name+`="`)
	if !found {
		return ""
	}
	value, _, _ := strings.Cut(after, `"`)
	return strings.ReplaceAll(value, "&amp;", "&")
}

// Zero bytes, broken UTF-8 and endless words in every field of every form that an officer is shown: never a failed server. PostgreSQL
// refuses the first two, SQLite takes them, so both are asked.
func TestStrangeTextInEveryField(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := build(t, db)
		doors := h.doors()
		forms := map[string][]string{}
		for pattern, d := range doors {
			if !strings.HasPrefix(pattern, "GET ") || d.path == site.PasswordPath {
				continue
			}
			for _, login := range []string{officer, province} {
				for action, names := range formsOf(h.get(login, d.path).raw) {
					if action != site.SignOutPath && action != site.PasswordPath && action != "/tai-khoan/toi" {
						forms[login+" "+action] = names
					}
				}
			}
		}
		if len(forms) < 15 {
			t.Errorf("only %d forms were found", len(forms))
		}
		for _, text := range []string{"a\x00b\xff\xfe", strings.Repeat("dài ", 20_000), "-9999999999999999999999"} {
			for key, names := range forms {
				login, action, _ := strings.Cut(key, " ")
				form := url.Values{}
				for _, name := range names {
					form.Set(name, text)
				}
				if a := h.do(login, formRequest("POST", action, form)); a.code >= 500 {
					t.Errorf("%.20q to %s: %d", text, action, a.code)
				}
				for _, name := range names[:min(len(names), 12)] { // alone, with a version and a date that fit
					one := url.Values{"version": {"1"}, "date": {"2026-11-18"}, name: {text}}
					if a := h.do(login, formRequest("POST", action, one)); a.code >= 500 {
						t.Errorf("%.20q as %s to %s: %d", text, name, action, a.code)
					}
				}
			}
			for pattern, d := range doors {
				if strings.HasPrefix(pattern, "GET ") {
					path, _, _ := strings.Cut(d.path, "?")
					q := url.Values{}
					for _, name := range []string{"q", "nam", "mo-hinh", "sau", "trang", "ban-do", "loai", "phan", "tinh-trang", "xep", "ve", "mo", "dang"} {
						q.Set(name, text[:min(len(text), 2000)])
						if name != "nam" && name != "mo-hinh" && name != "ban-do" { // these alone end most pages early
							continue
						}
						if a := h.get(officer, path+"?"+url.Values{name: {q.Get(name)}}.Encode()); a.code >= 500 {
							t.Errorf("%.20q as ?%s of %s: %d", text, name, path, a.code)
						}
						q.Del(name)
					}
					if a := h.get(officer, path+"?"+q.Encode()); a.code >= 500 {
						t.Errorf("%.20q everywhere in %s: %d", text, path, a.code)
					}
				}
			}
		}
	})
}

const nasty = `"><script>alert(1)</script><img src=x onerror=alert(2)>`

// Markup in a name is shown as it is typed, on every page that shows names.
func TestMarkupInNames(t *testing.T) {
	h := open(t)
	r, err := h.s.Registry.Save(h.ctx, identity.System, registry.Draft{PlaceID: h.area, Model: registry.Family, Name: nasty, Members: 3, Adults: 2, Children: 1, Address: nasty})
	h.ok(err)
	h.account("ten-la", identity.Viewer, hyCuong)
	h.ok(h.s.DB.Write(h.ctx, func(tx *store.Tx) error {
		if _, err := tx.Exec(h.ctx, `UPDATE account SET name = $1, post = $2`, nasty, nasty); err != nil {
			return err
		}
		if _, err := tx.Exec(h.ctx, `UPDATE assessment SET name = $1`, nasty); err != nil {
			return err
		}
		_, err := tx.Exec(h.ctx, `UPDATE subject SET name = $1`, nasty)
		return err
	}))
	shown := 0
	pages := []string{"/so-bo/" + h.area + "/" + r.ID}
	for pattern, d := range h.doors() {
		if strings.HasPrefix(pattern, "GET ") {
			pages = append(pages, d.path)
		}
	}
	for _, path := range pages {
		a := h.get(officer, path)
		if !strings.HasPrefix(a.head.Get("Content-Type"), "text/html") {
			continue
		}
		if strings.Contains(a.raw, "<script>alert") || strings.Contains(a.raw, "<img src=x") {
			t.Errorf("%s obeys a name", path)
		}
		if strings.Contains(a.body, nasty) {
			shown++
		}
	}
	if shown < 10 {
		t.Errorf("only %d pages showed the name", shown)
	}
}

// A commune's officer may not take over an account that is more elsewhere.
func TestAccountWithARoleElsewhereIsNotTakenOver(t *testing.T) {
	h := open(t)
	h.ok(h.s.DB.Write(h.ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(h.ctx, `INSERT INTO account_grant (account_id, place_id, role, valid_from, valid_to) VALUES ($1, $2, $3, $4, $5)`,
			h.actors[viewer].ID, vietTri, string(identity.CommuneOfficer), store.Always, store.Still)
		return err
	}))
	for _, act := range []string{"reset", "close"} {
		if a := h.post(officer, "/tai-khoan/"+h.actors[viewer].ID+"?noi="+hyCuong, "act", act); a.code != http.StatusForbidden {
			t.Errorf("%s: %d %.300s", act, a.code, words(a.body))
		}
		if a := h.post(officer, "/tai-khoan/"+h.actors[volunteer].ID+"?noi="+hyCuong, "act", act); a.code >= 400 {
			t.Errorf("%s of one's own volunteer: %d", act, a.code)
		}
	}
}

// A role at a place of another level is refused with what to choose, and what was typed stays.
func TestRoleFitsItsPlace(t *testing.T) {
	h := open(t)
	for _, c := range []struct {
		by, role, at string
		code         int
	}{
		{officer, "area_volunteer", hyCuong, 422}, {officer, "area_volunteer", h.area, 200}, {officer, "commune_officer", h.area, 422}, {officer, "viewer", vietTri, 403},
		{province, "commune_officer", phuTho, 422}, {province, "commune_officer", vietTri, 200}, {province, "admin", phuTho, 403}, {officer, "province_officer", hyCuong, 403}, {volunteer, "viewer", h.area, 403},
	} {
		a := h.post(c.by, "/tai-khoan", "login", "moi."+c.role+c.at[:4], "name", "Người Mới Tinh", "password", "cau-mat-khau-dai-30", "role", c.role, "at", c.at)
		if a.code != c.code || c.code == 422 && !strings.Contains(a.body, "Người Mới Tinh") {
			t.Errorf("%s makes %s at %s: %d %.200s", c.by, c.role, c.at, a.code, words(a.body))
		}
	}
}

// The site is the same for a person whose login does not exist: one sentence, and the same work for the machine.
func TestUnknownLoginsLookLikeWrongPasswords(t *testing.T) {
	h := open(t)
	known := h.post(nobody, site.SignInPath, "login", officer, "password", "sai mat khau roi")
	unknown := h.post(nobody, site.SignInPath, "login", "khong-co-ai", "password", "sai mat khau roi")
	if known.code != unknown.code || words(known.body) != words(unknown.body) {
		t.Errorf("%d and %d: %s\n%s", known.code, unknown.code, words(known.body), words(unknown.body))
	}
	for range 12 {
		h.post(nobody, site.SignInPath, "login", officer, "password", "x")
	}
	if a := h.post(nobody, site.SignInPath, "login", officer, "password", password); a.code == http.StatusSeeOther {
		t.Error("guessing is not braked")
	}
}
