// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"time"
)

// Bounds of one group commit: few enough that the first in a group does not wait long for the last.
const (
	groupCount = 128
	groupTime  = 4 * time.Millisecond
)

// writer is the one SQLite connection that writes. Functions wait in tasks; each but the first runs between savepoints, and all
// that were waiting share one commit and so one flush.
type writer struct {
	pool  *sql.DB
	conn  *sql.Conn
	stmts map[string]*sql.Stmt
	tasks chan *task
	gone  chan struct{}
	watch *watch
	later *task // one that must run alone, met while a group was gathered

	mu     sync.RWMutex // held for reading while a task is being handed over
	closed bool
}

type task struct {
	ctx  context.Context
	fn   func(*Tx) error
	only func(*sql.Conn) error // instead of fn: outside any transaction, and nothing else meanwhile
	tx   *Tx
	err  error
	done chan struct{}
}

func newWriter(ctx context.Context, pool *sql.DB, seen *watch) (*writer, error) {
	conn, err := pool.Conn(ctx)
	if err != nil {
		return nil, err
	}
	w := &writer{pool: pool, conn: conn, stmts: map[string]*sql.Stmt{}, tasks: make(chan *task, groupCount), gone: make(chan struct{}), watch: seen}
	go w.loop()
	return w, nil
}

// only runs fn with the connection, between transactions.
func (w *writer) only(fn func(*sql.Conn) error) error {
	t := &task{only: fn, done: make(chan struct{})}
	if err := w.hand(t); err != nil {
		return err
	}
	return t.err
}

// hand has the loop do a task, and returns when it is done.
func (w *writer) hand(t *task) error {
	w.mu.RLock()
	if w.closed {
		w.mu.RUnlock()
		return errors.New("store: the database is closed")
	}
	w.tasks <- t
	w.mu.RUnlock()
	<-t.done
	return nil
}

func (w *writer) run(ctx context.Context, fn func(*Tx) error) error {
	t := &task{ctx: ctx, fn: fn, done: make(chan struct{})}
	if err := w.hand(t); err != nil {
		return err
	}
	if t.err == nil {
		for _, fn := range t.tx.after {
			fn()
		}
	}
	return t.err
}

func (w *writer) close() {
	w.mu.Lock()
	if !w.closed {
		w.closed = true
		close(w.tasks)
	}
	w.mu.Unlock()
	<-w.gone
}

func (w *writer) loop() {
	defer close(w.gone)
	defer w.pool.Close()
	defer w.conn.Close()
	defer func() { // before the connection: an open statement would keep it, and the write-ahead log, alive
		for _, s := range w.stmts {
			s.Close()
		}
	}()
	for first := range w.tasks {
		if first.only == nil {
			w.group(first)
			first, w.later = w.later, nil
		}
		if first != nil {
			first.err = first.only(w.conn)
			close(first.done)
		}
	}
}

// group runs first and whatever else waits, commits once, and answers all of them.
func (w *writer) group(first *task) {
	ctx := context.Background()
	if _, err := w.exec(ctx, "BEGIN IMMEDIATE", nil); err != nil {
		first.err = err
		close(first.done)
		return
	}
	start := time.Now()
	w.do(first)
	if first.err != nil { // nothing came before it: the whole transaction is its own, and needed no savepoint
		if _, err := w.exec(ctx, "ROLLBACK", nil); err != nil {
			first.err = errors.Join(first.err, err)
		}
		close(first.done)
		return
	}
	tasks := []*task{first}
	for more := true; more && len(tasks) < groupCount && time.Since(start) < groupTime; {
		select {
		case t, ok := <-w.tasks:
			if ok && t.only != nil {
				w.later, ok = t, false
			}
			if more = ok; ok {
				tasks = append(tasks, t)
				w.one(t)
			}
		default:
			more = false
		}
	}
	_, err := w.exec(ctx, "COMMIT", nil)
	w.watch.groups.Add(1)
	if err != nil {
		_, rollback := w.exec(ctx, "ROLLBACK", nil)
		err = errors.Join(err, rollback)
	}
	for _, t := range tasks {
		if t.err == nil {
			t.err = err
		}
		close(t.done)
	}
}

// do runs a task. The caller's context only decides whether it starts: interrupting a statement would interrupt the whole group.
func (w *writer) do(t *task) {
	if t.err = t.ctx.Err(); t.err == nil {
		t.tx = &Tx{on: w, writes: true, watch: w.watch}
		t.err = guarded(t)
	}
}

// one runs a task between savepoints, so that its failure undoes it alone.
func (w *writer) one(t *task) {
	ctx := context.Background()
	if _, t.err = w.exec(ctx, "SAVEPOINT one", nil); t.err != nil {
		return
	}
	if w.do(t); t.err != nil {
		if _, err := w.exec(ctx, "ROLLBACK TO one", nil); err != nil {
			t.err = errors.Join(t.err, err)
		}
	}
	if _, err := w.exec(ctx, "RELEASE one", nil); err != nil && t.err == nil {
		t.err = err
	}
}

// guarded turns a panic of one caller into its error: the writer serves everybody.
func guarded(t *task) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("store: panic in a write: %v\n%s", p, debug.Stack())
		}
	}()
	if err := t.fn(t.tx); err != nil {
		return err
	}
	return t.tx.finish(context.WithoutCancel(t.ctx))
}

func (w *writer) stmt(query string) (*sql.Stmt, error) {
	if s, ok := w.stmts[query]; ok {
		return s, nil
	}
	s, err := w.conn.PrepareContext(context.Background(), unnamed(query))
	if err == nil {
		w.stmts[query] = s
	}
	return s, err
}

func (w *writer) exec(_ context.Context, query string, args []any) (sql.Result, error) {
	s, err := w.stmt(query)
	if err != nil {
		return nil, err
	}
	return s.ExecContext(context.Background(), args...)
}

func (w *writer) query(_ context.Context, query string, args []any) (*sql.Rows, error) {
	s, err := w.stmt(query)
	if err != nil {
		return nil, err
	}
	return s.QueryContext(context.Background(), args...)
}
