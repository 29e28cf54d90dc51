// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package recognition

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

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
	Exemplary  bool   // of a request: it asks for exemplary titles
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
}

// Text is number and symbol as papers write them.
func (p *Paper) Text() string { return fmt.Sprintf("%02d/%s", p.Number, p.Symbol) }

const (
	paperColumns   = `id, body_id, body_name, place_id, decision_id, round_id, model, kind, year, number, symbol, date, about, signer, content, sha, by_id, issued_at, wording, exemplary`
	insertPaper    = `INSERT INTO outgoing_paper (` + paperColumns + `) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)`
	selectPaper    = `SELECT ` + paperColumns + ` FROM outgoing_paper WHERE id = $1`
	selectPapers   = `SELECT ` + paperColumns + ` FROM outgoing_paper WHERE decision_id = $1 ORDER BY issued_at, id`
	selectRequests = `SELECT ` + paperColumns + ` FROM outgoing_paper WHERE place_id = $1 AND round_id = $2 AND model = $3 ORDER BY issued_at, id`
	selectOutgoing = `SELECT ` + paperColumns + ` FROM outgoing_paper WHERE body_id = $1 AND year = $2 AND kind = $3 ORDER BY number`
)

func scanPaper(sc store.Scanner) (p Paper, err error) {
	var issued int64
	err = sc.Scan(&p.ID, &p.BodyID, &p.BodyName, &p.PlaceID, &p.DecisionID, &p.RoundID, &p.Model, &p.Kind, &p.Year, &p.Number, &p.Symbol, &p.Date, &p.About, &p.Signer, &p.Content, &p.SHA, &p.ByID, &issued,
		&p.Wording, &p.Exemplary)
	p.IssuedAt = store.Time(issued)
	return p, err
}

// IssuePaper gives a paper of an issued decision, or a request of a body, its number and freezes what write makes of it in the words in force; write may
// set its abstract. Number and paper are one transaction, so a failure of either burns no number. It fails with fault.Denied, fault.Conflict while the
// decision is a draft, waits for what Gate asks, or has a template that says too little, and fault.Invalid for a date in the future, before the decision's or
// before the last one of the series, and for no signer.
func (s *Service) IssuePaper(ctx context.Context, by identity.Actor, p Paper, write func(*Paper, Wording) (string, error)) (issued Paper, err error) {
	defer fault.Wrap(&err, "recognition.IssuePaper(%s, %s%s)", p.Kind, p.DecisionID, p.BodyID)
	if p.Signer = text.NFC(p.Signer); p.Signer == "" {
		return p, fault.Invalid(fault.Field("signer", "recognition.signer", "body", p.BodyName))
	}
	if err := fault.Invalid(words("signer", p.Signer, maxName)...); err != nil {
		return p, err
	}
	if today := store.Date(s.now()); p.Date > today {
		return p, fault.Invalid(fault.Field("date", "recognition.date_future", "date", p.Date, "today", today))
	}
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		next := p
		next.IssuedAt = s.now()
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
		return err
	})
	return issued, err
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
	p.BodyID, p.BodyName, p.PlaceID, p.RoundID, p.Model, p.Exemplary = d.BodyID, d.BodyName, d.PlaceID, "", "", false
	return nil
}

// issuerOfRequest makes a request one of the body that asks, at its own place.
func (s *Service) issuerOfRequest(ctx context.Context, tx *store.Tx, by identity.Actor, p *Paper) error {
	b, err := s.body(ctx, tx, p.BodyID)
	if err != nil {
		return err
	}
	p.BodyName, p.PlaceID, p.DecisionID = b.Name, b.PlaceID, ""
	return s.may(ctx, tx, by, identity.Decide, b.PlaceID)
}

// Number gives a paper of a body the next number of its kind inside tx and freezes what write makes of it. What is to be there before are all fields
// but ID, Year, Number, Content, SHA and ByID. Whether by may do so is for the caller to check. It fails with fault.Invalid for a date before the last one
// of the series.
func (s *Service) Number(ctx context.Context, tx *store.Tx, by identity.Actor, next Paper, write func(*Paper) (string, error)) (_ Paper, err error) {
	next.ID, next.ByID = store.NewID(), by.ID
	if next.Year, next.Number, err = takeNumber(ctx, tx, next.BodyID, next.Kind, next.Date); err != nil {
		return next, err
	}
	if next.Content, err = write(&next); err != nil {
		return next, err
	}
	next.SHA = shaOf(next.Content)
	if _, err := tx.Exec(ctx, insertPaper, next.ID, next.BodyID, next.BodyName, next.PlaceID, next.DecisionID, next.RoundID, next.Model, string(next.Kind), next.Year, next.Number, next.Symbol, next.Date,
		next.About, next.Signer, next.Content, next.SHA, next.ByID, store.Micros(next.IssuedAt), next.Wording, next.Exemplary); err != nil {
		return next, err
	}
	return next, audit.Write(ctx, tx, by.Who(), next.IssuedAt, audit.Entry{PlaceID: next.PlaceID, ThingID: next.ID, Thing: "paper", Act: "issue",
		After: map[string]any{"kind": next.Kind, "number": next.Text(), "date": next.Date, "sha": next.SHA, "decision": next.DecisionID, "round": next.RoundID, "model": next.Model}})
}

func shaOf(content string) string {
	sum := sha256.Sum256([]byte(content))
	return hex.EncodeToString(sum[:])
}

// PaperByID returns an outgoing paper. It fails with fault.NotFound and fault.Denied.
func (s *Service) PaperByID(ctx context.Context, by identity.Actor, id string) (p Paper, err error) {
	defer fault.Wrap(&err, "recognition.PaperByID(%s)", id)
	p, found, err := store.One(ctx, s.db.Read(), scanPaper, selectPaper, id)
	if err == nil && !found {
		err = fault.NotFound("paper", id)
	}
	if err != nil {
		return p, err
	}
	return p, s.may(ctx, nil, by, identity.SeeRecords, p.PlaceID)
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
	selectAllPapers      = `SELECT ` + paperColumns + ` FROM outgoing_paper ORDER BY body_id, year, kind, number`
	selectAllPaperSeries = `SELECT body_id, year, kind, first, last FROM number_series WHERE kind <> $1`
)

// papers demands numbers without gaps in every series, dates that do not run backwards, and content as it was frozen.
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
	return err
}
