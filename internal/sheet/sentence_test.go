// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package sheet_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// keyInSource finds the keys that the package's own code names, directly or through its short makers of faults.
var keyInSource = regexp.MustCompile(`"sheet\.([a-z_]+)"|(?:refuse|tooMuch|bad\[[\w.]+\])\("([a-z_]+)"|warned\([\w.]+, "([a-z_]+)"|inRange\(.*"([a-z_]+)"\)|return .*, "([a-z]+_[a-z_]+)"$|\{"[A-Za-z ]+", "([a-z_]+)"\}`)

// TestEveryKeyHasASentence looks into both catalogues.
func TestEveryKeyHasASentence(t *testing.T) {
	catalogues := map[string]string{}
	for _, tag := range []string{"vi", "en"} {
		b, err := os.ReadFile(filepath.Join("..", "web", "lang", tag, "sheet.toml"))
		if err != nil {
			t.Fatal(err)
		}
		catalogues[tag] = string(b)
	}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	used := map[string]bool{}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(b)) {
			for _, m := range keyInSource.FindAllStringSubmatch(strings.TrimSpace(line), -1) {
				if key := strings.Join(m[1:], ""); key != "" {
					used[key] = true
				}
			}
		}
	}
	if len(used) < 50 {
		t.Errorf("only %d keys found", len(used))
	}
	for key := range used {
		for tag, text := range catalogues {
			if !strings.Contains(text, `"fault.sheet.`+key+`" = `) {
				t.Errorf("%s has no sentence for sheet.%s", tag, key)
			}
		}
	}
	for line := range strings.Lines(catalogues["vi"]) {
		rest, ok := strings.CutPrefix(line, `"fault.sheet.`)
		key, _, _ := strings.Cut(rest, `"`)
		if ok && !used[key] {
			t.Errorf("no code names sheet.%s", key)
		}
	}
}
