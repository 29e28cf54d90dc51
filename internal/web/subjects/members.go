// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package subjects

import (
	"slices"
	"strconv"
	"strings"

	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/place"
	"hoctap/internal/registry"
	"hoctap/internal/store"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

type candidate struct {
	Key, Name, Meta string
	As              string // what the member is to a unit, in words
	Href            string
}

type pickView struct {
	Frame   ui.Office
	Title   string
	Self    string
	Back    string
	Version string
	Unit    bool // members and learners are told apart
	Now     []candidate
	Query   ui.Field
	Asked   bool
	Found   []candidate
	More    bool
	Done    bool
}

const maxFound = 20

// members is the page on which the list of a clan or unit is made: who is on it, and a search for whom to add.
func members(v *site.Visit) error {
	r, p, err := group(v)
	if err != nil {
		return err
	}
	list, err := v.Registry.Members(v.Ctx(), v.Actor, r.PlaceID, r.ID)
	if err != nil {
		return err
	}
	as, err := rolesOf(v, r)
	if err != nil {
		return err
	}
	view := pickView{Title: v.T("subjects.pick."+r.Model, "count", len(list), "name", r.Name), Self: hrefOf(r) + "/thanh-vien", Back: hrefOf(r),
		Version: strconv.FormatInt(r.Version, 10), Unit: r.Model == registry.Unit, Done: v.Query("xong") != ""}
	on := map[string]bool{}
	where, err := names(v, append(elsewhere(list, ""), r.PlaceID)...)
	if err != nil {
		return err
	}
	for _, s := range list {
		on[s.ID] = true
		c := candidate{Key: s.PlaceID + "/" + s.ID, Name: s.Name, Meta: join(metaOf(v, s), where[s.PlaceID])}
		if view.Unit {
			c.As = v.T("subjects.as." + as[s.ID])
		}
		if s.State != registry.Active {
			c.Meta = v.T("subjects.pick.inactive")
		}
		view.Now = append(view.Now, c)
	}
	view.Query = ui.Field{Name: "q", Label: v.T("subjects.pick.search." + r.Model), Hint: v.T("subjects.search_hint"), Type: "search", Value: v.Query("q")}
	if view.Asked = strings.TrimSpace(v.Query("q")) != ""; view.Asked {
		if err := view.find(v, p, r, on); err != nil {
			return err
		}
	}
	trail, err := crumbs(v, p, r.Model, ui.Crumb{Label: r.Name, Href: hrefOf(r)}, ui.Crumb{Label: v.T("subjects.pick.crumb")})
	if err != nil {
		return err
	}
	view.Frame = v.Frame(view.Title, site.Subjects, p, trail...)
	return v.Show(pickPage(view))
}

// group is the clan or unit of the address, for those who may change it.
func group(v *site.Visit) (r registry.Subject, p place.Place, err error) {
	r, p, err = editable(v)
	if err == nil && r.Model != registry.Clan && r.Model != registry.Unit {
		err = fault.NotFound("subject", r.ID)
	}
	return r, p, err
}

// find looks for members in the whole commune, or in the area alone when the reader may see no more.
func (view *pickView) find(v *site.Visit, p place.Place, r registry.Subject, on map[string]bool) error {
	f := registry.Filter{PlaceID: p.ID, Model: memberModel(r), Query: v.Query("q"), Limit: maxFound}
	if p.CommuneID != "" {
		path, err := v.Places.Path(v.Ctx(), nil, p.CommuneID)
		if err != nil {
			return err
		}
		if v.Actor.May(identity.SeeRecords, path) {
			f.PlaceID = p.CommuneID
		}
	}
	page, err := v.Registry.Find(v.Ctx(), v.Actor, f)
	if err != nil {
		return err
	}
	view.More = page.Next != ""
	where, err := names(v, elsewhere(page.Subjects, "")...)
	if err != nil {
		return err
	}
	for _, s := range page.Subjects {
		if !on[s.ID] {
			view.Found = append(view.Found, candidate{Key: s.PlaceID + "/" + s.ID, Name: s.Name, Meta: join(metaOf(v, s), where[s.PlaceID])})
		}
	}
	return nil
}

func memberModel(group registry.Subject) string {
	if group.Model == registry.Clan {
		return registry.Family
	}
	return registry.Citizen
}

const selectRoles = `SELECT member_id, member FROM membership WHERE place_id = $1 AND group_id = $2`

// rolesOf says what each member is to the group; the registry's list of members does not tell.
func rolesOf(v *site.Visit, r registry.Subject) (map[string]string, error) {
	out := map[string]string{}
	err := store.Each(v.Ctx(), v.DB.Read(), func(s store.Scanner) error {
		var id, as string
		err := s.Scan(&id, &as)
		out[id] = as
		return err
	}, selectRoles, r.PlaceID, r.ID)
	return out, err
}

// setMember puts one on the list or takes one off. Whoever has left meanwhile goes off with it: a list holds only who is there.
func setMember(v *site.Visit) error {
	if err := v.ReadForm(); err != nil {
		return err
	}
	r, _, err := group(v)
	if err != nil {
		return err
	}
	list, err := v.Registry.Members(v.Ctx(), v.Actor, r.PlaceID, r.ID)
	if err != nil {
		return err
	}
	as, err := rolesOf(v, r)
	if err != nil {
		return err
	}
	var next []registry.Member
	for _, s := range list {
		if s.State == registry.Active {
			next = append(next, registry.Member{PlaceID: s.PlaceID, ID: s.ID, As: as[s.ID]})
		}
	}
	if placeID, id, ok := strings.Cut(v.Form("them"), "/"); ok {
		m := registry.Member{PlaceID: placeID, ID: id, As: registry.MemberFamily}
		if r.Model == registry.Unit {
			m.As = registry.MemberOfUnit
			if v.Form("la") == registry.MemberLearner {
				m.As = registry.MemberLearner
			}
		}
		next = append(next, m)
	}
	if _, id, ok := strings.Cut(v.Form("bo"), "/"); ok {
		next = slices.DeleteFunc(next, func(m registry.Member) bool { return m.ID == id })
	}
	version, _ := strconv.ParseInt(v.Form("version"), 10, 64)
	if _, err := v.Registry.SetMembers(v.Ctx(), v.Actor, r.PlaceID, r.ID, version, next); err != nil {
		return err
	}
	return v.Go(site.With(hrefOf(r)+"/thanh-vien", "q", v.Form("q"), "xong", "1"))
}
