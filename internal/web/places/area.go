// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package places

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/place"
	"hoctap/internal/registry"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

// areaLine is a row of the commune's areas.
type areaLine struct {
	Name, Href, When string
	Region           string // its own, where it has one
	Families, Others int
}

// areasView is a commune with its areas.
type areasView struct {
	Frame     ui.Office
	Title     string
	Areas     []areaLine
	Place     string
	Version   int64
	MayAdd    bool
	MayRegion bool
	Region    ui.Field
	RegionNow string
	Name      ui.Field
	Old       ui.Field
	From      ui.Field
	Failed    string
	Broken    []ui.Broken
}

// none says how areas come to be there, to those who may add them.
func (v areasView) none(ctx context.Context) string {
	if v.MayAdd {
		return lang.T(ctx, "areas.none_text")
	}
	return lang.T(ctx, "areas.none_above")
}

// provinceView is a province with its communes, to choose one.
type provinceView struct {
	Frame    ui.Office
	Title    string
	Communes []areaLine
}

func index(v *site.Visit) error {
	p, err := v.Here(identity.EditPlaces)
	if err != nil {
		return err
	}
	switch p.Level {
	case place.Commune:
		return areas(v, http.StatusOK, p, nil)
	case place.Area:
		return v.Go("/khu/" + p.ID)
	case place.Own:
		return v.Go(site.With("/khu", "noi", p.CommuneID))
	}
	children, err := v.Places.Children(v.Ctx(), p.ID, "")
	if err != nil {
		return err
	}
	view := provinceView{}
	for _, c := range children {
		if c.Leaf() {
			continue
		}
		view.Communes = append(view.Communes, areaLine{Name: c.FullName(), Href: site.With("/khu", "noi", c.ID), When: span(v, c), Region: regionWord(v, c.Region)})
	}
	view.Title = v.T("areas.communes", "count", len(view.Communes), "place", p.FullName())
	view.Frame = v.Frame(view.Title, site.Areas, p, ui.Crumb{Label: p.FullName()}, ui.Crumb{Label: v.T("nav.areas")})
	return v.Show(communesPage(view))
}

// areas shows the areas of a commune; failed is why adding one was refused, and the form keeps what was typed.
func areas(v *site.Visit, status int, p place.Place, failed error) error {
	ctx := v.Ctx()
	leaves, err := v.Places.Leaves(ctx, p.ID, "")
	if err != nil {
		return err
	}
	ids := make([]string, len(leaves))
	for i, l := range leaves {
		ids[i] = l.ID
	}
	counts, err := v.Registry.Count(ctx, v.DB.Read(), ids...)
	if err != nil {
		return err
	}
	view := areasView{Place: p.ID, Version: p.Version, RegionNow: regionWord(v, p.Region), MayAdd: v.Actor.May(identity.EditRegistry, p.Path), MayRegion: mayRegion(v, p)}
	for _, l := range leaves {
		if l.Level != place.Area {
			continue
		}
		line := areaLine{Name: l.FullName(), Href: "/khu/" + l.ID, When: span(v, l), Families: counts[l.ID][registry.Family], Others: subjects(counts[l.ID]) - counts[l.ID][registry.Family]}
		if l.RegionSet {
			line.Region = regionWord(v, l.Region)
		}
		view.Areas = append(view.Areas, line)
	}
	view.Title = v.T("areas.title", "count", len(view.Areas), "place", p.FullName())
	view.Name = ui.Field{Name: "name", Label: v.T("areas.name"), Hint: v.T("areas.name_hint"), Value: v.R.PostFormValue("name"), Attrs: map[string]any{"maxlength": "160", "autocomplete": "off"}}
	view.From = ui.Field{Name: "from", Label: v.T("areas.from"), Hint: v.T("areas.from_hint", "from", p.ValidFrom), Type: "date", Class: "input--mid", Optional: true, Value: v.R.PostFormValue("from")}
	if view.Old, err = oldField(v, p); err != nil {
		return err
	}
	view.Region = ui.Field{Name: "region", Label: v.T("areas.region"), Options: regionOptions(v, p)}
	if failed != nil {
		sentence, errs := lang.Fault(ctx, failed)
		view.Failed = sentence
		clean := map[string]string{}
		for name, text := range errs {
			clean[strings.TrimPrefix(name, "0.")] = text
		}
		for _, f := range []*ui.Field{&view.Name, &view.Old, &view.From, &view.Region} {
			f.Err = clean[f.Name]
		}
		view.Broken = ui.BrokenOf(clean, view.Name, view.Old, view.From, view.Region)
	}
	view.Frame = v.Frame(view.Title, site.Areas, p, ui.Crumb{Label: p.FullName(), Href: "/xa/" + p.ID}, ui.Crumb{Label: v.T("nav.areas")})
	view.Frame.Failed = failed != nil
	return v.ShowAs(status, areasPage(view))
}

// oldField asks in which old commune the area lay before, so that results of earlier years add up on the old map.
func oldField(v *site.Visit, p place.Place) (ui.Field, error) {
	f := ui.Field{Name: "old_commune", Label: v.T("areas.old", "from", p.ValidFrom), Hint: v.T("areas.old_hint"), Value: v.R.PostFormValue("old_commune"),
		Options: []ui.Option{{Value: "", Label: v.T("areas.old_none")}}}
	h, err := v.Places.History(v.Ctx(), p.ID)
	if err != nil {
		return f, err
	}
	for _, s := range h.Predecessors {
		if s.New.ID == p.ID && s.Old.Level == place.Commune {
			f.Options = append(f.Options, ui.Option{Value: s.Old.ID, Label: s.Old.FullName()})
		}
	}
	return f, nil
}

// mayRegion says whether the reader may set region kinds at p: that is the province's.
func mayRegion(v *site.Visit, p place.Place) bool {
	above, _, _ := strings.Cut(p.Path, "/"+p.ProvinceID+"/")
	return v.Actor.May(identity.EditPlaces, above+"/"+p.ProvinceID+"/")
}

func create(v *site.Visit) error {
	if err := v.ReadForm(); err != nil {
		return err
	}
	p, err := v.Here(identity.EditPlaces)
	if err != nil {
		return err
	}
	_, err = v.Registry.AddArea(v.Ctx(), v.Actor, place.AreaDraft{CommuneID: p.ID, OldCommuneID: v.Form("old_commune"), Name: v.Form("name"), From: v.Form("from")})
	if refused(err) && p.Level == place.Commune {
		return areas(v, http.StatusUnprocessableEntity, p, err)
	}
	if err != nil {
		return err
	}
	return v.Go(site.With("/khu", "noi", p.ID) + "#cac-khu")
}

// refused says whether a form should be shown again.
func refused(err error) bool {
	switch fault.KindOf(err) {
	case fault.KindInvalid, fault.KindConflict, fault.KindStale:
		return err != nil
	}
	return false
}

func version(v *site.Visit) int64 {
	n, _ := strconv.ParseInt(v.Form("version"), 10, 64)
	return n
}

func subjects(of map[string]int) (n int) {
	for _, c := range of {
		n += c
	}
	return n
}
