// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package sets

import (
	"slices"

	"hoctap/internal/assessment"
	"hoctap/internal/criteria/version"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/place"
	"hoctap/internal/web/site"
)

// trialView is what a version would make of the sheets of the newest round at the actor's place.
type trialView struct {
	Place  string
	Year   int
	Size   int
	Action string
	Trial  *assessment.Trial
	Old    bool // the draft has been saved since
	ByYear bool // by the rules of another year than the round's
	Cause  string
	Worst  string
	Lines  []trialLine
	Most   int // how many communes are listed
}

// Notes reports whether there is something to say beside the figures.
func (t *trialView) Notes() bool {
	c := t.Trial.Counts
	return c.ToOpen+c.Refused > 0 || t.Worst != "" || t.Old || t.ByYear
}

type trialLine struct {
	Name   string
	Href   string
	Counts assessment.TrialCounts
}

// maxTrialLines is how many communes the page lists, most losses first.
const maxTrialLines = 30

// where is the place and round of a trial; found is false where there is no round that uses the set's model.
func (s *state) trialAt() (p place.Place, r assessment.Round, found bool, err error) {
	if p, err = s.v.Here(identity.SeeRecords); err != nil {
		return p, r, false, nil // who may read sets need not see a single record
	}
	r, _, err = s.v.Round(p)
	if fault.KindOf(err) == fault.KindNotFound && err != nil {
		return p, r, false, nil
	}
	found = slices.ContainsFunc(r.Plan.Models, func(m assessment.ModelPlan) bool { return m.Model == string(s.ver.Model) })
	return p, r, found, err
}

func (s *state) trial(view *pageView) error {
	if !s.may() || s.faults != nil {
		return nil
	}
	p, r, found, err := s.trialAt()
	if err != nil || !found {
		return err
	}
	ctx := s.v.Ctx()
	t := &trialView{Place: p.FullName(), Year: r.Year, Action: site.With(href(s.ver.ID)+"/ap-dung", "noi", s.v.Query("noi"), "nam", s.v.Query("nam"))}
	if t.Size, err = s.v.Assessment.TrialSize(ctx, s.v.Actor, p.ID, r.ID, string(s.ver.Model)); err != nil {
		return err
	}
	last, done, err := s.v.Assessment.LastTrial(ctx, s.v.Actor, s.ver.ID, p.ID, r.ID)
	if err != nil {
		return err
	}
	view.Trial = t
	if !done {
		return nil
	}
	t.Trial, t.Old, t.ByYear = &last, s.ver.State == version.Draft && last.Edit != s.ver.Edit, last.ByYear != last.Year
	if len(last.Places) > 0 && last.Places[0].Counts.ToFail > 0 {
		t.Worst = last.Places[0].Name
	}
	if len(last.Causes) > 0 {
		t.Cause = last.Causes[0].Code
	}
	for _, c := range last.Places[:min(len(last.Places), maxTrialLines)] {
		t.Lines = append(t.Lines, trialLine{Name: c.Name, Href: "/xa/" + c.PlaceID, Counts: c.Counts})
	}
	return nil
}

// trial works the sheets out again: at once where they are few, else as a job whose progress the next page shows.
func trial(v *site.Visit) error {
	s, err := load(v)
	if err != nil {
		return err
	}
	if !s.may() {
		return fault.Denied(string(identity.ManageCriteria), "")
	}
	p, r, found, err := s.trialAt()
	if err != nil {
		return err
	}
	if !found {
		return fault.NotFound("round", v.Query("nam"))
	}
	back := site.With(href(s.ver.ID), "noi", v.Query("noi"), "nam", v.Query("nam"))
	n, err := v.Assessment.TrialSize(v.Ctx(), v.Actor, p.ID, r.ID, string(s.ver.Model))
	if err != nil {
		return err
	}
	if n <= assessment.TrialAtOnce {
		if _, err := v.Assessment.Try(v.Ctx(), v.Actor, s.ver.ID, p.ID, r.ID, nil); err != nil {
			return err
		}
		return v.Go(back + "#ap-dung")
	}
	id, err := v.Assessment.AskTrial(v.Ctx(), v.Actor, v.Jobs, s.ver.ID, p.ID, r.ID)
	if err != nil {
		return err
	}
	return v.Go(site.With("/viec-may/"+id, "ve", back))
}
