// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"encoding/binary"
	"hash/fnv"
	"math/rand/v2"
	"strings"

	"github.com/oklog/ulid/v2"
)

// rng draws everything of one commune. What it draws depends on the seed and the commune's code alone, never on the order in
// which communes are filled.
type rng struct {
	*rand.Rand
	clock uint64 // milliseconds of the next id
}

// firstID is the time in the first id, 4 January 2021. Later ones follow each other by a millisecond, a commune's block after
// the block of the one before: rows are then written where the last ones were, which is what makes a million of them quick.
const (
	firstID      = 1_609_718_400_000
	idsOfCommune = 4_000_000
)

func newRNG(seed int64, code string, ordinal int) *rng {
	h := fnv.New64a()
	h.Write([]byte(code))
	return &rng{rand.New(rand.NewPCG(uint64(seed), h.Sum64())), firstID + uint64(ordinal)*idsOfCommune}
}

// id returns the next id.
func (r *rng) id() string {
	var u ulid.ULID
	_ = u.SetTime(r.clock) // fails after the year 10889
	r.clock++
	binary.BigEndian.PutUint16(u[6:], uint16(r.Uint64()))
	binary.BigEndian.PutUint64(u[8:], r.Uint64())
	return strings.ToLower(u.String())
}

// idAt returns an id whose time is at, in milliseconds: for things that are listed by id.
func (r *rng) idAt(millis int64) string {
	keep := r.clock
	r.clock = uint64(millis)
	id := r.id()
	r.clock = keep
	return id
}

// chance is true in p of 1.
func (r *rng) chance(p float64) bool { return r.Float64() < p }

// between draws a whole number from low to high, both included.
func (r *rng) between(low, high int) int {
	if high <= low {
		return low
	}
	return low + r.IntN(high-low+1)
}

// around draws from a bell of the given spread and keeps within low and high.
func (r *rng) around(mean, spread float64, low, high int) int {
	return max(low, min(high, int(mean+r.NormFloat64()*spread+0.5)))
}
