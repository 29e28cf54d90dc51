// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Package place owns the tree of administrative units and residential areas over time: codes, names, which lies in
// which from when to when, what became of what, and the targets that decisions set for them.
//
// A place is never overwritten: a new name, kind or level of an official unit is a new row with its own validity, joined
// to the old one by a succession. Areas are the leaves that records hang on; they keep their id for ever, and a
// reform gives them a new parent from a date. The package imports identity and what stands left of it, and
// nothing of criteria, registry or rounds.
package place

import (
	"encoding/json"
	"time"

	"hoctap/internal/store"
)

// The levels, from the top down. Area and Own are the leaves; Own is the leaf of what belongs to no area of a commune or
// province.
const (
	Country  = "country"
	Province = "province"
	District = "district"
	Commune  = "commune"
	Area     = "area"
	Own      = "own"
)

// Root is the id of the country.
const Root = "vn"

// The region kinds that thresholds and targets tell apart.
const (
	RegionDefault             = "default"
	RegionMountainous         = "mountainous"
	RegionEspeciallyDifficult = "especially_difficult"
)

// Regions lists the region kinds.
var Regions = []string{RegionDefault, RegionMountainous, RegionEspeciallyDifficult}

// Place is one state of a unit or area (đơn vị hành chính, khu dân cư), with its parents on the day it was asked for.
// Dates are "YYYY-MM-DD", both inclusive, store.Always and store.Still where there is no bound.
type Place struct {
	ID         string // official units: code@valid_from
	Level      string
	Code       string // official code with its leading zeros; the id itself for areas
	Name       string // "Hy Cương", "2"
	Kind       string // "Xã", "Khu"; may be empty for an area
	Alt        string // another spelling of the name
	ValidFrom  string
	ValidTo    string
	Region     string // effective region kind: an area without its own has its commune's
	RegionSet  bool   // the region is this place's own, not its commune's
	ParentID   string
	Path       string // ids from the top down to the place, "/vn/25@2025-07-01/…/"
	CommuneID  string
	ProvinceID string
	Population int64
	Attrs      Attrs
	Version    int64
}

// Attrs is what only screens show.
type Attrs struct {
	AreaKm2      float64  `json:"area_km2,omitempty"`
	Centre       string   `json:"centre,omitempty"` // address of the administrative centre
	Lat          float64  `json:"lat,omitempty"`    // of the centre, WGS 84
	Lon          float64  `json:"lon,omitempty"`
	Clause       string   `json:"clause,omitempty"`        // clause of NQ 1676/NQ-UBTVQH15
	OldProvinces []string `json:"old_provinces,omitempty"` // codes of the provinces its territory came from
	OldDistrict  string   `json:"old_district,omitempty"`  // code of a district that is not on record itself
	LaterCode    string   `json:"later_code,omitempty"`    // code given after CV 1027/CTK-CSCL
	Former       []Former `json:"former,omitempty"`        // earlier names of an area, oldest first
}

// Former is a name an area had until a day.
type Former struct {
	Name string `json:"name"`
	Kind string `json:"kind"`
	To   string `json:"to"` // last day of that name
}

// FullName is the name with its kind, as papers write it: "Xã Hy Cương".
func (p Place) FullName() string { return fullName(p.Kind, p.Name) }

func fullName(kind, name string) string {
	if kind == "" {
		return name
	}
	return kind + " " + name
}

// Leaf says whether records hang on this place: an area, or the own leaf of a commune or province.
func (p Place) Leaf() bool { return p.Level == Area || p.Level == Own }

// On says whether the place exists on date.
func (p Place) On(date string) bool { return p.ValidFrom <= date && date <= p.ValidTo }

// OwnLeaf returns the id of the leaf for what belongs to no area of the commune or province id.
func OwnLeaf(id string) string { return "own-" + id }

// OfficialID returns the id of an official unit: its code and the first day of this state of it.
func OfficialID(code, validFrom string) string { return code + "@" + validFrom }

// Service reads and changes the tree.
type Service struct {
	db  *store.DB
	now func() time.Time
}

// New returns a Service on db that takes the time from now.
func New(db *store.DB, now func() time.Time) *Service { return &Service{db: db, now: now} }

func (s *Service) today() string { return store.Date(s.now()) }

// columns is what scan reads, of place p, place_parent r and the commune c of r.
const columns = `p.id, p.level, p.code, p.name, p.kind, p.alt, p.valid_from, p.valid_to, p.region, coalesce(c.region, ''),
	r.parent_id, r.path, r.commune_id, r.province_id, p.population, p.attrs, p.version`

const joined = `
	FROM place p
	JOIN place_parent r ON r.place_id = p.id
	LEFT JOIN place c ON c.id = r.commune_id`

func scan(s store.Scanner) (p Place, err error) {
	var communeRegion, attrs string
	if err = s.Scan(&p.ID, &p.Level, &p.Code, &p.Name, &p.Kind, &p.Alt, &p.ValidFrom, &p.ValidTo, &p.Region, &communeRegion,
		&p.ParentID, &p.Path, &p.CommuneID, &p.ProvinceID, &p.Population, &attrs, &p.Version); err != nil {
		return p, err
	}
	if p.RegionSet = p.Region != ""; !p.RegionSet {
		p.Region = communeRegion
	}
	if p.Region == "" {
		p.Region = RegionDefault
	}
	return p, json.Unmarshal([]byte(attrs), &p.Attrs)
}

// then gives p the name it had on date, when it was another.
func (p Place) then(date string) Place {
	for _, f := range p.Attrs.Former {
		if date <= f.To {
			p.Name, p.Kind = f.Name, f.Kind
			return p
		}
	}
	return p
}
