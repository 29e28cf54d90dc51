// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Keys of devices, on the page of signing in and on that of the own keys. Nothing of it is shown in a browser without them, or where the page has
// another address than the one keys are made for. Answers go back by ordinary forms: what is wrong with them the server says on its page.
import { post } from "./lib/post";
import { announce } from "./lib/say";
import { answerOf, creation, request } from "./lib/webauthn";

type Begun = { options: Record<string, unknown>; sealed: string };

// restartAfter is well below the life of a challenge: a page that was left open still has a good one.
const restartAfter = 4 * 60 * 1000;

function usable(box: HTMLElement): boolean {
  return typeof PublicKeyCredential === "function" && !!navigator.credentials && location.origin === box.dataset.origin;
}

function tell(box: HTMLElement, text: string): void {
  const at = box.querySelector<HTMLElement>("[data-passkey-said]");
  if (at) {
    at.textContent = text;
    at.hidden = text === "";
  }
  announce(text);
}

// why is what to tell about a refusal of the browser, which itself tells little; a page that asks again by itself has nothing to tell.
function why(box: HTMLElement, error: unknown): string {
  const name = (error as { name?: string } | undefined)?.name ?? "";
  if (name === "AbortError") return "";
  if (name === "InvalidStateError") return box.dataset.known ?? box.dataset.failed ?? "";
  if (name === "NotAllowedError") return box.dataset.cancelled ?? "";
  return box.dataset.failed ?? "";
}

function send(form: HTMLFormElement, begun: Begun, credential: Credential | null): void {
  const field = (name: string) => form.elements.namedItem(name) as HTMLInputElement;
  field("sealed").value = begun.sealed;
  field("answer").value = answerOf(credential as PublicKeyCredential);
  form.submit();
}

function signing(box: HTMLElement): void {
  const form = box.querySelector("form");
  if (!form || !usable(box)) return;
  box.hidden = false;
  document.querySelector("[data-after-passkey]")?.classList.remove("btn--primary");
  let waiting = new AbortController();

  const ask = async (mediation?: CredentialMediationRequirement): Promise<void> => {
    waiting.abort();
    const mine = (waiting = new AbortController());
    const begun = await post<Begun>(box.dataset.begin ?? "", {});
    if (mine.signal.aborted) return;
    if (!begun.ok || !begun.data) {
      if (!mediation) tell(box, begun.sentence);
      return;
    }
    const again = mediation ? window.setTimeout(() => void ask(mediation), restartAfter) : 0;
    try {
      const credential = await navigator.credentials.get({ publicKey: request(begun.data.options), signal: mine.signal, mediation });
      send(form, begun.data, credential);
    } catch (error) {
      if (mediation) return; // nobody pressed anything
      tell(box, why(box, error));
      void offer();
    } finally {
      clearTimeout(again);
    }
  };
  // offer lets the browser name the keys it has in the field of the login.
  const offer = async (): Promise<void> => {
    if (await PublicKeyCredential.isConditionalMediationAvailable?.()) await ask("conditional");
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    tell(box, "");
    void ask();
  });
  void offer();
}

function adding(box: HTMLElement): void {
  const form = box.querySelector("form");
  if (!form || !usable(box)) return;
  box.hidden = false;
  for (const other of document.querySelectorAll<HTMLElement>("[data-no-passkey]")) other.hidden = true;
  let busy = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (busy) return;
    busy = true;
    tell(box, "");
    const password = form.elements.namedItem("password") as HTMLInputElement;
    const begun = await post<Begun>(box.dataset.begin ?? "", { password: password.value });
    if (!begun.ok || !begun.data) {
      tell(box, begun.fields.password ?? begun.sentence);
    } else {
      try {
        const credential = await navigator.credentials.create({ publicKey: creation(begun.data.options) });
        password.value = "";
        send(form, begun.data, credential);
      } catch (error) {
        tell(box, why(box, error));
      }
    }
    busy = false;
  });
}

for (const box of document.querySelectorAll<HTMLElement>("[data-passkey-in]")) signing(box);
for (const box of document.querySelectorAll<HTMLElement>("[data-passkey-new]")) adding(box);
