// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Keys of devices in a real browser with an authenticator made of software: added, used, copied, removed, and asked for by a stranger's page.
//   node e2e/passkey.mjs BASE PASSWORD SHOTS      BASE is http://localhost:PORT
import { createServer } from "node:http";
import { mkdir } from "node:fs/promises";
import { chromium } from "../ui/node_modules/playwright-core/index.mjs";

const [, , base, password, shots] = process.argv;
await mkdir(shots, { recursive: true });
const flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: flags });
let failures = 0;
function check(what, holds, more = "") {
  if (!holds) failures++;
  console.log(holds ? "ok  " : "FAIL", what, holds ? "" : more);
}

const context = await browser.newContext({ locale: "vi-VN", viewport: { width: 1280, height: 800 } });
const page = await context.newPage();
const said = [];
page.on("console", (m) => m.type() === "error" && !/422|404/.test(m.text()) && said.push(m.text()));
page.on("pageerror", (e) => said.push(String(e)));
const debug = await context.newCDPSession(page);
await debug.send("WebAuthn.enable");
async function device(present) {
  const { authenticatorId } = await debug.send("WebAuthn.addVirtualAuthenticator", {
    options: { protocol: "ctap2", ctap2Version: "ctap2_1", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: present },
  });
  return authenticatorId;
}
const main = () => page.locator("main").innerText();
// token is what the forms of the page carry, as a browser posts it.
const token = () => page.locator('meta[name="form-token"]').getAttribute("content");
const signOut = async () => {
  const left = await page.request.post(base + "/dang-xuat", { form: { _the: await token() }, maxRedirects: 0 });
  if (left.status() !== 303) throw new Error(`signing out: ${left.status()}`);
  await page.goto(base + "/dang-nhap");
};
const press = async () => {
  await Promise.all([page.waitForURL((u) => u.pathname !== "/dang-nhap"), page.getByRole("button", { name: "Đăng nhập bằng khoá truy cập" }).click()]);
};
async function pictures(name) {
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    for (const width of [390, 1280]) {
      await page.setViewportSize({ width, height: width < 500 ? 844 : 800 });
      await page.screenshot({ path: `${shots}/${name}-${width}${colorScheme === "dark" ? "-toi" : ""}.png`, fullPage: true });
      const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      check(`${name} fits ${width} px`, over <= 0, over);
    }
  }
  await page.emulateMedia({ colorScheme: "light" });
}

// A browser has keys, its owner none yet.
let authenticator = await device(true);
await page.goto(base + "/dang-nhap");
await page.getByRole("button", { name: "Đăng nhập bằng khoá truy cập" }).waitFor();
check("the key comes before the password", await page.evaluate(() => {
  const key = document.querySelector("[data-passkey-in]");
  return !!(key.compareDocumentPosition(document.querySelector("input[type=password]")) & Node.DOCUMENT_POSITION_FOLLOWING);
}));
check("the browser may offer keys in the field", (await page.locator("#login, [name=login]").first().getAttribute("autocomplete")) === "username webauthn");
await pictures("dang-nhap");
await page.locator("[name=login]").first().fill("hycuong");
await page.locator("form.card input[type=password]").first().fill(password);
await page.getByRole("button", { name: "Đăng nhập", exact: true }).click();
await page.waitForURL((u) => u.pathname === "/viec");

await page.goto(base + "/bao-mat/khoa");
await pictures("khoa-trong");
await page.getByLabel("Tên khoá").fill("Máy ở trụ sở");
await page.locator("#khoa-mk").fill("không phải");
await page.getByRole("button", { name: "Thêm khoá" }).click();
await page.locator("[data-passkey-said]", { hasText: "Mật khẩu đang dùng chưa đúng." }).waitFor();
check("a wrong password makes no key", (await debug.send("WebAuthn.getCredentials", { authenticatorId: authenticator })).credentials.length === 0);
await page.locator("#khoa-mk").fill(password);
await Promise.all([page.waitForURL((u) => u.search === "?xong=them"), page.getByRole("button", { name: "Thêm khoá" }).click()]);
check("the key is listed", (await main()).includes("Máy ở trụ sở"));
await page.getByLabel("Tên mới của khoá Máy ở trụ sở").fill("Máy tính bàn");
await Promise.all([page.waitForURL((u) => u.search === "?xong=ten"), page.getByRole("button", { name: "Đổi tên" }).click()]);
check("it has another name", (await main()).includes("Máy tính bàn"));
await page.getByLabel("Tên khoá", { exact: true }).fill("Lần nữa");
await page.locator("#khoa-mk").fill(password);
await page.getByRole("button", { name: "Thêm khoá" }).click();
await page.locator("[data-passkey-said]", { hasText: "Khoá này đã có ở đây" }).waitFor();
await pictures("khoa-co");

// The copy is taken now, before the key is used again.
const { credentials } = await debug.send("WebAuthn.getCredentials", { authenticatorId: authenticator });
check("it is found without a name", credentials[0]?.isResidentCredential === true && credentials[0].rpId === "localhost");
const copy = { ...credentials[0] };

// Signing in: the browser offers by itself what the authenticator has and nobody types anything.
for (let i = 0; i < 2; i++) {
  await debug.send("WebAuthn.setAutomaticPresenceSimulation", { authenticatorId: authenticator, enabled: false });
  await page.goto(base + "/viec");
  await signOut();
  check("signed out", new URL(page.url()).pathname === "/dang-nhap");
  await page.getByRole("button", { name: "Đăng nhập bằng khoá truy cập" }).waitFor();
  await debug.send("WebAuthn.setAutomaticPresenceSimulation", { authenticatorId: authenticator, enabled: true });
  await press();
  check("signed in without typing", new URL(page.url()).pathname === "/viec", page.url() + (await main()));
}
await page.goto(base + "/bao-mat/khoa");
check("the page says when", (await main()).includes("Dùng lần cuối"));

// The person does not confirm on the device.
await debug.send("WebAuthn.setUserVerified", { authenticatorId: authenticator, isUserVerified: false });
await signOut();
await page.getByRole("button", { name: "Đăng nhập bằng khoá truy cập" }).click();
await page.locator("[data-passkey-said]", { hasText: "Chưa xác nhận được trên máy" }).waitFor({ timeout: 90_000 });
check("without the finger nobody comes in", new URL(page.url()).pathname === "/dang-nhap");
await debug.send("WebAuthn.setUserVerified", { authenticatorId: authenticator, isUserVerified: true });

// A page of a stranger on the same machine asks the browser for an answer to our challenge.
const other = createServer((_, res) => res.setHeader("Content-Type", "text/html").end("<!doctype html><title>x</title>"));
await new Promise((ready) => other.listen(0, "127.0.0.1", ready));
const proof = await token();
const begun = await (await page.request.post(base + "/dang-nhap/khoa/bat-dau", { data: {}, headers: { "X-Form-Token": proof } })).json();
await page.goto(`http://localhost:${other.address().port}/`);
const stolen = await page.evaluate(async (options) => {
  const c = await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
  return JSON.stringify(c.toJSON());
}, begun.options);
const refused = await page.request.post(base + "/dang-nhap/khoa", { form: { _the: proof, sealed: begun.sealed, answer: stolen, ve: "" }, maxRedirects: 0 });
check("an answer given to another page is refused", refused.status() === 422 && (await refused.text()).includes("không hợp lệ"), refused.status());
other.close();

// The copy: its counter is behind.
await debug.send("WebAuthn.removeVirtualAuthenticator", { authenticatorId: authenticator });
authenticator = await device(true);
await debug.send("WebAuthn.addCredential", { authenticatorId: authenticator, credential: copy });
await debug.send("WebAuthn.setAutomaticPresenceSimulation", { authenticatorId: authenticator, enabled: false });
await page.goto(base + "/dang-nhap");
await page.getByRole("button", { name: "Đăng nhập bằng khoá truy cập" }).waitFor();
await debug.send("WebAuthn.setAutomaticPresenceSimulation", { authenticatorId: authenticator, enabled: true });
// The answer offers keys again: without a hand on the device it stays as it is.
await Promise.all([
  page.waitForResponse((r) => new URL(r.url()).pathname === "/dang-nhap/khoa").then(() => debug.send("WebAuthn.setAutomaticPresenceSimulation", { authenticatorId: authenticator, enabled: false })),
  page.getByRole("button", { name: "Đăng nhập bằng khoá truy cập" }).click(),
]);
await page.waitForLoadState("networkidle");
await page.getByText("dấu hiệu sao chép").waitFor();
check("a copied key is shut", new URL(page.url()).pathname === "/dang-nhap/khoa");
await pictures("sao-chep");

// Its owner comes in by the password, sees it and removes it.
await page.locator("[name=login]").first().fill("hycuong");
await page.locator("form.card input[type=password]").first().fill(password);
await page.getByRole("button", { name: "Đăng nhập", exact: true }).click();
await page.waitForURL((u) => u.pathname === "/viec");
await page.goto(base + "/bao-mat/khoa");
check("the owner is warned", (await main()).includes("Đã chặn"));
await pictures("khoa-chan");
await page.getByRole("link", { name: "Gỡ khoá: Máy tính bàn" }).click();
await Promise.all([page.waitForURL((u) => u.search === "?xong=bo"), page.getByRole("button", { name: "Gỡ khoá" }).click()]);
check("it is gone", (await main()).includes("Chưa có khoá nào"));
await debug.send("WebAuthn.setAutomaticPresenceSimulation", { authenticatorId: authenticator, enabled: false });
await signOut();
await page.getByRole("button", { name: "Đăng nhập bằng khoá truy cập" }).waitFor();
await debug.send("WebAuthn.setAutomaticPresenceSimulation", { authenticatorId: authenticator, enabled: true });
await page.getByRole("button", { name: "Đăng nhập bằng khoá truy cập" }).click();
await page.getByText("Khoá này không còn mở được tài khoản nào").waitFor();
check("a removed key opens nothing", new URL(page.url()).pathname === "/dang-nhap/khoa");

// Where browsers make no keys, and in a browser without them, nobody is shown any.
await page.goto(base.replace("localhost", "127.0.0.1") + "/dang-nhap");
check("no key at an address of numbers", !(await page.getByRole("button", { name: "Đăng nhập bằng khoá truy cập" }).isVisible()));
const old = await browser.newContext({ locale: "vi-VN" });
await old.addInitScript(() => delete window.PublicKeyCredential);
const bare = await old.newPage();
await bare.goto(base + "/dang-nhap");
check("no key in an old browser", !(await bare.getByRole("button", { name: "Đăng nhập bằng khoá truy cập" }).isVisible()));
await old.close();
check("the console is quiet", said.length === 0, said.join(" | "));
await browser.close();
console.log(`${failures} failures`);
process.exit(failures ? 1 : 0);
