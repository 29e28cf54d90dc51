// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Letter size and theme change at once; the cookie makes the server write the next page that way.
import { announce } from "./say";

export function readerSettings(): void {
  for (const link of document.querySelectorAll<HTMLAnchorElement>("a[data-cycle]")) {
    const name = link.dataset.cycle!;
    const values = link.dataset.values!.split(",");
    const words = link.dataset.words!.split("|");
    link.addEventListener("click", (event) => {
      event.preventDefault();
      const root = document.documentElement;
      const next = (values.indexOf(root.dataset[name] ?? "") + 1) % values.length;
      root.dataset[name] = values[next];
      document.cookie = `${name}=${values[next]}; path=/; max-age=31536000; samesite=lax`;
      announce(words[next]!);
    });
  }
}
