// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package oidc_test

import (
	"crypto/rand"
	"crypto/rsa"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/identity/ceremony"
	"hoctap/internal/identity/oidc"
	"hoctap/internal/keyring"
	"hoctap/internal/store"
	"hoctap/internal/store/storetest"
)

const (
	password     = "giữ lửa học tập 26"
	clientID     = "hoctap"
	clientSecret = "một bí mật"
	redirect     = "https://hoctap.example.vn/dang-nhap/qua/thu/tra-ve"
	browser      = "the cookie of one browser"
)

var from = identity.Client{Address: "10.0.0.1:999", Agent: "test"}

type house struct {
	*testing.T
	db    *store.DB
	at    time.Time
	ids   *identity.Service
	oidc  *oidc.Service
	bad   *hostile
	actor identity.Actor
}

// settings writes those of a provider and reads them as the program does.
func settings(t testing.TB, issuer, more string) oidc.Config {
	t.Helper()
	dir := t.TempDir()
	secret := filepath.Join(dir, "secret")
	if err := os.WriteFile(secret, []byte(clientSecret+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	body := fmt.Sprintf("name = \"Cổng thử\"\nissuer = %q\nclient_id = %q\nsecret_file = \"secret\"\nrequired_acr = [\"LoA2\", \"LoA3\"]\ntimeout = \"1s\"\n%s\n[claims]\nnumber = \"SoDinhDanh\"\nname = \"HoVaTen\"\n", issuer, clientID, more)
	if err := os.WriteFile(filepath.Join(dir, "thu.toml"), []byte(body), 0o600); err != nil {
		t.Fatal(err)
	}
	list, err := oidc.Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	return list[0]
}

func setup(t *testing.T, db *store.DB) *house {
	t.Helper()
	h := &house{T: t, db: db, at: time.Date(2026, 11, 18, 8, 0, 0, 0, store.Zone)}
	h.bad = newHostile(t, h.now)
	h.ids = identity.New(db, h.now)
	h.use(settings(t, h.bad.server.URL, ""))
	h.actor = h.account("hang")
	return h
}

func (h *house) now() time.Time { return h.at }

func (h *house) use(c ...oidc.Config) {
	keys := keyring.Fresh()
	h.oidc = oidc.New(h.db, h.ids, ceremony.New(keys, h.now), keys, h.now)
	h.oidc.Use(c...)
}

func (h *house) account(login string) identity.Actor {
	h.Helper()
	id, err := h.ids.Create(h.Context(), identity.System, identity.Draft{Login: login, Name: "Người " + login, Password: password,
		Grant: identity.Grant{Role: identity.CommuneOfficer, PlaceID: "xa"}, Path: "/vn/tinh/xa/"})
	h.ok(err)
	return identity.Actor{ID: id, Login: login, Name: "Người " + login, Address: from.Address, Grants: []identity.Grant{{Role: identity.CommuneOfficer, PlaceID: "xa"}}}
}

func (h *house) ok(err error) {
	h.Helper()
	if err != nil {
		h.Fatal(err)
	}
}

// come goes to the provider, says yes and comes back.
func (h *house) come() (oidc.Person, error) {
	h.Helper()
	address, _, sealed, err := h.oidc.Begin(h.Context(), "thu", redirect, "/viec")
	if err != nil {
		return oidc.Person{}, err
	}
	who, _, err := h.oidc.Finish(h.Context(), "thu", sealed, h.bad.agree(address))
	return who, err
}

func (h *house) enter() (token, offer string, err error) {
	h.Helper()
	who, err := h.come()
	if err != nil {
		return "", "", err
	}
	o, offer, err := h.oidc.SignIn(h.Context(), who, browser, from)
	return o.Token, offer, err
}

func (h *house) count(query string, args ...any) int {
	h.Helper()
	n, _, err := store.One(h.Context(), h.db.Read(), store.Value[int], query, args...)
	h.ok(err)
	return n
}

func want(t testing.TB, what string, err error, key string) {
	t.Helper()
	f, _ := fault.As(err)
	if f == nil || f.Key != key {
		t.Errorf("%s: %v, want %s", what, err, key)
	}
}

func TestLinkingASubject(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := setup(t, db)
		ctx := t.Context()
		before := h.count(`SELECT count(*) FROM account`)
		token, offer, err := h.enter()
		h.ok(err)
		if token != "" || offer == "" || h.count(`SELECT count(*) FROM account`) != before {
			t.Fatalf("an unknown person got %q, %q", token, offer)
		}
		o, _, err := h.oidc.Offered(offer, browser)
		if err != nil || o.Name != "Nguyễn Thị Thử" {
			t.Fatalf("%+v, %v", o, err)
		}
		want(t, "in another browser", h.oidc.Confirm(ctx, h.actor, offer, "another", password), "ceremony.over")
		want(t, "without the password", h.oidc.Confirm(ctx, h.actor, offer, browser, "x"), "invalid")
		h.ok(h.oidc.Confirm(ctx, h.actor, offer, browser, password))
		want(t, "twice", h.oidc.Confirm(ctx, h.actor, offer, browser, password), "ceremony.used")
		token, _, err = h.enter()
		h.ok(err)
		if a, err := h.ids.Session(ctx, token, from.Address); err != nil || a.ID != h.actor.ID {
			t.Errorf("the session is of %+v, %v", a, err)
		}

		other := h.account("khac")
		h.bad.claims = map[string]any{"sub": "người-2", "SoDinhDanh": "025090000002"}
		_, second, err := h.enter()
		h.ok(err)
		want(t, "a second subject for one account", h.oidc.Confirm(ctx, h.actor, second, browser, password), "oidc.other_linked")
		_, second, err = h.enter()
		h.ok(err)
		h.ok(h.oidc.Confirm(ctx, other, second, browser, password))
		h.bad.claims = nil
		who, err := h.come()
		h.ok(err)
		h.ok(h.oidc.Unlink(ctx, h.actor, "thu"))
		want(t, "twice", h.oidc.Unlink(ctx, h.actor, "thu"), "not_found.identity_link")
		_, first, err := h.oidc.SignIn(ctx, who, browser, from)
		h.ok(err)
		h.ok(h.oidc.Confirm(ctx, h.actor, first, browser, password))
		_, _, err = h.oidc.SignIn(ctx, oidc.Person{Provider: "thu", Subject: "người-2"}, browser, from)
		h.ok(err)

		links, err := h.oidc.Links(ctx, h.actor)
		if err != nil || len(links) != 1 || links[0].ByID != h.actor.ID {
			t.Errorf("%+v, %v", links, err)
		}
		if n := h.count(`SELECT count(*) FROM journal WHERE act IN ('identity_link', 'identity_unlink')`); n != 4 {
			t.Errorf("%d notes", n)
		}
		h.ok(h.ids.Disable(ctx, identity.System, identity.Account{ID: h.actor.ID, Grants: h.actor.Grants}, "/vn/tinh/xa/", true))
		_, _, err = h.enter()
		want(t, "a closed account", err, "oidc.closed")
	})
}

// A subject that two people confirm at once opens the account of one.
func TestSubjectOfOneAccount(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := setup(t, db)
		other := h.account("khac")
		_, mine, err := h.enter()
		h.ok(err)
		_, theirs, err := h.enter()
		h.ok(err)
		h.ok(h.oidc.Confirm(t.Context(), h.actor, mine, browser, password))
		want(t, "the same subject", h.oidc.Confirm(t.Context(), other, theirs, browser, password), "oidc.taken")
	})
}

func TestExpectedByAnOfficer(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := setup(t, db)
		ctx := t.Context()
		target := func(a identity.Actor) identity.Account {
			return identity.Account{ID: a.ID, Login: a.Login, Grants: a.Grants}
		}
		officer, stranger := h.account("can-bo"), identity.Actor{ID: "x", Grants: []identity.Grant{{Role: identity.CommuneOfficer, PlaceID: "xa-ben"}}}
		expect := func(by identity.Actor, a identity.Actor, number string) error {
			return h.oidc.Expect(ctx, by, target(a), "/vn/tinh/xa/", "thu", number)
		}
		h.ok(h.db.Write(ctx, func(tx *store.Tx) error {
			_, err := tx.Exec(ctx, `INSERT INTO place_parent (place_id, parent_id, path, valid_from, valid_to) VALUES ('xa', 'tinh', '/vn/tinh/xa/', '0001-01-01', '9999-12-31')`)
			return err
		}))
		want(t, "of the neighbour", expect(stranger, h.actor, "025090000001"), "denied.manage_accounts")
		want(t, "of himself", expect(officer, officer, "025090000001"), "account.own")
		for _, number := range []string{"", "12345678901", "02509000000a", "0250900000011"} {
			want(t, "number "+number, expect(officer, h.actor, number), "invalid")
		}
		h.ok(expect(officer, h.actor, "025 090 000 001"))
		want(t, "the same number for another", expect(officer, h.account("khac"), "025090000001"), "oidc.expected_elsewhere")
		for _, column := range []string{`SELECT count(*) FROM identity_expected WHERE number_hash LIKE '%025090%'`, `SELECT count(*) FROM journal WHERE CAST(after AS text) LIKE '%025090%' OR CAST(before AS text) LIKE '%025090%'`} {
			if h.count(column) != 0 {
				t.Errorf("the number lies open: %s", column)
			}
		}
		h.bad.claims = map[string]any{"SoDinhDanh": "025090000009"}
		if token, offer, err := h.enter(); err != nil || token != "" || offer == "" {
			t.Errorf("another number: %q, %v", token, err)
		}
		h.bad.claims = nil
		token, _, err := h.enter()
		h.ok(err)
		if a, err := h.ids.Session(ctx, token, from.Address); err != nil || a.ID != h.actor.ID {
			t.Errorf("%+v, %v", a, err)
		}
		links, err := h.oidc.Links(ctx, h.actor)
		if err != nil || len(links) != 1 || links[0].ByID != officer.ID {
			t.Errorf("%+v, %v", links, err)
		}
		want(t, "beside the owner's own", expect(officer, h.actor, "025090000005"), "oidc.has_own")
		if n := h.count(`SELECT count(*) FROM identity_expected`); n != 0 {
			t.Errorf("%d still expected", n)
		}
	})
}

// What a provider, or somebody in between, may say wrongly: each is refused without a session, a link or an offer.
func TestHostileProvider(t *testing.T) {
	stranger, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	claim := func(name string, value any) func(h *house) {
		return func(h *house) { h.bad.claims = map[string]any{name: value} }
	}
	at := func(path string, f http.HandlerFunc) func(h *house) {
		return func(h *house) { h.bad.detour[path] = f }
	}
	past := func(d time.Duration) int64 { return time.Date(2026, 11, 18, 8, 0, 0, 0, store.Zone).Add(d).Unix() }
	var elsewhere atomic.Int32
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { elsewhere.Add(1); say(w, map[string]any{}) }))
	defer other.Close()
	lead := func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, other.URL+"/token", http.StatusTemporaryRedirect)
	}
	hang := func(w http.ResponseWriter, r *http.Request) { _ = r.ParseForm(); <-r.Context().Done() } // a server sees that a caller left only after his body
	const d, u = "oidc.distrusted", "oidc.unreachable"
	for name, c := range map[string]struct {
		do   func(h *house)
		want string
	}{
		"another nonce":               {claim("nonce", "x"), d},
		"no nonce":                    {claim("nonce", nil), d},
		"for another client":          {claim("aud", "other"), d},
		"for two clients":             {claim("aud", []string{clientID, "other"}), d},
		"to another party":            {func(h *house) { h.bad.claims = map[string]any{"aud": []string{clientID, "other"}, "azp": "other"} }, d},
		"of another issuer":           {claim("iss", "https://evil.example"), d},
		"of the issuer with a slash":  {func(h *house) { h.bad.claims = map[string]any{"iss": h.bad.server.URL + "/"} }, d},
		"run out":                     {claim("exp", past(-2*time.Minute)), d},
		"without an end":              {claim("exp", nil), d},
		"of tomorrow":                 {claim("iat", past(2*time.Minute)), d},
		"not yet":                     {claim("nbf", past(time.Hour)), d},
		"without a subject":           {claim("sub", nil), d},
		"a subject that is no text":   {claim("sub", 12), d},
		"a subject without an end":    {claim("sub", strings.Repeat("a", 5000)), d},
		"of another access token":     {claim("at_hash", "AAAAAAAAAAAAAAAAAAAAAA"), d},
		"at a level too low":          {claim("acr", "LoA1"), "oidc.acr"},
		"at no level":                 {claim("acr", nil), "oidc.acr"},
		"unsigned":                    {func(h *house) { h.bad.alg = "none" }, d},
		"signed by the shared secret": {func(h *house) { h.bad.alg = "HS256" }, d},
		"signed by another alg":       {func(h *house) { h.bad.alg = "RS512" }, d},
		"signed by a stranger":        {func(h *house) { h.bad.by = stranger }, d},
		"changed after": {func(h *house) {
			h.bad.forge = func(s string) string {
				part := strings.Split(s, ".")
				return part[0] + "." + enc([]byte(`{"sub":"x"}`)) + "." + part[2]
			}
		}, d},
		"no token": {at("/token", func(w http.ResponseWriter, r *http.Request) {
			say(w, map[string]any{"access_token": "x", "token_type": "Bearer"})
		}), d},
		"junk for a token":          {at("/token", func(w http.ResponseWriter, r *http.Request) { _, _ = w.Write([]byte("<html>")) }), u},
		"an error for a token":      {at("/token", func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(500) }), u},
		"a token that leads away":   {at("/token", lead), u},
		"keys that lead away":       {at("/jwks", lead), d},
		"discovery that leads away": {at("/.well-known/openid-configuration", lead), u},
		"no keys":                   {at("/jwks", func(w http.ResponseWriter, r *http.Request) { say(w, map[string]any{"keys": []any{}}) }), d},
		"endless discovery":         {at("/.well-known/openid-configuration", endless), u},
		"endless token":             {at("/token", endless), u},
		"endless keys":              {at("/jwks", endless), d},
		"silent discovery":          {at("/.well-known/openid-configuration", hang), u},
		"silent token":              {at("/token", hang), u},
		"user info that leads away": {func(h *house) { h.bad.claims = map[string]any{"HoVaTen": nil}; h.bad.detour["/me"] = lead }, u},
		"user info of another": {func(h *house) {
			h.bad.claims = map[string]any{"HoVaTen": nil}
			h.bad.info = map[string]any{"sub": "người-2", "HoVaTen": "Kẻ Lạ"}
		}, d},
	} {
		t.Run(name, func(t *testing.T) {
			h := setup(t, storetest.SQLite(t))
			_, offer, err := h.enter() // the honest way works, and somebody is linked
			h.ok(err)
			h.ok(h.oidc.Confirm(t.Context(), h.actor, offer, browser, password))
			h.use(settings(t, h.bad.server.URL, "")) // nothing learned
			c.do(h)
			sessions := h.count(`SELECT count(*) FROM session`)
			began := time.Now()
			token, offer, err := h.enter()
			want(t, name, err, c.want)
			if token != "" || offer != "" || h.count(`SELECT count(*) FROM session`) != sessions {
				t.Error("something was opened")
			}
			if took := time.Since(began); took > 5*time.Second {
				t.Errorf("it took %s", took)
			}
		})
	}
	if n := elsewhere.Load(); n != 0 {
		t.Errorf("%d requests went elsewhere", n)
	}
}

func TestDiscoveryOfOtherHosts(t *testing.T) {
	for name, change := range map[string]map[string]any{
		"token":     {"token_endpoint": "https://evil.example/token"},
		"keys":      {"jwks_uri": "https://evil.example/jwks"},
		"sign-in":   {"authorization_endpoint": "https://evil.example/auth"},
		"sign-out":  {"end_session_endpoint": "https://evil.example/out"},
		"user info": {"userinfo_endpoint": "http://169.254.169.254/latest"},
		"a file":    {"jwks_uri": "file:///etc/passwd"},
		"a script":  {"authorization_endpoint": "javascript:alert(1)"},
		"issuer":    {"issuer": "https://evil.example"},
		"nothing":   {"token_endpoint": ""},
	} {
		h := setup(t, storetest.SQLite(t))
		at := h.bad.server.URL
		h.bad.detour["/.well-known/openid-configuration"] = func(w http.ResponseWriter, r *http.Request) {
			doc := map[string]any{"issuer": at, "authorization_endpoint": at + "/auth", "token_endpoint": at + "/token", "jwks_uri": at + "/jwks"}
			for k, v := range change {
				doc[k] = v
			}
			say(w, doc)
		}
		_, err := h.come()
		want(t, name, err, "oidc.unreachable")
	}
}

// Each answer is taken once, from the browser that asked, for the provider it was asked of.
func TestFlows(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := setup(t, db)
		ctx := t.Context()
		second := settings(t, h.bad.server.URL, "")
		second.ID = "thu-hai"
		h.use(settings(t, h.bad.server.URL, ""), second)
		address, _, sealed, err := h.oidc.Begin(ctx, "thu", redirect, "/viec")
		h.ok(err)
		brought := h.bad.agree(address)
		_, _, another, err := h.oidc.Begin(ctx, "thu", redirect, "/viec")
		h.ok(err)
		finish := func(id, sealed string, change ...string) error {
			q := url.Values{}
			for k, v := range brought {
				q[k] = v
			}
			for i := 0; i+1 < len(change); i += 2 {
				if q.Set(change[i], change[i+1]); change[i+1] == "" {
					q.Del(change[i])
				}
			}
			_, _, err := h.oidc.Finish(ctx, id, sealed, q)
			return err
		}
		want(t, "without the browser", finish("thu", ""), "ceremony.over")
		want(t, "another flow of the browser", finish("thu", another), "ceremony.over")
		want(t, "another state", finish("thu", sealed, "state", "x"), "ceremony.over")
		want(t, "no state", finish("thu", sealed, "state", ""), "ceremony.over")
		want(t, "at another provider's address", finish("thu-hai", sealed), "oidc.distrusted")
		want(t, "unknown provider", finish("khac", sealed), "not_found.provider")
		h.ok(finish("thu", sealed))
		want(t, "the same again", finish("thu", sealed), "ceremony.used")
		if n := h.bad.calls["/token"]; n != 1 {
			t.Errorf("the code was sent %d times", n)
		}

		for change, key := range map[string]string{"iss=https://evil.example": "oidc.distrusted", "iss=": "oidc.distrusted", "error=access_denied": "oidc.said.access_denied",
			"error=<b>": "oidc.said.other", "code=x": "oidc.said.invalid_grant"} {
			address, _, sealed, err = h.oidc.Begin(ctx, "thu", redirect, "/viec")
			h.ok(err)
			brought = h.bad.agree(address)
			name, value, _ := strings.Cut(change, "=")
			want(t, change, finish("thu", sealed, name, value), key)
		}
		address, _, sealed, err = h.oidc.Begin(ctx, "thu", redirect, "/viec")
		h.ok(err)
		brought = h.bad.agree(address)
		h.at = h.at.Add(oidc.Life)
		want(t, "too late", finish("thu", sealed), "ceremony.over")
	})
}

// A code that was given for another flow is refused by the verifier of PKCE, which the provider checks, or by the nonce.
func TestStolenCode(t *testing.T) {
	h := setup(t, storetest.SQLite(t))
	victim, _, _, err := h.oidc.Begin(t.Context(), "thu", redirect, "")
	h.ok(err)
	stolen := h.bad.agree(victim).Get("code")
	address, _, sealed, err := h.oidc.Begin(t.Context(), "thu", redirect, "")
	h.ok(err)
	brought := h.bad.agree(address)
	brought.Set("code", stolen)
	_, _, err = h.oidc.Finish(t.Context(), "thu", sealed, brought)
	want(t, "a stolen code", err, "oidc.said.invalid_grant")
}

// Without discovery, and with claims of the user info.
func TestStaticEndpoints(t *testing.T) {
	h := setup(t, storetest.SQLite(t))
	at := h.bad.server.URL
	more := fmt.Sprintf("[endpoints]\nauthorization = %q\ntoken = %q\njwks = %q\nuserinfo = %q\n", at+"/auth", at+"/token", at+"/jwks", at+"/me")
	h.use(settings(t, h.bad.server.URL, more))
	h.bad.claims = map[string]any{"HoVaTen": nil}
	h.bad.info = map[string]any{"sub": "người-1", "HoVaTen": "Nguyễn Thị Thử", "acr": "LoA9"}
	who, err := h.come()
	h.ok(err)
	if who.Name != "Nguyễn Thị Thử" || who.Number != "025090000001" || !who.MFA || h.bad.calls["/.well-known/openid-configuration"] != 0 {
		t.Errorf("%+v after %v", who, h.bad.calls)
	}
	if h.oidc.EndSession(t.Context(), "thu", "https://x") != "" {
		t.Error("an address for signing out out of nowhere")
	}
	h.use(settings(t, h.bad.server.URL, ""))
	if to := h.oidc.EndSession(t.Context(), "thu", "https://x/"); to != at+"/out?client_id=hoctap&post_logout_redirect_uri=https%3A%2F%2Fx%2F" {
		t.Error(to)
	}
}

func TestSettings(t *testing.T) {
	dir := t.TempDir()
	write := func(name, body string, mode os.FileMode) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(body), mode); err != nil {
			t.Fatal(err)
		}
	}
	write("open", "x", 0o644)
	write("pem", "no certificate", 0o600)
	good := "name = \"A\"\nissuer = \"https://a.example\"\nclient_id = \"c\"\n"
	for body, names := range map[string][]string{
		"":                                                 {"name", "issuer", "client_id"},
		good + "scope = \"openid\"":                        {"scope"},
		good + "secret_file = \"nichts\"":                  {"secret_file"},
		good + "secret_file = \"open\"":                    {"secret_file"},
		good + "ca_file = \"pem\"":                         {"ca_file"},
		good + "algs = [\"none\"]":                         {"algs"},
		good + "algs = [\"HS256\"]":                        {"algs"},
		good + "auth = \"x\"":                              {"auth"},
		good + "skew = \"1h\"":                             {"skew"},
		good + "timeout = \"1h\"":                          {"timeout"},
		good + "[endpoints]\ntoken = \"http://a.example\"": {"endpoints.token", "endpoints.authorization", "endpoints.jwks"},
		"name = ":                                          {"toml"},
		strings.Replace(good, "https://a", "http://a", 1):  {"issuer"},
	} {
		write("a.toml", body, 0o600)
		_, err := oidc.Load(dir)
		f, _ := fault.As(err)
		if f == nil {
			t.Errorf("%q: %v", body, err)
			continue
		}
		for _, name := range names {
			if !strings.Contains(f.Error(), "a.toml: "+name) {
				t.Errorf("%q: %v lacks %s", body, f, name)
			}
		}
	}
	write("a.toml", good, 0o600)
	if list, err := oidc.Load(dir); err != nil || len(list) != 1 || list[0].ID != "a" {
		t.Errorf("%+v, %v", list, err)
	}
	if _, err := oidc.Load(t.TempDir()); err == nil {
		t.Error("an empty folder")
	}
}
