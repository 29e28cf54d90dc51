// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Forms marked data-keep="name" keep what is typed in this browser until the server has taken it. A text left unfinished is
// offered on the next visit, never put in unasked. Passwords and files are not kept.

interface Draft {
  at: string; // 15:42
  sent?: boolean;
  values: [string, string][];
}

const prefix = "keep:";

export function keepForms(): void {
  if (succeeded()) forgetSent();
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-keep]")) keep(form);
}

function keep(form: HTMLFormElement): void {
  const key = prefix + location.pathname + "#" + form.dataset.keep;
  offer(form, key);
  let timer = 0;
  const save = () => {
    const draft: Draft = { at: new Date().toTimeString().slice(0, 5), values: valuesOf(form) };
    store(key, draft);
    timer = 0;
  };
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = window.setTimeout(save, 400);
  });
  window.addEventListener("pagehide", () => {
    if (timer) save(); // typed just before leaving
  });
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    timer = 0;
    store(key, { at: new Date().toTimeString().slice(0, 5), sent: true, values: valuesOf(form) });
  });
}

// offer shows the note inside the form when a draft differs from what the server wrote.
function offer(form: HTMLFormElement, key: string): void {
  const draft = read(key);
  const note = form.querySelector<HTMLElement>("[data-kept]");
  if (!draft) return;
  if (JSON.stringify(draft.values) === JSON.stringify(valuesOf(form))) {
    localStorage.removeItem(key);
    return;
  }
  if (!note) return;
  note.hidden = false;
  const at = note.querySelector("[data-kept-at]");
  if (at) at.textContent = draft.at;
  note.querySelector("[data-kept-use]")?.addEventListener("click", () => {
    fill(form, draft.values);
    note.hidden = true;
  });
  note.querySelector("[data-kept-drop]")?.addEventListener("click", () => {
    localStorage.removeItem(key);
    note.hidden = true;
  });
}

function valuesOf(form: HTMLFormElement): [string, string][] {
  const skip = new Set<string>();
  for (const field of form.querySelectorAll<HTMLInputElement>("input[type=password], input[type=file], input[type=hidden]")) skip.add(field.name);
  const list: [string, string][] = [];
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string" && !skip.has(name)) list.push([name, value]);
  }
  return list;
}

function fill(form: HTMLFormElement, values: [string, string][]): void {
  const left = new Map<string, string[]>();
  for (const [name, value] of values) left.set(name, [...(left.get(name) ?? []), value]);
  for (const field of form.elements) {
    if (field instanceof HTMLInputElement && ["checkbox", "radio"].includes(field.type)) {
      field.checked = left.get(field.name)?.includes(field.value) ?? false;
    } else if (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement || field instanceof HTMLSelectElement) {
      const value = left.get(field.name)?.shift();
      if (value !== undefined && !(field instanceof HTMLInputElement && ["password", "file", "hidden"].includes(field.type))) field.value = value;
    }
  }
  form.dispatchEvent(new Event("input", { bubbles: true }));
}

// succeeded reports whether this page is the answer to a form that was taken: not a refusal, not a failure, not a step back.
function succeeded(): boolean {
  const visit = performance.getEntriesByType("navigation")[0] as (PerformanceNavigationTiming & { responseStatus?: number }) | undefined;
  if (!visit || visit.type !== "navigate" || (visit.responseStatus ?? 200) >= 400) return false;
  if (document.querySelector("[data-errsum], main[data-failed]")) return false;
  return document.referrer !== "" && new URL(document.referrer).origin === location.origin;
}

function forgetSent(): void {
  for (const key of Object.keys(localStorage)) {
    if (key.startsWith(prefix) && read(key)?.sent) localStorage.removeItem(key);
  }
}

function read(key: string): Draft | undefined {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "null") ?? undefined;
  } catch {
    return undefined;
  }
}

// A full or forbidden store loses only the copy; the form itself is untouched.
function store(key: string, draft: Draft): void {
  try {
    localStorage.setItem(key, JSON.stringify(draft));
  } catch (error) {
    console.warn("draft not kept", error);
  }
}
