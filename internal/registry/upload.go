// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package registry

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"slices"
	"strconv"
	"strings"

	"hoctap/internal/audit"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/sheet"
	"hoctap/internal/store"
	"hoctap/internal/text"
)

// Source is the uploaded file, wherever the caller keeps it.
type Source struct {
	File io.ReaderAt
	Size int64
}

// Upload is a file to be imported to a place: an area, a commune or above.
type Upload struct {
	Source
	PlaceID  string
	Model    string // one of ImportModels
	FileName string
	FileSHA  string // its key in the blob store
	Year     int    // of a register's list; the current year when 0
	From     string // name of that register; the file's name when empty
}

// headRows is how many rows are read to find a header and to show a preview.
const headRows = 40

const insertBatch = `
	INSERT INTO import_batch (id, place_id, model, file_name, file_sha, sheet, mapping, state, counts, by_id, version, created_at)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1, $11)`

// Upload opens the file, guesses how it is to be read (as last time, where the header is known) and starts an import. It fails
// with the faults of sheet.Open for a file that cannot be read, fault.Denied, and fault.Invalid on "model".
func (s *Service) Upload(ctx context.Context, by identity.Actor, u Upload) (b Batch, err error) {
	defer fault.Wrap(&err, "registry.Upload(%s)", u.FileName)
	if importColumns[u.Model] == nil {
		return b, fault.Invalid(fault.Field("model", "registry.unknown_value", "value", u.Model))
	}
	if err = s.may(ctx, nil, by, identity.EditRegistry, u.PlaceID); err != nil {
		return b, err
	}
	book, err := sheet.Open(ctx, u.File, u.Size, u.FileName)
	if err != nil {
		return b, err
	}
	b = Batch{ID: store.NewID(), PlaceID: u.PlaceID, Model: u.Model, FileName: u.FileName, FileSHA: u.FileSHA, State: Uploaded, ByID: by.ID,
		Version: 1, CreatedAt: s.now()}
	if u.Model == Register {
		b.Mapping.Year, b.Mapping.Source = u.Year, text.NFC(u.From)
		if b.Mapping.Year == 0 {
			b.Mapping.Year = s.year()
		}
		if b.Mapping.Source == "" {
			b.Mapping.Source = u.FileName
		}
	}
	for _, sh := range book.Sheets() {
		m, err := s.guess(ctx, book, sh, u.Model)
		if err != nil {
			return b, err
		}
		b.Mapping.Sheets = append(b.Mapping.Sheets, m)
	}
	mapping, err := json.Marshal(b.Mapping)
	if err != nil {
		return b, err
	}
	return b, s.db.Write(ctx, func(tx *store.Tx) error {
		if _, err := tx.Exec(ctx, insertBatch, b.ID, b.PlaceID, b.Model, b.FileName, b.FileSHA, "", string(mapping), b.State, "{}", b.ByID,
			store.Micros(b.CreatedAt)); err != nil {
			return err
		}
		return audit.Write(ctx, tx, by.Who(), b.CreatedAt, audit.Entry{PlaceID: b.PlaceID, ThingID: b.ID, Thing: "import", Act: "upload",
			After: map[string]any{"model": b.Model, "file": b.FileName, "sha": b.FileSHA}})
	})
}

// guess finds the header of a sheet and what its columns are. A sheet without one, or a hidden one, is not used unless a person says so.
func (s *Service) guess(ctx context.Context, book *sheet.Book, sh sheet.Sheet, model string) (SheetMapping, error) {
	m := SheetMapping{Index: sh.Index, Name: sh.Name, Hidden: sh.Visibility != sheet.Visible, Rows: sh.Rows, Columns: map[string]int{}, Sure: map[string]float64{}}
	rows, err := book.Head(ctx, sh.Index, headRows)
	if err != nil {
		return m, err
	}
	header, ok := sheet.FindHeader(rows, importColumns[model])
	m.Use = ok && !m.Hidden
	m.take(header)
	known, found, err := store.One(ctx, s.db.Read(), store.Value[string], selectMemory, memoryKey(model, m.Titles))
	if err != nil || !found {
		return m, err
	}
	columns := map[string]int{}
	if err := json.Unmarshal([]byte(known), &columns); err != nil {
		return m, err
	}
	m.Columns, m.Sure, m.Remembered = columns, map[string]float64{}, true
	m.Use = !m.Hidden && m.complete(model)
	return m, nil
}

func (m *SheetMapping) take(h sheet.Header) {
	m.First, m.Last = h.First, h.Last
	for _, c := range h.Columns {
		m.Columns[c.Key], m.Sure[c.Key] = c.Col, c.Confidence
		m.Titles = append(m.Titles, c.Heading)
	}
	m.Titles = append(m.Titles, h.Unmapped...)
	slices.SortFunc(m.Titles, func(a, b sheet.Heading) int { return a.Col - b.Col })
}

// complete says whether every required column is mapped.
func (m SheetMapping) complete(model string) bool {
	for _, c := range importColumns[model] {
		if _, ok := m.Columns[c.Key]; c.Required && !ok {
			return false
		}
	}
	return len(m.Columns) > 0
}

const (
	selectMemory = `SELECT mapping FROM import_memory WHERE header_key = $1`
	upsertMemory = `
		INSERT INTO import_memory (header_key, mapping, at) VALUES ($1, $2, $3)
		ON CONFLICT (header_key) DO UPDATE SET mapping = excluded.mapping, at = excluded.at`
)

// memoryKey is the same for every file with these headings in these columns.
func memoryKey(model string, titles []sheet.Heading) string {
	h := sha256.New()
	for _, t := range titles {
		io.WriteString(h, strconv.Itoa(t.Col)+"\x1f"+text.Fold(t.Text)+"\x1e")
	}
	return model + ":" + hex.EncodeToString(h.Sum(nil))
}

// Preview returns the first rows of a sheet of the import, for the person who maps its columns.
func (s *Service) Preview(ctx context.Context, by identity.Actor, id string, src Source, sheetIndex int) (rows []sheet.Row, err error) {
	defer fault.Wrap(&err, "registry.Preview(%s)", id)
	b, err := s.batch(ctx, by, id)
	if err != nil {
		return nil, err
	}
	book, err := sheet.Open(ctx, src.File, src.Size, b.FileName)
	if err != nil {
		return nil, err
	}
	return book.Head(ctx, sheetIndex, headRows)
}

// Map sets how the file is read, and remembers it for files with the same header. Only Use, First, Last and Columns of the
// sheets are taken, and Year and Source. It fails with fault.Invalid for a mapping that lacks a required column or uses one
// twice, fault.Stale, fault.Denied, and fault.Conflict once rows are imported.
func (s *Service) Map(ctx context.Context, by identity.Actor, id string, version int64, mapping Mapping) (b Batch, err error) {
	defer fault.Wrap(&err, "registry.Map(%s)", id)
	if b, err = s.batch(ctx, by, id); err != nil {
		return b, err
	}
	if b.Version != version {
		return b, fault.Stale("batch", id)
	}
	if err = b.in(Uploaded, Checked); err != nil {
		return b, err
	}
	if err = b.remap(mapping); err != nil {
		return b, err
	}
	b.State = Uploaded
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		next := b
		if err := next.save(ctx, tx); err != nil {
			return err
		}
		for _, m := range next.Mapping.Sheets {
			if !m.Use || len(m.Titles) == 0 {
				continue
			}
			columns, err := json.Marshal(m.Columns)
			if err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, upsertMemory, memoryKey(b.Model, m.Titles), string(columns), store.Micros(s.now())); err != nil {
				return err
			}
		}
		b = next
		return nil
	})
	return b, err
}

// remap takes a person's mapping over, checked.
func (b *Batch) remap(mapping Mapping) error {
	var errs []fault.FieldError
	known := map[string]bool{}
	for _, c := range importColumns[b.Model] {
		known[c.Key] = true
	}
	sheets := slices.Clone(b.Mapping.Sheets)
	used := 0
	for _, m := range mapping.Sheets {
		if m.Index < 0 || m.Index >= len(sheets) {
			errs = append(errs, fault.Field("sheet", "registry.unknown_value", "value", m.Index))
			continue
		}
		to := &sheets[m.Index]
		to.Use, to.First, to.Last, to.Columns, to.Sure, to.Remembered = m.Use, m.First, m.Last, map[string]int{}, map[string]float64{}, false
		if !m.Use {
			continue
		}
		used++
		taken := map[int]string{}
		for key, col := range m.Columns {
			switch {
			case !known[key] || col < 0 || col >= sheet.MaxColumns:
				errs = append(errs, fault.Field("columns", "registry.unknown_value", "value", key))
			case taken[col] != "":
				errs = append(errs, fault.Field(key, "registry.column_twice", "column", sheet.ColumnName(col)))
			default:
				taken[col] = key
				to.Columns[key] = col
			}
		}
		if m.Last < m.First || m.First < 0 || m.Last >= rowsPerSheet {
			errs = append(errs, fault.Field("header", "registry.header_rows"))
		}
		for _, c := range importColumns[b.Model] {
			if _, ok := to.Columns[c.Key]; c.Required && !ok {
				errs = append(errs, fault.Field(c.Key, "registry.column_missing", "sheet", to.Name, "column", c.Names[0]))
			}
		}
	}
	if used == 0 {
		errs = append(errs, fault.Field("sheet", "registry.no_sheet"))
	}
	if b.Model == Register {
		b.Mapping.Year, b.Mapping.Source = mapping.Year, strings.TrimSpace(mapping.Source)
	}
	b.Mapping.Sheets = sheets
	return fault.Invalid(errs...)
}
