// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package account

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/place"
	"hoctap/internal/text"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/papers"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

const slipsPath = "/tai-khoan/phieu"

func registerSlips(m *site.Mux) {
	m.Signed("GET "+slipsPath, func(v *site.Visit) error { return chooseSlips(v, http.StatusOK, nil) })
	m.Signed("POST "+slipsPath, makeSlips)
}

// slipBoard is what a commune may make slips of: accounts of its areas, and areas that have none.
type slipBoard struct {
	place    place.Place
	accounts []identity.Account
	areas    map[string]place.Place
	empty    []place.Place
}

type slipsView struct {
	Frame  ui.Office
	Place  place.Place
	Lines  []slipLine
	Empty  []slipLine
	Broken []ui.Broken
}

type slipLine struct {
	ID, Name, Login, Where string
	Seen                   string
	Idle                   bool // closed because nobody used it: a slip opens it again
	Waiting                bool // it has a slip that was not used
	Chosen                 bool
}

func readBoard(v *site.Visit) (b slipBoard, err error) {
	if b.place, err = v.Here(identity.ManageAccounts); err != nil {
		return b, err
	}
	places, err := v.Below(b.place)
	if err != nil {
		return b, err
	}
	b.areas = map[string]place.Place{}
	var ids []string
	for _, p := range places {
		if p.Leaf() && p.ID != b.place.ID {
			b.areas[p.ID], ids = p, append(ids, p.ID)
		}
	}
	if len(ids) == 0 {
		return b, fault.NotFound("slip_areas", b.place.ID)
	}
	all, err := v.Identity.At(v.Ctx(), ids...)
	if err != nil {
		return b, err
	}
	served := map[string]bool{}
	for _, a := range all {
		if a.Grants[0].Role != identity.AreaVolunteer || a.Disabled && a.Why != "idle" {
			continue
		}
		served[a.Grants[0].PlaceID] = true
		b.accounts = append(b.accounts, a)
	}
	slices.SortStableFunc(b.accounts, func(x, y identity.Account) int { // in the order of the commune's areas: Khu 2 before Khu 13
		return slices.Index(ids, x.Grants[0].PlaceID) - slices.Index(ids, y.Grants[0].PlaceID)
	})
	for _, id := range ids {
		if p := b.areas[id]; !served[id] && p.CommuneID != "" && !strings.HasPrefix(id, "own-") {
			b.empty = append(b.empty, p)
		}
	}
	return b, nil
}

// chooseSlips shows whose passwords can be put on paper.
func chooseSlips(v *site.Visit, status int, failed error) error {
	b, err := readBoard(v)
	if err != nil {
		return err
	}
	chosen := v.R.PostForm["chon"]
	view := slipsView{Place: b.place}
	for _, a := range b.accounts {
		line := slipLine{ID: a.ID, Name: a.Name, Login: a.Login, Where: b.areas[a.Grants[0].PlaceID].FullName(), Idle: a.Disabled, Waiting: a.SlipUntil.After(v.Now()), Chosen: slices.Contains(chosen, a.ID)}
		if !a.Seen.IsZero() {
			line.Seen = lang.Date(v.Ctx(), a.Seen)
		}
		view.Lines = append(view.Lines, line)
	}
	for _, p := range b.empty {
		view.Empty = append(view.Empty, slipLine{ID: p.ID, Where: p.FullName(), Chosen: slices.Contains(chosen, p.ID)})
	}
	if failed != nil {
		_, errs := lang.Fault(v.Ctx(), failed)
		view.Broken = ui.BrokenOf(errs)
	}
	view.Frame = v.Frame(v.T("slips.title"), site.Accounts, b.place, ui.Crumb{Label: b.place.FullName()},
		ui.Crumb{Label: v.T("nav.accounts"), Href: "/tai-khoan?noi=" + b.place.ID}, ui.Crumb{Label: v.T("slips.title")})
	return v.ShowAs(status, slipsPage(view))
}

type printedSlip struct {
	Login, Name, Where, Password, Until string
}

type printedView struct {
	Title, Address, Back string
	Commune              string
	Slips                []printedSlip
	Demo                 bool
}

// makeSlips sets the passwords and answers with the slips, the only time they are seen.
func makeSlips(v *site.Visit) error {
	if err := v.ReadForm(); err != nil {
		return err
	}
	b, err := readBoard(v)
	if err != nil {
		return err
	}
	chosen, all := v.R.PostForm["chon"], v.Form("viec")
	var targets []identity.Account
	var fresh []identity.Draft
	for _, a := range b.accounts {
		if all == "tat-ca" || all != "chua-co" && slices.Contains(chosen, a.ID) {
			targets = append(targets, a)
		}
	}
	for _, p := range b.empty {
		if all == "chua-co" || all != "tat-ca" && slices.Contains(chosen, p.ID) {
			fresh = append(fresh, identity.Draft{Name: v.T("slips.head_of", "area", p.FullName()), Post: p.FullName(), Grant: identity.Grant{Role: identity.AreaVolunteer, PlaceID: p.ID}, Path: p.Path})
		}
	}
	if err := nameLogins(v, b, fresh); err != nil {
		return err
	}
	slips, err := v.Identity.Slips(v.Ctx(), v.Actor, b.place.Path, targets, fresh)
	if kind := fault.KindOf(err); err != nil && kind == fault.KindInvalid {
		return chooseSlips(v, http.StatusUnprocessableEntity, err)
	}
	if err != nil {
		return err
	}
	view := printedView{Title: v.T("slips.title"), Address: papers.Link(v, site.SignInPath), Back: slipsPath + "?noi=" + b.place.ID, Commune: papers.Within(b.place.FullName()), Demo: v.Demo}
	for _, s := range slips {
		view.Slips = append(view.Slips, printedSlip{s.Login, s.Name, b.areas[s.PlaceID].FullName(), s.Password, lang.Date(v.Ctx(), s.Until)})
	}
	return v.Show(printedPage(view))
}

// nameLogins gives accounts to be made their logins: the area and the commune, "khu3.hycuong"; a number is added where that is taken.
func nameLogins(v *site.Visit, b slipBoard, drafts []identity.Draft) error {
	plain := func(s string) string {
		return strings.Map(func(r rune) rune {
			if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
				return r
			}
			return -1
		}, text.Fold(s))
	}
	taken := map[string]bool{}
	for i := range drafts {
		stem := plain(b.areas[drafts[i].Grant.PlaceID].FullName()) + "." + plain(b.place.Name)
		if len(stem) > 50 {
			stem = stem[:50]
		}
		login := stem
		for n := 2; ; n++ {
			free, err := v.Identity.LoginFree(v.Ctx(), login)
			if err != nil {
				return err
			}
			if free && !taken[login] {
				break
			}
			login = stem + strconv.Itoa(n)
		}
		drafts[i].Login, taken[login] = login, true
	}
	return nil
}
