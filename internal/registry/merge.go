// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package registry

import (
	"context"
	"encoding/json"
	"errors"

	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/store"
)

// trace is what a merge did, kept so that it can be undone: the fields it filled in the one that stayed, and what it carried
// over from the one that went.
type trace struct {
	Filled  map[string]any `json:"filled"`
	Persons []string       `json:"persons"` // citizens that changed family
	Lists   []listed       `json:"lists"`   // lists of clans and units on which the gone one stood
	Members []Member       `json:"members"` // the gone group's own list
	Entries []entryKeyed   `json:"entries"` // register entries copied
}

type listed struct {
	PlaceID string `json:"place_id"`
	GroupID string `json:"group_id"`
	As      string `json:"as"`
	Added   bool   `json:"added"` // the one that stayed was put on it
}

type entryKeyed struct {
	Year int    `json:"year"`
	Key  string `json:"key"`
}

const insertMerge = `INSERT INTO subject_merge (place_id, id, kept_id, gone_id, before, by_id, at) VALUES ($1, $2, $3, $4, $5, $6, $7)`

// Merge makes gone a part of keep: blank fields of keep are filled, persons, lists and register entries of gone go over, and gone is
// marked as merged, never deleted. Both must be active, of one model and in one leaf (move one of them before), in the
// versions given. It returns keep and the id to undo it by. It fails like Save, and with fault.Conflict for a pair that cannot be one.
func (s *Service) Merge(ctx context.Context, by identity.Actor, placeID, keepID string, keepVersion int64, goneID string, goneVersion int64) (r Subject, mergeID string, err error) {
	defer fault.Wrap(&err, "registry.Merge(%s, %s)", keepID, goneID)
	if _, err = s.leaf(ctx, by, identity.EditRegistry, placeID); err != nil {
		return r, "", err
	}
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		keep, err := s.current(ctx, tx, placeID, keepID, keepVersion)
		if err != nil {
			return err
		}
		gone, err := s.current(ctx, tx, placeID, goneID, goneVersion)
		if err != nil {
			return err
		}
		if keep.ID == gone.ID || keep.Model != gone.Model || keep.Model == Community || keep.State != Active || gone.State != Active {
			return fault.Conflict("registry.cannot_merge", "name", keep.Name, "other", gone.Name)
		}
		mergeID = store.NewID()
		r, err = s.merge(ctx, tx, by, mergeID, keep, gone)
		return err
	})
	return r, mergeID, err
}

func (s *Service) merge(ctx context.Context, tx *store.Tx, by identity.Actor, id string, keep, gone Subject) (Subject, error) {
	var t trace
	err := errors.Join(Free(ctx, tx, keep.ID, keep.Name), Free(ctx, tx, gone.ID, gone.Name))
	if err != nil {
		return keep, err
	}
	after := keep
	t.Filled = fill(&after, gone)
	if t.Persons, err = s.carryPersons(ctx, tx, by, gone, keep.ID); err != nil {
		return keep, err
	}
	if t.Lists, err = relist(ctx, tx, gone.ID, keep); err != nil {
		return keep, err
	}
	if t.Members, err = mergeMembers(ctx, tx, keep, gone); err != nil {
		return keep, err
	}
	if t.Entries, err = mergeEntries(ctx, tx, keep, gone); err != nil {
		return keep, err
	}
	dead := gone
	dead.State, dead.MergedInto, dead.UpdatedAt = Merged, keep.ID, s.now()
	for _, r := range []*Subject{&dead, &after} {
		r.UpdatedAt = s.now()
		ok, err := s.update(ctx, tx, r)
		if err != nil {
			return keep, err
		}
		if !ok {
			return keep, fault.Stale("subject", r.ID)
		}
	}
	t.Filled = s.seal(t.Filled, keep.ID)
	kept, err := json.Marshal(t)
	if err != nil {
		return keep, err
	}
	if _, err := tx.Exec(ctx, insertMerge, keep.PlaceID, id, keep.ID, gone.ID, string(kept), by.ID, store.Micros(s.now())); err != nil {
		return keep, err
	}
	if err := s.journal(ctx, tx, by, "merge", gone, dead, ""); err != nil {
		return keep, err
	}
	if err := s.journal(ctx, tx, by, "merge", keep, after, gone.ID); err != nil {
		return keep, err
	}
	return after, s.tell(ctx, tx, by, Event{Change: Merging, Subject: after, Before: gone})
}

// carryPersons gives the persons of a family to another one.
func (s *Service) carryPersons(ctx context.Context, tx *store.Tx, by identity.Actor, from Subject, toID string) (ids []string, err error) {
	if from.Model != Family {
		return nil, nil
	}
	persons, err := s.personsOf(ctx, tx, from.PlaceID, from.ID)
	if err != nil {
		return nil, err
	}
	for _, p := range persons {
		moved := p
		moved.FamilyID = toID
		if _, err := s.replace(ctx, tx, by, "family", Changed, p, moved, ""); err != nil {
			return nil, err
		}
		ids = append(ids, p.ID)
	}
	return ids, nil
}

const (
	selectLists  = `SELECT place_id, group_id, member FROM membership WHERE member_id = $1 ORDER BY place_id, group_id`
	deleteListed = `DELETE FROM membership WHERE place_id = $1 AND group_id = $2 AND member_id = $3`
)

// relist puts keep on every list in place of the gone one.
func relist(ctx context.Context, tx *store.Tx, goneID string, keep Subject) ([]listed, error) {
	lists, err := store.Collect(ctx, tx, func(row store.Scanner) (l listed, err error) {
		return l, row.Scan(&l.PlaceID, &l.GroupID, &l.As)
	}, selectLists, goneID)
	if err != nil {
		return nil, err
	}
	for i, l := range lists {
		if _, err := tx.Exec(ctx, deleteListed, l.PlaceID, l.GroupID, goneID); err != nil {
			return nil, err
		}
		n, err := tx.Exec(ctx, insertMembership, l.PlaceID, l.GroupID, keep.ID, keep.PlaceID, l.As)
		if err != nil {
			return nil, err
		}
		lists[i].Added = n == 1
	}
	return lists, nil
}

// mergeMembers puts the gone group's list on keep's, and returns those that were not on it before.
func mergeMembers(ctx context.Context, tx *store.Tx, keep, gone Subject) (added []Member, err error) {
	members, err := store.Collect(ctx, tx, scanMember, selectGroupRows, gone.PlaceID, gone.ID)
	if err != nil {
		return nil, err
	}
	for _, m := range members {
		n, err := tx.Exec(ctx, insertMembership, keep.PlaceID, keep.ID, m.ID, m.PlaceID, m.As)
		if err != nil {
			return nil, err
		}
		if n == 1 {
			added = append(added, m)
		}
	}
	return added, nil
}

const (
	selectMissing = `
		SELECT g.year, g.key FROM register_entry g
		LEFT JOIN register_entry k ON k.place_id = g.place_id AND k.subject_id = $1 AND k.year = g.year AND k.key = g.key
		WHERE g.place_id = $2 AND g.subject_id = $3 AND k.key IS NULL ORDER BY g.year, g.key`
	copyEntry = `
		INSERT INTO register_entry (place_id, subject_id, year, key, value, source, at)
		SELECT place_id, CAST($1 AS text), year, key, value, source, at FROM register_entry
		WHERE place_id = $2 AND subject_id = $3 AND year = $4 AND key = $5`
)

// mergeEntries copies the entries that keep lacks; gone keeps its own.
func mergeEntries(ctx context.Context, tx *store.Tx, keep, gone Subject) ([]entryKeyed, error) {
	missing, err := store.Collect(ctx, tx, func(row store.Scanner) (e entryKeyed, err error) {
		return e, row.Scan(&e.Year, &e.Key)
	}, selectMissing, keep.ID, keep.PlaceID, gone.ID)
	if err != nil {
		return nil, err
	}
	for _, e := range missing {
		if _, err := tx.Exec(ctx, copyEntry, keep.ID, gone.PlaceID, gone.ID, e.Year, e.Key); err != nil {
			return nil, err
		}
	}
	return missing, nil
}
