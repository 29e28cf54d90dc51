// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package subjects

import (
	"strconv"
	"strings"

	"hoctap/internal/place"
	"hoctap/internal/registry"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/site"
)

func headsOf(v *site.Visit, model string) []head {
	switch model {
	case registry.Family:
		return []head{{v.T("registry.field.members"), true}, {v.T("registry.field.phone"), true}}
	case registry.Citizen:
		return []head{{v.T("registry.field.birth_year"), true}, {v.T("subjects.field.citizen_group"), false}}
	case registry.Clan, registry.Community:
		return []head{{v.T("subjects.field.head"), false}, {v.T("subjects.field.families"), true}}
	}
	return []head{{v.T("registry.field.kind"), false}, {v.T("subjects.field.persons"), true}}
}

func rowsOf(v *site.Visit, a asked, found []registry.Subject, leaves []place.Place) []row {
	areas := map[string]string{}
	for _, l := range leaves {
		areas[l.ID] = leafName(v, l)
	}
	list := make([]row, len(found))
	for i, r := range found {
		var meta []string
		if r.Number != "" {
			meta = append(meta, v.T("subjects.numbered", "number", r.Number))
		}
		if r.BirthYear != 0 && r.Model == registry.Family {
			meta = append(meta, v.T("subjects.born", "year", r.BirthYear))
		}
		if !a.place.Leaf() && r.Model != registry.Community {
			meta = append(meta, areas[r.PlaceID])
		}
		list[i] = row{Name: r.Name, Href: hrefOf(r), Meta: strings.Join(meta, " · "), Cells: cellsOf(v, r)}
	}
	return list
}

func cellsOf(v *site.Visit, r registry.Subject) []string {
	switch r.Model {
	case registry.Family:
		return []string{whole(v, r.Members), dash(r.Phone)}
	case registry.Citizen:
		return []string{dash(typedOf(r)["birth_year"]), dash(kindWord(v, r))}
	case registry.Clan, registry.Community:
		return []string{dash(r.Body), whole(v, r.Members)}
	}
	return []string{dash(kindWord(v, r)), whole(v, r.Members)}
}

func whole(v *site.Visit, n int) string {
	if n == 0 {
		return dash("")
	}
	return lang.Number(v.Ctx(), int64(n))
}

func year(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// kindWord says what a unit or a citizen is.
func kindWord(v *site.Visit, r registry.Subject) string {
	switch {
	case r.Kind == "":
		return ""
	case r.Model == registry.Unit:
		return v.T("registry.unit_type." + r.Kind)
	}
	return v.T("registry.citizen_group." + r.Kind)
}
