// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// The shapes that internal/web/entry writes (row.go, detail.go).

import type { Wire } from "../engine";

export interface Cell {
  t: string;
  k?: "e" | "l" | "n";
  c?: "up" | "down";
  d?: boolean;
}

export interface Row {
  id: string;
  version: number;
  set: string;
  state: string;
  number: string;
  name: string;
  find: string;
  people: string;
  prev: string;
  prevWord: string;
  cells: Cell[];
  total: string;
  out: { kind: string; word: string };
  evidence: number;
  lacks: boolean;
  at: string;
  done: boolean;
  locked: boolean;
  listed: boolean;
  look: boolean;
}

export interface Mark {
  p?: number;
  y?: boolean;
  t?: string[];
}

export interface Entry {
  region?: string;
  facts?: Record<string, unknown>;
  scores?: Record<string, Mark>;
  gates?: Record<string, boolean>;
  counts?: Record<string, { m: number; h: number }>;
}

export interface Answer {
  key: number;
  big: string;
  small: string;
  on: boolean;
  was: boolean;
  fact?: unknown;
  mark?: Mark;
  tick?: string;
  gives: number;
}

export interface Ask {
  code: string;
  title: string;
  hint: string;
  kind: string;
  locked?: string;
  fact?: string;
  of?: number;
  max: number;
  step: number;
  last?: string;
  answers: Answer[];
}

export interface Detail {
  row: Row;
  entry: Entry;
  prev?: Entry;
  asks: Ask[];
  extra: Ask[];
  groups: { title: string; points: string; share: number; min: number; met: boolean; word: string }[];
  gates: { code: string; title: string; state: "yes" | "no" | "open"; auto: boolean }[];
  say: string;
  open: string;
}

export type Words = Record<WordName, string>;

// WordName lists the texts that internal/web/entry (scriptWords) puts into the page.
export type WordName =
  | "waiting" | "all_sent" | "here" | "there" | "too_many" | "too_high" | "none_left" | "undone" | "nothing_undo" | "registers" | "open_file"
  | "as_last" | "max_here" | "proof" | "next" | "yes" | "no" | "number" | "set" | "not_registered" | "locked"
  | "group_met" | "group_need" | "running_left" | "running_pass" | "running_fail" | "running_need" | "running_sofar";

export interface Page {
  place: string;
  year: number;
  setID: string;
  set: Wire;
  rows: Row[];
  late: string;
  words: Words;
}
