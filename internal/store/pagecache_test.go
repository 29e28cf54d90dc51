// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package store_test

import (
	"context"
	"database/sql"
	"path/filepath"
	"testing"

	"modernc.org/sqlite"
)

// A reader's warm pages stay its own while another connection reads a table that fits into no cache.
func TestConnectionsKeepTheirPages(t *testing.T) {
	ctx := context.Background()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(t.TempDir(), "pages.db")+"?_pragma=cache_size(100)")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, query := range []string{
		`CREATE TABLE small (n integer PRIMARY KEY, filler text)`,
		`CREATE TABLE large (n integer PRIMARY KEY, filler text)`,
		`WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 40) INSERT INTO small SELECT n, hex(zeroblob(1500)) FROM c`,
		`WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 4000) INSERT INTO large SELECT n, hex(zeroblob(1500)) FROM c`,
	} {
		if _, err := db.ExecContext(ctx, query); err != nil {
			t.Fatal(err)
		}
	}
	connect := func() *sql.Conn {
		conn, err := db.Conn(ctx)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { conn.Close() })
		return conn
	}
	read := func(conn *sql.Conn, table string) {
		var n int
		if err := conn.QueryRowContext(ctx, `SELECT count(*) FROM `+table+` WHERE filler <> 'x'`).Scan(&n); err != nil || n == 0 {
			t.Fatal(n, err)
		}
	}
	misses := func(conn *sql.Conn) (n int) {
		err := conn.Raw(func(c any) (err error) {
			n, _, err = c.(sqlite.DBStatus).Status(sqlite.DBStatusCacheMiss, false)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	quiet, busy := connect(), connect()
	read(quiet, "small")
	warm := misses(quiet)
	read(quiet, "small")
	if again := misses(quiet); again != warm {
		t.Fatalf("the small table does not fit: %d misses, then %d", warm, again)
	}
	read(busy, "large")
	if read(quiet, "small"); misses(quiet) != warm {
		t.Errorf("the other connection took %d pages", misses(quiet)-warm)
	}
}
