// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package web

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"hoctap/internal/web/site"
)

// robots lets readers of the web find the public pages and nothing that needs a code or a session.
func robots(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = io.WriteString(w, "User-agent: *\nAllow: /$\nAllow: /dia-danh/\nAllow: /.well-known/security.txt\nDisallow: /\n") // a reader that left
}

// contactLife is how long what security.txt says holds: RFC 9116 wants less than a year.
const contactLife = 180 * 24 * time.Hour

// securityText tells who finds a weakness where to report it (RFC 9116). It is not there while the operator named nobody.
func securityText(s *site.Site) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if len(s.Safety.Contacts) == 0 {
			http.NotFound(w, r)
			return
		}
		var b strings.Builder
		b.WriteString("# Thấy điểm yếu của hệ thống này? Xin báo theo địa chỉ dưới đây, trước khi công bố.\n# Found a weakness of this system? Please report it here before you publish it.\n")
		for _, c := range s.Safety.Contacts {
			fmt.Fprintf(&b, "Contact: %s\n", c)
		}
		fmt.Fprintf(&b, "Expires: %s\nPreferred-Languages: vi, en\n", s.Now().UTC().Truncate(24*time.Hour).Add(contactLife).Format(time.RFC3339))
		if s.Safety.Address != "" {
			fmt.Fprintf(&b, "Canonical: %s/.well-known/security.txt\n", s.Safety.Address)
		}
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = io.WriteString(w, b.String()) // a reader that left
	}
}

// Contact reads where weaknesses are reported: a mail address, mailto:, tel: or https:.
func Contact(typed string) (string, error) {
	if !strings.Contains(typed, ":") && strings.Contains(typed, "@") {
		typed = "mailto:" + typed
	}
	u, err := url.Parse(typed)
	if err != nil || u.Scheme != "mailto" && u.Scheme != "https" && u.Scheme != "tel" || strings.ContainsAny(typed, "\r\n ") {
		return "", fmt.Errorf("--security-contact: want mailto:, tel: or https://, got %q", typed)
	}
	return typed, nil
}
