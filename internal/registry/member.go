// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package registry

import (
	"context"

	"hoctap/internal/audit"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/store"
)

// What a member is to its group, as member_titles in the criteria sets names it.
const (
	MemberAdult   = "adult"
	MemberFamily  = "family"
	MemberClan    = "clan"
	MemberOfUnit  = "unit_member"
	MemberLearner = "learner"
)

// Member is one on the list of a clan (families) or unit (citizens, as members or learners).
type Member struct {
	PlaceID string
	ID      string
	As      string // MemberFamily | MemberOfUnit | MemberLearner
}

func scanMember(row store.Scanner) (m Member, err error) {
	return m, row.Scan(&m.ID, &m.PlaceID, &m.As)
}

const insertMembership = `
	INSERT INTO membership (place_id, group_id, member_id, member_place_id, member) VALUES ($1, $2, $3, $4, $5)
	ON CONFLICT (place_id, group_id, member_id) DO NOTHING`

func insertMember(ctx context.Context, tx *store.Tx, placeID, groupID string, m Member) error {
	_, err := tx.Exec(ctx, insertMembership, placeID, groupID, m.ID, m.PlaceID, m.As)
	return err
}

// SetMembers replaces the list of a clan or unit. The members may live in other areas, also of other communes: a clan's list
// names them, it does not change them. It fails with fault.Invalid when a member is unknown or of another model than
// the list takes, and like Save.
func (s *Service) SetMembers(ctx context.Context, by identity.Actor, placeID, groupID string, version int64, members []Member) (r Subject, err error) {
	defer fault.Wrap(&err, "registry.SetMembers(%s)", groupID)
	if _, err = s.leaf(ctx, by, identity.EditRegistry, placeID); err != nil {
		return r, err
	}
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		before, err := s.current(ctx, tx, placeID, groupID, version)
		if err != nil {
			return err
		}
		if err := s.checkMembers(ctx, tx, before, members); err != nil {
			return err
		}
		old, err := store.Collect(ctx, tx, scanMember, selectGroupRows+" ORDER BY member_id", placeID, groupID)
		if err != nil {
			return err
		}
		if r, err = s.replace(ctx, tx, by, "members", Changed, before, before, ""); err != nil {
			return err
		}
		if err := s.InsertMembers(ctx, tx, by, r, old, members...); err != nil {
			return err
		}
		return nil
	})
	return r, err
}

// InsertMembers writes the list of a group inside the caller's transaction, in place of old (nil for a new group), without
// looking at the members one by one: for SetMembers, the demo and imports, who know them.
func (s *Service) InsertMembers(ctx context.Context, tx *store.Tx, by identity.Actor, group Subject, old []Member, members ...Member) error {
	if err := s.may(ctx, tx, by, identity.EditRegistry, group.PlaceID); err != nil {
		return err
	}
	if len(old) > 0 {
		if _, err := tx.Exec(ctx, deleteGroupRows, group.PlaceID, group.ID); err != nil {
			return err
		}
	}
	for _, m := range members {
		if err := insertMember(ctx, tx, group.PlaceID, group.ID, m); err != nil {
			return err
		}
	}
	return audit.Write(ctx, tx, by.Who(), s.now(), audit.Entry{
		PlaceID: group.PlaceID, ThingID: group.ID, Thing: "members", Act: "set", Before: memberList(old), After: memberList(members),
	})
}

func memberList(members []Member) map[string]any {
	ids := make([]string, len(members))
	for i, m := range members {
		ids[i] = m.ID
	}
	return map[string]any{"members": ids}
}

func (s *Service) checkMembers(ctx context.Context, tx *store.Tx, group Subject, members []Member) error {
	var errs []fault.FieldError
	for _, m := range members {
		want := Citizen
		if m.As == MemberFamily {
			want = Family
		}
		if group.Model != Clan && group.Model != Unit || (group.Model == Clan) != (m.As == MemberFamily) {
			errs = append(errs, fault.Field("members", "registry.member_kind", "name", group.Name))
			break
		}
		r, found, err := s.load(ctx, tx, m.PlaceID, m.ID)
		if err != nil {
			return err
		}
		if !found || r.Model != want || r.State != Active {
			errs = append(errs, fault.Field("members", "registry.member_unknown", "id", m.ID))
		}
	}
	return fault.Invalid(errs...)
}

const selectMembers = `
	SELECT s.place_id, s.id, s.model, s.name, s.fold, s.sort, s.number, s.family_id, s.kind, s.address, s.phone, s.body, s.birth_year,
		s.sex, s.ethnic, s.members, s.adults, s.children, s.state, s.merged_into, s.batch_id, s.version, s.created_at, s.updated_at,
		s.phone_hash, s.id_hash, s.id_tail, s.id_sealed
	FROM membership m JOIN subject s ON s.place_id = m.member_place_id AND s.id = m.member_id
	WHERE m.place_id = $1 AND m.group_id = $2 ORDER BY s.sort, s.id`

// Members returns the subjects on the list of a clan or unit, or the persons of a family, in list order.
func (s *Service) Members(ctx context.Context, by identity.Actor, placeID, id string) (list []Subject, err error) {
	defer fault.Wrap(&err, "registry.Members(%s)", id)
	r, err := s.Get(ctx, by, placeID, id)
	if err != nil {
		return nil, err
	}
	if r.Model == Family {
		list, err = s.personsOf(ctx, s.db.Read(), r.PlaceID, r.ID)
	} else {
		list, err = store.Collect(ctx, s.db.Read(), s.scan, selectMembers, r.PlaceID, r.ID)
	}
	if err != nil {
		return nil, err
	}
	// A clan's families may live elsewhere: their names are the list's, their numbers are not.
	for i, m := range list {
		path, err := s.places.Path(ctx, nil, m.PlaceID)
		if err != nil {
			return nil, err
		}
		Mask(by.Sees(path), &list[i])
	}
	return list, nil
}
