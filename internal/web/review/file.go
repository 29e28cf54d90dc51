// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package review

import (
	"context"
	"net/url"
	"strconv"
	"strings"

	"hoctap/internal/assessment"
	"hoctap/internal/criteria"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/place"
	"hoctap/internal/registry"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/proof"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

// mode is what the viewer may do with a file on this page.
type mode int

const (
	modeRead     mode = iota
	modeArea          // fill in the household's sheet
	modeAppraise      // the commune's column
)

// fileView is a file as its page shows it.
type fileView struct {
	D       assessment.Dossier
	Mode    mode
	Title   string
	Meta    string
	Area    string
	Stages  []ui.Stage
	Totals  []total
	Pill    ui.State
	Prev    string
	Why     []string // reasons in sentences
	Groups  []groupView
	Sum     columns
	Extra   []control // facts no criterion asks for
	Gates   []control
	Remarks []remarkView
	Appeals []assessment.Appeal
	Journal []journalLine
	Proofs  proof.StripView

	Verified   string // key of the set's trust; "" when it is official
	SetHref    string
	FullHref   string
	PrintHref  string
	Action     string // where the form goes
	Packed     string // the queue it belongs to
	SelfHref   string
	NextHref   string
	MayApprove bool
	MayReopen  bool
	MayObject  bool
	MayAnswer  bool
	Closed     string // why nothing can be settled today
	WhyHref    string // where it is told who may do what is refused or not offered here

	Failed   string // sentence of a refused act
	Broken   []ui.Broken
	Conflict []difference // what was typed against what is stored now
	ByWhom   string
	Comments map[string]string
	Reason   string
	Typed    bool
}

type total struct {
	Name, Value string
	Now         bool
}

// columns are the figures of one line: what each stage gave.
type columns struct{ Self, Area, Commune string }

type groupView struct {
	Title, Max string
	Sum        columns
	Rows       []rowView
}

// rowView is one criterion.
type rowView struct {
	Code, Title, Max    string
	At                  columns
	AreaDiff, MineDiff  bool
	Taken               bool // the commune's figure is the area's, taken over for want of its own
	Controls            []control
	How                 string // what the points rest on, or why there are none
	Reason              ui.Field
	ReasonOpen          bool
	Evidence            int
	Required            bool // evidence that the set wants
	Comments            []remarkView
	NotApplicable, Bare bool // Bare: nothing is asked
}

type remarkView struct {
	Code, Body, By, At string
	Kind               string
	Settled            bool
}

// modeOf decides what the actor may do with a file: the commune reads what was sent, the area fills in what was not.
func modeOf(v *site.Visit, d *assessment.Dossier, queue bool) mode {
	a := &d.Assessment
	switch {
	case queue && a.State == assessment.Sent && d.Closed == nil && v.Actor.May(identity.Appraise, d.Path):
		return modeAppraise
	case !queue && !a.Locked() && a.State != assessment.Listed && d.Late == nil && v.Actor.May(identity.Score, d.Path):
		return modeArea
	}
	return modeRead
}

// viewOf builds the page of a file. typed and errs are those of a refused form.
func viewOf(v *site.Visit, d assessment.Dossier, m mode, typed url.Values, errs map[string]string) (fileView, error) {
	ctx, a := v.Ctx(), &d.Assessment
	f := fileView{D: d, Mode: m, Appeals: d.Appeals, Typed: typed != nil}
	p, err := v.Places.Get(ctx, a.PlaceID)
	if err != nil {
		return f, err
	}
	var choices []proof.Criterion // none hides the form: only the area adds, while the file is with it
	if m == modeArea {
		for _, k := range d.Set.Criteria {
			choices = append(choices, proof.Criterion{Code: k.Code, Title: k.Title})
		}
	}
	if f.Proofs, err = proof.Strip(v, a.PlaceID, a.ID, choices, "/ho-so/"+a.PlaceID+"/"+a.ID+"#minh-chung"); err != nil {
		return f, err
	}
	f.Area = areaName(v, p)
	f.Title = v.T("review.file_title."+a.Model, "name", a.Name, "area", f.Area)
	f.Meta = metaOf(v, &d)
	f.Stages = stagesOf(v, &d)
	f.FullHref = "/ho-so/" + a.PlaceID + "/" + a.ID
	f.PrintHref = f.FullHref + "?in=1"
	f.SetHref = "/bo-tieu-chi/" + a.SetID
	if !d.Set.Verified().Trusted() {
		f.Verified = "verified." + string(d.Set.Verified())
	}
	f.totals(ctx)
	f.rows(ctx, typed, errs)
	for _, r := range d.Remarks {
		f.Remarks = append(f.Remarks, remarkOf(ctx, r))
	}
	f.Journal = journalOf(ctx, d.History)
	may := v.Actor.May
	f.MayApprove = may(identity.Approve, d.Path)
	f.MayReopen = f.MayApprove && d.Closed == nil && (a.State == assessment.Approved || a.State == assessment.Rejected)
	judged := a.State == assessment.Approved || a.State == assessment.Rejected || a.State == assessment.Recognised || a.State == assessment.Revoked
	f.MayObject = judged && (may(identity.Score, d.Path) || may(identity.Appraise, d.Path))
	f.MayAnswer = f.MayApprove
	if m == modeAppraise && !f.MayApprove {
		f.WhyHref = whyHref(&d, "approve")
	}
	if a.State == assessment.Sent && d.Closed != nil && may(identity.Appraise, d.Path) {
		f.Closed, _ = lang.Fault(ctx, d.Closed)
		f.WhyHref = whyHref(&d, "appraise")
	}
	if m == modeRead && d.Late != nil && !a.Locked() && may(identity.Score, d.Path) {
		f.Closed, _ = lang.Fault(ctx, d.Late)
		f.WhyHref = whyHref(&d, "score")
	}
	return f, nil
}

// whyHref is where a step of the file is explained to the one who asks.
func whyHref(d *assessment.Dossier, step string) string {
	return site.With("/vi-sao", "ho-so", d.Assessment.PlaceID+"/"+d.Assessment.ID, "buoc", step)
}

func metaOf(v *site.Visit, d *assessment.Dossier) string {
	a := &d.Assessment
	parts := []string{v.T("state." + string(a.State))}
	if a.Number != "" {
		parts = append(parts, v.T("review.number."+a.Model, "number", a.Number))
	}
	if d.Subject.Members > 0 {
		key := "review.members"
		if a.Model == registry.Family {
			key = "review.people"
		}
		parts = append(parts, v.T(key, "count", d.Subject.Members))
	}
	if !a.SentAt.IsZero() {
		parts = append(parts, v.T("review.sent_at", "at", a.SentAt, "clock", lang.Clock(v.Ctx(), a.SentAt)))
	}
	return strings.Join(parts, ", ")
}

func stagesOf(v *site.Visit, d *assessment.Dossier) []ui.Stage {
	a, ctx := &d.Assessment, v.Ctx()
	passed := a.Locked()
	judged := passed && a.State != assessment.Sent
	step := func(done, now bool) string {
		switch {
		case done:
			return "done"
		case now:
			return "now"
		}
		return ""
	}
	self := ui.Stage{Name: v.T("review.step.self"), State: step(a.Stage != "" || passed, !passed && a.Stage == "")}
	if sh, ok := d.Sheets[assessment.StageSelf]; ok {
		self.Lines = []string{lang.Date(ctx, micros(sh.At))}
	}
	area := ui.Stage{Name: v.T("review.step.area"), State: step(passed, !passed && a.Stage != "")}
	if m := d.Minutes; m != nil {
		area.Lines = []string{lang.Day(ctx, m.HeldOn) + ", " + m.Chair}
	} else if sh, ok := d.Sheets[assessment.StageArea]; ok {
		area.Lines = []string{lang.Date(ctx, micros(sh.At))}
	}
	appraisal := ui.Stage{Name: v.T("stage.appraisal"), State: step(judged, a.State == assessment.Sent)}
	decision := ui.Stage{Name: v.T("review.step.decision"), State: step(a.State == assessment.Recognised || a.State == assessment.Revoked, a.State == assessment.Approved)}
	public := ui.Stage{Name: v.T("stage.publication"), State: step(false, a.State == assessment.Recognised)}
	for stage, s := range map[assessment.Stage]*ui.Stage{assessment.StageAppraisal: &appraisal, assessment.StageDecision: &decision} {
		if w, ok := d.Round.Plan.Window(stage); ok && s.State != "done" {
			s.Lines = []string{v.T("review.step.until", "date", w.To)}
		}
	}
	return []ui.Stage{self, area, appraisal, decision, public}
}

func pointsText(ctx context.Context, p *criteria.Points) string {
	if p == nil {
		return "–"
	}
	return lang.Points(ctx, int64(*p))
}

// totals is the line of sums with the verdict and its reasons.
func (f *fileView) totals(ctx context.Context) {
	a, r := &f.D.Assessment, f.D.Result
	if f.D.Set.Set.WithPoints() {
		f.Totals = []total{
			{Name: lang.T(ctx, "review.total.self"), Value: pointsText(ctx, a.SelfTotal)},
			{Name: lang.T(ctx, "review.total.area"), Value: pointsText(ctx, a.AreaTotal)},
			{Name: lang.T(ctx, "review.total.commune"), Value: pointsText(ctx, a.CommuneTotal), Now: a.State == assessment.Sent},
		}
		if r.Threshold.HasMin {
			f.Totals = append(f.Totals, total{Name: lang.T(ctx, "review.total.min"), Value: lang.Points(ctx, int64(r.Threshold.MinTotal))})
		}
	}
	switch {
	case a.Stage == assessment.StagePaper:
		f.Pill = ui.State{Word: lang.T(ctx, "outcome."+a.Outcome)}
	case r.Outcome == criteria.Recognised:
		f.Pill = ui.State{Kind: "ok", Word: lang.T(ctx, "review.passes")}
	case r.Outcome == criteria.NotRecognised:
		f.Pill = ui.State{Kind: "bad", Word: lang.T(ctx, "criteria.outcome.not_recognised")}
	default:
		f.Pill = ui.State{Kind: "warn", Icon: "help", Word: lang.T(ctx, "criteria.outcome.undecided")}
	}
	f.Prev = lang.T(ctx, "review.prev.none", "year", f.D.Round.Year-1)
	if a.PrevOutcome != "" {
		f.Prev = lang.T(ctx, "review.prev."+a.PrevOutcome, "year", f.D.Round.Year-1)
		if a.PrevTotal != nil {
			f.Prev = lang.T(ctx, "review.prev.with_points", "what", f.Prev, "points", int64(*a.PrevTotal))
		}
	}
	for _, list := range [][]criteria.Reason{r.Failures, r.Unknowns} {
		for i := range list {
			f.Why = append(f.Why, said(ctx, list[i].Key(), list[i].Args(f.D.Set)))
		}
	}
}

func said(ctx context.Context, key string, args fault.Args) string {
	pairs := make([]any, 0, 2*len(args))
	for name, value := range args {
		pairs = append(pairs, name, value)
	}
	return lang.T(ctx, key, pairs...)
}

// rows builds the score table: groups with their criteria, and the facts and gates behind them.
func (f *fileView) rows(ctx context.Context, typed url.Values, errs map[string]string) {
	d := &f.D
	if len(d.Result.Criteria) < len(d.Set.Criteria) { // registers now contradict the sheet, so it could not be worked out
		f.Why = nil
		for _, r := range d.Result.Refusals {
			f.Why = append(f.Why, said(ctx, "fault."+r.Key, r.Args))
		}
		return
	}
	ask := newAsker(ctx, d, typed, errs)
	ask.brief = f.Mode == modeAppraise
	_, judged := d.Sheets[assessment.StageAppraisal]
	comments, reasons := map[string][]remarkView{}, map[string]string{}
	for _, r := range d.Remarks {
		switch {
		case r.Criterion == "":
		case r.Kind == assessment.RemarkReason:
			reasons[r.Criterion] = r.Body
			comments[r.Criterion] = append(comments[r.Criterion], remarkOf(ctx, r))
		case !r.Settled:
			comments[r.Criterion] = append(comments[r.Criterion], remarkOf(ctx, r))
		}
	}
	evidenceOf := map[string]int{}
	for _, p := range f.Proofs.Shots {
		for _, code := range p.Codes {
			evidenceOf[code]++
		}
	}
	missing := map[string]bool{}
	for _, code := range d.Set.EvidenceMissing(d.Result, evidenceOf) {
		missing[code] = true
	}
	for gi, g := range d.Set.Groups {
		gv := groupView{Title: g.Code + " " + g.Title, Max: lang.Points(ctx, int64(g.Max.Points())), Sum: f.sums(ctx, gi)}
		if f.Mode == modeAppraise && !judged {
			gv.Sum.Commune = either(gv.Sum.Area, gv.Sum.Self)
		}
		for i := g.First; i < g.First+g.Len; i++ {
			k, res := d.Set.Criteria[i], &d.Result.Criteria[i]
			row := rowView{Code: k.Code, Title: k.Title, Max: lang.Points(ctx, int64(k.MaxPoints.Points())), How: howOf(ctx, res),
				Evidence: evidenceOf[k.Code], Required: missing[k.Code], Comments: comments[k.Code]}
			row.At = f.cells(ctx, k.Code)
			if f.Mode == modeAppraise && !judged {
				row.Taken, row.At.Commune = true, either(row.At.Area, row.At.Self) // what stands unless the commune says otherwise
			}
			row.AreaDiff = row.At.Self != "" && row.At.Area != "" && row.At.Self != row.At.Area
			row.MineDiff = judged && row.At.Commune != "" && row.At.Area != "" && row.At.Commune != row.At.Area
			row.NotApplicable = res.State == criteria.StateFull || res.State == criteria.StateRedistributed || res.State == criteria.StateSkipped
			if f.Mode != modeRead {
				row.Controls = ask.of(i)
			}
			row.Bare = true
			for _, c := range row.Controls {
				row.Bare = row.Bare && c.Kind == "told"
			}
			if row.Bare && f.Mode == modeAppraise && len(row.Controls) > 0 {
				row.How, row.Controls = row.Controls[0].Told, nil
			}
			name := "reasons." + k.Code
			row.Reason = ui.Field{Name: name, Label: lang.T(ctx, "review.reason_for", "code", k.Code), Value: reasons[k.Code], Err: errs[name]}
			if typed.Has(name) {
				row.Reason.Value = typed.Get(name)
			}
			row.ReasonOpen = row.Reason.Err != "" || row.MineDiff || row.Reason.Value != ""
			gv.Rows = append(gv.Rows, row)
		}
		f.Groups = append(f.Groups, gv)
	}
	f.Sum = columns{Self: pointsText(ctx, d.Assessment.SelfTotal), Area: pointsText(ctx, d.Assessment.AreaTotal), Commune: pointsText(ctx, d.Assessment.CommuneTotal)}
	if f.Mode == modeAppraise && !judged {
		f.Sum.Commune = pointsText(ctx, d.Assessment.Total)
	}
	if f.Mode != modeRead {
		f.Extra, f.Gates = ask.rest(), ask.gates()
	} else {
		f.Gates = ask.gates()
		for i := range f.Gates {
			if f.Gates[i].Kind == "choice" {
				g := d.Set.Gates[i]
				f.Gates[i] = control{Kind: "told", Told: lang.T(ctx, "review.gate_told", "code", g.Code, "title", g.Title, "answer", answerWord(ctx, d.Result.Gates[i].Passed))}
			}
		}
	}
}

// either is what the area gave, or the subject itself where its model has no review of the area.
func either(area, self string) string {
	if area != "" {
		return area
	}
	return self
}

// cells are what the stages gave for one criterion; "" where a stage has no sheet.
func (f *fileView) cells(ctx context.Context, code string) (c columns) {
	for stage, to := range map[assessment.Stage]*string{assessment.StageSelf: &c.Self, assessment.StageArea: &c.Area, assessment.StageAppraisal: &c.Commune} {
		sh, ok := f.D.Sheets[stage]
		if !ok {
			continue
		}
		p, known := sh.Points[code]
		switch {
		case !known:
			*to = "–"
		case f.D.Set.Set.WithPoints():
			*to = lang.Points(ctx, int64(p))
		default:
			*to = answerWord(ctx, criteria.AnswerOf(p == 1))
		}
	}
	return c
}

// sums adds up what each stage gave in a group; nothing in a set without points.
func (f *fileView) sums(ctx context.Context, group int) (c columns) {
	if !f.D.Set.Set.WithPoints() {
		return c
	}
	g := f.D.Set.Groups[group]
	for stage, to := range map[assessment.Stage]*string{assessment.StageSelf: &c.Self, assessment.StageArea: &c.Area, assessment.StageAppraisal: &c.Commune} {
		sh, ok := f.D.Sheets[stage]
		if !ok {
			continue
		}
		sum := criteria.Points(0)
		for i := g.First; i < g.First+g.Len; i++ {
			sum += sh.Points[f.D.Set.Criteria[i].Code]
		}
		*to = lang.Points(ctx, int64(sum))
	}
	return c
}

// howOf says what the points rest on, or why there are none, in a few words.
func howOf(ctx context.Context, r *criteria.CriterionResult) string {
	switch {
	case r.State == criteria.StateUnknown:
		return lang.T(ctx, "criteria.why."+r.Why.String())
	case r.State != criteria.StateScored:
		return lang.T(ctx, "criteria.state."+r.State.String())
	case r.Basis == criteria.BasisShare, r.Basis == criteria.BasisTicks:
		return strconv.FormatInt(r.Num, 10) + "/" + strconv.FormatInt(r.Den, 10)
	}
	return ""
}

// crumbs are the way down to a file or a queue.
func crumbs(v *site.Visit, at place.Place, last string) ([]ui.Crumb, error) {
	commune := at.CommuneID
	if commune == "" {
		commune = at.ID
	}
	names, err := v.Places.Names(v.Ctx(), commune)
	return []ui.Crumb{{Label: names[commune], Href: "/xa/" + commune}, {Label: v.T("nav.review"), Href: "/tham-dinh/" + commune}, {Label: last}}, err
}
