// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package registry

import (
	"context"
	"slices"

	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/store"
)

// ErasedName stands in place of a name that was erased. It is the same for all, so it tells nothing.
const ErasedName = "(đã xóa)"

// Erasure is what is left to whoever erases the rest: the rows that were one person or family, where they were, and files that may have no name any more.
type Erasure struct {
	IDs     []string // the subject, and the duplicates that were merged into it
	Names   []string // that they bore
	Places  []string // where it is and was, and of lists and imports that had it
	Batches []string // imports that had a row of it
	Files   []string // hashes of lists from which it was imported
}

const (
	selectMergedInto = `SELECT place_id, id FROM subject WHERE merged_into = $1`
	eraseSubject     = `UPDATE subject SET name = $1, fold = '', sort = '', number = '', family_id = '', address = '', phone = '', body = '', birth_year = 0, sex = '',
		ethnic = '', phone_hash = '', id_hash = '', id_tail = '', id_sealed = '', version = version + 1, updated_at = $2 WHERE place_id = $3 AND id = $4`
	selectBeside       = `SELECT other_id FROM stay WHERE place_id = $1 AND subject_id = $2 AND other_id <> ''`
	selectGroupPlaces  = `SELECT DISTINCT place_id FROM membership WHERE member_id = $1`
	eraseMoves         = `UPDATE move_request SET reason = '' WHERE subject_id = $1`
	eraseMember        = `DELETE FROM membership WHERE member_id = $1`
	eraseEntries       = `DELETE FROM register_entry WHERE place_id = $1 AND subject_id = $2`
	eraseMerges        = `UPDATE subject_merge SET before = '{}', undone_at = CASE WHEN undone_at = 0 THEN $1 ELSE undone_at END WHERE place_id = $2 AND (kept_id = $3 OR gone_id = $3)`
	eraseConsents      = `UPDATE consent SET name = $1, representative = '', withdrawn_at = CASE WHEN withdrawn_at = 0 THEN $2 ELSE withdrawn_at END WHERE subject_id = $3`
	selectKeys         = `SELECT DISTINCT key FROM import_row WHERE subject_id = $1 AND subject_id <> '' AND key <> ''`
	eraseRows          = `UPDATE import_row SET cells = '{}', issues = '[]', before = '{}', key = '' WHERE subject_id = $1 AND subject_id <> ''`
	eraseKeyed         = `UPDATE import_row SET cells = '{}', issues = '[]', before = '{}', key = '' WHERE key = $1`
	selectBatchesOf    = `SELECT DISTINCT batch_id FROM import_row WHERE subject_id = $1 AND subject_id <> ''`
	selectBatchesKeyed = `SELECT DISTINCT batch_id FROM import_row WHERE key = $1`
	selectBatchFile    = `SELECT place_id, file_sha FROM import_batch WHERE id = $1`
	dropBatchFile      = `UPDATE import_batch SET file_sha = '', file_name = '' WHERE id = $1`
)

// Erase takes out of the registry everything by which a subject can be known, and leaves rows that only count: a round's totals stay what they were. An
// open round in which nothing was done for it yet loses it. The lists from which it was imported go as a whole, because a file cannot lose a line. It
// runs inside the transaction of the erasure; reading all tables by the subject alone is slow, and rare. It fails with fault.NotFound, and with
// fault.Conflict for clans, communities and units, which are no persons.
func (s *Service) Erase(ctx context.Context, tx *store.Tx, by identity.Actor, placeID, id string) (e Erasure, err error) {
	defer fault.Wrap(&err, "registry.Erase(%s)", id)
	r, err := s.here(ctx, tx, placeID, id)
	if err != nil {
		return e, err
	}
	if r.Model != Family && r.Model != Citizen {
		return e, fault.Conflict("registry.erase_nobody", "name", r.Name)
	}
	if r.State == Active {
		left := r
		left.State, left.UpdatedAt = Left, s.now()
		if ok, err := s.update(ctx, tx, &left); err != nil || !ok {
			return e, err
		}
		if err := s.tell(ctx, tx, by, Event{Change: Leaving, Subject: left, Before: r}); err != nil {
			return e, err
		}
	}
	type row struct{ placeID, id string }
	rows := []row{{placeID, id}}
	for i := 0; i < len(rows); i++ { // duplicates of duplicates, too
		more, err := store.Collect(ctx, tx, func(sc store.Scanner) (x row, err error) { return x, sc.Scan(&x.placeID, &x.id) }, selectMergedInto, rows[i].id)
		if err != nil {
			return e, err
		}
		rows = append(rows, more...)
	}
	for _, x := range rows {
		e.IDs = appendNew(e.IDs, x.id)
		if one, found, err := s.load(ctx, tx, x.placeID, x.id); err != nil {
			return e, err
		} else if found && one.Name != "" && one.Name != ErasedName {
			e.Names = appendNew(e.Names, one.Name)
		}
		if err := e.where(ctx, tx, x.placeID, x.id); err != nil {
			return e, err
		}
	}
	now := store.Micros(s.now())
	for _, x := range rows {
		if err := e.one(ctx, tx, x.id, now); err != nil {
			return e, err
		}
		if err := e.imports(ctx, tx, x.id); err != nil {
			return e, err
		}
	}
	return e, nil
}

// where gathers the places of one row: by them the rest is found without reading whole tables.
func (e *Erasure) where(ctx context.Context, tx *store.Tx, placeID, id string) error {
	e.Places = appendNew(e.Places, placeID)
	for i := 0; i < len(e.Places); i++ {
		beside, err := store.Collect(ctx, tx, store.Value[string], selectBeside, e.Places[i], id)
		if err != nil {
			return err
		}
		for _, p := range beside {
			e.Places = appendNew(e.Places, p)
		}
	}
	groups, err := store.Collect(ctx, tx, store.Value[string], selectGroupPlaces, id)
	for _, p := range groups {
		e.Places = appendNew(e.Places, p)
	}
	return err
}

func (e *Erasure) one(ctx context.Context, tx *store.Tx, id string, now int64) error {
	type step struct {
		query string
		args  []any
	}
	steps := []step{{eraseMoves, []any{id}}, {eraseMember, []any{id}}, {eraseConsents, []any{ErasedName, now, id}}}
	for _, p := range e.Places {
		steps = append(steps, step{eraseSubject, []any{ErasedName, now, p, id}}, step{eraseEntries, []any{p, id}}, step{eraseMerges, []any{now, p, id}})
	}
	for _, x := range steps {
		if _, err := tx.Exec(ctx, x.query, x.args...); err != nil {
			return err
		}
	}
	return nil
}

// imports empties the rows that became the subject, those that told of the same one, and lets go of their files.
func (e *Erasure) imports(ctx context.Context, tx *store.Tx, id string) error {
	batches, err := store.Collect(ctx, tx, store.Value[string], selectBatchesOf, id)
	if err != nil {
		return err
	}
	keys, err := store.Collect(ctx, tx, store.Value[string], selectKeys, id)
	if err != nil {
		return err
	}
	for _, key := range keys {
		more, err := store.Collect(ctx, tx, store.Value[string], selectBatchesKeyed, key)
		if err != nil {
			return err
		}
		batches = append(batches, more...)
		if _, err := tx.Exec(ctx, eraseKeyed, key); err != nil {
			return err
		}
	}
	if _, err := tx.Exec(ctx, eraseRows, id); err != nil {
		return err
	}
	for _, b := range batches {
		if slices.Contains(e.Batches, b) {
			continue
		}
		e.Batches = append(e.Batches, b)
		var place, sha string
		_, _, err := store.One(ctx, tx, func(sc store.Scanner) (none struct{}, err error) { return none, sc.Scan(&place, &sha) }, selectBatchFile, b)
		if err != nil {
			return err
		}
		if e.Places = appendNew(e.Places, place); sha != "" {
			e.Files = append(e.Files, sha)
		}
		if _, err := tx.Exec(ctx, dropBatchFile, b); err != nil {
			return err
		}
	}
	return nil
}
