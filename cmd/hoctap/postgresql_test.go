// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"hoctap/internal/store"
	"hoctap/internal/store/storetest"
)

// recipe is a block of docs/postgresql.md, by the name in its first line.
func recipe(t *testing.T, name string) string {
	t.Helper()
	page, err := os.ReadFile("../../docs/postgresql.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile("(?s)```sh\n# ([a-z]+)\n(.*?)```").FindAllStringSubmatch(string(page), -1) {
		if m[1] == name {
			return m[2]
		}
	}
	t.Fatalf("docs/postgresql.md has no block %q", name)
	return ""
}

// TestPostgresqlPage does what docs/postgresql.md says, on a server of its own: archive, base, a hard stop, and back to a moment.
func TestPostgresqlPage(t *testing.T) {
	if os.Getenv(storetest.PostgresVariable) == "" {
		t.Skip(storetest.PostgresVariable + " is not set: no PostgreSQL here")
	}
	bins, err := filepath.Glob("/usr/lib/postgresql/*/bin")
	if err != nil || len(bins) == 0 {
		t.Skip("no programs of PostgreSQL")
	}
	slices.Sort(bins)
	dir, err := os.MkdirTemp("", "hoctap-pg-") // a socket's path must be short
	if err != nil {
		t.Fatal(err)
	}
	vars := map[string]string{"PATH": bins[len(bins)-1] + ":" + os.Getenv("PATH"), "LC_ALL": "C.UTF-8", "HOME": dir}
	for _, name := range []string{"data", "archive", "base", "socket"} {
		vars[strings.ToUpper(name)] = filepath.Join(dir, name)
	}
	for _, name := range []string{"archive", "socket"} {
		if err := os.Mkdir(filepath.Join(dir, name), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	root := os.Getuid() == 0
	if root { // the server refuses to run as root
		if out, err := exec.Command("chown", "-R", "postgres", dir).CombinedOutput(); err != nil {
			t.Fatalf("%s: %v", out, err)
		}
	}
	shell := func(script string) error {
		args := []string{"bash", "-euc", script}
		if root {
			args = append([]string{"runuser", "-u", "postgres", "--"}, args...)
		}
		c := exec.CommandContext(t.Context(), args[0], args[1:]...)
		for name, value := range vars {
			c.Env = append(c.Env, name+"="+value)
		}
		c.Dir = dir
		log, err := os.Create(filepath.Join(t.TempDir(), "out")) // a server that stays would hold a pipe open
		if err != nil {
			return err
		}
		defer log.Close()
		c.Stdout, c.Stderr = log, log
		if err := c.Run(); err != nil {
			said, _ := os.ReadFile(log.Name())
			server, _ := os.ReadFile(filepath.Join(vars["DATA"], "server.log"))
			return fmt.Errorf("%w: %s\n%s", err, said, server[max(0, len(server)-2000):])
		}
		return nil
	}
	do := func(script string) {
		t.Helper()
		if err := shell(script); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() {
		if out, err := exec.Command("bash", "-c", `p=$(head -n 1 "$0/data/postmaster.pid" 2>/dev/null) && kill -QUIT "$p" && while kill -0 "$p" 2>/dev/null; do sleep 0.05; done; rm -rf "$0"`, dir).CombinedOutput(); err != nil {
			t.Logf("%s: %v", out, err)
		}
	})
	do(`initdb -D "$DATA" -U hoctap -A trust -E UTF8 --locale=C.UTF-8 >/dev/null
echo "listen_addresses = ''
unix_socket_directories = '$SOCKET'" >> "$DATA/postgresql.conf"
pg_ctl -D "$DATA" -w start -l "$DATA/server.log" >/dev/null`)
	do(recipe(t, "archive"))

	address := "postgres://hoctap@/postgres?host=" + vars["SOCKET"]
	files := filepath.Join(t.TempDir(), "live", "files")
	live := []string{"--db", address, "--files", files}
	must := func(args ...string) {
		t.Helper()
		if err := command(t, args...); err != nil {
			t.Fatalf("%s: %v", strings.Join(args, " "), err)
		}
	}
	must(append(live, "demo", "--families", "20", "--from", "2026", "--to", "2026", "--today", "2026-11-28")...)
	do(recipe(t, "base"))

	query := func(do func(db *sql.DB)) {
		t.Helper()
		db, err := sql.Open("pgx", address)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		do(db)
	}
	insert := func(key string) {
		query(func(db *sql.DB) {
			if _, err := db.Exec(`INSERT INTO setting (key, value) VALUES ($1, 'x')`, key); err != nil {
				t.Fatal(err)
			}
		})
	}
	insert("before")
	time.Sleep(1100 * time.Millisecond)
	vars["MOMENT"] = time.Now().In(store.Zone).Format("2006-01-02 15:04:05.000000-07")
	time.Sleep(200 * time.Millisecond)
	insert("after")
	query(func(db *sql.DB) { // a piece that is archived, and one that lies on the server's disk only
		if _, err := db.Exec(`SELECT pg_switch_wal()`); err != nil {
			t.Fatal(err)
		}
		for limit := time.Now().Add(20 * time.Second); ; time.Sleep(50 * time.Millisecond) {
			var archived, failed int
			if err := db.QueryRow(`SELECT archived_count, failed_count FROM pg_stat_archiver`).Scan(&archived, &failed); err != nil || failed > 0 || time.Now().After(limit) {
				t.Fatalf("archived %d, failed %d: %v", archived, failed, err)
			}
			if archived >= 2 {
				return
			}
		}
	})
	insert("later")

	do(recipe(t, "recover"))
	var keys []string
	query(func(db *sql.DB) {
		for limit := time.Now().Add(20 * time.Second); ; time.Sleep(50 * time.Millisecond) {
			var recovering bool
			if err := db.QueryRow(`SELECT pg_is_in_recovery()`).Scan(&recovering); err == nil && !recovering {
				break
			} else if time.Now().After(limit) {
				t.Fatalf("still recovering: %v", err)
			}
		}
		rows, err := db.Query(`SELECT key FROM setting WHERE key IN ('before', 'after', 'later') ORDER BY key`)
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		for rows.Next() {
			var k string
			if err := rows.Scan(&k); err != nil {
				t.Fatal(err)
			}
			keys = append(keys, k)
		}
	})
	if !slices.Equal(keys, []string{"before"}) {
		t.Errorf("at the moment there are %v", keys)
	}
	must(append(live, "verify")...)
	parts, err := filepath.Glob(filepath.Join(vars["ARCHIVE"], "*.part"))
	if err != nil || len(parts) > 0 {
		t.Errorf("half pieces: %v, %v", parts, err)
	}
}
