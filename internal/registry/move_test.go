// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package registry_test

import (
	"fmt"
	"slices"
	"testing"

	"hoctap/internal/fault"
	"hoctap/internal/registry"
	"hoctap/internal/store"
)

func TestMove(t *testing.T) {
	each(t, func(w *world) {
		ctx := w.Context()
		f := w.family(w.khu1, "Phùng Văn Dũng")
		c := w.citizen(w.khu1, f.ID, "Phùng Thị Hoa", 1988)
		clan := w.save(officer, registry.Draft{PlaceID: "own-" + hyCuong, Model: registry.Clan, Name: "Dòng họ Phùng"})
		if _, err := w.SetMembers(ctx, officer, clan.PlaceID, clan.ID, clan.Version, []registry.Member{{PlaceID: w.khu1, ID: f.ID, As: registry.MemberFamily}}); err != nil {
			w.Fatal(err)
		}
		if err := w.SetEntries(ctx, officer, w.khu1, 2026, registry.Entry{SubjectID: f.ID, Key: "poverty_status", Value: "none", Source: "Rà soát 2026"}); err != nil {
			w.Fatal(err)
		}
		w.heard = nil
		moved, err := w.Move(ctx, officer, w.khu1, f.ID, f.Version, w.khu2, "2026-10-01")
		if err != nil {
			w.Fatal(err)
		}
		if moved.PlaceID != w.khu2 || moved.ID != f.ID || moved.Version != f.Version+1 {
			w.Errorf("moved %+v", moved)
		}
		if len(w.heard) != 2 || w.heard[0].Change != registry.Moved || w.heard[0].Before.PlaceID != w.khu1 || w.heard[1].Subject.FamilyID != f.ID {
			w.Errorf("heard %+v", w.heard)
		}
		if got := w.names(w.khu1, registry.Citizen); len(got) != 0 {
			w.Errorf("persons stay behind: %v", got)
		}
		// The old address still leads to it.
		if r, err := w.Get(ctx, officer, w.khu1, c.ID); err != nil || r.PlaceID != w.khu2 || r.FamilyID != f.ID {
			w.Errorf("by the old place: %+v, %v", r, err)
		}
		list, err := w.Members(ctx, officer, clan.PlaceID, clan.ID)
		if err != nil || len(list) != 1 || list[0].PlaceID != w.khu2 {
			w.Errorf("clan's list %+v, %v", list, err)
		}
		entries, err := w.Entries(ctx, w.db.Read(), w.khu2, 2026)
		if err != nil || entries[f.ID]["poverty_status"].Value != "none" {
			w.Errorf("entries %v, %v", entries, err)
		}
		for name, c := range map[string]struct{ to, date, want string }{
			"to where it is":         {w.khu2, "2026-11-01", "invalid; place registry.same_place"},
			"tomorrow":               {w.doi, "2026-11-26", "invalid; date registry.date_future"},
			"no date":                {w.doi, "01/11/2026", "invalid; date registry.date"},
			"before it came":         {w.doi, "2026-10-01", "invalid; date registry.date_before_stay"},
			"to a commune":           {hyCuong, "2026-11-01", "invalid; place registry.not_a_leaf"},
			"to the next commune":    {w.far, "2026-11-01", "denied.edit_registry"},
			"to nowhere":             {"nowhere", "2026-11-01", "not_found.place"},
			"back on the day before": {w.khu1, "2026-09-30", "invalid; date registry.date_before_stay"},
		} {
			if _, err := w.Move(ctx, officer, w.khu2, f.ID, moved.Version, c.to, c.date); key(err) != c.want {
				w.Errorf("%s: %v", name, err)
			}
		}
		if _, err := w.Move(ctx, officer, w.khu2, f.ID, f.Version, w.doi, "2026-11-01"); kind(err) != fault.KindStale {
			w.Errorf("an old version: %v", err)
		}
		if _, err := w.Move(ctx, officer, w.khu2, f.ID, moved.Version, w.khu1, "2026-11-01"); err != nil {
			w.Fatal(err)
		}
		stays, err := w.Stays(ctx, officer, w.khu1, f.ID)
		if err != nil {
			w.Fatal(err)
		}
		want := []registry.Stay{
			{PlaceID: w.khu1, ValidFrom: store.Always, ValidTo: "2026-09-30", OtherID: w.khu2},
			{PlaceID: w.khu2, ValidFrom: "2026-10-01", ValidTo: "2026-10-31", OtherID: w.khu1},
			{PlaceID: w.khu1, ValidFrom: "2026-11-01", ValidTo: store.Still, OtherID: w.khu2},
		}
		if !slices.Equal(stays, want) {
			w.Errorf("stays %v", stays)
		}
		community, err := w.Get(ctx, officer, w.khu1, w.khu1)
		if err != nil {
			w.Fatal(err)
		}
		if _, err := w.Move(ctx, officer, w.khu1, w.khu1, community.Version, w.khu2, "2026-11-01"); key(err) != "registry.community_stays" {
			w.Errorf("an area moves: %v", err)
		}
	})
}

func TestMoveToAnotherCommune(t *testing.T) {
	each(t, func(w *world) {
		ctx := w.Context()
		f := w.family(w.khu1, "Phùng Văn Dũng")
		m, err := w.AskMove(ctx, officer, w.khu1, f.ID, f.Version, w.far, "2026-11-01")
		if err != nil {
			w.Fatal(err)
		}
		if _, err := w.AskMove(ctx, officer, w.khu1, f.ID, f.Version, w.far, "2026-11-01"); key(err) != "registry.move_asked" {
			w.Errorf("asked twice: %v", err)
		}
		if _, err := w.AcceptMove(ctx, officer, m.ID); kind(err) != fault.KindDenied {
			w.Errorf("the sender accepts: %v", err)
		}
		open, err := w.MoveRequests(ctx, neighbour, vietTri)
		if err != nil || len(open) != 1 || open[0].SubjectID != f.ID {
			w.Fatalf("open %v, %v", open, err)
		}
		r, err := w.AcceptMove(ctx, neighbour, m.ID)
		if err != nil || r.PlaceID != w.far {
			w.Fatalf("%+v, %v", r, err)
		}
		if err := w.DeclineMove(ctx, neighbour, m.ID, "Nhầm"); key(err) != "registry.move_settled" {
			w.Errorf("settled twice: %v", err)
		}
		g := w.family(w.khu1, "Phùng Văn Tám")
		if m, err = w.AskMove(ctx, officer, w.khu1, g.ID, g.Version, w.far, "2026-11-01"); err != nil {
			w.Fatal(err)
		}
		if err := w.DeclineMove(ctx, neighbour, m.ID, "Không ở đây"); err != nil {
			w.Fatal(err)
		}
		if got := fmt.Sprint(w.names(w.khu1, registry.Family), w.names(w.far, registry.Family)); got != "[Phùng Văn Tám] [Phùng Văn Dũng]" {
			w.Error(got)
		}
	})
}
