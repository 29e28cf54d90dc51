// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package registry_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/registry"
	"hoctap/internal/sheet"
	"hoctap/internal/store"
)

func id(number string) func(*registry.Draft) { return func(d *registry.Draft) { d.IDNumber = number } }

// dump is every text of the database, each with its column.
func (w *world) dump() string {
	w.Helper()
	var out strings.Builder
	tables, err := w.db.Tables(w.Context(), w.db.Read())
	if err != nil {
		w.Fatal(err)
	}
	for _, t := range tables {
		for _, c := range t.Columns {
			if c.Type != "text" && c.Type != "jsonb" {
				continue
			}
			list, err := store.Collect(w.Context(), w.db.Read(), store.Value[string], `SELECT CAST(`+c.Name+` AS text) FROM `+t.Name)
			if err != nil {
				w.Fatal(err)
			}
			for _, s := range list {
				out.WriteString(t.Name + "." + c.Name + ": " + s + "\n")
			}
		}
	}
	return out.String()
}

// clean fails when one of the numbers lies in the database.
func (w *world) clean(when string, numbers ...string) {
	w.Helper()
	for _, line := range strings.Split(w.dump(), "\n") {
		for _, n := range numbers {
			if strings.Contains(line, n) {
				w.Errorf("%s, %s lies in %.300s", when, n, line)
			}
		}
	}
}

func TestIDNumberStructure(t *testing.T) {
	for number, want := range map[string]string{
		"": "", "025085001234": "", "025 085 001 234": "", "123456789": "", "025185001234": "id_number registry.id_birth; id_number registry.id_sex",
		"25085001234": "id_number registry.id_zero_lost", "12345678": "id_number registry.id_zero_lost", "0250850012345": "id_number registry.id_length",
		"099085001234": "id_number registry.id_province", "025885001234": "id_number registry.id_year", "02508500123x": "id_number registry.id_letters",
		"025090001234": "id_number registry.id_birth", "025785001234": "id_number registry.id_year",
	} {
		d := registry.Draft{PlaceID: "x", Model: registry.Citizen, Name: "Hà Văn Chiến", IDNumber: number, BirthYear: 1985, Sex: "male"}
		got := strings.TrimPrefix(key(d.Clean().Check(2026)), "invalid; ")
		if number == "025185001234" {
			want = "id_number registry.id_sex" // the year is right
		}
		if got != want {
			t.Errorf("%q: %s, want %s", number, got, want)
		}
	}
	if got := key(registry.Draft{PlaceID: "x", Model: registry.Unit, Name: "Trường", IDNumber: "025085001234"}.Check(2026)); got != "invalid; id_number registry.id_of_person" {
		t.Errorf("a unit: %s", got)
	}
	if d := (registry.Draft{PlaceID: "x", Model: registry.Citizen, Name: "Bé An", IDNumber: "025215001234", BirthYear: 2015, Sex: "male"}); key(d.Check(2026)) != "" {
		t.Errorf("born after 2000: %s", key(d.Check(2026)))
	}
}

// Numbers that name a person lie nowhere in the database, whatever is done with them.
func TestNumbersLieNowhere(t *testing.T) {
	each(t, func(w *world) {
		ctx := w.Context()
		const one, two, three, four = "025085001234", "025185007777", "025090004444", "001075009999"
		secrets := []string{one, two, three, four, "25090004444", "0912345678", "0987654321", "0911222333", "912345678", "0900111222"}
		f := w.family(w.khu1, "Hà Văn Chiến", id(one), phone("0912345678"))
		if f.IDTail != "234" || f.IDNumber != "" || f.Phone != "0912345678" {
			w.Errorf("saved as %+v", f)
		}
		w.clean("after a save", secrets...)
		d := f.Draft()
		d.Phone, d.Name = "0987654321", "Hà Văn Chiến B"
		f = w.save(officer, d)
		if f.IDTail != "234" {
			w.Errorf("a form given back unchanged loses the number: %+v", f)
		}
		w.clean("after a change", secrets...)

		// Who has it already is told of where a person may look, and only of the commune elsewhere.
		_, err := w.Save(ctx, officer, registry.Draft{PlaceID: w.khu2, Model: registry.Family, Name: "Hà Văn Chiến", IDNumber: one})
		if key(err) != "invalid; id_number registry.id_taken" {
			w.Errorf("twice: %v", key(err))
		}
		_, err = w.Save(ctx, neighbour, registry.Draft{PlaceID: w.far, Model: registry.Family, Name: "Hà Văn Chiến", IDNumber: one})
		if key(err) != "invalid; id_number registry.id_taken_elsewhere" || strings.Contains(err.Error(), "Hà Văn Chiến B") {
			w.Errorf("twice, elsewhere: %v", err)
		}

		src := csv("STT,Chủ hộ,Khu,Số CCCD,Số điện thoại", "1,Bùi Thị Lan,Khu 1,"+two+",0911222333", "2,Chiến Hà Văn,Khu 2,"+one+",",
			"3,Đinh Văn Ba,Khu 2,25090004444,912345678", "4,Đinh Văn Tư,Khu 2,"+four+"0,0912345678/0900111222", "5,Bùi Thị Lan Khác,Khu 2,"+two+",")
		b := w.checked(officer, hyCuong, registry.Family, src)
		var got []string
		for _, r := range w.rows(b.ID) {
			got = append(got, string(r.State)+" "+brief(r))
		}
		want := []string{"ready ", "duplicate id_number id_taken", "doubt phone sheet.phone_zero_added; id_number id_zero_added",
			"error phone sheet.phone_first_of_several; id_number id_length", "duplicate name duplicate_row"}
		if strings.Join(got, "|") != strings.Join(want, "|") {
			w.Errorf("judged %q, want %q", got, want)
		}
		w.clean("after the check", secrets...)
		if r := w.rows(b.ID)[2]; r.Cells["id_number"] != "25090004444" || r.Issues[1].Fixes[0].Value != "0"+"25090004444" {
			w.Errorf("a row is not read as it was: %+v", r)
		}
		var file bytes.Buffer
		if err := w.ErrorFile(ctx, officer, b.ID, src, &file, "Lỗi", func(registry.Issue) string { return "sai" }); err != nil {
			w.Fatal(err)
		}
		book, err := sheet.Open(ctx, bytes.NewReader(file.Bytes()), int64(file.Len()), "loi.xlsx")
		if err != nil {
			w.Fatal(err)
		}
		rows, err := book.Head(ctx, 0, 20)
		if err != nil || len(rows) == 0 {
			w.Fatal(err)
		}
		if _, _, err := w.EditCell(ctx, officer, b.ID, w.rows(b.ID)[3].No, "id_number", four); err != nil {
			w.Fatal(err)
		}
		w.clean("after a mended cell", secrets...)
		if b, err = w.Batch(ctx, officer, b.ID); err != nil {
			w.Fatal(err)
		}
		b = w.imported(b, true)
		if b.Counts.Imported != 3 {
			w.Errorf("imported %+v", b.Counts)
		}
		w.clean("after the import", secrets...)
		for _, r := range w.rows(b.ID, registry.RowImported) {
			if n := r.Cells["id_number"]; !strings.Contains(n, "•") {
				w.Errorf("an imported row keeps its id number: %q", n)
			}
		}
		page, err := w.Find(ctx, officer, registry.Filter{PlaceID: hyCuong, Model: registry.Family, Query: "025 090 004 444"})
		if err != nil || len(page.Subjects) != 1 || page.Subjects[0].Name != "Đinh Văn Ba" {
			w.Errorf("found by the whole number: %+v, %v", page.Subjects, err)
		}
		if page, err := w.Find(ctx, viewer, registry.Filter{PlaceID: hyCuong, Model: registry.Family, Query: "025090004444"}); err != nil || len(page.Subjects) != 0 {
			w.Errorf("a viewer finds a number that is masked: %+v, %v", page.Subjects, err)
		}

		// After a week the file and what was not imported are forgotten.
		w.clock.Add(int64(registry.KeepFile/time.Microsecond) + 1)
		if n, err := w.ForgetFiles(ctx); err != nil || n != 1 {
			w.Errorf("forgot %d files, %v", n, err)
		}
		for _, r := range w.rows(b.ID) {
			if n := r.Cells["id_number"]; n != "" && !strings.Contains(n, "•") {
				w.Errorf("row %d still has its number after a week", r.No)
			}
		}
		if err := w.ErrorFile(ctx, officer, b.ID, src, &file, "Lỗi", func(registry.Issue) string { return "" }); fault.KindOf(err) != fault.KindConflict {
			w.Errorf("the rows of a forgotten file: %v", err)
		}
	})
}

// A person registered in two areas is proposed as one, whatever the names say; namesakes with two numbers are not.
func TestTwinsByIDNumber(t *testing.T) {
	each(t, func(w *world) {
		ctx := w.Context()
		a := w.family(w.khu1, "Hà Văn Chiến", id("025085001234"))
		src := csv("Chủ hộ,Khu,CCCD", "Hà Văn Chiên,Khu 2,025085001234", "Hà Văn Chiến,Khu 1,025085005678")
		b := w.checked(officer, hyCuong, registry.Family, src)
		for _, r := range w.rows(b.ID, registry.RowDuplicate) {
			if _, _, err := w.Choose(ctx, officer, b.ID, r.No, registry.ImportBoth); err != nil {
				w.Fatal(err)
			}
		}
		b, err := w.Batch(ctx, officer, b.ID)
		if err != nil {
			w.Fatal(err)
		}
		w.imported(b, false)
		pairs, err := w.Duplicates(ctx, officer, hyCuong, registry.Family)
		if err != nil || len(pairs) != 1 || pairs[0].Reasons[0] != registry.SameID || pairs[0].Keep.ID != a.ID && pairs[0].Gone.ID != a.ID {
			w.Errorf("%+v, %v", pairs, err)
		}
		// A merge carries the number over, and its undo takes it back.
		bare := w.family(w.doi, "Bùi Thị Tám", phone("0912345678"))
		full := w.family(w.doi, "Bùi Thị Tám", id("025185001111"))
		kept, merge, err := w.Merge(ctx, officer, w.doi, bare.ID, bare.Version, full.ID, full.Version)
		if err != nil || kept.IDTail != "111" {
			w.Fatalf("merged %+v, %v", kept, err)
		}
		w.clean("after a merge", "025185001111", "0912345678")
		if _, err := w.UndoMerge(ctx, officer, w.doi, merge); err != nil {
			w.Fatal(err)
		}
		if r, err := w.Get(ctx, officer, w.doi, bare.ID); err != nil || r.IDTail != "" || r.Phone != "0912345678" {
			w.Errorf("after the undo: %+v, %v", r, err)
		}
	})
}

// Whole numbers are kept for a duty only, sealed, and go with it.
func TestIDDuty(t *testing.T) {
	each(t, func(w *world) {
		ctx := w.Context()
		if _, err := w.SetIDDuty(ctx, officer, "Khai thuế"); fault.KindOf(err) != fault.KindDenied {
			w.Errorf("an officer of a commune: %v", err)
		}
		if _, err := w.SetIDDuty(ctx, identity.System, "Chi trả tiền thưởng qua kho bạc"); err != nil {
			w.Fatal(err)
		}
		f := w.family(w.khu1, "Hà Văn Chiến", id("025085001234"))
		w.clean("with a duty", "025085001234")
		if r, err := w.Load(ctx, w.db.Read(), w.khu1, f.ID); err != nil || r.IDNumber != "025085001234" {
			w.Errorf("kept as %q, %v", r.IDNumber, err)
		}
		if r, err := w.Get(ctx, officer, w.khu1, f.ID); err != nil || r.IDNumber != "" {
			w.Errorf("a page gets the whole number %q, %v", r.IDNumber, err)
		}
		if n, err := w.SetIDDuty(ctx, identity.System, ""); err != nil || n != 1 {
			w.Errorf("forgot %d, %v", n, err)
		}
		if r, err := w.Load(ctx, w.db.Read(), w.khu1, f.ID); err != nil || r.IDNumber != "" || r.IDTail != "234" || r.IDHash == "" {
			w.Errorf("after the duty: %+v, %v", r, err)
		}
	})
}
