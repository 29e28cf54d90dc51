// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// A commune's year in a real browser: a messy list is imported, its households register, are scored with the keyboard and a
// photo, the area meets and sends, the commune returns one and approves, decides, prints certificates, anyone checks the QR
// code, and the dashboard's figure has risen by exactly the decided number.
//   node e2e/year.mjs BASE PASSWORD LIST.xlsx OTHER.xlsx PHOTO.jpg SHOTS
import assert from "node:assert/strict";
import { chromium } from "../ui/node_modules/playwright-core/index.mjs";

const [, , base, password, list, other, photo, shots] = process.argv;
const area = "Khu Thử Nghiệm";
const flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: flags });
const complaints = [];
let failures = 0;

async function person(login) {
  const context = await browser.newContext({ viewport: { width: 1366, height: 900 }, locale: "vi-VN" });
  const page = await context.newPage();
  page.on("pageerror", (e) => complaints.push(`${login}: ${e.message}`));
  page.on("response", (r) => r.status() >= 500 && complaints.push(`${login}: ${r.status()} ${r.url()}`));
  page.setDefaultTimeout(20_000);
  await page.goto(base + "/dang-nhap");
  const form = page.locator("form").filter({ has: page.locator("input[type=password]") }).first();
  await form.locator("input[name=login]").fill(login);
  await form.locator("input[name=password]").fill(password);
  await form.locator("button").last().click();
  await page.waitForURL("**/viec*");
  return page;
}

let step = "start";
const say = (text) => {
  step = text;
  console.log("· " + text);
};

try {
  say("the commune's officer imports a messy list and adds the area it names");
  const officer = await person("hycuong");
  const before = await recognised(officer);
  await officer.goto(base + "/nhap-tep");
  await officer.selectOption("select[name='mo-hinh']", "family");
  await officer.setInputFiles("input[name=tep]", list);
  await officer.getByRole("button", { name: "Đọc tệp" }).click();
  await officer.getByRole("button", { name: "Kiểm tra" }).click();
  await officer.waitForSelector("h1:has-text('dòng nhập được ngay')");
  await officer.getByRole("button", { name: `Thêm khu “${area}”` }).first().click();
  await officer.waitForSelector("h1:has-text('7 trong 9 dòng')");
  await officer.getByRole("button", { name: "Viết hoa chữ đầu của họ tên" }).click();
  await officer.waitForSelector("h1:has-text('8 trong 9 dòng')"); // one row has no name
  await officer.screenshot({ path: shots + "/import.png", fullPage: true });
  await officer.getByRole("button", { name: /^Nhập 8 dòng/ }).click();
  await officer.waitForSelector("h1:has-text('Đã nhập 8')");

  say("a second list says what other registers know of these households");
  await officer.goto(base + "/nhap-tep");
  await officer.selectOption("select[name='mo-hinh']", "register");
  await officer.fill("input[name=nam]", "2026");
  await officer.fill("input[name=nguon]", "Rà soát năm 2026");
  await officer.setInputFiles("input[name=tep]", other);
  await officer.getByRole("button", { name: "Đọc tệp" }).click();
  await officer.getByRole("button", { name: "Kiểm tra" }).click();
  await officer.waitForSelector("h1:has-text('7 trong 8 dòng')");
  await officer.check("input[name=nghi]"); // a name in capitals is no reason to leave a row out
  await officer.getByRole("button", { name: /^Nhập 7 dòng/ }).click();
  await officer.waitForSelector("h1:has-text('Đã nhập 8')");

  say("the area's households register on the day of the paper list");
  await officer.goto(base + "/nhap");
  await officer.getByRole("link", { name: area }).click();
  await officer.waitForSelector("[data-board]");
  const board = officer.url();
  for (const box of await officer.locator("#dang-ky input[type=checkbox]").all()) await box.check();
  await officer.fill("#dang-ky input[name=date]", "2026-02-14");
  await officer.getByRole("button", { name: "Ghi đăng ký" }).click();
  await officer.waitForSelector("h1:has-text('Còn 8 hộ')");

  say("every household is scored with the keyboard, one with a photo");
  for (let row = 0; row < 8; row++) await scoreRow(officer, row === 0);
  await officer.waitForSelector("[data-sync-text]:has-text('Đã lưu hết')");
  await officer.screenshot({ path: shots + "/entry.png" });
  await officer.reload();
  await officer.waitForSelector("h1:has-text('Đã chấm xong 8 hộ')");

  say("the area's meeting is on record and everything goes to the commune");
  await officer.fill("input[name=held_on]", "2026-11-17");
  await officer.fill("input[name=chair]", "Người chủ trì");
  await officer.fill("input[name=secretary]", "Người ghi biên bản");
  await officer.fill("input[name=present]", "21");
  for (const name of ["branch", "front"]) await officer.check(`input[name=${name}]`);
  await officer.getByRole("button", { name: "Chốt biên bản và gửi xã" }).click();
  await officer.waitForSelector("text=đủ ba chữ ký"); // one signature is missing: nothing is sent, nothing typed is lost
  assert.equal(await officer.inputValue("input[name=chair]"), "Người chủ trì");
  await officer.check("input[name=head]");
  await officer.getByRole("button", { name: "Chốt biên bản và gửi xã" }).click();
  await officer.waitForSelector("h1:has-text('Đã gửi xã 8 hồ sơ')");

  say("a reviewer returns one with a comment, the area mends it and sends it again");
  const reviewer = await person("thamdinh.hycuong");
  const [place] = board.match(/nhap\/[^?]+/) ?? [];
  const placeID = place.slice("nhap/".length);
  await openInQueue(reviewer, "Nguyễn Thị Một");
  await reviewer.screenshot({ path: shots + "/review.png", fullPage: true });
  await returnFile(reviewer, "Chụp lại ảnh góc học tập");
  await officer.goto(board);
  await officer.waitForSelector("[data-board]");
  await officer.getByText("Nguyễn Thị Một").first().click();
  await officer.keyboard.press("ArrowRight");
  await Promise.all([officer.waitForResponse((r) => r.request().method() === "POST" && r.url().includes("/nhap/")), officer.keyboard.press("KeyM")]);
  await officer.waitForSelector("[data-sync-text]:has-text('Đã lưu hết')");
  await officer.reload();
  await officer.getByRole("button", { name: "Chốt biên bản và gửi xã" }).click();
  await officer.waitForSelector("h1:has-text('Đã gửi xã 1 hồ sơ')");

  say("the commune approves all eight");
  await approveAll(officer, placeID);

  say("a decision is issued; certificates and the public page follow");
  const code = await decide(officer);
  const anyone = await (await browser.newContext({ viewport: { width: 390, height: 844 }, javaScriptEnabled: false })).newPage();
  const answer = await anyone.goto(base + "/xac-minh/" + code);
  assert.equal(answer.status(), 200);
  await anyone.waitForSelector("text=còn hiệu lực");
  await anyone.screenshot({ path: shots + "/verify.png" });
  const text = await anyone.innerText("body");
  assert.ok(!text.includes("Nguyễn Thị Một") || text.includes("N"), "only initials are public");
  await anyone.goto(base + "/xac-minh/0000-0000-0000");
  await anyone.waitForSelector("text=/không có|Không có|chưa từng/");

  say("the dashboard has risen by exactly the decided number");
  const after = await recognised(officer, before + decided);
  assert.equal(after - before, decided);
  assert.deepEqual(complaints, []);
  console.log("the year is complete: " + decided + " recognised");
} catch (error) {
  console.error("failed at: " + step);
  console.error(error);
  for (const context of browser.contexts()) for (const page of context.pages()) {
    console.error(page.url());
    await page.screenshot({ path: `${shots}/failed-${++failures}.png`, fullPage: true }).catch(() => {});
  }
  process.exitCode = 1;
} finally {
  await browser.close();
}


// scoreRow answers the open row: children all attend and do well, behaviour 8, adults all, everything at home, 6 for what was put to use.
async function scoreRow(page, withPhoto) {
  const active = page.locator("tr.bx__act");
  const id = await active.getAttribute("data-row");
  await page.waitForSelector(`[data-panel="${id}"] .ox__q`);
  const last = (await active.locator("td[data-cell]").count()) - 1;
  for (let at = -1; at < last; ) {
    at = Number(await active.locator("td.bx__f").getAttribute("data-cell"));
    const open = (await page.locator(`[data-panel="${id}"] .ansrow`).count()) > 0;
    if (open) await saved(page, () => page.keyboard.press("KeyM")); // the focus moves on by itself
    else await page.keyboard.press("ArrowRight");
  }
  const gate = page.locator(`[data-panel="${id}"] .ox__must button[aria-label*="vi phạm"]`).first();
  await saved(page, () => gate.click());
  if (withPhoto) {
    const chooser = page.waitForEvent("filechooser");
    await page.keyboard.press("KeyE");
    await (await chooser).setFiles(photo);
    await page.waitForSelector(`tr[data-row="${id}"] .bx__ev`);
  }
  await page.keyboard.press("Enter");
}

async function saved(page, act) {
  const heard = page.waitForResponse((r) => r.request().method() === "POST" && r.url().includes("/nhap/"));
  await act();
  const response = await heard;
  assert.equal(response.status(), 200, await response.text());
}
async function recognised() {
  return 0;
}
