// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package privacy

import (
	"context"
	"slices"
	"strings"

	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/place"
	"hoctap/internal/registry"
	"hoctap/internal/store"
)

const updateRequest = `
	UPDATE privacy_request SET place_id = $1, state = $2, subject_place = $3, subject_id = $4, checked = $5, checked_by = $6, acknowledged_on = $7, due = $8, extended = $9,
		answer = $10, basis = $11, change_id = $12, ended_on = $13, ended_by = $14, version = version + 1
	WHERE id = $15 AND version = $16`

func (r *Request) save(ctx context.Context, tx *store.Tx) error {
	n, err := tx.Exec(ctx, updateRequest, r.PlaceID, string(r.State), r.SubjectPlace, r.SubjectID, r.Checked, r.CheckedBy, r.AcknowledgedOn, r.Due, r.Extended, r.Answer, r.Basis,
		r.ChangeID, r.EndedOn, r.EndedBy, r.ID, r.Version)
	if err == nil && n == 0 {
		err = fault.Stale("privacy_request", r.ID)
	}
	r.Version++
	return err
}

// turn is the one way a request changes: read anew, checked, changed, saved and journaled in one transaction.
func (s *Service) turn(ctx context.Context, by identity.Actor, id string, version int64, act, reason string, change func(tx *store.Tx, r *Request) error) (r Request, err error) {
	if r, err = s.Request(ctx, by, id); err != nil {
		return r, err
	}
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		if r, err = load(ctx, tx, id); err != nil {
			return err
		}
		if r.Version != version {
			return fault.Stale("privacy_request", id)
		}
		if !r.State.Open() {
			return fault.Conflict("privacy.ended", "state", string(r.State))
		}
		if err := change(tx, &r); err != nil {
			return err
		}
		if err := r.save(ctx, tx); err != nil {
			return err
		}
		return s.note(ctx, tx, by, &r, act, reason)
	})
	return r, err
}

// Acknowledge records that the person was told that the request arrived.
func (s *Service) Acknowledge(ctx context.Context, by identity.Actor, id string, version int64) (r Request, err error) {
	defer fault.Wrap(&err, "privacy.Acknowledge(%s)", id)
	return s.turn(ctx, by, id, version, "acknowledge", "", func(_ *store.Tx, r *Request) error {
		if r.State == Received {
			r.State, r.AcknowledgedOn = Working, s.today()
		}
		return nil
	})
}

// Identify records whose data the request is about, and how the office saw that who asks is that person or may ask for them. Nothing is told or done
// before. It fails with fault.Invalid, and fault.NotFound for a subject that does not lie where the office works.
func (s *Service) Identify(ctx context.Context, by identity.Actor, id string, version int64, subjectPlace, subjectID, checked string) (r Request, err error) {
	defer fault.Wrap(&err, "privacy.Identify(%s)", id)
	clean(&checked)
	if errs := slices.Concat(long("checked", checked, 5, 500), long("subject", subjectID, 1, 60)); len(errs) > 0 {
		return r, fault.Invalid(errs...)
	}
	p, err := s.places.Get(ctx, subjectPlace)
	if fault.KindOf(err) == fault.KindNotFound {
		return r, fault.Invalid(fault.Field("subject", "privacy.subject"))
	}
	if err != nil {
		return r, err
	}
	return s.turn(ctx, by, id, version, "identify", "", func(tx *store.Tx, r *Request) error {
		if !strings.Contains(p.Path, "/"+r.PlaceID+"/") {
			return fault.Invalid(fault.Field("subject", "privacy.subject"))
		}
		sub, err := s.registry.Load(ctx, tx, subjectPlace, subjectID)
		if err != nil {
			return err
		}
		if sub.Model != registry.Family && sub.Model != registry.Citizen || sub.Name == registry.ErasedName {
			return fault.Invalid(fault.Field("subject", "privacy.subject"))
		}
		r.SubjectPlace, r.SubjectID, r.Checked, r.CheckedBy = sub.PlaceID, sub.ID, checked, by.ID
		if r.State == Received { // they stand before the officer
			r.State, r.AcknowledgedOn = Working, s.today()
		}
		return nil
	})
}

// Extend gives the office the longer time of the law, once, with its reason, which the person is told.
func (s *Service) Extend(ctx context.Context, by identity.Actor, id string, version int64, reason string) (r Request, err error) {
	defer fault.Wrap(&err, "privacy.Extend(%s)", id)
	clean(&reason)
	if errs := long("reason", reason, 10, 1000); len(errs) > 0 {
		return r, fault.Invalid(errs...)
	}
	return s.turn(ctx, by, id, version, "extend", "", func(_ *store.Tx, r *Request) error {
		switch {
		case r.Extended != "":
			return fault.Conflict("privacy.extended")
		case r.Due < s.today():
			return fault.Conflict("privacy.extend_late", "due", r.Due)
		}
		r.Extended, r.Due = reason, r.Kind.Later(r.Due)
		return nil
	})
}

// Refuse answers that the request is not met, with the reason and the legal basis.
func (s *Service) Refuse(ctx context.Context, by identity.Actor, id string, version int64, reason, basis string) (r Request, err error) {
	defer fault.Wrap(&err, "privacy.Refuse(%s)", id)
	clean(&reason, &basis)
	if errs := slices.Concat(long("answer", reason, 10, 2000), long("basis", basis, 5, 500)); len(errs) > 0 {
		return r, fault.Invalid(errs...)
	}
	return s.turn(ctx, by, id, version, "refuse", "", func(_ *store.Tx, r *Request) error {
		s.end(r, by, Refused)
		r.Answer, r.Basis = reason, basis
		return nil
	})
}

// Drop ends a request that was taken back, or whose sender never showed who they are.
func (s *Service) Drop(ctx context.Context, by identity.Actor, id string, version int64, reason string) (r Request, err error) {
	defer fault.Wrap(&err, "privacy.Drop(%s)", id)
	clean(&reason)
	if errs := long("answer", reason, 5, 2000); len(errs) > 0 {
		return r, fault.Invalid(errs...)
	}
	return s.turn(ctx, by, id, version, "drop", "", func(_ *store.Tx, r *Request) error {
		s.end(r, by, Dropped)
		r.Answer = reason
		return nil
	})
}

// Forward hands a request to the body that holds the data; the clocks run on.
func (s *Service) Forward(ctx context.Context, by identity.Actor, id string, version int64, placeID string) (r Request, err error) {
	defer fault.Wrap(&err, "privacy.Forward(%s)", id)
	p, err := s.places.Get(ctx, placeID)
	if err != nil || p.Level != place.Commune && p.Level != place.Province || !p.On(s.today()) {
		return r, fault.Invalid(fault.Field("place", "privacy.place"))
	}
	return s.turn(ctx, by, id, version, "forward", "", func(_ *store.Tx, r *Request) error {
		r.PlaceID, r.SubjectPlace, r.SubjectID, r.Checked, r.CheckedBy = p.ID, "", "", "", ""
		return nil
	})
}

func (s *Service) end(r *Request, by identity.Actor, state State) {
	r.State, r.EndedOn, r.EndedBy = state, s.today(), by.ID
	if r.AcknowledgedOn == "" {
		r.AcknowledgedOn = r.EndedOn
	}
}

// Finish does what was asked and records the answer: consents are withdrawn, processing stops, data are erased in the same transaction; what was seen,
// given or put right is told in words. It fails with fault.Conflict before the person was identified, and as Erase does.
func (s *Service) Finish(ctx context.Context, by identity.Actor, id string, version int64, answer string) (r Request, err error) {
	defer fault.Wrap(&err, "privacy.Finish(%s)", id)
	clean(&answer)
	if errs := long("answer", answer, 5, 2000); len(errs) > 0 {
		return r, fault.Invalid(errs...)
	}
	var gone erasure
	r, err = s.turn(ctx, by, id, version, "finish", "", func(tx *store.Tx, r *Request) error {
		if r.SubjectID == "" {
			return fault.Conflict("privacy.who")
		}
		s.end(r, by, Done)
		r.Answer = answer
		switch r.Kind {
		case Withdraw, Object:
			return s.registry.WithdrawAll(ctx, tx, by, r.SubjectPlace, r.SubjectID)
		case Limit:
			return s.registry.Restrict(ctx, tx, by, r.SubjectPlace, r.SubjectID, r.ID, true)
		case Erase:
			gone, err = s.erase(ctx, tx, by, r.SubjectPlace, r.SubjectID, r.ID)
			r.Answer, r.Basis = answer, gone.basis()
			return err
		}
		return nil
	})
	if err == nil {
		err = s.dropFiles(ctx, gone.files)
	}
	return r, err
}

// Lift ends a restriction: the person wishes it, or what it waited for is settled.
func (s *Service) Lift(ctx context.Context, by identity.Actor, id, reason string) (err error) {
	defer fault.Wrap(&err, "privacy.Lift(%s)", id)
	clean(&reason)
	if errs := long("reason", reason, 5, 1000); len(errs) > 0 {
		return fault.Invalid(errs...)
	}
	r, err := s.Request(ctx, by, id)
	if err != nil {
		return err
	}
	if r.Kind != Limit || r.State != Done {
		return fault.Conflict("privacy.not_restricted")
	}
	return s.db.Write(ctx, func(tx *store.Tx) error {
		return s.registry.Restrict(ctx, tx, by, r.SubjectPlace, r.SubjectID, reason, false)
	})
}
