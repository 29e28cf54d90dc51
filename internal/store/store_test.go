// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package store_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"hoctap/internal/fault"
	"hoctap/internal/store"
	"hoctap/internal/store/storetest"
)

const (
	put = `INSERT INTO setting (key, value) VALUES ($1, $2)`
	get = `SELECT value FROM setting WHERE key = $1`
	all = `SELECT count(*) FROM setting`
)

func TestWriteIsSeenAndKept(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		if err := db.Write(ctx, func(tx *store.Tx) error {
			_, err := tx.Exec(ctx, put, "a", "một")
			return err
		}); err != nil {
			t.Fatal(err)
		}
		got, found, err := store.One(ctx, db.Read(), store.Value[string], get, "a")
		if err != nil || !found || got != "một" {
			t.Fatalf("got %q, %v, %v", got, found, err)
		}
		if _, found, _ := store.One(ctx, db.Read(), store.Value[string], get, "b"); found {
			t.Fatal("found what was never written")
		}
	})
}

// Many writers share a group: the failing and the panicking ones must leave nothing and must not harm the others.
func TestFailuresUndoThemselvesAlone(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		wrong := errors.New("wrong")
		var wg sync.WaitGroup
		for i := range 200 {
			wg.Go(func() {
				err := db.Write(ctx, func(tx *store.Tx) error {
					if _, err := tx.Exec(ctx, put, fmt.Sprint(i), "x"); err != nil {
						return err
					}
					if i%3 == 0 {
						return wrong
					}
					return nil
				})
				if (i%3 == 0) != errors.Is(err, wrong) {
					t.Errorf("write %d: %v", i, err)
				}
			})
		}
		wg.Wait()
		if n, _, err := store.One(ctx, db.Read(), store.Value[int], all); err != nil || n != 133 {
			t.Fatalf("%d rows stayed, want 133 (%v)", n, err)
		}
	})
}

func TestPanicIsTheCallersError(t *testing.T) {
	db := storetest.SQLite(t)
	ctx := context.Background()
	err := db.Write(ctx, func(tx *store.Tx) error {
		if _, err := tx.Exec(ctx, put, "a", "x"); err != nil {
			return err
		}
		panic("boom")
	})
	if err == nil {
		t.Fatal("a panic must come back as an error")
	}
	if err := db.Write(ctx, func(tx *store.Tx) error { _, err := tx.Exec(ctx, put, "a", "x"); return err }); err != nil {
		t.Fatalf("the writer did not survive, or the panic's row did: %v", err)
	}
}

func TestAfterRunsOnlyOnSuccess(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		ran := 0
		_ = db.Write(ctx, func(tx *store.Tx) error { tx.After(func() { ran++ }); return errors.New("no") })
		_ = db.Write(ctx, func(tx *store.Tx) error { tx.After(func() { ran++ }); return nil })
		if ran != 1 {
			t.Fatalf("ran %d times, want 1", ran)
		}
	})
}

func TestSnapshotDoesNotMove(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		err := db.Snapshot(ctx, func(tx *store.Tx) error {
			before, _, err := store.One(ctx, tx, store.Value[int], all)
			if err != nil {
				return err
			}
			if err := db.Write(ctx, func(w *store.Tx) error { _, err := w.Exec(ctx, put, "late", "x"); return err }); err != nil {
				return err
			}
			after, _, err := store.One(ctx, tx, store.Value[int], all)
			if err == nil && after != before {
				t.Errorf("the snapshot moved from %d to %d", before, after)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestWhere(t *testing.T) {
	var w store.Where
	w.And("a = ?", 1).In("b", "x", "y").And("c > ? AND d < ?", 2, 3)
	if got, want := w.SQL(), " WHERE a = $1 AND b IN ($2, $3) AND c > $4 AND d < $5"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if w.Next(1) != "$6" || len(w.Args(7)) != 6 {
		t.Error("the next placeholder or the arguments are wrong")
	}
}

// After Close everything is in the one file: whoever copies it has it all.
func TestCloseLeavesOneFile(t *testing.T) {
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "hoctap.db")
	db, err := store.Open(ctx, "sqlite:"+path)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Write(ctx, func(tx *store.Tx) error { _, err := tx.Exec(ctx, put, "a", "x"); return err }); err != nil {
		t.Fatal(err)
	}
	if _, _, err := store.One(ctx, db.Read(), store.Value[string], get, "a"); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if log, err := os.Stat(path + "-wal"); err == nil && log.Size() > 0 {
		t.Errorf("%d bytes are left in the write-ahead log", log.Size())
	}
}

// Rows arrive whole and in their columns, however they divide into statements; those that are there already are not counted.
func TestBulk(t *testing.T) {
	settings := store.NewBulk(`INSERT INTO setting (key, value) VALUES`, ` ON CONFLICT (key) DO NOTHING`)
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		total := 0
		for _, n := range []int{0, 1, 449, 450, 451, 1000} {
			var values []any
			for i := range n {
				values = append(values, fmt.Sprintf("bulk %d", i), fmt.Sprintf("value of %d", i))
			}
			if err := db.Write(ctx, func(tx *store.Tx) error {
				touched, err := settings.Insert(ctx, tx, values)
				if want := max(n, total) - total; err == nil && touched != int64(want) {
					t.Errorf("%d rows: touched %d, want %d", n, touched, want)
				}
				return err
			}); err != nil {
				t.Fatal(err)
			}
			total = max(total, n)
			wrong, _, err := store.One(ctx, db.Read(), store.Value[int], `SELECT count(*) FROM setting WHERE key LIKE 'bulk %' AND value <> 'value of ' || substr(key, 6)`)
			have, _, err2 := store.One(ctx, db.Read(), store.Value[int], `SELECT count(*) FROM setting WHERE key LIKE 'bulk %'`)
			if err != nil || err2 != nil || wrong != 0 || have != total {
				t.Fatalf("%d rows: %d there, %d of them wrong, %v, %v", n, have, wrong, err, err2)
			}
		}
	})
}

// After a load the planner knows how large the tables are, also for readers that were there before.
func TestTune(t *testing.T) {
	ctx := context.Background()
	db := storetest.SQLite(t)
	plan := func() (plan string) {
		rows, err := db.Read().Query(ctx, `EXPLAIN QUERY PLAN SELECT * FROM thing WHERE place = 'p7' AND round = 'r7'`)
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		for rows.Next() {
			var a, b, c int
			var line string
			if err := rows.Scan(&a, &b, &c, &line); err != nil {
				t.Fatal(err)
			}
			plan += line
		}
		return plan
	}
	if err := db.Write(ctx, func(tx *store.Tx) error {
		for _, text := range []string{`CREATE TABLE thing (place text, id integer, round text, name text, PRIMARY KEY (place, id)) WITHOUT ROWID`, `CREATE INDEX thing_round ON thing (place, round)`,
			`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000) INSERT INTO thing SELECT 'p' || (i % 30), i, 'r' || (i / 30 % 20), 'name' FROM n`} {
			if _, err := tx.Exec(ctx, text); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	before := plan()
	if err := db.Tune(ctx); err != nil {
		t.Fatal(err)
	}
	if after := plan(); after != "SEARCH thing USING INDEX thing_round (place=? AND round=?)" || after == before {
		t.Errorf("after: %s\nbefore: %s", after, before)
	}
}

// A mistyped address begins no new database, and is told as something to mend.
func TestOpenExisting(t *testing.T) {
	path := filepath.Join(t.TempDir(), "none", "a.db")
	if _, err := store.OpenExisting(t.Context(), "sqlite:"+path); fault.KindOf(err) != fault.KindNotFound {
		t.Error(err)
	}
	if _, err := os.Stat(filepath.Dir(path)); !os.IsNotExist(err) {
		t.Error("its folder was made")
	}
	for _, address := range []string{"mysql://x", "sqlite:", "", "data.db"} {
		if _, err := store.Open(t.Context(), address); fault.KindOf(err) != fault.KindConflict {
			t.Errorf("%q: %v", address, err)
		}
	}
}

// A program that is older than the database would misread it: it says so and changes nothing.
func TestNewerSchemaIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	for name, address := range map[string]string{"sqlite": "sqlite:" + path, "postgres": storetest.PostgresURL(t)} {
		t.Run(name, func(t *testing.T) {
			db, err := store.Open(t.Context(), address)
			if err != nil {
				t.Fatal(err)
			}
			err = db.Write(t.Context(), func(tx *store.Tx) error {
				_, err := tx.Exec(t.Context(), `INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, true)`)
				return err
			})
			if err = errors.Join(err, db.Close()); err != nil {
				t.Fatal(err)
			}
			if db, err = store.Open(t.Context(), address); err == nil || !strings.Contains(err.Error(), "schema 9999") {
				t.Errorf("opened by an older program: %v, %v", db, err)
			}
		})
	}
}
