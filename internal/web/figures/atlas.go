// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package figures

import (
	"context"
	"time"

	"hoctap/internal/fault"
	"hoctap/internal/place"
	"hoctap/internal/text"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

// atlas is the map of one day: the communes below a province, or below the provinces that later became it.
type atlas struct {
	date     string
	today    bool     // it is the map that holds today
	paths    []string // of the provinces
	communes []commune
	byID     map[string]*commune
	hexes    []ui.HexPlace // of these communes, in the order of communes; only for today's map
}

// commune is a row of the map of a day.
type commune struct {
	ID, Code, Name, Fold string
	Region               string // region kind, for its target
	Old                  string // name of the province it belonged to before the merger; on an old map the province itself
	hex                  *ui.HexPlace
}

// mapDay reads ?ban-do: a day in the past or today; "" is today.
func mapDay(v *site.Visit) (string, error) {
	day := v.Query("ban-do")
	if day == "" {
		return v.Today(), nil
	}
	if _, err := time.Parse(time.DateOnly, day); err != nil || day > v.Today() {
		return "", fault.Invalid(fault.Field("ban-do", "figures.map_day"))
	}
	return day, nil
}

// atlas returns the map of province on date.
func (d *desk) atlas(v *site.Visit, province place.Place, date string) (*atlas, error) {
	return d.atlases.get(v.Ctx(), v.Now, province.ID+" "+date, func(ctx context.Context) (*atlas, error) {
		a := &atlas{date: date, today: date == v.Today() || date >= province.ValidFrom, byID: map[string]*commune{}}
		provinces := []place.Place{province}
		if !province.On(date) {
			h, err := v.Places.History(ctx, province.ID)
			if err != nil {
				return nil, err
			}
			provinces = nil
			for _, s := range h.Predecessors {
				if s.Old.Level == place.Province && s.Old.On(date) && !has(provinces, s.Old.ID) {
					provinces = append(provinces, s.Old)
				}
			}
			if len(provinces) == 0 {
				return nil, &fault.Fault{Kind: fault.KindNotFound, Key: "not_found.place_then",
					Args: fault.Args{"id": province.ID, "place": province.FullName(), "date": date}}
			}
		}
		for _, p := range provinces {
			a.paths = append(a.paths, p.Path)
			if err := a.add(ctx, v.Places, p, p.Name); err != nil {
				return nil, err
			}
		}
		for i := range a.communes {
			a.byID[a.communes[i].ID] = &a.communes[i]
		}
		if province.On(date) {
			return a, d.placeHexes(a)
		}
		return a, nil
	})
}

// add takes in the communes below p, through the districts where there were any.
func (a *atlas) add(ctx context.Context, places *place.Service, p place.Place, province string) error {
	children, err := places.Children(ctx, p.ID, a.date)
	if err != nil {
		return err
	}
	for _, c := range children {
		switch c.Level {
		case place.District:
			if err := a.add(ctx, places, c, province); err != nil {
				return err
			}
		case place.Commune:
			a.communes = append(a.communes, commune{ID: c.ID, Code: c.Code, Name: c.FullName(), Fold: text.Fold(c.FullName()), Region: c.Region, Old: province})
		}
	}
	return nil
}

// placeHexes gives each commune its cell and the province it came from.
func (d *desk) placeHexes(a *atlas) error {
	all, err := d.hexes()
	if err != nil {
		return err
	}
	byCode := make(map[string]*ui.HexPlace, len(all))
	for i := range all {
		byCode[all[i].Code] = &all[i]
	}
	for i := range a.communes {
		if h := byCode[a.communes[i].Code]; h != nil {
			a.communes[i].hex, a.communes[i].Old = h, h.Region
			a.hexes = append(a.hexes, *h)
		}
	}
	return nil
}

func has(list []place.Place, id string) bool {
	for _, p := range list {
		if p.ID == id {
			return true
		}
	}
	return false
}
