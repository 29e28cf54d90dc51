// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Scores with the engine of the browser: node judge-engine.mjs ENGINE.mjs. A line of standard input is {"set": …}, for the lines that follow, or
// {"input": …}; each input is answered by one line that holds every field of the result, of the quick answers and of the missing evidence. A sheet by
// keys and codes, {"sheet": {"year": …, "entry": …}}, is answered by what it comes to. The tests portable_test.go of internal/criteria and of
// internal/assessment say the same of the server's engine; internal/criteria/criteriatest compares the lines.
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const { argsOf, evidenceMissing, fill, keyOf, open, quick, score } = await import(pathToFileURL(process.argv[2]));

const whole = (v) => (v !== null && typeof v === "object" ? BigInt(v.big) : v);
const inputOf = (i) => ({
  year: i.year,
  region: i.region,
  facts: i.facts.map(whole),
  scores: i.scores.map(([points, answer, ticks, levels]) => ({ points, answer, ticks, levels })),
  counts: i.counts.map(([members, holders]) => ({ members: whole(members), holders: whole(holders) })),
  gates: i.gates,
  titles: i.titles.map(([level, decided, revoked]) => ({ level, decided, revoked })),
  applied: i.applied,
  paper: i.paper && { outcome: i.paper[0], total: i.paper[1], level: i.paper[2] },
});

const args = (a) => Object.keys(a).sort().map((k) => [k, a[k]]);
const quantity = (q) => [q.n, q.d, q.unit];
const criterion = (k) => [k.state, k.why, k.basis, k.asked, k.points, k.pass, k.num, k.den, k.band, k.floor, k.floorMet];
const reason = (set) => (r) => [r.code, keyOf(r), r.gate, r.criterion, r.group, r.level, quantity(r.have), quantity(r.want), args(argsOf(set, r))];
const record = (r) => [r.points, r.answer, r.ticks];

function answer(set, input) {
  const r = score(set, input);
  const said = reason(set);
  const t = r.threshold;
  const result = [
    r.outcome, r.fromPaper, r.total, r.hasTotal, r.soFar, r.open, r.max, r.hasMax, [t.index, t.fellBack, t.min, t.hasMin, t.short], r.class, r.level,
    r.criteria.map(criterion),
    r.groups.map((g) => [g.points, g.known, g.soFar, g.max, g.hasMax, g.scaled, g.minMet]),
    r.gates.map((g) => [g.passed, g.computed, quantity(g.left), quantity(g.right)]),
    r.levels.map((l, i) => [l.own, l.nested, l.waiting, ...(i === 0 ? [] : [l.criteria.map(criterion), l.failures.map(said), l.unknowns.map(said)])]),
    r.failures.map(said),
    r.unknowns.map(said),
    r.needs.map((n) => [n.kind, n.criterion, n.fact, n.count, n.gate, n.level]),
    r.refusals.map((f) => [f.field, f.key, args(f.args)]),
  ];
  if (r.outcome === "refused") return [result];
  const cells = set.criteria.map((_, i) => {
    const q = quick(set, input, i);
    return [q.entry, q.fact, q.of, q.asked, q.applies, q.answers.map((a) => [a.value, record(a.record), a.points, a.pass, a.label])];
  });
  return [result, cells, evidenceMissing(set, r, {})];
}

// sheet answers what a sheet of keys and codes comes to: faults in the order of their text, or outcome, total, and points by code.
function sheet(set, { year, entry }) {
  const { input, refusals } = fill(set, year, entry);
  const faults = (list) => [list.map((f) => JSON.stringify([f.field, f.key, args(f.args)])).sort()];
  if (refusals.length > 0) return faults(refusals);
  const r = score(set, input);
  if (r.outcome === "refused") return faults(r.refusals);
  const earned = {};
  r.criteria.forEach((k, i) => {
    if (k.state === "scored" || k.state === "full") earned[set.criteria[i].code] = set.points ? k.points : Number(k.pass);
  });
  return [r.outcome, r.hasTotal, r.total, r.level, r.needs.length, args(earned)];
}

let set;
let lines = [];
for await (const line of createInterface({ input: process.stdin })) {
  const order = JSON.parse(line);
  if (order.set) {
    set = open(order.set);
    continue;
  }
  const said = order.sheet ? sheet(set, order.sheet) : answer(set, inputOf(order.input));
  lines.push(JSON.stringify(said, (_, v) => (typeof v === "bigint" ? String(v) : v)));
  if (lines.length === 200) flush();
}
flush();

function flush() {
  if (lines.length > 0) process.stdout.write(lines.join("\n") + "\n");
  lines = [];
}
