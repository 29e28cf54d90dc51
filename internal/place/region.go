// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package place

import (
	"context"

	"hoctap/internal/fault"
	"hoctap/internal/store"
)

const selectRegion = `
	SELECT CASE WHEN p.region <> '' THEN p.region ELSE coalesce(c.region, '') END
	FROM place p JOIN place_parent r ON r.place_id = p.id LEFT JOIN place c ON c.id = r.commune_id
	WHERE p.id = $1 ORDER BY CASE WHEN r.valid_from <= $2 THEN 0 ELSE 1 END, r.valid_from DESC LIMIT 1`

// Region returns the region kind that holds at a place today: its own, else its commune's, else RegionDefault. It is the
// short way for scoring, inside the caller's transaction.
func (s *Service) Region(ctx context.Context, tx *store.Tx, id string) (region string, err error) {
	region, found, err := store.One(ctx, tx, store.Value[string], selectRegion, id, s.today())
	if err == nil && !found {
		err = fault.NotFound("place", id)
	}
	if region == "" {
		region = RegionDefault
	}
	return region, err
}
