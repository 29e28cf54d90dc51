// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// What an input may not hold: internal/criteria/refuse.go. Values that are never looked at are judged too.
import { Int, Num, hundredths } from "./num";
import { Compiled, Fact, Rule } from "./set";
import { Args, Input, Paper, Recorded, Refusal } from "./types";

const maxNumber = 1_000_000_000_000_000_000n;
const maxCount = 1_000_000_000_000_000;
const maxPoints = 100_000_000_000; // hundredths

export function refusals(c: Compiled, input: Input): Refusal[] {
  const list: Refusal[] = [];
  const no = (field: string, key: string, args: Args = {}) => void list.push({ field, key: "criteria." + key, args });
  if (input.year < c.from || (c.to !== 0 && input.year > c.to)) no("year", "year_outside", { year: input.year, from: c.from, to: c.to });
  if (!["", "default", "mountainous", "especially_difficult"].includes(input.region)) no("region", "unknown_region", { region: clip(input.region) });
  input.facts.forEach((v, i) => {
    const f = c.facts[i]!;
    if (v !== null && !accepts(f, v)) no("facts." + f.key, "fact_value", { fact: f.key, type: f.type });
  });
  input.scores.forEach((rec, i) => {
    if (rec.points !== null || rec.ticks !== null || rec.answer !== null || rec.levels !== null) record(c, i, rec, no);
  });
  input.counts.forEach((n, i) => {
    const field = "members." + c.counts[i]!.key;
    if (outside(n.members) || outside(n.holders)) no(field, "count_value");
    else if (n.members !== null && n.holders !== null && n.holders > n.members) {
      no(field, "more_holders_than_members", { holders: n.holders, members: n.members });
    }
  });
  input.titles.forEach((t, i) => {
    if (t.level < -1 || t.level >= Math.max(c.levels.length, 1)) no("titles[" + i + "].level", "unknown_level", { code: t.level });
  });
  if (input.paper) paper(c, input.paper, no);
  return list;
}

type No = (field: string, key: string, args?: Args) => void;

const outside = (n: Int | null): boolean => n !== null && (n < 0 || n > maxCount);

function accepts(f: Fact, v: Int | string): boolean {
  if (typeof v === "string") return f.type === "text" && (v.length * 3 <= 4000 || new TextEncoder().encode(v).length <= 4000);
  switch (f.type) {
    case "bool": return v === 0 || v === 1;
    case "enum": return v >= 0 && v < f.values.length;
    case "text": return false;
  }
  return v >= 0 && v <= maxNumber;
}

function record(c: Compiled, i: number, rec: Recorded, no: No): void {
  const r = c.rules[0]![i]!;
  const code = c.criteria[i]!.code;
  const field = "scores." + code;
  if (rec.points !== null && !c.points) no(field, "set_without_points", { code });
  else if (rec.points !== null) points(r, rec.points, field, code, no);
  else if (r.op === "person" && r.asks === "points" && (rec.answer !== null || rec.ticks !== null)) no(field, "want_points", { code });
  else if (r.op === "ticks" && !r.null && rec.answer !== null && c.points) no(field, "want_ticks", { code });
  if (rec.ticks !== null && (r.op !== "ticks" || rec.ticks.some((t) => t < 0 || t >= r.items.length))) no(field, "unknown_item", { code });
  if (rec.levels !== null && rec.levels.length > Math.max(c.levels.length, 1)) no(field, "unknown_level", { code: rec.levels.length - 1 });
}

function points(r: Rule, p: number, field: string, code: string, no: No): void {
  if (p < 0) no(field, "points_below_zero", { points: p, code });
  else if ((r.max >= 0 && p > Math.floor(r.max / 10_000)) || p > maxPoints) no(field, "points_above_maximum", { points: p, max: Math.max(r.full, 0), code });
  else if (r.kind === "scale" && (p * 10_000) % r.step !== 0) no(field, "points_off_step", { points: p, step: hundredths(r.step), code });
  else if (r.asks === "answer" && r.op === "person" && p !== 0 && p !== r.full) no(field, "points_all_or_none", { points: p, max: r.full, code });
  else if (r.op === "ticks" && !r.null) no(field, "want_ticks", { code });
}

function paper(c: Compiled, p: Paper, no: No): void {
  if (p.total !== null) {
    const max = micro(c.max);
    if (!c.points) no("paper.total", "set_without_points");
    else if (p.total < 0 || p.total > Math.floor(max / 10_000)) no("paper.total", "total_outside", { total: p.total, max: hundredths(max) });
  }
  if (p.outcome === "refused") no("paper.outcome", "unknown_outcome");
  if (p.level < -1 || p.level >= c.levels.length) no("paper.level", "unknown_level", { code: p.level });
}

// micro gives a number of points in millionths.
export const micro = (n: Num): number => (n.d ? Number(n.n) * (1_000_000 / n.d) : 0);

// clip shortens a stranger's word for a message.
function clip(s: string): string {
  const letters = [...s];
  return letters.length > 60 ? letters.slice(0, 60).join("") + "…" : s;
}
