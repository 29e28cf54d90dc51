// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package registry

import (
	"context"
	"encoding/json"
	"time"

	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/store"
)

// MergeRecord is a merge that was made.
type MergeRecord struct {
	ID       string
	PlaceID  string
	KeptID   string
	GoneID   string
	ByID     string
	At       time.Time
	UndoneAt time.Time // zero while it holds
	trace    trace
}

const (
	mergeColumns = `SELECT place_id, id, kept_id, gone_id, before, by_id, at, undone_at FROM subject_merge`
	selectMerge  = mergeColumns + ` WHERE place_id = $1 AND id = $2`
	selectMerges = mergeColumns + ` WHERE place_id = $1 ORDER BY id DESC`
	undoMerge    = `UPDATE subject_merge SET undone_at = $1 WHERE place_id = $2 AND id = $3 AND undone_at = 0`
)

func scanMerge(row store.Scanner) (m MergeRecord, err error) {
	var at, undone int64
	var before string
	if err = row.Scan(&m.PlaceID, &m.ID, &m.KeptID, &m.GoneID, &before, &m.ByID, &at, &undone); err != nil {
		return m, err
	}
	m.At, m.UndoneAt = store.Time(at), store.Time(undone)
	return m, json.Unmarshal([]byte(before), &m.trace)
}

// Merges returns the merges made in a leaf, newest first, the undone ones among them.
func (s *Service) Merges(ctx context.Context, by identity.Actor, placeID string) (list []MergeRecord, err error) {
	defer fault.Wrap(&err, "registry.Merges(%s)", placeID)
	if _, err = s.leaf(ctx, by, identity.SeeRecords, placeID); err != nil {
		return nil, err
	}
	return store.Collect(ctx, s.db.Read(), scanMerge, selectMerges, placeID)
}

// UndoMerge makes two of them again: the gone one comes back with its persons, lists and entries, and what the merge had filled in
// goes out again where nobody changed it since. It returns the one that is back. It fails with fault.Conflict when it is undone
// already, or when one of the two was moved, merged again or has left since: that has to be taken back before.
func (s *Service) UndoMerge(ctx context.Context, by identity.Actor, placeID, mergeID string) (r Subject, err error) {
	defer fault.Wrap(&err, "registry.UndoMerge(%s)", mergeID)
	if _, err = s.leaf(ctx, by, identity.EditRegistry, placeID); err != nil {
		return r, err
	}
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		m, found, err := store.One(ctx, tx, scanMerge, selectMerge, placeID, mergeID)
		if err != nil {
			return err
		}
		if !found {
			return fault.NotFound("merge", mergeID)
		}
		n, err := tx.Exec(ctx, undoMerge, store.Micros(s.now()), placeID, mergeID)
		if err != nil {
			return err
		}
		if n == 0 {
			return fault.Conflict("registry.merge_undone")
		}
		r, err = s.unmerge(ctx, tx, by, m)
		return err
	})
	return r, err
}

func (s *Service) unmerge(ctx context.Context, tx *store.Tx, by identity.Actor, m MergeRecord) (Subject, error) {
	keep, foundKeep, err := s.load(ctx, tx, m.PlaceID, m.KeptID)
	if err != nil {
		return keep, err
	}
	gone, foundGone, err := s.load(ctx, tx, m.PlaceID, m.GoneID)
	if err != nil {
		return gone, err
	}
	if !foundKeep || !foundGone || keep.State != Active || gone.State != Merged {
		return gone, fault.Conflict("registry.merge_later", "name", keep.Name)
	}
	if err := s.giveBack(ctx, tx, by, m, keep); err != nil {
		return gone, err
	}
	if err := s.unseal(m.trace.Filled, keep.ID); err != nil {
		return gone, err
	}
	less := keep
	drain(&less, m.trace.Filled)
	back := gone
	back.State, back.MergedInto = Active, ""
	for _, r := range []*Subject{&less, &back} {
		r.UpdatedAt = s.now()
		ok, err := s.update(ctx, tx, r)
		if err != nil {
			return gone, err
		}
		if !ok {
			return gone, fault.Stale("subject", r.ID)
		}
	}
	if err := s.journal(ctx, tx, by, "unmerge", keep, less, gone.ID); err != nil {
		return gone, err
	}
	if err := s.journal(ctx, tx, by, "unmerge", gone, back, ""); err != nil {
		return gone, err
	}
	return back, s.tell(ctx, tx, by, Event{Change: Restored, Subject: back, Before: less})
}

// giveBack returns persons, lists and entries to the one that comes back, where they still are as the merge left them.
func (s *Service) giveBack(ctx context.Context, tx *store.Tx, by identity.Actor, m MergeRecord, keep Subject) error {
	for _, id := range m.trace.Persons {
		p, found, err := s.load(ctx, tx, m.PlaceID, id)
		if err != nil {
			return err
		}
		if !found || p.FamilyID != keep.ID {
			continue
		}
		back := p
		back.FamilyID = m.GoneID
		if _, err := s.replace(ctx, tx, by, "family", Changed, p, back, ""); err != nil {
			return err
		}
	}
	for _, l := range m.trace.Lists {
		if l.Added {
			if _, err := tx.Exec(ctx, deleteListed, l.PlaceID, l.GroupID, keep.ID); err != nil {
				return err
			}
		}
		if err := insertMember(ctx, tx, l.PlaceID, l.GroupID, Member{PlaceID: m.PlaceID, ID: m.GoneID, As: l.As}); err != nil {
			return err
		}
	}
	for _, member := range m.trace.Members {
		if _, err := tx.Exec(ctx, deleteListed, keep.PlaceID, keep.ID, member.ID); err != nil {
			return err
		}
	}
	for _, e := range m.trace.Entries {
		if _, err := tx.Exec(ctx, deleteEntry, keep.PlaceID, keep.ID, e.Year, e.Key); err != nil {
			return err
		}
	}
	return nil
}
