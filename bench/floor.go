// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// measureFloors takes what the machine gives without us: flushes of the disk, the same rows in bare SQLite, an empty server.
func measureFloors(ctx context.Context, o *options, t *table, _, _ *database) error {
	dir, err := os.MkdirTemp(o.dir, "floor")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	flushes, err := flushRate(filepath.Join(dir, "flush"), o.each)
	if err != nil {
		return err
	}
	t.atLeast("floor: 4 kB written and fdatasync, one after another", flushes, 0, "/s")
	for _, group := range []int{1, writers} {
		rate, err := bareRate(ctx, filepath.Join(dir, fmt.Sprintf("bare%d.db", group)), group, o.each)
		if err != nil {
			return err
		}
		t.atLeast(fmt.Sprintf("floor: the four rows of a save in bare SQLite, %d saves a flush", group), rate, 0, "saves/s")
	}
	return helloRate(ctx, o, t)
}

func flushRate(name string, each time.Duration) (float64, error) {
	f, err := os.Create(name)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	block := make([]byte, 4096)
	begin, n := time.Now(), 0
	for ; time.Since(begin) < each; n++ {
		if _, err := f.WriteAt(block, int64(n%4096)*4096); err != nil {
			return 0, err
		}
		if err := syscall.Fdatasync(int(f.Fd())); err != nil {
			return 0, err
		}
	}
	return float64(n) / time.Since(begin).Seconds(), nil
}

// bare is the shape of what a save writes: a record, its sheet, its counter, its journal entry.
const bare = `
	CREATE TABLE record (place text, id text, state text, total int, outcome text, version int, at int, pad text, PRIMARY KEY (place, id)) WITHOUT ROWID;
	CREATE TABLE sheet (place text, id text, stage text, input text, points text, total int, PRIMARY KEY (place, id, stage)) WITHOUT ROWID;
	CREATE TABLE counter (place text, round text, n int, PRIMARY KEY (place, round)) WITHOUT ROWID;
	CREATE TABLE journal (place text, id text, at text, act text, before text, after text, PRIMARY KEY (place, id, at)) WITHOUT ROWID;`

// bareRate does the writes of a save with prepared statements and nothing else, group of them before each flush.
func bareRate(ctx context.Context, name string, group int, each time.Duration) (float64, error) {
	db, err := sql.Open("sqlite", "file:"+name+"?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=cache_size(-65536)&_pragma=wal_autocheckpoint(4000)")
	if err != nil {
		return 0, err
	}
	defer db.Close()
	conn, err := db.Conn(ctx)
	if err != nil {
		return 0, err
	}
	defer conn.Close()
	if _, err := conn.ExecContext(ctx, bare); err != nil {
		return 0, err
	}
	var stmts []*sql.Stmt
	for _, text := range []string{
		`INSERT INTO record VALUES (?, ?, 'scored', ?, 'recognised', 1, ?, ?) ON CONFLICT DO UPDATE SET total = excluded.total, version = version + 1, at = excluded.at`,
		`INSERT INTO sheet VALUES (?, ?, 'self', ?, ?, ?) ON CONFLICT DO UPDATE SET input = excluded.input, points = excluded.points, total = excluded.total`,
		`INSERT INTO counter VALUES (?, '2026', 1) ON CONFLICT DO UPDATE SET n = n + 1`,
		`INSERT INTO journal VALUES (?, ?, ?, 'score', ?, ?)`, `BEGIN IMMEDIATE`, `COMMIT`,
	} {
		s, err := conn.PrepareContext(ctx, text)
		if err != nil {
			return 0, err
		}
		stmts = append(stmts, s)
	}
	pad, input := strings.Repeat("x", 200), strings.Repeat("y", 450)
	do := func(i int, args ...any) {
		if err == nil {
			_, err = stmts[i].ExecContext(ctx, args...)
		}
	}
	begin, n := time.Now(), 0
	for time.Since(begin) < each && err == nil {
		do(4)
		for range group {
			place, id := fmt.Sprintf("place%d", n*7919%10_000), fmt.Sprintf("household%d", n*7919%200_000)
			do(0, place, id, n, n, pad)
			do(1, place, id, input, pad, n)
			do(2, place)
			do(3, place, id, fmt.Sprintf("%020d", n), pad, input)
			n++
		}
		do(5)
	}
	return float64(n) / time.Since(begin).Seconds(), err
}

// serveHello is the emptiest server, as a process of its own like the real one.
func serveHello(ctx context.Context) error {
	s := &http.Server{Addr: os.Args[len(os.Args)-1], ReadHeaderTimeout: time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.Copy(io.Discard, r.Body); err == nil {
			fmt.Fprintln(w, `{"hello": "world"}`)
		}
	})}
	go func() { <-ctx.Done(); s.Close() }()
	if err := s.ListenAndServe(); err != http.ErrServerClosed {
		return err
	}
	return nil
}

func helloRate(ctx context.Context, o *options, t *table) error {
	at, err := freePort()
	if err != nil {
		return err
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	s, err := launch(ctx, at, "/", self, "hello", at)
	if err != nil {
		return err
	}
	defer s.stop()
	for _, n := range []int{writers, readers} {
		people := make([]*client, n)
		for i := range people {
			people[i] = &client{at: at}
		}
		list := repeat(o, s, n, 1, func(c, _ int) error {
			_, err := people[c].ask("GET", "/", "", nil)
			return err
		})
		t.loaded(fmt.Sprintf("floor: an empty net/http server, %d clients", n), "answers/s", list, 0, 0)
		leave(people)
	}
	return nil
}
