// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package registry

import (
	"context"
	"errors"
	"strings"

	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/place"
	"hoctap/internal/store"
)

// may checks that by may do act at the place. A nil tx reads outside a transaction.
func (s *Service) may(ctx context.Context, tx *store.Tx, by identity.Actor, act identity.Act, placeID string) error {
	path, err := s.places.Path(ctx, tx, placeID)
	if err != nil {
		return err
	}
	if by.May(act, path) {
		return nil
	}
	names, err := s.places.Names(ctx, placeID)
	if err != nil {
		return err
	}
	return by.Check(act, path, names[placeID])
}

// leaf returns the leaf place, once by may do act there. It fails with fault.Invalid on "place" for a place that is no leaf.
func (s *Service) leaf(ctx context.Context, by identity.Actor, act identity.Act, placeID string) (place.Place, error) {
	if placeID == "" {
		return place.Place{}, fault.Invalid(fault.Field("place", "registry.missing"))
	}
	p, err := s.places.Get(ctx, placeID)
	if err != nil {
		return p, err
	}
	if err := by.Check(act, p.Path, p.FullName()); err != nil {
		return p, err
	}
	if !p.Leaf() {
		return p, fault.Invalid(fault.Field("place", "registry.not_a_leaf", "place", p.FullName()))
	}
	return p, nil
}

// isOwn says whether the leaf is the one for what belongs to no area.
func isOwn(placeID string) bool { return strings.HasPrefix(placeID, place.OwnLeaf("")) }

// fields returns the broken rules an error carries.
func fields(err error) []fault.FieldError {
	if f, ok := errors.AsType[*fault.Fault](err); ok {
		return f.Fields
	}
	return nil
}
