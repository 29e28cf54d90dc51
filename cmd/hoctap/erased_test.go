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

	"hoctap/internal/privacy"
	"hoctap/internal/registry"
	"hoctap/internal/store"
)

// A copy from before an erasure is put back: the erased family stays erased, by the list of the old server and by the one beside newer copies.
func TestRestoreErasesAgain(t *testing.T) {
	dir, ctx := t.TempDir(), context.Background()
	at := func(name string) string { return filepath.Join(dir, name) }
	on := func(name string, args ...string) []string {
		return append([]string{"--db", "sqlite:" + at(name+".db"), "--files", filepath.Join(at(name), "files")}, args...)
	}
	run := func(args ...string) {
		t.Helper()
		if err := command(t, args...); err != nil {
			t.Fatal(args, err)
		}
	}
	run(on("a", "demo", "--families", "60", "--communes", "08515")...)
	run("backup", "key", "--out", at("secret"))
	secret, err := os.ReadFile(at("secret"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(at("public"), []byte(strings.TrimPrefix(strings.Split(string(secret), "\n")[0], "# public key: ")), 0o600); err != nil {
		t.Fatal(err)
	}
	run(on("a", "backup", at("copies"), "--to", at("public"))...)
	db, err := store.OpenExisting(ctx, "sqlite:"+at("a.db"))
	if err != nil {
		t.Fatal(err)
	}
	base := &cli{Files: filepath.Join(at("a"), "files")} // the keys lie beside
	s, err := base.wire(ctx, db, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	id, _, err := store.One(ctx, db.Read(), store.Value[string], `SELECT id FROM subject WHERE model = 'family' AND state = 'active' ORDER BY id LIMIT 1`)
	if err != nil {
		t.Fatal(err)
	}
	if n, err := s.Privacy.Replay(ctx, []privacy.Erased{{SubjectID: id}}); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	db.Close()
	list, err := printed(t, on("a", "erased")...)
	if err != nil || !strings.Contains(list, id) {
		t.Fatalf("%q %v", list, err)
	}
	if err := os.WriteFile(at("list"), []byte(list), 0o600); err != nil {
		t.Fatal(err)
	}
	run(on("b", "restore", at("copies"), "--key", at("secret"), "--erased", at("list"))...)
	run(on("b", "verify")...)
	back, err := store.OpenExisting(ctx, "sqlite:"+at("b.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer back.Close()
	name, _, err := store.One(ctx, back.Read(), store.Value[string], `SELECT name FROM subject WHERE id = $1`, id)
	if err != nil || name != registry.ErasedName {
		t.Errorf("the family is back as %q: %v", name, err)
	}
}
