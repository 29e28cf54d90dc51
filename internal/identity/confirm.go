// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"context"

	"hoctap/internal/fault"
	"hoctap/internal/store"
)

// Confirm checks that whoever uses the actor's session knows its password, before a change that outlives the session. It fails with fault.Invalid on
// the field password, and with fault.TooMuch when it was tried too often.
func (s *Service) Confirm(ctx context.Context, by Actor, password string) (err error) {
	defer fault.Wrap(&err, "identity.Confirm(%s)", by.ID)
	if err := s.checkOwn(ctx, by, "password", password); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *store.Tx) error { return s.forgiveOwn(ctx, tx, by) })
}

// HasSecond says whether an account has a second factor of any kind.
func (s *Service) HasSecond(ctx context.Context, tx *store.Tx, accountID string) (bool, error) {
	return s.hasFactor(ctx, tx, accountID)
}
