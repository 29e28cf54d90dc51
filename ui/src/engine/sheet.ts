// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Sheets by keys and codes, as pages send them and the server keeps them: internal/assessment/entry.go.
import { Int } from "./num";
import { newInput } from "./score";
import { Compiled, Fact } from "./set";
import { Input, Refusal, Value } from "./types";

export interface Mark {
  p?: number; // hundredths
  y?: boolean;
  t?: string[];
  l?: Record<string, boolean>;
}

export interface Sheet {
  region?: string;
  facts?: Record<string, unknown>;
  scores?: Record<string, Mark>;
  gates?: Record<string, boolean>;
  counts?: Record<string, { m: number; h: number }>;
}

// fill puts a sheet into an input. What the set has no place for is refused by name, never dropped in silence.
export function fill(c: Compiled, year: number, sheet: Sheet): { input: Input; refusals: Refusal[] } {
  const input = newInput(c);
  const refusals: Refusal[] = [];
  const no = (field: string, key: string, args: Record<string, Int | string>) => void refusals.push({ field, key: "criteria." + key, args });
  input.year = year;
  input.region = sheet.region ?? "";
  for (const [key, v] of Object.entries(sheet.facts ?? {})) {
    const i = c.facts.findIndex((f) => f.key === key);
    if (i < 0) {
      no("facts." + key, "unknown_fact", { fact: key });
      continue;
    }
    const f = c.facts[i]!;
    const value = factValue(f, v);
    if (value === undefined) no("facts." + key, "fact_value", { fact: f.title, type: f.type });
    else input.facts[i] = value;
  }
  for (const [code, m] of Object.entries(sheet.scores ?? {})) {
    const i = c.criteria.findIndex((k) => k.code === code);
    if (i < 0) {
      no("scores." + code, "unknown_criterion", { code });
      continue;
    }
    const rec = input.scores[i]!;
    rec.points = m.p ?? null;
    rec.answer = m.y ?? null;
    for (const [level, pass] of Object.entries(m.l ?? {})) {
      const at = c.levels.findIndex((l) => l.code === level);
      if (at <= 0) {
        no("scores." + code, "unknown_level", { code: level });
        continue;
      }
      rec.levels ??= c.levels.map(() => null);
      rec.levels[at] = pass;
    }
    if (!m.t) continue;
    rec.ticks = [];
    for (const item of m.t) {
      const at = c.criteria[i]!.items.findIndex((it) => it.code === item);
      if (at < 0) no("scores." + code, "unknown_item", { code });
      else if (rec.ticks.includes(at)) no("scores." + code, "item_twice", { code, item });
      else rec.ticks.push(at);
    }
  }
  for (const [code, yes] of Object.entries(sheet.gates ?? {})) {
    const i = c.gates.findIndex((g) => g.code === code);
    if (i < 0) no("gates." + code, "unknown_gate", { code });
    else input.gates[i] = yes;
  }
  c.counts.forEach((k, i) => {
    const n = sheet.counts?.[k.key];
    if (n) input.counts[i] = { members: n.m, holders: n.h };
  });
  return { input, refusals };
}

// factValue reads a value as the fact's type asks for; undefined is a wrong one.
function factValue(f: Fact, v: unknown): Value | undefined {
  if (v === null) return null;
  if (typeof v === "boolean") return f.type === "bool" ? Number(v) : undefined;
  if (typeof v === "string" && f.type === "enum") return f.values.includes(v) ? f.values.indexOf(v) : undefined;
  if (typeof v === "string") return f.type === "text" ? v : undefined;
  const whole = typeof v === "number" && Number.isInteger(v) && v >= 0 && v <= 1e15;
  return whole && (f.type === "int" || f.type === "money") ? v : undefined;
}
