// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package sealed

import (
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"hoctap/internal/audit"
	"hoctap/internal/fault"
	"hoctap/internal/keyring"
	"hoctap/internal/store"
)

// portion is how many rows one transaction seals again: people go on saving meanwhile.
const portion = 500

// settle is how long a server may still write what it sealed with the key before: it looks for newer keys each keyring.Lag, and has to end the
// transaction in which it sealed.
const settle = 3 * keyring.Lag

// Step tells how far sealing again has come in a column.
type Step struct {
	Column *Column
	Rows   int // looked at
	Sealed int // rows sealed again
}

// Result is what a rotation did.
type Result struct {
	Key     int // the number of the key that seals now
	Resumed bool
	Sealed  int
	Retired []int // numbers of the keys that are gone
}

// Rotate makes a new key, seals everything in the list again with it, portion by portion while servers run, and deletes the older keys once nothing
// anywhere is under them. One that was cut off is gone on with: the older keys are still there, and tell of it. keep leaves them there. It fails with fault.Conflict,
// and deletes no key, when a column that is not in the list holds a text under an older one.
func Rotate(ctx context.Context, db *store.DB, ring *keyring.Ring, by audit.Who, now func() time.Time, keep bool, progress func(Step)) (r Result, err error) {
	defer fault.Wrap(&err, "sealed.Rotate")
	before := ring.Numbers()
	r.Key, r.Resumed = before[len(before)-1], len(before) > 1
	if !r.Resumed {
		if r.Key, err = ring.Rotate(); err != nil {
			return r, err
		}
		if err := note(ctx, db, by, now(), "rotate", map[string]any{"key": r.Key}); err != nil {
			return r, err
		}
	}
	// The last pass finds nothing, and begins when what servers had sealed before they knew the key is written.
	for first := true; ; first = false {
		done := 0
		for _, c := range Columns {
			n, err := c.reseal(ctx, db, ring, progress)
			if err != nil {
				return r, err
			}
			done += n
		}
		r.Sealed += done
		if done == 0 && !first {
			break
		}
		if err := sleep(ctx, settle); err != nil {
			return r, err
		}
	}
	if keep {
		return r, nil
	}
	if where, err := strays(ctx, db, r.Key); err != nil || where != "" {
		if err == nil {
			err = fault.Conflict("keyring.stray", "column", where)
		}
		return r, err
	}
	if err := ring.Retire(); err != nil {
		return r, err
	}
	for _, n := range before {
		if n != r.Key {
			r.Retired = append(r.Retired, n)
		}
	}
	return r, note(ctx, db, by, now(), "retire", map[string]any{"keys": r.Retired})
}

func note(ctx context.Context, db *store.DB, by audit.Who, at time.Time, act string, after map[string]any) error {
	return db.Write(ctx, func(tx *store.Tx) error {
		return audit.Write(ctx, tx, by, at, audit.Entry{Thing: "keyring", ThingID: "field", Act: act, After: after})
	})
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// query reads rows of the column behind a key.
func (c *Column) query(after []any) (string, []any) {
	keys := strings.Join(c.Key, ", ")
	value := `CAST(` + c.Name + ` AS text)`
	var w store.Where
	w.And(value + ` <> ''`)
	if c.Where != "" {
		w.And(c.Where)
	}
	if len(after) > 0 {
		w.And("("+keys+") > ("+strings.TrimSuffix(strings.Repeat("?, ", len(after)), ", ")+")", after...)
	}
	return `SELECT ` + keys + `, CAST(` + c.To + ` AS text), ` + value + ` FROM ` + c.Table + w.SQL() + ` ORDER BY ` + keys + ` LIMIT ` + strconv.Itoa(portion), w.Args()
}

// stored is one value of a column.
type stored struct {
	key  []any
	to   string
	text string
}

func (c *Column) read(ctx context.Context, tx *store.Tx, after []any) ([]stored, error) {
	query, args := c.query(after)
	return store.Collect(ctx, tx, func(sc store.Scanner) (f stored, err error) {
		f.key = make([]any, len(c.Key))
		into := make([]any, 0, len(c.Key)+2)
		for i := range f.key {
			into = append(into, &f.key[i])
		}
		return f, sc.Scan(append(into, &f.to, &f.text)...)
	}, query, args...)
}

// set writes a value over the one that was read, unless somebody wrote another meanwhile.
func (c *Column) set(ctx context.Context, tx *store.Tx, f stored, fresh, hash string) (bool, error) {
	var cond strings.Builder
	args := []any{fresh}
	for i, k := range c.Key {
		fmt.Fprintf(&cond, "%s = $%d AND ", k, i+2)
		args = append(args, f.key[i])
	}
	n, err := tx.Exec(ctx, `UPDATE `+c.Table+` SET `+c.Name+` = $1 WHERE `+cond.String()+`CAST(`+c.Name+` AS text) = $`+strconv.Itoa(len(args)+1), append(args, f.text)...)
	if err != nil || n == 0 || hash == "" {
		return n > 0, err
	}
	args = append([]any{hash}, f.key...)
	_, err = tx.Exec(ctx, `UPDATE `+c.Table+` SET `+c.Hash+` = $1 WHERE `+strings.TrimSuffix(cond.String(), " AND "), args...)
	return true, err
}

// reseal seals again what is under an older key.
func (c *Column) reseal(ctx context.Context, db *store.DB, ring *keyring.Ring, progress func(Step)) (int, error) {
	return c.change(ctx, db, progress, func(f stored) (string, string, error) {
		texts, err := c.texts(f.text)
		if err != nil {
			return "", "", err
		}
		stale := false
		for _, t := range texts {
			stale = stale || ring.Stale(t)
		}
		if !stale {
			return f.text, "", nil
		}
		fresh, err := c.each(f.text, func(s string) (string, error) {
			if !ring.Stale(s) {
				return s, nil
			}
			plain, err := ring.Unseal(c.Purpose, f.to, s)
			if err != nil {
				return "", err
			}
			return ring.Seal(c.Purpose, f.to, plain), nil
		})
		return fresh, "", err
	})
}

// change makes new values of all of a column, portion by portion, each in a transaction of its own.
func (c *Column) change(ctx context.Context, db *store.DB, progress func(Step), make func(stored) (fresh, hash string, err error)) (done int, err error) {
	defer c.wrap(&err, "change")
	step := Step{Column: c}
	var after []any
	for more := true; more; {
		rows, err := c.read(ctx, db.Read(), after)
		if err != nil {
			return done, err
		}
		if more = len(rows) == portion; len(rows) > 0 {
			after = rows[len(rows)-1].key
		}
		type fresh struct {
			stored
			value, hash string
		}
		var list []fresh
		for _, f := range rows {
			value, hash, err := make(f)
			if err != nil {
				return done, fmt.Errorf("%v: %w", f.key, err)
			}
			if value != f.text {
				list = append(list, fresh{f, value, hash})
			}
		}
		if len(list) > 0 {
			written := 0
			err := db.Write(ctx, func(tx *store.Tx) error {
				written = 0
				for _, f := range list {
					ok, err := c.set(ctx, tx, f.stored, f.value, f.hash)
					if err != nil {
						return err
					}
					if ok {
						written++
					}
				}
				return nil
			})
			if err != nil {
				return done, err
			}
			done += len(list) // a value that somebody else wrote is looked at in the next pass
			step.Sealed += written
		}
		step.Rows += len(rows)
		if progress != nil {
			progress(step)
		}
	}
	return done, nil
}

// Count says how many texts of each column are under each key.
func Count(ctx context.Context, db *store.DB) (counts map[int]map[string]int, err error) {
	defer fault.Wrap(&err, "sealed.Count")
	counts = map[int]map[string]int{}
	for _, c := range Columns {
		var after []any
		for more := true; more; {
			rows, err := c.read(ctx, db.Read(), after)
			if err != nil {
				return nil, err
			}
			if more = len(rows) == portion; len(rows) > 0 {
				after = rows[len(rows)-1].key
			}
			for _, f := range rows {
				texts, err := c.texts(f.text)
				if err != nil {
					return nil, err
				}
				for _, t := range texts {
					n, _ := keyring.Number(t)
					if counts[n] == nil {
						counts[n] = map[string]int{}
					}
					counts[n][c.String()]++
				}
			}
		}
	}
	return counts, nil
}

var sealedText = regexp.MustCompile(`k([0-9]+):[A-Za-z0-9_-]{54,}`)

// strays looks through every text of the database for one that is under a key older than newest, and names its column.
func strays(ctx context.Context, db *store.DB, newest int) (where string, err error) {
	tables, err := db.Tables(ctx, db.Read())
	if err != nil {
		return "", err
	}
	for _, t := range tables {
		for _, c := range t.Columns {
			if c.Type != "text" && c.Type != "jsonb" {
				continue
			}
			found := false
			err := store.Each(ctx, db.Read(), func(sc store.Scanner) error {
				var s string
				if err := sc.Scan(&s); err != nil {
					return err
				}
				for _, m := range sealedText.FindAllStringSubmatch(s, -1) {
					if n, err := strconv.Atoi(m[1]); err == nil && n < newest {
						if _, ok := keyring.Number(m[0]); ok {
							found = true
						}
					}
				}
				return nil
			}, `SELECT CAST(`+c.Name+` AS text) FROM `+t.Name+` WHERE CAST(`+c.Name+` AS text) LIKE 'k%:%' OR CAST(`+c.Name+` AS text) LIKE '%"k%:%'`)
			if err != nil {
				return "", err
			}
			if found {
				return t.Name + "." + c.Name, nil
			}
		}
	}
	return "", nil
}
