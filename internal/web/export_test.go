// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package web

import "time"

// Hasten shortens what slow clients are given, and returns how to put it back.
func Hasten(s, g time.Duration) (undo func()) {
	s0, g0 := stall, grace
	stall, grace = s, g
	return func() { stall, grace = s0, g0 }
}

// Paced is what stands around every page.
var Paced = paced

// What fuzzers try.
var (
	ClientOf = clientOf
	Holds    = holds
)
