// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package job

import (
	"context"
	"time"

	"hoctap/internal/fault"
	"hoctap/internal/store"
)

// Count is how much of one kind waits, runs and was given up.
type Count struct {
	Kind                     string
	Waiting, Running, Failed int64
	Oldest                   time.Duration // since when the oldest of those that are due waits; 0 for none
}

// selectCounts reads only what is not done, by the index of states.
const selectCounts = `SELECT kind, state, count(*), min(run_at) FROM job WHERE state IN ('waiting', 'running', 'failed') GROUP BY kind, state ORDER BY kind, state`

// Counts says what the queue holds, by kind; kinds with nothing are left out.
func (q *Queue) Counts(ctx context.Context) (list []Count, err error) {
	defer fault.Wrap(&err, "job.Counts")
	now := q.now()
	err = store.Each(ctx, q.db.Read(), func(s store.Scanner) error {
		var kind string
		var state State
		var n, first int64
		if err := s.Scan(&kind, &state, &n, &first); err != nil {
			return err
		}
		if len(list) == 0 || list[len(list)-1].Kind != kind {
			list = append(list, Count{Kind: kind})
		}
		c := &list[len(list)-1]
		switch state {
		case Waiting:
			c.Waiting = n
			c.Oldest = max(0, now.Sub(store.Time(first)))
		case Running:
			c.Running = n
		case Failed:
			c.Failed = n
		}
		return nil
	}, selectCounts)
	return list, err
}

const selectFailed = `SELECT ` + columns + ` FROM job WHERE state = 'failed' ORDER BY ended_at DESC, id DESC LIMIT $1`

// Failed lists the jobs that were given up, the newest first.
func (q *Queue) Failed(ctx context.Context, limit int) (list []Job, err error) {
	defer fault.Wrap(&err, "job.Failed")
	return store.Collect(ctx, q.db.Read(), q.scan, selectFailed, limit)
}

const retryJob = `UPDATE job SET state = 'waiting', attempts = 0, error = '', ended_at = 0, run_at = $1 WHERE id = $2 AND state = 'failed'`

// Retry puts a job that was given up back, inside tx. It fails with fault.NotFound for any other.
func (q *Queue) Retry(ctx context.Context, tx *store.Tx, id string) (err error) {
	defer fault.Wrap(&err, "job.Retry(%s)", id)
	n, err := tx.Exec(ctx, retryJob, store.Micros(q.now()), id)
	if err == nil && n == 0 {
		err = fault.NotFound("job", id)
	}
	tx.After(q.poke)
	return err
}
