// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// The editor of a criteria set: another way of scoring asks for other things at once, rows are dragged to their place, and the text
// says on which line the cursor stands and goes to the line of a fault. Everything has its button or link as well.

// kindChanges saves the criterion when its way of scoring is changed, so that the fields of the new way appear.
function kindChanges(): void {
  for (const choice of document.querySelectorAll<HTMLSelectElement>("select[data-kind]")) {
    choice.addEventListener("change", () => choice.form?.requestSubmit());
  }
}

// rowsAreDragged sends the form #keo with the row that was let go of and the one it was dropped on.
function rowsAreDragged(): void {
  const table = document.querySelector<HTMLTableElement>("table[data-order]");
  const form = document.querySelector<HTMLFormElement>("form#keo");
  if (!table || !form) return;
  let from = "";
  const row = (event: DragEvent) => (event.target as Element).closest<HTMLTableRowElement>("tr[data-at]");
  const clear = () => table.querySelectorAll(".is-over").forEach((r) => r.classList.remove("is-over"));
  table.addEventListener("dragstart", (event) => {
    const r = row(event);
    from = r?.dataset.at ?? "";
    r?.classList.add("is-dragged");
    event.dataTransfer?.setData("text/plain", from);
  });
  table.addEventListener("dragover", (event) => {
    const r = row(event);
    if (!r || from === "") return;
    event.preventDefault();
    clear();
    r.classList.add("is-over");
  });
  table.addEventListener("dragend", () => {
    from = "";
    clear();
    table.querySelectorAll(".is-dragged").forEach((r) => r.classList.remove("is-dragged"));
  });
  table.addEventListener("drop", (event) => {
    const to = row(event)?.dataset.at;
    if (!to || from === "" || to === from) return;
    event.preventDefault();
    (form.elements.namedItem("chon") as HTMLInputElement).value = from;
    (form.elements.namedItem("before") as HTMLInputElement).value = to;
    form.requestSubmit();
  });
}

// linesAreCounted shows the line of the cursor beside the save button, and follows a fault's "Dòng 31: …" to that line.
function linesAreCounted(): void {
  const area = document.querySelector<HTMLTextAreaElement>("textarea[data-lines]");
  if (!area) return;
  const place = document.querySelector<HTMLElement>("[data-line]");
  const told = () => {
    if (place) place.textContent = String(area.value.slice(0, area.selectionStart).split("\n").length);
  };
  for (const kind of ["keyup", "click", "focus"]) area.addEventListener(kind, told);
  for (const link of document.querySelectorAll<HTMLAnchorElement>("[data-errsum] a[data-goto]")) {
    link.addEventListener("click", (event) => {
      const line = Number(link.dataset.goto);
      if (!line) return;
      event.preventDefault();
      const lines = area.value.split("\n");
      const start = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
      area.focus();
      area.setSelectionRange(start, start + (lines[line - 1]?.length ?? 0));
      area.scrollTop = (line - 5) * (area.scrollHeight / lines.length);
      told();
    });
  }
}

kindChanges();
rowsAreDragged();
linesAreCounted();
