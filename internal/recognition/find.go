// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package recognition

import (
	"context"

	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/store"
)

const selectDecision = `SELECT ` + decisionColumns + ` FROM decision d WHERE d.id = $1`

func (s *Service) decision(ctx context.Context, tx *store.Tx, id string) (Decision, error) {
	d, found, err := store.One(ctx, tx, scanDecision, selectDecision, id)
	if err == nil && !found {
		err = fault.NotFound("decision", id)
	}
	return d, err
}

// Decision returns a decision or draft.
func (s *Service) Decision(ctx context.Context, by identity.Actor, id string) (d Decision, err error) {
	defer fault.Wrap(&err, "recognition.Decision(%s)", id)
	if d, err = s.decision(ctx, s.db.Read(), id); err != nil {
		return d, err
	}
	return d, s.may(ctx, nil, by, identity.SeeRecords, d.PlaceID)
}

// Items returns the annexed list of a decision or draft, in its order.
func (s *Service) Items(ctx context.Context, by identity.Actor, id string) (list []Item, err error) {
	defer fault.Wrap(&err, "recognition.Items(%s)", id)
	if _, err := s.Decision(ctx, by, id); err != nil {
		return nil, err
	}
	return store.Collect(ctx, s.db.Read(), scanItem, selectItems, id)
}

// Granted returns the titles of a decision that are still valid, corrected ones among them: what can be amended or revoked.
func (s *Service) Granted(ctx context.Context, by identity.Actor, id string) (list []Title, err error) {
	defer fault.Wrap(&err, "recognition.Granted(%s)", id)
	if _, err := s.Decision(ctx, by, id); err != nil {
		return nil, err
	}
	return granted(ctx, s.db.Read(), id)
}

const selectFollowing = `SELECT ` + decisionColumns + ` FROM decision d WHERE d.amends_id = $1 AND d.amends_id <> '' ORDER BY d.created_at, d.id`

// Following returns the decisions and drafts that amend or revoke a decision, oldest first.
func (s *Service) Following(ctx context.Context, by identity.Actor, id string) (list []Decision, err error) {
	defer fault.Wrap(&err, "recognition.Following(%s)", id)
	if _, err := s.Decision(ctx, by, id); err != nil {
		return nil, err
	}
	return store.Collect(ctx, s.db.Read(), scanDecision, selectFollowing, id)
}

// Filter chooses decisions of a place; empty fields choose all.
type Filter struct {
	PlaceID string // the commune or province itself, not what lies below
	RoundID string
	Model   string
	Kind    Kind
	State   State
}

// Decisions returns the decisions and drafts for a place, newest first.
func (s *Service) Decisions(ctx context.Context, by identity.Actor, f Filter) (list []Decision, err error) {
	defer fault.Wrap(&err, "recognition.Decisions(%s)", f.PlaceID)
	if err := s.may(ctx, nil, by, identity.SeeRecords, f.PlaceID); err != nil {
		return nil, err
	}
	return s.decisions(ctx, f)
}

const selectOfBodies = `SELECT ` + decisionColumns + ` FROM decision d JOIN body b ON b.id = d.body_id
	WHERE b.place_id = $1 AND d.round_id = $2 AND d.place_id <> $1 ORDER BY d.created_at DESC, d.id DESC`

// DecidedAbove returns the decisions and drafts that the bodies of a place sign for places below it, newest first.
func (s *Service) DecidedAbove(ctx context.Context, by identity.Actor, placeID, roundID string) (list []Decision, err error) {
	defer fault.Wrap(&err, "recognition.DecidedAbove(%s)", placeID)
	if err := s.may(ctx, nil, by, identity.SeeRecords, placeID); err != nil {
		return nil, err
	}
	return store.Collect(ctx, s.db.Read(), scanDecision, selectOfBodies, placeID, roundID)
}

func (s *Service) decisions(ctx context.Context, f Filter) ([]Decision, error) {
	var w store.Where
	w.And("d.place_id = ?", f.PlaceID)
	equal := func(column, value string) {
		if value != "" {
			w.And(column+" = ?", value)
		}
	}
	equal("d.round_id", f.RoundID)
	equal("d.model", f.Model)
	equal("d.kind", string(f.Kind))
	equal("d.state", string(f.State))
	return store.Collect(ctx, s.db.Read(), scanDecision, `SELECT `+decisionColumns+` FROM decision d`+w.SQL()+` ORDER BY d.created_at DESC, d.id DESC`, w.Args()...)
}

const selectLatest = `SELECT ` + decisionColumns + ` FROM decision d WHERE d.body_id = $1 AND d.kind = $2 ORDER BY d.created_at DESC, d.id DESC LIMIT 1`

// Latest returns the newest decision or draft of a kind of a body; found is false when there is none.
func (s *Service) Latest(ctx context.Context, by identity.Actor, bodyID string, kind Kind) (d Decision, found bool, err error) {
	defer fault.Wrap(&err, "recognition.Latest(%s, %s)", bodyID, kind)
	d, found, err = store.One(ctx, s.db.Read(), scanDecision, selectLatest, bodyID, string(kind))
	if err != nil || !found {
		return d, false, err
	}
	return d, true, s.may(ctx, nil, by, identity.SeeRecords, d.PlaceID)
}
