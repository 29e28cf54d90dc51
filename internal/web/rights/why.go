// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package rights

import (
	"net/http"
	"strings"

	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/place"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

// reasonLine is one role's word on the question.
type reasonLine struct {
	roleLine
	Verdict ui.State
	Says    string
}

type barrierLine struct {
	State ui.State
	Says  string
}

type whyView struct {
	Frame    ui.Office
	Asked    bool
	May      bool
	Answer   string
	Reasons  []reasonLine
	Barriers []barrierLine
	File     string // name of the file, "" without one
	Who      []string
	Account  ui.Field
	Act      ui.Field
	At       ui.Field
	Step     ui.Field
	FileAt   ui.Field
}

// why answers "why may she, why may she not": for oneself, and for the accounts that one manages.
func why(v *site.Visit) error {
	account := or(v.Query("tai-khoan"), v.Actor.ID)
	act, step := identity.Act(v.Query("viec")), v.Query("buoc")
	if rule, ok := identity.StepOf(step); ok {
		act = rule.Act
	}
	p, err := placeOf(v)
	if err != nil {
		return err
	}
	view := whyView{Asked: act != ""}
	who := identity.Account{ID: v.Actor.ID, Login: v.Actor.Login, Name: v.Actor.Name}
	if account != v.Actor.ID {
		if who, err = v.Identity.Named(v.Ctx(), v.Actor, account); err != nil {
			return err
		}
	}
	if view.Asked {
		if err := view.answer(v, p, who, act, step); err != nil {
			return err
		}
	}
	if err := view.form(v, p, account, act, step); err != nil {
		return err
	}
	view.Frame = v.Frame(v.T("rights.why"), site.Rights, p, ui.Crumb{Label: v.T("rights.title"), Href: "/quyen"}, ui.Crumb{Label: v.T("rights.why")})
	return v.ShowAs(http.StatusOK, whyPage(view))
}

// placeOf is the place asked about: any place may be named, for the answer tells nothing of what lies there.
func placeOf(v *site.Visit) (p place.Place, err error) {
	id := v.Query("noi")
	if leaf, _, ok := strings.Cut(v.Query("ho-so"), "/"); ok {
		id = leaf
	}
	if id == "" {
		if id = v.Own().ID; id == "" {
			id = place.Root
		}
	}
	return v.Places.Get(v.Ctx(), id)
}

func (w *whyView) answer(v *site.Visit, p place.Place, who identity.Account, act identity.Act, step string) error {
	x, err := v.Identity.Why(v.Ctx(), v.Actor, who.ID, act, p.ID)
	if err != nil {
		return err
	}
	var ids []string
	for _, r := range x.Reasons {
		ids = append(ids, r.PlaceID)
	}
	for _, o := range x.Who {
		ids = append(ids, o.PlaceID)
	}
	names, err := newWords(v, ids)
	if err != nil {
		return err
	}
	for i := range x.Reasons {
		r := &x.Reasons[i]
		l := reasonLine{roleLine: names.role(&r.Given), Says: v.T("verdict." + string(r.Verdict))}
		l.Verdict = ui.State{Kind: "", Word: v.T("rights.no")}
		if r.Verdict == identity.VerdictAllows {
			l.Verdict = ui.State{Kind: "ok", Word: v.T("rights.yes")}
		}
		if r.Lent {
			l.By = v.T("rights.lent_by", "name", r.Giver)
		}
		w.Reasons = append(w.Reasons, l)
	}
	for _, o := range x.Who {
		said := v.T("role."+string(o.Role)) + ", " + names.names[o.PlaceID]
		if o.Post != "" {
			said = o.Post + " (" + said + ")"
		}
		w.Who = append(w.Who, said)
	}
	w.May = x.May
	what := v.T("act." + string(act))
	if err := w.file(v, who.ID, step); err != nil {
		return err
	}
	if w.File != "" {
		what = v.T("step." + step)
	}
	key := "rights.may_not"
	if w.May {
		key = "rights.may"
	}
	w.Answer = v.T(key, "name", who.Name, "what", lower(what), "place", p.FullName())
	if x.Closed {
		w.Answer += " " + v.T("rights.closed")
	}
	return nil
}

// file adds what the file itself says to a step, for those who may see it; who may not learns only of the roles.
func (w *whyView) file(v *site.Visit, accountID, step string) error {
	leaf, id, ok := strings.Cut(v.Query("ho-so"), "/")
	if !ok || step == "" {
		return nil
	}
	actor, err := v.Identity.Actor(v.Ctx(), accountID, "")
	if fault.KindOf(err) == fault.KindNotFound && err != nil { // closed: the roles say so
		return nil
	}
	if err != nil {
		return err
	}
	a, list, err := v.Assessment.Barriers(v.Ctx(), v.Actor, actor, step, leaf, id)
	if err != nil {
		return err
	}
	w.File = a.Name
	for _, b := range list {
		l := barrierLine{State: ui.State{Kind: "ok", Word: v.T("rights.yes")}, Says: v.T("barrier." + b.What)}
		if b.Err != nil {
			sentence, _ := lang.Fault(v.Ctx(), b.Err)
			l.State, l.Says, w.May = ui.State{Kind: "bad", Word: v.T("rights.no")}, sentence, false
		}
		w.Barriers = append(w.Barriers, l)
	}
	return nil
}

func lower(s string) string {
	for i, r := range s {
		return strings.ToLower(string(r)) + s[i+len(string(r)):]
	}
	return s
}

func (w *whyView) form(v *site.Visit, p place.Place, account string, act identity.Act, step string) error {
	w.Account = ui.Field{Name: "tai-khoan", Label: v.T("rights.account"), Options: []ui.Option{{Value: v.Actor.ID, Label: v.T("rights.myself"), Chosen: account == v.Actor.ID}}}
	w.At = ui.Field{Name: "noi", Label: v.T("rights.place"), Options: []ui.Option{{Value: p.ID, Label: p.FullName(), Chosen: true}}}
	if v.Actor.May(identity.ManageAccounts, p.Path) {
		places, err := v.Below(p)
		if err != nil {
			return err
		}
		ids := make([]string, len(places))
		for i := range places {
			ids[i] = places[i].ID
		}
		list, err := v.Identity.At(v.Ctx(), ids...)
		if err != nil {
			return err
		}
		seen := map[string]bool{v.Actor.ID: true}
		for _, a := range list {
			if !seen[a.ID] {
				seen[a.ID] = true
				w.Account.Options = append(w.Account.Options, ui.Option{Value: a.ID, Label: a.Name + " (" + a.Login + ")", Chosen: a.ID == account})
			}
		}
		w.At.Options = options(places, p.ID)
	}
	w.Act = ui.Field{Name: "viec", Label: v.T("rights.act")}
	for _, r := range identity.Rules {
		w.Act.Options = append(w.Act.Options, ui.Option{Value: string(r.Act), Label: v.T("act." + string(r.Act)), Chosen: r.Act == act})
	}
	w.Step = ui.Field{Name: "buoc", Label: v.T("rights.step"), Optional: true, Options: []ui.Option{{Value: "", Label: v.T("rights.no_step")}}}
	for _, s := range identity.Steps {
		w.Step.Options = append(w.Step.Options, ui.Option{Value: s.Name, Label: upper(v.T("step." + s.Name)), Chosen: s.Name == step})
	}
	w.FileAt = ui.Field{Name: "ho-so", Value: v.Query("ho-so")}
	return nil
}
