// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Reasons, needs and gates: internal/criteria/reason.go, recognise.go (needOf) and facts.go (openGates).
import { valueOf, holds } from "./judge";
import { Int, Num, cmpProducts, quotient, times } from "./num";
import { Compiled, Gate, Operand, Rule } from "./set";
import { Answer, Args, CriterionResult, GateResult, Input, Need, Quantity, Reason, ReasonCode, Result, Unit } from "./types";

export const none: Quantity = { n: 0, d: 0, unit: "" };
export const pointsOf = (p: number): Quantity => ({ n: p, d: 100, unit: "points" });
export const numberOf = (n: Num, unit: Unit): Quantity => ({ n: n.n, d: n.d, unit });

// shareOf is n of d in percent; huge counts lose nothing that two decimals show.
export function shareOf(n: Int, d: Int): Quantity {
  while (n > 10_000_000_000_000_000) {
    n = quotient(n, 10);
    d = quotient(d, 10);
    if (d < 1) d = 1;
  }
  return { n: times(n, 100), d, unit: "percent" };
}

export function reason(code: ReasonCode, more: Partial<Reason> = {}): Reason {
  return { code, gate: -1, criterion: -1, group: -1, level: -1, have: none, want: none, ...more };
}

export function need(out: Result, kind: Need["kind"], more: Partial<Need> = {}): void {
  const n: Need = { kind, criterion: -1, fact: -1, count: -1, gate: -1, level: 0, ...more };
  const same = (o: Need) =>
    o.kind === kind && o.level === n.level &&
    ((kind === "fact" && o.fact === n.fact) || (kind === "count" && o.count === n.count) ||
      (o.criterion === n.criterion && o.fact === n.fact && o.count === n.count && o.gate === n.gate));
  if (!out.needs.some(same)) out.needs.push(n);
}

// needOf lists what would settle an unknown criterion.
export function needOf(c: Compiled, r: Rule, input: Input, k: CriterionResult, criterion: number, level: number, out: Result): void {
  switch (k.why) {
    case "applicability":
      for (const w of r.when) if (valueOf(c, input, w.fact) === null) need(out, "fact", { criterion, fact: w.fact });
      return;
    case "fact_missing":
      for (const fact of [r.fact, r.den]) if (fact >= 0 && input.facts[fact] === null) need(out, "fact", { criterion, fact });
      return;
    case "count_missing":
      return need(out, "count", { criterion, count: r.count });
    case "ticks_missing":
      return need(out, "ticks", { criterion });
    case "only_paper":
      return need(out, "decision", { criterion });
  }
  if (!k.asked) need(out, "number", { criterion });
  else if (!c.points || (r.asks === "answer" && !r.null && k.why === "answer_missing")) need(out, "answer", { criterion, level });
  else need(out, "score", { criterion });
}

// openGates settles every gate; failures and open gates are listed first.
export function openGates(c: Compiled, input: Input, out: Result): void {
  out.gates = c.gates.map((g, gate) => {
    const res: GateResult = { passed: input.gates[gate]!, computed: false, left: none, right: none };
    if (!g.op) {
      if (res.passed === false) out.failures.push(reason("gate_no", { gate }));
      if (res.passed === null) {
        out.unknowns.push(reason("gate_unanswered", { gate }));
        need(out, "gate", { gate });
      }
      return res;
    }
    res.computed = true;
    res.passed = compare(c, g, input, res);
    if (res.passed === false) out.failures.push(reason("gate_rule", { gate, have: res.left, want: res.right }));
    if (res.passed === null) {
      out.unknowns.push(reason("gate_unknown", { gate }));
      needOperand(c, g.left, input, gate, out);
      needOperand(c, g.right, input, gate, out);
    }
    return res;
  });
}

function compare(c: Compiled, g: Gate, input: Input, res: GateResult): Answer {
  if (g.texts) {
    const a = word(c, g.left, input);
    const b = word(c, g.right, input);
    return a === null || b === null ? null : (a === b) === (g.op === "==");
  }
  res.left = quantity(c, g.left, input);
  res.right = quantity(c, g.right, input);
  if (!res.left.d || !res.right.d) return null;
  return holds(g.op!, cmpProducts(res.left.n, res.right.d, res.right.n, res.left.d));
}

function word(c: Compiled, o: Operand, input: Input): string | null {
  const v = valueOf(c, input, o.fact);
  if (v === null) return null;
  const fact = c.facts[o.fact]!;
  return fact.type === "enum" ? fact.values[Number(v)]! : typeof v === "string" ? v : "";
}

function quantity(c: Compiled, o: Operand, input: Input): Quantity {
  if (o.count >= 0) {
    const n = input.counts[o.count]!;
    if (!n.members || n.holders === null) return { n: 0, d: 0, unit: "percent" };
    return { n: times(n.holders, 100), d: n.members, unit: "percent" };
  }
  if (o.fact < 0) return numberOf(o.number, "number");
  const v = valueOf(c, input, o.fact);
  if (v === null) return { n: 0, d: 0, unit: "number" };
  const numbers = c.facts[o.fact]!.numbers;
  return numbers ? numberOf(numbers[Number(v)]!, "number") : { n: v as Int, d: 1, unit: "number" };
}

function needOperand(c: Compiled, o: Operand, input: Input, gate: number, out: Result): void {
  if (o.count >= 0) {
    const n = input.counts[o.count]!;
    if (!n.members || n.holders === null) need(out, "count", { count: o.count, gate });
  } else if (o.fact >= 0 && valueOf(c, input, o.fact) === null) {
    need(out, "fact", { fact: o.fact, gate });
  }
}

// cut gives a quantity in hundredths, cut and not rounded, as catalogues write it.
export function cut(q: Quantity): Int {
  const h = quotient(times(q.n, 100), q.d);
  return h > 9_223_372_036_854_775_807n ? 9_223_372_036_854_775_807n : h;
}

// keyOf and argsOf are what a catalogue sentence needs: "criteria.reason.…", code and title, "have" and "want" in hundredths.
export const keyOf = (r: Reason): string => "criteria.reason." + (r.code === "gate_rule" && !r.have.d ? "gate_no" : r.code);

export function argsOf(c: Compiled, r: Reason): Args {
  const a: Args = {};
  const what = r.gate >= 0 ? c.gates[r.gate]! : r.criterion >= 0 ? c.criteria[r.criterion]! : r.group >= 0 ? c.groups[r.group]! : undefined;
  if (what) {
    a.code = what.code;
    a.title = what.title;
  }
  if (r.gate >= 0 && c.gates[r.gate]!.rule) a.rule = c.gates[r.gate]!.rule;
  if (r.level >= 0) a.level = c.levels[r.level]?.code ?? String(r.level + 1);
  if (r.have.d) a.have = cut(r.have);
  if (r.want.d) a.want = cut(r.want);
  return a;
}
