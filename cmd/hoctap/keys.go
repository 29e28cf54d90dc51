// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"path/filepath"

	"hoctap/internal/fault"
	"hoctap/internal/keyring"
	"hoctap/internal/store"
)

// keysDir is where the secret keys are: what was said, else beside the file store.
func (c *cli) keysDir() string {
	if c.Keys != "" {
		return c.Keys
	}
	return filepath.Join(filepath.Dir(c.Files), "keys")
}

const (
	selectRing = `SELECT value FROM setting WHERE key = 'keyring'`
	insertRing = `INSERT INTO setting (key, value) VALUES ('keyring', $1) ON CONFLICT (key) DO NOTHING`
)

// openKeys opens the ring that belongs to a database, and has a database that knows none remember this one. A start with the wrong folder fails with
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
	if err != nil {
		return nil, err
	}
	if !found {
		err := db.Write(ctx, func(tx *store.Tx) error {
			if _, err := tx.Exec(ctx, insertRing, ring.ID()); err != nil {
				return err
			}
			known, _, err = store.One(ctx, tx, store.Value[string], selectRing) // another server may have been quicker
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	if known != ring.ID() {
		return nil, fault.Conflict("keyring.other", "dir", dir)
	}
	return ring, nil
}
