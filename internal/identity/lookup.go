// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"context"

	"hoctap/internal/store"
)

const selectIDOf = `SELECT id FROM account WHERE login = $1`

// IDOf is the id of the account with a login, "" for none: for the journal, which keeps no login that somebody mistyped, as it may be a password.
func (s *Service) IDOf(ctx context.Context, login string) string {
	id, _, err := store.One(ctx, s.db.Read(), store.Value[string], selectIDOf, foldLogin(login))
	if err != nil {
		return ""
	}
	return id
}
