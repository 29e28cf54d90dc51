// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package web_test

import (
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
)

// browser keeps cookies as one does, and sends forms with their token.
type browser struct {
	h              *house
	jar            map[string]string
	address, agent string
}

// The browsers of the tests: an officer's, and an old phone's.
const (
	desktopAgent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
	phoneAgent   = "Mozilla/5.0 (Linux; Android 6.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/49.0 Mobile Safari/537.36"
)

func (h *house) browser(address string) *browser {
	return &browser{h, map[string]string{}, address, desktopAgent}
}

func (h *house) phone() *browser {
	return &browser{h, map[string]string{}, "192.0.2.1:1234", phoneAgent}
}

func (b *browser) do(r *http.Request) answer {
	b.h.filled(r, b.jar)
	for name, value := range b.jar {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	r.RemoteAddr = b.address
	r.Header.Set("User-Agent", b.agent)
	w := httptest.NewRecorder()
	b.h.site.ServeHTTP(w, r)
	for _, c := range w.Result().Cookies() {
		b.jar[c.Name] = c.Value
		if c.MaxAge < 0 {
			delete(b.jar, c.Name)
		}
		path := "/"
		if strings.HasPrefix(c.Name, "hoctap-nha-") { // the proof of a slip goes to slips alone
			path = "/phieu"
		}
		if !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != path {
			b.h.t.Errorf("the cookie %s is open to scripts or to other sites", c.Name)
		}
	}
	return answer{w.Code, w.Header().Get("Location"), w.Header(), w.Body.String(), html.UnescapeString(w.Body.String())}
}

func (b *browser) get(path string) answer { return b.do(httptest.NewRequest("GET", path, nil)) }

func (b *browser) post(path string, pairs ...string) answer {
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	return b.do(formRequest("POST", path, form))
}

func (b *browser) signIn(login, password string) answer {
	return b.post("/dang-nhap", "login", login, "password", password)
}
