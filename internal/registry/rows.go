// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package registry

import (
	"context"

	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/store"
)

// RowFilter narrows Rows. States are all when empty; After is the No of the last row of the page before.
type RowFilter struct {
	States []RowState
	After  int
	Limit  int // 50 when 0, at most 500
}

// LookAt are the states of rows that a person has to look at.
var LookAt = []RowState{RowError, RowDoubt, RowDuplicate}

// Rows lists the rows of an import in the order of the file. There is more when a page is full.
func (s *Service) Rows(ctx context.Context, by identity.Actor, id string, f RowFilter) (rows []Row, err error) {
	defer fault.Wrap(&err, "registry.Rows(%s)", id)
	if _, err = s.batch(ctx, by, id); err != nil {
		return nil, err
	}
	if f.Limit <= 0 {
		f.Limit = 50
	}
	return s.rowsOf(ctx, s.db.Read(), id, f.States, f.After, min(f.Limit, maxPage))
}

func (s *Service) rowsOf(ctx context.Context, tx *store.Tx, id string, states []RowState, after, limit int) ([]Row, error) {
	var w store.Where
	w.And("batch_id = ?", id)
	if len(states) > 0 {
		names := make([]string, len(states))
		for i, state := range states {
			names[i] = string(state)
		}
		w.In("state", names...)
	}
	w.And("row_no > ?", after)
	return store.Collect(ctx, tx, s.rowScan(id), `SELECT `+rowColumns+` FROM import_row`+w.SQL()+` ORDER BY row_no LIMIT `+w.Next(1), w.Args(limit)...)
}

const (
	selectRow    = `SELECT ` + rowColumns + ` FROM import_row WHERE batch_id = $1 AND row_no = $2`
	selectByKey  = `SELECT ` + rowColumns + ` FROM import_row WHERE batch_id = $1 AND key = $2 AND key <> '' ORDER BY row_no LIMIT 50`
	importedRows = "registry.row_imported"
)

func (s *Service) rowOf(ctx context.Context, tx *store.Tx, id string, no int) (Row, error) {
	r, found, err := store.One(ctx, tx, s.rowScan(id), selectRow, id, no)
	if err == nil && !found {
		err = fault.NotFound("row", id)
	}
	return r, err
}
