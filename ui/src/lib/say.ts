// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Texts said to everybody: read aloud by the live region, shown at the lower edge, with an undo for ten seconds.

let shown: HTMLElement | undefined;
let timer = 0;

// say announces text. With undo, a button with that label takes the act back.
export function say(text: string, undo?: { label: string; act: () => void }): void {
  const region = document.getElementById("noi-ra");
  if (region) region.textContent = text;
  shown?.remove();
  clearTimeout(timer);
  const box = document.createElement("div");
  box.className = "said";
  const words = document.createElement("span");
  words.textContent = text;
  box.append(words);
  if (undo) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = undo.label;
    button.addEventListener("click", () => {
      box.remove();
      undo.act();
    });
    box.append(button);
  }
  document.body.append(box);
  shown = box;
  timer = window.setTimeout(() => box.remove(), undo ? 10_000 : 4_000);
}

// announce is for what the eye already sees: it is only read aloud.
export function announce(text: string): void {
  const region = document.getElementById("noi-ra");
  if (region) region.textContent = text;
}
