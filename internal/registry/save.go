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

// Save adds a subject or changes one. It fails with fault.Invalid for a draft that breaks a rule, fault.Denied when by
// may not edit the registry there, fault.Stale when someone saved since d.Version, fault.Conflict when the subject has
// left or was merged, and fault.NotFound for an id that is not (or no longer) at d.PlaceID.
func (s *Service) Save(ctx context.Context, by identity.Actor, d Draft) (r Subject, err error) {
	defer fault.Wrap(&err, "registry.Save(%s)", d.ID)
	if d, err = s.checked(d); err != nil {
		return r, err
	}
	if _, err = s.leaf(ctx, by, identity.EditRegistry, d.PlaceID); err != nil {
		return r, err
	}
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		if err := s.familyOf(ctx, tx, d); err != nil {
			return err
		}
		if d.ID == "" {
			r, err = s.add(ctx, tx, by, d)
		} else {
			r, err = s.change(ctx, tx, by, d)
		}
		return err
	})
	return r, err
}

func (s *Service) checked(d Draft) (Draft, error) {
	d = d.Clean()
	return d, d.Check(s.year())
}

func (s *Service) year() int { return s.now().In(store.Zone).Year() }

// familyOf makes sure that a citizen's family is one, in the same leaf.
func (s *Service) familyOf(ctx context.Context, tx *store.Tx, d Draft) error {
	if d.FamilyID == "" {
		return nil
	}
	f, found, err := s.load(ctx, tx, d.PlaceID, d.FamilyID)
	if err != nil {
		return err
	}
	if !found || f.Model != Family || f.State != Active {
		return fault.Invalid(fault.Field("family_id", "registry.family_elsewhere"))
	}
	return nil
}

func (s *Service) add(ctx context.Context, tx *store.Tx, by identity.Actor, d Draft) (Subject, error) {
	keeps, err := s.keepsIDs(ctx, tx)
	if err != nil {
		return Subject{}, err
	}
	r, err := s.fresh(d, keeps)
	if err != nil {
		return r, err
	}
	if err := s.checkTwin(ctx, tx, by, r); err != nil {
		return r, err
	}
	if r.Model == Community {
		if _, found, err := s.load(ctx, tx, r.PlaceID, r.ID); err != nil {
			return r, err
		} else if found {
			return r, fault.Conflict("registry.community_twice", "name", r.Name)
		}
	}
	if err := s.insert(ctx, tx, r); err != nil {
		return r, err
	}
	if err := s.journal(ctx, tx, by, "add", nil, r, ""); err != nil {
		return r, err
	}
	return r, s.tell(ctx, tx, by, Event{Change: Added, Subject: r})
}

// fresh makes the first version of a subject out of a checked draft.
func (s *Service) fresh(d Draft, keeps bool) (Subject, error) {
	now := s.now()
	r := Subject{PlaceID: d.PlaceID, ID: store.NewID(), Model: d.Model, BatchID: d.BatchID, State: Active, Version: 1, CreatedAt: now, UpdatedAt: now}
	if d.Model == Community {
		r.ID = d.PlaceID
		if isOwn(d.PlaceID) {
			return r, fault.Invalid(fault.Field("place", "registry.community_needs_area"))
		}
	}
	s.take(&r, d, keeps)
	return r, nil
}

func (s *Service) change(ctx context.Context, tx *store.Tx, by identity.Actor, d Draft) (Subject, error) {
	before, err := s.current(ctx, tx, d.PlaceID, d.ID, d.Version)
	if err != nil {
		return before, err
	}
	if before.State != Active {
		return before, fault.Conflict("registry.not_active", "name", before.Name, "state", string(before.State))
	}
	if d.Model != before.Model {
		return before, fault.Invalid(fault.Field("model", "registry.model_fixed"))
	}
	after := before
	keeps, err := s.keepsIDs(ctx, tx)
	if err != nil {
		return before, err
	}
	s.take(&after, d, keeps)
	if err := s.checkTwin(ctx, tx, by, after); err != nil {
		return before, err
	}
	return s.replace(ctx, tx, by, "change", Changed, before, after, "")
}

// current returns the subject in the version that the actor saw.
func (s *Service) current(ctx context.Context, tx *store.Tx, placeID, id string, version int64) (Subject, error) {
	r, err := s.here(ctx, tx, placeID, id)
	if err == nil && r.Version != version {
		err = fault.Stale("subject", id)
	}
	return r, err
}

// here is the subject at a leaf; one that moved on is not found.
func (s *Service) here(ctx context.Context, tx *store.Tx, placeID, id string) (Subject, error) {
	r, found, err := s.load(ctx, tx, placeID, id)
	if err == nil && !found {
		err = fault.NotFound("subject", id)
	}
	return r, err
}

// replace writes after over before, with its journal entry, and tells the listeners.
func (s *Service) replace(ctx context.Context, tx *store.Tx, by identity.Actor, act string, change Change, before, after Subject, reason string) (Subject, error) {
	if err := Free(ctx, tx, before.ID, before.Name); err != nil {
		return after, err
	}
	after.UpdatedAt = s.now()
	ok, err := s.update(ctx, tx, &after)
	if err != nil {
		return after, err
	}
	if !ok {
		return after, fault.Stale("subject", after.ID)
	}
	if err := s.journal(ctx, tx, by, act, before, after, reason); err != nil {
		return after, err
	}
	return after, s.tell(ctx, tx, by, Event{Change: change, Subject: after, Before: before})
}

func (s *Service) journal(ctx context.Context, tx *store.Tx, by identity.Actor, act string, before any, after Subject, reason string) error {
	if b, ok := before.(Subject); ok {
		before = told(b)
	}
	return audit.Write(ctx, tx, by.Who(), s.now(), audit.Entry{
		PlaceID: after.PlaceID, ThingID: after.ID, Thing: "subject", Act: act, Before: before, After: told(after), Reason: reason,
	})
}
