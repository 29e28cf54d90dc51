// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package storetest

import (
	"context"
	"database/sql"
	"io"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"hoctap/internal/store"
)

// Template is a database that is filled once per engine and process and copied for every test: for what takes seconds to load
// and is the same everywhere. It lives as long as the process; the PostgreSQL one is left on the test server, which is thrown away.
type Template struct {
	prepare func(ctx context.Context, db *store.DB) error
	sqlite  func() (string, error)
	pg      func() (string, error)
}

// NewTemplate returns a template that prepare fills.
func NewTemplate(prepare func(ctx context.Context, db *store.DB) error) *Template {
	m := &Template{prepare: prepare}
	m.sqlite = sync.OnceValues(m.fillSQLite)
	m.pg = sync.OnceValues(m.fillPostgres)
	return m
}

// Each runs test once per engine, each time on a copy of its own.
func (m *Template) Each(t *testing.T, test func(t *testing.T, db *store.DB)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, m.SQLite(t)) })
	t.Run("postgres", func(t *testing.T) { test(t, m.Postgres(t)) })
}

// SQLite opens a copy that ends with the test.
func (m *Template) SQLite(t testing.TB) *store.DB {
	t.Helper()
	from, err := m.sqlite()
	if err != nil {
		t.Fatal(err)
	}
	to := filepath.Join(t.TempDir(), "hoctap.db")
	if err := copyFile(from, to); err != nil {
		t.Fatal(err)
	}
	return open(t, "sqlite:"+to)
}

// Postgres opens a copy on the test server, and skips the test where there is none.
func (m *Template) Postgres(t testing.TB) *store.DB {
	t.Helper()
	server(t)
	from, err := m.pg()
	if err != nil {
		t.Fatal(err)
	}
	return open(t, create(t, " TEMPLATE "+from))
}

func (m *Template) fillSQLite() (string, error) {
	dir, err := os.MkdirTemp("", "hoctap-template-")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "hoctap.db")
	return path, m.fill("sqlite:" + path)
}

func (m *Template) fillPostgres() (string, error) {
	admin, err := sql.Open("pgx", os.Getenv(PostgresVariable))
	if err != nil {
		return "", err
	}
	defer admin.Close()
	name := freshName()
	if _, err := admin.Exec("CREATE DATABASE " + name); err != nil {
		return "", err
	}
	address, err := addressOf(name)
	if err != nil {
		return "", err
	}
	return name, m.fill(address)
}

// fill closes the database before it is copied.
func (m *Template) fill(address string) error {
	ctx := context.Background()
	db, err := store.Open(ctx, address)
	if err != nil {
		return err
	}
	err = m.prepare(ctx, db)
	if closed := db.Close(); err == nil {
		err = closed
	}
	return err
}

func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.Create(to)
	if err != nil {
		return err
	}
	if _, err := io.Copy(out, in); err != nil {
		out.Close()
		return err
	}
	return out.Close()
}
