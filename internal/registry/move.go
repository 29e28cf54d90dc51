// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package registry

import (
	"context"
	"time"

	"hoctap/internal/audit"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/store"
)

// Move takes a subject and, for a family, its persons to another leaf from date ("YYYY-MM-DD") on: the stay there is
// closed on the day before, one here is opened. Both leaves must be open to by; with only the old one, see AskMove. It
// fails with fault.Invalid for a date that is none, lies in the future or before the subject's last move, with fault.Conflict for
// a community (an area does not move; its commune may) or a subject that is not active, and like Save.
func (s *Service) Move(ctx context.Context, by identity.Actor, placeID, id string, version int64, toID, date string) (r Subject, err error) {
	defer fault.Wrap(&err, "registry.Move(%s, %s)", id, toID)
	if _, err = s.leaf(ctx, by, identity.EditRegistry, placeID); err != nil {
		return r, err
	}
	if _, err = s.leaf(ctx, by, identity.EditRegistry, toID); err != nil {
		return r, err
	}
	if err = s.checkDate(date); err != nil {
		return r, err
	}
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		before, err := s.current(ctx, tx, placeID, id, version)
		if err == nil {
			r, err = s.move(ctx, tx, by, before, toID, date)
		}
		return err
	})
	return r, err
}

func (s *Service) checkDate(date string) error {
	if _, err := time.Parse(time.DateOnly, date); err != nil {
		return fault.Invalid(fault.Field("date", "registry.date"))
	}
	if today := store.Date(s.now()); date > today {
		return fault.Invalid(fault.Field("date", "registry.date_future", "today", today))
	}
	return nil
}

func (s *Service) move(ctx context.Context, tx *store.Tx, by identity.Actor, before Subject, toID, date string) (Subject, error) {
	switch {
	case before.Model == Community:
		return before, fault.Conflict("registry.community_stays", "name", before.Name)
	case before.State != Active:
		return before, fault.Conflict("registry.not_active", "name", before.Name, "state", string(before.State))
	case before.PlaceID == toID:
		return before, fault.Invalid(fault.Field("place", "registry.same_place"))
	}
	all := []Subject{before}
	if before.Model == Family {
		persons, err := s.personsOf(ctx, tx, before.PlaceID, before.ID)
		if err != nil {
			return before, err
		}
		all = append(all, persons...)
	}
	var first Subject
	events := make([]Event, 0, len(all))
	for i, old := range all {
		moved := old
		moved.PlaceID = toID
		moved.Version++
		moved.UpdatedAt = s.now()
		if i > 0 {
			moved.FamilyID = before.ID
		} else if moved.Model == Citizen {
			moved.FamilyID = "" // the family stays where it is
		}
		if err := s.carry(ctx, tx, old, moved, date); err != nil {
			return before, err
		}
		if err := s.journal(ctx, tx, by, "move", old, moved, ""); err != nil {
			return before, err
		}
		events = append(events, Event{Change: Moved, Subject: moved, Before: old})
		if i == 0 {
			first = moved
		}
	}
	return first, s.tell(ctx, tx, by, events...)
}

// carry writes a subject at its new leaf and takes it, and what hangs on it, away from the old one. place_id never
// changes in a row: a row there is a new one.
func (s *Service) carry(ctx context.Context, tx *store.Tx, old, moved Subject, date string) error {
	if err := remove(ctx, tx, old.PlaceID, old.ID); err != nil {
		return err
	}
	if err := s.insert(ctx, tx, moved); err != nil {
		return err
	}
	if err := turnStay(ctx, tx, old, moved.PlaceID, date); err != nil {
		return err
	}
	if err := carryMemberships(ctx, tx, old, moved.PlaceID); err != nil {
		return err
	}
	return carryEntries(ctx, tx, old, moved.PlaceID)
}

const (
	selectOpenStay = `SELECT valid_from FROM stay WHERE place_id = $1 AND subject_id = $2 AND valid_to = $3`
	upsertStay     = `
		INSERT INTO stay (place_id, subject_id, valid_from, valid_to, other_id) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (place_id, subject_id, valid_from) DO UPDATE SET valid_to = excluded.valid_to, other_id = excluded.other_id`
)

// turnStay closes the stay at the old leaf on the day before date and opens one at the new. A subject without a
// stay has been where it is since always.
func turnStay(ctx context.Context, tx *store.Tx, old Subject, toID, date string) error {
	from, found, err := store.One(ctx, tx, store.Value[string], selectOpenStay, old.PlaceID, old.ID, store.Still)
	if err != nil {
		return err
	}
	if !found {
		from = store.Always
	}
	if from >= date {
		return fault.Invalid(fault.Field("date", "registry.date_before_stay", "since", from))
	}
	day, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return err
	}
	last := day.AddDate(0, 0, -1).Format(time.DateOnly)
	if _, err := tx.Exec(ctx, upsertStay, old.PlaceID, old.ID, from, last, toID); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, upsertStay, toID, old.ID, date, store.Still, old.PlaceID)
	return err
}

const (
	selectGroupRows = `SELECT member_id, member_place_id, member FROM membership WHERE place_id = $1 AND group_id = $2`
	deleteGroupRows = `DELETE FROM membership WHERE place_id = $1 AND group_id = $2`
	updateMemberAt  = `UPDATE membership SET member_place_id = $1 WHERE member_id = $2`
)

// carryMemberships takes the list of a clan or unit along, and tells the lists a family or person stands on where it is now.
func carryMemberships(ctx context.Context, tx *store.Tx, old Subject, toID string) error {
	if old.Model == Family || old.Model == Citizen {
		_, err := tx.Exec(ctx, updateMemberAt, toID, old.ID)
		return err
	}
	members, err := store.Collect(ctx, tx, scanMember, selectGroupRows, old.PlaceID, old.ID)
	if err != nil || len(members) == 0 {
		return err
	}
	if _, err := tx.Exec(ctx, deleteGroupRows, old.PlaceID, old.ID); err != nil {
		return err
	}
	for _, m := range members {
		if err := insertMember(ctx, tx, toID, old.ID, m); err != nil {
			return err
		}
	}
	return nil
}

const (
	copyEntries = `
		INSERT INTO register_entry (place_id, subject_id, year, key, value, source, at)
		SELECT CAST($1 AS text), subject_id, year, key, value, source, at FROM register_entry WHERE place_id = $2 AND subject_id = $3
		ON CONFLICT (place_id, subject_id, year, key) DO UPDATE SET value = excluded.value, source = excluded.source, at = excluded.at`
	dropEntries = `DELETE FROM register_entry WHERE place_id = $1 AND subject_id = $2`
)

func carryEntries(ctx context.Context, tx *store.Tx, old Subject, toID string) error {
	if _, err := tx.Exec(ctx, copyEntries, toID, old.PlaceID, old.ID); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, dropEntries, old.PlaceID, old.ID)
	return err
}

// Stay is where a subject was, from when to when, both days included.
type Stay struct {
	PlaceID   string
	ValidFrom string
	ValidTo   string
	OtherID   string // where it went, or came from for the open stay
}

const selectStay = `SELECT place_id, valid_from, valid_to, other_id FROM stay WHERE place_id = $1 AND subject_id = $2 ORDER BY valid_from`

// Stays returns where a subject was, oldest first; the last is the one that is open. One that never moved has a single stay.
func (s *Service) Stays(ctx context.Context, by identity.Actor, placeID, id string) (list []Stay, err error) {
	defer fault.Wrap(&err, "registry.Stays(%s)", id)
	r, err := s.Get(ctx, by, placeID, id)
	if err != nil {
		return nil, err
	}
	scan := func(row store.Scanner) (st Stay, err error) {
		return st, row.Scan(&st.PlaceID, &st.ValidFrom, &st.ValidTo, &st.OtherID)
	}
	// Each place names the one before: the row is found from leaf to leaf, never by a search over all of them.
	asked := map[string]bool{}
	for next := []string{r.PlaceID}; len(next) > 0; next = next[1:] {
		if asked[next[0]] {
			continue
		}
		asked[next[0]] = true
		rows, err := store.Collect(ctx, s.db.Read(), scan, selectStay, next[0], id)
		if err != nil {
			return nil, err
		}
		for _, st := range rows {
			list = append(list, st)
			next = append(next, st.OtherID)
		}
	}
	if len(list) == 0 {
		return []Stay{{PlaceID: r.PlaceID, ValidFrom: store.Always, ValidTo: store.Still}}, nil
	}
	sortStays(list)
	return list, nil
}

// MoveRequest waits for the receiving commune.
type MoveRequest struct {
	ID        string
	PlaceID   string
	SubjectID string
	ToID      string
	Date      string
	State     string // open | accepted | declined
	Reason    string
	ByID      string
	At        time.Time
}

func (m MoveRequest) journal(ctx context.Context, tx *store.Tx, who audit.Who, at time.Time, act, reason string) error {
	return audit.Write(ctx, tx, who, at, audit.Entry{PlaceID: m.PlaceID, ThingID: m.SubjectID, Thing: "move", Act: act, After: m, Reason: reason})
}
