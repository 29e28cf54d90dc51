// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"context"
	"time"

	"hoctap/internal/fault"
	"hoctap/internal/store"
)

const (
	selectUnsealedPlace = `SELECT place_id FROM journal_unsealed ORDER BY place_id LIMIT 1`
	// Casts: PostgreSQL has jsonb there.
	selectUnsealed = `
		SELECT thing_id, id, at, actor_id, address, act, thing, CAST(before AS text), CAST(after AS text), reason
		FROM journal_unsealed WHERE place_id = $1 ORDER BY id LIMIT 2000`
	deleteUnsealed = `DELETE FROM journal_unsealed WHERE place_id = $1 AND thing_id = $2 AND id = $3`
)

// Seal chains the entries that a database had before it knew chains: place by place in the order of their ids, so that all copies get the same numbers.
// What was changed before that day it cannot know, which an entry says. It may be stopped and run again, and by several servers.
func Seal(ctx context.Context, db *store.DB, now time.Time) (sealed int, err error) {
	defer fault.Wrap(&err, "audit.Seal")
	for {
		place, found, err := store.One(ctx, db.Read(), store.Value[string], selectUnsealedPlace)
		if err != nil {
			return sealed, err
		}
		if !found {
			break
		}
		n := 0
		err = db.Write(ctx, func(tx *store.Tx) error {
			n, err = sealSome(ctx, tx, place)
			return err
		})
		if err != nil {
			return sealed, err
		}
		sealed += n
	}
	if sealed == 0 {
		return 0, nil
	}
	return sealed, db.Write(ctx, func(tx *store.Tx) error {
		return Write(ctx, tx, System, now, Entry{Thing: forgetThing, Act: "seal", After: map[string]int{"entries": sealed}})
	})
}

func sealSome(ctx context.Context, tx *store.Tx, place string) (int, error) {
	if _, _, err := claim(ctx, tx, chainID{place, laneOf(place, "")}, 0); err != nil { // one server at a time
		return 0, err
	}
	rows, err := store.Collect(ctx, tx, func(s store.Scanner) (r row, err error) {
		err = s.Scan(&r.thingID, &r.id, &r.at, &r.actor, &r.address, &r.act, &r.thing, &r.before, &r.after, &r.reason)
		r.place, r.lane, r.result = place, laneOf(place, r.thingID), string(Done)
		r.before, r.after, r.reason = plain(r.before), plain(r.after), plain(r.reason)
		return r, err
	}, selectUnsealed, place)
	if err != nil {
		return 0, err
	}
	for _, r := range rows {
		if _, err := tx.Exec(ctx, deleteUnsealed, place, r.thingID, r.id); err != nil {
			return 0, err
		}
		if err := gather(tx, r); err != nil {
			return 0, err
		}
	}
	return len(rows), nil
}
