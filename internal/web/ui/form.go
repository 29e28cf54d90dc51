// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package ui

import (
	"maps"
	"slices"
	"strconv"

	"github.com/a-h/templ"
)

// Field is one question of a form. Hint and error are tied to the input, so a screen reader says them.
type Field struct {
	Name     string // of the input
	ID       string // empty: Name. The error summary links to it
	Label    string
	Hint     string
	Err      string // sentence; empty when the value is right
	Value    string
	Type     string // of the input: "text" when empty, "date", "number", "password", "file"…
	Optional bool   // says so beside the label
	Class    string // "input--num", "input--short", "input--mid"
	Rows     int    // of a text area
	Options  []Option
	Attrs    templ.Attributes // autocomplete, inputmode, required, data-…
}

// Option is one answer of a choice.
type Option struct {
	Value, Label, Hint string
	Chosen             bool
}

func (f Field) id() string {
	if f.ID != "" {
		return f.ID
	}
	return f.Name
}

func (f Field) kind() string {
	if f.Type != "" {
		return f.Type
	}
	return "text"
}

// attrs are those that every kind of input shares.
func (f Field) attrs() templ.Attributes {
	all := templ.Attributes{"id": f.id(), "name": f.Name, "class": "input"}
	if f.Class != "" {
		all["class"] = "input " + f.Class
	}
	f.describe(all)
	maps.Copy(all, f.Attrs)
	return all
}

// groupAttrs are those of a group of answers.
func (f Field) groupAttrs() templ.Attributes {
	all := templ.Attributes{"id": f.id(), "tabindex": "-1"}
	f.describe(all)
	return all
}

func (f Field) describe(all templ.Attributes) {
	described := ""
	if f.Hint != "" {
		described = f.id() + "-hint"
	}
	if f.Err != "" {
		described += " " + f.id() + "-err"
		all["aria-invalid"] = "true"
	}
	if described != "" {
		all["aria-describedby"] = described
	}
}

// chosen reports whether an option is the field's value.
func (f Field) chosen(o Option) bool { return o.Chosen || f.Value != "" && o.Value == f.Value }

// Broken is one line of an error summary: the sentence, and the id of the field it is about.
type Broken struct{ ID, Text string }

// BrokenOf lists the errors of fields in the order they stand in the form, then those of names that are in none of them.
func BrokenOf(errs map[string]string, fields ...Field) []Broken {
	var list []Broken
	seen := map[string]bool{}
	for _, f := range fields {
		seen[f.Name] = true
		if text := errs[f.Name]; text != "" {
			list = append(list, Broken{ID: f.id(), Text: f.Label + ": " + text})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(errs)) {
		if !seen[name] {
			list = append(list, Broken{ID: name, Text: errs[name]})
		}
	}
	return list
}

func optionID(f Field, i int) string { return f.id() + "-" + strconv.Itoa(i) }

func orYes(value string) string {
	if value == "" {
		return "1"
	}
	return value
}

func checkAttrs(f Field) templ.Attributes {
	all := f.attrs()
	delete(all, "class")
	return all
}

func switchAttrs(f Field) templ.Attributes {
	all := f.attrs()
	all["class"] = "switch"
	return all
}
