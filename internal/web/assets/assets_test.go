// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package assets

import (
	"net/http/httptest"
	"testing"
	"testing/fstest"
)

var sample = open(fstest.MapFS{
	"manifest.json":    {Data: []byte(`{"app.css":"app-AB12.css","ht.woff2":"ht-CD34.woff2"}`)},
	"app-AB12.css":     {Data: []byte("body{}")},
	"app-AB12.css.gz":  {Data: []byte("packed")},
	"ht-CD34.woff2":    {Data: []byte("font")},
	"secret-EF56.html": {Data: []byte("not in the manifest")},
})

func TestURL(t *testing.T) {
	for name, want := range map[string]string{"app.css": "/assets/app-AB12.css", "none.js": "/assets/none.js"} {
		if got := sample.url(name); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
	if got := open(fstest.MapFS{}).url("app.css"); got != "/assets/app.css" {
		t.Errorf("without a build: %s", got)
	}
}

func TestServe(t *testing.T) {
	for _, c := range []struct {
		method, path, accept string
		status               int
		body, kind, coding   string
	}{
		{"GET", "/assets/app-AB12.css", "gzip, br", 200, "packed", "text/css; charset=utf-8", "gzip"},
		{"GET", "/assets/app-AB12.css", "", 200, "body{}", "text/css; charset=utf-8", ""},
		{"GET", "/assets/app-AB12.css", "gzip;q=0", 200, "body{}", "text/css; charset=utf-8", ""},
		{"HEAD", "/assets/app-AB12.css", "", 200, "", "text/css; charset=utf-8", ""},
		{"GET", "/assets/ht-CD34.woff2", "gzip", 200, "font", "font/woff2", ""},
		{"POST", "/assets/app-AB12.css", "", 405, "Method Not Allowed\n", "", ""},
		{"GET", "/assets/app.css", "", 404, "404 page not found\n", "", ""},
		{"GET", "/assets/manifest.json", "", 404, "404 page not found\n", "", ""},
		{"GET", "/assets/app-AB12.css.gz", "", 404, "404 page not found\n", "", ""},
		{"GET", "/assets/secret-EF56.html", "", 404, "404 page not found\n", "", ""},
		{"GET", "/assets/../assets.go", "", 404, "404 page not found\n", "", ""},
	} {
		r := httptest.NewRequest(c.method, "http://x/", nil)
		r.URL.Path = c.path
		r.Header.Set("Accept-Encoding", c.accept)
		w := httptest.NewRecorder()
		sample.ServeHTTP(w, r)
		if w.Code != c.status || w.Body.String() != c.body || w.Header().Get("Content-Encoding") != c.coding {
			t.Errorf("%s %s (%s): %d %q %q", c.method, c.path, c.accept, w.Code, w.Body, w.Header())
		}
		if c.kind != "" && (w.Header().Get("Content-Type") != c.kind || w.Header().Get("Cache-Control") != "public, max-age=31536000, immutable") {
			t.Errorf("%s: headers %v", c.path, w.Header())
		}
	}
}

func TestEmbeddedSetOpens(t *testing.T) {
	if Built() && URL("app.css") == "/assets/app.css" {
		t.Error("the build has no app.css")
	}
}
