// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package account

import (
	"net/http"
	"strconv"
	"strings"

	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/place"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

const termsPath = "/tai-khoan/quy-dinh"

func registerTerms(m *site.Mux) {
	m.Signed("GET "+termsPath, func(v *site.Visit) error { return terms(v, http.StatusOK, nil, nil) })
	m.Signed("POST "+termsPath, saveTerms)
}

type termsView struct {
	Frame  ui.Office
	Rows   []termsRow
	Broken []ui.Broken
	Saved  bool
}

type termsRow struct {
	Role   string
	Second ui.Field
	Fields []ui.Field
}

// numbers are the fields of a role's terms that are numbers, in the order of the page.
var numbers = []struct {
	name string
	of   func(*identity.Terms) *int
}{
	{"grace_days", func(t *identity.Terms) *int { return &t.GraceDays }},
	{"idle_minutes", func(t *identity.Terms) *int { return &t.IdleMinutes }},
	{"life_hours", func(t *identity.Terms) *int { return &t.LifeHours }},
	{"password_days", func(t *identity.Terms) *int { return &t.PasswordDays }},
	{"close_days", func(t *identity.Terms) *int { return &t.CloseDays }},
}

// terms shows what each role keeps to when it signs in. typed is what was sent, kept when it was refused.
func terms(v *site.Visit, status int, typed map[string]string, failed error) error {
	if !v.Actor.Everywhere(identity.Operate) {
		return fault.Denied(string(identity.ManageAccounts), "")
	}
	all, err := v.Identity.Terms(v.Ctx())
	if err != nil {
		return err
	}
	var errs map[string]string
	if failed != nil {
		_, errs = lang.Fault(v.Ctx(), failed)
	}
	view := termsView{Saved: v.Query("xong") == "1"}
	var fields []ui.Field
	value := func(name, saved string) string {
		if typed != nil {
			return typed[name]
		}
		return saved
	}
	for _, r := range identity.Roles {
		t := all[r]
		row := termsRow{Role: v.T("role." + string(r))}
		name := string(r) + ".second"
		row.Second = ui.Field{Name: name, ID: strings.ReplaceAll(name, ".", "-"), Label: v.T("terms.second") + ", " + row.Role, Err: errs[name], Value: value(name, string(t.Second))}
		for _, s := range []identity.Second{identity.SecondOff, identity.SecondGrace, identity.SecondOn} {
			if r == identity.AreaVolunteer && s != identity.SecondOff {
				continue
			}
			row.Second.Options = append(row.Second.Options, ui.Option{Value: string(s), Label: v.T("terms.second." + string(s))})
		}
		fields = append(fields, row.Second)
		for _, n := range numbers {
			name := string(r) + "." + n.name
			f := ui.Field{Name: name, ID: strings.ReplaceAll(name, ".", "-"), Label: v.T("terms."+n.name) + ", " + row.Role, Err: errs[name], Class: "input--num input--short",
				Value: value(name, strconv.Itoa(*n.of(&t))), Attrs: map[string]any{"inputmode": "numeric"}}
			row.Fields = append(row.Fields, f)
			fields = append(fields, f)
		}
		view.Rows = append(view.Rows, row)
	}
	view.Broken = ui.BrokenOf(errs, fields...)
	view.Frame = v.Frame(v.T("terms.title"), site.Accounts, place.Place{}, ui.Crumb{Label: v.T("nav.accounts"), Href: "/tai-khoan"}, ui.Crumb{Label: v.T("terms.title")})
	view.Frame.Failed = failed != nil
	return v.ShowAs(status, termsPage(view))
}

func saveTerms(v *site.Visit) error {
	if err := v.ReadForm(); err != nil {
		return err
	}
	if !v.Actor.Everywhere(identity.Operate) {
		return fault.Denied(string(identity.ManageAccounts), "")
	}
	all, typed := map[identity.Role]identity.Terms{}, map[string]string{}
	for _, r := range identity.Roles {
		name := string(r) + ".second"
		typed[name] = v.Form(name)
		t := identity.Terms{Second: identity.Second(typed[name])}
		for _, n := range numbers {
			name := string(r) + "." + n.name
			typed[name] = v.Form(name)
			number, err := strconv.Atoi(strings.TrimSpace(typed[name]))
			if err != nil {
				number = -1 // no limit allows it, so the field says which numbers may stand there
			}
			if t.Second != identity.SecondGrace && n.name == "grace_days" && err != nil {
				number = 0
			}
			*n.of(&t) = number
		}
		all[r] = t
	}
	err := v.Identity.SetTerms(v.Ctx(), v.Actor, all)
	if err != nil && fault.KindOf(err) == fault.KindInvalid {
		return terms(v, http.StatusUnprocessableEntity, typed, err)
	}
	if err != nil {
		return err
	}
	return v.Go(termsPath + "?xong=1")
}
