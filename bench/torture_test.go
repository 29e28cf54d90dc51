// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"hoctap/internal/store/storetest"
)

// A server that is killed while people save has every save that it acknowledged when it comes back, with its journal entry and its
// counters. scripts/torture.sh does the same for longer.
func TestKilledServerKeepsWhatItAcknowledged(t *testing.T) {
	dir := t.TempDir()
	hoctap := filepath.Join(dir, "hoctap")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", hoctap, "../cmd/hoctap").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	try := torment{options: options{families: 300, dir: dir, binary: hoctap}, kills: 3, writers: 16, between: 800 * time.Millisecond, seed: 11}
	sum, err := try.run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if sum.kills != try.kills || sum.acknowledged == 0 {
		t.Errorf("%+v: nothing was tried", sum)
	}
}

// The other trials at a small size: a disk that is full or cannot be written, a database that crashes, slow clients, junk.
func TestTrialsAtASmallSize(t *testing.T) {
	dir := t.TempDir()
	hoctap := filepath.Join(dir, "hoctap")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", hoctap, "../cmd/hoctap").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	try := torment{options: options{families: 300, dir: dir, binary: hoctap}, writers: 8, seed: 11, junk: 1500, crashes: 1, postgres: "../scripts/postgres.sh"}
	for _, trial := range trials() {
		if trial.name == "kill" || trial.name == "slow" { // the first has a test of its own, the second waits half a minute for what is cut off
			continue
		}
		t.Run(trial.name, func(t *testing.T) {
			said, err := trial.run(&try, t.Context())
			if errors.Is(err, errCannot) && (trial.name != "database" || os.Getenv(storetest.PostgresVariable) == "") { // where the other tests have a server, so has this
				t.Skip(err)
			}
			if err != nil {
				t.Fatal(err)
			}
			t.Log(said)
		})
	}
}
