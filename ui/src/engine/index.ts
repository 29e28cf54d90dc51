// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// The scoring engine in the browser. It is internal/criteria once more, over the compiled sets that the server writes, and a test of that
// package holds the two against each other (portable_test.go). No page, no network, no clock, no storage.
export { evidenceMissing, locked, quick } from "./quick";
export type { Quick, QuickAnswer } from "./quick";
export { argsOf, cut, keyOf } from "./reason";
export { newInput, score } from "./score";
export { format, open } from "./set";
export type { Compiled, Wire } from "./set";
export { fill } from "./sheet";
export type { Mark, Sheet } from "./sheet";
export type * from "./types";
