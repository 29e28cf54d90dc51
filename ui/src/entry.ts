// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// The grid of a whole area. The server gives every point; this file moves the focus, sends answers, shows running points until the server's
// answer, and says where each row is saved. What is not acknowledged yet stays in the browser's storage and is sent again by itself.
import { Detail, Mark, Page, Row } from "./entry/types";
import { Outbox } from "./entry/outbox";
import { openPanel } from "./entry/panel";
import { drawRow } from "./entry/draw";
import { fetchDetail } from "./entry/fetch";
import { runner } from "./entry/running";
import { keys } from "./lib/keys";
import { post } from "./lib/post";
import { say } from "./lib/say";

const block = document.getElementById("du-lieu");
const board = document.querySelector<HTMLElement>("[data-board]");
if (block && board) start(JSON.parse(block.textContent ?? "{}") as Page, board);

function start(page: Page, board: HTMLElement): void {
  const words = page.words;
  const body = board.querySelector<HTMLElement>("[data-rows]")!;
  const scroll = board.querySelector<HTMLElement>("[data-grid]")!;
  const rows = new Map(page.rows.map((r) => [r.id, r]));
  const details = new Map<string, Detail>();
  const undo: { id: string; entry: Detail["entry"] }[] = [];
  const columns = page.rows[0]?.cells.length ?? 0;
  const run = runner(page.set, page.setID, page.year, words);
  let filter = "all";
  let query = "";
  let at = "";
  let column = 0;

  const outbox = new Outbox(page.place, {
    sent: (id, detail) => take(id, detail),
    stored: (row) => {
      details.delete(row.id);
      show(row);
      if (row.id === at) void load(row.id);
    },
    refused: (id, sentence) => {
      say(nameOf(id) + ": " + sentence);
      void reload(id);
    },
    changed: syncLine,
  });

  // --- what is shown -------------------------------------------------------------------------------------------------

  const shown = (): Row[] =>
    page.rows.filter((r) => {
      if (query && !r.find.includes(query) && r.number !== query) return false;
      if (filter === "todo") return !r.done && !r.locked && !r.listed;
      if (filter === "look") return r.look;
      if (filter === "done") return r.done;
      return true;
    });

  function draw(): void {
    body.replaceChildren(...shown().flatMap((r) => [drawRow(r, r.id === at, column, outbox.has(r.id), words), ...(r.id === at ? [panelRow()] : [])]));
  }

  function redraw(id: string): void {
    const old = body.querySelector<HTMLElement>(`[data-row="${id}"]`);
    const row = rows.get(id);
    if (!old || !row) return;
    old.replaceWith(drawRow(row, id === at, column, outbox.has(id), words));
    if (id === at) body.querySelector("[data-panel]")?.replaceWith(panelRow());
  }

  function panelRow(): HTMLElement {
    const tr = document.createElement("tr");
    tr.className = "bx__open";
    tr.dataset.panel = at;
    const td = tr.insertCell();
    td.colSpan = columns + 8;
    const detail = details.get(at);
    if (detail) td.append(openPanel(page, detail, column, { set, tick, gate, fact, next, prev: asLast, max: toMax, proof }));
    return tr;
  }

  function syncLine(): void {
    const line = board.querySelector<HTMLElement>("[data-sync-text]");
    const box = board.querySelector<HTMLElement>("[data-sync]");
    if (!line || !box) return;
    const waiting = outbox.count();
    line.textContent = waiting > 0 ? words.waiting.replace("#", String(waiting)) : words.all_sent.replace("#", new Date().toTimeString().slice(0, 5));
    box.classList.toggle("note--warn", waiting > 0 && outbox.offline());
  }

  // --- moving --------------------------------------------------------------------------------------------------------

  function go(id: string, to = column): void {
    if (!rows.has(id)) return;
    column = Math.max(0, Math.min(columns - 1, to));
    const moved = id !== at;
    at = id;
    draw();
    body.querySelector(`[data-row="${id}"]`)?.scrollIntoView({ block: "nearest" });
    body.querySelector("[data-panel]")?.scrollIntoView({ block: "nearest" });
    if (moved || !details.has(id)) void load(id).then(() => preload(after(id)?.id));
  }

  const after = (id: string): Row | undefined => {
    const list = shown();
    const i = list.findIndex((r) => r.id === id);
    return list.slice(i + 1).find((r) => !r.done && !r.locked && !r.listed);
  };

  function step(by: number): void {
    const list = shown();
    const i = list.findIndex((r) => r.id === at);
    const to = list[i < 0 ? 0 : i + by];
    if (to) go(to.id);
  }

  function next(): void {
    const to = after(at) ?? page.rows.find((r) => r.id !== at && !r.done && !r.locked && !r.listed);
    if (to) go(to.id, 0);
    else say(words.none_left);
  }

  async function load(id: string): Promise<void> {
    if (details.has(id) && !outbox.has(id)) return redraw(id);
    const detail = await fetchDetail(page.place, id);
    if (!detail) return;
    const waiting = outbox.entry(id);
    if (waiting) detail.entry = waiting;
    details.set(id, detail);
    if (waiting) running(id, detail);
    redraw(id);
  }

  // running shows what a row comes to before the server has said so.
  function running(id: string, detail: Detail): void {
    const row = rows.get(id);
    if (row) rows.set(id, run(row, detail));
  }

  function preload(id?: string): void {
    if (id && !details.has(id)) void fetchDetail(page.place, id).then((d) => d && !details.has(id) && details.set(id, d));
  }

  async function reload(id: string): Promise<void> {
    details.delete(id);
    const detail = await fetchDetail(page.place, id);
    if (detail) take(id, detail);
  }

  function take(id: string, detail: Detail): void {
    details.set(id, detail);
    show(detail.row);
  }

  function show(row: Row): void {
    rows.set(row.id, row);
    page.rows[page.rows.findIndex((r) => r.id === row.id)] = row;
    redraw(row.id);
    const done = page.rows.filter((r) => r.done && !r.listed).length;
    const count = board.querySelector("[data-done]");
    if (count) count.textContent = String(done);
    syncLine();
  }

  const nameOf = (id: string): string => rows.get(id)?.name ?? "";

  // --- answering -----------------------------------------------------------------------------------------------------

  function writable(): Detail | undefined {
    const detail = details.get(at);
    const row = rows.get(at);
    if (!detail || !row) return undefined;
    if (page.late && row.state !== "returned") return refuse(page.late);
    if (row.listed) return refuse(words.not_registered);
    if (row.locked) return refuse(words.locked);
    return detail;
  }

  function refuse(sentence: string): undefined {
    say(sentence);
    return undefined;
  }

  function change(edit: (entry: Detail["entry"]) => void): void {
    const detail = writable();
    if (!detail) return;
    undo.push({ id: at, entry: structuredClone(detail.entry) });
    board.querySelector<HTMLElement>("[data-undo]")!.hidden = false;
    edit(detail.entry);
    outbox.put(at, detail.row.version, detail.entry);
    running(at, detail);
    redraw(at);
  }

  function set(code: string, mark: Mark | undefined): void {
    change((e) => {
      e.scores ??= {};
      if (mark) e.scores[code] = mark;
      else delete e.scores[code];
    });
  }

  function fact(key: string, value: unknown): void {
    change((e) => {
      e.facts ??= {};
      if (value === undefined) delete e.facts[key];
      else e.facts[key] = value;
    });
  }

  function tick(code: string, item: string | undefined): void {
    change((e) => {
      e.scores ??= {};
      const now = e.scores[code]?.t ?? [];
      e.scores[code] = { t: item === undefined ? [] : now.includes(item) ? now.filter((t) => t !== item) : [...now, item] };
    });
  }

  function gate(code: string, yes: boolean): void {
    change((e) => {
      e.gates = { ...e.gates, [code]: yes };
    });
  }

  function digit(n: number): void {
    const detail = details.get(at);
    const ask = detail?.asks[column];
    if (!detail || !ask) return;
    if (ask.locked) return void say(ask.locked);
    const choice = ask.answers.find((a) => a.key === n);
    switch (ask.kind) {
      case "ticks":
        if (n === 0) tick(ask.code, undefined);
        else if (choice) tick(ask.code, choice.tick);
        return;
      case "points":
        if (n * 100 > ask.max) return void say(words.too_high.replace("#", String(ask.max / 100)));
        set(ask.code, { p: n * 100 });
        break;
      case "count":
        if (ask.of && n > ask.of) return void say(words.too_many.replace("#", String(ask.of)));
        fact(ask.fact!, n);
        break;
      case "amount":
        return void board.querySelector<HTMLInputElement>("[data-amount]")?.focus();
      default:
        if (!choice) return;
        if (choice.mark) set(ask.code, choice.mark);
        else if (ask.fact) fact(ask.fact, choice.fact);
    }
    right();
  }

  // right moves to the next cell of the row that a person answers.
  function right(): void {
    const asks = details.get(at)?.asks ?? [];
    for (let i = column + 1; i < asks.length; i++) {
      if (!asks[i]!.locked) {
        column = i;
        return redraw(at);
      }
    }
    redraw(at);
  }

  function clear(): void {
    const ask = details.get(at)?.asks[column];
    if (!ask || ask.locked) return;
    if (ask.fact) fact(ask.fact, undefined);
    else set(ask.code, undefined);
  }

  function toMax(): void {
    const ask = details.get(at)?.asks[column];
    if (!ask || ask.locked) return;
    if (ask.kind === "ticks") change((e) => ((e.scores ??= {})[ask.code] = { t: ask.answers.map((a) => a.tick!) }));
    else if (ask.kind === "points") set(ask.code, { p: ask.max });
    else if (ask.kind === "count" && ask.of) fact(ask.fact!, ask.of);
    else {
      const best = ask.answers.reduce<(typeof ask.answers)[number] | undefined>((b, a) => (!b || a.gives > b.gives ? a : b), undefined);
      if (best?.mark) set(ask.code, best.mark);
      else if (best && ask.fact) fact(ask.fact, best.fact);
    }
    right();
  }

  // asLast fills blanks from last year; it never touches what is answered, computed or told by a register.
  function asLast(): void {
    const detail = details.get(at);
    const before = detail?.prev;
    if (!detail || !before) return void say(words.registers);
    change((e) => {
      e.facts ??= {};
      e.scores ??= {};
      for (const ask of detail.asks) {
        if (ask.locked) continue;
        if (ask.fact && e.facts[ask.fact] === undefined && before.facts?.[ask.fact] !== undefined) {
          const value = before.facts[ask.fact];
          e.facts[ask.fact] = typeof value === "number" && ask.of ? Math.min(value, ask.of) : value;
        } else if (!ask.fact && !e.scores[ask.code] && before.scores?.[ask.code]) {
          e.scores[ask.code] = before.scores[ask.code]!;
        }
      }
    });
  }

  function takeBack(): void {
    const last = undo.pop();
    if (!last) return void say(words.nothing_undo);
    const detail = details.get(last.id);
    if (!detail) return;
    detail.entry = last.entry;
    outbox.put(last.id, detail.row.version, last.entry);
    running(last.id, detail);
    go(last.id);
    say(words.undone);
  }

  const picker = document.createElement("input");
  picker.type = "file";
  picker.hidden = true;
  picker.accept = "image/*,application/pdf,.docx,.xlsx";
  board.append(picker);
  picker.addEventListener("change", () => {
    void upload(picker.dataset.id!, picker.dataset.code!, picker.files?.[0]);
    picker.value = "";
  });

  function proof(): void {
    const ask = details.get(at)?.asks[column];
    if (!ask) return;
    picker.dataset.id = at;
    picker.dataset.code = ask.code;
    picker.click();
  }

  async function upload(id: string, code: string, file?: File): Promise<void> {
    if (!file) return;
    const form = new FormData();
    form.append("ho-so", id);
    form.append("tieu-chi", code);
    form.append("tep", file);
    const answer = await post("/minh-chung/" + page.place, form);
    if (!answer.ok) return say(answer.sentence);
    await reload(id);
  }

  // --- wiring --------------------------------------------------------------------------------------------------------

  body.addEventListener("click", (event) => {
    const target = event.target as HTMLElement;
    if (target.closest("[data-panel], a")) return;
    const tr = target.closest<HTMLElement>("[data-row]");
    const td = target.closest("td");
    if (!tr) return;
    const cell = td ? Number(td.dataset.cell ?? -1) : -1;
    go(tr.dataset.row!, cell >= 0 ? cell : column);
    scroll.focus({ preventScroll: true });
  });
  for (const button of board.querySelectorAll<HTMLElement>("[data-filter]")) {
    button.addEventListener("click", () => choose(button.dataset.filter!));
  }
  function choose(name: string): void {
    filter = name;
    for (const b of board.querySelectorAll<HTMLElement>("[data-filter]")) b.setAttribute("aria-pressed", String(b.dataset.filter === name));
    draw();
  }
  const find = board.querySelector<HTMLInputElement>("[data-find]");
  find?.addEventListener("input", () => {
    query = fold(find.value);
    draw();
  });
  find?.addEventListener("keydown", (event) => {
    if (event.isComposing || (event.code !== "Enter" && event.code !== "Escape")) return;
    event.preventDefault();
    if (event.code === "Escape") {
      find.value = query = "";
      draw();
    } else if (shown().length > 0) go(shown()[0]!.id);
    scroll.focus({ preventScroll: true });
  });
  board.querySelector("[data-undo]")?.addEventListener("click", takeBack);
  const acts: Record<string, () => void> = {
    ArrowUp: () => step(-1),
    ArrowDown: () => step(1),
    ArrowLeft: () => at && ((column = Math.max(0, column - 1)), draw()),
    ArrowRight: () => at && ((column = Math.min(columns - 1, column + 1)), draw()),
    Enter: next,
    KeyN: asLast,
    KeyM: toMax,
    KeyE: proof,
    KeyT: () => choose(filter === "todo" ? "all" : "todo"),
    Backspace: clear,
    "Ctrl+KeyZ": takeBack,
  };
  for (let n = 0; n <= 9; n++) acts["Digit" + n] = () => digit(n);
  keys(acts);
  window.addEventListener("beforeunload", (event) => {
    if (outbox.count() > 0) event.preventDefault();
  });

  draw();
  outbox.resume();
  syncLine();
  const first = page.rows.find((r) => !r.done && !r.locked && !r.listed) ?? page.rows[0];
  if (first && !location.hash) {
    go(first.id, 0);
    scroll.focus({ preventScroll: true });
  }
}

// fold is what the server's search sees: no marks, lower case, đ as d.
function fold(text: string): string {
  return text.normalize("NFD").replace(/\p{Mn}/gu, "").toLowerCase().replaceAll("đ", "d").replace(/[^\p{L}\p{N}]+/gu, " ").trim();
}
