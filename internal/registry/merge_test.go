// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package registry_test

import (
	"fmt"
	"slices"
	"testing"

	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/registry"
	"hoctap/internal/store/storetest"

	"pgregory.net/rapid"
)

func TestDuplicates(t *testing.T) {
	each(t, func(w *world) {
		ctx := w.Context()
		w.family(w.khu1, "Nguyễn Văn Hùng", born(1970), phone("0912345678"))
		w.family(w.khu1, "Nguyễn Văn Hưng", born(1970))                            // the same without marks and year
		w.family(w.khu1, "NGUYỄN VĂN HÙNG", born(1981))                            // another year: another man
		w.family(w.khu2, "Nguyễn Văn Hùng", phone("0912345678"))                   // another area, the same phone
		w.family(w.khu2, "Trần Thị Lụa", phone("0912345678"))                      // the phone alone says little
		w.family(w.doi, "Nguyễn Văn Hùng", born(1970))                             // another area, no phone
		w.family(w.far, "Nguyễn Văn Hùng", born(1970), phone("0912345678"))        // another commune
		a := w.family(w.doi, "Bùi Thị Tám", address("Ngõ 3"), phone("0978112406")) // says more
		b := w.family(w.doi, "Bùi Thị Tám")
		found := func() []string {
			w.Helper()
			pairs, err := w.Duplicates(ctx, officer, hyCuong, registry.Family)
			if err != nil {
				w.Fatal(err)
			}
			var out []string
			for _, p := range pairs {
				out = append(out, fmt.Sprintf("%s %d + %s %d %v", p.Keep.Name, p.Keep.BirthYear, p.Gone.Name, p.Gone.BirthYear, p.Reasons))
			}
			return out
		}
		want := []string{
			"Nguyễn Văn Hùng 1970 + Nguyễn Văn Hưng 1970 [name birth_year area]",
			"Nguyễn Văn Hùng 1970 + Nguyễn Văn Hùng 0 [name phone]",
			"Bùi Thị Tám 0 + Bùi Thị Tám 0 [name area]",
		}
		if got := found(); !slices.Equal(got, want) {
			w.Errorf("%q", got)
		}
		if err := w.KeepBoth(ctx, officer, b, a); err != nil {
			w.Fatal(err)
		}
		if got := found(); !slices.Equal(got, want[:2]) {
			w.Errorf("after they were called two: %q", got)
		}
	})
}

func TestMerge(t *testing.T) {
	each(t, func(w *world) {
		ctx := w.Context()
		keep := w.family(w.khu1, "Nguyễn Văn Hùng", born(1970), members(4))
		gone := w.family(w.khu1, "Nguyễn Văn Hưng", phone("0912345678"), members(5), adults(3))
		child := w.citizen(w.khu1, gone.ID, "Nguyễn Thị Mai", 1999)
		clan := w.save(officer, registry.Draft{PlaceID: "own-" + hyCuong, Model: registry.Clan, Name: "Họ Nguyễn"})
		if _, err := w.SetMembers(ctx, officer, clan.PlaceID, clan.ID, 1, []registry.Member{{PlaceID: w.khu1, ID: gone.ID, As: registry.MemberFamily}}); err != nil {
			w.Fatal(err)
		}
		for _, e := range []registry.Entry{{keep.ID, "poverty_status", "none", "a"}, {gone.ID, "poverty_status", "poor", "b"}, {gone.ID, "culture_family", "true", "b"}} {
			if err := w.SetEntries(ctx, officer, w.khu1, 2026, e); err != nil {
				w.Fatal(err)
			}
		}
		before := w.everything()
		if _, _, err := w.Merge(ctx, officer, w.khu1, keep.ID, 1, keep.ID, 1); kind(err) != fault.KindConflict {
			w.Errorf("with itself: %v", err)
		}
		if _, _, err := w.Merge(ctx, officer, w.khu1, keep.ID, 7, gone.ID, 1); kind(err) != fault.KindStale {
			w.Errorf("an old version: %v", err)
		}
		w.heard = nil
		r, merge, err := w.Merge(ctx, officer, w.khu1, keep.ID, 1, gone.ID, 1)
		if err != nil {
			w.Fatal(err)
		}
		// Blank fields are filled; the head counts of two lists are not mixed.
		if r.Phone != "0912345678" || r.Members != 4 || r.Adults != 0 || r.BirthYear != 1970 {
			w.Errorf("merged into %+v", r)
		}
		if last := w.heard[len(w.heard)-1]; last.Change != registry.Merging || last.Before.ID != gone.ID || last.Subject.ID != keep.ID {
			w.Errorf("heard %+v", last)
		}
		if c, err := w.Get(ctx, officer, w.khu1, child.ID); err != nil || c.FamilyID != keep.ID {
			w.Errorf("the person %+v, %v", c, err)
		}
		if list, err := w.Members(ctx, officer, clan.PlaceID, clan.ID); err != nil || len(list) != 1 || list[0].ID != keep.ID {
			w.Errorf("the clan's list %+v, %v", list, err)
		}
		if e, err := w.EntriesOf(ctx, w.db.Read(), w.khu1, keep.ID, 2026); err != nil || e["poverty_status"].Value != "none" || e["culture_family"].Value != "true" {
			w.Errorf("entries %v, %v", e, err)
		}
		back, err := w.UndoMerge(ctx, officer, w.khu1, merge)
		if err != nil || back.ID != gone.ID || back.State != registry.Active {
			w.Fatalf("%+v, %v", back, err)
		}
		if got := w.everything(); !slices.Equal(got, before) {
			w.Errorf("after the undo:\n%q\nbefore:\n%q", got, before)
		}
		if _, err := w.UndoMerge(ctx, officer, w.khu1, merge); key(err) != "registry.merge_undone" {
			w.Errorf("undone twice: %v", err)
		}
	})
}

// Whatever is merged in whatever order and undone in whatever order that is allowed, nothing is lost or left behind.
func TestMergesUndone(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t))
	ctx := w.Context()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 6).Draw(t, "families")
		ids := make([]string, n)
		var lists []registry.Member
		for i := range n {
			d := registry.Draft{PlaceID: w.khu1, Model: registry.Family, Name: "Hộ " + string(rune('A'+i))}
			if rapid.Bool().Draw(t, "phone") {
				d.Phone = fmt.Sprintf("091234567%d", i)
			}
			if rapid.Bool().Draw(t, "counted") {
				d.Members, d.Adults = 4+i, 2
			}
			r, err := w.Save(ctx, officer, d)
			if err != nil {
				t.Fatal(err)
			}
			ids[i] = r.ID
			if rapid.Bool().Draw(t, "person") {
				if _, err := w.Save(ctx, officer, registry.Draft{PlaceID: w.khu1, Model: registry.Citizen, FamilyID: r.ID, Name: "Người " + d.Name}); err != nil {
					t.Fatal(err)
				}
			}
			if rapid.Bool().Draw(t, "listed") {
				lists = append(lists, registry.Member{PlaceID: w.khu1, ID: r.ID, As: registry.MemberFamily})
			}
			if rapid.Bool().Draw(t, "entry") {
				if err := w.SetEntries(ctx, officer, w.khu1, 2026, registry.Entry{SubjectID: r.ID, Key: "culture_family", Value: fmt.Sprint(i%2 == 0), Source: "x"}); err != nil {
					t.Fatal(err)
				}
			}
		}
		clan, err := w.Save(ctx, officer, registry.Draft{PlaceID: w.khu1, Model: registry.Clan, Name: "Họ"})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.SetMembers(ctx, officer, w.khu1, clan.ID, 1, lists); err != nil {
			t.Fatal(err)
		}
		before := w.everything()
		var done []string
		for range rapid.IntRange(1, 8).Draw(t, "merges") {
			keep, gone := rapid.SampledFrom(ids).Draw(t, "keep"), rapid.SampledFrom(ids).Draw(t, "gone")
			k, err1 := w.Get(ctx, officer, w.khu1, keep)
			g, err2 := w.Get(ctx, officer, w.khu1, gone)
			if err1 != nil || err2 != nil {
				t.Fatal(err1, err2)
			}
			_, id, err := w.Merge(ctx, officer, w.khu1, keep, k.Version, gone, g.Version)
			switch {
			case err == nil:
				done = append(done, id)
			case kind(err) != fault.KindConflict:
				t.Fatal(err)
			}
		}
		for len(done) > 0 {
			undone := false
			for _, i := range rapid.Permutation(slices.Collect(indices(done))).Draw(t, "order") {
				_, err := w.UndoMerge(ctx, officer, w.khu1, done[i])
				if err == nil {
					done = slices.Delete(done, i, i+1)
					undone = true
					break
				}
				if key(err) != "registry.merge_later" {
					t.Fatal(err)
				}
			}
			if !undone {
				t.Fatal("none of the merges can be undone")
			}
		}
		if got := w.everything(); !slices.Equal(got, before) {
			t.Fatalf("after all undos:\n%q\nbefore:\n%q", got, before)
		}
	})
}

func indices(list []string) func(func(int) bool) {
	return func(yield func(int) bool) {
		for i := range list {
			if !yield(i) {
				return
			}
		}
	}
}

// Every verb refuses the neighbouring commune, and those who may only read refuse to write.
func TestStrangersAreRefused(t *testing.T) {
	each(t, func(w *world) {
		ctx := w.Context()
		a := w.family(w.khu1, "Hà Văn Chiến")
		b := w.family(w.khu1, "Hà Văn Chiến")
		clan := w.save(officer, registry.Draft{PlaceID: w.khu1, Model: registry.Clan, Name: "Họ Hà"})
		m, err := w.AskMove(ctx, officer, w.khu1, a.ID, 1, w.khu2, "2026-11-01")
		if err != nil {
			w.Fatal(err)
		}
		src := csv("Chủ hộ,Khu", "Bùi Văn Ba,Khu 1", "Lê Thị Tư,Khu Đồi Chiêng")
		batch := w.checked(officer, hyCuong, registry.Family, src)
		c := w.family(w.khu2, "Lò Thị Yến")
		d := w.family(w.khu2, "Lò Thị Yến")
		_, merged, err := w.Merge(ctx, officer, w.khu2, c.ID, 1, d.ID, 1)
		if err != nil {
			w.Fatal(err)
		}
		before := w.everything()
		writes := map[string]func(by identity.Actor) error{
			"Save":  func(by identity.Actor) error { _, err := w.Save(ctx, by, a.Draft()); return err },
			"Leave": func(by identity.Actor) error { _, err := w.Leave(ctx, by, w.khu1, a.ID, 1, "x"); return err },
			"Back":  func(by identity.Actor) error { _, err := w.Back(ctx, by, w.khu1, a.ID, 1, "x"); return err },
			"Move": func(by identity.Actor) error {
				_, err := w.Move(ctx, by, w.khu1, a.ID, 1, w.khu2, "2026-11-01")
				return err
			},
			"AskMove": func(by identity.Actor) error {
				_, err := w.AskMove(ctx, by, w.khu1, b.ID, 1, w.far, "2026-11-01")
				return err
			},
			"AcceptMove":  func(by identity.Actor) error { _, err := w.AcceptMove(ctx, by, m.ID); return err },
			"DeclineMove": func(by identity.Actor) error { return w.DeclineMove(ctx, by, m.ID, "x") },
			"SetMembers":  func(by identity.Actor) error { _, err := w.SetMembers(ctx, by, w.khu1, clan.ID, 1, nil); return err },
			"SetEntries": func(by identity.Actor) error {
				return w.SetEntries(ctx, by, w.khu1, 2026, registry.Entry{SubjectID: a.ID, Key: "x", Value: "1"})
			},
			"Merge":     func(by identity.Actor) error { _, _, err := w.Merge(ctx, by, w.khu1, a.ID, 1, b.ID, 1); return err },
			"UndoMerge": func(by identity.Actor) error { _, err := w.UndoMerge(ctx, by, w.khu2, merged); return err },
			"KeepBoth":  func(by identity.Actor) error { return w.KeepBoth(ctx, by, a, b) },
			"Upload": func(by identity.Actor) error {
				_, err := w.Upload(ctx, by, registry.Upload{Source: src, PlaceID: hyCuong, Model: registry.Family, FileName: "a.csv"})
				return err
			},
			"Preview": func(by identity.Actor) error { _, err := w.Preview(ctx, by, batch.ID, src, 0); return err },
			"Map": func(by identity.Actor) error {
				_, err := w.Map(ctx, by, batch.ID, batch.Version, batch.Mapping)
				return err
			},
			"Check":   func(by identity.Actor) error { _, err := w.Check(ctx, by, batch.ID, batch.Version, src); return err },
			"Batch":   func(by identity.Actor) error { _, err := w.Batch(ctx, by, batch.ID); return err },
			"Batches": func(by identity.Actor) error { _, err := w.Batches(ctx, by, hyCuong, 0); return err },
			"Rows":    func(by identity.Actor) error { _, err := w.Rows(ctx, by, batch.ID, registry.RowFilter{}); return err },
			"EditCell": func(by identity.Actor) error {
				_, _, err := w.EditCell(ctx, by, batch.ID, 2, "name", "X")
				return err
			},
			"Choose": func(by identity.Actor) error { _, _, err := w.Choose(ctx, by, batch.ID, 2, ""); return err },
			"ApplyFix": func(by identity.Actor) error {
				_, err := w.ApplyFix(ctx, by, batch.ID, batch.Counts.Fixes[0].Group)
				return err
			},
			"Import": func(by identity.Actor) error {
				_, err := w.Import(ctx, by, batch.ID, batch.Version, true, nil)
				return err
			},
			"Undo": func(by identity.Actor) error { _, _, err := w.Undo(ctx, by, batch.ID, batch.Version); return err },
			"ErrorFile": func(by identity.Actor) error {
				return w.ErrorFile(ctx, by, batch.ID, src, nil, "Lỗi", func(registry.Issue) string { return "" })
			},
		}
		for verb, do := range writes {
			for _, by := range []identity.Actor{neighbour, viewer, province, {}} {
				if err := do(by); kind(err) != fault.KindDenied {
					w.Errorf("%s by %q: %v", verb, by.ID, err)
				}
			}
		}
		reads := map[string]func(by identity.Actor) error{
			"Find": func(by identity.Actor) error {
				_, err := w.Find(ctx, by, registry.Filter{PlaceID: hyCuong, Model: registry.Family})
				return err
			},
			"Find leaves": func(by identity.Actor) error {
				_, err := w.Find(ctx, by, registry.Filter{PlaceIDs: []string{w.far, w.khu1}, Model: registry.Family})
				return err
			},
			"Get":          func(by identity.Actor) error { _, err := w.Get(ctx, by, w.khu1, a.ID); return err },
			"Members":      func(by identity.Actor) error { _, err := w.Members(ctx, by, w.khu1, a.ID); return err },
			"Stays":        func(by identity.Actor) error { _, err := w.Stays(ctx, by, w.khu1, a.ID); return err },
			"Duplicates":   func(by identity.Actor) error { _, err := w.Duplicates(ctx, by, hyCuong, registry.Family); return err },
			"Merges":       func(by identity.Actor) error { _, err := w.Merges(ctx, by, w.khu1); return err },
			"MoveRequests": func(by identity.Actor) error { _, err := w.MoveRequests(ctx, by, hyCuong); return err },
		}
		for verb, do := range reads {
			for _, by := range []identity.Actor{neighbour, {}} {
				if err := do(by); kind(err) != fault.KindDenied {
					w.Errorf("%s by %q: %v", verb, by.ID, err)
				}
			}
			if verb == "Find leaves" {
				continue // one of them is the neighbour's
			}
			if err := do(viewer); err != nil {
				w.Errorf("%s by a viewer: %v", verb, err)
			}
		}
		if got := w.everything(); !slices.Equal(got, before) {
			w.Errorf("a refused verb changed something:\n%q\n%q", got, before)
		}
	})
}
