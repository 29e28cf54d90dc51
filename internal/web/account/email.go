// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package account

import (
	"net/http"

	"hoctap/internal/fault"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

// emailField is the own address for reminders: as typed, else as saved.
func emailField(v *site.Visit, typed string, failed error) ui.Field {
	f := ui.Field{Name: "email", Label: v.T("account.email"), Hint: v.T("account.email_hint"), Type: "email", Value: typed, Optional: true, Attrs: map[string]any{"autocomplete": "email"}}
	if failed != nil {
		_, errs := lang.Fault(v.Ctx(), failed)
		f.Err = errs["email"]
	}
	if typed == "" && f.Err == "" {
		saved, err := v.Identity.Email(v.Ctx(), v.Actor)
		if err != nil {
			v.Log.Warn("own address", "error", err) // the field stays empty; saving says what is wrong
		}
		f.Value = saved
	}
	return f
}

// saveEmail changes the own address for reminders.
func saveEmail(v *site.Visit) error {
	if err := v.ReadForm(); err != nil {
		return err
	}
	err := v.Identity.SetEmail(v.Ctx(), v.Actor, v.Form("email"))
	if fault.KindOf(err) == fault.KindInvalid && err != nil {
		return v.ShowAs(http.StatusUnprocessableEntity, passPage(v.Frame(v.T("password.title"), "", v.Own()), passwordView(v, err)))
	}
	if err != nil {
		return err
	}
	return v.Go(site.PasswordPath + "?xong=thu#thu")
}
