// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package entry

import (
	"context"
	"strconv"
	"strings"

	"hoctap/internal/assessment"
	"hoctap/internal/criteria"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/paper"
	"hoctap/internal/place"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/papers"
	"hoctap/internal/web/site"
)

// sheetsFile sends the sheets of an area's subjects to be filled in with a pen, or as they were filled: every one that registered, or the one of ?ho.
// With ?trong=1 the answers are left blank.
func sheetsFile(v *site.Visit) error {
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
	codes, err := slipLinks(v, p, r.ID)
	if err != nil {
		return err
	}
	kept, err := v.Registry.Restricted(v.Ctx(), nil)
	if err != nil {
		return err
	}
	only := v.Query("ho")
	ctx := papers.Vi(v.Ctx())
	d := &paper.Document{Title: lang.T(ctx, "paper.sheet.title") + ", " + p.FullName(), Author: papers.Where(p, commune), Marks: papers.Marks(ctx, false, b.Set.Verified(), v.Demo)}
	for i := range b.Rows {
		a := &b.Rows[i].Assessment
		if only != "" && a.ID != only || only == "" && a.State == assessment.Listed || kept[a.SubjectID] { // data that are only kept go on no paper
			continue
		}
		s := sheet{board: &b, row: &b.Rows[i], area: p, commune: commune, blank: v.Query("trong") != "", link: papers.Link(v, "/ho-so/"+a.PlaceID+"/"+a.ID), slip: codes[a.ID]}
		d.Parts = append(d.Parts, paper.Part{Name: strings.TrimSpace(a.Number + " " + a.Name), Alone: true, Blocks: s.blocks(ctx)})
	}
	if len(d.Parts) == 0 {
		return fault.NotFound("area_sheets", only)
	}
	d.Clean()
	return papers.Send(v, "phieu-"+b.Model+"-"+strconv.Itoa(b.Round.Year), d)
}

// sheetsFile is where the sheets of the page's area are sent from.
func (view *boardView) sheetsFile(blank string) string {
	return site.With("/nhap/"+view.Place.ID+"/phieu", "mo-hinh", view.Model, "nam", strconv.Itoa(view.Year), "trong", blank, "dang", "pdf")
}

// slips is the page of the area's codes for own sheets.
func (view *boardView) slips() string {
	return site.With("/tu-cham/"+view.Place.ID, "mo-hinh", view.Model, "nam", strconv.Itoa(view.Year))
}

// sheet is what the paper of one subject is made from.
type sheet struct {
	board         *assessment.Board
	row           *assessment.BoardRow
	area, commune place.Place
	blank         bool
	link          string
	slip          slip
}

// slip is how the subject itself opens its sheet on a phone; zero where it has none.
type slip struct{ link, code string }

// slipLinks are the slips of an area by file, for who scores there: nobody else may print what opens a sheet.
func slipLinks(v *site.Visit, p place.Place, roundID string) (map[string]slip, error) {
	if v.SelfSheets == nil || !v.Actor.May(identity.Score, p.Path) {
		return nil, nil
	}
	lines, err := v.SelfSheets.List(v.Ctx(), v.Actor, p.ID, roundID, model(v))
	if err != nil {
		return nil, err
	}
	list := map[string]slip{}
	for _, l := range lines {
		if l.Slip != nil && !l.Slip.Revoked {
			list[l.File.ID] = slip{papers.Link(v, "/phieu/"+v.SelfSheets.Secret(l.Slip)), v.SelfSheets.Code(l.Slip)}
		}
	}
	return list, nil
}

// code is what stands below the sheet: the subject's own way in where it has a slip, which also leads who types the paper back to the file; else the file.
func (s sheet) code(ctx context.Context) paper.Code {
	name := strings.TrimSpace(s.row.Assessment.Number + " " + s.row.Assessment.Name)
	if s.slip.link != "" {
		return paper.Code{Text: s.slip.link, Caption: []string{lang.T(ctx, "paper.sheet.slip", "code", s.slip.code), name}}
	}
	return paper.Code{Text: s.link, Caption: []string{lang.T(ctx, "paper.sheet.code"), name}}
}

func (s sheet) blocks(ctx context.Context) []paper.Block {
	b, a, subject := s.board, &s.row.Assessment, &s.row.Subject
	t := func(key string, pairs ...any) string { return lang.T(ctx, "paper.sheet."+key, pairs...) }
	where := papers.Where(s.area, s.commune)
	if subject.Address != "" {
		where = subject.Address + ", " + papers.WithinArea(s.area) + ", " + papers.Within(s.commune.FullName())
	}
	head := papers.AreaHead(ctx, s.area, s.commune, "", b.Round.Year)
	head.Number = s.number(ctx)
	blocks := []paper.Block{
		head,
		paper.Title{Kind: t("title"), About: t("about", "model", b.Model, "year", b.Round.Year)},
		paper.Text(paper.Plain, named(ctx, b.Model, a.Name)),
		paper.Text(paper.Plain, t("where", "where", where)),
	}
	if line := size(ctx, subject); line != "" {
		blocks = append(blocks, paper.Text(paper.Plain, line))
	}
	blocks = append(blocks, s.list(ctx))
	if gates := s.gates(ctx); gates.Rows != nil {
		blocks = append(blocks, paper.Text(paper.Section, t("gates")), gates)
	}
	return append(blocks,
		paper.Sign{Signers: []paper.Signer{{Post: t("front"), Place: t("pen")}, {Post: strings.ToUpper(lang.T(ctx, "paper.sheet.self."+b.Model)), Place: t("pen"), Name: signer(b.Model, a.Name)}}},
		s.code(ctx),
	)
}

// number is the subject's in its area; those without have none on paper.
func (s sheet) number(ctx context.Context) string {
	if n := s.row.Assessment.Number; n != "" {
		return lang.T(ctx, "paper.sheet.number", "number", n)
	}
	return ""
}

// list is the criteria by group: what can be had, what the subject says, and what the area's meeting says.
func (s sheet) list(ctx context.Context) paper.Table {
	b := s.board
	t := func(key string) string { return lang.T(ctx, "paper.sheet.col."+key) }
	list := paper.Table{Strong: map[int]bool{}, Columns: []paper.Column{
		{Head: lang.T(ctx, "paper.col.no"), Share: 0.08, Align: paper.Middle}, {Head: t("criterion"), Share: 0.56}, {Head: t("max"), Share: 0.12, Align: paper.Middle},
		{Head: t("self"), Share: 0.12, Align: paper.Middle}, {Head: t("area"), Share: 0.12, Align: paper.Middle},
	}}
	points := b.Set.Set.WithPoints()
	for _, g := range b.Set.Groups {
		list.Strong[len(list.Rows)] = true
		list.Rows = append(list.Rows, []string{g.Code, g.Title, maxOf(ctx, points, int64(g.Max.Points())), "", ""})
		for i := g.First; i < g.First+g.Len; i++ {
			k := b.Set.Criteria[i]
			list.Rows = append(list.Rows, []string{k.Code, s.words(ctx, i), maxOf(ctx, points, int64(k.MaxPoints.Points())), s.given(ctx, s.self(), k.Code), s.given(ctx, s.last(), k.Code)})
		}
	}
	if points {
		list.Total = []string{"", t("total"), maxOf(ctx, true, int64(s.row.Result.Max)), s.total(ctx, s.self()), s.total(ctx, s.last())}
	}
	return list
}

// self is the subject's own sheet, last what the area says; nil on a blank paper and before there is one.
func (s sheet) self() *assessment.Sheet {
	switch {
	case s.blank:
		return nil
	case s.row.Own != nil:
		return s.row.Own
	case s.row.Assessment.Stage == assessment.StageSelf:
		return s.filled()
	}
	return nil
}

func (s sheet) last() *assessment.Sheet {
	if s.blank || s.row.Assessment.Stage == "" || s.row.Assessment.Stage == assessment.StageSelf {
		return nil
	}
	return s.filled()
}

// filled is the last sheet as the board worked it out.
func (s sheet) filled() *assessment.Sheet {
	sh := &assessment.Sheet{Points: map[string]criteria.Points{}, Total: s.row.Assessment.Total}
	for i := range s.row.Result.Criteria {
		if c := &s.row.Result.Criteria[i]; c.State == criteria.StateScored || c.State == criteria.StateFull || c.State == criteria.StateRedistributed {
			sh.Points[s.board.Set.Criteria[i].Code] = c.Points
		}
	}
	return sh
}

func (s sheet) given(ctx context.Context, sh *assessment.Sheet, code string) string {
	if sh == nil {
		return ""
	}
	if p, ok := sh.Points[code]; ok {
		return lang.Points(ctx, int64(p))
	}
	return ""
}

func (s sheet) total(ctx context.Context, sh *assessment.Sheet) string {
	if sh == nil || sh.Total == nil {
		return ""
	}
	return lang.Points(ctx, int64(*sh.Total))
}

func maxOf(ctx context.Context, points bool, n int64) string {
	if !points {
		return ""
	}
	return lang.Points(ctx, n)
}

// gates are the conditions that no points replace.
func (s sheet) gates(ctx context.Context) paper.Table {
	list := paper.Table{Columns: []paper.Column{
		{Head: lang.T(ctx, "paper.col.no"), Share: 0.08, Align: paper.Middle}, {Head: lang.T(ctx, "paper.sheet.col.gate"), Share: 0.68},
		{Head: lang.T(ctx, "paper.sheet.col.yes"), Share: 0.12, Align: paper.Middle}, {Head: lang.T(ctx, "paper.sheet.col.no"), Share: 0.12, Align: paper.Middle},
	}}
	for i, g := range s.board.Set.Gates {
		yes, no := "", ""
		if !s.blank {
			switch s.row.Result.Gates[i].Passed {
			case criteria.Yes:
				yes = "×"
			case criteria.No:
				no = "×"
			}
		}
		list.Rows = append(list.Rows, []string{g.Code, g.Title, yes, no})
	}
	return list
}
