// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package identity_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/store"
	"hoctap/internal/store/storetest"
)

// person signs in from a browser of its own and gives back the actor.
func person(t *testing.T, s *identity.Service, login, password string) identity.Actor {
	t.Helper()
	token, err := enter(s, login, password, "10.0.0.1:1")
	if err != nil {
		t.Fatal(err)
	}
	return session(t, s, token)
}

func session(t *testing.T, s *identity.Service, token string) identity.Actor {
	t.Helper()
	a, err := s.Session(context.Background(), token, "10.0.0.1:1")
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// enrol gives an account an app, and returns its secret, the printed codes and the token by which the session goes on.
func enrol(t *testing.T, s *identity.Service, c *clock, by identity.Actor) (secret string, codes []string, token string) {
	t.Helper()
	ctx := context.Background()
	if err := s.BeginTOTP(ctx, by); err != nil {
		t.Fatal(err)
	}
	f, err := s.SecondFactor(ctx, by)
	if err != nil || f.Secret == "" || !strings.HasPrefix(f.Address, "otpauth://totp/Hoc%20Tap:hang?") {
		t.Fatalf("%+v, %v", f, err)
	}
	codes, token, err = s.ConfirmTOTP(ctx, by, password, identity.CodeAt(f.Secret, c.at))
	if err != nil {
		t.Fatal(err)
	}
	return f.Secret, codes, token
}

func kind(t *testing.T, what string, err error, want fault.Kind) {
	t.Helper()
	if err == nil || fault.KindOf(err) != want {
		t.Errorf("%s: %v", what, err)
	}
}

var firefox = identity.Client{Address: "10.0.0.1:1", Agent: "Firefox"}

func TestSecondStep(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		s, c := setup(t, db)
		first := person(t, s, "hang", password)
		other, _ := enter(s, "hang", password, "10.0.0.7:1")
		secret, codes, token := enrol(t, s, c, first)
		if len(codes) != 10 {
			t.Fatalf("%d printed codes", len(codes))
		}
		if a := session(t, s, token); a.Level != 2 || a.Method != identity.ByCode || a.Session != first.Session {
			t.Errorf("the session that went on: %+v", a)
		}
		if _, err := s.Session(ctx, other, ""); err == nil {
			t.Error("a session from before the second factor still opens")
		}
		kind(t, "a second app", s.BeginTOTP(ctx, first), fault.KindConflict)
		if stored, _, _ := store.One(ctx, db.Read(), store.Value[string], `SELECT secret FROM totp`); strings.Contains(stored, secret) || !strings.HasPrefix(stored, "k1:") {
			t.Errorf("the secret is kept as %q", stored)
		}

		o, err := s.SignIn(ctx, "hang", password, firefox)
		if err != nil || o.Token != "" || o.Pending == "" || o.Device != "" {
			t.Fatalf("a password alone opens: %+v, %v", o, err)
		}
		if _, err := s.Session(ctx, o.Pending, ""); err == nil {
			t.Error("the token of the second step is a session")
		}
		_, err = s.SecondStep(ctx, o.Pending, identity.CodeAt(secret, c.at), firefox)
		kind(t, "the code of the set-up again", err, fault.KindInvalid)
		c.at = c.at.Add(31 * time.Second)
		in, err := s.SecondStep(ctx, o.Pending, identity.CodeAt(secret, c.at), firefox)
		if err != nil || in.Token == "" || in.Device == "" {
			t.Fatalf("a right code: %+v, %v", in, err)
		}
		if a := session(t, s, in.Token); a.Level != 2 || a.Method != identity.ByCode || a.MustEnrol {
			t.Errorf("%+v", a)
		}
		_, err = s.SecondStep(ctx, o.Pending, identity.CodeAt(secret, c.at), firefox)
		kind(t, "the step again", err, fault.KindNotFound)
		o, _ = s.SignIn(ctx, "hang", password, firefox)
		_, err = s.SecondStep(ctx, o.Pending, identity.CodeAt(secret, c.at), firefox)
		kind(t, "the code again", err, fault.KindInvalid)
		_, err = s.SecondStep(ctx, o.Pending, identity.CodeAt(secret, c.at.Add(-30*time.Second)), firefox)
		kind(t, "an older code", err, fault.KindInvalid)
		if _, err := s.SecondStep(ctx, o.Pending, identity.CodeAt(secret, c.at.Add(30*time.Second)), firefox); err != nil {
			t.Errorf("the code of a clock that is half a minute fast: %v", err)
		}

		// printed codes
		c.at = c.at.Add(time.Hour)
		o, _ = s.SignIn(ctx, "hang", password, firefox)
		in, err = s.SecondStep(ctx, o.Pending, " "+strings.ToUpper(codes[3])+" ", firefox)
		if err != nil {
			t.Fatal(err)
		}
		by := session(t, s, in.Token)
		if by.Method != identity.ByRecovery || by.Level != 2 {
			t.Errorf("%+v", by)
		}
		o, _ = s.SignIn(ctx, "hang", password, firefox)
		_, err = s.SecondStep(ctx, o.Pending, codes[3], firefox)
		kind(t, "a printed code again", err, fault.KindInvalid)
		fresh, err := s.NewRecovery(ctx, by, password, codes[4])
		if err != nil || len(fresh) != 10 {
			t.Fatal(err)
		}
		_, err = s.SecondStep(ctx, o.Pending, codes[5], firefox)
		kind(t, "a code of the old list", err, fault.KindInvalid)

		// taking it away
		_, err = s.RemoveTOTP(ctx, by, "sai", fresh[0])
		kind(t, "without the password", err, fault.KindInvalid)
		_, err = s.RemoveTOTP(ctx, by, password, "000000")
		kind(t, "without a code", err, fault.KindInvalid)
		token, err = s.RemoveTOTP(ctx, by, password, fresh[0])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Session(ctx, in.Token, ""); err == nil {
			t.Error("the token from before still opens")
		}
		if a := session(t, s, token); a.Level != 1 {
			t.Errorf("the level stays: %+v", a)
		}
		if o, err := s.SignIn(ctx, "hang", password, firefox); err != nil || o.Token == "" {
			t.Errorf("a password alone: %+v, %v", o, err)
		}
	})
}

func TestPendingEnds(t *testing.T) {
	ctx := context.Background()
	s, c := setup(t, storetest.SQLite(t))
	secret, _, _ := enrol(t, s, c, person(t, s, "hang", password))
	c.at = c.at.Add(time.Minute)
	o, _ := s.SignIn(ctx, "hang", password, firefox)
	c.at = c.at.Add(identity.PendingLife)
	_, err := s.SecondStep(ctx, o.Pending, identity.CodeAt(secret, c.at), firefox)
	kind(t, "too late", err, fault.KindNotFound)
	_, err = s.SecondStep(ctx, "", "000000", firefox)
	kind(t, "never begun", err, fault.KindNotFound)
	o, _ = s.SignIn(ctx, "hang", password, firefox)
	hang := identity.Account{ID: person2(t, s), Login: "hang", Grants: []identity.Grant{{Role: identity.CommuneOfficer, PlaceID: "xa"}}}
	if err := s.Disable(ctx, identity.System, hang, "/vn/tinh/xa/", true); err != nil {
		t.Fatal(err)
	}
	_, err = s.SecondStep(ctx, o.Pending, identity.CodeAt(secret, c.at), firefox)
	kind(t, "closed meanwhile", err, fault.KindNotFound)
}

func person2(t *testing.T, s *identity.Service) string {
	t.Helper()
	list, err := s.At(context.Background(), "xa")
	if err != nil || len(list) == 0 {
		t.Fatal(err)
	}
	return list[0].ID
}

// Guesses at the code are few in one sign-in, few in all sign-ins of strangers together, and none of it holds up the owner's browser.
func TestGuessingCodes(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		s, c := setup(t, db)
		known, err := s.SignIn(ctx, "hang", password, firefox)
		if err != nil || known.Device == "" {
			t.Fatal(err)
		}
		home := identity.Client{Address: "10.0.0.1:1", Device: known.Device}
		secret, _, _ := enrol(t, s, c, session(t, s, known.Token))
		c.at = c.at.Add(time.Minute)

		o, _ := s.SignIn(ctx, "hang", password, firefox)
		var tried, passed atomic.Int32
		var all sync.WaitGroup
		for i := range 30 {
			all.Go(func() {
				from := identity.Client{Address: fmt.Sprintf("10.1.%d.1:1", i)}
				_, err := s.SecondStep(ctx, o.Pending, "12345", from)
				if err == nil {
					passed.Add(1)
				} else if fault.KindOf(err) == fault.KindInvalid {
					tried.Add(1)
				}
			})
		}
		all.Wait()
		if passed.Load() > 0 || tried.Load() > 5 {
			t.Errorf("%d guesses were looked at in one sign-in, %d passed", tried.Load(), passed.Load())
		}

		looked := 0
		for i := range 120 { // many addresses with the right password
			from := identity.Client{Address: fmt.Sprintf("10.2.%d.1:1", i)}
			o, err := s.SignIn(ctx, "hang", password, from)
			if err != nil {
				continue
			}
			for range 4 {
				if _, err := s.SecondStep(ctx, o.Pending, "000000", from); fault.KindOf(err) == fault.KindInvalid {
					looked++
				}
			}
		}
		if looked > 25 {
			t.Errorf("%d guesses of strangers were looked at", looked)
		}
		o, err = s.SignIn(ctx, "hang", password, home)
		if err != nil {
			t.Fatalf("the owner's browser: %v", err)
		}
		if _, err := s.SecondStep(ctx, o.Pending, identity.CodeAt(secret, c.at), home); err != nil {
			t.Errorf("the owner's browser at the second step: %v", err)
		}
	})
}

// A thousand strangers at one account leave the owner's known browser alone, leave a new browser at a new address its tries, and come by few guesses.
func TestDistributedGuessing(t *testing.T) {
	ctx := context.Background()
	s, _ := setup(t, storetest.SQLite(t))
	known, err := s.SignIn(ctx, "hang", password, firefox)
	if err != nil {
		t.Fatal(err)
	}
	looked := 0
	for i := range 60 {
		for range 6 {
			if _, err := s.SignIn(ctx, "hang", "sai", identity.Client{Address: fmt.Sprintf("[2001:db8:%x::1]:1", i)}); fault.KindOf(err) == fault.KindInvalid {
				looked++
			}
		}
	}
	if looked > 45+2*60 {
		t.Errorf("%d guesses were looked at", looked)
	}
	if _, err := s.SignIn(ctx, "hang", password, identity.Client{Address: "[2001:db8:1::99]:1", Device: known.Device}); err != nil {
		t.Errorf("the owner's browser at a guesser's own network: %v", err)
	}
	if _, err := s.SignIn(ctx, "hang", password, identity.Client{Address: "10.9.9.9:1"}); err != nil {
		t.Errorf("the owner with a new browser: %v", err)
	}
	for range 5 {
		_, err = s.SignIn(ctx, "hang", "sai", identity.Client{Address: "10.0.0.1:1", Device: known.Device})
		kind(t, "a wrong password in the owner's browser", err, fault.KindInvalid)
	}
	_, err = s.SignIn(ctx, "hang", password, identity.Client{Address: "10.0.0.1:1", Device: known.Device})
	kind(t, "the owner's browser guesses too", err, fault.KindTooMuch)
	_, err = s.SignIn(ctx, "hang", "sai", identity.Client{Address: "10.0.0.2:1", Device: known.Device[:len(known.Device)-1] + "x"})
	kind(t, "a forged mark is a stranger's", err, fault.KindInvalid)
}

// A password that is tried on many accounts stops at the address.
func TestSprayingIsBraked(t *testing.T) {
	ctx := context.Background()
	s, c := setup(t, storetest.SQLite(t))
	looked := 0
	for i := range 100 {
		if _, err := s.SignIn(ctx, fmt.Sprintf("nguoi%d", i), "sai", identity.Client{Address: "10.0.0.66:1"}); fault.KindOf(err) == fault.KindInvalid {
			looked++
		}
	}
	if looked > 61 {
		t.Errorf("%d accounts were tried", looked)
	}
	c.at = c.at.Add(61 * time.Second)
	if _, err := s.SignIn(ctx, "hang", password, identity.Client{Address: "10.0.0.66:1"}); err != nil {
		t.Errorf("a neighbour behind the same address, a minute later: %v", err)
	}
}

// Whoever asks learns nothing of an account: the answer and the work are the same.
func TestNobodyLearnsWhichAccountsThereAre(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		s, _ := setup(t, db)
		closed, err := s.Create(ctx, identity.System, identity.Draft{Login: "dong", Name: "Đã Đóng", Password: password, Grant: identity.Grant{Role: identity.Viewer, PlaceID: "xa"}, Path: "/vn/tinh/xa/"})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Disable(ctx, identity.System, identity.Account{ID: closed, Login: "dong", Grants: []identity.Grant{{Role: identity.Viewer, PlaceID: "xa"}}}, "/vn/tinh/xa/", true); err != nil {
			t.Fatal(err)
		}
		var answers []string
		for i, try := range [][2]string{{"hang", "sai"}, {"khong-co", "sai"}, {"dong", "sai"}, {"dong", password}} {
			var err error
			n := identity.Hashed(func() {
				_, err = s.SignIn(ctx, try[0], try[1], identity.Client{Address: fmt.Sprintf("10.0.1.%d:1", i)})
			})
			if err == nil || n != 1 {
				t.Fatalf("%v: %d hashes, %v", try, n, err)
			}
			answers = append(answers, err.Error())
		}
		for _, a := range answers {
			if a != answers[0] {
				t.Errorf("%q and %q differ", a, answers[0])
			}
		}
		for _, login := range []string{"hang", "khong-co", "dong"} {
			n := 0
			for range 8 {
				if _, err := s.SignIn(ctx, login, "sai", identity.Client{Address: "10.0.2.1:1"}); fault.KindOf(err) == fault.KindInvalid {
					n++
				}
			}
			if n != 5 {
				t.Errorf("%s is braked after %d tries", login, n)
			}
		}
	})
}

func TestPasswordChange(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		s, c := setup(t, db)
		o, _ := s.SignIn(ctx, "hang", password, firefox)
		elsewhere, _ := enter(s, "hang", password, "10.0.0.7:1")
		a := session(t, s, o.Token)
		if !a.MustChange {
			t.Error("a password set by someone else must be changed")
		}
		_, err := s.ChangePassword(ctx, a, "sai", "Một câu dài và mới 1")
		kind(t, "a wrong old one", err, fault.KindInvalid)
		_, err = s.ChangePassword(ctx, a, password, "một câu dài và mới 1")
		kind(t, "no capital", err, fault.KindInvalid)
		_, err = s.ChangePassword(ctx, a, password, password)
		kind(t, "the same", err, fault.KindInvalid)
		token, err := s.ChangePassword(ctx, a, password, "Một câu dài và mới 0")
		if err != nil {
			t.Fatal(err)
		}
		for _, old := range []string{o.Token, elsewhere} {
			if _, err := s.Session(ctx, old, ""); err == nil {
				t.Error("a session from before still opens")
			}
		}
		a = session(t, s, token)
		if a.MustChange {
			t.Error("it must be changed again")
		}
		for i := 1; i <= 10; i++ {
			c.at = c.at.Add(time.Minute)
			if token, err = s.ChangePassword(ctx, a, fmt.Sprintf("Một câu dài và mới %d", i-1), fmt.Sprintf("Một câu dài và mới %d", i)); err != nil {
				t.Fatal(err)
			}
			a = session(t, s, token)
		}
		for i := 1; i <= 10; i++ { // the last ten, the present one among them
			_, err := s.ChangePassword(ctx, a, "Một câu dài và mới 10", fmt.Sprintf("Một câu dài và mới %d", i))
			if err == nil || !strings.Contains(err.Error(), "password.used") {
				t.Errorf("number %d was taken again: %v", i, err)
			}
			c.at = c.at.Add(2 * time.Hour) // past the brake on the own password
			a = person(t, s, "hang", "Một câu dài và mới 10")
		}
		if _, err := s.ChangePassword(ctx, a, "Một câu dài và mới 10", "Một câu dài và mới 0"); err != nil {
			t.Errorf("the eleventh: %v", err)
		}
		if n, _, _ := store.One(ctx, db.Read(), store.Value[int], `SELECT count(*) FROM password_past`); n > 10 {
			t.Errorf("%d hashes are kept", n)
		}
	})
}

// Whoever finds an open browser does not guess the password there.
func TestOwnPasswordIsBraked(t *testing.T) {
	ctx := context.Background()
	s, c := setup(t, storetest.SQLite(t))
	a := person(t, s, "hang", password)
	for range 5 {
		_, err := s.ChangePassword(ctx, a, "sai", "Một câu dài và mới 1")
		kind(t, "a guess", err, fault.KindInvalid)
	}
	_, err := s.ChangePassword(ctx, a, password, "Một câu dài và mới 1")
	kind(t, "after five guesses", err, fault.KindTooMuch)
	c.at = c.at.Add(time.Minute)
	a = person(t, s, "hang", password)
	if _, err := s.ChangePassword(ctx, a, password, "Một câu dài và mới 1"); err != nil {
		t.Error(err)
	}
}

func TestHashIsRenewed(t *testing.T) {
	ctx := context.Background()
	db := storetest.SQLite(t)
	s, _ := setup(t, db)
	weak := identity.WeakHash(password)
	if err := db.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE account SET password_hash = $1`, weak)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	person(t, s, "hang", password)
	got, _, _ := store.One(ctx, db.Read(), store.Value[string], `SELECT password_hash FROM account`)
	if got == weak || !strings.Contains(got, "m=19456,t=2") {
		t.Errorf("the hash is still %s", got)
	}
	person(t, s, "hang", password)
}
