// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"context"
	"encoding/json"
	"time"

	"hoctap/internal/store"
)

// An erasure of values is an entry of its own, whose values are the numbers of the entries that it emptied.
const (
	forgetThing = "journal"
	forgetAct   = "forget"
)

// forgotten is what the entry about an erasure says: numbers in the chain of its place.
type forgotten struct {
	Numbers []int64 `json:"numbers"`
}

// IsForget reports whether an entry tells of an erasure.
func (l Line) IsForget() bool { return l.Thing == forgetThing && l.Act == forgetAct }

const (
	selectTold = `
		SELECT place_id, lane, n, salt, before, after, reason FROM journal
		WHERE place_id = $1 AND thing_id = $2 AND digest = '' AND NOT (thing = $3 AND act = $4) ORDER BY lane, n`
	blank = `UPDATE journal SET before = '{}', after = '{}', reason = '', salt = '', digest = $1 WHERE place_id = $2 AND lane = $3 AND n = $4`
)

// Forget erases what the entries about one record say: values before and after, reasons, and the salts without which nobody can try guesses
// against the hashes that stay. That something was done, when, by whom and from where stays, and so does the chain. It returns how many entries
// it emptied, and writes one that says so; reason must name no person. Records that others refer to in their own entries, such as a family's assessments, are erased by
// calls of their own.
func Forget(ctx context.Context, tx *store.Tx, who Who, at time.Time, placeID, thingID, reason string) (n int, err error) {
	waiting, err := pendingOf(tx)
	if err != nil {
		return 0, err
	}
	if err := waiting.chain(ctx, tx); err != nil { // what this transaction has told of the record is emptied with the rest
		return 0, err
	}
	rows, err := store.Collect(ctx, tx, func(s store.Scanner) (r row, err error) {
		err = s.Scan(&r.place, &r.lane, &r.n, &r.salt, &r.before, &r.after, &r.reason)
		return r, err
	}, selectTold, placeID, thingID, forgetThing, forgetAct)
	if err != nil {
		return 0, err
	}
	if len(rows) == 0 {
		return 0, nil
	}
	var told forgotten
	for _, r := range rows {
		if _, err := tx.Exec(ctx, blank, sum(r.values()), r.place, r.lane, r.n); err != nil {
			return 0, err
		}
		told.Numbers = append(told.Numbers, r.n)
	}
	return len(rows), Write(ctx, tx, who, at, Entry{PlaceID: placeID, ThingID: thingID, Thing: forgetThing, Act: forgetAct, After: told, Reason: reason})
}

// numbersOf reads what an entry about an erasure emptied.
func numbersOf(after string) []int64 {
	var told forgotten
	if json.Unmarshal([]byte(after), &told) != nil {
		return nil
	}
	return told.Numbers
}
