// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package web_test

import (
	"net/http"
	"strings"
	"testing"

	"hoctap/internal/store"
	"hoctap/internal/store/storetest"
)

// A program whose database is gone lives and is not ready, and tells strangers no more than which part it is.
func TestReady(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse(t)
		h.wire(db, t.TempDir())
		for _, path := range []string{"/healthz", "/readyz"} {
			if a := h.get(nobody, path); a.code != http.StatusNoContent || a.raw != "" {
				t.Errorf("%s: %d %q", path, a.code, a.raw)
			}
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		if a := h.get(nobody, "/readyz"); a.code != http.StatusServiceUnavailable || strings.TrimSpace(a.raw) != "database" {
			t.Errorf("without a database: %d %q", a.code, a.raw)
		}
		if a := h.get(nobody, "/healthz"); a.code != http.StatusNoContent {
			t.Errorf("without a database it is not alive: %d", a.code)
		}
	})
}
