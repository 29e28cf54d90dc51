// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package account

import (
	"net/http"
	"slices"
	"strings"

	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/place"
	"hoctap/internal/sheet"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

const reviewPath = "/tai-khoan/ra-soat"

func registerReview(m *site.Mux) {
	m.Signed("GET "+reviewPath, func(v *site.Visit) error { return review(v, http.StatusOK, nil) })
	m.Signed("POST "+reviewPath, saveReview)
	m.Signed("GET "+reviewPath+"/tai", reviewFile)
}

type reviewView struct {
	Frame   ui.Office
	Place   place.Place
	Last    identity.AccessReview
	Overdue bool
	Saved   bool
	Lines   []reviewLine
	Broken  []ui.Broken
}

type reviewLine struct {
	Account                   identity.Account
	Where, Roles, Seen, State string
	Second                    string
	Own, Close, Keep          bool
}

// readReview lists the accounts of a place and below as somebody looks them through: one line an account, whatever its roles.
func readReview(v *site.Visit) (p place.Place, lines []reviewLine, paths map[string]string, err error) {
	if p, err = v.Here(identity.ManageAccounts); err != nil {
		return p, nil, nil, err
	}
	places, err := v.Below(p)
	if err != nil {
		return p, nil, nil, err
	}
	ids, names := make([]string, len(places)), map[string]string{}
	paths = map[string]string{}
	for i, at := range places {
		ids[i], names[at.ID], paths[at.ID] = at.ID, at.FullName(), at.Path
	}
	accounts, err := v.Identity.At(v.Ctx(), ids...)
	if err != nil {
		return p, nil, nil, err
	}
	at := map[string]int{}
	for _, a := range accounts {
		role := v.T("role."+string(a.Grants[0].Role)) + ", " + names[a.Grants[0].PlaceID]
		if i, known := at[a.ID]; known { // another of its roles, at another place
			lines[i].Roles += "; " + role
			continue
		}
		at[a.ID] = len(lines)
		l := reviewLine{Account: a, Where: names[a.Grants[0].PlaceID], Roles: role, Seen: v.T("accounts.never"), State: v.T("accounts.open"), Second: v.T("second.off"), Own: a.ID == v.Actor.ID}
		if !a.Seen.IsZero() {
			l.Seen = lang.Date(v.Ctx(), a.Seen)
		}
		if a.Second {
			l.Second = v.T("second.on")
		}
		if a.Disabled {
			l.State = v.T("accounts.closed")
		}
		lines = append(lines, l)
	}
	return p, lines, paths, nil
}

func review(v *site.Visit, status int, failed error) error {
	p, lines, _, err := readReview(v)
	if err != nil {
		return err
	}
	view := reviewView{Place: p, Saved: v.Query("xong") == "1"}
	if view.Last, err = v.Identity.LastReview(v.Ctx(), v.Actor, p.Path, p.ID); err != nil {
		return err
	}
	view.Overdue = view.Last.Overdue(v.Now())
	for _, l := range lines {
		if l.Account.Disabled {
			continue
		}
		if failed != nil {
			l.Close, l.Keep = v.Form("a."+l.Account.ID) == "dong", v.Form("a."+l.Account.ID) == "giu"
		}
		view.Lines = append(view.Lines, l)
	}
	if failed != nil {
		_, errs := lang.Fault(v.Ctx(), failed)
		view.Broken = ui.BrokenOf(errs)
	}
	view.Frame = v.Frame(v.T("access_review.title"), site.Accounts, p, ui.Crumb{Label: p.FullName()}, ui.Crumb{Label: v.T("nav.accounts"), Href: "/tai-khoan?noi=" + p.ID}, ui.Crumb{Label: v.T("access_review.title")})
	view.Frame.Failed = failed != nil
	return v.ShowAs(status, reviewPage(view))
}

// saveReview records the answers. Every account that is open needs one: a review that leaves some out is none.
func saveReview(v *site.Visit) error {
	if err := v.ReadForm(); err != nil {
		return err
	}
	p, lines, paths, err := readReview(v)
	if err != nil {
		return err
	}
	var verdicts []identity.ReviewVerdict
	var missing []string
	for _, l := range lines {
		if l.Account.Disabled {
			continue
		}
		answer := v.Form("a." + l.Account.ID)
		if !l.Own && !slices.Contains([]string{"giu", "dong"}, answer) {
			missing = append(missing, l.Account.Login)
		}
		verdicts = append(verdicts, identity.ReviewVerdict{Account: l.Account, Path: paths[l.Account.Grants[0].PlaceID], Close: answer == "dong" && !l.Own})
	}
	if len(missing) > 0 {
		shown := strings.Join(missing[:min(len(missing), 5)], ", ")
		err = fault.Invalid(fault.Field("bang", "access_review.missing", "count", len(missing), "logins", shown))
		return review(v, http.StatusUnprocessableEntity, err)
	}
	if _, err := v.Identity.Review(v.Ctx(), v.Actor, p.Path, p.ID, verdicts); err != nil {
		return err
	}
	return v.Go(site.With(reviewPath, "noi", p.ID, "xong", "1"))
}

// reviewFile sends the list of accounts, closed ones too: ?dang=csv, else a workbook.
func reviewFile(v *site.Visit) error {
	p, lines, _, err := readReview(v)
	if err != nil {
		return err
	}
	last, err := v.Identity.LastReview(v.Ctx(), v.Actor, p.Path, p.ID)
	if err != nil {
		return err
	}
	reviewed := v.T("access_review.none_yet")
	if !last.At.IsZero() {
		reviewed = v.T("access_review.last", "at", last.At, "name", last.ByName, "kept", last.Kept, "closed", last.Closed)
	}
	var columns []sheet.OutColumn
	var head []any
	for _, key := range []string{"sign_in.login", "accounts.name", "accounts.post", "accounts.role", "accounts.seen", "second.title", "accounts.state"} {
		columns, head = append(columns, sheet.OutColumn{Title: v.T(key)}), append(head, v.T(key))
	}
	row := func(l reviewLine) []any {
		return []any{l.Account.Login, l.Account.Name, l.Account.Post, l.Roles, l.Seen, l.Second, l.State}
	}
	attach := func(ending, mime string) {
		h := v.W.Header()
		h.Set("Content-Type", mime)
		h.Set("Content-Disposition", `attachment; filename="tai-khoan-`+v.Today()+ending+`"`)
		h.Set("Cache-Control", "private, no-store")
	}
	switch v.Query("dang") {
	case "csv":
		attach(".csv", "text/csv; charset=utf-8")
		w := sheet.NewCSVWriter(v.W, ';')
		if err := w.Row(head...); err != nil {
			return err
		}
		for _, l := range lines {
			if err := w.Row(row(l)...); err != nil {
				return err
			}
		}
		return w.Close()
	case "", "xlsx":
		w, err := sheet.NewWriter(v.W)
		if err != nil {
			return err
		}
		defer w.Discard()
		if err := w.Begin(sheet.Table{Name: v.T("nav.accounts"), Above: []string{p.FullName(), v.T("access_review.title") + ", " + lang.Date(v.Ctx(), v.Now()), reviewed}, Columns: columns}); err != nil {
			return err
		}
		for _, l := range lines {
			if err := w.Row(row(l)...); err != nil {
				return err
			}
		}
		attach(".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
		return w.Close()
	}
	return fault.NotFound("file", v.Query("dang"))
}
