// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// The sheet that a family fills in by itself, and the page of its slip. All of it works without this: here are only reading aloud, where the phone has a
// Vietnamese voice, and handing a link to other programs of the phone.

// readable is what is read of a question: its words, its help and its answers, not the points.
function readable(ask: HTMLElement): string {
  const parts: string[] = [];
  for (const part of ask.querySelectorAll<HTMLElement>(".fam__t > span:first-child, .fam__help > p:not(.meta), .big .grow")) parts.push(part.textContent?.trim() ?? "");
  return parts.filter(Boolean).join(". ");
}

function listening(page: HTMLElement): void {
  const speech = window.speechSynthesis;
  let drawn = false;

  const draw = (): void => {
    const voice = speech.getVoices().find((v) => v.lang.toLowerCase().replace("_", "-").startsWith("vi"));
    if (drawn || !voice) return;
    drawn = true;
    let speaking: HTMLButtonElement | null = null;
    const quiet = (): void => {
      if (speaking) speaking.textContent = page.dataset.read ?? "";
      speaking = null;
    };
    for (const ask of page.querySelectorAll<HTMLElement>("[data-slip-ask]")) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "btn fam__listen";
      button.textContent = page.dataset.read ?? "";
      button.addEventListener("click", () => {
        const again = speaking === button;
        speech.cancel();
        quiet();
        if (again) return;
        const words = new SpeechSynthesisUtterance(readable(ask));
        words.voice = voice;
        words.lang = voice.lang;
        words.rate = 0.9;
        words.onend = () => {
          if (speaking === button) quiet();
        };
        speaking = button;
        button.textContent = page.dataset.stop ?? "";
        speech.speak(words);
      });
      ask.querySelector(".fam__help")?.before(button);
    }
  };
  draw();
  speech.addEventListener?.("voiceschanged", draw); // browsers learn of their voices late
  window.addEventListener("pagehide", () => speech.cancel());
}

function sharing(box: HTMLElement): void {
  const text = document.querySelector<HTMLTextAreaElement>("[data-share-text]");
  if (!text || typeof navigator.share !== "function") return;
  box.hidden = false;
  box.querySelector("[data-share-do]")?.addEventListener("click", () => {
    navigator.share({ text: text.value }).catch(() => text.select()); // closed without sending: the text is there to copy
  });
}

const page = document.querySelector<HTMLElement>("[data-slip]");
if (page && "speechSynthesis" in window) listening(page);
const share = document.querySelector<HTMLElement>("[data-share]");
if (share) sharing(share);
