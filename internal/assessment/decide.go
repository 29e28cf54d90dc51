// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package assessment

import (
	"context"
	"slices"

	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/store"
)

// Recognise, Revoke, Restore and Exemplary are the steps that a decision takes on a file, inside the decision's own
// transaction. Package recognition has checked the actor and the decision; here only the state machine speaks.

// Recognise marks an approved file as recognised by a decision.
func (s *Service) Recognise(ctx context.Context, tx *store.Tx, by identity.Actor, placeID, id, decisionID string) (Assessment, error) {
	return s.decided(ctx, tx, by, placeID, id, ActRecognise, decisionID)
}

// Revoke marks a recognised file as withdrawn by a decision.
func (s *Service) Revoke(ctx context.Context, tx *store.Tx, by identity.Actor, placeID, id, decisionID string) (Assessment, error) {
	return s.decided(ctx, tx, by, placeID, id, ActRevoke, decisionID)
}

// Restore takes a revocation back.
func (s *Service) Restore(ctx context.Context, tx *store.Tx, by identity.Actor, placeID, id, decisionID string) (Assessment, error) {
	return s.decided(ctx, tx, by, placeID, id, ActRestore, decisionID)
}

func (s *Service) decided(ctx context.Context, tx *store.Tx, by identity.Actor, placeID, id string, act Act, decisionID string) (after Assessment, err error) {
	before, err := get(ctx, tx, placeID, id)
	if err != nil {
		return after, err
	}
	after = before
	if after.State, err = step(&before, act); err != nil {
		return after, err
	}
	if rule := ruleOf(act); len(rule.Apart) > 0 {
		path := ""
		if by.Borrows() { // a decision may have thousands of files
			if path, err = s.places.Path(ctx, tx, placeID); err != nil {
				return after, err
			}
		}
		if err := by.Apart(rule, path, before.hands(), before.Name); err != nil {
			return after, err
		}
	}
	if act == ActRevoke {
		after.Exemplary = false
	}
	return after, s.change(ctx, tx, by, &before, &after, act, "", map[string]string{"decision": decisionID})
}

// SetExemplary names a recognised file exemplary, or takes that back.
func (s *Service) SetExemplary(ctx context.Context, tx *store.Tx, by identity.Actor, placeID, id string, on bool, decisionID string) (after Assessment, err error) {
	before, err := get(ctx, tx, placeID, id)
	if err != nil {
		return after, err
	}
	if before.State != Recognised {
		return after, fault.Conflict("assessment.state", "name", before.Name, "state", string(before.State), "act", "exemplary")
	}
	after = before
	after.Exemplary = on
	return after, s.change(ctx, tx, by, &before, &after, "exemplary", "", map[string]any{"decision": decisionID, "exemplary": on})
}

// Load returns one assessment inside tx, for packages to the right; they check the actor.
func (s *Service) Load(ctx context.Context, tx *store.Tx, placeID, id string) (Assessment, error) {
	return get(ctx, tx, placeID, id)
}

const selectApproved = `SELECT ` + columns + ` FROM place_parent p JOIN assessment a ON a.place_id = p.place_id
	WHERE p.path >= $1 AND p.path < $2 AND p.valid_from <= $3 AND p.valid_to >= $4
	AND a.round_id = $5 AND a.model = $6 AND a.state = $7 ORDER BY p.path, a.sort, a.id`

// InState returns every assessment below a path that is in a state, by area and name: for lists that a decision annexes.
func (s *Service) InState(ctx context.Context, tx *store.Tx, path, roundID, model string, state State) ([]Assessment, error) {
	today := store.Date(s.now())
	list, err := store.Collect(ctx, tx, scan, selectApproved, path, store.PathEnd(path), today, today, roundID, model, string(state))
	if err != nil {
		return nil, err
	}
	kept, err := s.registry.Restricted(ctx, tx)
	if len(kept) > 0 {
		list = slices.DeleteFunc(list, func(a Assessment) bool { return kept[a.SubjectID] })
	}
	return list, err
}
