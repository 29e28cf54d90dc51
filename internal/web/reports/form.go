// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package reports

import (
	"cmp"
	"strconv"
	"strings"
	"time"

	"hoctap/internal/fault"
	"hoctap/internal/report"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/papers"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

// asked is a figure that has to be explained, with the field for it.
type asked struct {
	What  string
	Field ui.Field
	Saved string // what somebody else saved meanwhile
}

// part is a field of the form with what somebody else saved meanwhile.
type part struct {
	Field ui.Field
	Saved string
}

// form is the part of the page that an officer fills in.
type form struct {
	Asked    []asked
	Sections []part
	Seen     []part
	Signer   part
	Broken   []ui.Broken
	Changes  []changeLine // figures that changed between the page and the sending
	By       string       // who saved meanwhile
}

// typed is what was sent with a form.
type typed struct {
	values  map[string]string
	words   report.Words
	wrong   []fault.FieldError // what is no number
	changes []report.Change
}

// read takes the form apart; flags say which explanations it can have.
func read(v *site.Visit, flags []report.Flag) *typed {
	t := &typed{values: map[string]string{}, words: report.Words{Sections: map[string]string{}, Explanations: map[string]string{}, Seen: map[string]int64{}}}
	value := func(name string) string {
		t.values[name] = v.Form(name)
		return t.values[name]
	}
	for _, key := range report.SectionKeys {
		t.words.Sections[key] = value(report.SectionField(key))
	}
	for _, f := range flags {
		t.words.Explanations[f.ID()] = value(report.ExplanationField(f.ID()))
	}
	for _, key := range report.SeenKeys {
		n, blank, ok := number(value(report.SeenField(key)))
		switch {
		case !ok:
			t.wrong = append(t.wrong, fault.Field(report.SeenField(key), "report.number"))
		case !blank:
			t.words.Seen[key] = n
		}
	}
	t.words.Signer = value(report.SignerField)
	return t
}

// check are all faults of the form at once: what is no number, and what the words break.
func (t *typed) check() error {
	list := t.wrong
	if f, ok := fault.As(t.words.Tidy().Check()); ok {
		list = append(list, f.Fields...)
	}
	return fault.Invalid(list...)
}

// number reads a whole number as it is written in Vietnam, with dots or blanks between the thousands.
func number(s string) (n int64, blank, ok bool) {
	s = strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "", ".", "").Replace(strings.TrimSpace(s))
	if s == "" {
		return 0, true, true
	}
	for _, r := range s {
		if r < '0' || r > '9' {
			return 0, false, false
		}
	}
	n, err := strconv.ParseInt(s, 10, 64)
	return n, false, err == nil && n <= report.SeenLimit
}

// form shows the draft, or what was typed where a form failed: then beside each text what somebody else saved meanwhile.
func (o *opened) form(v *site.Visit, f failure, t *typed) *form {
	out := &form{}
	fill := func(field ui.Field, saved string) part {
		field.Err, field.Value = f.Fields[field.Name], saved
		p := part{Field: field}
		if t == nil || t.values == nil {
			return p
		}
		p.Field.Value = t.values[field.Name]
		if o.staleFor(t) && cmp.Or(saved, "–") != cmp.Or(strings.TrimSpace(p.Field.Value), "–") {
			p.Saved = cmp.Or(saved, v.T("reports.blank"))
		}
		return p
	}
	var all []ui.Field
	for _, flag := range report.Flags(o.Figures) {
		p := fill(ui.Field{Name: report.ExplanationField(flag.ID()), Label: v.T("reports.explain.label"), Rows: 3}, o.Words.Explanations[flag.ID()])
		a := asked{papers.Flag(v.Ctx(), flag), p.Field, p.Saved}
		a.Field.Label = a.What
		out.Asked, all = append(out.Asked, a), append(all, a.Field)
	}
	for _, key := range report.SeenKeys {
		saved := ""
		if n, ok := o.Words.Seen[key]; ok {
			saved = lang.Number(v.Ctx(), n)
		}
		p := fill(ui.Field{Name: report.SeenField(key), Label: v.T("reports.seen." + key), Class: "input--num", Attrs: map[string]any{"inputmode": "numeric", "autocomplete": "off"}}, saved)
		out.Seen, all = append(out.Seen, p), append(all, p.Field)
	}
	for _, key := range report.SectionKeys {
		p := fill(ui.Field{Name: report.SectionField(key), Label: v.T("reports.section." + key), Rows: 7}, o.Words.Sections[key])
		out.Sections, all = append(out.Sections, p), append(all, p.Field)
	}
	out.Signer = fill(ui.Field{Name: report.SignerField, Label: v.T("reports.signer"), Hint: v.T("reports.signer_hint"), Attrs: map[string]any{"autocomplete": "off"}}, o.Words.Signer)
	out.Broken = ui.BrokenOf(f.Fields, append(all, out.Signer.Field)...)
	if t != nil {
		out.By = o.ByName
		if !o.staleFor(t) {
			out.By = ""
		}
		out.Changes = changeLines(v, t.changes)
	}
	return out
}

// staleFor says whether the form was sent from an older version than the page now shows.
func (o *opened) staleFor(t *typed) bool {
	return t.values["version"] != "" && t.values["version"] != strconv.FormatInt(o.Version, 10)
}

func microTime(micros int64) time.Time { return time.UnixMicro(micros) }
