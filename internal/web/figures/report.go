// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package figures

import (
	"context"
	"strconv"
	"strings"

	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/paper"
	"hoctap/internal/place"
	"hoctap/internal/rollup"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/papers"
	"hoctap/internal/web/site"
)

// report is the year of a commune or province as an office reports it upwards: the figures are filled in, the words are left to the office.
type report struct {
	place  place.Place
	above  string // to whom it goes
	year   int
	models []string
	years  map[int]byModel // of the place
	goals  func(model string) goal
	parts  []reportPart // areas of a commune, communes of a province
	marks  paper.Marks
}

// reportPart is a place below, with its figures of the year and of the year before.
type reportPart struct {
	name        string
	now, before byModel
}

// provinceReport sends the province's report: ?dang=docx to write on, pdf, or xlsx for its tables.
func (d *desk) provinceReport(v *site.Visit) error {
	p, elsewhere, err := here(v)
	if err != nil {
		return err
	}
	if elsewhere != "" {
		return fault.Denied("see_figures", p.FullName())
	}
	o, err := d.overview(v, p)
	if err != nil {
		return err
	}
	r := report{place: p, above: lang.T(papers.Vi(v.Ctx()), "paper.report.central"), year: o.round.Year, models: o.models, years: o.book.year, marks: reportMarks(v)}
	r.goals = func(model string) goal { return goalOf(o.targets, model, o.round.Year, place.RegionDefault) }
	for i := range o.atlas.communes {
		c := &o.atlas.communes[i]
		r.parts = append(r.parts, reportPart{c.Name, o.book.now[c.ID], o.book.before[c.ID]})
	}
	return papers.Send(v, "bao-cao-"+strconv.Itoa(r.year), r.document(v.Ctx()))
}

func (d *desk) communeReport(v *site.Visit) error {
	p, err := v.Here(identity.SeeFigures)
	if err != nil {
		return err
	}
	f, err := d.folder(v, p)
	if err != nil {
		return err
	}
	above, err := v.Places.Get(v.Ctx(), p.ProvinceID)
	if err != nil {
		return err
	}
	r := report{place: p, above: lang.T(papers.Vi(v.Ctx()), "paper.report.association", "place", papers.Within(above.FullName())), year: f.round.Year, models: f.models, years: f.book.year, marks: reportMarks(v)}
	r.goals = func(model string) goal { return goalOf(f.tiles.targets, model, f.round.Year, p.Region) }
	leaves, err := v.Places.Leaves(v.Ctx(), p.ID, "")
	if err != nil {
		return err
	}
	for _, leaf := range leaves {
		r.parts = append(r.parts, reportPart{leafName(v, leaf), f.book.now[leaf.ID], f.book.before[leaf.ID]})
	}
	return papers.Send(v, "bao-cao-"+strconv.Itoa(r.year), r.document(v.Ctx()))
}

func reportMarks(v *site.Visit) (m paper.Marks) {
	m.Notice = v.Trust()
	if v.Demo {
		m.Across = lang.T(papers.Vi(v.Ctx()), "paper.demo")
	}
	return m
}

// inPercent writes a share in percent with one decimal; a share of nothing is a blank.
func inPercent(ctx context.Context, part, whole int64) string {
	if whole == 0 {
		return ""
	}
	return lang.Points(ctx, rounded(share(part, whole)))
}

// rounded is a number of hundredths to its tenths.
func rounded(n int64) int64 {
	if n < 0 {
		return -rounded(-n)
	}
	return (n + 5) / 10 * 10
}

// signed is a difference with its sign.
func signed(ctx context.Context, n int64) string {
	if n > 0 {
		return "+" + lang.Points(ctx, n)
	}
	return lang.Points(ctx, n)
}

// jump is from how many hundredths of a point on a change from year to year has to be explained.
const jump = 1500

// doubts names what an office above will ask about: more recognised than registered or than there are, or a jump against the year before.
func doubts(ctx context.Context, now, before rollup.Counts) (list []string) {
	if now.Recognised > now.Registered {
		list = append(list, lang.T(ctx, "paper.report.doubt.registered", "recognised", now.Recognised, "registered", now.Registered))
	}
	if now.Total > 0 && before.Total > 0 {
		if by := share(now.Recognised, now.Total) - share(before.Recognised, before.Total); by > jump || by < -jump {
			list = append(list, lang.T(ctx, "paper.report.doubt.jump", "by", signed(ctx, rounded(by))))
		}
	}
	return list
}

func (r *report) document(ctx context.Context) *paper.Document {
	ctx = papers.Vi(ctx)
	asking := lang.T(ctx, "paper.report.association", "place", papers.Within(r.place.FullName()))
	t := func(key string, pairs ...any) string { return lang.T(ctx, "paper.report."+key, pairs...) }
	about := t("about", "year", r.year)
	blocks := []paper.Block{
		papers.Head(ctx, []string{strings.ToUpper(t("association", "place", "")), strings.ToUpper(r.place.FullName())}, lang.T(ctx, "paper.number_none", "symbol", t("symbol")), r.place.Name, "", r.year),
		paper.Title{Kind: t("kind"), About: about, To: []string{lang.T(ctx, "paper.to_whom", "who", r.above)}},
		paper.Text(paper.Section, t("one")),
	}
	for _, m := range r.models {
		if text := r.sentence(ctx, m); text != "" {
			blocks = append(blocks, paper.Paragraph{Style: paper.Body, Runs: []paper.Run{{Text: lang.T(ctx, "title."+m) + ": ", Bold: true}, {Text: text}}})
		}
	}
	for _, key := range []string{"two", "three", "four"} {
		blocks = append(blocks, paper.Text(paper.Section, t(key)))
		for range 3 {
			blocks = append(blocks, paper.Text(paper.Plain, strings.Repeat("…", 34)))
		}
	}
	blocks = append(blocks, paper.Text(paper.Body, t("with")), paper.Sign{Recipients: strings.Split(t("recipients"), "\n"), Signers: []paper.Signer{{Form: "", Post: t("post"), Place: lang.T(ctx, "paper.seal")}}})
	d := &paper.Document{Title: t("kind") + ", " + about, Author: asking, Marks: r.marks, Parts: []paper.Part{{Name: t("kind"), Blocks: blocks}, r.summary(ctx)}}
	for i, m := range r.models {
		if r.years[r.year][m].Total > 0 {
			d.Parts = append(d.Parts, r.table(ctx, i+2, m))
		}
	}
	d.Clean()
	return d
}

// sentence tells a model's year with both shares, the target, and the year before.
func (r *report) sentence(ctx context.Context, model string) string {
	now, before, g := r.years[r.year][model], r.years[r.year-1][model], r.goals(model)
	if now.Total == 0 {
		return ""
	}
	t := func(key string, pairs ...any) string { return lang.T(ctx, "paper.report."+key, pairs...) }
	text := t("said", "recognised", now.Recognised, "count", now.Total, "share", inPercent(ctx, now.Recognised, now.Total), "registered", now.Registered, "of_registered", inPercent(ctx, now.Recognised, now.Registered),
		"subject", lang.T(ctx, "subject."+model))
	if g.ok {
		by := rounded(share(now.Recognised, now.Total)) - rounded(g.percent)
		key := "above"
		if by < 0 {
			key, by = "below", -by
		}
		text += " " + t(key, "target", lang.Points(ctx, g.percent), "by", lang.Points(ctx, by))
	}
	if before.Total > 0 {
		text += " " + t("against", "by", signed(ctx, rounded(share(now.Recognised, now.Total)-share(before.Recognised, before.Total))), "year", r.year-1)
	}
	if now.Exemplary > 0 {
		text += " " + t("exemplary", "count", now.Exemplary)
	}
	return text
}

// columns are those of published reports; first is what a row is about.
func (r *report) columns(ctx context.Context, first string, goals bool) []paper.Column {
	right := func(key string, width float64) paper.Column {
		return paper.Column{Head: lang.T(ctx, "paper.report.col."+key), Share: width, Align: paper.Right}
	}
	sum := func(key string, width float64) paper.Column {
		c := right(key, width)
		c.Sum = !goals // models are not added up
		return c
	}
	list := []paper.Column{{Head: lang.T(ctx, "paper.col.no"), Share: 0.05, Align: paper.Middle}, {Head: first, Share: 0.2}, sum("total", 0.08), sum("registered", 0.08), right("registered_share", 0.07), sum("recognised", 0.09),
		right("of_total", 0.08), right("of_registered", 0.08), sum("exemplary", 0.07), right("before", 0.08)}
	if goals {
		return append(list, right("target", 0.06), right("against_target", 0.06))
	}
	return append(list, paper.Column{Head: lang.T(ctx, "paper.report.col.explain"), Share: 0.12})
}

func (r *report) cells(ctx context.Context, now, before rollup.Counts) []string {
	whole := func(n int64) string { return lang.Number(ctx, n) }
	by := ""
	if now.Total > 0 && before.Total > 0 {
		by = signed(ctx, rounded(share(now.Recognised, now.Total)-share(before.Recognised, before.Total)))
	}
	return []string{whole(now.Total), whole(now.Registered), inPercent(ctx, now.Registered, now.Total), whole(now.Recognised), inPercent(ctx, now.Recognised, now.Total), inPercent(ctx, now.Recognised, now.Registered), whole(now.Exemplary), by}
}

// summary is the table of all models.
func (r *report) summary(ctx context.Context) paper.Part {
	t := paper.Table{Columns: r.columns(ctx, lang.T(ctx, "paper.report.col.model"), true)}
	for i, m := range r.models {
		now, g := r.years[r.year][m], r.goals(m)
		row := append([]string{strconv.Itoa(i + 1), lang.T(ctx, "title."+m)}, r.cells(ctx, now, r.years[r.year-1][m])...)
		target, against := "", ""
		if g.ok {
			target = lang.Points(ctx, g.percent)
			if now.Total > 0 {
				against = signed(ctx, rounded(share(now.Recognised, now.Total))-rounded(g.percent))
			}
		}
		t.Rows = append(t.Rows, append(row, target, against))
	}
	name := lang.T(ctx, "paper.report.sheet", "no", 1)
	return paper.Part{Name: name, Landscape: true, Blocks: []paper.Block{paper.Title{Kind: name, About: lang.T(ctx, "paper.report.sheet_all", "place", papers.Within(r.place.FullName()), "year", r.year)}, t, paper.Text(paper.Closing, lang.T(ctx, "paper.report.basis"))}}
}

// table is one model by the places below, with what has to be explained beside each.
func (r *report) table(ctx context.Context, no int, model string) paper.Part {
	first := lang.T(ctx, "paper.report.col.commune")
	if r.place.Level == place.Commune {
		first = lang.T(ctx, "paper.col.area")
	}
	t := paper.Table{Columns: r.columns(ctx, first, false)}
	for _, p := range r.parts {
		now, before := p.now[model], p.before[model]
		if now.Total == 0 && before.Total == 0 {
			continue
		}
		row := append([]string{strconv.Itoa(len(t.Rows) + 1), p.name}, r.cells(ctx, now, before)...)
		t.Rows = append(t.Rows, append(row, strings.Join(doubts(ctx, now, before), "; ")))
	}
	sum := r.cells(ctx, r.years[r.year][model], r.years[r.year-1][model])
	t.Total = append([]string{"", lang.T(ctx, "figures.sum")}, append(sum, "")...)
	name := lang.T(ctx, "paper.report.sheet", "no", no)
	return paper.Part{Name: name, Landscape: true, Blocks: []paper.Block{paper.Title{Kind: name, About: lang.T(ctx, "paper.report.sheet_of", "model", model, "place", papers.Within(r.place.FullName()), "year", r.year)}, t}}
}
