// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// systemd itself reads the units of the package and says how much of the system they leave open: 0 is nothing, 10 is all. 2.0 leaves no room for another
// door: the network alone makes 1.2.
func TestUnitsOfTheService(t *testing.T) {
	if _, err := exec.LookPath("systemd-analyze"); err != nil {
		if os.Getenv(browserVariable) != "" {
			t.Fatal(err)
		}
		t.Skip("no systemd-analyze here: make test installs it")
	}
	unit, err := os.ReadFile("../packaging/hoctap.service")
	if err != nil {
		t.Fatal(err)
	}
	socket, err := os.ReadFile("../packaging/hoctap.socket")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	service := filepath.Join(dir, "hoctap.service")
	there := strings.Replace(string(unit), "/usr/bin/hoctap", "/bin/true", 1) // it looks whether the program is there
	for name, text := range map[string]string{"hoctap.service": there, "hoctap.socket": string(socket)} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, args := range [][]string{{"verify", "--man=no", service}, {"security", "--offline=true", "--no-pager", "--threshold=20", service}} {
		out, err := exec.Command("systemd-analyze", args...).CombinedOutput()
		if err != nil {
			t.Errorf("systemd-analyze %s: %v\n%s", args[0], err, out)
		}
		if args[0] == "verify" && strings.Contains(string(out), "hoctap.") {
			t.Errorf("systemd-analyze verify: %s", out)
		}
	}
}
