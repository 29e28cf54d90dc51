// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// A criteria set as Compiled.Portable of internal/criteria writes it, and as the engine holds it. Indices are the server's.
import { Int, Num, hundredths, int, num } from "./num";

// format is the only one this engine reads.
export const format = "hoctap-engine/1";

type WireInt = number | string;
type WireNum = number | string | null;

export interface Wire {
  format: string;
  id: string;
  title: string;
  model: string;
  verified: string;
  points: boolean;
  max: WireNum;
  from: number;
  to: number;
  method: Method;
  kept?: number;
  facts: { key: string; title: string; type: FactType; values?: string[]; numbers?: WireNum[]; zeroOf?: number[] }[];
  counts: CountKind[];
  groups: { code: string; title: string; max: number; len: number; unbounded?: boolean; verified?: string }[];
  criteria: (Omit<Criterion, "evidence" | "needs" | "items" | "guide"> & { evidence?: string[]; needs?: true | WireNum; items?: Item[]; guide?: Omit<Item, "code">[] })[];
  rules: (WireRule | null)[][];
  gates: { code: string; title: string; rule?: string; op?: Op; left?: WireOperand; right?: WireOperand; texts?: boolean }[];
  levels?: Level[];
  classes?: { code: string; title: string; min: WireNum; recognised: boolean }[];
  thresholds?: { region: string; min: WireNum; verified?: string }[];
  minCriterion?: { percent: boolean; value: WireNum };
  minGroup?: { percent: boolean; value: WireNum };
}

interface WireRule {
  kind: string;
  op: Opcode;
  asks: Ask;
  null?: boolean;
  noted?: boolean;
  max: number;
  step?: number;
  items?: number[];
  pick?: number;
  fact?: number;
  den?: number;
  count?: number;
  fullAt?: WireNum;
  bands?: { min: WireNum; points: number }[];
  least?: WireNum;
  floors?: { from: number; to: number; min: WireNum }[];
  accept?: { value: WireInt; points: number; pass: boolean; band: number }[];
  perCase?: number;
  when?: { fact: number; ints?: WireInt[]; texts?: string[]; op?: Op; number: WireNum }[];
  without?: "full" | "redistribute" | "skip";
}

interface WireOperand {
  fact?: number;
  count?: number;
  number?: WireNum;
}

export type Method = "points" | "classification" | "all_indicators" | "result_only";
export type FactType = "int" | "bool" | "money" | "enum" | "text";
export type Op = "==" | "!=" | ">" | ">=" | "<" | "<=";
export type Opcode = "person" | "ticks" | "fact" | "share" | "linear" | "titles" | "count" | "amount" | "status" | "deduct" | "paper";
export type Ask = "nothing" | "points" | "answer" | "ticks";
export type Entry = "points" | "answer" | "ticks" | "count" | "amount" | "fact" | "register" | "computed" | "paper";

export interface Fact {
  key: string;
  title: string;
  type: FactType;
  values: string[];
  numbers?: Num[];
  zeroOf: number[];
}

export interface CountKind {
  key: string;
  member: string;
  title: string;
}

export interface Group {
  code: string;
  title: string;
  max: number; // millionths, -1 when null
  first: number;
  len: number;
  unbounded: boolean;
  verified: string;
}

export interface Item {
  code: string;
  title: string;
  points: number;
}

export interface Criterion {
  code: string;
  title: string;
  kind: string;
  entry: Entry;
  verified?: string;
  evidence: string[];
  needs?: true | Num; // evidence: always, or from so many points
  items: Item[];
  guide: Omit<Item, "code">[];
}

// Rule is a criterion's scoring at one level; indices are -1 when there is none, numbers unknown when null.
export interface Rule {
  kind: string;
  op: Opcode;
  asks: Ask;
  null: boolean;
  noted: boolean;
  max: number; // millionths, -1 when null
  full: number;
  step: number;
  items: number[];
  pick: number;
  fact: number;
  den: number;
  count: number;
  fullAt: Num;
  bands: { min: Num; points: number }[];
  least: Num;
  floors: { from: number; to: number; min: Num }[];
  accept: { value: Int | string; points: number; pass: boolean; band: number }[];
  perCase: number;
  when: When[];
  without: "" | "full" | "redistribute" | "skip";
}

export interface When {
  fact: number;
  values: (Int | string)[];
  op?: Op;
  number: Num;
}

export interface Operand {
  fact: number;
  count: number;
  number: Num;
}

export interface Gate {
  code: string;
  title: string;
  rule: string;
  op?: Op; // none: a person answers
  left: Operand;
  right: Operand;
  texts: boolean;
}

export interface Level {
  code: string;
  title: string;
  requires?: { level: number; months: number };
}

export interface Limit {
  percent: boolean;
  value: Num;
}

export interface Compiled {
  id: string;
  title: string;
  model: string;
  verified: string;
  points: boolean;
  max: Num;
  from: number;
  to: number;
  method: Method;
  kept: number;
  facts: Fact[];
  counts: CountKind[];
  groups: Group[];
  criteria: Criterion[];
  rules: Rule[][];
  gates: Gate[];
  levels: Level[];
  classes: { code: string; title: string; min: Num; recognised: boolean }[];
  thresholds: { region: string; min: Num; verified?: string }[];
  minCriterion?: Limit;
  minGroup?: Limit;
}

// open reads a set that the server wrote. It throws for another format: the app is older or newer than the set.
export function open(w: Wire): Compiled {
  if (w.format !== format) throw new Error("criteria set in format " + w.format);
  let first = 0;
  const rules: Rule[][] = [];
  for (const level of w.rules) {
    const below = rules[rules.length - 1];
    rules.push(level.map((r, i) => (r ? rule(r, w) : below![i]!)));
  }
  const limit = (l?: { percent: boolean; value: WireNum }) => (l ? { percent: l.percent, value: num(l.value) } : undefined);
  return {
    id: w.id,
    title: w.title,
    model: w.model,
    verified: w.verified,
    points: w.points,
    max: num(w.max),
    from: w.from,
    to: w.to,
    method: w.method,
    kept: w.kept ?? 0,
    facts: w.facts.map((f) => ({ ...f, values: f.values ?? [], numbers: f.numbers?.map(num), zeroOf: f.zeroOf ?? [] })),
    counts: w.counts,
    groups: w.groups.map((g) => {
      const at = first;
      first += g.len;
      return { ...g, first: at, unbounded: g.unbounded ?? false, verified: g.verified ?? "" };
    }),
    criteria: w.criteria.map((c) => ({
      ...c,
      evidence: c.evidence ?? [],
      needs: c.needs === undefined ? undefined : c.needs === true ? true : num(c.needs),
      items: c.items ?? [],
      guide: c.guide ?? [],
    })),
    rules,
    gates: w.gates.map((g) => ({ code: g.code, title: g.title, rule: g.rule ?? "", op: g.op, left: operand(g.left), right: operand(g.right), texts: g.texts ?? false })),
    levels: w.levels ?? [],
    classes: (w.classes ?? []).map((c) => ({ ...c, min: num(c.min) })),
    thresholds: (w.thresholds ?? []).map((t) => ({ ...t, min: num(t.min) })),
    minCriterion: limit(w.minCriterion),
    minGroup: limit(w.minGroup),
  };
}

function rule(r: WireRule, w: Wire): Rule {
  const text = (fact: number | undefined) => fact !== undefined && w.facts[fact]!.type === "text";
  return {
    kind: r.kind,
    op: r.op,
    asks: r.asks,
    null: r.null ?? false,
    noted: r.noted ?? false,
    max: r.max,
    full: r.max < 0 ? 0 : hundredths(r.max),
    step: r.step ?? 10_000,
    items: r.items ?? [],
    pick: r.pick ?? 0,
    fact: r.fact ?? -1,
    den: r.den ?? -1,
    count: r.count ?? -1,
    fullAt: num(r.fullAt),
    bands: (r.bands ?? []).map((b) => ({ min: num(b.min), points: b.points })),
    least: num(r.least),
    floors: (r.floors ?? []).map((f) => ({ ...f, min: num(f.min) })),
    accept: (r.accept ?? []).map((a) => ({ ...a, value: text(r.fact) ? a.value : int(a.value) })),
    perCase: r.perCase ?? 0,
    when: (r.when ?? []).map((c) => ({ fact: c.fact, values: c.texts ?? (c.ints ?? []).map(int), op: c.op, number: num(c.number) })),
    without: r.without ?? "",
  };
}

const operand = (o?: WireOperand): Operand => ({ fact: o?.fact ?? -1, count: o?.count ?? -1, number: num(o?.number) });
