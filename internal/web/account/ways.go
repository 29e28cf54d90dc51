// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package account

import (
	"net/http"
	"os"
	"strings"
	"time"

	"hoctap/internal/fault"
	"hoctap/internal/identity/ceremony"
	"hoctap/internal/identity/oidc"
	"hoctap/internal/identity/passkey"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/papers"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

// Addresses of the ways in beside the password. The own keys and links stand under the page of the account's security.
const (
	keyPath     = "/dang-nhap/khoa"
	throughPath = "/dang-nhap/qua/"
	waysPath    = site.SecurityPath + "/khoa"
	linkPath    = site.SecurityPath + "/lien-ket"
	leavePath   = "/dang-xuat/qua/"
)

// waysPerMinute is what one address may end of these ways, or begin at a provider; an office shares one. To begin with a key costs nothing and writes nothing,
// and each page of signing in does it by itself: that has the limit of all requests.
const waysPerMinute = 60

// answerLimit is what a browser's answer may have: a key is a few kilobytes.
const answerLimit = 64 << 10

type ways struct {
	signing signing
	limit   *site.Limiter
}

func registerWays(m *site.Mux, s signing) {
	w := ways{s, site.NewLimiter(func() time.Time { return m.Now() }, waysPerMinute)}
	m.PublicUpTo("POST "+keyPath+"/bat-dau", answerLimit, beginKey)
	m.PublicUpTo("POST "+keyPath, answerLimit, w.limited(w.enterByKey))
	m.Signed("GET "+waysPath, showWays)
	m.SignedUpTo("POST "+waysPath+"/bat-dau", answerLimit, beginNewKey)
	m.SignedUpTo("POST "+waysPath, answerLimit, addKey)
	m.Signed("POST "+waysPath+"/{id}", changeKey)
	m.Public("GET "+throughPath+"{provider}", w.limited(w.leaveFor))
	m.Public("GET "+throughPath+"{provider}/tra-ve", w.limited(w.comeBack))
	m.Public("GET "+leavePath+"{provider}", showLeave)
	m.Signed("GET "+linkPath, showLink)
	m.Signed("POST "+linkPath, link)
	m.Signed("POST "+linkPath+"/{provider}/bo", unlink)
	m.Signed("GET /tai-khoan/{id}/lien-ket", showExpect)
	m.Signed("POST /tai-khoan/{id}/lien-ket", expect)
}

func (w ways) limited(page site.Page) site.Page {
	return func(v *site.Visit) error {
		if err := w.limit.Take(v.Address()); err != nil {
			return err
		}
		return page(v)
	}
}

// party is for whom keys are made here. An address in the settings holds for everyone; without one, keys are for trying out on the machine itself.
func party(v *site.Visit) (passkey.Party, bool) {
	if address := os.Getenv(papers.AddressEnv); address != "" {
		return passkey.PartyOf(address)
	}
	scheme := "http://"
	if v.Secure {
		scheme = "https://"
	}
	host, _, _ := strings.Cut(v.R.Host, ":")
	if host != "localhost" && !strings.HasSuffix(host, ".localhost") {
		return passkey.Party{}, false
	}
	return passkey.PartyOf(scheme + v.R.Host)
}

// entry is what the pages of signing in offer beside the password.
type entry struct {
	Origin  string // of pages for which keys are made; "" for none
	Back    string
	Through []oidc.Offer
	Failed  string // what went wrong with one of these ways
	Linking bool   // who came has no account here yet
}

func entryOf(v *site.Visit, back string) entry {
	e := entry{Back: back, Through: v.OIDC.Offers(), Linking: back == linkPath}
	if p, ok := party(v); ok {
		e.Origin = p.Origin()
	}
	return e
}

// again shows the page of signing in with what went wrong; only what the program did wrong itself is an error page.
func (w ways) again(v *site.Visit, back string, err error) error {
	if fault.Ours(err) {
		return err
	}
	sentence, _ := lang.Fault(v.Ctx(), err)
	return w.signing.pageSaying(v, http.StatusUnprocessableEntity, back, "", nil, sentence)
}

const (
	browserCookie = "hoctap-lan"     // names the browser while a way in is under way
	offerCookie   = "hoctap-gan"     // who came from a provider and has no account here yet
	flowCookie    = "hoctap-qua-"    // one for each flow under way, so that two tabs may
	throughCookie = "hoctap-vao-qua" // the provider that opened the session
)

func cookie(v *site.Visit, name string) string {
	c, err := v.R.Cookie(name)
	if err != nil {
		return ""
	}
	return c.Value
}

// give gives the browser a cookie; an empty value takes it away. Lax: providers lead back here from their own site.
func give(v *site.Visit, name, value string, life time.Duration) {
	c := &http.Cookie{Name: name, Value: value, Path: "/", HttpOnly: true, Secure: v.Secure, SameSite: http.SameSiteLaxMode, MaxAge: int(life.Seconds())}
	if value == "" {
		c.MaxAge = -1
	}
	http.SetCookie(v.W, c)
}

// browserOf names the browser; one that has no name gets one.
func browserOf(v *site.Visit) string {
	name := cookie(v, browserCookie)
	if len(name) < 32 {
		name = ceremony.Secret()
		give(v, browserCookie, name, 0)
	}
	return name
}

type begun struct {
	Options any    `json:"options"`
	Sealed  string `json:"sealed"`
}

func beginKey(v *site.Visit) error {
	p, _ := party(v)
	options, sealed, err := v.Passkeys.BeginSignIn(p, browserOf(v))
	if err != nil {
		return err
	}
	return v.JSON(begun{options, sealed})
}

func (w ways) enterByKey(v *site.Visit) error {
	if err := v.ReadForm(); err != nil {
		return err
	}
	p, _ := party(v)
	o, err := v.Passkeys.SignIn(v.Ctx(), p, cookie(v, browserCookie), v.Form("sealed"), []byte(v.Form("answer")), v.Client())
	if err != nil {
		return w.again(v, v.Form("ve"), err)
	}
	give(v, throughCookie, "", 0)
	return enter(v, o, v.Form("ve"))
}

// waysView is the page of the own keys and links.
type waysView struct {
	Frame    ui.Office
	Origin   string // "": no keys can be made for this address
	Keys     []passkey.Key
	Full     bool
	Name     ui.Field
	Password ui.Field
	Links    []linkLine
	Through  []oidc.Offer // that may still be linked
	Failed   string
	Done     string
}

type linkLine struct {
	oidc.Link
	Name    string
	Officer string // who made it, when not the owner
}

var doneWords = []string{"them", "ten", "bo", "gan", "bo-gan"}

func showWays(v *site.Visit) error { return waysAs(v, http.StatusOK, nil) }

func waysAs(v *site.Visit, status int, failed error) (err error) {
	view := waysView{Frame: v.Frame(v.T("ways.title"), "", v.Own(), ui.Crumb{Label: v.T("ways.crumb")})}
	view.Frame.Scripts = append(view.Frame.Scripts, "passkey.js")
	if p, ok := party(v); ok {
		view.Origin = p.Origin()
	}
	if view.Keys, err = v.Passkeys.List(v.Ctx(), v.Actor); err != nil {
		return err
	}
	view.Full = len(view.Keys) >= passkey.MaxKeys
	view.Name = ui.Field{Name: "name", ID: "khoa-ten", Label: v.T("ways.key_name"), Hint: v.T("ways.key_name_hint"), Attrs: map[string]any{"required": true, "maxlength": "60", "autocomplete": "off"}}
	view.Password = ui.Field{Name: "password", ID: "khoa-mk", Label: v.T("ways.password"), Hint: v.T("ways.password_hint"), Type: "password", Attrs: map[string]any{"required": true, "autocomplete": "current-password"}}
	if failed != nil {
		var errs map[string]string
		view.Failed, errs = lang.Fault(v.Ctx(), failed)
		view.Name.Err, view.Name.Value = errs["name"], v.Form("name")
		if view.Name.Err != "" {
			view.Failed = view.Name.Err
		}
	}
	links, err := v.OIDC.Links(v.Ctx(), v.Actor)
	if err != nil {
		return err
	}
	linked := map[string]bool{}
	for _, l := range links {
		line := linkLine{Link: l, Name: v.OIDC.Name(l.Provider)}
		if l.ByID != v.Actor.ID {
			line.Officer = l.By
		}
		linked[l.Provider] = true
		view.Links = append(view.Links, line)
	}
	for _, o := range v.OIDC.Offers() {
		if !linked[o.ID] {
			view.Through = append(view.Through, o)
		}
	}
	for _, word := range doneWords {
		if failed == nil && v.Query("xong") == word {
			view.Done = v.T("ways.done." + word)
		}
	}
	return v.ShowAs(status, waysPage(view))
}

// shown is the page again for what a person can mend.
func shown(v *site.Visit, err error) error {
	if fault.Ours(err) {
		return err
	}
	return waysAs(v, http.StatusUnprocessableEntity, err)
}

func beginNewKey(v *site.Visit) error {
	var sent struct {
		Password string `json:"password"`
	}
	if err := v.Read(&sent); err != nil {
		return err
	}
	p, _ := party(v)
	options, sealed, err := v.Passkeys.BeginAdd(v.Ctx(), v.Actor, p, sent.Password)
	if err != nil {
		return err
	}
	return v.JSON(begun{options, sealed})
}

func addKey(v *site.Visit) error {
	if err := v.ReadForm(); err != nil {
		return err
	}
	p, _ := party(v)
	if _, err := v.Passkeys.Add(v.Ctx(), v.Actor, p, v.Form("sealed"), v.Form("name"), []byte(v.Form("answer"))); err != nil {
		return shown(v, err)
	}
	return v.Go(waysPath + "?xong=them")
}

func changeKey(v *site.Visit) error {
	if err := v.ReadForm(); err != nil {
		return err
	}
	var err error
	done := "ten"
	switch v.Form("act") {
	case "remove":
		done, err = "bo", v.Passkeys.Remove(v.Ctx(), v.Actor, v.Path("id"))
	default:
		err = v.Passkeys.Rename(v.Ctx(), v.Actor, v.Path("id"), v.Form("name"))
	}
	if err != nil {
		return shown(v, err)
	}
	return v.Go(waysPath + "?xong=" + done)
}
