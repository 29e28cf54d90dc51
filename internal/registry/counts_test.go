// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package registry_test

import (
	"reflect"
	"testing"

	"hoctap/internal/registry"
)

// Worked by hand for the year 2026:
//
//	family  A (Khu 1): An 1970 title 2024–2026, Bình 1980 title 2025 only, Cường 2008 (18: adult) title revoked,
//	                   Dung 2009 (17: no adult) with a title, Giang without a year of birth, title 2026–2028;
//	                   Hà has left with a title. Adults An, Bình, Cường, Giang = 4, holders An, Giang = 2.
//	family  B (Khu 1): no persons, 3 adults by head count, the national system names 2 holders.
//	family  C (Khu 2): no persons, 2 adults, no word from anyone; title of its own 2026.
//	citizen Lan (Khu 1) of no family, 1960, two titles that both count: counts once.
//	family  D (Khu 1): has left.
func TestMemberCounts(t *testing.T) {
	each(t, func(w *world) {
		ctx := w.Context()
		a := w.family(w.khu1, "Nhà A")
		b := w.family(w.khu1, "Nhà B", adults(3), members(5))
		c := w.family(w.khu2, "Nhà C", adults(2))
		d := w.family(w.khu1, "Nhà D", adults(9))
		if _, err := w.Leave(ctx, officer, w.khu1, d.ID, d.Version, "Đi"); err != nil {
			w.Fatal(err)
		}
		an, binh, cuong := w.citizen(w.khu1, a.ID, "An", 1970), w.citizen(w.khu1, a.ID, "Bình", 1980), w.citizen(w.khu1, a.ID, "Cường", 2008)
		dung, giang, ha := w.citizen(w.khu1, a.ID, "Dung", 2009), w.citizen(w.khu1, a.ID, "Giang", 0), w.citizen(w.khu1, a.ID, "Hà", 1950)
		lan := w.citizen(w.khu1, "", "Lan", 1960)
		w.title(an, 2024, 2026, "valid")
		w.title(binh, 2025, 2025, "valid")
		w.title(cuong, 2026, 2026, "revoked")
		w.title(dung, 2026, 2026, "valid")
		w.title(giang, 2026, 2028, "valid")
		w.title(ha, 2026, 2026, "valid")
		w.title(lan, 2025, 2027, "valid")
		w.title(lan, 2026, 2026, "valid")
		w.title(a, 2026, 2026, "valid")
		w.title(c, 2026, 2026, "valid")
		if _, err := w.Leave(ctx, officer, w.khu1, ha.ID, ha.Version, "Mất"); err != nil {
			w.Fatal(err)
		}
		if err := w.SetEntries(ctx, officer, w.khu1, 2026, registry.Entry{SubjectID: b.ID, Key: registry.CitizenTitles, Value: "2", Source: "congdanhoctap"}); err != nil {
			w.Fatal(err)
		}
		clan := w.save(officer, registry.Draft{PlaceID: "own-" + hyCuong, Model: registry.Clan, Name: "Họ Hà", Members: 40, Adults: 90})
		bare := w.save(officer, registry.Draft{PlaceID: w.khu1, Model: registry.Clan, Name: "Họ Lê", Members: 12, Adults: 30})
		if _, err := w.SetMembers(ctx, officer, clan.PlaceID, clan.ID, 1, []registry.Member{
			{PlaceID: w.khu1, ID: a.ID, As: registry.MemberFamily}, {PlaceID: w.khu1, ID: b.ID, As: registry.MemberFamily}, {PlaceID: w.khu2, ID: c.ID, As: registry.MemberFamily},
		}); err != nil {
			w.Fatal(err)
		}
		w.title(bare, 2026, 2027, "valid")
		school := w.save(officer, registry.Draft{PlaceID: "own-" + hyCuong, Model: registry.Unit, Name: "Trường THPT", Kind: "upper_secondary", Members: 50})
		office := w.save(officer, registry.Draft{PlaceID: "own-" + hyCuong, Model: registry.Unit, Name: "UBND xã", Kind: "agency", Members: 21})
		if _, err := w.SetMembers(ctx, officer, school.PlaceID, school.ID, 1, []registry.Member{
			{PlaceID: w.khu1, ID: an.ID, As: registry.MemberOfUnit}, {PlaceID: w.khu1, ID: binh.ID, As: registry.MemberOfUnit},
			{PlaceID: w.khu1, ID: ha.ID, As: registry.MemberOfUnit}, {PlaceID: w.khu1, ID: dung.ID, As: registry.MemberLearner},
		}); kind(err) == 0 {
			w.Fatal("a person who has left was put on a list")
		}
		if _, err := w.SetMembers(ctx, officer, school.PlaceID, school.ID, 1, []registry.Member{
			{PlaceID: w.khu1, ID: an.ID, As: registry.MemberOfUnit}, {PlaceID: w.khu1, ID: binh.ID, As: registry.MemberOfUnit},
			{PlaceID: w.khu1, ID: dung.ID, As: registry.MemberLearner},
		}); err != nil {
			w.Fatal(err)
		}

		type counts = map[string]registry.Counts
		for _, x := range []struct {
			place, model string
			want         counts
		}{
			{w.khu1, registry.Family, counts{a.ID: {"adult": {4, 2}}, b.ID: {"adult": {3, 2}}}},
			{w.khu2, registry.Family, counts{c.ID: {"adult": {2, 0}}}},
			{clan.PlaceID, registry.Clan, counts{clan.ID: {"family": {3, 2}, "adult": {4 + 3 + 2, 2 + 2}}}},
			{w.khu1, registry.Clan, counts{bare.ID: {"family": {12, 0}, "adult": {30, 0}}}},
			// Both clans: one lies here, the other has families here.
			{w.khu1, registry.Community, counts{w.khu1: {"family": {2, 1}, "clan": {2, 1}, "adult": {4 + 3 + 1, 2 + 2 + 1}}}},
			{w.khu2, registry.Community, counts{w.khu2: {"family": {1, 1}, "clan": {1, 0}, "adult": {2, 0}}}},
			{w.doi, registry.Community, counts{w.doi: {"family": {}, "clan": {}, "adult": {}}}},
			{school.PlaceID, registry.Unit, counts{school.ID: {"unit_member": {2, 1}, "learner": {1, 1}}, office.ID: {"unit_member": {21, 0}, "learner": {}}}},
			{w.khu1, registry.Citizen, counts{}},
		} {
			got, err := w.MemberCountsOfLeaf(ctx, w.db.Read(), x.place, x.model, 2026)
			if err != nil {
				w.Fatal(err)
			}
			if !reflect.DeepEqual(got, x.want) {
				w.Errorf("%s: %v, want %v", x.model, got, x.want)
			}
			for id, want := range x.want {
				one, err := w.MemberCounts(ctx, w.db.Read(), registry.Subject{PlaceID: x.place, ID: id, Model: x.model}, 2026)
				if err != nil || !reflect.DeepEqual(one, want) {
					w.Errorf("%s alone: %v, want %v, %v", x.model, one, want, err)
				}
			}
		}
		// A duplicate of family B holds the title: the one that stays has it.
		twin := w.family(w.khu1, "Nhà B")
		w.title(twin, 2026, 2026, "valid")
		stays, _, err := w.Merge(ctx, officer, w.khu1, b.ID, 1, twin.ID, 1)
		if err != nil {
			w.Fatal(err)
		}
		holders := func(want int64) {
			w.Helper()
			got, err := w.MemberCounts(ctx, w.db.Read(), clan, 2026)
			if err != nil || got["family"].Holders != want {
				w.Errorf("%v, want %d holders, %v", got, want, err)
			}
		}
		holders(3)
		if _, err := w.Move(ctx, officer, w.khu1, b.ID, stays.Version, w.khu2, "2026-11-01"); err != nil {
			w.Fatal(err)
		}
		holders(3)

		// Age and titles are those of the year asked for: Cường is an adult from 2026, Dung from 2027.
		for year, want := range map[int]registry.Count{2024: {3, 1}, 2025: {3, 2}, 2026: {4, 2}, 2027: {5, 1}, 2028: {5, 1}, 2029: {5, 0}} {
			got, err := w.MemberCounts(ctx, w.db.Read(), a, year)
			if err != nil || got["adult"] != want {
				w.Errorf("%d: %v, want %v, %v", year, got["adult"], want, err)
			}
		}
	})
}
