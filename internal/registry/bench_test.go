// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package registry_test

import (
	"bytes"
	"fmt"
	"testing"

	"hoctap/internal/identity"
	"hoctap/internal/registry"
	"hoctap/internal/sheet"
	"hoctap/internal/store"
	"hoctap/internal/store/storetest"
)

// list is a CSV of n households in the areas of one commune.
func list(n int) registry.Source {
	var b bytes.Buffer
	b.WriteString("STT,Họ và tên chủ hộ,Năm sinh,Thôn/Khu,Số nhân khẩu,Số điện thoại,Địa chỉ\n")
	family, middle := []string{"Nguyễn", "Bùi", "Hà", "Đinh", "Quách"}, []string{"Văn", "Thị", "Công", "Hữu"}
	given := []string{"An", "Bình", "Cường", "Dũng", "Hùng", "Lụa", "Ngoẵn", "Yến"}
	for i := range n {
		fmt.Fprintf(&b, "%d,%s %s %s %c%c,%d,Khu %d,%d,09%08d,\"Ngõ %d\"\n", i+1, family[i%5], middle[i%4], given[i%8], 'A'+rune(i/26%26), 'a'+rune(i%26), 1940+i%60, 1+i%2,
			1+i%7, i, i%90)
	}
	return registry.Source{File: bytes.NewReader(b.Bytes()), Size: int64(b.Len())}
}

// BenchmarkInsert reads households from CSV and adds them in chunks: the way of the command line and the demo.
func BenchmarkInsert(b *testing.B) {
	const n = 20_000
	for b.Loop() {
		b.StopTimer()
		w := newWorld(b, storetest.SQLite(b))
		src := list(n)
		b.StartTimer()
		book, err := sheet.Open(b.Context(), src.File, src.Size, "a.csv")
		if err != nil {
			b.Fatal(err)
		}
		var drafts []registry.Draft
		flush := func() {
			if err := w.db.Write(b.Context(), func(tx *store.Tx) error {
				_, err := w.Insert(b.Context(), tx, identity.System, drafts...)
				return err
			}); err != nil {
				b.Fatal(err)
			}
			drafts = drafts[:0]
		}
		for row, err := range book.Rows(b.Context(), 0) {
			if err != nil {
				b.Fatal(err)
			}
			if row.Number == 1 {
				continue
			}
			d := registry.Draft{PlaceID: w.khu1, Model: registry.Family, Number: row.At(0).Text, Name: row.At(1).Text, BirthYear: sheet.ReadYear(row.At(2)).Value,
				Members: int(sheet.ReadWhole(row.At(4)).Value), Phone: sheet.ReadPhone(row.At(5)).Value, Address: row.At(6).Text}
			if drafts = append(drafts, d); len(drafts) == registry.Chunk {
				flush()
			}
		}
		flush()
	}
	b.ReportMetric(float64(n*b.N)/b.Elapsed().Seconds(), "rows/s")
}

// BenchmarkImport takes a list the whole way a person does: upload, check, import.
func BenchmarkImport(b *testing.B) {
	const n = 20_000
	for b.Loop() {
		b.StopTimer()
		w := newWorld(b, storetest.SQLite(b))
		src := list(n)
		b.StartTimer()
		w.deaf = true
		batch := w.checked(officer, hyCuong, registry.Family, src)
		if batch.Counts.Ready != n {
			b.Fatalf("%+v", batch.Counts)
		}
		w.imported(batch, false)
	}
	b.ReportMetric(float64(n*b.N)/b.Elapsed().Seconds(), "rows/s")
}

// BenchmarkMemberCounts counts an area of 190 families with their persons.
func BenchmarkMemberCounts(b *testing.B) {
	w := newWorld(b, storetest.SQLite(b))
	w.write(func(tx *store.Tx) error {
		var drafts []registry.Draft
		for i := range 190 {
			id := store.NewID()
			drafts = append(drafts, registry.Draft{ID: id, PlaceID: w.khu1, Model: registry.Family, Name: fmt.Sprintf("Hộ %d", i)})
			for range 3 {
				drafts = append(drafts, registry.Draft{PlaceID: w.khu1, Model: registry.Citizen, FamilyID: id, Name: "Người", BirthYear: 1980})
			}
		}
		_, err := w.Insert(b.Context(), tx, identity.System, drafts...)
		return err
	})
	b.Run("leaf", func(b *testing.B) {
		for b.Loop() {
			if got, err := w.MemberCountsOfLeaf(b.Context(), w.db.Read(), w.khu1, registry.Family, 2026); err != nil || len(got) != 190 {
				b.Fatal(len(got), err)
			}
		}
	})
	b.Run("one", func(b *testing.B) {
		list, err := w.InLeaf(b.Context(), w.db.Read(), w.khu1, registry.Family)
		if err != nil {
			b.Fatal(err)
		}
		for b.Loop() {
			if got, err := w.MemberCounts(b.Context(), w.db.Read(), list[7], 2026); err != nil || got["adult"].Members != 3 {
				b.Fatal(got, err)
			}
		}
	})
}
