// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// What was answered and is not yet acknowledged by the server: kept in the browser's storage, sent newest state of a row only. What is
// answered goes row by row; what waited for the network goes together. A row waits for its own answer before it is sent again.
import { Answer, post } from "../lib/post";
import { Detail, Entry, Row } from "./types";

interface Waiting {
  version: number;
  entry: Entry;
}

interface Listener {
  sent(id: string, detail: Detail): void;
  stored(row: Row): void; // one of many: its detail is read again when it is opened
  refused(id: string, sentence: string): void;
  changed(): void;
}

interface Stored {
  id: string;
  row?: Row;
  sentence?: string;
}

const pause = 4_000; // ms between tries without a network
const together = 50; // rows in one request

export class Outbox {
  private waiting: Record<string, Waiting>;
  private busy = new Set<string>();
  private lost = false;
  private timer = 0;

  constructor(
    private place: string,
    private listener: Listener,
  ) {
    this.waiting = JSON.parse(localStorage.getItem(this.key()) ?? "{}");
    window.addEventListener("online", () => this.resume());
  }

  private key = (): string => "nhap:" + this.place;
  has = (id: string): boolean => id in this.waiting || this.busy.has(id);
  entry = (id: string): Entry | undefined => this.waiting[id]?.entry;
  count = (): number => new Set([...Object.keys(this.waiting), ...this.busy]).size;
  offline = (): boolean => this.lost;

  put(id: string, version: number, entry: Entry): void {
    this.waiting[id] = { version, entry: structuredClone(entry) };
    this.keep();
    void this.send(id);
  }

  // resume sends what waits: all of it, and again from here until the server has heard it.
  resume(): void {
    const ids = Object.keys(this.waiting).filter((id) => !this.busy.has(id));
    if (ids.length === 1) return void this.send(ids[0]!);
    for (let i = 0; i < ids.length; i += together) void this.sendAll(ids.slice(i, i + together));
  }

  private keep(): void {
    localStorage.setItem(this.key(), JSON.stringify(this.waiting));
    this.listener.changed();
  }

  private address = (): string => `/nhap/${encodeURIComponent(this.place)}`;

  private async send(id: string): Promise<void> {
    const item = this.waiting[id];
    if (!item || this.busy.has(id)) return;
    this.busy.add(id);
    const answer = await post<Detail>(`${this.address()}/${id}`, item);
    this.busy.delete(id);
    if (!this.heard(answer)) return;
    if (!answer.ok || !answer.data) return this.refuse(id, item, Object.values(answer.fields)[0] ?? answer.sentence);
    if (this.settle(id, item, answer.data.row.version)) this.listener.sent(id, answer.data);
  }

  private async sendAll(ids: string[]): Promise<void> {
    const items = ids.map((id) => ({ id, item: this.waiting[id]! }));
    for (const id of ids) this.busy.add(id);
    const answer = await post<{ rows: Stored[] }>(this.address(), { rows: items.map(({ id, item }) => ({ id, ...item })) });
    for (const id of ids) this.busy.delete(id);
    if (!this.heard(answer)) return;
    // Refused as a whole: each is sent by itself, and told by itself why.
    if (!answer.ok || !answer.data) return ids.forEach((id) => void this.send(id));
    answer.data.rows.forEach((r, i) => {
      if (!r.row) this.refuse(r.id, items[i]!.item, r.sentence ?? "");
      else if (this.settle(r.id, items[i]!.item, r.row.version)) this.listener.stored(r.row);
    });
  }

  // heard says whether the server answered. Not reached, signed out, or it failed: what was sent is kept and tried again.
  private heard(answer: Answer<unknown>): boolean {
    this.lost = answer.status === 0 || answer.status === 401 || answer.status >= 500;
    if (this.lost) {
      this.listener.changed();
      window.clearTimeout(this.timer);
      this.timer = window.setTimeout(() => this.resume(), pause);
    }
    return !this.lost;
  }

  // settle forgets what is stored, unless the row was changed meanwhile: then that goes next, and it answers false.
  private settle(id: string, sent: Waiting, version: number): boolean {
    const newer = this.waiting[id] !== sent ? this.waiting[id] : undefined;
    if (newer) newer.version = version;
    else delete this.waiting[id];
    this.keep();
    if (newer) void this.send(id);
    return !newer;
  }

  // refuse gives up what was sent. A newer state of the row is not that: it is sent and gets its own answer.
  private refuse(id: string, sent: Waiting, sentence: string): void {
    if (this.waiting[id] !== sent) return void this.send(id);
    delete this.waiting[id];
    this.keep();
    this.listener.refused(id, sentence);
  }
}
