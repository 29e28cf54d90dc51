// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package registry

import (
	"context"
	"regexp"
	"time"
	"unicode/utf8"

	"hoctap/internal/audit"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/store"
	"hoctap/internal/text"
)

// Entry is what another register says of a subject in a year. Key is the key of the fact in the criteria sets
// ("poverty_status", "culture_family"), Value its value as text: "none", "true", "3". An empty Value takes an entry away.
type Entry struct {
	SubjectID string
	Key       string
	Value     string
	Source    string // "Rà soát hộ nghèo 2026": where the list came from
}

var entryKey = regexp.MustCompile(`^[a-z][a-z0-9_]{0,59}$`)

const maxValue = 120

const (
	upsertEntry = `
		INSERT INTO register_entry (place_id, subject_id, year, key, value, source, at) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (place_id, subject_id, year, key) DO UPDATE SET value = excluded.value, source = excluded.source, at = excluded.at`
	deleteEntry = `DELETE FROM register_entry WHERE place_id = $1 AND subject_id = $2 AND year = $3 AND key = $4`
	selectEntry = `SELECT subject_id, key, value, source FROM register_entry WHERE place_id = $1 AND year = $2 ORDER BY subject_id, key`
	selectOf    = `SELECT subject_id, key, value, source FROM register_entry WHERE place_id = $1 AND subject_id = $2 AND year = $3 ORDER BY key`
)

// SetEntries writes what another register says of subjects of one leaf in a year; entries not named stay. It fails with
// fault.Invalid for a year, key or value that cannot be, or a subject that is not there, and fault.Denied.
func (s *Service) SetEntries(ctx context.Context, by identity.Actor, placeID string, year int, entries ...Entry) (err error) {
	defer fault.Wrap(&err, "registry.SetEntries(%s, %d)", placeID, year)
	if _, err = s.leaf(ctx, by, identity.EditRegistry, placeID); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *store.Tx) error {
		return s.InsertEntries(ctx, tx, by, placeID, year, entries...)
	})
}

// InsertEntries is SetEntries inside the caller's transaction, after the caller's own permission check.
func (s *Service) InsertEntries(ctx context.Context, tx *store.Tx, by identity.Actor, placeID string, year int, entries ...Entry) error {
	if err := s.checkEntries(ctx, tx, placeID, year, entries); err != nil {
		return err
	}
	now := s.now()
	for _, e := range entries {
		before, err := entriesOf(ctx, tx, placeID, e.SubjectID, year)
		if err != nil {
			return err
		}
		if err := writeEntry(ctx, tx, placeID, year, e, now); err != nil {
			return err
		}
		err = audit.Write(ctx, tx, by.Who(), now, audit.Entry{
			PlaceID: placeID, ThingID: e.SubjectID, Thing: "register_entry", Act: "set",
			Before: map[string]any{"year": year, "key": e.Key, "value": before[e.Key]},
			After:  map[string]any{"year": year, "key": e.Key, "value": e.Value, "source": e.Source},
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func writeEntry(ctx context.Context, tx *store.Tx, placeID string, year int, e Entry, at time.Time) error {
	if e.Value == "" {
		_, err := tx.Exec(ctx, deleteEntry, placeID, e.SubjectID, year, e.Key)
		return err
	}
	_, err := tx.Exec(ctx, upsertEntry, placeID, e.SubjectID, year, e.Key, text.NFC(e.Value), text.NFC(e.Source), store.Micros(at))
	return err
}

func (s *Service) checkEntries(ctx context.Context, tx *store.Tx, placeID string, year int, entries []Entry) error {
	var errs []fault.FieldError
	if now := s.year(); year < 2000 || year > now+1 {
		errs = append(errs, fault.Field("year", "registry.year", "from_year", 2000, "to_year", now+1))
	}
	seen := map[string]bool{}
	for _, e := range entries {
		if !entryKey.MatchString(e.Key) {
			errs = append(errs, fault.Field("key", "registry.unknown_value", "value", e.Key))
		}
		if n := utf8.RuneCountInString(e.Value); n > maxValue {
			errs = append(errs, fault.Field("value", "registry.too_long", "length", n, "limit", maxValue))
		}
		if seen[e.SubjectID] {
			continue
		}
		seen[e.SubjectID] = true
		r, found, err := s.load(ctx, tx, placeID, e.SubjectID)
		if err != nil {
			return err
		}
		if !found || r.State != Active {
			errs = append(errs, fault.Field("subject", "registry.member_unknown", "id", e.SubjectID))
		}
	}
	return fault.Invalid(errs...)
}

func scanEntry(row store.Scanner) (e Entry, err error) {
	return e, row.Scan(&e.SubjectID, &e.Key, &e.Value, &e.Source)
}

// Entries returns what other registers say of the subjects of a leaf in a year, by subject and key, for other domain packages
// after their own permission check.
func (s *Service) Entries(ctx context.Context, tx *store.Tx, placeID string, year int) (map[string]map[string]Entry, error) {
	list, err := store.Collect(ctx, tx, scanEntry, selectEntry, placeID, year)
	out := map[string]map[string]Entry{}
	for _, e := range list {
		if out[e.SubjectID] == nil {
			out[e.SubjectID] = map[string]Entry{}
		}
		out[e.SubjectID][e.Key] = e
	}
	return out, err
}

// EntriesOf returns what other registers say of one subject in a year, by key.
func (s *Service) EntriesOf(ctx context.Context, tx *store.Tx, placeID, id string, year int) (map[string]Entry, error) {
	list, err := store.Collect(ctx, tx, scanEntry, selectOf, placeID, id, year)
	out := make(map[string]Entry, len(list))
	for _, e := range list {
		out[e.Key] = e
	}
	return out, err
}

func entriesOf(ctx context.Context, tx *store.Tx, placeID, id string, year int) (map[string]string, error) {
	list, err := store.Collect(ctx, tx, scanEntry, selectOf, placeID, id, year)
	out := make(map[string]string, len(list))
	for _, e := range list {
		out[e.Key] = e.Value
	}
	return out, err
}
