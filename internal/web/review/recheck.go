// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package review

import (
	"net/http"
	"slices"
	"strconv"

	"hoctap/internal/assessment"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/place"
	"hoctap/internal/registry"
	"hoctap/internal/rollup"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

// checksView is the page against titles for form's sake: draws, areas worth asking about, pictures used twice.
type checksView struct {
	Frame  ui.Office
	Title  string
	Place  place.Place
	Year   int
	Models []ui.Tab
	Model  string
	Size   ui.Field
	Failed string
	Draws  []drawView
	Odd    []oddView
	Photos []photoView
	Above  bool // above a commune: pictures are compared commune by commune
}

type drawView struct {
	Href, At, Model, Seed string
	Size, From            int
}

// oddView is an area whose figures deserve a word.
type oddView struct {
	Name, Href       string
	Signs            []string
	Now, Before      int64 // share of all, hundredths of a percent
	Passing, Regists int64
	HasBefore        bool
}

type photoView struct {
	Title, How                 string
	AName, AHref, BName, BHref string
}

func rechecks(v *site.Visit) error { return showChecks(v, http.StatusOK, nil) }

func showChecks(v *site.Visit, status int, refused error) error {
	p, r, err := checkedAt(v)
	if err != nil {
		return err
	}
	ctx := v.Ctx()
	w := checksView{Place: p, Year: r.Year, Model: modelOf(v), Above: !p.Leaf() && p.Level != place.Commune}
	w.Title = v.T("recheck.title", "place", p.FullName())
	year := strconv.Itoa(r.Year)
	for _, m := range r.Plan.Models {
		w.Models = append(w.Models, ui.Tab{Label: v.T("model." + m.Model), Current: m.Model == w.Model, Href: site.With("/kiem-tra", "noi", p.ID, "nam", year, "mo-hinh", m.Model)})
	}
	w.Size = ui.Field{Name: "size", Label: v.T("recheck.size"), Value: "20", Class: "input--short", Attrs: map[string]any{"inputmode": "numeric"}}
	if refused != nil {
		sentence, errs := lang.Fault(ctx, refused)
		w.Failed, w.Size.Value, w.Size.Err = sentence, v.Form("size"), errs["size"]
	}
	draws, err := v.Assessment.Rechecks(ctx, v.Actor, p.ID, r.ID)
	if err != nil {
		return err
	}
	for _, d := range draws {
		w.Draws = append(w.Draws, drawView{Href: "/kiem-tra/" + d.ID, At: moment(ctx, micros(d.At)), Model: v.T("model." + d.Model), Seed: strconv.FormatInt(d.Seed, 10), Size: d.Size, From: d.DrawnFrom})
	}
	if err := w.odd(v, r); err != nil {
		return err
	}
	if !w.Above {
		if err := w.photos(v, r); err != nil {
			return err
		}
	}
	w.Frame = v.Frame(w.Title, site.Rechecks, p, ui.Crumb{Label: p.FullName()}, ui.Crumb{Label: v.T("nav.rechecks")})
	w.Frame.Failed = refused != nil
	return v.ShowAs(status, checksPage(w))
}

func modelOf(v *site.Visit) string {
	if m := v.R.FormValue("mo-hinh"); slices.Contains(registry.Models, m) {
		return m
	}
	return registry.Family
}

// checkedAt is the place and round of the page; a form names them in its fields.
func checkedAt(v *site.Visit) (p place.Place, r assessment.Round, err error) {
	if at := v.R.PostFormValue("noi"); at != "" {
		if p, err = v.Places.Get(v.Ctx(), at); err == nil {
			err = v.Actor.Check(identity.Inspect, p.Path, p.FullName())
		}
	} else {
		p, err = v.Here(identity.Inspect)
	}
	if err != nil {
		return p, r, err
	}
	r, err = roundOf(v, p, v.R.FormValue("nam"))
	return p, r, err
}

// odd lists the areas, or above a commune the communes, whose figures show a sign.
func (w *checksView) odd(v *site.Visit, r assessment.Round) error {
	group, rounds := rollup.ByLeaf, []string{r.ID}
	if w.Above {
		group = rollup.ByCommune
	}
	before := ""
	all, err := v.Assessment.Rounds(v.Ctx(), w.Place.ID)
	if err != nil {
		return err
	}
	for _, c := range all {
		if _, ok := c.Plan.Model(w.Model); ok && c.Year == r.Year-1 {
			before = c.ID
			rounds = append(rounds, c.ID)
		}
	}
	t, err := v.Figures.Below(v.Ctx(), w.Place.Path, v.Today(), group, rounds...)
	if err != nil {
		return err
	}
	var ids []string
	for id := range t.Of {
		ids = append(ids, id)
	}
	places, err := w.below(v)
	if err != nil {
		return err
	}
	for _, p := range places {
		of, ok := t.Of[p.ID]
		if !ok {
			continue
		}
		now, then := of[rollup.Key{RoundID: r.ID, Model: w.Model}], of[rollup.Key{RoundID: before, Model: w.Model}]
		signs := assessment.Outliers(now, then)
		if len(signs) == 0 {
			continue
		}
		o := oddView{Name: areaName(v, p), Href: areaPage(p), Passing: max(now.Passing, now.Recognised), Regists: now.Registered,
			Now: rollup.Share(max(now.Passing, now.Recognised), now.Total), Before: rollup.Share(max(then.Passing, then.Recognised), then.Total), HasBefore: then.Total > 0}
		if w.Above {
			o.Href = "/xa/" + p.ID
		}
		for _, s := range signs {
			o.Signs = append(o.Signs, v.T("recheck.sign."+string(s)))
		}
		w.Odd = append(w.Odd, o)
	}
	return nil
}

// below are the places the figures are broken down to.
func (w *checksView) below(v *site.Visit) ([]place.Place, error) {
	if w.Above {
		return v.Places.Children(v.Ctx(), w.Place.ID, "")
	}
	return v.Places.Leaves(v.Ctx(), w.Place.ID, "")
}

func (w *checksView) photos(v *site.Visit, r assessment.Round) error {
	pairs, err := v.Assessment.SamePhotos(v.Ctx(), v.Actor, w.Place.ID, r.ID, w.Model)
	for _, p := range pairs {
		w.Photos = append(w.Photos, photoView{Title: p.Title, How: v.T("recheck.how." + p.How), AName: p.A.Name, AHref: "/ho-so/" + p.A.PlaceID + "/" + p.A.ID,
			BName: p.B.Name, BHref: "/ho-so/" + p.B.PlaceID + "/" + p.B.ID})
	}
	return err
}

// draw draws a list at random and leads to it.
func draw(v *site.Visit) error {
	if err := v.ReadForm(); err != nil {
		return err
	}
	p, r, err := checkedAt(v)
	if err != nil {
		return err
	}
	size, _ := strconv.Atoi(v.Form("size"))
	rc, err := v.Assessment.DrawRecheck(v.Ctx(), v.Actor, p.ID, r.ID, modelOf(v), size)
	if err != nil {
		if status, ok := statusOf(err); ok {
			return showChecks(v, status, err)
		}
		return err
	}
	return v.Go("/kiem-tra/" + rc.ID)
}

// drawnView is one draw with its files.
type drawnView struct {
	Frame  ui.Office
	Draw   assessment.Recheck
	Lead   string
	Back   string
	Items  []itemView
	Left   int
	May    bool
	Failed string
}

type itemView struct {
	Key, Name, Area, Number, Href, Points string
	State                                 ui.State
	Finding, Body, At                     string
	Choice, Words                         ui.Field
	Action                                string
}

func recheck(v *site.Visit) error { return showDraw(v, http.StatusOK, "", nil) }

// showDraw answers with a draw; refused is why the finding on the file id was not taken.
func showDraw(v *site.Visit, status int, id string, refused error) error {
	ctx := v.Ctx()
	rc, items, err := v.Assessment.RecheckItems(ctx, v.Actor, v.Path("recheck"))
	if err != nil {
		return err
	}
	p, err := v.Places.Get(ctx, rc.PlaceID)
	if err != nil {
		return err
	}
	w := drawnView{Draw: rc, May: v.Actor.May(identity.Inspect, p.Path)}
	var leaves []string
	for i := range items {
		leaves = append(leaves, items[i].Assessment.PlaceID)
	}
	names, err := v.Places.Names(ctx, leaves...)
	if err != nil {
		return err
	}
	sentence, errs := "", map[string]string{}
	if refused != nil {
		sentence, errs = lang.Fault(ctx, refused)
	}
	for i := range items {
		it := itemOf(v, rc.ID, &items[i], names)
		if items[i].Finding == "" {
			w.Left++
		}
		if refused != nil && items[i].Assessment.ID == id {
			w.Failed = sentence
			it.Choice.Value, it.Words.Value = v.Form("finding"), v.Form("body")
			it.Choice.Err, it.Words.Err = errs["finding"], errs["body"]
		}
		w.Items = append(w.Items, it)
	}
	w.Lead = v.T("recheck.lead", "size", rc.Size, "from", rc.DrawnFrom, "model", v.T("model."+rc.Model), "at", moment(ctx, micros(rc.At)), "seed", strconv.FormatInt(rc.Seed, 10))
	w.Back = site.With("/kiem-tra", "noi", rc.PlaceID, "mo-hinh", rc.Model)
	title := v.T("recheck.drawn", "left", w.Left, "count", len(items))
	w.Frame = v.Frame(title, site.Rechecks, p, ui.Crumb{Label: p.FullName()}, ui.Crumb{Label: v.T("nav.rechecks"), Href: w.Back}, ui.Crumb{Label: title})
	w.Frame.Failed = refused != nil
	return v.ShowAs(status, drawnPage(w))
}

func itemOf(v *site.Visit, drawID string, item *assessment.RecheckItem, names map[string]string) itemView {
	a := &item.Assessment
	it := itemView{Key: a.ID, Name: a.Name, Area: names[a.PlaceID], Number: a.Number, Href: "/ho-so/" + a.PlaceID + "/" + a.ID, Points: pointsText(v.Ctx(), a.Total),
		State: flagOf(v.Ctx(), a), Finding: item.Finding, Body: item.Body, Action: "/kiem-tra/" + drawID + "/" + a.PlaceID + "/" + a.ID}
	if a.State == assessment.Sent {
		it.State = ui.State{Word: v.T("state.sent")}
	}
	if item.At != 0 {
		it.At = moment(v.Ctx(), micros(item.At))
	}
	it.Choice = ui.Field{Name: "finding", ID: "ket-qua-" + a.ID, Label: v.T("recheck.finding"), Value: item.Finding}
	for _, word := range []string{"kept", "doubtful", "wrong"} {
		it.Choice.Options = append(it.Choice.Options, ui.Option{Value: word, Label: v.T("recheck.finding." + word)})
	}
	it.Words = ui.Field{Name: "body", ID: "nhan-xet-" + a.ID, Label: v.T("recheck.body"), Value: item.Body}
	return it
}

// note records what the re-check of one file found.
func note(v *site.Visit) error {
	if err := v.ReadForm(); err != nil {
		return err
	}
	key := assessment.Key{PlaceID: v.Path("place"), ID: v.Path("id")}
	err := v.Assessment.NoteFinding(v.Ctx(), v.Actor, v.Path("recheck"), key, v.Form("finding"), v.Form("body"))
	switch {
	case err == nil:
		return v.Go("/kiem-tra/" + v.Path("recheck") + "#ho-" + key.ID)
	case fault.KindOf(err) == fault.KindInvalid:
		return showDraw(v, http.StatusUnprocessableEntity, key.ID, err)
	}
	return err
}
