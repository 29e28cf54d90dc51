// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package store

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"
)

// SlowAfter is how long reading the answer of one query, or one write with its flush, may take before it is remembered.
const SlowAfter = 200 * time.Millisecond

// maxSlow bounds how many different texts are remembered; the texts are constants of the program, so there are not many.
const maxSlow = 200

// watch counts what the database does, for whoever runs the server. It keeps texts of queries and never their values.
type watch struct {
	writes, failed, groups atomic.Int64
	waiting                atomic.Int64 // writes that have begun and are not on disk yet
	nanos                  atomic.Int64 // of all writes together, from asking to being on disk

	mu   sync.Mutex
	slow map[string]*Slow
}

// Slow is one text of a query that took longer than SlowAfter, since the start of this process.
type Slow struct {
	Query string // without values, in one line
	Times int64
	Worst time.Duration
	Last  time.Time
}

// Use is what the database has done since the start of this process.
type Use struct {
	Writes  int64         // that are on disk
	Failed  int64         // that were refused or broke off; nothing of them stays
	Groups  int64         // commits that the writes shared; SQLite only
	Waiting int64         // under way
	Took    time.Duration // of all writes together, waiting included
	Pool    sql.DBStats   // connections: readers on SQLite, all on PostgreSQL
}

// Use says what the database has done.
func (db *DB) Use() Use {
	w := &db.watch
	return Use{Writes: w.writes.Load(), Failed: w.failed.Load(), Groups: w.groups.Load(), Waiting: w.waiting.Load(),
		Took: time.Duration(w.nanos.Load()), Pool: db.pool.Stats()}
}

// Slow lists the slow queries, the worst first.
func (db *DB) Slow() []Slow {
	w := &db.watch
	w.mu.Lock()
	defer w.mu.Unlock()
	list := make([]Slow, 0, len(w.slow))
	for _, s := range w.slow {
		list = append(list, *s)
	}
	slices.SortFunc(list, func(a, b Slow) int { return cmp.Or(cmp.Compare(b.Worst, a.Worst), cmp.Compare(a.Query, b.Query)) })
	return list
}

// took remembers a query that was slow.
func (w *watch) took(query string, d time.Duration) {
	if w == nil || d < SlowAfter {
		return
	}
	query = strings.Join(strings.Fields(query), " ")
	w.mu.Lock()
	defer w.mu.Unlock()
	s, known := w.slow[query]
	if !known {
		if len(w.slow) >= maxSlow {
			return
		}
		if w.slow == nil {
			w.slow = map[string]*Slow{}
		}
		s = &Slow{Query: query}
		w.slow[query] = s
	}
	s.Times, s.Worst, s.Last = s.Times+1, max(s.Worst, d), time.Now()
}

// tracer makes spans when the program was told where to send them, and nothing otherwise.
var tracer = otel.Tracer("hoctap/store")

// reading watches one query until the function it returns is called. Only a request that is traced gets a span of its own.
func (tx *Tx) reading(ctx context.Context, query string) (context.Context, func(*error)) {
	began := time.Now()
	if !trace.SpanFromContext(ctx).IsRecording() {
		return ctx, func(err *error) {
			tx.watch.took(query, time.Since(began))
			*err = outage(*err)
		}
	}
	ctx, span := tracer.Start(ctx, "query", trace.WithSpanKind(trace.SpanKindClient),
		trace.WithAttributes(attribute.String("db.query.text", strings.Join(strings.Fields(query), " "))))
	return ctx, func(err *error) {
		tx.watch.took(query, time.Since(began))
		*err = outage(*err)
		ended(span, *err)
	}
}

// writing watches one write in the same way.
func (db *DB) writing(ctx context.Context) (context.Context, func(*error)) {
	began, w := time.Now(), &db.watch
	w.waiting.Add(1)
	ctx, span := tracer.Start(ctx, "write", trace.WithSpanKind(trace.SpanKindClient))
	return ctx, func(err *error) {
		d := time.Since(began)
		w.waiting.Add(-1)
		w.nanos.Add(int64(d))
		*err = outage(*err)
		if *err != nil {
			w.failed.Add(1)
		} else {
			w.writes.Add(1)
		}
		ended(span, *err)
	}
}

func ended(span trace.Span, err error) {
	if err != nil {
		span.SetStatus(codes.Error, "") // an error's text may name a person
	}
	span.End()
}
