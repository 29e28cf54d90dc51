// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package places

import (
	"net/http"

	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/place"
	"hoctap/internal/registry"
	"hoctap/internal/store"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

// areaView is one area with the forms that change it.
type areaView struct {
	Frame     ui.Office
	Title     string
	Place     place.Place
	When      string
	Region    string
	Former    []string
	Families  int
	Others    int
	Open      bool // not closed yet
	MayEdit   bool
	MayRegion bool
	Name      ui.Field
	Since     ui.Field
	Last      ui.Field
	Kind      ui.Field
	Failed    string
	Broken    []ui.Broken
	List      string // address of its names
	Public    string // address of its history
	Entry     string
}

func show(v *site.Visit) error { return area(v, http.StatusOK, nil) }

// area shows one area; failed is why a change was refused, and the forms keep what was typed.
func area(v *site.Visit, status int, failed error) error {
	ctx := v.Ctx()
	p, err := v.Here(identity.SeeRecords)
	if err != nil {
		return err
	}
	switch p.Level {
	case place.Commune, place.Province:
		return v.Go(site.With("/khu", "noi", p.ID))
	case place.Area:
	default:
		return fault.NotFound("area", p.ID)
	}
	counts, err := v.Registry.Count(ctx, v.DB.Read(), p.ID)
	if err != nil {
		return err
	}
	view := areaView{Place: p, When: span(v, p), Region: regionWord(v, p.Region), Open: p.ValidTo == store.Still, MayEdit: v.Actor.May(identity.EditPlaces, p.Path), MayRegion: mayRegion(v, p),
		Families: counts[p.ID][registry.Family], Others: subjects(counts[p.ID]) - counts[p.ID][registry.Family], List: "/danh-sach/" + p.ID, Public: "/dia-danh/" + p.ID}
	if v.Actor.May(identity.Score, p.Path) {
		view.Entry = "/nhap/" + p.ID
	}
	for _, f := range p.Attrs.Former {
		view.Former = append(view.Former, v.T("places.former", "name", place.Place{Name: f.Name, Kind: f.Kind}.FullName(), "to", f.To))
	}
	typed := func(name, saved string) string {
		if failed != nil && v.R.PostForm.Has(name) {
			return v.Form(name)
		}
		return saved
	}
	view.Name = ui.Field{Name: "name", Label: v.T("areas.new_name"), Hint: v.T("areas.name_hint"), Value: typed("name", p.FullName()), Attrs: map[string]any{"maxlength": "160", "autocomplete": "off"}}
	view.Since = ui.Field{Name: "from", Label: v.T("areas.since"), Hint: v.T("areas.since_hint"), Type: "date", Class: "input--mid", Optional: true, Value: typed("from", "")}
	view.Last = ui.Field{Name: "last", Label: v.T("areas.last"), Hint: v.T("areas.last_hint"), Type: "date", Class: "input--mid", Value: typed("last", v.Today())}
	view.Kind = ui.Field{Name: "region", Label: v.T("areas.region"), Options: regionOptions(v, p)}
	if failed != nil {
		sentence, errs := lang.Fault(ctx, failed)
		view.Failed = sentence
		for _, f := range []*ui.Field{&view.Name, &view.Since, &view.Last, &view.Kind} {
			f.Err = errs[f.Name]
		}
		view.Broken = ui.BrokenOf(errs, view.Name, view.Since, view.Last, view.Kind)
	}
	commune, err := v.Places.Get(ctx, p.CommuneID)
	if err != nil {
		return err
	}
	view.Title = v.T("areas.one", "area", p.FullName(), "place", commune.FullName())
	view.Frame = v.Frame(view.Title, site.Areas, commune, ui.Crumb{Label: commune.FullName(), Href: v.Above(identity.SeeFigures, p, "/xa/"+commune.ID)},
		ui.Crumb{Label: v.T("nav.areas"), Href: v.Above(identity.EditPlaces, p, site.With("/khu", "noi", commune.ID))}, ui.Crumb{Label: p.FullName()})
	view.Frame.Failed = failed != nil
	return v.ShowAs(status, areaPage(view))
}

// again shows the area after a refused change, or fails.
func again(v *site.Visit, err error) error {
	switch {
	case err == nil:
		return v.Go("/khu/" + v.Path("place"))
	case refused(err):
		status := http.StatusUnprocessableEntity
		if fault.KindOf(err) != fault.KindInvalid {
			status = http.StatusConflict
		}
		return area(v, status, err)
	}
	return err
}

func rename(v *site.Visit) error {
	if err := v.ReadForm(); err != nil {
		return err
	}
	_, err := v.Places.RenameArea(v.Ctx(), v.Actor, v.Path("place"), version(v), place.AreaName{Name: v.Form("name"), From: v.Form("from")})
	return again(v, err)
}

// closeArea ends an area that nobody lives in any more. Its community leaves the registry with it.
func closeArea(v *site.Visit) error {
	if err := v.ReadForm(); err != nil {
		return err
	}
	ctx, id := v.Ctx(), v.Path("place")
	p, err := v.Here(identity.EditPlaces)
	if err != nil {
		return err
	}
	counts, err := v.Registry.Count(ctx, v.DB.Read(), id)
	if err != nil {
		return err
	}
	if n := subjects(counts[id]) - counts[id][registry.Community]; n > 0 {
		return again(v, fault.Conflict("areas.not_empty", "place", p.FullName(), "count", n))
	}
	if err := v.Places.CloseArea(ctx, v.Actor, id, version(v), v.Form("last")); err != nil {
		return again(v, err)
	}
	if counts[id][registry.Community] == 0 {
		return again(v, nil)
	}
	community, err := v.Registry.Get(ctx, v.Actor, id, id)
	if err == nil {
		_, err = v.Registry.Leave(ctx, v.Actor, id, id, community.Version, v.T("areas.closed_reason", "date", v.Form("last")))
	}
	return again(v, err)
}

// setRegion states the region kind of a commune or an area.
func setRegion(v *site.Visit) error {
	if err := v.ReadForm(); err != nil {
		return err
	}
	p, err := v.Places.Get(v.Ctx(), v.Path("place"))
	if err != nil {
		return err
	}
	err = v.Places.SetRegion(v.Ctx(), v.Actor, p.ID, version(v), v.Form("region"))
	switch {
	case p.Level != place.Commune:
		return again(v, err)
	case err == nil:
		return v.Go(site.With("/khu", "noi", p.ID))
	case refused(err):
		return areas(v, http.StatusUnprocessableEntity, p, err)
	}
	return err
}
