// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package recognition

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"time"

	"hoctap/internal/assessment"
	"hoctap/internal/audit"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/store"
	"hoctap/internal/text"
)

// PaperKind is what an outgoing paper is. Each kind has a series of its own in a body and year.
type PaperKind string

// The kinds of outgoing papers. All decisions of a body in a year share one series, whatever they do, as two papers must not bear the same number and
// symbol.
const (
	PaperDecision PaperKind = "decision"
	PaperNotice   PaperKind = "notice"   // makes a decision public
	PaperDispatch PaperKind = "dispatch" // goes with the certificates to the areas
	PaperRequest  PaperKind = "request"  // asks for a decision, with the list
	PaperReport   PaperKind = "report"   // goes up a level; its content belongs to package report
)

// PaperAny stands for all kinds where a register is read: an office may keep one book for all (Decree 30/2020/NĐ-CP, article 15).
const PaperAny PaperKind = ""

// PaperKinds lists the kinds that have a register.
var PaperKinds = []PaperKind{PaperDecision, PaperRequest, PaperNotice, PaperDispatch, PaperReport}

// Paper is an outgoing paper that goes with a decision, or a request that goes before one. Once it has its number it never changes: Content is frozen by
// SHA.
type Paper struct {
	ID         string
	BodyID     string
	BodyName   string
	PlaceID    string
	DecisionID string // "" for a request
	RoundID    string // of a request
	Model      string // of a request
	Kind       PaperKind
	Year       int
	Number     int64
	Symbol     string // "TB-HKH"
	Date       string
	About      string
	Signer     string
	Content    string // what the caller of IssuePaper wrote; this package does not read it
	SHA        string // SHA-256 of Content, hex
	Wording    string // of the text it was made from, see Service.PaperWording
	ByID       string
	IssuedAt   time.Time
	Asks       Kind // of a request: KindRecognise or KindExemplary; "" for older ones
	VoidedAt   time.Time
	VoidedBy   string
	VoidReason string

	Token  string   // to issue: of the form, see Service.Pressed; "" for none
	Files  []string // to issue a request: the assessments it asks for
	Titles []Title  // while a notice or dispatch note is written: those of its decision that count at that moment
}

// Text is number and symbol as papers write them.
func (p *Paper) Text() string { return fmt.Sprintf("%02d/%s", p.Number, p.Symbol) }

const (
	paperColumns      = `id, body_id, body_name, place_id, decision_id, round_id, model, kind, year, number, symbol, date, about, signer, content, sha, by_id, issued_at, wording, asks, void_at, void_by, void_reason`
	insertPaper       = `INSERT INTO outgoing_paper (` + paperColumns + `) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, 0, '', '')`
	selectPaper       = `SELECT ` + paperColumns + ` FROM outgoing_paper WHERE id = $1`
	selectPapers      = `SELECT ` + paperColumns + ` FROM outgoing_paper WHERE decision_id = $1 ORDER BY issued_at, id`
	selectRequests    = `SELECT ` + paperColumns + ` FROM outgoing_paper WHERE place_id = $1 AND round_id = $2 AND model = $3 ORDER BY issued_at, id`
	selectOutgoing    = `SELECT ` + paperColumns + ` FROM outgoing_paper WHERE body_id = $1 AND year = $2 AND kind = $3 ORDER BY number`
	selectOutgoingAll = `SELECT ` + paperColumns + ` FROM outgoing_paper WHERE body_id = $1 AND year = $2 ORDER BY date, issued_at, id`
)

func scanPaper(sc store.Scanner) (p Paper, err error) {
	var issued, void int64
	err = sc.Scan(&p.ID, &p.BodyID, &p.BodyName, &p.PlaceID, &p.DecisionID, &p.RoundID, &p.Model, &p.Kind, &p.Year, &p.Number, &p.Symbol, &p.Date, &p.About, &p.Signer, &p.Content, &p.SHA, &p.ByID, &issued,
		&p.Wording, &p.Asks, &void, &p.VoidedBy, &p.VoidReason)
	p.IssuedAt = store.Time(issued)
	if void > 0 {
		p.VoidedAt = store.Time(void)
	}
	return p, err
}

// IssuePaper gives a paper of an issued decision, or a request of a body, its number and freezes what write makes of it in the words in force; write may
// set its abstract. Number and paper are one transaction, so a failure of either burns no number. It fails with fault.Denied, fault.Conflict while the
// decision is a draft, waits for what Gate asks, grants nothing that counts, or has a template that says too little, or while somebody objects to a file of
// a request, and fault.Invalid for a date that is none, in the future, before the decision's or the round's appraisal, or before the last one of the series,
// and for no signer. A token that was used returns the paper it made.
func (s *Service) IssuePaper(ctx context.Context, by identity.Actor, p Paper, write func(*Paper, Wording) (string, error)) (issued Paper, err error) {
	defer fault.Wrap(&err, "recognition.IssuePaper(%s, %s%s)", p.Kind, p.DecisionID, p.BodyID)
	if p.Signer = text.NFC(p.Signer); p.Signer == "" {
		return p, fault.Invalid(fault.Field("signer", "recognition.signer", "body", p.BodyName))
	}
	if err := fault.Invalid(words("signer", p.Signer, maxName)...); err != nil {
		return p, err
	}
	if _, err := time.Parse(time.DateOnly, p.Date); err != nil {
		return p, fault.Invalid(fault.Field("date", "recognition.date"))
	}
	if today := store.Date(s.now()); p.Date > today {
		return p, fault.Invalid(fault.Field("date", "recognition.date_future", "date", p.Date, "today", today))
	}
	if p.Kind == PaperRequest { // the round is read before: a transaction must not wait for a second connection
		r, err := s.assessments.Round(ctx, p.RoundID)
		if err != nil {
			return p, err
		}
		if from := begins(&r, assessment.StageAppraisal); p.Date < from {
			return p, fault.Invalid(fault.Field("date", "recognition.date_before_appraisal", "date", p.Date, "from", from))
		}
	}
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		next := p
		next.ID, next.IssuedAt = store.NewID(), s.now()
		used, err := claim(ctx, tx, by, p.Token, next.ID, next.IssuedAt)
		if err != nil {
			return err
		}
		if used != "" {
			issued, err = s.madeBefore(ctx, tx, by, &p, used)
			return err
		}
		issuer := s.issuerOfNotice
		if p.Kind == PaperRequest {
			issuer = s.issuerOfRequest
		}
		if err := issuer(ctx, tx, by, &next); err != nil {
			return err
		}
		body, err := s.body(ctx, tx, next.BodyID)
		if err != nil {
			return err
		}
		said, err := s.wordings(ctx, tx, body.Kind, body.PlaceID, outgoingKind[p.Kind])
		if err != nil {
			return err
		}
		if next.Wording, err = freeze(ctx, tx, Wordings{Paper: said[0]}); err != nil {
			return err
		}
		issued, err = s.Number(ctx, tx, by, next, func(p *Paper) (string, error) { return write(p, said[0]) })
		issued.Titles = nil
		return err
	})
	return issued, err
}

// madeBefore is the paper that the token of p made, held to what p asks for now.
func (s *Service) madeBefore(ctx context.Context, tx *store.Tx, by identity.Actor, p *Paper, id string) (Paper, error) {
	before, found, err := store.One(ctx, tx, scanPaper, selectPaper, id)
	if err == nil && (!found || before.Kind != p.Kind || before.DecisionID != p.DecisionID || p.Kind == PaperRequest && before.BodyID != p.BodyID) {
		err = fault.Conflict("recognition.form_used")
	}
	if err != nil {
		return before, err
	}
	return before, s.MayIssue(ctx, tx, by, before.PlaceID, before.BodyID)
}

// issuerOfNotice makes a paper that goes with a decision one of the decision's body.
func (s *Service) issuerOfNotice(ctx context.Context, tx *store.Tx, by identity.Actor, p *Paper) error {
	d, err := s.decision(ctx, tx, p.DecisionID)
	if err != nil {
		return err
	}
	if err := s.mayDecide(ctx, tx, by, &d); err != nil {
		return err
	}
	if d.State != StateIssued {
		return fault.Conflict("recognition.not_issued")
	}
	if s.Gate != nil {
		if err := s.Gate(ctx, tx, &d); err != nil {
			return err
		}
	}
	if p.Date < d.Date {
		return fault.Invalid(fault.Field("date", "recognition.date_before_named", "date", p.Date, "named", d.Date, "decision", d.Text()))
	}
	p.BodyID, p.BodyName, p.PlaceID, p.RoundID, p.Model, p.Asks = d.BodyID, d.BodyName, d.PlaceID, "", "", ""
	if p.Titles, err = counting(ctx, tx, d.ID); err == nil && len(p.Titles) == 0 {
		err = fault.Conflict("recognition.nothing_counts", "decision", d.Text())
	}
	return err
}

// counting are the titles that a decision granted and that are still valid.
func counting(ctx context.Context, tx *store.Tx, decisionID string) ([]Title, error) {
	all, err := store.Collect(ctx, tx, scanTitle, selectTitlesOf, decisionID)
	return slices.DeleteFunc(all, func(t Title) bool { return t.State != TitleValid }), err
}

// issuerOfRequest makes a request one of the body that asks, at its own place.
func (s *Service) issuerOfRequest(ctx context.Context, tx *store.Tx, by identity.Actor, p *Paper) error {
	b, err := s.body(ctx, tx, p.BodyID)
	if err != nil {
		return err
	}
	p.BodyName, p.PlaceID, p.DecisionID = b.Name, b.PlaceID, ""
	if err := s.MayIssue(ctx, tx, by, b.PlaceID, b.ID); err != nil {
		return err
	}
	return s.ask(ctx, tx, p)
}

// Number gives a paper of a body the next number of its kind inside tx and freezes what write makes of it. What is to be there before are all fields
// but ID, which may be, Year, Number, Content, SHA and ByID. Whether by may do so is for the caller to check. It fails with fault.Invalid for a date before the last one
// of the series.
func (s *Service) Number(ctx context.Context, tx *store.Tx, by identity.Actor, next Paper, write func(*Paper) (string, error)) (_ Paper, err error) {
	next.ID, next.ByID = cmp.Or(next.ID, store.NewID()), by.ID
	if next.Year, next.Number, err = takeNumber(ctx, tx, next.BodyID, next.Kind, next.Date); err != nil {
		return next, err
	}
	if next.Content, err = write(&next); err != nil {
		return next, err
	}
	next.SHA = shaOf(next.Content)
	if _, err := tx.Exec(ctx, insertPaper, next.ID, next.BodyID, next.BodyName, next.PlaceID, next.DecisionID, next.RoundID, next.Model, string(next.Kind), next.Year, next.Number, next.Symbol, next.Date,
		next.About, next.Signer, next.Content, next.SHA, next.ByID, store.Micros(next.IssuedAt), next.Wording, string(next.Asks)); err != nil {
		return next, err
	}
	return next, audit.Write(ctx, tx, by.Who(), next.IssuedAt, audit.Entry{PlaceID: next.PlaceID, ThingID: next.ID, Thing: "paper", Act: "issue",
		After: map[string]any{"kind": next.Kind, "number": next.Text(), "date": next.Date, "sha": next.SHA, "decision": next.DecisionID, "round": next.RoundID, "model": next.Model, "files": len(next.Files)}})
}

func shaOf(content string) string {
	sum := sha256.Sum256([]byte(content))
	return hex.EncodeToString(sum[:])
}

// PaperByID returns an outgoing paper. It fails with fault.NotFound, fault.Denied, and fault.Conflict when its content is no longer what was issued.
func (s *Service) PaperByID(ctx context.Context, by identity.Actor, id string) (p Paper, err error) {
	defer fault.Wrap(&err, "recognition.PaperByID(%s)", id)
	p, found, err := store.One(ctx, s.db.Read(), scanPaper, selectPaper, id)
	if err == nil && !found {
		err = fault.NotFound("paper", id)
	}
	if err != nil {
		return p, err
	}
	if err := s.may(ctx, nil, by, identity.SeeRecords, p.PlaceID); err != nil {
		return p, err
	}
	if shaOf(p.Content) != p.SHA {
		err = fault.Conflict("recognition.changed", "number", p.Text())
	}
	return p, err
}

// Papers returns the papers that went with a decision, oldest first.
func (s *Service) Papers(ctx context.Context, by identity.Actor, decisionID string) (list []Paper, err error) {
	defer fault.Wrap(&err, "recognition.Papers(%s)", decisionID)
	if _, err := s.Decision(ctx, by, decisionID); err != nil {
		return nil, err
	}
	return store.Collect(ctx, s.db.Read(), scanPaper, selectPapers, decisionID)
}

// Requests returns the requests of a place's bodies for a round and model, oldest first.
func (s *Service) Requests(ctx context.Context, by identity.Actor, placeID, roundID, model string) (list []Paper, err error) {
	defer fault.Wrap(&err, "recognition.Requests(%s, %s, %s)", placeID, roundID, model)
	if err := s.may(ctx, nil, by, identity.SeeRecords, placeID); err != nil {
		return nil, err
	}
	return store.Collect(ctx, s.db.Read(), scanPaper, selectRequests, placeID, roundID, model)
}

const (
	selectAllPapers = `SELECT ` + paperColumns + ` FROM outgoing_paper ORDER BY body_id, year, kind, number`
	selectOddPapers = `
		SELECT p.place_id, p.id, CASE WHEN p.void_at > 0 THEN 'it is void without a reason' ELSE 'it asks for nothing' END FROM outgoing_paper p
		WHERE p.void_at > 0 AND p.void_reason = '' OR p.asks <> '' AND NOT EXISTS (SELECT 1 FROM request_item i WHERE i.paper_id = p.id)`
	selectLooseAsked = `
		SELECT i.place_id, i.assessment_id, 'it is asked for by no request' FROM request_item i
		WHERE NOT EXISTS (SELECT 1 FROM outgoing_paper p WHERE p.id = i.paper_id AND p.kind = 'request')`
	selectAllPaperSeries = `SELECT body_id, year, kind, first, last FROM number_series WHERE kind <> $1`
)

// papers demands numbers without gaps in every series, dates that do not run backwards, content as it was frozen, a reason for what is void, and something
// that each request asks for.
func (c *checker) papers(ctx context.Context) error {
	type key struct {
		body, kind string
		year       int
	}
	kept := map[key]series{}
	err := store.Each(ctx, c.tx, func(sc store.Scanner) error {
		var k key
		var x series
		err := sc.Scan(&k.body, &k.year, &k.kind, &x.first, &x.last)
		kept[k] = x
		return err
	}, selectAllPaperSeries, string(PaperDecision))
	if err != nil {
		return err
	}
	last := map[key]Paper{}
	err = store.Each(ctx, c.tx, func(sc store.Scanner) error {
		p, err := scanPaper(sc)
		if err != nil {
			return err
		}
		k := key{p.BodyID, string(p.Kind), p.Year}
		before, any := last[k]
		want := before.Number + 1
		if !any {
			want = kept[k].first
		}
		if p.Number != want {
			c.differ(p.PlaceID, p.ID, "%s of %d: number %d should follow", p.Text(), p.Year, want)
		}
		if p.Date < before.Date {
			c.differ(p.PlaceID, p.ID, "%s is dated %s, the one before it %s", p.Text(), p.Date, before.Date)
		}
		if shaOf(p.Content) != p.SHA {
			c.differ(p.PlaceID, p.ID, "%s is no longer what was issued", p.Text())
		}
		p.Content = ""
		last[k] = p
		return nil
	}, selectAllPapers)
	for k, x := range kept {
		if n := last[k].Number; n != x.last && !(n == 0 && x.last < x.first) {
			c.differ("", k.body, "its register of %s %d ends with %d, its papers with %d", k.kind, k.year, x.last, n)
		}
	}
	for _, query := range []string{selectOddPapers, selectLooseAsked} {
		if err == nil {
			err = c.report(ctx, query)
		}
	}
	return err
}
