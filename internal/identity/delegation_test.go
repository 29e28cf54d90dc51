// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package identity_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"hoctap/internal/audit"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/store"
	"hoctap/internal/store/storetest"
)

// The places of the tests: two communes of a province, an area each.
var paths = map[string]string{"vn": "/vn/", "tinh": "/vn/tinh/", "xa": "/vn/tinh/xa/", "khu": "/vn/tinh/xa/khu/", "xa2": "/vn/tinh/xa2/", "khu2": "/vn/tinh/xa2/khu2/",
	"tinh2": "/vn/tinh2/", "xa3": "/vn/tinh2/xa3/"}

type bench struct {
	*testing.T
	ctx context.Context
	*identity.Service
	*clock
	db  *store.DB
	ids map[string]string
}

func lay(t *testing.T, db *store.DB) *bench {
	t.Helper()
	c := &clock{time.Date(2026, 11, 18, 8, 0, 0, 0, store.Zone)}
	b := &bench{T: t, ctx: t.Context(), Service: identity.New(db, c.now), clock: c, db: db, ids: map[string]string{}}
	b.ok(db.Write(b.ctx, func(tx *store.Tx) error {
		for id, path := range paths {
			if _, err := tx.Exec(b.ctx, `INSERT INTO place_parent (place_id, parent_id, path, valid_from, valid_to) VALUES ($1, '', $2, $3, $4)`, id, path, store.Always, store.Still); err != nil {
				return err
			}
		}
		return nil
	}))
	return b
}

func (b *bench) ok(err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

func (b *bench) refused(err error, key string) {
	b.Helper()
	if f, ok := fault.As(err); !ok || f.Key != key {
		b.Errorf("got %v, want %s", err, key)
	}
}

func (b *bench) make(by identity.Actor, login string, role identity.Role, place string) error {
	id, err := b.Create(b.ctx, by, identity.Draft{Login: login, Name: "Người " + login, Post: "Ban " + login, Password: password,
		Grant: identity.Grant{Role: role, PlaceID: place}, Path: paths[place]})
	b.ids[login] = id
	return err
}

// as is the account as the next request of it would be.
func (b *bench) as(login string) identity.Actor {
	b.Helper()
	a, err := b.Actor(b.ctx, b.ids[login], "10.0.0.1:1")
	b.ok(err)
	return a
}

func (b *bench) day(n int) string { return store.Date(b.at.AddDate(0, 0, n)) }

// lent sets up an officer who is away and a reviewer beside her.
func lent(t *testing.T, db *store.DB) (*bench, string) {
	b := lay(t, db)
	for login, g := range map[string]identity.Grant{"hang": {Role: identity.CommuneOfficer, PlaceID: "xa"}, "minh": {Role: identity.Reviewer, PlaceID: "xa"},
		"khu": {Role: identity.AreaVolunteer, PlaceID: "khu"}, "ben": {Role: identity.CommuneOfficer, PlaceID: "xa2"}, "tinh": {Role: identity.ProvinceOfficer, PlaceID: "tinh"},
		"qtri": {Role: identity.Admin, PlaceID: "vn"}} {
		b.ok(b.make(identity.System, login, g.Role, g.PlaceID))
	}
	id, err := b.Delegate(b.ctx, b.as("hang"), identity.Loan{TakerID: b.ids["minh"], Role: identity.CommuneOfficer, PlaceID: "xa", From: b.day(0), To: b.day(5), Reason: "Đi công tác"})
	b.ok(err)
	return b, id
}

func TestDelegationHoldsAndEnds(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b, id := lent(t, db)
		may := func(want bool, when string) {
			t.Helper()
			a := b.as("minh")
			if got := a.May(identity.Approve, paths["khu"]); got != want {
				t.Errorf("%s: %v, want %v", when, got, want)
			}
			if !a.May(identity.Appraise, paths["khu"]) || a.May(identity.Approve, paths["khu2"]) || a.May(identity.ManageAccounts, paths["xa"]) {
				t.Errorf("%s: own roles stay, no neighbour, no accounts: %+v", when, a.Grants)
			}
		}
		may(true, "lent")
		if !b.as("minh").Sits(identity.Decide, "xa") || b.as("minh").Has(identity.CommuneOfficer) {
			t.Error("what is lent at the giver's own place has its seat, and is no role of one's own")
		}
		// The journal says on whose behalf, and only where the loan was needed.
		a := b.as("minh")
		b.ok(a.Check(identity.Appraise, paths["khu"], ""))
		if w := a.Who(); w.For != "" {
			t.Errorf("an act of one's own is for %s", w.For)
		}
		b.ok(a.Check(identity.Approve, paths["khu"], ""))
		if w := a.Who(); w.For != b.ids["hang"] || w.ID != b.ids["minh"] {
			t.Errorf("acts as %+v", w)
		}
		b.ok(db.Write(b.ctx, func(tx *store.Tx) error {
			return audit.Write(b.ctx, tx, a.Who(), b.at, audit.Entry{PlaceID: "khu", Thing: "assessment", ThingID: "p", Act: "approve", After: map[string]string{"state": "approved"}})
		}))
		lines, err := audit.History(b.ctx, db.Read(), "khu", "p")
		b.ok(err)
		if len(lines) != 1 || lines[0].For() != b.ids["hang"] || !strings.Contains(string(lines[0].After), "approved") {
			t.Errorf("the journal keeps %+v", lines)
		}
		// It is in the history of both accounts.
		for _, login := range []string{"hang", "minh"} {
			lines, err := audit.History(b.ctx, db.Read(), "xa", b.ids[login])
			b.ok(err)
			if last := lines[len(lines)-1]; last.Act != "delegate" || last.Reason != "Đi công tác" {
				t.Errorf("%s: %+v", login, last)
			}
			list, err := b.Delegations(b.ctx, b.as(login), b.ids[login])
			b.ok(err)
			if len(list) != 1 || !list[0].Holds(b.day(0)) {
				t.Errorf("%s sees %+v", login, list)
			}
		}
		// It ends by itself on its last day.
		b.at = b.at.AddDate(0, 0, 5)
		may(true, "on its last day")
		b.at = b.at.AddDate(0, 0, 1)
		may(false, "a day later")
		b.at = b.at.AddDate(0, 0, -6)
		// It is void while the giver has the role no more, or is closed.
		b.ok(b.Take(b.ctx, b.as("tinh"), b.ids["hang"], "xa", identity.CommuneOfficer))
		may(false, "the giver lost the role")
		if list, _ := b.Delegations(b.ctx, b.as("minh"), b.ids["minh"]); len(list) != 1 || !list[0].Void {
			t.Errorf("not shown as void: %+v", list)
		}
		_, err = b.Give(b.ctx, b.as("tinh"), identity.GrantTerms{AccountID: b.ids["hang"], Role: identity.CommuneOfficer, PlaceID: "xa"})
		b.ok(err)
		may(true, "the giver has it again")
		b.ok(b.Disable(b.ctx, b.as("tinh"), identity.Account{ID: b.ids["hang"], Grants: []identity.Grant{{PlaceID: "xa"}}}, paths["xa"], true))
		may(false, "the giver is closed")
		b.ok(b.Disable(b.ctx, b.as("tinh"), identity.Account{ID: b.ids["hang"], Grants: []identity.Grant{{PlaceID: "xa"}}}, paths["xa"], false))
		// Taken back, at once; a neighbour cannot.
		if err := b.Recall(b.ctx, b.as("ben"), id); fault.KindOf(err) != fault.KindNotFound {
			t.Errorf("a neighbour recalls: %v", err)
		}
		may(true, "still")
		b.ok(b.Recall(b.ctx, b.as("hang"), id))
		may(false, "recalled")
	})
}

func TestNobodyLendsWhatIsNotTheirs(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b, _ := lent(t, db)
		loan := func(by, to string, role identity.Role, place, from, until, reason string) error {
			_, err := b.Delegate(b.ctx, b.as(by), identity.Loan{TakerID: b.ids[to], Role: role, PlaceID: place, From: from, To: until, Reason: reason})
			return err
		}
		for name, err := range map[string]error{
			"passed on":            loan("minh", "khu", identity.CommuneOfficer, "xa", "", b.day(1), "x"),
			"more than one's own":  loan("khu", "minh", identity.CommuneOfficer, "khu", "", b.day(1), "x"),
			"above one's place":    loan("hang", "minh", identity.CommuneOfficer, "tinh", "", b.day(1), "x"),
			"at a neighbour":       loan("hang", "minh", identity.CommuneOfficer, "xa2", "", b.day(1), "x"),
			"the managing itself":  loan("qtri", "hang", identity.Admin, "vn", "", b.day(1), "x"),
			"what stays with all":  loan("hang", "minh", identity.Admin, "xa", "", b.day(1), "x"),
			"what an admin is not": loan("qtri", "hang", identity.CommuneOfficer, "xa", "", b.day(1), "x"),
		} {
			if fault.KindOf(err) != fault.KindDenied {
				t.Errorf("%s: %v", name, err)
			}
		}
		b.refused(loan("hang", "hang", identity.CommuneOfficer, "xa", "", b.day(1), "x"), "delegation.self")
		b.refused(loan("hang", "ben", identity.CommuneOfficer, "xa", "", b.day(1), "x"), "delegation.taker")
		b.refused(loan("hang", "qtri", identity.CommuneOfficer, "xa", "", b.day(1), "x"), "delegation.taker")
		for name, err := range map[string]error{
			"no reason": loan("hang", "minh", identity.CommuneOfficer, "xa", "", b.day(1), " "), "no end": loan("hang", "minh", identity.CommuneOfficer, "xa", "", "", "x"),
			"too long": loan("hang", "minh", identity.CommuneOfficer, "xa", "", b.day(91), "x"), "backwards": loan("hang", "minh", identity.CommuneOfficer, "xa", b.day(3), b.day(1), "x"),
			"in the past": loan("hang", "minh", identity.CommuneOfficer, "xa", b.day(-1), b.day(1), "x"),
		} {
			if fault.KindOf(err) != fault.KindInvalid {
				t.Errorf("%s: %v", name, err)
			}
		}
		// A province officer may lend for one commune: to act there, without a seat in its office.
		b.ok(loan("tinh", "khu", identity.ProvinceOfficer, "xa", "", b.day(1), "Nghỉ phép"))
		if a := b.as("khu"); !a.May(identity.Decide, paths["xa"]) || a.Sits(identity.Decide, "xa") || a.May(identity.Decide, paths["xa2"]) {
			t.Errorf("lent below: %+v", a.Grants)
		}
		// A smaller role than one's own.
		b.ok(loan("hang", "khu", identity.Reviewer, "xa", "", b.day(1), "Nghỉ phép"))
	})
}

// A system admin finds no way to the assessments: not by an own role, not by an account of his making, not by two hats, not by a loan.
func TestAdminStaysOutside(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b, _ := lent(t, db)
		admin := b.as("qtri")
		// Accounts, the machine, and incidents of the system (decision 22): counts and what was told of them. Nothing that shows or moves a person's file.
		system := []identity.Act{identity.ManageAccounts, identity.Operate, identity.KeepBreaches, identity.ReportBreach}
		for _, r := range identity.Rules {
			if got := admin.Anywhere(r.Act) || admin.May(r.Act, paths["khu"]); got != slices.Contains(system, r.Act) {
				t.Errorf("an admin may %s: %v", r.Act, got)
			}
		}
		for _, step := range identity.Steps {
			if slices.Contains(system, step.Act) {
				t.Errorf("a step of a file asks for %s, which an admin has", step.Act)
			}
		}
		give := func(by, to string, role identity.Role, place, reason string) (bool, error) {
			return b.Give(b.ctx, b.as(by), identity.GrantTerms{AccountID: b.ids[to], Role: role, PlaceID: place, Reason: reason})
		}
		_, err := give("qtri", "qtri", identity.CommuneOfficer, "xa", "x")
		b.refused(err, "grant.own")
		b.ok(b.make(b.as("qtri"), "riêng", identity.CommuneOfficer, "xa"))
		if a := b.as("riêng"); len(a.Grants) != 0 {
			t.Fatalf("an account of an admin's making has %+v at once", a.Grants)
		}
		lines, err := audit.History(b.ctx, db.Read(), "xa", b.ids["riêng"])
		b.ok(err)
		if len(lines) != 2 {
			t.Errorf("the journal says %d things of it", len(lines))
		}
		confirm := func(by, whose string, role identity.Role, yes bool) error {
			return b.ConfirmGrant(b.ctx, b.as(by), b.ids[whose], "xa", role, yes)
		}
		b.refused(confirm("qtri", "riêng", identity.CommuneOfficer, true), "grant.second")
		if err := confirm("ben", "riêng", identity.CommuneOfficer, true); fault.KindOf(err) != fault.KindDenied {
			t.Errorf("a neighbour confirms: %v", err)
		}
		if err := confirm("minh", "riêng", identity.CommuneOfficer, true); fault.KindOf(err) != fault.KindDenied {
			t.Errorf("a reviewer, who borrows an officer's role, confirms: %v", err)
		}
		b.ok(b.make(identity.System, "qtri2", identity.Admin, "vn"))
		b.ok(confirm("qtri2", "riêng", identity.CommuneOfficer, true))
		if !b.as("riêng").May(identity.Approve, paths["khu"]) {
			t.Error("confirmed, and still nothing")
		}
		b.refused(confirm("qtri2", "riêng", identity.CommuneOfficer, true), "stale.grant")
		// The account that waits for the admin's own making cannot be the second person either.
		_, err = give("qtri", "minh", identity.CommuneOfficer, "xa", " ")
		if fault.KindOf(err) != fault.KindInvalid {
			t.Errorf("without a reason: %v", err)
		}
		waits, err := give("qtri", "minh", identity.AreaVolunteer, "khu", "Thiếu người")
		b.ok(err)
		if !waits {
			t.Error("an admin's grant holds at once")
		}
		list, err := b.WaitingAt(b.ctx, b.as("tinh"), "khu", "xa")
		b.ok(err)
		if len(list) != 1 || list[0].AccountID != b.ids["minh"] || list[0].Reason != "Thiếu người" {
			t.Errorf("waiting: %+v", list)
		}
		if list, err := b.WaitingAt(b.ctx, b.as("ben"), "khu", "xa"); err != nil || len(list) != 0 {
			t.Errorf("a neighbour sees %+v, %v", list, err)
		}
		b.ok(b.ConfirmGrant(b.ctx, b.as("tinh"), b.ids["minh"], "khu", identity.AreaVolunteer, false))
		// Two hats on one head.
		for _, c := range []struct {
			to    string
			role  identity.Role
			place string
		}{{"qtri2", identity.Viewer, "tinh"}, {"hang", identity.Admin, "vn"}} {
			_, err := give("qtri", c.to, c.role, c.place, "x")
			b.refused(err, "grant.admin_alone")
		}
	})
}

func TestRolesWithAnEnd(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b, _ := lent(t, db)
		opened, err := b.SignIn(b.ctx, "khu", password, identity.Client{Address: "10.0.0.1:1"})
		b.ok(err)
		now := func() identity.Actor {
			t.Helper()
			a, err := b.Session(b.ctx, opened.Token, "")
			b.ok(err)
			return a
		}
		_, err = b.Give(b.ctx, b.as("hang"), identity.GrantTerms{AccountID: b.ids["khu"], Role: identity.Reviewer, PlaceID: "xa", To: b.day(0)})
		b.ok(err)
		if !now().May(identity.Appraise, paths["khu"]) || !now().May(identity.Score, paths["khu"]) {
			t.Error("a second role does not hold beside the first")
		}
		b.ok(b.Take(b.ctx, b.as("hang"), b.ids["khu"], "xa", identity.Reviewer))
		if now().May(identity.Appraise, paths["khu"]) {
			t.Error("a role that was taken away holds on the next request")
		}
		b.refused(b.Take(b.ctx, b.as("hang"), b.ids["khu"], "xa", identity.Reviewer), "stale.grant")
		for name, err := range map[string]error{
			"a neighbour's account": func() error {
				_, err := b.Give(b.ctx, b.as("hang"), identity.GrantTerms{AccountID: b.ids["ben"], Role: identity.Viewer, PlaceID: "xa"})
				return err
			}(),
			"an account that is none": func() error {
				_, err := b.Give(b.ctx, b.as("hang"), identity.GrantTerms{AccountID: "nobody", Role: identity.Viewer, PlaceID: "xa"})
				return err
			}(),
		} {
			if fault.KindOf(err) != fault.KindNotFound {
				t.Errorf("%s: %v", name, err)
			}
		}
		if _, err := b.Give(b.ctx, b.as("hang"), identity.GrantTerms{AccountID: b.ids["khu"], Role: identity.ProvinceOfficer, PlaceID: "xa"}); fault.KindOf(err) != fault.KindDenied {
			t.Errorf("a role of the upper level: %v", err)
		}
		if _, err := b.Give(b.ctx, b.as("hang"), identity.GrantTerms{AccountID: b.ids["khu"], Role: identity.Viewer, PlaceID: "tinh"}); fault.KindOf(err) != fault.KindDenied {
			t.Errorf("a place above: %v", err)
		}
		if _, err := b.Given(b.ctx, b.as("ben"), b.ids["khu"]); fault.KindOf(err) != fault.KindNotFound {
			t.Errorf("a neighbour reads the roles: %v", err)
		}
	})
}

// Why says for each question what May says, and names the chain.
func TestWhySaysWhatMayDoes(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b, _ := lent(t, db)
		for login := range b.ids {
			a := b.as(login)
			for _, r := range identity.Rules {
				for place, path := range paths {
					x, err := b.Why(b.ctx, a, a.ID, r.Act, place)
					b.ok(err)
					if x.May != a.May(r.Act, path) {
						t.Errorf("%s, %s at %s: why says %v, %+v", login, r.Act, place, x.May, x.Reasons)
					}
				}
			}
		}
		x, err := b.Why(b.ctx, b.as("tinh"), b.ids["minh"], identity.Approve, "khu")
		b.ok(err)
		if first := x.Reasons[0]; !x.May || !first.Lent || first.Giver != "Người hang" || first.To != b.day(5) {
			t.Errorf("%+v", x)
		}
		if len(x.Who) != 1 || x.Who[0].Post != "Ban hang" || x.Who[0].PlaceID != "xa" {
			t.Errorf("whose task: %+v", x.Who)
		}
		if _, err := b.Why(b.ctx, b.as("minh"), b.ids["hang"], identity.Approve, "khu"); fault.KindOf(err) != fault.KindDenied {
			t.Errorf("a reviewer asks about others: %v", err)
		}
		if _, err := b.Why(b.ctx, b.as("ben"), b.ids["hang"], identity.Approve, "xa2"); fault.KindOf(err) != fault.KindNotFound {
			t.Errorf("a neighbour asks about another's account: %v", err)
		}
	})
}

// Deny by default: whatever roles at whatever places, nothing is allowed outside the places' subtrees, nothing that no rule names, and nothing
// more than the sum of the roles; what is lent never reaches the managing of accounts, nor the machine.
func TestNothingOutsideASubtree(t *testing.T) {
	ids := []string{"vn", "tinh", "xa", "khu", "xa2", "khu2", "tinh2", "xa3", "x", "", "/"}
	roles := append([]identity.Role{"", "unknown", "Admin"}, identity.Roles...)
	rapid.Check(t, func(r *rapid.T) {
		var a identity.Actor
		for range rapid.IntRange(0, 4).Draw(r, "roles") {
			g := identity.Grant{Role: rapid.SampledFrom(roles).Draw(r, "role"), PlaceID: rapid.SampledFrom(ids).Draw(r, "place")}
			if rapid.Bool().Draw(r, "lent") {
				g.Giver, g.Below = "giver", rapid.Bool().Draw(r, "below")
			}
			a.Grants = append(a.Grants, g)
		}
		act := identity.Act(rapid.SampledFrom([]string{"", "unknown", "approve"}).Draw(r, "act"))
		if rapid.Bool().Draw(r, "known") {
			act = rapid.SampledFrom(identity.Rules).Draw(r, "rule").Act
		}
		place := rapid.SampledFrom([]string{"vn", "tinh", "xa", "khu", "xa2", "khu2", "tinh2", "xa3"}).Draw(r, "at")
		want := false
		for _, g := range a.Grants {
			inside := false
			for _, step := range strings.Split(strings.Trim(paths[place], "/"), "/") {
				inside = inside || step == g.PlaceID
			}
			for _, rule := range identity.Rules {
				for _, role := range rule.Roles {
					if inside && rule.Act == act && role == g.Role && !(g.Giver != "" && (rule.Act == identity.ManageAccounts || rule.Act == identity.Operate)) {
						want = true
					}
				}
			}
		}
		if got := a.May(act, paths[place]); got != want {
			r.Fatalf("%+v, %q at %s: %v, want %v", a.Grants, act, place, got, want)
		}
		if got := a.Check(act, paths[place], "") == nil; got != want {
			r.Fatal("Check and May differ")
		}
		if a.Sits(act, place) && !want {
			r.Fatal("a seat without the right")
		}
	})
}
