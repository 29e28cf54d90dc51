// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Package placetest gives tests a database with the shipped places in it, loaded once per process and copied for each test.
package placetest

import (
	"context"
	"testing"
	"time"

	"hoctap/internal/place"
	"hoctap/internal/store"
	"hoctap/internal/store/storetest"
)

var loaded = storetest.NewTemplate(func(ctx context.Context, db *store.DB) error {
	_, err := place.New(db, time.Now).EnsureLoaded(ctx)
	return err
})

// Each runs test once per engine, each time on a copy of its own.
func Each(t *testing.T, test func(t *testing.T, db *store.DB)) {
	t.Helper()
	loaded.Each(t, test)
}

// SQLite opens a copy that ends with the test.
func SQLite(t testing.TB) *store.DB { return loaded.SQLite(t) }

// Postgres opens a copy on the test server, and skips the test where there is none.
func Postgres(t testing.TB) *store.DB { return loaded.Postgres(t) }
