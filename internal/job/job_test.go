// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package job_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"hoctap/internal/job"
	"hoctap/internal/store"
	"hoctap/internal/store/storetest"
)

func TestJobs(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		at := time.Date(2026, 11, 18, 8, 0, 0, 0, store.Zone)
		q := job.New(db, func() time.Time { return at }, slog.New(slog.DiscardHandler))
		runs, fail := 0, 2
		q.Handle("work", func(ctx context.Context, j *job.Job) error {
			runs++
			if err := j.Step(ctx, 1, 3); err != nil {
				return err
			}
			if runs <= fail {
				return errors.New("not yet")
			}
			return nil
		})
		add := func(key string) (id string) {
			t.Helper()
			if err := db.Write(ctx, func(tx *store.Tx) (err error) {
				id, err = q.Add(ctx, tx, "work", key, map[string]int{"n": 1}, "me")
				return err
			}); err != nil {
				t.Fatal(err)
			}
			return id
		}
		id := add("a")
		if add("a") != id || add("") == id {
			t.Fatal("a waiting job of the same key is the same job; one without a key never is")
		}
		if err := q.Drain(ctx); err != nil {
			t.Fatal(err)
		}
		if j, _ := q.Get(ctx, id); j.State != job.Waiting || j.Error != "not yet" || j.Done != 1 || j.All != 3 || runs != 2 {
			t.Fatalf("after the first failure: %+v, %d runs", j, runs)
		}
		at = at.Add(time.Hour)
		if err := q.Drain(ctx); err != nil {
			t.Fatal(err)
		}
		if j, _ := q.Get(ctx, id); j.State != job.Done || runs != 4 {
			t.Fatalf("after the pause: %+v, %d runs", j, runs)
		}
	})
}

// A job whose worker died is taken up again when its lease has run out, and given up after the last attempt.
func TestLeaseAndGivingUp(t *testing.T) {
	ctx := context.Background()
	db := storetest.SQLite(t)
	at := time.Date(2026, 11, 18, 8, 0, 0, 0, store.Zone)
	q := job.New(db, func() time.Time { return at }, slog.New(slog.DiscardHandler))
	runs := 0
	q.Handle("work", func(context.Context, *job.Job) error { runs++; panic("always") })
	var id string
	if err := db.Write(ctx, func(tx *store.Tx) (err error) {
		if id, err = q.Add(ctx, tx, "work", "", nil, ""); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `UPDATE job SET state = 'running', lease_until = $1 WHERE id = $2`, store.Micros(at.Add(30*time.Second)), id)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if err := q.Drain(ctx); err != nil || runs != 0 {
		t.Fatalf("it is still another worker's: %d runs, %v", runs, err)
	}
	for range 10 {
		at = at.Add(10 * time.Minute)
		if err := q.Drain(ctx); err != nil {
			t.Fatal(err)
		}
	}
	if j, _ := q.Get(ctx, id); j.State != job.Failed || runs != 5 {
		t.Fatalf("%+v after %d runs", j, runs)
	}
}

// What somebody waits for is done while a crowd of other work is still waiting, and that work rests between two jobs.
func TestSoonerThanTheCrowd(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx, stop := context.WithCancel(context.Background())
		defer stop()
		q := job.New(db, time.Now, slog.New(slog.DiscardHandler))
		soon, slow := make(chan struct{}), make(chan struct{})
		q.HandleLater("picture", func(ctx context.Context, _ *job.Job) error {
			select {
			case <-slow:
			case <-ctx.Done():
			}
			return nil
		})
		q.Handle("import", func(context.Context, *job.Job) error { close(soon); return nil })
		if err := db.Write(ctx, func(tx *store.Tx) error {
			for range 20 {
				if _, err := q.Add(ctx, tx, "picture", "", nil, ""); err != nil {
					return err
				}
			}
			_, err := q.Add(ctx, tx, "import", "", nil, "")
			return err
		}); err != nil {
			t.Fatal(err)
		}
		ended := q.Start(ctx)
		select {
		case <-soon: // and no picture is finished
		case <-time.After(time.Minute):
			t.Error("the import waits behind the pictures")
		}
		close(slow)
		for done := 0; done < 20; {
			var err error
			if done, _, err = store.One(ctx, db.Read(), store.Value[int], `SELECT count(*) FROM job WHERE kind = 'picture' AND state = 'done'`); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Millisecond)
		}
		stop()
		<-ended
	})
}
