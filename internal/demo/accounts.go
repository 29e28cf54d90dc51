// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"context"
	"strconv"
	"strings"

	"hoctap/internal/identity"
	"hoctap/internal/place"
	"hoctap/internal/text"
)

// login is a name as part of an account's: "Hy Cương" → "hycuong".
func login(name string) string { return strings.ReplaceAll(text.Fold(name), " ", "") }

// volunteersOf is how many areas of a commune have an account of their own, accountsUpTo in how many communes there are accounts
// for reviewers and areas: a password costs some 25 ms.
const (
	volunteersOf = 3
	accountsUpTo = 6
)

// accounts creates the accounts of the demo, all with Password, and tells every area whose scores its sheets are.
func (g *generator) accounts(ctx context.Context) error {
	province, err := g.Places.Get(ctx, g.province)
	if err != nil {
		return err
	}
	r := newRNG(g.o.Seed, "accounts", 0)
	name := func() string {
		return r.person(r.weighted(surnames[kinh]), r.one([]string{"male", "female"}), r.between(1966, 1990))
	}
	create := func(role identity.Role, p place.Place, login, post string) (identity.Actor, error) {
		a := identity.Actor{Login: login, Name: name(), Post: post, Grants: []identity.Grant{{Role: role, PlaceID: p.ID}}}
		var err error
		a.ID, err = g.Identity.Create(ctx, identity.System, identity.Draft{Login: login, Name: a.Name, Post: post, Password: Password, Grant: a.Grants[0],
			Path: p.Path, Demo: true})
		return a, err
	}
	if g.provincial, err = create(identity.ProvinceOfficer, province, "tinh", "Hội Khuyến học tỉnh Phú Thọ"); err != nil {
		return err
	}
	for i, c := range g.communes {
		of := strings.ToLower(c.Kind) + " " + c.Name
		if i < accountsUpTo {
			if c.officer, err = create(identity.CommuneOfficer, c.Place, c.head, "Hội Khuyến học "+of); err != nil {
				return err
			}
			// A second officer: what the first has scored or closed, the first does not approve or judge again.
			if _, err = create(identity.CommuneOfficer, c.Place, "pho."+c.head, "Phó Chủ tịch Hội Khuyến học "+of); err != nil {
				return err
			}
			if c.reviewer, err = create(identity.Reviewer, c.Place, "thamdinh."+c.head, "Thẩm định "+of); err != nil {
				return err
			}
		} else {
			c.officer, c.reviewer = g.communes[0].officer, g.communes[0].reviewer
		}
		own := g.volunteers(c)
		for _, a := range own {
			if i >= accountsUpTo {
				break
			}
			if a.volunteer, err = create(identity.AreaVolunteer, a.Place, login(a.FullName())+"."+c.head, "Chi hội "+a.FullName()+", "+of); err != nil {
				return err
			}
		}
		for j, a := range c.areas {
			if a.volunteer.ID == "" {
				a.volunteer = own[j%len(own)].volunteer
			}
			if a.volunteer.ID == "" {
				a.volunteer = g.communes[0].areas[0].volunteer
			}
			a.holderID = a.volunteer.ID
		}
	}
	if _, err := create(identity.Viewer, province, "xem", "Chỉ xem, "+strconv.Itoa(len(g.communes))+" xã có dữ liệu"); err != nil {
		return err
	}
	_, err = create(identity.Admin, place.Place{ID: place.Root, Path: "/" + place.Root + "/"}, "quantri", "Quản trị hệ thống")
	return err
}

// volunteers chooses the areas that get an account: one each that is in the middle of scoring, has not begun, and waits for the commune.
func (g *generator) volunteers(c *commune) (list []*area) {
	chosen := map[*area]bool{}
	take := func(fits func(*area) bool) {
		for _, a := range c.areas {
			if len(list) < volunteersOf && !chosen[a] && fits(a) {
				chosen[a] = true
				list = append(list, a)
				return
			}
		}
	}
	if r := g.rounds[len(g.rounds)-1]; r.current {
		for _, p := range []phase{begun, untouched, reviewed} {
			take(func(a *area) bool { return g.phase(a, r) == p })
		}
	}
	for range volunteersOf {
		take(func(*area) bool { return true })
	}
	return list
}
