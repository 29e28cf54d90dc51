// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"

	"hoctap/internal/fault"
	"hoctap/internal/keyring"
	"hoctap/internal/store"
)

const selectRing = `SELECT value FROM setting WHERE key = 'keyring'`

// openKeys opens the ring that belongs to a database; one that knows none yet is tied to this by sealed.Adopt. A start with the wrong folder fails with
// fault.Conflict before any key is made: what is sealed with the right one would read as damaged, and what the wrong one seals would be lost later.
func openKeys(ctx context.Context, db *store.DB, dir string) (*keyring.Ring, error) {
	known, found, err := store.One(ctx, db.Read(), store.Value[string], selectRing)
	if err != nil {
		return nil, err
	}
	if found && !keyring.Exists(dir) {
		return nil, fault.Conflict("keyring.missing", "dir", dir)
	}
	ring, err := keyring.Open(dir)
	if err == nil && found && known != ring.ID() {
		return nil, fault.Conflict("keyring.other", "dir", dir)
	}
	return ring, err
}
