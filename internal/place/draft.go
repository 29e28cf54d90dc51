// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package place

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"hoctap/internal/fault"
	"hoctap/internal/text"
)

// Limits of what a person may type, in characters.
const (
	maxName = 120
	maxKind = 40
)

// AreaDraft is a residential area to be created.
type AreaDraft struct {
	CommuneID    string
	OldCommuneID string // where it lay on From, when From is before CommuneID; "" otherwise
	Name         string // "Khu 2" or "2": the kind in front of it is recognised
	Kind         string
	From         string // first day, "" = the first day of the commune
	Region       string // "" = as the commune
}

// kinds are the names of residential areas in the country, longer before shorter.
var kinds = []string{"Tổ dân phố", "Khu dân cư", "Khu phố", "Tiểu khu", "Khối phố", "Khối", "Khóm", "Khu", "Thôn", "Bản", "Xóm", "Làng",
	"Ấp", "Buôn", "Bon", "Plei", "Phum", "Sóc", "Phố", "Tổ"}

// clean brings names into normal form and parts the kind from the name, so that "Khu 2" and kind "Khu", name "2" are one.
func (d AreaDraft) clean() AreaDraft {
	d.Name, d.Kind = parted(text.NFC(d.Name), text.NFC(d.Kind))
	return d
}

func parted(name, kind string) (string, string) {
	for _, k := range append([]string{kind}, kinds...) {
		if k == "" || kind != "" && same(k) != same(kind) {
			continue
		}
		n := len(strings.Fields(k))
		words := strings.Fields(name)
		if len(words) > n && same(strings.Join(words[:n], " ")) == same(k) {
			return strings.Join(words[n:], " "), k
		}
	}
	return name, kind
}

// Check returns every rule the draft breaks, nil when it breaks none.
func (d AreaDraft) Check() error { return fault.Invalid(d.broken()...) }

func (d AreaDraft) broken() []fault.FieldError {
	e := brokenName(d.Name, d.Kind)
	if d.From != "" && !isDate(d.From) {
		e = append(e, fault.Field("from", "place.date"))
	}
	if d.Region != "" && !isRegion(d.Region) {
		e = append(e, fault.Field("region", "place.region"))
	}
	return e
}

func brokenName(name, kind string) (e []fault.FieldError) {
	plain := text.NFC(name)
	switch {
	case !utf8.ValidString(name) || !text.Printable(plain):
		e = append(e, fault.Field("name", "place.name_signs"))
	case !strings.ContainsFunc(plain, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }):
		e = append(e, fault.Field("name", "place.name_empty"))
	case utf8.RuneCountInString(plain) > maxName:
		e = append(e, fault.Field("name", "place.name_long", "max", maxName))
	}
	plain = text.NFC(kind)
	switch {
	case !utf8.ValidString(kind) || !text.Printable(plain):
		e = append(e, fault.Field("kind", "place.name_signs"))
	case utf8.RuneCountInString(plain) > maxKind:
		e = append(e, fault.Field("kind", "place.name_long", "max", maxKind))
	}
	return e
}

func isDate(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}

func isRegion(s string) bool {
	return s == RegionDefault || s == RegionMountainous || s == RegionEspeciallyDifficult
}

// dayBefore and dayAfter are the neighbours of a date.
func dayBefore(date string) string { return shift(date, -1) }
func dayAfter(date string) string  { return shift(date, 1) }

func shift(date string, days int) string {
	t, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return date
	}
	return t.AddDate(0, 0, days).Format(time.DateOnly)
}

// fold builds the search column: each name a place goes by, folded, between bars.
func fold(p Place) string {
	parts := []string{""}
	add := func(s string) {
		s = text.Fold(s)
		for _, have := range parts {
			if have == s {
				return
			}
		}
		parts = append(parts, s)
	}
	add(p.Name)
	add(p.FullName())
	if p.Alt != "" {
		add(p.Alt)
		add(fullName(p.Kind, p.Alt))
	}
	for _, f := range p.Attrs.Former {
		add(f.Name)
		add(fullName(f.Kind, f.Name))
	}
	if !p.Leaf() {
		add(p.Code)
		add(p.Attrs.LaterCode)
	}
	return strings.Join(parts, "|") + "|"
}
