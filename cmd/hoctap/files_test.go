// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hoctap/internal/store"
)

// printed is what a command says, and how it ends.
func printed(t *testing.T, args ...string) (said string, err error) {
	t.Helper()
	r, w, errPipe := os.Pipe()
	if errPipe != nil {
		t.Fatal(errPipe)
	}
	before := os.Stdout
	os.Stdout = w
	all := make(chan string)
	go func() { b, _ := io.ReadAll(r); all <- string(b) }()
	err = command(t, args...)
	os.Stdout = before
	w.Close()
	return <-all, err
}

// A file that a record names and the store has lost is named by verify and by backup, which makes its copy all the same.
func TestLostFilesAreNamed(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	base := []string{"--db", "sqlite:" + at("a.db"), "--files", at("files")}
	with := func(args ...string) []string { return append(append([]string{}, base...), args...) }
	for _, args := range [][]string{with("migrate"), {"backup", "key", "--out", at("secret")}} {
		if err := command(t, args...); err != nil {
			t.Fatal(err)
		}
	}
	secret, err := os.ReadFile(at("secret"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(at("public"), []byte(strings.TrimPrefix(strings.Split(string(secret), "\n")[0], "# public key: ")), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	db, err := store.OpenExisting(ctx, "sqlite:"+at("a.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	s, err := (&cli{Files: at("files")}).wire(ctx, db, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	ref, err := s.Blobs.Put(ctx, strings.NewReader("an office's own template"), 1000)
	if err != nil {
		t.Fatal(err)
	}
	err = db.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO paper_template (body_id, kind, version, place_id, content, file, file_name, remark, by_id, by_name, at)
			VALUES ('b', 'recognition', 1, 'p', '', $1, 'mau-cua-xa.docx', '', 'x', 'x', 1)`, ref.SHA256)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{with("verify"), with("backup", at("copies"), "--to", at("public"))} {
		if said, err := printed(t, args...); err != nil || strings.Contains(said, "mau-cua-xa") {
			t.Errorf("with the file, %q: %v\n%s", args[4:], err, said)
		}
	}
	path := ""
	err = filepath.WalkDir(at("files"), func(p string, d os.DirEntry, err error) error {
		if err == nil && strings.Contains(p, ref.SHA256[:8]) && !d.IsDir() {
			path = p
		}
		return err
	})
	if err != nil || path == "" || os.Remove(path) != nil {
		t.Fatal(path, err)
	}
	if _, _, err := s.Blobs.Open(ctx, ref.SHA256); err == nil {
		t.Fatal("the file is still there")
	}
	for _, args := range [][]string{with("verify"), with("backup", at("copies"), "--to", at("public"))} {
		said, err := printed(t, args...)
		if _, ok := errors.AsType[brokenError](err); !ok || !strings.Contains(said, "mau-cua-xa.docx") || !strings.Contains(said, ref.SHA256) {
			t.Errorf("without the file, %q: %v\n%s", args[4:], err, said)
		}
	}
	if copies, err := filepath.Glob(at("copies/copies/*.age")); err != nil || len(copies) != 2 {
		t.Errorf("%d copies, %v", len(copies), err)
	}
}
