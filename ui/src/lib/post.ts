// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Sending without leaving the page. The server answers 2xx with JSON, or 4xx with {"sentence": "…", "fields": {"name": "…"}}.

export interface Answer<T> {
  ok: boolean;
  status: number; // 0: the server was not reached
  data?: T;
  sentence: string; // what to tell the person when not ok
  fields: Record<string, string>;
}

// post sends JSON, or a form as it is. It never throws: a lost connection is an answer too, and the caller keeps the input.
export async function post<T>(url: string, body: FormData | object, method = "POST"): Promise<Answer<T>> {
  const form = body instanceof FormData;
  const failed = (status: number, sentence: string, fields = {}): Answer<T> => ({ ok: false, status, sentence, fields });
  let response: Response;
  try {
    response = await fetch(url, {
      method,
      body: form ? body : JSON.stringify(body),
      headers: form ? { Accept: "application/json" } : { Accept: "application/json", "Content-Type": "application/json" },
      credentials: "same-origin",
    });
  } catch {
    return failed(0, words("offline"));
  }
  const data = await response.json().catch(() => undefined);
  if (response.ok) return { ok: true, status: response.status, data, sentence: "", fields: {} };
  return failed(response.status, data?.sentence ?? words("failed"), data?.fields ?? {});
}

// words are the few texts a script needs, written by the server in the reader's language.
function words(name: string): string {
  return document.getElementById("noi-ra")?.dataset[name] ?? "";
}
