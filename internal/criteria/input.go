// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package criteria

import (
	"fmt"
	"time"
)

// Input is what is known of one subject in one year, by the indices of one Compiled: Facts, Scores, Gates
// and Counts run along Compiled.Facts, Criteria, Gates and Counts. Make one with Compiled.NewInput and set what
// is known; the zero value of each element is "unknown", never 0 and never "no". It may be reused after Reset.
type Input struct {
	Year    int
	Region  Region // "" = not told
	Facts   []Value
	Scores  []Recorded
	Counts  []Count
	Gates   []Answer
	Titles  []Title // titles of the same set that the subject held before
	Applied Date    // day of application, for waiting times
	Paper   Paper
}

// Value is a fact's value. The zero Value is unknown.
type Value struct {
	Known bool
	Int   int64  // int, money; bool as 0 or 1; enum as index into Fact.Values
	Text  string // text facts only
}

// IntValue is a known whole number: an int or money fact, or the index of an enum's value.
func IntValue(n int64) Value { return Value{Known: true, Int: n} }

// BoolValue is a known yes or no.
func BoolValue(yes bool) Value {
	if yes {
		return Value{Known: true, Int: 1}
	}
	return Value{Known: true}
}

// TextValue is a known text.
func TextValue(s string) Value { return Value{Known: true, Text: s} }

// Answer is a person's yes or no, or none yet.
type Answer uint8

// The answers. For indicators Yes is pass and No is fail.
const (
	Unanswered Answer = iota
	Yes
	No
)

// AnswerOf is Yes or No.
func AnswerOf(yes bool) Answer {
	if yes {
		return Yes
	}
	return No
}

// Recorded is what a person recorded for one criterion. It counts only where the rule asks for it.
type Recorded struct {
	Points    Points // valid with HasPoints
	HasPoints bool
	Answer    Answer   // tick of a boolean, or pass / fail at the lowest level
	Ticks     uint64   // checklist: bit i is Scoring.Items[i]; valid with Ticked
	Ticked    bool     // a list was given, be it empty
	Levels    []Answer // pass / fail given for a higher level, by level index; index 0 is not used
}

// RecordPoints is a recorded number of points in hundredths.
func RecordPoints(p Points) Recorded { return Recorded{Points: p, HasPoints: true} }

// RecordAnswer is a recorded tick, or pass / fail.
func RecordAnswer(yes bool) Recorded { return Recorded{Answer: AnswerOf(yes)} }

// RecordTicks is a checklist with the items of these bits ticked.
func RecordTicks(bits uint64) Recorded { return Recorded{Ticks: bits, Ticked: true} }

// Empty reports whether nothing is recorded.
func (r *Recorded) Empty() bool {
	for _, a := range r.Levels {
		if a != Unanswered {
			return false
		}
	}
	return !r.HasPoints && r.Answer == Unanswered && !r.Ticked
}

// at gives the answer that counts at a level.
func (r *Recorded) at(level int) Answer {
	if level == 0 {
		return r.Answer
	}
	if level < len(r.Levels) {
		return r.Levels[level]
	}
	return Unanswered
}

// Count is how many members there are and how many of them hold the title, as the registry counts them.
type Count struct {
	Members    int64
	Holders    int64
	HasMembers bool
	HasHolders bool
}

// CountOf is a known count of members and holders.
func CountOf(members, holders int64) Count {
	return Count{Members: members, Holders: holders, HasMembers: true, HasHolders: true}
}

// Title is a title of this set that the subject was given before.
type Title struct {
	Level   int  // index of the level, -1 when not known
	Decided Date // zero when not known
	Revoked bool
}

// Paper is a result that was decided on paper. When Given, it is the result and nothing else is judged.
type Paper struct {
	Given    bool
	Outcome  Outcome // Recognised, NotRecognised, or Undecided when no decision is known
	Total    Points  // valid with HasTotal
	HasTotal bool
	Level    int // index of the recorded level, -1 for none
}

// Date is a calendar day as year*10000 + month*100 + day. The zero Date is unknown.
type Date int32

// DateOf gives the calendar day of t in its own location.
func DateOf(t time.Time) Date {
	y, m, d := t.Date()
	return Date(y*10000 + int(m)*100 + d)
}

// ParseDate reads YYYY-MM-DD; ok is false for anything else and for days that no calendar has.
func ParseDate(s string) (d Date, ok bool) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return 0, false
	}
	return DateOf(t), true
}

// String gives YYYY-MM-DD, or "" when unknown.
func (d Date) String() string {
	if d == 0 {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d/10000, d/100%100, d%100)
}

// AddMonths moves by calendar months and stays within the month: 31 January + 1 month is the last day of
// February.
func (d Date) AddMonths(months int) Date {
	m := int(d)/10000*12 + int(d)/100%100 - 1 + months
	y, mo, day := m/12, m%12+1, int(d)%100
	if y > 9999 {
		return 99991231
	}
	last := time.Date(y, time.Month(mo)+1, 0, 0, 0, 0, 0, time.UTC).Day()
	return Date(y*10000 + mo*100 + min(day, last))
}

// Reset forgets everything but keeps the memory.
func (in *Input) Reset() {
	clear(in.Facts)
	clear(in.Scores)
	clear(in.Counts)
	clear(in.Gates)
	*in = Input{Facts: in.Facts, Scores: in.Scores, Counts: in.Counts, Gates: in.Gates, Titles: in.Titles[:0], Paper: Paper{Level: -1}}
}
