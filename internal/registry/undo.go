// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package registry

import (
	"context"
	"encoding/json"
	"math"
	"slices"

	"hoctap/internal/audit"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/sealed"
	"hoctap/internal/store"
)

// NotUndone is a row whose subject stays as it is, and why, as a catalogue key below "fault.".
type NotUndone struct {
	RowNo     int
	PlaceID   string
	SubjectID string
	Name      string
	Key       string
}

// Undo takes a whole import back within UndoTime: what it created goes, what it changed gets its former content, both only
// where nobody has touched it since; the rest is listed and stays. It works from the last row to the first, because several
// rows may have changed the same subject, in transactions of Chunk rows, and goes on where an earlier call was cut off. Areas created on the way stay. It fails with fault.Stale, fault.Denied, and fault.Conflict
// when nothing is imported, it is undone already, or it is too late.
func (s *Service) Undo(ctx context.Context, by identity.Actor, id string, version int64) (b Batch, left []NotUndone, err error) {
	defer fault.Wrap(&err, "registry.Undo(%s)", id)
	if b, err = s.batch(ctx, by, id); err != nil {
		return b, nil, err
	}
	if b.Version != version {
		return b, nil, fault.Stale("batch", id)
	}
	if err = b.in(Importing, Done); err != nil {
		return b, nil, err
	}
	if !b.DoneAt.IsZero() && s.now().After(b.DoneAt.Add(UndoTime)) {
		return b, nil, fault.Conflict("registry.undo_late", "name", b.FileName, "until", b.DoneAt.Add(UndoTime))
	}
	before, own := math.MaxInt32, restored{}
	for more := true; more; {
		var some []NotUndone
		next := before
		err = s.db.Write(ctx, func(tx *store.Tx) error {
			some, next = nil, before
			now, err := loadBatch(ctx, tx, id)
			if err != nil {
				return err
			}
			if err := now.in(Importing, Done); err != nil {
				return err
			}
			rows, err := store.Collect(ctx, tx, s.rowScan(id), selectImported, id, before, Chunk)
			if err != nil {
				return err
			}
			for i := range rows {
				key, name, err := s.undoRow(ctx, tx, by, now, &rows[i], own)
				if err != nil {
					return err
				}
				next = rows[i].No
				if key != "" {
					now.Counts.Kept++
					some = append(some, NotUndone{rows[i].No, rows[i].PlaceID, rows[i].SubjectID, name, key})
					continue
				}
				now.Counts.Imported--
				now.Counts.Undone++
			}
			more = len(rows) == Chunk
			if !more {
				now.State = Undone
				now.Counts.Kept = now.Counts.Imported
				if err := audit.Write(ctx, tx, by.Who(), s.now(), audit.Entry{PlaceID: now.PlaceID, ThingID: id, Thing: "import", Act: "undo",
					After: map[string]any{"undone": now.Counts.Undone, "kept": now.Counts.Kept}}); err != nil {
					return err
				}
			}
			if err := now.save(ctx, tx); err != nil {
				return err
			}
			b = now
			return nil
		})
		if err != nil {
			return b, left, err
		}
		before = next
		left = append(left, some...)
	}
	slices.Reverse(left)
	return b, left, nil
}

// restored holds, for each subject the undo has put back, the version that made and the one whose content it has again: an
// earlier row of the same import that made that content may then be taken back too.
type restored map[string]struct{ made, has int64 }

// of is the version whose content a subject has.
func (r restored) of(s Subject) int64 {
	if x, ok := r[s.ID]; ok && x.made == s.Version {
		return x.has
	}
	return s.Version
}

const selectImported = `SELECT ` + rowColumns + ` FROM import_row WHERE batch_id = $1 AND state = 'imported' AND row_no < $2 ORDER BY row_no DESC LIMIT $3`

// undoRow takes one row back; key says why it could not.
func (s *Service) undoRow(ctx context.Context, tx *store.Tx, by identity.Actor, b Batch, r *Row, own restored) (key, name string, err error) {
	now, found, err := s.load(ctx, tx, r.PlaceID, r.SubjectID)
	if err != nil {
		return "", "", err
	}
	if !found {
		return "registry.undo_moved", r.Cells["name"], nil
	}
	switch {
	case b.Model == Register:
		key, err = s.undoEntries(ctx, tx, by, b, *r)
	case r.before == "{}" || r.before == "":
		key, err = s.undoNew(ctx, tx, by, now, own)
	default:
		key, err = s.undoChange(ctx, tx, by, *r, now, own)
	}
	if err != nil || key != "" {
		return key, now.Name, err
	}
	r.State, r.before = RowUndone, ""
	return "", "", s.updateRow(ctx, tx, b.ID, r)
}

const countLinks = `
	SELECT (SELECT count(*) FROM subject WHERE place_id = $1 AND family_id = $2 AND family_id <> '')
		+ (SELECT count(*) FROM membership WHERE member_id = $2)
		+ (SELECT count(*) FROM membership WHERE place_id = $1 AND group_id = $2)
		+ (SELECT count(*) FROM register_entry WHERE place_id = $1 AND subject_id = $2)
		+ (SELECT count(*) FROM subject_merge WHERE place_id = $1 AND undone_at = 0 AND (kept_id = $2 OR gone_id = $2))`

// undoNew deletes a subject that an import created, when nobody changed it and nothing hangs on it.
func (s *Service) undoNew(ctx context.Context, tx *store.Tx, by identity.Actor, r Subject, own restored) (key string, err error) {
	if own.of(r) != 1 || r.State != Active {
		return "registry.undo_changed", nil
	}
	links, _, err := store.One(ctx, tx, store.Value[int], countLinks, r.PlaceID, r.ID)
	if err != nil {
		return "", err
	}
	if links > 0 {
		return "registry.undo_linked", nil
	}
	if err := s.tell(ctx, tx, by, Event{Change: Removed, Subject: r}); err != nil {
		if fault.KindOf(err) == fault.KindConflict {
			return "registry.undo_in_use", nil
		}
		return "", err
	}
	if err := remove(ctx, tx, r.PlaceID, r.ID); err != nil {
		return "", err
	}
	return "", audit.Write(ctx, tx, by.Who(), s.now(), audit.Entry{PlaceID: r.PlaceID, ThingID: r.ID, Thing: "subject", Act: "undo_import", Before: told(r)})
}

func (s *Service) undoChange(ctx context.Context, tx *store.Tx, by identity.Actor, r Row, now Subject, own restored) (key string, err error) {
	var u undoing
	if err := json.Unmarshal([]byte(r.before), &u); err != nil {
		return "", err
	}
	if own.of(now) != u.Version || now.State != Active {
		return "registry.undo_changed", nil
	}
	u.Before.Phone, err = sealed.Phone.Open(s.Keys, now.ID, u.Before.Phone)
	if err != nil {
		return "", err
	}
	back := now
	s.take(&back, u.Before.Draft(), false)
	back.IDHash, back.IDTail = u.IDHash, u.IDTail
	if back.IDNumber, err = sealed.IDNumber.Open(s.Keys, now.ID, u.IDNumber); err != nil {
		return "", err
	}
	back, err = s.replace(ctx, tx, by, "undo_import", Changed, now, back, "")
	own[now.ID] = struct{ made, has int64 }{back.Version, u.Before.Version}
	return "", err
}

func (s *Service) undoEntries(ctx context.Context, tx *store.Tx, by identity.Actor, b Batch, r Row) (key string, err error) {
	var u undoing
	if err := json.Unmarshal([]byte(r.before), &u); err != nil {
		return "", err
	}
	have, err := s.EntriesOf(ctx, tx, r.PlaceID, r.SubjectID, b.Mapping.Year)
	if err != nil {
		return "", err
	}
	var back []Entry
	for _, key := range u.Created {
		if have[key].Source != b.Mapping.Source {
			return "registry.undo_changed", nil
		}
		back = append(back, Entry{SubjectID: r.SubjectID, Key: key})
	}
	for key, e := range u.Entries {
		if have[key].Source != b.Mapping.Source {
			return "registry.undo_changed", nil
		}
		back = append(back, e)
	}
	return "", s.InsertEntries(ctx, tx, by, r.PlaceID, b.Mapping.Year, back...)
}
