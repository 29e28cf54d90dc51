// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// A family's own sheet by QR, on a phone of 390 px: an officer makes the slips of an area, one family fills in its sheet without a script, another with one, in the
// dark; each sends a picture; the officer takes what was sent. On the way every page is judged by axe, its width and its targets.
//   node e2e/family.mjs BASE PASSWORD LOGIN PICTURE
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { chromium } from "../ui/node_modules/playwright-core/index.mjs";
import { signIn } from "./signin.mjs";

const [, , base, password, login, picture] = process.argv;
const axe = await readFile(createRequire(new URL("../ui/package.json", import.meta.url)).resolve("axe-core/axe.min.js"), "utf8");
const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const phone = { width: 390, height: 844 };

let failures = 0;
function demand(ok, text) {
  if (ok) return;
  failures++;
  console.log("FAIL", text);
}

const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: flags });

// look judges a page that was opened in a context whose scripts run; a page without scripts has the same HTML.
async function look(page, name, touch) {
  demand((await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)) <= 0, `${name}: scrolls sideways`);
  await page.evaluate(axe);
  const found = await page.evaluate((values) => axe.run({ runOnly: { type: "tag", values } }).then((r) => r.violations.map((v) => v.id + ": " + v.nodes[0].target)), rules);
  demand(found.length === 0, `${name}: ${found}`);
  if (!touch) return;
  const small = await page.evaluate(() => [...document.querySelectorAll("main button, main input:not([type=hidden]), main summary")].map((e) => [e.outerHTML.slice(0, 60), (e.closest("label") ?? e).getBoundingClientRect()]).filter(([, r]) => r.width > 0 && r.height < 44).map(([html]) => html));
  demand(small.length === 0, `${name}: targets under 44 px: ${small}`);
}

async function answer(page) {
  const names = new Set(await page.locator("input[type=radio]").evaluateAll((l) => l.map((i) => i.name)));
  for (const name of names) {
    const choices = page.locator(`input[name="${name}"]`);
    await choices.nth(name.startsWith("g.") ? 0 : (await choices.count()) - 2).check({ force: true }); // the last is "not sure"
  }
  for (const name of new Set(await page.locator("input[type=checkbox]").evaluateAll((l) => l.map((i) => i.name)))) await page.locator(`input[name="${name}"]`).first().check({ force: true });
  for (const typed of await page.locator(".fam__num input").all()) await typed.fill("1");
  return names.size;
}

const office = await browser.newContext({ viewport: { width: 1280, height: 900 } });
demand((await signIn(office, base, login, password)).status() === 303, "the officer cannot sign in");
const desk = await office.newPage();
desk.on("console", (m) => demand(m.type() !== "error", "desk: " + m.text()));
await desk.goto(base + "/nhap");
const areas = await desk.locator('a[href^="/nhap/"]').evaluateAll((l) => [...new Set(l.map((a) => new URL(a.href).pathname.split("/")[2]))]);
let slips = [];
for (const area of areas) {
  await desk.goto(`${base}/tu-cham/${area}`);
  const make = desk.locator('form:has(input[value="tao"]):not(:has(input[name="ho"])) button');
  if (await make.count()) await make.click();
  await desk.waitForLoadState();
  slips = await desk.locator(`tr:not(:has(td.num:not(:empty))) a[href*="/tu-cham/${area}/"]`).evaluateAll((l) => l.map((a) => a.href));
  if (slips.length >= 2) break;
}
demand(slips.length >= 2, "no area with two open households");
await look(desk, "the slips of an area", false);
const board = desk.url();

for (const [n, script] of [false, true].entries()) {
  await desk.goto(slips[n]);
  await look(desk, "a slip", false);
  const link = (await desk.locator("[data-share-text]").inputValue()).match(/http\S+/)[0];
  const context = await browser.newContext({ viewport: phone, javaScriptEnabled: script, colorScheme: script ? "dark" : "light" });
  const page = await context.newPage();
  page.on("console", (m) => demand(m.type() !== "error", `${link}: ${m.text()}`));
  const html = await (await page.goto(link)).text();
  demand(html.length <= 60 * 1024, `the form has ${html.length} bytes`);
  if (script) await look(page, "the sheet", true);
  const asked = await answer(page);
  demand(asked >= 4, `only ${asked} questions`);
  if (script) { // left unfinished, offered again
    await page.waitForTimeout(600);
    await page.reload();
    demand(await page.locator("[data-kept]").isVisible(), "what was typed is not offered again");
    await page.locator("[data-kept-use]").click();
    demand((await page.locator(".fam__ask input:checked").count()) >= asked, "what was typed is not filled in again");
  }
  await page.locator(".fam__send button").click();
  await page.waitForLoadState();
  demand(/tự chấm \d/.test(await page.locator("h1").first().textContent()), "no sum after sending");
  demand(/^\d{4}$/.test(await page.locator(".receipt__code").textContent()), "no house number");
  if (script) {
    await look(page, "what was sent", true);
    demand((await page.evaluate(() => Object.keys(localStorage).filter((k) => k.startsWith("keep:")).length)) === 0, "answers stay in the browser after sending");
  }
  const line = page.locator(".fam__lines > li").first();
  await line.locator("summary").click();
  await line.locator("input[type=file]").setInputFiles(picture);
  await line.locator("button").click();
  await page.waitForLoadState();
  demand((await page.locator(".fam__lines form[action$='/bo']").count()) === 1, "the picture is not there");
  const stranger = await (await browser.newContext({ viewport: phone })).newPage();
  await stranger.goto(link);
  await look(stranger, "another phone", true);
  demand((await stranger.locator(".fam__lines").count()) === 0 && (await stranger.locator("input[name=so-nha]").count()) === 1, "another phone reads the answers");
  await stranger.goto(base + "/phieu/0000000000");
  await look(stranger, "a link that opens nothing", true);
}

await desk.goto(board);
const take = desk.locator('form:has(input[value="nhan"]) button');
demand((await take.count()) === 2, `${await take.count()} sheets wait`);
await take.first().click();
await desk.waitForLoadState();
demand((await desk.locator('form:has(input[value="nhan"])').count()) === 1, "the sheet was not taken");
await browser.close();
console.log(failures ? `${failures} failures` : "ok");
process.exit(failures ? 1 : 0);
