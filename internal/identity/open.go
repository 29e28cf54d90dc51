// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"context"
	"crypto/rand"
	"encoding/base64"

	"hoctap/internal/audit"
	"hoctap/internal/fault"
	"hoctap/internal/store"
)

// Proof is how a person proved who he is.
type Proof struct {
	Method string // passkey | oidc
	MFA    bool   // two factors at once
}

const selectOpenAccount = `SELECT id FROM account WHERE id = $1 AND disabled_at = 0`

// Open opens a session for an account whose owner has proved himself.
func (s *Service) Open(ctx context.Context, accountID string, p Proof, address, agent string) (token string, err error) {
	defer fault.Wrap(&err, "identity.Open(%s)", accountID)
	raw := make([]byte, 32)
	_, _ = rand.Read(raw)
	token, now := base64.RawURLEncoding.EncodeToString(raw), s.now()
	return token, s.db.Write(ctx, func(tx *store.Tx) error {
		_, found, err := store.One(ctx, tx, store.Value[string], selectOpenAccount, accountID)
		if err != nil {
			return err
		}
		if !found {
			return fault.Denied("account_closed", "")
		}
		if _, err := tx.Exec(ctx, insertSession, hashToken(token), accountID, address, agent, store.Micros(now), store.Micros(now), store.Micros(now.Add(SessionLife))); err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Who{ID: accountID, Address: address}, now, audit.Entry{Thing: "account", ThingID: accountID, Act: "sign_in", After: map[string]any{"method": p.Method}})
	})
}
