// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"context"
	"encoding/json"
	"time"

	"hoctap/internal/fault"
	"hoctap/internal/store"
)

// KeepReads is the least time for which the log of reads, refusals and failed sign-ins is kept: the law asks for twelve months, a month more leaves room.
const KeepReads = 396 * 24 * time.Hour

// That old rows of access_log were dropped is an entry of the journal, which itself is never shortened.
const (
	dropThing = "access_log"
	dropAct   = "drop"
)

// dropped is up to where a chain was dropped, and the hash there.
type dropped struct {
	Lane int    `json:"lane"`
	N    int64  `json:"n"`
	Hash string `json:"hash"`
}

func droppedOf(after string) []dropped {
	var told struct {
		Chains []dropped `json:"chains"`
	}
	if json.Unmarshal([]byte(after), &told) != nil {
		return nil
	}
	return told.Chains
}

const (
	selectKept   = `SELECT coalesce(min(n), 0) FROM access_log WHERE lane = $1 AND at >= $2`
	selectNewest = `SELECT coalesce(max(n), 0) FROM access_log WHERE lane = $1`
	selectOldest = `SELECT coalesce(min(n), 0) FROM access_log WHERE lane = $1`
	selectHash   = `SELECT hash FROM access_log WHERE lane = $1 AND n = $2`
	deleteAccess = `DELETE FROM access_log WHERE lane = $1 AND n <= $2`
	upsertStart  = `INSERT INTO journal_checkpoint (place_id, lane, n, hash, at) VALUES ('', $1, $2, $3, $4)
		ON CONFLICT (place_id, lane) DO UPDATE SET n = excluded.n, hash = excluded.hash, at = excluded.at`
	dropAtOnce = 2000
)

// DropReads drops what access_log tells of before a time, at least KeepReads ago, and says so in the journal: first the entry, then the rows, a few at a
// time, each time with the place where the chain now begins.
func DropReads(ctx context.Context, db *store.DB, now, before time.Time) (rows int64, err error) {
	defer fault.Wrap(&err, "audit.DropReads")
	if before.After(now.Add(-KeepReads)) {
		return 0, fault.Conflict("journal.too_young", "days", int(KeepReads.Hours()/24))
	}
	var ends []dropped
	for lane := accessLane; lane < accessLane+accessLanes; lane++ {
		end, err := dropEnd(ctx, db.Read(), lane, before)
		if err != nil {
			return 0, err
		}
		if end.N > 0 {
			ends = append(ends, end)
		}
	}
	if len(ends) == 0 {
		return 0, nil
	}
	err = db.Write(ctx, func(tx *store.Tx) error {
		return Write(ctx, tx, System, now, Entry{Thing: dropThing, Act: dropAct, After: map[string]any{"chains": ends, "before": store.Date(before)}})
	})
	for _, end := range ends {
		for more := true; more && err == nil; {
			n := int64(0)
			err = db.Write(ctx, func(tx *store.Tx) (err error) {
				n, more, err = dropSome(ctx, tx, end, now)
				return err
			})
			rows += n
		}
	}
	return rows, err
}

// dropEnd is the last row of a lane that may go, with N 0 for none. The rows of a lane stand in the order in which they were written.
func dropEnd(ctx context.Context, tx *store.Tx, lane int, before time.Time) (end dropped, err error) {
	end.Lane = lane
	first, _, err := store.One(ctx, tx, store.Value[int64], selectKept, lane, store.Micros(before))
	if err != nil {
		return end, err
	}
	if end.N = first - 1; first == 0 {
		if end.N, _, err = store.One(ctx, tx, store.Value[int64], selectNewest, lane); err != nil {
			return end, err
		}
	}
	hash, there, err := store.One(ctx, tx, store.Value[string], selectHash, lane, end.N)
	if !there {
		end.N = 0
	}
	end.Hash = hash
	return end, err
}

func dropSome(ctx context.Context, tx *store.Tx, end dropped, now time.Time) (rows int64, more bool, err error) {
	oldest, _, err := store.One(ctx, tx, store.Value[int64], selectOldest, end.Lane)
	if err != nil || oldest == 0 || oldest > end.N {
		return 0, false, err
	}
	upTo := min(end.N, oldest+dropAtOnce-1)
	hash, _, err := store.One(ctx, tx, store.Value[string], selectHash, end.Lane, upTo)
	if err != nil {
		return 0, false, err
	}
	if rows, err = tx.Exec(ctx, deleteAccess, end.Lane, upTo); err != nil {
		return 0, false, err
	}
	_, err = tx.Exec(ctx, upsertStart, end.Lane, upTo, hash, store.Micros(now))
	return rows, upTo < end.N, err
}
