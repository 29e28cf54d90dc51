// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package registry

import (
	"context"
	"regexp"
	"strings"

	"hoctap/internal/audit"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/sheet"
	"hoctap/internal/store"
	"hoctap/internal/text"
)

// Check reads the whole file as mapped and judges every row, without writing anything to the registry. What it finds is kept row by
// row, for a person to look at and mend. It may be repeated; it then forgets mended cells. It fails with fault.Stale, fault.Denied,
// fault.Conflict once rows are imported, fault.Invalid for an incomplete mapping, and the faults of package sheet.
func (s *Service) Check(ctx context.Context, by identity.Actor, id string, version int64, src Source) (b Batch, err error) {
	defer fault.Wrap(&err, "registry.Check(%s)", id)
	if b, err = s.batch(ctx, by, id); err != nil {
		return b, err
	}
	if b.Version != version {
		return b, fault.Stale("batch", id)
	}
	if err = b.in(Uploaded, Checked); err != nil {
		return b, err
	}
	if err = b.remap(b.Mapping); err != nil {
		return b, err
	}
	book, err := sheet.Open(ctx, src.File, src.Size, b.FileName)
	if err != nil {
		return b, err
	}
	if err = s.forget(ctx, &b); err != nil {
		return b, err
	}
	c, err := s.checker(ctx, by, b)
	if err != nil {
		return b, err
	}
	in := intake{c: c, seen: map[string][]seenRow{}, ids: map[string]int32{}}
	defer in.wait() // whatever happens, nothing is written behind the caller's back
	b.Counts = Counter{Passed: map[string]int{}, CheckedAt: store.Micros(s.now())}
	for _, m := range b.Mapping.Sheets {
		if !m.Use {
			continue
		}
		if err = in.sheet(ctx, book, m, &b.Counts); err != nil {
			return b, err
		}
	}
	if err = in.wait(); err != nil {
		return b, err
	}
	b.State = Checked
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		next := b
		if err := s.writeRows(ctx, tx, b.ID, in.chunk); err != nil {
			return err
		}
		if err := next.save(ctx, tx); err != nil {
			return err
		}
		if err := audit.Write(ctx, tx, by.Who(), s.now(), audit.Entry{PlaceID: b.PlaceID, ThingID: b.ID, Thing: "import", Act: "check",
			After: map[string]any{"rows": b.Counts.Rows, "errors": b.Counts.Error}}); err != nil {
			return err
		}
		b = next
		return nil
	})
	return b, err
}

const deleteRows = `DELETE FROM import_row WHERE batch_id = $1`

// forget takes an earlier check's rows away, and the batch for itself: who else is checking it loses.
func (s *Service) forget(ctx context.Context, b *Batch) error {
	return s.db.Write(ctx, func(tx *store.Tx) error {
		next := *b
		next.State, next.Counts = Uploaded, Counter{}
		if err := next.save(ctx, tx); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, deleteRows, b.ID)
		b.Version = next.Version
		return err
	})
}

// intake reads rows and keeps them until a chunk is full; while one is written, the next is read.
type intake struct {
	c       *checker
	seen    map[string][]seenRow
	ids     map[string]int32 // rows by the hash of their id number
	chunk   []Row
	writing chan error // answers when the chunk before is written; nil when none is
	area    string     // what the last line over some records says, where it is an area
}

// seenRow is an earlier row of the file with the same key.
type seenRow struct {
	no     int32
	birth  int16
	family string
}

func (in *intake) sheet(ctx context.Context, book *sheet.Book, m SheetMapping, counts *Counter) error {
	keys := make(map[int]string, len(m.Columns))
	for key, col := range m.Columns {
		keys[col] = key
	}
	classify := sheet.NewClassifier(m.header())
	_, hasArea := m.Columns["area"]
	in.area = in.asArea(m.Name)
	for row, err := range book.Rows(ctx, m.Index) {
		if err != nil {
			return err
		}
		if row.Number <= m.Last {
			continue
		}
		if class := classify.Classify(row); class != sheet.Data {
			if class == sheet.Group && !hasArea {
				if a := in.asArea(groupText(row)); a != "" {
					in.area = a
				}
			}
			if class != sheet.Blank {
				counts.Passed[string(class)]++
			}
			continue
		}
		r := Row{No: m.Index*rowsPerSheet + row.Number, Cells: cellsOf(row, keys)}
		if !hasArea && in.area != "" {
			r.Cells["area"] = in.area
		}
		if err := in.add(ctx, r, counts); err != nil {
			return err
		}
	}
	return nil
}

// header is the mapping as the classifier needs it.
func (m SheetMapping) header() sheet.Header {
	h := sheet.Header{First: m.First, Last: m.Last}
	titles := map[int]string{}
	for _, t := range m.Titles {
		titles[t.Col] = t.Text
	}
	used := map[int]bool{}
	for key, col := range m.Columns {
		used[col] = true
		h.Columns = append(h.Columns, sheet.Mapped{Heading: sheet.Heading{Col: col, Text: titles[col]}, Key: key, Confidence: 1})
	}
	for _, t := range m.Titles {
		if !used[t.Col] {
			h.Unmapped = append(h.Unmapped, t)
		}
	}
	return h
}

func cellsOf(row sheet.Row, keys map[int]string) Cells {
	cells := make(Cells, len(keys))
	for _, cell := range row.Cells {
		key, ok := keys[cell.Col]
		switch {
		case !ok:
		case cell.Blank() && cell.Formula:
			cells[key] = uncalculated
		case cell.Blank():
		case cell.Legacy != text.Unicode:
			cells[key] = storable(cell.Raw)
			cells[legacyMark+key] = storable(cell.Text)
		default:
			cells[key] = storable(cell.Text)
		}
	}
	if row.Hidden {
		cells[hiddenMark] = "1"
	}
	return cells
}

// storable takes out the one character that a database text cannot hold.
func storable(s string) string {
	if strings.IndexByte(s, 0) < 0 {
		return s
	}
	return strings.ReplaceAll(s, "\x00", "\uFFFD")
}

var groupNumber = regexp.MustCompile(`^\s*[IVXLC0-9]+\s*[.)\-/:]*\s+`)

func groupText(row sheet.Row) string {
	best := ""
	for _, c := range row.Cells {
		if !c.Merged && len(c.Text) > len(best) {
			best = c.Text
		}
	}
	return groupNumber.ReplaceAllString(best, "")
}

// asArea returns name when it is an area of the commune the import goes to.
func (in *intake) asArea(name string) string {
	areas := in.c.communes[in.c.home.ID]
	if areas == nil || in.c.at.Leaf() || name == "" {
		return ""
	}
	if a := areas.find(name); a.found != nil {
		return a.found.FullName()
	}
	return ""
}

func (in *intake) add(ctx context.Context, r Row, counts *Counter) error {
	j, err := in.c.judge(&r)
	if err != nil {
		return err
	}
	in.twins(&r, j)
	counts.count(r, 1)
	in.chunk = append(in.chunk, r)
	if len(in.chunk) < Chunk {
		return nil
	}
	if err := in.wait(); err != nil {
		return err
	}
	full, done := in.chunk, make(chan error, 1)
	in.chunk, in.writing = make([]Row, 0, Chunk), done
	go func() {
		done <- in.c.s.db.Write(ctx, func(tx *store.Tx) error { return in.c.s.writeRows(ctx, tx, in.c.batch.ID, full) })
	}()
	return nil
}

// wait returns once no chunk is being written.
func (in *intake) wait() error {
	if in.writing == nil {
		return nil
	}
	err := <-in.writing
	in.writing = nil
	return err
}

// twins marks a row that repeats an earlier one of the file.
func (in *intake) twins(r *Row, j judgement) {
	if hash := in.c.idOf(j); hash != "" {
		if no, found := in.ids[hash]; found {
			r.twin(int(no))
			return
		}
		in.ids[hash] = int32(r.No)
	}
	if r.key == "" || in.c.batch.Model == Register {
		return
	}
	for _, o := range in.seen[r.key] {
		if alike(known{birth: int(o.birth), family: o.family}, j.draft) {
			r.twin(int(o.no))
			break
		}
	}
	in.seen[r.key] = append(in.seen[r.key], seenRow{no: int32(r.No), birth: int16(j.draft.BirthYear), family: j.draft.FamilyID})
}

// twin adds the issue that row no of the file is the same subject.
func (r *Row) twin(no int) {
	if r.Choice != "" {
		return
	}
	args := fault.Args{"row": no % rowsPerSheet}
	if no/rowsPerSheet != r.SheetIndex() {
		args["sheet"] = no/rowsPerSheet + 1
	}
	r.Issues = append(r.Issues, Issue{Field: "name", Level: RowDuplicate, Key: "registry.duplicate_row", Args: args, Fixes: []Fix{
		{Kind: KeepExisting, Group: KeepExisting}, {Kind: ImportBoth, Group: ImportBoth},
	}})
	r.settle()
}
