// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Command build makes what the pages need besides HTML: it installs the font packages, subsets the fonts, bundles
// and minifies CSS and TypeScript, and writes everything under hashed names, with a gzip copy and a manifest,
// into internal/web/assets/dist, where the binary embeds it. Run it from anywhere in the repository:
//
//	go run ./ui/build
package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

func main() {
	start := time.Now()
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "ui/build:", err)
		os.Exit(1)
	}
	fmt.Printf("ui/build: done in %.1f s\n", time.Since(start).Seconds())
}

func run() error {
	root, err := moduleRoot()
	if err != nil {
		return err
	}
	ui := filepath.Join(root, "ui")
	if stale(filepath.Join(ui, "node_modules", ".package-lock.json"), filepath.Join(ui, "package-lock.json")) {
		if err := command(ui, "npm", "ci", "--no-audit", "--no-fund"); err != nil {
			return err
		}
	}
	newest := filepath.Join(ui, "fonts", "OFL-inter.txt") // the script writes it last
	if stale(newest, filepath.Join(ui, "fonts.mjs"), filepath.Join(ui, "package-lock.json")) {
		if err := command(ui, "node", "fonts.mjs"); err != nil {
			return err
		}
	}
	return bundle(ui, filepath.Join(root, "internal", "web", "assets", "dist"))
}

// stale reports whether made is missing or older than one of its sources.
func stale(made string, sources ...string) bool {
	m, err := os.Stat(made)
	if err != nil {
		return true
	}
	for _, source := range sources {
		if s, err := os.Stat(source); err != nil || s.ModTime().After(m.ModTime()) {
			return true
		}
	}
	return false
}

func command(dir, name string, args ...string) error {
	c := exec.Command(name, args...)
	c.Dir, c.Stdout, c.Stderr = dir, os.Stdout, os.Stderr
	if err := c.Run(); err != nil {
		return fmt.Errorf("%s %s: %w", name, strings.Join(args, " "), err)
	}
	return nil
}

func moduleRoot() (string, error) {
	out, err := exec.Command("go", "env", "GOMOD").Output()
	if err != nil {
		return "", fmt.Errorf("go env GOMOD: %w", err)
	}
	file := strings.TrimSpace(string(out))
	if filepath.Base(file) != "go.mod" {
		return "", fmt.Errorf("not inside the module")
	}
	return filepath.Dir(file), nil
}
