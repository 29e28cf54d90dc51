// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package evidence

import (
	"context"
	"time"

	"hoctap/internal/fault"
	"hoctap/internal/store"
)

const (
	selectUsedItems = `SELECT DISTINCT evidence_id FROM evidence_use WHERE place_id = $1 AND assessment_id = $2`
	deleteUses      = `DELETE FROM evidence_use WHERE place_id = $1 AND assessment_id = $2`
	countUses       = `SELECT count(*) FROM evidence_use WHERE evidence_id = $1 AND place_id = $2`
	selectHashes    = `SELECT source_sha, file_sha, thumb_sha FROM evidence WHERE place_id = $1 AND id = $2`
	deleteItem      = `DELETE FROM evidence WHERE place_id = $1 AND id = $2`
	deleteBands     = `DELETE FROM look_band WHERE evidence_id = $1`
	deleteMatches   = `DELETE FROM evidence_match WHERE evidence_id = $1 OR other_id = $1`
)

// Erase takes away the items that back one assessment and nothing else, inside the transaction of an erasure. It returns their ids, and the hashes of
// files for Drop once the transaction is on disk. An item that backs another subject too stays with that one.
func (s *Service) Erase(ctx context.Context, tx *store.Tx, placeID, assessmentID string) (ids, hashes []string, err error) {
	defer fault.Wrap(&err, "evidence.Erase(%s)", assessmentID)
	items, err := store.Collect(ctx, tx, store.Value[string], selectUsedItems, placeID, assessmentID)
	if err != nil {
		return nil, nil, err
	}
	if _, err := tx.Exec(ctx, deleteUses, placeID, assessmentID); err != nil {
		return nil, nil, err
	}
	for _, id := range items {
		left, _, err := store.One(ctx, tx, store.Value[int], countUses, id, placeID)
		if err != nil {
			return nil, nil, err
		}
		if left > 0 {
			continue
		}
		some, err := EraseItem(ctx, tx, placeID, id)
		if err != nil {
			return nil, nil, err
		}
		ids, hashes = append(ids, id), append(hashes, some...)
	}
	return ids, hashes, nil
}

// EraseItem takes one item away and returns the hashes of its files.
func EraseItem(ctx context.Context, tx *store.Tx, placeID, id string) (hashes []string, err error) {
	_, _, err = store.One(ctx, tx, func(sc store.Scanner) (none struct{}, err error) {
		var three [3]string
		err = sc.Scan(&three[0], &three[1], &three[2])
		for _, sha := range three {
			if sha != "" {
				hashes = append(hashes, sha)
			}
		}
		return none, err
	}, selectHashes, placeID, id)
	if err != nil {
		return nil, err
	}
	for _, step := range []struct {
		query string
		args  []any
	}{{deleteItem, []any{placeID, id}}, {deleteBands, []any{id}}, {deleteMatches, []any{id}}} {
		if _, err := tx.Exec(ctx, step.query, step.args...); err != nil {
			return nil, err
		}
	}
	return hashes, nil
}

// Drop removes files from the store that no record names any more, if they were last put before a time; also are the records that evidence must not know.
func (s *Service) Drop(ctx context.Context, hashes []string, before time.Time, also ...Named) (err error) {
	defer fault.Wrap(&err, "evidence.Drop")
	for len(hashes) > 0 {
		some := hashes[:min(len(hashes), 400)]
		hashes = hashes[len(some):]
		keep, err := s.named(ctx, some)
		if err != nil {
			return err
		}
		for _, other := range also {
			more, err := other(ctx, some)
			if err != nil {
				return err
			}
			for sha := range more {
				keep[sha] = true
			}
		}
		for _, sha := range some {
			if keep[sha] {
				continue
			}
			if _, err := s.blobs.Delete(ctx, sha, before); err != nil {
				return err
			}
		}
	}
	return nil
}
