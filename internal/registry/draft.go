// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package registry

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"hoctap/internal/fault"
	"hoctap/internal/text"
)

// Draft is a subject as a person gives it. ID is empty for a new one; then Version is not looked at. Model and place of
// an existing subject cannot be changed by saving.
type Draft struct {
	PlaceID   string
	ID        string
	Version   int64
	Model     string
	Name      string
	Number    string
	FamilyID  string
	Kind      string
	Address   string
	Phone     string
	IDNumber  string // as typed; as MaskedID shows it for "the one that is kept"
	Body      string
	BirthYear int
	Sex       string
	Ethnic    string
	Members   int
	Adults    int
	Children  int
	BatchID   string // set by imports only
}

// The limits of a draft, in characters and persons.
const (
	MaxName    = 120
	maxNumber  = 20
	maxLine    = 240 // address, managing body
	maxEthnic  = 40
	maxFamily  = 60
	maxGroup   = 200_000
	oldestYear = 1900
)

// UnitKinds are the values of unit_type in the criteria sets, CitizenGroups those of citizen_group.
var (
	UnitKinds = []string{
		"agency", "public_service", "school", "preschool_public", "upper_secondary", "multi_level_school", "continuing_education",
		"university", "vocational", "enterprise", "cooperative", "armed_forces", "production_base", "commune_people_committee", "other",
	}
	CitizenGroups = []string{"farmer", "worker", "cadre", "learner"}
)

// Clean returns the draft with every text in NFC and without blanks at its ends, and a phone number without the
// separators people put between its digits.
func (d Draft) Clean() Draft {
	for _, p := range []*string{&d.Name, &d.Number, &d.Address, &d.Body, &d.Ethnic} {
		if !plain(*p) {
			*p = text.NFC(*p)
		}
	}
	d.Phone, d.IDNumber = cleanPhone(d.Phone), cleanID(d.IDNumber)
	return d
}

// plain says whether s is printable ASCII without doubled or outer blanks, the most frequent texts that need no work.
func plain(s string) bool {
	for i := range len(s) {
		if s[i] < '!' || s[i] > '~' {
			return false
		}
	}
	return true
}

func cleanPhone(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '.' || r == '-' || r == '(' || r == ')' || r == ' ' {
			return -1
		}
		return r
	}, s)
	if rest, ok := strings.CutPrefix(s, "+84"); ok {
		return "0" + rest
	}
	return s
}

// Check returns every broken rule of a cleaned draft at once, as fault.Invalid; year is the current one.
func (d Draft) Check(year int) error {
	var errs []fault.FieldError
	add := func(e fault.FieldError) { errs = append(errs, e) }
	if d.PlaceID == "" {
		add(fault.Field("place", "registry.missing"))
	}
	if !slices.Contains(Models, d.Model) {
		add(fault.Field("model", "registry.unknown_value", "value", d.Model))
	}
	if d.Name == "" {
		add(fault.Field("name", "registry.name_missing."+modelKey(d.Model)))
	}
	for _, line := range []struct {
		field, value string
		limit        int
	}{
		{"name", d.Name, MaxName}, {"number", d.Number, maxNumber}, {"address", d.Address, maxLine},
		{"body", d.Body, maxLine}, {"ethnic", d.Ethnic, maxEthnic},
	} {
		if e, bad := checkLine(line.field, line.value, line.limit); bad {
			add(e)
		}
	}
	if d.Name != "" && strings.IndexFunc(d.Name, unicode.IsLetter) < 0 && d.Model != Community {
		add(fault.Field("name", "registry.name_letters"))
	}
	if e, bad := checkPhone(d.Phone); bad {
		add(e)
	}
	if e, bad := d.checkID(year); bad {
		add(e)
	}
	if d.BirthYear != 0 && (d.BirthYear < oldestYear || d.BirthYear > year) {
		add(fault.Field("birth_year", "registry.birth_year", "from_year", oldestYear, "to_year", year))
	}
	if d.Sex != "" && d.Sex != "male" && d.Sex != "female" {
		add(fault.Field("sex", "registry.unknown_value", "value", d.Sex))
	}
	if kinds := kindsOf(d.Model); d.Kind != "" && !slices.Contains(kinds, d.Kind) {
		add(fault.Field("kind", "registry.unknown_value", "value", d.Kind))
	}
	if d.FamilyID != "" && d.Model != Citizen {
		add(fault.Field("family_id", "registry.family_of_citizen"))
	}
	errs = append(errs, d.checkCounts()...)
	return fault.Invalid(errs...)
}

func (d Draft) checkCounts() (errs []fault.FieldError) {
	limit := maxGroup
	if d.Model == Family {
		limit = maxFamily
	}
	good := true
	for _, c := range []struct {
		field string
		n     int
	}{{"members", d.Members}, {"adults", d.Adults}, {"children", d.Children}} {
		if c.n < 0 || c.n > limit {
			errs = append(errs, fault.Field(c.field, "registry.count_range", "value", c.n, "limit", limit))
			good = false
		}
	}
	// A clan's members are families, so its adults may be more; 0 members are members not counted.
	if parts := d.Adults + d.Children; good && d.Members > 0 && (d.Model == Family || d.Model == Unit) && d.Members < parts {
		errs = append(errs, fault.Field("members", "registry.members_too_few", "members", d.Members, "parts", parts,
			"adults", d.Adults, "children", d.Children))
	}
	return errs
}

func checkLine(field, value string, limit int) (fault.FieldError, bool) {
	if len(value) > limit {
		if n := utf8.RuneCountInString(value); n > limit {
			return fault.Field(field, "registry.too_long", "length", n, "limit", limit), true
		}
	}
	if !text.Printable(value) {
		return fault.Field(field, "registry.control"), true
	}
	return fault.FieldError{}, false
}

// checkPhone takes 10 digits from 0, and the 11 of a fixed line from 02.
func checkPhone(s string) (fault.FieldError, bool) {
	if s == "" {
		return fault.FieldError{}, false
	}
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return fault.Field("phone", "registry.phone_letters"), true
		}
	}
	switch {
	case len(s) == 10 && s[0] == '0', len(s) == 11 && strings.HasPrefix(s, "02"):
		return fault.FieldError{}, false
	case s[0] != '0':
		return fault.Field("phone", "registry.phone_zero"), true
	case len(s) < 10:
		return fault.Field("phone", "registry.phone_short", "have", len(s), "want", 10), true
	}
	return fault.Field("phone", "registry.phone_long", "have", len(s), "want", 10), true
}

func kindsOf(model string) []string {
	switch model {
	case Unit:
		return UnitKinds
	case Citizen:
		return CitizenGroups
	}
	return nil
}

// modelKey is the last part of a key that has a sentence per model.
func modelKey(model string) string {
	if slices.Contains(Models, model) {
		return model
	}
	return Family
}
