// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package identity_test

import (
	"context"
	"testing"
	"time"

	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/store"
	"hoctap/internal/store/storetest"
)

const password = "giữ lửa học tập 26"

type clock struct{ at time.Time }

func (c *clock) now() time.Time { return c.at }

func setup(t *testing.T, db *store.DB) (*identity.Service, *clock) {
	t.Helper()
	c := &clock{time.Date(2026, 11, 18, 8, 0, 0, 0, store.Zone)}
	s := identity.New(db, c.now)
	_, err := s.Create(context.Background(), identity.System, identity.Draft{Login: "Hang", Name: "Lê Thị Thu Hằng", Password: password,
		Grant: identity.Grant{Role: identity.CommuneOfficer, PlaceID: "xa"}, Path: "/vn/tinh/xa/"})
	if err != nil {
		t.Fatal(err)
	}
	return s, c
}

// enter signs in from an address with a browser that nobody knows.
func enter(s *identity.Service, login, password, address string) (token string, err error) {
	o, err := s.SignIn(context.Background(), login, password, identity.Client{Address: address})
	return o.Token, err
}

func TestSessionLife(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		s, c := setup(t, db)
		token, err := enter(s, " HANG ", password, "10.0.0.1:999")
		if err != nil {
			t.Fatal(err)
		}
		a, err := s.Session(ctx, token, "10.0.0.1:1000")
		if err != nil || a.Name != "Lê Thị Thu Hằng" || !a.May(identity.Approve, "/vn/tinh/xa/khu/") {
			t.Fatalf("actor %+v, %v", a, err)
		}
		c.at = c.at.Add(29 * time.Minute)
		if _, err := s.Session(ctx, token, ""); err != nil {
			t.Fatalf("still within the idle time: %v", err)
		}
		c.at = c.at.Add(31 * time.Minute)
		if _, err := s.Session(ctx, token, ""); fault.KindOf(err) != fault.KindNotFound {
			t.Fatalf("idle too long: %v", err)
		}
		token, _ = enter(s, "hang", password, "")
		if err := s.SignOut(ctx, token, ""); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Session(ctx, token, ""); fault.KindOf(err) != fault.KindNotFound {
			t.Fatalf("signed out: %v", err)
		}
	})
}

// Guessing from one address makes that address wait, longer each time, and no other.
func TestGuessingBrakesOnlyTheGuesser(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s, c := setup(t, db)
		for range 5 {
			if _, err := enter(s, "hang", "sai", "10.0.0.66:1"); fault.KindOf(err) != fault.KindInvalid {
				t.Fatalf("a wrong password: %v", err)
			}
		}
		if _, err := enter(s, "hang", password, "10.0.0.66:2"); fault.KindOf(err) != fault.KindTooMuch {
			t.Fatalf("the guesser must wait: %v", err)
		}
		if _, err := enter(s, "hang", password, "10.0.0.1:1"); err != nil {
			t.Fatalf("the owner must not: %v", err)
		}
		c.at = c.at.Add(31 * time.Second)
		if _, err := enter(s, "hang", "sai", "10.0.0.66:3"); fault.KindOf(err) != fault.KindInvalid {
			t.Fatalf("after the brake: %v", err)
		}
		c.at = c.at.Add(31 * time.Second)
		if _, err := enter(s, "hang", password, "10.0.0.66:4"); fault.KindOf(err) != fault.KindTooMuch {
			t.Fatalf("the second wait is longer: %v", err)
		}
		c.at = c.at.Add(time.Minute)
		if _, err := enter(s, "hang", password, "10.0.0.66:5"); err != nil {
			t.Fatalf("after it: %v", err)
		}
	})
}

func TestPolicy(t *testing.T) {
	at := func(r identity.Role, place string) identity.Actor {
		return identity.Actor{ID: "x", Grants: []identity.Grant{{Role: r, PlaceID: place}}}
	}
	const here, neighbour, above = "/vn/tinh/xa/khu/", "/vn/tinh/xa2/khu/", "/vn/tinh/"
	for _, c := range []struct {
		role  identity.Role
		place string
		act   identity.Act
		path  string
		want  bool
	}{
		{identity.CommuneOfficer, "xa", identity.Approve, here, true},
		{identity.CommuneOfficer, "xa", identity.Approve, neighbour, false},
		{identity.CommuneOfficer, "xa", identity.SeeFigures, above, false},
		{identity.Reviewer, "xa", identity.Appraise, here, true},
		{identity.Reviewer, "xa", identity.Approve, here, false},
		{identity.AreaVolunteer, "khu", identity.Score, here, true},
		{identity.AreaVolunteer, "khu", identity.Appraise, here, false},
		{identity.AreaVolunteer, "khu", identity.Score, "/vn/tinh/xa/", false},
		{identity.AreaVolunteer, "kh", identity.Score, here, false},
		{identity.Admin, "vn", identity.SeeRecords, here, false},
		{identity.Admin, "vn", identity.ManageAccounts, here, true},
		{identity.ProvinceOfficer, "tinh", identity.ManageRounds, here, true},
		{identity.ProvinceOfficer, "tinh", identity.Approve, here, false},
		{identity.Viewer, "tinh", identity.Score, here, false},
		{"", "vn", identity.SeeFigures, here, false},
	} {
		if got := at(c.role, c.place).May(c.act, c.path); got != c.want {
			t.Errorf("%s at %s, %s on %s: %v, want %v", c.role, c.place, c.act, c.path, got, c.want)
		}
	}
	if (identity.Actor{}).May(identity.SeeFigures, here) {
		t.Error("the public may nothing here")
	}
}

func TestOfficersCannotRaiseThemselves(t *testing.T) {
	ctx := context.Background()
	s, _ := setup(t, storetest.SQLite(t))
	token, _ := enter(s, "hang", password, "")
	hang, _ := s.Session(ctx, token, "")
	for role, want := range map[identity.Role]fault.Kind{
		identity.Admin: fault.KindDenied, identity.ProvinceOfficer: fault.KindDenied, "system": fault.KindInvalid, identity.AreaVolunteer: fault.KindInternal,
	} {
		_, err := s.Create(ctx, hang, identity.Draft{Login: "new" + string(role), Name: "Mới", Password: password,
			Grant: identity.Grant{Role: role, PlaceID: "xa"}, Path: "/vn/tinh/xa/"})
		if err != nil && fault.KindOf(err) != want || err == nil && role != identity.AreaVolunteer {
			t.Errorf("%s: %v", role, err)
		}
	}
	if _, err := s.Create(ctx, hang, identity.Draft{Login: "other", Name: "Mới", Password: password,
		Grant: identity.Grant{Role: identity.Viewer, PlaceID: "xa2"}, Path: "/vn/tinh/xa2/"}); fault.KindOf(err) != fault.KindDenied {
		t.Errorf("a neighbour's account: %v", err)
	}
}
