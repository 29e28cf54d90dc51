// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// signIn signs a browser's context in as a person does: the form's page first, for the token that it carries.
export async function signIn(context, base, login, password) {
  const page = await (await context.request.get(base + "/dang-nhap")).text();
  const token = page.match(/name="_the" value="([^"]+)"/)?.[1] ?? "";
  return context.request.post(base + "/dang-nhap", { form: { _the: token, login, password }, maxRedirects: 0 });
}
