// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package decisions

import (
	"context"
	"strconv"
	"strings"

	"hoctap/internal/fault"
	"hoctap/internal/paper"
	"hoctap/internal/place"
	"hoctap/internal/recognition"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/papers"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
	"hoctap/internal/wording"
)

// requestFile sends the papers that go before a decision, for what is chosen in the list: ?giay=to-trinh, the request with its names, or bien-ban, the
// minutes of the council that agreed on it. The list's form is posted here: thousands of ticks do not fit into an address.
func requestFile(v *site.Visit) error {
	if err := v.ReadForm(); err != nil {
		return err
	}
	q, err := requestOf(v)
	if err != nil {
		return refusedProposal(v, err)
	}
	name := "-" + q.Proposal.Model + "-" + strconv.Itoa(q.Proposal.Round.Year)
	kind, file, write := wording.Request, "to-trinh", request.document
	switch v.Query("giay") {
	case "", "to-trinh":
	case "bien-ban":
		kind, file, write = wording.Council, "bien-ban-hoi-dong", request.minutes
	default:
		return fault.NotFound("file", v.Query("giay"))
	}
	if _, q.Said, err = v.Recognition.WordingFor(v.Ctx(), v.Actor, q.Asking.Kind, q.Asking.PlaceID, kind); err != nil {
		return err
	}
	doc := write(q, v.Ctx())
	if v.Query("dang") != ownForm {
		return papers.Send(v, file+name, doc)
	}
	shown := shownPaper{Paper: doc, Values: q.values(papers.Vi(v.Ctx())), Rows: q.rows(v.Ctx())}
	if kind == wording.Council {
		shown.Rows = q.areaRows(v.Ctx())
	}
	return sendOwn(v, file+name, q.Said, shown)
}

// paper is where the list's form is sent for a paper.
func (view *proposalView) paper(kind, form string) string {
	return site.With(view.Action+"/tai", "giay", kind, "dang", form)
}

// fileButton downloads a paper of what is chosen.
func (view *proposalView) fileButton(label, href string) ui.Btn {
	return ui.Btn{Label: label, Icon: "download", Attrs: map[string]any{"form": listForm, "formaction": href, "data-again": true}}
}

// own adds the papers that the association has its own Word files for.
func (view *proposalView) own(v *site.Visit, p place.Place) error {
	asking := recognition.BodyAssociationCommune
	if p.Level == place.Province {
		asking = recognition.BodyAssociationProvince
	}
	_, said, err := v.Recognition.InForce(v.Ctx(), v.Actor, recognition.BodyID(asking, p.ID))
	for _, w := range said {
		if w.File != "" && (w.Kind == wording.Request || w.Kind == wording.Council) {
			label := v.T("template.kind."+string(w.Kind)) + ": " + v.T("template.word_own")
			view.Own = append(view.Own, ui.Tab{Label: label, Href: view.paper(paperSlugs[w.Kind], ownForm)})
		}
	}
	return err
}

// request is what the association puts before the body that decides.
type request struct {
	Proposal  *recognition.Proposal
	Asking    recognition.Body
	Exemplary bool
	Town      string
	Marks     paper.Marks
	Said      recognition.Wording
	Issued    recognition.Paper // with its number and date; zero before it is issued
}

func (q request) values(ctx context.Context) wording.Values {
	p := q.Proposal
	v := officeValues(ctx, q.Asking.ID, q.Asking.Name, q.Asking.Post, q.signed())
	modelValues(ctx, v, p.Model, q.Exemplary, p.Round.Year, p.Round.Year)
	v["so_luong"], v["so_khu"], v["so_dang_ky"] = lang.Number(ctx, int64(p.Total)), lang.Number(ctx, int64(len(p.Areas))), lang.Number(ctx, p.Counts.Registered)
	v["co_quan_quyet_dinh"], v["tham_quyen"] = p.Body.Name, authority(ctx, p.Body.ID, p.Body.Name)
	return v
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
	said, v := q.Said, q.values(ctx)
	t := func(key string) string { return lang.T(ctx, "paper.request."+key) }
	about := said.Text.FillOne(said.Kind, wording.About, v)
	blocks := []paper.Block{q.head(ctx, t("symbol")), paper.Title{Kind: t("kind"), About: about, To: strings.Split(said.Text.FillOne(said.Kind, wording.To, v), "\n")}}
	for _, g := range grounds(said, v) {
		blocks = append(blocks, paper.Text(paper.Ground, strings.TrimRight(g, " ;.,")+";"))
	}
	blocks = append(append(blocks, flow(said, v, nil)...), signBlock(ctx, said, v, q.Asking.Post, q.signed()))
	of := lang.T(ctx, "paper.request.list_about", "title", v["danh_hieu"], "years", v["nam"])
	d := &paper.Document{Title: t("kind") + ", " + about, Author: q.Asking.Name, Date: q.Issued.Date, Marks: q.Marks, Parts: []paper.Part{
		{Name: t("kind"), Blocks: blocks},
		{Name: t("list"), Blocks: []paper.Block{paper.Title{Kind: t("list"), About: of}, q.list(ctx), paper.Text(paper.Closing, said.Text.FillOne(said.Kind, wording.Closing, v))}},
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
	said, v := q.Said, q.values(ctx)
	t := func(key string) string { return lang.T(ctx, "paper.council."+key) }
	about := said.Text.FillOne(said.Kind, wording.About, v)
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
	blocks := append([]paper.Block{head, paper.Title{Kind: t("kind"), About: about}}, flow(said, v, areas)...)
	blocks = append(blocks, paper.Sign{Signers: []paper.Signer{{Post: t("sign_secretary"), Place: lang.T(ctx, "paper.minutes.pen")}, {Post: t("sign_chair"), Place: lang.T(ctx, "paper.minutes.pen")}}})
	d := &paper.Document{Title: t("kind") + ", " + about, Author: q.Asking.Name, Marks: q.Marks, Parts: []paper.Part{{Name: t("kind"), Blocks: blocks}}}
	d.Clean()
	return d
}
