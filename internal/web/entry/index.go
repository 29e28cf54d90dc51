// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package entry

import (
	"strconv"

	"hoctap/internal/identity"
	"hoctap/internal/place"
	"hoctap/internal/rollup"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

// areaLine is one area with how far it is.
type areaLine struct {
	Name, Href string
	Counts     rollup.Counts
	Complete   int64
}

type indexView struct {
	Frame ui.Office
	Title string
	Model string
	Areas []areaLine
	Tabs  []ui.Tab
}

// index lists the areas that the actor scores; who has one goes there at once.
func index(v *site.Visit) error {
	p, err := v.Here(identity.Score)
	if err != nil {
		return err
	}
	if p.Leaf() {
		if places := v.Actor.Places(identity.Score); len(places) == 1 {
			return v.Go("/nhap/" + p.ID)
		}
	}
	r, _, err := v.Round(p)
	if err != nil {
		return err
	}
	var leaves []place.Place
	for _, id := range v.Actor.Places(identity.Score) {
		below, err := v.Places.Leaves(v.Ctx(), id, "")
		if err != nil {
			return err
		}
		leaves = append(leaves, below...)
	}
	view := indexView{Model: model(v)}
	key := rollup.Key{RoundID: r.ID, Model: view.Model}
	done := 0
	for _, leaf := range leaves {
		t, err := v.Figures.Below(v.Ctx(), leaf.Path, v.Today(), rollup.ByLeaf, r.ID)
		if err != nil {
			return err
		}
		c := t.Total[key]
		if c.Total == 0 {
			continue
		}
		line := areaLine{Name: leaf.FullName(), Href: site.With("/nhap/"+leaf.ID, "mo-hinh", view.Model, "nam", strconv.Itoa(r.Year)), Counts: c,
			Complete: c.Scored + c.Sent + c.Approved + c.Rejected + c.Recognised}
		if leaf.Level == place.Own {
			line.Name = v.T("entry.own_leaf")
		}
		if line.Complete >= c.Registered {
			done++
		}
		view.Areas = append(view.Areas, line)
	}
	view.Title = v.T("entry.index", "done", done, "count", len(view.Areas))
	for _, m := range r.Plan.Models {
		view.Tabs = append(view.Tabs, ui.Tab{Label: v.T("model." + m.Model), Current: m.Model == view.Model, Href: site.With("/nhap", "mo-hinh", m.Model, "nam", strconv.Itoa(r.Year))})
	}
	view.Frame = v.Frame(view.Title, site.Entry, p, ui.Crumb{Label: p.FullName()}, ui.Crumb{Label: v.T("nav.entry")})
	return v.Show(indexPage(view))
}
