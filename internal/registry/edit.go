// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package registry

import (
	"context"
	"unicode/utf8"

	"hoctap/internal/audit"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/store"
	"hoctap/internal/text"
)

const maxCell = 2000 // characters that a person may put into a cell

// EditCell mends one cell of a row that is not imported yet and judges the row anew, and those it looked like. It returns the row
// and the batch with its new counts. It fails with fault.NotFound for a row or column that is not there, fault.Conflict when the
// row is imported, and fault.Denied.
func (s *Service) EditCell(ctx context.Context, by identity.Actor, id string, no int, column, value string) (r Row, b Batch, err error) {
	defer fault.Wrap(&err, "registry.EditCell(%s, %d)", id, no)
	value = text.NFC(storable(value))
	if n := utf8.RuneCountInString(value); n > maxCell {
		return r, b, fault.Invalid(fault.Field(column, "registry.too_long", "length", n, "limit", maxCell))
	}
	return s.mendRow(ctx, by, id, no, func(b Batch, r *Row) error {
		if !hasColumn(b.Model, column) {
			return fault.NotFound("column", column)
		}
		r.set(column, value)
		return nil
	})
}

// Choose says what is to become of a row that looks like another: KeepExisting, UpdateExisting or ImportBoth; "" asks again.
func (s *Service) Choose(ctx context.Context, by identity.Actor, id string, no int, choice string) (r Row, b Batch, err error) {
	defer fault.Wrap(&err, "registry.Choose(%s, %d)", id, no)
	switch choice {
	case "", KeepExisting, UpdateExisting, ImportBoth:
	default:
		return r, b, fault.Invalid(fault.Field("choice", "registry.unknown_value", "value", choice))
	}
	return s.mendRow(ctx, by, id, no, func(_ Batch, r *Row) error {
		r.Choice = choice
		return nil
	})
}

func (s *Service) mendRow(ctx context.Context, by identity.Actor, id string, no int, change func(Batch, *Row) error) (r Row, b Batch, err error) {
	if b, err = s.batch(ctx, by, id); err != nil {
		return r, b, err
	}
	c, err := s.checker(ctx, by, b)
	if err != nil {
		return r, b, err
	}
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		now, err := loadBatch(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := now.in(Checked, Done); err != nil {
			return err
		}
		row, err := s.rowOf(ctx, tx, id, no)
		if err != nil {
			return err
		}
		if row.State == RowImported || row.State == RowUndone {
			return fault.Conflict(importedRows, "row", row.Number())
		}
		old := row
		old.Cells = row.Cells.clone()
		if err := change(now, &row); err != nil {
			return err
		}
		if row, err = c.rejudge(tx, &now.Counts, old, row); err != nil {
			return err
		}
		if err := now.save(ctx, tx); err != nil {
			return err
		}
		r, b = row, now
		return audit.Write(ctx, tx, by.Who(), s.now(), audit.Entry{PlaceID: now.PlaceID, ThingID: id, Thing: "import", Act: "mend",
			Before: map[string]any{"row": no, "cells": old.Cells.told(), "choice": old.Choice},
			After:  map[string]any{"row": no, "cells": row.Cells.told(), "choice": row.Choice}})
	})
	return r, b, err
}

func hasColumn(model, key string) bool {
	for _, c := range importColumns[model] {
		if c.Key == key {
			return true
		}
	}
	return false
}

func (c Cells) clone() Cells {
	out := make(Cells, len(c))
	for k, v := range c {
		out[k] = v
	}
	return out
}

// set writes a cell; what a legacy font meant by the old one is forgotten.
func (r *Row) set(column, value string) {
	delete(r.Cells, legacyMark+column)
	if value == "" {
		delete(r.Cells, column)
		return
	}
	r.Cells[column] = value
}

// rejudge judges a changed row, and those rows that had or now have its key, and keeps the counter right.
func (c *checker) rejudge(tx *store.Tx, counts *Counter, old, row Row) (Row, error) {
	if _, err := c.judge(&row); err != nil {
		return row, err
	}
	if err := c.s.updateRow(c.ctx, tx, c.batch.ID, &row); err != nil {
		return row, err
	}
	counts.count(old, -1)
	counts.count(row, 1)
	keys := []string{row.key}
	if old.key != row.key {
		keys = append(keys, old.key)
	}
	for _, key := range keys {
		if key == "" || c.batch.Model == Register {
			continue
		}
		again, err := c.rejudgeKey(tx, counts, key)
		if err != nil {
			return row, err
		}
		for _, r := range again {
			if r.No == row.No {
				row = r
			}
		}
	}
	return row, nil
}

// rejudgeKey judges all rows of one key in the order of the file, so that the first stands and the others repeat it.
func (c *checker) rejudgeKey(tx *store.Tx, counts *Counter, key string) ([]Row, error) {
	rows, err := store.Collect(c.ctx, tx, c.s.rowScan(c.batch.ID), selectByKey, c.batch.ID, key)
	if err != nil || len(rows) == 1 && !rows[0].repeats() {
		return rows, err
	}
	var judged []judgement
	for i := range rows {
		r := &rows[i]
		old := *r
		if r.State == RowImported || r.State == RowUndone {
			copied := *r
			j, err := c.judge(&copied)
			if err != nil {
				return nil, err
			}
			judged = append(judged, j)
			continue
		}
		j, err := c.judge(r)
		if err != nil {
			return nil, err
		}
		for k := range judged {
			if sameRow(judged[k], j) {
				r.twin(rows[k].No)
				break
			}
		}
		judged = append(judged, j)
		counts.count(old, -1)
		counts.count(*r, 1)
		if err := c.s.updateRow(c.ctx, tx, c.batch.ID, r); err != nil {
			return nil, err
		}
	}
	return rows, nil
}

// repeats says whether the row was found to repeat another of the file.
func (r Row) repeats() bool {
	for _, i := range r.Issues {
		if i.Key == "registry.duplicate_row" {
			return true
		}
	}
	return false
}
