// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package passkey

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/identity/ceremony"
	"hoctap/internal/store"
)

const purposeSignIn = "passkey sign in"

// BeginSignIn asks for any key of this system: options for the browser, and what must come back from the same browser with its answer. Nothing is
// written, however often it is called.
func (s *Service) BeginSignIn(p Party, browser string) (options any, sealed string, err error) {
	defer fault.Wrap(&err, "passkey.BeginSignIn")
	rules, err := p.rules()
	if err != nil {
		return nil, "", err
	}
	assertion, session, err := rules.BeginDiscoverableLogin()
	if err != nil {
		return nil, "", err
	}
	sealed, err = s.ceremonies.Seal(purposeSignIn, browser, Life, session)
	return assertion.Response, sealed, err
}

type record struct {
	id, accountID string
	credential    webauthn.Credential
	counter       int64
	cloned        int64
}

const (
	selectKey   = `SELECT id, account_id, record, counter, cloned_at FROM passkey WHERE credential_id = $1`
	updateUsed  = `UPDATE passkey SET record = $1, counter = $2, used_at = $3 WHERE account_id = $4 AND id = $5 AND counter = $6 AND cloned_at = 0`
	updateClone = `UPDATE passkey SET cloned_at = $1 WHERE account_id = $2 AND id = $3 AND cloned_at = 0`
)

// SignIn takes the browser's answer to BeginSignIn and opens a session. It fails with fault.NotFound for a key that nobody has here (removed, or of a
// closed account) and with fault.Conflict for one whose counter went back: that key exists twice and is shut.
func (s *Service) SignIn(ctx context.Context, p Party, browser, sealed string, answer []byte, from identity.Client) (o identity.Opened, err error) {
	defer fault.Wrap(&err, "passkey.SignIn")
	var session webauthn.SessionData
	once, err := s.ceremonies.Open(purposeSignIn, browser, sealed, &session)
	if err != nil {
		return o, err
	}
	rules, err := p.rules()
	if err != nil {
		return o, err
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes(answer)
	if err != nil {
		return o, refused(err)
	}
	var r record
	var found bool
	_, credential, err := rules.ValidatePasskeyLogin(func(raw, _ []byte) (webauthn.User, error) {
		var err error
		if r, found, err = s.find(ctx, credentialID(raw)); err != nil || !found {
			return nil, either(err, errors.New("unknown key"))
		}
		return owner{id: r.accountID, keys: []webauthn.Credential{r.credential}}, nil
	}, session, parsed)
	switch {
	case err != nil && !found:
		return o, fault.NotFound("passkey_here", "")
	case err != nil:
		return o, refused(err)
	case r.cloned != 0:
		return o, fault.Conflict("passkey.cloned")
	case credential.Authenticator.CloneWarning:
		return o, s.shut(ctx, r, once, from.Address)
	}
	kept, err := json.Marshal(credential)
	if err != nil {
		return o, err
	}
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		if err := s.ceremonies.Spend(ctx, tx, once); err != nil {
			return err
		}
		n, err := tx.Exec(ctx, updateUsed, string(kept), int64(credential.Authenticator.SignCount), store.Micros(s.now()), r.accountID, r.id, r.counter)
		if err != nil || n == 0 {
			return either(err, fault.Conflict("ceremony.used")) // removed, or used, between the reading and now
		}
		o, err = s.identity.Open(ctx, tx, r.accountID, identity.Proof{Method: identity.ByPasskey, Level: 2}, from)
		if fault.KindOf(err) == fault.KindInvalid {
			err = fault.NotFound("passkey_here", "") // a closed account
		}
		return err
	})
	return o, err
}

func (s *Service) find(ctx context.Context, id string) (r record, found bool, err error) {
	return store.One(ctx, s.db.Read(), func(sc store.Scanner) (r record, err error) {
		var body string
		if err := sc.Scan(&r.id, &r.accountID, &body, &r.counter, &r.cloned); err != nil {
			return r, err
		}
		return r, json.Unmarshal([]byte(body), &r.credential)
	}, selectKey, id)
}

// shut keeps a key that exists twice from opening anything, for both who hold it: nobody can tell which is the owner. The same answer sent twice is
// no second key.
func (s *Service) shut(ctx context.Context, r record, once ceremony.Once, address string) error {
	err := s.db.Write(ctx, func(tx *store.Tx) error {
		if err := s.ceremonies.Spend(ctx, tx, once); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, updateClone, store.Micros(s.now()), r.accountID, r.id); err != nil {
			return err
		}
		return s.note(ctx, tx, identity.Actor{ID: r.accountID, Address: address}, "passkey_clone", map[string]any{"key": r.id, "counter": r.counter}, nil)
	})
	return either(err, fault.Conflict("passkey.cloned"))
}
