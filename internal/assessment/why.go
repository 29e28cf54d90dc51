// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package assessment

import (
	"context"

	"hoctap/internal/fault"
	"hoctap/internal/identity"
)

// Barrier is something about a file that bears on a step: nil Err lets it pass.
type Barrier struct {
	What string // stage | model | state | separation
	Err  error  // a *fault.Fault
}

// Barriers says what of the file itself, beside the roles, lets or keeps who from a step: the stage of the round, whether its model is still open in
// the commune, its state, and separation of duties. It asks what the step itself asks. by must see the file.
func (s *Service) Barriers(ctx context.Context, by, who identity.Actor, name, placeID, id string) (a Assessment, list []Barrier, err error) {
	defer fault.Wrap(&err, "assessment.Barriers(%s, %s)", name, id)
	tx := s.db.Read()
	a, path, err := s.may(ctx, tx, by, identity.SeeRecords, placeID, id)
	if err != nil {
		return a, nil, err
	}
	rule, known := identity.StepOf(name)
	if !known {
		return a, nil, fault.NotFound("act", name)
	}
	r, err := s.round(ctx, tx, a.RoundID)
	if err != nil {
		return a, nil, err
	}
	list = []Barrier{{"stage", s.during(ctx, tx, &r, &a, rule, path)}, {"model", s.stillOpen(ctx, tx, &a, path)}}
	if len(rule.From) > 0 {
		_, err := step(&a, Act(name))
		list = append(list, Barrier{"state", err})
	}
	if len(rule.Apart) > 0 {
		list = append(list, Barrier{"separation", who.Apart(rule, path, a.hands(), a.Name)})
	}
	for _, b := range list {
		if fault.Ours(b.Err) {
			return a, nil, b.Err
		}
	}
	return a, list, nil
}
