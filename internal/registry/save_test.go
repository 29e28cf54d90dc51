// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package registry_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"hoctap/internal/audit"
	"hoctap/internal/fault"
	"hoctap/internal/registry"

	"pgregory.net/rapid"
)

func TestCheck(t *testing.T) {
	good := registry.Draft{PlaceID: "leaf", Model: registry.Family, Name: "Bùi Thị Ngoẵn"}
	for name, c := range map[string]struct {
		change func(*registry.Draft)
		want   string
	}{
		"a name is enough":            {func(d *registry.Draft) {}, ""},
		"no name":                     {func(d *registry.Draft) { d.Name = " \t" }, "name registry.name_missing.family"},
		"no name of a clan":           {func(d *registry.Draft) { d.Name, d.Model = "", registry.Clan }, "name registry.name_missing.clan"},
		"120 characters":              {func(d *registry.Draft) { d.Name = strings.Repeat("ễ", 120) }, ""},
		"121 characters":              {func(d *registry.Draft) { d.Name = strings.Repeat("ễ", 121) }, "name registry.too_long"},
		"control character":           {func(d *registry.Draft) { d.Name = "Bùi\x07Ngoẵn" }, "name registry.control"},
		"invisible character":         {func(d *registry.Draft) { d.Name = "Bùi\u200bNgoẵn" }, "name registry.control"},
		"broken bytes":                {func(d *registry.Draft) { d.Name = "B\xffi" }, "name registry.control"},
		"a number is no name":         {func(d *registry.Draft) { d.Name = "1234" }, "name registry.name_letters"},
		"an area may be one":          {func(d *registry.Draft) { d.Name, d.Model = "7", registry.Community }, ""},
		"phone with separators":       {func(d *registry.Draft) { d.Phone = "0912.345 678" }, ""},
		"phone from abroad":           {func(d *registry.Draft) { d.Phone = "+84 912 345 678" }, ""},
		"fixed line of 11 digits":     {func(d *registry.Draft) { d.Phone = "02103 846 123" }, ""},
		"8 digits":                    {func(d *registry.Draft) { d.Phone = "0912 345 1" }, "phone registry.phone_short"},
		"12 digits":                   {func(d *registry.Draft) { d.Phone = "091234567890" }, "phone registry.phone_long"},
		"no 0":                        {func(d *registry.Draft) { d.Phone = "9123456789" }, "phone registry.phone_zero"},
		"letters":                     {func(d *registry.Draft) { d.Phone = "không có" }, "phone registry.phone_letters"},
		"born this year":              {func(d *registry.Draft) { d.BirthYear = 2026 }, ""},
		"born next year":              {func(d *registry.Draft) { d.BirthYear = 2027 }, "birth_year registry.birth_year"},
		"born in 1899":                {func(d *registry.Draft) { d.BirthYear = 1899 }, "birth_year registry.birth_year"},
		"4 = 2 + 2":                   {func(d *registry.Draft) { d.Members, d.Adults, d.Children = 4, 2, 2 }, ""},
		"3 < 2 + 2":                   {func(d *registry.Draft) { d.Members, d.Adults, d.Children = 3, 2, 2 }, "members registry.members_too_few"},
		"members not counted":         {func(d *registry.Draft) { d.Adults = 2 }, ""},
		"less than none":              {func(d *registry.Draft) { d.Members = -1 }, "members registry.count_range"},
		"61 in one house":             {func(d *registry.Draft) { d.Members = 61 }, "members registry.count_range"},
		"61 in a unit":                {func(d *registry.Draft) { d.Members, d.Model = 61, registry.Unit }, ""},
		"a clan has more than houses": {func(d *registry.Draft) { d.Members, d.Adults, d.Model = 20, 60, registry.Clan }, ""},
		"kind of a unit":              {func(d *registry.Draft) { d.Kind, d.Model = "school", registry.Unit }, ""},
		"no such kind":                {func(d *registry.Draft) { d.Kind, d.Model = "bank", registry.Unit }, "kind registry.unknown_value"},
		"a family has no kind":        {func(d *registry.Draft) { d.Kind = "school" }, "kind registry.unknown_value"},
		"sex":                         {func(d *registry.Draft) { d.Sex = "nam" }, "sex registry.unknown_value"},
		"a family in a family":        {func(d *registry.Draft) { d.FamilyID = "x" }, "family_id registry.family_of_citizen"},
		"everything at once": {func(d *registry.Draft) { d.Name, d.Phone, d.BirthYear = "", "1", 1 },
			"name registry.name_missing.family; phone registry.phone_zero; birth_year registry.birth_year"},
	} {
		d := good
		c.change(&d)
		got := strings.TrimPrefix(key(d.Clean().Check(2026)), "invalid; ")
		if got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestSave(t *testing.T) {
	each(t, func(w *world) {
		ctx := w.Context()
		// The name comes decomposed, as Macs type it.
		r := w.save(officer, registry.Draft{PlaceID: w.khu1, Model: registry.Family, Name: "  Nguye\u0302\u0303n  Va\u0306n Hu\u0300ng ", Phone: "0912 345 678"})
		if r.Name != "Nguyễn Văn Hùng" || r.Phone != "0912345678" || r.Version != 1 || r.State != registry.Active {
			w.Fatalf("saved %+v", r)
		}
		got, err := w.Get(ctx, officer, w.khu1, r.ID)
		if err != nil || got.Name != r.Name || got.Fold != "nguyen van hung" || got.Sort != "hung nguyen van hung" {
			w.Fatalf("got %+v, %v", got, err)
		}
		d := got.Draft()
		d.Name = "Nguyễn Văn Hưng"
		second := w.save(officer, d)
		if second.Version != 2 || second.Fold != "nguyen van hung" {
			w.Fatalf("second %+v", second)
		}
		if _, err := w.Save(ctx, officer, d); kind(err) != fault.KindStale {
			w.Errorf("an old version: %v", err)
		}
		d.Version, d.Model = 2, registry.Citizen
		if _, err := w.Save(ctx, officer, d); key(err) != "invalid; model registry.model_fixed" {
			w.Errorf("another model: %v", err)
		}
		if _, err := w.Save(ctx, officer, registry.Draft{PlaceID: w.khu1, ID: "nobody", Version: 1, Model: registry.Family, Name: "A"}); kind(err) != fault.KindNotFound {
			w.Errorf("an unknown id: %v", err)
		}
		if _, err := w.Save(ctx, officer, registry.Draft{PlaceID: hyCuong, Model: registry.Family, Name: "A"}); key(err) != "invalid; place registry.not_a_leaf" {
			w.Errorf("at a commune: %v", err)
		}
		if _, err := w.Save(ctx, officer, registry.Draft{PlaceID: w.khu1, Model: registry.Community, Name: "Khu 1"}); kind(err) != fault.KindConflict {
			w.Errorf("a second community: %v", err)
		}
		lines, err := audit.History(ctx, w.db.Read(), w.khu1, r.ID)
		if err != nil || len(lines) != 2 || lines[0].Act != "add" || lines[1].Act != "change" || lines[1].ActorID != "officer" {
			w.Fatalf("journal %+v, %v", lines, err)
		}
		var before, after registry.Subject
		if json.Unmarshal(lines[1].Before, &before) != nil || json.Unmarshal(lines[1].After, &after) != nil ||
			before.Name != "Nguyễn Văn Hùng" || after.Name != "Nguyễn Văn Hưng" {
			w.Errorf("journal says %s → %s", lines[1].Before, lines[1].After)
		}
		var heard []registry.Change
		for _, e := range w.heard {
			heard = append(heard, e.Change)
		}
		if !slices.Equal(heard, []registry.Change{registry.Added, registry.Changed}) {
			w.Errorf("heard %v", heard)
		}
	})
}

func TestLeave(t *testing.T) {
	each(t, func(w *world) {
		ctx := w.Context()
		f := w.family(w.khu1, "Hà Văn Chiến")
		c := w.citizen(w.khu1, f.ID, "Hà Thị Mai", 1990)
		if _, err := w.Leave(ctx, officer, w.khu1, f.ID, f.Version, " "); key(err) != "invalid; reason registry.missing" {
			w.Fatalf("without a reason: %v", err)
		}
		gone, err := w.Leave(ctx, officer, w.khu1, f.ID, f.Version, "Chuyển vào Nam")
		if err != nil || gone.State != registry.Left {
			w.Fatalf("%+v, %v", gone, err)
		}
		if got := w.names(w.khu1, registry.Citizen); len(got) != 0 {
			w.Errorf("persons stay: %v", got)
		}
		if _, err := w.Save(ctx, officer, gone.Draft()); kind(err) != fault.KindConflict {
			w.Errorf("changed after it left: %v", err)
		}
		cc, err := w.Get(ctx, officer, w.khu1, c.ID)
		if err != nil {
			w.Fatal(err)
		}
		if _, err := w.Back(ctx, officer, w.khu1, c.ID, cc.Version, "Về"); key(err) != "invalid; family_id registry.family_elsewhere" {
			w.Errorf("a person of a family that is gone: %v", err)
		}
		if _, err := w.Back(ctx, officer, w.khu1, f.ID, gone.Version, "Về quê"); err != nil {
			w.Fatal(err)
		}
		if _, err := w.Back(ctx, officer, w.khu1, c.ID, cc.Version, "Về quê"); err != nil {
			w.Fatal(err)
		}
		if got := w.names(w.khu1, registry.Family); !slices.Equal(got, []string{"Hà Văn Chiến"}) {
			w.Errorf("not back: %v", got)
		}
	})
}

func TestFind(t *testing.T) {
	each(t, func(w *world) {
		ctx := w.Context()
		for _, name := range []string{"Nguyễn Văn Bình", "Trần Thị An", "Hoà Văn Ân", "Đinh Công Bình", "Lê Bảo An"} {
			w.family(w.khu1, name)
		}
		w.family(w.khu2, "Quách Văn An", phone("0978112406"), numbered("17"))
		w.family(w.far, "Nguyễn Văn Xa")
		find := func(f registry.Filter) string {
			w.Helper()
			f.Model = registry.Family
			var out []string
			for range 20 {
				page, err := w.Find(ctx, officer, f)
				if err != nil {
					return err.Error()
				}
				for _, r := range page.Subjects {
					out = append(out, r.Name)
				}
				if f.After = page.Next; page.Next == "" {
					break
				}
			}
			return strings.Join(out, ", ")
		}
		for _, limit := range []int{0, 1, 2, 3, 5, 6} {
			// "an hoa", "an le", "an tran": by given name, then the whole name, both without marks.
			want := "Hoà Văn Ân, Lê Bảo An, Trần Thị An, Đinh Công Bình, Nguyễn Văn Bình, Quách Văn An"
			if got := find(registry.Filter{PlaceID: hyCuong, Limit: limit}); got != want {
				w.Errorf("pages of %d: %s", limit, got)
			}
		}
		for query, want := range map[string]string{
			"binh": "Đinh Công Bình, Nguyễn Văn Bình", "BÌNH đinh": "Đinh Công Bình", "hòa": "Hoà Văn Ân", "0978 112 406": "Quách Văn An", "+84978112406": "Quách Văn An", "97811": "", "17": "Quách Văn An",
			"xa": "", "%": find(registry.Filter{PlaceID: hyCuong}),
		} {
			if got := find(registry.Filter{PlaceID: hyCuong, Query: query}); got != want {
				w.Errorf("%q: %s, want %s", query, got, want)
			}
		}
		if page, err := w.Find(ctx, viewer, registry.Filter{PlaceID: w.khu2, Model: registry.Family}); err != nil || page.Subjects[0].Phone != "09•• ••• 406" {
			w.Errorf("a viewer reads %+v, %v", page, err)
		}
		if page, err := w.Find(ctx, viewer, registry.Filter{PlaceID: w.khu2, Model: registry.Family, Query: "0978112406"}); err != nil || len(page.Subjects) != 0 {
			w.Errorf("a viewer finds a masked number digit by digit: %+v, %v", page, err)
		}
		if _, err := w.Find(ctx, officer, registry.Filter{PlaceID: hyCuong, Model: registry.Family, After: "damaged"}); kind(err) != fault.KindInvalid {
			w.Errorf("a damaged cursor: %v", err)
		}
		counts, err := w.Count(ctx, w.db.Read(), w.khu1, w.khu2, w.doi)
		if err != nil || fmt.Sprint(counts[w.khu1], counts[w.khu2], counts[w.doi]) != "map[community:1 family:5] map[community:1 family:1] map[community:1]" {
			w.Errorf("counts %v, %v", counts, err)
		}
	})
}

// A cleaned draft is clean: what was saved once can be saved again unchanged.
func TestCleanTwice(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := registry.Draft{
			Name:  rapid.String().Draw(t, "name"),
			Phone: rapid.StringMatching(`[0-9 .+-]{0,14}`).Draw(t, "phone"),
		}
		once := d.Clean()
		if twice := once.Clean(); twice != once {
			t.Fatalf("cleaning %q twice gives %q and %q", d.Name, once.Name, twice.Name)
		}
	})
}
