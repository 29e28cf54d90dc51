// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package place_test

import (
	"slices"
	"strings"
	"testing"

	"hoctap/internal/place"
	"hoctap/internal/store"
)

// shown writes a hit as a result list shows it.
func shown(h place.Hit) string {
	var now []string
	for _, t := range h.Now {
		now = append(now, t.New.FullName()+" "+t.Relation)
	}
	line := h.FullName() + " | " + h.In
	if !h.Current {
		line += " | " + strings.Join(now, ", ")
	}
	return line
}

func search(t *testing.T, _ *store.DB, s *place.Service) {
	for _, c := range []struct {
		query string
		want  []string // each of these is among the hits
	}{
		{"hoa binh", []string{
			"Phường Hòa Bình | Tỉnh Phú Thọ",
			"Tỉnh Hòa Bình | | Tỉnh Phú Thọ full",
			"Xã Hòa Bình | Thành phố Hòa Bình, Tỉnh Hòa Bình | Phường Tân Hòa full",
		}},
		{"Hoà Bình", []string{"Phường Hòa Bình | Tỉnh Phú Thọ", "Tỉnh Hòa Bình | | Tỉnh Phú Thọ full"}},
		{"HÒA  BÌNH", []string{"Phường Hòa Bình | Tỉnh Phú Thọ"}},
		{"Yên Lãng", []string{
			"Xã Yên Lãng | Tỉnh Phú Thọ",
			"Xã Yên Lãng | Huyện Thanh Sơn, Tỉnh Phú Thọ | Xã Hương Cần full",
		}},
		{"xã Yên Lãng, huyện Thanh Sơn", []string{"Xã Yên Lãng | Huyện Thanh Sơn, Tỉnh Phú Thọ | Xã Hương Cần full"}},
		{"yen lang thanh son phu tho", []string{"Xã Yên Lãng | Huyện Thanh Sơn, Tỉnh Phú Thọ | Xã Hương Cần full"}},
		{"07900", []string{"Phường Việt Trì | Tỉnh Phú Thọ", "Phường Gia Cẩm | Thành phố Việt Trì, Tỉnh Phú Thọ | Phường Việt Trì full"}},
		{"gia cam", []string{"Phường Gia Cẩm | Thành phố Việt Trì, Tỉnh Phú Thọ | Phường Việt Trì full"}},
		{"dong tan, mai chau", []string{"Xã Đồng Tân | Huyện Mai Châu, Tỉnh Hòa Bình | Xã Mai Châu partial, Xã Pà Cò partial"}},
		{"Chăm Mát", []string{"Phường Chăm Mát | Thành phố Hòa Bình, Tỉnh Hòa Bình | Phường Thống Nhất full"}},
		{"06978", []string{"Xã Ba Chẽ | Tỉnh Quảng Ninh"}},
	} {
		hits, err := s.Find(t.Context(), c.query, place.Filter{Limit: 60})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, h := range hits {
			got = append(got, strings.ReplaceAll(shown(h), "|  |", "| |"))
		}
		for _, want := range c.want {
			if !slices.Contains(got, want) {
				t.Errorf("%q: %q is not among\n\t%s", c.query, want, strings.Join(got, "\n\t"))
			}
		}
	}
	for _, c := range []struct{ query, first string }{
		{"hoa binh", "Tỉnh Hòa Bình"},
		{"huyện thanh sơn", "Huyện Thanh Sơn"},
		{"thanh pho viet tri", "Thành phố Việt Trì"},
		{"Hy Cương", "Xã Hy Cương"},
		{"lâm thao", "Huyện Lâm Thao"},
		{"phu tho", "Tỉnh Phú Thọ"},
	} {
		hits := must(s.Find(t.Context(), c.query, place.Filter{Under: phuTho}))(t)
		if len(hits) == 0 || hits[0].FullName() != c.first {
			t.Errorf("%q: first of %d hits is not %s", c.query, len(hits), c.first)
		}
	}
	for _, query := range []string{"", " ", "x", "%%", "__", "không có nơi nào như thế", "||", strings.Repeat("a", 5000)} {
		if hits, err := s.Find(t.Context(), query, place.Filter{}); err != nil || len(hits) != 0 {
			t.Errorf("%.20q: %d hits, %v", query, len(hits), err)
		}
	}
}

func searchFilter(t *testing.T, _ *store.DB, s *place.Service) {
	ctx := t.Context()
	for _, h := range must(s.Find(ctx, "son", place.Filter{Date: "2023-01-01", Levels: []string{place.Commune}, Under: vinhPhuc, Limit: 500}))(t) {
		if !h.On("2023-01-01") || h.Level != place.Commune || h.ProvinceID != vinhPhuc {
			t.Errorf("passed the filter: %+v", h.Place)
		}
	}
	if hits := must(s.Find(ctx, "hoa", place.Filter{Limit: 3}))(t); len(hits) != 3 {
		t.Errorf("%d hits, want 3", len(hits))
	}
	// Under a place lies also what became a part of it.
	hits := must(s.Find(ctx, "gia cam", place.Filter{Under: vietTri}))(t)
	if len(hits) != 1 || hits[0].ID != giaCam {
		t.Errorf("Gia Cẩm below phường Việt Trì: %+v", hits)
	}
	if hits := must(s.Find(ctx, "gia cam", place.Filter{Under: hoaBinh}))(t); len(hits) != 0 {
		t.Errorf("Gia Cẩm below Hòa Bình: %+v", hits)
	}
}
