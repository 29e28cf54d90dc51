// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strings"
	"time"

	"hoctap/internal/audit"
	"hoctap/internal/fault"
	"hoctap/internal/store"
)

// Lifetimes of a session, and the brake on guessing: after maxFailures wrong passwords for one login from one
// address, that address waits. Other addresses do not, so nobody can lock another out.
const (
	SessionLife  = 14 * 24 * time.Hour
	SessionIdle  = 12 * time.Hour
	seenStep     = 5 * time.Minute // how stale "last seen" may be, so that reading does not write each time
	maxFailures  = 8
	failureBrake = 10 * time.Minute
)

// noAccount is checked when the login does not exist, so that the answer takes as long as for one that does.
var noAccount = hashPassword("không có tài khoản này")

const (
	selectByLogin = `SELECT id, password_hash, disabled_at FROM account WHERE login = $1`
	selectFailure = `SELECT count FROM sign_in_failure WHERE key = $1 AND until > $2`
	upsertFailure = `INSERT INTO sign_in_failure (key, count, until) VALUES ($1, 1, $2)
		ON CONFLICT (key) DO UPDATE SET count = CASE WHEN sign_in_failure.until > $3 THEN sign_in_failure.count + 1 ELSE 1 END, until = excluded.until`
	deleteFailure = `DELETE FROM sign_in_failure WHERE key = $1`
	insertSession = `INSERT INTO session (token_hash, account_id, address, agent, created_at, seen_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`
)

// SignIn opens a session and returns its token. The same fault is given for a wrong password, an unknown and a
// disabled account; after too many failures fault.TooMuch until some minutes have passed.
func (s *Service) SignIn(ctx context.Context, login, password, address, agent string) (token string, err error) {
	defer fault.Wrap(&err, "identity.SignIn")
	login = foldLogin(login)
	host, _, _ := strings.Cut(address, " ")
	if at := strings.LastIndexByte(host, ':'); at >= 0 {
		host = host[:at]
	}
	key, now := login+" "+host, s.now()
	failures, _, err := store.One(ctx, s.db.Read(), store.Value[int], selectFailure, key, store.Micros(now))
	if err != nil {
		return "", err
	}
	if failures >= maxFailures {
		return "", fault.TooMuch("sign_in.brake", "minutes", int(failureBrake.Minutes()))
	}
	type row struct {
		id, hash string
		disabled int64
	}
	a, found, err := store.One(ctx, s.db.Read(), func(sc store.Scanner) (r row, err error) {
		err = sc.Scan(&r.id, &r.hash, &r.disabled)
		return r, err
	}, selectByLogin, login)
	if err != nil {
		return "", err
	}
	if !found {
		a.hash = noAccount
	}
	if !verifyPassword(a.hash, password) || !found || a.disabled != 0 {
		err := s.db.Write(ctx, func(tx *store.Tx) error {
			_, err := tx.Exec(ctx, upsertFailure, key, store.Micros(now.Add(failureBrake)), store.Micros(now))
			return err
		})
		if err != nil {
			return "", err
		}
		return "", fault.Invalid(fault.Field("password", "sign_in.wrong"))
	}
	raw := make([]byte, 32)
	_, _ = rand.Read(raw)
	token = base64.RawURLEncoding.EncodeToString(raw)
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		if _, err := tx.Exec(ctx, deleteFailure, key); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, insertSession, hashToken(token), a.id, address, agent, store.Micros(now), store.Micros(now), store.Micros(now.Add(SessionLife))); err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Who{ID: a.id, Address: address, Device: audit.Device(agent)}, now, audit.Entry{Thing: "account", ThingID: a.id, Act: "sign_in"})
	})
	return token, err
}

const (
	selectSession = `
		SELECT a.id, a.login, a.name, a.post, a.must_change, s.seen_at, g.role, g.place_id
		FROM session s JOIN account a ON a.id = s.account_id
		LEFT JOIN account_grant g ON g.account_id = a.id AND g.valid_from <= $1 AND g.valid_to >= $2
		WHERE s.token_hash = $3 AND s.expires_at > $4 AND s.seen_at > $5 AND a.disabled_at = 0
		ORDER BY g.role, g.place_id`
	touchSession  = `UPDATE session SET seen_at = $1 WHERE token_hash = $2`
	deleteSession = `DELETE FROM session WHERE token_hash = $1`
)

// Session returns the actor behind a token, or fault.NotFound when it is unknown, too old or was idle too long.
func (s *Service) Session(ctx context.Context, token, address string) (a Actor, err error) {
	defer fault.Wrap(&err, "identity.Session")
	now := s.now()
	today, hash := store.Date(now), hashToken(token)
	var seen int64
	err = store.Each(ctx, s.db.Read(), func(sc store.Scanner) error {
		var role, place *string
		if err := sc.Scan(&a.ID, &a.Login, &a.Name, &a.Post, &a.MustChange, &seen, &role, &place); err != nil {
			return err
		}
		if role != nil {
			a.Grants = append(a.Grants, Grant{Role: Role(*role), PlaceID: *place})
		}
		return nil
	}, selectSession, today, today, hash, store.Micros(now), store.Micros(now.Add(-SessionIdle)))
	if err != nil {
		return Actor{}, err
	}
	if a.ID == "" {
		return Actor{}, fault.NotFound("session", "")
	}
	a.Address = address
	if now.Sub(store.Time(seen)) > seenStep {
		err = s.db.Write(ctx, func(tx *store.Tx) error { _, err := tx.Exec(ctx, touchSession, store.Micros(now), hash); return err })
	}
	return a, err
}

const selectActor = `
	SELECT a.id, a.login, a.name, a.post, g.role, g.place_id
	FROM account a LEFT JOIN account_grant g ON g.account_id = a.id AND g.valid_from <= $1 AND g.valid_to >= $2
	WHERE a.id = $3 AND a.disabled_at = 0
	ORDER BY g.role, g.place_id`

// Actor returns an account with what it may do now, for work that somebody began and that goes on without a session. It fails with
// fault.NotFound when the account is closed.
func (s *Service) Actor(ctx context.Context, id, address string) (a Actor, err error) {
	defer fault.Wrap(&err, "identity.Actor(%s)", id)
	today := store.Date(s.now())
	err = store.Each(ctx, s.db.Read(), func(sc store.Scanner) error {
		var role, place *string
		if err := sc.Scan(&a.ID, &a.Login, &a.Name, &a.Post, &role, &place); err != nil {
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
	a.Address = address
	return a, err
}

// SignOut ends the session of a token; an unknown token is no error.
func (s *Service) SignOut(ctx context.Context, token string) (err error) {
	defer fault.Wrap(&err, "identity.SignOut")
	return s.db.Write(ctx, func(tx *store.Tx) error { _, err := tx.Exec(ctx, deleteSession, hashToken(token)); return err })
}

func hashToken(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}
