// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package place

import (
	"slices"
	"strings"
	"testing"

	"hoctap/internal/store"
	"hoctap/internal/text"

	"pgregory.net/rapid"
)

func TestNaturalOrder(t *testing.T) {
	want := []string{"Bản Cú", "Khu", "Khu 1", "Khu 2", "Khu 2A", "Khu 2B", "Khu 10", "Khu 010A", "Khu 11", "Thôn 3"}
	list := make([]Place, len(want))
	for i, name := range want {
		list[len(want)-1-i] = Place{ID: name, Name: name, Level: Area}
	}
	list = append([]Place{{ID: "own", Name: "A", Level: Own}}, list...)
	sortNaturally(list)
	for i, p := range list[:len(want)] {
		if p.Name != want[i] {
			t.Errorf("%d: %s, want %s", i, p.Name, want[i])
		}
	}
	if list[len(want)].Level != Own {
		t.Error("the own leaf must come last")
	}
}

// The order is a total one: antisymmetric and transitive on whatever names people choose.
func TestNaturalIsAnOrder(t *testing.T) {
	name := rapid.StringMatching(`[ab ]{0,2}[0-9]{0,3}[ab]?[0-9]{0,2}`)
	rapid.Check(t, func(r *rapid.T) {
		a, b, c := name.Draw(r, "a"), name.Draw(r, "b"), name.Draw(r, "c")
		if natural(a, b) != -natural(b, a) {
			r.Fatalf("%q and %q: %d, reversed %d", a, b, natural(a, b), natural(b, a))
		}
		if natural(a, b) <= 0 && natural(b, c) <= 0 && natural(a, c) > 0 {
			r.Fatalf("%q <= %q <= %q, yet not the ends", a, b, c)
		}
	})
}

func TestSame(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"Hoà Bình", "HÒA BÌNH", true},
		{"Thuỷ", "Thủy", true},
		{"Khuê", "Khuế", false},
		{"Đồng Lạc", "Đông Lạc", false},
		{"Đông", "Dông", false},
		{"Khu 1", "Khu 11", false},
		{"Mường\u0301", "Mướng", false},
	} {
		if got := same(c.a) == same(c.b); got != c.want {
			t.Errorf("%q and %q the same: %v, want %v", c.a, c.b, got, c.want)
		}
	}
}

// A cleaned draft is clean, and its full name reads like what was typed.
func TestClean(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		d := AreaDraft{
			Name: rapid.SampledFrom(append([]string{"", "khu ", "THÔN  ", "Tổ dân phố số "}, kinds...)).Draw(r, "front") + " " + rapid.StringMatching(`[a-zăđ0-9 ]{1,12}`).Draw(r, "name"),
			Kind: rapid.SampledFrom(append([]string{"", "Khu", "Vùng"}, kinds...)).Draw(r, "kind"),
		}
		once := d.clean()
		if again := once.clean(); once.Kind != "" && again != once && !strings.HasPrefix(same(once.Name), same(once.Kind)) {
			r.Fatalf("cleaning %+v again gives %+v", once, again)
		}
		if d.Kind == "" && same(fullName(once.Kind, once.Name)) != same(text.NFC(d.Name)) {
			r.Fatalf("%q became %q", d.Name, fullName(once.Kind, once.Name))
		}
	})
}

func TestReadings(t *testing.T) {
	for query, want := range map[string][]string{
		"Yên Lãng, Thanh Sơn": {"yen lang < thanh son"},
		"yen lang":            {"yen lang < ", "yen < lang"},
		", Thanh Sơn":         nil,
		"x y":                 {"x y < "},
		"":                    nil,
	} {
		var got []string
		for _, r := range readings(query) {
			got = append(got, r.fold+" < "+strings.Join(r.above, " "))
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", query, got, want)
		}
	}
	if n := len(readings(strings.Repeat("a b ", 500))); n > 8 {
		t.Errorf("%d readings of a long query", n)
	}
}

func TestFoldColumn(t *testing.T) {
	p := Place{Level: Commune, Code: "07900", Kind: "Phường", Name: "Hòa Bình", Alt: "Hoà Bình", Attrs: Attrs{LaterCode: "07901"}}
	if got, want := fold(p), "|hoa binh|phuong hoa binh|07900|07901|"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	a := Place{Level: Area, Code: store.NewID(), Kind: "Khu", Name: "2", Attrs: Attrs{Former: []Former{{Name: "Đồi", Kind: "Thôn"}}}}
	if got, want := fold(a), "|2|khu 2|doi|thon doi|"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// The chain of three rounds, by hand: a was renamed b, b went into c whole, c was split into d and e, f into e alone.
func TestFollow(t *testing.T) {
	places := map[string]Place{
		"a": {ID: "a", ValidFrom: store.Always, ValidTo: "2019-12-31"},
		"b": {ID: "b", ValidFrom: "2020-01-01", ValidTo: "2023-04-09"},
		"c": {ID: "c", ValidFrom: store.Always, ValidTo: "2025-06-30"},
		"f": {ID: "f", ValidFrom: store.Always, ValidTo: "2025-06-30"},
		"d": {ID: "d", Name: "d", ValidFrom: "2025-07-01", ValidTo: store.Still},
		"e": {ID: "e", Name: "e", ValidFrom: "2025-07-01", ValidTo: store.Still},
	}
	steps := map[string][]step{
		"a": {{old: "a", new: "b", date: "2020-01-01", relation: Renamed}},
		"b": {{old: "b", new: "c", date: "2023-04-10", relation: Full}},
		"c": {{old: "c", new: "d", date: "2025-07-01", relation: Partial}, {old: "c", new: "e", date: "2025-07-01", relation: Partial}},
		"f": {{old: "f", new: "e", date: "2025-07-01", relation: Unchanged}},
	}
	for _, c := range []struct {
		start, date string
		want        []string
	}{
		{"a", "2019-01-01", []string{"a unchanged"}},
		{"a", "2022-01-01", []string{"b renamed"}},
		{"a", "2024-01-01", []string{"c full"}},
		{"a", "2026-01-01", []string{"d partial", "e partial"}},
		{"f", "2026-01-01", []string{"e unchanged"}},
		{"b", "2019-01-01", nil},
		{"d", "2026-01-01", []string{"d unchanged"}},
		{"c f", "2026-01-01", []string{"d partial", "e partial"}}, // a district of two
		{"f x", "2026-01-01", []string{"e unchanged"}},
	} {
		var got []string
		for _, t := range follow(Place{}, strings.Fields(c.start), c.date, steps, places) {
			got = append(got, t.New.ID+" "+t.Relation)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s on %s: %v, want %v", c.start, c.date, got, c.want)
		}
	}
}
