// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"time"

	"hoctap/internal/audit"
	"hoctap/internal/fault"
	"hoctap/internal/store"
)

// Method is how somebody showed who he is.
type Method string

// The methods.
const (
	ByPassword Method = "password"
	ByCode     Method = "code"     // a password, then a code of the authenticator app
	ByRecovery Method = "recovery" // a password, then a code from the printed list
	ByPasskey  Method = "passkey"
	ByOIDC     Method = "oidc" // another system vouches
)

// Proof is what was shown. Level counts its factors: 1, or 2 for two of them and for a passkey that asked for a finger, a face or a PIN.
type Proof struct {
	Method Method
	Level  int
}

// Client is the browser that asks. Token and Device are what it carries from before, "" for nothing.
type Client struct {
	Address string // host:port
	Agent   string
	Token   string // of the session it had: it ends when another opens
	Device  string // its mark from earlier sign-ins
}

// Opened is what the browser gets: the token of its session, or that of the second step when one factor is not enough.
type Opened struct {
	Token   string
	Pending string
	Device  string // its mark from now on; "" where it keeps what it has
	Told    bool   // somebody took its second factor away: the page of the account's security says who
}

const (
	selectOpening = `SELECT login, disabled_at, grace_until, factor_reset_at FROM account WHERE id = $1`
	insertSession = `INSERT INTO session (token_hash, id, account_id, method, level, address, agent, created_at, seen_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`
	deleteSession = `DELETE FROM session WHERE token_hash = $1`
	updateOpened  = `UPDATE account SET seen_at = $1, grace_until = $2 WHERE id = $3`
)

// Open opens a session for an account after any proof, inside the transaction in which the proof was used up; it is the only way to one. A proof of one
// factor opens none for an account that has a second: what comes back then is the token of the second step. It fails with the fault of a wrong
// password when the account is closed. Whoever calls has checked the proof.
func (s *Service) Open(ctx context.Context, tx *store.Tx, accountID string, proof Proof, from Client) (o Opened, err error) {
	defer fault.Wrap(&err, "identity.Open(%s)", accountID)
	type row struct {
		login                  string
		disabled, grace, reset int64
	}
	a, found, err := store.One(ctx, tx, func(sc store.Scanner) (r row, err error) {
		err = sc.Scan(&r.login, &r.disabled, &r.grace, &r.reset)
		return r, err
	}, selectOpening, accountID)
	if err != nil {
		return o, err
	}
	if !found || a.disabled != 0 {
		return o, wrong()
	}
	has, err := s.hasFactor(ctx, tx, accountID)
	if err != nil {
		return o, err
	}
	if has && proof.Level < 2 {
		o.Pending, err = s.openPending(ctx, tx, accountID, proof.Method)
		return o, err
	}
	now := s.now()
	if !has && a.grace == 0 {
		terms, err := s.termsOf(ctx, tx, accountID)
		if err != nil {
			return o, err
		}
		if terms.Second == SecondGrace {
			a.grace = store.Micros(now.AddDate(0, 0, terms.GraceDays))
		}
	}
	if from.Token != "" { // a session that somebody planted in this browser must not live on beside its owner's
		if _, err := tx.Exec(ctx, deleteSession, hashToken(from.Token)); err != nil {
			return o, err
		}
	}
	id := store.NewID()
	o.Token, o.Device, o.Told = newToken(), s.knownTo(from.Device, accountID), a.reset > 0
	if _, err := tx.Exec(ctx, insertSession, hashToken(o.Token), id, accountID, string(proof.Method), proof.Level, from.Address, clip(from.Agent), store.Micros(now), store.Micros(now)); err != nil {
		return o, err
	}
	if _, err := tx.Exec(ctx, updateOpened, store.Micros(now), a.grace, accountID); err != nil {
		return o, err
	}
	if err := s.forgive(ctx, tx, a.login, accountID, from); err != nil { // only now: a right password alone proves little
		return o, err
	}
	return o, audit.Write(ctx, tx, audit.Who{ID: accountID, Address: from.Address, Device: audit.Device(from.Agent)}, now, audit.Entry{Thing: "account", ThingID: accountID, Act: "sign_in",
		After: map[string]any{"method": proof.Method, "level": proof.Level, "agent": clip(from.Agent)}})
}

// Factor is a kind of second factor: whether an account has one, and how all of them are taken from it. Both run inside a transaction.
type Factor struct {
	Has  func(ctx context.Context, tx *store.Tx, accountID string) (bool, error)
	Drop func(ctx context.Context, tx *store.Tx, accountID string) error
}

// AddFactor tells the service of a kind of second factor beside the authenticator app. Call it while the program starts.
func (s *Service) AddFactor(f Factor) { s.factors = append(s.factors, f) }

// hasFactor says whether an account has a second factor of any kind.
func (s *Service) hasFactor(ctx context.Context, tx *store.Tx, accountID string) (has bool, err error) {
	for _, f := range s.factors {
		if has, err = f.Has(ctx, tx, accountID); has || err != nil {
			return has, err
		}
	}
	return false, nil
}

// dropFactors takes every second factor from an account.
func (s *Service) dropFactors(ctx context.Context, tx *store.Tx, accountID string) error {
	for _, f := range s.factors {
		if err := f.Drop(ctx, tx, accountID); err != nil {
			return err
		}
	}
	return nil
}

// wrong is the one answer to a wrong password, an unknown account and a closed one.
func wrong() error { return fault.Invalid(fault.Field("password", "sign_in.wrong")) }

// agentLength is how much of what a browser says of itself is kept.
const agentLength = 300

func clip(agent string) string {
	if len(agent) > agentLength {
		agent = agent[:agentLength]
	}
	return toText(agent)
}

func newToken() string {
	raw := make([]byte, 32)
	_, _ = rand.Read(raw)
	return base64.RawURLEncoding.EncodeToString(raw)
}

func hashToken(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// The second step: how long a browser has for it, and how many codes it may try before it begins again with the first.
const (
	PendingLife  = 5 * time.Minute
	pendingTries = 5
)

// Pending is a sign-in between its first proof and its second.
type Pending struct {
	AccountID string
	Login     string
	Method    Method // of the first proof
}

const (
	insertPending = `INSERT INTO sign_in_pending (token_hash, account_id, method, tries, expires_at) VALUES ($1, $2, $3, 0, $4)`
	selectPending = `SELECT p.account_id, a.login, p.method FROM sign_in_pending p JOIN account a ON a.id = p.account_id
		WHERE p.token_hash = $1 AND p.expires_at > $2 AND p.tries < $3 AND a.disabled_at = 0`
	tryPending    = `UPDATE sign_in_pending SET tries = tries + 1 WHERE token_hash = $1 AND expires_at > $2 AND tries < $3`
	deletePending = `DELETE FROM sign_in_pending WHERE token_hash = $1`
)

func (s *Service) openPending(ctx context.Context, tx *store.Tx, accountID string, method Method) (token string, err error) {
	token = newToken()
	_, err = tx.Exec(ctx, insertPending, hashToken(token), accountID, string(method), store.Micros(s.now().Add(PendingLife)))
	return token, err
}

// Pending returns the sign-in that a browser has begun, or fault.NotFound when it is over or was tried too often.
func (s *Service) Pending(ctx context.Context, token string) (p Pending, err error) {
	defer fault.Wrap(&err, "identity.Pending")
	return s.pending(ctx, s.db.Read(), token, pendingTries)
}

func (s *Service) pending(ctx context.Context, tx *store.Tx, token string, tries int) (p Pending, err error) {
	p, found, err := store.One(ctx, tx, func(sc store.Scanner) (p Pending, err error) {
		err = sc.Scan(&p.AccountID, &p.Login, &p.Method)
		return p, err
	}, selectPending, hashToken(token), store.Micros(s.now()), tries)
	if err == nil && !found {
		err = fault.NotFound("sign_in", "")
	}
	return p, err
}

// TryPending takes one of the tries of a begun sign-in, before the second proof is looked at: guesses that come together are counted each.
func (s *Service) TryPending(ctx context.Context, token string) (p Pending, err error) {
	defer fault.Wrap(&err, "identity.TryPending")
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		n, err := tx.Exec(ctx, tryPending, hashToken(token), store.Micros(s.now()), pendingTries)
		if err != nil {
			return err
		}
		if n == 0 {
			return fault.NotFound("sign_in", "")
		}
		p, err = s.pending(ctx, tx, token, pendingTries+1)
		return err
	})
	return p, err
}

// OpenPending ends a begun sign-in with its second proof and opens the session. The caller has taken a try and checked the proof.
func (s *Service) OpenPending(ctx context.Context, tx *store.Tx, token string, method Method, from Client) (o Opened, err error) {
	defer fault.Wrap(&err, "identity.OpenPending")
	p, err := s.pending(ctx, tx, token, pendingTries+1)
	if err != nil {
		return o, err
	}
	n, err := tx.Exec(ctx, deletePending, hashToken(token))
	if err == nil && n == 0 {
		err = fault.NotFound("sign_in", "")
	}
	if err != nil {
		return o, err
	}
	return s.Open(ctx, tx, p.AccountID, Proof{Method: method, Level: 2}, from)
}
