// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package privacy

import (
	"context"
	"slices"
	"strings"

	"hoctap/internal/audit"
	"hoctap/internal/identity"
	"hoctap/internal/store"
)

// selectNaming finds what else speaks of a name in a place: a mended row of an import, the list of a clan. Entries of other subjects are left alone, who may
// bear the same name, and so is what the archives law keeps.
const selectNaming = `
	SELECT DISTINCT thing_id FROM journal WHERE place_id = $1 AND digest = '' AND thing NOT IN ('subject', 'assessment', 'decision', 'paper', 'journal')
		AND (before LIKE $2 ESCAPE '!' OR after LIKE $2 ESCAPE '!' OR reason LIKE $2 ESCAPE '!') ORDER BY thing_id`

var escape = strings.NewReplacer("!", "!!", "%", "!%", "_", "!_")

// forget empties the values of the journal's entries about things in places, and of entries there about other things that speak of the names.
func (s *Service) forget(ctx context.Context, tx *store.Tx, by identity.Actor, places, things, names []string, requestID string) error {
	for _, place := range slices.Sorted(slices.Values(places)) { // the same chains in the same order everywhere
		all := slices.Clone(things)
		for _, name := range names {
			more, err := store.Collect(ctx, tx, store.Value[string], selectNaming, place, "%"+escape.Replace(name)+"%")
			if err != nil {
				return err
			}
			all = append(all, more...)
		}
		slices.Sort(all)
		for _, thing := range slices.Compact(all) {
			if _, err := audit.Forget(ctx, tx, by.Who(), s.now(), place, thing, "privacy_request "+requestID); err != nil {
				return err
			}
		}
	}
	return nil
}
