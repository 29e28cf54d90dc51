// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package registry

import (
	"context"
	"encoding/json"
	"math"

	"hoctap/internal/fault"
	"hoctap/internal/store"
)

// RowState is what will become, or became, of a row.
type RowState string

// The states of a row.
const (
	RowReady     RowState = "ready"
	RowError     RowState = "error"     // blocks the row
	RowDoubt     RowState = "doubt"     // should be looked at, can be imported
	RowDuplicate RowState = "duplicate" // waits for the choice which one to keep
	RowSkipped   RowState = "skipped"
	RowImported  RowState = "imported"
	RowUndone    RowState = "undone"
)

// What a person chose for a duplicate.
const (
	KeepExisting   = "keep"   // leave the row out
	UpdateExisting = "update" // the row's cells go over the existing subject's
	ImportBoth     = "both"   // they are two
)

// Cells are the texts of a row by column key, as typed or mended. A key with "~" in front holds what a cell written in a
// legacy font means; the cell itself still shows what the file has, until a person takes the conversion.
type Cells map[string]string

const (
	legacyMark = "~"
	hiddenMark = "~hidden" // the row is hidden in the file
)

// Issue is one thing about one cell. Level is error, doubt or duplicate. Key is a catalogue key below "fault.".
type Issue struct {
	Field string     `json:"field"`
	Level RowState   `json:"level"`
	Key   string     `json:"key"`
	Args  fault.Args `json:"args,omitempty"`
	Fixes []Fix      `json:"fixes,omitempty"`
}

// Fix is a proposal that one click carries out, for the row or, by its Group, for all rows with the same mistake. Kind is set
// (Value goes into the field), create_area, keep, update or both.
type Fix struct {
	Kind  string `json:"kind"`
	Value string `json:"value,omitempty"`
	Group string `json:"group"`
}

// Offer is a fix that mends Rows rows at once. Its sentence is "registry.fix."+Kind with From and To.
type Offer struct {
	Group string `json:"group"`
	Kind  string `json:"kind"` // legacy | capitals | set | create_area | keep | update | both
	Field string `json:"field"`
	From  string `json:"from,omitempty"`
	To    string `json:"to,omitempty"`
	Rows  int    `json:"rows"`
}

// rowsPerSheet keeps the row numbers of a file's sheets apart: 2²¹ is above Excel's last row.
const rowsPerSheet = 1 << 21

// Row is one line of an import. SheetIndex and Number say where it stands in the file.
type Row struct {
	No        int
	Cells     Cells
	Issues    []Issue
	State     RowState
	Choice    string
	PlaceID   string // the leaf it goes to, once that is known
	SubjectID string // the subject it becomes or changes
	key       string
	before    string
}

// SheetIndex is the sheet the row stands in.
func (r Row) SheetIndex() int { return r.No / rowsPerSheet }

// Number is the row's number as Excel shows it.
func (r Row) Number() int { return r.No % rowsPerSheet }

const rowColumns = `row_no, cells, issues, state, key, choice, place_id, subject_id, before`

func scanRow(row store.Scanner) (r Row, err error) {
	var cells, issues string
	if err = row.Scan(&r.No, &cells, &issues, &r.State, &r.key, &r.Choice, &r.PlaceID, &r.SubjectID, &r.before); err != nil {
		return r, err
	}
	if err = json.Unmarshal([]byte(cells), &r.Cells); err != nil {
		return r, err
	}
	if issues == "[]" {
		return r, nil
	}
	if err = json.Unmarshal([]byte(issues), &r.Issues); err != nil {
		return r, err
	}
	for i := range r.Issues {
		wholeArgs(r.Issues[i].Args)
	}
	return r, nil
}

// wholeArgs makes the whole numbers whole again that JSON gave back as floats.
func wholeArgs(args fault.Args) {
	for k, v := range args {
		if f, ok := v.(float64); ok && f == math.Trunc(f) && math.Abs(f) < 1e15 {
			args[k] = int64(f)
		}
	}
}

const (
	updateRow = `
		UPDATE import_row SET cells = $1, issues = $2, state = $3, key = $4, choice = $5, place_id = $6, subject_id = $7, before = $8
		WHERE batch_id = $9 AND row_no = $10`
)

var insertRows = store.NewBulk(`INSERT INTO import_row (batch_id, `+rowColumns+`) VALUES`, "")

// writeRows writes the rows of a batch.
func (s *Service) writeRows(ctx context.Context, tx *store.Tx, batchID string, rows []Row) error {
	values := make([]any, 0, len(rows)*insertRows.Columns())
	for i := range rows {
		r := &rows[i]
		cells, issues, before, err := s.encode(batchID, r)
		if err != nil {
			return err
		}
		values = append(values, batchID, r.No, cells, issues, r.State, r.key, r.Choice, r.PlaceID, r.SubjectID, before)
	}
	_, err := insertRows.Insert(ctx, tx, values)
	return err
}

func (s *Service) updateRow(ctx context.Context, tx *store.Tx, batchID string, r *Row) error {
	cells, issues, before, err := s.encode(batchID, r)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, updateRow, cells, issues, r.State, r.key, r.Choice, r.PlaceID, r.SubjectID, before, batchID, r.No)
	return err
}

// count adds the row to, or with -1 takes it from, the counter.
func (c *Counter) count(r Row, n int) {
	c.Rows += n
	switch r.State {
	case RowReady:
		c.Ready += n
	case RowError:
		c.Error += n
	case RowDoubt:
		c.Doubt += n
	case RowDuplicate:
		c.Duplicate += n
	case RowSkipped:
		c.Skipped += n
	case RowImported:
		c.Imported += n
	case RowUndone:
		c.Undone += n
	}
	if r.State == RowError || r.State == RowDoubt || r.State == RowDuplicate {
		for _, o := range r.offers() {
			c.offer(o, n)
		}
	}
}

// maxOffers bounds the list of offers; rows beyond can still be mended one by one.
const maxOffers = 200

func (c *Counter) offer(o Offer, n int) {
	for i := range c.Fixes {
		if c.Fixes[i].Group == o.Group {
			if c.Fixes[i].Rows += n; c.Fixes[i].Rows <= 0 {
				c.Fixes = append(c.Fixes[:i], c.Fixes[i+1:]...)
			}
			return
		}
	}
	if n > 0 && len(c.Fixes) < maxOffers {
		o.Rows = n
		c.Fixes = append(c.Fixes, o)
	}
}

// offers returns what the row's fixes look like for all rows, each group once.
func (r Row) offers() []Offer {
	var out []Offer
	for _, issue := range r.Issues {
		for _, f := range issue.Fixes {
			o := Offer{Group: f.Group, Kind: f.Kind, Field: issue.Field}
			switch f.Group {
			case groupTCVN3, groupVNI, groupMixedFont:
				o.Kind, o.Field, o.From = "legacy", "", legacyName[f.Group]
			case groupCapitals:
				o.Kind = "capitals"
			case groupHidden:
				o.Kind = "hidden"
			default:
				if (f.Kind == "set" || f.Kind == "create_area") && !secret(issue.Field) {
					o.From, o.To = r.Cells[issue.Field], f.Value
				}
			}
			if !hasGroup(out, f.Group) {
				out = append(out, o)
			}
		}
	}
	return out
}

func hasGroup(list []Offer, group string) bool {
	for _, o := range list {
		if o.Group == group {
			return true
		}
	}
	return false
}

// The groups of fixes that mend many different values at once.
const (
	groupTCVN3     = "tcvn3"
	groupVNI       = "vni"
	groupMixedFont = "font"
	groupCapitals  = "capitals"
	groupHidden    = "hidden"
)

var legacyName = map[string]string{groupTCVN3: "TCVN3 (ABC)", groupVNI: "VNI", groupMixedFont: "TCVN3, VNI"}
