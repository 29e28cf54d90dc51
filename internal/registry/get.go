// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package registry

import (
	"context"

	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/store"
)

// Get returns a subject. placeID may be a leaf where it was before it moved. It fails with fault.NotFound, also when by
// may not know of the place, and fault.Denied when by may not see its records.
func (s *Service) Get(ctx context.Context, by identity.Actor, placeID, id string) (r Subject, err error) {
	defer fault.Wrap(&err, "registry.Get(%s, %s)", placeID, id)
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
	Mask(by.Sees(path), &r)
	return r, nil
}

const selectNext = `SELECT other_id FROM stay WHERE place_id = $1 AND subject_id = $2 AND valid_to < $3 ORDER BY valid_from DESC LIMIT 1`

// maxMoves bounds the search for a subject that moved again and again.
const maxMoves = 50

// Load is Get for other domain packages, inside their transaction and after their own permission check. It follows the
// subject from placeID to where it lives now.
func (s *Service) Load(ctx context.Context, tx *store.Tx, placeID, id string) (Subject, error) {
	for range maxMoves {
		r, found, err := s.load(ctx, tx, placeID, id)
		if err != nil || found {
			return r, err
		}
		next, found, err := store.One(ctx, tx, store.Value[string], selectNext, placeID, id, store.Still)
		if err != nil {
			return r, err
		}
		if !found {
			break
		}
		placeID = next
	}
	return Subject{}, fault.NotFound("subject", id)
}

const selectActive = `SELECT ` + subjectColumns + ` FROM subject WHERE place_id = $1 AND model = $2 AND state = 'active' ORDER BY sort, id`

// InLeaf returns every active subject of a leaf and model, in list order, for other domain packages: a round that opens
// lists them all.
func (s *Service) InLeaf(ctx context.Context, tx *store.Tx, placeID, model string) ([]Subject, error) {
	return store.Collect(ctx, tx, s.scan, selectActive, placeID, model)
}

const countChunk = 400

// Count returns how many active subjects each leaf has, by leaf and model.
func (s *Service) Count(ctx context.Context, tx *store.Tx, placeIDs ...string) (map[string]map[string]int, error) {
	out := make(map[string]map[string]int, len(placeIDs))
	for len(placeIDs) > 0 {
		n := min(len(placeIDs), countChunk)
		var w store.Where
		w.In("place_id", placeIDs[:n]...).And("state = 'active'")
		placeIDs = placeIDs[n:]
		err := store.Each(ctx, tx, func(row store.Scanner) error {
			var place, model string
			var n int
			if err := row.Scan(&place, &model, &n); err != nil {
				return err
			}
			if out[place] == nil {
				out[place] = map[string]int{}
			}
			out[place][model] = n
			return nil
		}, `SELECT place_id, model, count(*) FROM subject`+w.SQL()+` GROUP BY place_id, model`, w.Args()...)
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}
