// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// The review queue with the keyboard: 1, 2, 3 act on the open file, the arrows go through the list. The next file is fetched while
// this one is read, and put in place without a page load. Every form is the server's own; nothing here saves or decides.
import { inField, keys } from "./lib/keys";
import { announce, say } from "./lib/say";
import { watchReasons } from "./review/reasons";

const ahead = new Map<string, Promise<string>>();

start();

function start(): void {
  const print = document.querySelector<HTMLButtonElement>("[data-print]");
  if (print) {
    print.hidden = false;
    print.addEventListener("click", () => window.print());
  }
  if (!document.querySelector("[data-queue]")) return;
  keys({
    Digit1: () => press("1"),
    Digit2: () => press("2"),
    Digit3: () => press("3"),
    ArrowDown: () => step(1),
    ArrowUp: () => step(-1),
  });
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>("a[data-row], a[data-next]") : null;
    if (!link || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || narrow()) return;
    event.preventDefault();
    void open(link.href);
  });
  window.addEventListener("popstate", () => location.reload());
  window.addEventListener("beforeunload", (event) => {
    if (changed() && !sending) event.preventDefault();
  });
  document.addEventListener("submit", () => (sending = true));
  fresh();
}

let sending = false;

// narrow screens show either the list or the file, so they load pages.
function narrow(): boolean {
  return matchMedia("(max-width: 64rem)").matches;
}

function press(act: string): void {
  document.querySelector<HTMLElement>(`[data-act="${act}"]`)?.click();
}

function rows(): HTMLAnchorElement[] {
  return [...document.querySelectorAll<HTMLAnchorElement>("[data-row]")];
}

function step(by: number): void {
  const list = rows();
  const at = list.findIndex((row) => row.hasAttribute("aria-current"));
  const next = list[at + by]?.href ?? (by > 0 ? document.querySelector<HTMLAnchorElement>("[data-next]")?.href : undefined);
  if (next) void open(next);
}

// open puts another file in place. Scores that were changed and not kept are sent first, and the server then leads on.
async function open(url: string): Promise<void> {
  const form = document.querySelector<HTMLFormElement>("[data-judge]");
  if (form && changed()) {
    const leave = document.createElement("input");
    leave.type = "hidden";
    leave.name = "roi";
    leave.value = "1";
    form.append(leave);
    form.requestSubmit(form.querySelector<HTMLButtonElement>("button[value=luu]"));
    return;
  }
  const text = await fetched(url).catch(() => "");
  const page = new DOMParser().parseFromString(text, "text/html");
  const file = page.querySelector("[data-file]");
  const old = document.querySelector("[data-file]");
  if (!file || !old || !page.querySelector("#ten-ho-so")) {
    location.assign(url); // signed out, or the file has gone: the server says so
    return;
  }
  old.replaceWith(file);
  history.pushState(null, "", url);
  document.title = page.title;
  for (const row of rows()) {
    const on = new URL(row.href).searchParams.get("mo") === new URL(url).searchParams.get("mo");
    row.toggleAttribute("aria-current", on);
    if (on) {
      row.setAttribute("aria-current", "true");
      row.scrollIntoView({ block: "nearest" });
    }
  }
  const title = file.querySelector<HTMLElement>("#ten-ho-so");
  announce(title?.textContent ?? "");
  if (!inField(document.activeElement)) title?.focus({ preventScroll: true });
  scrollTo({ top: 0 });
  fresh();
}

function fetched(url: string): Promise<string> {
  const kept = ahead.get(url);
  ahead.delete(url); // once only: what is shown later must be fresh
  return kept ?? get(url);
}

async function get(url: string): Promise<string> {
  const response = await fetch(url, { headers: { Accept: "text/html" }, credentials: "same-origin" });
  return response.ok && !response.redirected ? response.text() : "";
}

// fresh readies a file that has just been put in place.
function fresh(): void {
  const form = document.querySelector<HTMLFormElement>("[data-judge]");
  if (form) {
    watchReasons(form);
    form.dataset.was = spoken(form);
  }
  flash();
  const next = document.querySelector<HTMLAnchorElement>("[data-next]");
  if (next && !ahead.has(next.href)) {
    ahead.clear();
    ahead.set(next.href, get(next.href).catch(() => ""));
  }
}

// spoken is what a form says, apart from what the page itself put in.
function spoken(form: HTMLFormElement): string {
  const data = new FormData(form);
  for (const name of ["version", "hang", "roi"]) data.delete(name);
  return JSON.stringify([...data]);
}

// changed reports whether the open form says something that was not kept; after a refusal everything in it is such.
function changed(): boolean {
  const form = document.querySelector<HTMLFormElement>("[data-judge]");
  return !!form && (spoken(form) !== form.dataset.was || document.querySelector("main[data-failed]") !== null);
}

// flash turns the note on the last act into a message with its undo, for ten seconds.
function flash(): void {
  const note = document.querySelector<HTMLElement>("[data-flash]");
  if (!note) return;
  const undo = note.querySelector<HTMLFormElement>("[data-undo]");
  const button = undo?.querySelector("button");
  note.hidden = true;
  const text = note.querySelector("span")?.textContent ?? "";
  say(text, undo && button ? { label: button.textContent?.trim() ?? "", act: () => undo.requestSubmit(button) } : undefined);
}
