// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package selfsheet

import (
	"context"
	"slices"
	"time"

	"hoctap/internal/assessment"
	"hoctap/internal/audit"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/store"
)

// Line is one file of an area with its slip, for who scores there.
type Line struct {
	File   assessment.Assessment
	Slip   *Slip             // nil before one is made
	Own    *assessment.Sheet // what the subject sent; nil before that
	Waits  bool              // and the area has not looked at it
	Closed bool              // no slip can be made: not registered, with the commune, or its data are only kept
}

const selectOfLeaf = `SELECT ` + slipColumns + ` FROM self_link WHERE place_id = $1 AND round_id = $2 AND model = $3`

// List is an area's files of a model with their slips. Who may see it may print every slip, so it is for those who score there.
func (s *Service) List(ctx context.Context, by identity.Actor, placeID, roundID, model string) (list []Line, err error) {
	defer fault.Wrap(&err, "selfsheet.List(%s)", placeID)
	if err := s.may(ctx, nil, by, placeID); err != nil {
		return nil, err
	}
	files, sheets, err := s.assessments.InLeaf(ctx, by, placeID, roundID, model)
	if err != nil {
		return nil, err
	}
	slips, err := store.Collect(ctx, s.db.Read(), scanSlip, selectOfLeaf, placeID, roundID, model)
	if err != nil {
		return nil, err
	}
	of := make(map[string]*Slip, len(slips))
	for i := range slips {
		of[slips[i].FileID] = &slips[i]
	}
	kept, err := s.registry.Restricted(ctx, nil)
	if err != nil {
		return nil, err
	}
	for _, a := range files {
		l := Line{File: a, Slip: of[a.ID], Closed: a.State == assessment.Listed || a.Locked() || kept[a.SubjectID]}
		if sh, ok := sheets[a.ID][assessment.StageSelf]; ok && identity.IsOwn(sh.ByID) {
			l.Own, l.Waits = &sh, a.Stage == assessment.StageSelf && !a.Locked()
		}
		list = append(list, l)
	}
	return list, nil
}

// may checks that by scores at a leaf.
func (s *Service) may(ctx context.Context, tx *store.Tx, by identity.Actor, placeID string) error {
	if tx == nil {
		tx = s.db.Read()
	}
	path, err := s.places.Path(ctx, tx, placeID)
	if err != nil {
		return err
	}
	return by.Check(identity.Score, path, placeID)
}

var insertSlips = store.NewBulk(`INSERT INTO self_link (id, place_id, assessment_id, round_id, model, serial, secret_hash, code_hash, made_by, made_at, expires_at) VALUES`,
	` ON CONFLICT (place_id, assessment_id) DO NOTHING`)

// Make makes slips for the files of ids, or for all of an area, that have none and can fill in a sheet; n is how many. Those that have one keep it.
func (s *Service) Make(ctx context.Context, by identity.Actor, placeID string, round *assessment.Round, model string, ids []string) (n int, err error) {
	defer fault.Wrap(&err, "selfsheet.Make(%s)", placeID)
	list, err := s.List(ctx, by, placeID, round.ID, model)
	if err != nil {
		return 0, err
	}
	var values []any
	for _, l := range list {
		if l.Slip != nil || l.Closed || ids != nil && !slices.Contains(ids, l.File.ID) {
			continue
		}
		slip := Slip{ID: store.NewID(), Serial: 1}
		values = append(values, slip.ID, placeID, l.File.ID, round.ID, model, slip.Serial, s.secretHash(s.Secret(&slip)), s.codeHash(typed(s.Code(&slip), codeLength)),
			by.ID, store.Micros(s.now()), store.Micros(ends(round)))
	}
	if len(values) == 0 {
		return 0, nil
	}
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		if err := s.may(ctx, tx, by, placeID); err != nil {
			return err
		}
		touched, err := insertSlips.Insert(ctx, tx, values)
		if n = int(touched); err != nil || n == 0 {
			return err
		}
		return audit.Write(ctx, tx, by.Who(), s.now(), audit.Entry{PlaceID: placeID, Thing: "self_link", ThingID: placeID, Act: "make", After: map[string]any{"count": n, "model": model}})
	})
	return n, err
}

// ends is when a slip of a round no longer opens anything.
func ends(r *assessment.Round) time.Time {
	last := time.Date(r.Year, time.December, 31, 0, 0, 0, 0, store.Zone)
	if w, ok := r.Plan.Window(assessment.StageSelf); ok {
		if day, err := time.ParseInLocation(time.DateOnly, w.To, store.Zone); err == nil {
			last = day
		}
	}
	return last.Add(24*time.Hour + readable)
}

const (
	selectOfFile = `SELECT ` + slipColumns + ` FROM self_link WHERE place_id = $1 AND assessment_id = $2`
	updateRenew  = `UPDATE self_link SET serial = $1, secret_hash = $2, code_hash = $3, pin = '', tries = 0, revoked_at = 0, used_at = 0, expires_at = $4, made_by = $5, made_at = $6
		WHERE id = $7 AND serial = $8`
	updateRevoke = `UPDATE self_link SET revoked_at = $1 WHERE id = $2 AND revoked_at = 0`
)

// change does something to the slip of a file, with its entry in the journal.
func (s *Service) change(ctx context.Context, by identity.Actor, placeID, fileID, act string, do func(tx *store.Tx, slip *Slip) (int64, error)) error {
	return s.db.Write(ctx, func(tx *store.Tx) error {
		if err := s.may(ctx, tx, by, placeID); err != nil {
			return err
		}
		slip, found, err := store.One(ctx, tx, scanSlip, selectOfFile, placeID, fileID)
		if err != nil {
			return err
		}
		if !found {
			return fault.NotFound("slip", fileID)
		}
		n, err := do(tx, &slip)
		if err != nil || n == 0 {
			return err
		}
		return audit.Write(ctx, tx, by.Who(), s.now(), audit.Entry{PlaceID: placeID, Thing: "self_link", ThingID: fileID, Act: act})
	})
}

// Renew gives a file another slip: the one before, and every phone that it had opened, is shut out. What was sent stays.
func (s *Service) Renew(ctx context.Context, by identity.Actor, placeID, fileID string, round *assessment.Round) (err error) {
	defer fault.Wrap(&err, "selfsheet.Renew(%s)", fileID)
	return s.change(ctx, by, placeID, fileID, "renew", func(tx *store.Tx, slip *Slip) (int64, error) {
		next := Slip{ID: slip.ID, Serial: slip.Serial + 1}
		return tx.Exec(ctx, updateRenew, next.Serial, s.secretHash(s.Secret(&next)), s.codeHash(typed(s.Code(&next), codeLength)), store.Micros(ends(round)), by.ID,
			store.Micros(s.now()), slip.ID, slip.Serial)
	})
}

// Revoke ends a slip at once.
func (s *Service) Revoke(ctx context.Context, by identity.Actor, placeID, fileID string) (err error) {
	defer fault.Wrap(&err, "selfsheet.Revoke(%s)", fileID)
	return s.change(ctx, by, placeID, fileID, "revoke", func(tx *store.Tx, slip *Slip) (int64, error) {
		return tx.Exec(ctx, updateRevoke, store.Micros(s.now()), slip.ID)
	})
}
