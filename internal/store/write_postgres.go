// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package store

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

// attempts is how often a transaction that lost a race is run before the error is the caller's.
const attempts = 5

func (db *DB) writePostgres(ctx context.Context, fn func(*Tx) error) error {
	for n := 1; ; n++ {
		tx, err := db.tryPostgres(ctx, fn)
		if err == nil {
			for _, fn := range tx.after {
				fn()
			}
			return nil
		}
		if n == attempts || !lostRace(err) {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Duration(n*n) * 5 * time.Millisecond):
		}
	}
}

func (db *DB) tryPostgres(ctx context.Context, fn func(*Tx) error) (*Tx, error) {
	on, err := db.pool.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	defer on.Rollback()
	tx := &Tx{on: direct{on}, writes: true}
	if err := fn(tx); err != nil {
		return nil, err
	}
	if err := tx.finish(ctx); err != nil {
		return nil, err
	}
	return tx, on.Commit()
}

// lostRace reports a serialization failure (40001) or a deadlock (40P01): the server chose this transaction to yield.
func lostRace(err error) bool {
	pg, ok := errors.AsType[*pgconn.PgError](err)
	return ok && (pg.Code == "40001" || pg.Code == "40P01")
}
