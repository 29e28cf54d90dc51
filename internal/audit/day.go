// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"time"

	"hoctap/internal/fault"
	"hoctap/internal/store"
)

// Root is what is published of a day: one hash over the heads of all chains that grew since the day before, and over that day's root. It is the
// SHA-256 of Line; whoever keeps it can tell later whether anything of that day or before was changed.
type Root struct {
	Day    string // in Vietnam
	Chains int
	Tree   string // root of the tree over the heads; Zero when none grew
	Prev   string // root of the day before; Zero for the first
	Root   string
	At     time.Time // when the day was closed
}

// Line is the text whose SHA-256 is the root.
func (r Root) Line() string {
	return "day " + r.Day + " chains " + strconv.Itoa(r.Chains) + " tree " + r.Tree + " after " + r.Prev
}

// String is a line as sha256sum writes one: the root, two spaces, what it is the hash of.
func (r Root) String() string { return r.Root + "  " + r.Line() }

var rootLine = regexp.MustCompile(`\b([0-9a-f]{64})  day (\d{4}-\d\d-\d\d) chains (\d{1,9}) tree ([0-9a-f]{64}) after ([0-9a-f]{64})\b`)

// ReadRoots finds the lines of published roots in a text: a file of them, a letter, a saved page. A line whose hash is not that of its text is refused.
func ReadRoots(in io.Reader) (list []Root, err error) {
	lines := bufio.NewScanner(in)
	for n := 1; lines.Scan(); n++ {
		m := rootLine.FindStringSubmatch(lines.Text())
		if m == nil {
			continue
		}
		r := Root{Root: m[1], Day: m[2], Tree: m[4], Prev: m[5]}
		if r.Chains, err = strconv.Atoi(m[3]); err != nil {
			return nil, err
		}
		if sum(r.Line()) != r.Root {
			return nil, fault.Conflict("journal.bad_root", "line", n, "day", r.Day)
		}
		list = append(list, r)
	}
	return list, lines.Err()
}

// head is the newest entry of a chain as a tree holds it.
type head struct {
	chainID
	n    int64
	hash string
}

func (h head) line() string {
	return "head " + array(h.place, strconv.Itoa(h.lane), strconv.FormatInt(h.n, 10), h.hash)
}

func node(left, right string) string { return "node " + left + " " + right }

// tree returns the root over hashes: neighbours are hashed in pairs, level by level; one without a neighbour goes up as it is.
func tree(level []string) string {
	if len(level) == 0 {
		return Zero
	}
	for len(level) > 1 {
		level = above(level)
	}
	return level[0]
}

func above(level []string) (up []string) {
	for i := 0; i < len(level); i += 2 {
		if i+1 == len(level) {
			up = append(up, level[i])
		} else {
			up = append(up, sum(node(level[i], level[i+1])))
		}
	}
	return up
}

const (
	selectGrown = `
		SELECT h.place_id, h.lane, h.n, h.hash FROM journal_head h
		WHERE NOT EXISTS (SELECT 1 FROM journal_day_head d WHERE d.place_id = h.place_id AND d.lane = h.lane AND d.n = h.n)
		ORDER BY h.place_id, h.lane`
	selectLastDay = `SELECT day, chains, tree, prev, root, at FROM journal_day ORDER BY day DESC LIMIT 1`
	insertDay     = `INSERT INTO journal_day (day, chains, tree, prev, root, at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (day) DO NOTHING`
)

var insertDayHeads = store.NewBulk(`INSERT INTO journal_day_head (place_id, lane, n, hash, day) VALUES`, "")

// CloseDays makes the roots of all days that have ended and have none yet. Of days on which the program stood still there is one too: nothing
// grew on them. Several servers may do it at the same time; each day is closed once.
func CloseDays(ctx context.Context, db *store.DB, now time.Time) (closed []Root, err error) {
	defer fault.Wrap(&err, "audit.CloseDays")
	yesterday := store.Date(now.Add(-24 * time.Hour))
	for {
		last, any, err := store.One(ctx, db.Read(), scanRoot, selectLastDay)
		if err != nil {
			return closed, err
		}
		day := yesterday
		if any {
			if day, err = dayAfter(last.Day); err != nil {
				return closed, err
			}
		}
		if day > yesterday {
			return closed, nil
		}
		r, won, err := closeDay(ctx, db, day, last, now)
		if err != nil {
			return closed, err
		}
		if won {
			closed = append(closed, r)
		}
	}
}

func closeDay(ctx context.Context, db *store.DB, day string, last Root, now time.Time) (r Root, won bool, err error) {
	err = db.Write(ctx, func(tx *store.Tx) error {
		heads, err := store.Collect(ctx, tx, scanHead, selectGrown)
		if err != nil {
			return err
		}
		r = Root{Day: day, Chains: len(heads), Tree: tree(hashesOf(heads)), Prev: last.Root, At: now}
		if r.Prev == "" {
			r.Prev = Zero
		}
		r.Root = sum(r.Line())
		n, err := tx.Exec(ctx, insertDay, r.Day, r.Chains, r.Tree, r.Prev, r.Root, store.Micros(now))
		if won = err == nil && n == 1; !won {
			return err
		}
		args := make([]any, 0, 5*len(heads))
		for _, h := range heads {
			args = append(args, h.place, h.lane, h.n, h.hash, day)
		}
		_, err = insertDayHeads.Insert(ctx, tx, args)
		return err
	})
	return r, won, err
}

func hashesOf(heads []head) (list []string) {
	for _, h := range heads {
		list = append(list, sum(h.line()))
	}
	return list
}

func scanHead(s store.Scanner) (h head, err error) {
	err = s.Scan(&h.place, &h.lane, &h.n, &h.hash)
	return h, err
}

func scanRoot(s store.Scanner) (r Root, err error) {
	var at int64
	err = s.Scan(&r.Day, &r.Chains, &r.Tree, &r.Prev, &r.Root, &at)
	r.At = store.Time(at)
	return r, err
}

func dayAfter(day string) (string, error) {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return "", fmt.Errorf("journal_day: %w", err)
	}
	return t.AddDate(0, 0, 1).Format(time.DateOnly), nil
}

const (
	selectDays      = `SELECT day, chains, tree, prev, root, at FROM journal_day WHERE day > $1 ORDER BY day LIMIT $2`
	selectDaysDown  = `SELECT day, chains, tree, prev, root, at FROM journal_day WHERE day < $1 ORDER BY day DESC LIMIT $2`
	selectHeadsOf   = `SELECT place_id, lane, n, hash FROM journal_day_head WHERE day = $1 ORDER BY place_id, lane`
	mostRootsAtOnce = 400
)

// RootsAfter returns roots in the order of days, from the one after day.
func RootsAfter(ctx context.Context, tx *store.Tx, day string) ([]Root, error) {
	return store.Collect(ctx, tx, scanRoot, selectDays, day, mostRootsAtOnce)
}

// RootsBefore returns the newest roots first, beginning before day; "" for the newest of all.
func RootsBefore(ctx context.Context, tx *store.Tx, day string, most int) ([]Root, error) {
	if day == "" {
		day = store.Still
	}
	return store.Collect(ctx, tx, scanRoot, selectDaysDown, day, min(most, mostRootsAtOnce))
}

// days checks every root against the heads it was made of, the root before it, and what was published.
func (v *verifier) days(ctx context.Context, tx *store.Tx, published []Root) error {
	kept := map[string]string{}
	prev, expected := Zero, ""
	for {
		list, err := RootsAfter(ctx, tx, expected)
		if err != nil {
			return err
		}
		for _, r := range list {
			heads, err := store.Collect(ctx, tx, scanHead, selectHeadsOf, r.Day)
			if err != nil {
				return err
			}
			if due, err := dayAfter(expected); expected != "" && (err != nil || due != r.Day) {
				v.out = append(v.out, Difference{Day: due, Flaw: Missing})
			}
			if r.Tree != tree(hashesOf(heads)) || r.Chains != len(heads) || r.Prev != prev || r.Root != sum(r.Line()) {
				v.out = append(v.out, Difference{Day: r.Day, Flaw: Day})
			}
			v.done.Days++
			prev, expected, kept[r.Day] = r.Root, r.Day, r.Root
		}
		if len(list) < mostRootsAtOnce {
			break
		}
	}
	for _, r := range published {
		if kept[r.Day] != r.Root {
			v.out = append(v.out, Difference{Day: r.Day, Flaw: Published})
		}
	}
	return nil
}
