// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package audit_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"hoctap/internal/audit"
	"hoctap/internal/store"
	"hoctap/internal/store/storetest"
)

var (
	noon = time.Date(2026, 11, 18, 12, 0, 0, 0, store.Zone)
	bob  = audit.Who{ID: "01bob", Address: "203.113.5.9:51022", Device: "Firefox 140, Linux"}
)

// book is a database with entries in it.
type book struct {
	*testing.T
	ctx context.Context
	db  *store.DB
}

func newBook(t *testing.T, db *store.DB) *book { return &book{t, t.Context(), db} }

func (b *book) ok(err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

// write puts entries into one transaction.
func (b *book) write(entries ...audit.Entry) {
	b.Helper()
	b.ok(b.db.Write(b.ctx, func(tx *store.Tx) error {
		for _, e := range entries {
			if err := audit.Write(b.ctx, tx, bob, noon, e); err != nil {
				return err
			}
		}
		return nil
	}))
}

// fill writes twelve entries about one place, and some about others.
func (b *book) fill() {
	b.Helper()
	for i := range 12 {
		b.write(entry("khu-1", fmt.Sprintf("t%d", i%4), i), entry("", "account", i), entry("khu-2", "x", i))
	}
}

func entry(place, thing string, i int) audit.Entry {
	return audit.Entry{PlaceID: place, ThingID: thing, Thing: "subject", Act: "save", Before: map[string]any{"name": "Nguyễn Thị Ẩn", "n": i}, After: map[string]any{"name": "Nguyễn \"B\"\n", "x": 1.50},
		Reason: "đổi <tên> & \t số"}
}

// do is what an administrator with the password of the database does.
func (b *book) do(query string, args ...any) {
	b.Helper()
	b.ok(b.db.Write(b.ctx, func(tx *store.Tx) error { _, err := tx.Exec(b.ctx, query, args...); return err }))
}

func (b *book) count(query string, args ...any) int {
	b.Helper()
	n, _, err := store.One(b.ctx, b.db.Read(), store.Value[int], query, args...)
	b.ok(err)
	return n
}

// found are the differences as words: "khu-1 4 changed".
func (b *book) found(published ...audit.Root) (list []string) {
	b.Helper()
	_, differences, err := audit.Verify(b.ctx, b.db, published)
	b.ok(err)
	for _, d := range differences {
		list = append(list, strings.TrimSpace(fmt.Sprintf("%s%s %d %s", d.Day, d.PlaceID, d.N, d.Flaw)))
	}
	return list
}

func (b *book) wants(what []string, want ...string) {
	b.Helper()
	if strings.Join(what, "; ") != strings.Join(want, "; ") {
		b.Errorf("found %q, want %q", what, want)
	}
}

func (b *book) closeDays(now time.Time) []audit.Root {
	b.Helper()
	list, err := audit.CloseDays(b.ctx, b.db, now)
	b.ok(err)
	return list
}

// Many writers at once, some of which fail: every chain holds, without gaps, and only what was done is told.
func TestChainsUnderManyWriters(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b := newBook(t, db)
		failed := errors.New("no")
		var group sync.WaitGroup
		for w := range 24 {
			group.Go(func() {
				for i := range 20 {
					err := db.Write(b.ctx, func(tx *store.Tx) error {
						for _, e := range []audit.Entry{entry(fmt.Sprint("khu-", (w+i)%3), "a", i), entry(fmt.Sprint("khu-", w%3), "b", i), entry("", fmt.Sprint(w), i)} {
							if err := audit.Write(b.ctx, tx, bob, noon, e); err != nil {
								return err
							}
						}
						if i%4 == 3 {
							return failed
						}
						return nil
					})
					if (err != nil) != (i%4 == 3) {
						t.Error(err)
					}
				}
			})
		}
		group.Wait()
		if n := b.count(`SELECT count(*) FROM journal`); n != 24*15*3 {
			t.Errorf("%d entries", n)
		}
		b.wants(b.found())
		if n := b.count(`SELECT count(DISTINCT lane) FROM journal WHERE place_id = ''`); n < 3 {
			t.Errorf("%d chains of no place", n)
		}
	})
}

// What comes back is what was said, on both engines.
func TestHistory(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b := newBook(t, db)
		e := entry("khu-1", "t", 7)
		e.Reason += "\x00\xff"
		b.write(e, audit.Entry{PlaceID: "khu-1", ThingID: "t", Act: "see", Result: audit.Refused})
		lines, err := audit.History(b.ctx, db.Read(), "khu-1", "t")
		b.ok(err)
		if len(lines) != 2 || lines[0].N != 1 || lines[0].ActorID != bob.ID || lines[0].Address != bob.Address || lines[0].Device != bob.Device || !lines[0].At.Equal(noon) ||
			string(lines[0].After) != `{"name":"Nguyễn \"B\"\n","x":1.5}` || lines[0].Reason != "đổi <tên> & \t số\uFFFD" || lines[1].Result != audit.Refused || lines[0].Result != audit.Done {
			t.Errorf("%+v", lines)
		}
		b.wants(b.found())
		if err := audit.Write(b.ctx, db.Read(), bob, noon, e); err == nil {
			t.Error("an entry outside a transaction was swallowed")
		}
	})
}

// Every way of touching the journal behind the program's back is found and called by its name.
func TestTampering(t *testing.T) {
	for name, c := range map[string]struct {
		do   []string
		want []string
	}{
		"who":              {[]string{`UPDATE journal SET actor_id = 'x' WHERE place_id = 'khu-1' AND n = 4`}, []string{"khu-1 4 changed"}},
		"when":             {[]string{`UPDATE journal SET at = at + 1 WHERE place_id = 'khu-1' AND n = 1`}, []string{"khu-1 1 changed"}},
		"what":             {[]string{`UPDATE journal SET after = '{"name":"Nguyễn C"}' WHERE place_id = 'khu-1' AND n IN (4, 5, 9)`}, []string{"khu-1 4 changed", "khu-1 5 changed", "khu-1 9 changed"}},
		"why, of the last": {[]string{`UPDATE journal SET reason = '' WHERE place_id = 'khu-1' AND n = 12`}, []string{"khu-1 12 changed"}},
		"hash":             {[]string{`UPDATE journal SET hash = salt WHERE place_id = 'khu-1' AND n = 4`}, []string{"khu-1 4 changed", "khu-1 5 changed"}},
		"gone":             {[]string{`DELETE FROM journal WHERE place_id = 'khu-1' AND n = 4`}, []string{"khu-1 4 missing"}},
		"gone, some":       {[]string{`DELETE FROM journal WHERE place_id = 'khu-1' AND n IN (1, 4, 5, 8)`}, []string{"khu-1 1 missing", "khu-1 4 missing", "khu-1 8 missing"}},
		"gone, closed": {[]string{`DELETE FROM journal WHERE place_id = 'khu-1' AND n = 4`,
			`UPDATE journal SET n = n + 1000 WHERE place_id = 'khu-1' AND n > 4`, `UPDATE journal SET n = n - 1001 WHERE place_id = 'khu-1' AND n > 1000`}, []string{"khu-1 4 missing"}},
		"put between": {[]string{`UPDATE journal SET n = n + 1000 WHERE place_id = 'khu-1' AND n > 4`, `UPDATE journal SET n = n - 999 WHERE place_id = 'khu-1' AND n > 1000`,
			`INSERT INTO journal SELECT place_id, lane, 5, thing_id, 'new', at, actor_id, address, device, act, thing, result, before, after, reason, salt, digest, hash FROM journal WHERE place_id = 'khu-1' AND n = 4`},
			[]string{"khu-1 5 inserted"}},
		"put behind": {[]string{`INSERT INTO journal SELECT place_id, lane, 13, thing_id, 'new', at, actor_id, address, device, act, thing, result, before, after, reason, salt, digest, hash FROM journal WHERE place_id = 'khu-1' AND n = 4`},
			[]string{"khu-1 13 inserted"}},
		"swapped": {[]string{`UPDATE journal SET n = 1004 WHERE place_id = 'khu-1' AND n = 4`, `UPDATE journal SET n = 4 WHERE place_id = 'khu-1' AND n = 5`,
			`UPDATE journal SET n = 5 WHERE place_id = 'khu-1' AND n = 1004`}, []string{"khu-1 4 reordered", "khu-1 5 reordered"}},
		"swapped far": {[]string{`UPDATE journal SET n = 1004 WHERE place_id = 'khu-1' AND n = 4`, `UPDATE journal SET n = 4 WHERE place_id = 'khu-1' AND n = 9`,
			`UPDATE journal SET n = 9 WHERE place_id = 'khu-1' AND n = 1004`}, []string{"khu-1 4 reordered", "khu-1 9 reordered"}},
		"cut":                     {[]string{`DELETE FROM journal WHERE place_id = 'khu-1' AND n > 10`}, []string{"khu-1 11 cut"}},
		"all of a place":          {[]string{`DELETE FROM journal WHERE place_id = 'khu-1'`}, []string{"khu-1 1 cut"}},
		"a place and its head":    {[]string{`DELETE FROM journal WHERE place_id = 'khu-1'`, `DELETE FROM journal_head WHERE place_id = 'khu-1'`}, []string{"khu-1 12 cut"}},
		"emptied":                 {[]string{`UPDATE journal SET before = '{}', after = '{}', reason = '', salt = '' WHERE place_id = 'khu-1' AND n = 4`}, []string{"khu-1 4 changed"}},
		"head":                    {[]string{`UPDATE journal_head SET hash = 'x' WHERE place_id = 'khu-1'`}, []string{"khu-1 12 head"}},
		"root":                    {[]string{`UPDATE journal_day SET root = tree`}, []string{"2026-11-18 0 day"}},
		"head of a day":           {[]string{`UPDATE journal_day_head SET n = 11 WHERE place_id = 'khu-1'`}, []string{"khu-1 11 rewritten", "2026-11-18 0 day"}},
		"a head of a day is gone": {[]string{`DELETE FROM journal_day_head WHERE place_id = 'khu-1'`}, []string{"2026-11-18 0 day"}},
	} {
		t.Run(name, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, db *store.DB) {
				b := newBook(t, db)
				b.fill()
				if roots := b.closeDays(noon.AddDate(0, 0, 1)); len(roots) != 1 || roots[0].Day != "2026-11-18" {
					t.Fatalf("%+v", roots)
				}
				b.wants(b.found())
				for _, query := range c.do {
					b.do(query)
				}
				b.wants(b.found(), c.want...)
			})
		})
	}
}

// A cut that hides itself by an older head is found by the day's root.
func TestCutWithItsHead(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b := newBook(t, db)
		b.fill()
		b.closeDays(noon.AddDate(0, 0, 1))
		b.do(`DELETE FROM journal WHERE place_id = 'khu-1' AND n > 10`)
		b.do(`UPDATE journal_head SET n = 10, hash = (SELECT hash FROM journal WHERE place_id = 'khu-1' AND n = 10) WHERE place_id = 'khu-1'`)
		b.wants(b.found(), "khu-1 11 cut")
	})
}

// An administrator who writes the whole journal anew, heads and roots and all, has a database that holds by itself: only what was published tells.
func TestAllWrittenAnew(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b := newBook(t, db)
		b.fill()
		published := b.closeDays(noon.AddDate(0, 0, 1))
		b.wants(b.found(published...))
		type past struct {
			place, thing string
			i            int
		}
		for _, table := range []string{"journal", "journal_head", "journal_day", "journal_day_head"} {
			b.do(`DELETE FROM ` + table)
		}
		b.write(entry("khu-1", "another story", 0))
		b.closeDays(noon.AddDate(0, 0, 1))
		b.wants(b.found())
		b.wants(b.found(published...), "2026-11-18 0 published")
	})
}

// Values that are erased by Forget leave a chain that holds and says so; values that vanish otherwise do not.
func TestForget(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b := newBook(t, db)
		b.fill()
		b.closeDays(noon.AddDate(0, 0, 1))
		b.ok(db.Write(b.ctx, func(tx *store.Tx) error {
			if err := audit.Write(b.ctx, tx, bob, noon, entry("khu-1", "t1", 99)); err != nil {
				return err
			}
			n, err := audit.Forget(b.ctx, tx, bob, noon, "khu-1", "t1", "yêu cầu xóa")
			if n != 4 {
				t.Errorf("%d emptied", n)
			}
			return err
		}))
		b.wants(b.found())
		lines, err := audit.History(b.ctx, db.Read(), "khu-1", "t1")
		b.ok(err)
		if len(lines) != 5 || !lines[4].IsForget() || lines[4].Reason != "yêu cầu xóa" {
			t.Fatalf("%+v", lines)
		}
		for _, l := range lines[:4] {
			if !l.Forgotten || string(l.Before)+string(l.After)+l.Reason != "{}{}" || l.ActorID != bob.ID || l.Act != "save" {
				t.Errorf("%+v", l)
			}
		}
		for _, text := range []string{"Nguyễn", "đổi"} {
			if n := b.count(`SELECT count(*) FROM journal WHERE thing_id = 't1' AND before || after || reason LIKE $1`, "%"+text+"%"); n != 0 {
				t.Errorf("%d entries still say %q", n, text)
			}
		}
		if n := b.count(`SELECT count(*) FROM journal WHERE thing_id = 't1' AND place_id = 'khu-1' AND digest <> '' AND salt <> ''`); n != 0 {
			t.Errorf("%d salts stay: guesses could be tried", n)
		}
		b.ok(db.Write(b.ctx, func(tx *store.Tx) error {
			n, err := audit.Forget(b.ctx, tx, bob, noon, "khu-1", "t1", "")
			if n != 0 {
				t.Errorf("%d emptied twice", n)
			}
			return err
		}))
		b.wants(b.found())
		// An administrator empties others the same way, and no entry says so.
		b.do(`UPDATE journal SET before = '{}', after = '{}', reason = '', salt = '', digest = 'd' WHERE place_id = 'khu-1' AND n = 3`)
		b.wants(b.found(), "khu-1 3 changed", "khu-1 3 emptied")
	})
}

// Days follow each other without a gap, also when the program stood still, and servers do not close one twice.
func TestDays(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b := newBook(t, db)
		b.fill()
		b.closeDays(noon)
		b.write(entry("khu-1", "t", 1))
		var group sync.WaitGroup
		var mu sync.Mutex
		var closed []audit.Root
		for range 4 {
			group.Go(func() {
				list, err := audit.CloseDays(b.ctx, db, noon.AddDate(0, 0, 4))
				if err != nil {
					t.Error(err)
				}
				mu.Lock()
				closed = append(closed, list...)
				mu.Unlock()
			})
		}
		group.Wait()
		roots, err := audit.RootsAfter(b.ctx, db.Read(), "")
		b.ok(err)
		if len(closed) != 4 || len(roots) != 5 {
			t.Fatalf("%d closed of %d", len(closed), len(roots))
		}
		for i, want := range []int{2 + 1, 1, 0, 0, 0} {
			if roots[i].Chains != want || i > 0 && roots[i].Prev != roots[i-1].Root {
				t.Errorf("day %d: %+v", i, roots[i])
			}
		}
		b.wants(b.found(roots...))
		text := "Kính gửi\n> " + roots[1].String() + "\n" + roots[2].String() + "\n"
		read, err := audit.ReadRoots(strings.NewReader(text))
		b.ok(err)
		if len(read) != 2 || read[0].Root != roots[1].Root || read[1].Chains != 0 {
			t.Errorf("read %+v", read)
		}
		if _, err := audit.ReadRoots(strings.NewReader(strings.Replace(text, "chains 1", "chains 2", 1))); err == nil {
			t.Error("a root that is not the hash of its line was read")
		}
		b.do(`DELETE FROM journal_day WHERE day = '2026-11-19'`)
		b.wants(b.found(), "2026-11-19 0 missing", "2026-11-20 0 day")
	})
}

// A database of before the chains is sealed: same numbers in every copy, and what it said is what it says.
func TestSeal(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b := newBook(t, db)
		for i := range 2500 {
			b.do(`INSERT INTO journal_unsealed (place_id, thing_id, id, at, actor_id, address, act, thing, before, after, reason) VALUES ($1, $2, $3, $4, 'who', 'a:1', 'save', 'subject', $5, '{}', 'why')`,
				[]string{"khu-1", "khu-2", ""}[i%7%3], fmt.Sprint("t", i%5), fmt.Sprintf("%05d", i), i, `{"b": 1.50, "a": "Ẩn"}`)
		}
		n, err := audit.Seal(b.ctx, db, noon)
		b.ok(err)
		again, err := audit.Seal(b.ctx, db, noon)
		b.ok(err)
		if n != 2500 || again != 0 || b.count(`SELECT count(*) FROM journal`) != 2501 {
			t.Errorf("%d sealed, then %d, %d entries", n, again, b.count(`SELECT count(*) FROM journal`))
		}
		if n := b.count(`SELECT count(*) FROM journal a JOIN journal b ON b.place_id = a.place_id AND b.lane = a.lane AND b.n = a.n + 1 WHERE b.id < a.id AND b.act <> 'seal'`); n != 0 {
			t.Errorf("%d stand out of order", n)
		}
		lines, err := audit.History(b.ctx, db.Read(), "khu-1", "t0")
		b.ok(err)
		if len(lines) == 0 || !strings.Contains(string(lines[0].Before), "Ẩn") || lines[0].Reason != "why" {
			t.Errorf("%+v", lines)
		}
		b.wants(b.found())
	})
}
