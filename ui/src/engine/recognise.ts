// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// The outcome of a set with points, after its gates: internal/criteria/recognise.go.
import { Int, Num, cmpProducts, mulDivUp } from "./num";
import { need, needOf, numberOf, pointsOf, reason, shareOf } from "./reason";
import { micro } from "./refuse";
import { Compiled, Limit } from "./set";
import { CriterionResult, Input, Quantity, Reason, Result } from "./types";

export function decide(out: Result): void {
  out.outcome = out.failures.length > 0 ? "not_recognised" : out.unknowns.length > 0 ? "undecided" : "recognised";
}

export function recognise(c: Compiled, input: Input, out: Result): void {
  if (c.minCriterion) criterionMinimum(c, c.minCriterion, out);
  out.criteria.forEach((k, i) => {
    if (k.state !== "unknown") return;
    out.unknowns.push(reason("criterion_unknown", { criterion: i }));
    needOf(c, c.rules[0]![i]!, input, k, i, 0, out);
  });
  out.criteria.forEach((k, i) => floorReason(c, input, i, 0, k, out.failures, out.unknowns));
  out.groups.forEach((_, i) => groupReasons(c, i, out));
  findClass(c, out);
  if (c.method === "classification") judgeClass(c, out);
  else judgeTotal(c, input, out);
  decide(out);
}

function criterionMinimum(c: Compiled, m: Limit, out: Result): void {
  if (!m.value.d) return void lacking(out, reason("minimum_unknown"));
  out.criteria.forEach((k, i) => {
    if (k.state !== "scored" && k.state !== "full") return;
    const max = c.rules[0]![i]!.max;
    if (m.percent && max < 0) out.unknowns.push(reason("minimum_unknown", { criterion: i }));
    else if (!met(m, k.points, max)) {
      out.failures.push(reason("criterion_below_minimum", { criterion: i, have: pointsOf(k.points), want: asPoints(m, max) }));
    }
  });
}

// lacking is a number that the set itself does not know.
function lacking(out: Result, r: Reason): void {
  out.unknowns.push(r);
  need(out, "number");
}

function met(m: Limit, points: number, max: number): boolean {
  if (m.percent) return cmpProducts(points * 10_000, 100 * m.value.d, m.value.n, max) >= 0;
  return cmpProducts(points, m.value.d, m.value.n, 100) >= 0;
}

function asPoints(m: Limit, max: number): Quantity {
  if (!m.percent) return numberOf(m.value, "points");
  return { n: mulDivUp(max, m.value.n, 100 * m.value.d * 10_000), d: 100, unit: "points" };
}

// floorReason lists a yearly floor that is missed or not known.
export function floorReason(c: Compiled, input: Input, i: number, level: number, k: CriterionResult, failures: Reason[], unknowns: Reason[]): void {
  if (k.floor < 0 || k.floorMet === true) return;
  const rule = c.rules[level]![i]!;
  const min = rule.floors[k.floor]!.min;
  const want = numberOf(min, "percent");
  if (k.floorMet === false) {
    const n = input.counts[rule.count]!;
    failures.push(reason("share_below_floor", { criterion: i, have: shareOf(n.holders as Int, n.members as Int), want }));
  } else if (!min.d) {
    unknowns.push(reason("floor_unknown", { criterion: i, want }));
  }
}

function groupReasons(c: Compiled, group: number, out: Result): void {
  const g = out.groups[group]!;
  const m = c.minGroup;
  if (!g.known) {
    const { first, len } = c.groups[group]!;
    if (out.criteria.slice(first, first + len).every((k) => k.state !== "unknown")) lacking(out, reason("group_unknown", { group }));
    return;
  }
  if (!m) return;
  if (!m.value.d) {
    if (group === 0) lacking(out, reason("minimum_unknown"));
  } else if (m.percent && !g.hasMax) {
    out.unknowns.push(reason("minimum_unknown", { group }));
  } else {
    const max = g.max * 10_000;
    g.minMet = met(m, g.points, max);
    if (!g.minMet) out.failures.push(reason("group_below_minimum", { group, have: pointsOf(g.points), want: asPoints(m, max) }));
  }
}

function reach(need: Num, out: Result): void {
  const t = out.threshold;
  t.hasMin = true;
  t.min = Number(mulDivUp(micro(need), 1, 10_000));
  t.short = Math.max(t.min - out.soFar, 0);
}

function judgeTotal(c: Compiled, input: Input, out: Result): void {
  const t = out.threshold;
  c.thresholds.forEach((x, i) => {
    if (x.region === input.region) t.index = i;
  });
  if (t.index < 0) {
    c.thresholds.forEach((x, i) => {
      if (x.region === "default") t.index = i;
    });
    t.fellBack = t.index >= 0;
  }
  if (t.index < 0) return void out.unknowns.push(reason("no_threshold"));
  const min = c.thresholds[t.index]!.min;
  if (!min.d) return lacking(out, reason("threshold_unknown"));
  reach(min, out);
  if (out.hasTotal && out.total < t.min) out.failures.push(reason("total_below_threshold", { have: pointsOf(out.total), want: pointsOf(t.min) }));
}

const higher = (a: Num, b: Num): boolean => cmpProducts(a.n, b.d, b.n, a.d) > 0;

// findClass gives the class with the highest total that is reached, where every class's total is known.
export function findClass(c: Compiled, out: Result): void {
  if (!out.hasTotal) return;
  let best = -1;
  for (const [i, k] of c.classes.entries()) {
    if (!k.min.d) return;
    if (cmpProducts(out.total, k.min.d, k.min.n, 100) >= 0 && (best < 0 || higher(k.min, c.classes[best]!.min))) best = i;
  }
  out.class = best;
}

function judgeClass(c: Compiled, out: Result): void {
  if (c.classes.some((k) => !k.min.d)) return lacking(out, reason("class_unknown"));
  let least: Num = { n: 0, d: 0 };
  for (const k of c.classes) if (k.recognised && (!least.d || higher(least, k.min))) least = k.min;
  if (least.d) reach(least, out);
  if (!out.hasTotal) return;
  const sides = { have: pointsOf(out.total), want: numberOf(least, "points") };
  if (out.class < 0) out.failures.push(reason("total_below_classes", sides));
  else if (!c.classes[out.class]!.recognised) out.failures.push(reason("class_not_recognised", sides));
}

