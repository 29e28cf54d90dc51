// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Package audit is the append-only journal: who did what to which record, from where, before and after, and why.
// An entry is written in the transaction of the change it tells of, so there is never one without the other.
// It knows no domain: things and acts are words of the caller.
package audit

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"time"

	"hoctap/internal/store"
)

// Who is the actor as the journal keeps it. Address is "host:port"; for work the program does by itself ID is "system".
type Who struct {
	ID      string
	Address string
	For     string // account on whose behalf the actor acted, by a delegation; "" for none
}

// System is the actor of work that no person asked for at that moment.
var System = Who{ID: "system"}

// Entry is one change. Before and After become JSON objects; nil becomes {}.
type Entry struct {
	PlaceID string // leaf of a place-bound record, or the place it decides for; "" for what belongs to none
	ThingID string
	Thing   string // "assessment", "subject", "decision" …
	Act     string // "save", "return", "issue" …
	Before  any
	After   any
	Reason  string
}

const insertJournal = `
	INSERT INTO journal (place_id, thing_id, id, at, actor_id, address, act, thing, before, after, reason)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`

// Write appends an entry inside the transaction of the change.
func Write(ctx context.Context, tx *store.Tx, who Who, at time.Time, e Entry) error {
	before, err := object(e.Before)
	if err != nil {
		return err
	}
	after, err := object(e.After)
	if err != nil {
		return err
	}
	if who.For != "" {
		if after, err = onBehalf(after, who.For); err != nil {
			return err
		}
	}
	_, err = tx.Exec(ctx, insertJournal, e.PlaceID, e.ThingID, store.NewID(), store.Micros(at), who.ID, who.Address, e.Act, e.Thing, before, after, e.Reason)
	return err
}

// behalfKey stands in what an entry says of the record after the change: it has no column of its own, so what covers After covers it too.
const behalfKey = "on_behalf_of"

func onBehalf(after, giver string) (string, error) {
	fields := map[string]json.RawMessage{}
	if err := json.Unmarshal([]byte(after), &fields); err != nil { // no object: it is kept beside
		fields = map[string]json.RawMessage{"value": json.RawMessage(after)}
	}
	id, err := json.Marshal(giver)
	if err != nil {
		return "", fmt.Errorf("audit: %w", err)
	}
	fields[behalfKey] = id
	b, err := json.Marshal(fields)
	return string(b), err
}

// For is the account on whose behalf the entry was made, "" for none.
func (l Line) For() string {
	if !bytes.Contains(l.After, []byte(behalfKey)) {
		return ""
	}
	var said struct {
		Giver string `json:"on_behalf_of"`
	}
	_ = json.Unmarshal(l.After, &said) // what is no object names nobody
	return said.Giver
}

func object(v any) (string, error) {
	switch v := v.(type) {
	case nil:
		return "{}", nil
	case json.RawMessage:
		return string(v), nil
	}
	b, err := json.Marshal(v)
	if err != nil {
		return "", fmt.Errorf("audit: %w", err)
	}
	return string(b), nil
}

// Line is an entry as read back.
type Line struct {
	ID      string
	At      time.Time
	ActorID string
	Address string
	Thing   string
	Act     string
	Before  json.RawMessage
	After   json.RawMessage
	Reason  string
}

const selectHistory = `
	SELECT id, at, actor_id, address, thing, act, before, after, reason
	FROM journal WHERE place_id = $1 AND thing_id = $2 ORDER BY id`

// History returns the entries of one record, oldest first.
func History(ctx context.Context, tx *store.Tx, placeID, thingID string) ([]Line, error) {
	return store.Collect(ctx, tx, func(s store.Scanner) (l Line, err error) {
		var at int64
		var before, after string
		err = s.Scan(&l.ID, &at, &l.ActorID, &l.Address, &l.Thing, &l.Act, &before, &after, &l.Reason)
		l.At, l.Before, l.After = store.Time(at), json.RawMessage(before), json.RawMessage(after)
		return l, err
	}, selectHistory, placeID, thingID)
}
