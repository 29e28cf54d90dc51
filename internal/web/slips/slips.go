// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Package slips is the sheet that a household, a clan, a unit or a citizen fills in by itself, opened by the code on its slip and without an account, and
// the page on which those who score an area make, print, renew and revoke the slips and take what was sent. Everything of the family's side works
// without a script.
package slips

import (
	"math"
	"net/http"
	"strconv"
	"time"

	"hoctap/internal/evidence"
	"hoctap/internal/fault"
	"hoctap/internal/selfsheet"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

//go:generate go run github.com/a-h/templ/cmd/templ@v0.3.1100 generate -path .

// CodePath is where a code is typed by hand; a link is below it.
const CodePath = "/phieu"

// How often one address may try codes that it types, and one slip may be written to, a minute. A village stands behind few addresses.
const (
	codesPerMinute  = 20
	writesPerMinute = 20
)

// counter answers who comes with a slip.
type counter struct {
	codes  *site.Limiter // by address
	writes *site.Limiter // by slip
}

// Register adds the routes of this package.
func Register(m *site.Mux) {
	now := func() time.Time { return m.Now() }
	c := counter{site.NewLimiter(now, codesPerMinute), site.NewLimiter(now, writesPerMinute)}
	m.Public("GET "+CodePath, func(v *site.Visit) error { return askCode(v, http.StatusOK, "") })
	m.Public("POST "+CodePath, c.typed)
	m.Public("GET "+CodePath+"/{key}", c.show)
	m.Public("POST "+CodePath+"/{key}", c.send)
	m.Public("POST "+CodePath+"/{key}/so-nha", c.unlock)
	m.PublicUpTo("POST "+CodePath+"/{key}/anh", evidence.MaxPicture+formRoom, c.picture)
	m.Public("POST "+CodePath+"/{key}/anh/{id}/bo", c.remove)
	registerBoard(m)
}

// formRoom is the room that the fields and the frame of a form take beside the picture.
const formRoom = 256 << 10

// private keeps a page of one household out of caches and indexes. Its address leaves this site in no referrer: guard sees to that.
func private(v *site.Visit) {
	h := v.W.Header()
	h.Set("Cache-Control", "private, no-store")
	h.Set("X-Robots-Tag", "noindex, nofollow, noarchive")
}

type codeView struct {
	Frame  ui.Public
	Code   ui.Field
	Broken []ui.Broken
	Lost   bool // the link or the code opened nothing
}

// askCode is the page on which a code is typed. It is also the one answer to every link and code that opens nothing.
func askCode(v *site.Visit, status int, failed string) error {
	private(v)
	view := codeView{Frame: frame(v, v.T("slip.code.title")), Lost: failed != ""}
	view.Code = ui.Field{Name: "ma", Label: v.T("slip.code.label"), Hint: v.T("slip.code.hint"), Err: failed,
		Attrs: map[string]any{"maxlength": "20", "autocapitalize": "characters", "autocomplete": "off", "spellcheck": "false", "required": true}}
	if failed != "" {
		view.Broken = []ui.Broken{{ID: "f-ma", Text: failed}}
	}
	return v.ShowAs(status, codePage(view))
}

// frame is that of a family's page: nothing leads away but what every public page shows.
func frame(v *site.Visit, title string) ui.Public {
	p := v.PublicFrame(title)
	p.SignIn = ""
	p.Scripts = []string{"slip.js"}
	return p
}

// typed leads from a code to the sheet.
func (c counter) typed(v *site.Visit) error {
	if ok, wait := c.codes.Allow(v.Address()); !ok {
		return tooOften(v, wait)
	}
	if err := v.ReadForm(); err != nil {
		return err
	}
	secret, err := v.SelfSheets.ByCode(v.Ctx(), v.Form("ma"))
	if fault.KindOf(err) == fault.KindNotFound {
		return askCode(v, http.StatusNotFound, v.T("slip.lost"))
	}
	if err != nil {
		return err
	}
	return v.Go(CodePath + "/" + secret)
}

func tooOften(v *site.Visit, wait time.Duration) error {
	seconds := int(math.Ceil(wait.Seconds()))
	v.W.Header().Set("Retry-After", strconv.Itoa(seconds))
	return askCode(v, http.StatusTooManyRequests, v.T("slip.wait", "count", seconds))
}

// at is a slip that was opened, by one browser.
type at struct {
	*site.Visit
	o     selfsheet.Opened
	proof string // what the browser keeps
	path  string
}

// open finds what the key of the address opens; done is true when the answer was given already. Where writing is asked for, the slip's own brake counts.
func (c counter) open(v *site.Visit, writes bool) (a at, done bool, err error) {
	private(v)
	a = at{Visit: v, path: CodePath + "/" + v.Path("key")}
	a.o, err = v.SelfSheets.Open(v.Ctx(), v.Path("key"), v.Address(), v.Actor.Device)
	if fault.KindOf(err) == fault.KindNotFound {
		return a, true, askCode(v, http.StatusNotFound, v.T("slip.lost"))
	}
	if err != nil {
		return a, false, err
	}
	if writes {
		if ok, wait := c.writes.Allow(a.o.ID); !ok {
			return a, true, tooOften(v, wait)
		}
	}
	if kept, err := v.R.Cookie(a.cookie()); err == nil {
		a.proof = kept.Value
	}
	return a, false, nil
}

// cookie is the name of the one in which a browser keeps the proof that it sent this slip's sheet: a neighbour's phone may help several households.
func (a *at) cookie() string { return "hoctap-nha-" + a.o.ID[max(0, len(a.o.ID)-12):] }

// remember gives the browser the proof.
func (a *at) remember(proof string) {
	if proof == "" {
		return
	}
	a.proof = proof
	http.SetCookie(a.W, &http.Cookie{Name: a.cookie(), Value: proof, Path: CodePath, MaxAge: int((90 * 24 * time.Hour).Seconds()), HttpOnly: true, Secure: a.Secure, SameSite: http.SameSiteLaxMode})
}

// show is the sheet to fill in, what was sent, or why nothing can be.
func (c counter) show(v *site.Visit) error {
	a, done, err := c.open(v, false)
	if done || err != nil {
		return err
	}
	sees := v.SelfSheets.Sees(&a.o, a.proof)
	switch {
	case a.o.File.Late != nil, a.o.File.Sent != nil && sees && v.Query("sua") == "":
		return a.told(http.StatusOK, "", "")
	case v.SelfSheets.Guarded(&a.o, a.proof):
		return a.ask(http.StatusOK, nil)
	}
	return a.form(http.StatusOK, answers{}, nil)
}

// unlock lets another phone of the household in by the number that was shown after sending.
func (c counter) unlock(v *site.Visit) error {
	a, done, err := c.open(v, true)
	if done || err != nil {
		return err
	}
	if err := v.ReadForm(); err != nil {
		return err
	}
	proof, err := v.SelfSheets.Unlock(v.Ctx(), &a.o, v.Form("so-nha"))
	if err != nil {
		if status := statusOf(err); status != 0 {
			return a.ask(status, err)
		}
		return err
	}
	a.remember(proof)
	return v.Go(a.path)
}

// statusOf is the status of a page that is shown again with what was refused; 0 for what goes the usual way.
func statusOf(err error) int {
	switch fault.KindOf(err) {
	case fault.KindInvalid:
		return http.StatusUnprocessableEntity
	case fault.KindConflict, fault.KindStale:
		return http.StatusConflict
	case fault.KindTooMuch:
		return http.StatusTooManyRequests
	}
	return 0
}

// send saves the answers. A phone that another one came before keeps what was typed, and may take the place of the other's by the house number.
func (c counter) send(v *site.Visit) error {
	a, done, err := c.open(v, true)
	if done || err != nil {
		return err
	}
	if err := v.ReadForm(); err != nil {
		return err
	}
	if a.o.File.Late != nil {
		return a.told(http.StatusConflict, "", "")
	}
	typed := answers(v.R.PostForm)
	entry, err := a.entry(typed)
	if err != nil {
		return a.form(http.StatusUnprocessableEntity, typed, err)
	}
	if number := v.Form("so-nha"); number != "" && v.SelfSheets.Guarded(&a.o, a.proof) {
		proof, err := v.SelfSheets.Unlock(v.Ctx(), &a.o, number)
		if err != nil {
			if status := statusOf(err); status != 0 {
				return a.form(status, typed, err)
			}
			return err
		}
		a.remember(proof)
	}
	seen, _ := strconv.ParseInt(v.Form("thay"), 10, 64)
	proof, err := v.SelfSheets.Send(v.Ctx(), &a.o, a.proof, seen, entry)
	if err == nil {
		a.remember(proof)
		return v.Go(a.path)
	}
	status := statusOf(err)
	if status == 0 {
		return err
	}
	again, gone, broken := c.open(v, false) // what the other phone sent, or that the area has scored meanwhile
	if gone || broken != nil {
		return broken
	}
	again.proof = a.proof
	if again.o.File.Late != nil {
		return again.told(status, "", "")
	}
	return again.form(status, typed, err)
}

// picture takes one picture for one line.
func (c counter) picture(v *site.Visit) error {
	a, done, err := c.open(v, true)
	if done || err != nil {
		return err
	}
	defer v.Forget()
	if err := v.ReadUpload(); err != nil {
		return err
	}
	file, head, err := v.R.FormFile("anh")
	if err != nil {
		return a.told(http.StatusUnprocessableEntity, v.T("slip.no_picture"), v.Form("muc"))
	}
	defer file.Close()
	if err := v.SelfSheets.Upload(v.Ctx(), &a.o, a.proof, v.Form("muc"), head.Filename, file); err != nil {
		return a.refused(err, v.Form("muc"))
	}
	return v.Go(a.path + "#anh-" + v.Form("muc"))
}

// remove takes a picture back.
func (c counter) remove(v *site.Visit) error {
	a, done, err := c.open(v, true)
	if done || err != nil {
		return err
	}
	if err := v.ReadForm(); err != nil {
		return err
	}
	if err := v.SelfSheets.Remove(v.Ctx(), &a.o, a.proof, v.Form("muc"), v.Path("id")); err != nil {
		return a.refused(err, v.Form("muc"))
	}
	return v.Go(a.path + "#anh-" + v.Form("muc"))
}
