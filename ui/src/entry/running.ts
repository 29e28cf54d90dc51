// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Running points: what a row comes to while its answer is on the way, or waits for a line. The server's answer replaces it.
import { CriterionResult, Result, Wire, fill, open, score } from "../engine";
import { Answer, Ask, Cell, Detail, Entry, Row, Words } from "./types";

// runner gives the function that works a row out with the set of the page.
export function runner(wire: Wire, setID: string, year: number, words: Words): (row: Row, detail: Detail) => Row {
  const set = open(wire);
  const number = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 2 });
  const points = (p: number) => number.format(p / 100);

  function cell(old: Cell, k: CriterionResult): Cell {
    const known = k.state === "scored" || k.state === "full";
    const text = set.points ? points(k.points) : k.pass ? words.yes : words.no;
    const kind = old.k === "l" ? "l" : k.state === "unknown" ? "e" : k.state === "scored" ? undefined : "n";
    const t = known ? text : "";
    return { t, k: kind, c: t === old.t ? old.c : undefined, d: k.floorMet === false };
  }

  function groups(detail: Detail, r: Result): void {
    detail.groups.forEach((g, i) => {
      const { points: p, max } = r.groups[i]!.known ? r.groups[i]! : { points: r.groups[i]!.soFar, max: r.groups[i]!.max };
      g.points = points(p) + "/" + points(max);
      if (max > 0) g.share = Math.trunc((p * 10_000) / max);
      if (g.min === 0) return;
      const lacks = Math.trunc((max * g.min) / 10_000) - p;
      g.met = lacks <= 0;
      g.word = g.met ? words.group_met : words.group_need.replace("#", points(lacks));
    });
  }

  function out(r: Result): Row["out"] {
    if (r.outcome === "recognised") return { kind: "ok", word: words.running_pass };
    if (r.outcome === "not_recognised") return { kind: "bad", word: words.running_fail };
    if (r.threshold.hasMin && r.threshold.short > 0) return { kind: "need", word: words.running_need.replace("#", points(r.threshold.short)) };
    return { kind: "need", word: words.running_left.replace("#", String(r.needs.length)) };
  }

  return (row, detail) => {
    const { input, refusals } = fill(set, year, detail.entry);
    if (row.set !== setID || refusals.length > 0) return row;
    const r = score(set, input);
    if (r.outcome === "refused") return row; // the server says why
    for (const ask of detail.asks) for (const a of ask.answers) a.on = chosen(detail.entry, ask, a);
    detail.gates.forEach((g, i) => (g.state = r.gates[i]!.passed === null ? "open" : r.gates[i]!.passed ? "yes" : "no"));
    groups(detail, r);
    if (set.points) detail.say = words.running_sofar.replace("#", points(r.soFar));
    detail.open = "";
    return { ...row, cells: row.cells.map((c, i) => cell(c, r.criteria[i]!)), total: r.hasTotal ? points(r.total) : "", out: out(r) };
  };
}

// chosen says whether an answer is the one given.
function chosen(entry: Entry, ask: Ask, a: Answer): boolean {
  const mark = entry.scores?.[ask.code];
  if (a.tick !== undefined) return mark?.t?.includes(a.tick) ?? false;
  if (ask.fact) return entry.facts?.[ask.fact] === a.fact && a.fact !== undefined;
  return (a.mark?.p !== undefined && mark?.p === a.mark.p) || (a.mark?.y !== undefined && mark?.y === a.mark.y);
}
