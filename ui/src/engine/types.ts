// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// What goes into the engine and what comes out: Input and Result of internal/criteria, with null where nothing is known.
import { Int } from "./num";

// Answer is yes, no, or none yet.
export type Answer = boolean | null;

// Value is a fact's: a whole number, 0 or 1 of a bool, the index of an enum's value, or the text of a text fact.
export type Value = Int | string | null;

// Recorded is what a person recorded for one criterion; null is not recorded.
export interface Recorded {
  points: number | null; // hundredths
  answer: Answer; // a tick, or pass and fail at the lowest level
  ticks: number[] | null; // indices of ticked items; an empty list is "none of them"
  levels: Answer[] | null; // pass and fail by level; index 0 is not used
}

export interface Count {
  members: Int | null;
  holders: Int | null;
}

export interface Title {
  level: number; // -1 when not known
  decided: number; // year*10000 + month*100 + day, 0 when not known
  revoked: boolean;
}

export interface Paper {
  outcome: Outcome;
  total: number | null;
  level: number; // -1 for none
}

export interface Input {
  year: number;
  region: string;
  facts: Value[];
  scores: Recorded[];
  counts: Count[];
  gates: Answer[];
  titles: Title[];
  applied: number; // day of application, as Title.decided
  paper: Paper | null; // a result decided on paper: nothing else is judged
}

export type Outcome = "undecided" | "recognised" | "not_recognised" | "refused";
export type State = "unknown" | "scored" | "full" | "redistributed" | "skipped";
export type Why =
  | "" | "fact_missing" | "applicability" | "score_missing" | "ticks_missing" | "answer_missing" | "count_missing" | "zero_denominator"
  | "number_unknown" | "only_paper";
export type Basis = "" | "fact" | "share" | "count" | "amount" | "status" | "ticks" | "person";

export interface CriterionResult {
  state: State;
  why: Why;
  basis: Basis;
  asked: boolean; // a person's record counts here
  points: number; // hundredths; valid unless unknown, redistributed or skipped
  pass: Answer; // in a set without points
  num: Int;
  den: Int;
  band: number; // index into bands, or of partial; -1 when none
  floor: number; // index of the yearly floor, -1 when the year has none
  floorMet: Answer;
}

export interface GroupResult {
  points: number; // valid when known
  known: boolean;
  soFar: number;
  max: number; // valid with hasMax
  hasMax: boolean;
  scaled: boolean;
  minMet: Answer;
}

export type Unit = "" | "points" | "percent" | "number" | "months";

// Quantity is n/d of a unit; d 0 is unknown.
export interface Quantity {
  n: Int;
  d: Int;
  unit: Unit;
}

export interface GateResult {
  passed: Answer;
  computed: boolean;
  left: Quantity;
  right: Quantity;
}

export interface LevelResult {
  own: Answer;
  nested: Answer;
  waiting: Answer;
  criteria: CriterionResult[];
  failures: Reason[]; // of the lowest level: those of the result
  unknowns: Reason[];
}

export type ReasonCode =
  | "gate_no" | "gate_rule" | "criterion_below_minimum" | "share_below_floor" | "group_below_minimum" | "total_below_threshold"
  | "class_not_recognised" | "total_below_classes" | "indicator_failed" | "no_earlier_title" | "paper_not_recognised" | "gate_unanswered"
  | "gate_unknown" | "minimum_unknown" | "criterion_unknown" | "floor_unknown" | "group_unknown" | "no_threshold" | "threshold_unknown"
  | "class_unknown" | "no_indicator" | "title_date_unknown" | "paper_undecided";

// Reason is one failure, or one thing that keeps an outcome open; indices are -1 when unused.
export interface Reason {
  code: ReasonCode;
  gate: number;
  criterion: number;
  group: number;
  level: number;
  have: Quantity;
  want: Quantity;
}

export type NeedKind = "fact" | "score" | "ticks" | "answer" | "count" | "gate" | "date" | "number" | "decision";

// Need is one missing piece that matters.
export interface Need {
  kind: NeedKind;
  criterion: number;
  fact: number;
  count: number;
  gate: number;
  level: number;
}

// Refusal is a rule that the input broke; key and args are those of the catalogues, after "fault.".
export interface Refusal {
  field: string;
  key: string;
  args: Args;
}

export type Args = Record<string, Int | string>;

export interface Result {
  outcome: Outcome;
  fromPaper: boolean;
  total: number; // valid with hasTotal
  hasTotal: boolean;
  soFar: number;
  open: number;
  max: number;
  hasMax: boolean;
  threshold: { index: number; fellBack: boolean; min: number; hasMin: boolean; short: number };
  class: number;
  level: number;
  criteria: CriterionResult[];
  groups: GroupResult[];
  gates: GateResult[];
  levels: LevelResult[];
  failures: Reason[];
  unknowns: Reason[];
  needs: Need[];
  refusals: Refusal[];
}
