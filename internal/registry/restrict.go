// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package registry

import (
	"context"

	"hoctap/internal/audit"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/store"
)

const (
	selectRestricted  = `SELECT reason FROM restriction WHERE subject_id = $1`
	selectRestrictAll = `SELECT subject_id FROM restriction`
	insertRestriction = `INSERT INTO restriction (subject_id, place_id, reason, by_id, at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (subject_id) DO NOTHING`
	deleteRestriction = `DELETE FROM restriction WHERE subject_id = $1`
)

// Free fails with fault.Conflict while the processing of a subject's data is restricted (hạn chế xử lý dữ liệu): they are kept, and nothing is done with
// them. Every verb that changes, scores or decides asks it inside its transaction.
func Free(ctx context.Context, tx *store.Tx, subjectID, name string) error {
	_, found, err := store.One(ctx, tx, store.Value[string], selectRestricted, subjectID)
	if err == nil && found {
		err = fault.Conflict("registry.restricted", "name", name)
	}
	return err
}

// Restricted returns the subjects whose data are only kept: exports and lists of candidates leave them out. They are few.
func (s *Service) Restricted(ctx context.Context, tx *store.Tx) (ids map[string]bool, err error) {
	defer fault.Wrap(&err, "registry.Restricted")
	if tx == nil {
		tx = s.db.Read()
	}
	list, err := store.Collect(ctx, tx, store.Value[string], selectRestrictAll)
	ids = make(map[string]bool, len(list))
	for _, id := range list {
		ids[id] = true
	}
	return ids, err
}

// Restrict stops the processing of a subject's data, or with on false lets it go on, inside the transaction of the request that asks for it.
func (s *Service) Restrict(ctx context.Context, tx *store.Tx, by identity.Actor, placeID, id, reason string, on bool) (err error) {
	defer fault.Wrap(&err, "registry.Restrict(%s)", id)
	if _, err := s.here(ctx, tx, placeID, id); err != nil {
		return err
	}
	act, n := "unrestrict", int64(0)
	if on {
		act = "restrict"
		n, err = tx.Exec(ctx, insertRestriction, id, placeID, reason, by.ID, store.Micros(s.now()))
	} else {
		n, err = tx.Exec(ctx, deleteRestriction, id)
	}
	if err != nil || n == 0 {
		return err
	}
	return audit.Write(ctx, tx, by.Who(), s.now(), audit.Entry{PlaceID: placeID, ThingID: id, Thing: "subject", Act: act, Reason: reason})
}

const selectHeld = `SELECT id, place_id, purpose FROM consent WHERE subject_id = $1 AND withdrawn_at = 0 ORDER BY id`

// WithdrawAll ends every consent that was given for a subject, inside the transaction of the request that asks for it.
func (s *Service) WithdrawAll(ctx context.Context, tx *store.Tx, by identity.Actor, placeID, id string) (err error) {
	defer fault.Wrap(&err, "registry.WithdrawAll(%s)", id)
	type held struct{ id, placeID, purpose string }
	list, err := store.Collect(ctx, tx, func(sc store.Scanner) (h held, err error) { return h, sc.Scan(&h.id, &h.placeID, &h.purpose) }, selectHeld, id)
	if err != nil {
		return err
	}
	for _, h := range list {
		if _, err := tx.Exec(ctx, withdrawConsent, store.Micros(s.now()), by.ID, h.placeID, h.id); err != nil {
			return err
		}
		if err := audit.Write(ctx, tx, by.Who(), s.now(), audit.Entry{PlaceID: placeID, ThingID: id, Thing: "consent", Act: "withdraw",
			Before: map[string]any{"id": h.id, "purpose": h.purpose}}); err != nil {
			return err
		}
	}
	return nil
}
