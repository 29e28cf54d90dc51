// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package privacy

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"hoctap/internal/fault"
	"hoctap/internal/store"
	"hoctap/internal/text"
)

// Kind is what a person asks for.
type Kind string

// The kinds, in the order of forms.
const (
	View     Kind = "view"     // to see what is held
	Correct  Kind = "correct"  // to have it put right
	Provide  Kind = "provide"  // to be given it as a file
	Withdraw Kind = "withdraw" // to take a consent back
	Limit    Kind = "restrict" // to have it kept and not used
	Object   Kind = "object"   // to have a use ended
	Erase    Kind = "erase"    // to have it erased
)

// Kinds lists them in the order of forms.
var Kinds = []Kind{View, Correct, Provide, Withdraw, Limit, Object, Erase}

// terms are days: Decree 356/2025, article 5. Through processors another time is allowed.
var terms = map[Kind]struct{ days, processors, more int }{
	View: {10, 10, 10}, Correct: {10, 10, 10}, Provide: {10, 10, 10},
	Withdraw: {15, 20, 15}, Limit: {15, 20, 15}, Object: {15, 20, 15},
	Erase: {20, 30, 20},
}

// acknowledgeDays are working days.
const acknowledgeDays = 2

// Due is the last day to answer a request that was received on a day, and Later the last day once it was extended, which happens once.
func (k Kind) Due(received string, processors bool) string {
	t := terms[k]
	if processors {
		return addDays(received, t.processors)
	}
	return addDays(received, t.days)
}

// Later is the due day after the one extension.
func (k Kind) Later(due string) string { return addDays(due, terms[k].more) }

// State is where a request is.
type State string

// The states of a request.
const (
	Received State = "received" // nobody told the person yet that it arrived
	Working  State = "working"
	Done     State = "done"
	Refused  State = "refused"
	Dropped  State = "dropped" // taken back, or nobody came to show who they are
)

// Open says whether an answer is owed.
func (s State) Open() bool { return s == Received || s == Working }

// Ways and relations of requests, in the order of forms.
var (
	Ways      = []string{"paper", "counter", "form"}
	Relations = []string{"self", "parent", "representative"}
)

// Request is what a person asks of the body that holds their data.
type Request struct {
	ID, Code       string
	PlaceID        string // who answers
	Kind           Kind
	Way            string
	State          State
	Name, Contact  string
	Relation       string
	Words          string
	Processors     bool
	SubjectPlace   string
	SubjectID      string
	Checked        string // how the office saw who it is
	CheckedBy      string
	ReceivedOn     string
	AcknowledgeBy  string
	AcknowledgedOn string
	Due            string
	Extended       string // why it takes longer
	Answer, Basis  string
	ChangeID       string
	EndedOn        string
	EndedBy        string
	ByID           string
	Version        int64
	CreatedAt      time.Time
}

// Late is by how many days an answer is overdue on a day; 0 when it is not.
func (r *Request) Late(today string) int {
	switch {
	case !r.State.Open():
		return 0
	case r.Due < today:
		return daysBetween(r.Due, today)
	case r.State == Received && r.AcknowledgeBy < today:
		return daysBetween(r.AcknowledgeBy, today)
	}
	return 0
}

// Next is the day by which the next thing is owed.
func (r *Request) Next() string {
	if r.State == Received {
		return min(r.AcknowledgeBy, r.Due)
	}
	return r.Due
}

// Limits of what is typed.
const (
	maxName  = 120
	maxWords = 4000
)

func long(field, value string, least, most int) []fault.FieldError {
	switch n := utf8.RuneCountInString(value); {
	case n < least:
		return []fault.FieldError{fault.Field(field, "privacy.missing")}
	case n > most:
		return []fault.FieldError{fault.Field(field, "privacy.too_long", "length", n, "limit", most)}
	}
	return nil
}

func oneOf[T ~string](field string, value T, of []T) []fault.FieldError {
	if slices.Contains(of, value) {
		return nil
	}
	return []fault.FieldError{fault.Field(field, "privacy.choose")}
}

// clean brings typed texts to their stored form.
func clean(texts ...*string) {
	for _, s := range texts {
		*s = strings.TrimSpace(text.NFC(*s))
	}
}

// Check reports every rule a new request breaks as of today.
func (r *Request) Check(today string) error {
	errs := slices.Concat(oneOf("kind", r.Kind, Kinds), oneOf("way", r.Way, Ways), oneOf("relation", r.Relation, Relations),
		long("name", r.Name, 2, maxName), long("contact", r.Contact, 5, maxName*2), long("words", r.Words, 0, maxWords))
	if _, err := time.Parse(time.DateOnly, r.ReceivedOn); err != nil {
		errs = append(errs, fault.Field("received_on", "privacy.date"))
	} else if r.ReceivedOn > today || r.ReceivedOn < addDays(today, -90) {
		errs = append(errs, fault.Field("received_on", "privacy.received", "today", today))
	}
	return fault.Invalid(errs...)
}

const requestColumns = `id, code, place_id, kind, way, state, name, contact, relation, words, processors, subject_place, subject_id, checked, checked_by, received_on,
	acknowledge_by, acknowledged_on, due, extended, answer, basis, change_id, ended_on, ended_by, by_id, version, created_at`

func scanRequest(sc store.Scanner) (r Request, err error) {
	var at int64
	err = sc.Scan(&r.ID, &r.Code, &r.PlaceID, &r.Kind, &r.Way, &r.State, &r.Name, &r.Contact, &r.Relation, &r.Words, &r.Processors, &r.SubjectPlace, &r.SubjectID,
		&r.Checked, &r.CheckedBy, &r.ReceivedOn, &r.AcknowledgeBy, &r.AcknowledgedOn, &r.Due, &r.Extended, &r.Answer, &r.Basis, &r.ChangeID, &r.EndedOn, &r.EndedBy,
		&r.ByID, &r.Version, &at)
	r.CreatedAt = store.Time(at)
	return r, err
}
