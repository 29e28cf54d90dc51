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
// fault.Stale for another version than the one seen or when a second call works on the same import, fault.Denied, and fault.Conflict before the check or after an undo.
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
	// The database stores one chunk while the next is read and judged.
	ahead := c.ahead(0)
	defer func() {
		if ahead != nil {
			<-ahead // nothing reads on behind the caller's back
		}
	}()
	for more := true; more; {
		next := <-ahead
		if ahead = nil; next.err != nil {
			return b, next.err
		}
		if more = len(next.rows) == Chunk; more {
			ahead = c.ahead(next.rows[Chunk-1].No)
		}
		seen := b.Version
		err = s.db.Write(ctx, func(tx *store.Tx) error {
			now, err := loadBatch(ctx, tx, id)
			if err != nil {
				return err
			}
			if err := now.in(Importing); err != nil {
				return err
			}
			if now.Version != seen { // another call goes on with this import, or undoes it
				return fault.Stale("batch", id)
			}
			if err := c.land(tx, &now, next); err != nil {
				return err
			}
			if !more {
				now.State = Done
				if now.Counts.Look() == 0 { // nobody has to mend a row of the file any more
					if _, err := tx.Exec(ctx, forgetFile, id); err != nil {
						return err
					}
				}
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

// states are those of the rows that the import takes.
func (b *Batch) states() []RowState {
	if b.Counts.Doubts {
		return []RowState{RowReady, RowDoubt}
	}
	return []RowState{RowReady}
}

// lot is one chunk of rows as it was kept, each with what is found about it now.
type lot struct {
	rows  []Row
	found []found
	err   error
}

// found is a row judged once more.
type found struct {
	row Row
	judgement
}

// ahead reads the chunk after a row number, judges it, and answers once. Nobody else may use the checker until then.
func (c *checker) ahead(after int) <-chan lot {
	answer := make(chan lot, 1)
	go func() {
		var l lot
		if l.rows, l.err = c.s.rowsOf(c.ctx, c.s.db.Read(), c.batch.ID, c.batch.states(), after, Chunk); l.err == nil {
			l.found = make([]found, len(l.rows))
			for i := range l.rows {
				f := &l.found[i]
				f.row = l.rows[i]
				if f.judgement, l.err = c.judge(&f.row); l.err != nil {
					break
				}
			}
		}
		answer <- l
	}()
	return answer
}

// land writes a chunk into the registry.
func (c *checker) land(tx *store.Tx, b *Batch, l lot) error {
	if len(l.rows) == 0 {
		return nil
	}
	in := landing{c: c, tx: tx, b: b}
	for i := range l.rows {
		r := l.found[i].row // a transaction that has to be repeated starts from the same
		if err := in.row(l.rows[i], &r, l.found[i].judgement); err != nil {
			return err
		}
	}
	return in.land(l.rows)
}

// landing writes one chunk of rows into the registry.
type landing struct {
	c      *checker
	tx     *store.Tx
	b      *Batch
	drafts []Draft // of new subjects; their rows are marked all at once
}

// row takes a row in, as it was kept and as it is judged now. What only now turns out to break a rule is told beside the row, and the others go
// on.
func (in *landing) row(old Row, r *Row, j judgement) error {
	if r.State != RowReady && (r.State != RowDoubt || old.State != RowDoubt) {
		in.b.Counts.count(old, -1) // it has become a duplicate, or its area is gone
		in.b.Counts.count(*r, 1)
		return in.mark(r)
	}
	in.b.Counts.count(old, -1)
	var err error
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
			r.SubjectID = old.SubjectID
			if r.Cells["id_number"] != "" {
				err = in.mark(r)
			}
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
	if r.State == RowImported {
		r.forgetID()
	}
	return in.c.s.updateRow(in.c.ctx, in.tx, in.b.ID, r)
}

const markImported = `
	UPDATE import_row SET state = 'imported' WHERE batch_id = $1 AND row_no >= $2 AND row_no <= $3 AND state = $4`

// land inserts the new subjects and marks their rows: all rows of the chunk's states between its first and last are its own.
func (in *landing) land(rows []Row) error {
	if _, err := in.c.s.Insert(in.c.ctx, in.tx, in.c.by, in.drafts...); err != nil {
		return err
	}
	for _, state := range in.b.states() {
		if _, err := in.tx.Exec(in.c.ctx, markImported, in.b.ID, rows[0].No, rows[len(rows)-1].No, state); err != nil {
			return err
		}
	}
	return nil
}

// over writes the row's cells over an existing subject; blank cells change nothing.
func (in *landing) over(r *Row, j judgement) error {
	before, found, err := in.c.s.load(in.c.ctx, in.tx, j.draft.PlaceID, j.existing)
	if err != nil {
		return err
	}
	if !found {
		return fault.NotFound("subject", j.existing)
	}
	after := before
	in.c.s.overwrite(&after, j.draft, in.c.keeps)
	if err := after.Draft().Check(in.c.year); err != nil {
		return err
	}
	after, err = in.c.s.replace(in.c.ctx, in.tx, in.c.by, "import", Changed, before, after, "")
	if err != nil {
		return err
	}
	kept, err := json.Marshal(in.c.s.undoing(before, after.Version))
	if err != nil {
		return err
	}
	r.before, r.SubjectID, r.State = string(kept), before.ID, RowImported
	return in.mark(r)
}

// undoing is what a row keeps to be undone by.
type undoing struct {
	Before   Subject          `json:"subject"`
	Version  int64            `json:"version"` // the subject's after the import
	IDHash   string           `json:"id_hash,omitempty"`
	IDTail   string           `json:"id_tail,omitempty"`
	IDNumber string           `json:"id_number,omitempty"` // sealed
	Entries  map[string]Entry `json:"entries,omitempty"`
	Created  []string         `json:"created,omitempty"` // keys of entries that were not there before
}

// overwrite puts what the draft says over the subject.
func (s *Service) overwrite(r *Subject, d Draft, keeps bool) {
	var from Subject
	s.take(&from, d, keeps)
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
