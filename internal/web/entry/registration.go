// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package entry

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"hoctap/internal/assessment"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/paper"
	"hoctap/internal/place"
	"hoctap/internal/registry"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/papers"
	"hoctap/internal/web/site"
)

// registrationFile sends the papers of registering: ?giay=danh-sach, the area's list to sign on, with everyone who may register; or phieu, a slip for each.
func registrationFile(v *site.Visit) error {
	p, err := v.Here(identity.SeeRecords)
	if err != nil {
		return err
	}
	r, _, err := v.Round(p)
	if err != nil {
		return err
	}
	files, _, err := v.Assessment.InLeaf(v.Ctx(), v.Actor, p.ID, r.ID, model(v))
	if err != nil {
		return err
	}
	kept, err := v.Registry.Restricted(v.Ctx(), nil)
	if err != nil {
		return err
	}
	files = slices.DeleteFunc(files, func(a assessment.Assessment) bool { return kept[a.SubjectID] }) // their data are only kept
	if len(files) == 0 {
		return fault.NotFound("area_sheets", p.ID)
	}
	commune, err := v.Places.Get(v.Ctx(), p.CommuneID)
	if err != nil {
		return err
	}
	g := registration{files: files, round: r, model: model(v), area: p, commune: commune}
	if v.Demo {
		g.marks.Across = lang.T(papers.Vi(v.Ctx()), "paper.demo")
	}
	name := "dang-ky-" + g.model + "-" + strconv.Itoa(r.Year)
	switch v.Query("giay") {
	case "", "danh-sach":
		return papers.Send(v, name, g.list(v.Ctx()))
	case "phieu":
		return papers.Send(v, "phieu-"+name, g.slips(v.Ctx()))
	}
	return fault.NotFound("file", v.Query("giay"))
}

// registrationFile is where the papers of registering are sent from.
func (view *boardView) registrationFile(paper string) string {
	return site.With("/nhap/"+view.Place.ID+"/giay-dang-ky", "mo-hinh", view.Model, "nam", strconv.Itoa(view.Year), "giay", paper, "dang", "pdf")
}

type registration struct {
	files         []assessment.Assessment
	round         assessment.Round
	model         string
	area, commune place.Place
	marks         paper.Marks
}

func (g registration) head(ctx context.Context) paper.Head {
	return papers.AreaHead(ctx, g.area, g.commune, "", g.round.Year)
}

func (g registration) document(title string) *paper.Document {
	return &paper.Document{Title: title, Author: papers.Where(g.area, g.commune), Marks: g.marks}
}

func (g registration) list(ctx context.Context) *paper.Document {
	ctx = papers.Vi(ctx)
	t := func(key string, pairs ...any) string { return lang.T(ctx, "paper.register_list."+key, pairs...) }
	list := paper.Table{Columns: []paper.Column{{Head: lang.T(ctx, "paper.col.no"), Share: 0.1, Align: paper.Middle}, {Head: lang.T(ctx, "paper.col.name."+g.model), Share: 0.42},
		{Head: t("col.on"), Share: 0.2, Align: paper.Middle}, {Head: t("col.sign"), Share: 0.28}}}
	registered := 0
	for i, a := range g.files {
		on := ""
		if !a.RegisteredAt.IsZero() && a.State != assessment.Listed {
			registered++
			on = lang.Date(ctx, a.RegisteredAt)
		}
		list.Rows = append(list.Rows, []string{strconv.Itoa(i + 1), a.Name, on, ""})
	}
	d := g.document(t("kind"))
	d.Parts = []paper.Part{{Name: t("kind"), Blocks: []paper.Block{
		g.head(ctx), paper.Title{Kind: t("kind"), About: t("about", "model", g.model, "year", g.round.Year)}, list,
		paper.Text(paper.Closing, t("end", "count", len(g.files), "registered", registered, "noun", lang.T(ctx, "paper.noun."+g.model))),
		paper.Sign{Signers: []paper.Signer{{Post: lang.T(ctx, "paper.minutes.branch"), Place: lang.T(ctx, "paper.minutes.pen")}, {Post: strings.ToUpper(papers.Leader(ctx, g.area)), Place: lang.T(ctx, "paper.minutes.pen")}}},
	}}}
	d.Clean()
	return d
}

// slips are what a subject writes to the branch of its area, so they bear the head of a person's letter.
func (g registration) slips(ctx context.Context) *paper.Document {
	ctx = papers.Vi(ctx)
	t := func(key string, pairs ...any) string { return lang.T(ctx, "paper.register_slip."+key, pairs...) }
	d := g.document(t("kind"))
	who, post := t("we"), strings.ToUpper(lang.T(ctx, "paper.sheet.self."+g.model))
	if g.model == registry.Citizen {
		who, post = t("i"), t("sign_citizen")
	}
	for _, a := range g.files {
		d.Parts = append(d.Parts, paper.Part{Name: strings.TrimSpace(a.Number + " " + a.Name), Alone: true, Blocks: []paper.Block{
			papers.LetterHead(ctx, g.commune.Name, "", g.round.Year),
			paper.Title{Kind: t("kind"), About: t("about", "model", g.model, "year", g.round.Year), To: []string{t("to", "area", papers.WithinArea(g.area))}},
			paper.Text(paper.Body, named(ctx, g.model, a.Name)),
			paper.Text(paper.Body, lang.T(ctx, "paper.sheet.where", "where", papers.Where(g.area, g.commune))),
			paper.Text(paper.Body, t("wish", "who", who, "model", g.model, "year", g.round.Year)),
			paper.Text(paper.Body, t("promise", "who", who)),
			paper.Sign{Signers: []paper.Signer{{Post: strings.ToUpper(papers.Leader(ctx, g.area)), Place: lang.T(ctx, "paper.minutes.pen")}, {Post: post, Place: lang.T(ctx, "paper.minutes.pen"), Name: signer(g.model, a.Name)}}},
		}})
	}
	d.Clean()
	return d
}
