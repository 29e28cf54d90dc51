// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Package recognition owns what follows a review: proposal lists, decisions with their gap-free numbers, the titles they
// grant, certificate codes that anyone can verify, and how decisions are amended and revoked by later ones.
//
// A decision that is issued never changes again; its text, list and titles are frozen by a hash. It moves assessments only
// through package assessment's state machine, inside its own transaction. It must not know papers or pages.
package recognition

import (
	"context"
	"fmt"
	"strings"
	"time"

	"hoctap/internal/assessment"
	"hoctap/internal/criteria"
	"hoctap/internal/criteria/version"
	"hoctap/internal/keyring"
	"hoctap/internal/place"
	"hoctap/internal/registry"
	"hoctap/internal/rollup"
	"hoctap/internal/store"
)

// Service keeps decisions and titles.
type Service struct {
	db          *store.DB
	places      *place.Service
	sets        *version.Service
	registry    *registry.Service
	assessments *assessment.Service
	figures     *rollup.Figures
	now         func() time.Time
	sealing     sealKey

	Keys *keyring.Ring // seals the secret of printed codes; nil in tests only

	// Gate is asked before a paper follows a decision, and says what is still missing; nil asks for nothing. Set it before the first request.
	Gate func(ctx context.Context, tx *store.Tx, d *Decision) error
}

// New returns a Service.
func New(db *store.DB, places *place.Service, sets *version.Service, registry *registry.Service, assessments *assessment.Service, now func() time.Time) *Service {
	return &Service{db: db, places: places, sets: sets, registry: registry, assessments: assessments, figures: rollup.NewFigures(db, now), now: now}
}

// Kind is what a decision does.
type Kind string

// The kinds of decision.
const (
	KindRecognise Kind = "recognise" // titles of the year, from approved files
	KindExemplary Kind = "exemplary" // exemplary ones out of the recognised, of a year or of a period
	KindAmend     Kind = "amend"     // corrects, takes back or gives back single titles of an earlier decision
	KindRevoke    Kind = "revoke"    // withdraws titles of an earlier decision, some or all
)

// State is whether a decision is in force.
type State string

// The states of a decision.
const (
	StateDraft  State = "draft"
	StateIssued State = "issued"
)

// Act is what a decision does with one item of its list.
type Act string

// The acts on an item.
const (
	ActGrant   Act = "grant"
	ActCorrect Act = "correct" // the name: the certificate is replaced
	ActRevoke  Act = "revoke"
	ActRestore Act = "restore" // what the named decision took away is given back
)

// Decision is a numbered decision (quyết định) of a body, or the draft of one.
type Decision struct {
	ID       string
	BodyID   string
	BodyName string
	PlaceID  string // commune or province it decides for
	RoundID  string
	Model    string
	Kind     Kind
	FromYear int // the years it speaks of: FromYear = ForYear but for an exemplary title of a period
	ForYear  int
	Year     int   // of the number
	Number   int64 // 0 until issued
	Symbol   string
	Date     string // YYYY-MM-DD
	Signer   string
	Post     string   // what stands above the signature, see PostLines
	Reason   string   // why an earlier decision is amended or revoked
	Grounds  []string // căn cứ
	AmendsID string   // the earlier decision
	Verified criteria.Verified
	State    State
	Items    int
	SHA      string // hex, of the frozen text
	Wording  string // of the text it was made from, see Service.Wordings; "" until issued, and for those issued before there were templates
	ByID     string
	Version  int64

	CreatedAt time.Time
	IssuedAt  time.Time
}

// Text is number and symbol as papers write them, "214/QĐ-UBND", numbers below ten with a zero before them (Decree 30/2020/NĐ-CP,
// annex I); a draft has none.
func (d *Decision) Text() string {
	if d.Number == 0 {
		return ""
	}
	return fmt.Sprintf("%02d/%s", d.Number, d.Symbol)
}

// Period says whether the decision speaks of several years.
func (d *Decision) Period() bool { return d.FromYear < d.ForYear }

const decisionColumns = `d.id, d.body_id, d.body_name, d.place_id, d.round_id, d.model, d.kind, d.from_year, d.for_year, d.year, d.number, d.symbol,
	d.date, d.signer, d.post, d.reason, d.grounds, d.amends_id, d.verified, d.state, d.items, d.sha, d.by_id, d.version, d.created_at, d.issued_at, d.wording`

func scanDecision(sc store.Scanner) (d Decision, err error) {
	var grounds string
	var created, issued int64
	err = sc.Scan(&d.ID, &d.BodyID, &d.BodyName, &d.PlaceID, &d.RoundID, &d.Model, &d.Kind, &d.FromYear, &d.ForYear, &d.Year, &d.Number, &d.Symbol,
		&d.Date, &d.Signer, &d.Post, &d.Reason, &grounds, &d.AmendsID, &d.Verified, &d.State, &d.Items, &d.SHA, &d.ByID, &d.Version, &created, &issued, &d.Wording)
	if grounds != "" {
		d.Grounds = strings.Split(grounds, "\n")
	}
	d.CreatedAt, d.IssuedAt = store.Time(created), store.Time(issued)
	return d, err
}

// Item is one line of a decision's annexed list.
type Item struct {
	PlaceID      string // leaf when it was listed
	AssessmentID string
	No           int // from 1
	SubjectID    string
	Name         string
	Was          string // the name that a correction replaces
	AreaName     string
	Total        *criteria.Points
	Act          Act
}

const itemColumns = `i.place_id, i.assessment_id, i.no, i.subject_id, i.name, i.was, i.area_name, i.total, i.act`

func scanItem(sc store.Scanner) (i Item, err error) {
	err = sc.Scan(&i.PlaceID, &i.AssessmentID, &i.No, &i.SubjectID, &i.Name, &i.Was, &i.AreaName, &i.Total, &i.Act)
	return i, err
}

// TitleState is whether a title is held.
type TitleState string

// The states of a title.
const (
	TitleValid    TitleState = "valid"
	TitleRevoked  TitleState = "revoked"
	TitleReplaced TitleState = "replaced" // by one with the right name, or given back under a new decision
)

// Title is what a subject holds by a decision, with its certificate. It counts for Year … UntilYear while it is valid.
type Title struct {
	PlaceID      string // leaf where it was granted
	ID           string
	SubjectID    string
	AssessmentID string
	Model        string
	FromYear     int
	Year         int
	UntilYear    int
	Level        string
	Exemplary    bool
	Name         string
	AreaName     string
	No           int // in the decision's list
	DecisionID   string
	OriginID     string // the decision that first granted it
	DecidedOn    string
	Code         Code
	State        TitleState
	EndedBy      string // decision
}

// Period says whether it is an exemplary title of several years.
func (t *Title) Period() bool { return t.FromYear < t.Year }

const titleColumns = `t.place_id, t.id, t.subject_id, t.assessment_id, t.model, t.from_year, t.year, t.until_year, t.level, t.exemplary, t.name,
	t.area_name, t.no, t.decision_id, t.origin_id, t.decided_on, t.code, t.state, t.ended_by`

func scanTitle(sc store.Scanner) (t Title, err error) {
	err = sc.Scan(&t.PlaceID, &t.ID, &t.SubjectID, &t.AssessmentID, &t.Model, &t.FromYear, &t.Year, &t.UntilYear, &t.Level, &t.Exemplary, &t.Name,
		&t.AreaName, &t.No, &t.DecisionID, &t.OriginID, &t.DecidedOn, &t.Code, &t.State, &t.EndedBy)
	return t, err
}
