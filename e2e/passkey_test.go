// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"context"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hoctap/internal/demo"
	"hoctap/internal/store/storetest"
)

// Keys of devices in a real browser, from the first to the one that was copied.
func TestPasskeysInABrowser(t *testing.T) {
	need(t)
	t.Run("sqlite", func(t *testing.T) { passkeys(t, "sqlite:"+filepath.Join(t.TempDir(), "hoctap.db")) })
	t.Run("postgres", func(t *testing.T) { passkeys(t, storetest.PostgresURL(t)) })
}

func passkeys(t *testing.T, db string) {
	dir := t.TempDir()
	hoctap, files := filepath.Join(dir, "hoctap"), filepath.Join(dir, "files")
	run(t, "go", "build", "-o", hoctap, "../cmd/hoctap")
	run(t, hoctap, "--db", db, "--files", files, "demo", "--families", "60", "--from", "2026", "--to", "2026", "--today", "2026-11-18", "--communes", "08515")
	base := strings.Replace(serve(t, hoctap, "--db", db, "--files", files, "serve"), "127.0.0.1", "localhost", 1)
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	out, err := exec.CommandContext(ctx, "node", "passkey.mjs", base, demo.Password, filepath.Join("out", filepath.Base(t.Name())+"-khoa")).CombinedOutput()
	t.Logf("%s", out)
	if err != nil {
		t.Fatalf("the browser: %v", err)
	}
}
