// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package oidc

import (
	"context"
	"strings"

	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/store"
)

const (
	selectAny  = `SELECT 1 FROM identity_link WHERE account_id = $1 LIMIT 1`
	insertWait = `INSERT INTO identity_expected (provider, number_hash, account_id, by_id, created_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (provider, number_hash) DO NOTHING`
)

// Expect tells the system whose account it is, before he has ever come: the first who comes from the provider with this id number is linked to target.
// It is for who manages the account, and refused once its owner has a way in of his own making: nobody slips a second one under it. The number is kept
// as a keyed hash only. path is that of the account's place.
func (s *Service) Expect(ctx context.Context, by identity.Actor, target identity.Account, path, provider, number string) (err error) {
	defer fault.Wrap(&err, "oidc.Expect(%s)", target.ID)
	if err := s.identity.CheckOver(ctx, by, target, path); err != nil {
		return err
	}
	p, err := s.provider(provider)
	if err != nil {
		return err
	}
	if p.Claims.Number == "" {
		return fault.Conflict("oidc.no_number", "provider", p.Name)
	}
	plain := strings.NewReplacer(" ", "", ".", "").Replace(number)
	if len(plain) != 12 || strings.Trim(plain, "0123456789") != "" {
		return fault.Invalid(fault.Field("number", "oidc.number"))
	}
	return s.db.Write(ctx, func(tx *store.Tx) error {
		_, busy, err := store.One(ctx, tx, store.Value[int], selectAny, target.ID)
		if err == nil && !busy {
			busy, err = s.identity.HasSecond(ctx, tx, target.ID)
		}
		if err != nil {
			return err
		}
		if busy {
			return fault.Conflict("oidc.has_own")
		}
		if _, err := tx.Exec(ctx, deleteWait, target.ID, provider); err != nil {
			return err
		}
		n, err := tx.Exec(ctx, insertWait, provider, s.numberHash(provider, plain), target.ID, by.ID, store.Micros(s.now()))
		if err != nil {
			return err
		}
		if n == 0 {
			return fault.Conflict("oidc.expected_elsewhere")
		}
		return s.note(ctx, tx, by, target.ID, "identity_expect", map[string]any{"provider": provider})
	})
}
