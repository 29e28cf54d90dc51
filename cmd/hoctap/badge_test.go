// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"strings"
	"testing"

	"hoctap/internal/web/papers"
	"hoctap/internal/web/site"
)

// Badges keep the address they were given with for ever: one that may change, or that somebody else can answer for, is refused at the start.
func TestBadgeAddress(t *testing.T) {
	for typed, want := range map[string]string{
		"https://hoctap.phutho.gov.vn": "https://hoctap.phutho.gov.vn", "https://hoctap.phutho.gov.vn/": "https://hoctap.phutho.gov.vn", "http://127.0.0.1:8080": "http://127.0.0.1:8080", "http://localhost": "http://localhost",
		"": "", "http://hoctap.phutho.gov.vn": "", "https://": "", "https://a.vn/hoctap": "", "https://a.vn?x=1": "", "https://a:b@c.vn": "", "ftp://a.vn": "", "a.vn": "", "https://a.vn#x": "", "http://127.0.0.1.evil.vn": "",
	} {
		t.Setenv(papers.AddressEnv, typed)
		on, off := &site.Site{}, &site.Site{}
		if err := (&serveCmd{}).badges(t.Context(), off); err != nil || off.BadgesOn || string(off.BadgeAt) != want {
			t.Errorf("%q switched off: %q, %v", typed, off.BadgeAt, err)
		}
		err := (&serveCmd{Badges: true}).badges(t.Context(), on)
		if (err == nil) != (want != "") || on.BadgesOn != (want != "") {
			t.Errorf("%q switched on: %v", typed, err)
		}
		if err != nil && !strings.Contains(err.Error(), "HOCTAP_URL") {
			t.Errorf("%q: %v", typed, err)
		}
	}
}
