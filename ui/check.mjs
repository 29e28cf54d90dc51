// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Checks running pages in Chromium: axe (WCAG 2.2 AA and best practice) in both themes, no sideways scroll at any width or letter size, no
// message in the console (a broken content policy says so there). With --shots DIR it also takes pictures.
//
//   node ui/check.mjs http://127.0.0.1:8090 [--shots DIR] /path /path …
import { mkdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const [base, ...rest] = process.argv.slice(2);
const at = rest.indexOf("--shots");
const shots = at >= 0 ? rest.splice(at, 2)[1] : "";
const paths = rest.length ? rest : ["/"];
const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
// widths with the reader's letter size: the largest letters must fit a phone, the large ones a laptop
const widths = [[320, "thuong"], [390, "thuong"], [390, "rat-lon"], [768, "thuong"], [1280, "lon"], [1920, "thuong"]];

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
if (shots) await mkdir(shots, { recursive: true });

let failures = 0;
let checks = 0;
function check(ok, text) {
  checks++;
  if (!ok) {
    failures++;
    console.log("FAIL", text);
  }
}

for (const path of paths) {
  for (const colorScheme of ["light", "dark"]) {
    // bypassCSP lets axe in; the page's own messages are read in the sideways pass below.
    const context = await browser.newContext({ colorScheme, bypassCSP: true, reducedMotion: "reduce" });
    const page = await context.newPage();
    for (const width of [390, 1280]) {
      await page.setViewportSize({ width, height: width < 500 ? 844 : 800 });
      await page.goto(base + path, { waitUntil: "networkidle" });
      await page.addScriptTag({ path: axe });
      const { violations } = await page.evaluate(() =>
        window.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }));
      for (const v of violations) {
        for (const n of v.nodes) check(false, `${path} ${width} ${colorScheme}: ${v.id}: ${n.target.join(" ")} ${n.failureSummary?.split("\n")[1] ?? ""}`);
      }
      check(violations.length === 0, `${path} ${width} ${colorScheme}: ${violations.length} axe rules broken`);
      if (shots) {
        const name = (path.replaceAll(/[/?&=]+/g, "-").replace(/^-/, "") || "goc") + `-${width}${colorScheme === "dark" ? "-toi" : ""}.png`;
        await page.screenshot({ path: `${shots}/${name}`, fullPage: true });
      }
    }
    await context.close();
  }
  const context = await browser.newContext();
  const page = await context.newPage();
  const said = [];
  page.on("console", (m) => ["error", "warning"].includes(m.type()) && said.push(m.text()));
  page.on("pageerror", (e) => said.push(String(e)));
  for (const [width, size] of widths) {
    await context.addCookies([{ name: "size", value: size, url: base }]);
    await page.setViewportSize({ width, height: 800 });
    await page.goto(base + path, { waitUntil: "networkidle" });
    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    check(over <= 0, `${path}: ${over} px too wide at ${width}, letters ${size}`);
  }
  check(said.length === 0, `${path}: ${[...new Set(said)].join(" | ")}`);
  await context.close();
}
await browser.close();
console.log(`${checks - failures} checks passed, ${failures} failed`);
process.exit(failures ? 1 : 0);
