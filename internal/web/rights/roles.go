// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package rights

import (
	"net/http"

	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/place"
	"hoctap/internal/store"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

// roleLine is a role of an account, or a loan, in words.
type roleLine struct {
	Role, Place, Time, By string
	Reason                string
	State                 ui.State
	Given                 identity.Given
	MayTake, MayConfirm   bool
	Login                 string // where the account is not the page's own
	Name                  string
	AccountID             string
}

type loanLine struct {
	ID                          string
	Who, Role, Place, Time, Why string
	Out                         bool // lent by this account, else to it
	State                       ui.State
	MayEnd                      bool
}

type rolesView struct {
	Frame   ui.Office
	ID      string
	Here    string // the place from where the account is managed
	Own     bool
	May     bool
	Lines   []roleLine
	Loans   []loanLine
	Role    ui.Field
	At      ui.Field
	From    ui.Field
	To      ui.Field
	Reason  ui.Field
	Broken  []ui.Broken
	Problem string
	Second  bool // what is given here waits for another
}

// words are names of places and roles for lines.
type words struct {
	v     *site.Visit
	names map[string]string
}

func newWords(v *site.Visit, ids []string) (words, error) {
	names, err := v.Places.Names(v.Ctx(), ids...)
	return words{v, names}, err
}

func (w words) time(from, to string) string {
	ctx := w.v.Ctx()
	switch {
	case to == store.Still && from == store.Always:
		return w.v.T("rights.always")
	case to == store.Still:
		return w.v.T("rights.since", "from", from)
	case from == store.Always:
		return w.v.T("rights.until", "to", to)
	}
	return lang.Day(ctx, from) + " – " + lang.Day(ctx, to)
}

func (w words) role(g *identity.Given) roleLine {
	l := roleLine{Role: w.v.T("role." + string(g.Role)), Place: w.names[g.PlaceID], Time: w.time(g.From, g.To), By: g.By, Reason: g.Reason, Given: *g}
	if l.By == "" {
		l.By = w.v.T("rights.by_system")
	}
	switch g.State {
	case identity.GivenHolds:
		l.State = ui.State{Kind: "ok", Word: w.v.T("rights.state.holds")}
	case identity.GivenComes:
		l.State = ui.State{Kind: "info", Word: w.v.T("rights.state.comes")}
	case identity.GivenWaiting:
		l.State = ui.State{Kind: "warn", Word: w.v.T("rights.state.waiting")}
	default:
		l.State = ui.State{Word: w.v.T("rights.state.ended")}
	}
	return l
}

func (w words) loan(d *identity.Delegation, accountID string) loanLine {
	today := w.v.Today()
	l := loanLine{ID: d.ID, Role: w.v.T("role." + string(d.Role)), Place: w.names[d.PlaceID], Time: w.time(d.From, d.To), Why: d.Reason, Out: d.GiverID == accountID, Who: d.Giver}
	if l.Out {
		l.Who = d.Taker
	}
	switch {
	case d.EndedAt != 0:
		l.State = ui.State{Word: w.v.T("rights.state.recalled")}
	case d.To < today:
		l.State = ui.State{Word: w.v.T("rights.state.ended")}
	case d.Void:
		l.State, l.MayEnd = ui.State{Kind: "bad", Icon: "warning", Word: w.v.T("rights.state.void")}, true
	case d.From > today:
		l.State, l.MayEnd = ui.State{Kind: "info", Word: w.v.T("rights.state.comes")}, true
	default:
		l.State, l.MayEnd = ui.State{Kind: "ok", Word: w.v.T("rights.state.holds")}, true
	}
	return l
}

func roles(v *site.Visit) error { return showRoles(v, http.StatusOK, nil) }

func showRoles(v *site.Visit, status int, failed error) error {
	p, err := v.Here(identity.ManageAccounts)
	if err != nil {
		return err
	}
	id := v.Path("id")
	given, err := v.Identity.Given(v.Ctx(), v.Actor, id)
	if err != nil {
		return err
	}
	lent, err := v.Identity.Delegations(v.Ctx(), v.Actor, id)
	if err != nil {
		return err
	}
	who, err := v.Identity.Named(v.Ctx(), v.Actor, id)
	if err != nil {
		return err
	}
	view := rolesView{ID: id, Here: p.ID, Own: id == v.Actor.ID, May: id != v.Actor.ID, Second: v.Identity.Needs(v.Actor, p.Path)}
	if view.Lines, view.Loans, err = lines(v, given, lent, id); err != nil {
		return err
	}
	for i := range view.Lines {
		l := &view.Lines[i]
		if l.MayTake, err = mayManage(v, l.Given.PlaceID); err != nil {
			return err
		}
		l.MayTake = l.MayTake && !view.Own
		l.MayConfirm = l.MayTake && l.Given.State == identity.GivenWaiting && l.Given.ByID != v.Actor.ID
	}
	places, err := v.Below(p)
	if err != nil {
		return err
	}
	var errs map[string]string
	if failed != nil {
		view.Problem, errs = lang.Fault(v.Ctx(), failed)
		if len(errs) > 0 {
			view.Problem = ""
		}
	}
	typed := func(name string) string {
		if failed == nil {
			return ""
		}
		return v.Form(name)
	}
	view.Role = ui.Field{Name: "role", Label: v.T("accounts.role"), Err: errs["role"]}
	for _, r := range identity.Roles {
		if (r == identity.Admin || r == identity.ProvinceOfficer) && !v.Actor.Has(identity.Admin) {
			continue
		}
		view.Role.Options = append(view.Role.Options, ui.Option{Value: string(r), Label: v.T("role." + string(r)), Chosen: typed("role") == string(r)})
	}
	view.At = ui.Field{Name: "at", Label: v.T("accounts.at"), Err: errs["at"], Options: options(places, typed("at"))}
	view.From = ui.Field{Name: "from", Label: v.T("rights.from_day"), Type: "date", Optional: true, Err: errs["from"], Value: typed("from"), Hint: v.T("rights.from_hint")}
	view.To = ui.Field{Name: "to", Label: v.T("rights.to_day"), Type: "date", Optional: true, Err: errs["to"], Value: typed("to"), Hint: v.T("rights.to_hint")}
	view.Reason = ui.Field{Name: "reason", Label: v.T("rights.reason"), Optional: !view.Second, Err: errs["reason"], Value: typed("reason")}
	view.Broken = ui.BrokenOf(errs, view.Role, view.At, view.From, view.To, view.Reason)
	view.Frame = v.Frame(v.T("rights.roles_of", "name", who.Name), site.Accounts, p, ui.Crumb{Label: p.FullName()},
		ui.Crumb{Label: v.T("nav.accounts"), Href: "/tai-khoan?noi=" + p.ID}, ui.Crumb{Label: who.Login})
	view.Frame.Failed = failed != nil
	return v.ShowAs(status, rolesPage(view))
}

// mayManage reports whether the actor manages accounts at a place.
func mayManage(v *site.Visit, placeID string) (bool, error) {
	path, err := v.Places.Path(v.Ctx(), nil, placeID)
	if fault.KindOf(err) == fault.KindNotFound && err != nil {
		return false, nil
	}
	return v.Actor.May(identity.ManageAccounts, path), err
}

func options(places []place.Place, chosen string) (list []ui.Option) {
	for _, at := range places {
		list = append(list, ui.Option{Value: at.ID, Label: at.FullName(), Chosen: chosen == at.ID})
	}
	return list
}

func lines(v *site.Visit, given []identity.Given, lent []identity.Delegation, accountID string) (roles []roleLine, loans []loanLine, err error) {
	var ids []string
	for _, g := range given {
		ids = append(ids, g.PlaceID)
	}
	for _, d := range lent {
		ids = append(ids, d.PlaceID)
	}
	w, err := newWords(v, ids)
	if err != nil {
		return nil, nil, err
	}
	for i := range given {
		roles = append(roles, w.role(&given[i]))
	}
	for i := range lent {
		loans = append(loans, w.loan(&lent[i], accountID))
	}
	return roles, loans, nil
}

// changeRoles gives, takes, confirms or drops a role.
func changeRoles(v *site.Visit) error {
	if err := v.ReadForm(); err != nil {
		return err
	}
	p, err := v.Here(identity.ManageAccounts)
	if err != nil {
		return err
	}
	id, role, at := v.Path("id"), identity.Role(v.Form("role")), v.Form("at")
	back := "/tai-khoan/" + id + "/vai-tro?noi=" + p.ID
	switch v.Form("viec") {
	case "thoi":
		err = v.Identity.Take(v.Ctx(), v.Actor, id, at, role)
	case "xac-nhan", "bo":
		err = v.Identity.ConfirmGrant(v.Ctx(), v.Actor, id, at, role, v.Form("viec") == "xac-nhan")
		back = "/vai-tro-cho?noi=" + p.ID
	default:
		if err = site.Fits(v, role, at); err == nil {
			_, err = v.Identity.Give(v.Ctx(), v.Actor, identity.GrantTerms{AccountID: id, Role: role, PlaceID: at, From: v.Form("from"), To: v.Form("to"), Reason: v.Form("reason")})
		}
	}
	switch kind := fault.KindOf(err); {
	case err == nil:
		return v.Go(back)
	case kind == fault.KindInvalid:
		return showRoles(v, http.StatusUnprocessableEntity, err)
	case kind == fault.KindConflict, kind == fault.KindStale:
		return showRoles(v, http.StatusConflict, err)
	}
	return err
}

type waitingView struct {
	Frame ui.Office
	Here  string
	Lines []roleLine
}

// waiting lists the roles that a second person has to confirm.
func waiting(v *site.Visit) error {
	p, err := v.Here(identity.ManageAccounts)
	if err != nil {
		return err
	}
	places, err := v.Below(p)
	if err != nil {
		return err
	}
	ids := make([]string, len(places))
	for i := range places {
		ids[i] = places[i].ID
	}
	if p.Level != place.Commune { // a province confirms for the areas of its communes too
		for _, at := range places[1:] {
			children, err := v.Places.Children(v.Ctx(), at.ID, "")
			if err != nil {
				return err
			}
			for _, c := range children {
				ids = append(ids, c.ID)
			}
		}
	}
	list, err := v.Identity.WaitingAt(v.Ctx(), v.Actor, ids...)
	if err != nil {
		return err
	}
	view := waitingView{Here: p.ID}
	var at []string
	for _, x := range list {
		at = append(at, x.PlaceID)
	}
	w, err := newWords(v, at)
	if err != nil {
		return err
	}
	for i := range list {
		l := w.role(&list[i].Given)
		l.Login, l.Name, l.AccountID, l.MayTake, l.MayConfirm = list[i].Login, list[i].Name, list[i].AccountID, true, list[i].ByID != v.Actor.ID && list[i].AccountID != v.Actor.ID
		view.Lines = append(view.Lines, l)
	}
	view.Frame = v.Frame(v.T("rights.waiting_title", "count", len(list)), site.Accounts, p, ui.Crumb{Label: p.FullName()},
		ui.Crumb{Label: v.T("nav.accounts"), Href: "/tai-khoan?noi=" + p.ID}, ui.Crumb{Label: v.T("rights.waiting")})
	return v.Show(waitingPage(view))
}
