// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package backup

import (
	"context"
	"encoding/json"
	"time"

	"hoctap/internal/store"
)

// Status is how copies stand, for who operates the system.
type Status struct {
	Planned bool          // copies are made by timetable
	Gap     time.Duration // the longest time between two of them
	Next    time.Time
	Last    Result
	Follow  *FollowStatus // nil without a continuous copy
}

// Result is what came of the copies that were made by timetable. It is kept in the database, so every server of several knows it.
type Result struct {
	Place   string
	Began   time.Time // the newest try
	Running bool
	Copy    string // the newest that was made
	At      time.Time
	Rows    int64
	Files   int
	New     int
	Missing int    // files that records name and that were not there to be copied
	Error   string // of the newest try; "" when it went well
	Failed  time.Time
}

// Overdue says whether the newest copy is twice as old as the timetable allows, or there is none.
func (s *Status) Overdue(now time.Time) bool { return s.Planned && now.Sub(s.Last.At) > 2*s.Gap }

// Lagging says whether the continuous copy is so far behind that somebody should look.
func (s *Status) Lagging(now time.Time, most time.Duration) bool {
	return s.Follow != nil && now.Sub(s.Follow.ShippedAt) > most
}

const (
	selectResult = `SELECT value FROM setting WHERE key = 'backup_result'`
	upsertResult = `INSERT INTO setting (key, value) VALUES ('backup_result', $1) ON CONFLICT (key) DO UPDATE SET value = excluded.value`
)

// LastResult reads what came of the newest copies by timetable; all zero before the first.
func LastResult(ctx context.Context, db *store.DB) (r Result, err error) {
	text, found, err := store.One(ctx, db.Read(), store.Value[string], selectResult)
	if err == nil && found {
		err = json.Unmarshal([]byte(text), &r)
	}
	return r, err
}

// SaveResult keeps it.
func SaveResult(ctx context.Context, db *store.DB, r Result) error {
	b, err := json.Marshal(r)
	if err != nil {
		return err
	}
	return db.Write(ctx, func(tx *store.Tx) error { _, err := tx.Exec(ctx, upsertResult, string(b)); return err })
}

// Plan is when copies are made: every so long, or at hours of the day in Vietnam.
type Plan struct {
	Every time.Duration
	At    []time.Duration // since midnight, sorted
}

// Any says whether there is a plan.
func (p Plan) Any() bool { return p.Every > 0 || len(p.At) > 0 }

// Gap is the longest time between two copies.
func (p Plan) Gap() time.Duration {
	if len(p.At) == 0 {
		return p.Every
	}
	gap := 24*time.Hour - p.At[len(p.At)-1] + p.At[0]
	for i := range p.At[1:] {
		gap = max(gap, p.At[i+1]-p.At[i])
	}
	return gap
}

// retry is the rest after a copy that failed.
const retry = 15 * time.Minute

// Next is when a copy is due: after the newest try, or soon after one that failed.
func (p Plan) Next(r Result) time.Time {
	if r.Began.IsZero() {
		return time.Time{} // at once
	}
	next := r.Began.Add(p.Every)
	if len(p.At) > 0 {
		began := r.Began.In(store.Zone)
		midnight := time.Date(began.Year(), began.Month(), began.Day(), 0, 0, 0, 0, store.Zone)
		next = midnight.Add(24*time.Hour + p.At[0])
		for _, at := range p.At {
			if t := midnight.Add(at); t.After(began) {
				next = t
				break
			}
		}
	}
	if soon := r.Began.Add(retry); r.Error != "" && soon.Before(next) {
		return soon
	}
	return next
}
