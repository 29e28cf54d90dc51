// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"context"
	"strings"
	"time"

	"hoctap/internal/audit"
	"hoctap/internal/fault"
	"hoctap/internal/store"
	"hoctap/internal/text"
)

// Account is a person's way in.
type Account struct {
	ID       string
	Login    string
	Name     string
	Post     string
	Email    string // "" for none
	Disabled bool
	Demo     bool
	Grants   []Grant

	Why       string    // it was closed: "" by somebody | idle | review
	Seen      time.Time // last at work; zero for never
	Second    bool      // it has a second factor
	SlipUntil time.Time // its password is one from paper, and opens until then; zero for one of its own
	Closes    time.Time // it will be closed then when nobody uses it; zero for never
}

// Draft is an account to be made. Path is the path of Grant's place, which the caller has from package place.
type Draft struct {
	Login    string
	Name     string
	Post     string
	Password string
	Grant    Grant
	Path     string
	Demo     bool // shown on the sign-in page of a demo, with a password that everybody knows and nobody need change
}

// Check reports every rule the draft breaks.
func (d Draft) Check() error {
	var errs []fault.FieldError
	if l := foldLogin(d.Login); len(l) < 3 || len(l) > 60 || strings.ContainsAny(l, " /\\<>\"'") {
		errs = append(errs, fault.Field("login", "account.login"))
	}
	if text.NFC(d.Name) == "" || len(d.Name) > 240 {
		errs = append(errs, fault.Field("name", "account.name"))
	}
	if _, ok := policy[d.Grant.Role]; !ok || d.Grant.Role == system {
		errs = append(errs, fault.Field("role", "account.role"))
	}
	return fault.Invalid(errs...)
}

const insertAccount = `INSERT INTO account (id, login, name, post, password_hash, must_change, demo, created_at, password_at, slip_until)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (login) DO NOTHING`

// Create makes an account. Only who manages accounts at the place may, and nobody gives a role he could not have had above:
// a commune officer makes reviewers, volunteers and viewers, no officers of the province and no administrators.
func (s *Service) Create(ctx context.Context, by Actor, d Draft) (id string, err error) {
	defer fault.Wrap(&err, "identity.Create(%s)", d.Login)
	if err := by.Check(ManageAccounts, d.Path, d.Grant.PlaceID); err != nil {
		return "", err
	}
	if (d.Grant.Role == Admin || d.Grant.Role == ProvinceOfficer) && !by.Has(Admin) && !by.Has(system) {
		return "", fault.Denied("grant_role", d.Grant.PlaceID)
	}
	if err := d.Check(); err != nil {
		return "", err
	}
	login := foldLogin(d.Login)
	if !d.Demo {
		if err := checkPassword(Strength{Min: MinPassword}, login, d.Name, d.Password); err != nil {
			return "", err
		}
	}
	now := s.now()
	hash, until := s.handed(by, d.Password)
	id = store.NewID()
	return id, s.db.Write(ctx, func(tx *store.Tx) error {
		n, err := tx.Exec(ctx, insertAccount, id, login, text.NFC(d.Name), text.NFC(d.Post), hash, !d.Demo, d.Demo, store.Micros(now), store.Micros(now), until)
		if err != nil {
			return err
		}
		if n == 0 {
			return fault.Invalid(fault.Field("login", "account.taken", "login", login))
		}
		if err := s.giveFirst(ctx, tx, by, id, d); err != nil {
			return err
		}
		return audit.Write(ctx, tx, by.Who(), now, audit.Entry{PlaceID: d.Grant.PlaceID, Thing: "account", ThingID: id, Act: "create",
			After: map[string]any{"login": login, "role": d.Grant.Role, "place": d.Grant.PlaceID}})
	})
}

// selectGrants are all roles of an account with the newest path of each place.
const selectGrants = `
	SELECT g.role, g.place_id, coalesce((SELECT p.path FROM place_parent p WHERE p.place_id = g.place_id ORDER BY p.valid_from DESC LIMIT 1), '')
	FROM account_grant g WHERE g.account_id = $1`

// checkBelow refuses to let an account be taken over for what it may do elsewhere: whoever changes it must manage accounts at
// the places of all its roles, administrators too, and only an administrator changes those of the province and other administrators.
func (s *Service) checkBelow(ctx context.Context, by Actor, target Account) error {
	if by.Everywhere(Operate) {
		return nil
	}
	return store.Each(ctx, s.db.Read(), func(sc store.Scanner) error {
		var role Role
		var placeID, path string
		if err := sc.Scan(&role, &placeID, &path); err != nil {
			return err
		}
		if (role == Admin || role == ProvinceOfficer) && !by.Has(Admin) {
			return fault.Denied("grant_role", placeID)
		}
		return by.Check(ManageAccounts, path, placeID)
	}, selectGrants, target.ID)
}

const selectAccounts = `
	SELECT a.id, a.login, a.name, a.post, a.disabled_at, a.closed_why, a.demo, a.seen_at, a.created_at, a.opened_at, a.slip_until,
		(SELECT count(*) FROM totp t WHERE t.account_id = a.id AND t.confirmed_at > 0) + (SELECT count(*) FROM passkey k WHERE k.account_id = a.id AND k.cloned_at = 0), g.role, g.place_id
	FROM account a JOIN account_grant g ON g.account_id = a.id`

// At lists the accounts with a role at one of the places, ordered by place, role and login. It is for those who manage
// accounts there; the caller has checked that.
func (s *Service) At(ctx context.Context, placeIDs ...string) (list []Account, err error) {
	defer fault.Wrap(&err, "identity.At")
	var w store.Where
	w.In("g.place_id", placeIDs...)
	return s.accounts(ctx, selectAccounts+w.SQL()+` ORDER BY g.place_id, g.role, a.login`, w.Args()...)
}

// Demo lists the accounts of a demo, for the sign-in page; a real database has none.
func (s *Service) Demo(ctx context.Context) (list []Account, err error) {
	defer fault.Wrap(&err, "identity.Demo")
	return s.accounts(ctx, selectAccounts+` WHERE a.demo ORDER BY a.created_at, a.id`)
}

func (s *Service) accounts(ctx context.Context, query string, args ...any) ([]Account, error) {
	all, err := s.Terms(ctx)
	if err != nil {
		return nil, err
	}
	var list []Account
	err = store.Each(ctx, s.db.Read(), func(sc store.Scanner) error {
		var a Account
		var g Grant
		var disabled, seen, created, opened, slip int64
		var second int
		if err := sc.Scan(&a.ID, &a.Login, &a.Name, &a.Post, &disabled, &a.Why, &a.Demo, &seen, &created, &opened, &slip, &second, &g.Role, &g.PlaceID); err != nil {
			return err
		}
		if n := len(list); n > 0 && list[n-1].ID == a.ID {
			list[n-1].Grants = append(list[n-1].Grants, g)
			return nil
		}
		a.Disabled, a.Second, a.Grants = disabled != 0, second > 0, []Grant{g}
		if seen > 0 {
			a.Seen = store.Time(seen)
		}
		if slip > 0 {
			a.SlipUntil = store.Time(slip)
		}
		if days := strictest(all, []Role{g.Role}).CloseDays; days > 0 && disabled == 0 {
			a.Closes = store.Time(max(seen, created, opened)).AddDate(0, 0, days)
		}
		list = append(list, a)
		return nil
	}, query, args...)
	for i := range list {
		if err != nil || len(s.factors) < 2 {
			break // only the app, which the query has asked for
		}
		if !list[i].Second {
			list[i].Second, err = s.hasFactor(ctx, s.db.Read(), list[i].ID)
		}
	}
	return list, err
}

func foldLogin(login string) string { return strings.ToLower(text.NFC(login)) }

const updateDisabled = `UPDATE account SET disabled_at = $1, closed_why = $2, opened_at = $3, version = version + 1 WHERE id = $4`

// Disable closes an account below the actor, or opens it again; a closed one is signed out everywhere. path is that of the
// account's place.
func (s *Service) Disable(ctx context.Context, by Actor, target Account, path string, off bool) (err error) {
	defer fault.Wrap(&err, "identity.Disable(%s)", target.ID)
	if err := by.Check(ManageAccounts, path, ""); err != nil {
		return err
	}
	if target.ID == by.ID {
		return fault.Conflict("account.own")
	}
	if err := s.checkBelow(ctx, by, target); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *store.Tx) error {
		return s.disable(ctx, tx, by, target.ID, placeOf(target), off, "")
	})
}

func (s *Service) disable(ctx context.Context, tx *store.Tx, by Actor, id, placeID string, off bool, why string) error {
	now := s.now()
	closed, opened, act := int64(0), store.Micros(now), "enable"
	if off {
		closed, opened, act = store.Micros(now), 0, "disable"
	}
	if _, err := tx.Exec(ctx, updateDisabled, closed, why, opened, id); err != nil {
		return err
	}
	if off {
		if _, err := tx.Exec(ctx, deleteSessions, id); err != nil {
			return err
		}
	}
	return audit.Write(ctx, tx, by.Who(), now, audit.Entry{PlaceID: placeID, Thing: "account", ThingID: id, Act: act, Reason: why})
}
