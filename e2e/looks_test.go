// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"context"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"hoctap/internal/demo"
)

// Every page as every role: no link without an answer, no barrier that axe knows, nothing wider than the screen, a quiet console.
func TestLooksOfEveryPage(t *testing.T) {
	need(t)
	dir := t.TempDir()
	hoctap, db, files := filepath.Join(dir, "hoctap"), "sqlite:"+filepath.Join(dir, "hoctap.db"), filepath.Join(dir, "files")
	run(t, "go", "build", "-o", hoctap, "../cmd/hoctap")
	run(t, hoctap, "--db", db, "--files", files, "demo", "--families", "120", "--from", "2025", "--to", "2026", "--today", "2026-11-18", "--communes", "08515")
	base := serve(t, hoctap, "--db", db, "--files", files, "serve", "--today", "2026-11-18", "--rate", "10") // a robot takes more files in a minute than a person may
	ctx, cancel := context.WithTimeout(t.Context(), 4*time.Minute)
	defer cancel()
	logins := []string{"-", "khu2.hycuong", "hycuong", "thamdinh.hycuong", "tinh", "xem", "quantri"}
	out, err := exec.CommandContext(ctx, "node", append([]string{"looks.mjs", base, demo.Password}, logins...)...).CombinedOutput()
	t.Logf("%s", out)
	if err != nil {
		t.Fatalf("the pages: %v", err)
	}
}
