// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Looks at every page as every role: follows all links that a role is shown and demands an answer below 400 from each, then opens one page
// of each shape on a phone and on a laptop and demands no axe violation (WCAG 2.2 AA and best practice), no sideways scroll and
// a quiet console.
//   node e2e/looks.mjs BASE PASSWORD [--shots DIR] LOGIN …      a LOGIN of - is nobody
import { mkdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { chromium } from "../ui/node_modules/playwright-core/index.mjs";
import { signIn } from "./signin.mjs";

const [, , base, password, ...rest] = process.argv;
const at = rest.indexOf("--shots");
const shots = at >= 0 ? rest.splice(at, 2)[1] : "";
const axe = await readFile(createRequire(new URL("../ui/package.json", import.meta.url)).resolve("axe-core/axe.min.js"), "utf8");
const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

// perShape is how many addresses of one shape are followed, linksAtMost how many one role follows in all.
const perShape = 2;
const linksAtMost = 150;

let failures = 0;
let looked = 0;
let followed = 0;
function fail(text) {
  failures++;
  console.log("FAIL", text);
}

// shape is an address without what only tells one record from another, with the names of its questions.
function shape(url) {
  const path = url.pathname.split("/").map((part) => (/@|%40|[0-9]{4}|^[0-9A-Za-z_-]{16,}$|^own-/.test(part) ? "*" : part)).join("/");
  const asked = [...new Set(url.searchParams.keys())].filter((name) => !["size", "theme", "lang", "nam", "sau", "trang", "mo-hinh"].includes(name));
  return path + asked.sort().map((name) => "&" + name).join("");
}

async function signedIn(context, login) {
  if (login === "-") return;
  const r = await signIn(context, base, login, password);
  if (r.status() !== 303) throw new Error(`${login} cannot sign in: ${r.status()}`);
}

// crawl follows what a role is shown and returns one address per shape.
async function crawl(context, login) {
  const queue = [[new URL(base + (login === "-" ? "/" : "/viec")), "start"]];
  const seen = new Set();
  const shapes = new Map();
  while (queue.length && seen.size < linksAtMost) {
    const [url, from] = queue.shift();
    const key = url.pathname + url.search;
    const kind = shape(url);
    const known = shapes.get(kind) ?? [];
    if (seen.has(key) || known.length >= perShape) continue;
    seen.add(key);
    followed++;
    const r = await context.request.get(url.href);
    if (r.status() >= 400 && r.status() !== 409) { // 409 is a page that says why it is too early
      fail(`${login}: ${r.status()} ${key}, which ${from} leads to`);
      continue;
    }
    if (!(r.headers()["content-type"] ?? "").startsWith("text/html")) continue;
    shapes.set(kind, [...known, key]);
    const body = await r.text();
    for (const [, raw] of body.matchAll(/<a\s[^>]*?href="([^"]*)"/g)) {
      const to = new URL(raw.replaceAll("&amp;", "&").replaceAll("&#43;", "+"), r.url());
      to.hash = "";
      if (to.origin !== new URL(base).origin || ["size", "theme", "lang"].some((q) => to.searchParams.has(q))) continue;
      queue.push([to, key]);
    }
  }
  return [...shapes].map(([kind, keys]) => [kind, keys[0]]);
}

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: flags });
if (shots) await mkdir(shots, { recursive: true });
const done = new Set();

// look opens one page at both widths under the page's own policy; axe comes in by the debugger, which no policy stops.
async function look(login, page, said, kind, key, colour) {
  looked++;
  said.length = 0;
  for (const width of [390, 1280]) {
    await page.setViewportSize({ width, height: width < 500 ? 844 : 800 });
    if (width === 390) {
      await page.goto(base + key, { waitUntil: "load" });
      await page.evaluate(axe);
    }
    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (over > 0) fail(`${login} ${key}: ${over} px too wide at ${width}`);
    const broken = await page.evaluate(async (only) => {
      const { violations } = await window.axe.run(document, { runOnly: only, resultTypes: ["violations"] });
      return violations.flatMap((v) => v.nodes.slice(0, 3).map((n) => `${v.id}: ${n.target.join(" ")}: ${n.failureSummary?.split("\n")[1]?.trim()}`));
    }, rules);
    for (const b of broken) fail(`${login} ${key} ${width} ${colour}: ${b}`);
    if (shots) await page.screenshot({ path: `${shots}/${login}${kind.replaceAll(/[/?&=*]+/g, "_").slice(0, 80)}-${width}${colour === "dark" ? "-toi" : ""}.png`, fullPage: true });
  }
  if (said.length) fail(`${login} ${key}: ${[...new Set(said)].join(" | ")}`);
}

async function listening(context) {
  const page = await context.newPage();
  const said = [];
  page.on("console", (m) => ["error", "warning"].includes(m.type()) && said.push(m.text()));
  page.on("pageerror", (e) => said.push(String(e)));
  page.on("response", (r) => r.status() >= 400 && r.status() !== 409 && said.push(`${r.status()} ${r.url()}`));
  return [page, said];
}

for (const login of rest) {
  const honest = await browser.newContext({ locale: "vi-VN", reducedMotion: "reduce" });
  await signedIn(honest, login);
  const pages = (await crawl(honest, login)).filter(([kind]) => !done.has(kind));
  for (const [kind] of pages) done.add(kind);
  const storageState = await honest.storageState();
  for (const colorScheme of shots ? ["light", "dark"] : ["light"]) {
    const context = await browser.newContext({ locale: "vi-VN", reducedMotion: "reduce", colorScheme, storageState });
    const [page, said] = await listening(context);
    for (const [kind, key] of pages) {
      try {
        await look(login, page, said, kind, key, colorScheme);
      } catch (error) {
        fail(`${login} ${key}: ${error.message}`);
      }
    }
    await context.close();
  }
  await honest.close();
}
await browser.close();
console.log(`${followed} links followed, ${looked} kinds of page looked at, ${failures} failures`);
process.exit(failures ? 1 : 0);
