// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package decisions

import (
	"context"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"hoctap/internal/recognition"
	"hoctap/internal/web/lang"
)

// paper is a decision as it is printed, by Decree 30/2020/NĐ-CP, appendix I. Papers are in Vietnamese whatever the reader's
// language. This file is the only one that knows how their sentences are put together; the sentences are in the catalogue.
type paper struct {
	Issuer     []string // head of the left column
	Number     string
	Day        string
	About      string
	Authority  string
	Grounds    []string
	Articles   []article
	Recipients []string
	Post       string
	Signer     string
	AnnexOf    string // below the title of the annexed list
	Draft      bool
}

type article struct{ Head, Text, Tail string }

// facts is what a paper is made from.
type facts struct {
	Decision *recognition.Decision
	Named    *recognition.Decision // the earlier decision of an amendment or revocation
	Town     string                // where the body sits: "Hy Cương"
	Year     int                   // of a draft that has no date yet
}

// vi is the context of all papers.
func vi(ctx context.Context) context.Context { return lang.With(ctx, lang.Vi) }

func paperOf(ctx context.Context, f facts) paper {
	ctx = vi(ctx)
	d := f.Decision
	p := paper{Draft: d.State == recognition.StateDraft, Issuer: issuerLines(d.BodyName), Post: strings.ToUpper(d.Post), Signer: d.Signer, About: about(ctx, d, f.Named)}
	p.Number = lang.T(ctx, "paper.number_none", "symbol", d.Symbol)
	if d.Number > 0 {
		p.Number = lang.T(ctx, "paper.number", "number", d.Text())
	}
	p.Day = dayLine(ctx, f.Town, d.Date, f.Year)
	of := bodyOf(d.BodyName)
	kind := kindOfBody(d)
	p.Authority = strings.ToUpper(lang.T(ctx, "paper.authority."+kind, "body", d.BodyName))
	for i, g := range d.Grounds {
		g = strings.TrimRight(g, " ;.,")
		if i < len(d.Grounds)-1 {
			p.Grounds = append(p.Grounds, g+";")
		} else {
			p.Grounds = append(p.Grounds, g+".")
		}
	}
	p.Articles = articles(ctx, f, of, kind)
	p.Recipients = strings.Split(lang.T(ctx, "paper.to."+kind, "no", len(p.Articles)), "\n")
	p.AnnexOf = lang.T(ctx, "paper.annex_draft", "body", d.BodyName)
	if d.Number > 0 {
		p.AnnexOf = lang.T(ctx, "paper.annex_of", "number", d.Text(), "on", longDay(ctx, d.Date), "body", d.BodyName)
	}
	return p
}

func articles(ctx context.Context, f facts, of, kind string) []article {
	d := f.Decision
	args := []any{"count", d.Items, "noun", lang.T(ctx, "paper.noun."+d.Model), "model", d.Model, "years", yearsOf(ctx, d), "of", of, "reason", strings.TrimRight(d.Reason, " .;")}
	if f.Named != nil {
		args = append(args, "named", f.Named.Text(), "on", longDay(ctx, f.Named.Date))
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
	ctx = vi(ctx)
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

// dayLine is "Hy Cương, ngày 08 tháng 12 năm 2026"; without a date day and month stay blank.
func dayLine(ctx context.Context, town, date string, year int) string {
	if date == "" {
		return lang.T(ctx, "paper.day_none", "town", town, "year", year)
	}
	return town + ", " + longDay(ctx, date)
}

// longDay writes a date in words; Decree 30 puts a zero before days below ten and before the months 1 and 2.
func longDay(ctx context.Context, date string) string {
	if len(date) != len("2026-12-08") {
		return date
	}
	month := date[5:7]
	if month > "02" {
		month = strings.TrimPrefix(month, "0")
	}
	year, _ := strconv.Atoi(date[:4])
	return lang.T(ctx, "paper.on_day", "day", date[8:], "month", month, "year", year)
}

// usualGrounds are the grounds a new draft begins with; the person who prepares it changes them.
func usualGrounds(ctx context.Context, bodyID, model string) []string {
	ctx = vi(ctx)
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
	ctx = vi(ctx)
	lower := strings.ToLower(name)
	if model != "family" || strings.HasPrefix(lower, "gia đình ") || strings.HasPrefix(lower, "hộ ") {
		return name
	}
	return lang.T(ctx, "paper.holder.family", "name", name)
}

// within writes a place inside a sentence: "Xã Hy Cương" becomes "xã Hy Cương".
func within(name string) string {
	r, n := utf8.DecodeRuneInString(name)
	return string(unicode.ToLower(r)) + name[n:]
}
