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
)

// seenStep bounds how stale "last seen" may be, so that reading does not write each time; a short idle time needs a closer look.
const seenStep = 5 * time.Minute

// noAccount is checked when the login does not exist, so that the answer takes as long as for one that does.
var noAccount = hashPassword("không có tài khoản này")

const (
	selectByLogin  = `SELECT id, password_hash, disabled_at, slip_until FROM account WHERE login = $1`
	updateRehashed = `UPDATE account SET password_hash = $1 WHERE id = $2 AND password_hash = $3`
)

// SignIn checks a password and opens a session, or begins one that asks for a second factor. The same fault is given for a wrong password, an unknown
// and a closed account, after the same work; fault.TooMuch while a brake holds; who knows the password of a slip that is too old is told so.
func (s *Service) SignIn(ctx context.Context, login, password string, from Client) (o Opened, err error) {
	defer fault.Wrap(&err, "identity.SignIn")
	login = foldLogin(login)
	type row struct {
		id, hash       string
		disabled, slip int64
	}
	a, found, err := store.One(ctx, s.db.Read(), func(sc store.Scanner) (r row, err error) {
		err = sc.Scan(&r.id, &r.hash, &r.disabled, &r.slip)
		return r, err
	}, selectByLogin, login)
	if err != nil {
		return o, err
	}
	if err := s.attempt(ctx, firstStep, login, a.id, from); err != nil {
		return o, err
	}
	if !found {
		a.hash = noAccount
	}
	if a.slip != 0 {
		password = slipForm(password)
	}
	if !verifyPassword(a.hash, password) || !found || a.disabled != 0 {
		return o, wrong()
	}
	if a.slip != 0 && !s.now().Before(store.Time(a.slip)) {
		return o, fault.Invalid(fault.Field("password", "sign_in.slip_old"))
	}
	fresh := ""
	if outdated(a.hash) {
		fresh = hashPassword(password)
	}
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		if fresh != "" {
			if _, err := tx.Exec(ctx, updateRehashed, fresh, a.id, a.hash); err != nil {
				return err
			}
		}
		o, err = s.Open(ctx, tx, a.id, Proof{Method: ByPassword, Level: 1}, from)
		return err
	})
	return o, err
}

const (
	selectSession = `
		SELECT a.id, a.login, a.name, a.post, a.must_change, a.password_at, a.grace_until, s.id, s.method, s.level, s.created_at, s.seen_at, g.role, g.place_id, ` + borrows + `
		FROM session s JOIN account a ON a.id = s.account_id
		LEFT JOIN account_grant g ON g.account_id = a.id AND g.valid_from <= $1 AND g.valid_to >= $2
		WHERE s.token_hash = $3 AND a.disabled_at = 0
		ORDER BY g.role, g.place_id`
	touchSession = `UPDATE session SET seen_at = $1 WHERE token_hash = $2`
	touchAccount = `UPDATE account SET seen_at = $1 WHERE id = $2`
)

// Session returns the actor behind a token, or fault.NotFound when it is unknown, too old or was idle too long.
func (s *Service) Session(ctx context.Context, token, address string) (a Actor, err error) {
	defer fault.Wrap(&err, "identity.Session")
	now := s.now()
	today, hash := store.Date(now), hashToken(token)
	var passwordAt, grace, created, seen int64
	var roles []Role
	var lent bool
	err = store.Each(ctx, s.db.Read(), func(sc store.Scanner) error {
		var role, place *string
		if err := sc.Scan(&a.ID, &a.Login, &a.Name, &a.Post, &a.MustChange, &passwordAt, &grace, &a.Session, &a.Method, &a.Level, &created, &seen, &role, &place, &lent); err != nil {
			return err
		}
		if role != nil {
			a.Grants, roles = append(a.Grants, Grant{Role: Role(*role), PlaceID: *place}), append(roles, Role(*role))
		}
		return nil
	}, selectSession, today, today, hash)
	if err != nil {
		return Actor{}, err
	}
	all, err := s.Terms(ctx)
	if err != nil {
		return Actor{}, err
	}
	terms := strictest(all, roles)
	if a.ID == "" || now.Sub(store.Time(created)) > terms.Life() || now.Sub(store.Time(seen)) > terms.Idle() {
		return Actor{}, fault.NotFound("session", "")
	}
	if terms.PasswordDays > 0 && passwordAt > 0 {
		a.PasswordEnds = store.Time(passwordAt).AddDate(0, 0, terms.PasswordDays)
		a.MustChange = a.MustChange || !now.Before(a.PasswordEnds)
	}
	if err := s.owes(ctx, &a, terms, grace); err != nil {
		return Actor{}, err
	}
	if lent {
		if err := s.borrow(ctx, &a); err != nil {
			return Actor{}, err
		}
	}
	a.Address = address
	if now.Sub(store.Time(seen)) > min(seenStep, terms.Idle()/30) {
		err = s.db.Write(ctx, func(tx *store.Tx) error {
			if _, err := tx.Exec(ctx, touchSession, store.Micros(now), hash); err != nil {
				return err
			}
			_, err := tx.Exec(ctx, touchAccount, store.Micros(now), a.ID)
			return err
		})
	}
	return a, err
}

// owes finds whether a second factor is missing, and until when.
func (s *Service) owes(ctx context.Context, a *Actor, terms Terms, grace int64) error {
	if a.Level > 1 || terms.Second == SecondOff {
		return nil
	}
	has, err := s.hasFactor(ctx, s.db.Read(), a.ID)
	if err != nil || has {
		return err
	}
	if terms.Second == SecondGrace && grace > 0 {
		a.GraceEnds = store.Time(grace)
	}
	a.MustEnrol = !s.now().Before(a.GraceEnds)
	return nil
}

const selectActor = `
	SELECT a.id, a.login, a.name, a.post, g.role, g.place_id, ` + borrows + `
	FROM account a LEFT JOIN account_grant g ON g.account_id = a.id AND g.valid_from <= $1 AND g.valid_to >= $2
	WHERE a.id = $3 AND a.disabled_at = 0
	ORDER BY g.role, g.place_id`

// Actor returns an account with what it may do now, for work that somebody began and that goes on without a session. It fails with
// fault.NotFound when the account is closed.
func (s *Service) Actor(ctx context.Context, id, address string) (a Actor, err error) {
	defer fault.Wrap(&err, "identity.Actor(%s)", id)
	today, lent := store.Date(s.now()), false
	err = store.Each(ctx, s.db.Read(), func(sc store.Scanner) error {
		var role, place *string
		if err := sc.Scan(&a.ID, &a.Login, &a.Name, &a.Post, &role, &place, &lent); err != nil {
			return err
		}
		if role != nil {
			a.Grants = append(a.Grants, Grant{Role: Role(*role), PlaceID: *place})
		}
		return nil
	}, selectActor, today, today, id)
	if err == nil && a.ID == "" {
		err = fault.NotFound("account", id)
	}
	if err == nil && lent {
		err = s.borrow(ctx, &a)
	}
	a.Address = address
	return a, err
}

const selectSessionOf = `SELECT account_id FROM session WHERE token_hash = $1`

// SignOut ends the session of a token; an unknown token is no error.
func (s *Service) SignOut(ctx context.Context, token, address string) (err error) {
	defer fault.Wrap(&err, "identity.SignOut")
	return s.db.Write(ctx, func(tx *store.Tx) error {
		id, found, err := store.One(ctx, tx, store.Value[string], selectSessionOf, hashToken(token))
		if err != nil || !found {
			return err
		}
		if _, err := tx.Exec(ctx, deleteSession, hashToken(token)); err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Who{ID: id, Address: address}, s.now(), audit.Entry{Thing: "account", ThingID: id, Act: "sign_out"})
	})
}

const updateToken = `UPDATE session SET token_hash = $1, level = $2, method = $3 WHERE id = $4 AND account_id = $5`

// rotate gives a session a new token after what its owner proved: one that was copied before opens nothing any more.
func (s *Service) rotate(ctx context.Context, tx *store.Tx, by Actor, proof Proof) (token string, err error) {
	token = newToken()
	n, err := tx.Exec(ctx, updateToken, hashToken(token), proof.Level, string(proof.Method), by.Session, by.ID)
	if err == nil && n == 0 {
		err = fault.NotFound("session", "")
	}
	return token, err
}

// toText is a browser's word as a database keeps it.
func toText(s string) string { return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "") }
