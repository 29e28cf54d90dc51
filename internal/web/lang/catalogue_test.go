// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package lang

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"
)

func TestCatalogues(t *testing.T) {
	if err := Check(); err != nil {
		t.Fatal(err)
	}
	for key, msg := range books()[Vi] {
		other, ok := books()[En][key]
		if !ok {
			t.Errorf("%s: not in English", key)
			continue
		}
		if a, b := holders(msg), holders(other); !slices.Equal(a, b) {
			t.Errorf("%s: placeholders %v in Vietnamese, %v in English", key, a, b)
		}
		if !norm.NFC.IsNormalString(msg.text) {
			t.Errorf("%s: the Vietnamese text is not in NFC", key)
		}
	}
	for key := range books()[En] {
		if _, ok := books()[Vi][strings.TrimSuffix(key, "_one")]; !ok {
			if _, ok := books()[Vi][key]; !ok {
				t.Errorf("%s: not in Vietnamese", key)
			}
		}
	}
}

func holders(m message) (names []string) {
	for _, p := range m.parts {
		if p.name != "" && !slices.Contains(names, p.name) {
			names = append(names, p.name)
		}
	}
	slices.Sort(names)
	return names
}

// literal finds T(ctx, "key") and T(ctx, "prefix."+x); the second group tells them apart.
var literal = regexp.MustCompile(`\bT\(\s*[\w.()]*(?:ctx|Context\(\))\s*,\s*"([^"]+)"\s*(\+?)`)

// TestKeysInUse demands a text for each key that a page or a command names.
func TestKeysInUse(t *testing.T) {
	root := filepath.Join("..", "..", "..")
	for _, dir := range []string{filepath.Join(root, "internal", "web"), filepath.Join(root, "cmd")} {
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			generated := strings.HasSuffix(path, "_templ.go") || strings.HasSuffix(path, "_test.go")
			if generated || !strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, ".templ") {
				return nil
			}
			text, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			for _, m := range literal.FindAllStringSubmatch(string(text), -1) {
				if !known(m[1], m[2] == "+") && !strings.HasPrefix(lineOf(string(text), m[0]), "//") {
					t.Errorf("%s: no text for key %q", path, m[1])
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func known(key string, prefix bool) bool {
	if !prefix {
		_, ok := books()[Vi][key]
		return ok
	}
	for k := range books()[Vi] {
		if strings.HasPrefix(k, key) {
			return true
		}
	}
	return false
}

func lineOf(text, part string) string {
	at := strings.Index(text, part)
	start := strings.LastIndexByte(text[:at], '\n') + 1
	return strings.TrimSpace(text[start:at])
}
