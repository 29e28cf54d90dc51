// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Package papertest lets other programs judge papers: those of Debian that make test installs.
package papertest

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"hoctap/internal/paper/pdf"
)

// Settings of the tests.
const (
	mustVariable = "HOCTAP_TEST_OFFICE" // set: where a judge or a font is missing the test fails instead of skipping
	keepVariable = "HOCTAP_TEST_KEEP"   // a folder for people who want to look at what was written
)

// missing skips the test, or fails it where everything has to be there.
func missing(t testing.TB, err error, who string) {
	t.Helper()
	if os.Getenv(mustVariable) != "" {
		t.Fatal(err)
	}
	t.Skipf("%v: %s", err, who)
}

// Need is for tests that cannot be without some programs.
func Need(t testing.TB, programs ...string) {
	t.Helper()
	for _, name := range programs {
		if _, err := exec.LookPath(name); err != nil {
			missing(t, err, "make test installs it")
		}
	}
}

// Ask runs a program for at most a minute and returns all it said.
func Ask(t testing.TB, name string, args ...string) (said string, err error) {
	t.Helper()
	var all bytes.Buffer
	err = run(t, &all, &all, name, args)
	return all.String(), err
}

// Run is what a program wrote to its output; a program that fails fails the test.
func Run(t testing.TB, name string, args ...string) string {
	t.Helper()
	var said, wrong bytes.Buffer
	if err := run(t, &said, &wrong, name, args); err != nil {
		t.Fatalf("%s %s: %v\n%s%s", name, strings.Join(args, " "), err, &said, &wrong)
	}
	return said.String()
}

func run(t testing.TB, said, wrong *bytes.Buffer, name string, args []string) error {
	t.Helper()
	Need(t, name)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	c := exec.CommandContext(ctx, name, args...)
	c.Env = append(os.Environ(), "LC_ALL=C.UTF-8") // names of files have Vietnamese letters, also on a machine without a language
	c.Stdout, c.Stderr = said, wrong
	if name == "soffice" {
		c.Args = append([]string{name, "-env:UserInstallation=file://" + t.TempDir(), "--headless"}, args...)
		c.Env = append(c.Env, fontsVariable(t)...)
	}
	return c.Run()
}

// fontsVariable makes the faces of the build stand for Times New Roman, whose measures they have: the Liberation of Debian 12 lacks Vietnamese letters.
func fontsVariable(t testing.TB) []string {
	t.Helper()
	if _, err := os.Stat(face("tinos-400")); err != nil {
		return nil
	}
	conf := filepath.Join(t.TempDir(), "fonts.conf")
	err := os.WriteFile(conf, fmt.Appendf(nil, `<?xml version="1.0"?><fontconfig><include ignore_missing="yes">/etc/fonts/fonts.conf</include><dir>%s</dir>`+
		`<match target="pattern"><test name="family"><string>Times New Roman</string></test><edit name="family" mode="assign" binding="same"><string>Tinos</string></edit></match></fontconfig>`,
		filepath.Dir(face("tinos-400"))), 0o600)
	if err != nil {
		t.Fatal(err)
	}
	return []string{"FONTCONFIG_FILE=" + conf}
}

// Keep puts a file where programs can read it, and says where.
func Keep(t testing.TB, name string, b []byte) string {
	t.Helper()
	dir := os.Getenv(keepVariable)
	if dir == "" {
		dir = t.TempDir()
	}
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// face is where the build puts a font.
func face(name string) string {
	_, here, _, _ := runtime.Caller(0)
	return filepath.Join(filepath.Dir(here), "..", "..", "..", "ui", "fonts", name+".ttf")
}

// Faces are those of the build.
func Faces(t testing.TB) pdf.Faces {
	t.Helper()
	read := func(name string) []byte {
		b, err := os.ReadFile(face(name))
		if os.IsNotExist(err) {
			missing(t, err, "make builds the fonts")
		}
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	return pdf.Faces{Text: read("tinos-400"), TextItalic: read("tinos-400-italic"), TextBold: read("tinos-700"), TextBoldItalic: read("tinos-700-italic"),
		Display: read("lora-400"), DisplayItalic: read("lora-400-italic"), DisplayBold: read("lora-700")}
}

// Press is the press with the faces of the build.
func Press(t testing.TB) *pdf.Press {
	t.Helper()
	p, err := pdf.New(Faces(t))
	if err != nil {
		t.Fatal(err)
	}
	return p
}
