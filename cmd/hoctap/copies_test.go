// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"archive/zip"
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/kong"

	"hoctap/internal/backup"
	"hoctap/internal/object/objecttest"
	"hoctap/internal/store"
	"hoctap/internal/store/storetest"
	"hoctap/internal/web/lang"
)

// serving runs `hoctap serve` until the returned function is called, which returns when all is put down.
func serving(t *testing.T, args ...string) (stop func()) {
	t.Helper()
	var c cli
	k, err := kong.New(&c, kong.Bind(&c), kong.Writers(io.Discard, io.Discard), kong.Exit(func(int) {}))
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := k.Parse(append(args, "serve", "--listen", "127.0.0.1:0"))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(lang.With(context.Background(), lang.Vi))
	parsed.BindTo(ctx, (*context.Context)(nil))
	ended := make(chan error, 1)
	go func() { ended <- parsed.Run() }()
	return func() {
		t.Helper()
		cancel()
		if err := <-ended; err != nil && err != http.ErrServerClosed {
			t.Error(err)
		}
	}
}

// until waits for something that a server does by itself.
func until(t *testing.T, what string, there func() bool) {
	t.Helper()
	for limit := time.Now().Add(60 * time.Second); time.Now().Before(limit); time.Sleep(50 * time.Millisecond) {
		if there() {
			return
		}
	}
	t.Fatalf("%s: not after a minute", what)
}

// TestServerCopies is the other half of the drill: a server copies by itself, by timetable and continuously, to a folder and to S3; either is put back, and
// agrees with its records, keys and all. The minutes of the drill say so.
func TestServerCopies(t *testing.T) {
	for _, engine := range []string{"sqlite", "postgres"} {
		t.Run(engine, func(t *testing.T) {
			dir := t.TempDir()
			at := func(name string) string { return filepath.Join(dir, name) }
			server := objecttest.Start(t)
			t.Setenv("HOCTAP_S3_ENDPOINT", server.URL)
			secret, public := pairOfKeys(t, dir)
			address := "sqlite:" + at("live.db")
			if engine == "postgres" {
				address = storetest.PostgresURL(t)
			}
			live := []string{"--db", address, "--files", at("live/files")}
			must := func(args ...string) {
				t.Helper()
				if err := command(t, args...); err != nil {
					t.Fatalf("%s: %v", strings.Join(args, " "), err)
				}
			}
			must(append(live, "demo", "--families", "40", "--from", "2026", "--to", "2026", "--today", "2026-11-28")...)
			args := append(live, "--lang", "vi")
			flags := []string{"--backup-dir", server.Address("copies"), "--backup-to", public, "--backup-every", "6h", "--backup-prune"}
			if engine == "sqlite" {
				flags = append(flags, "--replicate", at("stream"))
			}
			stop := servingWith(t, args, flags)
			db, err := store.Open(t.Context(), address)
			if err != nil {
				t.Fatal(err)
			}
			var last backup.Result
			until(t, "a copy by timetable", func() bool {
				last, err = backup.LastResult(t.Context(), db)
				return err == nil && last.Copy != "" && !last.Running
			})
			if last.Error != "" || last.Missing != 0 || last.Rows == 0 || last.Place != server.Address("copies") {
				t.Errorf("%+v", last)
			}
			if err := db.Close(); err != nil {
				t.Error(err)
			}
			if engine == "sqlite" {
				until(t, "a continuous copy", func() bool { s, err := filepath.Glob(at("stream/log/*/0*.age")); return err == nil && len(s) > 0 })
			}
			stop()
			from := map[string]string{"copies": server.Address("copies")}
			if engine == "sqlite" {
				from["stream"] = at("stream")
			}
			for name, place := range from {
				back := []string{"--db", "sqlite:" + at(name+".db"), "--files", at(name + "-back/files")}
				minutes := at(name + map[string]string{"copies": ".docx", "stream": ".txt"}[name])
				must(append(back, "restore", place, "--key", secret, "--minutes", minutes, "--by", "người trực")...)
				if name == "copies" {
					z, err := zip.OpenReader(minutes)
					if err != nil {
						t.Fatal(err)
					}
					z.Close()
				} else if text, err := os.ReadFile(minutes); err != nil || !strings.Contains(string(text), "khớp với hồ sơ") || !strings.Contains(string(text), "0 chỗ lệch") ||
					!strings.Contains(string(text), "người trực") {
					t.Errorf("minutes: %s, %v", text, err)
				}
				key, err := os.ReadFile(at("live/keys/index.key"))
				if err != nil {
					t.Fatal(err)
				}
				if again, err := os.ReadFile(at(name + "-back/keys/index.key")); err != nil || string(again) != string(key) {
					t.Errorf("the keys did not come back: %v", err)
				}
				must("backup", "verify", place, "--key", secret)
				must("backup", "list", place)
				must("backup", "prune", place, "--dry-run")
			}
		})
	}
}

func servingWith(t *testing.T, base, flags []string) (stop func()) {
	t.Helper()
	for i := 0; i+1 <= len(flags); i++ { // as systemd gives them: in the environment
		name := "HOCTAP_" + strings.ToUpper(strings.ReplaceAll(strings.TrimPrefix(flags[i], "--"), "-", "_"))
		if flags[i] == "--backup-prune" {
			t.Setenv(name, "true")
			continue
		}
		t.Setenv(name, flags[i+1])
		i++
	}
	return serving(t, base...)
}

func TestCopySettings(t *testing.T) {
	dir := t.TempDir()
	_, public := pairOfKeys(t, dir)
	base := []string{"--db", "sqlite:" + filepath.Join(dir, "x.db"), "--files", filepath.Join(dir, "files"), "serve", "--listen", "127.0.0.1:0"}
	for args, want := range map[string]string{
		"--backup-dir " + dir + "/c":                                               "backup-every: ",
		"--backup-every 6h --backup-to " + public:                                  "backup-dir: ",
		"--backup-every 6h --backup-dir " + dir + "/c":                             "backup-to: ",
		"--backup-every 1s --backup-dir x --backup-to " + public:                   "backup-every: ",
		"--backup-at 25:00 --backup-dir x --backup-to " + public:                   "backup-at: ",
		"--backup-at 12:00 --backup-every 6h --backup-dir x --backup-to " + public: "backup-at: ",
		"--replicate " + dir + "/c":                                                "backup-to: ",
		"--replicate ftp://x --backup-to " + public:                                "dir: ",
		"--db postgres://none/x --replicate " + dir + "/c --backup-to " + public:   "replicate: ",
		"--replicate s3://bucket/x --s3-endpoint host:80 --backup-to " + public:    "s3-endpoint: ",
		"--backup-to " + dir + "/secret --replicate " + dir + "/c":                 "to: ",
	} {
		err := command(t, append(base, strings.Fields(args)...)...)
		if err == nil {
			t.Fatalf("%s: it serves", args)
		}
		if said := inWords(lang.With(t.Context(), lang.Vi), err).Error(); !strings.Contains(said, want) {
			t.Errorf("%s: no %q in %q", args, want, said)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "x.db")); err == nil {
		t.Error("a database was made before the settings were read")
	}
}

func TestWallClock(t *testing.T) {
	for typed, want := range map[string]string{"2026-11-25T18:30": "2026-11-25T11:30:59.999999Z", "2026-11-25 18:30:15": "2026-11-25T11:30:15.999999Z", "2026-11-25T18:30:15.25": "2026-11-25T11:30:15.25Z"} {
		if got, err := wallClock(typed, time.Now()); err != nil || got.UTC().Format(time.RFC3339Nano) != want {
			t.Errorf("%s: %s, %v", typed, got, err)
		}
	}
	for _, typed := range []string{"25/11/2026", "2026-11-25", "x", "2026-13-01T00:00"} {
		if _, err := wallClock(typed, time.Now()); keyOf(err) != "invalid" {
			t.Errorf("%s: %v", typed, err)
		}
	}
}

func TestPlan(t *testing.T) {
	day := func(clock string) time.Time {
		at, err := time.ParseInLocation("2006-01-02 15:04", clock, store.Zone)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	hours, ok := planOf(0, "23:30, 12:00")
	if !ok || hours.Gap() != 12*time.Hour+30*time.Minute {
		t.Errorf("%+v, %s", hours, hours.Gap())
	}
	every, _ := planOf(6*time.Hour, "")
	for _, c := range []struct {
		plan  backup.Plan
		last  backup.Result
		want  time.Time
		named string
	}{
		{hours, backup.Result{}, time.Time{}, "the first, at once"},
		{hours, backup.Result{Began: day("2026-11-25 12:00")}, day("2026-11-25 23:30"), "the next hour"},
		{hours, backup.Result{Began: day("2026-11-25 23:31")}, day("2026-11-26 12:00"), "the next day"},
		{every, backup.Result{Began: day("2026-11-25 23:00")}, day("2026-11-26 05:00"), "six hours later"},
		{every, backup.Result{Began: day("2026-11-25 23:00"), Error: "x"}, day("2026-11-25 23:15"), "soon after a failure"},
	} {
		if got := c.plan.Next(c.last); !got.Equal(c.want) {
			t.Errorf("%s: %s, want %s", c.named, got, c.want)
		}
	}
}
