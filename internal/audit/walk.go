// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package audit

import "slices"

// walk goes along one chain. An entry that does not fit waits until the next one tells what was done to it: entries behind a change of one are still
// what they were, and so are those behind an insertion or a gap that somebody closed, under numbers that are off by one.
type walk struct {
	*verifier
	id      chainID
	n       int64  // of the last row
	hash    string // hash on which the next row builds
	good    string // hash before the rows that wait
	lost    bool   // the hash before the next row is not known
	shift   int64  // how far numbers are off behind insertions and gaps
	waiting []row
	astray  []row    // rows that did not fit where they stood
	befores []string // hashes before them, and their own: on which they may have been built
	emptied []int64  // rows without values, for which no entry has come yet
}

func (v *verifier) begin(c chainID) *walk {
	w := &walk{verifier: v, id: c, hash: Zero}
	if start, dropped := v.starts[c]; dropped {
		w.n, w.hash = start.n, start.hash
	}
	w.good = w.hash
	return w
}

func fits(r row, prev string, n int64) bool { return sum(link(prev, sum(r.saysAs(n)))) == r.hash }

// step takes the next row; published is the hash that a day's root holds for it, or "".
func (w *walk) step(r row, published string) {
	if r.n != w.n+1 {
		w.settle()
		w.wrong(w.id, w.n+1, "", Missing)
		w.lost = true
	}
	w.n = r.n
	w.told(r)
	next := r.hash
	switch n := r.n - w.shift; {
	case w.lost: // the one before is gone: this row is believed when the next one builds on it
		w.lost = false
		w.good = r.hash
	case len(w.waiting) == 0 && fits(r, w.hash, n):
		w.good = r.hash
	case len(w.waiting) == 0:
		w.waiting = append(w.waiting, r)
	default:
		last := w.waiting[len(w.waiting)-1]
		switch {
		case fits(r, last.hash, n):
			w.settle()
			w.good = r.hash
		case fits(last, r.hash, n): // they stand in each other's place
			w.waiting = append(w.waiting, r)
			w.settle()
			w.good, next = last.hash, last.hash
		case len(w.waiting) == 1 && fits(r, w.good, n-1):
			w.wrong(w.id, last.n, last.id, Inserted)
			w.waiting, w.good = nil, r.hash
			w.shift++
		case len(w.waiting) == 1 && fits(r, last.hash, n+1):
			w.wrong(w.id, last.n, "", Missing)
			w.waiting, w.good = nil, r.hash
			w.shift--
		default:
			w.waiting = append(w.waiting, r)
		}
	}
	w.hash = next
	if published != "" && published != r.hash && w.shift == 0 && len(w.waiting) == 0 {
		w.wrong(w.id, r.n, r.id, Rewritten)
	}
	if head := w.heads[w.id]; r.n == head.n && r.hash != head.hash && len(w.waiting) == 0 && w.shift == 0 {
		w.wrong(w.id, r.n, r.id, Head)
	}
}

// told keeps account of values that were erased, and of rows that were dropped.
func (w *walk) told(r row) {
	if r.digest != "" {
		if r.before != "{}" || r.after != "{}" || r.reason != "" || r.salt != "" {
			w.wrong(w.id, r.n, r.id, Changed)
		}
		w.emptied = append(w.emptied, r.n-w.shift)
	}
	switch {
	case r.thing == forgetThing && r.act == forgetAct:
		gone := numbersOf(r.after)
		w.emptied = slices.DeleteFunc(w.emptied, func(n int64) bool { return slices.Contains(gone, n) })
	case r.thing == dropThing && r.act == dropAct:
		for _, d := range droppedOf(r.after) {
			c := chainID{"", d.Lane}
			w.drops[c] = max(w.drops[c], d.N)
		}
	}
}

// mostAstray is how many rows of a chain are compared with each other; of more it is only said that they were changed.
const mostAstray = 24

// settle keeps the rows that wait until the end of the chain.
func (w *walk) settle() {
	if len(w.waiting) == 0 {
		return
	}
	w.befores = append(w.befores, w.good)
	for _, r := range w.waiting {
		r.n -= w.shift
		w.befores = append(w.befores, r.hash)
		w.astray = append(w.astray, r)
	}
	w.good = w.waiting[len(w.waiting)-1].hash
	w.waiting = w.waiting[:0]
	if len(w.astray) > mostAstray {
		w.judge()
	}
}

// judge says of the rows that fitted nowhere whether they only changed places, were written anew, or are as they were behind one that is not.
func (w *walk) judge() {
	builds := func(r row, n int64) bool {
		return slices.ContainsFunc(w.befores, func(prev string) bool { return fits(r, prev, n) })
	}
	many := len(w.astray) > mostAstray
	for _, r := range w.astray {
		switch {
		case many:
			w.wrong(w.id, r.n, r.id, Changed)
		case builds(r, r.n):
		case slices.ContainsFunc(w.astray, func(other row) bool { return other.n != r.n && builds(r, other.n) }):
			w.wrong(w.id, r.n, r.id, Reordered)
		default:
			w.wrong(w.id, r.n, r.id, Changed)
		}
	}
	w.astray, w.befores = nil, nil
}

// end checks what stands behind the last row.
func (w *walk) end() {
	if w == nil {
		return
	}
	head, known := w.heads[w.id]
	if !known {
		w.wrong(w.id, w.n, "", Head)
	}
	if known && w.n > head.n && w.shift == 0 { // rows that no head knows
		fitting := len(w.waiting) == 0
		w.waiting = slices.DeleteFunc(w.waiting, func(r row) bool {
			if r.n > head.n {
				w.wrong(w.id, r.n, r.id, Inserted)
			}
			return r.n > head.n
		})
		if fitting {
			w.wrong(w.id, w.n, "", Head)
		}
	}
	w.settle()
	w.judge()
	switch last := w.last[w.id]; {
	case known && w.n < head.n && w.shift == 0:
		w.wrong(w.id, w.n+1, "", Cut)
	case w.n-w.shift < last.n:
		w.wrong(w.id, w.n+1, "", Cut)
	}
	for _, n := range w.emptied {
		w.wrong(w.id, n, "", Emptied)
	}
}
