// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// The editor of a paper's template: a field in the list is put where the cursor last stood. Without a script it is typed or copied.

function fieldsAreInserted(): void {
  let area: HTMLTextAreaElement | null = null;
  for (const each of document.querySelectorAll<HTMLTextAreaElement>("textarea[data-fields]")) {
    each.addEventListener("focus", () => (area = each));
  }
  for (const code of document.querySelectorAll<HTMLElement>("code[data-insert]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "chip";
    button.textContent = code.textContent;
    button.addEventListener("click", () => {
      const text = code.dataset.insert ?? "";
      if (!area) {
        void navigator.clipboard?.writeText(text);
        return;
      }
      area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
      area.dispatchEvent(new Event("input", { bubbles: true }));
      area.focus();
    });
    code.replaceWith(button);
  }
}

fieldsAreInserted();
