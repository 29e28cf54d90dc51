// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package decisions

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"hoctap/internal/fault"
	"hoctap/internal/recognition"
	"hoctap/internal/text"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

// laterView is the page on which a later decision against an earlier one is prepared.
type laterView struct {
	Frame   ui.Office
	Title   string
	Lead    string
	Action  string
	Query   string
	Token   string
	Revoke  bool // all or chosen titles go; else names are corrected, titles taken or given back
	Tabs    []ui.Tab
	Held    []laterLine
	Gone    []laterLine
	All     int
	More    string // the list is longer than what is shown
	Reason  ui.Field
	Whole   bool
	Failed  string
	Broken  []ui.Broken
	Pending []decisionLine
}

// laterLine is one title that can be changed. Its inputs are named by its assessment.
type laterLine struct {
	ID, Name, Area, Typed string
	No                    int
	Chosen                bool
}

// maxLines is how many titles the page offers at once; the search finds the others.
const maxLines = 200

func amend(v *site.Visit) error { return laterPage(v, http.StatusOK, nil) }

func laterPage(v *site.Visit, status int, failed error) error {
	d, at, err := open(v)
	if err != nil {
		return err
	}
	if d.State != recognition.StateIssued {
		return fault.Conflict("recognition.amends_draft")
	}
	if !mayDecide(v, &d, at) {
		return fault.Denied("decide", at.FullName())
	}
	view := laterView{Token: newToken(), Revoke: v.R.FormValue("viec") == "thu-hoi", Action: address(&d) + "/sua-doi", Query: v.R.FormValue("q"), Whole: v.Form("tat-ca") != ""}
	view.Reason = ui.Field{Name: "reason", Label: v.T("later.reason"), Hint: v.T("later.reason_hint"), Rows: 3, Value: v.Form("reason"), Attrs: map[string]any{"required": true}}
	for _, viec := range []string{"sua", "thu-hoi"} {
		if viec == "thu-hoi" && d.Kind == recognition.KindRevoke {
			continue
		}
		view.Tabs = append(view.Tabs, ui.Tab{Label: v.T("later.tab." + viec), Href: site.With(view.Action, "viec", viec, "q", view.Query), Current: view.Revoke == (viec == "thu-hoi")})
	}
	if err := view.lists(v, &d); err != nil {
		return err
	}
	view.Title = v.T("later.title."+pick(view.Revoke, "revoke", "amend"), "number", d.Text())
	view.Lead = v.T("later.lead", "count", view.All, "date", d.Date)
	if failed != nil {
		sentence, errs := lang.Fault(v.Ctx(), failed)
		view.Failed, view.Reason.Err = sentence, errs["reason"]
		view.Broken = ui.BrokenOf(errs, view.Reason)
	}
	view.Frame = v.Frame(view.Title, site.Decisions, at, ui.Crumb{Label: at.FullName(), Href: placeHref(at)}, ui.Crumb{Label: v.T("nav.decisions"), Href: site.With(base(at.ID), "nam", strconv.Itoa(d.ForYear))},
		ui.Crumb{Label: d.Text(), Href: address(&d)}, ui.Crumb{Label: v.T("later.tab." + pick(view.Revoke, "thu-hoi", "sua"))})
	return v.ShowAs(status, laterSheet(view))
}

func (view *laterView) lists(v *site.Visit, d *recognition.Decision) error {
	titles, err := v.Recognition.Granted(v.Ctx(), v.Actor, d.ID)
	if err != nil {
		return err
	}
	view.All = len(titles)
	on := map[string]bool{}
	for _, id := range v.R.PostForm["chon"] {
		on[id] = true
	}
	matches := func(name, area string) bool {
		return view.Query == "" || strings.Contains(text.Fold(name+" "+area), text.Fold(view.Query))
	}
	left := 0
	for _, t := range titles {
		line := laterLine{ID: t.AssessmentID, Name: t.Name, Area: t.AreaName, No: t.No, Chosen: on[t.AssessmentID], Typed: v.Form("ten-" + t.AssessmentID)}
		if !matches(t.Name, t.AreaName) && !line.Chosen && line.Typed == "" {
			continue
		}
		if len(view.Held) >= maxLines && !line.Chosen && line.Typed == "" {
			left++
			continue
		}
		view.Held = append(view.Held, line)
	}
	if left > 0 {
		view.More = v.T("later.more", "count", left)
	}
	if view.Revoke {
		return nil
	}
	items, err := v.Recognition.Items(v.Ctx(), v.Actor, d.ID)
	if err != nil {
		return err
	}
	for _, it := range items {
		if it.Act == recognition.ActRevoke && matches(it.Name, it.AreaName) && len(view.Gone) < maxLines {
			view.Gone = append(view.Gone, laterLine{ID: it.AssessmentID, Name: it.Name, Area: it.AreaName, No: it.No})
		}
	}
	following, err := v.Recognition.Following(v.Ctx(), v.Actor, d.ID)
	if err != nil {
		return err
	}
	following = slices.DeleteFunc(following, func(f recognition.Decision) bool { return f.State != recognition.StateDraft })
	view.Pending, err = newLines(v, *d).all(following)
	return err
}

// draftLater makes the draft of an amendment or revocation.
func draftLater(v *site.Visit) error {
	if err := v.ReadForm(); err != nil {
		return err
	}
	d, _, err := open(v)
	if err != nil {
		return err
	}
	if to, err := draftMade(v); err != nil || to != "" {
		return goOr(v, to, err)
	}
	in := recognition.Draft{Kind: recognition.KindAmend, AmendsID: d.ID, Reason: v.Form("reason"), Token: v.Form(tokenName)}
	if v.Form("viec") == "thu-hoi" {
		in.Kind, in.Whole = recognition.KindRevoke, v.Form("tat-ca") != ""
	}
	next := d // what the new one says of itself
	next.Kind, next.Reason = in.Kind, in.Reason
	if in.Grounds, err = firstGrounds(v, bodyKind(d.BodyID), &next, &d); err != nil {
		return err
	}
	if !in.Whole {
		in.Items = changes(v, in.Kind)
		if len(in.Items) == 0 {
			return laterPage(v, http.StatusUnprocessableEntity, fault.Invalid(append(lacks(in.Reason), fault.Field("items", "recognition.no_items"))...))
		}
	}
	out, err := v.Recognition.SaveDraft(v.Ctx(), v.Actor, in)
	switch fault.KindOf(err) {
	case fault.KindInvalid:
		return laterPage(v, http.StatusUnprocessableEntity, err)
	case fault.KindConflict, fault.KindStale:
		return laterPage(v, http.StatusConflict, err)
	}
	if err != nil {
		return err
	}
	return v.Go(address(&out))
}

func lacks(reason string) []fault.FieldError {
	if reason == "" {
		return []fault.FieldError{fault.Field("reason", "recognition.reason")}
	}
	return nil
}

// changes reads what was chosen: names typed over, titles ticked, titles to give back.
func changes(v *site.Visit, kind recognition.Kind) (items []recognition.Choice) {
	taken := map[string]bool{}
	for _, id := range v.R.PostForm["chon"] {
		taken[id] = true
		items = append(items, recognition.Choice{AssessmentID: id, Act: recognition.ActRevoke})
	}
	if kind == recognition.KindRevoke {
		return items
	}
	for key, values := range v.R.PostForm {
		id, named := strings.CutPrefix(key, "ten-")
		if named && !taken[id] && strings.TrimSpace(values[0]) != "" {
			items = append(items, recognition.Choice{AssessmentID: id, Act: recognition.ActCorrect, Name: values[0]})
		}
	}
	for _, id := range v.R.PostForm["tra"] {
		items = append(items, recognition.Choice{AssessmentID: id, Act: recognition.ActRestore})
	}
	return items
}
