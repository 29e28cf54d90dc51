// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package identity_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/store"
	"hoctap/internal/store/storetest"
)

// add makes an account and returns it as pages know it.
func add(t *testing.T, s *identity.Service, login string, role identity.Role, place, path string) identity.Account {
	t.Helper()
	g := identity.Grant{Role: role, PlaceID: place}
	id, err := s.Create(context.Background(), identity.System, identity.Draft{Login: login, Name: "Người " + login, Password: password, Grant: g, Path: path})
	if err != nil {
		t.Fatal(err)
	}
	return identity.Account{ID: id, Login: login, Name: "Người " + login, Grants: []identity.Grant{g}}
}

// places writes the paths of the places that these tests speak of.
func places(t *testing.T, db *store.DB) {
	t.Helper()
	err := db.Write(context.Background(), func(tx *store.Tx) error {
		for id, path := range map[string]string{"xa": "/vn/tinh/xa/", "khu": "/vn/tinh/xa/khu/", "khu2": "/vn/tinh/xa/khu2/", "khu9": "/vn/tinh/xa2/khu9/"} {
			if _, err := tx.Exec(context.Background(), `INSERT INTO place_parent (place_id, valid_from, valid_to, parent_id, path) VALUES ($1, $2, $3, '', $4)`, id, store.Always, store.Still, path); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func find(t *testing.T, s *identity.Service, place, login string) identity.Account {
	t.Helper()
	list, err := s.At(context.Background(), place)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range list {
		if a.Login == login {
			return a
		}
	}
	t.Fatalf("no %s at %s", login, place)
	return identity.Account{}
}

func TestIdleAccountsClose(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		s, c := setup(t, db)
		places(t, db)
		add(t, s, "khu1", identity.AreaVolunteer, "khu", "/vn/tinh/xa/khu/")
		add(t, s, "quantri", identity.Admin, "vn", "/vn/")
		add(t, s, "quantri2", identity.Admin, "vn", "/vn/")
		c.at = c.at.AddDate(0, 0, 10)
		person(t, s, "quantri2", password)
		c.at = c.at.AddDate(0, 0, 34)
		if n, err := s.CloseIdle(ctx); n != 0 || err != nil {
			t.Fatalf("after 44 days: %d, %v", n, err)
		}
		if a := find(t, s, "khu", "khu1"); a.Closes.Sub(c.at) != 24*time.Hour {
			t.Errorf("announced for %v", a.Closes)
		}
		person(t, s, "hang", password)
		c.at = c.at.AddDate(0, 0, 20)
		if n, err := s.CloseIdle(ctx); n != 2 || err != nil {
			t.Fatalf("after 64 days: %d, %v", n, err)
		}
		if a := find(t, s, "vn", "quantri2"); a.Disabled {
			t.Error("the last administrator is closed")
		}
		if a := find(t, s, "vn", "quantri"); !a.Disabled || a.Why != "idle" {
			t.Errorf("the other one: %+v", a)
		}
		if a := find(t, s, "xa", "hang"); a.Disabled {
			t.Error("who was here is closed")
		}
		_, err := enter(s, "khu1", password, "10.0.0.1:1")
		kind(t, "a closed account", err, fault.KindInvalid)

		// new slips open what idleness closed, and only that
		hang := session(t, s, func() string { tk, _ := enter(s, "hang", password, "10.0.0.1:1"); return tk }())
		idle := find(t, s, "khu", "khu1")
		slips, err := s.Slips(ctx, hang, "/vn/tinh/xa/", []identity.Account{idle}, nil)
		if err != nil || len(slips) != 1 {
			t.Fatal(err)
		}
		if _, err := enter(s, "khu1", slips[0].Password, "10.0.0.1:1"); err != nil {
			t.Errorf("the slip: %v", err)
		}
		if n, err := s.CloseIdle(ctx); n != 0 || err != nil {
			t.Errorf("opened again: %d, %v", n, err)
		}
		if err := s.Disable(ctx, hang, idle, "/vn/tinh/xa/khu/", true); err != nil {
			t.Fatal(err)
		}
		_, err = s.Slips(ctx, hang, "/vn/tinh/xa/", []identity.Account{find(t, s, "khu", "khu1")}, nil)
		kind(t, "a slip for one that an officer closed", err, fault.KindConflict)
	})
}

func TestSlipsOnlyBelow(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		s, c := setup(t, db)
		places(t, db)
		hang := person(t, s, "hang", password)
		reviewer := add(t, s, "thamdinh", identity.Reviewer, "xa", "/vn/tinh/xa/")
		away := add(t, s, "khu9", identity.AreaVolunteer, "khu9", "/vn/tinh/xa2/khu9/")
		khu := add(t, s, "khu1", identity.AreaVolunteer, "khu", "/vn/tinh/xa/khu/")
		_, err := s.Slips(ctx, hang, "/vn/tinh/xa/", []identity.Account{reviewer}, nil)
		kind(t, "for a reviewer", err, fault.KindDenied)
		_, err = s.Slips(ctx, hang, "/vn/tinh/xa2/", []identity.Account{away}, nil)
		kind(t, "at a neighbour's", err, fault.KindDenied)
		fresh := func(role identity.Role, login, path string) []identity.Draft {
			return []identity.Draft{{Login: login, Name: "Trưởng khu", Grant: identity.Grant{Role: role, PlaceID: "khu2"}, Path: path}}
		}
		_, err = s.Slips(ctx, hang, "/vn/tinh/xa/", nil, fresh(identity.CommuneOfficer, "moi", "/vn/tinh/xa/khu2/"))
		kind(t, "a new officer", err, fault.KindDenied)
		_, err = s.Slips(ctx, hang, "/vn/tinh/xa/", nil, fresh(identity.AreaVolunteer, "moi", "/vn/tinh/xa2/khu2/"))
		kind(t, "a new head at a neighbour's", err, fault.KindDenied)
		_, err = s.Slips(ctx, hang, "/vn/tinh/xa/", []identity.Account{khu}, fresh(identity.AreaVolunteer, "thamdinh", "/vn/tinh/xa/khu2/"))
		kind(t, "a login that is taken", err, fault.KindInvalid)
		if _, err := enter(s, "khu1", password, "10.0.0.1:1"); err != nil {
			t.Errorf("half of it was done: %v", err)
		}
		slips, err := s.Slips(ctx, hang, "/vn/tinh/xa/", []identity.Account{khu}, fresh(identity.AreaVolunteer, "khu2", "/vn/tinh/xa/khu2/"))
		if err != nil || len(slips) != 2 {
			t.Fatalf("%v, %v", slips, err)
		}
		for _, sl := range slips {
			a := person(t, s, sl.Login, sl.Password)
			if !a.MustChange || !sl.Until.Equal(c.at.Add(identity.SlipLife)) {
				t.Errorf("%+v, %+v", a, sl)
			}
		}
		c.at = c.at.Add(identity.SlipLife)
		_, err = enter(s, "khu2", slips[1].Password, "10.0.0.1:1")
		if err == nil || !strings.Contains(err.Error(), "slip_old") {
			t.Errorf("after two weeks: %v", err)
		}
	})
}

// Administrators change their passwords every two months, and nobody else does.
func TestPasswordsOfAdministratorsAge(t *testing.T) {
	ctx := context.Background()
	s, c := setup(t, storetest.SQLite(t))
	if err := s.SetTerms(ctx, identity.System, func() map[identity.Role]identity.Terms {
		all := identity.StandardTerms()
		for r, terms := range all {
			terms.Second, terms.CloseDays = identity.SecondOff, 0
			all[r] = terms
		}
		return all
	}()); err != nil {
		t.Fatal(err)
	}
	add(t, s, "quantri", identity.Admin, "vn", "/vn/")
	own := func(login string) {
		a := person(t, s, login, password)
		if _, err := s.ChangePassword(ctx, a, password, "Lửa ấm trong nhà 26"); err != nil {
			t.Fatal(err)
		}
	}
	own("quantri")
	own("hang")
	c.at = c.at.AddDate(0, 0, 59)
	if a := person(t, s, "quantri", "Lửa ấm trong nhà 26"); a.MustChange || a.PasswordEnds.Sub(c.at) != 24*time.Hour {
		t.Errorf("a day before: %v, %v", a.MustChange, a.PasswordEnds)
	}
	c.at = c.at.AddDate(0, 0, 1)
	a := person(t, s, "quantri", "Lửa ấm trong nhà 26")
	if !a.MustChange {
		t.Error("the password is two months old")
	}
	if b := person(t, s, "hang", "Lửa ấm trong nhà 26"); b.MustChange || !b.PasswordEnds.IsZero() {
		t.Errorf("an officer: %+v", b)
	}
	token, err := s.ChangePassword(ctx, a, "Lửa ấm trong nhà 26", "Lửa ấm trong nhà 27")
	if err != nil || session(t, s, token).MustChange {
		t.Errorf("changed: %v", err)
	}
}

func TestSecondFactorIsTakenAwayFromAbove(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		s, c := setup(t, db)
		places(t, db)
		enrol(t, s, c, person(t, s, "hang", password))
		hang := find(t, s, "xa", "hang")
		if !hang.Second {
			t.Error("the list does not say so")
		}
		at := func(role identity.Role, place string) identity.Actor {
			return identity.Actor{ID: "x", Name: "Ai đó", Grants: []identity.Grant{{Role: role, PlaceID: place}}}
		}
		kind(t, "a neighbour", s.ResetSecond(ctx, at(identity.CommuneOfficer, "xa2"), hang, "/vn/tinh/xa/"), fault.KindDenied)
		kind(t, "a reviewer", s.ResetSecond(ctx, at(identity.Reviewer, "xa"), hang, "/vn/tinh/xa/"), fault.KindDenied)
		self := at(identity.CommuneOfficer, "xa")
		self.ID = hang.ID
		kind(t, "oneself", s.ResetSecond(ctx, self, hang, "/vn/tinh/xa/"), fault.KindConflict)
		if err := s.ResetSecond(ctx, at(identity.ProvinceOfficer, "tinh"), hang, "/vn/tinh/xa/"); err != nil {
			t.Fatal(err)
		}
		o, err := s.SignIn(ctx, "hang", password, firefox)
		if err != nil || o.Token == "" || !o.Told {
			t.Fatalf("%+v, %v", o, err)
		}
		a := session(t, s, o.Token)
		if at, name, err := s.Told(ctx, a); err != nil || at.IsZero() || name != "Ai đó" {
			t.Errorf("told: %v %q %v", at, name, err)
		}
		if err := s.Understood(ctx, a); err != nil {
			t.Fatal(err)
		}
		if o, _ := s.SignIn(ctx, "hang", password, firefox); o.Told {
			t.Error("told twice")
		}
	})
}

func TestRescue(t *testing.T) {
	ctx := context.Background()
	s, c := setup(t, storetest.SQLite(t))
	enrol(t, s, c, person(t, s, "hang", password))
	if err := s.Disable(ctx, identity.System, find(t, s, "xa", "hang"), "/vn/tinh/xa/", true); err != nil {
		t.Fatal(err)
	}
	by := identity.Actor{ID: "x", Grants: []identity.Grant{{Role: identity.Admin, PlaceID: "vn"}}}
	kind(t, "an administrator", s.Rescue(ctx, by, "hang", "lua sen tre may 47"), fault.KindDenied)
	kind(t, "nobody", s.Rescue(ctx, identity.System, "khong-co", "lua sen tre may 47"), fault.KindNotFound)
	kind(t, "a weak password", s.Rescue(ctx, identity.System, "hang", "ngắn"), fault.KindInvalid)
	if err := s.Rescue(ctx, identity.System, "Hang", "lua sen tre may 47"); err != nil {
		t.Fatal(err)
	}
	o, err := s.SignIn(ctx, "hang", "lua sen tre may 47", firefox)
	if err != nil || !o.Told || !session(t, s, o.Token).MustChange {
		t.Errorf("%+v, %v", o, err)
	}
}

func TestSweep(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		s, c := setup(t, db)
		secret, _, _ := enrol(t, s, c, person(t, s, "hang", password))
		_, _ = enter(s, "hang", "sai", "10.0.0.66:1")
		if o, err := s.SignIn(ctx, "hang", password, firefox); err != nil || o.Pending == "" || secret == "" {
			t.Fatal(err)
		}
		if n, err := s.Sweep(ctx); n != 0 || err != nil {
			t.Fatalf("at once: %d, %v", n, err)
		}
		c.at = c.at.Add(31 * 24 * time.Hour)
		if _, err := s.Sweep(ctx); err != nil {
			t.Fatal(err)
		}
		for _, q := range []string{`SELECT count(*) FROM session`, `SELECT count(*) FROM sign_in_pending`, `SELECT count(*) FROM sign_in_failure`} {
			if n, _, _ := store.One(ctx, db.Read(), store.Value[int], q); n != 0 {
				t.Errorf("%s: %d", q, n)
			}
		}
	})
}
