// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package registry

import (
	"context"
	"encoding/json"
	"time"

	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/sheet"
	"hoctap/internal/store"
)

// BatchState is how far an import has come.
type BatchState string

// The states of an import. An import that was cut off stays Importing; Import goes on with it.
const (
	Uploaded  BatchState = "uploaded"
	Checked   BatchState = "checked"
	Importing BatchState = "importing"
	Done      BatchState = "done"
	Undone    BatchState = "undone"
)

// Batch is one import of one file: where to, of what, how its columns are read, and how its rows stand.
type Batch struct {
	ID        string
	PlaceID   string
	Model     string // one of ImportModels
	FileName  string
	FileSHA   string // key of the file in the blob store
	Mapping   Mapping
	State     BatchState
	Counts    Counter
	ByID      string
	Version   int64
	CreatedAt time.Time
	DoneAt    time.Time
}

// Mapping says how a file is read.
type Mapping struct {
	Sheets []SheetMapping `json:"sheets"`
	Year   int            `json:"year,omitempty"`   // of register entries
	Source string         `json:"source,omitempty"` // of register entries
}

// SheetMapping says how one table of the file is read. Row numbers count from 1, columns from 0.
type SheetMapping struct {
	Index      int                `json:"index"`
	Name       string             `json:"name"`
	Use        bool               `json:"use"`
	Hidden     bool               `json:"hidden,omitempty"`
	Rows       int                `json:"rows,omitempty"` // the file's own claim
	First      int                `json:"first"`          // header rows
	Last       int                `json:"last"`
	Columns    map[string]int     `json:"columns"`
	Sure       map[string]float64 `json:"sure,omitempty"` // how sure the guess is; below 0.9 a person should look
	Titles     []sheet.Heading    `json:"titles"`         // all headings, the used ones among them
	Remembered bool               `json:"remembered,omitempty"`
}

// Counter tells how the rows of a batch stand, and which mistakes can be mended all at once.
type Counter struct {
	Rows      int            `json:"rows"` // all but those that are no records
	Ready     int            `json:"ready"`
	Error     int            `json:"error"`
	Doubt     int            `json:"doubt"`
	Duplicate int            `json:"duplicate"`
	Skipped   int            `json:"skipped"` // left out by a person's choice
	Imported  int            `json:"imported"`
	Undone    int            `json:"undone"`
	Kept      int            `json:"kept"`             // imported rows that could not be undone
	Passed    map[string]int `json:"passed,omitempty"` // lines that are no records, by reason ("sheet.skip_total" …)
	Fixes     []Offer        `json:"fixes,omitempty"`
	Doubts    bool           `json:"doubts,omitempty"` // rows in doubt are imported, too
	CheckedAt int64          `json:"checked_at,omitempty"`
}

// Look is how many rows a person has to look at.
func (c Counter) Look() int { return c.Error + c.Doubt + c.Duplicate }

const batchColumns = `id, place_id, model, file_name, file_sha, mapping, state, counts, by_id, version, created_at, done_at`

func scanBatch(row store.Scanner) (b Batch, err error) {
	var mapping, counts string
	var created, done int64
	if err = row.Scan(&b.ID, &b.PlaceID, &b.Model, &b.FileName, &b.FileSHA, &mapping, &b.State, &counts, &b.ByID, &b.Version, &created, &done); err != nil {
		return b, err
	}
	b.CreatedAt, b.DoneAt = store.Time(created), store.Time(done)
	if err = json.Unmarshal([]byte(mapping), &b.Mapping); err != nil {
		return b, err
	}
	return b, json.Unmarshal([]byte(counts), &b.Counts)
}

const selectBatch = `SELECT ` + batchColumns + ` FROM import_batch WHERE id = $1`

func loadBatch(ctx context.Context, tx *store.Tx, id string) (Batch, error) {
	b, found, err := store.One(ctx, tx, scanBatch, selectBatch, id)
	if err == nil && !found {
		err = fault.NotFound("batch", id)
	}
	return b, err
}

// batch returns the batch, once by may edit the registry where it goes to.
func (s *Service) batch(ctx context.Context, by identity.Actor, id string) (Batch, error) {
	b, err := loadBatch(ctx, s.db.Read(), id)
	if err != nil {
		return b, err
	}
	if err := s.may(ctx, nil, by, identity.EditRegistry, b.PlaceID); err != nil {
		return Batch{}, err
	}
	return b, nil
}

// Batch returns an import. It fails with fault.NotFound and fault.Denied.
func (s *Service) Batch(ctx context.Context, by identity.Actor, id string) (b Batch, err error) {
	defer fault.Wrap(&err, "registry.Batch(%s)", id)
	return s.batch(ctx, by, id)
}

const selectBatches = `SELECT ` + batchColumns + ` FROM import_batch WHERE place_id = $1 ORDER BY created_at DESC, id DESC LIMIT $2`

// Batches returns the newest imports to a place, at most limit (50 when 0).
func (s *Service) Batches(ctx context.Context, by identity.Actor, placeID string, limit int) (list []Batch, err error) {
	defer fault.Wrap(&err, "registry.Batches(%s)", placeID)
	if err = s.may(ctx, nil, by, identity.EditRegistry, placeID); err != nil {
		return nil, err
	}
	if limit <= 0 {
		limit = 50
	}
	return store.Collect(ctx, s.db.Read(), scanBatch, selectBatches, placeID, min(limit, maxPage))
}

const updateBatch = `
	UPDATE import_batch SET sheet = $1, mapping = $2, state = $3, counts = $4, done_at = $5, version = version + 1
	WHERE id = $6 AND version = $7`

// save writes the batch over the version it was read in, and raises it.
func (b *Batch) save(ctx context.Context, tx *store.Tx) error {
	mapping, err := json.Marshal(b.Mapping)
	if err != nil {
		return err
	}
	counts, err := json.Marshal(b.Counts)
	if err != nil {
		return err
	}
	name := ""
	for _, m := range b.Mapping.Sheets {
		if m.Use {
			name = m.Name
			break
		}
	}
	n, err := tx.Exec(ctx, updateBatch, name, string(mapping), b.State, string(counts), store.Micros(b.DoneAt), b.ID, b.Version)
	if err == nil && n == 0 {
		err = fault.Stale("batch", b.ID)
	}
	if err == nil {
		b.Version++
	}
	return err
}

// in makes sure that the batch is in one of the states.
func (b Batch) in(states ...BatchState) error {
	for _, s := range states {
		if b.State == s {
			return nil
		}
	}
	return fault.Conflict("registry.batch_state."+string(b.State), "name", b.FileName)
}
