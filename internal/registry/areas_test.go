// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package registry

import (
	"testing"
	"unicode/utf8"

	"hoctap/internal/place"

	"pgregory.net/rapid"
)

func commune() *areaIndex {
	var list []place.Place
	for _, p := range [][2]string{{"Khu", "1"}, {"Khu", "2"}, {"Khu", "12"}, {"Khu", "Đồi Chiềng"}, {"Thôn", "Hòa Bình"}, {"Tổ dân phố", "3"}, {"Xóm", "Đồi"}, {"Khu", "Đôi"}} {
		list = append(list, place.Place{ID: p[0] + p[1], Level: place.Area, Kind: p[0], Name: p[1]})
	}
	return indexAreas(list)
}

func TestAreaByName(t *testing.T) {
	for typed, c := range map[string]struct{ found, nearest string }{
		"Khu 1":             {"Khu 1", ""},
		"khu 01":            {"Khu 1", ""},
		"KHU 1":             {"Khu 1", ""},
		"K1":                {"", "Khu 1"},
		"K. 1":              {"Khu 1", ""},
		"1":                 {"Khu 1", ""},
		"TDP 3":             {"Tổ dân phố 3", ""},
		"tổ dân phố số 3":   {"", ""},
		"Thôn Hoà Bình":     {"Thôn Hòa Bình", ""},
		"hoà bình":          {"Thôn Hòa Bình", ""},
		"Hoa Binh":          {"", "Thôn Hòa Bình"}, // another word without its marks: a person confirms
		"Khu Hòa Bình":      {"", "Thôn Hòa Bình"},
		"Khu Đồi Chiêng":    {"", "Khu Đồi Chiềng"},
		"Khu Doi Chieng":    {"", "Khu Đồi Chiềng"},
		"Khu Đồi Chiềngg":   {"", "Khu Đồi Chiềng"},
		"Khu 3":             {"", "Tổ dân phố 3"},
		"Khu 7":             {"", ""}, // no slip for Khu 1
		"Khu 21":            {"", ""},
		"Doi":               {"", ""}, // two are as close
		"Đôi":               {"Khu Đôi", ""},
		"Hà Nội":            {"", ""},
		"":                  {"", ""},
		"Khu":               {"", ""},
		"Khu Đồi Chiềng, 1": {"", ""},
	} {
		got := commune().find(typed)
		if name(got.found) != c.found || name(got.nearest) != c.nearest {
			t.Errorf("%q: %q or %q, want %q or %q", typed, name(got.found), name(got.nearest), c.found, c.nearest)
		}
	}
}

func name(p *place.Place) string {
	if p == nil {
		return ""
	}
	return p.FullName()
}

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"a", "", 1}, {"kitten", "sitting", 3}, {"đồi", "đôi", 1}, {"khu 1", "khu 12", 1}} {
		if got := distance(c.a, c.b); got != c.want {
			t.Errorf("%q %q: %d, want %d", c.a, c.b, got, c.want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := rapid.StringN(0, 8, -1).Draw(t, "a"), rapid.StringN(0, 8, -1).Draw(t, "b"), rapid.StringN(0, 8, -1).Draw(t, "c")
		if distance(a, b) != distance(b, a) || distance(a, c) > distance(a, b)+distance(b, c) || (distance(a, b) == 0) != (string([]rune(a)) == string([]rune(b))) {
			t.Fatalf("%q %q %q", a, b, c)
		}
	})
}

// FuzzRow judges any texts in any columns: no panic, and a row that is ready makes a draft that may be saved.
func FuzzRow(f *testing.F) {
	f.Add("Bùi Văn Ba", "Khu 1", "4", "0912345678", "1970")
	f.Add("NGUYỄN", "khu 01", "0", "+84", "12/31/99")
	f.Add("#N/A", "=?", "4.0", "09123/0978", "45291")
	f.Add("\x00", "~", "−1", "x", "ngày 1 tháng 2 năm 1990")
	f.Fuzz(func(t *testing.T, head, area, members, phone, birth string) {
		for _, s := range []string{head, area, members, phone, birth} {
			if len(s) > 200 || !utf8.ValidString(s) {
				return
			}
		}
		x := commune()
		home := place.Place{ID: "commune", Level: place.Commune, Name: "Hy Cương", Kind: "Xã"}
		for _, model := range []string{Family, Clan, Unit} {
			c := &checker{batch: Batch{Model: model}, year: 2026, at: home, home: home, communes: map[string]*areaIndex{"commune": x},
				existing: map[string]map[string][]known{}, names: map[string]place.Place{}}
			for _, p := range x.list {
				c.existing[p.ID] = map[string][]known{}
			}
			c.existing[place.OwnLeaf("commune")] = map[string][]known{}
			r := Row{No: 1, Cells: Cells{"name": head, "area": area, "members": members, "phone": phone, "birth_year": birth}}
			j, err := c.judge(&r)
			if err != nil {
				t.Fatal(err)
			}
			if err := j.draft.Check(2026); r.State == RowReady && err != nil {
				t.Fatalf("ready, but %v: %+v", err, j.draft)
			}
			if r.State == RowReady && r.key == "" {
				t.Fatalf("ready without a key: %+v", r)
			}
		}
	})
}
