// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Package wording is what an office may say in its own words in a paper (mẫu văn bản): paragraphs with {{fields}}, one list for each kind of paper.
// It reads, checks, fills and compares such texts, and holds those that come with the program. Its language has fields and nothing else.
//
// It knows no records and no layout: whoever writes a paper gives it the values and puts the paragraphs where they belong.
package wording

import (
	"cmp"
	"slices"
	"strings"

	"hoctap/internal/text"
)

// Kind is a kind of paper that has a template.
type Kind string

// The kinds of paper.
const (
	Recognise   Kind = "decision_recognise"
	Exemplary   Kind = "decision_exemplary"
	Amend       Kind = "decision_amend"
	Revoke      Kind = "decision_revoke"
	Restore     Kind = "decision_restore" // gives back what was revoked
	Request     Kind = "request"          // tờ trình
	Council     Kind = "council"          // biên bản họp hội đồng
	Notice      Kind = "notice"
	Dispatch    Kind = "dispatch" // phiếu gửi
	Certificate Kind = "certificate"
)

// Kinds are all kinds in the order in which an office meets them.
var Kinds = []Kind{Request, Council, Recognise, Exemplary, Amend, Revoke, Restore, Notice, Dispatch, Certificate}

// Known says whether there is such a kind.
func (k Kind) Known() bool { return shapes[k] != nil }

// Role is what a paragraph is in its paper.
type Role string

// The roles of paragraphs.
const (
	About      Role = "about"     // the abstract below the name of the paper
	Authority  Role = "authority" // in whose name it is issued; printed in capitals
	To         Role = "to"        // whom a request is put before
	Ground     Role = "ground"    // căn cứ; of decisions what a new draft begins with
	Article    Role = "article"
	Section    Role = "section"
	Body       Role = "body"
	Table      Role = "table" // where the paper's own table stands; without words
	Recipients Role = "recipients"
	Closing    Role = "closing" // below the annexed list
	Lead       Role = "lead"    // of a certificate: what is done to whom it names, "Công nhận"
	What       Role = "what"    // of a certificate: what is held
	Until      Role = "until"
	Entered    Role = "entered" // of a certificate: decision and number in its register
)

// Paragraph is one piece of a template. Text may have several lines.
type Paragraph struct {
	Role Role   `json:"role"`
	Text string `json:"text"`
}

// Text is a template: its paragraphs in their order.
type Text struct {
	Paragraphs []Paragraph `json:"paragraphs"`
}

// Part is a stretch of a template: the roles that may mix in it, and how many paragraphs it has.
type Part struct {
	Roles    []Role
	Min, Max int
}

// flow is the running text of a paper, of which a table stands at one place.
func flow(roles ...Role) Part { return Part{roles, 1, 40} }

func one(r Role) Part { return Part{[]Role{r}, 1, 1} }

var decision = []Part{one(About), one(Authority), {[]Role{Ground}, 1, 20}, flow(Article), one(Recipients), one(Closing)}

// shapes say of which parts a template of a kind is made.
var shapes = map[Kind][]Part{
	Recognise: decision, Exemplary: decision, Amend: decision, Revoke: decision, Restore: decision,
	Request:     {one(About), one(To), {[]Role{Ground}, 0, 20}, flow(Body), one(Recipients), one(Closing)},
	Council:     {one(About), flow(Section, Body, Table), {[]Role{Recipients}, 0, 1}},
	Notice:      {one(About), flow(Body), one(Recipients)},
	Dispatch:    {one(About), flow(Body, Table), one(Recipients)},
	Certificate: {one(Authority), {[]Role{Lead}, 0, 1}, one(What), {[]Role{Until}, 0, 1}, one(Entered)},
}

// Parts are those of a kind, in the order of the paper.
func (k Kind) Parts() []Part { return shapes[k] }

// part is the index of the part that a role belongs to, -1 for a role that the kind does not have.
func (k Kind) part(r Role) int {
	return slices.IndexFunc(shapes[k], func(p Part) bool { return slices.Contains(p.Roles, r) })
}

// Part is the part that a role belongs to; the zero Part for a role that the kind does not have.
func (k Kind) Part(r Role) Part {
	if i := k.part(r); i >= 0 {
		return shapes[k][i]
	}
	return Part{}
}

// Clean brings a text into the form that is kept: NFC, lines without blanks at their ends and none empty, parts in the order of the paper, and no empty paragraphs
// but where exactly one has to be.
func (t Text) Clean(k Kind) Text {
	var list []Paragraph
	for _, p := range t.Paragraphs {
		p.Text = cleanLines(p.Text)
		if p.Role == Table {
			p.Text = ""
		}
		if part := k.Part(p.Role); p.Text == "" && p.Role != Table && (part.Min != 1 || part.Max != 1) {
			continue
		}
		list = append(list, p)
	}
	slices.SortStableFunc(list, func(a, b Paragraph) int { return cmp.Compare(k.part(a.Role), k.part(b.Role)) })
	return Text{list}
}

func cleanLines(s string) string {
	lines := strings.Split(strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n").Replace(s), "\n")
	for i := range lines {
		lines[i] = text.NFC(lines[i])
	}
	return strings.Join(slices.DeleteFunc(lines, func(s string) bool { return s == "" }), "\n")
}

// Of returns the texts of a role, in order.
func (t Text) Of(r Role) (list []string) {
	for _, p := range t.Paragraphs {
		if p.Role == r {
			list = append(list, p.Text)
		}
	}
	return list
}

// Equal says whether two texts are the same.
func (t Text) Equal(other Text) bool { return slices.Equal(t.Paragraphs, other.Paragraphs) }
