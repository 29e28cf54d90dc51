// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package sealed

import (
	"context"
	"time"

	"hoctap/internal/audit"
	"hoctap/internal/fault"
	"hoctap/internal/keyring"
	"hoctap/internal/store"
)

const (
	selectSetting = `SELECT value FROM setting WHERE key = $1`
	insertSetting = `INSERT INTO setting (key, value) VALUES ($1, $2) ON CONFLICT (key) DO NOTHING`
	ringSetting   = "keyring" // the id of the ring whose keys sealed this database
	doneSetting   = "sealed:" // and the column: nothing lies plain there any more
)

// Adopt ties a database to its ring, and seals what older programs left plain, each column once. It fails with fault.Conflict for the
// keys of another database: what they seal and what they cannot open would be mixed.
func Adopt(ctx context.Context, db *store.DB, ring *keyring.Ring, now func() time.Time) (err error) {
	defer fault.Wrap(&err, "sealed.Adopt")
	known, found, err := store.One(ctx, db.Read(), store.Value[string], selectSetting, ringSetting)
	if err != nil {
		return err
	}
	if !found {
		err = db.Write(ctx, func(tx *store.Tx) error {
			n, err := tx.Exec(ctx, insertSetting, ringSetting, ring.ID())
			if err != nil || n == 0 {
				known, _, err = store.One(ctx, tx, store.Value[string], selectSetting, ringSetting)
				return err
			}
			known = ring.ID()
			return audit.Write(ctx, tx, audit.System, now(), audit.Entry{Thing: "setting", ThingID: ringSetting, Act: "create", After: map[string]any{"ring": known}})
		})
		if err != nil {
			return err
		}
	}
	if known != ring.ID() {
		return fault.Conflict("keyring.other", "dir", "")
	}
	for _, c := range Columns {
		if c.Plain {
			if err := c.adopt(ctx, db, ring, now); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *Column) adopt(ctx context.Context, db *store.DB, ring *keyring.Ring, now func() time.Time) error {
	done := doneSetting + c.String()
	_, found, err := store.One(ctx, db.Read(), store.Value[string], selectSetting, done)
	if err != nil || found {
		return err
	}
	rows, err := c.change(ctx, db, nil, func(f stored) (fresh, hash string, err error) {
		fresh, err = c.each(f.text, func(s string) (string, error) {
			if _, ok := keyring.Number(s); ok {
				return s, nil
			}
			if c.Hash != "" {
				hash = ring.Hash(c.Purpose, s)
			}
			return ring.Seal(c.Purpose, f.to, s), nil
		})
		return fresh, hash, err
	})
	if err != nil {
		return err
	}
	return db.Write(ctx, func(tx *store.Tx) error {
		n, err := tx.Exec(ctx, insertSetting, done, store.Date(now()))
		if err != nil || n == 0 || rows == 0 {
			return err
		}
		return audit.Write(ctx, tx, audit.System, now(), audit.Entry{Thing: "setting", ThingID: done, Act: "create", After: map[string]any{"rows": rows}})
	})
}
