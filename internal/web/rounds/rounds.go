// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Package rounds holds the pages of rounds: making one from the template, its dates, sets and bodies, opening it, extensions, and
// closing a model in a commune.
package rounds

import (
	"net/http"
	"strconv"

	"hoctap/internal/assessment"
	"hoctap/internal/criteria"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/place"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

// Register adds the routes of this package.
func Register(m *site.Mux) {
	m.Signed("GET /dot", index)
	m.Signed("POST /dot", create)
	m.Signed("GET /dot/{id}", show)
	m.Signed("POST /dot/{id}", save)
	m.Signed("POST /dot/{id}/mo", openRound)
	m.Signed("POST /dot/{id}/gia-han", extend)
	m.Signed("GET /dot/{id}/xa/{place}", commune)
	m.Signed("POST /dot/{id}/xa/{place}", closeModel)
	m.Signed("GET /viec-may/{id}", progress)
}

type roundLine struct {
	Round assessment.Round
	Place string
	Href  string
}

type indexView struct {
	Frame ui.Office
	Lines []roundLine
	Year  ui.Field
	May   bool
}

func index(v *site.Visit) error {
	p, err := v.Here(identity.ManageRounds)
	if err != nil {
		return err
	}
	list, err := v.Assessment.Rounds(v.Ctx(), p.ID)
	if err != nil {
		return err
	}
	view := indexView{May: true, Frame: v.Frame(v.T("rounds.title", "count", len(list)), site.Rounds, p, ui.Crumb{Label: p.FullName()}, ui.Crumb{Label: v.T("nav.rounds")})}
	last := v.Now().Year()
	for _, r := range list {
		names, err := v.Places.Names(v.Ctx(), r.PlaceID)
		if err != nil {
			return err
		}
		view.Lines = append(view.Lines, roundLine{r, names[r.PlaceID], "/dot/" + r.ID})
		last = max(last, r.Year+1)
	}
	view.Year = ui.Field{Name: "year", Label: v.T("rounds.year"), Type: "number", Class: "input--short", Value: strconv.Itoa(last)}
	return v.Show(indexPage(view))
}

// create drafts a round from the template of a year.
func create(v *site.Visit) error {
	if err := v.ReadForm(); err != nil {
		return err
	}
	p, err := v.Here(identity.ManageRounds)
	if err != nil {
		return err
	}
	year, _ := strconv.Atoi(v.Form("year"))
	r := assessment.Template(year, p.ID)
	r.Title = v.T("rounds.name", "year", year, "place", p.FullName())
	if r, err = v.Assessment.SaveRound(v.Ctx(), v.Actor, r); err != nil {
		return err
	}
	return v.Go("/dot/" + r.ID)
}

type setChoice struct {
	Model string
	Field ui.Field
	Body  ui.Field
	Star  ui.Field
}

type window struct {
	Stage    assessment.Stage
	From, To ui.Field
}

type roundView struct {
	Frame      ui.Office
	Round      assessment.Round
	Title      ui.Field
	Windows    []window
	Models     []setChoice
	Broken     []ui.Broken
	Extensions []extensionLine
	Extend     extendForm
	Place      place.Place
	Untrusted  bool
}

type extensionLine struct{ Place, Stage, Until, Reason string }

type extendForm struct{ Place, Stage, Until, Reason ui.Field }

func load(v *site.Visit) (r assessment.Round, p place.Place, err error) {
	if r, err = v.Assessment.Round(v.Ctx(), v.Path("id")); err != nil {
		return r, p, err
	}
	if p, err = v.Places.Get(v.Ctx(), r.PlaceID); err != nil {
		return r, p, err
	}
	return r, p, v.Actor.Check(identity.ManageRounds, p.Path, p.FullName())
}

func show(v *site.Visit) error {
	r, p, err := load(v)
	if err != nil {
		return err
	}
	return page(v, http.StatusOK, r, p, nil)
}

func page(v *site.Visit, status int, r assessment.Round, p place.Place, failed error) error {
	ctx := v.Ctx()
	view := roundView{Round: r, Place: p}
	var errs map[string]string
	if failed != nil {
		_, errs = lang.Fault(ctx, failed)
	}
	view.Title = ui.Field{Name: "title", Label: v.T("rounds.field.title"), Value: r.Title, Err: errs["title"]}
	all := []ui.Field{view.Title}
	for _, w := range r.Plan.Windows {
		name := string(w.Stage)
		from := ui.Field{Name: "from." + name, Label: v.T("rounds.from"), Type: "date", Value: w.From, Err: errs["window."+name]}
		to := ui.Field{Name: "to." + name, Label: v.T("rounds.to"), Type: "date", Value: w.To}
		view.Windows = append(view.Windows, window{w.Stage, from, to})
		all = append(all, ui.Field{Name: "window." + name, ID: "from." + name, Label: v.T("stage." + name)})
	}
	for _, m := range r.Plan.Models {
		sets, err := v.Sets.For(ctx, criteria.Model(m.Model), r.Year)
		if err != nil {
			return err
		}
		f := ui.Field{Name: "set." + m.Model, Label: v.T("rounds.set"), Err: errs["set."+m.Model], Attrs: map[string]any{}}
		for _, s := range sets {
			f.Options = append(f.Options, ui.Option{Value: s.ID, Label: s.Title, Chosen: s.ID == m.SetID})
			view.Untrusted = view.Untrusted || s.ID == m.SetID && !s.Verified.Trusted()
		}
		view.Models = append(view.Models, setChoice{Model: m.Model, Field: f, Body: bodyField(v, "body."+m.Model, "rounds.body", m.Body), Star: bodyField(v, "star."+m.Model, "rounds.exemplary", m.Exemplary)})
		all = append(all, f)
	}
	view.Broken = ui.BrokenOf(errs, all...)
	list, err := v.Assessment.Extensions(ctx, r.ID)
	if err != nil {
		return err
	}
	for _, e := range list {
		names, err := v.Places.Names(ctx, e.PlaceID)
		if err != nil {
			return err
		}
		view.Extensions = append(view.Extensions, extensionLine{names[e.PlaceID], v.T("stage." + string(e.Stage)), lang.Day(ctx, e.Until), e.Reason})
	}
	view.Extend = extendForm{
		Place:  ui.Field{Name: "place", Label: v.T("rounds.extend.place"), Err: errs["place"], Value: v.Form("place")},
		Stage:  ui.Field{Name: "stage", Label: v.T("rounds.extend.stage"), Err: errs["stage"]},
		Until:  ui.Field{Name: "until", Label: v.T("rounds.extend.until"), Type: "date", Err: errs["until"], Value: v.Form("until")},
		Reason: ui.Field{Name: "reason", Label: v.T("rounds.extend.reason"), Err: errs["reason"], Value: v.Form("reason")},
	}
	for _, w := range r.Plan.Windows {
		view.Extend.Stage.Options = append(view.Extend.Stage.Options, ui.Option{Value: string(w.Stage), Label: v.T("stage." + string(w.Stage)), Chosen: v.Form("stage") == string(w.Stage)})
	}
	communes, err := v.Places.Children(ctx, p.ID, "")
	if err != nil {
		return err
	}
	for _, c := range communes {
		view.Extend.Place.Options = append(view.Extend.Place.Options, ui.Option{Value: c.ID, Label: c.FullName(), Chosen: v.Form("place") == c.ID})
	}
	view.Frame = v.Frame(r.Title, site.Rounds, p, ui.Crumb{Label: v.T("nav.rounds"), Href: "/dot"}, ui.Crumb{Label: r.Title})
	view.Frame.Failed = failed != nil
	return v.ShowAs(status, roundPage(view))
}

func bodyField(v *site.Visit, name, label, value string) ui.Field {
	f := ui.Field{Name: name, Label: v.T(label)}
	for _, kind := range []string{"hoi_kh_xa", "ubnd_xa", "hoi_kh_tinh", "ubnd_tinh"} {
		f.Options = append(f.Options, ui.Option{Value: kind, Label: v.T("body." + kind), Chosen: kind == value})
	}
	return f
}

func save(v *site.Visit) error {
	if err := v.ReadForm(); err != nil {
		return err
	}
	r, p, err := load(v)
	if err != nil {
		return err
	}
	r.Title = v.Form("title")
	r.Version, _ = strconv.ParseInt(v.Form("version"), 10, 64)
	r.Plan.Windows = append([]assessment.Window(nil), r.Plan.Windows...)
	for i, w := range r.Plan.Windows {
		r.Plan.Windows[i].From, r.Plan.Windows[i].To = v.Form("from."+string(w.Stage)), v.Form("to."+string(w.Stage))
	}
	r.Plan.Models = append([]assessment.ModelPlan(nil), r.Plan.Models...)
	for i, m := range r.Plan.Models {
		if set := v.Form("set." + m.Model); set != "" {
			r.Plan.Models[i].SetID = set
		}
		if body := v.Form("body." + m.Model); body != "" {
			r.Plan.Models[i].Body, r.Plan.Models[i].Exemplary = body, v.Form("star."+m.Model)
		}
	}
	if _, err := v.Assessment.SaveRound(v.Ctx(), v.Actor, r); err != nil {
		if fault.KindOf(err) == fault.KindInvalid {
			return page(v, http.StatusUnprocessableEntity, r, p, err)
		}
		return err
	}
	return v.Go("/dot/" + r.ID)
}

// openRound opens a draft; the list of every area is a job, whose progress the next page shows.
func openRound(v *site.Visit) error {
	r, _, err := load(v)
	if err != nil {
		return err
	}
	id, err := v.Assessment.OpenRound(v.Ctx(), v.Actor, v.Jobs, r)
	if err != nil {
		return err
	}
	return v.Go("/viec-may/" + id + "?ve=/dot/" + r.ID)
}

func extend(v *site.Visit) error {
	if err := v.ReadForm(); err != nil {
		return err
	}
	r, p, err := load(v)
	if err != nil {
		return err
	}
	_, err = v.Assessment.Extend(v.Ctx(), v.Actor, assessment.Extension{RoundID: r.ID, PlaceID: v.Form("place"), Stage: assessment.Stage(v.Form("stage")), Until: v.Form("until"), Reason: v.Form("reason")})
	if fault.KindOf(err) == fault.KindInvalid && err != nil {
		return page(v, http.StatusUnprocessableEntity, r, p, err)
	}
	if err != nil {
		return err
	}
	return v.Go("/dot/" + r.ID + "#gia-han")
}
