// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package decisions

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"hoctap/internal/assessment"
	"hoctap/internal/fault"
	"hoctap/internal/paper"
	"hoctap/internal/recognition"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/papers"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
	"hoctap/internal/wording"
)

// The papers that follow a decision: the notice that makes it public, and the note with which certificates go out to the areas.

// after is what both are made from.
type after struct {
	facts
	Words  recognition.Wording
	Titles []recognition.Title // that count when it is made: revoked and corrected ones do not
	Count  int                 // of names or certificates
	Window assessment.Window   // of publication; zero when the round has none
	Issued recognition.Paper   // with its number and date; zero before it is issued
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
	if a.Named != nil && len(a.Titles) > 0 { // an amendment grants what the decision before it granted
		modelValues(ctx, v, a.Decision.Model, a.Titles[0].Exemplary, a.Decision.FromYear, a.Decision.ForYear)
	}
	v["so_luong"] = lang.Number(ctx, int64(a.Count))
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
	list.Rows = a.names(ctx)
	of := lang.T(ctx, "paper.notice.list_of", "number", d.Text(), "on", papers.LongDay(ctx, d.Date), "body", d.BodyName)
	doc := &paper.Document{Title: t("kind") + ", " + a.about(ctx), Author: d.BodyName, Date: a.Issued.Date, Marks: marksOf(ctx, d, a.Demo), Parts: []paper.Part{
		{Name: t("kind"), Blocks: body}, {Name: t("list"), Blocks: []paper.Block{paper.Title{Kind: t("list"), Of: of}, list}},
	}}
	doc.Clean()
	return doc
}

// with is a made from titles: a notice counts names, a dispatch note certificates.
func (a after) with(titles []recognition.Title, kind recognition.PaperKind) after {
	a.Titles, a.Count = titles, len(titles)
	if kind == recognition.PaperNotice {
		held := map[string]bool{}
		for i := range titles {
			held[titles[i].AssessmentID] = true
		}
		a.Count = len(held)
	}
	return a
}

// titlesOf is what a list grants, as an example shows it.
func titlesOf(items []recognition.Item) (titles []recognition.Title) {
	for i := range items {
		if it := &items[i]; it.Act != recognition.ActRevoke {
			titles = append(titles, recognition.Title{PlaceID: it.PlaceID, AssessmentID: it.AssessmentID, Name: it.Name, AreaName: it.AreaName, No: it.No})
		}
	}
	return titles
}

// names are the list of a notice: number in the decision's list, name, area. Who was given back two titles stands there once.
func (a after) names(ctx context.Context) (rows [][]string) {
	held := map[string]bool{}
	for i := range a.Titles {
		t := &a.Titles[i]
		if !held[t.AssessmentID] {
			rows = append(rows, []string{lang.Number(ctx, int64(t.No)), t.Name, areaOf(t)})
		}
		held[t.AssessmentID] = true
	}
	return rows
}

// areaOf is the area of a title, empty for what belongs to none.
func areaOf(t *recognition.Title) string {
	if strings.HasPrefix(t.PlaceID, "own-") {
		return ""
	}
	return t.AreaName
}

// shares are the certificates of each area: its number in the list, name, the numbers they are entered under, how many.
func (a after) shares(ctx context.Context) (rows [][]string) {
	type share struct {
		numbers []int
		count   int
	}
	shares, order := map[string]*share{}, []string{}
	for i := range a.Titles {
		t := &a.Titles[i]
		area := areaOf(t)
		s, known := shares[area]
		if !known {
			s = &share{}
			shares[area], order = s, append(order, area)
		}
		s.numbers, s.count = append(s.numbers, t.No), s.count+1
	}
	for i, area := range order {
		s := shares[area]
		if area == "" {
			area = a.text(ctx, recognition.PaperDispatch, "no_area")
		}
		rows = append(rows, []string{strconv.Itoa(i + 1), area, ranges(s.numbers), lang.Number(ctx, int64(s.count))})
	}
	return rows
}

// ranges writes rising numbers as certificates bear them: "0001 - 0004, 0006".
func ranges(numbers []int) string {
	var list []string
	for i := 0; i < len(numbers); {
		j := i
		for j+1 < len(numbers) && numbers[j+1] <= numbers[j]+1 {
			j++
		}
		text := entryNo(numbers[i])
		if numbers[j] != numbers[i] {
			text += " - " + entryNo(numbers[j])
		}
		list, i = append(list, text), j+1
	}
	return strings.Join(list, ", ")
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
	list.Total = []string{"", t("total"), "", lang.Number(ctx, int64(len(a.Titles))), ""}
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
	Own                           bool     // it can be had in the office's own Word file
	Void                          string   // what is said of one that was issued by mistake; empty for one that counts
	Reason                        ui.Field // for saying so
	Follow                        string   // of a request: where the list is ticked as it has it
}

// aroundOf gathers what is the same whenever a paper after a decision is made.
func aroundOf(v *site.Visit) (a after, err error) {
	if a.facts, err = written(v); err != nil {
		return a, err
	}
	if a.Decision.State == recognition.StateDraft {
		return a, fault.NotFound("file", v.Path("id"))
	}
	round, err := v.Assessment.Round(v.Ctx(), a.Decision.RoundID)
	a.Window, _ = round.Plan.Window(assessment.StagePublication)
	return a, err
}

// afterOf gathers what the papers after a decision are made from. It is read before a number is taken: a transaction waits for nobody. It fails with
// fault.Conflict when nothing of the decision counts any more.
func afterOf(v *site.Visit, kind recognition.PaperKind) (a after, err error) {
	if a, err = aroundOf(v); err != nil {
		return a, err
	}
	if err := v.Signature.Gate(v.Ctx(), nil, a.Decision); err != nil {
		return a, err
	}
	titles, err := v.Recognition.CountingOf(v.Ctx(), v.Actor, a.Decision.ID)
	if err == nil && len(titles) == 0 {
		err = fault.Conflict("recognition.nothing_counts", "decision", a.Decision.Text())
	}
	if err != nil {
		return a, err
	}
	a = a.with(titles, kind)
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
	d, _, err := open(v)
	if err != nil {
		return err
	}
	_, made, err := pressed(v)
	if err != nil {
		return err
	}
	if made {
		return v.Go(address(&d) + "#giay-to")
	}
	a, err := afterOf(v, kind)
	if fault.KindOf(err) == fault.KindConflict {
		return again(v, err)
	}
	if err != nil {
		return err
	}
	_, err = v.Recognition.IssuePaper(v.Ctx(), v.Actor, recognition.Paper{DecisionID: a.Decision.ID, BodyName: a.Decision.BodyName, Kind: kind, Symbol: a.text(v.Ctx(), kind, "symbol."+kindOfBody(a.Decision)),
		Date: v.Form("ngay"), Signer: v.Form("nguoi-ky"), Token: v.Form(tokenName)}, func(p *recognition.Paper, said recognition.Wording) (string, error) {
		numbered := a.with(p.Titles, kind)
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

// paperAt is the paper of the address with its decision.
func paperAt(v *site.Visit) (d recognition.Decision, p recognition.Paper, err error) {
	if d, _, err = open(v); err != nil {
		return d, p, err
	}
	p, err = v.Recognition.PaperByID(v.Ctx(), v.Actor, v.Path("paper"))
	if err == nil && p.DecisionID != d.ID || fault.KindOf(err) == fault.KindDenied {
		err = fault.NotFound("paper", v.Path("paper"))
	}
	return d, p, err
}

// issuedPaper sends a paper as it was frozen.
func issuedPaper(v *site.Visit) error {
	_, p, err := paperAt(v)
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
	markVoid(v, doc, p)
	if v.Query("dang") != ownForm || p.DecisionID == "" { // the figures of a request are frozen in its text alone
		return papers.Send(v, paperName(p), doc)
	}
	a, err := aroundOf(v)
	if err != nil {
		return err
	}
	if a.Words, _, err = v.Recognition.PaperWording(v.Ctx(), v.Actor, p); err != nil {
		return err
	}
	a.Issued = *p
	list, count := frozenRows(v.Ctx(), doc, p.Kind)
	return sendOwn(v, paperName(p), a.Words, shownPaper{Paper: doc, Values: a.values(papers.Vi(v.Ctx())).With("so_luong", count), Rows: slices.Values(list)})
}

// frozenRows are the lines of a frozen paper's list and how many it counts, as an office's own file takes them: later decisions do not change them.
func frozenRows(ctx context.Context, doc *paper.Document, kind recognition.PaperKind) (list []wording.Values, count string) {
	fields := []string{"dong.stt", "dong.ten", "dong.khu"}
	if kind == recognition.PaperDispatch {
		fields = []string{"dong.stt", "dong.khu", "dong.so_vao_so", "dong.so_luong"}
	}
	for _, part := range doc.Parts {
		for _, b := range part.Blocks {
			table, ok := b.(paper.Table)
			if !ok {
				continue
			}
			for _, row := range table.Rows {
				values := wording.Values{}
				for i, f := range fields {
					values[f] = row[i]
				}
				list = append(list, values)
			}
			if count = lang.Number(papers.Vi(ctx), int64(len(list))); len(table.Total) > len(fields) {
				count = table.Total[len(fields)-1]
			}
		}
	}
	return list, count
}
