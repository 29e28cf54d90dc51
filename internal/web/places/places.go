// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Package places is where anybody finds what a place was called and where it is now, and where a commune keeps its residential
// areas: adds, renames and closes them. Region kinds, which lower thresholds, are set by the province.
package places

import (
	"hoctap/internal/place"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

// Register adds the routes of this package.
func Register(m *site.Mux) {
	m.Public("GET /dia-danh", search)
	m.Public("GET /dia-danh/{place}", history)
	m.Signed("GET /khu", index)
	m.Signed("POST /khu", create)
	m.Signed("GET /khu/{place}", show)
	m.Signed("POST /khu/{place}/ten", rename)
	m.Signed("POST /khu/{place}/dong", closeArea)
	m.Signed("POST /khu/{place}/vung", setRegion)
}

// regionWord is a region kind in words.
func regionWord(v *site.Visit, region string) string { return v.T("region." + region) }

// regionOptions are the region kinds; an area may also take its commune's.
func regionOptions(v *site.Visit, p place.Place) (list []ui.Option) {
	if p.Level == place.Area {
		list = append(list, ui.Option{Value: "", Label: v.T("region.as_commune"), Chosen: !p.RegionSet})
	}
	for _, r := range place.Regions {
		list = append(list, ui.Option{Value: r, Label: regionWord(v, r), Chosen: p.Region == r && (p.RegionSet || p.Level != place.Area)})
	}
	return list
}
