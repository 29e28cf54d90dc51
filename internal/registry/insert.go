// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package registry

import (
	"context"
	"fmt"

	"hoctap/internal/audit"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/store"
)

// Chunk is how many rows one transaction takes in a bulk load: long enough to be fast, short enough (some 50 ms)
// for the others who wait to write.
const Chunk = 2000

// Insert adds many subjects inside the caller's transaction, for the demo and for imports; keep to Chunk drafts a call. The
// drafts' ids, when given, become the subjects' ids. The journal gets one entry for each place, which counts them:
// the rows themselves say the rest, BatchID among them. A draft that breaks a rule fails the whole call with fault.Invalid
// whose fields read "12.phone"; the actor must be allowed to edit the registry at each place.
func (s *Service) Insert(ctx context.Context, tx *store.Tx, by identity.Actor, drafts ...Draft) (out []Subject, err error) {
	defer fault.Wrap(&err, "registry.Insert")
	year := s.year()
	keeps, err := s.keepsIDs(ctx, tx)
	if err != nil {
		return nil, err
	}
	perPlace := map[string]int{}
	var places []string
	var broken []fault.FieldError
	out = make([]Subject, 0, len(drafts))
	for i, d := range drafts {
		d = d.Clean()
		if err := d.Check(year); err != nil {
			broken = append(broken, numbered(i, err)...)
			continue
		}
		if perPlace[d.PlaceID]++; perPlace[d.PlaceID] == 1 {
			if err := s.may(ctx, tx, by, identity.EditRegistry, d.PlaceID); err != nil {
				return nil, err
			}
			places = append(places, d.PlaceID)
		}
		r, err := s.fresh(d, keeps)
		if err != nil {
			return nil, err
		}
		if d.ID != "" && d.Model != Community {
			r.ID = d.ID
		}
		out = append(out, r)
	}
	if len(broken) > 0 {
		return nil, fault.Invalid(broken...)
	}
	if err := s.insert(ctx, tx, out...); err != nil {
		return nil, err
	}
	for _, place := range places {
		entry := audit.Entry{PlaceID: place, ThingID: batchOf(drafts), Thing: "subjects", Act: "add", After: map[string]any{"count": perPlace[place]}}
		if err := audit.Write(ctx, tx, by.Who(), s.now(), entry); err != nil {
			return nil, err
		}
	}
	if len(s.listeners) == 0 {
		return out, nil
	}
	events := make([]Event, len(out))
	for i, r := range out {
		events[i] = Event{Change: Added, Subject: r}
	}
	return out, s.tell(ctx, tx, by, events...)
}

func batchOf(drafts []Draft) string {
	if len(drafts) == 0 {
		return ""
	}
	return drafts[0].BatchID
}

func numbered(i int, err error) []fault.FieldError {
	f := fields(err)
	for j := range f {
		f[j].Field = fmt.Sprintf("%d.%s", i, f[j].Field)
	}
	return f
}
