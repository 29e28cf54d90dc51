// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package subjects

import (
	"net/url"
	"slices"

	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/place"
	"hoctap/internal/registry"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

const (
	pageRows = 50
	manyRows = 500 // what one Find gives at most
	maxCount = 1000
)

// index leads to the list of the reader's own place.
func index(v *site.Visit) error {
	p, err := v.Here(identity.SeeRecords)
	if err != nil {
		return err
	}
	return v.Go(site.With(pathOf(p.ID), "mo-hinh", v.Query("mo-hinh")))
}

type head struct {
	Label string
	Num   bool
}

type row struct {
	Name, Href, Meta string
	Cells            []string
}

type listView struct {
	Frame    ui.Office
	Title    string
	Path     string
	Model    string
	Models   []ui.Tab
	Areas    ui.Field
	State    ui.Field
	Query    ui.Field
	Filtered bool
	Clear    string
	Heads    []head
	Rows     []row
	Pages    ui.Pages
	Gap      ui.Gap
	Add      string // address of the form for a new one; empty for those who may not
	Import   string
	Twins    string
	Arrivals string // sentence on moves that wait for an answer
	XLSX     string
	CSV      string
}

// asked is what the address asks for.
type asked struct {
	place  place.Place
	model  string
	filter registry.Filter
}

func ask(v *site.Visit) (a asked, err error) {
	if a.place, err = v.Here(identity.SeeRecords); err != nil {
		return a, err
	}
	if a.model, err = modelOf(v); err != nil {
		return a, err
	}
	a.filter = registry.Filter{PlaceID: a.place.ID, Model: a.model, Query: v.Query("q"), State: registry.Active, After: v.Query("sau"), Limit: pageRows}
	if s := v.Query("tinh-trang"); s != "" {
		a.filter.State = registry.State(s)
		if !slices.Contains(states, a.filter.State) {
			return a, fault.Invalid(fault.Field("tinh-trang", "registry.unknown_value", "value", s))
		}
	}
	return a, nil
}

var states = []registry.State{registry.Active, registry.Left, registry.Merged}

// wide says whether a place is above the communes: a million names are nobody's list.
func wide(p place.Place) bool { return !p.Leaf() && p.Level != place.Commune }

func list(v *site.Visit) error {
	a, err := ask(v)
	if err != nil {
		return err
	}
	if area := v.Query("khu"); area != "" && area != a.place.ID {
		return v.Go(site.With(pathOf(url.PathEscape(area)), "mo-hinh", v.Query("mo-hinh"), "q", v.Query("q"), "tinh-trang", v.Query("tinh-trang")))
	}
	if wide(a.place) {
		return communes(v, a)
	}
	page, err := v.Registry.Find(v.Ctx(), v.Actor, a.filter)
	if err != nil {
		return err
	}
	leaves, err := v.Places.Leaves(v.Ctx(), a.place.ID, "")
	if err != nil {
		return err
	}
	counts, err := countsOf(v, leaves)
	if err != nil {
		return err
	}
	where, err := longName(v, a.place)
	if err != nil {
		return err
	}
	view := listView{Path: pathOf(a.place.ID), Model: a.model, Filtered: a.filter.Query != "" || a.filter.State != registry.Active}
	total, more := counts[a.model], false
	if view.Filtered {
		if total, more, err = count(v, a.filter, page); err != nil {
			return err
		}
	}
	view.Title = titleOf(v, a, total, more, where)
	view.Rows = rowsOf(v, a, page.Subjects, leaves)
	view.Heads = headsOf(v, a.model)
	if err := view.fill(v, a, counts, leaves); err != nil {
		return err
	}
	view.Pages = ui.Pages{Text: v.T("subjects.page", "count", len(page.Subjects), "all", total)}
	if a.filter.After != "" {
		view.Pages.First = a.with(v, "sau", "")
	}
	if page.Next != "" {
		view.Pages.Next = a.with(v, "sau", page.Next)
	}
	trail, err := crumbs(v, a.place, a.model)
	if err != nil {
		return err
	}
	view.Frame = v.Frame(view.Title, site.Subjects, a.place, trail...)
	return v.Show(listPage(view))
}

// with is the address of the same list with some values changed.
func (a asked) with(v *site.Visit, pairs ...string) string {
	return a.at(v, pathOf(a.place.ID), pairs...)
}

func (a asked) at(v *site.Visit, path string, pairs ...string) string {
	values := map[string]string{"mo-hinh": v.Query("mo-hinh"), "q": v.Query("q"), "tinh-trang": v.Query("tinh-trang"), "sau": v.Query("sau")}
	for i := 0; i+1 < len(pairs); i += 2 {
		values[pairs[i]] = pairs[i+1]
	}
	var all []string
	for k, x := range values {
		all = append(all, k, x)
	}
	return site.With(path, all...)
}

func titleOf(v *site.Visit, a asked, total int, more bool, where string) string {
	number := lang.Number(v.Ctx(), int64(total))
	if more {
		number = v.T("subjects.over", "count", maxCount)
	}
	key := "subjects.title"
	switch {
	case a.filter.State == registry.Left:
		key = "subjects.title_left"
	case a.filter.State == registry.Merged:
		key = "subjects.title_merged"
	}
	title := v.T(key, "number", number, "subject", v.T("subject."+a.model), "place", where)
	if a.filter.Query != "" {
		title = v.T("subjects.title_found", "title", title, "query", a.filter.Query)
	}
	return title
}

// countsOf counts the active subjects of leaves by model.
func countsOf(v *site.Visit, leaves []place.Place) (map[string]int, error) {
	ids := make([]string, len(leaves))
	for i, l := range leaves {
		ids[i] = l.ID
	}
	each, err := v.Registry.Count(v.Ctx(), v.DB.Read(), ids...)
	out := map[string]int{}
	for _, m := range each {
		for model, n := range m {
			out[model] += n
		}
	}
	return out, err
}

// count counts what a filter finds, up to maxCount: a search has no counter, and nobody reads more hits than that.
func count(v *site.Visit, f registry.Filter, first registry.Page) (n int, more bool, err error) {
	if f.After == "" && first.Next == "" {
		return len(first.Subjects), false, nil
	}
	f.After, f.Limit = "", manyRows
	for n < maxCount {
		page, err := v.Registry.Find(v.Ctx(), v.Actor, f)
		if err != nil {
			return 0, false, err
		}
		n += len(page.Subjects)
		if f.After = page.Next; f.After == "" {
			return n, false, nil
		}
	}
	return n, true, nil
}

// fill adds what stands around the rows: tabs, filters, acts.
func (view *listView) fill(v *site.Visit, a asked, counts map[string]int, leaves []place.Place) error {
	for _, m := range models {
		view.Models = append(view.Models, ui.Tab{Label: v.T("model." + m), Count: lang.Number(v.Ctx(), int64(counts[m])), Href: a.with(v, "mo-hinh", m, "sau", ""), Current: m == a.model})
	}
	view.Query = ui.Field{Name: "q", Label: v.T("subjects.search"), Value: a.filter.Query, Type: "search"}
	view.State = ui.Field{Name: "tinh-trang", Label: v.T("subjects.state")}
	for _, s := range states {
		view.State.Options = append(view.State.Options, ui.Option{Value: string(s), Label: v.T("subjects.state." + string(s)), Chosen: s == a.filter.State})
	}
	if err := view.areas(v, a, leaves); err != nil {
		return err
	}
	view.Clear = site.With(view.Path, "mo-hinh", a.model)
	view.XLSX, view.CSV = a.at(v, view.Path+"/tai", "dang", "xlsx", "sau", ""), a.at(v, view.Path+"/tai", "dang", "csv", "sau", "")
	view.Twins = site.With(view.Path+"/trung", "mo-hinh", a.model)
	if a.model == registry.Community {
		view.Twins = ""
	}
	if editor(v, a.place) {
		view.Import = site.With("/nhap-tep", "noi", a.place.ID)
		if a.model != registry.Community {
			view.Add = site.With(view.Path+"/moi", "mo-hinh", a.model)
		}
	}
	view.Gap = ui.Gap{Icon: "people", Title: v.T("subjects.none", "subject", v.T("subject."+a.model)), Text: v.T("subjects.none_text")}
	if view.Filtered || a.filter.After != "" {
		view.Gap = ui.Gap{Icon: "search", Title: v.T("subjects.not_found"), Text: v.T("subjects.not_found_text")}
	}
	moves, err := v.Registry.MoveRequests(v.Ctx(), v.Actor, a.place.ID)
	if len(moves) > 0 {
		view.Arrivals = v.T("subjects.arrivals", "count", len(moves))
	}
	return err
}

// areas is the choice of an area; on the page of an area it leads to its neighbours, for those who may see the commune.
func (view *listView) areas(v *site.Visit, a asked, leaves []place.Place) error {
	up := a.place
	if a.place.Leaf() {
		if a.place.CommuneID == "" {
			return nil
		}
		var err error
		if up, err = v.Places.Get(v.Ctx(), a.place.CommuneID); err != nil {
			return err
		}
		if !v.Actor.May(identity.SeeRecords, up.Path) {
			return nil
		}
		if leaves, err = v.Places.Leaves(v.Ctx(), up.ID, ""); err != nil {
			return err
		}
	}
	view.Areas = ui.Field{Name: "khu", Label: v.T("registry.field.area"), Options: []ui.Option{{Value: up.ID, Label: v.T("subjects.all_areas"), Chosen: up.ID == a.place.ID}}}
	for _, l := range leaves {
		view.Areas.Options = append(view.Areas.Options, ui.Option{Value: l.ID, Label: leafName(v, l), Chosen: l.ID == a.place.ID})
	}
	return nil
}

type communesView struct {
	Frame ui.Office
	Title string
	Units []row
}

// communes lists what lies in a province: names are read commune by commune.
func communes(v *site.Visit, a asked) error {
	list, err := v.Places.Children(v.Ctx(), a.place.ID, "")
	if err != nil {
		return err
	}
	view := communesView{}
	for _, c := range list {
		name := c.FullName()
		if own(c.ID) {
			name = v.T("subjects.own_province")
		}
		view.Units = append(view.Units, row{Name: name, Href: site.With(pathOf(c.ID), "mo-hinh", v.Query("mo-hinh"))})
	}
	view.Title = v.T("subjects.choose_commune", "count", len(list), "place", a.place.FullName())
	view.Frame = v.Frame(view.Title, site.Subjects, a.place, ui.Crumb{Label: v.T("nav.subjects")})
	return v.Show(communesPage(view))
}
