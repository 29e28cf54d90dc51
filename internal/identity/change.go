// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"context"
	"time"

	"hoctap/internal/audit"
	"hoctap/internal/fault"
	"hoctap/internal/store"
)

// SlipLife is how long a password on paper opens.
const SlipLife = 14 * 24 * time.Hour

// handed is the hash of a password that somebody hands to another, and until when it opens. What the program's own command sets does not end: there may
// be nobody to give another.
func (s *Service) handed(by Actor, password string) (hash string, until int64) {
	if by.Has(system) {
		return hashPassword(password), 0
	}
	return hashPassword(slipForm(password)), store.Micros(s.now().Add(SlipLife))
}

const (
	selectOwn      = `SELECT password_hash, slip_until, name FROM account WHERE id = $1`
	updatePassword = `UPDATE account SET password_hash = $1, must_change = $2, slip_until = $3, password_at = $4, version = version + 1 WHERE id = $5`
	deleteSessions = `DELETE FROM session WHERE account_id = $1`
	deleteOthers   = `DELETE FROM session WHERE account_id = $1 AND id <> $2`
	selectPast     = `SELECT at, hash FROM password_past WHERE account_id = $1 ORDER BY at DESC`
	insertPast     = `INSERT INTO password_past (account_id, at, hash) VALUES ($1, $2, $3)`
	deletePast     = `DELETE FROM password_past WHERE account_id = $1 AND at <= $2`
)

// ownPassword is what is kept of the actor's own.
type ownPassword struct {
	hash string
	slip int64
	name string
}

func (s *Service) own(ctx context.Context, id string) (o ownPassword, err error) {
	o, found, err := store.One(ctx, s.db.Read(), func(sc store.Scanner) (o ownPassword, err error) {
		err = sc.Scan(&o.hash, &o.slip, &o.name)
		return o, err
	}, selectOwn, id)
	if err == nil && !found {
		err = fault.NotFound("account", id)
	}
	return o, err
}

// is says whether password is the one that is kept.
func (o ownPassword) is(password string) bool {
	if o.slip != 0 {
		password = slipForm(password)
	}
	return verifyPassword(o.hash, password)
}

// checkOwn fails with fault.Invalid on field when password is not the actor's own, and with fault.TooMuch when it was tried too often.
func (s *Service) checkOwn(ctx context.Context, by Actor, field, password string) error {
	o, err := s.own(ctx, by.ID)
	if err != nil {
		return err
	}
	if err := s.ownAttempt(ctx, by); err != nil {
		return err
	}
	if !o.is(password) {
		return fault.Invalid(fault.Field(field, "password.old"))
	}
	return nil
}

// Strength is what is asked of the actor's next password.
func (s *Service) Strength(ctx context.Context, by Actor) (st Strength, err error) {
	defer fault.Wrap(&err, "identity.Strength(%s)", by.ID)
	second, err := s.hasFactor(ctx, s.db.Read(), by.ID)
	roles := make([]Role, len(by.Grants))
	for i, g := range by.Grants {
		roles[i] = g.Role
	}
	return strengthOf(roles, second), err
}

// ChangePassword sets the actor's own password, ends its other sessions and returns the token by which this one goes on. It fails with fault.Invalid when the
// old one is wrong, and when the new one is weak or was used lately.
func (s *Service) ChangePassword(ctx context.Context, by Actor, old, fresh string) (token string, err error) {
	defer fault.Wrap(&err, "identity.ChangePassword(%s)", by.ID)
	o, err := s.own(ctx, by.ID)
	if err != nil {
		return "", err
	}
	if err := s.checkOwn(ctx, by, "old", old); err != nil {
		return "", err
	}
	st, err := s.Strength(ctx, by)
	if err != nil {
		return "", err
	}
	if err := checkPassword(st, by.Login, o.name, fresh); err != nil {
		return "", err
	}
	if err := s.checkPast(ctx, by.ID, o, fresh); err != nil {
		return "", err
	}
	hash := hashPassword(fresh)
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		if err := s.setPassword(ctx, tx, by, by.ID, "", hash, o.hash, false, 0); err != nil {
			return err
		}
		token, err = s.proved(ctx, tx, by, Proof{Method: by.Method, Level: by.Level})
		return err
	})
	return token, err
}

// checkPast refuses the present password and those before it. Hashes are compared outside the transaction: each takes its time.
func (s *Service) checkPast(ctx context.Context, id string, o ownPassword, fresh string) error {
	used := o.is(fresh)
	past, err := store.Collect(ctx, s.db.Read(), func(sc store.Scanner) (hash string, err error) {
		var at int64
		err = sc.Scan(&at, &hash)
		return hash, err
	}, selectPast, id)
	if err != nil {
		return err
	}
	for _, hash := range past[:min(len(past), passwordsKept-1)] {
		used = used || verifyPassword(hash, fresh)
	}
	if used {
		return fault.Invalid(fault.Field("password", "password.used", "count", passwordsKept))
	}
	return nil
}

// setPassword writes a hash and keeps the one before. It ends no session: callers do.
func (s *Service) setPassword(ctx context.Context, tx *store.Tx, by Actor, id, placeID, hash, before string, mustChange bool, slipUntil int64) error {
	now := s.now()
	if _, err := tx.Exec(ctx, updatePassword, hash, mustChange, slipUntil, store.Micros(now), id); err != nil {
		return err
	}
	past, err := store.Collect(ctx, tx, func(sc store.Scanner) (at int64, err error) {
		var hash string
		err = sc.Scan(&at, &hash)
		return at, err
	}, selectPast, id)
	if err != nil {
		return err
	}
	at := store.Micros(now)
	if len(past) > 0 {
		at = max(at, past[0]+1)
	}
	if _, err := tx.Exec(ctx, insertPast, id, at, before); err != nil {
		return err
	}
	if len(past) >= passwordsKept {
		if _, err := tx.Exec(ctx, deletePast, id, past[passwordsKept-1]); err != nil {
			return err
		}
	}
	return audit.Write(ctx, tx, by.Who(), now, audit.Entry{PlaceID: placeID, Thing: "account", ThingID: id, Act: "password", After: map[string]any{"slip": slipUntil > 0}})
}

// ResetPassword gives an account below the actor a new password, which its owner must change at the next sign-in; all its sessions end.
// path is that of the account's place.
func (s *Service) ResetPassword(ctx context.Context, by Actor, target Account, path, fresh string) (err error) {
	defer fault.Wrap(&err, "identity.ResetPassword(%s)", target.ID)
	if err := by.Check(ManageAccounts, path, ""); err != nil {
		return err
	}
	if target.ID == by.ID {
		return fault.Conflict("account.own_password")
	}
	if err := s.checkBelow(ctx, by, target); err != nil {
		return err
	}
	if err := checkPassword(Strength{Min: MinPassword}, target.Login, target.Name, fresh); err != nil {
		return err
	}
	o, err := s.own(ctx, target.ID)
	if err != nil {
		return err
	}
	hash, until := s.handed(by, fresh)
	return s.db.Write(ctx, func(tx *store.Tx) error { return s.hand(ctx, tx, by, target, hash, o.hash, until) })
}

// hand gives an account a password from paper, and opens it again when nothing but idleness had closed it.
func (s *Service) hand(ctx context.Context, tx *store.Tx, by Actor, target Account, hash, before string, until int64) error {
	if err := s.setPassword(ctx, tx, by, target.ID, placeOf(target), hash, before, true, until); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, deleteSessions, target.ID); err != nil {
		return err
	}
	if target.Disabled && target.Why == "idle" {
		return s.disable(ctx, tx, by, target.ID, placeOf(target), false, "")
	}
	return nil
}

const selectLogin = `SELECT id FROM account WHERE login = $1`

// Rescue gives an administrator who is locked out a new password, takes the second factor away and opens the account: for the command line of the server,
// whose owner holds the database anyway. It is written to the journal and told to the account's owner.
func (s *Service) Rescue(ctx context.Context, by Actor, login, fresh string) (err error) {
	defer fault.Wrap(&err, "identity.Rescue(%s)", login)
	if !by.Has(system) {
		return fault.Denied(string(ManageAccounts), "")
	}
	login = foldLogin(login)
	id, found, err := store.One(ctx, s.db.Read(), store.Value[string], selectLogin, login)
	if err != nil {
		return err
	}
	if !found {
		return fault.NotFound("account_login", login)
	}
	o, err := s.own(ctx, id)
	if err != nil {
		return err
	}
	if err := checkPassword(Strength{Min: MinPassword}, login, o.name, fresh); err != nil {
		return err
	}
	hash, until := s.handed(by, fresh)
	return s.db.Write(ctx, func(tx *store.Tx) error {
		if err := s.setPassword(ctx, tx, by, id, "", hash, o.hash, true, until); err != nil {
			return err
		}
		if err := s.resetSecond(ctx, tx, by, id); err != nil {
			return err
		}
		if err := s.disable(ctx, tx, by, id, "", false, "rescue"); err != nil {
			return err
		}
		return audit.Write(ctx, tx, by.Who(), s.now(), audit.Entry{Thing: "account", ThingID: id, Act: "rescue"})
	})
}
