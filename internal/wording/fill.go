// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package wording

import (
	"maps"
	"strings"
)

// Values are what fields stand for. They are data: braces in them are letters like others.
type Values map[string]string

// With is the values with one of them changed.
func (v Values) With(name, value string) Values {
	v = maps.Clone(v)
	v[name] = value
	return v
}

// Run is a stretch of filled text; Field says where it came from, "" for the template's own words.
type Run struct{ Text, Field string }

// Filled is a paragraph with its values.
type Filled struct {
	Role Role
	Runs []Run
}

// noValue stands where a value was not given, so that the gap is seen.
const noValue = "…"

// Fill puts the values into a template. A paragraph that names an optional field without a value is left out.
func (t Text) Fill(k Kind, v Values) []Filled {
	out := make([]Filled, 0, len(t.Paragraphs))
	for _, p := range t.Paragraphs {
		if f, ok := fill(k, p, v); ok {
			out = append(out, f)
		}
	}
	return out
}

func fill(k Kind, p Paragraph, v Values) (f Filled, ok bool) {
	f.Role = p.Role
	pieces, _ := Parse(p.Text)
	for _, x := range pieces {
		if x.Field == "" {
			f.Runs = append(f.Runs, Run{Text: x.Text})
			continue
		}
		value := oneLine(v[x.Field])
		if value == "" {
			if known, _ := find(fields[k], x.Field); known.Optional {
				return f, false
			}
			value = noValue
		}
		f.Runs = append(f.Runs, Run{value, x.Field})
	}
	return f, true
}

// oneLine keeps a value from making lines of its own.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || r == '\r' || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, s)
}

// String is the paragraph without looks.
func (f Filled) String() string {
	var b strings.Builder
	for _, r := range f.Runs {
		b.WriteString(r.Text)
	}
	return b.String()
}

// Lines are the lines of a paragraph.
func (f Filled) Lines() (lines [][]Run) {
	line := []Run{}
	for _, r := range f.Runs {
		parts := []string{r.Text}
		if r.Field == "" {
			parts = strings.Split(r.Text, "\n")
		}
		for i, part := range parts {
			if i > 0 {
				lines, line = append(lines, line), []Run{}
			}
			if part != "" {
				line = append(line, Run{part, r.Field})
			}
		}
	}
	return append(lines, line)
}

// FillOne is the first paragraph of a role with its values; "" when the template has none.
func (t Text) FillOne(k Kind, r Role, v Values) string {
	for _, p := range t.Paragraphs {
		if p.Role == r {
			f, ok := fill(k, p, v)
			if !ok {
				return ""
			}
			return f.String()
		}
	}
	return ""
}
