// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Package audit is the append-only journal: who did what to which record, from where, before and after, and why.
// An entry is written in the transaction of the change it tells of, so there is never one without the other.
// Entries of a place form a chain of hashes, whose heads are published every day, so that nobody rewrites the past unnoticed (decision 21).
// It knows no domain: things and acts are words of the caller.
package audit

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"hoctap/internal/store"
)

// Who is the actor as the journal keeps it. Address is "host:port", Device what Device makes of a user agent; for work the program does by
// itself ID is "system".
type Who struct {
	ID      string
	Address string
	Device  string
}

// System is the actor of work that no person asked for at that moment.
var System = Who{ID: "system"}

// Entry is one change. Before and After become JSON objects; nil becomes {}.
type Entry struct {
	PlaceID string // leaf of a place-bound record, or the place it decides for; "" for what belongs to none
	ThingID string
	Thing   string // "assessment", "subject", "decision" …
	Act     string // "save", "return", "issue" …
	Result  Result // "" is Done
	Before  any
	After   any
	Reason  string
}

// Result is how an act ended.
type Result string

// The results.
const (
	Done    Result = "done"
	Refused Result = "refused"
)

// Write appends an entry inside the transaction of the change. It gets its place in the chain right before the transaction ends.
func Write(ctx context.Context, tx *store.Tx, who Who, at time.Time, e Entry) error {
	return WritePast(ctx, tx, Past{Entry: e, Who: who, ID: store.NewID(), At: at})
}

// Past is an entry with its own id, for bulk loads that tell of years gone by.
type Past struct {
	Entry
	Who Who
	ID  string
	At  time.Time
}

// WritePast is Write for entries whose ids are given.
func WritePast(_ context.Context, tx *store.Tx, entries ...Past) error {
	for _, e := range entries {
		before, err := object(e.Before)
		if err != nil {
			return err
		}
		after, err := object(e.After)
		if err != nil {
			return err
		}
		if e.Result == "" {
			e.Result = Done
		}
		r := row{place: e.PlaceID, lane: laneOf(e.PlaceID, e.ThingID), thingID: e.ThingID, id: e.ID, at: store.Micros(e.At), actor: e.Who.ID, address: e.Who.Address,
			device: e.Who.Device, act: e.Act, thing: e.Thing, result: string(e.Result), before: before, after: after, reason: plain(e.Reason)}
		if err := gather(tx, r); err != nil {
			return err
		}
	}
	return nil
}

func object(v any) (string, error) {
	switch v := v.(type) {
	case nil:
		return "{}", nil
	case json.RawMessage:
		return plain(string(v)), nil
	}
	b, err := json.Marshal(v)
	if err != nil {
		return "", fmt.Errorf("audit: %w", err)
	}
	return string(b), nil
}

// plain keeps what both engines store as it is: a hash is of the bytes that come back.
func plain(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "")
}

// Line is an entry as read back.
type Line struct {
	PlaceID   string
	N         int64
	ThingID   string
	ID        string
	At        time.Time
	ActorID   string
	Address   string
	Device    string
	Thing     string
	Act       string
	Result    Result
	Before    json.RawMessage
	After     json.RawMessage
	Reason    string
	Forgotten bool // what it told was erased, see Forget
}

const selectHistory = `
	SELECT place_id, n, thing_id, id, at, actor_id, address, device, thing, act, result, before, after, reason, digest
	FROM journal WHERE place_id = $1 AND thing_id = $2 ORDER BY id`

// History returns the entries of one record, oldest first.
func History(ctx context.Context, tx *store.Tx, placeID, thingID string) ([]Line, error) {
	return store.Collect(ctx, tx, scanLine, selectHistory, placeID, thingID)
}

func scanLine(s store.Scanner) (l Line, err error) {
	var at int64
	var before, after, digest string
	err = s.Scan(&l.PlaceID, &l.N, &l.ThingID, &l.ID, &at, &l.ActorID, &l.Address, &l.Device, &l.Thing, &l.Act, &l.Result, &before, &after, &l.Reason, &digest)
	l.At, l.Before, l.After, l.Forgotten = store.Time(at), json.RawMessage(before), json.RawMessage(after), digest != ""
	return l, err
}
