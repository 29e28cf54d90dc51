// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package sets

import (
	"bytes"
	"encoding/json"
	"strings"

	"hoctap/internal/criteria"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/ui"
)

// tryResult is a result in words, with the same as JSON.
type tryResult struct {
	State    ui.State
	Lines    []string // total, threshold, class, level
	Groups   []tryGroup
	Gates    []tryGate
	Failures []string
	Unknowns []string
	Needs    []string
	Levels   []string
	JSON     string
}

type tryGroup struct {
	Title, Points string
	Rows          []tryLine
}

type tryLine struct{ Code, Title, Points, Basis string }

type tryGate struct {
	Title string
	State ui.State
}

var outcomeKind = map[string]string{"recognised": "ok", "not_recognised": "bad", "undecided": "warn", "refused": "bad"}

func (t *trying) explain(r *criteria.Result) *tryResult {
	v := t.s.v
	e := t.set.Explain(t.in, r)
	out := &tryResult{State: ui.State{Kind: outcomeKind[e.Outcome], Word: v.T("criteria.outcome." + e.Outcome)}}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	if enc.Encode(e) == nil {
		out.JSON = b.String()
	}
	if r.Outcome == criteria.Refused {
		return out
	}
	t.totals(out, e)
	for _, g := range e.Groups {
		group := tryGroup{Title: g.Code + ". " + g.Title, Points: t.points(g.Points, g.Max)}
		for i := range g.Criteria {
			group.Rows = append(group.Rows, t.line(&g.Criteria[i]))
		}
		out.Groups = append(out.Groups, group)
	}
	for _, g := range e.Gates {
		out.Gates = append(out.Gates, tryGate{Title: g.Code + " " + g.Title, State: t.passed(g.Passed)})
	}
	out.Failures, out.Unknowns = t.reasons(e.Failures), t.reasons(e.Unknowns)
	for _, n := range e.Needs {
		words := []string{v.T("criteria.need." + n.Kind)}
		for _, w := range []string{n.Criterion, n.Gate, n.Title, n.Level} {
			if w != "" {
				words = append(words, w)
			}
		}
		if n.Member != "" {
			member, _, _ := strings.Cut(n.Member, "/")
			words = append(words, v.T("sets.member."+member))
		}
		out.Needs = append(out.Needs, strings.Join(words, ", "))
	}
	for _, l := range e.Levels {
		if l.Title == "" {
			continue
		}
		out.Levels = append(out.Levels, l.Title+": "+t.passed(l.Passed).Word)
		out.Failures = append(out.Failures, t.reasons(l.Failures)...)
		out.Unknowns = append(out.Unknowns, t.reasons(l.Unknowns)...)
	}
	return out
}

func (t *trying) totals(out *tryResult, e *criteria.Explanation) {
	v := t.s.v
	switch {
	case e.Total != nil && e.Max != nil:
		out.Lines = append(out.Lines, v.T("criteria.cli.total", "total", *e.Total, "max", *e.Max))
	case t.set.Set.WithPoints() && !e.FromPaper:
		out.Lines = append(out.Lines, v.T("criteria.cli.so_far", "total", e.SoFar, "open", e.Open))
	}
	if th := e.Threshold; th != nil && th.MinTotal != nil {
		line := v.T("criteria.cli.threshold", "min", *th.MinTotal, "short", *th.Missing)
		if th.Region != "" {
			line += " (" + v.T("criteria.region."+string(th.Region)) + ")"
		}
		out.Lines = append(out.Lines, line)
	}
	if e.Class != nil {
		out.Lines = append(out.Lines, v.T("criteria.cli.class", "title", e.Class.Title))
	}
	if e.Level != nil {
		out.Lines = append(out.Lines, e.Level.Title)
	}
}

func (t *trying) points(p, max *criteria.Points) string {
	if p == nil {
		return "?"
	}
	text := lang.Points(t.s.v.Ctx(), int64(*p))
	if max != nil {
		text += "/" + lang.Points(t.s.v.Ctx(), int64(*max))
	}
	return text
}

func (t *trying) passed(p *bool) ui.State {
	switch {
	case p == nil:
		return ui.State{Word: t.s.v.T("sets.try.unknown")}
	case *p:
		return ui.State{Kind: "ok", Word: t.s.v.T("criteria.cli.pass")}
	}
	return ui.State{Kind: "bad", Word: t.s.v.T("criteria.cli.fail")}
}

// line says what a criterion earned and by what: the facts and the band used, or why there is nothing yet.
func (t *trying) line(k *criteria.CriterionExplained) tryLine {
	v := t.s.v
	l := tryLine{Code: k.Code, Title: k.Title}
	switch {
	case !t.set.Set.WithPoints():
		l.Points = t.passed(k.Passed).Word
	case k.State == "skipped" || k.State == "redistributed":
		l.Points = "–"
	default:
		l.Points = t.points(k.Points, k.Max)
	}
	var words []string
	switch {
	case k.State == "unknown":
		words = append(words, v.T("criteria.why."+k.Why))
	case k.State != "scored":
		words = append(words, v.T("criteria.state."+k.State))
	case k.Basis != "":
		words = append(words, v.T("criteria.basis."+k.Basis))
	}
	switch {
	case k.Num != nil && k.Den != nil:
		words = append(words, lang.Number(v.Ctx(), *k.Num)+"/"+lang.Number(v.Ctx(), *k.Den))
	case k.Num != nil:
		words = append(words, lang.Number(v.Ctx(), *k.Num))
	}
	if k.Share != nil && k.Share.Known() {
		words = append(words, v.T("sets.try.share", "share", t.decimal(k.Share.String())))
	}
	if k.Band != nil {
		words = append(words, v.T("sets.try.band", "min", t.decimal(k.Band.Min.String()), "points", t.decimal(k.Band.Points.String())))
	}
	if k.Floor != nil && k.Floor.MinPercent.Known() {
		words = append(words, v.T("sets.try.floor", "min", t.decimal(k.Floor.MinPercent.String())))
	}
	l.Basis = strings.Join(words, ", ")
	return l
}

func (t *trying) reasons(list []criteria.ReasonExplained) (out []string) {
	for _, r := range list {
		args := []any{}
		for k, a := range r.Args {
			args = append(args, k, a)
		}
		out = append(out, t.s.v.T(r.Key, args...))
	}
	return out
}
