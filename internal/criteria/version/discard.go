// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package version

import (
	"context"

	"hoctap/internal/audit"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/store"
)

// Discard throws a draft away; its text stays in the journal. It fails with fault.Conflict for a published version and with
// fault.Stale when someone saved since edit.
func (s *Service) Discard(ctx context.Context, by identity.Actor, id string, edit int64) (err error) {
	defer fault.Wrap(&err, "version.Discard(%s)", id)
	if err := mayEdit(by); err != nil {
		return err
	}
	v, err := s.Get(ctx, id)
	if err != nil {
		return err
	}
	if v.State != Draft {
		return fault.Conflict("criteria.published", "title", v.Title)
	}
	return s.db.Write(ctx, func(tx *store.Tx) error {
		n, err := tx.Exec(ctx, `DELETE FROM criteria_set WHERE id = $1 AND state = 'draft' AND edit = $2`, id, edit)
		if err != nil {
			return err
		}
		if n == 0 {
			return fault.Stale("criteria_set", id)
		}
		entry := audit.Entry{ThingID: id, Thing: "criteria_set", Act: "discard", Before: map[string]string{"title": v.Title, "body": v.Body}}
		return audit.Write(ctx, tx, by.Who(), s.now(), entry)
	})
}
