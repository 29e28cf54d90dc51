// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package decisions

import (
	"context"
	"strconv"
	"strings"

	"hoctap/internal/fault"
	"hoctap/internal/paper"
	"hoctap/internal/recognition"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/papers"
	"hoctap/internal/web/site"
)

// requestFile sends the papers that go before a decision: ?giay=to-trinh, the request with its list, or bien-ban, the minutes of the council that
// agreed on it.
func requestFile(v *site.Visit) error {
	q, err := requestOf(v)
	if err != nil {
		return err
	}
	name := "-" + q.Proposal.Model + "-" + strconv.Itoa(q.Proposal.Round.Year)
	switch v.Query("giay") {
	case "", "to-trinh":
		return papers.Send(v, "to-trinh"+name, q.document(v.Ctx()))
	case "bien-ban":
		return papers.Send(v, "bien-ban-hoi-dong"+name, q.minutes(v.Ctx()))
	}
	return fault.NotFound("file", v.Query("giay"))
}

// paper is where a paper of the list is sent from.
func (view *proposalView) paper(kind, form string) string {
	return site.With(view.Action+"/tai", "mo-hinh", view.Model, "nam", yearText(view.Year), "loai", string(view.Sort), "giay", kind, "dang", form)
}

// request is what the association puts before the body that decides.
type request struct {
	Proposal  *recognition.Proposal
	Asking    recognition.Body
	Exemplary bool
	Town      string
	Marks     paper.Marks
	Issued    recognition.Paper // with its number and date; zero before it is issued
}

func (q request) args(ctx context.Context) []any {
	p := q.Proposal
	model := "paper.request.title.plain"
	if q.Exemplary {
		model = "paper.request.title.exemplary"
	}
	return []any{"count", p.Total, "areas", len(p.Areas), "noun", lang.T(ctx, "paper.noun."+p.Model), "title", lang.T(ctx, model, "model", p.Model), "year", p.Round.Year,
		"body", p.Body.Name, "asking", q.Asking.Name, "registered", p.Counts.Registered}
}

// authority is who decides, as papers address it.
func (q request) authority(ctx context.Context) string {
	kind := "association"
	if committee(q.Proposal.Body.ID) {
		kind = "committee"
	}
	return lang.T(ctx, "paper.authority."+kind, "body", q.Proposal.Body.Name)
}

func (q request) head(ctx context.Context, symbol string) paper.Head {
	number := lang.T(ctx, "paper.number_none", "symbol", symbol)
	if q.Issued.Number > 0 {
		number = lang.T(ctx, "paper.number", "number", q.Issued.Text())
	}
	return papers.Head(ctx, issuerLines(q.Asking.Name), number, q.Town, q.Issued.Date, q.Proposal.Round.Year)
}

func (q request) document(ctx context.Context) *paper.Document {
	ctx = papers.Vi(ctx)
	args := q.args(ctx)
	t := func(key string) string { return lang.T(ctx, "paper.request."+key, args...) }
	blocks := []paper.Block{q.head(ctx, t("symbol")), paper.Title{Kind: t("kind"), About: t("about"), To: []string{lang.T(ctx, "paper.to_whom", "who", q.authority(ctx))}}}
	for _, g := range usualGrounds(ctx, q.Asking.ID, q.Proposal.Model) {
		blocks = append(blocks, paper.Text(paper.Ground, strings.TrimRight(g, " ;.,")+";"))
	}
	blocks = append(blocks, paper.Text(paper.Body, t("result")), paper.Text(paper.Body, t("ask")),
		paper.Sign{Recipients: strings.Split(t("recipients"), "\n"), Signers: []paper.Signer{{Post: strings.ToUpper(q.Asking.Post), Place: lang.T(ctx, "paper.seal"), Name: q.signed()}}})
	d := &paper.Document{Title: t("kind") + ", " + t("about"), Author: q.Asking.Name, Date: q.Issued.Date, Marks: q.Marks, Parts: []paper.Part{
		{Name: t("kind"), Blocks: blocks},
		{Name: t("list"), Blocks: []paper.Block{paper.Title{Kind: t("list"), About: t("list_about")}, q.list(ctx), paper.Text(paper.Closing, t("list_end"))}},
	}}
	d.Clean()
	return d
}

// list is every name by area.
func (q request) list(ctx context.Context) paper.Table {
	list := paper.Table{Strong: map[int]bool{}, Columns: []paper.Column{
		{Head: lang.T(ctx, "paper.col.no"), Share: 0.1, Align: paper.Middle}, {Head: lang.T(ctx, "paper.col.name."+q.Proposal.Model), Share: 0.6},
		{Head: lang.T(ctx, "paper.col.points"), Share: 0.14, Align: paper.Right}, {Head: lang.T(ctx, "paper.request.col.note"), Share: 0.16},
	}}
	no := 0
	for _, a := range q.Proposal.Areas {
		list.Strong[len(list.Rows)] = true
		list.Rows = append(list.Rows, []string{"", lang.T(ctx, "paper.request.area", "area", a.Name, "count", len(a.Files)), "", ""})
		for i := range a.Files {
			no++
			list.Rows = append(list.Rows, []string{lang.Number(ctx, int64(no)), a.Files[i].Name, pointsText(ctx, a.Files[i].Total), ""})
		}
	}
	return list
}

// minutes are those of the council, with dots for what only the meeting knows.
func (q request) minutes(ctx context.Context) *paper.Document {
	ctx = papers.Vi(ctx)
	const dots = "………………………………"
	args := append(q.args(ctx), "dots", dots)
	t := func(key string) string { return lang.T(ctx, "paper.council."+key, args...) }
	areas := paper.Table{Columns: []paper.Column{
		{Head: lang.T(ctx, "paper.col.no"), Share: 0.1, Align: paper.Middle}, {Head: lang.T(ctx, "paper.col.area"), Share: 0.5},
		{Head: t("col.asked"), Share: 0.2, Align: paper.Right, Sum: true}, {Head: t("col.agreed"), Share: 0.2, Align: paper.Right},
	}}
	for i, a := range q.Proposal.Areas {
		areas.Rows = append(areas.Rows, []string{strconv.Itoa(i + 1), a.Name, lang.Number(ctx, int64(len(a.Files))), ""})
	}
	areas.Total = []string{"", t("total"), lang.Number(ctx, int64(q.Proposal.Total)), ""}
	head := q.head(ctx, "")
	head.Number = ""
	d := &paper.Document{Title: t("kind") + ", " + t("about"), Author: q.Asking.Name, Marks: q.Marks, Parts: []paper.Part{{Name: t("kind"), Blocks: []paper.Block{
		head, paper.Title{Kind: t("kind"), About: t("about")},
		paper.Text(paper.Section, t("one")), paper.Text(paper.Body, t("when")), paper.Text(paper.Body, t("where")), paper.Text(paper.Body, t("chair")), paper.Text(paper.Body, t("secretary")), paper.Text(paper.Body, t("members")),
		paper.Text(paper.Section, t("two")), paper.Text(paper.Body, t("heard")), areas,
		paper.Text(paper.Section, t("three")), paper.Text(paper.Body, t("agreed")), paper.Text(paper.Body, t("votes")), paper.Text(paper.Body, t("end")),
		paper.Sign{Signers: []paper.Signer{{Post: t("sign_secretary"), Place: lang.T(ctx, "paper.minutes.pen")}, {Post: t("sign_chair"), Place: lang.T(ctx, "paper.minutes.pen")}}},
	}}}}
	d.Clean()
	return d
}
