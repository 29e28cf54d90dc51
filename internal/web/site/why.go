// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package site

import (
	"strings"

	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/place"
)

// reason is what a refused person is told besides: what would be needed, whose task it is, and where more stands.
type reason struct {
	Needs string
	Whose string
	Href  string
}

// whyDenied says in short what is missing and which posts could do it; nothing for faults that are no matter of roles.
func (v *Visit) whyDenied(err error) (r reason) {
	f, ok := fault.As(err)
	if !ok || f.Kind != fault.KindDenied || v.Actor.ID == "" {
		return r
	}
	act, named := strings.CutPrefix(f.Key, "denied.")
	if !named || identity.RolesOf(identity.Act(act)) == nil {
		return r
	}
	roles := make([]string, 0, 3)
	for _, role := range identity.RolesOf(identity.Act(act)) {
		roles = append(roles, v.T("role."+string(role)))
	}
	r.Needs = v.T("rights.denied_needs", "act", v.T("act."+act), "roles", strings.Join(roles, ", "))
	r.Href = With("/vi-sao", "viec", act)
	id, _ := f.Args["place"].(string)
	if id = v.aPlace(id, v.Path("place"), v.Query("noi")); id == "" {
		return r
	}
	r.Href = With("/vi-sao", "viec", act, "noi", id)
	posts, err := v.Identity.Whose(v.Ctx(), identity.Act(act), id)
	if err != nil {
		v.Log.Warn("whose task", "error", err) // the refusal stands without it
		return r
	}
	var names []string
	for _, p := range posts {
		if name := p.Post; name != "" && len(names) < 3 {
			names = append(names, name)
		}
	}
	if len(names) > 0 {
		r.Whose = v.T("rights.denied_whose", "posts", strings.Join(names, "; "))
	}
	return r
}

// aPlace is the first of ids that is a place.
func (v *Visit) aPlace(ids ...string) string {
	for _, id := range ids {
		if id == "" {
			continue
		}
		if p, err := v.Places.Get(v.Ctx(), id); err == nil {
			return p.ID
		}
	}
	return ""
}

// Fits refuses a role at a place of another level: a head of an area who was given the whole commune by a slip could score everywhere in it.
func Fits(v *Visit, role identity.Role, placeID string) error {
	p, err := v.Places.Get(v.Ctx(), placeID)
	switch {
	case err != nil:
		return err
	case role == identity.AreaVolunteer && !p.Leaf():
		return fault.Invalid(fault.Field("at", "account.at_area"))
	case role == identity.CommuneOfficer && p.Level != place.Commune:
		return fault.Invalid(fault.Field("at", "account.at_commune"))
	}
	return nil
}
