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
let holder = "";

async function person(login, secret = password, there = "**/viec*") {
  const context = await browser.newContext({ viewport: { width: 1366, height: 900 }, locale: "vi-VN" });
  const page = await context.newPage();
  page.on("pageerror", (e) => complaints.push(`${login}: ${e.message}`));
  page.on("response", (r) => r.status() >= 500 && complaints.push(`${login}: ${r.status()} ${r.url()}`));
  page.setDefaultTimeout(20_000);
  await page.goto(base + "/dang-nhap");
  const form = page.locator("form").filter({ has: page.locator("input[type=password]") }).first();
  await form.locator("input[name=login]").fill(login);
  await form.locator("input[name=password]").fill(secret);
  await form.locator("button").last().click();
  await page.waitForURL(there);
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

  say("the area gets a volunteer, who takes the password from a slip and changes it");
  await officer.goto(base + "/tai-khoan");
  await officer.fill("#moi ~ * input[name=login], form[data-keep='tai-khoan'] input[name=login]", "truongkhu.thu");
  const fresh = officer.locator("form[data-keep='tai-khoan']");
  await fresh.locator("input[name=name]").fill("Người Trưởng Khu");
  await fresh.locator("select[name=role]").selectOption("area_volunteer");
  await fresh.locator("select[name=at]").selectOption({ label: area });
  const slip = await fresh.locator("input[name=password]").inputValue();
  await fresh.getByRole("button", { name: "Thêm tài khoản" }).click();
  await officer.waitForSelector("text=Phiếu đưa tận tay");
  const head = await person("truongkhu.thu", slip, "**/mat-khau");
  head.on("filechooser", (chooser) => chooser.setFiles(photo)); // from now on, so that no press comes before the browser knows
  await head.fill("input[name=old]", slip);
  await head.fill("input[name=password]", "một câu dài dễ nhớ");
  await head.getByRole("button", { name: "Đổi mật khẩu" }).click();

  say("the area's households register on the day of the paper list");
  await head.goto(base + "/nhap");
  await head.waitForSelector("[data-board]");
  const board = head.url();
  for (const box of await head.locator("#dang-ky input[type=checkbox]").all()) await box.check();
  await head.fill("#dang-ky input[name=date]", "2026-02-14");
  await head.getByRole("button", { name: "Ghi đăng ký" }).click();
  await head.waitForSelector("h1:has-text('Còn 8 hộ')");

  say("every household is scored with the keyboard, one with a photo");
  for (let row = 0; row < 8; row++) await scoreRow(head, row === 0);
  await head.waitForSelector("[data-sync-text]:has-text('Đã lưu hết')");
  await head.screenshot({ path: shots + "/entry.png" });
  await head.reload();
  await head.waitForSelector("h1:has-text('Đã chấm xong 8 hộ')");

  say("without a network two answers wait; when it is back they go together");
  for (const name of ["Phạm Văn Bốn", "Đỗ Văn Sáu"]) await openRow(head, name);
  await head.context().setOffline(true);
  for (const name of ["Phạm Văn Bốn", "Đỗ Văn Sáu"]) {
    await openRow(head, name);
    await head.keyboard.press("KeyM");
    await head.waitForSelector("[data-panel] .ox__n b:has-text('chờ máy chủ ghi nhận')"); // the browser's own points
  }
  await head.waitForSelector("[data-sync-text]:has-text('2')");
  const together = head.waitForResponse((r) => r.request().method() === "POST" && new URL(r.url()).pathname === new URL(board).pathname);
  await head.context().setOffline(false);
  assert.deepEqual((await (await together).json()).rows.map((r) => r.sentence ?? ""), ["", ""]);
  await head.waitForSelector("[data-sync-text]:has-text('Đã lưu hết')");

  say("the area's meeting is on record and everything goes to the commune");
  await head.fill("input[name=held_on]", "2026-11-17");
  await head.fill("input[name=chair]", "Người chủ trì");
  await head.fill("input[name=secretary]", "Người ghi biên bản");
  await head.fill("input[name=present]", "21");
  for (const name of ["branch", "front"]) await head.check(`input[name=${name}]`);
  await head.getByRole("button", { name: "Chốt biên bản và gửi xã" }).click();
  await head.waitForSelector("text=đủ ba chữ ký"); // one signature is missing: nothing is sent, nothing typed is lost
  assert.equal(await head.inputValue("input[name=chair]"), "Người chủ trì");
  await head.check("input[name=head]");
  await head.getByRole("button", { name: "Chốt biên bản và gửi xã" }).click();
  await head.waitForSelector("h1:has-text('Đã gửi xã 8 hồ sơ')");

  say("a reviewer returns one with a comment, the area mends it and sends it again");
  const reviewer = await person("thamdinh.hycuong");
  await reviewer.goto(base + "/tham-dinh?phan=khop&tim=" + encodeURIComponent("nguyen thi mot")); // without accents
  await reviewer.getByRole("link", { name: /Nguyễn Thị Một/ }).first().click();
  await reviewer.waitForSelector("h1:has-text('Nguyễn Thị Một'), h2:has-text('Nguyễn Thị Một')");
  await reviewer.screenshot({ path: shots + "/review.png" });
  await reviewer.getByRole("link", { name: /Yêu cầu bổ sung/ }).click();
  await reviewer.locator("textarea[name='comment.']").fill("Chụp lại ảnh góc học tập");
  await reviewer.locator("button[value=bo-sung]").click();
  await reviewer.waitForLoadState();
  await head.goto(board);
  await head.waitForSelector("tr.bx__act");
  await head.locator(".bx__n", { hasText: "Nguyễn Thị Một" }).click();
  await head.waitForSelector("[data-panel] .ansrow");
  await saved(head, () => head.keyboard.press("KeyM"));
  await head.waitForSelector("[data-sync-text]:has-text('Đã lưu hết')");
  await head.reload();
  await head.getByRole("button", { name: "Chốt biên bản và gửi xã" }).click();
  await head.waitForSelector("h1:has-text('Đã gửi xã 1 hồ sơ')");

  say("the commune answers objections and approves what agrees");
  await answerAppeals(await person("pho.hycuong")); // who closed a file answers no appeal against it
  await officer.goto(base + "/tham-dinh?mo-hinh=family");
  await officer.getByRole("link", { name: /Duyệt loạt/ }).first().click();
  await officer.locator("#duyet-loat button[type=submit], #duyet-loat button:not([type])").last().click();
  await officer.waitForURL("**xong=duyet*");

  say("a decision is issued and leaves as a Word file; a numbered notice, certificates and the public page follow");
  const { code, decided } = await decide(officer);
  const anyone = await (await browser.newContext({ viewport: { width: 390, height: 844 }, javaScriptEnabled: false })).newPage();
  const answer = await anyone.goto(base + "/xac-minh/" + code);
  assert.equal(answer.status(), 200);
  await anyone.waitForSelector("h1:has-text('Giấy này có hiệu lực')");
  await anyone.screenshot({ path: shots + "/verify.png" });
  const text = await anyone.innerText("body");
  assert.ok(holder.length > 5 && !text.includes(holder), `only initials of ${holder} are public`);
  await anyone.goto(base + "/xac-minh/0000-0000-0000");
  await anyone.waitForSelector("h1:has-text('mã')");

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
    await page.screenshot({ path: `${shots}/failed-${++failures}.png`, fullPage: false }).catch(() => {});
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
    await page.keyboard.press("KeyE"); // the chooser is answered where head is made
    await page.waitForSelector(`tr[data-row="${id}"] .bx__ev`);
  }
  await page.keyboard.press("Enter");
}

// openRow opens the row of a name and waits for its questions.
async function openRow(page, name) {
  await page.locator(".bx__n", { hasText: name }).click();
  await page.waitForSelector("tr.bx__act:has-text('" + name + "') + [data-panel] .ansrow");
}

async function saved(page, act) {
  const heard = page.waitForResponse((r) => r.request().method() === "POST" && r.url().includes("/nhap/"));
  await act();
  const response = await heard;
  assert.equal(response.status(), 200, await response.text());
}

// answerAppeals dismisses every open objection, so that none stands in the way of the list.
async function answerAppeals(page) {
  for (let n = 0; n < 30; n++) {
    await page.goto(base + "/viec");
    const link = page.locator("a[href*='#phan-anh']").first();
    if ((await link.count()) === 0) return;
    await page.goto(base + (await link.getAttribute("href")));
    const form = page.locator("form[action*='/phan-anh/']").first();
    await form.locator("input[value=sai]").check();
    await form.locator("textarea[name=answer]").fill("Xã đã xem lại phiếu và minh chứng, điểm giữ nguyên.");
    await form.locator("button").last().click();
    await page.waitForLoadState();
  }
}

// decide makes a decision of everything approved, issues it and returns a certificate's code and how many it names.
async function decide(page) {
  await page.goto(base + "/quyet-dinh");
  await page.locator("a[href*='de-nghi'][href*='family']").first().click();
  await page.screenshot({ path: shots + "/proposal.png", fullPage: true });
  await page.locator("button:has-text('Soạn quyết định')").click();
  await page.waitForSelector("a[href='#ky']");
  await page.screenshot({ path: shots + "/decision.png" });
  await page.locator("a[href='#ky']").click();
  const ask = page.locator("#ky");
  await ask.locator("input[name=signer]").fill("Người Ký Thử");
  await ask.locator("[name=post]").fill("Chủ tịch");
  await ask.locator("button").last().click();
  await page.waitForSelector("text=Đã ban hành");
  await page.screenshot({ path: shots + "/issued.png" });
  const word = await Promise.all([page.waitForEvent("download"), page.locator("a[href$='/tai?dang=docx']").first().click()]);
  assert.match(word[0].suggestedFilename(), /^quyet-dinh-\d+-2026\.docx$/);
  await page.locator("#giay-to summary").click();
  await page.locator("#giay-to form button").last().click();
  await page.waitForSelector("#giay-to >> text=01/TB-");
  const notice = await Promise.all([page.waitForEvent("download"), page.locator("#giay-to a", { hasText: "PDF" }).first().click()]);
  assert.match(notice[0].suggestedFilename(), /^tb-[a-z]+-1-2026\.pdf$/);
  const decided = Number((await page.locator("a[href$='/giay']").first().innerText()).replace(/\D/g, ""));
  await page.locator("a[href$='/giay']").first().click();
  await page.waitForSelector(".cert");
  await page.screenshot({ path: shots + "/certificates.png" });
  const sheet = page.locator(".cert").first();
  holder = (await sheet.locator(".cert__ten").first().innerText()).replace(/^.*?(ông|bà) /, "");
  const code = ((await sheet.innerText()).match(/[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}/) ?? [])[0];
  assert.ok(code, "the certificate carries its code");
  return { code, decided };
}

// recognised reads the dashboard's figure of recognised families; with want it waits until a fresh sum is shown, a second or so.
async function recognised(page, want) {
  for (let n = 0; ; n++) {
    await page.goto(base + "/xa/08515@2025-07-01");
    const tile = await page.locator(".tile", { hasText: "Gia đình" }).first().innerText();
    const figure = Number(tile.match(/([\d.]+) \/ [\d.]+ hộ/)[1].replaceAll(".", ""));
    if (want === undefined || figure === want || n === 10) return figure;
    await page.waitForTimeout(500);
  }
}
