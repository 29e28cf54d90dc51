// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package registry_test

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"hoctap/internal/fault"
	"hoctap/internal/registry"
	"hoctap/internal/store"

	"github.com/xuri/excelize/v2"
)

// messy is a list as communes really have it: titles above the header, the unit's name in capitals, sums and signatures below.
var messy = []string{
	"UBND XÃ HY CƯƠNG,,,,,,,",
	"DANH SÁCH HỘ GIA ĐÌNH NĂM 2026,,,,,,,",
	",,,,,,,",
	"STT,Họ và tên chủ hộ,Năm sinh,Thôn/Khu,NK,SĐT,Xã,Ghi chú",
	"(1),(2),(3),(4),(5),(6),(7),(8)",
	"1,Đinh Văn Tới,1970,Khu 1,4,0912 345 1,Hy Cương,thiếu hai số", // 6
	"2,Bùi Thị Ngoẵn,12-31-1985,Khu Đồi Chiêng,5,0978 112 406,,",   // 7
	"3,Hà Văn Chiến,1966,khu 01,4,0983220518,Xã Chu Hóa,",          // 8: another way to write Khu 1; an old commune
	"4,Phạm Ngọc Ẩn,1970,KHU 2,0,0365904771,,",                     // 9
	"5,NGUYỄN THỊ LỤA,1990,Khu 2,3,0914007332,,",                   // 10
	"6,,1991,Khu 2,2,0355410886,,",                                 // 11
	"7,Hà Văn Chiến,1966,Khu 1,4,,08515,",                          // 12: row 8 again
	"8,Lò Thị Yến,1981,Khu 2,4,,,",                                 // 13: the registry has her
	"9,Quách Công Minh,1977,Khu 9,4,,,",                            // 14
	"10,Lê Văn Sáu,1977,Khu 1,4,355410887,Việt Trì,",               // 15
	"11,Lê Văn Bảy,1977,Khu 2,4,,Gia Cẩm,",                         // 16
	"Tổng cộng,,,,30,,,",
	"Người lập biểu,,,Chủ tịch,,,,",
}

func TestMessyFile(t *testing.T) {
	each(t, func(w *world) {
		ctx := w.Context()
		yen := w.family(w.khu2, "Lò Thị Yến", born(1981))
		src := csv(messy...)
		b := w.checked(officer, hyCuong, registry.Family, src)
		if m := b.Mapping.Sheets[0]; m.First != 4 || m.Columns["phone"] != 5 || m.Columns["area"] != 3 || m.Columns["commune"] != 6 || m.Columns["members"] != 4 {
			w.Fatalf("mapping %+v", m)
		}
		want := []struct{ state, issues string }{
			{"error", "phone phone_short"},
			{"error", "area area_unknown"},
			{"doubt", "commune commune_former"},
			{"error", "members count_least"},
			{"doubt", "name sheet.name_in_capitals"},
			{"error", "name name_missing.family"},
			{"duplicate", "name duplicate_row"},
			{"duplicate", "name duplicate"},
			{"error", "area area_new"},
			{"error", "phone sheet.phone_zero_added; commune commune_elsewhere"},
			{"error", "commune commune_elsewhere"},
		}
		rows := w.rows(b.ID)
		if len(rows) != len(want) {
			w.Fatalf("%d rows: %+v", len(rows), rows)
		}
		for i, r := range rows {
			if r.Number() != 6+i || string(r.State) != want[i].state || !sameWords(brief(r), want[i].issues) {
				w.Errorf("row %d is %s: %s; want %s: %s", r.Number(), r.State, brief(r), want[i].state, want[i].issues)
			}
		}
		c := b.Counts
		if c.Rows != 11 || c.Ready != 0 || c.Error != 7 || c.Doubt != 2 || c.Duplicate != 2 || c.Passed["sheet.skip_total"] != 1 || c.Passed["sheet.skip_signature"] != 1 {
			w.Errorf("counts %+v", c)
		}
		if len(w.names(w.khu1, registry.Family)) != 0 {
			w.Fatal("a check wrote to the registry")
		}

		// Mend: a cell, all wrong areas at once, a new area, the duplicates.
		r, _, err := w.EditCell(ctx, officer, b.ID, 6, "phone", "0912 345 111")
		if err != nil || r.State != registry.RowReady {
			w.Fatalf("%+v, %v", r, err)
		}
		if b, err = w.ApplyFix(ctx, officer, b.ID, "area|Khu Đồi Chiêng|Khu Đồi Chiềng"); err != nil {
			w.Fatal(err)
		}
		if b, err = w.ApplyFix(ctx, officer, b.ID, "create|"+hyCuong+"|Khu 9"); err != nil {
			w.Fatal(err)
		}
		if b, err = w.ApplyFix(ctx, officer, b.ID, "capitals"); err != nil {
			w.Fatal(err)
		}
		if b, err = w.ApplyFix(ctx, officer, b.ID, registry.KeepExisting); err != nil {
			w.Fatal(err)
		}
		if _, err = w.ApplyFix(ctx, officer, b.ID, registry.KeepExisting); kind(err) != fault.KindNotFound {
			w.Errorf("a fix that no row needs: %v", err)
		}
		if _, b, err = w.Choose(ctx, officer, b.ID, 13, registry.UpdateExisting); err != nil {
			w.Fatal(err)
		}
		if c := b.Counts; c.Ready != 5 || c.Doubt != 1 || c.Error != 4 || c.Skipped != 1 || c.Duplicate != 0 {
			w.Errorf("after mending %+v", c)
		}

		before := w.everything()
		w.heard = nil
		b = w.imported(b, false)
		if b.State != registry.Done || b.Counts.Imported != 5 || b.Counts.Doubt != 1 {
			w.Errorf("imported %s %+v", b.State, b.Counts)
		}
		if b = w.imported(b, true); b.Counts.Imported != 6 || b.Counts.Doubt != 0 {
			w.Errorf("with doubts %+v", b.Counts)
		}
		if got := w.names(w.khu1, registry.Family); !slices.Equal(got, []string{"Hà Văn Chiến", "Đinh Văn Tới"}) {
			w.Errorf("khu 1: %v", got)
		}
		if got := w.names(w.khu2, registry.Family); !slices.Equal(got, []string{"Nguyễn Thị Lụa", "Lò Thị Yến"}) {
			w.Errorf("khu 2: %v", got)
		}
		if got, err := w.Get(ctx, officer, w.khu2, yen.ID); err != nil || got.Members != 4 || got.Version != 2 {
			w.Errorf("updated %+v, %v", got, err)
		}
		added := 0
		for _, e := range w.heard {
			if e.Change == registry.Added {
				added++
			}
		}
		if added != 5 || len(w.heard) != 6 {
			w.Errorf("heard %d of %d", added, len(w.heard))
		}

		var out bytes.Buffer
		say := func(i registry.Issue) string { return i.Key + "." }
		if err := w.ErrorFile(ctx, officer, b.ID, src, &out, "Lỗi cần sửa", say); err != nil {
			w.Fatal(err)
		}
		lines := table(w, out.Bytes())
		if len(lines) != 5 || lines[0][1] != "Họ và tên chủ hộ" || lines[0][8] != "Lỗi cần sửa" || lines[1][1] != "Phạm Ngọc Ẩn" ||
			lines[1][8] != "registry.count_least." || lines[3][7] != "" {
			w.Errorf("error file %q", lines)
		}

		b, left, err := w.Undo(ctx, officer, b.ID, b.Version)
		if err != nil || len(left) != 0 || b.State != registry.Undone || b.Counts.Undone != 6 {
			w.Fatalf("undo %+v, %v, %v", b.Counts, left, err)
		}
		if got := w.everything(); !slices.Equal(got, before) {
			w.Errorf("after the undo:\n%q\nbefore:\n%q", got, before)
		}
	})
}

func sameWords(got, want string) bool {
	a, b := strings.Split(got, "; "), strings.Split(want, "; ")
	slices.Sort(a)
	slices.Sort(b)
	return slices.Equal(a, b)
}

func table(w *world, file []byte) [][]string {
	w.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(file))
	if err != nil {
		w.Fatal(err)
	}
	defer f.Close()
	rows, err := f.GetRows(f.GetSheetName(0))
	if err != nil {
		w.Fatal(err)
	}
	for i := range rows {
		for len(rows[i]) < 9 {
			rows[i] = append(rows[i], "")
		}
	}
	return rows
}

func TestUndoAfterEdits(t *testing.T) {
	each(t, func(w *world) {
		ctx := w.Context()
		w.family(w.khu1, "Lò Thị Yến", born(1981))
		b := w.checked(officer, w.khu1, registry.Family, csv("Chủ hộ,Năm sinh,NK", "Hộ Một,1970,4", "Hộ Hai,1971,4", "Hộ Ba,1972,4", "Hộ Bốn,1973,4", "Hộ Năm,1974,4", "Lò Thị Yến,1981,6"))
		if _, b2, err := w.Choose(ctx, officer, b.ID, 7, registry.UpdateExisting); err != nil {
			w.Fatal(err)
		} else {
			b = b2
		}
		b = w.imported(b, false)
		at := map[string]registry.Subject{}
		page, err := w.Find(ctx, officer, registry.Filter{PlaceID: w.khu1, Model: registry.Family})
		if err != nil {
			w.Fatal(err)
		}
		for _, r := range page.Subjects {
			at[r.Name] = r
		}
		d := at["Hộ Hai"].Draft()
		d.Phone = "0912345678"
		w.save(officer, d)
		if _, err := w.Move(ctx, officer, w.khu1, at["Hộ Ba"].ID, 1, w.khu2, "2026-11-01"); err != nil {
			w.Fatal(err)
		}
		w.citizen(w.khu1, at["Hộ Bốn"].ID, "Con Bốn", 1999)
		w.refuse[at["Hộ Năm"].ID] = true
		w.clock.Add(int64(23 * time.Hour / time.Microsecond))
		b, left, err := w.Undo(ctx, officer, b.ID, b.Version)
		if err != nil {
			w.Fatal(err)
		}
		got := map[string]string{}
		for _, l := range left {
			got[l.Name] = l.Key
		}
		if len(got) != 4 || got["Hộ Hai"] != "registry.undo_changed" || got["Hộ Ba"] != "registry.undo_moved" ||
			got["Hộ Bốn"] != "registry.undo_linked" || got["Hộ Năm"] != "registry.undo_in_use" || b.Counts.Kept != 4 || b.Counts.Undone != 2 {
			w.Errorf("left %v, counts %+v", got, b.Counts)
		}
		if names := w.names(w.khu1, registry.Family); !slices.Equal(names, []string{"Hộ Bốn", "Hộ Hai", "Hộ Năm", "Lò Thị Yến"}) {
			w.Errorf("khu 1: %v", names)
		}
		if _, _, err := w.Undo(ctx, officer, b.ID, b.Version); key(err) != "registry.batch_state.undone" {
			w.Errorf("undone twice: %v", err)
		}
		late := w.imported(w.checked(officer, w.khu2, registry.Family, csv("Chủ hộ,NK", "Hộ Sáu,3")), false)
		w.clock.Add(int64(25 * time.Hour / time.Microsecond))
		if _, _, err := w.Undo(ctx, officer, late.ID, late.Version); key(err) != "registry.undo_late" {
			w.Errorf("too late: %v", err)
		}
	})
}

// A file in TCVN3 comes in as it was meant once a person has taken the conversion, with one click for all rows.
func TestLegacyFonts(t *testing.T) {
	each(t, func(w *world) {
		ctx := w.Context()
		f := excelize.NewFile()
		defer f.Close()
		for i, row := range [][]any{
			{"Chủ hộ", "Khu", "Nhân khẩu"}, {"Lª Quang H¶i", "Khu 1", 4}, {"NguyÔn ThÞ Hång", "Khu §åi ChiÒng", 3}, {"Trần Văn Tám", "Khu 1", 2},
		} {
			if err := f.SetSheetRow("Sheet1", "A"+string(rune('1'+i)), &row); err != nil {
				w.Fatal(err)
			}
		}
		if err := f.SetRowVisible("Sheet1", 4, false); err != nil {
			w.Fatal(err)
		}
		var out bytes.Buffer
		if err := f.Write(&out); err != nil {
			w.Fatal(err)
		}
		src := registry.Source{File: bytes.NewReader(out.Bytes()), Size: int64(out.Len())}
		b := w.checked(officer, hyCuong, registry.Family, src)
		rows := w.rows(b.ID)
		if brief(rows[0]) != "name legacy_font" || rows[0].Issues[0].Fixes[0].Value != "Lê Quang Hải" || rows[1].State != registry.RowError ||
			rows[1].PlaceID != w.doi || brief(rows[2]) != " hidden_row" {
			w.Fatalf("%+v", rows)
		}
		b, err := w.ApplyFix(ctx, officer, b.ID, "tcvn3")
		if err != nil || b.Counts.Ready != 2 || b.Counts.Doubt != 1 {
			w.Fatalf("%+v, %v", b.Counts, err)
		}
		w.imported(b, true)
		if got := w.names(w.doi, registry.Family); !slices.Equal(got, []string{"Nguyễn Thị Hồng"}) {
			w.Errorf("%v", got)
		}
		if got := w.names(w.khu1, registry.Family); !slices.Equal(got, []string{"Lê Quang Hải", "Trần Văn Tám"}) {
			w.Errorf("%v", got)
		}
	})
}

func TestOtherModels(t *testing.T) {
	each(t, func(w *world) {
		ctx := w.Context()
		f := w.family(w.khu1, "Hà Văn Chiến")
		w.family(w.khu2, "Bùi Thị Tám")
		w.family(w.khu2, "Bùi Thị Tám")
		for model, c := range map[string]struct {
			lines []string
			want  []string
		}{
			registry.Citizen: {[]string{"Họ và tên,Ngày sinh,Giới tính,Chủ hộ,Nghề nghiệp,Khu", "Hà Thị Mai,05/09/1990,Nữ,Hà Văn Chiến,Nông dân,Khu 1",
				"Lê Thị Ba,1990,nam,Bùi Thị Tám,giáo viên,Khu 2", "Lê Thị Tư,1990,?,Nguyễn Văn A,thợ rèn,Khu 2"},
				[]string{"ready ", "error family family_several", "error sex unknown_value; kind unknown_value; family family_unknown"}},
			registry.Clan: {[]string{"Tên dòng họ,Trưởng họ,Số hộ,Khu", "Dòng họ Hà,Hà Văn Chiến,20,", "DÒNG HỌ BÙI,Bùi Văn A,15,Khu 2"}, []string{"ready ", "ready "}},
			registry.Unit: {[]string{"Tên đơn vị,Loại đơn vị,Cơ quan quản lý,Số thành viên", "Trường THCS Hy Cương,Trường học,UBND xã,34", "HTX Chè,Hợp tác xã,,12"},
				[]string{"ready ", "ready "}},
			registry.Community: {[]string{"Tên khu dân cư,Số hộ", "Khu 1,120", "Khu 12,90", "Khu Đồi Chiêng,70"}, []string{"duplicate area duplicate", "ready ", "doubt area area_near"}},
			registry.Register: {[]string{"Chủ hộ,Khu,Hộ nghèo/cận nghèo,Gia đình văn hóa", "Hà Văn Chiến,Khu 1,cận nghèo,x", "Bùi Thị Tám,Khu 2,,Không", "Lê Văn Năm,Khu 1,nghèo,", "Hà Văn Chiến,Khu 1,,"},
				[]string{"ready ", "error name family_several", "error name family_unknown", "error poverty_status no_entry"}},
		} {
			b := w.checked(officer, hyCuong, model, csv(c.lines...))
			for i, r := range w.rows(b.ID) {
				if got := string(r.State) + " " + brief(r); !sameWords(got[strings.Index(got, " ")+1:], c.want[i][strings.Index(c.want[i], " ")+1:]) ||
					!strings.HasPrefix(c.want[i], string(r.State)) {
					w.Errorf("%s %d: %q, want %q", model, i, got, c.want[i])
				}
			}
			before := w.everything()
			b = w.imported(b, false)
			if model == registry.Register {
				e, err := w.EntriesOf(ctx, w.db.Read(), w.khu1, f.ID, 2026)
				if err != nil || e["poverty_status"].Value != "near_poor" || e["culture_family"].Value != "true" {
					w.Errorf("entries %v, %v", e, err)
				}
			}
			if b.Counts.Imported == 0 {
				w.Errorf("%s: nothing imported", model)
			}
			if _, left, err := w.Undo(ctx, officer, b.ID, b.Version); err != nil || len(left) > 0 {
				w.Errorf("%s: undo %v, %v", model, left, err)
			}
			if got := w.everything(); !slices.Equal(got, before) {
				w.Errorf("%s: after the undo:\n%q\nbefore:\n%q", model, got, before)
			}
		}
	})
}

// An import that is cut off goes on where it was, and can be undone from there as well.
func TestImportResumed(t *testing.T) {
	each(t, func(w *world) {
		const n = 2*registry.Chunk + 7
		for _, resume := range []bool{true, false} {
			b := w.checked(officer, hyCuong, registry.Family, list(n))
			ctx, cancel := context.WithCancel(w.Context())
			_, err := w.Import(ctx, officer, b.ID, b.Version, false, func(registry.Counter) { cancel() })
			if !errors.Is(err, context.Canceled) {
				w.Fatalf("a cancelled import: %v", err)
			}
			if b, err = w.Batch(w.Context(), officer, b.ID); err != nil || b.State != registry.Importing || b.Counts.Imported != registry.Chunk {
				w.Fatalf("cut off: %s %+v, %v", b.State, b.Counts, err)
			}
			if _, _, err := w.EditCell(w.Context(), officer, b.ID, n, "name", "X"); key(err) != "registry.batch_state.importing" {
				w.Errorf("mended meanwhile: %v", err)
			}
			if resume {
				if b = w.imported(b, false); b.State != registry.Done || b.Counts.Imported != n || b.Counts.Ready != 0 {
					w.Errorf("resumed: %s %+v", b.State, b.Counts)
				}
			}
			b, left, err := w.Undo(w.Context(), officer, b.ID, b.Version)
			if err != nil || len(left) > 0 || b.Counts.Imported != 0 {
				w.Fatalf("undo: %+v, %v, %v", b.Counts, left, err)
			}
			if got := w.names(w.khu1, registry.Family); len(got) != 0 {
				w.Errorf("%d are left", len(got))
			}
		}
	})
}

// Of two calls that work on one import, one gives way, and no row comes in twice.
func TestImportTwiceAtOnce(t *testing.T) {
	each(t, func(w *world) {
		const n = 3*registry.Chunk + 7
		b := w.checked(officer, hyCuong, registry.Family, list(n))
		other := false
		_, err := w.Import(w.Context(), officer, b.ID, b.Version, false, func(registry.Counter) {
			if other {
				return
			}
			other = true
			now, err := w.Batch(w.Context(), officer, b.ID)
			if err != nil {
				w.Fatal(err)
			}
			w.imported(now, false)
		})
		if err == nil {
			w.Error("the first call noticed nothing")
		}
		if b, err = w.Batch(w.Context(), officer, b.ID); err != nil || b.State != registry.Done || b.Counts.Imported != n {
			w.Errorf("%s %+v, %v", b.State, b.Counts, err)
		}
		if got, _, err := store.One(w.Context(), w.db.Read(), store.Value[int], `SELECT count(*) FROM subject WHERE batch_id = $1`, b.ID); err != nil || got != n {
			w.Errorf("%d of %d are there, %v", got, n, err)
		}
	})
}

// The area that an undone import created stays; importing the list again brings its community back.
func TestCommunitiesAgain(t *testing.T) {
	each(t, func(w *world) {
		for range 2 {
			b := w.imported(w.checked(officer, hyCuong, registry.Community, csv("Tên khu dân cư,Số hộ", "Khu 12,90")), false)
			if b.Counts.Imported != 1 {
				w.Fatalf("%+v", b.Counts)
			}
			if _, left, err := w.Undo(w.Context(), officer, b.ID, b.Version); err != nil || len(left) > 0 {
				w.Fatalf("%v, %v", left, err)
			}
		}
	})
}
