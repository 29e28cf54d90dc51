// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package subjects

import (
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/registry"
	"hoctap/internal/store"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

// fieldsOf are the fields of a model's form in their order, named as the registry names them in its faults. The name of a
// community is that of its area, which is changed with the areas.
func fieldsOf(model string) []string {
	switch model {
	case registry.Family:
		return []string{"name", "number", "birth_year", "sex", "id_number", "ethnic", "members", "adults", "children", "phone", "address"}
	case registry.Citizen:
		return []string{"name", "family_id", "birth_year", "sex", "id_number", "ethnic", "kind", "number", "phone", "address"}
	case registry.Clan:
		return []string{"name", "body", "number", "members", "adults", "phone", "address"}
	case registry.Unit:
		return []string{"name", "kind", "body", "number", "members", "adults", "children", "phone", "address"}
	}
	return []string{"body", "members", "number", "phone"}
}

func isCount(field string) bool {
	return field == "members" || field == "adults" || field == "children"
}

func isWhole(field string) bool { return isCount(field) || field == "birth_year" }

// label is what a field is called for a model: a clan's members are families.
func label(v *site.Visit, model, field string) string {
	if key := "subjects.field." + field + "." + model; lang.Has(v.Ctx(), key) {
		return v.T(key)
	}
	return v.T("registry.field." + field)
}

// typed are the texts of a form by field, as a person gave them.
type typed map[string]string

// typedOf is a form that says what the subject says.
func typedOf(r registry.Subject) typed {
	t := typed{"name": r.Name, "number": r.Number, "family_id": r.FamilyID, "kind": r.Kind, "address": r.Address, "phone": r.Phone, "body": r.Body,
		"sex": r.Sex, "ethnic": r.Ethnic, "id_number": registry.MaskedID(r.IDTail)}
	for f, n := range map[string]int{"birth_year": r.BirthYear, "members": r.Members, "adults": r.Adults, "children": r.Children} {
		t[f] = year(n)
	}
	if r.Hidden.Has(identity.FieldBirth) {
		t["birth_year"] = registry.Veil
	}
	return t
}

// said is a field of a subject in words.
func said(v *site.Visit, r registry.Subject, field string) string {
	s := typedOf(r)[field]
	switch {
	case s == "":
		return ""
	case field == "sex":
		return v.T("registry.sex." + s)
	case field == "kind":
		return kindWord(v, r)
	}
	return s
}

func readTyped(v *site.Visit, model string) typed {
	t := typed{}
	for _, f := range fieldsOf(model) {
		t[f] = v.Form(f)
	}
	return t
}

func whenWhole(s string) (int, error) {
	s = strings.TrimSpace(s)
	if s == "" {
		return 0, nil
	}
	return strconv.Atoi(s)
}

// into puts the texts into the draft; a text where a whole number belongs is a fault.
func (t typed) into(d *registry.Draft) (errs []fault.FieldError) {
	texts := map[string]*string{"name": &d.Name, "number": &d.Number, "family_id": &d.FamilyID, "kind": &d.Kind, "address": &d.Address, "phone": &d.Phone,
		"body": &d.Body, "id_number": &d.IDNumber, "sex": &d.Sex, "ethnic": &d.Ethnic}
	numbers := map[string]*int{"birth_year": &d.BirthYear, "members": &d.Members, "adults": &d.Adults, "children": &d.Children}
	for _, f := range fieldsOf(d.Model) {
		if p := texts[f]; p != nil {
			*p = t[f]
			continue
		}
		n, err := whenWhole(t[f])
		if err != nil {
			errs = append(errs, fault.Field(f, "subjects.digits"))
		}
		*numbers[f] = n
	}
	return errs
}

// check returns all that is wrong with a form at once: what is no number, and what the registry's rules say of the rest.
func check(v *site.Visit, d registry.Draft, errs []fault.FieldError) error {
	if len(errs) == 0 {
		return nil // the registry checks the whole itself
	}
	if f, ok := fault.As(d.Clean().Check(v.Now().In(store.Zone).Year())); ok {
		for _, e := range f.Fields {
			if !slices.ContainsFunc(errs, func(x fault.FieldError) bool { return x.Field == e.Field }) {
				errs = append(errs, e)
			}
		}
	}
	return fault.Invalid(errs...)
}

// inputs are the fields of the form of a draft, in their order.
// A person's household can be chosen once the area is settled.
func inputs(v *site.Visit, d registry.Draft, t typed, errs map[string]string, settled bool) (list []ui.Field, err error) {
	for _, name := range fieldsOf(d.Model) {
		f := ui.Field{Name: name, Label: label(v, d.Model, name), Value: t[name], Err: errs[name], Attrs: templ.Attributes{"autocomplete": "off"}}
		switch {
		case name == "sex":
			f.Options = []ui.Option{{Label: v.T("subjects.unknown")}, {Value: "male", Label: v.T("registry.sex.male")}, {Value: "female", Label: v.T("registry.sex.female")}}
		case name == "kind":
			f.Options = kinds(v, d.Model)
		case name == "family_id":
			if !settled {
				continue
			}
			if f.Options, err = families(v, d.PlaceID, t[name]); err != nil {
				return nil, err
			}
		case name == "phone":
			f.Type, f.Hint = "tel", v.T("subjects.phone_hint")
		case name == "id_number":
			f.Hint, f.Attrs["inputmode"] = v.T("subjects.id_hint"), "numeric"
		case isWhole(name):
			f.Class, f.Attrs["inputmode"] = "input--short", "numeric"
		}
		if hint := "subjects.hint." + name + "." + d.Model; lang.Has(v.Ctx(), hint) {
			f.Hint = v.T(hint)
		}
		list = append(list, f)
	}
	return list, nil
}

func kinds(v *site.Visit, model string) []ui.Option {
	list := []ui.Option{{Label: v.T("subjects.unknown")}}
	if model == registry.Unit {
		for _, k := range registry.UnitKinds {
			list = append(list, ui.Option{Value: k, Label: v.T("registry.unit_type." + k)})
		}
		return list
	}
	for _, k := range registry.CitizenGroups {
		list = append(list, ui.Option{Value: k, Label: v.T("registry.citizen_group." + k)})
	}
	return list
}

// families are the households of an area, for the person who belongs to one.
func families(v *site.Visit, placeID, chosen string) ([]ui.Option, error) {
	list := []ui.Option{{Label: v.T("subjects.no_family")}}
	f := registry.Filter{PlaceID: placeID, Model: registry.Family, Limit: manyRows}
	for {
		page, err := v.Registry.Find(v.Ctx(), v.Actor, f)
		if err != nil {
			return nil, err
		}
		for _, r := range page.Subjects {
			name := r.Name
			if r.Number != "" {
				name = v.T("subjects.family_option", "name", r.Name, "number", r.Number)
			}
			list = append(list, ui.Option{Value: r.ID, Label: name, Chosen: r.ID == chosen})
		}
		if f.After = page.Next; f.After == "" {
			return list, nil
		}
	}
}
