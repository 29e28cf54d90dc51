// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package web_test

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"hoctap/internal/identity"
	"hoctap/internal/store"
	"hoctap/internal/store/storetest"
	"hoctap/internal/web"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

// walk opens every door as people of each kind, and calls look with what they got.
func (h *house) walk(look func(who, pattern string, d door, a answer)) {
	doors := h.doors()
	for _, pattern := range slices.Sorted(maps.Keys(doors)) {
		d := doors[pattern]
		if !strings.HasPrefix(pattern, "GET ") {
			continue
		}
		for _, who := range []string{nobody, volunteer, officer, province, admin} {
			look(who, pattern, d, h.get(who, d.path))
		}
	}
}

func TestHeadersOfEveryAnswer(t *testing.T) {
	h := open(t)
	h.s.Secure = true // cookies get another name: the tokens of people go into it
	check := func(what string, a answer) {
		t.Helper()
		for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Strict-Transport-Security": "max-age=31536000",
			"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin", "Permissions-Policy": "geolocation=()", "Content-Security-Policy": "default-src 'none'"} {
			if !strings.Contains(a.head.Get(name), want) {
				t.Errorf("%s: %s is %q", what, name, a.head.Get(name))
			}
		}
		if p := a.head.Get("Content-Security-Policy"); strings.Contains(p, "unsafe") || strings.Contains(p, "*") || !strings.Contains(p, "sandbox") && !strings.Contains(p, "frame-ancestors 'none'") {
			t.Errorf("%s: policy %s", what, p)
		}
		if p := a.head.Get("Referrer-Policy"); p != "same-origin" && p != "no-referrer" {
			t.Errorf("%s: referrer %q", what, p)
		}
		for _, name := range []string{"Server", "X-Powered-By", "Via"} {
			if a.head.Get(name) != "" {
				t.Errorf("%s tells %s", what, name)
			}
		}
	}
	files := 0
	h.walk(func(who, pattern string, d door, a answer) {
		check(who+" "+pattern, a)
		if who != nobody && !strings.HasPrefix(a.head.Get("Cache-Control"), "private") && !d.public {
			t.Errorf("%s %s may be kept by a cache for all: %q", who, pattern, a.head.Get("Cache-Control"))
		}
		if kind := a.head.Get("Content-Type"); a.code == http.StatusOK && !strings.HasPrefix(kind, "text/html") && !strings.HasPrefix(kind, "application/json") {
			files++
			how := a.head.Get("Content-Disposition") // readers of public keys and of the feed of roots are programs; both are words of ours, hashes and days
			if !strings.HasPrefix(how, "attachment") && kind != "image/jpeg" && kind != "application/jwk-set+json" && !strings.HasPrefix(kind, "application/atom+xml") && !strings.HasPrefix(kind, "text/plain") {
				t.Errorf("%s %s shows %s in place: %q", who, pattern, kind, how)
			}
			if strings.HasPrefix(how, "attachment") && site.EffortOf(pattern, httptest.NewRequest("GET", d.path, nil)) != site.Taking && !strings.Contains(pattern, "minh-chung") {
				t.Errorf("%s sends a file and is limited like a page", pattern)
			}
		}
	})
	if files < 20 {
		t.Errorf("only %d files were seen", files)
	}
	for _, path := range []string{"/healthz", "/readyz", "/robots.txt", "/.well-known/security.txt", "/favicon.ico", "/khong-co", "/assets/khong-co.js", "/dang-nhap/../x"} {
		check(path, h.get(nobody, path))
	}
	check("a broken form", h.post(nobody, site.SignInPath))
	check("another site's form", h.do(officer, from("https://evil.example", formRequest("POST", "/dang-xuat", nil))))
	check("without a token", h.raw(formRequest("POST", site.SignInPath, nil)))
}

func from(origin string, r *http.Request) *http.Request {
	r.Header.Set("Origin", origin)
	return r
}

var postForm = regexp.MustCompile(`(?s)<form [^>]*method="post"[^>]*>(.{0,120})`)

// Every form of every page begins with the token, and no page has a second way to send.
func TestFormsOfEveryPageCarryATokenThatHolds(t *testing.T) {
	h := open(t)
	pages, forms := 0, 0
	h.walk(func(who, pattern string, _ door, a answer) {
		if !strings.HasPrefix(a.head.Get("Content-Type"), "text/html") || a.code >= 300 && a.code < 400 {
			return
		}
		pages++
		if strings.Count(a.raw, "<form") != strings.Count(a.raw, "<form ") || strings.Contains(a.raw, "formmethod") || strings.Contains(a.raw, `method="POST"`) {
			t.Errorf("%s has a form that is written in another way: its token would be missing", pattern)
		}
		found := postForm.FindAllStringSubmatch(a.raw, -1)
		if len(found) != strings.Count(a.raw, `method="post"`) {
			t.Errorf("%s: %d forms of %d", pattern, len(found), strings.Count(a.raw, `method="post"`))
		}
		forms += len(found)
		for _, f := range found {
			if !strings.HasPrefix(f[1], `<input type="hidden" name="`+ui.TokenField+`" value="`) {
				t.Errorf("%s as %q: a form without a token: %s", pattern, who, f[0])
			}
		}
		if len(found) > 0 && !strings.Contains(a.raw, `<meta name="form-token"`) {
			t.Errorf("%s: the scripts have no token", pattern)
		}
	})
	if pages < 150 || forms < 300 {
		t.Fatalf("%d forms on %d pages", forms, pages)
	}
}

var tokenOf = regexp.MustCompile(`name="` + ui.TokenField + `" value="([^"]+)"`)

// An old browser that another site makes send, one that kept a page for long, one whose session is another by now: nothing changes, through no route.
func TestNothingChangesWithoutAToken(t *testing.T) {
	h := open(t)
	doors := h.doors()
	stranger := web.FormToken(h.s, h.tokens[neighbour])
	walked := 0
	for _, pattern := range slices.Sorted(maps.Keys(doors)) {
		d := doors[pattern]
		method, _, _ := strings.Cut(pattern, " ")
		if method == "GET" || strings.Contains(pattern, "/cong-cu-ky/") {
			continue
		}
		walked++
		for name, token := range map[string]string{"none": "", "another session's": stranger, "a made-up one": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"} {
			var r *http.Request
			if d.send == nil {
				r = formRequest("POST", d.path, pairs(append(slices.Clone(d.form), ui.TokenField, token)))
			} else {
				r = d.send()
				r.Header.Set(ui.TokenHeader, token)
			}
			r.AddCookie(&http.Cookie{Name: site.Cookie, Value: h.tokens[officer]})
			before := h.count(`SELECT count(*) FROM journal`)
			if a := h.raw(r); a.code != http.StatusForbidden {
				t.Errorf("%s with %s token: %d", pattern, name, a.code)
			}
			if h.count(`SELECT count(*) FROM journal`) != before {
				t.Errorf("%s with %s token changed something", pattern, name)
			}
		}
	}
	if walked < 60 {
		t.Fatalf("only %d routes", walked)
	}
	if h.get(officer, "/viec").code != http.StatusOK {
		t.Error("the officer was signed out")
	}
}

func pairs(list []string) url.Values {
	form := url.Values{}
	for i := 0; i+1 < len(list); i += 2 {
		form.Add(list[i], list[i+1])
	}
	return form
}

// A form that was open while its session was renewed comes back as it was filled in, and goes through with one press.
func TestExpiredFormKeepsWhatWasTyped(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := build(t, db)
		path := "/so-bo/" + h.area + "/moi"
		form := url.Values{"name": {`Bùi Thị "Mơ" <b>`}, "ghi-chu": {"một\nhai"}, "password": {"không được hiện"}, ui.TokenField: {web.FormToken(h.s, "a session before")}}
		send := func(form url.Values) answer {
			r := formRequest("POST", path, form)
			r.AddCookie(&http.Cookie{Name: site.Cookie, Value: h.tokens[officer]})
			return h.raw(r)
		}
		a := send(form)
		if a.code != http.StatusForbidden || !strings.Contains(a.raw, `value="Bùi Thị &#34;Mơ&#34; &lt;b&gt;"`) || !strings.Contains(a.raw, "một\nhai") || strings.Contains(a.raw, "không được hiện") {
			t.Fatalf("%d %s", a.code, a.raw)
		}
		if !strings.Contains(a.body, "Gửi lại") || strings.Count(a.raw, `name="password"`) != 1 {
			t.Error("cannot be sent again as it is")
		}
		all := tokenOf.FindAllStringSubmatch(a.raw, -1)
		form.Set(ui.TokenField, all[len(all)-1][1])
		if a := send(form); a.code == http.StatusForbidden {
			t.Errorf("the second time: %d %s", a.code, words(a.body))
		}
	})
}

func TestScriptsGetAFreshToken(t *testing.T) {
	h := open(t)
	r := jsonRequest("/nhap/"+h.file.PlaceID+"/"+h.file.ID, `{"version": 1, "entry": {}}`)
	r.AddCookie(&http.Cookie{Name: site.Cookie, Value: h.tokens[officer]})
	a := h.raw(r)
	m := regexp.MustCompile(`"token":"([^"]+)"`).FindStringSubmatch(a.raw)
	if a.code != http.StatusForbidden || m == nil || !strings.Contains(a.raw, `"kind":"form_token"`) {
		t.Fatalf("%d %s", a.code, a.raw)
	}
	r = jsonRequest("/nhap/"+h.file.PlaceID+"/"+h.file.ID, `{"version": 1, "entry": {}}`)
	r.AddCookie(&http.Cookie{Name: site.Cookie, Value: h.tokens[officer]})
	r.Header.Set(ui.TokenHeader, m[1])
	if a := h.raw(r); a.code == http.StatusForbidden {
		t.Errorf("with the new one: %d %s", a.code, a.raw)
	}
}

// A form with files carries the token as its first part, also behind much text; one with a wrong token asks for the files anew.
func TestUploadsCarryAToken(t *testing.T) {
	h := open(t)
	ask := func(pairs ...string) answer {
		r := fileRequest("/nhap-tep?noi="+h.area, "danh-sach.csv", strings.Repeat("a,b\n", 1<<16), pairs...)
		r.AddCookie(&http.Cookie{Name: site.Cookie, Value: h.tokens[officer]})
		return h.raw(r)
	}
	token := web.FormToken(h.s, h.tokens[officer])
	if a := ask(ui.TokenField, token, "mo-hinh", "family"); a.code == http.StatusForbidden {
		t.Errorf("first: %d %s", a.code, words(a.body))
	}
	if a := ask("mo-hinh", "family", "ghi-chu", strings.Repeat("x", 10<<10), ui.TokenField, token); a.code == http.StatusForbidden {
		t.Errorf("later: %d", a.code)
	}
	a := ask("mo-hinh", "family", ui.TokenField, "x")
	if a.code != http.StatusForbidden || !strings.Contains(a.raw, `type="file"`) || !strings.Contains(a.raw, `name="mo-hinh" value="family"`) || !strings.Contains(a.raw, "multipart/form-data") {
		t.Errorf("%d %s", a.code, words(a.body))
	}
}

// Who has no session gets a cookie with the page of a form, and the token of another browser does not hold for it.
func TestSignInFormIsBoundToItsBrowser(t *testing.T) {
	h := open(t)
	h.s.Secure = true
	page := h.raw(httptest.NewRequest("GET", site.SignInPath, nil))
	set := page.head.Get("Set-Cookie")
	for _, want := range []string{"__Host-hoctap-the=", "HttpOnly", "Secure", "Path=/"} {
		if !strings.Contains(set, want) {
			t.Errorf("no %s in %q", want, set)
		}
	}
	token := tokenOf.FindStringSubmatch(page.raw)[1]
	send := func(cookie string) answer {
		r := formRequest("POST", site.SignInPath, url.Values{"login": {officer}, "password": {password}, ui.TokenField: {token}})
		if cookie != "" {
			r.Header.Set("Cookie", cookie)
		}
		return h.raw(r)
	}
	mine, _, _ := strings.Cut(set, ";")
	if a := send(mine); a.code != http.StatusSeeOther || !strings.Contains(strings.Join(a.head.Values("Set-Cookie"), " "), "__Host-hoctap=") {
		t.Errorf("%d %v", a.code, a.head)
	}
	for _, other := range []string{"", "__Host-hoctap-the=another", "hoctap-the=" + strings.TrimPrefix(mine, "__Host-hoctap-the=")} {
		a := send(other)
		if a.code != http.StatusForbidden || !strings.Contains(a.raw, `value="`+officer+`"`) || strings.Contains(a.raw, password) {
			t.Errorf("%q: %d", other, a.code)
		}
	}
	if a := h.raw(httptest.NewRequest("GET", "/dia-danh", nil)); a.head.Get("Set-Cookie") != "" {
		t.Error("a page without a form to send sets a cookie")
	}
}

func TestAddressBehindProxies(t *testing.T) {
	h := open(t)
	h.s.Safety.Proxies = []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")}
	for _, c := range []struct{ from, forwarded, xff, port, want string }{
		{"10.0.0.1:5", "", "198.51.100.7", "", "198.51.100.7:0"},
		{"10.0.0.1:5", "", "198.51.100.7", "4711", "198.51.100.7:4711"},
		{"10.0.0.1:5", "", "198.51.100.7:99", "4711", "198.51.100.7:99"},
		{"10.0.0.1:5", "", "1.2.3.4, 198.51.100.7, 10.9.9.9", "4711", "198.51.100.7:0"}, // the port is that of the inner hop
		{"10.0.0.1:5", "", "198.51.100.7, nonsense", "", "10.0.0.1:5"},
		{"10.0.0.1:5", "", "10.1.1.1, 10.2.2.2", "", "10.1.1.1:0"},
		{"10.0.0.1:5", `for=1.1.1.1, for="[2001:db8::7]:4711";proto=https`, "9.9.9.9", "", "[2001:db8::7]:4711"},
		{"10.0.0.1:5", "", "", "", "10.0.0.1:5"},
		{"[fd00::1]:5", "", "::ffff:198.51.100.7", "", "198.51.100.7:0"},
		{"203.0.113.9:5", "", "198.51.100.7", "4711", "203.0.113.9:5"}, // nobody we trust
		{"203.0.113.9:5", "for=198.51.100.7", "", "", "203.0.113.9:5"},
	} {
		r := formRequest("POST", site.SignInPath, url.Values{"login": {officer}, "password": {password}})
		r.RemoteAddr = c.from
		for name, value := range map[string]string{"Forwarded": c.forwarded, "X-Forwarded-For": c.xff, "X-Real-Port": c.port} {
			if value != "" {
				r.Header.Set(name, value)
			}
		}
		if a := h.do(nobody, r); a.code != http.StatusSeeOther {
			t.Fatalf("%+v: %d %s", c, a.code, words(a.body))
		}
		if got := h.one(`SELECT address FROM journal WHERE act = 'sign_in' ORDER BY id DESC LIMIT 1`); got != c.want {
			t.Errorf("%+v: the journal says %s", c, got)
		}
	}
}

// Too many requests are answered with a page that says how long to wait; others, and the same later, are served.
func TestRates(t *testing.T) {
	h := open(t)
	at := time.Now()
	h.s.Rates = site.NewRates(func() time.Time { return at }, 0.05)
	ask := func(who, address, path string) answer {
		r := httptest.NewRequest("GET", path, nil)
		r.RemoteAddr = address
		return h.do(who, r)
	}
	until := func(who, address, path string) (n int, a answer) {
		for n = range 400 {
			if a = ask(who, address, path); a.code != http.StatusOK {
				return n, a
			}
		}
		return n, a
	}
	n, a := until(officer, "198.51.100.1:1", "/viec")
	if n != 45 || a.code != http.StatusTooManyRequests || a.head.Get("Retry-After") == "" || !strings.Contains(a.body, "Xin chờ") || a.head.Get("Content-Security-Policy") == "" {
		t.Fatalf("after %d: %d %v %s", n, a.code, a.head, words(a.body))
	}
	if a := ask(officer, "198.51.100.2:1", "/viec"); a.code != http.StatusTooManyRequests {
		t.Errorf("another address is another account: %d", a.code)
	}
	if a := ask(viewer, "198.51.100.1:1", "/viec"); a.code != http.StatusOK {
		t.Errorf("a colleague in the same office: %d", a.code)
	}
	if n, a := until(officer, "198.51.100.3:1", "/so-bo/"+h.area+"/tai?dang=csv"); n != 3 || a.code != http.StatusTooManyRequests {
		t.Errorf("downloads: %d after %d", a.code, n)
	}
	if n, a := until(nobody, "198.51.100.4:1", "/dia-danh?q=hy+cuong"); n != 45 || a.code != http.StatusTooManyRequests {
		t.Errorf("searches: %d after %d", a.code, n)
	}
	at = at.Add(time.Minute)
	if a := ask(officer, "198.51.100.1:1", "/viec"); a.code != http.StatusOK {
		t.Errorf("a minute later: %d", a.code)
	}
	r := jsonRequest("/nhap/"+h.file.PlaceID, `{}`)
	for range 30 {
		r = jsonRequest("/nhap/"+h.file.PlaceID, `{}`)
		a = h.do(volunteer, r)
	}
	if a.code != http.StatusTooManyRequests || !strings.Contains(a.raw, `"sentence"`) {
		t.Errorf("a script is told: %d %s", a.code, a.raw)
	}
}

// A panic in a page is an error like others: the reader gets a reference, the others their pages.
func TestPanicGivesOnlyAReference(t *testing.T) {
	h := open(t)
	registry := h.s.Registry
	h.s.Registry = nil
	a := h.get(officer, "/so-bo/"+h.area)
	h.s.Registry = registry
	if a.code != http.StatusInternalServerError || strings.Contains(a.raw, "nil pointer") || strings.Contains(a.raw, ".go:") || !strings.Contains(a.body, "Mã") {
		t.Errorf("%d %s", a.code, words(a.body))
	}
	if a := h.get(officer, "/so-bo/"+h.area); a.code != http.StatusOK {
		t.Errorf("afterwards: %d", a.code)
	}
}

func TestSecurityText(t *testing.T) {
	h := open(t)
	const path = "/.well-known/security.txt"
	if a := h.get(nobody, path); a.code != http.StatusNotFound {
		t.Errorf("nobody to report to: %d", a.code)
	}
	contact, err := web.Contact("an-toan@example.vn")
	h.ok(err)
	h.s.Safety.Contacts, h.s.Safety.Address = []string{contact}, "https://hoctap.example"
	a := h.get(nobody, path)
	for _, want := range []string{"Contact: mailto:an-toan@example.vn\n", "Expires: 2027-05-17T00:00:00Z\n", "Preferred-Languages: vi, en\n", "Canonical: https://hoctap.example/.well-known/security.txt\n"} {
		if !strings.Contains(a.raw, want) {
			t.Errorf("no %q in %s", want, a.raw)
		}
	}
	for _, bad := range []string{"", "x", "http://example.vn", "mailto:a@b.vn\nExpires: never", "javascript:x"} {
		if _, err := web.Contact(bad); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
	if a := h.get(nobody, "/robots.txt"); !strings.Contains(a.raw, "Disallow: /\n") {
		t.Error(a.raw)
	}
}

// Files are shown from the other host by signed addresses only, and to who may see them at that moment.
func TestFilesOnAnotherOrigin(t *testing.T) {
	h := open(t)
	h.s.Safety.Files, _ = url.Parse("https://tep.example")
	h.site = web.Handler(h.s, "")
	proof := h.one(`SELECT id FROM evidence WHERE place_id = $1 AND state = 'ready' ORDER BY id LIMIT 1`, h.file.PlaceID)
	path := "/minh-chung/" + h.file.PlaceID + "/" + proof
	a := h.get(officer, path)
	to, err := url.Parse(a.to)
	if err != nil || a.code != http.StatusFound || to.Host != "tep.example" || !strings.Contains(a.head.Get("Cache-Control"), "no-store") {
		t.Fatalf("%d %s", a.code, a.to)
	}
	if !strings.Contains(h.get(officer, "/viec").head.Get("Content-Security-Policy"), "img-src 'self' https://tep.example;") {
		t.Error("pages may not show it")
	}
	there := func(uri string) answer {
		r := httptest.NewRequest("GET", uri, nil)
		r.Host = "tep.example"
		r.AddCookie(&http.Cookie{Name: site.Cookie, Value: h.tokens[officer]})
		return h.raw(r)
	}
	if a := there(to.RequestURI()); a.code != http.StatusOK || !strings.Contains(a.head.Get("Content-Security-Policy"), "sandbox") || a.head.Get("Cross-Origin-Resource-Policy") != "cross-origin" || a.head.Get("Set-Cookie") != "" {
		t.Errorf("%d %v", a.code, a.head)
	}
	q := to.Query()
	for what, change := range map[string]func(url.Values){
		"no key": func(q url.Values) { q.Del("k") }, "later": func(q url.Values) { q.Set("den", "9999999999") },
		"somebody else": func(q url.Values) { q.Set("ai", h.actors[admin].ID) }, "nothing": func(q url.Values) { clear(q) },
	} {
		changed := maps.Clone(q)
		change(changed)
		if a := there(path + "?" + changed.Encode()); a.code != http.StatusForbidden {
			t.Errorf("%s: %d", what, a.code)
		}
	}
	if a := there(path + "/nho?" + q.Encode()); a.code != http.StatusForbidden {
		t.Errorf("another file by the same key: %d", a.code)
	}
	for _, other := range []string{"/viec", "/", "/dang-nhap", "/so-bo/" + h.area} {
		if a := there(other); a.code != http.StatusNotFound || strings.Contains(a.raw, "<form") && strings.Contains(a.raw, `method="post"`) {
			t.Errorf("%s answers there: %d", other, a.code)
		}
	}
	h.at = h.at.Add(11 * time.Minute)
	if a := there(to.RequestURI()); a.code != http.StatusForbidden {
		t.Errorf("after its time: %d", a.code)
	}
	h.at = h.at.Add(-11 * time.Minute)
	h.ok(h.s.Identity.Disable(h.ctx, identity.System, identity.Account{ID: h.actors[officer].ID, Login: officer, Grants: h.actors[officer].Grants}, h.path(hyCuong), true))
	if a := there(to.RequestURI()); a.code == http.StatusOK {
		t.Error("opens for an account that was closed")
	}
}
