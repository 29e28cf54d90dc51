// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package places

import (
	"slices"
	"strings"
	"time"

	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/place"
	"hoctap/internal/store"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

// event is one step in the history of a place.
type event struct {
	Date, Old, OldHref, New, NewHref string
	Relation                         string
	Instrument, Note                 string
}

type historyView struct {
	Frame   ui.Public
	Title   string
	Lead    string
	Facts   []string // "Thuộc Tỉnh Phú Thọ", population, centre
	Now     []became
	After   []event
	Before  []event
	Former  []string // earlier names of an area
	Trap    string   // the code named another place before
	TrapTo  string
	Figures string
}

// history is a place through time: what it was called, what it became, by which instrument.
func history(v *site.Visit) error {
	ctx := v.Ctx()
	p, err := v.Places.Get(ctx, v.Path("place"))
	if err != nil {
		return err
	}
	h, err := v.Places.History(ctx, p.ID)
	if err != nil {
		return err
	}
	view := historyView{Before: events(v, h.Predecessors), After: events(v, h.Successors)}
	slices.Reverse(view.Before) // the nearest first
	if !p.On(v.Today()) {
		now, err := v.Places.Successors(ctx, p.ID, "")
		if err != nil {
			return err
		}
		view.Now = becameOf(v, now)
	}
	view.Title = title(v, p, view.Now, h)
	view.Lead = joined(lying(v, p), span(v, p))
	view.Facts = facts(v, p)
	for _, f := range p.Attrs.Former {
		view.Former = append(view.Former, v.T("places.former", "name", strings.TrimSpace(f.Kind+" "+f.Name), "to", f.To))
	}
	if view.Trap, view.TrapTo, err = trap(v, p); err != nil {
		return err
	}
	if p.On(v.Today()) && (p.Level == place.Commune || p.Level == place.Province) && v.Actor.May(identity.SeeFigures, p.Path) {
		view.Figures = "/xa/" + p.ID
	}
	view.Frame = v.PublicFrame(view.Title)
	return v.Show(historyPage(view))
}

// title is the answer: where it is now, or what it was made of.
func title(v *site.Visit, p place.Place, now []became, h place.History) string {
	switch {
	case len(now) == 1:
		return v.T("places.title.now", "place", p.FullName(), "now", now[0].Name)
	case len(now) > 1:
		return v.T("places.title.split", "place", p.FullName(), "count", len(now))
	case !p.On(v.Today()):
		return v.T("places.title.gone", "place", p.FullName(), "to", p.ValidTo)
	}
	direct := 0
	for _, s := range h.Predecessors {
		if s.New.ID == p.ID && s.Date == p.ValidFrom {
			direct++
		}
	}
	if direct > 1 {
		return v.T("places.title.from", "place", p.FullName(), "count", direct, "from", p.ValidFrom)
	}
	return p.FullName()
}

func events(v *site.Visit, list []place.Succession) (out []event) {
	for _, s := range list {
		out = append(out, event{Date: s.Date, Old: s.Old.FullName(), OldHref: "/dia-danh/" + s.Old.ID, New: s.New.FullName(), NewHref: "/dia-danh/" + s.New.ID,
			Relation: v.T("places.relation." + s.Relation), Instrument: s.Instrument, Note: s.Note})
	}
	return out
}

// lying names what the place lies in today, or lay in on its last day.
func lying(v *site.Visit, p place.Place) string {
	above, err := v.Places.Ancestors(v.Ctx(), p.ID, "")
	if err != nil || len(above) == 0 {
		return "" // the history is whole without it
	}
	var names []string
	for _, a := range above[1:] {
		names = append(names, a.FullName())
	}
	slices.Reverse(names)
	if len(names) == 0 {
		return ""
	}
	return v.T("places.in", "list", strings.Join(names, ", "))
}

func facts(v *site.Visit, p place.Place) (list []string) {
	if !p.Leaf() && p.Level != place.Country {
		list = append(list, v.T("places.code", "code", p.Code))
	}
	if p.Attrs.LaterCode != "" {
		list = append(list, v.T("places.later_code", "code", p.Attrs.LaterCode))
	}
	if p.Population > 0 {
		list = append(list, v.T("places.population", "count", p.Population))
	}
	if p.Attrs.Centre != "" {
		list = append(list, v.T("places.centre", "centre", p.Attrs.Centre))
	}
	return list
}

// trap warns when the code of the place named another one before: identity cards and old lists still carry it.
func trap(v *site.Visit, p place.Place) (text, href string, err error) {
	first, err := time.Parse(time.DateOnly, p.ValidFrom)
	if p.Leaf() || err != nil || p.ValidFrom == store.Always {
		return "", "", nil
	}
	old, err := v.Places.ByCode(v.Ctx(), p.Level, p.Code, first.AddDate(0, 0, -1).Format(time.DateOnly))
	if fault.KindOf(err) == fault.KindNotFound && err != nil {
		return "", "", nil
	}
	if err != nil || old.FullName() == p.FullName() {
		return "", "", err
	}
	return v.T("places.trap", "code", p.Code, "from", p.ValidFrom, "place", old.FullName()), "/dia-danh/" + old.ID, nil
}

func joined(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), ". ")
}
