// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package decisions

import (
	"context"
	"net/http"
	"slices"
	"strconv"

	"hoctap/internal/assessment"
	"hoctap/internal/criteria"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/place"
	"hoctap/internal/recognition"
	"hoctap/internal/registry"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
	"hoctap/internal/wording"
)

// sort is what a proposal is about, as ?loai has it; the zero value is the titles of the year.
type sort string

const (
	plain  sort = ""
	best   sort = "tieu-bieu" // exemplary ones of the year
	period sort = "giai-doan" // exemplary ones of several years
)

func (s sort) kind() recognition.Kind {
	if s == plain {
		return recognition.KindRecognise
	}
	return recognition.KindExemplary
}

// proposalView is the list that is put before the deciding body.
type proposalView struct {
	Own      []ui.Tab // papers in the office's own Word file
	Frame    ui.Office
	Token    string // of the list's form
	Title    string
	Lead     string
	Sort     sort
	Model    string
	Year     int
	Action   string
	Body     string
	Checks   []checkView
	Blocked  bool
	Areas    []proposalArea
	Total    int
	Drafts   []decisionLine
	Requests requestsView
	Verified string
	May      bool
	Failed   string
	Broken   []ui.Broken
}

// checkView is one line of what is looked at before a signature.
type checkView struct {
	Level string // ok, warning, blocked
	Text  string
	Fix   string
	Href  string // the first file it is about
}

type proposalArea struct {
	Name  string
	Lines []proposalLine
}

type proposalLine struct {
	ID, Number, Name, Href string
	Total                  string
	Chosen                 bool
	Notes                  []string
}

func propose(v *site.Visit) error { return proposalPage(v, http.StatusOK, nil) }

// asked reads what a proposal page is about.
func asked(v *site.Visit) (p place.Place, r assessment.Round, s sort, model string, err error) {
	if p, err = v.Here(identity.SeeRecords); err != nil {
		return
	}
	if r, _, err = v.Round(p); err != nil {
		return
	}
	s = sort(v.R.FormValue("loai"))
	if s != best && s != period {
		s = plain
	}
	if model = v.R.FormValue("mo-hinh"); model == "" {
		model = registry.Family
	}
	if !slices.Contains(registry.Models, model) {
		err = fault.NotFound("model", model)
	}
	return
}

func proposalPage(v *site.Visit, status int, failed error) error {
	p, r, s, model, err := asked(v)
	if err != nil {
		return err
	}
	view := proposalView{Sort: s, Model: model, Year: r.Year, Token: newToken(), Action: base(p.ID) + "/de-nghi", May: v.Actor.May(identity.Decide, p.Path)}
	if s == period { // its body is that of the period's rule, wherever it sits
		err = view.candidates(v, p, model, &r)
	} else {
		err = view.proposal(v, p, model, &r)
	}
	if err == nil && s != period {
		err = view.requests(v, p, &r)
	}
	if err == nil && failed == nil {
		err = view.follow(v)
	}
	if err != nil {
		return err
	}
	view.Title = v.T("propose.title."+string(s.kind()), "count", view.Total, "noun", v.T("subject."+model))
	view.Lead = v.T("propose.lead", "body", view.Body, "model", model, "year", r.Year)
	if failed != nil {
		sentence, errs := lang.Fault(v.Ctx(), failed)
		view.Requests.fields(v, errs)
		view.Failed, view.Broken = sentence, ui.BrokenOf(errs, view.Requests.all()...)
		view.choose(v.R.Form["chon"], v.R.Form["lai"])
	}
	view.Frame = v.Frame(view.Title, site.Decisions, p, ui.Crumb{Label: p.FullName(), Href: placeHref(p)}, ui.Crumb{Label: v.T("nav.decisions"), Href: site.With(base(p.ID), "nam", strconv.Itoa(r.Year))},
		ui.Crumb{Label: v.T("title."+model) + " " + strconv.Itoa(r.Year)})
	view.Frame.Styles = []string{"print.css"}
	return v.ShowAs(status, proposalSheet(view))
}

// files lists the approved or recognised files with what an officer should look at twice.
func (view *proposalView) files(v *site.Visit, p *recognition.Proposal) {
	notes := map[string][]string{}
	for _, c := range p.Checks {
		if c.Level == recognition.LevelOK {
			continue
		}
		for _, id := range c.Files {
			notes[id] = append(notes[id], v.T("propose.note."+c.Key))
		}
	}
	for _, area := range p.Areas {
		a := proposalArea{Name: area.Name}
		for i := range area.Files {
			f := &area.Files[i]
			a.Lines = append(a.Lines, proposalLine{ID: f.ID, Number: f.Number, Name: f.Name, Href: "/ho-so/" + f.PlaceID + "/" + f.ID, Total: pointsText(v.Ctx(), f.Total), Notes: notes[f.ID]})
		}
		view.Areas = append(view.Areas, a)
	}
}

// proposal lists the year's files that can be decided.
func (view *proposalView) proposal(v *site.Visit, p place.Place, model string, r *assessment.Round) error {
	proposal, err := v.Recognition.Propose(v.Ctx(), v.Actor, p.ID, r.ID, model, view.Sort.kind())
	if err != nil {
		return err
	}
	view.Body, view.Total = proposal.Body.Name, proposal.Total
	view.May = view.May && v.Actor.Sits(identity.Decide, proposal.Body.PlaceID)
	view.trust(v, proposal.Verified)
	view.files(v, &proposal)
	view.Checks = checksOf(v, &proposal)
	view.Blocked = proposal.Blocked()
	if view.Drafts, err = newLines(v).all(proposal.Drafts); err != nil {
		return err
	}
	return view.own(v, p)
}

func (view *proposalView) trust(v *site.Visit, word criteria.Verified) {
	if !word.Trusted() {
		view.Verified = v.T("verified." + string(word))
	}
}

// candidates lists who may be named for the period that ends with the round's year.
func (view *proposalView) candidates(v *site.Visit, p place.Place, model string, r *assessment.Round) error {
	if plan, ok := r.Plan.Model(model); ok {
		set, err := v.Sets.Compiled(v.Ctx(), plan.SetID)
		if err != nil {
			return err
		}
		view.trust(v, set.Verified())
	}
	rule, list, err := v.Recognition.Candidates(v.Ctx(), v.Actor, p.ID, model, r.Year)
	if err != nil {
		return err
	}
	view.Total = len(list)
	at := map[string]int{}
	for _, c := range list {
		i, ok := at[c.PlaceID]
		if !ok {
			i = len(view.Areas)
			at[c.PlaceID] = i
			view.Areas = append(view.Areas, proposalArea{Name: c.AreaName})
		}
		view.Areas[i].Lines = append(view.Areas[i].Lines, proposalLine{ID: c.AssessmentID, Name: c.Name,
			Notes: []string{v.T("propose.years", "count", len(c.Recognised), "years", rule.Years)}})
	}
	view.Body = v.T("body." + rule.Body)
	view.Checks = []checkView{{Level: "ok", Text: v.T("propose.rule", "years", rule.Years, "minimum", rule.Minimum, "body", view.Body)}}
	return nil
}

// choose puts the ticks back that a refused form had.
func (view *proposalView) choose(lists ...[]string) {
	on := map[string]bool{}
	for _, list := range lists {
		for _, id := range list {
			on[id] = true
		}
	}
	for i := range view.Areas {
		for j := range view.Areas[i].Lines {
			view.Areas[i].Lines[j].Chosen = on[view.Areas[i].Lines[j].ID]
		}
	}
}

func checksOf(v *site.Visit, p *recognition.Proposal) (list []checkView) {
	at := map[string]string{}
	for _, area := range p.Areas {
		for i := range area.Files {
			at[area.Files[i].ID] = area.PlaceID
		}
	}
	for _, c := range p.Checks {
		key, args := "recognition.check."+c.Key+"."+string(c.Level), make([]any, 0, 2*len(c.Args))
		for k, value := range c.Args {
			args = append(args, k, value)
		}
		line := checkView{Level: string(c.Level), Text: v.T(key, args...)}
		if c.Level != recognition.LevelOK {
			line.Fix = v.T("recognition.check."+c.Key+".fix", args...)
			if len(c.Files) > 0 && at[c.Files[0]] != "" {
				line.Href = "/ho-so/" + at[c.Files[0]] + "/" + c.Files[0]
			}
		}
		list = append(list, line)
	}
	return list
}

func pointsText(ctx context.Context, p *criteria.Points) string {
	if p == nil {
		return ""
	}
	return lang.Points(ctx, int64(*p))
}

// draft makes a draft of the list: of the year's titles all but those that are kept back, of exemplary ones those chosen.
func draft(v *site.Visit) error {
	if err := v.ReadForm(); err != nil {
		return err
	}
	p, r, s, model, err := asked(v)
	if err != nil {
		return err
	}
	if to, err := draftMade(v); err != nil || to != "" {
		return goOr(v, to, err)
	}
	d := recognition.Draft{Kind: s.kind(), PlaceID: p.ID, RoundID: r.ID, Model: model, Period: s == period, Token: v.Form(tokenName)}
	if s == plain {
		proposal, err := v.Recognition.Propose(v.Ctx(), v.Actor, p.ID, r.ID, model, s.kind())
		if err != nil {
			return err
		}
		if d.Grounds, err = firstGrounds(v, proposal.Body.Kind, facts{Decision: &recognition.Decision{Kind: d.Kind, PlaceID: p.ID, RoundID: r.ID, Model: model, FromYear: r.Year, ForYear: r.Year}}, d.Kind.WordingKind()); err != nil {
			return err
		}
		chosen, err := proposal.Choose(nil, v.R.PostForm["lai"])
		if err != nil {
			return refusedProposal(v, err)
		}
		d.Items = chosen.Choices()
	} else {
		for _, id := range v.R.PostForm["chon"] {
			d.Items = append(d.Items, recognition.Choice{AssessmentID: id})
		}
		if d.Grounds, err = exemplaryGrounds(v, &r, s, p.ID, model); err != nil {
			return err
		}
	}
	if len(d.Items) == 0 {
		return proposalPage(v, http.StatusUnprocessableEntity, fault.Invalid(fault.Field("items", "recognition.no_items")))
	}
	out, err := v.Recognition.SaveDraft(v.Ctx(), v.Actor, d)
	if err != nil {
		return refusedProposal(v, err)
	}
	return v.Go(address(&out))
}

// refusedProposal shows the list with why something was refused; an error that is nobody's input goes the usual way.
func refusedProposal(v *site.Visit, err error) error {
	switch fault.KindOf(err) {
	case fault.KindInvalid:
		return proposalPage(v, http.StatusUnprocessableEntity, err)
	case fault.KindConflict, fault.KindStale:
		return proposalPage(v, http.StatusConflict, err)
	}
	return err
}

// exemplaryGrounds are the usual ones of the body that names exemplary subjects.
func exemplaryGrounds(v *site.Visit, r *assessment.Round, s sort, placeID, model string) ([]string, error) {
	kind := ""
	if plan, ok := r.Plan.Model(model); ok {
		kind = plan.Exemplary
	}
	d := recognition.Decision{Kind: recognition.KindExemplary, PlaceID: placeID, RoundID: r.ID, Model: model, FromYear: r.Year, ForYear: r.Year}
	if s == period {
		rule, err := v.Recognition.PeriodRule(v.Ctx(), placeID, model)
		if err != nil {
			return nil, err
		}
		kind, d.FromYear = rule.Body, r.Year-rule.Years+1
	}
	return firstGrounds(v, kind, facts{Decision: &d}, wording.Exemplary)
}

// firstGrounds are the usual ones of the body of a kind that will issue a paper of a kind. Where there is no such body there are none: the draft will be
// refused with the reason.
func firstGrounds(v *site.Visit, bodyKind string, f facts, paper wording.Kind) ([]string, error) {
	d := f.Decision
	body, said, err := v.Recognition.WordingFor(v.Ctx(), v.Actor, bodyKind, d.PlaceID, paper)
	if fault.KindOf(err) == fault.KindConflict {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	d.BodyID, d.BodyName, f.Said.Paper = body.ID, body.Name, said
	if f.Asked, err = askedBy(v, d); err != nil {
		return nil, err
	}
	return f.usualGrounds(v.Ctx()), nil
}

// askedBy is the request that a decision to be drafted answers: the newest one for its round, model and place that no decision has answered yet. It is nil when
// there is none; those of several years are named without one.
func askedBy(v *site.Visit, d *recognition.Decision) (*recognition.Paper, error) {
	if d.Kind != recognition.KindRecognise && d.Kind != recognition.KindExemplary || d.Period() {
		return nil, nil
	}
	list, err := v.Recognition.Requests(v.Ctx(), v.Actor, d.PlaceID, d.RoundID, d.Model)
	if err != nil {
		return nil, err
	}
	answers, err := v.Recognition.Decisions(v.Ctx(), v.Actor, recognition.Filter{PlaceID: d.PlaceID, RoundID: d.RoundID, Model: d.Model, Kind: d.Kind, State: recognition.StateIssued})
	if err != nil {
		return nil, err
	}
	for _, x := range slices.Backward(list) {
		answered := slices.ContainsFunc(answers, func(a recognition.Decision) bool { return !a.Period() && !a.IssuedAt.Before(x.IssuedAt) })
		if x.Asks == d.Kind && x.VoidedAt.IsZero() && !answered {
			return &x, nil
		}
	}
	return nil, nil
}

func areaID(i int) string { return "khu-" + strconv.Itoa(i) }

// tickName is the name of a list's ticks: of the year's titles those kept back, else those chosen.
func tickName(s sort) string { return pick(s == plain, "lai", "chon") }

func tickKey(s sort) string { return pick(s == plain, "propose.back", "propose.pick") }

func noteState(s sort, word string) ui.State {
	if s == period {
		return ui.State{Kind: "info", Icon: "calendar", Word: word}
	}
	return ui.State{Kind: "warn", Icon: "warning", Word: word}
}

func checkClass(level string) string {
	switch level {
	case string(recognition.LevelOK):
		return "ok"
	case string(recognition.LevelBlocked):
		return "bad"
	}
	return "warn"
}

func checkIcon(level string) string {
	switch level {
	case string(recognition.LevelOK):
		return "check-circle"
	case string(recognition.LevelBlocked):
		return "x"
	}
	return "warning"
}
