// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package registry

import (
	"context"
	"strings"

	"hoctap/internal/audit"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/store"
)

// Subjects leave the registry for readers through this file alone: what a reader may not see is taken out here, so that no page, download or paper can
// forget it. Load, InLeaf and events are for the packages to the right, which compute with facts and show none.

// Veil stands where a fact is that its reader does not see.
const Veil = "•••"

// MaskedPhone is a number by which a person recognises it and nobody calls it: "09•• ••• 123".
func MaskedPhone(phone string) string {
	n := len(phone)
	if n < 8 {
		return strings.Repeat("•", n)
	}
	return phone[:2] + "•• " + strings.Repeat("•", n-7) + " " + phone[n-3:]
}

// Mask takes out of subjects what a reader does not see. Packages to the right call it on what they hand out.
func Mask(sees identity.Fields, list ...*Subject) {
	for _, r := range list {
		person := r.Model == Family || r.Model == Citizen
		hide := func(f identity.Fields, has bool) bool {
			if has && !sees.Has(f) {
				r.Hidden |= f
				return true
			}
			return false
		}
		if hide(identity.FieldPhone, r.Phone != "") {
			r.Phone = MaskedPhone(r.Phone)
		}
		if hide(identity.FieldID, r.IDTail != "") {
			r.IDTail = Veil
		}
		r.IDNumber = "" // no page shows the whole
		if !person {
			continue // where an office stands is no secret
		}
		if hide(identity.FieldBirth, r.BirthYear != 0) {
			r.BirthYear = 0
		}
		if hide(identity.FieldAddress, r.Address != "") {
			r.Address = Veil
		}
		if hide(identity.FieldEthnic, r.Ethnic != "") {
			r.Ethnic = Veil
		}
	}
}

// VisibleEntries is EntriesOf for a reader: what other registers say of a person is for those who work with it.
func (s *Service) VisibleEntries(ctx context.Context, by identity.Actor, placeID, id string, year int) (entries map[string]Entry, hidden bool, err error) {
	defer fault.Wrap(&err, "registry.VisibleEntries(%s)", id)
	path, err := s.places.Path(ctx, nil, placeID)
	if err != nil {
		return nil, false, err
	}
	if err := by.Check(identity.SeeRecords, path, placeID); err != nil {
		return nil, false, err
	}
	entries, err = s.EntriesOf(ctx, s.db.Read(), placeID, id, year)
	if !by.Sees(path).Has(identity.FieldStatus) && len(entries) > 0 {
		return nil, true, err
	}
	return entries, false, err
}

// Reveal shows one masked fact of one subject to somebody who needs it, and says so in the subject's journal, with the reason. It fails with fault.NotFound
// for a field that is none, fault.Invalid without a reason, and fault.Denied where the actor may not ask for it.
func (s *Service) Reveal(ctx context.Context, by identity.Actor, placeID, id, field, reason string) (r Subject, err error) {
	defer fault.Wrap(&err, "registry.Reveal(%s, %s)", id, field)
	f := identity.FieldNamed(field)
	if f == 0 || f == identity.FieldStatus {
		return r, fault.NotFound("field", field)
	}
	if r, err = s.Load(ctx, s.db.Read(), placeID, id); err != nil {
		return r, err
	}
	path, err := s.places.Path(ctx, nil, r.PlaceID)
	if err != nil {
		return Subject{}, err
	}
	if err := s.may(ctx, nil, by, identity.SeeRecords, r.PlaceID); err != nil {
		return Subject{}, err
	}
	sees := by.Sees(path)
	if !sees.Has(f) {
		if reason, err = checkReason(reason); err != nil {
			return Subject{}, err
		}
		if !by.Asks(path).Has(f) {
			return Subject{}, fault.Denied("reveal", r.Name)
		}
		err = s.db.Write(ctx, func(tx *store.Tx) error {
			return audit.Write(ctx, tx, by.Who(), s.now(), audit.Entry{PlaceID: r.PlaceID, ThingID: r.ID, Thing: "subject", Act: "reveal", Reason: reason,
				After: map[string]any{"field": field}})
		})
		if err != nil {
			return Subject{}, err
		}
	}
	Mask(sees|f, &r)
	return r, nil
}
