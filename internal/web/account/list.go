// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package account

import (
	"crypto/rand"
	"encoding/binary"
	"net/http"
	"strings"

	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/place"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

func registerList(m *site.Mux) {
	m.Signed("GET /tai-khoan", list)
	m.Signed("GET /tai-khoan/toi", func(v *site.Visit) error { return v.Go(site.PasswordPath) })
	m.Signed("POST /tai-khoan/toi", saveEmail)
	m.Signed("POST /tai-khoan", create)
	m.Signed("POST /tai-khoan/{id}", change)
}

type accountLine struct {
	Account identity.Account
	Where   string
	Role    string
	Own     bool
}

type listView struct {
	Frame    ui.Office
	Place    place.Place
	Lines    []accountLine
	Login    ui.Field
	Name     ui.Field
	Post     ui.Field
	Role     ui.Field
	At       ui.Field
	Password string // a fresh one, proposed; shown once on a slip
	Broken   []ui.Broken
	Slip     *slip
}

// slip is what is handed over on paper: no message, no code by phone.
type slip struct {
	Login, Name, Password string
	Waits                 bool // its role waits for a second person
}

func list(v *site.Visit) error { return page(v, http.StatusOK, nil, nil) }

// below are the places of which the actor sees accounts: the place itself, its children, and the areas of a commune.
func below(v *site.Visit, p place.Place) ([]place.Place, error) {
	children, err := v.Places.Children(v.Ctx(), p.ID, "")
	return append([]place.Place{p}, children...), err
}

func page(v *site.Visit, status int, failed error, done *slip) error {
	p, err := v.Here(identity.ManageAccounts)
	if err != nil {
		return err
	}
	places, err := below(v, p)
	if err != nil {
		return err
	}
	ids, names := make([]string, len(places)), map[string]string{}
	for i, at := range places {
		ids[i], names[at.ID] = at.ID, at.FullName()
	}
	accounts, err := v.Identity.At(v.Ctx(), ids...)
	if err != nil {
		return err
	}
	view := listView{Place: p, Password: phrase(), Slip: done}
	for _, a := range accounts {
		view.Lines = append(view.Lines, accountLine{Account: a, Where: names[a.Grants[0].PlaceID], Role: v.T("role." + string(a.Grants[0].Role)), Own: a.ID == v.Actor.ID})
	}
	var errs map[string]string
	if failed != nil {
		_, errs = lang.Fault(v.Ctx(), failed)
		view.Password = v.Form("password")
	}
	view.Login = ui.Field{Name: "login", Label: v.T("sign_in.login"), Err: errs["login"], Value: keep(v, failed, "login"), Attrs: map[string]any{"autocomplete": "off", "autocapitalize": "none"}}
	view.Name = ui.Field{Name: "name", Label: v.T("accounts.name"), Err: errs["name"], Value: keep(v, failed, "name")}
	view.Post = ui.Field{Name: "post", Label: v.T("accounts.post"), Optional: true, Value: keep(v, failed, "post")}
	view.Role = ui.Field{Name: "role", Label: v.T("accounts.role"), Err: errs["role"]}
	for _, r := range identity.Roles {
		if (r == identity.Admin || r == identity.ProvinceOfficer) && !v.Actor.Has(identity.Admin) {
			continue
		}
		view.Role.Options = append(view.Role.Options, ui.Option{Value: string(r), Label: v.T("role." + string(r)), Chosen: keep(v, failed, "role") == string(r) || failed == nil && r == identity.AreaVolunteer})
	}
	view.At = ui.Field{Name: "at", Label: v.T("accounts.at"), Err: errs["at"]}
	for _, at := range places {
		view.At.Options = append(view.At.Options, ui.Option{Value: at.ID, Label: at.FullName(), Chosen: keep(v, failed, "at") == at.ID})
	}
	view.Broken = ui.BrokenOf(errs, view.Login, view.Name, view.Role, view.At)
	view.Frame = v.Frame(v.T("accounts.title", "count", len(view.Lines)), site.Accounts, p, ui.Crumb{Label: p.FullName()}, ui.Crumb{Label: v.T("nav.accounts")})
	view.Frame.Failed = failed != nil
	return v.ShowAs(status, listPage(view))
}

func keep(v *site.Visit, failed error, name string) string {
	if failed == nil {
		return ""
	}
	return v.Form(name)
}

func create(v *site.Visit) error {
	if err := v.ReadForm(); err != nil {
		return err
	}
	at := v.Form("at")
	path, err := v.Places.Path(v.Ctx(), nil, at)
	if err != nil {
		return err
	}
	d := identity.Draft{Login: v.Form("login"), Name: v.Form("name"), Post: v.Form("post"), Password: v.Form("password"),
		Grant: identity.Grant{Role: identity.Role(v.Form("role")), PlaceID: at}, Path: path}
	if err = site.Fits(v, d.Grant.Role, at); err == nil {
		_, err = v.Identity.Create(v.Ctx(), v.Actor, d)
	}
	if fault.KindOf(err) == fault.KindInvalid && err != nil {
		return page(v, http.StatusUnprocessableEntity, err, nil)
	}
	if err != nil {
		return err
	}
	return page(v, http.StatusOK, nil, &slip{strings.ToLower(d.Login), d.Name, d.Password, v.Identity.Needs(v.Actor, path)})
}

// change resets a password onto a slip, or closes and opens an account.
func change(v *site.Visit) error {
	if err := v.ReadForm(); err != nil {
		return err
	}
	p, err := v.Here(identity.ManageAccounts)
	if err != nil {
		return err
	}
	places, err := below(v, p)
	if err != nil {
		return err
	}
	ids, paths := make([]string, len(places)), map[string]string{}
	for i, at := range places {
		ids[i], paths[at.ID] = at.ID, at.Path
	}
	accounts, err := v.Identity.At(v.Ctx(), ids...)
	if err != nil {
		return err
	}
	for _, a := range accounts {
		if a.ID != v.Path("id") {
			continue
		}
		path := paths[a.Grants[0].PlaceID]
		switch v.Form("act") {
		case "reset":
			fresh := phrase()
			if err := v.Identity.ResetPassword(v.Ctx(), v.Actor, a, path, fresh); err != nil {
				return err
			}
			return page(v, http.StatusOK, nil, &slip{a.Login, a.Name, fresh, false})
		case "close", "open":
			if err := v.Identity.Disable(v.Ctx(), v.Actor, a, path, v.Form("act") == "close"); err != nil {
				return err
			}
		}
		return v.Go("/tai-khoan?noi=" + p.ID)
	}
	return fault.NotFound("account", v.Path("id"))
}

// syllables are easy to read from paper and to type without marks; five of them with a number are about 38 random bits, enough for a
// password that is changed at the first sign-in and braked after a few wrong tries.
var syllables = strings.Fields("an ba bac ban bay be binh ca cam canh cao cau cay chi chim cho co con cu da dao dat day den di do dong du em ga gao gia gio gom " +
	"ha hai han hat hoa hoc hong ke khe kho khu la lam lan le lo lua lung ma mai me mia mo moi mua nam nang nau ngo ngon nha nho nui nuoc oi ong pho phu qua que " +
	"rau ro rung sao sen song sua tam tan tao tau tay the tho thu tia to toi tra tram tre tu tung van vang ve vo vui vuon xa xanh xe xoi xuan yen")

func phrase() string {
	words := make([]string, 5)
	for i := range words {
		words[i] = syllables[pick(len(syllables))]
	}
	number := 10 + pick(90)
	return strings.Join(words, "-") + "-" + string(rune('0'+number/10)) + string(rune('0'+number%10))
}

// pick chooses below n; the bias of a 64-bit remainder is far below what a guesser could use.
func pick(n int) int {
	var b [8]byte
	_, _ = rand.Read(b[:]) // since Go 1.24 it never fails
	return int(binary.LittleEndian.Uint64(b[:]) % uint64(n))
}
