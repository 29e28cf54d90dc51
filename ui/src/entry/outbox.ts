// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// What was answered and is not yet acknowledged by the server: kept in the browser's storage, sent row by row, newest state of a
// row only. A row waits for its own answer before it is sent again; rows do not wait for each other.
import { post } from "../lib/post";
import { Detail, Entry } from "./types";

interface Waiting {
  version: number;
  entry: Entry;
}

interface Listener {
  sent(id: string, detail: Detail): void;
  refused(id: string, sentence: string): void;
  changed(): void;
}

const pause = 4_000; // ms between tries without a network

export class Outbox {
  private waiting: Record<string, Waiting>;
  private busy = new Set<string>();
  private lost = false;

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

  resume(): void {
    for (const id of Object.keys(this.waiting)) void this.send(id);
  }

  private keep(): void {
    localStorage.setItem(this.key(), JSON.stringify(this.waiting));
    this.listener.changed();
  }

  private async send(id: string): Promise<void> {
    const item = this.waiting[id];
    if (!item || this.busy.has(id)) return;
    this.busy.add(id);
    const answer = await post<Detail>(`/nhap/${encodeURIComponent(this.place)}/${id}`, item);
    this.busy.delete(id);
    if (answer.status === 0 || answer.status === 401 || answer.status >= 500) {
      // Not heard, signed out, or the server failed: the answer is kept and tried again.
      this.lost = true;
      this.listener.changed();
      window.setTimeout(() => void this.send(id), pause);
      return;
    }
    this.lost = false;
    const newer = this.waiting[id] !== item;
    if (answer.ok && answer.data) {
      if (newer && this.waiting[id]) this.waiting[id]!.version = answer.data.row.version;
      else delete this.waiting[id];
      this.keep();
      if (newer) return void this.send(id);
      return this.listener.sent(id, answer.data);
    }
    delete this.waiting[id];
    this.keep();
    this.listener.refused(id, Object.values(answer.fields)[0] ?? answer.sentence);
  }
}
