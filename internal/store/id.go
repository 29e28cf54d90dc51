// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package store

import (
	"strings"
	"time"

	"github.com/oklog/ulid/v2"
)

// NewID returns a new id: 26 lower-case characters that sort by the time they were made, unique without a server.
func NewID() string { return strings.ToLower(ulid.Make().String()) }

// Micros is a point in time as the database keeps it: microseconds since 1970, UTC; 0 stands for "never".
func Micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

// Time is the reverse of Micros.
func Time(micros int64) time.Time {
	if micros == 0 {
		return time.Time{}
	}
	return time.UnixMicro(micros).UTC()
}

// Always and Still bound a validity that has no beginning or no end.
const (
	Always = "0001-01-01"
	Still  = "9999-12-31"
)

// Zone is Vietnam's time, which has had no summer time since 1975; dates of law and deadlines are meant in it.
var Zone = time.FixedZone("+07", 7*60*60)

// Date returns the day of t in Vietnam as "YYYY-MM-DD".
func Date(t time.Time) string { return t.In(Zone).Format(time.DateOnly) }
