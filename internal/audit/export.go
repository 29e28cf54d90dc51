// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"hoctap/internal/fault"
	"hoctap/internal/store"
)

// Exported is an entry as it leaves the program. Values before and after, and reasons, are personal data and leave only where they are asked for; their
// hash always does, so that a copy elsewhere holds what it needs to check the chain.
type Exported struct {
	Place   string `json:"place,omitempty"`
	Lane    int    `json:"lane"`
	N       int64  `json:"n"`
	ID      string `json:"id"`
	Time    string `json:"time"` // UTC
	Actor   string `json:"actor"`
	Address string `json:"address,omitempty"`
	Device  string `json:"device,omitempty"`
	Act     string `json:"act"`
	Thing   string `json:"thing"`
	About   string `json:"about,omitempty"` // place of what was read
	ThingID string `json:"thing_id,omitempty"`
	Result  string `json:"result"`
	Many    int64  `json:"many,omitempty"`
	Before  string `json:"before,omitempty"`
	After   string `json:"after,omitempty"`
	Reason  string `json:"reason,omitempty"`
	Salt    string `json:"salt,omitempty"`
	Values  string `json:"values,omitempty"` // hash of the four above
	Hash    string `json:"hash"`
	at      time.Time
}

func exported(r row, values bool) Exported {
	e := Exported{Place: r.place, Lane: r.lane, N: r.n, ID: r.id, at: store.Time(r.at), Actor: r.actor, Address: r.address, Device: r.device, Act: r.act, Thing: r.thing,
		About: r.about, ThingID: r.thingID, Result: r.result, Many: r.many, Hash: r.hash}
	e.Time = e.at.Format("2006-01-02T15:04:05.000000Z")
	if r.lane < accessLane {
		e.Values = r.valuesHash()
		if values {
			e.Before, e.After, e.Reason, e.Salt = r.before, r.after, r.reason, r.salt
		}
	}
	return e
}

// JSON is the entry as one line.
func (e Exported) JSON() ([]byte, error) { return json.Marshal(e) }

// The parts of a syslog priority: facility 13 is "log audit".
const (
	facility = 13
	warning  = 4
	info     = 6
)

// Syslog is the entry as a message of RFC 5424, its text being the JSON line.
func (e Exported) Syslog(host string) ([]byte, error) {
	severity := info
	if e.Result == string(Refused) {
		severity = warning
	}
	line, err := e.JSON()
	if err != nil {
		return nil, err
	}
	return fmt.Appendf(nil, "<%d>1 %s %s hoctap - %s - \xEF\xBB\xBF%s", facility*8+severity, e.Time, word(host, 255), word(e.Thing+"."+e.Act, 32), line), nil
}

// word is s as RFC 5424 takes one in a header.
func word(s string, most int) string {
	s = strings.Map(func(r rune) rune {
		if r <= ' ' || r > '~' {
			return -1
		}
		return r
	}, s)
	return cmp.Or(s[:min(len(s), most)], "-")
}

const (
	selectBehindReceiver = `
		SELECT h.place_id, h.lane, coalesce(s.n, 0), h.n FROM journal_head h
		LEFT JOIN journal_sent s ON s.receiver = $1 AND s.place_id = h.place_id AND s.lane = h.lane
		WHERE h.n > coalesce(s.n, 0) ORDER BY h.place_id, h.lane`
	selectAccessBehind = `
		SELECT lane, n, id, at, actor_id, address, device, act, thing, place_id, thing_id, result, many, hash, ''
		FROM access_log WHERE lane = $1 AND n > $2 AND n <= $3 ORDER BY n`
	upsertSent = `INSERT INTO journal_sent (receiver, place_id, lane, n) VALUES ($1, $2, $3, $4)
		ON CONFLICT (receiver, place_id, lane) DO UPDATE SET n = excluded.n`
)

// Span is a part of one chain.
type Span struct {
	chain  chainID
	after  int64
	to     int64
	values bool
}

// Behind returns what a receiver has not got yet; every entry there is for a receiver that nothing is known of.
func Behind(ctx context.Context, db *store.DB, receiver string, values bool) (list []Span, err error) {
	defer fault.Wrap(&err, "audit.Behind(%s)", receiver)
	return store.Collect(ctx, db.Read(), func(s store.Scanner) (p Span, err error) {
		err = s.Scan(&p.chain.place, &p.chain.lane, &p.after, &p.to)
		p.values = values
		return p, err
	}, selectBehindReceiver, receiver)
}

// Each calls give for the entries of a span in their order.
func (p Span) Each(ctx context.Context, db *store.DB, give func(Exported) error) error {
	read := func(scan func(store.Scanner) (row, string, error)) func(store.Scanner) error {
		return func(s store.Scanner) error {
			r, _, err := scan(s)
			if err != nil {
				return err
			}
			return give(exported(r, p.values))
		}
	}
	if p.chain.lane >= accessLane {
		return store.Each(ctx, db.Read(), read(scanAccess), selectAccessBehind, p.chain.lane, p.after, p.to)
	}
	return store.Each(ctx, db.Read(), read(scanRow), selectBehind, p.chain.place, p.chain.lane, p.after, p.to)
}

// Sent remembers that a receiver has got a span.
func Sent(ctx context.Context, db *store.DB, receiver string, list ...Span) error {
	return db.Write(ctx, func(tx *store.Tx) error {
		for _, p := range list {
			if _, err := tx.Exec(ctx, upsertSent, receiver, p.chain.place, p.chain.lane, p.to); err != nil {
				return err
			}
		}
		return nil
	})
}

// SentDay is up to which day's root a receiver has got them, "" for none; SetSentDay remembers it.
func SentDay(ctx context.Context, db *store.DB, receiver string) (string, error) {
	n, found, err := store.One(ctx, db.Read(), store.Value[int64], `SELECT n FROM journal_sent WHERE receiver = $1 AND place_id = '' AND lane = 0`, receiver)
	if err != nil || !found {
		return "", err
	}
	return time.Unix(n*secondsOfDay, 0).UTC().Format(time.DateOnly), nil
}

const secondsOfDay = 24 * 60 * 60

// SetSentDay is the other half of SentDay.
func SetSentDay(ctx context.Context, db *store.DB, receiver, day string) error {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return err
	}
	return Sent(ctx, db, receiver, Span{to: t.Unix() / secondsOfDay})
}
