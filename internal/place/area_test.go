// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package place_test

import (
	"errors"
	"strings"
	"sync"
	"testing"

	"hoctap/internal/audit"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/place"
	"hoctap/internal/store"

	"github.com/google/go-cmp/cmp"
)

// systemActor may do everything; officer holds the office of phường Việt Trì, province that of the province.
var (
	systemActor = identity.System
	officer     = identity.Actor{ID: "officer", Grants: []identity.Grant{{Role: identity.CommuneOfficer, PlaceID: vietTri}}}
	province    = identity.Actor{ID: "province", Grants: []identity.Grant{{Role: identity.ProvinceOfficer, PlaceID: phuTho}}}
	volunteer   = identity.Actor{ID: "volunteer", Grants: []identity.Grant{{Role: identity.AreaVolunteer, PlaceID: vietTri}}}
	neighbour   = identity.Actor{ID: "neighbour", Grants: []identity.Grant{{Role: identity.CommuneOfficer, PlaceID: "07894@2025-07-01"}}}
	stale       = identity.Actor{ID: "stale", Grants: []identity.Grant{{Role: identity.CommuneOfficer, PlaceID: giaCam}}}
)

// keys lists "field: key" of the broken rules of err.
func keys(err error) (list []string) {
	if f, ok := errors.AsType[*fault.Fault](err); ok {
		for _, e := range f.Fields {
			list = append(list, e.Field+": "+e.Key)
		}
	}
	return list
}

func TestAreas(t *testing.T) {
	loaded(t, func(t *testing.T, db *store.DB, s *place.Service) {
		for _, test := range []struct {
			name string
			run  func(*testing.T, *store.DB, *place.Service)
		}{
			{"create", create}, {"refuse", refuse}, {"permission", permission}, {"batch", batch}, {"race", race},
			{"past", past}, {"rename", rename}, {"close", closeArea}, {"region", region},
		} {
			t.Run(test.name, func(t *testing.T) { test.run(t, db, s) })
		}
	})
}

func create(t *testing.T, db *store.DB, s *place.Service) {
	ctx := t.Context()
	for _, c := range []struct{ name, kind, wantName, wantKind string }{
		{"Khu 10", "Khu", "10", "Khu"},
		{"khu 2", "", "2", "Khu"},
		{"3", "Khu", "3", "Khu"},
		{"Tổ dân phố số 5", "", "số 5", "Tổ dân phố"},
		{"  Đoàn   Kê\u0301t ", "Thôn", "Đoàn Kết", "Thôn"},
		{"Đồng Lạc", "", "Đồng Lạc", ""},
		{"Đông Lạc", "", "Đông Lạc", ""}, // another name, though it folds alike
		{"Khu", "", "Khu", ""},
	} {
		p, err := s.CreateArea(ctx, officer, place.AreaDraft{CommuneID: vietTri, Name: c.name, Kind: c.kind})
		if err != nil || p.Name != c.wantName || p.Kind != c.wantKind {
			t.Errorf("%q, kind %q: %q %q, %v", c.name, c.kind, p.Kind, p.Name, err)
			continue
		}
		got := must(s.Get(ctx, p.ID))(t)
		if diff := cmp.Diff(p, got); diff != "" {
			t.Errorf("what was created is not what is read: %s", diff)
		}
		if got.CommuneID != vietTri || got.ProvinceID != phuTho || got.Path != "/vn/"+phuTho+"/"+vietTri+"/"+p.ID+"/" || got.ValidFrom != "2025-07-01" || !got.Leaf() {
			t.Errorf("created area: %+v", got)
		}
		if lines, err := audit.History(ctx, db.Read(), p.ID, p.ID); err != nil || len(lines) != 1 || lines[0].ActorID != "officer" || lines[0].Act != "create" {
			t.Errorf("journal: %v, %v", lines, err)
		}
	}
	var order []string
	for _, p := range must(s.Children(ctx, vietTri, ""))(t) {
		order = append(order, p.FullName())
	}
	want := []string{"Đông Lạc", "Đồng Lạc", "Khu", "Khu 2", "Khu 3", "Khu 10", "Thôn Đoàn Kết", "Tổ dân phố số 5", "Trực thuộc phường Việt Trì"}
	if diff := cmp.Diff(want, order); diff != "" {
		t.Error(diff)
	}
	if hits := must(s.Find(ctx, "doan ket, viet tri", place.Filter{}))(t); len(hits) != 1 || hits[0].In != "Phường Việt Trì, Tỉnh Phú Thọ" {
		t.Errorf("search for an area: %+v", hits)
	}
}

func refuse(t *testing.T, _ *store.DB, s *place.Service) {
	must(s.CreateArea(t.Context(), officer, place.AreaDraft{CommuneID: vietTri, Name: "Khu Hoà Bình"}))(t)
	for name, c := range map[string]struct {
		draft place.AreaDraft
		want  string
	}{
		"none":            {place.AreaDraft{}, "name: place.name_empty"},
		"blank":           {place.AreaDraft{Name: " \t\n"}, "name: place.name_empty"},
		"signs":           {place.AreaDraft{Name: "--- ."}, "name: place.name_empty"},
		"control":         {place.AreaDraft{Name: "Khu\x00 1"}, "name: place.name_signs"},
		"escape":          {place.AreaDraft{Name: "Khu \x1b[1m"}, "name: place.name_signs"},
		"invisible":       {place.AreaDraft{Name: "Khu\u200b 1"}, "name: place.name_signs"},
		"not UTF-8":       {place.AreaDraft{Name: "Khu \xff"}, "name: place.name_signs"},
		"long":            {place.AreaDraft{Name: strings.Repeat("ă", 121)}, "name: place.name_long"},
		"kind":            {place.AreaDraft{Name: "1", Kind: strings.Repeat("k", 41)}, "kind: place.name_long"},
		"date":            {place.AreaDraft{Name: "1", From: "2026-02-30"}, "from: place.date"},
		"region":          {place.AreaDraft{Name: "1", Region: "hilly"}, "region: place.region"},
		"before":          {place.AreaDraft{Name: "1", From: "2025-06-30"}, "from: place.from_before"},
		"after":           {place.AreaDraft{Name: "1", OldCommuneID: giaCam, From: "2025-07-01"}, "from: place.from_after"},
		"no predecessor":  {place.AreaDraft{Name: "1", OldCommuneID: "04891@0001-01-01", From: "2024-01-01"}, "old_commune: place.not_predecessor"},
		"taken":           {place.AreaDraft{Name: "Khu Hòa Bình"}, "name: place.name_taken"},
		"taken, split":    {place.AreaDraft{Name: "HOÀ BÌNH", Kind: "khu"}, "name: place.name_taken"},
		"taken, composed": {place.AreaDraft{Name: "Khu Hoa\u0300 Bi\u0300nh"}, "name: place.name_taken"},
	} {
		c.draft.CommuneID = vietTri
		_, err := s.CreateArea(t.Context(), officer, c.draft)
		if got := strings.Join(keys(err), ", "); got != c.want {
			t.Errorf("%s: %q (%v), want %q", name, got, err, c.want)
		}
	}
	if _, err := s.CreateArea(t.Context(), officer, place.AreaDraft{CommuneID: vietTri, Name: strings.Repeat("ă", 120)}); err != nil {
		t.Errorf("120 characters: %v", err)
	}
	for _, id := range []string{"", "x", phuTho, place.OwnLeaf(vietTri)} {
		if _, err := s.CreateArea(t.Context(), systemActor, place.AreaDraft{CommuneID: id, Name: "Khu 1"}); fault.KindOf(err) != fault.KindNotFound {
			t.Errorf("area in %q: %v", id, err)
		}
	}
	// A commune that was split cannot say where the area lies today.
	if _, err := s.CreateArea(t.Context(), systemActor, place.AreaDraft{CommuneID: "04891@0001-01-01", Name: "Khu 1", From: "2024-01-01"}); fault.KindOf(err) != fault.KindConflict {
		t.Errorf("area in Vầy Nưa: %v", err)
	}
	// One of its two successors can.
	p := must(s.CreateArea(t.Context(), systemActor, place.AreaDraft{CommuneID: "04891@2025-07-01", OldCommuneID: "04891@0001-01-01", Name: "Xóm 1", From: "2024-01-01"}))(t)
	if then := must(s.At(t.Context(), p.ID, "2025-06-30"))(t); then.CommuneID != "04891@0001-01-01" {
		t.Errorf("area of Vầy Nưa lay in %s", then.CommuneID)
	}
}

func permission(t *testing.T, db *store.DB, s *place.Service) {
	before := count(t, db, `SELECT count(*) FROM place`)
	draft := place.AreaDraft{CommuneID: vietTri, Name: "Khu của người khác"}
	for _, by := range []identity.Actor{{}, volunteer, neighbour, stale} {
		if _, err := s.CreateArea(t.Context(), by, draft); fault.KindOf(err) != fault.KindDenied {
			t.Errorf("%q created an area: %v", by.ID, err)
		}
	}
	// An office of a commune that is no more gives no right over the one it went into.
	old := place.AreaDraft{CommuneID: giaCam, Name: "Khu cũ", From: "2024-01-01"}
	if _, err := s.CreateArea(t.Context(), stale, old); fault.KindOf(err) != fault.KindDenied {
		t.Errorf("an officer of the old commune created an area of the new one: %v", err)
	}
	area := must(s.CreateArea(t.Context(), province, place.AreaDraft{CommuneID: vietTri, Name: "Khu của tỉnh"}))(t)
	for _, by := range []identity.Actor{{}, volunteer, neighbour, stale} {
		if _, err := s.RenameArea(t.Context(), by, area.ID, area.Version, place.AreaName{Name: "Khu 99"}); fault.KindOf(err) != fault.KindDenied {
			t.Errorf("%q renamed an area: %v", by.ID, err)
		}
		if err := s.CloseArea(t.Context(), by, area.ID, area.Version, today); fault.KindOf(err) != fault.KindDenied {
			t.Errorf("%q closed an area: %v", by.ID, err)
		}
	}
	for _, by := range []identity.Actor{{}, volunteer, neighbour, officer} {
		for _, id := range []string{area.ID, vietTri} {
			if err := s.SetRegion(t.Context(), by, id, 1, place.RegionMountainous); fault.KindOf(err) != fault.KindDenied {
				t.Errorf("%q set the region of %s: %v", by.ID, id, err)
			}
		}
	}
	if after := count(t, db, `SELECT count(*) FROM place`); after != before+1 {
		t.Errorf("%d places came from refused acts", after-before-1)
	}
}

func batch(t *testing.T, db *store.DB, s *place.Service) {
	const commune = "07894@2025-07-01"
	ctx := t.Context()
	add := func(by identity.Actor, drafts ...place.AreaDraft) (list []place.Place, err error) {
		err = db.Write(ctx, func(tx *store.Tx) error {
			list, err = s.CreateAreas(ctx, tx, by, commune, drafts)
			return err
		})
		return list, err
	}
	_, err := add(neighbour, place.AreaDraft{Name: "Khu 1"}, place.AreaDraft{Name: ""}, place.AreaDraft{Name: "KHU 1"})
	if diff := cmp.Diff([]string{"1.name: place.name_empty", "2.name: place.name_taken"}, keys(err)); diff != "" {
		t.Error(diff)
	}
	if n := len(must(s.Children(ctx, commune, ""))(t)); n != 1 {
		t.Errorf("%d children after a refused batch, want the own leaf", n)
	}
	if _, err := add(officer, place.AreaDraft{Name: "Khu 1"}); fault.KindOf(err) != fault.KindDenied {
		t.Errorf("batch in another commune: %v", err)
	}
	list, err := add(neighbour, place.AreaDraft{Name: "Khu 1"}, place.AreaDraft{Name: "Khu 2"})
	if err != nil || len(list) != 2 {
		t.Fatalf("batch: %v, %v", list, err)
	}
	if leaves := must(s.Leaves(ctx, commune, ""))(t); len(leaves) != 3 || leaves[0].ID != list[0].ID {
		t.Errorf("leaves: %+v", leaves)
	}
}

// Of many who create the same name at once, one does.
func race(t *testing.T, _ *store.DB, s *place.Service) {
	var wg sync.WaitGroup
	created := make(chan string, 16)
	for range 16 {
		wg.Go(func() {
			p, err := s.CreateArea(t.Context(), officer, place.AreaDraft{CommuneID: vietTri, Name: "Khu Tranh Chấp"})
			if err == nil {
				created <- p.ID
			} else if fault.KindOf(err) != fault.KindInvalid {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if len(created) != 1 {
		t.Errorf("%d areas of one name", len(created))
	}
}

// An area lives on when its commune is merged.
func past(t *testing.T, _ *store.DB, s *place.Service) {
	ctx := t.Context()
	// Xã Ngô Xá became Minh Thắng on 2025-01-01, which went into Tiên Lương on 2025-07-01.
	p := must(s.CreateArea(ctx, systemActor, place.AreaDraft{CommuneID: "08344@2025-07-01", OldCommuneID: "08350@0001-01-01", Name: "Khu 7", From: "2021-01-01"}))(t)
	for date, want := range map[string]string{
		"2021-01-01": "Xã Ngô Xá", "2024-12-31": "Xã Ngô Xá", "2025-01-01": "Xã Minh Thắng", "2025-06-30": "Xã Minh Thắng",
		"2025-07-01": "Xã Tiên Lương", today: "Xã Tiên Lương",
	} {
		above := must(s.Ancestors(ctx, p.ID, date))(t)
		if got := above[len(above)-1].FullName(); got != want {
			t.Errorf("on %s the area lay in %s, want %s", date, got, want)
		}
	}
	if _, err := s.At(ctx, p.ID, "2020-12-31"); fault.KindOf(err) != fault.KindNotFound {
		t.Errorf("before its first day: %v", err)
	}
	// Named by the old commune alone, it follows the whole succession.
	q := must(s.CreateArea(ctx, systemActor, place.AreaDraft{CommuneID: giaCam, Name: "Khu 8", From: "2021-01-01"}))(t)
	if q.CommuneID != vietTri || must(s.At(ctx, q.ID, "2024-01-01"))(t).CommuneID != giaCam {
		t.Errorf("area of Gia Cẩm: %+v", q)
	}
	leaves := must(s.Leaves(ctx, oldPhuTho, "2024-01-01"))(t)
	if len(leaves) != 2 {
		t.Errorf("%d leaves of the old province, want the two areas", len(leaves))
	}
}

func rename(t *testing.T, db *store.DB, s *place.Service) {
	ctx := t.Context()
	p := must(s.CreateArea(ctx, officer, place.AreaDraft{CommuneID: vietTri, Name: "Khu Tên Cũ"}))(t)
	must(s.CreateArea(ctx, officer, place.AreaDraft{CommuneID: vietTri, Name: "Khu Đã Có"}))(t)
	if _, err := s.RenameArea(ctx, officer, p.ID, p.Version+1, place.AreaName{Name: "Khu 70"}); fault.KindOf(err) != fault.KindStale {
		t.Errorf("rename from another version: %v", err)
	}
	for _, c := range []struct {
		to   place.AreaName
		want string
	}{
		{place.AreaName{Name: "Khu Đã Có"}, "name: place.name_taken"},
		{place.AreaName{Name: ""}, "name: place.name_empty"},
		{place.AreaName{Name: "Khu 70", From: "2025-07-01"}, "from: place.from_rename"},
		{place.AreaName{Name: "Khu 70", From: "2026-11-26"}, "from: place.from_rename"},
		{place.AreaName{Name: "Khu 70", From: "mai"}, "from: place.date"},
	} {
		_, err := s.RenameArea(ctx, officer, p.ID, p.Version, c.to)
		if got := strings.Join(keys(err), ", "); got != c.want {
			t.Errorf("%+v: %q, want %q", c.to, got, c.want)
		}
	}
	q := must(s.RenameArea(ctx, officer, p.ID, p.Version, place.AreaName{Name: "Khu Tên Mới", From: "2026-03-01"}))(t)
	for date, want := range map[string]string{"2026-02-28": "Khu Tên Cũ", "2026-03-01": "Khu Tên Mới", today: "Khu Tên Mới"} {
		if got := must(s.At(ctx, p.ID, date))(t).FullName(); got != want {
			t.Errorf("on %s it is called %s, want %s", date, got, want)
		}
	}
	if hits := must(s.Find(ctx, "khu tên cũ", place.Filter{}))(t); len(hits) != 1 || hits[0].ID != p.ID || hits[0].FullName() != "Khu Tên Mới" {
		t.Errorf("search by the former name: %+v", hits)
	}
	// A misspelling leaves no former name; its own name is not taken by itself.
	r := must(s.RenameArea(ctx, officer, p.ID, q.Version, place.AreaName{Name: "KHU Tên Mới"}))(t)
	if len(r.Attrs.Former) != 1 || r.Version != q.Version+1 {
		t.Errorf("after a correction: %+v", r)
	}
	if lines, err := audit.History(ctx, db.Read(), p.ID, p.ID); err != nil || len(lines) != 3 || !strings.Contains(string(lines[1].Before), "Tên Cũ") {
		t.Errorf("journal: %v, %v", lines, err)
	}
	if _, err := s.RenameArea(ctx, systemActor, vietTri, 1, place.AreaName{Name: "Phường Bạch Hạc"}); fault.KindOf(err) != fault.KindNotFound {
		t.Errorf("an official unit was renamed: %v", err)
	}
}

func closeArea(t *testing.T, _ *store.DB, s *place.Service) {
	ctx := t.Context()
	p := must(s.CreateArea(ctx, officer, place.AreaDraft{CommuneID: vietTri, OldCommuneID: giaCam, Name: "Khu Sắp Hết", From: "2024-01-01"}))(t)
	if err := s.CloseArea(ctx, officer, p.ID, p.Version, "2023-12-31"); strings.Join(keys(err), "") != "last: place.last_before" {
		t.Errorf("closed before its first day: %v", err)
	}
	if err := s.CloseArea(ctx, officer, p.ID, p.Version, "x"); strings.Join(keys(err), "") != "last: place.date" {
		t.Errorf("closed on no day: %v", err)
	}
	if err := s.CloseArea(ctx, officer, p.ID, p.Version, "2026-06-30"); err != nil {
		t.Fatal(err)
	}
	if err := s.CloseArea(ctx, officer, p.ID, p.Version+1, "2026-07-30"); fault.KindOf(err) != fault.KindConflict {
		t.Errorf("closed twice: %v", err)
	}
	got := must(s.Get(ctx, p.ID))(t)
	if got.ValidTo != "2026-06-30" || got.CommuneID != vietTri {
		t.Errorf("closed area: %+v", got)
	}
	for date, want := range map[string]int{"2026-06-30": 1, "2026-07-01": 0} {
		n := 0
		for _, leaf := range must(s.Leaves(ctx, vietTri, date))(t) {
			if leaf.ID == p.ID {
				n++
			}
		}
		if n != want {
			t.Errorf("on %s the closed area is %d times among the leaves, want %d", date, n, want)
		}
	}
	// Its name is free again.
	must(s.CreateArea(ctx, officer, place.AreaDraft{CommuneID: vietTri, Name: "Khu Sắp Hết"}))(t)

	q := must(s.CreateArea(ctx, officer, place.AreaDraft{CommuneID: vietTri, OldCommuneID: giaCam, Name: "Khu Hết Sớm", From: "2024-01-01"}))(t)
	if err := s.CloseArea(ctx, officer, q.ID, q.Version, "2024-12-31"); err != nil {
		t.Fatal(err)
	}
	if got := must(s.Get(ctx, q.ID))(t); got.CommuneID != giaCam {
		t.Errorf("an area closed before the merger lay in %s to the end", got.CommuneID)
	}
}

func region(t *testing.T, db *store.DB, s *place.Service) {
	const commune = "04828@2025-07-01"
	ctx := t.Context()
	plain := must(s.CreateArea(ctx, systemActor, place.AreaDraft{CommuneID: commune, Name: "Khu 1"}))(t)
	own := must(s.CreateArea(ctx, systemActor, place.AreaDraft{CommuneID: commune, Name: "Khu 2", Region: place.RegionEspeciallyDifficult}))(t)
	show := func(want ...string) {
		t.Helper()
		for i, id := range []string{plain.ID, own.ID, place.OwnLeaf(commune), commune} {
			p := must(s.Get(ctx, id))(t)
			short := must(s.Region(ctx, db.Read(), id))(t)
			if p.Region != want[i] || short != want[i] {
				t.Errorf("region of %s: %s, %s, want %s", p.FullName(), p.Region, short, want[i])
			}
		}
	}
	show("default", "especially_difficult", "default", "default")
	if err := s.SetRegion(ctx, province, commune, 1, place.RegionMountainous); err != nil {
		t.Fatal(err)
	}
	show("mountainous", "especially_difficult", "mountainous", "mountainous")
	if err := s.SetRegion(ctx, province, commune, 1, place.RegionDefault); fault.KindOf(err) != fault.KindStale {
		t.Errorf("region from an old version: %v", err)
	}
	if err := s.SetRegion(ctx, province, own.ID, 1, ""); err != nil {
		t.Fatal(err)
	}
	if err := s.SetRegion(ctx, province, plain.ID, 1, place.RegionDefault); err != nil {
		t.Fatal(err)
	}
	show("default", "mountainous", "mountainous", "mountainous")
	for id, region := range map[string]string{commune: "", own.ID: "hilly"} {
		if err := s.SetRegion(ctx, province, id, 2, region); fault.KindOf(err) != fault.KindInvalid {
			t.Errorf("region %q of %s: %v", region, id, err)
		}
	}
	if err := s.SetRegion(ctx, systemActor, phuTho, 1, place.RegionMountainous); fault.KindOf(err) != fault.KindNotFound {
		t.Errorf("region of a province: %v", err)
	}
}
