// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// trial is one way to be cruel to a server. It returns what it saw, in one line, or why the server failed.
type trial struct {
	name string
	run  func(t *torment, ctx context.Context) (string, error)
}

// errCannot says that this machine lacks what a trial needs: it is told aloud, and the trial counts as not made.
var errCannot = errors.New("cannot be tried here")

func trials() []trial {
	return []trial{
		{"kill", (*torment).killTrial},
		{"full", (*torment).fullTrial},
		{"readonly", (*torment).readOnlyTrial},
		{"database", (*torment).databaseTrial},
		{"slow", (*torment).slowTrial},
		{"junk", (*torment).junkTrial},
	}
}

// tortureCommand is "bench torture".
func tortureCommand(ctx context.Context, args []string) error {
	t := torment{}
	f := flag.NewFlagSet("torture", flag.ContinueOnError)
	f.IntVar(&t.kills, "kills", 40, "how often the server is killed")
	f.IntVar(&t.writers, "writers", 16, "how many save at once")
	f.IntVar(&t.families, "families", 8000, "families of the database")
	f.DurationVar(&t.between, "between", 1500*time.Millisecond, "longest time from the first save to the kill")
	f.IntVar(&t.slow, "slow", 1000, "slow clients")
	f.IntVar(&t.junk, "junk", 100_000, "junk requests")
	f.IntVar(&t.crashes, "crashes", 3, "how often the database crashes")
	f.Uint64Var(&t.seed, "seed", uint64(time.Now().UnixNano()), "seed of the moments")
	f.StringVar(&t.binary, "hoctap", "./hoctap", "the program")
	f.StringVar(&t.postgres, "postgres", "scripts/postgres.sh", "starts and stops a PostgreSQL server")
	f.StringVar(&t.dir, "dir", "", "where the database is made; a temporary folder otherwise")
	f.StringVar(&t.only, "only", "", "trials: kill,full,readonly,database,slow,junk")
	if err := f.Parse(args); err != nil {
		return err
	}
	if t.dir == "" {
		dir, err := os.MkdirTemp("", "hoctap-torture")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		t.dir = dir
	}
	failed := 0
	var missing []string
	for _, try := range trials() {
		if !t.wants(try.name) {
			continue
		}
		begin := time.Now()
		said, err := try.run(&t, ctx)
		took := time.Since(begin).Round(100 * time.Millisecond)
		switch {
		case errors.Is(err, errCannot):
			missing = append(missing, try.name)
			fmt.Printf("%-9s NOT MADE: %v\n", try.name, err)
		case err != nil:
			failed++
			fmt.Printf("%-9s FAILED after %s (seed %d): %v\n", try.name, took, t.seed, err)
		default:
			fmt.Printf("%-9s %s (%s)\n", try.name, said, took)
		}
	}
	if len(missing) > 0 {
		fmt.Fprintf(os.Stderr, "bench: NOT MADE on this machine: %s\n", strings.Join(missing, ", "))
	}
	if failed > 0 {
		return fmt.Errorf("%d trials failed", failed)
	}
	return ctx.Err()
}

func (t *torment) killTrial(ctx context.Context) (string, error) {
	sum, err := t.run(ctx)
	if err != nil {
		return "", fmt.Errorf("after %d kills and %d acknowledged saves: %w", sum.kills, sum.acknowledged, err)
	}
	return fmt.Sprintf("%d kills under %d writers (seed %d): %d saves acknowledged and all there, %d cut off; counters equal the records, verify passes",
		sum.kills, t.writers, t.seed, sum.acknowledged, sum.unanswered), nil
}

// copyOf copies the filled database to another folder.
func (t *torment) copyOf(ctx context.Context, dir string) (*database, error) {
	d, err := fill(ctx, &t.options, t.families)
	if err != nil {
		return nil, err
	}
	if out, err := exec.CommandContext(ctx, "cp", "-r", d.dir+"/.", dir).CombinedOutput(); err != nil {
		return nil, fmt.Errorf("cp: %w: %s", err, out)
	}
	return &database{families: d.families, dir: dir}, nil
}

// disk mounts a small disk in memory, which unmount takes away.
func (t *torment) disk(ctx context.Context, name string, megabytes int) (dir string, unmount func(), err error) {
	dir = filepath.Join(t.dir, name)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", nil, err
	}
	out, err := exec.CommandContext(ctx, "mount", "-t", "tmpfs", "-o", fmt.Sprintf("size=%dm", megabytes), "tmpfs", dir).CombinedOutput()
	if err != nil {
		return "", nil, fmt.Errorf("%w: a disk of its own needs root: %s", errCannot, strings.TrimSpace(string(out)))
	}
	return dir, func() { _ = exec.Command("umount", dir).Run() }, nil
}

// fullTrial fills the disk under people who save: they are told so, those who read go on reading, and when there is room again everything goes on by itself.
func (t *torment) fullTrial(ctx context.Context) (string, error) {
	dir, unmount, err := t.disk(ctx, "full", 700)
	if err != nil {
		return "", err
	}
	defer unmount()
	d, err := t.copyOf(ctx, dir)
	if err != nil {
		return "", err
	}
	s, hands, err := t.open(ctx, d)
	if err != nil {
		return "", err
	}
	defer s.end()
	reader := hands[0].again()
	reader.at = s.at
	w := t.shift(s, hands, true)
	w.first()
	ballast := filepath.Join(dir, "ballast")
	if err := fillDisk(ballast); err != nil {
		return "", err
	}
	if err := t.wait(w, func(_, deferred int) bool { return deferred >= t.writers }); err != nil {
		return "", fmt.Errorf("on a full disk: %w", err)
	}
	_, deferred := w.count()
	if _, err := reader.ask("GET", "/viec", "", nil); err != nil {
		return "", fmt.Errorf("reading on a full disk: %w", err)
	}
	if err := os.Remove(ballast); err != nil {
		return "", err
	}
	before, _ := w.count()
	err = t.wait(w, func(acknowledged, _ int) bool { return acknowledged > before+t.writers })
	acknowledged, unanswered, broken := w.end()
	if err = errors.Join(err, broken, s.stop()); err != nil {
		return "", fmt.Errorf("after the disk had room again: %w", err)
	}
	if err := t.check(ctx, d, hands); err != nil {
		return "", err
	}
	return fmt.Sprintf("disk full under %d writers: %d were told so, reading went on; with room again all went on, %d saves acknowledged and all there, %d unanswered",
		t.writers, deferred, acknowledged, unanswered), nil
}

// fillDisk writes until there is no room.
func fillDisk(name string) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	for _, size := range []int{1 << 20, 4096, 1} {
		block := make([]byte, size)
		for err == nil {
			_, err = f.Write(block)
		}
		err = nil
	}
	return f.Close()
}

// wait looks every now and then until enough has happened.
func (t *torment) wait(w *shift, enough func(acknowledged, deferred int) bool) error {
	for begin := time.Now(); ; time.Sleep(20 * time.Millisecond) {
		acknowledged, deferred := w.count()
		if enough(acknowledged, deferred) {
			return nil
		}
		if time.Since(begin) > patience {
			return fmt.Errorf("%d saves acknowledged, %d put off, and no more within %s", acknowledged, deferred, patience)
		}
	}
}

// readOnlyTrial starts the server on a disk that cannot be written: it says so and ends, changes nothing, and starts when the disk can be written again.
func (t *torment) readOnlyTrial(ctx context.Context) (string, error) {
	dir, unmount, err := t.disk(ctx, "readonly", 700)
	if err != nil {
		return "", err
	}
	defer unmount()
	d, err := t.copyOf(ctx, dir)
	if err != nil {
		return "", err
	}
	remount := func(how string) error {
		out, err := exec.CommandContext(ctx, "mount", "-o", "remount,"+how, dir).CombinedOutput()
		if err != nil {
			return fmt.Errorf("remount: %w: %s", err, out)
		}
		return nil
	}
	if err := remount("ro"); err != nil {
		return "", err
	}
	at, err := freePort()
	if err != nil {
		return "", err
	}
	limited, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	out, err := exec.CommandContext(limited, t.binary, "serve", "--db", d.address(), "--files", d.files(), "--listen", at, "--today", today).CombinedOutput()
	if err == nil || strings.Contains(string(out), "goroutine") || !strings.Contains(string(out), "chỉ đọc") {
		return "", fmt.Errorf("on a disk that cannot be written: %v: %s", err, out)
	}
	if err := remount("rw"); err != nil {
		return "", err
	}
	s, hands, err := t.open(ctx, d)
	if err != nil {
		return "", err
	}
	defer s.end()
	w := t.shift(s, hands, false)
	w.first()
	acknowledged, _, err := w.end()
	if err = errors.Join(err, s.stop()); err != nil {
		return "", err
	}
	if acknowledged == 0 {
		return "", errors.New("nothing could be saved after the disk was writable again")
	}
	return "a disk that cannot be written: refused at the start in one sentence; writable again: starts and saves", t.check(ctx, d, hands)
}

// databaseTrial takes PostgreSQL away under people who save, as a crash would, and gives it back, three times.
func (t *torment) databaseTrial(ctx context.Context) (string, error) {
	dir, err := os.MkdirTemp("", "hoctap-pg") // not below t.dir, which may be shut to the server's own account
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(dir)
	if err := os.Chmod(dir, 0o755); err != nil {
		return "", err
	}
	postgres := func(do string) (string, error) {
		cmd := exec.CommandContext(ctx, t.postgres, do, filepath.Join(dir, "pg"))
		cmd.Env = append(os.Environ(), "FSYNC=on")
		var said bytes.Buffer
		cmd.Stderr = &said
		out, err := cmd.Output()
		if err != nil {
			return "", fmt.Errorf("%s %s: %w: %s", t.postgres, do, err, bytes.TrimSpace(said.Bytes()))
		}
		return strings.TrimSpace(string(out)), nil
	}
	address, err := postgres("start")
	if err != nil {
		_, _ = postgres("stop")
		return "", fmt.Errorf("%w: %w", errCannot, err)
	}
	defer postgres("stop")
	d, err := fillInto(ctx, &t.options, &database{families: min(t.families, 2000), dir: filepath.Join(t.dir, "on-postgres"), server: address})
	if err != nil {
		return "", err
	}
	s, hands, err := t.open(ctx, d)
	if err != nil {
		return "", err
	}
	defer s.end()
	acknowledged, deferred := 0, 0
	for range t.crashes {
		w := t.shift(s, hands, true)
		w.first()
		if _, err := postgres("crash"); err != nil {
			return "", err
		}
		err := t.wait(w, func(_, deferred int) bool { return deferred >= t.writers })
		if ready := s.status("/readyz"); ready != http.StatusServiceUnavailable {
			err = errors.Join(err, fmt.Errorf("/readyz answers %d without its database", ready))
		}
		if alive := s.status("/healthz"); alive != http.StatusNoContent {
			err = errors.Join(err, fmt.Errorf("/healthz answers %d without its database", alive))
		}
		if _, failed := postgres("again"); failed != nil {
			return "", failed
		}
		before, _ := w.count()
		err = errors.Join(err, t.wait(w, func(acknowledged, _ int) bool { return acknowledged > before }))
		_, put := w.count()
		a, _, broken := w.end()
		if err = errors.Join(err, broken); err != nil {
			return "", fmt.Errorf("database gone and back: %w", err)
		}
		acknowledged, deferred = acknowledged+a, deferred+put
		if err := t.check(ctx, d, hands); err != nil {
			return "", err
		}
	}
	return fmt.Sprintf("PostgreSQL crashed and came back %d times under %d writers: %d were told to wait, the server went on by itself, %d saves acknowledged and all there",
		t.crashes, t.writers, deferred, acknowledged), s.stop()
}
