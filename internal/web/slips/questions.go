// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package slips

import (
	"slices"
	"strconv"
	"strings"

	"hoctap/internal/assessment"
	"hoctap/internal/criteria"
	"hoctap/internal/fault"
	"hoctap/internal/text"
	"hoctap/internal/web/entry"
	"hoctap/internal/web/lang"
)

// question is one line of the sheet as the family reads it.
type question struct {
	Name    string // of the field
	ID      string
	Code    string
	Title   string
	What    string // what is counted
	Help    string // what the line means
	Proof   string // what shows it
	Max     string
	Kind    string // pick | ticks | number
	Unit    string
	Options []option
	Value   string
	Err     string

	fact, mark, gate string // what the answer sets
	amount, points   bool
	most             int64
}

type option struct {
	Value, Label, Points string
	On                   bool
}

// part is a group of the set.
type part struct {
	Title     string
	Questions []question
}

// answers are what was typed, by the names of the fields.
type answers map[string][]string

func (t answers) one(name string) string {
	if len(t[name]) == 0 {
		return ""
	}
	return t[name][0]
}

// none is the value that says: none of the items.
const none = "-"

// parts are the questions of the sheet, with what was answered or, where typed says something, typed.
func (a *at) parts(typed answers, errs map[string]string) (list []part) {
	b, r := &a.o.File.Board, a.o.File.Row()
	said := r.Entry
	if !a.SelfSheets.Sees(&a.o, a.proof) {
		said = assessment.Entry{}
	}
	asks, extra := entry.Questions(a.Ctx(), b, r)
	asked := map[string]bool{} // two lines may rest on one fact
	fill := func(q *question) {
		if typed != nil && len(typed) > 0 {
			q.Value = typed.one(q.Name)
			for i := range q.Options {
				q.Options[i].On = slices.Contains(typed[q.Name], q.Options[i].Value)
			}
		}
		q.ID = "f-" + strings.NewReplacer(".", "-", "_", "-").Replace(q.Name)
		q.Err = errs[q.Name]
	}
	if len(extra) > 0 {
		p := part{Title: a.T("slip.part.facts")}
		for i := range extra {
			q := a.factQuestion(&extra[i], said)
			fill(&q)
			p.Questions = append(p.Questions, q)
		}
		list = append(list, p)
	}
	for _, g := range b.Set.Groups {
		p := part{Title: g.Title}
		for i := g.First; i < g.First+g.Len; i++ {
			if asks[i].Locked != "" {
				continue
			}
			q := a.questionOf(&asks[i], said, b.Set.Set.WithPoints())
			if asked[q.Name] {
				continue
			}
			asked[q.Name] = true
			q.Proof = strings.Join(b.Set.Criteria[i].Evidence, "; ")
			fill(&q)
			p.Questions = append(p.Questions, q)
		}
		if len(p.Questions) > 0 {
			list = append(list, p)
		}
	}
	p := part{Title: a.T("slip.part.gates")}
	plan, _ := b.Round.Plan.Model(b.Model)
	for _, g := range b.Set.Gates {
		if _, auto := plan.Gates[g.Code]; auto || g.Rule != "" {
			continue
		}
		q := question{Name: "g." + g.Code, Code: g.Code, Title: g.Title, Kind: "pick", gate: g.Code}
		yes, known := said.Gates[g.Code]
		for _, o := range []struct{ value, key string }{{"1", "slip.gate.yes"}, {"0", "slip.gate.no"}} {
			q.Options = append(q.Options, option{Value: o.value, Label: a.T(o.key), On: known && yes == (o.value == "1")})
		}
		q.Help = a.help(g.Code)
		fill(&q)
		p.Questions = append(p.Questions, q)
	}
	if len(p.Questions) > 0 {
		list = append(list, p)
	}
	return list
}

// help is what a line means in plain words; "" where nobody has written it.
func (a *at) help(code string) string {
	set, _, _ := strings.Cut(a.o.File.Set.ID(), "@")
	if key := "slip.help." + set + "." + code; lang.Has(a.Ctx(), key) {
		return a.T(key)
	}
	return ""
}

// factQuestion asks for a fact that rules need and no line asks for.
func (a *at) factQuestion(k *entry.Ask, said assessment.Entry) question {
	q := question{Name: "f." + k.Fact, Code: k.Fact, Title: k.Title, Kind: "number", fact: k.Fact, most: 1_000_000, Help: a.help(k.Fact)}
	for _, o := range k.Answers {
		q.Kind = "pick"
		q.Options = append(q.Options, option{Value: factWord(o.Fact), Label: a.factLabel(k, &o), On: said.Facts[k.Fact] == o.Fact})
	}
	if n, ok := said.Facts[k.Fact].(float64); ok {
		q.Value = strconv.FormatInt(int64(n), 10)
	}
	return q
}

func (a *at) factLabel(k *entry.Ask, o *entry.Answer) string {
	switch v := o.Fact.(type) {
	case bool:
		return a.T(map[bool]string{true: "entry.answer.yes", false: "entry.answer.no"}[v])
	case string:
		if key := "value." + k.Fact + "." + v; lang.Has(a.Ctx(), key) {
			return a.T(key)
		}
	}
	return o.Small
}

// factWord is a fact's value as a form sends it.
func factWord(v any) string {
	switch v := v.(type) {
	case bool:
		if v {
			return "1"
		}
		return "0"
	case float64:
		return strconv.FormatInt(int64(v), 10)
	case string:
		return v
	}
	return ""
}

func markWord(m *assessment.Mark) string {
	switch {
	case m.Points != nil:
		return "p" + strconv.FormatInt(int64(*m.Points), 10)
	case m.Yes != nil && *m.Yes:
		return "y1"
	case m.Yes != nil:
		return "y0"
	}
	return ""
}

// most radios stand below one another; more numbers are typed.
const mostOptions = 8

// questionOf is the question of a criterion.
func (a *at) questionOf(k *entry.Ask, said assessment.Entry, points bool) question {
	q := question{Code: k.Code, Title: k.Title, Kind: "pick", Help: a.help(k.Code)}
	if points && k.Max > 0 {
		q.Max = a.T("slip.max", "points", k.Max)
	}
	gives := func(o *entry.Answer) string {
		if !points || o.Big == "" {
			return ""
		}
		return a.T("slip.gives", "points", o.Gives)
	}
	switch {
	case k.Kind == criteria.EntryTicks.String():
		q.Kind, q.Name, q.mark = "ticks", "t."+k.Code, k.Code
		ticks := said.Scores[k.Code].Ticks
		for i := range k.Answers {
			o := &k.Answers[i]
			q.Options = append(q.Options, option{Value: o.Tick, Label: o.Small, Points: gives(o), On: ticks != nil && slices.Contains(*ticks, o.Tick)})
		}
		q.Options = append(q.Options, option{Value: none, Label: a.T("slip.none"), On: ticks != nil && len(*ticks) == 0})
	case k.Fact != "":
		q.Name, q.fact, q.amount = "f."+k.Fact, k.Fact, k.Kind == criteria.EntryAmount.String()
		i, _ := a.o.File.Set.FactIndex(k.Fact)
		if f := &a.o.File.Set.Facts[i]; f.Title != k.Title {
			q.What = f.Title
		}
		count := k.Kind == criteria.EntryCount.String()
		if q.amount || count && (len(k.Answers) == 0 || len(k.Answers) > mostOptions || k.Of == 0 || k.Of >= mostOptions) {
			q.Kind, q.most = "number", 1_000_000
			if q.amount {
				q.Unit, q.most = a.T("slip.unit.money"), 1_000_000_000_000
			} else if k.Of > 0 {
				q.Unit, q.most = a.T("slip.unit.of", "count", k.Of), k.Of
			}
			if n, ok := said.Facts[k.Fact].(float64); ok {
				q.Value = strconv.FormatInt(int64(n), 10)
			}
			return q
		}
		for i := range k.Answers {
			o := &k.Answers[i]
			label := o.Small
			if count && k.Of > 0 {
				n, _ := o.Fact.(float64)
				label = a.T("slip.count", "n", int64(n), "of", k.Of)
			}
			q.Options = append(q.Options, option{Value: factWord(o.Fact), Label: label, Points: gives(o), On: said.Facts[k.Fact] == o.Fact})
		}
	default:
		q.Name, q.mark = "s."+k.Code, k.Code
		mine := said.Scores[k.Code]
		plain := len(k.Answers) > mostOptions // a scale of bare numbers is typed
		if len(k.Answers) == 0 || plain {
			q.Kind, q.points, q.most = "number", true, k.Max
			q.Unit = a.T("slip.unit.points", "points", k.Max)
			if mine.Points != nil {
				q.Value = strings.ReplaceAll(mine.Points.Text(), ".", ",")
			}
			return q
		}
		for i := range k.Answers {
			o := &k.Answers[i]
			label, worth := o.Small, gives(o)
			if label == "" {
				label, worth = worth, ""
			}
			q.Options = append(q.Options, option{Value: markWord(o.Mark), Label: label, Points: worth, On: markWord(&mine) != "" && markWord(&mine) == markWord(o.Mark)})
		}
	}
	return q
}

// entry reads what was typed. Only what the page asks for is read: nothing else of the file can be set by a form. It fails with fault.Invalid, by the
// names of the fields.
func (a *at) entry(typed answers) (e assessment.Entry, err error) {
	e = assessment.Entry{Facts: map[string]any{}, Scores: map[string]assessment.Mark{}, Gates: map[string]bool{}}
	var errs []fault.FieldError
	wrong := func(q *question, key string, pairs ...any) { errs = append(errs, fault.Field(q.Name, key, pairs...)) }
	for _, p := range a.parts(nil, nil) {
		for i := range p.Questions {
			q := &p.Questions[i]
			values := typed[q.Name]
			if len(values) == 0 || len(values) == 1 && strings.TrimSpace(values[0]) == "" {
				continue
			}
			if q.Kind == "number" {
				n, ok := number(values[0], q.points)
				switch {
				case !ok:
					wrong(q, "slip.number_wrong")
				case n > q.most && q.points:
					wrong(q, "slip.points_high", "points", q.most)
				case n > q.most:
					wrong(q, "slip.number_high", "max", q.most)
				case q.points:
					points := criteria.Points(n)
					e.Scores[q.mark] = assessment.Mark{Points: &points}
				default:
					e.Facts[q.fact] = float64(n)
				}
				continue
			}
			for _, v := range values {
				if !offered(q, v) {
					wrong(q, "slip.choice")
					values = nil
				}
			}
			if values != nil {
				a.take(q, values, &e)
			}
		}
	}
	return e, fault.Invalid(errs...)
}

func offered(q *question, value string) bool {
	return slices.ContainsFunc(q.Options, func(o option) bool { return o.Value == value })
}

// take sets what chosen values answer.
func (a *at) take(q *question, values []string, e *assessment.Entry) {
	switch v := values[0]; {
	case q.Kind == "ticks":
		ticks := []string{}
		for _, o := range q.Options { // in the set's order, each once
			if o.Value != none && slices.Contains(values, o.Value) {
				ticks = append(ticks, o.Value)
			}
		}
		e.Scores[q.mark] = assessment.Mark{Ticks: &ticks}
	case q.gate != "":
		e.Gates[q.gate] = v == "1"
	case q.mark != "" && strings.HasPrefix(v, "p"):
		n, _ := strconv.ParseInt(v[1:], 10, 64)
		points := criteria.Points(n)
		e.Scores[q.mark] = assessment.Mark{Points: &points}
	case q.mark != "":
		yes := v == "y1"
		e.Scores[q.mark] = assessment.Mark{Yes: &yes}
	default:
		i, _ := a.o.File.Set.FactIndex(q.fact)
		switch a.o.File.Set.Facts[i].Type {
		case criteria.FactBool:
			e.Facts[q.fact] = v == "1"
		case criteria.FactEnum, criteria.FactText:
			e.Facts[q.fact] = v
		default:
			n, _ := strconv.ParseInt(v, 10, 64)
			e.Facts[q.fact] = float64(n)
		}
	}
}

// number reads a whole number as people write it, "1.200.000"; of points hundredths, "7,5".
func number(s string, points bool) (n int64, ok bool) {
	s = text.NFC(strings.TrimSpace(s))
	if points {
		v, good := criteria.ParseNum(strings.ReplaceAll(s, ",", "."))
		if !good || len(s) > 8 {
			return 0, false
		}
		n = int64(v.Points())
		return n, n >= 0
	}
	s = strings.NewReplacer(".", "", " ", "", "\u00a0", "").Replace(s)
	if s == "" || len(s) > 15 {
		return 0, false
	}
	for _, r := range s {
		if r < '0' || r > '9' {
			return 0, false
		}
	}
	n, err := strconv.ParseInt(s, 10, 64)
	return n, err == nil
}
