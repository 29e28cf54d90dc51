// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package passkey_test

import (
	"bytes"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/identity/ceremony"
	"hoctap/internal/identity/passkey"
	"hoctap/internal/identity/passkey/passkeytest"
	"hoctap/internal/keyring"
	"hoctap/internal/store"
	"hoctap/internal/store/storetest"
)

const (
	password = "giữ lửa học tập 26"
	origin   = "https://hoctap.example.vn"
	browser  = "the cookie of one browser"
)

var from = identity.Client{Address: "10.0.0.1:999", Agent: "test"}

type house struct {
	*testing.T
	db    *store.DB
	at    time.Time
	ids   *identity.Service
	keys  *passkey.Service
	party passkey.Party
	actor identity.Actor
}

func setup(t *testing.T, db *store.DB) *house {
	t.Helper()
	h := &house{T: t, db: db, at: time.Date(2026, 11, 18, 8, 0, 0, 0, store.Zone)}
	now := func() time.Time { return h.at }
	h.ids = identity.New(db, now)
	h.keys = passkey.New(db, h.ids, ceremony.New(keyring.Fresh(), now), now)
	h.party, _ = passkey.PartyOf(origin)
	h.actor = h.account("hang")
	return h
}

func (h *house) account(login string) identity.Actor {
	h.Helper()
	id, err := h.ids.Create(h.Context(), identity.System, identity.Draft{Login: login, Name: "Người " + login, Password: password,
		Grant: identity.Grant{Role: identity.CommuneOfficer, PlaceID: "xa"}, Path: "/vn/tinh/xa/"})
	h.ok(err)
	return identity.Actor{ID: id, Login: login, Name: "Người " + login, Address: from.Address}
}

func (h *house) ok(err error) {
	h.Helper()
	if err != nil {
		h.Fatal(err)
	}
}

// add registers d for the actor.
func (h *house) add(by identity.Actor, d *passkeytest.Device) (passkey.Key, error) {
	h.Helper()
	options, sealed, err := h.keys.BeginAdd(h.Context(), by, h.party, password)
	h.ok(err)
	return h.keys.Add(h.Context(), by, h.party, sealed, "Máy cơ quan", d.Make(options))
}

func (h *house) enter(d *passkeytest.Device) (string, error) {
	h.Helper()
	options, sealed, err := h.keys.BeginSignIn(h.party, browser)
	h.ok(err)
	o, err := h.keys.SignIn(h.Context(), h.party, browser, sealed, d.Sign(options), from)
	return o.Token, err
}

func (h *house) notes(act string) (n int) {
	h.Helper()
	n, _, err := store.One(h.Context(), h.db.Read(), store.Value[int], `SELECT count(*) FROM journal WHERE thing = 'account' AND thing_id = $1 AND act = $2`, h.actor.ID, act)
	h.ok(err)
	return n
}

func want(t *testing.T, what string, err error, key string) {
	t.Helper()
	f, _ := fault.As(err)
	if f == nil || f.Key != key {
		t.Errorf("%s: %v, want %s", what, err, key)
	}
}

func TestKeyFromAddingToRemoval(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := setup(t, db)
		ctx := t.Context()
		phone, stick := passkeytest.New(t, origin), passkeytest.New(t, origin)
		phone.Flags |= passkeytest.Eligible
		stick.Counter = 7
		k, err := h.add(h.actor, phone)
		h.ok(err)
		_, err = h.add(h.actor, stick)
		h.ok(err)
		_, err = h.add(h.actor, phone)
		want(t, "the same key again", err, "passkey.known")
		for range 3 {
			h.at = h.at.Add(time.Minute)
			for _, d := range []*passkeytest.Device{phone, stick} {
				token, err := h.enter(d)
				h.ok(err)
				if a, err := h.ids.Session(ctx, token, from.Address); err != nil || a.ID != h.actor.ID || a.Level != 2 || a.Method != identity.ByPasskey {
					t.Fatalf("the session is %+v, %v", a, err)
				}
			}
		}
		if n := h.notes("sign_in"); n != 6 {
			t.Errorf("%d sign-ins in the journal", n)
		}
		list, err := h.keys.List(ctx, h.actor)
		h.ok(err)
		if len(list) != 2 || !list[0].Synced || list[1].Synced || !list[0].Used.Equal(h.at) || list[0].Name != "Máy cơ quan" {
			t.Errorf("%+v", list)
		}
		h.ok(h.keys.Rename(ctx, h.actor, k.ID, "  Điện thoại "))
		want(t, "no name", h.keys.Rename(ctx, h.actor, k.ID, " "), "invalid")
		want(t, "a long name", h.keys.Rename(ctx, h.actor, k.ID, strings.Repeat("ộ", 61)), "invalid")
		other := h.account("khac")
		want(t, "a stranger's renaming", h.keys.Rename(ctx, other, k.ID, "Của tôi"), "not_found.passkey")
		want(t, "a stranger's removal", h.keys.Remove(ctx, other, k.ID), "not_found.passkey")
		if list, err = h.keys.List(ctx, h.actor); err != nil || list[0].Name != "Điện thoại" {
			t.Errorf("%+v, %v", list, err)
		}
		h.ok(h.keys.Remove(ctx, h.actor, k.ID))
		_, err = h.enter(phone)
		want(t, "a removed key", err, "not_found.passkey_here")
		if _, err = h.enter(stick); err != nil {
			t.Errorf("the other key: %v", err)
		}
		for act, n := range map[string]int{"passkey_add": 2, "passkey_rename": 1, "passkey_remove": 1} {
			if got := h.notes(act); got != n {
				t.Errorf("%s: %d notes, want %d", act, got, n)
			}
		}
	})
}

// What a device or page may say wrongly, each refused without a session or a key.
func TestLyingDevices(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := setup(t, db)
		honest := passkeytest.New(t, origin)
		if _, err := h.add(h.actor, honest); err != nil {
			t.Fatal(err)
		}
		for name, lie := range map[string]func(d *passkeytest.Device){
			"another page":      func(d *passkeytest.Device) { d.Origin = "https://hoctap.example.vn.evil.example" },
			"the page in clear": func(d *passkeytest.Device) { d.Origin = "http://hoctap.example.vn" },
			"another port":      func(d *passkeytest.Device) { d.Origin = origin + ":8443" },
			"another party":     func(d *passkeytest.Device) { d.Party = "example.vn" },
			"nobody verified":   func(d *passkeytest.Device) { d.Flags = passkeytest.Present },
			"nobody present":    func(d *passkeytest.Device) { d.Flags = passkeytest.Verified },
			"another ceremony":  func(d *passkeytest.Device) { d.Type = "payment.get" },
		} {
			d := honest.Clone()
			lie(d)
			_, err := h.enter(d)
			want(t, name+", signing in", err, "passkey.refused")
			fresh := passkeytest.New(t, origin)
			lie(fresh)
			_, err = h.add(h.actor, fresh)
			want(t, name+", adding", err, "passkey.refused")
		}
		d := honest.Clone()
		d.Flags |= passkeytest.Eligible
		_, err := h.enter(d)
		want(t, "a key that became one that is copied", err, "passkey.refused")
		_, err = h.enter(passkeytest.New(t, origin))
		if fault.KindOf(err) == fault.KindInternal {
			t.Error(err)
		}
		for _, body := range []string{"", "{}", "null", "[]", `{"id":"AA","rawId":"AA","type":"public-key","response":{}}`, strings.Repeat("[", 10000)} {
			_, sealed, err := h.keys.BeginSignIn(h.party, browser)
			h.ok(err)
			_, err = h.keys.SignIn(t.Context(), h.party, browser, sealed, []byte(body), from)
			want(t, "junk", err, "passkey.refused")
		}
		if n := h.notes("sign_in"); n != 0 {
			t.Errorf("%d sign-ins", n)
		}
		if list, err := h.keys.List(t.Context(), h.actor); err != nil || len(list) != 1 {
			t.Errorf("%+v, %v", list, err)
		}
	})
}

func TestChallenges(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := setup(t, db)
		ctx := t.Context()
		d := passkeytest.New(t, origin)
		d.Counter = 1
		_, err := h.add(h.actor, d)
		h.ok(err)

		options, sealed, err := h.keys.BeginSignIn(h.party, browser)
		h.ok(err)
		_, another, err := h.keys.BeginSignIn(h.party, browser)
		h.ok(err)
		answer := d.Sign(options)
		try := func(p passkey.Party, browser, sealed string) error {
			_, err := h.keys.SignIn(ctx, p, browser, sealed, answer, from)
			return err
		}
		want(t, "from another browser", try(h.party, "another", sealed), "ceremony.over")
		want(t, "to another challenge", try(h.party, browser, another), "passkey.refused")
		want(t, "to none", try(h.party, browser, ""), "ceremony.over")
		want(t, "to a made-up one", try(h.party, browser, "k1:"+strings.Repeat("A", 200)), "ceremony.over")
		elsewhere, _ := passkey.PartyOf("http://localhost:8080")
		want(t, "at another address", try(elsewhere, browser, sealed), "passkey.refused")
		want(t, "where there is none", try(passkey.Party{}, browser, sealed), "passkey.no_address")
		h.ok(try(h.party, browser, sealed))
		want(t, "twice", try(h.party, browser, sealed), "ceremony.used")
		if list, err := h.keys.List(ctx, h.actor); err != nil || !list[0].Cloned.IsZero() {
			t.Errorf("the same answer twice shut the key: %+v, %v", list, err)
		}

		options, sealed, err = h.keys.BeginSignIn(h.party, browser)
		h.ok(err)
		answer = d.Sign(options)
		h.at = h.at.Add(passkey.Life)
		want(t, "too late", try(h.party, browser, sealed), "ceremony.over")

		asked, sealed, err := h.keys.BeginAdd(ctx, h.actor, h.party, password)
		h.ok(err)
		fresh := passkeytest.New(t, origin)
		made := fresh.Make(asked)
		_, err = h.keys.Add(ctx, h.account("khac"), h.party, sealed, "Máy", made)
		want(t, "another's challenge", err, "ceremony.over")
		_, err = h.keys.Add(ctx, h.actor, h.party, sealed, "Máy", made)
		h.ok(err)
		_, err = h.keys.Add(ctx, h.actor, h.party, sealed, "Máy", made)
		want(t, "added twice", err, "ceremony.used")
		_, _, err = h.keys.BeginAdd(ctx, h.actor, h.party, "không phải")
		want(t, "without the password", err, "invalid")
	})
}

// Many presses at once with one answer open one session.
func TestOneAnswerAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := setup(t, db)
		d := passkeytest.New(t, origin)
		d.Counter = 1
		_, err := h.add(h.actor, d)
		h.ok(err)
		options, sealed, err := h.keys.BeginSignIn(h.party, browser)
		h.ok(err)
		answer := d.Sign(options)
		var wait sync.WaitGroup
		var mu sync.Mutex
		opened := 0
		for range 12 {
			wait.Go(func() {
				_, err := h.keys.SignIn(t.Context(), h.party, browser, sealed, answer, from)
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					opened++
				} else if fault.KindOf(err) != fault.KindConflict {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		if opened != 1 {
			t.Errorf("%d sessions", opened)
		}
	})
}

func TestClonedKeyIsShut(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := setup(t, db)
		d := passkeytest.New(t, origin)
		d.Counter = 4
		_, err := h.add(h.actor, d)
		h.ok(err)
		thief := d.Clone()
		for range 2 {
			_, err = h.enter(d)
			h.ok(err)
		}
		_, err = h.enter(thief)
		want(t, "the copy", err, "passkey.cloned")
		thief.Counter = 1000
		_, err = h.enter(thief)
		want(t, "the copy, ahead", err, "passkey.cloned")
		_, err = h.enter(d)
		want(t, "the owner's", err, "passkey.cloned")
		if list, err := h.keys.List(t.Context(), h.actor); err != nil || list[0].Cloned.IsZero() {
			t.Errorf("%+v, %v", list, err)
		}
		if n := h.notes("passkey_clone"); n != 1 {
			t.Errorf("%d notes", n)
		}
	})
}

func TestClosedAccountAndTooManyKeys(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := setup(t, db)
		d := passkeytest.New(t, origin)
		for i := range passkey.MaxKeys {
			fresh := d
			if i > 0 {
				fresh = passkeytest.New(t, origin)
			}
			_, err := h.add(h.actor, fresh)
			h.ok(err)
		}
		_, _, err := h.keys.BeginAdd(t.Context(), h.actor, h.party, password)
		want(t, "one more", err, "passkey.too_many")
		_, err = h.enter(d)
		h.ok(err)
		h.ok(h.ids.Disable(t.Context(), identity.System, identity.Account{ID: h.actor.ID, Grants: []identity.Grant{{PlaceID: "xa"}}}, "/vn/tinh/xa/", true))
		_, err = h.enter(d)
		want(t, "a closed account", err, "not_found.passkey_here")
	})
}

func TestParties(t *testing.T) {
	for address, ok := range map[string]bool{
		"https://hoctap.phutho.gov.vn": true, "https://hoctap.phutho.gov.vn/": true, "https://hoctap.phutho.gov.vn:8443": true, "http://localhost:8080": true,
		"http://xa.localhost:8080": true, "http://127.0.0.1:8080": false, "https://10.0.0.1": false, "https://[::1]": false, "http://hoctap.phutho.gov.vn": false, "": false,
		"https://hoctap": false, "ftp://localhost": false, "https://a@hoctap.vn": false, "https://hoctap.vn/x": false, "https://hoctap.vn?x": false, "://": false,
	} {
		if _, got := passkey.PartyOf(address); got != ok {
			t.Errorf("%q: %v", address, got)
		}
	}
}

func FuzzSignInAnswers(f *testing.F) {
	db := storetest.SQLite(f)
	now := time.Now
	ids := identity.New(db, now)
	keys := passkey.New(db, ids, ceremony.New(keyring.Fresh(), now), now)
	party, _ := passkey.PartyOf(origin)
	options, sealed, err := keys.BeginSignIn(party, browser)
	if err != nil {
		f.Fatal(err)
	}
	d := passkeytest.New(f, origin)
	f.Add(d.Sign(options))
	f.Add(bytes.ReplaceAll(d.Sign(options), []byte("public-key"), []byte("x")))
	f.Fuzz(func(t *testing.T, answer []byte) {
		if _, err := keys.SignIn(t.Context(), party, browser, sealed, answer, from); err == nil || fault.KindOf(err) == fault.KindInternal {
			t.Fatal(fmt.Sprint(err))
		}
	})
}
