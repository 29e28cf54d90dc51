// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"context"

	"hoctap/internal/fault"
)

// CheckOver refuses an actor who may not change how target signs in: who manages accounts at the places of all its roles may, but not for himself.
// path is that of the account's place.
func (s *Service) CheckOver(ctx context.Context, by Actor, target Account, path string) error {
	if err := by.Check(ManageAccounts, path, ""); err != nil {
		return err
	}
	if target.ID == by.ID {
		return fault.Conflict("account.own")
	}
	return s.checkBelow(ctx, by, target)
}
