// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package backup_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"hoctap/internal/backup"
	"hoctap/internal/blob"
	"hoctap/internal/store"
)

const victimVariable = "HOCTAP_TEST_VICTIM"

// TestVictim is no test: it is the server that TestFollowKilled kills. It writes with many hands and says aloud what was acknowledged, and when.
func TestVictim(t *testing.T) {
	dir := os.Getenv(victimVariable)
	if dir == "" {
		return // run by hand of TestFollowKilled only
	}
	v := &vault{T: t, dir: filepath.Join(dir, "copies"), keys: filepath.Join(dir, "keys")}
	public, err := os.ReadFile(filepath.Join(dir, "public"))
	v.ok(err)
	v.to, err = backup.Recipients(bytes.NewReader(public))
	v.ok(err)
	v.files, err = blob.Open(filepath.Join(dir, "files"))
	v.ok(err)
	v.Folder = folderAt(t, v.dir)
	w := v.follow(filepath.Join(dir, "live.db"), backup.FollowOptions{Every: 50 * time.Millisecond})
	watched := blob.Watch(v.files, w.f.Note)
	var mu sync.Mutex
	round := time.Now().UnixNano()
	for g := range 32 {
		go func() {
			for i := 0; ; i++ {
				key := fmt.Sprintf("row-%d-%02d-%06d", round, g, i)
				if i%200 == 0 { // a file first, then the row that names it
					ref, err := watched.Put(context.Background(), strings.NewReader(key), 1000)
					v.ok(err)
					key = "row-" + ref.SHA256
				}
				v.ok(w.write(key, strings.Repeat("x", 500)))
				mu.Lock()
				fmt.Printf("ack %s %d %v\n", key, time.Now().UnixNano(), !w.f.Status().ShippedAt.IsZero())
				mu.Unlock()
			}
		}()
	}
	select {}
}

// A server killed at any moment under 32 writers: what was acknowledged a second before is at the place, with its files; the next server goes on, and in the end nothing that was ever acknowledged is missing.
func TestFollowKilled(t *testing.T) {
	dir := t.TempDir()
	v := newVault(t)
	secret, public, err := backup.NewKey()
	v.ok(err)
	v.with, err = backup.Identities(strings.NewReader(secret))
	v.ok(err)
	v.to, err = backup.Recipients(strings.NewReader(public))
	v.ok(err)
	v.ok(os.WriteFile(filepath.Join(dir, "public"), []byte(public), 0o600))
	v.ok(os.CopyFS(filepath.Join(dir, "keys"), os.DirFS(v.keys)))
	v.keys = filepath.Join(dir, "keys")
	v.dir = filepath.Join(dir, "copies")
	v.Folder = folderAt(t, v.dir)
	acknowledged := map[string]bool{}
	for round := range 4 {
		killed, rows := kill(t, dir, time.Duration(1100+rand.IntN(900))*time.Millisecond)
		back, files, moment := v.back(v.newestLog(time.Now()), time.Now())
		there := map[string]bool{}
		keys, err := store.Collect(t.Context(), back.Read(), store.Value[string], selectRows)
		v.ok(err)
		for _, k := range keys {
			there[k] = true
			if sha := strings.TrimPrefix(k, "row-"); len(sha) == 64 {
				if _, err := files.Stat(t.Context(), sha); err != nil {
					t.Errorf("round %d: a row names a file that is not there: %v", round, err)
				}
			}
		}
		for k := range acknowledged {
			if !there[k] {
				t.Fatalf("round %d: %s of a round before is missing", round, k)
			}
		}
		for k, at := range rows {
			if at.Before(killed.Add(-time.Second)) && !there[k] {
				t.Fatalf("round %d: %s was acknowledged %s before the kill and is not there; shipped until %s before it", round, k, killed.Sub(at), killed.Sub(moment))
			}
			acknowledged[k] = true
		}
		t.Logf("round %d: %d rows, shipped until %s before the kill", round, len(rows), killed.Sub(moment).Round(time.Millisecond))
		v.ok(back.Close())
	}
	list, err := v.Logs(t.Context())
	v.ok(err)
	if len(list) > 3 { // a kill just when the log begins anew costs a new base, no data: without proof nothing goes on
		t.Errorf("%d generations for 4 kills", len(list))
	}
	v.files, err = blob.Open(filepath.Join(dir, "files"))
	v.ok(err)
	w := v.follow(filepath.Join(dir, "live.db"), backup.FollowOptions{})
	w.equal()
	keys, err := store.Collect(t.Context(), w.db.Read(), store.Value[string], selectRows)
	v.ok(err)
	for _, k := range keys {
		delete(acknowledged, k)
	}
	if len(acknowledged) > 0 {
		t.Errorf("%d acknowledged rows are gone", len(acknowledged))
	}
}

// kill runs the victim, and kills it so long after its first generation stands. It returns when, and what was acknowledged.
func kill(t *testing.T, dir string, after time.Duration) (killed time.Time, rows map[string]time.Time) {
	t.Helper()
	c := exec.Command(os.Args[0], "-test.run=^TestVictim$", "-test.count=1")
	c.Env = append(os.Environ(), victimVariable+"="+dir)
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	rows = map[string]time.Time{}
	stands := make(chan struct{})
	ready := sync.OnceFunc(func() { close(stands) })
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		r := bufio.NewReader(out)
		for {
			line, err := r.ReadString('\n')
			if err == io.EOF || err != nil {
				return
			}
			f := strings.Fields(line)
			if len(f) != 4 || f[0] != "ack" {
				continue
			}
			at, err := strconv.ParseInt(f[2], 10, 64)
			if err != nil {
				continue
			}
			rows[f[1]] = time.Unix(0, at)
			if f[3] == "true" {
				ready()
			}
		}
	}()
	select {
	case <-stands:
	case <-time.After(30 * time.Second):
		t.Error("the follower never shipped anything")
	}
	time.Sleep(after)
	killed = time.Now()
	_ = c.Process.Kill()
	<-ended
	_ = c.Wait()
	return killed, rows
}
