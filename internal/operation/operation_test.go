// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package operation_test

import (
	"context"
	"errors"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/job"
	"hoctap/internal/operation"
	"hoctap/internal/store"
	"hoctap/internal/store/storetest"
)

var (
	admin   = identity.Actor{ID: "a1", Grants: []identity.Grant{{Role: identity.Admin, PlaceID: "vn"}}}
	officer = identity.Actor{ID: "o1", Grants: []identity.Grant{{Role: identity.ProvinceOfficer, PlaceID: "vn"}}}
)

func TestServerOfAnAdministrator(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		jobs := job.New(db, time.Now, slog.New(slog.DiscardHandler))
		broken := true
		jobs.Handle("work", func(context.Context, *job.Job) error {
			if broken {
				panic("Nguyễn Văn Bí Mật") // what a job says may name a person: for the administrator's page, not for the figures
			}
			return nil
		})
		s := operation.New(db, jobs, time.Now, operation.Folder{Name: "files", Path: t.TempDir()}, operation.Folder{Name: "keys", Path: "/nowhere/at/all"})
		var id string
		write := func(fn func(tx *store.Tx) error) {
			t.Helper()
			if err := db.Write(ctx, fn); err != nil {
				t.Fatal(err)
			}
		}
		write(func(tx *store.Tx) (err error) {
			id, err = jobs.Add(ctx, tx, "work", "", map[string]int{}, "o1")
			return err
		})
		write(func(tx *store.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE job SET attempts = 4 WHERE id = $1`, id)
			return err
		})
		if err := jobs.Drain(ctx); err != nil {
			t.Fatal(err)
		}
		if _, err := s.State(ctx, officer); fault.KindOf(err) != fault.KindDenied {
			t.Errorf("an officer sees the server: %v", err)
		}
		if err := s.Retry(ctx, officer, id); fault.KindOf(err) != fault.KindDenied {
			t.Errorf("an officer starts jobs: %v", err)
		}
		st, err := s.State(ctx, admin)
		if err != nil {
			t.Fatal(err)
		}
		if len(st.Failed) != 1 || st.Failed[0].ID != id || len(st.Queue) != 1 || st.Queue[0].Failed != 1 {
			t.Errorf("queue %+v, failed %+v", st.Queue, st.Failed)
		}
		if d := st.Disks; d[0].Err != nil || d[0].Size == 0 || d[1].Err == nil {
			t.Errorf("disks %+v", d)
		}
		if st.Schema < 22 || st.Engine != db.Engine || st.Use.Writes < 3 {
			t.Errorf("schema %d on %s, %+v", st.Schema, st.Engine, st.Use)
		}
		broken = false
		if err := s.Retry(ctx, admin, id); err != nil {
			t.Fatal(err)
		}
		if err := jobs.Drain(ctx); err != nil {
			t.Fatal(err)
		}
		if j, err := jobs.Get(ctx, id); err != nil || j.State != job.Done {
			t.Errorf("after trying again: %+v, %v", j, err)
		}
		if err := s.Retry(ctx, admin, id); fault.KindOf(err) != fault.KindNotFound {
			t.Errorf("a job that is done was started again: %v", err)
		}
		n, _, err := store.One(ctx, db.Read(), store.Value[int], `SELECT count(*) FROM journal WHERE thing_id = $1 AND act = 'retry'`, id)
		if err != nil || n != 1 {
			t.Errorf("%d entries in the journal, %v", n, err)
		}
	})
}

func TestSlowQueriesAndFigures(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		jobs := job.New(db, time.Now, slog.New(slog.DiscardHandler))
		s := operation.New(db, jobs, time.Now)
		// Slow by its reader, as one that sorts a million rows would be.
		const query = `SELECT key FROM setting WHERE key <> $1`
		for range 2 {
			err := store.Each(ctx, db.Read(), func(store.Scanner) error { return nil }, query, "mật khẩu")
			if err != nil {
				t.Fatal(err)
			}
		}
		if len(db.Slow()) != 0 {
			t.Errorf("quick queries are called slow: %+v", db.Slow())
		}
		slow := func() error {
			return store.Each(ctx, db.Read(), func(store.Scanner) error { time.Sleep(store.SlowAfter + 10*time.Millisecond); return nil },
				`SELECT $1 AS "one row"`, "mật khẩu")
		}
		if err := errors.Join(slow(), slow()); err != nil {
			t.Fatal(err)
		}
		list := db.Slow()
		if len(list) != 1 || list[0].Times != 2 || list[0].Query != `SELECT $1 AS "one row"` || list[0].Worst < store.SlowAfter {
			t.Errorf("slow queries %+v", list)
		}
		s.Metrics.Begin()
		s.Metrics.Begin()
		s.Metrics.End("GET /ho-so/{place}/{id}", 200, 1234, 30*time.Millisecond)
		w := httptest.NewRecorder()
		s.Metrics.Handler().ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
		for _, want := range []string{
			`hoctap_http_requests_total{route="GET /ho-so/{place}/{id}",status="200"} 1`, `hoctap_http_requests_in_flight 1`,
			`hoctap_http_response_bytes_total 1234`, `hoctap_http_request_duration_seconds_bucket{route="GET /ho-so/{place}/{id}",le="0.05"} 1`,
			`hoctap_db_slow_queries_total 2`, `hoctap_build_info{engine="` + string(db.Engine) + `"`,
		} {
			if !strings.Contains(w.Body.String(), want) {
				t.Errorf("no %s in\n%s", want, w.Body)
			}
		}
		if strings.Contains(w.Body.String(), "mật khẩu") {
			t.Error("a value of a query stands in the figures")
		}
	})
}
