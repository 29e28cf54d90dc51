// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// What a screen offers for one cell: internal/criteria/quick.go; and which criteria still need evidence: evidence.go.
import { applies, judge } from "./judge";
import { Int, Num, cmpProducts, mulDivUp, quotient } from "./num";
import { Compiled, Criterion, Entry, Rule } from "./set";
import { Answer, CriterionResult, Input, Recorded, Result, Value } from "./types";

export interface Quick {
  entry: Entry;
  fact: number; // the fact an answer sets, -1 when it records a score
  of: Int; // denominator or members where known, else 0
  asked: boolean; // the rule cannot compute here: a person records
  applies: Answer;
  answers: QuickAnswer[];
}

// QuickAnswer sets value at Quick.fact, or records record; for a checklist each answer is one item alone.
export interface QuickAnswer {
  value: Value;
  record: Recorded;
  points: number;
  pass: Answer;
  label: string;
}

const most = 12; // how many answers fit beside one another

const blank = (more: Partial<Recorded> = {}): Recorded => ({ points: null, answer: null, ticks: null, levels: null, ...more });

function offer(more: Partial<QuickAnswer>): QuickAnswer {
  return { value: null, record: blank(), points: 0, pass: null, label: "", ...more };
}

const yesNo = (full: number): QuickAnswer[] => [
  offer({ record: blank({ answer: false }), pass: false }),
  offer({ record: blank({ answer: true }), points: full, pass: true }),
];

// locked is an entry that nobody types on the sheet.
export const locked = (entry: Entry): boolean => entry === "register" || entry === "computed" || entry === "paper";

export function quick(c: Compiled, input: Input, i: number): Quick {
  const r = c.rules[0]![i]!;
  const k = c.criteria[i]!;
  const q: Quick = { entry: k.entry, fact: -1, of: 0, asked: false, applies: applies(c, r, input), answers: [] };
  const res = judge(c, r, input, input.scores[i]!, 0);
  if (r.den >= 0) q.of = (input.facts[r.den] as Int | null) ?? 0;
  if (r.op === "titles") q.of = input.counts[r.count]!.members ?? 0;
  if (r.null || res.why === "zero_denominator") {
    q.asked = true;
    q.entry = c.points ? "points" : "answer";
    if (!c.points) q.answers = yesNo(0);
    return q;
  }
  switch (q.entry) {
    case "points":
      if (c.points) q.answers = scaleAnswers(r, k);
      else {
        q.entry = "answer";
        q.answers = yesNo(0);
      }
      return q;
    case "answer":
      q.answers = yesNo(r.full);
      return q;
    case "ticks":
      q.answers = k.items.map((item, n) => offer({ record: blank({ ticks: [n] }), points: item.points, label: item.title }));
      return q;
    case "computed":
    case "paper":
      return q;
  }
  q.fact = r.fact;
  factAnswers(c, input, r, q);
  return q;
}

// scaleAnswers offers the guide, or every step where few.
function scaleAnswers(r: Rule, k: Criterion): QuickAnswer[] {
  if (r.kind !== "scale") return [];
  const one = (points: number, label = "") => offer({ record: blank({ points }), points, label });
  if (k.guide.length > 0) return k.guide.map((g) => one(g.points, g.title));
  if (r.max < 0 || r.max - (r.max % r.step) >= most * r.step) return [];
  const list: QuickAnswer[] = [];
  for (let m = 0; m <= r.max; m += r.step) list.push(one(Math.floor((m + 5000) / 10_000)));
  return list;
}

function factAnswers(c: Compiled, input: Input, r: Rule, q: Quick): void {
  const facts = input.facts.slice();
  const plain = { ...r, when: [] };
  for (const v of offers(c, r, q.of)) {
    facts[r.fact] = v;
    const res = judge(c, plain, { ...input, facts }, blank(), 0);
    if (res.state !== "scored") return;
    const f = c.facts[r.fact]!;
    q.answers.push(offer({ value: v, points: res.points, pass: res.pass, label: f.type === "enum" ? f.values[Number(v)]! : "" }));
  }
}

// offers lists the values worth offering: all of a short range, else the least that reaches each band.
function offers(c: Compiled, r: Rule, of: Int): Int[] {
  const f = c.facts[r.fact]!;
  const ratio = r.op === "share" || r.op === "linear";
  if (f.type === "text") return [];
  if (f.type === "bool") return [0, 1];
  if (f.type === "enum") return upTo(f.values.length - 1);
  if (r.op === "deduct") return upTo(Math.min(Number(quotient(r.max + r.perCase - 1, r.perCase)), most - 1));
  if ((ratio || (r.op === "amount" && r.den >= 0)) && of === 0) return [];
  if (ratio && of < most) return upTo(Number(of));
  const list: Int[] = [0, ...r.bands.map((b) => leastFor(r, b.min, of))];
  if (r.op === "share" && r.least.d) list.push(leastFor(r, r.least, of));
  if (r.op === "linear") list.push(leastFor(r, r.fullAt, of));
  return list.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)).filter((v, i, all) => i === 0 || v !== all[i - 1]);
}

function leastFor(r: Rule, limit: Num, of: Int): Int {
  if (r.op === "share" || r.op === "linear") return mulDivUp(limit.n, of, 100 * limit.d);
  return mulDivUp(limit.n, r.op === "amount" && r.den >= 0 ? of : 1, limit.d);
}

const upTo = (n: number): number[] => Array.from({ length: Math.max(n + 1, 0) }, (_, i) => i);

// evidenceMissing lists the codes of criteria that need evidence before the file may be sent and have none.
export function evidenceMissing(c: Compiled, result: Result, counts: Record<string, number>): string[] {
  if (result.fromPaper || result.outcome === "refused") return [];
  return c.criteria.filter((k, i) => !counts[k.code] && k.needs !== undefined && needed(k.needs, result.criteria[i]!)).map((k) => k.code);
}

function needed(rule: true | Num, k: CriterionResult): boolean {
  if (k.state !== "scored" && k.state !== "unknown") return false;
  if (rule === true) return true;
  return k.state === "scored" && cmpProducts(k.points, rule.d, rule.n, 100) >= 0;
}
