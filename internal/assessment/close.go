// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package assessment

import (
	"context"
	"strings"

	"hoctap/internal/audit"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/store"
	"hoctap/internal/text"
)

const (
	insertClose = `INSERT INTO round_close (place_id, round_id, model, closed_at, by_id) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (place_id, round_id, model) DO NOTHING`
	deleteClose = `DELETE FROM round_close WHERE place_id = $1 AND round_id = $2 AND model = $3`
	selectClose = `SELECT model FROM round_close WHERE place_id = $1 AND round_id = $2`
	countOpen   = `SELECT count(*) FROM assessment a JOIN place_parent p ON p.place_id = a.place_id
		WHERE p.path >= $1 AND p.path < $2 AND p.valid_from <= $3 AND p.valid_to >= $4
		AND a.round_id = $5 AND a.model = $6 AND a.state IN ('registered', 'scored', 'sent', 'returned', 'approved')`
)

// CloseModel ends the year of one model in a commune, so that its titles may feed the models above it. The models it depends on
// are closed first, and no file may be without an end.
func (s *Service) CloseModel(ctx context.Context, by identity.Actor, communeID, roundID, model string) (err error) {
	defer fault.Wrap(&err, "assessment.CloseModel(%s, %s)", communeID, model)
	return s.db.Write(ctx, func(tx *store.Tx) error {
		path, err := s.places.Path(ctx, tx, communeID)
		if err != nil {
			return err
		}
		if err := by.Check(identity.Decide, path, communeID); err != nil {
			return err
		}
		r, err := s.round(ctx, tx, roundID)
		if err != nil {
			return err
		}
		plan, ok := r.Plan.Model(model)
		if !ok {
			return fault.NotFound("model", model)
		}
		closed, err := s.closed(ctx, tx, communeID, roundID)
		if err != nil {
			return err
		}
		for _, before := range plan.After {
			if _, part := r.Plan.Model(before); part && !closed[before] {
				return fault.Conflict("round.close_order", "model", model, "before", before)
			}
		}
		today := store.Date(s.now())
		open, _, err := store.One(ctx, tx, store.Value[int], countOpen, path, store.PathEnd(path), today, today, roundID, model)
		if err != nil {
			return err
		}
		if open > 0 {
			return fault.Conflict("round.close_open", "model", model, "count", open)
		}
		n, err := tx.Exec(ctx, insertClose, communeID, roundID, model, store.Micros(s.now()), by.ID)
		if err != nil || n == 0 { // closed already
			return err
		}
		return audit.Write(ctx, tx, by.Who(), s.now(), audit.Entry{PlaceID: communeID, ThingID: roundID, Thing: "round", Act: "close_model", After: map[string]string{"model": model}})
	})
}

// Affected is what reopening a model would touch: the models that read its titles, and whether they are closed already.
type Affected struct {
	Model  string
	Closed bool
}

// WhoIsAffected lists the models that read the titles of model, directly or through another.
func (s *Service) WhoIsAffected(ctx context.Context, communeID, roundID, model string) (list []Affected, err error) {
	defer fault.Wrap(&err, "assessment.WhoIsAffected")
	r, err := s.round(ctx, s.db.Read(), roundID)
	if err != nil {
		return nil, err
	}
	closed, err := s.closed(ctx, s.db.Read(), communeID, roundID)
	if err != nil {
		return nil, err
	}
	touched := map[string]bool{model: true}
	for _, m := range r.Plan.Models { // in closing order, so one pass reaches all
		for _, before := range m.After {
			if touched[before] && !touched[m.Model] {
				touched[m.Model] = true
				list = append(list, Affected{m.Model, closed[m.Model]})
			}
		}
	}
	return list, nil
}

// ReopenModel opens a closed model again for a reason; the models that read it must be opened before.
func (s *Service) ReopenModel(ctx context.Context, by identity.Actor, communeID, roundID, model, reason string) (err error) {
	defer fault.Wrap(&err, "assessment.ReopenModel(%s, %s)", communeID, model)
	if reason = text.NFC(reason); reason == "" {
		return fault.Invalid(fault.Field("reason", "remark.needed"))
	}
	affected, err := s.WhoIsAffected(ctx, communeID, roundID, model)
	if err != nil {
		return err
	}
	for _, a := range affected {
		if a.Closed {
			return fault.Conflict("round.reopen_order", "model", model, "after", a.Model)
		}
	}
	return s.db.Write(ctx, func(tx *store.Tx) error {
		path, err := s.places.Path(ctx, tx, communeID)
		if err != nil {
			return err
		}
		if err := by.Check(identity.Decide, path, communeID); err != nil {
			return err
		}
		n, err := tx.Exec(ctx, deleteClose, communeID, roundID, model)
		if err != nil || n == 0 { // open already
			return err
		}
		return audit.Write(ctx, tx, by.Who(), s.now(), audit.Entry{PlaceID: communeID, ThingID: roundID, Thing: "round", Act: "reopen_model",
			After: map[string]string{"model": model}, Reason: reason})
	})
}

// Closed returns the models that a commune has closed in a round.
func (s *Service) Closed(ctx context.Context, communeID, roundID string) (map[string]bool, error) {
	return s.closed(ctx, s.db.Read(), communeID, roundID)
}

func (s *Service) closed(ctx context.Context, tx *store.Tx, communeID, roundID string) (map[string]bool, error) {
	models, err := store.Collect(ctx, tx, store.Value[string], selectClose, communeID, roundID)
	closed := map[string]bool{}
	for _, m := range models {
		closed[m] = true
	}
	return closed, err
}

// stillOpen refuses a change of a file whose model the commune has closed.
func (s *Service) stillOpen(ctx context.Context, tx *store.Tx, a *Assessment, path string) error {
	var w store.Where
	w.In("place_id", strings.Split(strings.Trim(path, "/"), "/")...).And("round_id = ? AND model = ?", a.RoundID, a.Model)
	_, found, err := store.One(ctx, tx, store.Value[string], `SELECT model FROM round_close`+w.SQL(), w.Args()...)
	if err == nil && found {
		err = fault.Conflict("round.model_closed", "model", a.Model)
	}
	return err
}
