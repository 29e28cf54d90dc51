// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package badge

import (
	"context"

	"hoctap/internal/fault"
	"hoctap/internal/store"
)

// Difference is something that badges and titles do not agree on.
type Difference struct {
	PlaceID, ID string
	What        string
}

// selectAstray returns only what is wrong. That no bit is given twice is the database's own rule.
const selectAstray = `
	SELECT b.place_id, b.title_id, CASE WHEN t.id IS NULL THEN 'the badge has no title'
		WHEN t.model <> 'citizen' THEN 'the badge is of no citizen'
		WHEN b.list < 1 OR b.idx < 0 OR b.idx >= 131072 THEN 'the badge has no bit in its list'
		ELSE 'the badge has no name or salt of its own' END
	FROM badge b LEFT JOIN title t ON t.place_id = b.place_id AND t.id = b.title_id
	WHERE t.id IS NULL OR t.model <> 'citizen' OR b.list < 1 OR b.idx < 0 OR b.idx >= 131072 OR length(b.salt) <> 32 OR length(b.uuid) <> 36`

const countBadges = `SELECT count(*) FROM badge`

// Verify compares badges with titles, and demands that one key and one only can sign where there are badges.
func (s *Service) Verify(ctx context.Context) (n int, differences []Difference, err error) {
	defer fault.Wrap(&err, "badge.Verify")
	err = s.db.Snapshot(ctx, func(tx *store.Tx) error {
		if n, _, err = store.One(ctx, tx, store.Value[int], countBadges); err != nil {
			return err
		}
		differences, err = store.Collect(ctx, tx, func(sc store.Scanner) (d Difference, err error) {
			err = sc.Scan(&d.PlaceID, &d.ID, &d.What)
			return d, err
		}, selectAstray)
		if err != nil {
			return err
		}
		keys, err := s.keys(ctx, tx)
		if err != nil {
			differences = append(differences, Difference{What: err.Error()})
			return nil
		}
		sign := 0
		for _, k := range keys {
			if k.secret != nil {
				sign++
			}
		}
		if sign > 1 || sign == 0 && n > 0 {
			differences = append(differences, Difference{What: "one key should sign badges"})
		}
		return nil
	})
	return n, differences, err
}
