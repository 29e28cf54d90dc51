// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package slips

import (
	"context"
	"slices"
	"strings"

	"hoctap/internal/assessment"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/recognition"
	"hoctap/internal/store"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/papers"
	"hoctap/internal/web/ui"
)

// head is what stands above each page of a slip: whose sheet it is, as far as a finder of the slip may know.
type head struct {
	Frame     ui.Public
	Model     string
	Year      int
	Name      string // initials stand for a part of it
	Where     string
	Until     string // last day
	Leader    string // "trưởng khu"
	Path      string
	Office    string // the file's page, for who is signed in and scores there: the slip on a paper leads to typing it back
	Questions string // address of the form
}

func (a *at) head(title string) (h head, err error) {
	f := &a.o.File
	h = head{Model: f.Model, Year: f.Round.Year, Name: recognition.Masked(f.Row().Assessment.Name, f.Model), Path: a.path, Frame: frame(a.Visit, title)}
	if f.Model == "citizen" && f.Row().Subject.BirthYear > f.Round.Year-16 {
		h.Name = recognition.Initials(f.Row().Assessment.Name)
	}
	commune, err := a.Places.Get(a.Ctx(), a.o.Area.CommuneID)
	if err != nil {
		return h, err
	}
	h.Where, h.Leader = papers.Where(a.o.Area, commune), papers.Leader(a.Ctx(), a.o.Area)
	if w, ok := f.Round.Plan.Window(assessment.StageSelf); ok {
		h.Until = w.To
	}
	if a.Actor.May(identity.Score, a.o.Area.Path) {
		h.Office = "/ho-so/" + a.o.PlaceID + "/" + a.o.FileID
	}
	return h, nil
}

type formView struct {
	head
	Parts  []part
	Seen   int64
	Number *ui.Field // the house number, where another phone has sent
	Note   string    // why the form is shown again
	Said   bool      // the area has typed the paper already
	Mend   bool      // something was sent before
	Broken []ui.Broken
	Keep   string // name under which the browser keeps what is typed
}

// form is the sheet to fill in: empty, as it was sent, or as it was typed when it was refused.
func (a *at) form(status int, typed answers, failed error) error {
	h, err := a.head(a.T("slip.title."+a.o.Model, "year", a.o.File.Round.Year))
	if err != nil {
		return err
	}
	view := formView{head: h, Said: a.o.File.Said, Keep: "phieu-" + a.o.ID[max(0, len(a.o.ID)-12):]}
	sentence, fields := "", map[string]string{}
	if failed != nil {
		sentence, fields = lang.Fault(a.Ctx(), failed)
	}
	errs := map[string]string{}
	for name, text := range fields {
		if kind, key, ok := strings.Cut(name, "."); ok && len(kind) > 1 { // a rule of the set: facts.x, scores.x, gates.x
			for _, short := range map[string][]string{"facts": {"f."}, "scores": {"s.", "t."}, "gates": {"g."}}[kind] {
				errs[short+key] = text
			}
			continue
		}
		errs[name] = text
	}
	view.Parts = a.parts(typed, errs)
	for _, p := range view.Parts {
		for _, q := range p.Questions {
			if q.Err != "" {
				view.Broken = append(view.Broken, ui.Broken{ID: q.ID, Text: q.Title + ": " + q.Err})
			}
		}
	}
	if a.o.File.Sent != nil {
		view.Seen, view.Mend = a.o.File.Sent.At, a.SelfSheets.Sees(&a.o, a.proof)
	}
	if a.SelfSheets.Guarded(&a.o, a.proof) {
		n := a.number(errs["so-nha"])
		view.Number = &n
		if n.Err != "" {
			view.Broken = append(view.Broken, ui.Broken{ID: "f-so-nha", Text: n.Err})
		}
	}
	if failed != nil && len(view.Broken) == 0 {
		view.Note = sentence
		if fault.KindOf(failed) == fault.KindStale {
			view.Note = a.T("slip.stale", "at", a.moment(a.o.File.Sent))
		}
	}
	return a.ShowAs(status, formPage(view))
}

func (a *at) moment(sh *assessment.Sheet) string {
	if sh == nil {
		return ""
	}
	at := store.Time(sh.At)
	return lang.Clock(a.Ctx(), at) + " " + lang.Date(a.Ctx(), at)
}

// number is the field of the house number.
func (a *at) number(failed string) ui.Field {
	return ui.Field{Name: "so-nha", Label: a.T("slip.number.label"), Hint: a.T("slip.number.hint"), Err: failed, Class: "input--short",
		Attrs: map[string]any{"inputmode": "numeric", "maxlength": "4", "autocomplete": "off", "required": true}}
}

type askView struct {
	head
	Number ui.Field
	Sent   string
	Locked bool
	Broken []ui.Broken
}

// ask asks another phone for the house number.
func (a *at) ask(status int, failed error) error {
	h, err := a.head(a.T("slip.number.title"))
	if err != nil {
		return err
	}
	view := askView{head: h, Sent: a.moment(a.o.File.Sent), Locked: a.o.Locked()}
	text := ""
	if failed != nil {
		sentence, fields := lang.Fault(a.Ctx(), failed)
		if text = fields["so-nha"]; text == "" {
			text = sentence
		}
		view.Locked = view.Locked || fault.KindOf(failed) == fault.KindTooMuch
		view.Broken = []ui.Broken{{ID: "f-so-nha", Text: text}}
	}
	view.Number = a.number(text)
	return a.ShowAs(status, askPage(view))
}

// line is what was answered to one criterion, and its pictures.
type line struct {
	Code, Title, Points string
	Missing             bool
	Wants               string // the evidence it asks for
	Pictures            []shown
}

type shown struct{ ID, Name, State string }

type toldView struct {
	head
	Title, Why string // why nothing can be changed; "" while it can
	Failed     string
	FailedAt   string
	Sent       string
	Total      string
	Max        string
	Missing    int
	Pin        string
	Lines      []line
	Full       bool // no more pictures
	Stages     []ui.Stage
}

// told shows what was sent and where the sheet is, or in one kind sentence why nothing can be sent.
func (a *at) told(status int, failed, failedAt string) error {
	f, ctx := &a.o.File, a.Ctx()
	view := toldView{Failed: failed, FailedAt: failedAt}
	var err error
	sees := a.SelfSheets.Sees(&a.o, a.proof)
	if f.Late != nil {
		view.Title, view.Why = a.T("slip.closed.title"), a.why(f.Late)
	}
	if f.Sent != nil && sees {
		view.Sent = a.moment(f.Sent)
		if err := a.lines(ctx, &view); err != nil {
			return err
		}
		if view.Pin, err = a.SelfSheets.Pin(&a.o, a.proof); err != nil {
			return err
		}
		if view.Title == "" {
			view.Title = a.T("slip.sent.title")
			if view.Total != "" {
				view.Title = a.T("slip.sent.points."+f.Model, "points", view.Total)
			}
		}
		view.Stages = a.stages()
	}
	if view.head, err = a.head(view.Title); err != nil {
		return err
	}
	return a.ShowAs(status, toldPage(view))
}

// why is a sentence for a family about what has no place for its answers now.
func (a *at) why(late error) string {
	f, _ := fault.As(late)
	if f != nil {
		switch f.Key {
		case "self.not_registered", "self.scored":
			return a.T("slip.closed." + strings.TrimPrefix(f.Key, "self."))
		case "round.early":
			return a.T("slip.closed.early", "from", f.Args["from"])
		case "round.late":
			return a.T("slip.closed.late", "to", f.Args["to"])
		}
	}
	return a.T("slip.closed.other")
}

// lines are what the family was asked, with their sum. What registers and registry say of it stands on no page that a slip opens: who found one could
// read there who is poor.
func (a *at) lines(ctx context.Context, view *toldView) error {
	f := &a.o.File
	pictures, err := a.SelfSheets.Pictures(ctx, &a.o, a.proof)
	if err != nil {
		return err
	}
	open := map[string]bool{}
	for _, p := range a.parts(nil, nil) {
		for i := range p.Questions {
			q := &p.Questions[i]
			open[q.Code] = true
			if q.open() {
				view.Missing++
			}
		}
	}
	sum, most := int64(0), int64(0)
	for _, k := range f.Set.Criteria {
		if !open[k.Code] {
			continue
		}
		l := line{Code: k.Code, Title: k.Title, Missing: true, Wants: strings.Join(k.Evidence, "; ")}
		most += int64(k.MaxPoints.Points())
		if points, ok := f.Sent.Points[k.Code]; ok {
			l.Missing, l.Points = false, lang.Points(ctx, int64(points))
			sum += int64(points)
			if !f.Set.Set.WithPoints() {
				l.Points = lang.T(ctx, map[bool]string{true: "entry.pass.yes", false: "entry.pass.no"}[points != 0])
			}
		}
		for _, p := range pictures {
			if slices.Contains(p.Criteria, k.Code) {
				l.Pictures = append(l.Pictures, shown{p.ID, p.Name, string(p.State)})
			}
		}
		view.Lines = append(view.Lines, l)
	}
	if f.Set.Set.WithPoints() {
		view.Total, view.Max = lang.Points(ctx, sum), lang.Points(ctx, most)
	}
	return nil
}

// stages tell where the sheet is: with the family, the area, the commune.
func (a *at) stages() (list []ui.Stage) {
	f := &a.o.File
	plan, state := &f.Round.Plan, f.Row().Assessment.State
	at := 1
	switch {
	case f.Row().Assessment.Locked() && state != assessment.Sent:
		at = 3
	case state == assessment.Sent:
		at = 2
	}
	for i, s := range []assessment.Stage{assessment.StageSelf, assessment.StageArea, assessment.StageAppraisal, assessment.StageDecision} {
		st := ui.Stage{Name: a.T("slip.stage." + string(s))}
		if w, ok := plan.Window(s); ok {
			st.Lines = []string{a.T("slip.until", "date", w.To)}
		}
		if i == 0 {
			st.Lines = []string{a.T("slip.sent.at", "at", a.moment(f.Sent))}
		}
		switch {
		case i < at:
			st.State = "done"
		case i == at:
			st.State = "now"
		}
		list = append(list, st)
	}
	return list
}

// refused shows what was sent with why a picture was not taken.
func (a *at) refused(err error, criterion string) error {
	status := statusOf(err)
	if status == 0 {
		return err
	}
	sentence, fields := lang.Fault(a.Ctx(), err)
	for _, name := range []string{"file", "criterion"} {
		if fields[name] != "" {
			sentence = fields[name]
		}
	}
	return a.told(status, sentence, criterion)
}
