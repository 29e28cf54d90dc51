// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Points, outcome and explanation of one input: internal/criteria/score.go and paper.go.
import { indicators } from "./indicators";
import { judge, nothing } from "./judge";
import { Int, divHalfUp, hundredths, plus } from "./num";
import { need, none, openGates, reason } from "./reason";
import { findClass, recognise } from "./recognise";
import { micro, refusals } from "./refuse";
import { Compiled } from "./set";
import { GroupResult, Input, Paper, Refusal, Result } from "./types";

// newInput is an empty input of a set's shape: everything unknown.
export function newInput(c: Compiled): Input {
  return {
    year: 0,
    region: "",
    facts: c.facts.map(() => null),
    scores: c.criteria.map(() => ({ points: null, answer: null, ticks: null, levels: null })),
    counts: c.counts.map(() => ({ members: null, holders: null })),
    gates: c.gates.map(() => null),
    titles: [],
    applied: 0,
    paper: null,
  };
}

// score works out an input. One that breaks a rule gives outcome "refused" with every broken rule, and nothing is scored.
export function score(c: Compiled, input: Input): Result {
  const out = empty();
  out.refusals = refusals(c, input);
  if (out.refusals.length > 0) return refused(out.refusals);
  if (input.paper || c.method === "result_only") {
    paper(c, input.paper, out);
    return out;
  }
  out.criteria = c.criteria.map((_, i) => judge(c, c.rules[0]![i]!, input, input.scores[i]!, 0));
  out.groups = c.groups.map(noGroup);
  openGates(c, input, out);
  if (!c.points) {
    indicators(c, input, out);
    return out;
  }
  groups(c, input, out);
  if (out.refusals.length > 0) return refused(out.refusals);
  recognise(c, input, out);
  return out;
}

const empty = (): Result => ({
  outcome: "undecided", fromPaper: false, total: 0, hasTotal: false, soFar: 0, open: 0, max: 0, hasMax: false,
  threshold: { index: -1, fellBack: false, min: 0, hasMin: false, short: 0 }, class: -1, level: -1,
  criteria: [], groups: [], gates: [], levels: [], failures: [], unknowns: [], needs: [], refusals: [],
});

const refused = (list: Refusal[]): Result => ({ ...empty(), outcome: "refused", refusals: list });

const noGroup = (): GroupResult => ({ points: 0, known: false, soFar: 0, max: 0, hasMax: false, scaled: false, minMet: null });

function groups(c: Compiled, input: Input, out: Result): void {
  out.hasTotal = out.hasMax = true;
  c.groups.forEach((span, i) => {
    const g = group(c, i, out);
    out.groups[i] = g;
    if (span.unbounded) overfull(c, i, input, out);
    out.hasTotal &&= g.known;
    out.hasMax &&= g.hasMax;
    out.total += g.points;
    out.soFar += g.soFar;
    out.max += g.max;
  });
  if (!out.hasTotal) out.total = 0;
  if (!out.hasMax) out.max = 0;
}

// group works out one group: redistribute scales the sum of what remains, skip takes away from the maximum.
function group(c: Compiled, gi: number, out: Result): GroupResult {
  const span = c.groups[gi]!;
  const g = noGroup();
  let max: Int = span.max;
  let remain: Int = 0;
  let hasRemain = true;
  let known = true;
  g.hasMax = span.max >= 0;
  for (let i = span.first; i < span.first + span.len; i++) {
    const r = c.rules[0]![i]!;
    const k = out.criteria[i]!;
    if (k.state === "skipped") {
      g.hasMax &&= r.max >= 0;
      max = plus(max, -r.max);
      continue;
    }
    if (k.state === "redistributed") {
      g.scaled = true;
      continue;
    }
    if (k.state === "unknown") {
      known = false;
      if (r.max > 0) out.open += r.full;
    } else {
      g.soFar += k.points;
    }
    remain = plus(remain, r.max);
    hasRemain &&= r.max >= 0;
  }
  if (g.hasMax) g.max = hundredths(max);
  if (!known) return g;
  if (!g.scaled) g.points = g.soFar;
  else if (!g.hasMax || !hasRemain) return g;
  else g.points = remain === 0 ? g.max : divHalfUp([g.soFar, max], [remain]);
  g.known = true;
  g.soFar = g.points;
  return g;
}

// overfull refuses recorded points that lift a group above its own maximum.
function overfull(c: Compiled, gi: number, input: Input, out: Result): void {
  const span = c.groups[gi]!;
  const g = out.groups[gi]!;
  if (!g.hasMax) return;
  let sum = 0;
  let last = -1;
  for (let i = span.first; i < span.first + span.len; i++) {
    const k = out.criteria[i]!;
    if (k.state === "scored" || k.state === "full") sum += k.points;
    if (c.rules[0]![i]!.max < 0 && k.asked && input.scores[i]!.points !== null) last = i;
  }
  if (last >= 0 && sum > g.max) {
    out.refusals.push({ field: "scores." + c.criteria[last]!.code, key: "criteria.group_overfull", args: { group: span.code, sum, max: g.max } });
  }
}

// paper takes a result that was decided on paper: its decision is the outcome, the class follows from its total.
function paper(c: Compiled, p: Paper | null, out: Result): void {
  out.fromPaper = true;
  out.criteria = c.criteria.map(nothing);
  out.groups = c.groups.map(noGroup);
  out.gates = c.gates.map(() => ({ passed: null, computed: false, left: none, right: none }));
  if (c.points) {
    out.max = hundredths(micro(c.max));
    out.hasMax = true;
  }
  if (p) {
    out.outcome = p.outcome;
    out.level = p.level;
    if (p.total !== null) {
      out.total = out.soFar = p.total;
      out.hasTotal = true;
      findClass(c, out);
    }
  }
  if (out.outcome === "not_recognised") out.failures.push(reason("paper_not_recognised"));
  if (out.outcome === "undecided") {
    out.unknowns.push(reason("paper_undecided"));
    need(out, "decision");
  }
}
