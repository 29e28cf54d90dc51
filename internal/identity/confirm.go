// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"context"

	"hoctap/internal/fault"
	"hoctap/internal/store"
)

// Confirm checks that whoever uses the actor's session knows its password, before a change that outlives the session.
func (s *Service) Confirm(ctx context.Context, by Actor, password string) (err error) {
	defer fault.Wrap(&err, "identity.Confirm(%s)", by.ID)
	hash, found, err := store.One(ctx, s.db.Read(), store.Value[string], selectHash, by.ID)
	if err != nil {
		return err
	}
	if !found || !verifyPassword(hash, password) {
		return fault.Invalid(fault.Field("password", "password.old"))
	}
	return nil
}
