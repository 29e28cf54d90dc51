// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package web

import (
	"net/http"

	"hoctap/internal/web/decisions"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

// policy is the content security policy of every page: nothing from elsewhere, no inline script or style. What is not named is forbidden.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; manifest-src 'self'; connect-src 'self'; " +
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// permissions says no to every power of a browser but the camera, by which a phone takes a picture of evidence.
const permissions = "accelerometer=(), autoplay=(), browsing-topics=(), display-capture=(), geolocation=(), gyroscope=(), hid=(), magnetometer=(), " +
	"microphone=(), midi=(), payment=(), serial=(), usb=(), xr-spatial-tracking=()"

// headers are on every answer; a page may make one of them narrower.
var headers = map[string]string{
	"Content-Security-Policy":           policy,
	"Permissions-Policy":                permissions,
	"X-Frame-Options":                   "DENY", // for browsers that do not know frame-ancestors
	"X-Content-Type-Options":            "nosniff",
	"Referrer-Policy":                   "same-origin",
	"Cross-Origin-Opener-Policy":        "same-origin",
	"Cross-Origin-Resource-Policy":      "same-origin",
	"X-Permitted-Cross-Domain-Policies": "none",
}

// guard stands before everything: who asks, what every answer carries, how long it may take, and that no other site made the browser ask.
func guard(s *site.Site, m *site.Mux, next http.Handler) http.Handler {
	cross := http.NewCrossOriginProtection()
	cross.AddInsecureBypassPattern("POST " + decisions.ToolPath + "{token}") // a tool, without a session: its address is the proof
	cross.SetDenyHandler(ui.Settings(http.HandlerFunc(m.Refuse)))
	inner := files(s, m, cross.Handler(tokens(s, m, next)))
	csp := withFiles(s, policy)
	return fromProxy(s, paced(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		for name, value := range headers {
			h.Set(name, value)
		}
		h.Set("Content-Security-Policy", csp)
		if s.Secure {
			h.Set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
		}
		if _, err := r.Cookie(s.CookieName()); err == nil {
			h.Set("Cache-Control", "private, no-store") // where a page says nothing else
		}
		inner.ServeHTTP(w, r)
	})))
}
