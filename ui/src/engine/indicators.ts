// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// A set without points: internal/criteria/indicators.go.
import { judge } from "./judge";
import { need, needOf, numberOf, reason, shareOf } from "./reason";
import { decide, floorReason } from "./recognise";
import { Compiled } from "./set";
import { Answer, CriterionResult, Input, LevelResult, Reason, Result, Title } from "./types";

export function indicators(c: Compiled, input: Input, out: Result): void {
  c.rules.forEach((rules, l) => {
    const low = l === 0;
    const r: LevelResult = {
      own: null, nested: null, waiting: null,
      criteria: low ? out.criteria : rules.map((rule, i) => judge(c, rule, input, input.scores[i]!, l)),
      failures: low ? out.failures : [],
      unknowns: low ? out.unknowns : [],
    };
    out.levels.push(r);
    const failed = r.failures.length;
    const open = r.unknowns.length;
    reasons(c, input, l, r.criteria, r.failures, r.unknowns, out);
    r.waiting = waiting(c, input, l, r, out);
    r.own = settle(r.failures.length > failed, r.unknowns.length > open);
    const below = low ? true : out.levels[l - 1]!.nested;
    r.nested = settle(below === false || r.own === false, below === null || r.own === null);
  });
  decide(out);
  if (out.outcome !== "recognised") return;
  c.levels.forEach((_, l) => {
    if (out.levels[l]!.nested === true) out.level = l;
  });
}

const settle = (failed: boolean, open: boolean): Answer => (failed ? false : open ? null : true);

function reasons(c: Compiled, input: Input, level: number, judged: CriterionResult[], failures: Reason[], unknowns: Reason[], out: Result): void {
  let applying = 0;
  judged.forEach((k, criterion) => {
    const rule = c.rules[level]![criterion]!;
    if (k.state === "scored" || k.state === "unknown") applying++;
    const before = failures.length;
    floorReason(c, input, criterion, level, k, failures, unknowns);
    if (failures.length > before) {
      failures[before]!.level = level;
    } else if (k.state === "unknown") {
      unknowns.push(reason("criterion_unknown", { criterion, level }));
      needOf(c, rule, input, k, criterion, level, out);
    } else if (k.state === "scored" && k.pass === false) {
      const r = reason("indicator_failed", { criterion, level });
      if (k.basis === "share") {
        r.have = shareOf(k.num, k.den);
        r.want = numberOf(rule.least, "percent");
      } else if (k.basis === "ticks") {
        r.have = { n: k.num, d: 1, unit: "number" };
        r.want = { n: rule.pick || rule.items.length, d: 1, unit: "number" };
      }
      failures.push(r);
    }
  });
  if (applying === 0) unknowns.push(reason("no_indicator", { level }));
}

// waiting judges requires: a title of that level or higher was decided long enough ago and is still kept.
function waiting(c: Compiled, input: Input, level: number, r: LevelResult, out: Result): Answer {
  const req = c.levels[level]?.requires;
  if (!req) return true;
  let answer: Answer = false;
  for (const t of input.titles) {
    const one = serves(c, req, t, input.applied);
    if (one === true) return true;
    if (one === null) answer = null;
  }
  const want = { n: req.months, d: 1, unit: "months" as const };
  if (answer === false) {
    r.failures.push(reason("no_earlier_title", { level, want }));
    return false;
  }
  r.unknowns.push(reason("title_date_unknown", { level, want }));
  need(out, "date", { level });
  return null;
}

function serves(c: Compiled, req: { level: number; months: number }, t: Title, applied: number): Answer {
  if (t.revoked || (t.level >= 0 && t.level < req.level)) return false;
  if (t.decided === 0 || applied === 0) return null;
  if (addMonths(t.decided, req.months) > applied || (c.kept > 0 && applied >= addMonths(t.decided, c.kept))) return false;
  return t.level < 0 ? null : true;
}

// addMonths moves a day by calendar months and stays within the month: 31 January + 1 month is the last day of February.
export function addMonths(day: number, months: number): number {
  const m = Math.trunc(day / 10_000) * 12 + (Math.trunc(day / 100) % 100) - 1 + months;
  const y = Math.trunc(m / 12);
  const month = (m % 12) + 1;
  if (y > 9999) return 99991231;
  const leap = y % 4 === 0 && (y % 100 !== 0 || y % 400 === 0);
  const last = month === 2 ? (leap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
  return y * 10_000 + month * 100 + Math.min(day % 100, last);
}
