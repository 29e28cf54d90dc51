// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Times the scoring engine of the browser on a slow phone: node bench-engine.mjs DIR SLOWER. DIR holds engine.mjs and set.json; Chromium runs SLOWER
// times slower than this machine. Prints one JSON object, times in milliseconds. BenchmarkBrowserEngine of internal/criteria runs it.
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { chromium } from "playwright-core";

const [, , dir, slower] = process.argv;
const files = { "/": ["text/html", "<!doctype html><title>engine</title>"] };
for (const [name, type] of [["engine.mjs", "text/javascript"], ["set.json", "application/json"]]) files["/" + name] = [type, await readFile(join(dir, name))];
const server = createServer((req, res) => {
  const [type, body] = files[req.url] ?? ["text/plain", ""];
  res.writeHead(body ? 200 : 404, { "content-type": type }).end(body);
});
await new Promise((done) => server.listen(0, "127.0.0.1", done));

const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"] });
try {
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Emulation.setCPUThrottlingRate", { rate: Number(slower) });
  console.log(JSON.stringify(await page.evaluate(measure)));
} finally {
  await browser.close();
  server.close();
}

async function measure() {
  const wire = await (await fetch("/set.json")).text();
  let at = performance.now();
  const { fill, open, quick, score } = await import("/engine.mjs");
  const load = performance.now() - at;
  at = performance.now();
  const set = open(JSON.parse(wire));
  const opened = performance.now() - at;

  let seed = 5;
  const below = (n) => (seed = (seed * 16807) % 2147483647) % n;
  const sheets = Array.from({ length: 400 }, () => {
    const sheet = { region: "mountainous", facts: {}, scores: {}, gates: {}, counts: {} };
    for (const f of set.facts) {
      if (below(12) === 0) continue; // some are not known yet
      if (f.type === "bool") sheet.facts[f.key] = below(3) > 0;
      else if (f.type === "enum") sheet.facts[f.key] = f.values[below(f.values.length)];
      else if (f.type !== "text") sheet.facts[f.key] = below(f.type === "money" ? 9_000_000 : 6);
    }
    set.criteria.forEach((k, i) => {
      const rule = set.rules[0][i];
      if (rule.asks === "ticks") sheet.scores[k.code] = { t: k.items.filter(() => below(2)).map((item) => item.code) };
      else if (rule.asks === "answer") sheet.scores[k.code] = { y: below(4) > 0 };
      else if (rule.op === "person" && rule.full > 0) sheet.scores[k.code] = { p: Math.floor(below(rule.full + 1) / 100) * 100 };
    });
    for (const g of set.gates) if (!g.op) sheet.gates[g.code] = true;
    for (const c of set.counts) sheet.counts[c.key] = { m: 5, h: below(6) };
    return sheet;
  });
  const area = () => {
    const at = performance.now();
    const results = sheets.map((sheet) => score(set, fill(set, set.from, sheet).input));
    return [performance.now() - at, results];
  };
  const [first, results] = area();
  const again = Array.from({ length: 9 }, () => area()[0]).sort((a, b) => a - b)[4];
  // What moving to the next row needs: its points, and what each of its cells offers.
  const rows = sheets.map((sheet) => {
    const at = performance.now();
    const { input } = fill(set, set.from, sheet);
    score(set, input);
    set.criteria.forEach((_, i) => quick(set, input, i));
    return performance.now() - at;
  }).sort((a, b) => a - b);
  const outcomes = {};
  for (const r of results) outcomes[r.outcome] = (outcomes[r.outcome] ?? 0) + 1;
  return { criteria: set.criteria.length, load, open: opened, first, again, row: rows.reduce((sum, ms) => sum + ms) / rows.length, rowSlowest: rows[399], outcomes };
}
