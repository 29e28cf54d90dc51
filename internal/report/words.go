// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package report

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"hoctap/internal/fault"

	"golang.org/x/text/unicode/norm"
)

// Words are what an officer adds to the figures.
type Words struct {
	Sections     map[string]string `json:"sections,omitempty"`     // by SectionKeys
	Explanations map[string]string `json:"explanations,omitempty"` // by Flag.ID
	Seen         map[string]int64  `json:"seen,omitempty"`         // typed figures by SeenKeys; one that is missing was left blank
	Signer       string            `json:"signer,omitempty"`
}

// SectionKeys are the sections of a report that are written, in its order; the first section is the system's.
var SectionKeys = []string{"work", "difficulties", "proposals"}

// SeenKeys are the columns of published reports that no register of this system has (data/reference/report-columns.yaml, basis: seen), in their order:
// the association, its fund in đồng, the community learning centres.
var SeenKeys = []string{"commune_associations", "village_branches", "agency_branches", "school_boards", "clan_boards", "members", "fund_raised", "awards",
	"centres", "classes", "turns", "budget"}

// Limits of what is typed, in letters; and the largest figure, a hundred thousand billion đồng.
const (
	sectionLimit     = 10_000
	explanationLimit = 1_000
	reasonLimit      = 1_000
	signerLimit      = 120
	SeenLimit        = 100_000_000_000_000
)

// tidy brings typed text into the form that is kept: NFC, line ends as "\n", no control characters, no blanks around.
func tidy(s string) string {
	s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\t':
			return ' '
		case r == '\n':
			return r
		case r == utf8.RuneError, unicode.IsControl(r), unicode.Is(unicode.Noncharacter_Code_Point, r), unicode.Is(unicode.Bidi_Control, r):
			return -1
		}
		return r
	}, s)
	return strings.TrimSpace(norm.NFC.String(s))
}

// Tidy is the words as they are kept: known sections and figures only, empty texts left out.
func (w Words) Tidy() Words {
	out := Words{Sections: map[string]string{}, Explanations: map[string]string{}, Seen: map[string]int64{}, Signer: strings.ReplaceAll(tidy(w.Signer), "\n", " ")}
	for _, key := range SectionKeys {
		if s := tidy(w.Sections[key]); s != "" {
			out.Sections[key] = s
		}
	}
	for id, s := range w.Explanations {
		if s = tidy(s); s != "" {
			out.Explanations[id] = s
		}
	}
	for _, key := range SeenKeys {
		if n, ok := w.Seen[key]; ok {
			out.Seen[key] = n
		}
	}
	return out
}

// Check reports every rule that tidy words break; fields are named as Field does.
func (w Words) Check() error {
	var errs []fault.FieldError
	long := func(field, s string, limit int) {
		if n := utf8.RuneCountInString(s); n > limit {
			errs = append(errs, fault.Field(field, "report.long", "count", n, "max", limit))
		}
	}
	for _, key := range SectionKeys {
		long(SectionField(key), w.Sections[key], sectionLimit)
	}
	ids := make([]string, 0, len(w.Explanations))
	for id := range w.Explanations {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	for _, id := range ids {
		long(ExplanationField(id), w.Explanations[id], explanationLimit)
	}
	for _, key := range SeenKeys {
		if n := w.Seen[key]; n < 0 || n > SeenLimit {
			errs = append(errs, fault.Field(SeenField(key), "report.number"))
		}
	}
	long(SignerField, w.Signer, signerLimit)
	return fault.Invalid(errs...)
}

// SignerField is the name of the signer's input.
const SignerField = "nguoi-ky"

// SectionField is the name of a section's input.
func SectionField(key string) string { return "phan." + key }

// ExplanationField is the name of the input that explains a flag.
func ExplanationField(id string) string { return "giai-trinh." + id }

// SeenField is the name of a typed figure's input.
func SeenField(key string) string { return "so." + key }

// missing are the faults of words that cannot be submitted with these flags.
func (w Words) missing(flags []Flag) error {
	var errs []fault.FieldError
	for _, f := range flags {
		if w.Explanations[f.ID()] == "" {
			errs = append(errs, fault.Field(ExplanationField(f.ID()), "report.explain"))
		}
	}
	if w.Signer == "" {
		errs = append(errs, fault.Field(SignerField, "report.signer"))
	}
	return fault.Invalid(errs...)
}

// Lacks are the faults for which a filled draft cannot be submitted: fault.Invalid for each flag without an explanation and for no signer.
func (r *Report) Lacks() error { return r.Words.missing(Flags(r.Figures)) }

// about keeps the explanations of flags that a report still has.
func (w Words) about(flags []Flag) Words {
	kept := map[string]string{}
	for _, f := range flags {
		if s := w.Explanations[f.ID()]; s != "" {
			kept[f.ID()] = s
		}
	}
	w.Explanations = kept
	return w
}
