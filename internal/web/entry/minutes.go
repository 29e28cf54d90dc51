// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package entry

import (
	"context"
	"strconv"
	"strings"

	"hoctap/internal/assessment"
	"hoctap/internal/identity"
	"hoctap/internal/paper"
	"hoctap/internal/place"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/papers"
	"hoctap/internal/web/site"
)

// minutesFile sends the minutes of the area's meeting to be signed with a pen: with what is known by now, and dots for the rest.
func minutesFile(v *site.Visit) error {
	p, err := v.Here(identity.SeeRecords)
	if err != nil {
		return err
	}
	r, _, err := v.Round(p)
	if err != nil {
		return err
	}
	b, err := v.Assessment.Board(v.Ctx(), v.Actor, p.ID, r.ID, model(v))
	if err != nil {
		return err
	}
	commune, err := v.Places.Get(v.Ctx(), p.CommuneID)
	if err != nil {
		return err
	}
	name := "bien-ban-" + b.Model + "-" + strconv.Itoa(b.Round.Year)
	return papers.Send(v, name, minutesDocument(v.Ctx(), &b, p, commune, v.Demo))
}

// minutesFile is where the minutes of the page's area are sent from.
func (view *boardView) minutesFile(kind string) string {
	return site.With("/nhap/"+view.Place.ID+"/bien-ban", "mo-hinh", view.Model, "nam", strconv.Itoa(view.Year), "dang", kind)
}

// dots are for a pen.
const dots = "……………………………"

func orDots(s string) string {
	if s == "" {
		return dots
	}
	return s
}

func minutesDocument(ctx context.Context, b *assessment.Board, area, commune place.Place, demo bool) *paper.Document {
	ctx = papers.Vi(ctx)
	t := func(key string, pairs ...any) string { return lang.T(ctx, "paper.minutes."+key, pairs...) }
	m := b.Minutes
	if m == nil {
		m = &assessment.Minutes{}
	}
	held, present := dots, dots
	if m.HeldOn != "" {
		held = papers.LongDay(ctx, m.HeldOn)
	}
	if m.Present > 0 {
		present = lang.Number(ctx, int64(m.Present))
	}
	list, counts := minutesList(ctx, b)
	opinion := m.Opinion
	if opinion == "" { // nobody wrote any down: that is not to say that there was none
		opinion = dots
	}
	leader := papers.Leader(ctx, area)
	about := t("about", "model", b.Model, "year", b.Round.Year)
	head := papers.AreaHead(ctx, area, commune, m.HeldOn, b.Round.Year)
	head.Number = t("number")
	blocks := []paper.Block{
		head,
		paper.Title{Kind: t("title"), About: about},
		paper.Text(paper.Section, t("one")),
		paper.Text(paper.Body, t("when", "on", held)),
		paper.Text(paper.Body, t("where", "venue", orDots(m.Venue))),
		paper.Text(paper.Body, t("chair", "name", orDots(m.Chair))),
		paper.Text(paper.Body, t("secretary", "name", orDots(m.Secretary))),
		paper.Text(paper.Body, t("present", "present", present)),
		paper.Text(paper.Body, t("who", "who", orDots(took(ctx, &m.Signed, leader)))),
		paper.Text(paper.Section, t("two")),
		paper.Text(paper.Body, t("counts", "registered", counts.registered, "scored", counts.scored, "pass", counts.pass, "fail", counts.scored-counts.pass, "noun", lang.T(ctx, "paper.noun."+b.Model))),
		list,
		paper.Text(paper.Section, t("three")),
		paper.Text(paper.Body, opinion),
		paper.Text(paper.Body, t("end")),
		paper.Sign{Signers: []paper.Signer{{Post: t("branch"), Place: t("pen")}, {Post: t("front"), Place: t("pen")}, {Post: strings.ToUpper(leader), Place: t("pen")}}},
		paper.Sign{Signers: []paper.Signer{{Post: t("sign_secretary"), Place: t("pen"), Name: m.Secretary}, {Post: t("sign_chair"), Place: t("pen"), Name: m.Chair}}},
	}
	d := &paper.Document{Title: t("title") + ", " + about, Author: papers.Where(area, commune), Date: m.HeldOn, Marks: papers.Marks(ctx, false, b.Set.Verified(), demo),
		Parts: []paper.Part{{Name: t("title"), Blocks: blocks}}}
	d.Clean()
	return d
}

// took are those whose signatures are on record: nobody else is said to have been there.
func took(ctx context.Context, s *assessment.Signatures, leader string) string {
	var list []string
	for _, x := range []struct {
		signed bool
		name   string
	}{{s.Branch, lang.T(ctx, "paper.minutes.for_branch")}, {s.Front, lang.T(ctx, "paper.minutes.for_front")}, {s.Head, leader}} {
		if x.signed {
			list = append(list, x.name)
		}
	}
	return strings.Join(list, ", ")
}

type minutesCounts struct{ registered, scored, pass int }

// minutesList has a row for every subject that registered. Where no vote is on record the cells are for a pen.
func minutesList(ctx context.Context, b *assessment.Board) (paper.Table, minutesCounts) {
	t := func(key string) string { return lang.T(ctx, "paper.minutes.col."+key) }
	list := paper.Table{Columns: []paper.Column{
		{Head: lang.T(ctx, "paper.col.no"), Share: 0.08, Align: paper.Middle},
		{Head: lang.T(ctx, "paper.col.name."+b.Model), Share: 0.38},
		{Head: lang.T(ctx, "paper.col.points"), Share: 0.12, Align: paper.Right},
		{Head: t("result"), Share: 0.18, Align: paper.Middle},
		{Head: t("for"), Share: 0.12, Align: paper.Middle},
		{Head: t("against"), Share: 0.12, Align: paper.Middle},
	}}
	var counts minutesCounts
	for i := range b.Rows {
		a := &b.Rows[i].Assessment
		if a.State == assessment.Listed {
			continue
		}
		counts.registered++
		points, result, yes, no := "", "", a.VotesFor, a.VotesAgainst
		if a.Stage != "" && a.Missing == 0 {
			counts.scored++
			result = lang.T(ctx, "outcome."+a.Outcome)
			if a.Outcome == "recognised" {
				counts.pass++
			}
			if a.Total != nil {
				points = lang.Points(ctx, int64(*a.Total))
			}
		}
		list.Rows = append(list.Rows, []string{strconv.Itoa(counts.registered), a.Name, points, result, votes(ctx, yes, yes+no), votes(ctx, no, yes+no)})
	}
	return list, counts
}

// votes is blank before anybody voted.
func votes(ctx context.Context, n, all int) string {
	if all == 0 {
		return ""
	}
	return lang.Number(ctx, int64(n))
}
