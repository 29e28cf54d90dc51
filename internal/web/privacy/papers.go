// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package privacy

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"

	"hoctap/internal/fault"
	"hoctap/internal/paper"
	"hoctap/internal/place"
	"hoctap/internal/privacy"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/papers"
	"hoctap/internal/web/site"
)

// vi is a text of a paper: all are in Vietnamese.
func vi(v *site.Visit, key string, args ...any) string {
	return lang.T(papers.Vi(v.Ctx()), key, args...)
}

func document(v *site.Visit, p place.Place, title, about string, blocks ...paper.Block) *paper.Document {
	year, _ := strconv.Atoi(v.Today()[:4])
	d := &paper.Document{Title: title, Author: p.FullName(), Date: v.Today()}
	if v.Demo {
		d.Marks.Across = vi(v, "paper.demo")
	}
	head := papers.Head(v.Ctx(), []string{strings.ToUpper(p.FullName())}, "", p.Name, v.Today(), year)
	d.Parts = []paper.Part{{Name: title, Blocks: append([]paper.Block{head, paper.Title{Kind: strings.ToUpper(title), About: about}}, blocks...)}}
	d.Clean()
	return d
}

func line(v *site.Visit, key, value string) paper.Block {
	return paper.Paragraph{Style: paper.Body, Runs: []paper.Run{{Text: vi(v, key) + ": ", Bold: true}, {Text: value}}}
}

func signedBy(v *site.Visit, key string) paper.Block {
	return paper.Sign{Signers: []paper.Signer{{Post: strings.ToUpper(vi(v, key)), Place: vi(v, "privacy.paper.sign")}}}
}

// slip is what the person is handed: that the request came, how far it is, what the answer is.
func slip(v *site.Visit) error {
	r, err := v.Privacy.Request(v.Ctx(), v.Actor, v.Path("id"))
	if err != nil {
		return err
	}
	p, err := v.Places.Get(v.Ctx(), r.PlaceID)
	if err != nil {
		return err
	}
	ctx := papers.Vi(v.Ctx())
	day := func(s string) string { return lang.Day(ctx, s) }
	kind := "privacy.paper.received"
	blocks := []paper.Block{line(v, "privacy.fact.code", r.Code), line(v, "privacy.fact.kind", vi(v, "privacy.kind."+string(r.Kind)))}
	if r.Name != "" {
		blocks = append(blocks, line(v, "privacy.fact.name", r.Name))
	}
	blocks = append(blocks, line(v, "privacy.fact.received_on", day(r.ReceivedOn)), line(v, "privacy.fact.due", day(r.Due)))
	if r.Extended != "" {
		blocks = append(blocks, line(v, "privacy.fact.extended", r.Extended))
	}
	if !r.State.Open() {
		kind = "privacy.paper.answer"
		blocks = append(blocks, line(v, "privacy.fact.state", vi(v, "privacy.state."+string(r.State))), line(v, "privacy.fact.answer", r.Answer))
		if r.Basis != "" {
			blocks = append(blocks, line(v, "privacy.fact.basis", r.Basis))
		}
		blocks = append(blocks, paper.Text(paper.Body, vi(v, "privacy.paper.complain")))
	}
	reg, err := v.Privacy.Register(v.Ctx())
	if err != nil {
		return err
	}
	if reg.Officer != "" {
		blocks = append(blocks, paper.Text(paper.Body, vi(v, "privacy.contact", "name", reg.Officer, "phone", reg.Phone, "email", reg.Email)))
	}
	blocks = append(blocks, signedBy(v, "privacy.paper.officer"))
	return papers.Send(v, "yeu-cau-du-lieu-"+strings.ToLower(r.Code), document(v, p, vi(v, kind), vi(v, "privacy.paper.about"), blocks...))
}

// give sends everything that is held on the person: as JSON, or as a document to read.
func give(v *site.Visit) error {
	form := v.Query("dang")
	if form != "json" && form != "pdf" && form != "docx" {
		return fault.NotFound("file", form)
	}
	h, r, err := v.Privacy.Gather(v.Ctx(), v.Actor, v.Path("id"))
	if err != nil {
		return err
	}
	name := "du-lieu-ca-nhan-" + strings.ToLower(r.Code)
	if form == "json" {
		return v.File(name+".json", "application/json", func(w io.Writer) error {
			e := json.NewEncoder(w)
			e.SetIndent("", "  ")
			return e.Encode(h)
		})
	}
	p, err := v.Places.Get(v.Ctx(), r.PlaceID)
	if err != nil {
		return err
	}
	return papers.SendAs(v, form, name, heldPaper(v, p, &h))
}

// heldPaper writes the values of every part, each with its name; what is empty is left out.
func heldPaper(v *site.Visit, p place.Place, h *privacy.Held) *paper.Document {
	var blocks []paper.Block
	for _, part := range h.Parts {
		if len(part.Rows) == 0 {
			continue
		}
		blocks = append(blocks, paper.Text(paper.Section, vi(v, "privacy.held."+part.Key)))
		for i, row := range part.Rows {
			var values []string
			for k, value := range row {
				if s := valueText(value); s != "" {
					values = append(values, columnName(v, part.Columns[k])+": "+s)
				}
			}
			blocks = append(blocks, paper.Text(paper.Body, strconv.Itoa(i+1)+". "+strings.Join(values, "; ")+"."))
		}
	}
	return document(v, p, vi(v, "privacy.paper.held"), vi(v, "privacy.paper.held_about"), blocks...)
}

// columnName is the word for a column; one that has none stands as it is, so that nothing is left out.
func columnName(v *site.Visit, column string) string {
	if key := "privacy.column." + column; lang.Has(papers.Vi(v.Ctx()), key) {
		return vi(v, key)
	}
	return column
}

func valueText(value any) string {
	switch x := value.(type) {
	case nil:
		return ""
	case string:
		return x
	case int64:
		if x == 0 {
			return ""
		}
		return strconv.FormatInt(x, 10)
	case bool:
		if !x {
			return ""
		}
		return "có"
	}
	b, err := json.Marshal(value)
	if err != nil {
		return fmt.Sprint(value)
	}
	return string(b)
}

func registerPaper(v *site.Visit, p place.Place, r *privacy.Register) *paper.Document {
	var blocks []paper.Block
	for _, f := range [][2]string{{"controller", r.Controller}, {"officer", r.Officer}, {"phone", r.Phone}, {"email", r.Email}, {"address", r.Address}} {
		if f[1] != "" {
			blocks = append(blocks, line(v, "privacy.field."+f[0], f[1]))
		}
	}
	for i, a := range r.Activities {
		blocks = append(blocks, paper.Text(paper.Section, strconv.Itoa(i+1)+". "+a.Title))
		vv := *v
		vv.R = v.R.WithContext(papers.Vi(v.Ctx()))
		for _, f := range activityFacts(&vv, &a) {
			blocks = append(blocks, paper.Paragraph{Style: paper.Body, Runs: []paper.Run{{Text: f[0] + ": ", Bold: true}, {Text: f[1]}}})
		}
		blocks = append(blocks, line(v, "privacy.act_field.fields", fieldsText(a.Fields)))
	}
	hosts := make([]string, len(v.Flows))
	for i, f := range v.Flows {
		hosts[i] = f.Host
	}
	said := strings.Join(hosts, ", ")
	if said == "" {
		said = vi(v, "privacy.flows_none")
	}
	blocks = append(blocks, line(v, "privacy.flows", said), signedBy(v, "privacy.field.officer"))
	return document(v, p, vi(v, "privacy.paper.register"), vi(v, "privacy.paper.register_about", "version", r.Version), blocks...)
}

// noticePaper is the notice of a breach to the authority (form 08 of Decree 356/2025): what was read of the form; its layout is to be held against the decree.
func noticePaper(v *site.Visit, p place.Place, b *privacy.Breach, r *privacy.Register) *paper.Document {
	blocks := []paper.Block{paper.Text(paper.Body, vi(v, "privacy.paper.to_authority"))}
	for _, f := range [][2]string{{"controller", r.Controller}, {"officer", r.Officer}, {"phone", r.Phone}, {"email", r.Email}, {"breach_title", b.Title}, {"breach_kind", vi(v, "privacy.breach.kind."+b.Kind)},
		{"happened_at", said(v, b.HappenedAt)}, {"found_at", said(v, b.FoundAt)}, {"story", b.Story}, {"subjects", strconv.FormatInt(b.Subjects, 10)}, {"sensitive", strconv.FormatInt(b.Sensitive, 10)},
		{"fields", b.Fields}, {"effects", b.Effects}, {"measures", b.Measures}} {
		value := f[1]
		if value == "" {
			value = "…………"
		}
		blocks = append(blocks, line(v, "privacy.field."+f[0], value))
	}
	return document(v, p, vi(v, "privacy.paper.notice"), vi(v, "privacy.paper.notice_about"), append(blocks, signedBy(v, "privacy.paper.head"))...)
}

// minutesPaper confirms how the breach was dealt with.
func minutesPaper(v *site.Visit, p place.Place, b *privacy.Breach, steps []privacy.Step) *paper.Document {
	t := paper.Table{Columns: []paper.Column{{Head: vi(v, "privacy.col.when"), Share: 0.24}, {Head: vi(v, "privacy.col.what"), Share: 0.52}, {Head: vi(v, "privacy.col.who"), Share: 0.24}}}
	for _, s := range steps {
		t.Rows = append(t.Rows, []string{said(v, s.At), s.What, s.ByName})
	}
	blocks := []paper.Block{line(v, "privacy.field.breach_title", b.Title), line(v, "privacy.field.story", b.Story), line(v, "privacy.field.found_at", said(v, b.FoundAt)),
		line(v, "privacy.field.subjects", strconv.FormatInt(b.Subjects, 10)), line(v, "privacy.field.measures", b.Measures), line(v, "privacy.field.outcome", b.Outcome)}
	if len(t.Rows) > 0 {
		blocks = append(blocks, t)
	}
	blocks = append(blocks, paper.Sign{Signers: []paper.Signer{{Post: strings.ToUpper(vi(v, "privacy.paper.writer")), Place: vi(v, "privacy.paper.sign")}, {Post: strings.ToUpper(vi(v, "privacy.paper.head")), Place: vi(v, "privacy.paper.sign")}}})
	return document(v, p, vi(v, "privacy.paper.minutes"), vi(v, "privacy.paper.minutes_about"), blocks...)
}
