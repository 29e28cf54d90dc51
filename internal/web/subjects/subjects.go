// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Package subjects holds the pages of the registry: lists by area and model, one subject with all that is known of it, and the acts
// that change it: save, move, leave, lists of members, duplicates, what other registers say. Who may do what is decided by
// the registry's verbs; pages only leave out the buttons of acts that would be refused.
package subjects

import (
	"slices"
	"strings"

	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/place"
	"hoctap/internal/registry"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

// Register adds the routes of this package.
func Register(m *site.Mux) {
	m.Signed("GET /so-bo", index)
	m.Signed("GET /so-bo/{place}", list)
	m.Signed("GET /so-bo/{place}/tai", download)
	m.Signed("GET /so-bo/{place}/moi", fresh)
	m.Signed("POST /so-bo/{place}/moi", create)
	m.Signed("GET /so-bo/{place}/trung", twins)
	m.Signed("POST /so-bo/{place}/trung", settleTwins)
	m.Signed("POST /so-bo/{place}/trung/hoan-tac", undoMerge)
	m.Signed("GET /so-bo/{place}/chuyen-den", arrivals)
	m.Signed("POST /so-bo/{place}/chuyen-den", settleArrival)
	m.Signed("GET /so-bo/{place}/{id}", show)
	m.Signed("POST /so-bo/{place}/{id}", save)
	m.Signed("GET /so-bo/{place}/{id}/sua", edit)
	m.Signed("GET /so-bo/{place}/{id}/chuyen", moveForm)
	m.Signed("POST /so-bo/{place}/{id}/chuyen", move)
	m.Signed("GET /so-bo/{place}/{id}/roi-di", leaveForm)
	m.Signed("POST /so-bo/{place}/{id}/roi-di", leave)
	m.Signed("GET /so-bo/{place}/{id}/tro-lai", backForm)
	m.Signed("POST /so-bo/{place}/{id}/tro-lai", back)
	m.Signed("GET /so-bo/{place}/{id}/thanh-vien", members)
	m.Signed("POST /so-bo/{place}/{id}/thanh-vien", setMember)
	m.Signed("POST /so-bo/{place}/{id}/muc", setEntries)
	m.Signed("POST /so-bo/{place}/{id}/dong-y", consent)
	m.Signed("GET /so-bo/{place}/{id}/dong-y/phieu", consentSlip)
	m.Signed(revealRoute, reveal)
}

// models are in the order of use, not in the order in which a round closes.
var models = []string{registry.Family, registry.Citizen, registry.Clan, registry.Unit, registry.Community}

// modelOf is the model that the address names, families when it names none.
func modelOf(v *site.Visit) (string, error) {
	m := v.Query("mo-hinh")
	if m == "" {
		return registry.Family, nil
	}
	if !slices.Contains(models, m) {
		return "", fault.Invalid(fault.Field("mo-hinh", "registry.unknown_value", "value", m))
	}
	return m, nil
}

func pathOf(placeID string, more ...string) string {
	return strings.Join(append([]string{"/so-bo/" + placeID}, more...), "/")
}

func hrefOf(r registry.Subject) string { return pathOf(r.PlaceID, r.ID) }

// own says whether a leaf is the one for what belongs to no area.
func own(id string) bool { return strings.HasPrefix(id, place.OwnLeaf("")) }

// leafName names a leaf inside its commune.
func leafName(v *site.Visit, p place.Place) string {
	if own(p.ID) {
		return v.T("subjects.own_leaf")
	}
	return p.FullName()
}

// names gives the name of each place, an area with its commune.
func names(v *site.Visit, ids ...string) (map[string]string, error) {
	out := map[string]string{}
	for _, id := range ids {
		if _, done := out[id]; done || id == "" {
			continue
		}
		p, err := v.Places.Get(v.Ctx(), id)
		if err != nil {
			return nil, err
		}
		if out[id], err = longName(v, p); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func longName(v *site.Visit, p place.Place) (string, error) {
	if !p.Leaf() || p.CommuneID == "" {
		return p.FullName(), nil
	}
	commune, err := v.Places.Get(v.Ctx(), p.CommuneID)
	if err != nil {
		return "", err
	}
	if own(p.ID) {
		return commune.FullName(), nil
	}
	return v.T("subjects.area_in", "area", p.FullName(), "place", commune.FullName()), nil
}

// editor says whether the reader may change the registry at the place: for buttons, never instead of the verbs.
func editor(v *site.Visit, p place.Place) bool { return v.Actor.May(identity.EditRegistry, p.Path) }

// crumbs lead from the commune down to the place, linked where the reader may see the list, and on to what follows.
func crumbs(v *site.Visit, p place.Place, model string, more ...ui.Crumb) ([]ui.Crumb, error) {
	list := []ui.Crumb{{Label: v.T("nav.subjects"), Href: "/so-bo"}}
	if p.Leaf() && p.CommuneID != "" {
		commune, err := v.Places.Get(v.Ctx(), p.CommuneID)
		if err != nil {
			return nil, err
		}
		c := ui.Crumb{Label: commune.FullName()}
		if v.Actor.May(identity.SeeRecords, commune.Path) {
			c.Href = site.With(pathOf(commune.ID), "mo-hinh", model)
		}
		list = append(list, c)
	}
	list = append(list, ui.Crumb{Label: leafName(v, p), Href: site.With(pathOf(p.ID), "mo-hinh", model)})
	return append(list, more...), nil
}

// dash stands for what is not known.
func dash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}
