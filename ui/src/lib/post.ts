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
  const send = () =>
    fetch(url, {
      method,
      body: form ? body : JSON.stringify(body),
      headers: { Accept: "application/json", "X-Form-Token": token(), ...(form ? {} : { "Content-Type": "application/json" }) },
      credentials: "same-origin",
    });
  let response: Response;
  let data;
  try {
    response = await send();
    data = await response.json().catch(() => undefined);
    if (response.status === 403 && data?.kind === "form_token") {
      renew(data.token); // signed in anew in another window since this page was loaded
      response = await send();
      data = await response.json().catch(() => undefined);
    }
  } catch {
    return failed(0, words("offline"));
  }
  if (response.ok) return { ok: true, status: response.status, data, sentence: "", fields: {} };
  return failed(response.status, data?.sentence ?? words("failed"), data?.fields ?? {});
}

// token proves that a page of this site asks; the server wrote it into the head.
export function token(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="form-token"]')?.content ?? "";
}

// renew puts a new token into the page: for its scripts, and for forms that are still to be sent.
function renew(fresh: string): void {
  const meta = document.querySelector<HTMLMetaElement>('meta[name="form-token"]');
  if (meta) meta.content = fresh;
  for (const field of document.querySelectorAll<HTMLInputElement>('input[name="_the"]')) field.value = fresh;
}

// words are the few texts a script needs, written by the server in the reader's language.
function words(name: string): string {
  return document.getElementById("noi-ra")?.dataset[name] ?? "";
}
