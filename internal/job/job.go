// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Package job is the queue of work that outlives a request: it is rows in the same database, so a job exists exactly when the
// change that asked for it does. Workers claim a job for a while (a lease); one that dies leaves it to the next. A job may
// therefore run twice, and its handler must bear that. The package knows no domain.
package job

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"hoctap/internal/fault"
	"hoctap/internal/store"
)

// State is where a job is.
type State string

// The states of a job.
const (
	Waiting State = "waiting"
	Running State = "running"
	Done    State = "done"
	Failed  State = "failed" // gave up after the last attempt
)

// Job is one piece of work.
type Job struct {
	ID        string
	Kind      string
	UniqueKey string
	Payload   json.RawMessage
	State     State
	Attempts  int
	Done, All int64 // steps, for a progress bar; All is 0 until known
	Error     string
	ByID      string
	CreatedAt time.Time
	EndedAt   time.Time

	queue *Queue
}

// Handler does a job. It reports progress by j.Step and must stop when ctx ends; the job is then given back.
type Handler func(ctx context.Context, j *Job) error

// Limits of a job: how long a worker holds it without a sign of life, and how often it is tried.
const (
	lease       = time.Minute
	maxAttempts = 5
	pause       = time.Second // between looks at an empty queue
)

// Queue holds the handlers and runs the workers.
type Queue struct {
	db       *store.DB
	now      func() time.Time
	log      *slog.Logger
	handlers map[string]Handler
	soon     lane // what somebody waits for
	later    lane // what can take its time
}

// lane is the work of one worker.
type lane struct {
	kinds []string
	wake  chan struct{}
	rests bool // as long as each job took, so that it never takes more than half a core from those who wait
}

// New returns a queue on db without handlers.
func New(db *store.DB, now func() time.Time, log *slog.Logger) *Queue {
	return &Queue{db: db, now: now, log: log, handlers: map[string]Handler{}, soon: lane{wake: make(chan struct{}, 1)},
		later: lane{wake: make(chan struct{}, 1), rests: true}}
}

// Handle names the handler of a kind that somebody waits for; before Start.
func (q *Queue) Handle(kind string, h Handler) {
	q.handlers[kind] = h
	q.soon.kinds = append(q.soon.kinds, kind)
}

// HandleLater names the handler of a kind that comes in crowds and may take its time; before Start.
func (q *Queue) HandleLater(kind string, h Handler) {
	q.handlers[kind] = h
	q.later.kinds = append(q.later.kinds, kind)
}

const (
	insertJob = `INSERT INTO job (id, kind, unique_key, payload, state, run_at, by_id, created_at) VALUES ($1, $2, $3, $4, 'waiting', $5, $6, $7)`
	selectDup = `SELECT id FROM job WHERE kind = $1 AND unique_key = $2 AND state = 'waiting'`
)

// Add asks for a job inside tx. While one of the same kind and unique key is waiting, no second is added and the id of the first
// is returned; an empty key is never the same.
func (q *Queue) Add(ctx context.Context, tx *store.Tx, kind, uniqueKey string, payload any, byID string) (id string, err error) {
	defer fault.Wrap(&err, "job.Add(%s)", kind)
	if uniqueKey != "" {
		if id, found, err := store.One(ctx, tx, store.Value[string], selectDup, kind, uniqueKey); err != nil || found {
			return id, err
		}
	}
	body, err := json.Marshal(payload)
	if err != nil {
		return "", err
	}
	id = store.NewID()
	at := store.Micros(q.now())
	if _, err := tx.Exec(ctx, insertJob, id, kind, uniqueKey, string(body), at, byID, at); err != nil {
		return "", err
	}
	tx.After(q.poke)
	return id, nil
}

func (q *Queue) poke() {
	for _, l := range q.lanes() {
		select {
		case l.wake <- struct{}{}:
		default:
		}
	}
}

func (q *Queue) lanes() []*lane { return []*lane{&q.soon, &q.later} }

const columns = `id, kind, unique_key, payload, state, attempts, done_steps, all_steps, error, by_id, created_at, ended_at`

func (q *Queue) scan(s store.Scanner) (j Job, err error) {
	var payload string
	var created, ended int64
	err = s.Scan(&j.ID, &j.Kind, &j.UniqueKey, &payload, &j.State, &j.Attempts, &j.Done, &j.All, &j.Error, &j.ByID, &created, &ended)
	j.Payload, j.CreatedAt, j.EndedAt, j.queue = json.RawMessage(payload), store.Time(created), store.Time(ended), q
	return j, err
}

// Get returns a job, for its progress; the caller decides who may see it.
func (q *Queue) Get(ctx context.Context, id string) (j Job, err error) {
	defer fault.Wrap(&err, "job.Get(%s)", id)
	j, found, err := store.One(ctx, q.db.Read(), q.scan, `SELECT `+columns+` FROM job WHERE id = $1`, id)
	if err == nil && !found {
		err = fault.NotFound("job", id)
	}
	return j, err
}

const selectActive = `SELECT ` + columns + ` FROM job WHERE id = $1 AND state IN ('waiting', 'running')`

// Active returns a job that is not over yet; found is false for one that is, and for an id that names none.
func (q *Queue) Active(ctx context.Context, tx *store.Tx, id string) (j Job, found bool, err error) {
	defer fault.Wrap(&err, "job.Active(%s)", id)
	return store.One(ctx, tx, q.scan, selectActive, id)
}

// Start runs one worker for each lane until ctx ends; the returned channel is closed when their last jobs have been put down. Two are
// enough here: jobs are many small transactions, and the database has one writer.
func (q *Queue) Start(ctx context.Context) <-chan struct{} {
	ended := make(chan struct{})
	var workers sync.WaitGroup
	for _, l := range q.lanes() {
		workers.Go(func() { q.work(ctx, l) })
	}
	go func() {
		workers.Wait()
		close(ended)
	}()
	return ended
}

func (q *Queue) work(ctx context.Context, l *lane) {
	for ctx.Err() == nil {
		began := time.Now()
		worked, err := q.once(ctx, l)
		if err != nil && ctx.Err() == nil {
			q.log.Error("job queue", "error", err)
		}
		idle, wake := time.Duration(0), l.wake
		switch {
		case !worked:
			idle = pause
		case l.rests:
			idle, wake = time.Since(began), nil
		}
		select {
		case <-ctx.Done():
		case <-wake:
		case <-time.After(idle):
		}
	}
}

// Drain does every job that is due and returns; for tests and commands.
func (q *Queue) Drain(ctx context.Context) error {
	for more := true; more; {
		more = false
		for _, l := range q.lanes() {
			worked, err := q.once(ctx, l)
			if err != nil {
				return err
			}
			more = more || worked
		}
	}
	return nil
}

const (
	selectDue  = `SELECT ` + columns + ` FROM job WHERE kind = $1 AND state = 'waiting' AND run_at <= $2 ORDER BY run_at, id LIMIT 1`
	selectDead = `SELECT ` + columns + ` FROM job WHERE kind = $1 AND state = 'running' AND run_at <= $2 AND lease_until < $2 ORDER BY run_at, id LIMIT 1`
	claimJob   = `UPDATE job SET state = 'running', lease_until = $1, attempts = attempts + 1
		WHERE id = $2 AND attempts = $3 AND state IN ('waiting', 'running')`
	endJob = `UPDATE job SET state = $1, error = $2, run_at = $3, lease_until = 0, ended_at = $4 WHERE id = $5 AND attempts = $6`
	stepUp = `UPDATE job SET done_steps = $1, all_steps = $2, lease_until = $3 WHERE id = $4 AND attempts = $5`
)

// due returns a job of the lane that may be done: what a dead worker left comes first.
func (q *Queue) due(ctx context.Context, l *lane) (j Job, found bool, err error) {
	now := store.Micros(q.now())
	for _, query := range []string{selectDead, selectDue} {
		for _, kind := range l.kinds {
			if j, found, err = store.One(ctx, q.db.Read(), q.scan, query, kind, now); err != nil || found {
				return j, found, err
			}
		}
	}
	return j, false, nil
}

// once claims one due job and does it; worked is false when there was none.
func (q *Queue) once(ctx context.Context, l *lane) (worked bool, err error) {
	j, found, err := q.due(ctx, l)
	if err != nil || !found {
		return false, err
	}
	var claimed int64
	err = q.db.Write(ctx, func(tx *store.Tx) (err error) {
		claimed, err = tx.Exec(ctx, claimJob, store.Micros(q.now().Add(lease)), j.ID, j.Attempts)
		return err
	})
	if err != nil || claimed == 0 {
		return claimed == 0, err // another server was quicker
	}
	j.Attempts++
	return true, q.finish(ctx, &j, q.do(ctx, &j))
}

// do runs the handler; a panic is its error.
func (q *Queue) do(ctx context.Context, j *Job) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return q.handlers[j.Kind](ctx, j)
}

// finish records how the attempt ended: done, given back because the server stops, to be tried again later, or given up.
func (q *Queue) finish(ctx context.Context, j *Job, err error) error {
	stopped := ctx.Err() != nil
	ctx = context.WithoutCancel(ctx)
	state, text, runAt, ended := Done, "", q.now(), q.now()
	if err != nil {
		state, text, ended = Waiting, err.Error(), time.Time{}
		switch {
		case stopped:
		case j.Attempts >= maxAttempts:
			state, ended = Failed, q.now()
			q.log.Error("job given up", "kind", j.Kind, "id", j.ID, "error", err)
		default:
			runAt = runAt.Add(time.Duration(j.Attempts*j.Attempts) * 5 * time.Second)
			q.log.Warn("job will be tried again", "kind", j.Kind, "id", j.ID, "error", err)
		}
	}
	return q.db.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(ctx, endJob, string(state), text, store.Micros(runAt), store.Micros(ended), j.ID, j.Attempts)
		return err
	})
}

// Step tells how far the job is and renews the lease.
func (j *Job) Step(ctx context.Context, done, all int64) error {
	j.Done, j.All = done, all
	return j.queue.db.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(ctx, stepUp, done, all, store.Micros(j.queue.now().Add(lease)), j.ID, j.Attempts)
		return err
	})
}
