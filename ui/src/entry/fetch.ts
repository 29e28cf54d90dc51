// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

import { Detail } from "./types";

// fetchDetail reads an open row; undefined when the server cannot be reached, which the outbox line says already.
export async function fetchDetail(place: string, id: string): Promise<Detail | undefined> {
  try {
    const response = await fetch(`/nhap/${encodeURIComponent(place)}/${id}`, { headers: { Accept: "application/json" }, credentials: "same-origin" });
    return response.ok ? ((await response.json()) as Detail) : undefined;
  } catch {
    return undefined;
  }
}
