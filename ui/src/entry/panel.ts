// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

import { el } from "./draw";
import { Ask, Detail, Mark, Page } from "./types";

export interface Acts {
  set(code: string, mark: Mark | undefined): void;
  tick(code: string, item: string | undefined): void;
  gate(code: string, yes: boolean): void;
  fact(key: string, value: unknown): void;
  next(): void;
  prev(): void;
  max(): void;
  proof(): void;
}

// openPanel is what stands below the active row: the question of the cell, where the row stands, and what can be done.
export function openPanel(page: Page, d: Detail, column: number, acts: Acts): HTMLElement {
  const ask = d.asks[column];
  return el("div", "ox", "", question(page, d, ask, acts), standing(d, acts, page), buttons(page, d, acts));
}

function question(page: Page, d: Detail, ask: Ask | undefined, acts: Acts): HTMLElement {
  const box = el("div", "ox__q");
  if (!ask) return box;
  const title = el("p", "ox__t", "", el("span", "score__no", ask.code), el("span", "grow", "", el("b", "", ask.title), el("span", "meta", ask.hint)));
  box.append(title);
  if (ask.locked) {
    box.append(el("p", "ox__see", ask.locked));
  } else {
    box.append(answers(ask, acts));
    if (ask.kind === "amount" || (ask.kind === "count" && (ask.of ?? 10) > 9) || (ask.kind === "points" && ask.max > 900)) box.append(typed(page, d, ask, acts));
  }
  if (ask.last) box.append(el("p", "ox__see", ask.last));
  for (const extra of d.extra) box.append(extraFact(extra, d, acts));
  return box;
}

function answers(ask: Ask, acts: Acts): HTMLElement {
  const row = el("div", "ansrow");
  row.setAttribute("role", "group");
  row.setAttribute("aria-label", ask.title);
  for (const a of ask.answers) {
    const button = el("button", "ans" + (a.on ? " ans--on" : "") + (a.was && !a.on ? " ans--hint" : "")) as HTMLButtonElement;
    button.type = "button";
    button.setAttribute("aria-pressed", String(a.on));
    if (a.key >= 0 && a.key <= 9) button.append(el("kbd", "", String(a.key)));
    if (a.big) button.append(el("b", "", a.big));
    button.append(el("span", "", a.small));
    button.addEventListener("click", () => {
      if (a.tick !== undefined) acts.tick(ask.code, a.tick);
      else if (a.mark) acts.set(ask.code, a.mark);
      else if (ask.fact) acts.fact(ask.fact, a.fact);
    });
    row.append(button);
  }
  return row;
}

// typed is for numbers with more than one digit.
function typed(page: Page, d: Detail, ask: Ask, acts: Acts): HTMLElement {
  const input = el("input", "input input--short") as HTMLInputElement;
  input.inputMode = "decimal";
  input.dataset.amount = "";
  input.setAttribute("aria-label", page.words.number + ": " + ask.title);
  const now = ask.fact ? d.entry.facts?.[ask.fact] : d.entry.scores?.[ask.code]?.p;
  if (typeof now === "number") input.value = String(ask.fact ? now : now / 100);
  const give = () => {
    const text = input.value.trim().replace(/\./g, ask.fact ? "" : ".").replace(",", ".");
    if (text === "") return;
    const n = Number(text);
    if (!Number.isFinite(n) || n < 0) return;
    if (ask.fact) acts.fact(ask.fact, Math.round(n));
    else acts.set(ask.code, { p: Math.round(n * 100) });
  };
  input.addEventListener("change", give);
  return el("p", "row", "", el("span", "meta", page.words.number), input);
}

function extraFact(extra: Ask, d: Detail, acts: Acts): HTMLElement {
  const line = el("p", "row", "", el("span", "grow", extra.title));
  if (extra.answers.length > 0) {
    for (const a of extra.answers) {
      const button = el("button", "btn" + (d.entry.facts?.[extra.fact!] === a.fact ? " btn--primary" : ""), a.small) as HTMLButtonElement;
      button.type = "button";
      button.addEventListener("click", () => acts.fact(extra.fact!, a.fact));
      line.append(button);
    }
    return line;
  }
  const input = el("input", "input input--short") as HTMLInputElement;
  input.inputMode = "numeric";
  input.setAttribute("aria-label", extra.title);
  input.addEventListener("change", () => {
    const n = Number(input.value.replace(/\./g, ""));
    if (Number.isInteger(n) && n >= 0) acts.fact(extra.fact!, n);
  });
  line.append(input);
  return line;
}

const svg = "http://www.w3.org/2000/svg";

// bar draws a group's share as SVG: attributes, because the page allows no style attribute.
function bar(share: number, min: number, met: boolean): SVGElement {
  const s = document.createElementNS(svg, "svg");
  s.setAttribute("class", "meter meter--thin " + (met || min === 0 ? "meter--ok" : "meter--late"));
  s.setAttribute("height", "6");
  s.setAttribute("width", "100%");
  s.setAttribute("aria-hidden", "true");
  const rect = (cls: string, x: string, w: string) => {
    const r = document.createElementNS(svg, "rect");
    r.setAttribute("class", cls);
    r.setAttribute("x", x);
    r.setAttribute("width", w);
    r.setAttribute("height", "6");
    r.setAttribute("rx", "3");
    s.append(r);
  };
  rect("meter__track", "0", "100%");
  rect("meter__fill", "0", Math.min(share, 10_000) / 100 + "%");
  if (min > 0) rect("meter__tick", min / 100 + "%", "2");
  return s;
}

function standing(d: Detail, acts: Acts, page: Page): HTMLElement {
  const box = el("div", "ox__n", "", el("p", "row between", "", el("b", "", d.say), el("span", "meta", d.open)));
  const list = el("ul", "gl");
  for (const g of d.groups) {
    const li = el("li", "", "", el("span", "clip", g.title));
    li.append(bar(g.share, g.min, g.met), el("b", "num", g.points), el("span", g.met ? "is-ok" : "is-no", g.word));
    list.append(li);
  }
  const gates = el("div", "ox__must");
  for (const g of d.gates) {
    const line = el("span", g.state === "yes" ? "" : "is-w", (g.state === "yes" ? "✓ " : g.state === "no" ? "✗ " : "… ") + g.title);
    gates.append(line);
    if (g.auto) continue;
    for (const yes of [true, false]) {
      const button = el("button", "btn btn--quiet", yes ? page.words.yes : page.words.no) as HTMLButtonElement;
      button.type = "button";
      button.setAttribute("aria-pressed", String(g.state === (yes ? "yes" : "no")));
      button.setAttribute("aria-label", g.title + ": " + (yes ? page.words.yes : page.words.no));
      button.addEventListener("click", () => acts.gate(g.code, yes));
      gates.append(button);
    }
  }
  box.append(list, gates);
  return box;
}

function buttons(page: Page, d: Detail, acts: Acts): HTMLElement {
  const w = page.words;
  const make = (label: string, key: string, act: () => void, kind = "") => {
    const b = el("button", "btn" + kind, label) as HTMLButtonElement;
    b.type = "button";
    b.append(el("kbd", "", key));
    b.addEventListener("click", act);
    return b;
  };
  const box = el("div", "ox__a");
  if (d.prev) box.append(make(w.as_last, "N", acts.prev));
  box.append(make(w.max_here, "M", acts.max), make(w.open_file, "E", acts.proof), make(w.next, "Enter", acts.next, " btn--primary"));
  const full = el("a", "btn btn--quiet", w.set) as HTMLAnchorElement;
  full.href = `/ho-so/${page.place}/${d.row.id}`;
  box.append(full);
  return box;
}
