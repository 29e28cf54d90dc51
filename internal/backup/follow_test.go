// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package backup_test

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"hoctap/internal/backup"
	"hoctap/internal/blob"
	"hoctap/internal/fault"
	"hoctap/internal/keyring"
	"hoctap/internal/object"
	"hoctap/internal/object/objecttest"
	"hoctap/internal/store"
)

// followed is a database with a follower.
type followed struct {
	*vault
	db    *store.DB
	path  string
	o     backup.FollowOptions
	f     *backup.Follower
	stop  context.CancelFunc
	ended chan struct{}
}

func (v *vault) follow(path string, o backup.FollowOptions) *followed {
	v.Helper()
	if o.Every == 0 {
		o.Every = 20 * time.Millisecond
	}
	o.Log = slog.New(slog.NewTextHandler(logTo{v.T}, nil))
	w := &followed{vault: v, path: path, o: o}
	w.start()
	v.Cleanup(w.end)
	return w
}

type logTo struct{ *testing.T }

func (l logTo) Write(b []byte) (int, error) { l.Logf("%s", b); return len(b), nil }

func (w *followed) start() {
	w.Helper()
	var err error
	w.db, err = store.Open(w.Context(), "sqlite:"+w.path, store.KeepLog)
	w.ok(err)
	w.f, err = backup.Follow(w.Folder, w.source(w.db), w.to, w.o)
	w.ok(err)
	var ctx context.Context
	ctx, w.stop = context.WithCancel(context.Background())
	w.ended = make(chan struct{})
	go func() { w.f.Run(ctx); close(w.ended) }()
}

// end stops as a server does: the rest is sent, then the database is closed.
func (w *followed) end() {
	if w.db == nil {
		return
	}
	w.stop()
	<-w.ended
	w.ok(w.db.Close())
	w.db = nil
}

// shipped waits until everything that is on disk now is at the place.
func (w *followed) shipped() {
	w.Helper()
	now := time.Now()
	for limit := now.Add(30 * time.Second); time.Now().Before(limit); time.Sleep(5 * time.Millisecond) {
		if s := w.f.Status(); s.ShippedAt.After(now) && s.Error == "" {
			return
		}
	}
	w.Fatalf("not shipped after 30 seconds: %+v", w.f.Status())
}

func (w *followed) write(key, value string) error {
	return w.db.Write(context.Background(), func(tx *store.Tx) error {
		_, err := tx.Exec(context.Background(), `INSERT INTO setting (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value`, key, value)
		return err
	})
}

// back restores a generation and returns the database, its files and the moment. Its keys must be those that are there now.
func (v *vault) back(l backup.Log, at time.Time) (*store.DB, blob.Store, time.Time) {
	v.Helper()
	dir := v.TempDir()
	files, err := blob.Open(filepath.Join(dir, "files"))
	v.ok(err)
	to := backup.Target{Address: "sqlite:" + filepath.Join(dir, "back.db"), Files: files, Keys: filepath.Join(dir, "keys")}
	moment, _, err := v.RestoreLog(v.Context(), l, at, v.with, to)
	v.ok(err)
	now, err := keyring.Files(v.keys)
	v.ok(err)
	if then, err := keyring.Files(to.Keys); err != nil || !maps.Equal(now, then) {
		v.Errorf("%d keys came back of %d: %v", len(then), len(now), err)
	}
	db, err := store.Open(v.Context(), to.Address)
	v.ok(err)
	v.Cleanup(func() { db.Close() })
	return db, files, moment
}

func (v *vault) newestLog(at time.Time) backup.Log {
	v.Helper()
	l, _, err := v.NewestLog(v.Context(), at)
	v.ok(err)
	return l
}

// equal demands that what the place has is the database as it is. The follower stops meanwhile: what it writes itself, when it folds or begins a generation,
// would come between.
func (w *followed) equal() {
	w.Helper()
	w.shipped()
	w.end()
	db, err := store.Open(w.Context(), "sqlite:"+w.path, store.KeepLog)
	w.ok(err)
	one := w.copy(db, noon)
	w.ok(db.Close())
	back, files, _ := w.back(w.newestLog(time.Now().Add(time.Hour)), time.Now().Add(time.Hour))
	from := w.files
	w.files = files
	two := w.copy(back, noon.Add(time.Minute))
	w.files = from
	w.same(w.load(one.Copy), w.load(two.Copy))
	w.start()
}

// crowd writes from many goroutines until stopped, and keeps when each row was begun and acknowledged.
type crowd struct {
	mu   sync.Mutex
	rows map[string][2]time.Time
	stop atomic.Bool
	all  sync.WaitGroup
}

func (w *followed) crowd(n int) *crowd {
	c := &crowd{rows: map[string][2]time.Time{}}
	filler := strings.Repeat("x", 700)
	for g := range n {
		c.all.Go(func() {
			for i := 0; !c.stop.Load(); i++ {
				key, began := fmt.Sprintf("row-%02d-%06d", g, i), time.Now()
				if err := w.write(key, filler); err != nil {
					w.Error(err)
					return
				}
				acknowledged := time.Now()
				c.mu.Lock()
				c.rows[key] = [2]time.Time{began, acknowledged}
				c.mu.Unlock()
			}
		})
	}
	return c
}

func (c *crowd) end() { c.stop.Store(true); c.all.Wait() }

const selectRows = `SELECT key FROM setting WHERE key LIKE 'row-%'`

// Under 32 writers a database can be put back to any moment: all that was acknowledged a little before is there, nothing of later.
func TestFollowUnderLoad(t *testing.T) {
	for name, place := range map[string]func(v *vault) object.Store{
		"folder": nil,
		"s3":     func(v *vault) object.Store { return objecttest.Start(v.T).Open("server") },
	} {
		t.Run(name, func(t *testing.T) {
			v := newVault(t)
			if place != nil {
				v.Folder = backup.Open(place(v))
			}
			w := v.follow(filepath.Join(t.TempDir(), "live.db"), backup.FollowOptions{})
			w.shipped()
			watched := blob.Watch(v.files, w.f.Note)
			c := w.crowd(32)
			var moments []time.Time
			for i := range 6 {
				time.Sleep(300 * time.Millisecond)
				moments = append(moments, time.Now())
				_, err := watched.Put(t.Context(), strings.NewReader(fmt.Sprint("ảnh ", i)), 100)
				v.ok(err)
			}
			c.end()
			w.equal()
			info, err := os.Stat(w.path)
			v.ok(err)
			if info.Size() < 10<<20 && len(c.rows) > 20000 {
				t.Errorf("%d rows and the log was never folded: %d bytes", len(c.rows), info.Size())
			}
			for _, at := range moments {
				l := v.newestLog(at)
				back, _, moment := v.back(l, at)
				if moment.After(at) || at.Sub(moment) > time.Second {
					t.Errorf("asked for %s, got %s", at, moment)
				}
				keys, err := store.Collect(t.Context(), back.Read(), store.Value[string], selectRows)
				v.ok(err)
				there := map[string]bool{}
				for _, k := range keys {
					there[k] = true
					if row, ok := c.rows[k]; ok && row[0].After(moment) {
						t.Errorf("%s was begun %s after the moment", k, row[0].Sub(moment))
					}
				}
				for k, row := range c.rows {
					if row[1].Before(moment.Add(-time.Second)) && !there[k] {
						t.Fatalf("%s was acknowledged %s before the moment", k, moment.Sub(row[1]))
					}
				}
			}
			if done, wrong, err := v.Verify(t.Context(), v.with); err != nil || len(wrong) > 0 || done.Logs != 1 || done.Segments < 10 {
				t.Errorf("%+v, %v, %v", done, wrong, err)
			}
			t.Logf("%d rows, %+v", len(c.rows), w.f.Status())
		})
	}
}

// A clean stop and a start go on with the same generation; so does a start after another program wrote, or a new one begins; nothing is missing either way.
func TestFollowGoesOn(t *testing.T) {
	v := newVault(t)
	w := v.follow(filepath.Join(t.TempDir(), "live.db"), backup.FollowOptions{})
	w.shipped()
	for round := range 3 {
		for i := range 200 {
			v.ok(w.write(fmt.Sprintf("row-%d-%d", round, i), strings.Repeat("y", 3000)))
		}
		w.end()
		w.start()
	}
	ring, err := keyring.Open(v.keys)
	v.ok(err)
	_, err = ring.Rotate() // a key made since the base comes with what it sealed
	v.ok(err)
	v.ok(w.write("row-sealed", ring.Seal("x", "y", "z")))
	w.equal()
	list, err := v.Logs(t.Context())
	v.ok(err)
	if len(list) != 1 {
		t.Errorf("%d generations for three clean restarts", len(list))
	}
	w.end()
	other, err := store.Open(t.Context(), "sqlite:"+w.path) // hoctap import, say
	v.ok(err)
	w.db = other
	v.ok(w.write("between", "servers"))
	v.ok(other.Close())
	w.start()
	w.equal()
}

// Another program on the same file folds the log whenever it can: either nothing is missed, or the follower notices.
func TestFollowBesideAnother(t *testing.T) {
	v := newVault(t)
	w := v.follow(filepath.Join(t.TempDir(), "live.db"), backup.FollowOptions{})
	w.shipped()
	other, err := sql.Open("sqlite", "file:"+w.path+"?_pragma=busy_timeout(30000)&_pragma=wal_autocheckpoint(1)")
	v.ok(err)
	defer other.Close()
	other.SetMaxOpenConns(1)
	c := w.crowd(4)
	for i := range 300 {
		if _, err := other.Exec(`INSERT INTO setting (key, value) VALUES ($1, $2)`, fmt.Sprintf("other-%d", i), strings.Repeat("z", rand.IntN(5000))); err != nil {
			t.Fatal(err)
		}
		if i%10 == 0 {
			var busy, frames, folded int
			v.ok(other.QueryRow(`PRAGMA wal_checkpoint(PASSIVE)`).Scan(&busy, &frames, &folded))
		}
	}
	c.end()
	w.equal()
}

// A place that is gone, full or slow costs nothing but time: what is written meanwhile is there when it is back.
func TestFollowBadPlace(t *testing.T) {
	for name, most := range map[string]int64{"log kept": 0, "log let go": 2 << 20} {
		t.Run(name, func(t *testing.T) {
			v := newVault(t)
			place, err := object.Open(v.dir, object.Remote{})
			v.ok(err)
			sick := &sickPlace{Store: place}
			v.Folder = backup.Open(sick)
			w := v.follow(filepath.Join(t.TempDir(), "live.db"), backup.FollowOptions{MostLog: most})
			v.ok(w.write("row-before", "x"))
			w.shipped()
			for i, ill := range []error{syscall.ENOSPC, fault.Conflict("object.gone"), context.DeadlineExceeded} {
				sick.ill.Store(&ill)
				for n := range 300 {
					v.ok(w.write(fmt.Sprintf("row-%d-%d", i, n), strings.Repeat("x", 9000)))
				}
				time.Sleep(200 * time.Millisecond)
				s := w.f.Status()
				if s.Error == "" || s.Since.IsZero() {
					t.Errorf("nothing is said of %v: %+v", ill, s)
				}
				if info, err := os.Stat(w.path + "-wal"); err != nil || most > 0 && info.Size() > 8*most {
					t.Errorf("the log has %d bytes", info.Size())
				}
				sick.ill.Store(nil)
				w.equal()
			}
			list, err := v.Logs(t.Context())
			v.ok(err)
			if most == 0 && len(list) != 1 {
				t.Errorf("%d generations", len(list))
			}
			if _, wrong, err := v.Verify(t.Context(), v.with); err != nil || len(wrong) > 0 {
				t.Errorf("%v, %v", wrong, err)
			}
		})
	}
}

// sickPlace fails when it is ill, after half of what it was given.
type sickPlace struct {
	object.Store
	ill atomic.Pointer[error]
}

func (s *sickPlace) Put(ctx context.Context, name string, fill func(io.Writer) error) error {
	return s.Store.Put(ctx, name, func(w io.Writer) error {
		if ill := s.ill.Load(); ill != nil {
			_, _ = w.Write([]byte("half"))
			return *ill
		}
		return fill(w)
	})
}

// An S3 server that answers 503, hangs up or is slow for a while.
func TestFollowBadServer(t *testing.T) {
	v := newVault(t)
	server := objecttest.Start(t)
	v.Folder = backup.Open(server.Open("x"))
	w := v.follow(filepath.Join(t.TempDir(), "live.db"), backup.FollowOptions{})
	w.shipped()
	for i, mood := range []objecttest.Mood{objecttest.Busy, objecttest.HangsUp, objecttest.CutsOff, objecttest.Slow} {
		server.Be(mood, 8-2*i)
		for n := range 50 {
			v.ok(w.write(fmt.Sprintf("row-%d-%d", i, n), strings.Repeat("x", 2000)))
			time.Sleep(5 * time.Millisecond)
		}
		w.shipped()
	}
	w.equal()
}

// Generations follow upon each other without a gap, and can be thrown away.
func TestFollowRenews(t *testing.T) {
	v := newVault(t)
	w := v.follow(filepath.Join(t.TempDir(), "live.db"), backup.FollowOptions{Renew: 250 * time.Millisecond})
	c := w.crowd(4)
	var list []backup.Log
	for limit := time.Now().Add(30 * time.Second); len(list) < 3 && time.Now().Before(limit); time.Sleep(100 * time.Millisecond) {
		var err error
		list, err = v.Logs(t.Context())
		v.ok(err)
	}
	c.end()
	w.equal()
	w.end()
	list, err := v.Logs(t.Context())
	v.ok(err)
	if len(list) < 3 {
		t.Fatalf("%d generations", len(list))
	}
	for _, l := range list {
		v.back(l, l.First)
		v.back(l, l.Last)
	}
	backup.Youngest(t, 0)
	keep := backup.Keep{Moments: 1}
	if done, err := v.Prune(t.Context(), keep, time.Now(), false); err != nil || len(done.Logs) != 0 {
		t.Errorf("young generations: %+v, %v", done, err)
	}
	done, err := v.Prune(t.Context(), keep, time.Now().Add(72*time.Hour), false)
	if err != nil || len(done.Logs) < len(list)-1 {
		t.Errorf("old generations: %+v, %v", done, err)
	}
	left, err := v.Logs(t.Context())
	v.ok(err)
	if len(left) != 1 || left[0].ID != list[len(list)-1].ID {
		t.Errorf("left: %v", left)
	}
	if _, wrong, err := v.Verify(t.Context(), v.with); err != nil || len(wrong) > 0 {
		t.Errorf("%v, %v", wrong, err)
	}
}

// Each object of a generation that is gone or damaged is found, and what is left of it is not taken for the whole.
func TestVerifyLog(t *testing.T) {
	v := newVault(t)
	w := v.follow(filepath.Join(t.TempDir(), "live.db"), backup.FollowOptions{})
	w.shipped()
	for i := range 5 {
		v.ok(w.write(fmt.Sprint("row-", i), strings.Repeat("x", 5000)))
		w.shipped()
	}
	w.end()
	var parts []string
	v.ok(filepath.WalkDir(v.dir, func(path string, d os.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(path, ".age") {
			parts = append(parts, path)
		}
		return err
	}))
	l := v.newestLog(time.Now())
	last := fmt.Sprintf("%010d-%016d.age", l.Segments, l.Last.UnixMicro())
	for _, path := range parts {
		for name, harm := range map[string]func(string) error{"gone": os.Remove, "cut off": half, "a bit": flip, "exchanged": func(p string) error { return exchange(p, parts) }} {
			if filepath.Base(path) == last && name == "gone" {
				continue // without its last segment a generation ends sooner, and is whole
			}
			kept, err := os.ReadFile(path)
			v.ok(err)
			v.ok(harm(path))
			if strings.Contains(path, "base.age") && name == "gone" {
				_, _, err := v.RestoreLog(t.Context(), l, time.Now(), v.with, backup.Target{Address: "sqlite:" + filepath.Join(t.TempDir(), "x.db"), Files: v.files, Keys: t.TempDir()})
				if err == nil {
					t.Error("restored without a base")
				}
			} else if _, wrong, err := v.Verify(t.Context(), v.with); err == nil && len(wrong) == 0 {
				t.Errorf("%s %s: not found", path, name)
			}
			v.ok(os.WriteFile(path, kept, 0o600))
		}
	}
	if _, wrong, err := v.Verify(t.Context(), v.with); err != nil || len(wrong) > 0 {
		t.Fatalf("%v, %v", wrong, err)
	}
	dir := t.TempDir()
	v.ok(os.WriteFile(filepath.Join(dir, "there.db"), nil, 0o600))
	for name, to := range map[string]backup.Target{
		"backup.db_exists":  {Address: "sqlite:" + filepath.Join(dir, "there.db"), Keys: filepath.Join(dir, "none")},
		"backup.log_sqlite": {Address: "postgres://x/y", Keys: filepath.Join(dir, "none")},
		"keyring.not_empty": {Address: "sqlite:" + filepath.Join(dir, "new.db"), Keys: v.keys},
		"not_found.backup":  {Address: "sqlite:" + filepath.Join(dir, "early.db"), Keys: filepath.Join(dir, "none")},
	} {
		at := time.Now()
		if name == "not_found.backup" {
			at = noon.Add(-1e6 * time.Hour)
		}
		_, _, err := v.RestoreLog(t.Context(), l, at, v.with, to)
		if f, ok := fault.As(err); !ok || f.Key != name {
			t.Errorf("want %s: %v", name, err)
		}
	}
}
