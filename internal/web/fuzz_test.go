// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package web_test

import (
	"net/http"
	"net/netip"
	"testing"

	"hoctap/internal/keyring"
	"hoctap/internal/web"
	"hoctap/internal/web/site"
)

// Headers that tell of a client hold anything: whatever stands left of the address that our proxy wrote changes nothing.
func FuzzClientOf(f *testing.F) {
	proxies := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("::1/128")}
	for _, s := range []string{"", "1.2.3.4", "unknown, 5.6.7.8", `for="[2001:db8::1]:4711";proto=https`, "for=_x;;,,=", "\x00, ,"} {
		f.Add(s, s)
	}
	f.Fuzz(func(t *testing.T, typed, forwarded string) {
		h := http.Header{"X-Forwarded-For": {typed, "203.0.113.7"}, "X-Real-Port": {typed}}
		if got := web.ClientOf(proxies, h); got.Addr() != netip.MustParseAddr("203.0.113.7") {
			t.Fatalf("%q before the proxy's own word made %s", typed, got)
		}
		web.ClientOf(proxies, http.Header{"Forwarded": {forwarded}})
	})
}

// No text but one that this server made is a token, and none for another's cookie.
func FuzzFormToken(f *testing.F) {
	s := &site.Site{Keys: keyring.Fresh()}
	f.Add("a cookie", web.FormToken(s, "a cookie"))
	f.Add("", "")
	f.Fuzz(func(t *testing.T, cookie, token string) {
		if web.Holds(s, cookie+"x", token) {
			t.Fatalf("%q holds for %q", token, cookie+"x")
		}
		if made := web.FormToken(s, cookie); cookie != "" && !web.Holds(s, cookie, made) {
			t.Fatalf("%q does not hold for its own %q", made, cookie)
		}
	})
}
