// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// A dialog before an act that cannot be taken back. The link's address is the dialog's id, and the style sheet shows the
// dialog by :target, so the same page works without a script.

export function askBeforeActs(): void {
  document.addEventListener("click", (event) => {
    if (!(event.target instanceof Element)) return;
    const opener = event.target.closest<HTMLAnchorElement>("a[data-ask]");
    if (opener) {
      const dialog = document.querySelector<HTMLDialogElement>("dialog#" + CSS.escape(opener.hash.slice(1)));
      if (!dialog) return;
      event.preventDefault();
      dialog.showModal();
      return;
    }
    const closer = event.target.closest("[data-close]");
    const open = closer?.closest("dialog");
    if (open?.open) {
      event.preventDefault();
      open.close();
    }
  });
}
