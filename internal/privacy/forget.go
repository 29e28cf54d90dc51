// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package privacy

import (
	"context"
	"slices"

	"hoctap/internal/store"
)

const (
	selectNaming = `SELECT place_id, thing_id, id FROM journal WHERE place_id = $1 AND (CAST(before AS text) LIKE $2 OR CAST(after AS text) LIKE $2)`
	forgetEntry  = `UPDATE journal SET before = '{}', after = '{}', reason = '' WHERE place_id = $1 AND thing_id = $2 AND id = $3`
	selectOfOne  = `SELECT place_id, thing_id, id FROM journal WHERE place_id = $1 AND thing_id = $2`
)

// entryKey names one entry of the journal.
type entryKey struct{ placeID, thingID, id string }

func scanKey(sc store.Scanner) (k entryKey, err error) {
	return k, sc.Scan(&k.placeID, &k.thingID, &k.id)
}

// forget empties the values of the journal's entries about things in places, and of entries there about other things that name one of ids, such as a
// clan's list. That something was done, when and by whom stays.
func forget(ctx context.Context, tx *store.Tx, places, things, ids []string) error {
	var keys []entryKey
	add := func(query string, args ...any) error {
		more, err := store.Collect(ctx, tx, scanKey, query, args...)
		keys = append(keys, more...)
		return err
	}
	for _, place := range places {
		for _, thing := range things {
			if err := add(selectOfOne, place, thing); err != nil {
				return err
			}
		}
		for _, id := range ids {
			if err := add(selectNaming, place, "%"+id+"%"); err != nil {
				return err
			}
		}
	}
	slices.SortFunc(keys, func(a, b entryKey) int { // the same locks in the same order everywhere
		return slices.Compare([]string{a.placeID, a.thingID, a.id}, []string{b.placeID, b.thingID, b.id})
	})
	for _, k := range slices.Compact(keys) {
		if _, err := tx.Exec(ctx, forgetEntry, k.placeID, k.thingID, k.id); err != nil {
			return err
		}
	}
	return nil
}
