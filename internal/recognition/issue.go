// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package recognition

import (
	"context"
	"time"

	"hoctap/internal/assessment"
	"hoctap/internal/audit"
	"hoctap/internal/criteria"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/store"
	"hoctap/internal/text"
)

// Signing is what turns a draft into a decision.
type Signing struct {
	ID      string
	Version int64
	Date    string // YYYY-MM-DD, of the signature
	Signer  string // "" = as drafted
	Post    string
}

// Issue signs a draft: in one transaction it takes the next number of the body and year, moves every assessment, grants or ends
// every title, mints certificate codes, freezes the text by its hash and writes the journal. When anything fails nothing of
// it stays and no number is used. It fails with fault.Stale when the draft was saved since, with fault.Invalid for a date or
// signer that cannot be, and with fault.Conflict when an item is no longer what it was or an appeal against one is open.
func (s *Service) Issue(ctx context.Context, by identity.Actor, sign Signing) (d Decision, err error) {
	defer fault.Wrap(&err, "recognition.Issue(%s)", sign.ID)
	sign.Signer, sign.Post = text.NFC(sign.Signer), text.NFC(sign.Post)
	if err := fault.Invalid(append(words("signer", sign.Signer, maxName), words("post", sign.Post, maxPost)...)...); err != nil {
		return d, err
	}
	if d, err = s.decision(ctx, s.db.Read(), sign.ID); err != nil {
		return d, err
	}
	if err := s.mayDecide(ctx, nil, by, &d); err != nil {
		return d, err
	}
	// What no other request changes is read before: a transaction must not wait for a second connection.
	known, err := s.prepare(ctx, &d)
	if err != nil {
		return d, err
	}
	if err := known.checkDate(&d, sign.Date, store.Date(s.now())); err != nil {
		return d, err
	}
	var issued Decision
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		issued = Decision{}
		d, err := s.decision(ctx, tx, sign.ID)
		if err != nil {
			return err
		}
		if d.State != StateDraft {
			return fault.Conflict("recognition.issued", "decision", d.Text())
		}
		if d.Version != sign.Version {
			return fault.Stale("decision", d.ID)
		}
		if err := s.mayDecide(ctx, tx, by, &d); err != nil {
			return err
		}
		body, err := s.body(ctx, tx, d.BodyID)
		if err != nil {
			return err
		}
		if sign.Signer != "" {
			d.Signer = sign.Signer
		}
		if sign.Post != "" {
			d.Post = sign.Post
		}
		d.sign(body)
		if d.Signer == "" {
			return fault.Invalid(fault.Field("signer", "recognition.signer", "body", body.Name))
		}
		if len(d.Grounds) == 0 { // a decision says what it rests on: Decree 30/2020/NĐ-CP, annex I
			return fault.Invalid(fault.Field("grounds", "recognition.grounds"))
		}
		d.Date, d.State, d.IssuedAt, d.ByID = sign.Date, StateIssued, s.now(), by.ID
		if d.Year, d.Number, err = takeNumber(ctx, tx, d.BodyID, PaperDecision, d.Date); err != nil {
			return err
		}
		items, err := store.Collect(ctx, tx, scanItem, selectItems, d.ID)
		if err != nil {
			return err
		}
		if len(items) == 0 {
			return fault.Invalid(fault.Field("items", "recognition.no_items"))
		}
		if err := noAppeal(ctx, tx, &d); err != nil {
			return err
		}
		if err := s.carryOut(ctx, tx, by, known, &d, items); err != nil {
			return err
		}
		said, err := s.decisionWordings(ctx, tx, body.Kind, body.PlaceID, d.Kind)
		if err != nil {
			return err
		}
		if d.Wording, err = freeze(ctx, tx, said); err != nil {
			return err
		}
		if err := s.seal(ctx, tx, &d, items); err != nil {
			return err
		}
		issued = d
		return audit.Write(ctx, tx, by.Who(), s.now(), audit.Entry{PlaceID: d.PlaceID, ThingID: d.ID, Thing: "decision", Act: "issue", After: brief(&d), Reason: d.Reason})
	})
	return issued, err
}

const selectAppealed = `SELECT i.name FROM decision_item i WHERE i.decision_id = $1 AND EXISTS (
	SELECT 1 FROM appeal l WHERE l.place_id = i.place_id AND l.assessment_id = i.assessment_id AND l.state = 'open') ORDER BY i.no`

// noAppeal refuses to grant anything on a file that somebody objects to before there is an answer. Later decisions are often that answer.
func noAppeal(ctx context.Context, tx *store.Tx, d *Decision) error {
	if d.Kind != KindRecognise && d.Kind != KindExemplary {
		return nil
	}
	names, err := store.Collect(ctx, tx, store.Value[string], selectAppealed, d.ID)
	if err == nil && len(names) > 0 {
		err = fault.Conflict("recognition.appeals", "count", len(names), "name", names[0])
	}
	return err
}

const (
	raiseSeries = `
		INSERT INTO number_series (body_id, year, kind, first, last, date) VALUES ($1, $2, $3, 1, 1, $4)
		ON CONFLICT (body_id, year, kind) DO UPDATE SET last = number_series.last + 1, date = excluded.date
		WHERE number_series.date <= excluded.date
		RETURNING last`
	selectSeriesDate = `SELECT date FROM number_series WHERE body_id = $1 AND year = $2 AND kind = $3`
)

// takeNumber gives the next number of the body's series of a kind in the year of date; the row stays locked until the transaction ends, so
// numbers have no gap. Dates must not run backwards in a series.
func takeNumber(ctx context.Context, tx *store.Tx, bodyID string, kind PaperKind, date string) (year int, number int64, err error) {
	day, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return 0, 0, fault.Invalid(fault.Field("date", "recognition.date"))
	}
	year = day.Year()
	number, found, err := store.One(ctx, tx, store.Value[int64], raiseSeries, bodyID, year, string(kind), date)
	if err != nil || found {
		return year, number, err
	}
	last, _, err := store.One(ctx, tx, store.Value[string], selectSeriesDate, bodyID, year, string(kind))
	if err == nil {
		err = fault.Invalid(fault.Field("date", "recognition.date_before_last", "date", date, "last", last))
	}
	return year, 0, err
}

// known is what an issue needs beside the draft: the round, its extensions, the criteria sets of its items, the earlier decision.
type known struct {
	round    assessment.Round
	extended []assessment.Extension
	path     string // of the place it decides for
	sets     map[string]*criteria.Compiled
	named    *Decision
}

const selectItemSets = `SELECT DISTINCT a.set_id FROM decision_item i JOIN assessment a ON a.place_id = i.place_id AND a.id = i.assessment_id WHERE i.decision_id = $1`

func (s *Service) prepare(ctx context.Context, d *Decision) (k known, err error) {
	if k.round, err = s.assessments.Round(ctx, d.RoundID); err != nil {
		return k, err
	}
	if k.extended, err = s.assessments.Extensions(ctx, d.RoundID); err != nil {
		return k, err
	}
	if k.path, err = s.places.Path(ctx, nil, d.PlaceID); err != nil {
		return k, err
	}
	ids, err := store.Collect(ctx, s.db.Read(), store.Value[string], selectItemSets, d.ID)
	if err != nil {
		return k, err
	}
	k.sets = make(map[string]*criteria.Compiled, len(ids))
	for _, id := range ids {
		if k.sets[id], err = s.sets.Compiled(ctx, id); err != nil {
			return k, err
		}
	}
	if d.AmendsID != "" {
		named, err := s.decision(ctx, s.db.Read(), d.AmendsID)
		k.named = &named
		return k, err
	}
	return k, nil
}

// checkDate holds a signature's date to today, to the round's decision window, and for a later decision to the one it names.
func (k *known) checkDate(d *Decision, date, today string) error {
	if _, err := time.Parse(time.DateOnly, date); err != nil {
		return fault.Invalid(fault.Field("date", "recognition.date"))
	}
	if date > today {
		return fault.Invalid(fault.Field("date", "recognition.date_future", "date", date, "today", today))
	}
	if k.named != nil {
		if date < k.named.Date {
			return fault.Invalid(fault.Field("date", "recognition.date_before_named", "date", date, "named", k.named.Date, "decision", k.named.Text()))
		}
		return nil
	}
	if d.Kind == KindRecognise && k.round.State != assessment.RoundOpen {
		return fault.Conflict("recognition.round_not_open", "round", k.round.Title)
	}
	if from := begins(&k.round, assessment.StageDecision); date < from {
		return fault.Invalid(fault.Field("date", "recognition.date_early", "date", date, "from", from))
	}
	w, ok := k.round.Plan.Window(assessment.StageDecision)
	if !ok {
		return nil
	}
	if d.Kind != KindRecognise { // who is exemplary is chosen once the year's decisions are there
		return nil
	}
	if last := lastDay(w, k.extended, d.Model, k.path); date > last {
		return fault.Invalid(fault.Field("date", "recognition.date_late", "date", date, "to", last))
	}
	if p, ok := posting(&k.round.Plan); ok && date <= p.To {
		return fault.Invalid(fault.Field("date", "recognition.date_posting", "date", date, "to", p.To))
	}
	return nil
}

const updateIssued = `
	UPDATE decision SET body_name = $1, year = $2, number = $3, symbol = $4, date = $5, signer = $6, post = $7, verified = $8, state = 'issued', items = $9,
		sha = $10, by_id = $11, issued_at = $12, wording = $13, version = version + 1
	WHERE id = $14 AND version = $15 AND state = 'draft'`

// seal freezes the decision in its row.
func (s *Service) seal(ctx context.Context, tx *store.Tx, d *Decision, items []Item) (err error) {
	d.Items = len(items)
	titles, err := store.Collect(ctx, tx, scanTitle, selectTitlesOf, d.ID)
	if err != nil {
		return err
	}
	d.IssuedAt = store.Time(store.Micros(d.IssuedAt))
	if d.SHA, err = d.Freeze(items, titles); err != nil {
		return err
	}
	n, err := tx.Exec(ctx, updateIssued, d.BodyName, d.Year, d.Number, d.Symbol, d.Date, d.Signer, d.Post, string(d.Verified), d.Items, d.SHA, d.ByID,
		store.Micros(d.IssuedAt), d.Wording, d.ID, d.Version)
	if err == nil && n == 0 {
		err = fault.Stale("decision", d.ID)
	}
	d.Version++
	return err
}
