// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Exact whole numbers and decimals, as internal/criteria/num.go. An Int is a number as long as it is held exactly, else a bigint, so
// that equal values are equal by ===. Points are hundredths, limits of rules millionths, both plain numbers.

export type Int = number | bigint;

export interface Num {
  n: Int;
  d: number; // a power of ten; 0 = unknown
}

export const unknown: Num = { n: 0, d: 0 };
const safe = Number.MAX_SAFE_INTEGER;

// canonical gives the one form of a value.
export function canonical(b: bigint): Int {
  const n = Number(b);
  return n >= -safe && n <= safe ? n : b;
}

// int reads what the server writes: a number, or a text where that would lose digits.
export const int = (v: number | string): Int => (typeof v === "number" ? v : canonical(BigInt(v)));

// num reads a decimal of a set: null, a whole number, or a text.
export function num(v: number | string | null | undefined): Num {
  if (v === null || v === undefined) return unknown;
  if (typeof v === "number") return { n: v, d: 1 };
  const [whole = "", frac = ""] = v.split(".");
  return { n: canonical(BigInt(whole + frac)), d: 10 ** frac.length };
}

export function plus(a: Int, b: Int): Int {
  if (typeof a === "number" && typeof b === "number") {
    const sum = a + b;
    if (sum >= -safe && sum <= safe) return sum;
  }
  return canonical(BigInt(a) + BigInt(b));
}

export function times(a: Int, b: Int): Int {
  if (typeof a === "number" && typeof b === "number") {
    const product = a * b;
    if (product >= -safe && product <= safe) return product;
  }
  return canonical(BigInt(a) * BigInt(b));
}

// cmpProducts compares a*b with c*d: below 0, 0 or above.
export function cmpProducts(a: Int, b: Int, c: Int, d: Int): number {
  const x = times(a, b);
  const y = times(c, d);
  return x < y ? -1 : x > y ? 1 : 0;
}

// reaches reports whether n/d is at least limit, reachesPercent whether it is at least limit percent.
export const reaches = (n: Int, d: Int, limit: Num): boolean => cmpProducts(n, limit.d, limit.n, d) >= 0;
export const reachesPercent = (n: Int, d: Int, limit: Num): boolean => cmpProducts(n, 100 * limit.d, limit.n, d) >= 0;

// hundredths rounds millionths to hundredths of a point, half up.
export function hundredths(m: Int): number {
  if (typeof m === "number" && m < safe - 5000) return Math.trunc((m + 5000) / 10_000);
  return Number((BigInt(m) + 5000n) / 10_000n);
}

// divHalfUp gives a product over a product, rounded half up; all are positive.
export function divHalfUp(tops: Int[], bottoms: Int[]): number {
  const top = tops.reduce(times, 1);
  const bottom = bottoms.reduce(times, 1);
  if (typeof top === "number" && typeof bottom === "number" && top < safe / 4 && bottom < safe / 4) {
    const rest = top % bottom;
    return (top - rest) / bottom + (rest >= bottom - rest ? 1 : 0);
  }
  const t = BigInt(top);
  const b = BigInt(bottom);
  return Number(BigInt.asIntN(64, (2n * t + b) / (2n * b)));
}

// mulDivUp gives a*b/c rounded up. Beyond 64 bits it does what the server does.
export function mulDivUp(a: Int, b: Int, c: Int): Int {
  const product = BigInt(a) * BigInt(b);
  const by = BigInt(c);
  if (product >> 64n >= by) return canonical(BigInt.asIntN(64, (2n * product + by) / (2n * by)));
  return canonical(BigInt.asIntN(64, (product + by - 1n) / by));
}

// quotient divides two whole numbers and cuts.
export function quotient(a: Int, b: Int): Int {
  if (typeof a === "number" && typeof b === "number") return Math.trunc((a - (a % b)) / b);
  return canonical(BigInt(a) / BigInt(b));
}
