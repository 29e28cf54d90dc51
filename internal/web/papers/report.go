// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package papers

import (
	"context"
	"strconv"
	"strings"

	"hoctap/internal/paper"
	"hoctap/internal/place"
	"hoctap/internal/report"
	"hoctap/internal/rollup"
	"hoctap/internal/web/lang"
)

// reported is a report as its paper is made from it: one builder for what was submitted, for a draft, and for the live figures of a year.
type reported struct {
	*report.Snapshot
	ctx context.Context
}

func (r *reported) t(key string, pairs ...any) string {
	return lang.T(r.ctx, "paper.report."+key, pairs...)
}

// kindKey is key with the kind of the report behind it.
func (r *reported) kindKey(key string) string { return key + "." + string(r.Period.Kind) }

// years are the arguments of sentences that name the time of the report.
func (r *reported) years() []any { return []any{"year", r.Period.To, "from_year", r.Period.From} }

func (r *reported) fullName() string {
	return place.Place{Kind: r.Place.Kind, Name: r.Place.Name}.FullName()
}

func (r *reported) about() string { return r.t(r.kindKey("about"), r.years()...) }

// Report is the paper of a report: the words with what the figures say, and the figures as annexes. What nobody has written yet is left as lines for a pen.
func Report(ctx context.Context, snap *report.Snapshot, marks paper.Marks) *paper.Document {
	r := &reported{snap, Vi(ctx)}
	d := &paper.Document{Title: r.t("kind") + ", " + r.about(), Author: r.t("association", "place", Within(r.fullName())), Date: r.Date, Marks: marks}
	d.Parts = append([]paper.Part{{Name: r.t("kind"), Blocks: r.words()}}, r.annexes()...)
	d.Clean()
	return d
}

// words are the report itself.
func (r *reported) words() []paper.Block {
	above := r.t("central")
	if r.Place.Above != "" {
		above = r.t("association", "place", Within(r.Place.Above))
	}
	number := lang.T(r.ctx, "paper.number_none", "symbol", r.t("symbol"))
	if r.Number != "" {
		number = lang.T(r.ctx, "paper.number", "number", r.Number)
	}
	year := r.Period.To
	if r.Date != "" {
		year, _ = strconv.Atoi(r.Date[:4])
	}
	blocks := []paper.Block{
		Head(r.ctx, []string{strings.ToUpper(r.t("association", "place", "")), strings.ToUpper(r.fullName())}, number, r.Place.Name, r.Date, year),
		paper.Title{Kind: r.t("kind"), About: r.about(), To: []string{lang.T(r.ctx, "paper.to_whom", "who", above)}},
	}
	if text := r.replacing(); text != "" {
		blocks = append(blocks, paper.Text(paper.Body, text))
	}
	blocks = append(blocks, paper.Text(paper.Section, r.t("one")))
	if first := r.Figures.FirstYear(); r.Period.Kind.Review() && first > r.Period.From {
		blocks = append(blocks, paper.Text(paper.Body, r.t("since", "year", first)))
	}
	if r.Figures.Until != "" {
		blocks = append(blocks, paper.Text(paper.Body, r.t("until", "date", r.Figures.Until)))
	}
	for i := range r.Figures.Models {
		m := &r.Figures.Models[i]
		if text := r.sentence(m); text != "" {
			blocks = append(blocks, paper.Paragraph{Style: paper.Body, Runs: []paper.Run{{Text: lang.T(r.ctx, "title."+m.Model) + ": ", Bold: true}, {Text: text}}})
		}
	}
	blocks = append(blocks, r.explained()...)
	if c, any := r.bars(); any {
		blocks = append(blocks, c)
	}
	for i, key := range []string{"two", "three", "four"} {
		blocks = append(blocks, paper.Text(paper.Section, r.t(key)))
		blocks = append(blocks, r.section(r.Words.Sections[report.SectionKeys[i]])...)
	}
	return append(blocks, paper.Text(paper.Body, r.t("with")), paper.Sign{Recipients: strings.Split(r.t("recipients"), "\n"),
		Signers: []paper.Signer{{Form: "", Post: r.t("post"), Place: lang.T(r.ctx, "paper.seal"), Name: r.Words.Signer}}})
}

// replacing names the report that this one stands for, and why it is corrected; "" for a first one.
func (r *reported) replacing() string {
	var list []string
	if r.Replaces != "" {
		list = append(list, r.t("replaces", "number", r.Replaces, "date", r.ReplacesOn))
	}
	if r.Reason != "" {
		reason := r.Reason
		if !strings.ContainsAny(reason[len(reason)-1:], ".!?") {
			reason += "."
		}
		list = append(list, r.t("correction", "reason", reason))
	}
	return strings.Join(list, " ")
}

// penLine is how many dots a line for a pen has: 34 of 13 points are 156 mm, and the page has 165.
const penLine = 34

// section is what was written, paragraph by paragraph.
func (r *reported) section(text string) (blocks []paper.Block) {
	switch {
	case text != "":
		for line := range strings.SplitSeq(text, "\n") {
			if line = strings.TrimSpace(line); line != "" {
				blocks = append(blocks, paper.Text(paper.Body, line))
			}
		}
	case r.Number != "":
		blocks = append(blocks, paper.Text(paper.Body, r.t("nothing")))
	default:
		for range 3 {
			blocks = append(blocks, paper.Text(paper.Plain, strings.Repeat("…", penLine)))
		}
	}
	return blocks
}

// sentence tells a model's year with both shares, the target, and the year it is compared with.
func (r *reported) sentence(m *report.Model) string {
	last, _ := m.In(r.Figures.To)
	now := last.Counts
	if now.Total == 0 {
		return ""
	}
	noun := lang.T(r.ctx, "paper.noun."+m.Model)
	key := "said"
	if now.Registered == 0 {
		key = "said_none"
	}
	text := r.t(key, "recognised", now.Recognised, "count", now.Total, "share", inPercent(r.ctx, now.Recognised, now.Total), "registered", now.Registered,
		"of_registered", inPercent(r.ctx, now.Recognised, now.Registered), "subject", noun)
	if last.Target != nil && r.Period.Kind != report.Half { // a target is for the whole year
		text += " " + r.held(rollup.Share(now.Recognised, now.Total), *last.Target)
	}
	if before := r.base(m); before.Total > 0 {
		text += " " + r.t("against."+direction(change(now, before)), "by", lang.Tenths(r.ctx, abs(change(now, before))), "year", r.Figures.Base)
	}
	if now.Exemplary > 0 {
		text += " " + r.t("exemplary", "count", now.Exemplary, "subject", noun)
	}
	return text
}

// held says how a share stands to its target. What is missing is never rounded away.
func (r *reported) held(share, target int64) string {
	by := rounded(share) - rounded(target)
	say := func(key, by string) string { return r.t(key, "target", lang.Points(r.ctx, target), "by", by) }
	switch {
	case share < target && by == 0:
		return say("below", r.t("hardly"))
	case share < target:
		return say("below", lang.Tenths(r.ctx, abs(by)))
	case by == 0:
		return say("met", "")
	}
	return say("above", lang.Tenths(r.ctx, by))
}

// base is the model in the year that it is compared with.
func (r *reported) base(m *report.Model) report.Counts {
	y, _ := m.In(r.Figures.Base)
	return y.Counts
}

// change is by how many points the share of the recognised changed; "" when one of both years has nobody.
func (r *reported) change(now, before report.Counts) string {
	if now.Total == 0 || before.Total == 0 {
		return ""
	}
	return signed(r.ctx, change(now, before))
}

// change is by how much the share of the recognised changed, in hundredths of a point, to the tenth.
func change(now, before report.Counts) int64 {
	return rounded(rollup.Share(now.Recognised, now.Total) - rollup.Share(before.Recognised, before.Total))
}

// direction is the word for a difference.
func direction(by int64) string {
	switch {
	case by > 0:
		return "up"
	case by < 0:
		return "down"
	}
	return "same"
}

func abs(n int64) int64 { return max(n, -n) }

// explained are the figures that stand out, each with its explanation.
func (r *reported) explained() (blocks []paper.Block) {
	for _, f := range report.Flags(&r.Figures) {
		why := r.Words.Explanations[f.ID()]
		if why == "" {
			continue
		}
		blocks = append(blocks, paper.Paragraph{Style: paper.Body, Runs: []paper.Run{{Text: Flag(r.ctx, f) + ". ", Italic: true}, {Text: strings.ReplaceAll(why, "\n", " ")}}})
	}
	if len(blocks) > 0 {
		blocks = append([]paper.Block{paper.Text(paper.Body, r.t("explained"))}, blocks...)
	}
	return blocks
}

// Flag is a figure that has to be explained, in words.
func Flag(ctx context.Context, f report.Flag) string {
	key := "paper.report.flag." + string(f.Doubt)
	if f.Doubt == report.Jump {
		key += "." + direction(rounded(f.By))
	}
	return lang.T(ctx, key, "title", lang.T(ctx, "title."+f.Model), "year", f.Year, "recognised", f.Now.Recognised, "registered", f.Now.Registered,
		"total", f.Now.Total, "by", lang.Tenths(ctx, abs(rounded(f.By))), "before_year", f.Against)
}

// doubts names what stands out in a row.
func doubts(ctx context.Context, now, before report.Counts) (list []string) {
	for _, d := range report.Doubts(now, before) {
		key := "paper.report.doubt." + string(d)
		if d == report.Jump {
			key += "." + direction(change(now, before))
		}
		list = append(list, lang.T(ctx, key, "recognised", now.Recognised, "registered", now.Registered, "total", now.Total, "by", lang.Tenths(ctx, abs(change(now, before)))))
	}
	return list
}

// inPercent writes a share in percent with one decimal; a share of nothing is a blank.
func inPercent(ctx context.Context, part, whole int64) string {
	if whole == 0 {
		return ""
	}
	return lang.Tenths(ctx, rollup.Share(part, whole))
}

// rounded is a number of hundredths to its tenths.
func rounded(n int64) int64 {
	if n < 0 {
		return -rounded(-n)
	}
	return (n + 5) / 10 * 10
}

// Signed is a difference of percentages, in hundredths of a point, with its sign and one decimal.
func Signed(ctx context.Context, n int64) string { return signed(ctx, rounded(n)) }

// SignedCount is a difference of counts with its sign.
func SignedCount(ctx context.Context, n int64) string {
	if n > 0 {
		return "+" + lang.Number(ctx, n)
	}
	return lang.Number(ctx, n)
}

// signed is a difference with its sign and one decimal.
func signed(ctx context.Context, n int64) string {
	if n > 0 {
		return "+" + lang.Tenths(ctx, n)
	}
	return lang.Tenths(ctx, n)
}
