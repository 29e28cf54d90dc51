// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package decisions

import (
	"context"
	"strings"

	"hoctap/internal/paper"
	"hoctap/internal/recognition"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/papers"
	"hoctap/internal/wording"
)

// Papers are written here by Decree 30/2020/NĐ-CP, annex I, and in Vietnamese whatever the reader's language. This file is the only one that
// knows how their sentences are put together; the sentences are in the catalogue.

// facts is what a decision's paper is made from.
type facts struct {
	Decision *recognition.Decision
	Named    *recognition.Decision // the earlier decision of an amendment or revocation
	Earlier  string                // what that one was about, "Về việc công nhận …"
	Asked    *recognition.Paper    // the request that it answers, while its grounds are written
	Best     bool                  // it was about exemplary titles
	Town     string                // where the body sits: "Hy Cương"
	Year     int                   // of a draft that has no date yet
	Items    []recognition.Item    // of the annexed list; nil leaves the list out
	Demo     bool
	Said     recognition.Wordings
}

// documentOf writes a decision with its annexed list.
func documentOf(ctx context.Context, f facts) *paper.Document {
	ctx = papers.Vi(ctx)
	d := f.Decision
	doc := &paper.Document{Title: f.about(ctx), Author: d.BodyName, Date: d.Date, Marks: marksOf(ctx, d, f.Demo)}
	if d.Number > 0 {
		doc.Title = lang.T(ctx, "paper.file.decision", "number", d.Text())
	}
	doc.Parts = append(doc.Parts, paper.Part{Name: lang.T(ctx, "paper.decision"), Blocks: decisionBlocks(ctx, f)})
	if f.Items != nil {
		doc.Parts = append(doc.Parts, paper.Part{Name: lang.T(ctx, "paper.annex"), Alone: true, Blocks: annexBlocks(ctx, f)})
	}
	doc.Clean()
	return doc
}

func marksOf(ctx context.Context, d *recognition.Decision, demo bool) paper.Marks {
	return papers.Marks(ctx, d.State == recognition.StateDraft, d.Verified, demo)
}

func decisionBlocks(ctx context.Context, f facts) []paper.Block {
	d, said, v := f.Decision, f.Said.Paper, f.values(ctx)
	number := lang.T(ctx, "paper.number_none", "symbol", d.Symbol)
	if d.Number > 0 {
		number = lang.T(ctx, "paper.number", "number", d.Text())
	}
	blocks := []paper.Block{
		papers.Head(ctx, issuerLines(d.BodyName), number, f.Town, d.Date, f.Year),
		paper.Title{Kind: lang.T(ctx, "paper.decision"), About: f.about(ctx)},
		paper.Text(paper.Centre, strings.ToUpper(said.Text.FillOne(said.Kind, wording.Authority, v))),
	}
	blocks = append(blocks, groundBlocks(d.Grounds)...)
	blocks = append(blocks, paper.Text(paper.Centre, lang.T(ctx, "paper.decides")))
	blocks = append(blocks, articles(ctx, said, v)...)
	return append(blocks, signBlock(ctx, said, v, d.Post, d.Signer))
}

// groundBlocks are grounds as papers have them: semicolons between, a full stop behind the last.
func groundBlocks(list []string) (blocks []paper.Block) {
	for i, g := range list {
		end := ";"
		if i == len(list)-1 {
			end = "."
		}
		blocks = append(blocks, paper.Text(paper.Ground, strings.TrimRight(g, " ;.,")+end))
	}
	return blocks
}

// signBlock is the foot of a paper with its recipients.
func signBlock(ctx context.Context, said recognition.Wording, v wording.Values, post, signer string) paper.Sign {
	to := append([]string{lang.T(ctx, "paper.recipients")}, strings.Split(said.Text.FillOne(said.Kind, wording.Recipients, v), "\n")...)
	return paper.Sign{Recipients: to, Signers: []paper.Signer{papers.Signer(post, lang.T(ctx, "paper.seal"), signer)}}
}

// annexBlocks is the annexed list: of an amendment with what is done to each, else with points.
func annexBlocks(ctx context.Context, f facts) []paper.Block {
	d := f.Decision
	of := lang.T(ctx, "paper.annex_draft", "body", d.BodyName)
	if d.Number > 0 {
		of = lang.T(ctx, "paper.annex_of", "number", d.Text(), "on", papers.LongDay(ctx, d.Date), "body", d.BodyName)
	}
	last := paper.Column{Head: lang.T(ctx, "paper.col.points"), Share: 0.12, Align: paper.Right}
	acts := d.AmendsID != ""
	if acts {
		last = paper.Column{Head: lang.T(ctx, "paper.col.act"), Share: 0.24}
	}
	list := paper.Table{Columns: []paper.Column{
		{Head: lang.T(ctx, "paper.col.no"), Share: 0.1, Align: paper.Middle},
		{Head: lang.T(ctx, "paper.col.name."+d.Model), Share: 0.9 - 0.32 - last.Share},
		{Head: lang.T(ctx, "paper.col.area"), Share: 0.32},
		last,
	}}
	for i := range f.Items {
		l := itemOf(ctx, &f.Items[i])
		name, end := l.Name, l.Total
		if l.Was != "" {
			name += " " + lang.T(ctx, "paper.was", "name", l.Was)
		}
		if acts {
			end = l.Act
		}
		list.Rows = append(list.Rows, []string{lang.Number(ctx, int64(l.No)), name, l.Area, end})
	}
	return []paper.Block{
		paper.Title{Kind: lang.T(ctx, "paper.annex"), About: f.listed(ctx), Of: of},
		list,
		paper.Text(paper.Closing, f.Said.Paper.Text.FillOne(f.Said.Paper.Kind, wording.Closing, f.values(ctx).With("so_luong", lang.Number(ctx, int64(len(f.Items)))))),
	}
}

// listed is whom the annexed list names: "Gia đình được công nhận danh hiệu …".
func (f facts) listed(ctx context.Context) string {
	key := "paper.annex_about." + string(f.Decision.Kind)
	if f.Said.Paper.Kind == wording.Restore {
		key = "paper.annex_about.restore"
	}
	v := f.values(ctx)
	return lang.T(ctx, key, "title", v["ten_danh_hieu"], "noun", v["doi_tuong"])
}

// articles are the decision's own words, numbered. What refers to the annexed list is in italics, and the last one ends as a paper ends.
func articles(ctx context.Context, said recognition.Wording, v wording.Values) (blocks []paper.Block) {
	var list []wording.Filled
	for _, p := range said.Text.Fill(said.Kind, v) {
		if p.Role == wording.Article {
			list = append(list, p)
		}
	}
	for i, p := range list {
		lines := p.Lines()
		for k, line := range lines {
			var runs []paper.Run
			if k == 0 {
				runs = append(runs, paper.Run{Text: lang.T(ctx, "paper.article", "no", i+1), Bold: true})
				line = append([]wording.Run{{Text: " "}}, line...)
			}
			runs = append(runs, looks(line)...)
			if i == len(list)-1 && k == len(lines)-1 {
				end := &runs[len(runs)-1]
				end.Text = strings.TrimRight(end.Text, " .;,/") + "./."
			}
			blocks = append(blocks, paper.Paragraph{Style: paper.Body, Runs: runs})
		}
	}
	return blocks
}

// looks joins the runs of a line that look alike; the mark behind words in italics is in italics too.
func looks(line []wording.Run) (runs []paper.Run) {
	add := func(t string, italic bool) {
		if n := len(runs) - 1; n >= 0 && runs[n].Italic == italic {
			runs[n].Text += t
		} else if t != "" {
			runs = append(runs, paper.Run{Text: t, Italic: italic})
		}
	}
	for i, r := range line {
		t := r.Text
		if i > 0 && line[i-1].Field == listField && t != "" && strings.ContainsRune(".,;", rune(t[0])) {
			add(t[:1], true)
			t = t[1:]
		}
		add(t, r.Field == listField)
	}
	return runs
}

// flow is the running text of a paper; table stands where the template has it.
func flow(said recognition.Wording, v wording.Values, table paper.Block) (blocks []paper.Block) {
	styles := map[wording.Role]paper.Style{wording.Body: paper.Body, wording.Section: paper.Section}
	for _, p := range said.Text.Fill(said.Kind, v) {
		if p.Role == wording.Table {
			blocks = append(blocks, table)
			continue
		}
		style, ok := styles[p.Role]
		if !ok {
			continue
		}
		for line := range strings.SplitSeq(p.String(), "\n") {
			blocks = append(blocks, paper.Text(style, line))
		}
	}
	return blocks
}

// about is the line below the word QUYẾT ĐỊNH; it is also how lists name a decision.
func (f facts) about(ctx context.Context) string {
	return f.Said.Paper.Text.FillOne(f.Said.Paper.Kind, wording.About, f.values(papers.Vi(ctx)))
}

// yearsOf is "năm 2026" or "giai đoạn 2022 - 2026".
func yearsOf(ctx context.Context, d *recognition.Decision) string {
	return years(ctx, d.FromYear, d.ForYear)
}

func years(ctx context.Context, from, year int) string {
	if from < year {
		return lang.T(ctx, "paper.period", "from_year", from, "year", year)
	}
	return lang.T(ctx, "paper.year", "year", year)
}

func kindOfBody(d *recognition.Decision) string {
	if committee(d.BodyID) {
		return "committee"
	}
	return "association"
}

// prefixes are how the names of bodies begin; the head of a paper breaks its line there.
var prefixes = []string{"Ủy ban nhân dân ", "Hội Khuyến học "}

func issuerLines(name string) []string {
	for _, p := range prefixes {
		if rest, ok := strings.CutPrefix(name, p); ok && rest != "" {
			return []string{strings.ToUpper(strings.TrimSpace(p)), strings.ToUpper(rest)}
		}
	}
	return []string{strings.ToUpper(name)}
}

// bodyOf is the place in a body's name: "xã Hy Cương".
func bodyOf(name string) string {
	for _, p := range prefixes {
		if rest, ok := strings.CutPrefix(name, p); ok {
			return rest
		}
	}
	return name
}

// usualGrounds are the grounds a new draft begins with; the person who prepares it changes them.
func (f facts) usualGrounds(ctx context.Context) (list []string) {
	return grounds(f.Said.Paper, f.values(papers.Vi(ctx)))
}

func grounds(said recognition.Wording, v wording.Values) (list []string) {
	for _, p := range said.Text.Fill(said.Kind, v) {
		if p.Role == wording.Ground {
			list = append(list, p.String())
		}
	}
	return list
}

// holder is how a certificate calls who holds it.
func holder(ctx context.Context, model, name string) string {
	ctx = papers.Vi(ctx)
	lower := strings.ToLower(name)
	if model != "family" || strings.HasPrefix(lower, "gia đình ") || strings.HasPrefix(lower, "hộ ") {
		return name
	}
	return lang.T(ctx, "paper.holder.family", "name", name)
}
