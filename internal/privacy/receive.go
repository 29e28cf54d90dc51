// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package privacy

import (
	"context"
	"crypto/rand"

	"hoctap/internal/audit"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/place"
	"hoctap/internal/store"
)

const (
	insertRequest = `INSERT INTO privacy_request (` + requestColumns + `) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, '', '', '', '', $12, $13, $14, $15, '', '', '', '', '', '', $16, 1, $17)`
	countWaiting  = `SELECT count(*) FROM privacy_request WHERE place_id = $1 AND state = 'received' AND way = 'form'`
	selectByCode  = `SELECT ` + requestColumns + ` FROM privacy_request WHERE code = $1`
	selectRequest = `SELECT ` + requestColumns + ` FROM privacy_request WHERE id = $1`
	selectBelow   = `SELECT ` + requestColumns + ` FROM privacy_request
		WHERE place_id IN (SELECT p.place_id FROM place_parent p WHERE p.valid_to = '9999-12-31' AND p.path >= $1 AND p.path < $2)
		ORDER BY CASE WHEN state IN ('received', 'working') THEN 0 ELSE 1 END, due, id LIMIT 1000`
)

// maxFromForm is how many requests from the public form may wait at a place: more is no person's doing.
const maxFromForm = 500

// letters of a code are those of Crockford's base 32: none is taken for another.
const letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

func newCode() string {
	b := make([]byte, 8)
	_, _ = rand.Read(b)
	for i := range b {
		b[i] = letters[b[i]&31]
	}
	return string(b)
}

// Receive writes down a request that came on paper or at the counter; the clocks run from the day it came. It fails with fault.Invalid, see Check, and
// fault.Denied.
func (s *Service) Receive(ctx context.Context, by identity.Actor, r Request) (_ Request, err error) {
	defer fault.Wrap(&err, "privacy.Receive(%s)", r.PlaceID)
	if _, err := s.may(ctx, by, identity.HandleRequests, r.PlaceID); err != nil {
		return r, err
	}
	if r.Way == "form" {
		return r, fault.Invalid(fault.Field("way", "privacy.choose"))
	}
	r.ByID = by.ID
	return s.receive(ctx, by, r)
}

// Ask is Receive for the public form: anybody may send one, and the office sees who it is before anything is told or done. It fails with fault.TooMuch
// when so many wait at the place that no person can have sent them.
func (s *Service) Ask(ctx context.Context, address string, r Request) (_ Request, err error) {
	defer fault.Wrap(&err, "privacy.Ask(%s)", r.PlaceID)
	r.Way, r.ReceivedOn, r.ByID, r.Processors = "form", s.today(), "", false
	return s.receive(ctx, identity.Actor{Address: address}, r)
}

func (s *Service) receive(ctx context.Context, by identity.Actor, r Request) (Request, error) {
	clean(&r.Name, &r.Contact, &r.Words)
	if err := r.Check(s.today()); err != nil {
		return r, err
	}
	p, err := s.places.Get(ctx, r.PlaceID)
	if fault.KindOf(err) == fault.KindNotFound || err == nil && (p.Level != place.Commune && p.Level != place.Province || !p.On(s.today())) {
		return r, fault.Invalid(fault.Field("place", "privacy.place"))
	}
	if err != nil {
		return r, err
	}
	calendar, _, err := s.Calendar(ctx)
	if err != nil {
		return r, err
	}
	r.ID, r.Code, r.Version, r.State, r.CreatedAt = store.NewID(), newCode(), 1, Received, s.now()
	r.AcknowledgeBy, r.Due = calendar.After(r.ReceivedOn, acknowledgeDays), r.Kind.Due(r.ReceivedOn, r.Processors)
	if r.Way == "counter" { // the slip is handed over at once
		r.State, r.AcknowledgedOn = Working, r.ReceivedOn
	}
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		if r.Way == "form" {
			n, _, err := store.One(ctx, tx, store.Value[int], countWaiting, r.PlaceID)
			if err != nil {
				return err
			}
			if n >= maxFromForm {
				return fault.TooMuch("privacy.form_full", "place", p.FullName())
			}
		}
		_, err := tx.Exec(ctx, insertRequest, r.ID, r.Code, r.PlaceID, string(r.Kind), r.Way, string(r.State), r.Name, r.Contact, r.Relation, r.Words, r.Processors,
			r.ReceivedOn, r.AcknowledgeBy, r.AcknowledgedOn, r.Due, r.ByID, store.Micros(r.CreatedAt))
		if err != nil {
			return err
		}
		return s.note(ctx, tx, by, &r, "receive", "")
	})
	return r, err
}

// note writes a request into the journal without a word of what it says: the journal outlives it.
func (s *Service) note(ctx context.Context, tx *store.Tx, by identity.Actor, r *Request, act, reason string) error {
	return audit.Write(ctx, tx, by.Who(), s.now(), audit.Entry{PlaceID: r.PlaceID, ThingID: r.ID, Thing: "privacy_request", Act: act, Reason: reason,
		After: map[string]any{"kind": r.Kind, "way": r.Way, "state": r.State, "due": r.Due, "subject": r.SubjectID}})
}

// Standing is what somebody who holds a code may know of a request: no word of who asked.
type Standing struct {
	Code, PlaceID                string
	Kind                         Kind
	State                        State
	ReceivedOn, Due, EndedOn     string
	Acknowledged, Extended, Seen bool
}

// ByCode is for the public page. It fails with fault.NotFound.
func (s *Service) ByCode(ctx context.Context, code string) (st Standing, err error) {
	defer fault.Wrap(&err, "privacy.ByCode")
	r, found, err := store.One(ctx, s.db.Read(), scanRequest, selectByCode, code)
	if err == nil && !found {
		err = fault.NotFound("privacy_request", "")
	}
	return Standing{r.Code, r.PlaceID, r.Kind, r.State, r.ReceivedOn, r.Due, r.EndedOn, r.AcknowledgedOn != "", r.Extended != "", r.Checked != ""}, err
}

// Request returns one. It fails with fault.NotFound and fault.Denied.
func (s *Service) Request(ctx context.Context, by identity.Actor, id string) (r Request, err error) {
	defer fault.Wrap(&err, "privacy.Request(%s)", id)
	r, err = load(ctx, s.db.Read(), id)
	if err != nil {
		return r, err
	}
	_, err = s.may(ctx, by, identity.HandleRequests, r.PlaceID)
	return r, err
}

func load(ctx context.Context, tx *store.Tx, id string) (Request, error) {
	r, found, err := store.One(ctx, tx, scanRequest, selectRequest, id)
	if err == nil && !found {
		err = fault.NotFound("privacy_request", id)
	}
	return r, err
}

// Requests lists those of a place and below, what is owed first; at most 1,000.
func (s *Service) Requests(ctx context.Context, by identity.Actor, placeID string) (list []Request, err error) {
	defer fault.Wrap(&err, "privacy.Requests(%s)", placeID)
	p, err := s.may(ctx, by, identity.HandleRequests, placeID)
	if err != nil {
		return nil, err
	}
	return store.Collect(ctx, s.db.Read(), scanRequest, selectBelow, p.Path, store.PathEnd(p.Path))
}

// Owed counts what a place itself owes on a day: requests that wait, and those of them that are late.
func (s *Service) Owed(ctx context.Context, by identity.Actor, placeID string) (open, late []Request, err error) {
	list, err := s.Requests(ctx, by, placeID)
	for _, r := range list {
		if !r.State.Open() {
			continue
		}
		open = append(open, r)
		if r.Late(s.today()) > 0 {
			late = append(late, r)
		}
	}
	return open, late, err
}
