// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"context"
	"crypto/rand"

	"hoctap/internal/audit"
	"hoctap/internal/fault"
	"hoctap/internal/store"
)

// Printed codes, for the day the phone is lost: recoveryCodes of them, 50 random bits each, kept only as keyed hashes.
const (
	recoveryCodes   = 10
	recoveryLetters = 10
	recoveryFrom    = "abcdefghjkmnpqrstuvwxyz23456789" // no i, l, o, 0, 1
)

const (
	insertRecovery = `INSERT INTO recovery_code (account_id, hash, used_at) VALUES ($1, $2, 0)`
	useRecovery    = `UPDATE recovery_code SET used_at = $1 WHERE account_id = $2 AND hash = $3 AND used_at = 0`
)

func (s *Service) recoveryHash(accountID, code string) string {
	return s.Keys.Hash("recovery", accountID+" "+code)
}

// freshRecovery puts a new list in the place of the old one.
func (s *Service) freshRecovery(ctx context.Context, tx *store.Tx, accountID string) (codes []string, err error) {
	if _, err := tx.Exec(ctx, deleteRecovery, accountID); err != nil {
		return nil, err
	}
	for range recoveryCodes {
		code := make([]byte, recoveryLetters)
		for i := range code {
			code[i] = recoveryFrom[pick(len(recoveryFrom))]
		}
		if _, err := tx.Exec(ctx, insertRecovery, accountID, s.recoveryHash(accountID, string(code))); err != nil {
			return nil, err
		}
		codes = append(codes, string(code[:5])+"-"+string(code[5:]))
	}
	return codes, nil
}

func (s *Service) useRecovery(ctx context.Context, tx *store.Tx, accountID, code string) (bool, error) {
	n, err := tx.Exec(ctx, useRecovery, store.Micros(s.now()), accountID, s.recoveryHash(accountID, code))
	return n > 0, err
}

const markFactorReset = `UPDATE account SET factor_reset_at = $1, factor_reset_by = $2, version = version + 1 WHERE id = $3`

// ResetSecond takes every second factor from an account below the actor, whose owner has lost it; all its sessions end, and its owner is told at the next
// sign-in. path is that of the account's place.
func (s *Service) ResetSecond(ctx context.Context, by Actor, target Account, path string) (err error) {
	defer fault.Wrap(&err, "identity.ResetSecond(%s)", target.ID)
	if err := by.Check(ManageAccounts, path, ""); err != nil {
		return err
	}
	if target.ID == by.ID {
		return fault.Conflict("totp.own")
	}
	if err := s.checkBelow(ctx, by, target); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *store.Tx) error {
		if err := s.resetSecond(ctx, tx, by, target.ID); err != nil {
			return err
		}
		return audit.Write(ctx, tx, by.Who(), s.now(), audit.Entry{PlaceID: placeOf(target), Thing: "account", ThingID: target.ID, Act: "second_factor_reset"})
	})
}

func (s *Service) resetSecond(ctx context.Context, tx *store.Tx, by Actor, id string) error {
	if err := s.dropFactors(ctx, tx, id); err != nil {
		return err
	}
	name := by.Name
	if name == "" {
		name = by.ID
	}
	if _, err := tx.Exec(ctx, markFactorReset, store.Micros(s.now()), name, id); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, deleteSessions, id)
	return err
}

// pick chooses below n without a bias.
func pick(n int) int {
	limit := 256 - 256%n
	for {
		var b [1]byte
		_, _ = rand.Read(b[:]) // since Go 1.24 it never fails
		if int(b[0]) < limit {
			return int(b[0]) % n
		}
	}
}

func placeOf(a Account) string {
	if len(a.Grants) == 0 {
		return ""
	}
	return a.Grants[0].PlaceID
}
