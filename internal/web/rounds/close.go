// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package rounds

import (
	"slices"
	"strings"

	"hoctap/internal/assessment"
	"hoctap/internal/identity"
	"hoctap/internal/job"
	"hoctap/internal/place"
	"hoctap/internal/rollup"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

type modelLine struct {
	Model    string
	Counts   rollup.Counts
	Closed   bool
	After    string // models that must be closed before
	Affected string // models that read its titles
}

type communeView struct {
	Frame ui.Office
	Round assessment.Round
	Place place.Place
	Lines []modelLine
}

// commune shows the models of a round in a commune in the order in which they close.
func commune(v *site.Visit) error {
	p, err := v.Here(identity.Decide)
	if err != nil {
		return err
	}
	r, err := v.Assessment.Round(v.Ctx(), v.Path("id"))
	if err != nil {
		return err
	}
	closed, err := v.Assessment.Closed(v.Ctx(), p.ID, r.ID)
	if err != nil {
		return err
	}
	t, err := v.Figures.Below(v.Ctx(), p.Path, v.Today(), rollup.ByLeaf, r.ID)
	if err != nil {
		return err
	}
	view := communeView{Round: r, Place: p}
	for _, m := range r.Plan.Models {
		l := modelLine{Model: m.Model, Counts: t.Total[rollup.Key{RoundID: r.ID, Model: m.Model}], Closed: closed[m.Model]}
		l.After = models(v, slices.DeleteFunc(slices.Clone(m.After), func(before string) bool { return closed[before] }))
		affected, err := v.Assessment.WhoIsAffected(v.Ctx(), p.ID, r.ID, m.Model)
		if err != nil {
			return err
		}
		var names []string
		for _, a := range affected {
			names = append(names, a.Model)
		}
		l.Affected = models(v, names)
		view.Lines = append(view.Lines, l)
	}
	view.Frame = v.Frame(v.T("close.title", "place", p.FullName(), "year", r.Year), site.Decisions, p, ui.Crumb{Label: p.FullName(), Href: "/xa/" + p.ID}, ui.Crumb{Label: v.T("close.crumb")})
	return v.Show(communePage(view))
}

func models(v *site.Visit, list []string) string {
	words := make([]string, len(list))
	for i, m := range list {
		words[i] = v.T("model." + m)
	}
	return strings.Join(words, ", ")
}

func closeModel(v *site.Visit) error {
	if err := v.ReadForm(); err != nil {
		return err
	}
	p, err := v.Here(identity.Decide)
	if err != nil {
		return err
	}
	id, model := v.Path("id"), v.Form("model")
	if v.Form("act") == "reopen" {
		err = v.Assessment.ReopenModel(v.Ctx(), v.Actor, p.ID, id, model, v.Form("reason"))
	} else {
		err = v.Assessment.CloseModel(v.Ctx(), v.Actor, p.ID, id, model)
	}
	if err != nil {
		return err
	}
	return v.Go("/dot/" + id + "/xa/" + p.ID)
}

type progressView struct {
	Frame ui.Office
	Job   job.Job
	Back  string
	Share int64
}

// progress shows how far a job is; only who asked for it sees it. The page loads itself again until the job has ended.
func progress(v *site.Visit) error {
	j, err := v.Jobs.Get(v.Ctx(), v.Path("id"))
	if err != nil {
		return err
	}
	if err := mine(v, &j); err != nil {
		return err
	}
	view := progressView{Job: j, Back: site.Inside(v.Query("ve"), "/viec")}
	if j.All > 0 {
		view.Share = j.Done * 10000 / j.All
	}
	if j.State == job.Waiting || j.State == job.Running {
		v.W.Header().Set("Refresh", "2")
	}
	view.Frame = v.Frame(v.T("job.title."+string(j.State)), "", v.Own(), ui.Crumb{Label: v.T("job.crumb")})
	return v.Show(progressPage(view))
}
