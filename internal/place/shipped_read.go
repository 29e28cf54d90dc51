// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package place

import (
	"io/fs"
	"strings"

	"hoctap/internal/store"
	"hoctap/internal/text"
)

// homeProvinces are the codes of the three old provinces whose units are on record with their whole past.
var homeProvinces = map[string]bool{"17": true, "25": true, "26": true}

const (
	provinceLaw = "202/2025/QH15"
	phuThoLaw   = "1676/NQ-UBTVQH15"
)

func (t *shipped) readOldProvinces(files fs.FS) error {
	root := []*Place{t.places[Root]}
	return eachRow(files, "national_old_provinces.csv", []string{"code", "name", "kind", "valid_from", "valid_to"}, func(r row) error {
		p, err := t.unit(r, Province)
		if err == nil {
			t.lay(p, root, nil)
		}
		return err
	})
}

func (t *shipped) readProvinces(files fs.FS) error {
	root := []*Place{t.places[Root]}
	if err := eachRow(files, "national_provinces.csv", []string{"code", "name", "kind", "valid_from", "valid_to"}, func(r row) error {
		p, err := t.unit(r, Province)
		if err == nil {
			t.lay(p, root, nil)
		}
		return err
	}); err != nil {
		return err
	}
	parts := map[string][]*Place{}
	if err := eachRow(files, "national_old_provinces.csv", []string{"code", "new_province_code"}, func(r row) error {
		old, new := t.state(Province, r.text("code"), lastOld), t.state(Province, r.text("new_province_code"), firstNew)
		switch {
		case old == nil:
			return r.wrong("code", "is no province of "+lastOld)
		case new == nil:
			return r.wrong("new_province_code", "is no province of the new map")
		}
		parts[new.ID] = append(parts[new.ID], old)
		return nil
	}); err != nil {
		return err
	}
	for _, new := range t.order {
		for _, old := range parts[new.ID] {
			relation := Full
			switch {
			case len(parts[new.ID]) > 1:
			case old.Name != new.Name:
				relation = Renamed
			case old.Kind != new.Kind:
				relation = KindChanged
			default:
				relation = Unchanged
			}
			t.became(old, new, firstNew, relation, provinceLaw, "")
		}
	}
	return nil
}

// unit reads a state of a unit from the columns that most files share.
func (t *shipped) unit(r row, level string) (*Place, error) {
	code, err := r.code("code")
	if err != nil {
		return nil, err
	}
	from, err := r.date("valid_from", store.Always)
	if err != nil {
		return nil, err
	}
	to, err := r.date("valid_to", store.Still)
	if err != nil {
		return nil, err
	}
	p, err := t.official(level, code, r.text("kind"), r.text("name"), from, to)
	return p, r.here(err)
}

// readOldUnits reads the districts first, whatever the order of the lines. The three provinces are on record from the national
// list; here they are written as the resolutions write them ("Hòa Bình", there "Hoà Bình").
func (t *shipped) readOldUnits(files fs.FS) error {
	columns := []string{"code", "name", "kind", "level", "parent_code", "province_code", "valid_from", "valid_to"}
	for _, level := range []string{Province, District, Commune} {
		if err := eachRow(files, "old_units.csv", columns, func(r row) error {
			switch r.text("level") {
			case Province, District, Commune:
			default:
				return r.wrong("level", "is no level")
			}
			if r.text("level") != level {
				return nil
			}
			province, district := t.states[key{Province, r.text("province_code")}], t.states[key{District, r.text("parent_code")}]
			if len(province) == 0 {
				return r.wrong("province_code", "is no province")
			}
			if level == Commune && len(district) == 0 {
				return r.wrong("parent_code", "is no district")
			}
			if level == Province {
				if p := province[0]; p.Name != r.text("name") {
					p.Name, p.Alt = r.text("name"), p.Name
				}
				return nil
			}
			p, err := t.unit(r, level)
			if err != nil {
				return err
			}
			if level == District {
				t.lay(p, province, nil)
			} else {
				t.lay(p, district, province)
			}
			return nil
		}); err != nil {
			return err
		}
	}
	return nil
}

func (t *shipped) readCommunes(files fs.FS) error {
	columns := []string{"code", "name", "kind", "province_code", "valid_from", "valid_to", "alt_spelling", "later_code"}
	return eachRow(files, "national_communes.csv", columns, func(r row) error {
		province := t.states[key{Province, r.text("province_code")}]
		if len(province) == 0 {
			return r.wrong("province_code", "is no province")
		}
		p, err := t.unit(r, Commune)
		if err != nil {
			return err
		}
		p.Alt, p.Attrs.LaterCode = r.text("alt_spelling"), r.text("later_code")
		t.lay(p, province, nil)
		return nil
	})
}

// readPhuTho adds what is known of the 148 communes beyond their names.
func (t *shipped) readPhuTho(files fs.FS) error {
	columns := []string{"code", "name", "kind", "valid_from", "old_province_codes", "nq1676_clause", "area_km2", "population_ref",
		"admin_centre", "centre_lat", "centre_lon", "alt_spelling"}
	return eachRow(files, "phu_tho_communes_2025.csv", columns, func(r row) error {
		p := t.places[OfficialID(r.text("code"), r.text("valid_from"))]
		if p == nil || p.Level != Commune || p.FullName() != fullName(r.text("kind"), r.text("name")) {
			return r.wrong("code", "is not the same unit as in national_communes.csv")
		}
		var wrong error
		number := func(column string) float64 {
			n, err := r.number(column)
			if err != nil {
				wrong = err
			}
			return n
		}
		p.Population = int64(number("population_ref"))
		p.Attrs.AreaKm2, p.Attrs.Lat, p.Attrs.Lon = number("area_km2"), number("centre_lat"), number("centre_lon")
		p.Attrs.Centre, p.Attrs.Clause = r.text("admin_centre"), r.text("nq1676_clause")
		p.Attrs.OldProvinces = strings.Split(r.text("old_province_codes"), ";")
		if alt := r.text("alt_spelling"); alt != "" {
			p.Alt = alt
		}
		return wrong
	})
}

// readSuccessions reads the rounds before July 2025. The states that ended before the list of old units begins are known
// from here alone; their district is, too, unless it had been abolished, and then their province is all that is known.
func (t *shipped) readSuccessions(files fs.FS) error {
	columns := []string{"event_date", "resolution", "old_code", "old_name", "old_kind", "old_district_code", "old_province_code",
		"change", "code_2025_06_30"}
	return eachRow(files, "phu_tho_successions.csv", columns, func(r row) error {
		date, err := r.date("event_date", "")
		if err != nil {
			return err
		}
		code, err := r.code("old_code")
		if err != nil {
			return err
		}
		relation := map[string]string{"dissolved_into": Full, "renamed_or_enlarged": Renamed, "kind_changed": KindChanged}[r.text("change")]
		if relation == "" || date == "" {
			return r.wrong("change", "is no change that is known, or has no date")
		}
		old := t.state(Commune, code, dayBefore(date))
		if old == nil {
			old, err = t.official(Commune, code, r.text("old_kind"), r.text("old_name"), store.Always, dayBefore(date))
			if err != nil {
				return r.here(err)
			}
			t.lay(old, t.states[key{District, r.text("old_district_code")}], t.states[key{Province, r.text("old_province_code")}])
			if t.stays[old.ID] == nil {
				return r.wrong("old_province_code", "is no province")
			}
		}
		new := t.state(Commune, r.text("code_2025_06_30"), date)
		if new == nil {
			return r.wrong("code_2025_06_30", "is no commune of that day")
		}
		t.became(old, new, date, relation, r.text("resolution"), "")
		return nil
	})
}

func (t *shipped) readPhuThoMapping(files fs.FS) error {
	columns := []string{"old_code", "new_code", "relation", "nq1676_clause", "nso_note"}
	return eachRow(files, "phu_tho_old_to_new.csv", columns, func(r row) error {
		old, new := t.state(Commune, r.text("old_code"), lastOld), t.state(Commune, r.text("new_code"), firstNew)
		if old == nil || new == nil {
			return r.wrong("old_code", "or its new code is no commune")
		}
		note := r.text("nso_note")
		if clause := r.text("nq1676_clause"); clause != "" {
			note += ", khoản " + clause
		}
		t.became(old, new, firstNew, relationOf(r.text("relation")), phuThoLaw, note)
		return nil
	})
}

// readMapping reads the official table of the nation, and from it the old communes of the other provinces, of which no other
// list is at hand: they are on record under their province, with the district's code beside them.
func (t *shipped) readMapping(files fs.FS) error {
	columns := []string{"old_code", "old_full_name", "old_level", "old_district_code", "old_province_code", "new_code", "relation", "nso_note"}
	return eachRow(files, "national_old_to_new.csv", columns, func(r row) error {
		if homeProvinces[r.text("old_province_code")] {
			return nil // the province's own table says the same, and more
		}
		new := t.state(Commune, r.text("new_code"), firstNew)
		if new == nil {
			return r.wrong("new_code", "is no commune of the new map")
		}
		code, level := r.text("old_code"), r.text("old_level")
		if level != District {
			level = Commune
		}
		if code == "" {
			code = r.text("old_district_code") + "-0" // land that belonged to no commune
		}
		old := t.state(level, code, lastOld)
		if old == nil {
			kind, name := partedUnit(r.text("old_full_name"))
			var err error
			if old, err = t.official(level, code, kind, name, store.Always, lastOld); err != nil {
				return r.here(err)
			}
			t.lay(old, t.states[key{Province, r.text("old_province_code")}], nil)
			if t.stays[old.ID] == nil {
				return r.wrong("old_province_code", "is no province")
			}
			if level == Commune {
				old.Attrs.OldDistrict = r.text("old_district_code")
			}
		}
		t.became(old, new, firstNew, relationOf(r.text("relation")), "", r.text("nso_note"))
		return nil
	})
}

// relationOf reduces the official wordings: whatever speaks of a part, of the land or of the people, is partial.
func relationOf(s string) string {
	switch s {
	case Unchanged, Renamed, Full:
		return s
	}
	return Partial
}

// unitKinds are the kinds in front of old names, as the official table writes them in any letter case and spelling.
var unitKinds = []string{"Thị trấn", "Đặc khu", "Phường", "Huyện", "Xã"}

func partedUnit(full string) (kind, name string) {
	words := strings.Fields(full)
	for _, kind := range unitKinds {
		if n := len(strings.Fields(kind)); len(words) > n && text.Fold(strings.Join(words[:n], " ")) == text.Fold(kind) {
			return kind, strings.Join(words[n:], " ")
		}
	}
	return "", full
}

func ownName(p Place) string { return "Trực thuộc " + strings.ToLower(p.Kind) + " " + p.Name }
