// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package figures

import (
	"strings"

	"hoctap/internal/assessment"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/place"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

// name is a row of a list of names.
type name struct {
	Number, Name, Href  string
	Area                string
	Total, State, Class string
	Outcome             string
}

type listView struct {
	Frame       ui.Office
	Title, Lead string
	Path        string
	Model       string
	ShowArea    bool
	Tabs        []ui.Tab
	State       ui.Field
	Query       string
	Hidden      [][2]string
	Names       []name
	Pages       ui.Pages
	Files       func(format string) string
	Clear       string
}

// asked is the filter of a list, as the address gives it.
type asked struct {
	place  place.Place
	round  assessment.Round
	models []string
	filter assessment.Filter
	slug   string
}

// passing is the word in addresses for those who reach the title by their last sheet, whatever the state; registered is for
// those who strive for it.
const (
	passing    = "dat"
	registered = "dang-ky"
)

// strivers are all states but Listed.
var strivers = []assessment.State{assessment.Registered, assessment.Scored, assessment.Sent, assessment.Returned, assessment.Approved, assessment.Rejected,
	assessment.Recognised, assessment.Revoked}

func listOf(v *site.Visit) (a asked, err error) {
	if a.place, err = v.Here(identity.SeeRecords); err != nil {
		return a, err
	}
	r, _, err := v.Round(a.place)
	if err != nil {
		return a, err
	}
	a.round, a.models = r, planned(&r)
	a.slug = v.Query("tinh-trang")
	a.filter = assessment.Filter{PlaceID: a.place.ID, RoundID: r.ID, Model: chosen(v, a.models), Query: v.Query("q"), Limit: namesPage}
	switch a.slug {
	case "":
	case passing:
		a.filter.Outcome = "recognised"
	case registered:
		a.filter.States = strivers
	default:
		for _, s := range append(steps[:len(steps):len(steps)], ends...) {
			if s.slug == a.slug {
				a.filter.States = []assessment.State{s.state}
			}
		}
		if a.filter.States == nil {
			return a, fault.Invalid(fault.Field("tinh-trang", "figures.state"))
		}
	}
	return a, nil
}

// namesPage is how many names a page shows.
const namesPage = 50

func (d *desk) list(v *site.Visit) error {
	a, err := listOf(v)
	if err != nil {
		return err
	}
	if a.place.Level == place.Province { // a million names are nobody's list: the communes come first
		return v.Go(link(v, "/tong-quan", "noi", a.place.ID, "xem", "bang", "tinh-trang", "") + "#bang")
	}
	a.filter.After = cursor(v.Query("sau"))
	found, next, err := v.Assessment.Find(v.Ctx(), v.Actor, a.filter)
	if err != nil {
		return err
	}
	count, err := v.Assessment.Count(v.Ctx(), v.Actor, a.filter)
	if err != nil {
		return err
	}
	path := "/danh-sach/" + a.place.ID
	view := listView{Path: path, Model: a.filter.Model, ShowArea: !a.place.Leaf(), Query: v.Query("q"), Hidden: kept(v, "q", "tinh-trang"), Clear: link(v, path, "q", "", "tinh-trang", "")}
	if view.Names, err = names(v, found); err != nil {
		return err
	}
	view.State = ui.Field{Name: "tinh-trang", Class: "input--mid", Label: v.T("figures.filter.state"), Value: a.slug, Options: stateOptions(v)}
	where := leafName(v, a.place)
	view.Title = v.T("figures.names", "count", count, "subject", v.T("subject."+a.filter.Model), "state", stateWord(v, a.slug), "place", where, "year", a.round.Year)
	view.Lead = v.T("title." + a.filter.Model)
	for _, m := range a.models {
		view.Tabs = append(view.Tabs, ui.Tab{Label: v.T("model." + m), Href: link(v, path, "mo-hinh", m), Current: m == a.filter.Model})
	}
	view.Pages = ui.Pages{Text: v.T("figures.page_names", "count", len(found), "all", count)}
	if v.Query("sau") != "" {
		view.Pages.First = link(v, path)
	}
	if next.ID != "" {
		view.Pages.Next = link(v, path, "sau", next.Sort+"\x1f"+next.ID)
	}
	view.Files = func(format string) string { return link(v, path+"/tai", "dang", format) }
	view.Frame = v.Frame(view.Title, site.Overview, a.place, crumbs(v, a.place)...)
	view.Frame.Scripts = []string{"figures.js"}
	return v.Show(listPage(view))
}

// cursor reads where a page begins: the sort key and the id of the last row before it.
func cursor(s string) assessment.Cursor {
	sort, id, _ := strings.Cut(s, "\x1f")
	return assessment.Cursor{Sort: sort, ID: id}
}

// crumbs lead back from a list to the commune it lies in, where the reader may see that.
func crumbs(v *site.Visit, p place.Place) []ui.Crumb {
	here := ui.Crumb{Label: leafName(v, p)}
	if !p.Leaf() {
		return []ui.Crumb{{Label: p.FullName(), Href: link(v, "/xa/"+p.ID, "tinh-trang", "", "q", "")}, {Label: v.T("figures.names_crumb")}}
	}
	commune, err := v.Places.Get(v.Ctx(), p.CommuneID)
	if err != nil || !v.Actor.May(identity.SeeFigures, commune.Path) {
		return []ui.Crumb{here}
	}
	return []ui.Crumb{{Label: commune.FullName(), Href: link(v, "/xa/"+commune.ID, "tinh-trang", "", "q", "")}, here}
}

// names makes the rows of a list.
func names(v *site.Visit, found []assessment.Assessment) ([]name, error) {
	var ids []string
	seen := map[string]bool{}
	for i := range found {
		if id := found[i].PlaceID; !seen[id] {
			seen[id], ids = true, append(ids, id)
		}
	}
	places, err := v.Places.Names(v.Ctx(), ids...)
	if err != nil {
		return nil, err
	}
	list := make([]name, len(found))
	for i := range found {
		a := &found[i]
		n := name{Number: a.Number, Name: a.Name, Href: "/ho-so/" + a.PlaceID + "/" + a.ID, Area: places[a.PlaceID], Total: "–",
			State: v.T("state." + string(a.State)), Class: stateKind[a.State]}
		if strings.HasPrefix(a.PlaceID, place.OwnLeaf("")) {
			n.Area = v.T("figures.own_leaf")
		}
		if a.Total != nil {
			n.Total = lang.Points(v.Ctx(), int64(*a.Total))
		}
		if a.Outcome != "" {
			n.Outcome = v.T("outcome." + a.Outcome)
		}
		list[i] = n
	}
	return list, nil
}

// stateKind is the colour of a state's pill.
var stateKind = map[assessment.State]string{assessment.Recognised: "ok", assessment.Approved: "ok", assessment.Returned: "warn", assessment.Sent: "info",
	assessment.Rejected: "bad", assessment.Revoked: "bad"}

func stateOptions(v *site.Visit) []ui.Option {
	list := []ui.Option{{Value: "", Label: v.T("figures.state.any")}, {Value: registered, Label: v.T("figures.state.registered")}, {Value: passing, Label: v.T("figures.state.passing")}}
	for _, s := range append(steps[:len(steps):len(steps)], ends...) {
		list = append(list, ui.Option{Value: s.slug, Label: v.T("state." + string(s.state))})
	}
	return list
}

// stateWord is how the title of a list names its state; "" for all.
func stateWord(v *site.Visit, slug string) string {
	for _, o := range stateOptions(v) {
		if o.Value == slug && slug != "" {
			return ": " + lowerFirst(o.Label)
		}
	}
	return ""
}
