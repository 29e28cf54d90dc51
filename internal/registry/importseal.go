// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package registry

import (
	"context"
	"encoding/json"
	"maps"
	"strconv"
	"strings"
	"time"

	"hoctap/internal/audit"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/sealed"
	"hoctap/internal/store"
)

// Rows of an import hold numbers that name a person until they are imported: sealed, in the cells and in what is said about them. Once a row is
// imported, its id number is forgotten; a phone stays with the subject.

// secret says whether the cells of a column are sealed.
func secret(column string) bool {
	column = strings.TrimPrefix(column, legacyMark)
	return column == "phone" || column == "id_number"
}

func rowName(batchID string, no int) string { return batchID + "/" + strconv.Itoa(no) }

// encode writes the parts of a row as they are kept.
func (s *Service) encode(batchID string, r *Row) (cells, issues, before string, err error) {
	to, kept := rowName(batchID, r.No), r.Cells
	for key, v := range r.Cells {
		if secret(key) {
			if len(kept) == len(r.Cells) {
				kept = maps.Clone(kept)
			}
			kept[key] = sealed.ImportCells.Seal(s.Keys, to, v)
		}
	}
	c, err := json.Marshal(kept)
	if err != nil {
		return "", "", "", err
	}
	issues, before = "[]", r.before
	if before == "" {
		before = "{}"
	}
	if len(r.Issues) > 0 {
		list := make([]Issue, len(r.Issues))
		for i, issue := range r.Issues {
			if list[i] = issue; secret(issue.Field) {
				list[i] = issue.change(func(text string) (string, error) { return sealed.ImportIssues.Seal(s.Keys, to, text), nil })
			}
		}
		b, err := json.Marshal(list)
		if err != nil {
			return "", "", "", err
		}
		issues = string(b)
	}
	return string(c), issues, before, nil
}

// change returns the issue with every text in it that a cell gave changed.
func (i Issue) change(change func(string) (string, error)) Issue {
	args := fault.Args{}
	for name, v := range i.Args {
		if text, ok := v.(string); ok && hidden[name] {
			if fresh, err := change(text); err == nil {
				v = fresh
			}
		}
		args[name] = v
	}
	if i.Args != nil {
		i.Args = args
	}
	fixes := make([]Fix, len(i.Fixes))
	for n, f := range i.Fixes {
		if fresh, err := change(f.Value); err == nil {
			f.Value = fresh
		}
		fixes[n] = f
	}
	if i.Fixes != nil {
		i.Fixes = fixes
	}
	return i
}

// hidden are the arguments of an issue that hold what the cell says.
var hidden = func() map[string]bool {
	names := map[string]bool{}
	for _, f := range sealed.ImportIssues.Fields {
		names[f] = true
	}
	return names
}()

// rowScan reads rows of a batch and opens what is sealed in them.
func (s *Service) rowScan(batchID string) func(store.Scanner) (Row, error) {
	return func(row store.Scanner) (Row, error) {
		r, err := scanRow(row)
		if err != nil {
			return r, err
		}
		to := rowName(batchID, r.No)
		for key, v := range r.Cells {
			if secret(key) {
				if r.Cells[key], err = sealed.ImportCells.Open(s.Keys, to, v); err != nil {
					return r, err
				}
			}
		}
		for i := range r.Issues {
			if secret(r.Issues[i].Field) {
				r.Issues[i] = r.Issues[i].change(func(text string) (string, error) { return sealed.ImportIssues.Open(s.Keys, to, text) })
			}
		}
		return r, nil
	}
}

// forgetID leaves of the row's id number only the end. The map is its own afterwards: a transaction that has to be repeated starts from the old.
func (r *Row) forgetID() {
	v := r.Cells["id_number"]
	if v == "" || strings.Contains(v, "•") {
		return
	}
	r.Cells = r.Cells.clone()
	delete(r.Cells, legacyMark+"id_number")
	r.Cells["id_number"] = MaskedID(v[max(0, len(v)-3):])
}

// told is what the journal keeps of cells: numbers show their end only.
func (c Cells) told() Cells {
	out := c.clone()
	for key, v := range out {
		if secret(key) {
			out[key] = Veil + v[max(0, len(v)-3):]
		}
	}
	return out
}

// KeepFile is how long the file of an import stays after it was imported or, where nobody imported it, read: rows that were to be mended can be downloaded
// until then.
const KeepFile = 7 * 24 * time.Hour

const (
	forgetFile    = `UPDATE import_batch SET file_sha = '' WHERE id = $1 AND file_sha <> ''`
	selectOldFile = `SELECT id, place_id FROM import_batch WHERE file_sha <> '' AND created_at < $1 AND done_at < $2 AND state <> 'importing' ORDER BY created_at, id LIMIT 50`
	selectWithID  = `SELECT ` + rowColumns + ` FROM import_row WHERE batch_id = $1 AND CAST(cells AS text) LIKE '%"id_number"%' AND row_no > $2 ORDER BY row_no LIMIT $3`
)

// ForgetFiles lets go of the files of imports that are older than KeepFile, and of the id numbers in rows that nobody imported: the sweep of the file store deletes what
// no record names. It returns how many files.
func (s *Service) ForgetFiles(ctx context.Context) (n int, err error) {
	defer fault.Wrap(&err, "registry.ForgetFiles")
	before := store.Micros(s.now().Add(-KeepFile))
	for {
		list, err := store.Collect(ctx, s.db.Read(), func(row store.Scanner) (b Batch, err error) {
			return b, row.Scan(&b.ID, &b.PlaceID)
		}, selectOldFile, before, before)
		if err != nil || len(list) == 0 {
			return n, err
		}
		for _, b := range list {
			if err := s.forgetRows(ctx, b.ID); err != nil {
				return n, err
			}
			err := s.db.Write(ctx, func(tx *store.Tx) error {
				if _, err := tx.Exec(ctx, forgetFile, b.ID); err != nil {
					return err
				}
				return audit.Write(ctx, tx, identity.System.Who(), s.now(), audit.Entry{PlaceID: b.PlaceID, ThingID: b.ID, Thing: "import", Act: "forget_file"})
			})
			if err != nil {
				return n, err
			}
			n++
		}
	}
}

func (s *Service) forgetRows(ctx context.Context, batchID string) error {
	for after, more := 0, true; more; {
		err := s.db.Write(ctx, func(tx *store.Tx) error {
			rows, err := store.Collect(ctx, tx, s.rowScan(batchID), selectWithID, batchID, after, fixChunk)
			if err != nil {
				return err
			}
			more = len(rows) == fixChunk
			for i := range rows {
				after = rows[i].No
				if v := rows[i].Cells["id_number"]; v == "" || strings.Contains(v, "•") {
					continue
				}
				rows[i].forgetID()
				if err := s.updateRow(ctx, tx, batchID, &rows[i]); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}
