// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package ui

import (
	"context"
	"net/http"
	"net/url"
	"slices"

	"hoctap/internal/web/lang"
)

// A reader's letter size and theme are cookies, so that the first byte of a page already has them. The links in
// the frame set them by ?size and ?theme without a script; app.ts does the same without loading the page again.
const (
	sizeCookie  = "size"
	themeCookie = "theme"
)

var (
	sizes  = []string{"thuong", "lon", "rat-lon"}
	themes = []string{"auto", "light", "dark"}
)

type settings struct {
	size, theme string
	url         *url.URL
}

type settingsKey struct{}

// Settings puts the reader's language, letter size and theme into each request's context, and remembers
// what ?lang, ?size and ?theme ask for.
func Settings(next http.Handler) http.Handler {
	return lang.Choose(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s := settings{
			size:  remembered(w, r, sizeCookie, sizes),
			theme: remembered(w, r, themeCookie, themes),
			url:   r.URL,
		}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), settingsKey{}, s)))
	}))
}

// remembered returns one of the allowed values: the asked one, which it also stores, the stored one, or the first.
func remembered(w http.ResponseWriter, r *http.Request, name string, allowed []string) string {
	if asked := r.URL.Query().Get(name); slices.Contains(allowed, asked) {
		http.SetCookie(w, &http.Cookie{Name: name, Value: asked, Path: "/", MaxAge: 365 * 24 * 3600, SameSite: http.SameSiteLaxMode})
		return asked
	}
	if c, err := r.Cookie(name); err == nil && slices.Contains(allowed, c.Value) {
		return c.Value
	}
	return allowed[0]
}

func settingsOf(ctx context.Context) settings {
	if s, ok := ctx.Value(settingsKey{}).(settings); ok {
		return s
	}
	return settings{size: sizes[0], theme: themes[0]}
}

// after returns the value that follows the present one, round and round.
func after(list []string, now string) string {
	return list[(slices.Index(list, now)+1)%len(list)]
}

// here is the address of the present page with one setting changed.
func here(ctx context.Context, name, value string) string {
	q := url.Values{}
	if u := settingsOf(ctx).url; u != nil {
		q = u.Query()
	}
	for _, setting := range []string{"lang", sizeCookie, themeCookie} {
		q.Del(setting)
	}
	q.Set(name, value)
	return "?" + q.Encode()
}

// other is the language the page is not in, and its own name for itself in short.
func other(ctx context.Context) (tag lang.Tag, short, full string) {
	if lang.From(ctx) == lang.Vi {
		return lang.En, "EN", "English"
	}
	return lang.Vi, "VI", "Tiếng Việt"
}
