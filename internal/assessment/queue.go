// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package assessment

import (
	"context"

	"hoctap/internal/criteria"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/store"
)

// Waiting is how the files that wait for a commune are made up.
type Waiting struct {
	Look      int            // have a flag that asks for reading
	Clean     int            // have none: every stage agrees
	Agreeing  int            // of Clean those whose points pass: what ApproveAgreeing closes
	ByFlag    map[Flag]int   // a file with two flags counts under both
	ByLeaf    map[string]int // place id → files that wait there
	CleanLeaf map[string]int // place id → of them those without a flag
}

// All is how many wait in all.
func (w Waiting) All() int { return w.Look + w.Clean }

// selectWaiting reads the queue's index alone.
const selectWaiting = `
	SELECT a.place_id, a.flags, a.outcome, count(*) FROM place_parent p JOIN assessment a ON a.place_id = p.place_id
	WHERE p.path >= $1 AND p.path < $2 AND p.valid_from <= $3 AND p.valid_to >= $4 AND a.round_id = $5 AND a.model = $6 AND a.state = 'sent'
	GROUP BY a.place_id, a.flags, a.outcome`

// Waiting counts the files below a place that wait for its commune, in one query.
func (s *Service) Waiting(ctx context.Context, by identity.Actor, placeID, roundID, model string) (w Waiting, err error) {
	defer fault.Wrap(&err, "assessment.Waiting(%s, %s)", placeID, model)
	path, err := s.places.Path(ctx, s.db.Read(), placeID)
	if err != nil {
		return w, err
	}
	if err := by.Check(identity.SeeRecords, path, placeID); err != nil {
		return w, err
	}
	w.ByFlag, w.ByLeaf, w.CleanLeaf = map[Flag]int{}, map[string]int{}, map[string]int{}
	today := store.Date(s.now())
	err = store.Each(ctx, s.db.Read(), func(sc store.Scanner) error {
		var leaf, outcome string
		var flags Flag
		var n int
		if err := sc.Scan(&leaf, &flags, &outcome, &n); err != nil {
			return err
		}
		w.ByLeaf[leaf] += n
		for f := Flag(1); f < FlagAll; f <<= 1 {
			if flags&f != 0 {
				w.ByFlag[f] += n
			}
		}
		if flags&AttentionFlags != 0 {
			w.Look += n
			return nil
		}
		w.Clean += n
		w.CleanLeaf[leaf] += n
		if outcome == criteria.Recognised.String() {
			w.Agreeing += n
		}
		return nil
	}, selectWaiting, path, store.PathEnd(path), today, today, roundID, model)
	return w, err
}

// CursorOf is the place of a file in a queue: Find with it as After begins behind the file.
func CursorOf(a *Assessment) Cursor { return Cursor{Gap: int64(a.Gap), Sort: a.Sort, ID: a.ID} }

const selectOwn = `SELECT ` + columns + ` FROM place_parent p JOIN assessment a ON a.place_id = p.place_id
	WHERE p.path >= $1 AND p.path < $2 AND p.valid_from <= $3 AND p.valid_to >= $4 AND a.round_id = $5 AND a.model = $6 AND a.state = 'sent'
	AND (a.holder_id = $7 OR ' ' || a.scored_by || ' ' LIKE '% ' || $8 || ' %') ORDER BY p.path, a.sort, a.id LIMIT 200`

// ForAnother returns the waiting files below a place that by gave points to, 200 at most: another has to close them.
func (s *Service) ForAnother(ctx context.Context, by identity.Actor, placeID, roundID, model string) (list []Assessment, err error) {
	defer fault.Wrap(&err, "assessment.ForAnother(%s, %s)", placeID, model)
	path, err := s.places.Path(ctx, s.db.Read(), placeID)
	if err != nil {
		return nil, err
	}
	if err := by.Check(identity.SeeRecords, path, placeID); err != nil {
		return nil, err
	}
	today := store.Date(s.now())
	return store.Collect(ctx, s.db.Read(), scan, selectOwn, path, store.PathEnd(path), today, today, roundID, model, by.ID, by.ID)
}
