// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package web

import (
	"net/http"
	"strings"

	"hoctap/internal/fault"
	"hoctap/internal/web/proof"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

// Files that people sent may be served from another host name of the same server: a browser then gives what slips through no part in the session. There
// nothing answers but addresses of files that this site signed for one account and some minutes.

// withFiles lets pages show pictures from the other origin.
func withFiles(s *site.Site, policy string) string {
	if s.Safety.Files == nil {
		return policy
	}
	return strings.Replace(policy, "img-src 'self'", "img-src 'self' "+s.Safety.Files.String(), 1)
}

// files answers for the other host name and leaves the rest to next.
func files(s *site.Site, m *site.Mux, next http.Handler) http.Handler {
	serve := ui.Settings(m.Bare(func(v *site.Visit) error {
		place, id, size, ok := proof.FilePath(v.R.URL.Path)
		if !ok || v.R.Method != http.MethodGet && v.R.Method != http.MethodHead {
			return fault.NotFound("page", "")
		}
		v.W.Header().Set("Cross-Origin-Resource-Policy", "cross-origin") // the address is the key, and pages of this site show the picture
		return proof.ServeSigned(v, place, id, size)
	}))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s.Safety.Files != nil && r.Host == s.Safety.Files.Host {
			serve.ServeHTTP(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}
