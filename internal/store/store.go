// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Package store is the database: one SQL text on SQLite and PostgreSQL, one way to read and one way to write.
//
// A write is a function that runs inside one transaction. On SQLite a single writer takes the waiting functions
// together and makes them durable with one flush (group commit); on PostgreSQL each has its own transaction and is
// tried again when the server reports a serialization failure. Either way Write returns only after the change is on disk.
// The package knows no domain.
package store

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"hoctap/internal/fault"
	"hoctap/internal/store/migration"

	_ "github.com/jackc/pgx/v5/stdlib" // driver "pgx"
	_ "modernc.org/sqlite"             // driver "sqlite"
)

// Engine is the kind of database behind a DB.
type Engine string

// The engines.
const (
	SQLite   Engine = "sqlite"
	Postgres Engine = "postgres"
)

// DB is an open database. It is safe for concurrent use.
type DB struct {
	Engine Engine
	pool   *sql.DB  // readers on SQLite, everything on PostgreSQL
	writer *writer  // SQLite only
	stmts  sync.Map // query text → *sql.Stmt of pool, SQLite only
	watch  watch
	log    *Log // with KeepLog only
}

// readers is how many SQLite connections serve reads; more than the cores only adds memory.
const readers = 6

// Open opens "sqlite:PATH" or "postgres://…", and brings the schema up to date.
func Open(ctx context.Context, address string, with ...Option) (*DB, error) {
	return openWith(ctx, address, migration.Newest, with...)
}

func openWith(ctx context.Context, address string, to migration.Target, with ...Option) (*DB, error) {
	var o options
	for _, set := range with {
		set(&o)
	}
	scheme, rest, _ := strings.Cut(address, ":")
	switch scheme {
	case "sqlite":
		db, err := openSQLite(ctx, rest, to, o)
		return db, unwritable(rest, err)
	case "postgres", "postgresql":
		db, err := openPostgres(ctx, address, to)
		return db, outage(err)
	}
	return nil, fault.Conflict("store.address", "address", scheme)
}

// OpenExisting is Open for a database that must be there already: a mistyped path fails with fault.NotFound, and no new database begins.
func OpenExisting(ctx context.Context, address string) (*DB, error) {
	if path, ok := strings.CutPrefix(address, "sqlite:"); ok {
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
			return nil, fault.NotFound("database", path)
		}
	}
	return Open(ctx, address)
}

func openSQLite(ctx context.Context, path string, to migration.Target, o options) (*DB, error) {
	if path == "" {
		return nil, fault.Conflict("store.address", "address", "sqlite:")
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return nil, err
	}
	// FULL: a commit is on disk before the person is told so; group commit pays for it.
	folds := "wal_autocheckpoint(4000)"
	if o.keepLog {
		folds = "wal_autocheckpoint(0)"
	}
	write, err := sql.Open("sqlite", sqliteAddress(path, "synchronous(FULL)", "cache_size(-65536)", folds, "journal_size_limit(67108864)", "analysis_limit(400)"))
	if err != nil {
		return nil, err
	}
	write.SetMaxOpenConns(1)
	if _, err := migration.Up(ctx, write, true, to); err != nil {
		write.Close()
		return nil, err
	}
	pool, err := sql.Open("sqlite", sqliteAddress(path, "query_only(1)", "cache_size(-8192)"))
	if err != nil {
		write.Close()
		return nil, err
	}
	pool.SetMaxOpenConns(readers)
	pool.SetMaxIdleConns(readers)
	db := &DB{Engine: SQLite, pool: pool}
	if db.writer, err = newWriter(ctx, write, &db.watch); err != nil {
		write.Close()
		pool.Close()
		return nil, err
	}
	if o.keepLog {
		if err := db.keepLog(ctx, path, db.writer); err != nil {
			return nil, errors.Join(err, db.Close())
		}
	}
	return db, nil
}

// optimize has SQLite look at a few hundred rows of each index that it does not know yet, or that has grown tenfold since. Without that it
// takes every place for ten rows, and reads all of a leaf where an index would lead to one file. PostgreSQL does it by itself.
const optimize = `PRAGMA optimize = 0x10002`

// Tune tells the planner of SQLite how large the tables have become: after a load, and now and then. It takes
// about 0.2 s for a million families.
func (db *DB) Tune(ctx context.Context) error {
	if db.Engine != SQLite {
		return nil
	}
	err := db.Write(ctx, func(tx *Tx) error {
		_, err := tx.Exec(ctx, optimize)
		return err
	})
	if err == nil {
		err = db.Write(ctx, func(tx *Tx) error { // apart: what a transaction has changed cannot be let go of
			_, err := tx.Exec(ctx, `PRAGMA shrink_memory`) // the pages looked at
			return err
		})
	}
	// A connection reads the sizes once, when it opens: idle readers go, new ones come.
	db.pool.SetMaxIdleConns(0)
	db.pool.SetMaxIdleConns(readers)
	return err
}

func sqliteAddress(path string, pragmas ...string) string {
	q := url.Values{}
	q.Add("_pragma", "busy_timeout(10000)") // first: the ones below may already have to wait
	q.Add("_pragma", "journal_mode(WAL)")
	q.Add("_pragma", "foreign_keys(1)")
	q.Add("_pragma", "temp_store(MEMORY)")
	for _, p := range pragmas {
		q.Add("_pragma", p)
	}
	return "file:" + path + "?" + q.Encode()
}

func openPostgres(ctx context.Context, address string, to migration.Target) (*DB, error) {
	pool, err := sql.Open("pgx", address)
	if err != nil {
		return nil, err
	}
	pool.SetMaxOpenConns(24)
	pool.SetMaxIdleConns(24)
	if _, err := migration.Up(ctx, pool, false, to); err != nil {
		pool.Close()
		return nil, err
	}
	return &DB{Engine: Postgres, pool: pool}, nil
}

// Close waits for running writes and closes the database. The writer goes last: the last connection folds the write-ahead log
// into the file, and the readers may not write.
func (db *DB) Close() error {
	db.stmts.Range(func(_, s any) bool { s.(*sql.Stmt).Close(); return true })
	err := db.pool.Close()
	if db.log != nil && db.log.conn != nil {
		err = errors.Join(err, db.log.close())
	}
	if db.writer != nil {
		db.writer.close()
	}
	if db.log != nil {
		err = errors.Join(err, db.log.main.Close())
	}
	return err
}

// Read returns a reader outside any transaction: each query sees the newest committed state.
func (db *DB) Read() *Tx {
	if db.Engine == SQLite {
		return &Tx{on: pooled{db}, watch: &db.watch}
	}
	return &Tx{on: direct{db.pool}, watch: &db.watch}
}

// Snapshot runs fn with every query seeing one and the same committed state.
func (db *DB) Snapshot(ctx context.Context, fn func(tx *Tx) error) error {
	tx, err := db.pool.BeginTx(ctx, &sql.TxOptions{ReadOnly: db.Engine == Postgres, Isolation: snapshotLevel(db.Engine)})
	if err != nil {
		return err
	}
	defer tx.Rollback()
	return fn(&Tx{on: direct{tx}, watch: &db.watch})
}

func snapshotLevel(e Engine) sql.IsolationLevel {
	if e == Postgres {
		return sql.LevelRepeatableRead
	}
	return sql.LevelDefault
}

// Write runs fn inside one transaction and returns when its changes are on disk. When fn fails, nothing of it stays.
// fn may run more than once and must not change anything outside tx; what has to follow a success goes to tx.After.
func (db *DB) Write(ctx context.Context, fn func(tx *Tx) error) (err error) {
	ctx, done := db.writing(ctx)
	defer done(&err)
	if db.Engine == SQLite {
		return db.writer.run(ctx, fn)
	}
	return db.writePostgres(ctx, fn)
}
