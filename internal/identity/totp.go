// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"context"

	"hoctap/internal/store"
)

const selectConfirmed = `SELECT count(*) FROM totp WHERE account_id = $1 AND confirmed_at > 0`

// hasTOTP says whether an account has an authenticator app.
func hasTOTP(ctx context.Context, tx *store.Tx, accountID string) (bool, error) {
	n, _, err := store.One(ctx, tx, store.Value[int], selectConfirmed, accountID)
	return n > 0, err
}
