// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package recognition

import (
	"context"

	"hoctap/internal/audit"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/store"
	"hoctap/internal/text"
)

// Void says whether the paper was issued by mistake and counts no more.
func (p *Paper) Void() bool { return !p.VoidedAt.IsZero() }

const updateVoid = `UPDATE outgoing_paper SET void_at = $1, void_by = $2, void_reason = $3 WHERE id = $4 AND void_at = 0`

// VoidPaper marks a paper as issued by mistake. Its number stays used and its text stays frozen; nothing undoes it. It fails with fault.Denied for who may
// not issue it, fault.Invalid without a reason, and fault.Conflict when it is void already or is a report, whose way back is its own.
func (s *Service) VoidPaper(ctx context.Context, by identity.Actor, id, reason string) (p Paper, err error) {
	defer fault.Wrap(&err, "recognition.VoidPaper(%s)", id)
	reason = text.NFC(reason)
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		var found bool
		if p, found, err = store.One(ctx, tx, scanPaper, selectPaper, id); err != nil {
			return err
		}
		if !found {
			return fault.NotFound("paper", id)
		}
		if err := s.MayIssue(ctx, tx, by, p.PlaceID, p.BodyID); err != nil {
			return err
		}
		if p.Kind == PaperReport {
			return fault.Conflict("recognition.void_report", "number", p.Text())
		}
		if reason == "" || len(reason) > 1000 {
			return fault.Invalid(fault.Field("reason", "recognition.void_reason"))
		}
		p.VoidedAt, p.VoidedBy, p.VoidReason = store.Time(store.Micros(s.now())), by.ID, reason
		n, err := tx.Exec(ctx, updateVoid, store.Micros(p.VoidedAt), p.VoidedBy, reason, id)
		if err != nil {
			return err
		}
		if n == 0 {
			return fault.Conflict("recognition.void_already", "number", p.Text())
		}
		return audit.Write(ctx, tx, by.Who(), p.VoidedAt, audit.Entry{PlaceID: p.PlaceID, ThingID: id, Thing: "paper", Act: "void", Reason: reason,
			After: map[string]any{"kind": p.Kind, "number": p.Text(), "date": p.Date}})
	})
	return p, err
}
