// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package web

import (
	"context"
	"net/http"
	"strings"
	"time"

	"hoctap/internal/fault"
	"hoctap/internal/store"
	"hoctap/internal/web/site"
)

// patience is how long a part may take to answer before the program counts as not ready.
const patience = 2 * time.Second

// Alive answers 204 while the process lives.
func Alive() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
}

// Ready answers 204 while the program can do its work, and 503 with the name of the part that does not answer: for a load balancer, which is told no more.
// /healthz says only that the process lives: one whose database is gone must not be started again and again.
func Ready(s *site.Site) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if s.Stopping.Load() {
			http.Error(w, "stopping", http.StatusServiceUnavailable)
			return
		}
		ctx, cancel := context.WithTimeout(r.Context(), patience)
		defer cancel()
		for _, part := range []struct {
			name string
			ask  func(context.Context) error
		}{
			{"database", func(ctx context.Context) error {
				_, _, err := store.One(ctx, s.DB.Read(), store.Value[int], `SELECT 1`)
				return err
			}},
			{"files", func(ctx context.Context) error {
				_, err := s.Blobs.Stat(ctx, strings.Repeat("0", 64))
				if fault.KindOf(err) == fault.KindNotFound {
					return nil
				}
				return err
			}},
		} {
			answered := make(chan error, 1)
			go func() { answered <- part.ask(ctx) }() // a reader of SQLite does not look at the clock
			var err error
			select {
			case err = <-answered:
			case <-ctx.Done():
				err = ctx.Err()
			}
			if err != nil {
				s.Log.Error("not ready", "part", part.name, "error", err)
				http.Error(w, part.name, http.StatusServiceUnavailable)
				return
			}
		}
		w.WriteHeader(http.StatusNoContent)
	}
}
