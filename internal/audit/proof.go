// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"bufio"
	"context"
	"io"
	"slices"
	"strings"

	"hoctap/internal/fault"
	"hoctap/internal/store"
)

// A proof that an entry is part of a published root is a list of lines. The SHA-256 of each stands in the next one, and that of the last is the
// root: the entry's values, the entry, its link in the chain, the links up to the head of that day, the head, its way up the tree, the day. Of the
// entries between, only hashes are named.

const (
	selectEntry = `
		SELECT place_id, lane, n, thing_id, id, at, actor_id, address, device, act, thing, result, before, after, reason, salt, digest, hash, ''
		FROM journal WHERE place_id = $1 AND id = $2`
	selectBehind = `
		SELECT place_id, lane, n, thing_id, id, at, actor_id, address, device, act, thing, result, before, after, reason, salt, digest, hash, ''
		FROM journal WHERE place_id = $1 AND lane = $2 AND n > $3 AND n <= $4 ORDER BY n`
	selectHashAt  = `SELECT hash FROM journal WHERE place_id = $1 AND lane = $2 AND n = $3`
	selectDayOf   = `SELECT day, n FROM journal_day_head WHERE place_id = $1 AND lane = $2 AND n >= $3 ORDER BY n LIMIT 1`
	selectRootOf  = `SELECT day, chains, tree, prev, root, at FROM journal_day WHERE day = $1`
	longestOfText = 4 << 20 // of a line in a proof
)

// Prove returns the lines that lead from an entry to the root of the first day that holds it. It fails with fault.NotFound, and fault.Conflict while
// the day is not over. The first line, which tells the values, is left out where they were erased.
func Prove(ctx context.Context, db *store.DB, placeID, id string) (lines []string, root Root, err error) {
	defer fault.Wrap(&err, "audit.Prove(%s, %s)", placeID, id)
	err = db.Snapshot(ctx, func(tx *store.Tx) error {
		lines, root, err = prove(ctx, tx, placeID, id)
		return err
	})
	return lines, root, err
}

func prove(ctx context.Context, tx *store.Tx, placeID, id string) (lines []string, root Root, err error) {
	scan := func(s store.Scanner) (row, error) { r, _, err := scanRow(s); return r, err }
	r, found, err := store.One(ctx, tx, scan, selectEntry, placeID, id)
	if err != nil {
		return nil, root, err
	}
	if !found {
		return nil, root, fault.NotFound("journal_entry", id)
	}
	type published struct {
		day string
		n   int64
	}
	day, found, err := store.One(ctx, tx, func(s store.Scanner) (d published, err error) { err = s.Scan(&d.day, &d.n); return d, err }, selectDayOf, r.place, r.lane, r.n)
	if err != nil {
		return nil, root, err
	}
	if !found {
		return nil, root, fault.Conflict("journal.not_published")
	}
	if root, _, err = store.One(ctx, tx, scanRoot, selectRootOf, day.day); err != nil {
		return nil, root, err
	}
	prev, found, err := store.One(ctx, tx, store.Value[string], selectHashAt, r.place, r.lane, r.n-1)
	if err != nil {
		return nil, root, err
	}
	if !found {
		prev = Zero
	}
	if r.digest == "" {
		lines = append(lines, r.values())
	}
	lines = append(lines, r.says(), link(prev, sum(r.says())))
	at := sum(lines[len(lines)-1])
	err = store.Each(ctx, tx, func(s store.Scanner) error {
		next, err := scan(s)
		if err == nil {
			lines = append(lines, link(at, sum(next.says())))
			at = sum(lines[len(lines)-1])
		}
		return err
	}, selectBehind, r.place, r.lane, r.n, day.n)
	if err != nil {
		return nil, root, err
	}
	heads, err := store.Collect(ctx, tx, scanHead, selectHeadsOf, day.day)
	if err != nil {
		return nil, root, err
	}
	i := slices.IndexFunc(heads, func(h head) bool { return h.chainID == r.chain() })
	if i < 0 {
		return nil, root, fault.Conflict("journal.not_published")
	}
	lines = append(lines, heads[i].line())
	for level := hashesOf(heads); len(level) > 1; level, i = above(level), i/2 {
		switch {
		case i%2 == 1:
			lines = append(lines, node(level[i-1], level[i]))
		case i+1 < len(level):
			lines = append(lines, node(level[i], level[i+1]))
		}
	}
	return append(lines, root.Line()), root, nil
}

// CheckProof reads a proof and returns the root it leads to, which must be one of those that were published. It fails with fault.Conflict for lines that do
// not follow from each other, and for a root that is none of them.
func CheckProof(in io.Reader, published []Root) (root Root, err error) {
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, longestOfText)
	last := ""
	for n := 1; lines.Scan(); n++ {
		line := lines.Text()
		if last != "" && !strings.Contains(line, last) {
			return root, fault.Conflict("journal.bad_proof", "line", n)
		}
		last = sum(line)
	}
	if err := lines.Err(); err != nil {
		return root, err
	}
	for _, r := range published {
		if r.Root == last {
			return r, nil
		}
	}
	return root, fault.Conflict("journal.no_such_root", "root", last)
}
