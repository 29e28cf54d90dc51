// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Package storetest gives tests a fresh, migrated database on each engine.
package storetest

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hoctap/internal/store"
)

// PostgresVariable names the server that the PostgreSQL half of the tests may create databases on; "make test" starts one.
const PostgresVariable = "HOCTAP_TEST_POSTGRES"

// Each runs test once per engine, each time on a database of its own.
func Each(t *testing.T, test func(t *testing.T, db *store.DB)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, SQLite(t)) })
	t.Run("postgres", func(t *testing.T) { test(t, Postgres(t)) })
}

// SQLite opens a fresh SQLite database that ends with the test.
func SQLite(t testing.TB) *store.DB {
	t.Helper()
	return open(t, "sqlite:"+filepath.Join(t.TempDir(), "hoctap.db"))
}

// Postgres opens a fresh database on the test server, and skips the test where there is none.
func Postgres(t testing.TB) *store.DB {
	t.Helper()
	return open(t, PostgresURL(t))
}

// PostgresURL creates an empty database on the test server and returns its address; it is dropped after the test.
func PostgresURL(t testing.TB) string {
	t.Helper()
	return create(t, "")
}

// server is the address of the test server; the test is skipped where there is none.
func server(t testing.TB) string {
	t.Helper()
	address := os.Getenv(PostgresVariable)
	if address == "" {
		t.Skipf("%s is not set: the PostgreSQL half is not run (make test starts a server)", PostgresVariable)
	}
	return address
}

func freshName() string { return "t_" + strings.ToLower(store.NewID()) }

func create(t testing.TB, options string) string {
	t.Helper()
	admin, err := sql.Open("pgx", server(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { admin.Close() })
	name := freshName()
	if _, err := admin.Exec("CREATE DATABASE " + name + options); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := admin.Exec("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)"); err != nil {
			t.Error(err)
		}
	})
	address, err := addressOf(name)
	if err != nil {
		t.Fatal(err)
	}
	return address
}

func addressOf(name string) (string, error) {
	at, err := url.Parse(os.Getenv(PostgresVariable))
	if err != nil {
		return "", fmt.Errorf("%s: %w", PostgresVariable, err)
	}
	at.Path = "/" + name
	return at.String(), nil
}

func open(t testing.TB, address string) *store.DB {
	t.Helper()
	db, err := store.Open(context.Background(), address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}
