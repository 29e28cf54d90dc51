// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package registry

import (
	"context"
	"encoding/json"
	"time"

	"hoctap/internal/audit"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/place"
	"hoctap/internal/store"
)

// UndoTime is how long a whole import can be undone.
const UndoTime = 24 * time.Hour

// Import writes the rows that are ready, with doubts also those in doubt, in transactions of Chunk rows, and calls progress (may be
// nil) after each. It goes on where an earlier call was cut off; rows mended later are imported by calling it again. What the
// registry got meanwhile is looked at once more: a row that has become a duplicate waits for a choice. It fails with
// fault.Stale for another version than the one seen, fault.Denied, and fault.Conflict before the check or after an undo.
func (s *Service) Import(ctx context.Context, by identity.Actor, id string, version int64, doubts bool, progress func(Counter)) (b Batch, err error) {
	defer fault.Wrap(&err, "registry.Import(%s)", id)
	if b, err = s.batch(ctx, by, id); err != nil {
		return b, err
	}
	if b.Version != version {
		return b, fault.Stale("batch", id)
	}
	if err = b.in(Checked, Importing, Done); err != nil {
		return b, err
	}
	first := b.State == Checked
	if b.State != Importing {
		err = s.db.Write(ctx, func(tx *store.Tx) error {
			next := b
			next.State, next.Counts.Doubts = Importing, doubts
			if err := next.save(ctx, tx); err != nil {
				return err
			}
			b = next
			return nil
		})
		if err != nil {
			return b, err
		}
	}
	c, err := s.checker(ctx, by, b)
	if err != nil {
		return b, err
	}
	for more := true; more; {
		err = s.db.Write(ctx, func(tx *store.Tx) error {
			now, err := loadBatch(ctx, tx, id)
			if err != nil {
				return err
			}
			if err := now.in(Importing); err != nil {
				return err
			}
			if more, err = c.importSome(tx, &now); err != nil {
				return err
			}
			if !more {
				now.State = Done
				if first || now.DoneAt.IsZero() {
					now.DoneAt = s.now()
				}
				if err := audit.Write(ctx, tx, by.Who(), s.now(), audit.Entry{PlaceID: now.PlaceID, ThingID: id, Thing: "import", Act: "import",
					After: map[string]any{"imported": now.Counts.Imported}}); err != nil {
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
			return b, err
		}
		if progress != nil {
			progress(b.Counts)
		}
	}
	return b, s.db.Tune(ctx)
}

// importSome imports one chunk and says whether there may be more.
func (c *checker) importSome(tx *store.Tx, b *Batch) (more bool, err error) {
	states := []RowState{RowReady}
	if b.Counts.Doubts {
		states = append(states, RowDoubt)
	}
	rows, err := rowsOf(c.ctx, tx, b.ID, states, 0, Chunk)
	if err != nil || len(rows) == 0 {
		return false, err
	}
	in := landing{c: c, tx: tx, b: b}
	for i := range rows {
		if err := in.row(&rows[i]); err != nil {
			return false, err
		}
	}
	return len(rows) == Chunk, in.land(rows)
}

// landing writes one chunk of rows into the registry.
type landing struct {
	c      *checker
	tx     *store.Tx
	b      *Batch
	drafts []Draft // of new subjects; their rows are marked all at once
}

// row judges a row once more and takes it in. What only now turns out to break a rule is told beside the row, and the others go on.
func (in *landing) row(r *Row) error {
	old, planned := *r, r.SubjectID
	j, err := in.c.judge(r)
	if err != nil {
		return err
	}
	if r.State != RowReady && (r.State != RowDoubt || old.State != RowDoubt) {
		in.b.Counts.count(old, -1) // it has become a duplicate, or its area is gone
		in.b.Counts.count(*r, 1)
		return in.mark(r)
	}
	in.b.Counts.count(old, -1)
	switch {
	case in.b.Model == Register:
		err = in.entries(r, j)
	case j.existing != "" && r.Choice == UpdateExisting:
		err = in.over(r, j)
	case j.newArea:
		err = in.area(r, j)
	default:
		r.State = RowImported
		if old.Choice == UpdateExisting { // what it was to go over is gone: it comes in as new
			err = in.mark(r)
		} else {
			r.SubjectID = planned
		}
		d := j.draft
		d.ID = r.SubjectID
		in.drafts = append(in.drafts, d)
	}
	if broken := fields(err); len(broken) > 0 {
		for _, e := range broken {
			r.Issues = append(r.Issues, Issue{Field: e.Field, Level: RowError, Key: e.Key, Args: e.Args})
		}
		r.State = RowError
		err = in.mark(r)
	}
	in.b.Counts.count(*r, 1)
	return err
}

// mark writes a row whose state is not the chunk's.
func (in *landing) mark(r *Row) error {
	return r.update(in.c.ctx, in.tx, in.b.ID)
}

const markImported = `
	UPDATE import_row SET state = 'imported' WHERE batch_id = $1 AND row_no >= $2 AND row_no <= $3 AND state = $4`

// land inserts the new subjects and marks their rows: all rows of the chunk's states between its first and last are its own.
func (in *landing) land(rows []Row) error {
	if _, err := in.c.s.Insert(in.c.ctx, in.tx, in.c.by, in.drafts...); err != nil {
		return err
	}
	states := []RowState{RowReady}
	if in.b.Counts.Doubts {
		states = append(states, RowDoubt)
	}
	for _, state := range states {
		if _, err := in.tx.Exec(in.c.ctx, markImported, in.b.ID, rows[0].No, rows[len(rows)-1].No, state); err != nil {
			return err
		}
	}
	return nil
}

// over writes the row's cells over an existing subject; blank cells change nothing.
func (in *landing) over(r *Row, j judgement) error {
	before, found, err := load(in.c.ctx, in.tx, j.draft.PlaceID, j.existing)
	if err != nil {
		return err
	}
	if !found {
		return fault.NotFound("subject", j.existing)
	}
	after := before
	after.overwrite(j.draft)
	if err := after.Draft().Check(in.c.year); err != nil {
		return err
	}
	after, err = in.c.s.replace(in.c.ctx, in.tx, in.c.by, "import", Changed, before, after, "")
	if err != nil {
		return err
	}
	kept, err := json.Marshal(undoing{Before: before, Version: after.Version})
	if err != nil {
		return err
	}
	r.before, r.SubjectID, r.State = string(kept), before.ID, RowImported
	return in.mark(r)
}

// undoing is what a row keeps to be undone by.
type undoing struct {
	Before  Subject          `json:"subject"`
	Version int64            `json:"version"` // the subject's after the import
	Entries map[string]Entry `json:"entries,omitempty"`
	Created []string         `json:"created,omitempty"` // keys of entries that were not there before
}

// overwrite puts what the draft says over the subject.
func (r *Subject) overwrite(d Draft) {
	var from Subject
	from.take(d)
	r.Name, r.Fold, r.Sort = from.Name, from.Fold, from.Sort
	have := from.texts()
	for field, to := range r.texts() {
		if v := *have[field]; v != "" {
			*to = v
		}
	}
	given := from.numbers()
	for field, to := range r.numbers() {
		if v := *given[field]; v != 0 {
			*to = v
		}
	}
	// Head counts of two lists do not mix: a new number of members makes older parts that no longer fit unknown.
	if r.Members > 0 && r.Adults+r.Children > r.Members {
		r.Adults, r.Children = from.Adults, from.Children
	}
}

func (in *landing) entries(r *Row, j judgement) error {
	ctx, b := in.c.ctx, in.b
	had, err := in.c.s.EntriesOf(ctx, in.tx, j.draft.PlaceID, j.existing, b.Mapping.Year)
	if err != nil {
		return err
	}
	u := undoing{Entries: map[string]Entry{}}
	for i := range j.entries {
		e := &j.entries[i]
		e.SubjectID, e.Source = j.existing, b.Mapping.Source
		if old, ok := had[e.Key]; ok {
			u.Entries[e.Key] = old
		} else {
			u.Created = append(u.Created, e.Key)
		}
	}
	if err := in.c.s.InsertEntries(ctx, in.tx, in.c.by, j.draft.PlaceID, b.Mapping.Year, j.entries...); err != nil {
		return err
	}
	kept, err := json.Marshal(u)
	if err != nil {
		return err
	}
	r.before, r.SubjectID, r.State = string(kept), j.existing, RowImported
	return in.mark(r)
}

// area creates the area of a list of communities, and its community.
func (in *landing) area(r *Row, j judgement) error {
	list, err := in.c.s.places.CreateAreas(in.c.ctx, in.tx, in.c.by, j.commune.ID, []place.AreaDraft{{Name: j.draft.Name}})
	if err != nil {
		return err
	}
	d := j.draft
	d.PlaceID, d.Name = list[0].ID, list[0].FullName()
	if _, err := in.c.s.Insert(in.c.ctx, in.tx, in.c.by, d); err != nil {
		return err
	}
	r.PlaceID, r.SubjectID, r.State = d.PlaceID, d.PlaceID, RowImported
	return in.mark(r)
}
