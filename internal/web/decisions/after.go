// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package decisions

import (
	"context"
	"strconv"

	"hoctap/internal/assessment"
	"hoctap/internal/fault"
	"hoctap/internal/paper"
	"hoctap/internal/recognition"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/papers"
	"hoctap/internal/web/site"
	"hoctap/internal/wording"
)

// The papers that follow a decision: the notice that makes it public, and the note with which certificates go out to the areas.

// after is what both are made from.
type after struct {
	facts
	Words  recognition.Wording
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

// text is a word of the layout of the paper's kind.
func (a after) text(ctx context.Context, kind recognition.PaperKind, key string) string {
	return lang.T(papers.Vi(ctx), "paper."+string(kind)+"."+key)
}

// about is the abstract of the paper, which its register names it by.
func (a after) about(ctx context.Context) string {
	return a.Words.Text.FillOne(a.Words.Kind, wording.About, a.values(papers.Vi(ctx)))
}

func (a after) values(ctx context.Context) wording.Values {
	v := a.facts.values(ctx)
	if a.Window.To != "" {
		v["niem_yet_tu"] = papers.LongDay(ctx, max(a.Window.From, a.Decision.Date)) // nothing is public before it is decided
		v["niem_yet_den"] = papers.LongDay(ctx, a.Window.To)
	}
	v["nguoi_ky"] = a.signer()
	return v
}

func (a after) signer() string {
	if a.Issued.Number > 0 {
		return a.Issued.Signer
	}
	return a.Decision.Signer
}

func (a after) head(ctx context.Context, symbol string) paper.Head {
	d := a.Decision
	number := lang.T(ctx, "paper.number_none", "symbol", symbol)
	if a.Issued.Number > 0 {
		number = lang.T(ctx, "paper.number", "number", a.Issued.Text())
	}
	return papers.Head(ctx, issuerLines(d.BodyName), number, a.Town, a.Issued.Date, d.Year)
}

// notice makes a decision public. Its list has names and areas alone: points are nobody else's business.
func (a after) notice(ctx context.Context) *paper.Document {
	ctx = papers.Vi(ctx)
	d := a.Decision
	t := func(key string) string { return a.text(ctx, recognition.PaperNotice, key) }
	v := a.values(ctx)
	body := []paper.Block{a.head(ctx, t("symbol."+kindOfBody(d))), paper.Title{Kind: t("kind"), About: a.about(ctx)}}
	body = append(append(body, flow(a.Words, v, nil)...), signBlock(ctx, a.Words, v, d.Post, a.signer()))
	list := paper.Table{Columns: []paper.Column{{Head: lang.T(ctx, "paper.col.no"), Share: 0.12, Align: paper.Middle}, {Head: lang.T(ctx, "paper.col.name."+a.Decision.Model), Share: 0.52}, {Head: lang.T(ctx, "paper.col.area"), Share: 0.36}}}
	for i := range a.Items {
		l := itemOf(ctx, &a.Items[i])
		list.Rows = append(list.Rows, []string{lang.Number(ctx, int64(l.No)), l.Name, l.Area})
	}
	of := lang.T(ctx, "paper.notice.list_of", "number", d.Text(), "on", papers.LongDay(ctx, d.Date), "body", d.BodyName)
	doc := &paper.Document{Title: t("kind") + ", " + a.about(ctx), Author: d.BodyName, Date: a.Issued.Date, Marks: marksOf(ctx, d, a.Demo), Parts: []paper.Part{
		{Name: t("kind"), Blocks: body}, {Name: t("list"), Alone: true, Blocks: []paper.Block{paper.Title{Kind: t("list"), Of: of}, list}},
	}}
	doc.Clean()
	return doc
}

// shares are the certificates of each area: its number in the list, name, the numbers they are entered under, how many.
func (a after) shares(ctx context.Context) (rows [][]string) {
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
			area = a.text(ctx, recognition.PaperDispatch, "no_area")
		}
		rows = append(rows, []string{strconv.Itoa(i + 1), area, numbers, lang.Number(ctx, int64(s.count))})
	}
	return rows
}

// shown is the paper with what an office's own file takes from it.
func (a after) shown(ctx context.Context, kind recognition.PaperKind) shownPaper {
	return shownPaper{Paper: a.document(ctx, kind), Values: a.values(papers.Vi(ctx)), Rows: a.rows(ctx, kind)}
}

// dispatch is what the areas sign for when they fetch their certificates.
func (a after) dispatch(ctx context.Context) *paper.Document {
	ctx = papers.Vi(ctx)
	t := func(key string) string { return a.text(ctx, recognition.PaperDispatch, key) }
	list := paper.Table{Columns: []paper.Column{{Head: lang.T(ctx, "paper.col.no"), Share: 0.08, Align: paper.Middle}, {Head: lang.T(ctx, "paper.col.area"), Share: 0.34},
		{Head: t("col.numbers"), Share: 0.2, Align: paper.Middle}, {Head: t("col.count"), Share: 0.13, Align: paper.Right, Sum: true}, {Head: t("col.signed"), Share: 0.25}}}
	list.Rows = a.shares(ctx)
	for i := range list.Rows {
		list.Rows[i] = append(list.Rows[i], "")
	}
	list.Total = []string{"", t("total"), "", lang.Number(ctx, int64(len(a.Items))), ""}
	v := a.values(ctx)
	body := []paper.Block{a.head(ctx, t("symbol."+kindOfBody(a.Decision))), paper.Title{Kind: t("kind"), About: a.about(ctx)}}
	body = append(append(body, flow(a.Words, v, list)...), signBlock(ctx, a.Words, v, a.Decision.Post, a.signer()))
	doc := &paper.Document{Title: t("kind"), Author: a.Decision.BodyName, Date: a.Issued.Date, Marks: marksOf(ctx, a.Decision, a.Demo), Parts: []paper.Part{{Name: t("kind"), Blocks: body}}}
	doc.Clean()
	return doc
}

// paperLine is an issued paper as the decision's page lists it.
type paperLine struct {
	ID, Number, Date, About, Href string
	Sign                          signLine
	Own                           bool // it can be had in the office's own Word file
}

// afterOf gathers what the papers after a decision are made from. It is read before a number is taken: a transaction waits for nobody.
func afterOf(v *site.Visit, kind recognition.PaperKind) (a after, err error) {
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
	_, a.Words, err = v.Recognition.WordingFor(v.Ctx(), v.Actor, bodyKind(a.Decision.BodyID), a.Decision.PlaceID, kind.WordingKind())
	return a, err
}

// issuePaper gives a paper its number and freezes it.
func issuePaper(v *site.Visit) error {
	if err := v.ReadForm(); err != nil {
		return err
	}
	kind, known := kindOfPaper[v.Form("giay")]
	if !known {
		return fault.NotFound("file", v.Form("giay"))
	}
	a, err := afterOf(v, kind)
	if fault.KindOf(err) == fault.KindConflict {
		return again(v, err)
	}
	if err != nil {
		return err
	}
	_, err = v.Recognition.IssuePaper(v.Ctx(), v.Actor, recognition.Paper{DecisionID: a.Decision.ID, BodyName: a.Decision.BodyName, Kind: kind, Symbol: a.text(v.Ctx(), kind, "symbol."+kindOfBody(a.Decision)),
		Date: v.Form("ngay"), Signer: v.Form("nguoi-ky")}, func(p *recognition.Paper, said recognition.Wording) (string, error) {
		numbered := a
		numbered.Words, numbered.Issued = said, *p
		p.About = numbered.about(v.Ctx())
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
	if v.Query("dang") != ownForm || p.DecisionID == "" { // the figures of a request are frozen in its text alone
		return papers.Send(v, paperName(p), doc)
	}
	a, err := afterOf(v, p.Kind)
	if err != nil {
		return err
	}
	if a.Words, _, err = v.Recognition.PaperWording(v.Ctx(), v.Actor, p); err != nil {
		return err
	}
	a.Issued = *p
	return sendOwn(v, paperName(p), a.Words, shownPaper{Paper: doc, Values: a.values(papers.Vi(v.Ctx())), Rows: a.rows(v.Ctx(), p.Kind)})
}
