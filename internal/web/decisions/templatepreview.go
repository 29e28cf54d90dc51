// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package decisions

import (
	"iter"
	"slices"
	"strings"

	"hoctap/internal/assessment"
	"hoctap/internal/criteria"
	"hoctap/internal/fault"
	"hoctap/internal/paper"
	"hoctap/internal/place"
	"hoctap/internal/recognition"
	"hoctap/internal/rollup"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/papers"
	"hoctap/internal/web/site"
	"hoctap/internal/wording"
)

// shownPaper is what a template makes of somebody's figures.
type shownPaper struct {
	Paper  *paper.Document
	Cert   *paper.Certificate
	Rows   iter.Seq[wording.Values]
	Values wording.Values
	Source string
	Invent bool
}

// shownLines is how long a list may be on the editor's page; files have all of it.
const shownLines = 40

// preview writes the paper of a kind in some words, with the newest figures of the body that there are, else with invented ones that say so.
func (o *opened) preview(v *site.Visit, said recognition.Wording, onPage bool) (s shownPaper, err error) {
	if o.Kind == wording.Request || o.Kind == wording.Council {
		return o.previewRequest(v, said)
	}
	f, err := o.figures(v)
	if err != nil {
		return s, err
	}
	s.Source, s.Invent = v.T("template.source", "name", crumb(v, f.Decision)), f.Decision.ID == ""
	if s.Invent {
		s.Source = v.T("template.source_none")
	}
	first := recognition.Item{Name: lang.T(papers.Vi(v.Ctx()), "template.example.name"), No: 1}
	if len(f.Items) > 0 {
		first = f.Items[0]
	}
	if onPage && len(f.Items) > shownLines {
		f.Items = nil
	}
	ctx := v.Ctx()
	switch o.Kind {
	case wording.Notice, wording.Dispatch:
		a := after{facts: f, Words: said, Titles: titlesOf(f.Items), Count: f.Decision.Items}
		if round, err := v.Assessment.Round(ctx, f.Decision.RoundID); err == nil {
			a.Window, _ = round.Plan.Window(assessment.StagePublication)
		}
		kind := recognition.PaperNotice
		if o.Kind == wording.Dispatch {
			kind = recognition.PaperDispatch
		}
		shown := a.shown(ctx, kind)
		s.Paper, s.Values, s.Rows = shown.Paper, shown.Values, shown.Rows
	case wording.Certificate:
		t := recognition.Title{Model: f.Decision.Model, FromYear: f.Decision.FromYear, Year: f.Decision.ForYear, UntilYear: f.Decision.ForYear, Exemplary: f.Decision.Kind == recognition.KindExemplary,
			Name: first.Name, No: first.No}
		c := sheetOf(ctx, f.Decision, &t, f.Town, said)
		c.Marks = marksOf(papers.Vi(ctx), f.Decision, v.Demo)
		c.Clean()
		s.Cert = &c
	default:
		f.Said.Paper = said
		if grounds := f.usualGrounds(ctx); len(grounds) > 0 {
			d := *f.Decision
			d.Grounds, f.Decision = grounds, &d
		}
		s.Paper, s.Values, s.Rows = documentOf(ctx, f), f.values(papers.Vi(ctx)), f.rows(ctx)
	}
	if s.Invent {
		o.mark(v, &s)
	}
	return s, nil
}

// mark says across the paper that its figures are invented.
func (o *opened) mark(v *site.Visit, s *shownPaper) {
	word := lang.T(papers.Vi(v.Ctx()), "template.example.mark")
	if s.Paper != nil {
		s.Paper.Marks.Across = word
	}
	if s.Cert != nil {
		s.Cert.Marks.Across = word
	}
}

// decisionKinds are the decisions that papers of a kind are.
var decisionKinds = map[wording.Kind]recognition.Kind{wording.Recognise: recognition.KindRecognise, wording.Exemplary: recognition.KindExemplary, wording.Amend: recognition.KindAmend,
	wording.Restore: recognition.KindAmend, wording.Revoke: recognition.KindRevoke}

// figures are those of the newest decision of the body that has such a paper.
func (o *opened) figures(v *site.Visit) (f facts, err error) {
	kinds := []recognition.Kind{recognition.KindRecognise, recognition.KindExemplary}
	if kind, decides := decisionKinds[o.Kind]; decides {
		kinds = []recognition.Kind{kind}
	}
	follows := o.Kind == wording.Notice || o.Kind == wording.Dispatch
	for _, kind := range kinds {
		d, found, err := v.Recognition.Latest(v.Ctx(), v.Actor, o.Scope.ID, kind)
		if err != nil {
			return f, err
		}
		if !found || follows && d.State != recognition.StateIssued {
			continue
		}
		named, err := namedBy(v, &d)
		if err != nil {
			return f, err
		}
		if f, err = factsOf(v, &d, named); err != nil {
			return f, err
		}
		if later := f.Said.Paper.Kind; d.Kind == recognition.KindAmend && later != o.Kind { // the newest amendment is the other sort
			continue
		}
		f.Items, err = v.Recognition.Items(v.Ctx(), v.Actor, d.ID)
		return f, err
	}
	return o.invented(v), nil
}

// invented are facts for a body that has no such paper yet.
func (o *opened) invented(v *site.Visit) facts {
	ctx := papers.Vi(v.Ctx())
	t := func(key string) string { return lang.T(ctx, "template.example."+key) }
	name, town := o.Scope.Name, o.Place.Name
	if o.Scope.Communes {
		name, town = t("body."+o.Scope.Kind), t("town")
	}
	date := v.Today()
	d := recognition.Decision{BodyID: o.Scope.ID, BodyName: name, PlaceID: o.Place.ID, Model: "family", Kind: recognition.KindRecognise, FromYear: yearOf(v), ForYear: yearOf(v), Year: yearOf(v), Number: 1,
		Symbol: pick(o.Scope.Committee(), "QĐ-UBND", "QĐ-HKH"), Date: date, Signer: t("signer"), Post: t(pick(o.Scope.Committee(), "post", "post_association")), Verified: criteria.Reconstructed, State: recognition.StateIssued, Reason: t("reason")}
	if kind, decides := decisionKinds[o.Kind]; decides {
		d.Kind = kind
	}
	f := facts{Decision: &d, Town: town, Year: d.Year, Demo: v.Demo}
	if d.Kind == recognition.KindAmend || d.Kind == recognition.KindRevoke {
		named := d
		named.Kind = recognition.KindRecognise
		d.Number, d.AmendsID, f.Named, f.Earlier = 2, "x", &named, t("earlier")
		if o.Kind == wording.Restore {
			named.Kind, f.Earlier = recognition.KindRevoke, t("earlier_revoked")
		}
	}
	act := map[wording.Kind]recognition.Act{wording.Amend: recognition.ActCorrect, wording.Revoke: recognition.ActRevoke, wording.Restore: recognition.ActRestore}[o.Kind]
	if act == "" {
		act = recognition.ActGrant
		f.Asked = &recognition.Paper{BodyName: lang.T(ctx, "paper.report.association", "place", bodyOf(name)), Number: 1, Symbol: lang.T(ctx, "paper.request.symbol"), Date: date}
		if !o.Scope.Committee() {
			f.Asked.Symbol = lang.T(ctx, "paper.council.request_symbol")
		}
	}
	points := criteria.Points(9000)
	for i, name := range strings.Split(t("names"), "\n") {
		f.Items = append(f.Items, recognition.Item{No: i + 1, Name: name, AreaName: t("area"), Total: &points, Act: act})
	}
	d.Items = len(f.Items)
	return f
}

// previewRequest shows the papers before a decision: of the model with most approved files, else with invented figures.
func (o *opened) previewRequest(v *site.Visit, said recognition.Wording) (s shownPaper, err error) {
	q := request{Said: said, Town: o.Place.Name, Asking: recognition.Body{ID: o.Scope.ID, Kind: o.Scope.Kind, Name: o.Scope.Name, PlaceID: o.Place.ID}}
	if !o.Scope.Communes && o.Place.Level == place.Commune {
		if q.Proposal, err = o.proposal(v); err != nil {
			return s, err
		}
		bodies, err := v.Recognition.Bodies(v.Ctx(), v.Actor, o.Place.ID)
		if err != nil {
			return s, err
		}
		if i := slices.IndexFunc(bodies, func(b recognition.Body) bool { return b.ID == o.Scope.ID }); i >= 0 {
			q.Asking = bodies[i]
		}
	}
	if s.Invent = q.Proposal == nil; s.Invent {
		f := o.invented(v)
		q.Town, q.Asking.Name, q.Asking.Signer, q.Asking.Post = f.Town, f.Decision.BodyName, f.Decision.Signer, f.Decision.Post
		area := recognition.ProposalArea{Name: f.Items[0].AreaName}
		for _, it := range f.Items {
			area.Files = append(area.Files, assessment.Assessment{Name: it.Name, Total: it.Total})
		}
		q.Proposal = &recognition.Proposal{Round: assessment.Round{Year: f.Year}, Model: f.Decision.Model, Body: q.Asking, Areas: []recognition.ProposalArea{area}, Total: len(f.Items), Verified: f.Decision.Verified}
		q.Proposal.Counts.Registered = int64(len(f.Items))
		s.Source = v.T("template.source_none")
	} else {
		s.Source = v.T("template.source_proposal", "model", q.Proposal.Model, "year", q.Proposal.Round.Year)
	}
	q.Marks = papers.Marks(v.Ctx(), false, q.Proposal.Verified, v.Demo)
	s.Values = q.values(papers.Vi(v.Ctx()))
	if o.Kind == wording.Council {
		s.Paper, s.Rows = q.minutes(v.Ctx()), q.areaRows(v.Ctx())
	} else {
		s.Paper, s.Rows = q.document(v.Ctx()), q.rows(v.Ctx())
	}
	if s.Invent {
		o.mark(v, &s)
	}
	return s, nil
}

// proposal is the list with most names that could be decided now; nil when there is none.
func (o *opened) proposal(v *site.Visit) (*recognition.Proposal, error) {
	r, _, err := v.Round(o.Place)
	if fault.KindOf(err) == fault.KindNotFound {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	t, err := v.Figures.Below(v.Ctx(), o.Place.Path, v.Today(), rollup.ByLeaf, r.ID)
	if err != nil {
		return nil, err
	}
	best, most := "", int64(0)
	for _, m := range r.Plan.Models {
		if n := t.Total[rollup.Key{RoundID: r.ID, Model: m.Model}].Approved; n > most {
			best, most = m.Model, n
		}
	}
	if most == 0 {
		return nil, nil
	}
	p, err := v.Recognition.Propose(v.Ctx(), v.Actor, o.Place.ID, r.ID, best, recognition.KindRecognise)
	return &p, err
}

// templatePreview sends or shows the paper that a template makes: of a version with GET, of what stands in the form with POST.
func templatePreview(v *site.Visit) error {
	if err := v.ReadForm(); err != nil {
		return err
	}
	o, err := openTemplate(v)
	if err != nil {
		return err
	}
	said, err := o.asked(v)
	if err != nil {
		return err
	}
	form := v.R.FormValue("dang")
	if v.R.Method == "POST" {
		said.Text = typed(v).Clean(o.Kind)
	}
	s, err := o.preview(v, said, false)
	if err != nil {
		return err
	}
	name := "mau-" + paperSlugs[o.Kind]
	switch {
	case form == ownForm:
		return sendOwn(v, name, said, s)
	case s.Cert != nil:
		return sendCertificate(v, name, s)
	}
	return papers.SendAs(v, form, name, s.Paper)
}

// sendCertificate is the one sheet as PDF.
func sendCertificate(v *site.Visit, name string, s shownPaper) error {
	if v.R.FormValue("dang") != "pdf" {
		return fault.NotFound("file", v.R.FormValue("dang"))
	}
	return pressCertificates(v, "pdf", name, s.Cert.What, s.Cert.Issuer, "", func(yield func(paper.Certificate, error) bool) { yield(*s.Cert, nil) })
}
