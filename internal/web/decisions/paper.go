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
)

// Papers are written here by Decree 30/2020/NĐ-CP, annex I, and in Vietnamese whatever the reader's language. This file is the only one that
// knows how their sentences are put together; the sentences are in the catalogue.

// facts is what a decision's paper is made from.
type facts struct {
	Decision *recognition.Decision
	Named    *recognition.Decision // the earlier decision of an amendment or revocation
	Town     string                // where the body sits: "Hy Cương"
	Year     int                   // of a draft that has no date yet
	Items    []recognition.Item    // of the annexed list; nil leaves the list out
	Demo     bool
}

// documentOf writes a decision with its annexed list.
func documentOf(ctx context.Context, f facts) *paper.Document {
	ctx = papers.Vi(ctx)
	d := f.Decision
	doc := &paper.Document{Title: about(ctx, d, f.Named), Author: d.BodyName, Date: d.Date, Marks: marksOf(ctx, d, f.Demo)}
	if d.Number > 0 {
		doc.Title = lang.T(ctx, "paper.file.decision", "number", d.Text())
	}
	doc.Parts = append(doc.Parts, paper.Part{Name: lang.T(ctx, "paper.decision"), Blocks: decisionBlocks(ctx, f)})
	if f.Items != nil {
		doc.Parts = append(doc.Parts, paper.Part{Name: lang.T(ctx, "paper.annex"), Blocks: annexBlocks(ctx, f)})
	}
	doc.Clean()
	return doc
}

func marksOf(ctx context.Context, d *recognition.Decision, demo bool) paper.Marks {
	return papers.Marks(ctx, d.State == recognition.StateDraft, d.Verified, demo)
}

func decisionBlocks(ctx context.Context, f facts) []paper.Block {
	d := f.Decision
	kind := kindOfBody(d)
	number := lang.T(ctx, "paper.number_none", "symbol", d.Symbol)
	if d.Number > 0 {
		number = lang.T(ctx, "paper.number", "number", d.Text())
	}
	blocks := []paper.Block{
		papers.Head(ctx, issuerLines(d.BodyName), number, f.Town, d.Date, f.Year),
		paper.Title{Kind: lang.T(ctx, "paper.decision"), About: about(ctx, d, f.Named)},
		paper.Text(paper.Centre, strings.ToUpper(lang.T(ctx, "paper.authority."+kind, "body", d.BodyName))),
	}
	for i, g := range d.Grounds {
		end := ";"
		if i == len(d.Grounds)-1 {
			end = "."
		}
		blocks = append(blocks, paper.Text(paper.Ground, strings.TrimRight(g, " ;.,")+end))
	}
	blocks = append(blocks, paper.Text(paper.Centre, lang.T(ctx, "paper.decides")))
	list := articles(ctx, f, bodyOf(d.BodyName), kind)
	for _, a := range list {
		runs := []paper.Run{{Text: a.Head, Bold: true}, {Text: " " + a.Text}}
		if a.Tail != "" {
			runs = append(runs, paper.Run{Text: " " + a.Tail, Italic: true})
		}
		blocks = append(blocks, paper.Paragraph{Style: paper.Body, Runs: runs})
	}
	to := append([]string{lang.T(ctx, "paper.recipients")}, strings.Split(lang.T(ctx, "paper.to."+kind, "no", len(list)), "\n")...)
	return append(blocks, paper.Sign{Recipients: to, Signers: []paper.Signer{{Post: strings.ToUpper(d.Post), Place: lang.T(ctx, "paper.seal"), Name: d.Signer}}})
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
		paper.Title{Kind: lang.T(ctx, "paper.annex"), About: about(ctx, d, f.Named), Of: of},
		list,
		paper.Text(paper.Closing, lang.T(ctx, "paper.annex_end", "count", len(f.Items), "noun", lang.T(ctx, "paper.noun."+d.Model))),
	}
}

type article struct{ Head, Text, Tail string }

func articles(ctx context.Context, f facts, of, kind string) []article {
	d := f.Decision
	args := []any{"count", d.Items, "noun", lang.T(ctx, "paper.noun."+d.Model), "model", d.Model, "years", yearsOf(ctx, d), "of", of, "reason", strings.TrimRight(d.Reason, " .;")}
	if f.Named != nil {
		args = append(args, "named", f.Named.Text(), "on", papers.LongDay(ctx, f.Named.Date))
	}
	list := []article{{Text: lang.T(ctx, "paper.article1."+string(d.Kind), args...), Tail: lang.T(ctx, "paper.with_list")}}
	if f.Named != nil {
		list = append(list, article{Text: lang.T(ctx, "paper.article_void", args...)})
	}
	list = append(list, article{Text: lang.T(ctx, "paper.article_force")}, article{Text: lang.T(ctx, "paper.article_last."+kind, args...)})
	list[len(list)-1].Text += "./." // how a paper ends
	for i := range list {
		list[i].Head = lang.T(ctx, "paper.article", "no", i+1)
	}
	return list
}

// about is the line below the word QUYẾT ĐỊNH; it is also how lists name a decision.
func about(ctx context.Context, d, named *recognition.Decision) string {
	ctx = papers.Vi(ctx)
	args := []any{"model", d.Model, "years", yearsOf(ctx, d)}
	if named != nil {
		args = append(args, "named", named.Text())
	}
	key := "paper.about." + string(d.Kind)
	if named == nil && d.AmendsID != "" {
		key += "_short"
	}
	return lang.T(ctx, key, args...)
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
func usualGrounds(ctx context.Context, bodyID, model string) []string {
	ctx = papers.Vi(ctx)
	kind := "association"
	if committee(bodyID) {
		kind = "committee"
	}
	list := strings.Split(lang.T(ctx, "paper.grounds."+kind), "\n")
	if key := "paper.grounds_model." + model; lang.Has(ctx, key) {
		list = append(list, lang.T(ctx, key))
	} else {
		list = append(list, lang.T(ctx, "paper.grounds_models"))
	}
	return append(list, lang.T(ctx, "paper.grounds_plan"))
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
