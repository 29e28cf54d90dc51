// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Package privacy is the pages of personal data: what persons ask, the register of processing and its public short form, keeping times, the breach book.
package privacy

import (
	"time"

	"github.com/a-h/templ"

	"hoctap/internal/fault"
	"hoctap/internal/place"
	"hoctap/internal/store"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

// Addresses of the pages.
const (
	boardPath    = "/du-lieu-ca-nhan"
	registerPath = "/du-lieu-ca-nhan/so-xu-ly"
	keepPath     = "/du-lieu-ca-nhan/luu-giu"
	breachPath   = "/su-co"
	askPath      = "/yeu-cau-du-lieu"
)

// asksPerMinute is how many requests, or looks at one by its code, an address may send.
const asksPerMinute = 6

// Register adds the routes of this package.
func Register(m *site.Mux) {
	open := asker{site.NewLimiter(func() time.Time { return m.Now() }, asksPerMinute)}
	m.Public("GET /rieng-tu", notice)
	m.Public("GET /yeu-cau-du-lieu", open.form)
	m.Public("POST /yeu-cau-du-lieu", open.send)
	m.Public("GET /yeu-cau-du-lieu/{code}", open.standing)
	m.Signed("GET /du-lieu-ca-nhan", board)
	m.Signed("POST /du-lieu-ca-nhan", receive)
	m.Signed("GET /du-lieu-ca-nhan/yeu-cau/{id}", show)
	m.Signed("POST /du-lieu-ca-nhan/yeu-cau/{id}", act)
	m.Signed("GET /du-lieu-ca-nhan/yeu-cau/{id}/du-lieu", give)
	m.Signed("GET /du-lieu-ca-nhan/yeu-cau/{id}/giay", slip)
	m.Signed("GET /du-lieu-ca-nhan/so-xu-ly", register)
	m.Signed("POST /du-lieu-ca-nhan/so-xu-ly", saveRegister)
	m.Signed("GET /du-lieu-ca-nhan/so-xu-ly/tai", registerFile)
	m.Signed("GET /du-lieu-ca-nhan/luu-giu", keeping)
	m.Signed("POST /du-lieu-ca-nhan/luu-giu", runKeeping)
	m.Signed("GET /su-co", breaches)
	m.Signed("POST /su-co", suspect)
	m.Signed("GET /su-co/{id}", breach)
	m.Signed("POST /su-co/{id}", breachAct)
	m.Signed("GET /su-co/{id}/giay", breachFile)
}

// view is a page: notes, then cards one below the other. Office and public pages share it.
type view struct {
	Frame   ui.Office
	Public  ui.Public
	Lead    string
	Buttons []ui.Btn
	Notes   []note
	Cards   []card
}

type note struct{ Kind, Icon, Title, Text, Do, Href string }

// card is one part of a page: texts, facts, files, a table, forms; each may be missing.
type card struct {
	ID, Title string
	State     ui.State
	Text      []string
	Facts     [][2]string
	Files     []ui.Btn
	Heads     []string
	Rows      [][]cell
	Empty     string
	Forms     []form
}

func (c card) aside() templ.Component {
	if c.State.Word == "" {
		return nil
	}
	return ui.Pill(c.State)
}

type cell struct {
	Text, Href string
	State      ui.State
}

// form is a form; one with a title is folded until it is opened or was refused.
type form struct {
	Action, Title, Lead, Keep, Failed, Note string
	Get, Wide                               bool
	Hidden                                  [][2]string
	Fields                                  []ui.Field
	Broken                                  []ui.Broken
	Do                                      ui.Btn
}

func (f form) open() bool { return f.Failed != "" || len(f.Broken) > 0 }

func (f form) method() string {
	if f.Get {
		return "get"
	}
	return "post"
}

func (f form) grid() string {
	if f.Wide {
		return "stack"
	}
	return "fields2"
}

// plainField takes off the sort of field that only this package knows.
func plainField(x ui.Field) ui.Field {
	x.Type = ""
	if x.Value == "1" && len(x.Options) == 0 {
		x.Value = ""
	}
	return x
}

// refused shows a form again as it was sent, with what is wrong.
func (f *form) refused(v *site.Visit, err error) {
	if err == nil {
		return
	}
	var errs map[string]string
	f.Failed, errs = lang.Fault(v.Ctx(), err)
	for i := range f.Fields {
		x := &f.Fields[i]
		x.Err = errs[x.Name]
		if typed, sent := v.R.PostForm[x.Name]; sent && len(typed) > 0 {
			x.Value = v.Form(x.Name)
			for k := range x.Options {
				x.Options[k].Chosen = false
			}
		} else if x.Type == "check" {
			x.Value = ""
		}
	}
	f.Broken = ui.BrokenOf(errs, f.Fields...)
}

// again says whether an error leaves the person on the page with what was typed.
func again(err error) bool {
	switch fault.KindOf(err) {
	case fault.KindInvalid, fault.KindConflict, fault.KindStale:
		return err != nil
	}
	return false
}

func statusOf(err error) int {
	switch {
	case err == nil:
		return 200
	case fault.KindOf(err) == fault.KindInvalid:
		return 422
	}
	return 409
}

func options[T ~string](v *site.Visit, prefix string, chosen string, list []T) (opts []ui.Option) {
	opts = append(opts, ui.Option{Label: v.T("privacy.choose_one")})
	for _, x := range list {
		opts = append(opts, ui.Option{Value: string(x), Label: v.T(prefix + string(x)), Chosen: string(x) == chosen})
	}
	return opts
}

func (w *view) frame(v *site.Visit, title string, current site.Section, p place.Place, crumbs ...ui.Crumb) {
	w.Frame = v.Frame(title, current, p, append([]ui.Crumb{{Label: v.T("nav." + string(current)), Href: map[site.Section]string{site.Privacy: boardPath, site.Breaches: breachPath}[current]}}, crumbs...)...)
}

// moment reads what <input type=datetime-local> sends, in Vietnam's time; the zero time when it is none.
func moment(s string) time.Time {
	t, err := time.ParseInLocation("2006-01-02T15:04", s, store.Zone)
	if err != nil {
		return time.Time{}
	}
	return t
}

func momentValue(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(store.Zone).Format("2006-01-02T15:04")
}

func said(v *site.Visit, t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return lang.Clock(v.Ctx(), t) + " " + lang.Date(v.Ctx(), t)
}
