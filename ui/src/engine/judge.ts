// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// One criterion: internal/criteria/facts.go and kinds.go.
import { Int, cmpProducts, divHalfUp, hundredths, plus, reaches, reachesPercent, times } from "./num";
import { Compiled, Op, Rule, When } from "./set";
import { Answer, CriterionResult, Input, Recorded, Value, Why } from "./types";

// valueOf reads a fact for a gate or for applicability: a missing numerator counts as 0 when its denominator is a declared 0.
export function valueOf(c: Compiled, input: Input, fact: number): Value {
  const v = input.facts[fact]!;
  const zero = c.facts[fact]!.zeroOf;
  if (v !== null || zero.length === 0) return v;
  return zero.every((den) => input.facts[den] === 0) ? 0 : v;
}

// applies is null when a fact it reads is missing.
export function applies(c: Compiled, r: Rule, input: Input): Answer {
  let all = true;
  for (const cond of r.when) {
    const v = valueOf(c, input, cond.fact);
    if (v === null) return null;
    all = all && condition(c, cond, v);
  }
  return all;
}

function condition(c: Compiled, cond: When, v: Int | string): boolean {
  if (!cond.op) return cond.values.includes(v);
  const numbers = c.facts[cond.fact]!.numbers;
  const n = numbers ? numbers[Number(v)]! : { n: typeof v === "string" ? 0 : v, d: 1 };
  return holds(cond.op, cmpProducts(n.n, cond.number.d, cond.number.n, n.d));
}

export function holds(op: Op, order: number): boolean {
  switch (op) {
    case "==": return order === 0;
    case "!=": return order !== 0;
    case ">": return order > 0;
    case ">=": return order >= 0;
    case "<": return order < 0;
  }
  return order <= 0;
}

export const nothing = (): CriterionResult => ({
  state: "unknown", why: "", basis: "", asked: false, points: 0, pass: null, num: 0, den: 0, band: -1, floor: -1, floorMet: null,
});

export const at = (rec: Recorded, level: number): Answer => (level === 0 ? rec.answer : (rec.levels?.[level] ?? null));

// judge works out one criterion at one level.
export function judge(c: Compiled, r: Rule, input: Input, rec: Recorded, level: number): CriterionResult {
  const out = nothing();
  if (r.when.length > 0 && !applicable(c, r, input, out)) return out;
  if (r.op === "titles" && r.floors.length > 0) floor(r, input, out);
  if (r.noted || r.null) person(r, at(rec, level), rec, "number_unknown", c.points, out);
  else compute(c, r, input, rec, level, out);
  if (out.floorMet === false && out.state === "scored") out.pass = false;
  return out;
}

function applicable(c: Compiled, r: Rule, input: Input, out: CriterionResult): boolean {
  const yes = applies(c, r, input);
  if (yes === true) return true;
  if (yes === null) {
    out.why = "applicability";
  } else if (r.without === "redistribute") {
    out.state = "redistributed";
  } else if (r.without === "skip") {
    out.state = "skipped";
  } else if (r.max < 0 && c.points) {
    out.why = "number_unknown";
  } else {
    out.state = "full";
    out.points = r.full;
    out.pass = true;
  }
  return false;
}

function compute(c: Compiled, r: Rule, input: Input, rec: Recorded, level: number, out: CriterionResult): void {
  switch (r.op) {
    case "person": {
      const answer = r.kind === "boolean" ? rec.answer : at(rec, level); // a tick counts for all levels
      return person(r, answer, rec, r.asks === "points" ? "score_missing" : "answer_missing", c.points, out);
    }
    case "ticks":
      return tick(r, rec, out);
    case "paper":
      out.why = "only_paper";
      return;
    case "titles": {
      const n = input.counts[r.count]!;
      if (n.members === 0) return person(r, at(rec, level), rec, "zero_denominator", c.points, out);
      if (n.members === null || n.holders === null) {
        out.why = "count_missing";
        return;
      }
      return share(r, n.holders, n.members, out);
    }
    case "amount":
    case "share":
    case "linear": {
      const v = input.facts[r.fact]! as Int | null;
      const den = r.den < 0 ? 1 : (input.facts[r.den]! as Int | null);
      if (den === 0) return person(r, at(rec, level), rec, "zero_denominator", c.points, out);
      if (den === null || v === null) {
        out.why = "fact_missing";
        return;
      }
      if (r.op !== "amount") return share(r, v, den, out);
      out.basis = "amount";
      out.num = v;
      out.den = den;
      return bestBand(r, v, den, reaches, out);
    }
  }
  const v = input.facts[r.fact]!;
  if (v === null) {
    out.why = "fact_missing";
    return;
  }
  out.num = typeof v === "string" ? 0 : v;
  switch (r.op) {
    case "fact":
      out.basis = "fact";
      return fullOrNone(r, v === 1, out);
    case "count":
      out.basis = "count";
      out.den = 1;
      return bestBand(r, v as Int, 1, reaches, out);
    case "status":
      return status(r, v, out);
  }
  out.state = "scored"; // deduct
  out.basis = "count";
  const lost = times(v as Int, r.perCase);
  if (lost < r.max) out.points = hundredths(r.max - Number(lost));
}

// person takes what a person recorded where the rule asks for it.
function person(r: Rule, answer: Answer, rec: Recorded, why: Why, points: boolean, out: CriterionResult): void {
  out.asked = true;
  out.why = why;
  if (!points) {
    if (answer === null) return;
    out.pass = answer;
  } else if (r.asks === "answer" && answer !== null) {
    out.points = answer ? r.full : 0;
  } else if (rec.points !== null) {
    out.points = rec.points;
  } else {
    return;
  }
  out.state = "scored";
  out.basis = "person";
  if (why === "score_missing" || why === "answer_missing") out.why = "";
}

function fullOrNone(r: Rule, yes: boolean, out: CriterionResult): void {
  out.state = "scored";
  out.pass = yes;
  if (yes) out.points = r.full;
}

function tick(r: Rule, rec: Recorded, out: CriterionResult): void {
  out.asked = true;
  if (rec.ticks === null) {
    out.why = "ticks_missing";
    return;
  }
  const n = rec.ticks.length;
  out.state = "scored";
  out.basis = "ticks";
  out.num = n;
  out.den = r.items.length;
  out.pass = n >= (r.pick || r.items.length);
  if (n < r.pick) return;
  const sum = rec.ticks.reduce<Int>((sum, i) => plus(sum, r.items[i]!), 0);
  out.points = hundredths(r.max >= 0 && sum > r.max ? r.max : sum);
}

function share(r: Rule, n: Int, d: Int, out: CriterionResult): void {
  out.basis = "share";
  out.num = n;
  out.den = d;
  if (r.op === "linear") {
    out.state = "scored";
    // max × n/d × 100 ÷ full_at, from millionths to hundredths
    out.points = reachesPercent(n, d, r.fullAt) ? r.full : divHalfUp([r.max, n, 100 * r.fullAt.d], [d, r.fullAt.n, 10_000]);
  } else if (r.bands.length > 0) {
    bestBand(r, n, d, reachesPercent, out);
  } else {
    fullOrNone(r, reachesPercent(n, d, r.least), out);
  }
}

// bestBand gives the highest points among the bands reached, none reached = 0.
function bestBand(r: Rule, n: Int, d: Int, reached: typeof reaches, out: CriterionResult): void {
  out.state = "scored";
  r.bands.forEach((b, i) => {
    if ((out.band < 0 || b.points > r.bands[out.band]!.points) && reached(n, d, b.min)) {
      out.band = i;
      out.points = b.points;
    }
  });
}

function status(r: Rule, v: Int | string, out: CriterionResult): void {
  out.state = "scored";
  out.basis = "status";
  out.pass = false;
  const a = r.accept.find((a) => a.value === v);
  if (!a) return;
  out.points = a.points;
  out.band = a.band;
  out.pass = a.pass;
}

// floor judges the year's least share; without members there is no share that could be below it.
function floor(r: Rule, input: Input, out: CriterionResult): void {
  const i = r.floors.findIndex((f) => input.year >= f.from && (f.to === 0 || input.year <= f.to));
  if (i < 0) return;
  const n = input.counts[r.count]!;
  if (n.members === 0) return;
  out.floor = i;
  const f = r.floors[i]!;
  if (f.min.d && n.members !== null && n.holders !== null) out.floorMet = reachesPercent(n.holders, n.members, f.min);
}
