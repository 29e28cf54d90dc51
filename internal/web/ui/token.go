// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package ui

import (
	"bytes"
	"context"
	"html"
)

// TokenField and TokenHeader carry the proof that a request comes from a page of ours: a hidden field of every form, a header of every script.
const (
	TokenField  = "_the" // "thẻ"
	TokenHeader = "X-Form-Token"
)

type tokenKey struct{}

// WithToken lets pages of the request carry what token returns. It is asked at most once for a page, and only by a page that sends something.
func WithToken(ctx context.Context, token func() string) context.Context {
	return context.WithValue(ctx, tokenKey{}, token)
}

// Token is the token for the reader of the request, "" where none is asked for.
func Token(ctx context.Context) string {
	if ask, ok := ctx.Value(tokenKey{}).(func() string); ok {
		return ask()
	}
	return ""
}

// Signed puts the token into a rendered page: into each form that is posted, as its first field, and into the head for the scripts. It is done here, to
// the finished page, so that no form can be written without it. Templates write no "<" of a reader's text as it is, so every tag found is one of ours.
func Signed(ctx context.Context, page []byte) []byte {
	if !bytes.Contains(page, postMark) {
		return page
	}
	token := html.EscapeString(Token(ctx))
	if token == "" {
		return page
	}
	field := []byte(`<input type="hidden" name="` + TokenField + `" value="` + token + `">`)
	out := make([]byte, 0, len(page)+8*len(field))
	if before, after, found := bytes.Cut(page, headMark); found {
		out = append(append(out, before...), headMark...)
		out = append(out, `<meta name="form-token" content="`+token+`">`...)
		page = after
	}
	for {
		before, rest, found := bytes.Cut(page, formMark)
		out = append(out, before...)
		if !found {
			return out
		}
		tag, after, whole := bytes.Cut(rest, []byte(">"))
		out = append(append(append(out, formMark...), tag...), '>')
		if whole && bytes.Contains(tag, postMark) {
			out = append(out, field...)
		}
		page = after
	}
}

var headMark, formMark, postMark = []byte("<head>"), []byte("<form "), []byte(`method="post"`)
