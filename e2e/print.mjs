// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Prints a decision with a long list from its print preview, with names so long that no list fits on its sheet, and looks at the preview on a phone.
//   node e2e/print.mjs BASE PASSWORD FILE.pdf
import { chromium } from "../ui/node_modules/playwright-core/index.mjs";
import { signIn } from "./signin.mjs";

const [, , base, password, file] = process.argv;
const flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: flags });
const context = await browser.newContext({ viewport: { width: 390, height: 844 }, locale: "vi-VN" });
const r = await signIn(context, base, "hycuong", password);
if (r.status() !== 303) throw new Error(`no sign-in: ${r.status()}`);
const page = await context.newPage();
const place = base + "/quyet-dinh/08515@2025-07-01";
await page.goto(place + "?nam=2025");
const decisions = await page.$$eval("main a", (all) => all.map((a) => a.getAttribute("href")).filter((h) => /\/[0-9a-z]{26}$/.test(h)));
let decision = "";
for (const one of new Set(decisions)) {
  await page.goto(base + one + "/in");
  if ((await page.$$(".a4")).length > 2) decision = one;
}
if (!decision) throw new Error(`no long list among ${decisions.length} decisions`);
for (const path of [base + decision + "/in", place + "/so?co-quan=ubnd_xa-08515%402025-07-01&nam=2025"]) {
  await page.goto(path);
  const left = await page.$eval(".a4", (sheet) => sheet.getBoundingClientRect().left);
  if (left < 0) throw new Error(`${path}: the sheet begins ${-left} px left of the screen`);
}
await page.goto(base + decision + "/in");
await page.$$eval(".ds td:nth-child(2)", (all) => all.forEach((td) => (td.textContent = (td.textContent + " ").repeat(4).trim())));
await page.pdf({ path: file, preferCSSPageSize: true, printBackground: true });
await browser.close();
