// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hoctap/internal/web/lang"
)

// Each wrong setting is named with what to write instead; the count alone helps nobody.
func TestWrongSettingsAreNamed(t *testing.T) {
	dir := t.TempDir()
	noPEM := filepath.Join(dir, "roots.pem")
	if err := os.WriteFile(noPEM, []byte("no certificate"), 0o600); err != nil {
		t.Fatal(err)
	}
	base := []string{"--db", "sqlite:" + filepath.Join(dir, "hoctap.db"), "--files", filepath.Join(dir, "files"), "serve", "--listen", "127.0.0.1:0"}
	for _, c := range []struct {
		args  string
		names []string
	}{
		{"--smtp-host h", []string{"smtp-from: ", "--smtp-from"}},
		{"--smtp-host h --smtp-from x", []string{"smtp-from: "}},
		{"--smtp-from x", []string{"smtp-host: ", "smtp-from: ", "--smtp-host"}},
		{"--smtp-host h --smtp-from a@b.vn --smtp-port 0", []string{"smtp-port: ", "65535"}},
		{"--smtp-host h --smtp-from x --smtp-port 0", []string{"Có 2 chỗ", "smtp-from: ", "smtp-port: "}},
		{"--smtp-host h --smtp-from a@b.vn --smtp-user u --smtp-security none", []string{"smtp-user: ", "--smtp-security"}},
		{"--witness-mail x --syslog http://a --keep-reads 3", []string{"witness-mail: ", "--smtp-host", "syslog: ", "tls://", "keep-reads: "}},
		{"--sign-roots " + noPEM, []string{"sign-roots: ", "PEM"}},
	} {
		err := command(t, append(base, strings.Fields(c.args)...)...)
		if err == nil {
			t.Fatalf("%s: it serves", c.args)
		}
		said := inWords(lang.With(t.Context(), lang.Vi), err).Error()
		for _, want := range c.names {
			if !strings.Contains(said, want) {
				t.Errorf("%s: no %q in %q", c.args, want, said)
			}
		}
	}
}
