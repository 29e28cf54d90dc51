// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Package lang turns keys and figures into Vietnamese or English. It owns the catalogues in vi/ and en/, the
// choice of language, and how numbers, points, percentages and times are written. It knows no domain
// package: they speak in keys, and only the edges call this package.
//
// A catalogue is a TOML file of flat keys. A message may hold placeholders in the manner of Go templates:
//
//	"queue.left" = "Còn {{.count}} hộ, hạn {{date .until}}"
//
// Whole numbers are grouped ("1.012.486") unless the placeholder is named year or ends in _year. A verb before the dot
// chooses another form: plain, points, percent, date, clock, or term, which looks the value up as a key:
// {{term "model." .model}}. English may add a key with the suffix _one, used when the argument count is 1.
package lang

import (
	"context"
	"net/http"
)

// Tag names one of the two languages.
type Tag string

// The languages of the program; Vietnamese is the default.
const (
	Vi Tag = "vi"
	En Tag = "en"
)

// Cookie is the name of the cookie that remembers a reader's language.
const Cookie = "lang"

type tagKey struct{}

// With returns a context whose texts are in tag.
func With(ctx context.Context, tag Tag) context.Context {
	return context.WithValue(ctx, tagKey{}, tag)
}

// From returns the language of ctx, Vietnamese when none was chosen.
func From(ctx context.Context) Tag {
	if tag, ok := ctx.Value(tagKey{}).(Tag); ok {
		return tag
	}
	return Vi
}

// Of returns the language a request asks for: ?lang, else the cookie, else Vietnamese.
func Of(r *http.Request) Tag {
	if tag, ok := parse(r.URL.Query().Get("lang")); ok {
		return tag
	}
	if c, err := r.Cookie(Cookie); err == nil {
		if tag, ok := parse(c.Value); ok {
			return tag
		}
	}
	return Vi
}

// Choose puts the language of each request into its context, and remembers one that was asked for by ?lang.
func Choose(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		tag := Of(r)
		if asked, ok := parse(r.URL.Query().Get("lang")); ok {
			http.SetCookie(w, &http.Cookie{
				Name: Cookie, Value: string(asked), Path: "/", MaxAge: 365 * 24 * 3600, SameSite: http.SameSiteLaxMode,
			})
		}
		next.ServeHTTP(w, r.WithContext(With(r.Context(), tag)))
	})
}

func parse(s string) (Tag, bool) {
	switch Tag(s) {
	case Vi:
		return Vi, true
	case En:
		return En, true
	}
	return "", false
}

// T returns the text of key in the language of ctx. args are alternating placeholder names and values. An
// unknown key comes back as it is, so that a page still works and the gap can be seen; a test finds it first.
func T(ctx context.Context, key string, args ...any) string {
	return say(From(ctx), key, args)
}

// Has reports whether the catalogue of ctx has key, for callers that fall back to a more general one.
func Has(ctx context.Context, key string) bool {
	_, ok := books()[From(ctx)][key]
	return ok
}

func say(tag Tag, key string, args []any) string {
	book := books()[tag]
	msg, ok := book[key]
	if !ok {
		return key
	}
	if tag == En && isOne(args) {
		if one, ok := book[key+"_one"]; ok {
			msg = one
		}
	}
	if msg.parts == nil {
		return msg.text
	}
	return msg.fill(tag, args)
}

func isOne(args []any) bool {
	for i := 0; i+1 < len(args); i += 2 {
		if args[i] == "count" {
			n, ok := whole(args[i+1])
			return ok && n == 1
		}
	}
	return false
}
