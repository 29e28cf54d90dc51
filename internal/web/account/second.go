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

func registerSecond(m *site.Mux) {
	m.Public("GET "+site.SecondPath, showSecond)
	m.Public("POST "+site.SecondPath, secondStep)
}

// showSecond asks for the second proof of a sign-in that this browser has begun.
func showSecond(v *site.Visit) error {
	if v.Actor.ID != "" {
		return v.Go("/viec")
	}
	if _, err := v.Identity.Pending(v.Ctx(), v.Pending()); fault.KindOf(err) == fault.KindNotFound {
		return v.Go(site.With(site.SignInPath, "ve", site.Inside(v.Query("ve"), ""), "het", "1"))
	} else if err != nil {
		return err
	}
	return secondForm(v, http.StatusOK, v.Query("ve"), nil)
}

func secondForm(v *site.Visit, status int, back string, err error) error {
	view := secondView{Frame: v.PublicFrame(v.T("second.title")), Back: back, Ways: entryOf(v, back)}
	view.Frame.Scripts = append(view.Frame.Scripts, "passkey.js")
	view.Code = codeField(v, v.T("second.code_or_printed"))
	if err != nil {
		sentence, errs := lang.Fault(v.Ctx(), err)
		if len(errs) == 0 {
			errs = map[string]string{"code": sentence}
		}
		view.Code.Err = errs["code"]
		view.Broken = ui.BrokenOf(errs, view.Code)
	}
	return v.ShowAs(status, secondPage(view))
}

func codeField(v *site.Visit, hint string) ui.Field {
	return ui.Field{Name: "code", Label: v.T("second.code"), Hint: hint, Class: "input--mid",
		Attrs: map[string]any{"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false", "required": true}}
}

func secondStep(v *site.Visit) error {
	if err := v.ReadForm(); err != nil {
		return err
	}
	o, err := v.Identity.SecondStep(v.Ctx(), v.Pending(), v.Form("code"), v.Client())
	switch {
	case err == nil:
		return enter(v, o, v.Form("ve"))
	case fault.KindOf(err) == fault.KindNotFound:
		return v.Go(site.With(site.SignInPath, "ve", site.Inside(v.Form("ve"), ""), "het", "1"))
	case fault.Ours(err):
		return err
	}
	return secondForm(v, http.StatusUnprocessableEntity, v.Form("ve"), err)
}
