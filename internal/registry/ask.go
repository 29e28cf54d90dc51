// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package registry

import (
	"cmp"
	"context"
	"slices"

	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/store"
)

func sortStays(list []Stay) {
	slices.SortFunc(list, func(a, b Stay) int { return cmp.Compare(a.ValidFrom, b.ValidFrom) })
}

const (
	insertRequest = `
		INSERT INTO move_request (id, place_id, subject_id, to_id, date, state, by_id, at) VALUES ($1, $2, $3, $4, $5, 'open', $6, $7)`
	selectRequestOf = `SELECT id FROM move_request WHERE subject_id = $1 AND state = 'open'`
)

// AskMove proposes a move to a leaf where by may not edit; the receiving commune settles it with AcceptMove or
// DeclineMove. It fails like Move, and with fault.Conflict when the subject is already offered.
func (s *Service) AskMove(ctx context.Context, by identity.Actor, placeID, id string, version int64, toID, date string) (m MoveRequest, err error) {
	defer fault.Wrap(&err, "registry.AskMove(%s, %s)", id, toID)
	if _, err = s.leaf(ctx, by, identity.EditRegistry, placeID); err != nil {
		return m, err
	}
	to, err := s.places.Get(ctx, toID)
	if err != nil {
		return m, err
	}
	if !to.Leaf() {
		return m, fault.Invalid(fault.Field("place", "registry.not_a_leaf", "place", to.FullName()))
	}
	if err = s.checkDate(date); err != nil {
		return m, err
	}
	m = MoveRequest{ID: store.NewID(), PlaceID: placeID, SubjectID: id, ToID: toID, Date: date, State: "open", ByID: by.ID, At: s.now()}
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		r, err := s.current(ctx, tx, placeID, id, version)
		if err != nil {
			return err
		}
		if r.Model == Community {
			return fault.Conflict("registry.community_stays", "name", r.Name)
		}
		if r.State != Active {
			return fault.Conflict("registry.not_active", "name", r.Name, "state", string(r.State))
		}
		if _, found, err := store.One(ctx, tx, store.Value[string], selectRequestOf, id); err != nil {
			return err
		} else if found {
			return fault.Conflict("registry.move_asked", "name", r.Name)
		}
		if _, err := tx.Exec(ctx, insertRequest, m.ID, placeID, id, toID, date, by.ID, store.Micros(m.At)); err != nil {
			return err
		}
		return m.journal(ctx, tx, by.Who(), m.At, "ask_move", "")
	})
	return m, err
}

const (
	requestColumns = `SELECT id, place_id, subject_id, to_id, date, state, reason, by_id, at FROM move_request`
	selectRequest  = requestColumns + ` WHERE id = $1`
	settleRequest  = `UPDATE move_request SET state = $1, reason = $2, settled_by = $3, settled_at = $4 WHERE id = $5 AND state = 'open'`
)

func scanRequest(row store.Scanner) (m MoveRequest, err error) {
	var at int64
	err = row.Scan(&m.ID, &m.PlaceID, &m.SubjectID, &m.ToID, &m.Date, &m.State, &m.Reason, &m.ByID, &at)
	m.At = store.Time(at)
	return m, err
}

// AcceptMove carries out a proposed move; by must be allowed to edit the registry at the receiving leaf.
func (s *Service) AcceptMove(ctx context.Context, by identity.Actor, requestID string) (r Subject, err error) {
	defer fault.Wrap(&err, "registry.AcceptMove(%s)", requestID)
	err = s.settle(ctx, by, requestID, "accepted", "", func(tx *store.Tx, m MoveRequest) error {
		before, found, err := s.load(ctx, tx, m.PlaceID, m.SubjectID)
		if err != nil {
			return err
		}
		if !found {
			return fault.NotFound("subject", m.SubjectID)
		}
		r, err = s.move(ctx, tx, by, before, m.ToID, m.Date)
		return err
	})
	return r, err
}

// DeclineMove turns a proposed move down, with a reason; the subject stays where it is.
func (s *Service) DeclineMove(ctx context.Context, by identity.Actor, requestID, reason string) (err error) {
	defer fault.Wrap(&err, "registry.DeclineMove(%s)", requestID)
	if reason, err = checkReason(reason); err != nil {
		return err
	}
	return s.settle(ctx, by, requestID, "declined", reason, func(*store.Tx, MoveRequest) error { return nil })
}

func (s *Service) settle(ctx context.Context, by identity.Actor, id, state, reason string, then func(*store.Tx, MoveRequest) error) error {
	m, found, err := store.One(ctx, s.db.Read(), scanRequest, selectRequest, id)
	if err != nil {
		return err
	}
	if !found {
		return fault.NotFound("move", id)
	}
	if _, err := s.leaf(ctx, by, identity.EditRegistry, m.ToID); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *store.Tx) error {
		n, err := tx.Exec(ctx, settleRequest, state, reason, by.ID, store.Micros(s.now()), id)
		if err != nil {
			return err
		}
		if n == 0 {
			return fault.Conflict("registry.move_settled")
		}
		m.State, m.Reason = state, reason
		if err := m.journal(ctx, tx, by.Who(), s.now(), state, reason); err != nil {
			return err
		}
		return then(tx, m)
	})
}

// MoveRequests lists the open proposals that a place at or above the receiving leaf has to settle, oldest first.
func (s *Service) MoveRequests(ctx context.Context, by identity.Actor, placeID string) (list []MoveRequest, err error) {
	defer fault.Wrap(&err, "registry.MoveRequests(%s)", placeID)
	if err = s.may(ctx, nil, by, identity.SeeRecords, placeID); err != nil {
		return nil, err
	}
	leaves, err := s.places.Leaves(ctx, placeID, "")
	if err != nil {
		return nil, err
	}
	for len(leaves) > 0 {
		n := min(len(leaves), countChunk)
		ids := make([]string, n)
		for i, l := range leaves[:n] {
			ids[i] = l.ID
		}
		leaves = leaves[n:]
		var w store.Where
		w.In("to_id", ids...).And("state = 'open'")
		some, err := store.Collect(ctx, s.db.Read(), scanRequest, requestColumns+w.SQL()+" ORDER BY at, id", w.Args()...)
		if err != nil {
			return nil, err
		}
		list = append(list, some...)
	}
	return list, nil
}
