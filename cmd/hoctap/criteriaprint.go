// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"hoctap/internal/criteria"
	"hoctap/internal/web/lang"
)

// printTry writes a result for people: the outcome first, then points, then what failed and what is needed.
func printTry(ctx context.Context, w io.Writer, c *criteria.Compiled, in *criteria.Input, r *criteria.Result) error {
	var b strings.Builder
	say := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	say("%s", lang.T(ctx, "criteria.outcome."+r.Outcome.String()))
	say("%s", lang.T(ctx, "criteria.cli.set", "title", c.Set.Title, "verified", verifiedText(ctx, c)))
	if r.Outcome == criteria.Refused {
		say("%s", lang.T(ctx, "criteria.cli.refused"))
		for _, f := range r.Refusals {
			say("  %s: %s", orDash(f.Field), sentence(ctx, "fault."+f.Key, f.Args))
		}
		_, err := io.WriteString(w, b.String())
		return err
	}
	printTotals(ctx, say, c, r)
	if !r.FromPaper {
		printCriteria(ctx, say, c, in, r)
	}
	printReasons(ctx, say, c, "criteria.cli.failures", r.Failures)
	printReasons(ctx, say, c, "criteria.cli.unknowns", r.Unknowns)
	for i := 1; i < len(r.Levels); i++ {
		l := &r.Levels[i]
		say("%s: %s", c.Levels[i].Title, passText(ctx, l.Nested))
		printReasons(ctx, say, c, "criteria.cli.failures", l.Failures)
		printReasons(ctx, say, c, "criteria.cli.unknowns", l.Unknowns)
	}
	if needs := c.Explain(in, r).Needs; len(needs) > 0 {
		say("%s", lang.T(ctx, "criteria.cli.needs"))
		for _, n := range needs {
			say("  %s", strings.Join(nonEmpty(lang.T(ctx, "criteria.need."+n.Kind), n.Criterion, n.Gate, n.Fact, n.Member, n.Level, n.Title), " · "))
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func nonEmpty(words ...string) (list []string) {
	for _, s := range words {
		if s != "" {
			list = append(list, s)
		}
	}
	return list
}

func printTotals(ctx context.Context, say func(string, ...any), c *criteria.Compiled, r *criteria.Result) {
	if c.Set.WithPoints() {
		if r.HasTotal {
			say("%s", lang.T(ctx, "criteria.cli.total", "total", r.Total, "max", r.Max))
		} else if !r.FromPaper {
			say("%s", lang.T(ctx, "criteria.cli.so_far", "total", r.SoFar, "open", r.Open))
		}
		if r.Threshold.HasMin {
			say("%s", lang.T(ctx, "criteria.cli.threshold", "min", r.Threshold.MinTotal, "short", r.Threshold.Short))
		}
	}
	if r.Class >= 0 {
		say("%s", lang.T(ctx, "criteria.cli.class", "title", c.Classes[r.Class].Title))
	}
	if r.Level >= 0 {
		say("%s", lang.T(ctx, "criteria.cli.level", "title", c.Levels[r.Level].Title))
	}
}

func printCriteria(ctx context.Context, say func(string, ...any), c *criteria.Compiled, in *criteria.Input, r *criteria.Result) {
	for gi, g := range c.Groups {
		head := lang.T(ctx, "criteria.cli.group", "code", g.Code, "title", g.Title)
		if res := &r.Groups[gi]; c.Set.WithPoints() && res.Known {
			head += ": " + lang.Points(ctx, int64(res.Points)) + "/" + lang.Points(ctx, int64(res.Max))
		}
		say("%s", head)
		for i := g.First; i < g.First+g.Len; i++ {
			k := &r.Criteria[i]
			say("  %-6s %s", c.Criteria[i].Code, strings.Join(nonEmpty(
				resultText(ctx, c, k, i), stateText(ctx, k), shareText(k), c.Criteria[i].Title), " · "))
		}
	}
	for i, g := range c.Gates {
		say("  %-6s %s · %s", g.Code, passText(ctx, r.Gates[i].Passed), g.Title)
	}
}

func passText(ctx context.Context, a criteria.Answer) string {
	switch a {
	case criteria.Yes:
		return lang.T(ctx, "criteria.cli.pass")
	case criteria.No:
		return lang.T(ctx, "criteria.cli.fail")
	}
	return "?"
}

func resultText(ctx context.Context, c *criteria.Compiled, k *criteria.CriterionResult, i int) string {
	switch {
	case k.State == criteria.StateUnknown:
		return "?"
	case k.State == criteria.StateSkipped || k.State == criteria.StateRedistributed:
		return "–"
	case !c.Set.WithPoints():
		return passText(ctx, k.Pass)
	}
	return lang.Points(ctx, int64(k.Points)) + "/" + lang.Points(ctx, int64(c.Criteria[i].MaxPoints.Points()))
}

// stateText says how the result came about, or why there is none.
func stateText(ctx context.Context, k *criteria.CriterionResult) string {
	switch {
	case k.State == criteria.StateUnknown:
		return lang.T(ctx, "criteria.why."+k.Why.String())
	case k.State != criteria.StateScored:
		return lang.T(ctx, "criteria.state."+k.State.String())
	}
	return lang.T(ctx, "criteria.basis."+k.Basis.String())
}

func shareText(k *criteria.CriterionResult) string {
	switch k.Basis {
	case criteria.BasisShare, criteria.BasisAmount, criteria.BasisTicks:
		return fmt.Sprintf("%d/%d", k.Num, k.Den)
	case criteria.BasisCount:
		return fmt.Sprint(k.Num)
	}
	return ""
}

func printReasons(ctx context.Context, say func(string, ...any), c *criteria.Compiled, head string, list []criteria.Reason) {
	if len(list) == 0 {
		return
	}
	say("%s", lang.T(ctx, head))
	for i := range list {
		say("  %s", sentence(ctx, list[i].Key(), list[i].Args(c)))
	}
}
