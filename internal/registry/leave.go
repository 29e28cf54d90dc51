// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package registry

import (
	"context"
	"unicode/utf8"

	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/store"
	"hoctap/internal/text"
)

const maxReason = 500

// Leave marks a subject as gone: moved out of the province, dissolved, died. It keeps its history and may come Back.
// The persons of a family leave with it. It fails like Save, and with fault.Invalid without a reason.
func (s *Service) Leave(ctx context.Context, by identity.Actor, placeID, id string, version int64, reason string) (r Subject, err error) {
	defer fault.Wrap(&err, "registry.Leave(%s)", id)
	return s.turn(ctx, by, placeID, id, version, reason, Active, Left)
}

// Back takes a subject that had left into the registry again; persons of a family come back one by one, as they really do.
func (s *Service) Back(ctx context.Context, by identity.Actor, placeID, id string, version int64, reason string) (r Subject, err error) {
	defer fault.Wrap(&err, "registry.Back(%s)", id)
	return s.turn(ctx, by, placeID, id, version, reason, Left, Active)
}

func (s *Service) turn(ctx context.Context, by identity.Actor, placeID, id string, version int64, reason string, from, to State) (r Subject, err error) {
	if reason, err = checkReason(reason); err != nil {
		return r, err
	}
	act, change := "leave", Leaving
	if to == Active {
		act, change = "back", Added
	}
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		if err := s.may(ctx, tx, by, identity.EditRegistry, placeID); err != nil {
			return err
		}
		before, err := s.current(ctx, tx, placeID, id, version)
		if err != nil {
			return err
		}
		if before.State != from {
			return fault.Conflict("registry.wrong_state", "name", before.Name, "state", string(before.State))
		}
		if before.Model == Citizen && to == Active {
			if err := s.familyOf(ctx, tx, before.Draft()); err != nil {
				return err
			}
		}
		after := before
		after.State = to
		if r, err = s.replace(ctx, tx, by, act, change, before, after, reason); err != nil || to == Active {
			return err
		}
		persons, err := s.personsOf(ctx, tx, placeID, id)
		if err != nil {
			return err
		}
		for _, p := range persons {
			gone := p
			gone.State = Left
			if _, err := s.replace(ctx, tx, by, act, change, p, gone, reason); err != nil {
				return err
			}
		}
		return nil
	})
	return r, err
}

const selectPersons = `SELECT ` + subjectColumns + ` FROM subject WHERE place_id = $1 AND family_id = $2 AND state = 'active' ORDER BY id`

// personsOf returns the citizens of a family that are kept and have not left.
func (s *Service) personsOf(ctx context.Context, tx *store.Tx, placeID, familyID string) ([]Subject, error) {
	if familyID == "" {
		return nil, nil
	}
	return store.Collect(ctx, tx, s.scan, selectPersons, placeID, familyID)
}

func checkReason(reason string) (string, error) {
	reason = text.NFC(reason)
	switch n := utf8.RuneCountInString(reason); {
	case n == 0:
		return "", fault.Invalid(fault.Field("reason", "registry.missing"))
	case n > maxReason:
		return "", fault.Invalid(fault.Field("reason", "registry.too_long", "length", n, "limit", maxReason))
	}
	return reason, nil
}
