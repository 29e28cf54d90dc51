// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Package report owns the reports (báo cáo) that go up the levels: the periods in which places report, the draft with figures that the system fills
// in and words that officers add, what was submitted, and what the level above made of it.
//
// A submitted report is frozen: figures, words and explanations as JSON under their hash, with a number of the outgoing register. A later correction
// is a new version. The package must not know papers or pages; a paper is made from a Snapshot beside the pages.
package report

import (
	"fmt"
	"time"

	"hoctap/internal/assessment"
	"hoctap/internal/place"
	"hoctap/internal/recognition"
	"hoctap/internal/store"
)

// Service keeps periods and reports.
type Service struct {
	db          *store.DB
	places      *place.Service
	rounds      *assessment.Service
	recognition *recognition.Service
	now         func() time.Time
}

// New returns a Service.
func New(db *store.DB, places *place.Service, rounds *assessment.Service, recognition *recognition.Service, now func() time.Time) *Service {
	return &Service{db: db, places: places, rounds: rounds, recognition: recognition, now: now}
}

// Kind is how long a time a report speaks of.
type Kind string

// The kinds of report.
const (
	Year Kind = "year" // báo cáo năm
	Half Kind = "half" // báo cáo sáu tháng đầu năm
	Five Kind = "five" // sơ kết 5 năm
	Ten  Kind = "ten"  // tổng kết 10 năm
)

// Kinds lists the kinds in the order that screens show.
var Kinds = []Kind{Year, Half, Five, Ten}

// years is how many years a kind speaks of; 0 for no kind.
func (k Kind) years() int {
	switch k {
	case Year, Half:
		return 1
	case Five:
		return 5
	case Ten:
		return 10
	}
	return 0
}

// Review says whether the report looks back over several years.
func (k Kind) Review() bool { return k.years() > 1 }

// State is where a report stands.
type State string

// The states of a report. It goes open → submitted → accepted or returned → submitted …; accepted → correcting → submitted.
const (
	Open       State = "open"       // with the place that reports
	Submitted  State = "submitted"  // with the level above
	Returned   State = "returned"   // back, with a reason
	Accepted   State = "accepted"   // taken over by the level above
	Correcting State = "correcting" // accepted, and a correction is being written
)

// States lists the states in the order that screens show.
var States = []State{Open, Returned, Correcting, Submitted, Accepted}

// Writable says whether the place may work on the draft.
func (s State) Writable() bool { return s == Open || s == Returned || s == Correcting }

// Period is a time for which places report to the level above. Days are "YYYY-MM-DD", inclusive.
type Period struct {
	ID       string
	PlaceID  string // the province that opened it
	Level    string // place.Commune or place.Province: who reports
	Kind     Kind
	Title    string
	FromYear int
	ToYear   int
	Opens    string
	Due      string
	Closes   string
	EndedOn  string // day on which who opened it ended it; "" while it runs
	EndedWhy string
}

// Report is one place's report in a period.
type Report struct {
	PlaceID     string
	Period      Period
	State       State
	Due, Closes string // the period's, or later ones
	Extended    string // why they are later
	Figures     *Figures
	Words       Words
	Reason      string // why an accepted report is corrected
	Last        int    // newest version, 0 for none
	Accepted    int    // newest accepted version, 0 for none
	SubmittedOn string // day of the newest version that is no correction
	ByName      string // who saved last
	Version     int64
	UpdatedAt   time.Time
}

// Owed says whether the place still has to send the report: nothing is owed while an accepted version stands, also when its correction came back, nor once
// the period was ended.
func (r *Report) Owed() bool {
	return r.Accepted == 0 && (r.State == Open || r.State == Returned) && r.Period.EndedOn == ""
}

// Late is how many days after its due day the report was submitted, or is still missing on today; 0 when it is in time.
func (r *Report) Late(today string) int {
	on := today
	if !r.Owed() {
		on = r.SubmittedOn
	}
	return max(0, daysBetween(r.Due, on))
}

// daysBetween counts the days from one date to another; 0 when one of them is none.
func daysBetween(from, to string) int {
	a, err1 := time.Parse(time.DateOnly, from)
	b, err2 := time.Parse(time.DateOnly, to)
	if err1 != nil || err2 != nil {
		return 0
	}
	return int(b.Sub(a).Hours() / 24)
}

// Version is a report as it was submitted.
type Version struct {
	PlaceID     string
	PeriodID    string
	No          int
	PaperID     string
	SHA         string
	Reason      string
	ByID        string
	ByName      string
	SubmittedAt time.Time
	State       State // Submitted, Accepted or Returned
	JudgedName  string
	JudgedAt    time.Time
	JudgedWhy   string
	AnsweredOn  string // day of the centre's answer where the province wrote it down
}

// Snapshot is the content of a version: what is frozen.
type Snapshot struct {
	Schema string         `json:"schema"`
	Period SnapshotPeriod `json:"period"`
	Place  SnapshotPlace  `json:"place"`
	No     int            `json:"no"`
	Number string         `json:"number,omitempty"` // "12/BC-HKH"; "" for a draft
	Date   string         `json:"date,omitempty"`
	Reason string         `json:"reason,omitempty"`
	// The report that this one stands for: the accepted one that it corrects, else the one that came back; "" for a first one.
	Replaces   string `json:"replaces,omitempty"` // "12/BC-HKH"
	ReplacesOn string `json:"replaces_on,omitempty"`

	Figures Figures `json:"figures"`
	Words   Words   `json:"words"`
}

// SnapshotPeriod is the period as a snapshot keeps it.
type SnapshotPeriod struct {
	ID    string `json:"id"`
	Kind  Kind   `json:"kind"`
	Title string `json:"title"`
	From  int    `json:"from"`
	To    int    `json:"to"`
}

// SnapshotPlace is the place as a snapshot keeps it.
type SnapshotPlace struct {
	ID    string `json:"id"`
	Level string `json:"level"`
	Kind  string `json:"kind"` // "Xã"
	Name  string `json:"name"`
	Above string `json:"above,omitempty"` // full name of the place it reports to; "" for the centre
}

// schema is the only form of a snapshot that this program writes.
const schema = "learning-report/1"

// Difference is one thing that is not as it must be.
type Difference struct{ PlaceID, ID, What string }

func (p Period) String() string { return fmt.Sprintf("%s %d–%d", p.Kind, p.FromYear, p.ToYear) }
