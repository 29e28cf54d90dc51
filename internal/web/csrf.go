// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package web

import (
	"bufio"
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"

	"hoctap/internal/web/decisions"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

// Old browsers send neither Sec-Fetch-Site nor Origin, so a request that another site made them send looks like one of ours. What changes something
// therefore carries a token besides: a keyed hash of the session, or of a cookie of its own for who has none, which no other site can read.

// formCookie is the cookie whose hash is the token of who has no session.
const formCookie = "hoctap-the"

const (
	macSize   = 16
	tokenSize = 2 * macSize
)

// FormToken is a token for pages of the one that sends the cookie value: of the session, or of formCookie. Each looks different, so that the length of a
// compressed page tells nothing of it.
func FormToken(s *site.Site, cookie string) string {
	var raw [tokenSize]byte
	_, _ = rand.Read(raw[:macSize])
	for i, b := range macOf(s, cookie) {
		raw[macSize+i] = raw[i] ^ b
	}
	return base64.RawURLEncoding.EncodeToString(raw[:])
}

func macOf(s *site.Site, cookie string) []byte {
	sum := sha256.Sum256([]byte(cookie))
	mac, err := hex.DecodeString(s.Keys.Hash("csrf", hex.EncodeToString(sum[:])))
	if err != nil || len(mac) < macSize {
		panic("keyring: a hash is no hexadecimal text") // its contract
	}
	return mac[:macSize]
}

func holds(s *site.Site, cookie, token string) bool {
	raw, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || len(raw) != tokenSize || cookie == "" {
		return false
	}
	for i := range macSize {
		raw[i] ^= raw[macSize+i]
	}
	return hmac.Equal(raw[:macSize], macOf(s, cookie))
}

// tokens gives pages their token and lets pass only what brings it back.
func tokens(s *site.Site, m *site.Mux, next http.Handler) http.Handler {
	expired := ui.Settings(http.HandlerFunc(m.Expired))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		cookie := proofOf(s, r)
		r = r.WithContext(ui.WithToken(r.Context(), sync.OnceValue(func() string {
			if cookie == "" {
				cookie = rand.Text()
				http.SetCookie(w, &http.Cookie{Name: formName(s), Value: cookie, Path: "/", HttpOnly: true, Secure: s.Secure, SameSite: http.SameSiteLaxMode})
				w.Header().Set("Cache-Control", "private, no-store") // the page is for this browser alone
			}
			return FormToken(s, cookie)
		})))
		if safe(r) || holds(s, cookie, r.Header.Get(ui.TokenHeader)) || holds(s, cookie, typedToken(r)) {
			next.ServeHTTP(w, r)
			return
		}
		expired.ServeHTTP(w, r)
	})
}

func formName(s *site.Site) string {
	if s.Secure {
		return "__Host-" + formCookie
	}
	return formCookie
}

// proofOf is the cookie that the token of a request belongs to.
func proofOf(s *site.Site, r *http.Request) string {
	for _, name := range []string{s.CookieName(), formName(s)} {
		if c, err := r.Cookie(name); err == nil && c.Value != "" {
			return c.Value
		}
	}
	return ""
}

// safe reports whether a request needs no token: it changes nothing, or it comes from a desktop tool, whose address is the proof.
func safe(r *http.Request) bool {
	if slices.Contains([]string{http.MethodGet, http.MethodHead, http.MethodOptions}, r.Method) {
		return true
	}
	rest, ok := strings.CutPrefix(r.URL.Path, decisions.ToolPath)
	return ok && r.Method == http.MethodPost && !strings.Contains(rest, "/")
}

// looked is how much of a body is read for the token. It is the first field of a form; what stands before it in the page and belongs to the form by its
// id may come first.
const looked = 64 << 10

// typedToken reads the token out of a form without taking the body from who reads it next. A body that is broken or too big stays so for them.
func typedToken(r *http.Request) string {
	kind, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		return ""
	}
	switch kind {
	case "application/x-www-form-urlencoded":
		return urlToken(r)
	case "multipart/form-data":
		in := bufio.NewReaderSize(r.Body, looked)
		peeking := &peeker{in: in}
		r.Body = struct {
			io.Reader
			io.Closer
		}{in, r.Body}
		return partToken(multipart.NewReader(peeking, params["boundary"]))
	}
	return ""
}

// urlToken takes the body into memory: no form of this kind may be longer than the routes allow.
func urlToken(r *http.Request) string {
	body, err := io.ReadAll(io.LimitReader(r.Body, site.BodyLimit+1))
	rest := r.Body
	if err != nil {
		rest = io.NopCloser(failing{err})
	}
	r.Body = struct {
		io.Reader
		io.Closer
	}{io.MultiReader(bytes.NewReader(body), rest), r.Body}
	for pair := range bytes.SplitSeq(body, []byte("&")) {
		if value, ok := bytes.CutPrefix(pair, []byte(ui.TokenField+"=")); ok {
			token, err := url.QueryUnescape(string(value))
			if err == nil {
				return token
			}
		}
	}
	return ""
}

func partToken(parts *multipart.Reader) string {
	for {
		part, err := parts.NextPart()
		if err != nil || part.FileName() != "" {
			return ""
		}
		if part.FormName() != ui.TokenField {
			continue
		}
		value, err := io.ReadAll(io.LimitReader(part, 2*tokenSize))
		if err != nil {
			return ""
		}
		return string(value)
	}
}

// failing is a body that ended with an error.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

// peeker reads what the buffer holds or can hold, and leaves it there.
type peeker struct {
	in *bufio.Reader
	at int
}

var errLooked = errors.New("no token within the bytes that are looked at")

func (p *peeker) Read(b []byte) (int, error) {
	if p.at >= looked {
		return 0, errLooked
	}
	if p.in.Buffered() <= p.at {
		if _, err := p.in.Peek(p.at + 1); err != nil {
			return 0, err
		}
	}
	have, err := p.in.Peek(p.in.Buffered())
	if err != nil {
		return 0, err
	}
	n := copy(b, have[p.at:])
	p.at += n
	return n, nil
}
