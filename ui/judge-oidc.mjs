// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// An identity provider that this project did not write (oidc-provider, certified by the OpenID Foundation), for tests:
//   node judge-oidc.mjs REDIRECT_URI CLIENT_SECRET [LOGOUT_URI]
// It prints its address and serves until its standard input ends. Everybody who comes is the person that X_PERSON of the environment names, at the
// level X_ACR, and agrees to everything. PKCE is demanded; a code, a nonce and a redirect are checked by it and not by us.
import Provider from "oidc-provider";
import { createServer } from "node:http";

const [redirect, secret, logout] = process.argv.slice(2);
const person = process.env.X_PERSON ?? "nguoi-1";
const acr = process.env.X_ACR ?? "LoA2";

const server = createServer();
await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
const issuer = `http://127.0.0.1:${server.address().port}`;

const provider = new Provider(issuer, {
  clients: [{ client_id: "hoctap", client_secret: secret, redirect_uris: [redirect], post_logout_redirect_uris: logout ? [logout] : [], grant_types: ["authorization_code"], response_types: ["code"] }],
  acrValues: ["LoA1", "LoA2", "LoA3"],
  claims: { openid: ["sub", "HoVaTen", "SoDinhDanh", "acr"] },
  conformIdTokenClaims: true, // names come by the user info alone
  findAccount: async (_ctx, id) => ({ accountId: id, claims: async () => ({ sub: id, HoVaTen: "Nguyễn Thị Thử", SoDinhDanh: "025090000001" }) }),
  pkce: { required: () => true },
  features: { devInteractions: { enabled: false }, rpInitiatedLogout: { enabled: true } },
  interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
  cookies: { keys: ["only for tests"] },
  async loadExistingGrant(ctx) {
    const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
    grant.addOIDCScope("openid");
    await grant.save();
    return grant;
  },
});
const answer = provider.callback();
server.on("request", (req, res) => {
  if (req.url.startsWith("/interaction/")) {
    const result = person === "khong" ? { error: "access_denied", error_description: "<b>no</b>" } : { login: { accountId: person, acr } };
    provider.interactionFinished(req, res, result, { mergeWithLastSubmission: false }).catch((error) => {
      res.statusCode = 500;
      res.end(String(error));
    });
    return;
  }
  answer(req, res);
});
console.log(issuer);
process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
