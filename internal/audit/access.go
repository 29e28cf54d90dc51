// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"context"
	"net"
	"strings"
	"sync"
	"time"

	"hoctap/internal/fault"
	"hoctap/internal/store"
)

// Access is something that was read or taken, or an attempt that was refused.
type Access struct {
	Act     string // Read, Export, Attempt, SignIn
	Thing   string // "subject", "evidence", "list" …, or the route of an attempt
	PlaceID string
	ThingID string
	Many    int // rows of a list
	Result  Result
}

// The acts of an Access.
const (
	Read    = "read"
	Export  = "export"
	Attempt = "attempt"
	SignIn  = "sign_in"
)

// Bounds, so that nobody fills the disk: what one person does with one record is told once an hour, and refusals of one hour end in one entry that says
// there were more.
const (
	mostSeen    = 200_000
	mostRefused = 2_000
)

// Reads writes what was read. An entry is on disk before the answer leaves: Note returns when it is.
type Reads struct {
	db  *store.DB
	now func() time.Time

	mu      sync.Mutex
	hour    int64
	seen    map[accessKey]bool
	refused int
}

type accessKey struct {
	who string
	Access
}

// NewReads returns a log on db.
func NewReads(db *store.DB, now func() time.Time) *Reads {
	return &Reads{db: db, now: now, seen: map[accessKey]bool{}}
}

// Note tells of what who has read, unless it told of it within this hour.
func (r *Reads) Note(ctx context.Context, who Who, list ...Access) (err error) {
	defer fault.Wrap(&err, "audit.Note")
	now := r.now()
	fresh, keys := r.fresh(who, now, list)
	if len(fresh) == 0 {
		return nil
	}
	err = r.db.Write(ctx, func(tx *store.Tx) error { return noteAll(ctx, tx, who, now, fresh) })
	if err == nil {
		r.mu.Lock()
		for _, k := range keys {
			r.seen[k] = true
		}
		r.mu.Unlock()
	}
	return err
}

// fresh returns what was not told in this hour.
func (r *Reads) fresh(who Who, now time.Time, list []Access) (fresh []Access, keys []accessKey) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if hour := now.Unix() / 3600; hour != r.hour || len(r.seen) > mostSeen {
		if hour != r.hour {
			r.refused = 0
		}
		r.hour = hour
		clear(r.seen)
	}
	for _, a := range list {
		a.ThingID = plain(a.ThingID)
		if a.Result == "" {
			a.Result = Done
		}
		k := accessKey{who.ID, a}
		k.Many = 0
		if who.ID == "" || who.ID == "public" {
			k.who = hostOf(who.Address)
		}
		if r.seen[k] {
			continue
		}
		if a.Result == Refused {
			if r.refused++; r.refused > mostRefused {
				continue
			}
			if r.refused == mostRefused {
				a = Access{Act: Attempt, Thing: "too_many", Result: Refused}
			}
		}
		fresh, keys = append(fresh, a), append(keys, k)
	}
	return fresh, keys
}

// hostOf is the address without its port.
func hostOf(address string) string {
	if host, _, err := net.SplitHostPort(address); err == nil {
		return host
	}
	return strings.TrimSpace(address)
}

var insertAccess = store.NewBulk(`INSERT INTO access_log (lane, n, id, at, actor_id, address, device, act, thing, place_id, thing_id, result, many, hash) VALUES`, "")

func noteAll(ctx context.Context, tx *store.Tx, who Who, at time.Time, list []Access) error {
	by := who.ID
	if by == "" || by == "public" {
		by = hostOf(who.Address)
	}
	c := chainID{"", accessLane + spread(by, accessLanes)}
	n, hash, err := claim(ctx, tx, c, len(list))
	if err != nil {
		return err
	}
	args := make([]any, 0, 14*len(list))
	for _, a := range list {
		r := row{lane: c.lane, n: n, thingID: a.ThingID, id: store.NewID(), at: store.Micros(at), actor: who.ID, address: who.Address, device: who.Device, act: a.Act, thing: a.Thing,
			result: string(a.Result), about: a.PlaceID, many: int64(a.Many)}
		r.hash = sum(link(hash, sum(r.says())))
		n, hash = n+1, r.hash
		args = append(args, r.lane, r.n, r.id, r.at, r.actor, r.address, r.device, r.act, r.thing, r.about, r.thingID, r.result, r.many, r.hash)
	}
	if _, err := insertAccess.Insert(ctx, tx, args); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, updateHead, hash, c.place, c.lane)
	return err
}

const selectAccess = `
	SELECT a.lane, a.n, a.id, a.at, a.actor_id, a.address, a.device, a.act, a.thing, a.place_id, a.thing_id, a.result, a.many, a.hash, coalesce(d.hash, '')
	FROM access_log a LEFT JOIN journal_day_head d ON d.place_id = '' AND d.lane = a.lane AND d.n = a.n ORDER BY a.lane, a.n`

func scanAccess(s store.Scanner) (r row, published string, err error) {
	err = s.Scan(&r.lane, &r.n, &r.id, &r.at, &r.actor, &r.address, &r.device, &r.act, &r.thing, &r.about, &r.thingID, &r.result, &r.many, &r.hash, &published)
	return r, published, err
}
