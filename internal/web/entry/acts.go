// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package entry

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"hoctap/internal/assessment"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/store"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

// minutesForm is the meeting's record and the sending of the area's files.
type minutesForm struct {
	HeldOn, Venue, Chair, Secretary, Present, Opinion ui.Field
	Branch, Front, Head                               bool
	Version                                           int64
	ID                                                string
	Votes                                             []ui.Field // of those whose files the area may still send: votes against
	Voted                                             bool       // some vote is not for
	Errors                                            map[string]string
	Needed                                            bool
}

// against begins the name of the field with a file's votes against.
const against = "chong."

func formOf(v *site.Visit, b *assessment.Board) minutesForm {
	plan, _ := b.Round.Plan.Model(b.Model)
	f := minutesForm{Needed: plan.Minutes}
	f.HeldOn = ui.Field{Name: "held_on", Label: v.T("minutes.held_on"), Type: "date", Class: "input--mid", Value: v.Today()}
	f.Venue = ui.Field{Name: "venue", Label: v.T("minutes.venue"), Optional: true}
	f.Chair = ui.Field{Name: "chair", Label: v.T("minutes.chair")}
	f.Secretary = ui.Field{Name: "secretary", Label: v.T("minutes.secretary")}
	f.Present = ui.Field{Name: "present", Label: v.T("minutes.present"), Type: "number", Class: "input--short", Attrs: map[string]any{"min": "3", "inputmode": "numeric"}}
	f.Opinion = ui.Field{Name: "opinion", Label: v.T("minutes.opinion"), Optional: true, Rows: 2}
	if m := b.Minutes; m != nil {
		f.HeldOn.Value, f.Venue.Value, f.Chair.Value, f.Secretary.Value, f.Opinion.Value = m.HeldOn, m.Venue, m.Chair, m.Secretary, m.Opinion
		f.Present.Value = strconv.Itoa(m.Present)
		f.Branch, f.Front, f.Head, f.Version, f.ID = m.Signed.Branch, m.Signed.Front, m.Signed.Head, m.Version, m.ID
	}
	for i := range b.Rows {
		a := &b.Rows[i].Assessment
		if a.State == assessment.Listed || a.Locked() {
			continue
		}
		vote := ui.Field{Name: against + a.ID, Label: strings.TrimSpace(a.Number + " " + a.Name), Type: "number", Class: "input--short", Attrs: map[string]any{"min": "0", "inputmode": "numeric"}}
		if a.VotesAgainst > 0 {
			vote.Value, f.Voted = strconv.Itoa(a.VotesAgainst), true
		}
		f.Votes = append(f.Votes, vote)
	}
	return f
}

// fill puts back what was typed, with its faults.
func (f *minutesForm) fill(v *site.Visit) {
	if v.R.PostForm == nil {
		return
	}
	for _, field := range []*ui.Field{&f.HeldOn, &f.Venue, &f.Chair, &f.Secretary, &f.Present, &f.Opinion} {
		if v.R.PostForm.Has(field.Name) {
			field.Value = v.Form(field.Name)
		}
		field.Err = f.Errors[field.Name]
	}
	for i := range f.Votes {
		vote := &f.Votes[i]
		if v.R.PostForm.Has(vote.Name) {
			vote.Value = v.Form(vote.Name)
		}
		vote.Err = f.Errors["votes."+strings.TrimPrefix(vote.Name, against)]
		f.Voted = f.Voted || vote.Err != ""
	}
	if v.R.PostForm.Has("held_on") {
		f.Branch, f.Front, f.Head = v.Form("branch") != "", v.Form("front") != "", v.Form("head") != ""
	}
}

func (f *minutesForm) fields() []ui.Field {
	return append([]ui.Field{f.HeldOn, f.Venue, f.Chair, f.Secretary, f.Present, f.Opinion}, f.Votes...)
}

// broken lists the faults by the names of their fields.
func (f *minutesForm) broken() []ui.Broken {
	errs := map[string]string{}
	for name, text := range f.Errors {
		if id, vote := strings.CutPrefix(name, "votes."); vote {
			name = against + id
		}
		errs[name] = text
	}
	return ui.BrokenOf(errs, f.fields()...)
}

// votesOf reads the votes of a form: who is not against is for; a blank field is none against.
func votesOf(v *site.Visit, present int) (list []assessment.Vote, err error) {
	for name, values := range v.R.PostForm {
		id, ok := strings.CutPrefix(name, against)
		if !ok || len(values) == 0 {
			continue
		}
		vote := assessment.Vote{ID: id}
		if typed := strings.TrimSpace(values[0]); typed != "" {
			if vote.Against, err = strconv.Atoi(typed); err != nil || vote.Against < 0 || vote.Against > present {
				return nil, fault.Invalid(fault.Field("votes."+id, "minutes.votes", "present", present))
			}
		}
		if vote.Against > 0 {
			vote.For = present - vote.Against
		}
		list = append(list, vote)
	}
	slices.SortFunc(list, func(a, b assessment.Vote) int { return strings.Compare(a.ID, b.ID) })
	return list, nil
}

// register takes the chosen households in, on the day their paper says.
func register(v *site.Visit) error {
	if err := v.ReadForm(); err != nil {
		return err
	}
	p, err := v.Here(identity.Register)
	if err != nil {
		return err
	}
	r, _, err := v.Round(p)
	if err != nil {
		return err
	}
	on, err := time.ParseInLocation(time.DateOnly, v.Form("date"), store.Zone)
	if err != nil {
		return page(v, http.StatusUnprocessableEntity, fault.Invalid(fault.Field("date", "extension.until")))
	}
	if today := store.Date(v.Now()); v.Form("date") == today {
		on = v.Now()
	} else {
		on = on.Add(12 * time.Hour)
	}
	if _, err := v.Assessment.Register(v.Ctx(), v.Actor, p.ID, r.ID, v.R.PostForm["ho"], on); err != nil {
		return again(v, err)
	}
	return v.Go(back(v, p.ID))
}

// send saves the minutes, where the round wants them, and hands what is complete to the commune.
func send(v *site.Visit) error {
	if err := v.ReadForm(); err != nil {
		return err
	}
	p, err := v.Here(identity.Score)
	if err != nil {
		return err
	}
	r, _, err := v.Round(p)
	if err != nil {
		return err
	}
	if v.R.PostForm.Has("held_on") {
		present, _ := strconv.Atoi(v.Form("present"))
		version, _ := strconv.ParseInt(v.Form("version"), 10, 64)
		m := assessment.Minutes{PlaceID: p.ID, ID: v.Form("id"), RoundID: r.ID, Model: model(v), HeldOn: v.Form("held_on"), Venue: v.Form("venue"), Chair: v.Form("chair"),
			Secretary: v.Form("secretary"), Present: present, Opinion: v.Form("opinion"), Version: version, Final: v.Form("act") == "send",
			Signed: assessment.Signatures{Branch: v.Form("branch") != "", Front: v.Form("front") != "", Head: v.Form("head") != ""}}
		votes, err := votesOf(v, present)
		if err == nil {
			_, err = v.Assessment.SaveMinutes(v.Ctx(), v.Actor, m, votes)
		}
		if err != nil {
			return again(v, err)
		}
	}
	if v.Form("act") != "send" {
		return v.Go(back(v, p.ID) + "#gui-xa")
	}
	batch, err := v.Assessment.Send(v.Ctx(), v.Actor, p.ID, r.ID, model(v), nil)
	if err != nil {
		return again(v, err)
	}
	sent := sentView{Frame: v.Frame(v.T("sent.title", "count", batch.Done), site.Entry, p), Place: p.FullName(), Done: batch.Done, Back: back(v, p.ID)}
	for _, l := range batch.Left {
		why, _ := lang.Fault(v.Ctx(), l.Why)
		sent.Left = append(sent.Left, leftView{Name: l.Assessment.Name, Number: l.Assessment.Number, Why: why, Href: "/ho-so/" + p.ID + "/" + l.Assessment.ID})
	}
	return v.Show(sentPage(sent))
}

// again shows the board with what was refused; an error that is nobody's input goes the usual way.
func again(v *site.Visit, err error) error {
	switch fault.KindOf(err) {
	case fault.KindInvalid:
		return page(v, http.StatusUnprocessableEntity, err)
	case fault.KindConflict, fault.KindStale:
		return page(v, http.StatusConflict, err)
	}
	return err
}

func back(v *site.Visit, placeID string) string {
	return site.With("/nhap/"+placeID, "mo-hinh", model(v), "nam", v.R.FormValue("nam"))
}

type sentView struct {
	Frame ui.Office
	Place string
	Done  int
	Left  []leftView
	Back  string
}

type leftView struct{ Name, Number, Why, Href string }
