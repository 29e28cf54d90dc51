// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package oidc_test

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// hostile is a provider that does everything right until told otherwise.
type hostile struct {
	t      testing.TB
	server *httptest.Server
	key    *rsa.PrivateKey
	now    func() time.Time

	mu     sync.Mutex
	codes  map[string]asked // by code
	claims map[string]any   // laid over the honest ones
	info   map[string]any   // of the user info
	alg    jose.SignatureAlgorithm
	by     *rsa.PrivateKey // who signs; nil for key
	forge  func(honest string) string
	detour map[string]http.HandlerFunc // in place of an endpoint
	calls  map[string]int
}

type asked struct{ nonce, challenge, redirect string }

func newHostile(t testing.TB, now func() time.Time) *hostile {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	h := &hostile{t: t, key: key, now: now, codes: map[string]asked{}, alg: jose.RS256, detour: map[string]http.HandlerFunc{}, calls: map[string]int{}, info: map[string]any{}}
	h.server = httptest.NewServer(h)
	t.Cleanup(h.server.Close)
	return h
}

func (h *hostile) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.calls[r.URL.Path]++
	if f := h.detour[r.URL.Path]; f != nil {
		h.mu.Unlock()
		f(w, r)
		h.mu.Lock()
		return
	}
	switch r.URL.Path {
	case "/.well-known/openid-configuration":
		at := h.server.URL
		say(w, map[string]any{"issuer": at, "authorization_endpoint": at + "/auth", "token_endpoint": at + "/token", "jwks_uri": at + "/jwks", "userinfo_endpoint": at + "/me",
			"end_session_endpoint": at + "/out", "id_token_signing_alg_values_supported": []string{"RS256", "none", "HS256"}, "authorization_response_iss_parameter_supported": true})
	case "/jwks":
		say(w, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: h.key.Public(), KeyID: "1", Algorithm: "RS256", Use: "sig"}}})
	case "/token":
		h.token(w, r)
	case "/me":
		say(w, h.info)
	default:
		http.NotFound(w, r)
	}
}

func (h *hostile) token(w http.ResponseWriter, r *http.Request) {
	a, known := h.codes[r.FormValue("code")]
	delete(h.codes, r.FormValue("code"))
	sum := sha256.Sum256([]byte(r.FormValue("code_verifier")))
	name, secret, _ := r.BasicAuth()
	secret, _ = url.QueryUnescape(secret)
	if !known || base64.RawURLEncoding.EncodeToString(sum[:]) != a.challenge || r.FormValue("redirect_uri") != a.redirect || name != clientID || secret != clientSecret {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusBadRequest)
		say(w, map[string]any{"error": "invalid_grant"})
		return
	}
	claims := map[string]any{"iss": h.server.URL, "aud": clientID, "sub": "người-1", "nonce": a.nonce, "iat": h.now().Unix(), "exp": h.now().Add(5 * time.Minute).Unix(), "acr": "LoA2",
		"SoDinhDanh": "025090000001", "HoVaTen": "Nguyễn Thị Thử"}
	for name, value := range h.claims {
		if claims[name] = value; value == nil {
			delete(claims, name)
		}
	}
	say(w, map[string]any{"access_token": "x", "token_type": "Bearer", "id_token": h.sign(claims)})
}

func (h *hostile) sign(claims map[string]any) string {
	body, err := json.Marshal(claims)
	if err != nil {
		h.t.Error(err)
	}
	if h.alg == "none" {
		return enc([]byte(`{"alg":"none"}`)) + "." + enc(body) + "."
	}
	var key any = h.key
	if h.by != nil {
		key = h.by
	}
	if h.alg == jose.HS256 {
		key = []byte(clientSecret + clientSecret + clientSecret)
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: h.alg, Key: key}, (&jose.SignerOptions{}).WithHeader("kid", "1"))
	if err != nil {
		h.t.Error(err)
		return ""
	}
	signed, err := signer.Sign(body)
	if err != nil {
		h.t.Error(err)
		return ""
	}
	text, _ := signed.CompactSerialize()
	if h.forge != nil {
		text = h.forge(text)
	}
	return text
}

// agree is a person at the provider who says yes: what he brings back.
func (h *hostile) agree(address string) url.Values {
	h.t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		h.t.Fatal(err)
	}
	q := u.Query()
	if q.Get("code_challenge_method") != "S256" || q.Get("nonce") == "" || len(q.Get("state")) < 32 || q.Get("response_type") != "code" {
		h.t.Errorf("asked for %s", u.RawQuery)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	code := enc([]byte(q.Get("state")))[:20]
	h.codes[code] = asked{q.Get("nonce"), q.Get("code_challenge"), q.Get("redirect_uri")}
	return url.Values{"code": {code}, "state": {q.Get("state")}, "iss": {h.server.URL}}
}

func say(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v)
}

func enc(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// endless answers with more than anybody should read.
func endless(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write([]byte(`{"issuer":"`))
	block := bytes.Repeat([]byte("a"), 64<<10)
	for range 4096 { // 256 MB, unless the reader goes
		if _, err := w.Write(block); err != nil {
			return
		}
	}
}
