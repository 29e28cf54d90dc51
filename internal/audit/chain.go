// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"hash/fnv"
	"slices"
	"strconv"

	"hoctap/internal/store"
)

// A chain holds the entries of one place; entries of no place are spread over a few, so that sign-ins do not wait for each other.
// An entry's hash is SHA-256 of a line of text that names the hash before it and the hash of what it says, which in turn names the hash of its
// values and their salt: values can be erased, and the chain still holds. Every line is plain text, so that sha256sum can check it.
const (
	lanesOfNone = 8
	accessLane  = 100 // the first lane of place "" that belongs to access_log
	accessLanes = 8
)

// Zero is the hash before the first entry of a chain.
const Zero = "0000000000000000000000000000000000000000000000000000000000000000"

func laneOf(place, thing string) int {
	if place != "" {
		return 0
	}
	return spread(thing, lanesOfNone)
}

func spread(s string, over uint32) int {
	h := fnv.New32a()
	h.Write([]byte(s))
	return int(h.Sum32() % over)
}

// row is an entry as stored. Those of access_log have no values, but tell how many rows of a list were read.
type row struct {
	place                  string
	lane                   int
	n                      int64
	thingID, id            string
	at                     int64
	actor, address, device string
	act, thing, result     string
	before, after, reason  string
	about                  string // place of what was read, as the chain is of no place
	many                   int64
	salt, digest, hash     string
}

// chainID names a chain.
type chainID struct {
	place string
	lane  int
}

func (r *row) chain() chainID { return chainID{r.place, r.lane} }

func compareChains(a, b chainID) int {
	return cmp.Or(cmp.Compare(a.place, b.place), cmp.Compare(a.lane, b.lane))
}

// values is the line of text whose hash stands for the values.
func (r *row) values() string { return array(r.salt, r.before, r.after, r.reason) }

// valuesHash is the hash of the values, also of erased ones.
func (r *row) valuesHash() string {
	if r.digest != "" {
		return r.digest
	}
	return sum(r.values())
}

// says is the line of text that an entry is, with its values as their hash.
func (r *row) says() string { return r.saysAs(r.n) }

func (r *row) saysAs(n int64) string {
	if r.lane >= accessLane {
		return array(strconv.Itoa(r.lane), strconv.FormatInt(n, 10), r.id, strconv.FormatInt(r.at, 10), r.actor, r.address, r.device, r.act, r.thing, r.about, r.thingID,
			r.result, strconv.FormatInt(r.many, 10))
	}
	return array(r.place, strconv.Itoa(r.lane), strconv.FormatInt(n, 10), r.thingID, r.id, strconv.FormatInt(r.at, 10), r.actor, r.address, r.device, r.act, r.thing,
		r.result, r.valuesHash())
}

// link is the line of text whose hash is that of an entry in its chain.
func link(prev, said string) string { return "chain " + prev + " " + said }

// array writes strings as a JSON array on one line, so that texts of any content stand apart.
func array(texts ...string) string {
	n := 2
	for _, s := range texts {
		n += len(s) + 3
	}
	b := append(make([]byte, 0, n+n/4), '[')
	for i, s := range texts {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendText(b, s)
	}
	return string(append(b, ']'))
}

// appendText writes one JSON string: simple ones by themselves, others by the library.
func appendText(b []byte, s string) []byte {
	start := 0
	b = append(b, '"')
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			b = append(append(b, s[start:i]...), '\\', c)
			start = i + 1
		case c < ' ':
			quoted, _ := json.Marshal(s[i : i+1]) // never fails for a text
			b = append(append(b, s[start:i]...), quoted[1:len(quoted)-1]...)
			start = i + 1
		}
	}
	return append(append(b, s[start:]...), '"')
}

func sum(text string) string {
	h := sha256.Sum256([]byte(text))
	return hex.EncodeToString(h[:])
}

// pending are the entries of one transaction.
type pending struct{ rows []row }

// pendingOf returns what the transaction has gathered; it is chained when all else is done.
func pendingOf(tx *store.Tx) (*pending, error) {
	p, fresh := store.Keep[pending](tx)
	if !fresh {
		return p, nil
	}
	return p, tx.Before(func(ctx context.Context) error { return p.chain(ctx, tx) })
}

func gather(tx *store.Tx, r row) error {
	p, err := pendingOf(tx)
	if err == nil {
		p.rows = append(p.rows, r)
	}
	return err
}

const (
	claimHead = `
		INSERT INTO journal_head (place_id, lane, n, hash) VALUES ($1, $2, $3, $4)
		ON CONFLICT (place_id, lane) DO UPDATE SET n = journal_head.n + excluded.n RETURNING n, hash`
	updateHead = `UPDATE journal_head SET hash = $1 WHERE place_id = $2 AND lane = $3`
)

// claim takes the next numbers of a chain and keeps others from it until the transaction ends; it returns the first number and the hash before it.
func claim(ctx context.Context, tx *store.Tx, c chainID, many int) (first int64, prev string, err error) {
	err = store.Each(ctx, tx, func(s store.Scanner) error { return s.Scan(&first, &prev) }, claimHead, c.place, c.lane, many, Zero)
	return first - int64(many) + 1, prev, err
}

var insertJournal = store.NewBulk(`INSERT INTO journal (place_id, lane, n, thing_id, id, at, actor_id, address, device, act, thing, result, before, after, reason, salt,
	digest, hash) VALUES`, "")

// chain gives the entries their numbers and hashes and writes them. Chains are claimed in one order by everybody, so no two transactions wait
// for each other.
func (p *pending) chain(ctx context.Context, tx *store.Tx) error {
	if len(p.rows) == 0 {
		return nil
	}
	slices.SortStableFunc(p.rows, func(a, b row) int { return compareChains(a.chain(), b.chain()) })
	salts := make([]byte, 16*len(p.rows))
	_, _ = rand.Read(salts) // never fails
	args := make([]any, 0, 18*len(p.rows))
	type head struct {
		chainID
		hash string
	}
	var heads []head
	for from := 0; from < len(p.rows); {
		c, to := p.rows[from].chain(), from+1
		for to < len(p.rows) && p.rows[to].chain() == c {
			to++
		}
		n, hash, err := claim(ctx, tx, c, to-from)
		if err != nil {
			return err
		}
		for i := from; i < to; i++ {
			r := &p.rows[i]
			r.n, r.salt = n, base64.RawURLEncoding.EncodeToString(salts[16*i:16*i+16])
			r.hash = sum(link(hash, sum(r.says())))
			n, hash = n+1, r.hash
			args = append(args, r.place, r.lane, r.n, r.thingID, r.id, r.at, r.actor, r.address, r.device, r.act, r.thing, r.result, r.before, r.after, r.reason, r.salt,
				r.digest, r.hash)
		}
		heads = append(heads, head{c, hash})
		from = to
	}
	if _, err := insertJournal.Insert(ctx, tx, args); err != nil {
		return err
	}
	for _, h := range heads {
		if _, err := tx.Exec(ctx, updateHead, h.hash, h.place, h.lane); err != nil {
			return err
		}
	}
	p.rows = p.rows[:0]
	return nil
}
