// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"strings"
	"testing"
	"time"
)

// The vectors of RFC 6238, appendix B (SHA-1, eight digits), and of RFC 4226, appendix D (six).
func TestCodesOfTheStandard(t *testing.T) {
	secret := []byte("12345678901234567890")
	for at, want := range map[int64]string{59: "94287082", 1111111109: "07081804", 1111111111: "14050471", 1234567890: "89005924", 2000000000: "69279037", 20000000000: "65353130"} {
		if got := codeAt(secret, at/30, 8); got != want {
			t.Errorf("at %d: %s, want %s", at, got, want)
		}
	}
	for step, want := range []string{"755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"} {
		if got := codeAt(secret, int64(step), 6); got != want {
			t.Errorf("step %d: %s, want %s", step, got, want)
		}
	}
}

func TestStepOf(t *testing.T) {
	secret := []byte("12345678901234567890")
	now := time.Unix(1_000_000*30+7, 0)
	for drift, want := range map[int64]bool{-2: false, -1: true, 0: true, 1: true, 2: false} {
		step, ok := stepOf(secret, codeAt(secret, 1_000_000+drift, 6), now)
		if ok != want || ok && step != 1_000_000+drift {
			t.Errorf("%d steps off: step %d, %v", drift, step, ok)
		}
	}
}

func TestPasswordRules(t *testing.T) {
	staff, lone := Strength{Min: 14, Mixed: true}, Strength{Min: 14}
	second := Strength{Min: 8, Mixed: true}
	for _, c := range []struct {
		st             Strength
		password, want string
	}{
		{staff, "Giữ lửa học tập 26", ""},
		{staff, "giữ lửa học tập 26", "password.mixed"},
		{staff, "Giữ lửa học tập mãi", "password.mixed"},
		{staff, "Giữlửahọctậpmãi26", "password.mixed"},
		{staff, "Giữ lửa 26", "password.short"},
		{second, "Giữ lửa 26", ""},
		{second, "Lửa 26", "password.short"},
		{lone, "lua sen tre may 47", ""},
		{lone, "lua sen tre", "password.short"},
		{lone, "12345678901234567", "password.common"},
		{lone, "matkhau 123456789", "password.common"},
		{lone, "Mật-Khẩu!2026!2026", "password.common"},
		{lone, "hoctap123 hoctap123", "password.common"},
		{staff, "P@ssword-P@ssword-1", ""}, // the list knows words, not each disguise of one
		{lone, "aaaaaaaaaaaaaaaab", "password.common"},
		{lone, "co le thu hang o day", "password.name"},
		{lone, "mo HANG.HYCUONG ra 1", "password.login"},
		{lone, "mo hanghycuong ra 12", "password.login"},
		{lone, strings.Repeat("lua sen ", 200), "password.long"},
	} {
		err, got := checkPassword(c.st, "hang.hycuong", "Lê Thị Thu Hằng", c.password), ""
		if err != nil {
			got = strings.TrimPrefix(err.Error(), "invalid; password: ")
			got, _, _ = strings.Cut(got, " ")
		}
		if got != c.want {
			t.Errorf("%q for %+v: %q, want %q", c.password, c.st, got, c.want)
		}
	}
}

func TestStrengthOf(t *testing.T) {
	for _, c := range []struct {
		roles  []Role
		second bool
		want   Strength
	}{
		{[]Role{AreaVolunteer}, false, Strength{14, false}},
		{[]Role{CommuneOfficer}, false, Strength{14, true}},
		{[]Role{AreaVolunteer, Reviewer}, false, Strength{14, true}},
		{[]Role{Admin}, true, Strength{8, true}},
	} {
		if got := strengthOf(c.roles, c.second); got != c.want {
			t.Errorf("%v, %v: %+v", c.roles, c.second, got)
		}
	}
}

// What the program proposes passes its own rules, and a slip opens however it is typed.
func TestPhrases(t *testing.T) {
	seen := map[string]bool{}
	for range 200 {
		slip, own := Phrase(5, " "), Phrase(6, "-")
		own = strings.ToUpper(own[:1]) + own[1:]
		if err := checkPassword(Strength{Min: 14}, "hang", "Lê Thị Thu Hằng", slip); err != nil {
			t.Errorf("%q: %v", slip, err)
		}
		if err := checkPassword(Strength{Min: 14, Mixed: true}, "hang", "Lê Thị Thu Hằng", own); err != nil {
			t.Errorf("%q: %v", own, err)
		}
		if seen[slip] {
			t.Errorf("%q came twice", slip)
		}
		seen[slip] = true
	}
	for _, typed := range []string{"lua sen tre may nha 47", "luasentremaynha47", "Lua-Sen-tre  may nha 47 "} {
		if slipForm(typed) != "luasentremaynha47" {
			t.Errorf("%q becomes %q", typed, slipForm(typed))
		}
	}
}

func TestStrictest(t *testing.T) {
	all := StandardTerms()
	got := strictest(all, []Role{AreaVolunteer, CommuneOfficer})
	if got.Second != SecondGrace || got.GraceDays != 14 || got.IdleMinutes != 30 || got.LifeHours != 12 || got.PasswordDays != 0 || got.CloseDays != 45 {
		t.Errorf("officer and volunteer: %+v", got)
	}
	got = strictest(all, []Role{Viewer, Admin, CommuneOfficer})
	if got.PasswordDays != 60 || got.GraceDays != 3 {
		t.Errorf("admin and officer: %+v", got)
	}
	if got := strictest(all, []Role{AreaVolunteer}); got.Second != SecondOff || got.Idle() != 14*24*time.Hour {
		t.Errorf("volunteer: %+v", got)
	}
	if err := CheckTerms(all); err != nil {
		t.Error(err)
	}
	if err := CheckTerms(demoTerms()); err != nil {
		t.Error(err)
	}
	all[AreaVolunteer] = Terms{Second: SecondOn, IdleMinutes: 60, LifeHours: 10}
	if CheckTerms(all) == nil {
		t.Error("a head of an area would have to have a second factor")
	}
}

func TestNetworkOf(t *testing.T) {
	for address, want := range map[string]string{"10.0.0.1:99": "10.0.0.1", "[::ffff:10.0.0.1]:99": "10.0.0.1", "[2001:db8:1:2:3::4]:99": "2001:db8:1:2::/64", "[2001:db8:1:2:ffff::]:1": "2001:db8:1:2::/64", "": ""} {
		if got := networkOf(address); got != want {
			t.Errorf("%s: %s, want %s", address, got, want)
		}
	}
}

func TestOutdated(t *testing.T) {
	hash := hashPassword("lửa sen tre mây 47")
	if outdated(hash) || !outdated(strings.Replace(hash, "t=2", "t=1", 1)) || !outdated("$argon2id$v=19$m=4096,t=2,p=1$a$b") {
		t.Error("the cost of a hash is read wrongly")
	}
}
