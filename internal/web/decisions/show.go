// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package decisions

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"hoctap/internal/fault"
	"hoctap/internal/paper"
	"hoctap/internal/recognition"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/papers"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

// decisionView is a decision or its draft: what it says of itself at the left, the paper in the middle, its certificates and list
// at the right.
type decisionView struct {
	Frame     ui.Office
	Title     string
	Lead      string
	Demo      bool
	Decision  recognition.Decision
	Address   string
	Draft     bool
	May       bool
	Number    string
	Date      ui.Field
	Signer    ui.Field
	Post      ui.Field
	Grounds   ui.Field
	Reason    ui.Field
	Named     *decisionLine
	Checks    []checkView
	Following []decisionLine
	Hold      string // why it cannot be signed yet; empty when it can
	About     string
	MadeFrom  string // the template version
	OwnWord   bool   // there is an office's own Word file
	Paper     *paper.Document
	Cert      *paper.Certificate
	CertText  string
	CertPrev  string
	CertNext  string
	Grants    int    // certificates: of a decision those that still count
	Token     string // of the form that numbers a paper
	Items     []itemLine
	Papers    []paperLine // that went with it
	Sign      signLine
	Waits     bool // nothing follows it before it is signed
	PaperDate ui.Field
	PaperSign ui.Field
	PaperKind ui.Field
	Failed    string
	Broken    []ui.Broken
}

// itemLine is a line of the annexed list.
type itemLine struct {
	No                     int
	Name, Was, Area, Total string
	Act                    string // empty for a grant
}

// shown is how many lines of the list stand beside the paper.
const shown = 6

func show(v *site.Visit) error { return page(v, http.StatusOK, nil) }

// page shows a decision; failed is why an act on it was refused, with what was typed.
func page(v *site.Visit, status int, failed error) error {
	d, at, err := open(v)
	if err != nil {
		return err
	}
	named, err := namedBy(v, &d)
	if err != nil {
		return err
	}
	items, err := v.Recognition.Items(v.Ctx(), v.Actor, d.ID)
	if err != nil {
		return err
	}
	view := decisionView{Demo: v.Demo, Token: newToken(), Decision: d, Address: address(&d), Draft: d.State == recognition.StateDraft, May: mayDecide(v, &d, at), Number: d.Text()}
	f, err := factsOf(v, &d, named)
	if err != nil {
		return err
	}
	view.Paper, view.About = documentOf(v.Ctx(), f), f.about(v.Ctx())
	view.MadeFrom, view.OwnWord = madeFrom(v, d.BodyID, f.Said.Paper), f.Said.Paper.File != ""
	for i := range items[:min(shown, len(items))] {
		view.Items = append(view.Items, itemOf(v.Ctx(), &items[i]))
	}
	view.fields(v)
	if view.Draft {
		err = view.ready(v, &d, items)
	} else {
		err = view.history(v, &d)
	}
	if err != nil {
		return err
	}
	if named != nil {
		line, err := newLines(v).of(named)
		if err != nil {
			return err
		}
		view.Named = &line
	}
	if err := preview(v, &view, items); err != nil {
		return err
	}
	view.say(v)
	if failed != nil {
		view.refused(v, failed)
	}
	view.Frame = v.Frame(view.Title, site.Decisions, at, ui.Crumb{Label: at.FullName(), Href: placeHref(at)}, ui.Crumb{Label: v.T("nav.decisions"), Href: site.With(base(at.ID), "nam", strconv.Itoa(d.ForYear))},
		ui.Crumb{Label: crumb(v, &d)})
	view.Frame.Rail, view.Frame.Styles, view.Frame.Failed = true, []string{"print.css"}, failed != nil
	return v.ShowAs(status, decisionPage(view))
}

func crumb(v *site.Visit, d *recognition.Decision) string {
	if d.Number > 0 {
		return d.Text()
	}
	return v.T("title."+d.Model) + " " + strconv.Itoa(d.ForYear)
}

// namedBy is the earlier decision that an amendment or revocation names, else nil.
func namedBy(v *site.Visit, d *recognition.Decision) (*recognition.Decision, error) {
	if d.AmendsID == "" {
		return nil, nil
	}
	named, err := v.Recognition.Decision(v.Ctx(), v.Actor, d.AmendsID)
	return &named, err
}

func factsOf(v *site.Visit, d, named *recognition.Decision) (f facts, err error) {
	year, _ := strconv.Atoi(v.Today()[:4])
	f = facts{Decision: d, Named: named, Year: year, Demo: v.Demo}
	if f.Town, err = townOf(v, d); err != nil {
		return f, err
	}
	f.Said, err = v.Recognition.Wordings(v.Ctx(), v.Actor, d)
	return f, err
}

func itemOf(ctx context.Context, it *recognition.Item) itemLine {
	line := itemLine{No: it.No, Name: it.Name, Was: it.Was, Area: it.AreaName, Total: pointsText(ctx, it.Total)}
	if strings.HasPrefix(it.PlaceID, "own-") {
		line.Area = ""
	}
	if it.Act != recognition.ActGrant {
		line.Act = lang.T(papers.Vi(ctx), "paper.act."+string(it.Act))
	}
	return line
}

func (view *decisionView) fields(v *site.Visit) {
	d := &view.Decision
	view.Date = ui.Field{Name: "date", Label: v.T("decisions.date"), Type: "date", Value: v.Today(), Attrs: map[string]any{"required": true, "max": v.Today()}}
	view.Signer = ui.Field{Name: "signer", Label: v.T("decisions.signer"), Value: d.Signer, Attrs: map[string]any{"autocomplete": "off"}}
	view.Post = ui.Field{Name: "post", Label: v.T("decisions.post"), Value: d.Post}
	view.Grounds = ui.Field{Name: "grounds", Label: v.T("decisions.grounds"), Hint: v.T("decisions.grounds_hint"), Value: strings.Join(d.Grounds, "\n"), Rows: 5}
	view.PaperKind = ui.Field{Name: "giay", Label: v.T("decisions.paper_kind"), Value: v.Form("giay"), Options: []ui.Option{{Value: "thong-bao", Label: v.T("decisions.notice")}, {Value: "phieu-gui", Label: v.T("decisions.dispatch")}}}
	view.PaperDate = ui.Field{Name: "ngay", Label: v.T("decisions.date"), Type: "date", Value: v.Today(), Attrs: map[string]any{"required": true, "max": v.Today()}}
	view.PaperSign = ui.Field{Name: "nguoi-ky", Label: v.T("decisions.signer"), Value: d.Signer, Attrs: map[string]any{"autocomplete": "off"}}
	view.Reason = ui.Field{Name: "reason", Label: v.T("decisions.reason"), Value: d.Reason, Rows: 3}
}

// ready fills in what is looked at before a signature.
func (view *decisionView) ready(v *site.Visit, d *recognition.Decision, items []recognition.Item) error {
	if d.Period() || d.AmendsID != "" {
		return nil
	}
	proposal, err := v.Recognition.Propose(v.Ctx(), v.Actor, d.PlaceID, d.RoundID, d.Model, d.Kind)
	if err != nil {
		return err
	}
	view.Checks = checksOf(v, &proposal)
	for i := range view.Checks { // what to do stands on the proposal page; here is only room for what holds the signature up
		if view.Checks[i].Level != string(recognition.LevelBlocked) {
			view.Checks[i].Fix = ""
		}
	}
	in := make(map[string]bool, len(items))
	for i := range items {
		in[items[i].AssessmentID] = true
	}
	for _, c := range proposal.Checks {
		if c.Level == recognition.LevelBlocked && slices.ContainsFunc(c.Files, func(id string) bool { return in[id] }) {
			view.Hold = v.T("decisions.hold")
		}
	}
	return nil
}

// history fills in what later decisions did to this one.
func (view *decisionView) history(v *site.Visit, d *recognition.Decision) error {
	list, err := v.Recognition.Following(v.Ctx(), v.Actor, d.ID)
	if err != nil {
		return err
	}
	lines := newLines(v, *d)
	if view.Following, err = lines.all(list); err != nil {
		return err
	}
	issued, err := v.Recognition.Papers(v.Ctx(), v.Actor, d.ID)
	for i := range issued {
		p := &issued[i]
		said, _, err := v.Recognition.PaperWording(v.Ctx(), v.Actor, p)
		if err != nil {
			return err
		}
		line := issuedLine(v, p, view.Address+"/giay-to/"+p.ID)
		line.Own = said.File != ""
		view.Papers = append(view.Papers, line)
	}
	if err != nil {
		return err
	}
	return view.signs(v, d)
}

// preview shows one certificate with its neighbours: of a draft as it will be, of a decision as it is.
func preview(v *site.Visit, view *decisionView, items []recognition.Item) error {
	d := &view.Decision
	var titles []recognition.Title
	if view.Draft {
		for i := range items {
			if it := &items[i]; it.Act != recognition.ActRevoke {
				titles = append(titles, expected(d, it))
			}
		}
	} else {
		var err error
		if titles, err = v.Recognition.TitlesOf(v.Ctx(), v.Actor, d.ID); err != nil {
			return err
		}
	}
	for i := range titles {
		if view.Draft || titles[i].State == recognition.TitleValid {
			view.Grants++
		}
	}
	if len(titles) == 0 {
		return nil
	}
	n, _ := strconv.Atoi(v.Query("giay"))
	n = min(max(n, 1), len(titles))
	for c, err := range certificates(v, d, titles[n-1:n]) {
		if err != nil {
			return err
		}
		if view.Waits { // what is no certificate yet must not look like one
			c.Code, c.Link, c.Void = "", "", lang.T(papers.Vi(v.Ctx()), "signature.certificate_waits")
		}
		view.Cert = &c
	}
	view.CertText = v.T("decisions.cert_of", "no", n, "count", len(titles))
	to := func(n int) string { return view.Address + "?giay=" + strconv.Itoa(n) + "#giay" }
	if n > 1 {
		view.CertPrev = to(n - 1)
	}
	if n < len(titles) {
		view.CertNext = to(n + 1)
	}
	return nil
}

func (view *decisionView) say(v *site.Visit) {
	d := &view.Decision
	noun := v.T("subject." + d.Model)
	if view.Draft {
		view.Title = v.T("decisions.page."+string(d.Kind), "count", d.Items, "noun", noun)
		view.Lead = view.About
		if view.Named != nil {
			view.Lead = view.Named.Number + ", " + view.Named.Date
		}
		return
	}
	view.Title = v.T("decisions.page_issued", "number", view.Number)
	view.Lead = v.T("decisions.page_lead", "date", d.Date, "count", d.Items, "noun", noun, "signer", d.Signer)
}

// refused shows why an act failed and keeps what was typed.
func (view *decisionView) refused(v *site.Visit, failed error) {
	sentence, errs := lang.Fault(v.Ctx(), failed)
	view.Failed = sentence
	if v.R.PostForm.Has("giay") { // a paper's form has names of its own, because both forms are on the page
		errs = map[string]string{"ngay": errs["date"], "nguoi-ky": errs["signer"]}
	}
	fields := []*ui.Field{&view.Date, &view.Signer, &view.Post, &view.Grounds, &view.Reason, &view.PaperDate, &view.PaperSign, &view.PaperKind}
	list := make([]ui.Field, 0, len(fields))
	for _, f := range fields {
		if v.R.PostForm.Has(f.Name) {
			f.Value = v.Form(f.Name)
		}
		f.Err = errs[f.Name]
		list = append(list, *f)
	}
	voidFields(v, view.Papers, errs)
	for _, p := range view.Papers {
		list = append(list, p.Reason)
	}
	view.Broken = ui.BrokenOf(errs, list...)
}

// save stores signer, grounds and reason of a draft; its list stays.
func save(v *site.Visit) error {
	if err := v.ReadForm(); err != nil {
		return err
	}
	d, _, err := open(v)
	if err != nil {
		return err
	}
	items, err := v.Recognition.Items(v.Ctx(), v.Actor, d.ID)
	if err != nil {
		return err
	}
	in := recognition.Draft{ID: d.ID, Version: versionOf(v), Kind: d.Kind, PlaceID: d.PlaceID, RoundID: d.RoundID, Model: d.Model, Period: d.Period(), AmendsID: d.AmendsID,
		Reason: d.Reason, Grounds: strings.Split(v.Form("grounds"), "\n"), Signer: v.Form("signer"), Post: v.Form("post")}
	if v.R.PostForm.Has("reason") {
		in.Reason = v.Form("reason")
	}
	for _, it := range items {
		c := recognition.Choice{AssessmentID: it.AssessmentID}
		if d.AmendsID != "" {
			c.Act = it.Act
		}
		if it.Act == recognition.ActCorrect {
			c.Name = it.Name
		}
		in.Items = append(in.Items, c)
	}
	if _, err := v.Recognition.SaveDraft(v.Ctx(), v.Actor, in); err != nil {
		return again(v, err)
	}
	return v.Go(address(&d))
}

// issue signs a draft.
func issue(v *site.Visit) error {
	if err := v.ReadForm(); err != nil {
		return err
	}
	d, _, err := open(v)
	if err != nil {
		return err
	}
	if v.Form("signer") == "" { // who emptied the field did not mean whoever was drafted
		return again(v, fault.Invalid(fault.Field("signer", "recognition.signer", "body", d.BodyName)))
	}
	_, err = v.Recognition.Issue(v.Ctx(), v.Actor, recognition.Signing{ID: d.ID, Version: versionOf(v), Date: v.Form("date"), Signer: v.Form("signer"), Post: v.Form("post")})
	if err != nil {
		return again(v, err)
	}
	return v.Go(address(&d))
}

// discard throws a draft away.
func discard(v *site.Visit) error {
	if err := v.ReadForm(); err != nil {
		return err
	}
	d, _, err := open(v)
	if err != nil {
		return err
	}
	if err := v.Recognition.Discard(v.Ctx(), v.Actor, d.ID, versionOf(v)); err != nil {
		return again(v, err)
	}
	return v.Go(site.With(base(d.PlaceID), "nam", strconv.Itoa(d.ForYear)))
}

func versionOf(v *site.Visit) int64 {
	n, _ := strconv.ParseInt(v.Form("version"), 10, 64)
	return n
}

// again shows the page with what was refused; an error that is nobody's input goes the usual way.
func again(v *site.Visit, err error) error {
	switch fault.KindOf(err) {
	case fault.KindInvalid:
		return page(v, http.StatusUnprocessableEntity, err)
	case fault.KindConflict, fault.KindStale:
		return page(v, http.StatusConflict, err)
	}
	return err
}

// signingField is a field of the draft's form as the dialog that signs has it: under the same name, with an id of its own.
func signingField(f ui.Field) ui.Field {
	f.ID = f.Name + "-ky"
	return f
}
