// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Package figures shows how far the learning models are: the province, a commune, the names behind a number, and the
// public first page. Every percentage stands beside its target and says of what it is: recognised of all, and recognised of
// the registered. Every number leads down, from the province to the commune, the area, the names and the file.
package figures

import (
	"net/url"
	"strconv"
	"sync"
	"time"

	placedata "hoctap/data/places"
	"hoctap/internal/assessment"
	"hoctap/internal/place"
	"hoctap/internal/registry"
	"hoctap/internal/rollup"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

// Register adds the routes of this package.
func Register(m *site.Mux) {
	d := &desk{
		hexes:   sync.OnceValues(readHexes),
		shapes:  sync.OnceValues(readShapes),
		atlases: memo[*atlas]{fresh: 30 * time.Second, stale: 5 * time.Minute},         // communes hardly ever change
		past:    memo[rollup.Table]{fresh: time.Minute, stale: 10 * time.Minute},       // other years change by a revocation or an appeal
		targets: memo[[]place.Stated]{fresh: time.Minute, stale: 10 * time.Minute},     // stated by decisions
		bodies:  memo[body]{fresh: time.Second, stale: 5 * time.Second, born: bodyAge}, // as fresh as the sums of package rollup
	}
	m.Public("GET /{$}", d.home)
	m.Signed("GET /tong-quan", d.province)
	m.Signed("GET /tong-quan/tai", d.provinceFile)
	m.Signed("GET /tong-quan/bao-cao", d.provinceReport)
	m.Signed("GET /xa/{place}", d.commune)
	m.Signed("GET /xa/{place}/bao-cao", d.communeReport)
	m.Signed("GET /xa/{place}/tai", d.communeFile)
	m.Signed("GET /danh-sach/{place}", d.list)
	m.Signed("GET /danh-sach/{place}/tai", d.listFile)
}

// desk is what the pages keep between requests: the shapes of the maps, and what changes rarely.
type desk struct {
	hexes   func() ([]ui.HexPlace, error)
	shapes  func() (ui.Shapes, error)
	atlases memo[*atlas]
	past    memo[rollup.Table]
	targets memo[[]place.Stated]
	bodies  memo[body]
}

func readHexes() ([]ui.HexPlace, error) {
	data, err := placedata.Files.ReadFile("phu_tho_hex.json")
	if err != nil {
		return nil, err
	}
	return ui.ReadHex(data)
}

func readShapes() (ui.Shapes, error) {
	data, err := placedata.Files.ReadFile("phu_tho_communes_2025.low.geojson")
	if err != nil {
		return ui.Shapes{}, err
	}
	return ui.ReadShapes(data)
}

// models are the five models in the order that screens show them.
var models = []string{registry.Family, registry.Clan, registry.Community, registry.Unit, registry.Citizen}

// planned are those of models that a round has.
func planned(r *assessment.Round) (list []string) {
	for _, m := range models {
		if _, ok := r.Plan.Model(m); ok {
			list = append(list, m)
		}
	}
	return list
}

// chosen is the model a page is about: ?mo-hinh where the round has it, else the first one.
func chosen(v *site.Visit, list []string) string {
	asked := v.Query("mo-hinh")
	for _, m := range list {
		if m == asked {
			return m
		}
	}
	if len(list) > 0 {
		return list[0]
	}
	return registry.Family
}

// carried are the query values that links of one page keep.
var carried = []string{"noi", "nam", "mo-hinh", "xem", "ban-do", "xep", "loc", "q", "xa", "tinh-trang"}

// link is path with the present query and some values changed; "" takes a value away.
func link(v *site.Visit, path string, changes ...string) string {
	now, q := v.R.URL.Query(), url.Values{}
	for _, name := range carried {
		if value := now.Get(name); value != "" {
			q.Set(name, value)
		}
	}
	for i := 0; i+1 < len(changes); i += 2 {
		q.Del(changes[i])
		if changes[i+1] != "" {
			q.Set(changes[i], changes[i+1])
		}
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

// yearly keeps one round a year, drafts left out, newest first as they come.
func yearly(all []assessment.Round) (list []assessment.Round) {
	for _, r := range all {
		if r.State != assessment.RoundDraft && (len(list) == 0 || list[len(list)-1].Year != r.Year) {
			list = append(list, r)
		}
	}
	return list
}

// openYears are the years whose round is still open.
func openYears(rounds []assessment.Round) map[int]bool {
	open := map[int]bool{}
	for _, r := range rounds {
		open[r.Year] = r.State == assessment.RoundOpen
	}
	return open
}

func yearOptions(rounds []assessment.Round, year int) (list []ui.Option) {
	for _, r := range rounds {
		y := strconv.Itoa(r.Year)
		list = append(list, ui.Option{Value: y, Label: y, Chosen: r.Year == year})
	}
	return list
}
