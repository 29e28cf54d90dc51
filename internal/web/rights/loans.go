// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package rights

import (
	"net/http"

	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/place"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

type loansView struct {
	Frame   ui.Office
	Lines   []roleLine
	Loans   []loanLine
	May     bool
	Taker   ui.Field
	Role    ui.Field
	At      ui.Field
	From    ui.Field
	To      ui.Field
	Reason  ui.Field
	Broken  []ui.Broken
	Problem string
}

func loans(v *site.Visit) error { return showLoans(v, http.StatusOK, nil) }

// showLoans is the actor's own page: its roles, what it has lent and was lent, and the form to lend.
func showLoans(v *site.Visit, status int, failed error) error {
	given, err := v.Identity.Given(v.Ctx(), v.Actor, v.Actor.ID)
	if err != nil {
		return err
	}
	lent, err := v.Identity.Delegations(v.Ctx(), v.Actor, v.Actor.ID)
	if err != nil {
		return err
	}
	view := loansView{}
	if view.Lines, view.Loans, err = lines(v, given, lent, v.Actor.ID); err != nil {
		return err
	}
	var errs map[string]string
	if failed != nil {
		if view.Problem, errs = lang.Fault(v.Ctx(), failed); len(errs) > 0 {
			view.Problem = ""
		}
	}
	typed := func(name string) string {
		if failed == nil {
			return ""
		}
		return v.Form(name)
	}
	lendable := v.Actor.Lendable()
	if view.May = len(lendable) > 0; view.May {
		takers, err := v.Identity.Takers(v.Ctx(), v.Actor)
		if err != nil {
			return err
		}
		view.Taker = ui.Field{Name: "nguoi-nhan", Label: v.T("rights.taker"), Hint: v.T("rights.taker_hint"), Err: errs["taker"]}
		for _, a := range takers {
			label := a.Name
			if a.Post != "" {
				label += ", " + a.Post
			}
			view.Taker.Options = append(view.Taker.Options, ui.Option{Value: a.ID, Label: label, Chosen: typed("nguoi-nhan") == a.ID})
		}
		view.Role = ui.Field{Name: "vai-tro", Label: v.T("rights.lent_role"), Hint: v.T("rights.lent_role_hint"), Err: errs["role"]}
		for _, r := range lendable {
			view.Role.Options = append(view.Role.Options, ui.Option{Value: string(r), Label: v.T("role." + string(r)), Chosen: typed("vai-tro") == string(r)})
		}
		places, err := ownPlaces(v)
		if err != nil {
			return err
		}
		view.At = ui.Field{Name: "noi", Label: v.T("rights.lent_at"), Options: options(places, typed("noi"))}
		view.From = ui.Field{Name: "from", Label: v.T("rights.from_day"), Type: "date", Err: errs["from"], Value: or(typed("from"), v.Today())}
		view.To = ui.Field{Name: "to", Label: v.T("rights.to_day"), Type: "date", Err: errs["to"], Value: typed("to"), Hint: v.T("rights.lent_to_hint", "days", int(identity.MaxDelegation.Hours()/24))}
		view.Reason = ui.Field{Name: "reason", Label: v.T("rights.lent_reason"), Err: errs["reason"], Value: typed("reason")}
		view.Broken = ui.BrokenOf(errs, view.From, view.To, view.Reason)
	}
	view.Frame = v.Frame(v.T("rights.loans"), site.Rights, v.Own(), ui.Crumb{Label: v.T("rights.title"), Href: "/quyen"}, ui.Crumb{Label: v.T("rights.loans")})
	view.Frame.Failed = failed != nil
	return v.ShowAs(status, loansPage(view))
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// ownPlaces are the places of the actor's own roles, and what lies right below.
func ownPlaces(v *site.Visit) (list []place.Place, err error) {
	seen := map[string]bool{}
	for _, g := range v.Actor.Grants {
		if g.Giver != "" || g.Role == identity.Admin || seen[g.PlaceID] {
			continue
		}
		seen[g.PlaceID] = true
		p, err := v.Places.Get(v.Ctx(), g.PlaceID)
		if err != nil {
			return nil, err
		}
		some, err := v.Below(p)
		if err != nil {
			return nil, err
		}
		list = append(list, some...)
	}
	return list, nil
}

func lend(v *site.Visit) error {
	if err := v.ReadForm(); err != nil {
		return err
	}
	l := identity.Loan{TakerID: v.Form("nguoi-nhan"), Role: identity.Role(v.Form("vai-tro")), PlaceID: v.Form("noi"), From: v.Form("from"), To: v.Form("to"), Reason: v.Form("reason")}
	_, err := v.Identity.Delegate(v.Ctx(), v.Actor, l)
	switch kind := fault.KindOf(err); {
	case err == nil:
		return v.Go("/uy-quyen")
	case kind == fault.KindInvalid:
		return showLoans(v, http.StatusUnprocessableEntity, err)
	case kind == fault.KindConflict:
		return showLoans(v, http.StatusConflict, err)
	}
	return err
}

func recall(v *site.Visit) error {
	if err := v.ReadForm(); err != nil {
		return err
	}
	if err := v.Identity.Recall(v.Ctx(), v.Actor, v.Path("id")); err != nil {
		return err
	}
	return v.Go(site.Inside(v.Form("ve"), "/uy-quyen"))
}
