// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"

	"modernc.org/sqlite"
)

// Option changes how a database is opened.
type Option func(*options)

type options struct{ keepLog bool }

// KeepLog hands the write-ahead log of SQLite to a follower: nothing is folded into the file but by Log.Fold, and the log stays when the database is closed, so
// that the follower can go on where it was. It means nothing for PostgreSQL.
func KeepLog(o *options) { o.keepLog = true }

// Log is the write-ahead log of a SQLite database in the hands of a follower. One goroutine uses it.
type Log struct {
	db   *DB
	path string

	// The file is opened once and closed after the database: to close any handle of it takes away all locks that this process holds on it.
	main *os.File

	pool *sql.DB
	conn *sql.Conn
	held bool
}

// keepLog prepares the writer's connection, which is the last to be closed.
func (db *DB) keepLog(ctx context.Context, path string, w *writer) error {
	err := w.conn.Raw(func(c any) error {
		control, ok := c.(sqlite.FileControl)
		if !ok {
			return errors.New("store: the driver has no file control")
		}
		_, err := control.FileControlPersistWAL("main", 1)
		return err
	})
	if err != nil {
		return err
	}
	main, err := os.Open(path)
	if err != nil {
		return err
	}
	db.log = &Log{db: db, path: path, main: main}
	if db.log.pool, err = sql.Open("sqlite", sqliteAddress(path, "query_only(1)", "cache_size(-64)")); err != nil {
		return err
	}
	db.log.pool.SetMaxOpenConns(1)
	db.log.conn, err = db.log.pool.Conn(ctx)
	return err
}

// Log returns the log of a database that was opened with KeepLog, else nil.
func (db *DB) Log() *Log { return db.log }

// Path is where the database is; the log is beside it.
func (l *Log) Path() string { return l.path }

// Main reads the database file as it lies there, which makes sense with the log only.
func (l *Log) Main() *os.File { return l.main }

// Hold keeps the log from being begun anew by whichever process: what is in it now stays until Fold. Holding again moves on to what is in it by then.
func (l *Log) Hold(ctx context.Context) error {
	if err := l.release(ctx); err != nil {
		return err
	}
	if _, err := l.conn.ExecContext(ctx, "BEGIN"); err != nil {
		return err
	}
	l.held = true
	var n int
	return l.conn.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_schema").Scan(&n) // the first read takes the lock
}

func (l *Log) release(ctx context.Context) error {
	if !l.held {
		return nil
	}
	l.held = false
	_, err := l.conn.ExecContext(ctx, "COMMIT")
	return err
}

// Fold writes the log into the database file, as far as readers let it, and returns how many frames the log has. Nothing is written by this process while before runs and until the end of Fold; before may be nil, and an error of it
// is returned before anything was done. When all are in the file, and only then the next write begins the log anew, then may write something, so that it is
// begun at once; it may be nil.
func (l *Log) Fold(ctx context.Context, before func() error, then func(conn *sql.Conn, frames int64) error) (frames int64, err error) {
	err = l.db.writer.only(func(conn *sql.Conn) error {
		if before != nil {
			if err := before(); err != nil {
				return err
			}
		}
		if err := l.release(ctx); err != nil {
			return err
		}
		var busy, folded int64
		err := conn.QueryRowContext(context.Background(), "PRAGMA wal_checkpoint(PASSIVE)").Scan(&busy, &frames, &folded)
		if err == nil && busy == 0 && frames == folded && then != nil {
			err = then(conn, frames)
		}
		return errors.Join(err, l.Hold(context.WithoutCancel(ctx))) // what is folded is folded, also when everything is about to stop
	})
	if err != nil {
		err = fmt.Errorf("store.Fold: %w", err)
	}
	return frames, err
}

// close ends reading, before the last connection is closed.
func (l *Log) close() error {
	err := l.db.writer.only(func(conn *sql.Conn) error { // a limit of its size would empty the log now
		_, err := conn.ExecContext(context.Background(), "PRAGMA journal_size_limit = -1")
		return err
	})
	return errors.Join(err, l.conn.Close(), l.pool.Close())
}

// Check has SQLite read the whole database for damage; PostgreSQL has its own means.
func (db *DB) Check(ctx context.Context) error {
	if db.Engine != SQLite {
		return nil
	}
	said, _, err := One(ctx, db.Read(), Value[string], "PRAGMA quick_check(1)")
	if err == nil && said != "ok" {
		err = fmt.Errorf("store.Check: %s", said)
	}
	return err
}
