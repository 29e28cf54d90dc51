// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package assessment

import (
	"context"
	"time"

	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/registry"
	"hoctap/internal/store"
)

// Register notes that subjects of one leaf strive for the title this year, on the day they said so (a paper list may be
// typed later; that day must lie within the window). Those registered already are left as they are.
func (s *Service) Register(ctx context.Context, by identity.Actor, placeID, roundID string, ids []string, on time.Time) (b Batch, err error) {
	defer fault.Wrap(&err, "assessment.Register(%s)", placeID)
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		b = Batch{}
		for _, id := range ids {
			before, path, err := s.may(ctx, tx, by, identity.Register, placeID, id)
			if err != nil {
				return err
			}
			if before.State != Listed {
				continue
			}
			r, err := s.round(ctx, tx, before.RoundID)
			if err != nil {
				return err
			}
			if err := s.mayRegister(ctx, tx, &r, &before, path, on); err != nil {
				return err
			}
			after := before
			if after.State, err = step(&before, ActRegister); err != nil {
				return err
			}
			after.RegisteredAt = on
			if err := s.change(ctx, tx, by, &before, &after, ActRegister, "", nil); err != nil {
				return err
			}
			b.Done++
		}
		return nil
	})
	return b, err
}

// mayRegister takes the day on the paper list, not the day of typing: but never one to come, and none outside the window.
func (s *Service) mayRegister(ctx context.Context, tx *store.Tx, r *Round, a *Assessment, path string, on time.Time) error {
	if r.State != RoundOpen {
		return fault.Conflict("round.not_open", "round", r.Title)
	}
	if err := registry.Free(ctx, tx, a.SubjectID, a.Name); err != nil {
		return err
	}
	if err := s.stillOpen(ctx, tx, a, path); err != nil {
		return err
	}
	day := store.Date(on)
	if day > store.Date(s.now()) {
		return fault.Invalid(fault.Field("date", "register.future", "date", day))
	}
	w, ok := r.Plan.Window(StageRegistration)
	if !ok || w.From <= day && day <= w.To {
		return nil
	}
	if day < w.From {
		return fault.Conflict("round.early", "stage", string(StageRegistration), "from", w.From)
	}
	return s.inTime(ctx, tx, r, a.Model, StageRegistration, path)
}

// Unregister takes a registration back, for a reason; sheets stay as records.
func (s *Service) Unregister(ctx context.Context, by identity.Actor, k Key, reason string) (a Assessment, err error) {
	defer fault.Wrap(&err, "assessment.Unregister(%s)", k.ID)
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		before, path, err := s.may(ctx, tx, by, identity.Register, k.PlaceID, k.ID)
		if err != nil {
			return err
		}
		if k.Version != 0 && before.Version != k.Version {
			return fault.Stale("assessment", before.ID)
		}
		r, err := s.round(ctx, tx, before.RoundID)
		if err != nil {
			return err
		}
		if err := s.during(ctx, tx, &r, &before, ruleOf(ActUnregister), path); err != nil {
			return err
		}
		if err := s.stillOpen(ctx, tx, &before, path); err != nil {
			return err
		}
		a = before
		if a.State, err = step(&before, ActUnregister); err != nil {
			return err
		}
		a.RegisteredAt = time.Time{}
		return s.change(ctx, tx, by, &before, &a, ActUnregister, reason, nil)
	})
	return a, err
}
