// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Keys of a page. They match event.code, never event.key: with Unikey in VNI a digit, in Telex a letter may arrive as
// another character or not at all. The reader can switch single keys off (WCAG 2.1.4).

type Act = (event: KeyboardEvent) => void;

const off = "keys-off";

// keys binds acts to key codes ("Digit1", "KeyN", "Slash", "ArrowDown", "Ctrl+KeyZ", "Shift+Slash") and returns the function that
// unbinds them. Digits of the number pad count as digits.
export function keys(acts: Record<string, Act>): () => void {
  const listen = (event: KeyboardEvent) => {
    const act = acts[nameOf(event)];
    if (!act || event.defaultPrevented || composing(event)) return;
    if (!event.ctrlKey && (inField(event.target) || keysOff())) return;
    event.preventDefault();
    act(event);
  };
  document.addEventListener("keydown", listen);
  return () => document.removeEventListener("keydown", listen);
}

// nameOf gives the name under which keys finds an event.
export function nameOf(event: KeyboardEvent): string {
  const code = event.code.replace(/^Numpad(\d)$/, "Digit$1").replace(/^NumpadEnter$/, "Enter");
  if (event.altKey || event.metaKey) return "";
  return (event.ctrlKey ? "Ctrl+" : "") + (event.shiftKey ? "Shift+" : "") + code;
}

// composing reports whether an input method is at work; 229 is what older ones send.
export function composing(event: KeyboardEvent): boolean {
  return event.isComposing || event.keyCode === 229;
}

// inField reports whether the focus is where a person types.
export function inField(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target.closest("dialog[open]")) return true;
  if (target instanceof HTMLInputElement) return !["checkbox", "radio", "button", "submit"].includes(target.type);
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}

export function keysOff(): boolean {
  return localStorage.getItem(off) === "1";
}

// pageKeys binds what pages declare: “/” to the search box, “?” to the list of keys, and data-key to the element that
// the key presses.
export function pageKeys(): void {
  const acts: Record<string, Act> = {
    Slash: () => document.querySelector<HTMLElement>("[data-find]")?.focus(),
    "Shift+Slash": () => document.querySelector<HTMLDialogElement>("dialog#phim")?.showModal(),
  };
  for (const element of document.querySelectorAll<HTMLElement>("[data-key]")) {
    acts[element.dataset.key!] = () => element.click();
  }
  keys(acts);
  const toggle = document.querySelector<HTMLInputElement>("[data-keys-on]");
  if (!toggle) return;
  toggle.checked = !keysOff();
  toggle.addEventListener("change", () => {
    if (toggle.checked) localStorage.removeItem(off);
    else localStorage.setItem(off, "1");
  });
}
