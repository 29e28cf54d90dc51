// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"hoctap/internal/demo"
	"hoctap/internal/evidence"
)

// A family's own sheet by QR in a real browser, without a script and with one; counters and scores are right afterwards.
func TestFamilySheetOnAPhone(t *testing.T) {
	need(t)
	dir := t.TempDir()
	hoctap, db, files := filepath.Join(dir, "hoctap"), "sqlite:"+filepath.Join(dir, "hoctap.db"), filepath.Join(dir, "files")
	run(t, "go", "build", "-o", hoctap, "../cmd/hoctap")
	run(t, hoctap, "--db", db, "--files", files, "demo", "--families", "120", "--from", "2025", "--to", "2026", "--today", "2026-11-18", "--communes", "08515")
	picture := filepath.Join(dir, "goc.jpg")
	if err := os.WriteFile(picture, evidence.DrawDemo(5, "study_corner"), 0o600); err != nil {
		t.Fatal(err)
	}
	base := serve(t, hoctap, "--db", db, "--files", files, "serve", "--today", "2026-11-18")
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	out, err := exec.CommandContext(ctx, "node", "family.mjs", base, demo.Password, "hycuong", picture).CombinedOutput()
	t.Logf("%s", out)
	if err != nil {
		t.Fatalf("the family's sheet: %v", err)
	}
	run(t, hoctap, "--db", db, "--files", files, "verify")
}
