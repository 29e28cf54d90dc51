// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package recognition

import (
	"context"
	"strings"

	"hoctap/internal/assessment"
	"hoctap/internal/audit"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/store"
	"hoctap/internal/text"
)

// Draft is what a person prepares. Recognise and exemplary decisions name place, round, model and items; amend and revoke
// decisions name the earlier decision, a reason and items, and take place, round and model from it.
type Draft struct {
	ID       string // "" = a new one
	Version  int64
	Kind     Kind
	PlaceID  string
	RoundID  string
	Model    string
	Period   bool // exemplary of the period that ends with the round's year
	AmendsID string
	Reason   string
	Grounds  []string
	Signer   string // "" = the body's
	Post     string
	Token    string // of the form, see Service.Pressed; "" for none
	Whole    bool   // recognise: every approved file; revoke: every title that is still valid
	Items    []Choice
}

// Choice is one item that a person chose.
type Choice struct {
	AssessmentID string
	Act          Act    // of an amendment: correct, revoke or restore; else given by the kind
	Name         string // the right name, with ActCorrect
}

// maxItems bounds the list of one decision; more go into a second.
const maxItems = 20_000

// Check reports every rule of shape that the draft breaks.
func (d Draft) Check() error {
	var errs []fault.FieldError
	later := d.Kind == KindAmend || d.Kind == KindRevoke
	switch {
	case d.Kind != KindRecognise && d.Kind != KindExemplary && !later:
		errs = append(errs, fault.Field("kind", "recognition.kind", "kind", string(d.Kind)))
	case later && d.AmendsID == "":
		errs = append(errs, fault.Field("amends", "recognition.amends"))
	}
	if later && d.Reason == "" {
		errs = append(errs, fault.Field("reason", "recognition.reason"))
	}
	errs = append(errs, words("reason", d.Reason, maxReason)...)
	for _, g := range d.Grounds {
		if wrong := words("grounds", g, maxGround); wrong != nil {
			errs = append(errs, wrong...)
			break
		}
	}
	if len(d.Grounds) > maxGrounds {
		errs = append(errs, fault.Field("grounds", "recognition.grounds_many", "max", maxGrounds))
	}
	errs = append(errs, words("signer", d.Signer, maxName)...)
	errs = append(errs, checkPost(d.Post)...)
	if len(d.Items) > maxItems {
		errs = append(errs, fault.Field("items", "recognition.many", "count", len(d.Items), "max", maxItems))
	}
	seen := make(map[string]bool, len(d.Items))
	for _, c := range d.Items {
		if seen[c.AssessmentID] {
			errs = append(errs, fault.Field("items", "recognition.twice", "id", c.AssessmentID))
		}
		seen[c.AssessmentID] = true
		amends := c.Act == ActCorrect || c.Act == ActRevoke || c.Act == ActRestore
		if d.Kind == KindAmend && !amends {
			errs = append(errs, fault.Field("items", "recognition.act", "act", string(c.Act)))
		}
		if c.Act == ActCorrect && (c.Name == "" || words("items", c.Name, maxName) != nil) {
			errs = append(errs, fault.Field("items", "recognition.name", "id", c.AssessmentID))
		}
	}
	return fault.Invalid(errs...)
}

func (d Draft) clean() Draft {
	d.Reason, d.Signer, d.Post = text.NFC(d.Reason), text.NFC(d.Signer), cleanPost(d.Post)
	var grounds []string
	for _, g := range d.Grounds {
		if g = text.NFC(g); g != "" {
			grounds = append(grounds, g)
		}
	}
	d.Grounds = grounds
	items := make([]Choice, len(d.Items))
	for i, c := range d.Items {
		items[i] = Choice{c.AssessmentID, c.Act, text.NFC(c.Name)}
	}
	d.Items = items
	return d
}

// SaveDraft stores a draft with its list, in the order of areas and names. It fails with fault.Stale when someone saved since
// d.Version, with fault.Denied when by may not decide at the place or for the body, with fault.Conflict when an item is not in
// the state that the decision needs, and with fault.Invalid for what the draft itself breaks. A token that was used returns the draft it made.
func (s *Service) SaveDraft(ctx context.Context, by identity.Actor, d Draft) (out Decision, err error) {
	defer fault.Wrap(&err, "recognition.SaveDraft(%s)", d.ID)
	d = d.clean()
	if err := d.Check(); err != nil {
		return out, err
	}
	out, named, err := s.outline(ctx, d)
	if err != nil {
		return out, err
	}
	if err := s.mayDecide(ctx, nil, by, &out); err != nil {
		return out, err
	}
	areas, err := s.areas(ctx, out.PlaceID)
	if err != nil {
		return out, err
	}
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		id := store.NewID()
		if d.ID == "" {
			used, err := claim(ctx, tx, by, d.Token, id, s.now())
			if err != nil {
				return err
			}
			if used != "" {
				before, err := s.draftBefore(ctx, tx, by, &out, used)
				tx.After(func() { out = before })
				return err
			}
		}
		items, err := s.choose(ctx, tx, d, &out, named)
		if err != nil {
			return err
		}
		areas.order(items)
		return s.store(ctx, tx, by, &out, id, items)
	})
	return out, err
}

// draftBefore is the draft that the same form made, held to what it asks for now.
func (s *Service) draftBefore(ctx context.Context, tx *store.Tx, by identity.Actor, d *Decision, id string) (Decision, error) {
	before, err := s.decision(ctx, tx, id)
	if fault.KindOf(err) == fault.KindNotFound || err == nil && (before.Kind != d.Kind || before.PlaceID != d.PlaceID || before.RoundID != d.RoundID || before.Model != d.Model ||
		before.AmendsID != d.AmendsID) {
		err = fault.Conflict("recognition.form_used")
	}
	if err != nil {
		return before, err
	}
	return before, s.mayDecide(ctx, tx, by, &before)
}

// outline settles everything of a decision but its items; named is the earlier decision of an amendment or revocation.
func (s *Service) outline(ctx context.Context, d Draft) (out Decision, named *Decision, err error) {
	out = Decision{ID: d.ID, Version: d.Version, Kind: d.Kind, PlaceID: d.PlaceID, RoundID: d.RoundID, Model: d.Model, Reason: d.Reason,
		Grounds: d.Grounds, Signer: d.Signer, Post: d.Post, AmendsID: d.AmendsID, State: StateDraft, CreatedAt: s.now()}
	if d.Kind == KindAmend || d.Kind == KindRevoke {
		before, err := s.decision(ctx, s.db.Read(), d.AmendsID)
		if err != nil {
			return out, nil, err
		}
		if before.State != StateIssued {
			return out, nil, fault.Conflict("recognition.amends_draft")
		}
		if d.Kind == KindRevoke && before.Kind == KindRevoke {
			return out, nil, fault.Conflict("recognition.revoke_revocation", "decision", before.Text())
		}
		out.PlaceID, out.RoundID, out.Model, out.BodyID = before.PlaceID, before.RoundID, before.Model, before.BodyID
		out.FromYear, out.ForYear, out.Verified = before.FromYear, before.ForYear, before.Verified
		body, err := s.body(ctx, s.db.Read(), out.BodyID)
		out.sign(body)
		return out, &before, err
	}
	r, err := s.assessments.Round(ctx, d.RoundID)
	if err != nil {
		return out, nil, err
	}
	plan, ok := r.Plan.Model(d.Model)
	if !ok {
		return out, nil, fault.Conflict("recognition.model", "model", d.Model, "round", r.Title)
	}
	if r.State == assessment.RoundDraft || r.State != assessment.RoundOpen && d.Kind == KindRecognise {
		return out, nil, fault.Conflict("recognition.round_not_open", "round", r.Title)
	}
	set, err := s.sets.Compiled(ctx, plan.SetID)
	if err != nil {
		return out, nil, err
	}
	out.FromYear, out.ForYear, out.Verified = r.Year, r.Year, set.Verified()
	kind := plan.Body
	if d.Kind == KindExemplary {
		kind = plan.Exemplary
	}
	if d.Kind == KindExemplary && d.Period {
		rule, err := s.PeriodRule(ctx, d.PlaceID, d.Model)
		if err != nil {
			return out, nil, err
		}
		kind, out.FromYear = rule.Body, r.Year-rule.Years+1
	}
	body, err := s.deciding(ctx, kind, d.PlaceID)
	out.sign(body)
	return out, nil, err
}

// sign fills in what the body says of itself where the draft is silent.
func (d *Decision) sign(b Body) {
	d.BodyID, d.BodyName, d.Symbol = b.ID, b.Name, b.Symbol
	if d.Signer == "" {
		d.Signer = b.Signer
	}
	if d.Post == "" {
		d.Post = b.Post
	}
}

// MayIssue demands the right to decide at the place that a paper is about, and a seat where its body has its own: a commune does not issue for
// the province, nor the province for a commune. A nil tx reads outside a transaction.
func (s *Service) MayIssue(ctx context.Context, tx *store.Tx, by identity.Actor, placeID, bodyID string) error {
	if err := s.may(ctx, tx, by, identity.Decide, placeID); err != nil {
		return err
	}
	if tx == nil {
		tx = s.db.Read()
	}
	b, err := s.body(ctx, tx, bodyID)
	if err != nil {
		return err
	}
	if !by.Sits(identity.Decide, b.PlaceID) {
		return fault.Denied("issue_for", b.Name)
	}
	return nil
}

func (s *Service) mayDecide(ctx context.Context, tx *store.Tx, by identity.Actor, d *Decision) error {
	return s.MayIssue(ctx, tx, by, d.PlaceID, d.BodyID)
}

const (
	insertDecision = `
		INSERT INTO decision (id, body_id, body_name, place_id, round_id, model, kind, from_year, for_year, year, symbol, signer, post, reason, grounds,
			amends_id, verified, state, items, by_id, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, $10, $11, $12, $13, $14, $15, $16, 'draft', $17, $18, $19)`
	updateDraft = `
		UPDATE decision SET body_id = $1, body_name = $2, place_id = $3, round_id = $4, model = $5, kind = $6, from_year = $7, for_year = $8, symbol = $9,
			signer = $10, post = $11, reason = $12, grounds = $13, amends_id = $14, verified = $15, items = $16, by_id = $17, version = version + 1
		WHERE id = $18 AND version = $19 AND state = 'draft'`
	deleteItems = `DELETE FROM decision_item WHERE decision_id = $1`
	insertItem  = `
		INSERT INTO decision_item (place_id, decision_id, assessment_id, no, subject_id, name, was, area_name, total, act)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`
)

// store writes the draft and its whole list, in tx; id is that of a new one.
func (s *Service) store(ctx context.Context, tx *store.Tx, by identity.Actor, d *Decision, id string, items []Item) error {
	d.Items, d.ByID = len(items), by.ID
	grounds := strings.Join(d.Grounds, "\n")
	entry := audit.Entry{PlaceID: d.PlaceID, Thing: "decision", Act: "draft"}
	if d.ID == "" {
		if _, err := tx.Exec(ctx, insertDecision, id, d.BodyID, d.BodyName, d.PlaceID, d.RoundID, d.Model, string(d.Kind), d.FromYear, d.ForYear, d.Symbol,
			d.Signer, d.Post, d.Reason, grounds, d.AmendsID, string(d.Verified), d.Items, d.ByID, store.Micros(d.CreatedAt)); err != nil {
			return err
		}
		// fn may run again on PostgreSQL: the id is the caller's only once the transaction is through.
		version := int64(1)
		entry.ThingID = id
		tx.After(func() { d.ID, d.Version = id, version })
	} else {
		before, err := s.decision(ctx, tx, d.ID)
		if err != nil {
			return err
		}
		if before.State != StateDraft {
			return fault.Conflict("recognition.issued", "decision", before.Text())
		}
		if err := s.mayDecide(ctx, tx, by, &before); err != nil {
			return err
		}
		n, err := tx.Exec(ctx, updateDraft, d.BodyID, d.BodyName, d.PlaceID, d.RoundID, d.Model, string(d.Kind), d.FromYear, d.ForYear, d.Symbol, d.Signer, d.Post,
			d.Reason, grounds, d.AmendsID, string(d.Verified), d.Items, d.ByID, d.ID, d.Version)
		if err != nil {
			return err
		}
		if n == 0 {
			return fault.Stale("decision", d.ID)
		}
		if _, err := tx.Exec(ctx, deleteItems, d.ID); err != nil {
			return err
		}
		entry.ThingID, entry.Before = d.ID, brief(&before)
		version := d.Version + 1
		tx.After(func() { d.Version, d.CreatedAt = version, before.CreatedAt })
	}
	for i := range items {
		it := &items[i]
		if _, err := tx.Exec(ctx, insertItem, it.PlaceID, entry.ThingID, it.AssessmentID, it.No, it.SubjectID, it.Name, it.Was, it.AreaName, it.Total, string(it.Act)); err != nil {
			return err
		}
	}
	entry.After = brief(d)
	return audit.Write(ctx, tx, by.Who(), s.now(), entry)
}

// note is what the journal keeps of a decision; its list stays in decision_item.
type note struct {
	Kind   Kind   `json:"kind"`
	Round  string `json:"round"`
	Model  string `json:"model"`
	Body   string `json:"body"`
	Number string `json:"number,omitempty"`
	Date   string `json:"date,omitempty"`
	Signer string `json:"signer,omitempty"`
	Amends string `json:"amends,omitempty"`
	Items  int    `json:"items"`
	SHA    string `json:"sha,omitempty"`
}

func brief(d *Decision) note {
	return note{d.Kind, d.RoundID, d.Model, d.BodyID, d.Text(), d.Date, d.Signer, d.AmendsID, d.Items, d.SHA}
}

const deleteDraft = `DELETE FROM decision WHERE id = $1 AND version = $2 AND state = 'draft'`

// Discard throws a draft away. An issued decision stays for ever.
func (s *Service) Discard(ctx context.Context, by identity.Actor, id string, version int64) (err error) {
	defer fault.Wrap(&err, "recognition.Discard(%s)", id)
	return s.db.Write(ctx, func(tx *store.Tx) error {
		d, err := s.decision(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := s.mayDecide(ctx, tx, by, &d); err != nil {
			return err
		}
		if d.State != StateDraft {
			return fault.Conflict("recognition.issued", "decision", d.Text())
		}
		n, err := tx.Exec(ctx, deleteDraft, id, version)
		if err != nil {
			return err
		}
		if n == 0 {
			return fault.Stale("decision", id)
		}
		if _, err := tx.Exec(ctx, deleteItems, id); err != nil {
			return err
		}
		return audit.Write(ctx, tx, by.Who(), s.now(), audit.Entry{PlaceID: d.PlaceID, ThingID: id, Thing: "decision", Act: "discard", Before: brief(&d)})
	})
}
