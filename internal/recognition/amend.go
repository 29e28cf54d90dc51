// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package recognition

import (
	"context"

	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/store"
)

// correct replaces what an item holds under the named decision by titles with the right name and certificates of their own.
func (s *Service) correct(ctx context.Context, tx *store.Tx, d *Decision, it Item) error {
	held, _, err := heldUnder(ctx, tx, d, it)
	if err != nil {
		return err
	}
	for _, t := range held {
		if err := end(ctx, tx, &t, TitleReplaced, d.ID); err != nil {
			return err
		}
		t.Name = it.Name
		if err := s.again(ctx, tx, d, it, t); err != nil {
			return err
		}
	}
	return nil
}

// again grants a title anew under a later decision; it remembers which one granted it first.
func (s *Service) again(ctx context.Context, tx *store.Tx, d *Decision, it Item, t Title) error {
	t.DecisionID, t.DecidedOn, t.No, t.EndedBy = d.ID, d.Date, it.No, ""
	return s.addTitle(ctx, tx, t)
}

// restore gives back what the named decision took away from an item's subject: the title and the exemplary ones that went with
// it, each with a new certificate, because the old one was declared void.
func (s *Service) restore(ctx context.Context, tx *store.Tx, by identity.Actor, d *Decision, it Item) error {
	gone, err := ofSubject(ctx, tx, it.SubjectID, d.Model, TitleRevoked)
	if err != nil {
		return err
	}
	done := false
	for i := range gone { // plain titles come first: an exemplary file must be recognised
		t := gone[i]
		if t.EndedBy != d.AmendsID {
			continue
		}
		if !t.Period() {
			a, err := s.fileOf(ctx, tx, &t)
			if err != nil {
				return err
			}
			if t.Exemplary {
				_, err = s.assessments.SetExemplary(ctx, tx, by, a.PlaceID, a.ID, true, d.ID)
			} else {
				_, err = s.assessments.Restore(ctx, tx, by, a.PlaceID, a.ID, d.ID)
			}
			if err != nil {
				return err
			}
		}
		if err := end(ctx, tx, &t, TitleReplaced, d.ID); err != nil {
			return err
		}
		if err := s.again(ctx, tx, d, it, t); err != nil {
			return err
		}
		done = true
	}
	if !done {
		return fault.Conflict("recognition.not_taken_name", "name", it.Name)
	}
	return nil
}
