// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"hoctap/internal/fault"
	"hoctap/internal/paper/papertest"
	"hoctap/internal/store/storetest"
	"hoctap/internal/web/lang"
)

// command performs `hoctap args…`.
func command(t *testing.T, args ...string) error {
	t.Helper()
	var c cli
	k, err := kong.New(&c, kong.Bind(&c), kong.Writers(io.Discard, io.Discard), kong.Exit(func(int) {}))
	if err != nil {
		t.Fatal(err)
	}
	ctx, err := k.Parse(args)
	if err != nil {
		t.Fatal(err)
	}
	ctx.BindTo(lang.With(t.Context(), lang.Vi), (*context.Context)(nil))
	return ctx.Run()
}

// keyOf is the key of what a person is told.
func keyOf(err error) string {
	if f, ok := fault.As(err); ok {
		return f.Key
	}
	return ""
}

// pairOfKeys makes keys for copies in dir, and returns their files.
func pairOfKeys(t *testing.T, dir string) (secret, public string) {
	t.Helper()
	secret, public = filepath.Join(dir, "secret"), filepath.Join(dir, "public")
	if err := command(t, "backup", "key", "--out", secret); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(secret)
	if err != nil {
		t.Fatal(err)
	}
	line := strings.TrimPrefix(strings.Split(string(b), "\n")[0], "# public key: ")
	if err := os.WriteFile(public, []byte(line+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return secret, public
}

// TestRestoreDrill is what an office does once a year: a copy of a living database is put back on another engine, counted and scored again, and a copy of
// that holds no row that the first did not hold. The program age reads the copy without us.
func TestRestoreDrill(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	must := func(args ...string) {
		t.Helper()
		if err := command(t, args...); err != nil {
			t.Fatalf("%s: %v", strings.Join(args, " "), err)
		}
	}
	pairOfKeys(t, dir)
	if err := command(t, "backup", "key", "--out", at("secret")); !errors.Is(err, fs.ErrExist) {
		t.Errorf("a key is written over: %v", err)
	}
	first := []string{"--db", "sqlite:" + at("first.db"), "--files", at("first/files")}
	second := []string{"--db", storetest.PostgresURL(t), "--files", at("second/files")}
	third := []string{"--db", "sqlite:" + at("third.db"), "--files", at("third/files")}
	must(append(first, "demo", "--families", "60", "--from", "2025", "--to", "2026", "--today", "2026-11-28")...)
	must(append(first, "backup", at("copies"), "--to", at("public"))...)
	must(append(second, "restore", at("copies"), "--key", at("secret"))...)
	must(append(second, "verify")...)
	must(append(second, "backup", at("copies"), "--to", at("public"))...)
	must(append(third, "restore", at("copies"), "--key", at("secret"))...)
	must(append(third, "verify")...)
	must("backup", "prune", at("copies"), "--dry-run")
	must("backup", "list", at("copies"))
	same := func(a, b string) {
		t.Helper()
		for _, name := range []string{"index.key", "field-0001.key"} {
			x, err := os.ReadFile(at(a + "/keys/" + name))
			if err != nil {
				t.Fatal(err)
			}
			if y, err := os.ReadFile(at(b + "/keys/" + name)); err != nil || !bytes.Equal(x, y) {
				t.Errorf("%s of %s is not in %s: %v", name, a, b, err)
			}
		}
	}
	same("first", "second")
	same("first", "third")
	if err := command(t, append(third, "--keys", at("none"), "verify")...); keyOf(err) != "keyring.missing" {
		t.Errorf("without its keys: %v", err)
	}
	if _, err := os.Stat(at("none")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("keys were made where they were missing: %v", err)
	}
	if err := command(t, "--db", "sqlite:"+at("other.db"), "--files", at("other/files"), "migrate"); err != nil {
		t.Fatal(err)
	}
	if err := command(t, append(third, "--keys", at("other/keys"), "verify")...); keyOf(err) != "keyring.other" {
		t.Errorf("with another's keys: %v", err)
	}
	must("backup", "verify", at("copies"), "--key", at("secret"))
	if err := command(t, append(third, "restore", at("copies"), "--key", at("secret"))...); fault.KindOf(err) != fault.KindConflict {
		t.Errorf("over what is there: %v", err)
	}
	names, err := filepath.Glob(at("copies/copies/*.age"))
	if err != nil || len(names) != 2 {
		t.Fatalf("%v, %v", names, err)
	}
	var tables [2]string
	for i, name := range names {
		papertest.Need(t, "age")
		plain, err := exec.Command("age", "-d", "-i", at("secret"), name).Output()
		if err != nil {
			t.Fatal(err)
		}
		z, err := gzip.NewReader(bytes.NewReader(plain))
		if err != nil {
			t.Fatal(err)
		}
		var c struct{ Tables, Files json.RawMessage }
		if err := json.NewDecoder(z).Decode(&c); err != nil {
			t.Fatal(err)
		}
		tables[i] = string(c.Tables) + string(c.Files)
	}
	if tables[0] != tables[1] {
		t.Error("the copy of the copy holds other rows")
	}
}
