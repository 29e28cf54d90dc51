// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// The field for a reason opens when an answer of its criterion differs from what was there, and closes again with it.

export function watchReasons(form: HTMLFormElement): void {
  const was = new Map<string, string>();
  for (const row of form.querySelectorAll<HTMLElement>("[data-why]")) was.set(row.dataset.why!, answers(form, row.dataset.why!));
  form.addEventListener("input", (event) => {
    const code = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-criterion]")?.dataset.criterion : undefined;
    if (!code) return;
    const row = form.querySelector<HTMLElement>(`[data-why="${CSS.escape(code)}"]`);
    const text = row?.querySelector<HTMLInputElement>("input");
    if (row && text) row.classList.toggle("why--idle", answers(form, code) === was.get(code) && text.value === "");
  });
}

// answers are the values of all fields of one criterion.
function answers(form: HTMLFormElement, code: string): string {
  const values: string[] = [];
  for (const row of form.querySelectorAll(`[data-criterion="${CSS.escape(code)}"]`)) {
    for (const field of row.querySelectorAll<HTMLInputElement | HTMLSelectElement>("input:not([type=hidden]), select")) {
      values.push(field instanceof HTMLInputElement && field.type === "checkbox" ? String(field.checked) : field.value);
    }
  }
  return JSON.stringify(values);
}
