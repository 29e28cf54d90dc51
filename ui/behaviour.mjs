// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Checks what the client script does, on the gallery:  node ui/behaviour.mjs http://127.0.0.1:8090
import assert from "node:assert/strict";
import { chromium } from "playwright-core";

const base = process.argv[2];
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});

let passed = 0;
async function check(name, act, options = {}) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  try {
    await act(page);
    passed++;
  } catch (error) {
    process.exitCode = 1;
    console.log("FAIL", name, "\n", error.message);
  }
  await context.close();
}
const attribute = (page, name) => page.evaluate((n) => document.documentElement.dataset[n], name);

await check("size and theme change at once and stay", async (page) => {
  await page.goto(base + "/");
  await page.click("a[data-cycle=size]");
  await page.click("a[data-cycle=theme]");
  assert.equal(await attribute(page, "size"), "lon");
  assert.equal(await attribute(page, "theme"), "light");
  assert.equal(await page.textContent("#noi-ra"), "Nền sáng");
  await page.goto(base + "/tuan-nay");
  assert.equal(await attribute(page, "size"), "lon");
  assert.equal(await attribute(page, "theme"), "light");
});

await check("language, size, menu and dialog work without a script", async (page) => {
  await page.goto(base + "/tong-quan?year=2025");
  await page.click("a[hreflang=en]");
  assert.equal(await page.getAttribute("html", "lang"), "en");
  assert.equal(new URL(page.url()).searchParams.get("year"), "2025");
  await page.click("a[data-cycle=size]");
  assert.equal(await attribute(page, "size"), "lon");
  await page.goto(base + "/");
  await page.click("a[data-ask]");
  assert.ok(await page.isVisible("#huy"));
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(base + "/tuan-nay");
  assert.ok(!(await page.isVisible("nav#chuc-nang >> text=Hướng dẫn")));
  await page.click(".nav__menu");
  assert.ok(await page.isVisible("nav#chuc-nang >> text=Hướng dẫn"));
  await page.click(".nav__close");
  assert.ok(!(await page.isVisible("nav#chuc-nang >> text=Hướng dẫn")));
}, { javaScriptEnabled: false });

await check("a dialog asks, Esc and the way out close it", async (page) => {
  await page.goto(base + "/");
  await page.click("a[data-ask]");
  assert.ok(await page.evaluate(() => document.querySelector("#huy").open));
  await page.click("#huy [data-close]");
  assert.ok(!(await page.evaluate(() => document.querySelector("#huy").open)));
  await page.click("a[data-ask]");
  await page.keyboard.press("Escape");
  assert.ok(!(await page.evaluate(() => document.querySelector("#huy").open)));
});

await check("keys: / finds, ? helps, digits act, none inside a field or while composing, and they can be switched off", async (page) => {
  await page.goto(base + "/tham-dinh");
  await page.evaluate(() => {
    window.pressed = 0;
    document.querySelector("[data-key=Digit1]").addEventListener("click", () => window.pressed++);
  });
  const pressed = () => page.evaluate(() => window.pressed);
  await page.keyboard.press("Digit1");
  await page.keyboard.press("Numpad1");
  assert.equal(await pressed(), 2);
  await page.evaluate(() => document.dispatchEvent(new KeyboardEvent("keydown", { code: "Digit1", isComposing: true })));
  await page.evaluate(() => document.dispatchEvent(new KeyboardEvent("keydown", { code: "Digit1", key: "ả" }))); // a VNI keyboard's letter
  assert.equal(await pressed(), 3);
  await page.focus("tbody input");
  await page.keyboard.press("Digit1");
  assert.equal(await pressed(), 3);
  await page.goto(base + "/");
  await page.keyboard.press("Slash");
  assert.equal(await page.evaluate(() => document.activeElement.name), "q");
  await page.evaluate(() => document.activeElement.blur());
  await page.keyboard.press("Shift+Slash");
  assert.ok(await page.evaluate(() => document.querySelector("#phim").open));
  await page.click("[data-keys-on]");
  await page.click("#phim [data-close]");
  await page.keyboard.press("Slash");
  assert.notEqual(await page.evaluate(() => document.activeElement.name), "q");
});

await check("what was typed is kept, offered, put back and dropped", async (page) => {
  await page.goto(base + "/bieu-mau");
  assert.ok(!(await page.isVisible("[data-kept]")));
  await page.fill("#head", "Hà Văn Chiến");
  await page.check("#kind-0");
  await page.waitForTimeout(600);
  await page.goto(base + "/");
  await page.goto(base + "/bieu-mau");
  assert.equal(await page.inputValue("#head"), "Nguyễn Thị Ngọc Ẩn");
  assert.ok(await page.isVisible("[data-kept]"));
  await page.click("[data-kept-use]");
  assert.equal(await page.inputValue("#head"), "Hà Văn Chiến");
  assert.ok(await page.isChecked("#kind-0"));
  await page.goto(base + "/bieu-mau");
  await page.click("[data-kept-drop]");
  await page.goto(base + "/bieu-mau");
  assert.ok(!(await page.isVisible("[data-kept]")));
});

await check("a refused or failed sending keeps the text; a taken one forgets it", async (page) => {
  const send = async (answer) => {
    await page.unroute("**/bieu-mau").catch(() => {});
    await page.goto(base + "/bieu-mau");
    await page.fill("#head", "Đinh Thị Ngoan");
    await page.route("**/bieu-mau", (route) => (route.request().method() === "POST" ? answer(route) : route.continue()));
    await page.evaluate(() => (window.before = true));
    await page.click("button.btn--primary", { noWaitAfter: true });
    const left = () => page.evaluate(() => !window.before && document.readyState === "complete").catch(() => false);
    for (let i = 0; i < 100 && !(await left()); i++) await page.waitForTimeout(50);
  };
  const kept = () => page.evaluate(() => Object.keys(localStorage).filter((k) => k.startsWith("keep:")).length);
  await page.goto(base + "/");
  const script = await page.getAttribute("script[type=module]", "src");
  await send((route) => route.abort());
  await page.goto(base + "/bieu-mau");
  assert.ok(await page.isVisible("[data-kept]"), "after a lost connection");
  await send((route) => route.fulfill({ status: 500, contentType: "text/html", body: `<!doctype html><script type="module" src="${script}"></script>` }));
  await page.goto(base + "/bieu-mau");
  assert.ok(await page.isVisible("[data-kept]"), "after a failure of the server");
  await send((route) => route.fulfill({ status: 303, headers: { location: base + "/tuan-nay" } }));
  assert.equal(await kept(), 0, "after success");
});

await check("the focus goes to the list of faults; its links lead to the fields", async (page) => {
  await page.goto(base + "/bieu-mau");
  assert.ok(await page.evaluate(() => document.activeElement.hasAttribute("data-errsum")));
  await page.click(".errsum a >> nth=0");
  assert.equal(await page.evaluate(() => document.activeElement.id), "points");
});

await check("a chosen file is named", async (page) => {
  await page.goto(base + "/bieu-mau");
  await page.setInputFiles("#photo", { name: "giay-khen.jpg", mimeType: "image/jpeg", buffer: Buffer.from("x") });
  assert.equal(await page.textContent("[data-file-name]"), "giay-khen.jpg");
});

await browser.close();
console.log(`${passed} behaviours passed`);
