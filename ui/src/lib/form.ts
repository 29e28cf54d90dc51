// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Forms: the focus goes to the list of faults, and a second press does not send twice.

export function showErrors(): void {
  document.querySelector<HTMLElement>("[data-errsum]")?.focus();
}

export function sendOnce(): void {
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if (!form.hasAttribute("data-once") || event.defaultPrevented) return;
    if (event.submitter?.hasAttribute("data-again")) return; // it downloads a file and the page stays
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "1";
  });
  // A page from the browser's memory may be sent again.
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll<HTMLFormElement>("form[data-sent]")) delete form.dataset.sent;
  });
}

// pickFiles puts a button with our own words before the browser's, and the names of the chosen files beside it.
export function pickFiles(): void {
  for (const input of document.querySelectorAll<HTMLInputElement>("input[data-file]")) {
    const pick = input.parentElement?.querySelector<HTMLElement>(".filepick");
    const name = pick?.querySelector<HTMLElement>("[data-file-name]");
    if (!pick || !name) continue;
    const none = name.textContent;
    input.className = "vh";
    pick.hidden = false;
    input.addEventListener("change", () => {
      name.textContent = [...(input.files ?? [])].map((f) => f.name).join(", ") || none;
    });
  }
}
