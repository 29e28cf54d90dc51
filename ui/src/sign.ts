// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Calls the signing tool of this machine (VGCA Sign Service) on the page of signing: it is told where to fetch the file and where to
// bring the signed one, and does the rest by itself. Written from how others call it; no tool was at hand to try. The page works
// without this: the addresses stand on it, and a file can be sent by hand.

type Answer = { Status?: number | boolean; Message?: string };

const sockets = ["wss://127.0.0.1:8987/", "ws://127.0.0.1:8987/"];

function call(box: HTMLElement, state: HTMLElement, from: number): void {
  const data = box.dataset;
  const none = () => {
    if (from + 1 < sockets.length) call(box, state, from + 1);
    else state.textContent = data.signNone ?? "";
  };
  let open = false;
  let tool: WebSocket;
  try {
    tool = new WebSocket(sockets[from] + (data.signVerb ?? ""));
  } catch {
    none();
    return;
  }
  tool.onopen = () => {
    open = true;
    tool.send(JSON.stringify({ FileUploadHandler: data.signUpload, SessionId: "", JWTToken: "", FileName: data.signSource, DocNumber: data.signNumber, IssuedDate: "" }));
  };
  tool.onerror = () => {
    if (!open) none();
  };
  tool.onmessage = (event) => {
    tool.close();
    let said: Answer = {};
    try {
      said = JSON.parse(String(event.data)) as Answer;
    } catch {
      said = { Status: -1, Message: String(event.data).slice(0, 200) };
    }
    if (said.Status === 0 || said.Status === true) {
      state.textContent = data.signDone ?? "";
      const next = box.querySelector<HTMLAnchorElement>("[data-sign-next]");
      if (next) location.assign(next.href); // the server alone knows whether the file was accepted
    } else {
      state.textContent = (data.signSaid ?? "…").replace("…", said.Message ?? "?");
    }
  };
}

const box = document.querySelector<HTMLElement>("[data-sign-source]");
const state = box?.querySelector<HTMLElement>("[data-sign-state]");
if (box && state) {
  state.textContent = box.dataset.signWait ?? "";
  call(box, state, 0);
}
