// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package decisions

import (
	"context"
	"strconv"
	"strings"

	"hoctap/internal/assessment"
	"hoctap/internal/fault"
	"hoctap/internal/paper"
	"hoctap/internal/recognition"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/papers"
	"hoctap/internal/web/site"
)

// The papers that follow a decision: the notice that makes it public, and the note with which certificates go out to the areas.

// after is what both are made from.
type after struct {
	facts
	Window assessment.Window // of publication; zero when the round has none
	Issued recognition.Paper // with its number and date; zero before it is issued
}

// kindOfPaper is what ?giay names.
var kindOfPaper = map[string]recognition.PaperKind{"thong-bao": recognition.PaperNotice, "phieu-gui": recognition.PaperDispatch}

// document is the paper of a kind.
func (a after) document(ctx context.Context, kind recognition.PaperKind) *paper.Document {
	if kind == recognition.PaperDispatch {
		return a.dispatch(ctx)
	}
	return a.notice(ctx)
}

// text is a sentence of the paper's kind, as notices and dispatch notes both have it.
func (a after) text(ctx context.Context, kind recognition.PaperKind, key string) string {
	return lang.T(papers.Vi(ctx), "paper."+string(kind)+"."+key, a.args(papers.Vi(ctx))...)
}

func (a after) args(ctx context.Context) []any {
	d := a.Decision
	title := "paper.title.plain"
	if d.Kind == "exemplary" {
		title = "paper.title.exemplary"
	}
	from := max(a.Window.From, d.Date) // nothing is public before it is decided
	return []any{"count", d.Items, "noun", lang.T(ctx, "paper.noun."+d.Model), "title", lang.T(ctx, title, "model", d.Model, "years", yearsOf(ctx, d)), "number", d.Text(), "on", papers.LongDay(ctx, d.Date),
		"body", d.BodyName, "from", papers.LongDay(ctx, from), "to", papers.LongDay(ctx, a.Window.To)}
}

func (a after) head(ctx context.Context, symbol string) paper.Head {
	d := a.Decision
	number := lang.T(ctx, "paper.number_none", "symbol", symbol)
	if a.Issued.Number > 0 {
		number = lang.T(ctx, "paper.number", "number", a.Issued.Text())
	}
	return papers.Head(ctx, issuerLines(d.BodyName), number, a.Town, a.Issued.Date, d.Year)
}

func (a after) sign(ctx context.Context, recipients string) paper.Sign {
	d := a.Decision
	signer := d.Signer
	if a.Issued.Number > 0 {
		signer = a.Issued.Signer
	}
	return paper.Sign{Recipients: strings.Split(recipients, "\n"), Signers: []paper.Signer{{Post: strings.ToUpper(d.Post), Place: lang.T(ctx, "paper.seal"), Name: signer}}}
}

// notice makes a decision public. Its list has names and areas alone: points are nobody else's business.
func (a after) notice(ctx context.Context) *paper.Document {
	ctx = papers.Vi(ctx)
	args := a.args(ctx)
	t := func(key string) string { return lang.T(ctx, "paper.notice."+key, args...) }
	body := []paper.Block{a.head(ctx, t("symbol."+kindOfBody(a.Decision))), paper.Title{Kind: t("kind"), About: t("about")}, paper.Text(paper.Body, t("decided")), paper.Text(paper.Body, t("where"))}
	if a.Window.To != "" {
		body = append(body, paper.Text(paper.Body, t("time")))
	}
	body = append(body, paper.Text(paper.Body, t("objections")), a.sign(ctx, t("recipients")))
	list := paper.Table{Columns: []paper.Column{{Head: lang.T(ctx, "paper.col.no"), Share: 0.12, Align: paper.Middle}, {Head: lang.T(ctx, "paper.col.name."+a.Decision.Model), Share: 0.52}, {Head: lang.T(ctx, "paper.col.area"), Share: 0.36}}}
	for i := range a.Items {
		l := itemOf(ctx, &a.Items[i])
		list.Rows = append(list.Rows, []string{lang.Number(ctx, int64(l.No)), l.Name, l.Area})
	}
	d := &paper.Document{Title: t("kind") + ", " + t("about"), Author: a.Decision.BodyName, Date: a.Issued.Date, Marks: marksOf(ctx, a.Decision, a.Demo), Parts: []paper.Part{
		{Name: t("kind"), Blocks: body}, {Name: t("list"), Blocks: []paper.Block{paper.Title{Kind: t("list"), Of: t("list_of")}, list}},
	}}
	d.Clean()
	return d
}

// dispatch is what the areas sign for when they fetch their certificates.
func (a after) dispatch(ctx context.Context) *paper.Document {
	ctx = papers.Vi(ctx)
	args := a.args(ctx)
	t := func(key string) string { return lang.T(ctx, "paper.dispatch."+key, args...) }
	list := paper.Table{Columns: []paper.Column{{Head: lang.T(ctx, "paper.col.no"), Share: 0.08, Align: paper.Middle}, {Head: lang.T(ctx, "paper.col.area"), Share: 0.34},
		{Head: t("col.numbers"), Share: 0.2, Align: paper.Middle}, {Head: t("col.count"), Share: 0.13, Align: paper.Right, Sum: true}, {Head: t("col.signed"), Share: 0.25}}}
	type share struct{ first, last, count int }
	shares, order := map[string]*share{}, []string{}
	for i := range a.Items {
		l := itemOf(ctx, &a.Items[i])
		s, known := shares[l.Area]
		if !known {
			s = &share{first: l.No}
			shares[l.Area], order = s, append(order, l.Area)
		}
		s.last, s.count = l.No, s.count+1
	}
	for i, area := range order {
		s := shares[area]
		numbers := entryNo(s.first)
		if s.last != s.first {
			numbers += " - " + entryNo(s.last)
		}
		if s.last-s.first+1 != s.count { // the area's numbers do not follow each other
			numbers = ""
		}
		if area == "" {
			area = t("no_area")
		}
		list.Rows = append(list.Rows, []string{strconv.Itoa(i + 1), area, numbers, lang.Number(ctx, int64(s.count)), ""})
	}
	list.Total = []string{"", t("total"), "", lang.Number(ctx, int64(len(a.Items))), ""}
	d := &paper.Document{Title: t("kind"), Author: a.Decision.BodyName, Date: a.Issued.Date, Marks: marksOf(ctx, a.Decision, a.Demo), Parts: []paper.Part{{Name: t("kind"), Blocks: []paper.Block{
		a.head(ctx, t("symbol."+kindOfBody(a.Decision))), paper.Title{Kind: t("kind"), About: t("about")}, paper.Text(paper.Body, t("text")), list, paper.Text(paper.Body, t("back")), a.sign(ctx, t("recipients")),
	}}}}
	d.Clean()
	return d
}

// paperLine is an issued paper as the decision's page lists it.
type paperLine struct {
	ID, Number, Date, About, Href string
	Sign                          signLine
}

// afterOf gathers what the papers after a decision are made from. It is read before a number is taken: a transaction waits for nobody.
func afterOf(v *site.Visit) (a after, err error) {
	if a.facts, err = written(v); err != nil {
		return a, err
	}
	if a.Decision.State == recognition.StateDraft || a.Named != nil {
		return a, fault.NotFound("file", v.Path("id"))
	}
	if err := v.Signature.Gate(v.Ctx(), nil, a.Decision); err != nil {
		return a, err
	}
	round, err := v.Assessment.Round(v.Ctx(), a.Decision.RoundID)
	if err != nil {
		return a, err
	}
	a.Window, _ = round.Plan.Window(assessment.StagePublication)
	return a, nil
}

// issuePaper gives a paper its number and freezes it.
func issuePaper(v *site.Visit) error {
	if err := v.ReadForm(); err != nil {
		return err
	}
	a, err := afterOf(v)
	if fault.KindOf(err) == fault.KindConflict {
		return again(v, err)
	}
	if err != nil {
		return err
	}
	kind, known := kindOfPaper[v.Form("giay")]
	if !known {
		return fault.NotFound("file", v.Form("giay"))
	}
	_, err = v.Recognition.IssuePaper(v.Ctx(), v.Actor, recognition.Paper{DecisionID: a.Decision.ID, BodyName: a.Decision.BodyName, Kind: kind, Symbol: a.text(v.Ctx(), kind, "symbol."+kindOfBody(a.Decision)),
		Date: v.Form("ngay"), About: a.text(v.Ctx(), kind, "about"), Signer: v.Form("nguoi-ky")}, func(p recognition.Paper) (string, error) {
		numbered := a
		numbered.Issued = p
		return paper.Encode(numbered.document(v.Ctx(), kind))
	})
	if kind := fault.KindOf(err); err != nil && (kind == fault.KindInvalid || kind == fault.KindConflict) {
		return again(v, err)
	}
	if err != nil {
		return err
	}
	return v.Go(address(a.Decision) + "#giay-to")
}

// issuedPaper sends a paper as it was frozen.
func issuedPaper(v *site.Visit) error {
	d, _, err := open(v)
	if err != nil {
		return err
	}
	p, err := v.Recognition.PaperByID(v.Ctx(), v.Actor, v.Path("paper"))
	if err == nil && p.DecisionID != d.ID {
		err = fault.NotFound("paper", p.ID)
	}
	if err != nil {
		return err
	}
	return sendFrozen(v, &p)
}

// sendFrozen sends a paper from the text that was frozen with its number.
func sendFrozen(v *site.Visit, p *recognition.Paper) error {
	doc, err := paper.Decode(p.Content)
	if err != nil {
		return err
	}
	return papers.Send(v, paperName(p), doc)
}
