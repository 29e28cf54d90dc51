// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package place_test

import (
	"encoding/csv"
	"math"
	"slices"
	"strings"
	"testing"

	placedata "hoctap/data/places"
	"hoctap/internal/place"
	"hoctap/internal/store"
	"hoctap/internal/text"

	"github.com/google/go-cmp/cmp"
)

// One code names different places on different days.
func asOf(t *testing.T, _ *store.DB, s *place.Service) {
	for _, c := range []struct{ level, code, date, want, in string }{
		{place.Commune, "07900", "2024-01-01", "Phường Gia Cẩm", "Việt Nam, Tỉnh Phú Thọ, Thành phố Việt Trì"},
		{place.Commune, "07900", "2025-06-30", "Phường Gia Cẩm", "Việt Nam, Tỉnh Phú Thọ, Thành phố Việt Trì"},
		{place.Commune, "07900", "2025-07-01", "Phường Việt Trì", "Việt Nam, Tỉnh Phú Thọ"},
		{place.Commune, "07900", "", "Phường Việt Trì", "Việt Nam, Tỉnh Phú Thọ"},
		{place.Commune, "08035", "2019-12-31", "Xã Vân Đồn", "Việt Nam, Tỉnh Phú Thọ, Huyện Đoan Hùng"},
		{place.Commune, "08035", "2024-12-31", "Xã Vân Đồn", "Việt Nam, Tỉnh Phú Thọ, Huyện Đoan Hùng"},
		{place.Commune, "08035", "2025-01-01", "Xã Hùng Long", "Việt Nam, Tỉnh Phú Thọ, Huyện Đoan Hùng"},
		{place.Commune, "04816", "2021-01-31", "Xã Sủ Ngòi", "Việt Nam, Tỉnh Hòa Bình, Thành phố Hòa Bình"},
		{place.Commune, "04816", "2021-02-01", "Phường Quỳnh Lâm", "Việt Nam, Tỉnh Hòa Bình, Thành phố Hòa Bình"},
		{place.Commune, "04819", "2019-12-31", "Xã Dân Chủ", "Việt Nam, Tỉnh Hòa Bình, Thành phố Hòa Bình"},
		{place.Commune, "04819", "2020-01-01", "Phường Dân Chủ", "Việt Nam, Tỉnh Hòa Bình, Thành phố Hòa Bình"},
		// The district of these days is not on record: it was abolished before the list begins, or is younger than the commune.
		{place.Commune, "04909", "2019-12-31", "Xã Dân Hòa", "Việt Nam, Tỉnh Hòa Bình"},
		{place.Commune, "04795", "2006-11-10", "Phường Thịnh Lang", "Việt Nam, Tỉnh Hòa Bình"},
		{place.Commune, "26485", "2026-04-29", "Xã Nhơn Trạch", "Việt Nam, Tỉnh Đồng Nai"},
		{place.Commune, "26485", "2026-04-30", "Phường Nhơn Trạch", "Việt Nam, Thành phố Đồng Nai"},
		{place.Commune, "00070", "", "Phường Hoàn Kiếm", "Việt Nam, Thành phố Hà Nội"},
		{place.Province, "25", "2025-06-30", "Tỉnh Phú Thọ", "Việt Nam"},
		{place.District, "238", "2025-06-30", "Huyện Thanh Sơn", "Việt Nam, Tỉnh Phú Thọ"},
	} {
		p, err := s.ByCode(t.Context(), c.level, c.code, c.date)
		if err != nil || p.FullName() != c.want {
			t.Errorf("%s on %q: %s, %v, want %s", c.code, c.date, p.FullName(), err, c.want)
			continue
		}
		date := c.date
		if date == "" {
			date = today
		}
		var in []string
		for _, a := range must(s.Ancestors(t.Context(), p.ID, date))(t) {
			in = append(in, a.FullName())
		}
		if got := strings.Join(in, ", "); got != c.in {
			t.Errorf("%s on %q lies in %s, want %s", c.want, c.date, got, c.in)
		}
	}
	p := must(s.Get(t.Context(), vietTri))(t)
	if p.Path != "/vn/25@2025-07-01/07900@2025-07-01/" || p.ProvinceID != phuTho || p.CommuneID != vietTri || p.Region != place.RegionDefault ||
		p.Attrs.Clause != "132" || p.Population != 73006 || p.Attrs.AreaKm2 != 25.83 || !strings.Contains(p.Attrs.Centre, "Hùng Vương") {
		t.Errorf("phường Việt Trì: %+v", p)
	}
	own := must(s.Get(t.Context(), place.OwnLeaf(vietTri)))(t)
	if !own.Leaf() || own.Path != p.Path+own.ID+"/" || own.FullName() != "Trực thuộc phường Việt Trì" || own.RegionSet {
		t.Errorf("own leaf: %+v", own)
	}
	gone := must(s.Get(t.Context(), giaCam))(t)
	if gone.Path != "/vn/25@0001-01-01/227@0001-01-01/07900@0001-01-01/" || gone.ValidTo != "2025-06-30" {
		t.Errorf("a place that is no more keeps the parents of its last day, got %+v", gone)
	}
	// The own leaf of a commune that became a ward lies in the ward, so that its records stay in the sums.
	leaf := must(s.Get(t.Context(), place.OwnLeaf("26485@2025-07-01")))(t)
	if leaf.CommuneID != "26485@2026-04-30" || leaf.ProvinceID != "75@2026-04-30" {
		t.Errorf("own leaf of xã Nhơn Trạch lies in %s, %s", leaf.CommuneID, leaf.ProvinceID)
	}
	if then := must(s.At(t.Context(), leaf.ID, "2026-04-29"))(t); then.CommuneID != "26485@2025-07-01" {
		t.Errorf("own leaf of xã Nhơn Trạch lay in %s", then.CommuneID)
	}
}

// kinds counts places by kind, of one level.
func kinds(list []place.Place, level string) map[string]int {
	n := map[string]int{}
	for _, p := range list {
		if p.Level == level {
			n[p.Kind]++
		}
	}
	return n
}

// below returns the communes of a place on a date, through districts where there are any.
func below(t *testing.T, s *place.Service, id, date string) (list []place.Place) {
	t.Helper()
	for _, p := range must(s.Children(t.Context(), id, date))(t) {
		switch p.Level {
		case place.Commune:
			list = append(list, p)
		case place.District, place.Province:
			list = append(list, below(t, s, p.ID, date)...)
		}
	}
	return list
}

// The README's "Checks done".
func counts(t *testing.T, db *store.DB, s *place.Service) {
	ctx := t.Context()
	for _, c := range []struct {
		id, date string
		want     map[string]int
	}{
		{phuTho, today, map[string]int{"Xã": 133, "Phường": 15}},
		{oldPhuTho, "2025-06-30", map[string]int{"Xã": 180, "Phường": 15, "Thị trấn": 12}},
		{vinhPhuc, "2025-06-30", map[string]int{"Xã": 88, "Phường": 15, "Thị trấn": 18}},
		{hoaBinh, "2025-06-30", map[string]int{"Xã": 129, "Phường": 12, "Thị trấn": 10}},
		{place.Root, "2025-07-01", map[string]int{"Xã": 2621, "Phường": 687, "Đặc khu": 13}},
		{place.Root, "2026-04-30", map[string]int{"Xã": 2611, "Phường": 697, "Đặc khu": 13}},
	} {
		if diff := cmp.Diff(c.want, kinds(below(t, s, c.id, c.date), place.Commune)); diff != "" {
			t.Errorf("communes of %s on %s: %s", c.id, c.date, diff)
		}
	}
	for id, want := range map[string]int{oldPhuTho: 225, vinhPhuc: 136, hoaBinh: 151} {
		if n := len(below(t, s, id, "2022-05-19")); n != want {
			t.Errorf("%s had %d communes when plan 1767 was signed, want %d", id, n, want)
		}
	}
	for id, want := range map[string]int{oldPhuTho: 13, vinhPhuc: 9, hoaBinh: 10, phuTho: 0} {
		p := must(s.Get(ctx, id))(t)
		n := 0
		for _, of := range kinds(must(s.Children(ctx, id, p.ValidTo))(t), place.District) {
			n += of
		}
		if id == phuTho {
			n = kinds(must(s.Children(ctx, id, today))(t), place.District)["Huyện"]
		}
		if n != want {
			t.Errorf("%s had %d districts at the end, want %d", id, n, want)
		}
	}
	for date, want := range map[string]map[string]int{
		"2025-07-01": {"Tỉnh": 28, "Thành phố": 6},
		"2026-04-30": {"Tỉnh": 27, "Thành phố": 7},
	} {
		if diff := cmp.Diff(want, kinds(must(s.Children(ctx, place.Root, date))(t), place.Province)); diff != "" {
			t.Errorf("provinces on %s: %s", date, diff)
		}
	}
	if n := len(must(s.Children(ctx, place.Root, "2025-06-30"))(t)); n != 63 {
		t.Errorf("%d old provinces, want 63", n)
	}

	var people int64
	var area float64
	from := map[string]int{}
	for _, p := range below(t, s, phuTho, today) {
		people += p.Population
		area += p.Attrs.AreaKm2
		if len(p.Attrs.OldProvinces) == 1 {
			from[p.Attrs.OldProvinces[0]]++
		}
	}
	if people != 4_014_299 || math.Abs(area-9361.42) > 0.005 {
		t.Errorf("%d people on %.2f km², want 4014299 on 9361.42", people, area)
	}
	if diff := cmp.Diff(map[string]int{"25": 66, "26": 36, "17": 46}, from); diff != "" {
		t.Error(diff)
	}

	const mapped = `SELECT count(*) FROM place_succession t JOIN place p ON p.id = t.new_id WHERE t.date = '2025-07-01' AND p.level = 'commune'`
	if n := count(t, db, mapped); n != 10_571 {
		t.Errorf("%d mappings of the nation, want 10571", n)
	}
	relations := map[string]int{}
	for _, p := range below(t, s, phuTho, today) {
		for _, old := range must(s.History(ctx, p.ID))(t).Predecessors {
			if old.Date == "2025-07-01" {
				relations[old.Relation]++
			}
		}
	}
	if diff := cmp.Diff(map[string]int{place.Full: 474, place.Partial: 6, place.Unchanged: 2}, relations); diff != "" {
		t.Errorf("482 mappings of Phú Thọ: %s", diff)
	}
	const links = `SELECT count(*) FROM place_succession WHERE date < '2025-07-01'`
	if n := count(t, db, links); n != 219 {
		t.Errorf("%d successions of earlier rounds, want 219", n)
	}
	if n := count(t, db, `SELECT count(*) FROM place WHERE level = 'own' AND valid_from = '2025-07-01'`); n != 34+3321 {
		t.Errorf("%d own leaves of the first day, want one for each of 34 provinces and 3321 communes", n)
	}
}

// The README's "Traps for the software", as far as the tree can show them.
func traps(t *testing.T, _ *store.DB, s *place.Service) {
	ctx := t.Context()
	old := map[string][]place.Place{}
	for _, id := range []string{oldPhuTho, vinhPhuc, hoaBinh} {
		for _, p := range below(t, s, id, "2025-06-30") {
			old[text.Fold(p.Name)] = append(old[text.Fold(p.Name)], p) // the README counts folded names
		}
	}
	twice := 0
	for _, list := range old {
		if len(list) > 1 {
			twice++
		}
	}
	reused, otherName, otherKind, moved, most := 0, 0, 0, 0, 0
	var split, crossing []string
	wentTo := map[string]map[string]bool{}
	for _, p := range below(t, s, phuTho, today) {
		before := must(s.ByCode(ctx, place.Commune, p.Code, "2025-06-30"))(t)
		reused++
		switch {
		case text.Fold(before.Name) != text.Fold(p.Name):
			otherName++
		case before.Kind != p.Kind:
			otherKind++
		}
		parts, in := map[string]bool{}, map[string]bool{}
		for _, t := range must(s.History(ctx, p.ID))(t).Predecessors {
			if t.Date != "2025-07-01" {
				continue
			}
			parts[t.Old.ID], in[t.Old.ParentID] = true, true
			if wentTo[t.Old.FullName()+" "+t.Old.ID] == nil {
				wentTo[t.Old.FullName()+" "+t.Old.ID] = map[string]bool{}
			}
			wentTo[t.Old.FullName()+" "+t.Old.ID][p.ID] = true
		}
		most = max(most, len(parts))
		if len(in) > 1 {
			crossing = append(crossing, p.FullName())
		}
		for _, o := range old[text.Fold(p.Name)] {
			if !parts[o.ID] {
				moved++
			}
		}
	}
	for name, to := range wentTo {
		if len(to) > 1 {
			split = append(split, name)
		}
	}
	slices.Sort(split)
	slices.Sort(crossing)
	if reused != 148 || otherName != 69 || otherKind != 19 || most != 7 || twice != 31 || moved != 22 {
		t.Errorf("codes used again %d (148), other name %d (69), other kind %d (19), most old ones in one %d (7), names twice %d (31), names moved %d (22)",
			reused, otherName, otherKind, most, twice, moved)
	}
	if diff := cmp.Diff([]string{"Xã Cao Sơn 04957@2020-01-01", "Xã Vầy Nưa 04891@0001-01-01", "Xã Đồng Tân 05221@2020-01-01"}, split); diff != "" {
		t.Errorf("split communes: %s", diff)
	}
	if diff := cmp.Diff([]string{"Phường Thống Nhất", "Xã Sơn Đông", "Xã Tam Dương Bắc"}, crossing); diff != "" {
		t.Errorf("communes across district lines: %s", diff)
	}
}

// table reads a shipped file by itself, as maps.
func table(t *testing.T, name string) (list []map[string]string) {
	t.Helper()
	f, err := placedata.Files.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	all, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, fields := range all[1:] {
		line := map[string]string{}
		for i, column := range all[0] {
			line[column] = fields[i]
		}
		list = append(list, line)
	}
	return list
}

// Every unit that ended in an earlier round leads, through all rounds between, to the communes the file names for it.
func successions(t *testing.T, _ *store.DB, s *place.Service) {
	ctx := t.Context()
	for _, line := range table(t, "phu_tho_successions.csv") {
		day := map[string]string{"2020-01-01": "2019-12-31", "2020-02-01": "2020-01-31", "2021-02-01": "2021-01-31",
			"2023-04-10": "2023-04-09", "2025-01-01": "2024-12-31"}[line["event_date"]]
		old, err := s.ByCode(ctx, place.Commune, line["old_code"], day)
		if err != nil || old.FullName() != line["old_kind"]+" "+line["old_name"] {
			t.Errorf("%s on %s: %s, %v", line["old_code"], day, old.FullName(), err)
			continue
		}
		var codes []string
		for _, to := range must(s.Successors(ctx, old.ID, "2025-07-01"))(t) {
			codes = append(codes, to.New.Code)
		}
		slices.Sort(codes)
		if got := strings.Join(codes, ";"); got != line["new_codes_2025_07_01"] {
			t.Errorf("%s (%s) is now in %s, the file says %s", old.FullName(), old.ID, got, line["new_codes_2025_07_01"])
		}
		for _, to := range must(s.Successors(ctx, old.ID, "2025-06-30"))(t) {
			if to.New.Code != line["code_2025_06_30"] || to.New.Name != line["name_2025_06_30"] || to.New.Kind != line["kind_2025_06_30"] {
				t.Errorf("%s was in %s %s on 2025-06-30, the file says %s %s", old.ID, to.New.Code, to.New.FullName(), line["code_2025_06_30"], line["name_2025_06_30"])
			}
		}
	}
	for _, line := range table(t, "national_old_provinces.csv") {
		to := must(s.Successors(ctx, line["code"]+"@0001-01-01", "2025-07-01"))(t)
		if len(to) != 1 || to[0].New.Code != line["new_province_code"] {
			t.Errorf("old province %s: %+v", line["name"], to)
		}
	}
	split := must(s.Successors(ctx, "04891@0001-01-01", today))(t)
	if len(split) != 2 || split[0].Relation != place.Partial || split[1].Relation != place.Partial || split[0].Instrument != "1676/NQ-UBTVQH15" {
		t.Errorf("Vầy Nưa was split: %+v", split)
	}
	// Part of a part: Trường Sơn went into Cao Sơn in 2020, which was split in 2025.
	if to := must(s.Successors(ctx, "04948@0001-01-01", today))(t); len(to) != 2 || to[0].Relation != place.Partial {
		t.Errorf("Trường Sơn: %+v", to)
	}
	if self := must(s.Successors(ctx, vietTri, today))(t); len(self) != 1 || self[0].New.ID != vietTri || self[0].Relation != place.Unchanged {
		t.Errorf("what still exists is its own successor: %+v", self)
	}
	if early := must(s.Successors(ctx, vietTri, "2024-01-01"))(t); len(early) != 0 {
		t.Errorf("nothing comes before itself: %+v", early)
	}
	// Districts without a code in the new map, and units that were given another code later.
	if to := must(s.Successors(ctx, "755@0001-01-01", today))(t); len(to) != 1 || to[0].New.FullName() != "Đặc khu Côn Đảo" {
		t.Errorf("huyện Côn Đảo: %+v", to)
	}
	if to := must(s.Successors(ctx, "23938@0001-01-01", today))(t); len(to) != 1 || to[0].New.Attrs.LaterCode != "23938" {
		t.Errorf("Ia Mơ: %+v", to)
	}
	if to := must(s.Successors(ctx, "26485@2025-07-01", today))(t); len(to) != 1 || to[0].Relation != place.KindChanged || to[0].New.Kind != "Phường" {
		t.Errorf("xã Nhơn Trạch: %+v", to)
	}
}

func told(list []place.Succession) (lines []string) {
	for _, t := range list {
		lines = append(lines, t.Date+" "+t.Old.FullName()+" > "+t.New.FullName()+" "+t.Relation)
	}
	return lines
}

func chains(t *testing.T, _ *store.DB, s *place.Service) {
	for _, c := range []struct {
		id            string
		before, after []string
	}{
		{"08725@0001-01-01", nil, []string{ // Định Trung
			"2023-04-10 Xã Định Trung > Phường Định Trung kind_changed",
			"2025-07-01 Phường Định Trung > Phường Vĩnh Phúc full",
		}},
		{"08350@2025-01-01", []string{
			"2025-01-01 Xã Ngô Xá > Xã Minh Thắng renamed",
			"2025-01-01 Xã Thụy Liễu > Xã Minh Thắng full",
			"2025-01-01 Xã Tuy Lộc > Xã Minh Thắng full",
		}, []string{"2025-07-01 Xã Minh Thắng > Xã Tiên Lương full"}},
		{"04948@0001-01-01", nil, []string{ // Trường Sơn, of which only a part of a part can be told
			"2020-01-01 Xã Trường Sơn > Xã Cao Sơn full",
			"2025-07-01 Xã Cao Sơn > Xã Lương Sơn partial",
			"2025-07-01 Xã Cao Sơn > Xã Liên Sơn partial",
		}},
		{"26485@2026-04-30", []string{
			"2025-07-01 Thị trấn Hiệp Phước > Xã Nhơn Trạch full",
			"2025-07-01 Xã Long Tân > Xã Nhơn Trạch full",
			"2025-07-01 Xã Phú Hội > Xã Nhơn Trạch full",
			"2025-07-01 Xã Phú Thạnh > Xã Nhơn Trạch full",
			"2025-07-01 Xã Phước Thiền > Xã Nhơn Trạch full",
			"2026-04-30 Xã Nhơn Trạch > Phường Nhơn Trạch kind_changed",
		}, nil},
	} {
		h := must(s.History(t.Context(), c.id))(t)
		if diff := cmp.Diff(c.before, told(h.Predecessors)); diff != "" {
			t.Errorf("%s before: %s", c.id, diff)
		}
		if diff := cmp.Diff(c.after, told(h.Successors)); diff != "" {
			t.Errorf("%s after: %s", c.id, diff)
		}
	}
}

// A district has no successor; its communes have.
func districts(t *testing.T, _ *store.DB, s *place.Service) {
	to := must(s.Successors(t.Context(), "238@0001-01-01", today))(t)
	var names []string
	for _, t := range to {
		names = append(names, t.New.FullName()+" "+t.Relation)
	}
	want := []string{"Xã Cự Đồng partial", "Xã Hương Cần partial", "Xã Khả Cửu partial", "Xã Thanh Sơn partial", "Xã Văn Miếu partial",
		"Xã Võ Miếu partial", "Xã Yên Sơn partial"}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Errorf("huyện Thanh Sơn today: %s", diff)
	}
}
