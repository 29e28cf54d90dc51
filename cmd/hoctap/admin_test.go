// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hoctap/internal/identity"
	"hoctap/internal/store"
)

// typed runs a command with a line on standard input.
func typed(t *testing.T, line string, args ...string) error {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	before := os.Stdin
	os.Stdin = r
	defer func() { os.Stdin = before }()
	if _, err := w.WriteString(line + "\n"); err != nil {
		t.Fatal(err)
	}
	w.Close()
	return command(t, args...)
}

// The first administrator comes in by the command, and comes back in by it when all else is lost; the journal tells of both.
func TestAdministratorComesBack(t *testing.T) {
	dir := t.TempDir()
	base := []string{"--db", "sqlite:" + filepath.Join(dir, "a.db"), "--files", filepath.Join(dir, "files")}
	admin := func(args ...string) []string {
		return append(append([]string{}, base...), append([]string{"admin"}, args...)...)
	}
	if err := typed(t, "lua sen tre may nha 47", admin("quantri")...); err == nil {
		t.Error("an administrator without a name")
	}
	if err := typed(t, "ngan", admin("quantri", "--name", "Quản Trị")...); err == nil {
		t.Error("a short password")
	}
	if err := typed(t, "lua sen tre may nha 47", admin("quantri", "--name", "Người Giữ Máy")...); err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	signIn := func(password string) (identity.Opened, *store.DB, error) {
		t.Helper()
		db, err := store.OpenExisting(ctx, "sqlite:"+filepath.Join(dir, "a.db"))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { db.Close() })
		s, err := (&cli{Files: filepath.Join(dir, "files")}).wire(ctx, db, time.Now)
		if err != nil {
			t.Fatal(err)
		}
		o, err := s.Identity.SignIn(ctx, "quantri", password, identity.Client{Address: "10.0.0.1:1"})
		return o, db, err
	}
	if o, _, err := signIn("lua sen tre may nha 47"); err != nil || o.Token == "" {
		t.Fatalf("%+v, %v", o, err)
	}
	if err := typed(t, "rung xanh suoi mat 52", admin("ke-la", "--reset")...); err == nil || !strings.Contains(err.Error(), "ke-la") {
		t.Errorf("an account that is not there: %v", err)
	}
	if err := typed(t, "rung xanh suoi mat 52", admin("quantri", "--reset")...); err != nil {
		t.Fatal(err)
	}
	if _, _, err := signIn("lua sen tre may nha 47"); err == nil {
		t.Error("the old password still opens")
	}
	o, db, err := signIn("rung xanh suoi mat 52")
	if err != nil || !o.Told {
		t.Fatalf("%+v, %v", o, err)
	}
	if n, _, _ := store.One(ctx, db.Read(), store.Value[int], `SELECT count(*) FROM journal WHERE thing = 'account' AND act = 'rescue'`); n != 1 {
		t.Errorf("%d entries in the journal", n)
	}
}
