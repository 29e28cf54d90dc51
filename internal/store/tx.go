// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package store

import (
	"context"
	"database/sql"
	"errors"
)

// Tx is what a query runs on: a transaction, or the pool of readers.
type Tx struct {
	on     runner
	writes bool // it is the transaction of a Write
	before []func(context.Context) error
	after  []func()
	kept   map[any]any
	watch  *watch
}

// runner is how one engine, inside or outside a transaction, runs a query; the texts are constants, so the SQLite ones
// keep prepared statements by text.
type runner interface {
	exec(ctx context.Context, query string, args []any) (sql.Result, error)
	query(ctx context.Context, query string, args []any) (*sql.Rows, error)
}

// Exec runs a statement and returns how many rows it touched.
func (tx *Tx) Exec(ctx context.Context, query string, args ...any) (int64, error) {
	res, err := tx.on.exec(ctx, query, args)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

// Query runs a query; prefer Collect, One or Each, which cannot forget to close it.
func (tx *Tx) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return tx.on.query(ctx, query, args)
}

// Before registers what is to be done inside the transaction when all else in it went well, right before it is made durable: for rows that
// many transactions want at once, so that they are held shortest. What it registers itself is not run. It fails outside a Write.
func (tx *Tx) Before(fn func(context.Context) error) error {
	if !tx.writes {
		return errors.New("store: a write outside Write")
	}
	tx.before = append(tx.before, fn)
	return nil
}

// finish does what Before registered.
func (tx *Tx) finish(ctx context.Context) error {
	for _, fn := range tx.before {
		if err := fn(ctx); err != nil {
			return err
		}
	}
	return nil
}

// Keep returns the one T of a transaction, and whether it was made just now.
func Keep[T any](tx *Tx) (v *T, fresh bool) {
	if v, ok := tx.kept[(*T)(nil)]; ok {
		return v.(*T), false
	}
	if tx.kept == nil {
		tx.kept = map[any]any{}
	}
	v = new(T)
	tx.kept[(*T)(nil)] = v
	return v, true
}

// After registers what is to happen once the transaction is on disk, such as waking a worker. It must be quick.
func (tx *Tx) After(fn func()) { tx.after = append(tx.after, fn) }

// Scanner is the part of *sql.Rows that a row reader needs.
type Scanner interface{ Scan(dest ...any) error }

// Collect returns every row of a query, read by scan.
func Collect[T any](ctx context.Context, tx *Tx, scan func(Scanner) (T, error), query string, args ...any) ([]T, error) {
	var out []T
	err := Each(ctx, tx, func(s Scanner) error {
		v, err := scan(s)
		if err == nil {
			out = append(out, v)
		}
		return err
	}, query, args...)
	return out, err
}

// One returns the first row of a query; found is false when there is none.
func One[T any](ctx context.Context, tx *Tx, scan func(Scanner) (T, error), query string, args ...any) (v T, found bool, err error) {
	ctx, done := tx.reading(ctx, query)
	defer done(&err)
	rows, err := tx.Query(ctx, query, args...)
	if err != nil {
		return v, false, err
	}
	defer rows.Close()
	if !rows.Next() {
		return v, false, rows.Err()
	}
	if v, err = scan(rows); err != nil {
		return v, false, err
	}
	return v, true, rows.Close()
}

// Each calls read for every row of a query and stops at its first error.
func Each(ctx context.Context, tx *Tx, read func(Scanner) error, query string, args ...any) (err error) {
	ctx, done := tx.reading(ctx, query)
	defer done(&err)
	rows, err := tx.Query(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := read(rows); err != nil {
			return err
		}
		if err := ctx.Err(); err != nil { // the SQLite readers do not look, see pooled.query
			return err
		}
	}
	return errors.Join(rows.Err(), rows.Close())
}

// Value reads a row of one column, for Collect and One.
func Value[T any](s Scanner) (v T, err error) {
	err = s.Scan(&v)
	return v, err
}

// Pairs reads rows of two texts into a map; of rows with the same first text the last one stays.
func Pairs(ctx context.Context, tx *Tx, query string, args ...any) (map[string]string, error) {
	pairs := map[string]string{}
	err := Each(ctx, tx, func(s Scanner) error {
		var name, value string
		err := s.Scan(&name, &value)
		pairs[name] = value
		return err
	}, query, args...)
	return pairs, err
}

// pooled runs on the SQLite readers, each text prepared once per connection.
type pooled struct{ db *DB }

func (p pooled) stmt(ctx context.Context, query string) (*sql.Stmt, error) {
	if s, ok := p.db.stmts.Load(query); ok {
		return s.(*sql.Stmt), nil
	}
	s, err := p.db.pool.PrepareContext(ctx, unnamed(query))
	if err != nil {
		return nil, err
	}
	if old, loaded := p.db.stmts.LoadOrStore(query, s); loaded {
		s.Close()
		return old.(*sql.Stmt), nil
	}
	return s, nil
}

func (p pooled) exec(ctx context.Context, query string, args []any) (sql.Result, error) {
	return nil, errors.New("store: a write outside Write")
}

// query runs without the caller's cancellation once it has begun: watching a context costs two goroutines a query, more than most of
// our queries take. Each looks at it between rows instead.
func (p pooled) query(ctx context.Context, query string, args []any) (*sql.Rows, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	ctx = context.WithoutCancel(ctx)
	s, err := p.stmt(ctx, query)
	if err != nil {
		return nil, err
	}
	return s.QueryContext(ctx, args...)
}

// direct runs on a *sql.DB or *sql.Tx; pgx keeps prepared statements by itself.
type direct struct {
	on interface {
		ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
		QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	}
}

func (d direct) exec(ctx context.Context, query string, args []any) (sql.Result, error) {
	return d.on.ExecContext(ctx, query, args...)
}

func (d direct) query(ctx context.Context, query string, args []any) (*sql.Rows, error) {
	return d.on.QueryContext(ctx, query, args...)
}
