// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

import { Row, Words } from "./types";

// el makes an element; text goes in as text, so no name can become markup.
export function el(tag: string, className = "", text = "", ...children: (Node | string)[]): HTMLElement {
  const e = document.createElement(tag);
  if (className) e.className = className;
  if (text) e.textContent = text;
  e.append(...children);
  return e;
}

const pills: Record<string, string> = { ok: "pill pill--ok", bad: "pill pill--bad", warn: "pill pill--warn", info: "pill pill--info" };
const marks: Record<string, string> = { up: "↑", down: "↓" };

// drawRow is one subject of the grid; active rows show where the focus is.
export function drawRow(r: Row, active: boolean, column: number, waiting: boolean, words: Words): HTMLElement {
  const tr = el("tr", active ? "bx__act" : "");
  tr.dataset.row = r.id;
  tr.id = "ho-" + r.id;
  if (active) tr.setAttribute("aria-current", "true");
  const name = el("th", "bx__n", r.name);
  name.setAttribute("scope", "row");
  const year = el("td", "bx__y");
  if (r.prev) year.append(el("b", "", r.prev), " ");
  year.append(r.prevWord);
  tr.append(el("td", "num", r.number), name, el("td", "bx__m", r.people), year);
  const heads = document.querySelectorAll(".bx thead tr:last-child th");
  r.cells.forEach((c, i) => {
    const td = el("td");
    td.dataset.cell = String(i);
    if (heads[i]?.classList.contains("bx__g")) td.classList.add("bx__g");
    if (c.k) td.classList.add({ e: "bx__e", l: "bx__l", n: "bx__na" }[c.k]);
    if (c.c || c.d) td.classList.add("bx__c");
    if (active && i === column) {
      td.classList.add("bx__f");
      td.classList.remove("bx__e");
    }
    td.append(el("span", "", c.t));
    if (c.c || c.d) td.append(el("i", "", c.d ? "!" : (marks[c.c!] ?? "")));
    tr.append(td);
  });
  tr.append(el("td", "bx__t bx__g", r.total));
  const out = el("td", "bx__o");
  out.append(el("span", pills[r.out.kind] ?? (r.out.kind === "need" ? "bx__need" : "meta"), r.out.word));
  const evidence = el("td");
  if (r.evidence > 0 || r.lacks) evidence.append(el("span", r.lacks ? "bx__ev is-miss" : "bx__ev", r.lacks ? words.proof : String(r.evidence)));
  const where = el("td");
  if (waiting) where.append(el("span", "bx__sv", words.here));
  else if (r.at) where.append(el("span", "bx__sv is-ok", words.there + " " + r.at));
  tr.append(out, evidence, where);
  return tr;
}
