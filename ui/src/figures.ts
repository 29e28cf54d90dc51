// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// The pages of figures: small forms go by themselves, and a cell of the map shows its commune without a new page. Without a
// script the forms have a button and the cells are links.

for (const form of document.querySelectorAll<HTMLFormElement>("form[data-auto]")) {
  form.querySelector<HTMLElement>("[data-go]")?.setAttribute("hidden", "");
  form.addEventListener("change", () => {
    if (form.reportValidity()) form.requestSubmit();
  });
}

const map = document.querySelector<SVGElement>(".mapwrap .hexmap");
let last: AbortController | undefined;

map?.addEventListener("click", async (event) => {
  const cell = (event.target as Element).closest<SVGAElement>("a");
  if (!cell || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  last?.abort(); // only the cell pressed last is shown
  last = new AbortController();
  const to = cell.href.baseVal;
  try {
    const response = await fetch(to, { signal: last.signal, credentials: "same-origin" });
    const fresh = new DOMParser().parseFromString(await response.text(), "text/html").querySelector("[data-pick]");
    const shown = document.querySelector("[data-pick]");
    if (!response.ok || !fresh || !shown) {
      location.href = to;
      return;
    }
    shown.replaceWith(fresh);
    map.querySelector(".sel")?.classList.remove("sel");
    cell.classList.add("sel");
    map.insertBefore(cell, map.querySelector(".edge")); // drawn over its neighbours
    history.replaceState(null, "", to);
  } catch (error) {
    if ((error as Error).name !== "AbortError") location.href = to;
  }
});
