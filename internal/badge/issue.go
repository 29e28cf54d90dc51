// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package badge

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"math/big"

	"hoctap/internal/audit"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/recognition"
	"hoctap/internal/store"
)

const (
	selectLastList = `SELECT list, count(*) FROM badge WHERE list = (SELECT coalesce(max(list), 1) FROM badge) GROUP BY list`
	insertBadge    = `INSERT INTO badge (place_id, title_id, uuid, salt, list, idx, by_id, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING`
)

// tries is how often a bit is drawn. Half of a list stays free, so that all fail once in 2^64 badges.
const tries = 64

// Give gives a title its badge; a second time it returns the first one. It fails with fault.Conflict where none can be, see State.Why, with fault.NotFound, and
// with fault.Denied where by may not decide.
func (s *Service) Give(ctx context.Context, by identity.Actor, placeID, titleID string) (b Badge, err error) {
	defer fault.Wrap(&err, "badge.Give(%s)", titleID)
	st, err := s.Of(ctx, by, placeID, titleID)
	if err != nil {
		return b, err
	}
	path, err := s.places.Path(ctx, nil, placeID)
	if err != nil {
		return b, err
	}
	if err := by.Check(identity.Decide, path, placeID); err != nil {
		return b, err
	}
	if st.Why != nil {
		return b, st.Why
	}
	if st.Given {
		return st.Badge, nil
	}
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		given, found, err := store.One(ctx, tx, scanBadge, selectBadge, placeID, titleID)
		if b = given; err != nil || found {
			return err
		}
		keys, err := s.keys(ctx, tx)
		if err != nil {
			return err
		}
		if len(keys) == 0 {
			if err := s.draw(ctx, tx, identity.System); err != nil {
				return err
			}
		}
		fresh := false
		if b, fresh, err = s.place(ctx, tx, by, &st.Title); err != nil || !fresh {
			return err
		}
		// The bit stays out of the journal: with it, readers of the journal could follow who asks about whom.
		return audit.Write(ctx, tx, by.Who(), b.At, audit.Entry{PlaceID: placeID, ThingID: st.Title.SubjectID, Thing: "badge", Act: "give", After: map[string]any{"title": titleID}})
	})
	return b, err
}

// place draws a bit that no other badge has. It is not fresh when somebody else gave the badge at the same moment.
func (s *Service) place(ctx context.Context, tx *store.Tx, by identity.Actor, t *recognition.Title) (b Badge, fresh bool, err error) {
	b = Badge{PlaceID: t.PlaceID, TitleID: t.ID, UUID: newUUID(), Salt: newSalt(), List: 1, ByID: by.ID, At: s.now()}
	err = store.Each(ctx, tx, func(sc store.Scanner) error {
		used := 0
		if err := sc.Scan(&b.List, &used); err != nil {
			return err
		}
		if used >= listBits/2 {
			b.List++
		}
		return nil
	}, selectLastList)
	if err != nil {
		return b, false, err
	}
	for range tries {
		drawn, err := rand.Int(rand.Reader, big.NewInt(listBits))
		if err != nil {
			return b, false, err
		}
		b.Index = int(drawn.Int64())
		n, err := tx.Exec(ctx, insertBadge, b.PlaceID, b.TitleID, b.UUID, b.Salt, b.List, b.Index, b.ByID, store.Micros(b.At))
		if err != nil || n > 0 {
			return b, n > 0, err
		}
		if given, found, err := store.One(ctx, tx, scanBadge, selectBadge, t.PlaceID, t.ID); err != nil || found {
			return given, false, err
		}
	}
	return b, false, fmt.Errorf("badge: no free bit in list %d", b.List)
}

func newSalt() string {
	var b [16]byte
	rand.Read(b[:]) // never fails, see crypto/rand
	return hex.EncodeToString(b[:])
}

// newUUID is one of version 4 (RFC 9562).
func newUUID() string {
	var b [16]byte
	rand.Read(b[:])
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
