// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Reads a badge as a stranger's program does: node judge-badge.mjs BADGE.jwt LIST.jwt KEYS.json. Prints what both say, checked by the keys alone.
import { gunzipSync } from "node:zlib";
import { readFileSync } from "node:fs";
import { webcrypto } from "node:crypto";

globalThis.crypto ??= webcrypto; // the Node of Debian 12 has it by the other name alone
const { createLocalJWKSet, importJWK, jwtVerify } = await import("jose");

const [badge, list, keys] = process.argv.slice(2).map((path) => readFileSync(path, "utf8").trim());
const set = JSON.parse(keys);
for (const key of set.keys) {
  if (key.d) throw new Error("a secret key is published");
  await importJWK(key, "EdDSA");
}
const known = createLocalJWKSet(set);
const day = new Date(process.env.DAY);
const rules = { algorithms: ["EdDSA"], currentDate: day, requiredClaims: ["iss", "jti", "nbf"] };

const one = await jwtVerify(badge, known, { ...rules, typ: "JWT", requiredClaims: [...rules.requiredClaims, "exp"] });
const status = await jwtVerify(list, known, { ...rules, typ: "vc+jwt", issuer: one.payload.iss });

const bits = gunzipSync(Buffer.from(status.payload.credentialSubject.encodedList.slice(1), "base64url"));
const at = Number(one.payload.credentialStatus.statusListIndex);
const revoked = ((bits[at >> 3] >> (7 - (at & 7))) & 1) === 1;

// A changed byte in the middle of what is signed must be noticed.
const [head, body, sign] = badge.split(".");
const other = body.slice(0, 40) + (body[40] === "A" ? "B" : "A") + body.slice(41);
let noticed = false;
try {
  await jwtVerify([head, other, sign].join("."), known, rules);
} catch {
  noticed = true;
}
console.log(JSON.stringify({ issuer: one.payload.iss, kid: one.protectedHeader.kid, list: one.payload.credentialStatus.statusListCredential, listID: status.payload.id, bits: bits.length * 8, revoked, noticed }));
