// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package keyring_test

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"hoctap/internal/fault"
	"hoctap/internal/keyring"
)

func open(t *testing.T, dir string) *keyring.Ring {
	t.Helper()
	r, err := keyring.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestSealedOpensOnlyWhereItBelongs(t *testing.T) {
	r := keyring.Fresh()
	sealed := r.Seal("totp", "account 1", "bí mật")
	if strings.Contains(sealed, "bí mật") || sealed == r.Seal("totp", "account 1", "bí mật") {
		t.Errorf("sealed as %q", sealed)
	}
	if got, err := r.Unseal("totp", "account 1", sealed); err != nil || got != "bí mật" {
		t.Errorf("%q, %v", got, err)
	}
	flipped := []byte(sealed)
	flipped[len(flipped)-3] ^= 1
	for name, try := range map[string][3]string{
		"another record":  {"totp", "account 2", sealed},
		"another purpose": {"mail", "account 1", sealed},
		"changed":         {"totp", "account 1", string(flipped)},
		"cut":             {"totp", "account 1", sealed[:20]},
		"nothing sealed":  {"totp", "account 1", "bí mật"},
		"unknown key":     {"totp", "account 1", "k9" + sealed[2:]},
	} {
		if got, err := r.Unseal(try[0], try[1], try[2]); err == nil {
			t.Errorf("%s: opened as %q", name, got)
		}
	}
	if r.Seal("totp", "x", "") != "" {
		t.Error("an empty text was sealed")
	}
}

func TestKeysStayAndRotate(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "keys")
	first := open(t, dir)
	old := first.Seal("id", "a", "025")
	hash := first.Hash("id", "025")
	second := open(t, dir) // another server on the same folder
	if n, err := first.Rotate(); err != nil || n != 2 {
		t.Fatal(n, err)
	}
	fresh := first.Seal("id", "a", "025")
	if !first.Stale(old) || first.Stale(fresh) {
		t.Error("stale is not what is under the older key")
	}
	for _, sealed := range []string{old, fresh} {
		if got, err := second.Unseal("id", "a", sealed); err != nil || got != "025" {
			t.Errorf("the other server: %q, %v", got, err)
		}
	}
	if second.Hash("id", "025") != hash || first.Hash("id", "025") != hash || first.ID() != second.ID() {
		t.Error("a keyed hash changed with the keys of fields")
	}
	if err := first.Retire(); err != nil {
		t.Fatal(err)
	}
	_, err := open(t, dir).Unseal("id", "a", old)
	if f, ok := fault.As(err); !ok || f.Key != "keyring.key_missing" {
		t.Errorf("what a retired key sealed: %v", err)
	}
	for _, name := range []string{"index.key", "field-0002.key"} {
		if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", name, info.Mode(), err)
		}
	}
}

func TestServersThatStartTogetherShareTheirKeys(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "keys")
	ids := make([]string, 16)
	var all sync.WaitGroup
	for i := range ids {
		all.Go(func() {
			if r, err := keyring.Open(dir); err == nil {
				ids[i] = r.ID() + r.Hash("x", "y")
			}
		})
	}
	all.Wait()
	for _, id := range ids {
		if id == "" || id != ids[0] {
			t.Fatalf("different keys: %q", ids)
		}
	}
}

func TestDamagedKeyIsToldOf(t *testing.T) {
	dir := t.TempDir()
	open(t, dir)
	if err := os.WriteFile(filepath.Join(dir, "index.key"), []byte("abc\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := keyring.Open(dir); err == nil || !strings.Contains(err.Error(), "index.key") {
		t.Errorf("%v", err)
	}
}

func FuzzUnseal(f *testing.F) {
	r := keyring.Fresh()
	f.Add(r.Seal("x", "y", "z"))
	f.Add("k1:")
	f.Add("k99999999999999999999:AAAA")
	f.Fuzz(func(t *testing.T, text string) {
		plain, err := r.Unseal("another purpose", "y", text)
		if err == nil && text != "" {
			t.Fatalf("%q opens as %q", text, plain)
		}
		r.Stale(text)
	})
}
