// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package account

import (
	"net/http"

	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/identity/oidc"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/papers"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

// ReturnPath is where a provider sends people back to; it is registered there with the client.
func ReturnPath(provider string) string { return throughPath + provider + "/tra-ve" }

// stateName is the part of a state that names its cookie.
func stateName(state string) string { return flowCookie + state[:min(len(state), 12)] }

// leaveFor sends the person to a provider. Whoever has signed in goes there to link his account.
func (w ways) leaveFor(v *site.Visit) error {
	id := v.Path("provider")
	back := site.Inside(v.Query("ve"), "")
	address, state, sealed, err := v.OIDC.Begin(v.Ctx(), id, papers.Link(v, ReturnPath(id)), back)
	if err != nil {
		v.Log.Warn("identity provider", "provider", id, "error", clipped(err))
		return w.failed(v, back, err)
	}
	give(v, stateName(state), sealed, oidc.Life)
	v.W.Header().Set("Cache-Control", "no-store")
	http.Redirect(v.W, v.R, address, http.StatusSeeOther)
	return nil
}

// failed says what went wrong where the person began.
func (w ways) failed(v *site.Visit, back string, err error) error {
	if v.Actor.ID != "" && fault.KindOf(err) != fault.KindNotFound {
		return shown(v, err)
	}
	if fault.KindOf(err) == fault.KindNotFound {
		return err
	}
	return w.again(v, back, err)
}

// clipped is the detail for the log; a provider may write long answers into it.
func clipped(err error) string {
	text := err.Error()
	return text[:min(len(text), 400)]
}

// comeBack takes what the person brought from the provider. The address holds a code, so nothing but a redirect or a page without links out follows.
func (w ways) comeBack(v *site.Visit) error {
	id, name := v.Path("provider"), stateName(v.Query("state"))
	sealed := cookie(v, name)
	give(v, name, "", 0)
	v.W.Header().Set("Cache-Control", "no-store")
	who, back, err := v.OIDC.Finish(v.Ctx(), id, sealed, v.R.URL.Query())
	if err != nil {
		v.Log.Warn("identity provider", "provider", id, "error", clipped(err))
		return w.failed(v, back, err)
	}
	if v.Actor.ID != "" {
		offer, err := v.OIDC.Offer(who, browserOf(v))
		if err != nil {
			return err
		}
		give(v, offerCookie, offer, oidc.OfferLife)
		return v.Go(linkPath)
	}
	o, offer, err := v.OIDC.SignIn(v.Ctx(), who, browserOf(v), v.Client())
	if err != nil {
		return w.failed(v, back, err)
	}
	if offer != "" {
		give(v, offerCookie, offer, oidc.OfferLife)
		return v.Go(site.Again(linkPath))
	}
	give(v, throughCookie, id, identity.MaxLife)
	return enter(v, o, back)
}

type linkView struct {
	Frame    ui.Office
	Provider string
	Offered  oidc.Offered
	Differs  bool // the provider's name of the person is not the account's
	Login    string
	Name     string
	Password ui.Field
	Broken   []ui.Broken
}

func showLink(v *site.Visit) error { return linkAs(v, http.StatusOK, nil) }

func linkAs(v *site.Visit, status int, failed error) error {
	o, _, err := v.OIDC.Offered(cookie(v, offerCookie), cookie(v, browserCookie))
	if err != nil {
		return v.Go(waysPath) // nothing to confirm any more
	}
	name := v.OIDC.Name(o.Provider)
	view := linkView{Frame: v.Frame(v.T("ways.link_title", "provider", name), "", v.Own(), ui.Crumb{Label: v.T("ways.crumb"), Href: waysPath}), Provider: name, Offered: o,
		Login: v.Actor.Login, Name: v.Actor.Name, Differs: o.Name != "" && foldName(o.Name) != foldName(v.Actor.Name)}
	view.Password = ui.Field{Name: "password", Label: v.T("ways.password"), Hint: v.T("ways.link_password_hint"), Type: "password", Attrs: map[string]any{"required": true, "autocomplete": "current-password"}}
	if failed != nil {
		sentence, errs := lang.Fault(v.Ctx(), failed)
		if len(errs) == 0 {
			errs = map[string]string{"password": sentence}
		}
		view.Password.Err = errs["password"]
		view.Broken = ui.BrokenOf(errs, view.Password)
	}
	return v.ShowAs(status, linkPage(view))
}

func link(v *site.Visit) error {
	if err := v.ReadForm(); err != nil {
		return err
	}
	if v.Form("act") == "no" {
		give(v, offerCookie, "", 0)
		return v.Go(waysPath)
	}
	err := v.OIDC.Confirm(v.Ctx(), v.Actor, cookie(v, offerCookie), cookie(v, browserCookie), v.Form("password"))
	switch {
	case fault.Ours(err):
		return err
	case fault.KindOf(err) == fault.KindInvalid && err != nil:
		return linkAs(v, http.StatusUnprocessableEntity, err)
	case err != nil:
		give(v, offerCookie, "", 0)
		return shown(v, err)
	}
	give(v, offerCookie, "", 0)
	return v.Go(waysPath + "?xong=gan")
}

func unlink(v *site.Visit) error {
	if err := v.OIDC.Unlink(v.Ctx(), v.Actor, v.Path("provider")); err != nil {
		return shown(v, err)
	}
	return v.Go(waysPath + "?xong=bo-gan")
}

type leaveView struct {
	Frame    ui.Public
	Provider string
	Address  string
}

// signedOut is where to go after signing out: a person who came through a provider is still signed in there, which matters on a shared machine.
func signedOut(v *site.Visit) string {
	id := cookie(v, throughCookie)
	give(v, throughCookie, "", 0)
	for _, o := range v.OIDC.Offers() {
		if o.ID == id {
			return leavePath + id
		}
	}
	return "/"
}

// showLeave offers to sign out at the provider too. It is a link and no redirect: the policy of our pages lets no form lead to another site.
func showLeave(v *site.Visit) error {
	id := v.Path("provider")
	address := v.OIDC.EndSession(v.Ctx(), id, papers.Link(v, "/"))
	if address == "" {
		return v.Go("/")
	}
	name := v.OIDC.Name(id)
	return v.Show(leavePage(leaveView{Frame: v.PublicFrame(v.T("ways.leave_title")), Provider: name, Address: address}))
}
