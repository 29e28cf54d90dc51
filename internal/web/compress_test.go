// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package web_test

import (
	"compress/gzip"
	"io"
	"net/http/httptest"
	"strings"
	"testing"
)

// A long page comes compressed to who takes it, says so to caches, and is the same page.
func TestPagesAreCompressed(t *testing.T) {
	h := open(t)
	ask := func(path, accept string) *httptest.ResponseRecorder {
		r := httptest.NewRequest("GET", path, nil)
		if accept != "" {
			r.Header.Set("Accept-Encoding", accept)
		}
		w := httptest.NewRecorder()
		h.site.ServeHTTP(w, r)
		return w
	}
	plain, packed := ask("/", ""), ask("/", "gzip, br")
	if plain.Header().Get("Content-Encoding") != "" || packed.Header().Get("Content-Encoding") != "gzip" || !strings.Contains(packed.Header().Get("Vary"), "Accept-Encoding") {
		t.Fatalf("%v, %v", plain.Header(), packed.Header())
	}
	if packed.Body.Len()*2 > plain.Body.Len() {
		t.Errorf("%d bytes of %d", packed.Body.Len(), plain.Body.Len())
	}
	z, err := gzip.NewReader(packed.Body)
	if err != nil {
		t.Fatal(err)
	}
	if b, err := io.ReadAll(z); err != nil || string(b) != plain.Body.String() {
		t.Errorf("another page: %v, %d bytes of %d", err, len(b), plain.Body.Len())
	}
	if w := ask("/khong-co", "gzip;q=0"); w.Header().Get("Content-Encoding") != "" {
		t.Error("compressed for who refuses it")
	}
}
