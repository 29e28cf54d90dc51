// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Package scantest runs a real clamd for tests, with a database of one signature: that of the test file which every scanner knows.
package scantest

import (
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hoctap/internal/scan"
)

// Found is what this clamd calls the test file.
const Found = "Hoctap.Eicar.UNOFFICIAL"

// Virus is the harmless test file of EICAR, put together here so that no scanner takes this source for it.
func Virus() []byte {
	return []byte(`X5O!P%@AP[4\PZX54(P^)7CC)7}$` + `EICAR-STANDARD-` + `ANTIVIRUS-TEST-FILE!$H+H*`)
}

// Daemon is a clamd that can be stopped and started again.
type Daemon struct {
	Address string
	t       testing.TB
	conf    string
	cmd     *exec.Cmd
}

// New starts one; it is skipped where clamd is not installed, unless HOCTAP_TEST_CLAMD says that it must be.
func New(t testing.TB) *Daemon {
	t.Helper()
	if _, err := exec.LookPath("clamd"); err != nil {
		if os.Getenv("HOCTAP_TEST_CLAMD") != "" {
			t.Fatal(err)
		}
		t.Skip("clamd is not installed")
	}
	dir, err := os.MkdirTemp("", "clamd") // short: the path of a socket may have 108 letters
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	write := func(name, body string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(body), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	write("hoctap.ndb", "Hoctap.Eicar:0:*:"+hex.EncodeToString(Virus())+"\n")
	d := &Daemon{t: t, Address: "unix:" + filepath.Join(dir, "socket")}
	d.conf = write("clamd.conf", fmt.Sprintf("DatabaseDirectory %s\nLocalSocket %s/socket\nForeground yes\nStreamMaxLength 40M\nMaxThreads 4\nTemporaryDirectory %s\nLogFile %s/log\n", dir, dir, dir, dir))
	d.Start()
	t.Cleanup(d.Stop)
	return d
}

// Start waits until clamd answers.
func (d *Daemon) Start() {
	d.t.Helper()
	d.cmd = exec.Command("clamd", "-c", d.conf)
	out := new(strings.Builder)
	d.cmd.Stderr = out
	if err := d.cmd.Start(); err != nil {
		d.t.Fatal(err)
	}
	c, err := scan.At(d.Address)
	if err != nil {
		d.t.Fatal(err)
	}
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(20 * time.Millisecond) {
		_, err := c.Find(d.t.Context(), strings.NewReader("x"))
		if err == nil {
			return
		}
		if time.Now().After(deadline) {
			d.t.Fatalf("clamd does not answer: %v %s", err, out)
		}
	}
}

// Stop ends it.
func (d *Daemon) Stop() {
	if d.cmd != nil {
		_ = d.cmd.Process.Kill()
		_ = d.cmd.Wait() // killed
		d.cmd = nil
	}
}
