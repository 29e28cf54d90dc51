// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package wording

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"hoctap/internal/fault"
)

// How long a template may be, in letters.
const (
	maxParagraph = 2_000
	maxText      = 20_000
	maxLines     = 400
)

// running are the roles in which what a paper demands has to stand.
var running = []Role{Article, Section, Body, What, Entered}

// FieldOf names the input of the paragraph with an index, for faults and forms.
func FieldOf(i int) string { return "doan-" + strconv.Itoa(i) }

// WholeField names what is about a template as a whole.
const WholeField = "mau"

// Check reports every fault of a cleaned text: fields that the kind does not know, braces that do not close, what is missing, what is too long.
// Faults of the paragraph with index i are under FieldOf(i), the others under WholeField.
func (t Text) Check(k Kind) error {
	var errs []fault.FieldError
	if !k.Known() {
		return fault.Invalid(fault.Field(WholeField, "wording.kind", "kind", string(k)))
	}
	counts, said, length := make([]int, len(k.Parts())), map[string]bool{}, 0
	tables, lines := 0, 0
	for i, p := range t.Paragraphs {
		at := k.part(p.Role)
		if at < 0 {
			errs = append(errs, fault.Field(FieldOf(i), "wording.role"))
			continue
		}
		counts[at]++
		if p.Role == Table {
			tables++
			continue
		}
		n := utf8.RuneCountInString(p.Text)
		length += n
		lines += strings.Count(p.Text, "\n") + 1
		if n == 0 {
			errs = append(errs, fault.Field(FieldOf(i), "wording.empty"))
		}
		if n > maxParagraph {
			errs = append(errs, fault.Field(FieldOf(i), "wording.long", "count", n, "max", maxParagraph))
		}
		errs = append(errs, k.checkWords(i, p, said)...)
	}
	for i, part := range k.Parts() {
		role := string(part.Roles[0])
		if counts[i] < part.Min {
			errs = append(errs, fault.Field(WholeField, "wording.few", "role", role))
		}
		if counts[i] > part.Max {
			errs = append(errs, fault.Field(WholeField, "wording.many", "role", role, "max", part.Max))
		}
		if slices.Contains(part.Roles, Table) && tables != 1 {
			errs = append(errs, fault.Field(WholeField, "wording.table"))
		}
	}
	if length > maxText {
		errs = append(errs, fault.Field(WholeField, "wording.long", "count", length, "max", maxText))
	}
	if lines > maxLines {
		errs = append(errs, fault.Field(WholeField, "wording.lines", "count", lines, "max", maxLines))
	}
	for _, f := range k.Fields() {
		if f.Demanded && !said[f.Name] {
			errs = append(errs, fault.Field(WholeField, "wording.missing", "name", braced(f.Name)))
		}
	}
	return fault.Invalid(errs...)
}

// checkWords reports what cannot be filled in a paragraph, and notes in said what its running text names.
func (k Kind) checkWords(i int, p Paragraph, said map[string]bool) (errs []fault.FieldError) {
	pieces, slips := Parse(p.Text)
	for _, s := range slips {
		errs = append(errs, fault.Field(FieldOf(i), s.Key, "line", s.Line, "near", s.Near))
	}
	known := k.Fields()
	line := 1
	for _, x := range pieces {
		line += strings.Count(x.Text, "\n")
		if x.Field == "" && x.Text != "" {
			continue
		}
		f, ok := find(known, x.Field)
		switch {
		case !ok:
			errs = append(errs, fault.Field(FieldOf(i), Unknown(known, x.Field), "line", line, "name", braced(x.Field), "near", braced(Near(known, x.Field))))
		case f.Late && p.Role == Ground:
			errs = append(errs, fault.Field(FieldOf(i), "wording.late", "line", line, "name", braced(x.Field)))
		case slices.Contains(running, p.Role):
			said[x.Field] = true
			for _, name := range f.Says {
				said[name] = true
			}
		}
	}
	return errs
}

// Unknown is the key of the sentence about a name that is no field: it proposes the nearest where there is one.
func Unknown(known []Field, name string) string {
	if Near(known, name) == "" {
		return "wording.unknown_far"
	}
	return "wording.unknown"
}

func braced(name string) string {
	if r := []rune(name); len(r) > 40 {
		name = string(r[:40]) + "…"
	}
	return "{{" + name + "}}"
}
