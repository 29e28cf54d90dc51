// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package decisions

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"hoctap/internal/paper"
	"hoctap/internal/recognition"
	"hoctap/internal/report"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/papers"
	"hoctap/internal/web/site"
)

// The register of outgoing papers has the form of Decree 30/2020/NĐ-CP, article 16 and annex IV: a cover, and a table of ten columns. What the program
// knows is filled in, the rest is left for the pen.

// registerEntry is one paper as the register has it.
type registerEntry struct {
	Kind   recognition.PaperKind
	Number int64
	Text   string // "01/QĐ-HKH"
	ISO    string // its date
	About  string
	Signer string
	To     []string // recipients, one a line: "- Như Điều 3;"
	Notes  []string
	At     time.Time // when the number was given
}

// registerEntries are the papers of a register: by number, and of all kinds by date.
func registerEntries(v *site.Visit, r *recognition.Register) (list []registerEntry, err error) {
	ctx := papers.Vi(v.Ctx())
	lines, err := newLines(v, r.Decisions...).all(r.Decisions)
	if err != nil {
		return nil, err
	}
	for i := range r.Decisions {
		d := &r.Decisions[i]
		list = append(list, registerEntry{Kind: recognition.PaperDecision, Number: d.Number, Text: d.Text(), ISO: d.Date, About: lines[i].About, Signer: d.Signer, To: lines[i].To, At: d.IssuedAt,
			Notes: []string{lang.T(ctx, "paper.book.names", "count", d.Items)}})
	}
	for i := range r.Papers {
		p := &r.Papers[i]
		e := registerEntry{Kind: p.Kind, Number: p.Number, Text: p.Text(), ISO: p.Date, About: p.About, Signer: p.Signer, At: p.IssuedAt}
		if e.To, err = recipientsOf(p); err != nil {
			return nil, err
		}
		if p.Void() {
			e.Notes = append(e.Notes, lang.T(ctx, "paper.book.void", "reason", p.VoidReason))
		}
		list = append(list, e)
	}
	if r.Kind == recognition.PaperAny {
		slices.SortStableFunc(list, func(a, b registerEntry) int { return cmp.Or(cmp.Compare(a.ISO, b.ISO), a.At.Compare(b.At)) })
	}
	return list, nil
}

// recipientsOf reads from a frozen paper to whom it goes: those it is addressed to, then those at its foot. A report goes to the level above.
func recipientsOf(p *recognition.Paper) (to []string, err error) {
	if p.Kind == recognition.PaperReport {
		var snap report.Snapshot
		if err := json.Unmarshal([]byte(p.Content), &snap); err != nil || snap.Place.Above == "" {
			return nil, err
		}
		return []string{snap.Place.Above}, nil
	}
	doc, err := paper.Decode(p.Content)
	if err != nil {
		return nil, err
	}
	for _, b := range doc.Parts[0].Blocks {
		switch b := b.(type) {
		case paper.Title:
			for _, line := range b.To {
				if _, name, ok := strings.Cut(line, "Kính gửi:"); ok {
					line = name
				}
				to = append(to, line)
			}
		case paper.Sign:
			if len(b.Recipients) > 1 {
				to = append(to, b.Recipients[1:]...)
			}
		}
	}
	return to, nil
}

// parcel divides recipients into who gets the paper and who keeps a copy ("Lưu: VT"); "as above" says nothing beside those it is addressed to.
func parcel(to []string) (goes, keeps string) {
	var out, kept []string
	for _, line := range to {
		line = strings.Trim(line, " -;.,")
		if copies, ok := strings.CutPrefix(line, "Lưu:"); ok {
			kept = append(kept, strings.TrimSpace(copies))
		} else if line != "" && line != "Như trên" {
			out = append(out, line)
		}
	}
	return strings.Join(out, "; "), strings.Join(kept, "; ")
}

// entitled is the kind of a paper and its abstract: "Quyết định về việc …".
func entitled(kind, about string) string {
	if strings.HasPrefix(strings.ToLower(about), strings.ToLower(kind)) {
		return about
	}
	return kind + " " + papers.Within(about)
}

// bookShares are the widths of the ten columns.
var bookShares = [10]float64{0.11, 0.105, 0.165, 0.1, 0.15, 0.085, 0.065, 0.075, 0.065, 0.08}

// registerDocument is a register of outgoing papers of a body and year: its cover and its table.
func registerDocument(ctx context.Context, r *recognition.Register, entries []registerEntry, demo bool) *paper.Document {
	ctx = papers.Vi(ctx)
	t := func(key string, args ...any) string { return lang.T(ctx, "paper.book."+key, args...) }
	list := paper.Table{}
	numbers := make([]string, len(bookShares))
	for i, share := range bookShares {
		list.Columns = append(list.Columns, paper.Column{Head: t("col." + strconv.Itoa(i+1)), Share: share})
		numbers[i] = "(" + strconv.Itoa(i+1) + ")"
	}
	list.Rows = append(list.Rows, numbers)
	for _, e := range entries {
		goes, keeps := parcel(e.To)
		list.Rows = append(list.Rows, []string{e.Text, lang.Day(ctx, e.ISO), entitled(t("kind."+string(e.Kind)), e.About), e.Signer, goes, keeps, "", "", "", strings.Join(e.Notes, "; ")})
	}
	blocks := append(cover(ctx, r, entries), paper.PageBreak{}, list)
	if len(entries) == 0 {
		blocks = append(blocks, paper.Text(paper.Closing, lang.T(ctx, "paper.register_none")))
	}
	if r.First > 1 {
		blocks = append(blocks, paper.Text(paper.Closing, lang.T(ctx, "paper.register_first", "first", r.First)))
	}
	d := &paper.Document{Title: t("title") + ", " + r.Body.Name, Author: r.Body.Name, Parts: []paper.Part{{Name: t("title"), Landscape: true, Blocks: blocks}}}
	if demo {
		d.Marks.Across = lang.T(ctx, "paper.demo")
	}
	d.Clean()
	return d
}

// cover is the first page. Its dates and numbers are those of the papers it holds; a register that is still empty leaves them to the pen.
func cover(ctx context.Context, r *recognition.Register, entries []registerEntry) (blocks []paper.Block) {
	t := func(key string, args ...any) string { return lang.T(ctx, "paper.book."+key, args...) }
	blocks = append(blocks, paper.Text(paper.Centre, strings.ToUpper(r.Body.Name)))
	days, numbers := t("days_none"), t("numbers_none")
	if n := len(entries); n > 0 {
		first, last := entries[0], entries[n-1]
		days = t("days", "from", lang.Day(ctx, first.ISO), "to", lang.Day(ctx, last.ISO))
		if r.Kind != recognition.PaperAny { // each kind has numbers of its own
			numbers = t("numbers", "from", first.Text, "to", last.Text)
		}
	}
	kinds := t("all")
	if r.Kind != recognition.PaperAny {
		kinds = t("of", "kind", t("kind."+string(r.Kind)))
	}
	return append(blocks, paper.Title{Kind: t("title"), About: t("year", "year", r.Year), Of: kinds},
		paper.Text(paper.Centre, days), paper.Text(paper.Centre, numbers), paper.Text(paper.Centre, t("volume")))
}
