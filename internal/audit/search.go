// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"hoctap/internal/fault"
	"hoctap/internal/store"
)

// Query is what a search in the journal, or in the log of reads, asks for. Places are those whose entries are read; "" among them is what belongs to none.
type Query struct {
	Places  []string
	ActorID string
	Act     string
	Things  []string // none for all
	ThingID string
	From    time.Time // zero for always
	Until   time.Time // exclusive; zero for still
	Before  string    // Cursor of the last line seen
	Most    int
}

// Found is a line of a search. Many is how many rows of a list were read.
type Found struct {
	Line
	Many int64
}

// Cursor names a line, so that the next page begins behind it.
func (f Found) Cursor() string { return f.At.UTC().Format(time.RFC3339Nano) + " " + f.ID }

const (
	searchJournal = `
		SELECT place_id, n, thing_id, id, at, actor_id, address, device, thing, act, result, before, after, reason, digest FROM journal`
	searchReads = `
		SELECT place_id, n, thing_id, id, at, actor_id, address, device, thing, act, result, '{}', '{}', '', '', many FROM access_log`
)

func (q Query) where() (w store.Where, err error) {
	w.In("place_id", q.Places...)
	if q.ActorID != "" {
		w.And("actor_id = ?", q.ActorID)
	}
	if q.Act != "" {
		w.And("act = ?", q.Act)
	}
	if len(q.Things) > 0 {
		w.In("thing", q.Things...)
	}
	if q.ThingID != "" {
		w.And("thing_id = ?", q.ThingID)
	}
	if !q.From.IsZero() {
		w.And("at >= ?", store.Micros(q.From))
	}
	if !q.Until.IsZero() {
		w.And("at < ?", store.Micros(q.Until))
	}
	if q.Before != "" {
		moment, id, _ := strings.Cut(q.Before, " ")
		at, err := time.Parse(time.RFC3339Nano, moment)
		if err != nil {
			return w, fault.Invalid(fault.Field("sau", "journal.cursor"))
		}
		w.And("(at < ? OR at = ? AND id < ?)", store.Micros(at), store.Micros(at), id)
	}
	return w, nil
}

// Search returns entries of the journal, newest first. It checks no permission: who may read what is for the caller, who knows the records.
func Search(ctx context.Context, tx *store.Tx, q Query) (list []Found, err error) {
	defer fault.Wrap(&err, "audit.Search")
	w, err := q.where()
	if err != nil {
		return nil, err
	}
	return store.Collect(ctx, tx, func(s store.Scanner) (f Found, err error) {
		f.Line, err = scanLine(s)
		return f, err
	}, searchJournal+w.SQL()+" ORDER BY at DESC, id DESC LIMIT "+w.Next(1), w.Args(q.Most)...)
}

// SearchReads is Search in the log of reads, of exports, and of what was refused.
func SearchReads(ctx context.Context, tx *store.Tx, q Query) (list []Found, err error) {
	defer fault.Wrap(&err, "audit.SearchReads")
	w, err := q.where()
	if err != nil {
		return nil, err
	}
	return store.Collect(ctx, tx, func(s store.Scanner) (f Found, err error) {
		var at int64
		var before, after, digest string
		err = s.Scan(&f.PlaceID, &f.N, &f.ThingID, &f.ID, &at, &f.ActorID, &f.Address, &f.Device, &f.Thing, &f.Act, &f.Result, &before, &after, &f.Reason, &digest, &f.Many)
		f.At, f.Before, f.After = store.Time(at), json.RawMessage(before), json.RawMessage(after)
		return f, err
	}, searchReads+w.SQL()+" ORDER BY at DESC, id DESC LIMIT "+w.Next(1), w.Args(q.Most)...)
}
