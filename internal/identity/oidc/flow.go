// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package oidc

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	upstream "github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"hoctap/internal/fault"
	"hoctap/internal/identity/ceremony"
	"hoctap/internal/store"
)

// Life is how long the person may take at the provider.
const Life = 10 * time.Minute

const purposeFlow = "oidc"

// flow is what must be remembered between leaving for the provider and coming back.
type flow struct {
	Provider string
	Nonce    string
	Verifier string
	Redirect string
	Back     string // where the person wanted to go
}

// Begin leads to a provider: the address to send the person to, the state that comes back with him, and what his browser must keep until then.
// redirect is our address that he comes back to, back where he wants to go after that.
func (s *Service) Begin(ctx context.Context, id, redirect, back string) (address, state, sealed string, err error) {
	defer fault.Wrap(&err, "oidc.Begin(%s)", id)
	p, err := s.provider(id)
	if err != nil {
		return "", "", "", err
	}
	ctx, cancel := context.WithTimeout(ctx, callTime)
	defer cancel()
	found, m, err := p.learn(ctx)
	if err != nil {
		return "", "", "", err
	}
	f := flow{Provider: id, Nonce: ceremony.Secret(), Verifier: oauth2.GenerateVerifier(), Redirect: redirect, Back: back}
	state = ceremony.Secret()
	options := []oauth2.AuthCodeOption{upstream.Nonce(f.Nonce), oauth2.S256ChallengeOption(f.Verifier)}
	for name, value := range map[string]string{"acr_values": strings.Join(p.ACRValues, " "), "prompt": p.Prompt, "ui_locales": "vi"} {
		if value != "" {
			options = append(options, oauth2.SetAuthURLParam(name, value))
		}
	}
	sealed, err = s.ceremonies.Seal(purposeFlow, state, Life, f)
	return p.oauth(found, m, redirect).AuthCodeURL(state, options...), state, sealed, err
}

func (p *provider) oauth(_ *upstream.Provider, m metadata, redirect string) *oauth2.Config {
	style := oauth2.AuthStyleInHeader
	if p.Auth == "post" || p.secret == "" {
		style = oauth2.AuthStyleInParams
	}
	return &oauth2.Config{ClientID: p.ClientID, ClientSecret: p.secret, RedirectURL: redirect, Scopes: p.Scopes,
		Endpoint: oauth2.Endpoint{AuthURL: m.Authorization, TokenURL: m.Token, AuthStyle: style}}
}

// Person is who came back from a provider, as it says. Subject and Number are not to be kept.
type Person struct {
	Provider string
	Subject  string
	Number   string
	Name     string
	Phone    string
	MFA      bool // a required level was reached
}

// Finish takes what the person brought back: the values of the address, and what the browser kept. Each flow is taken once, whatever comes of it.
func (s *Service) Finish(ctx context.Context, id, sealed string, brought url.Values) (who Person, back string, err error) {
	defer fault.Wrap(&err, "oidc.Finish(%s)", id)
	p, err := s.provider(id)
	if err != nil {
		return who, "", err
	}
	var f flow
	once, err := s.ceremonies.Open(purposeFlow, brought.Get("state"), sealed, &f)
	if err != nil {
		return who, "", err
	}
	if f.Provider != id {
		return who, "", distrusted(p, errors.New("another provider's flow"))
	}
	if err := s.db.Write(ctx, func(tx *store.Tx) error { return s.ceremonies.Spend(ctx, tx, once) }); err != nil {
		return who, "", err
	}
	ctx, cancel := context.WithTimeout(ctx, callTime)
	defer cancel()
	found, m, err := p.learn(ctx)
	if err != nil {
		return who, "", err
	}
	if iss := brought.Get("iss"); iss != "" && iss != p.Issuer || iss == "" && m.SaysIssuer {
		return who, "", distrusted(p, fmt.Errorf("the answer is of issuer %q", iss))
	}
	if code := brought.Get("error"); code != "" {
		return who, f.Back, said(p, code)
	}
	token, err := p.oauth(found, m, f.Redirect).Exchange(p.client.in(ctx), brought.Get("code"), oauth2.VerifierOption(f.Verifier))
	if err != nil {
		if refusal, ok := errors.AsType[*oauth2.RetrieveError](err); ok && refusal.ErrorCode != "" {
			return who, f.Back, said(p, refusal.ErrorCode)
		}
		return who, f.Back, unreachable(p, err)
	}
	who, err = s.judge(ctx, p, found, m, token, f.Nonce)
	return who, f.Back, err
}

// spoken are the errors of providers that a person can do something about; each has a sentence.
var spoken = []string{"access_denied", "login_required", "interaction_required", "consent_required", "temporarily_unavailable", "server_error",
	"unmet_authentication_requirements", "invalid_grant", "invalid_client", "unauthorized_client", "invalid_request", "invalid_scope"}

func said(p *provider, code string) error {
	if !slices.Contains(spoken, code) {
		code = "other" // it is a stranger's text
	}
	return fault.Conflict("oidc.said."+code, "provider", p.Name)
}

// judge believes a token only when everything about it is as it must be.
func (s *Service) judge(ctx context.Context, p *provider, found *upstream.Provider, m metadata, token *oauth2.Token, nonce string) (who Person, err error) {
	raw, _ := token.Extra("id_token").(string)
	if raw == "" {
		return who, distrusted(p, errors.New("no id token"))
	}
	now := func() time.Time { return s.now().Add(-p.Skew) }
	id, err := found.Verifier(&upstream.Config{ClientID: p.ClientID, SupportedSigningAlgs: p.Algs, Now: now}).Verify(ctx, raw)
	if err != nil {
		return who, distrusted(p, err)
	}
	claims := map[string]any{}
	if err := id.Claims(&claims); err != nil {
		return who, distrusted(p, err)
	}
	azp := word(claims["azp"])
	switch {
	case id.Nonce != nonce:
		return who, distrusted(p, errors.New("another nonce"))
	case azp != "" && azp != p.ClientID || len(id.Audience) > 1 && azp == "":
		return who, distrusted(p, errors.New("meant for another client"))
	case id.IssuedAt.After(s.now().Add(p.Skew)):
		return who, distrusted(p, errors.New("issued in the future"))
	case id.Subject == "":
		return who, distrusted(p, errors.New("no subject"))
	}
	if id.AccessTokenHash != "" {
		if err := id.VerifyAccessToken(token.AccessToken); err != nil {
			return who, distrusted(p, err)
		}
	}
	acr := word(claims["acr"])
	if len(p.RequiredACR) > 0 && !slices.Contains(p.RequiredACR, acr) {
		return who, fault.Conflict("oidc.acr", "provider", p.Name)
	}
	if m.UserInfo != "" && p.Claims.lacks(claims) {
		more, err := found.UserInfo(p.client.in(ctx), oauth2.StaticTokenSource(token))
		if err != nil {
			return who, unreachable(p, err)
		}
		if more.Subject != id.Subject {
			return who, distrusted(p, errors.New("the user info is of another subject"))
		}
		extra := map[string]any{}
		if err := more.Claims(&extra); err != nil {
			return who, distrusted(p, err)
		}
		for name, value := range extra {
			if _, has := claims[name]; !has {
				claims[name] = value
			}
		}
	}
	who = Person{Provider: p.ID, Subject: word(claims[p.Claims.Subject]), Number: word(claims[p.Claims.Number]), Name: word(claims[p.Claims.Name]),
		Phone: word(claims[p.Claims.Phone]), MFA: len(p.RequiredACR) > 0}
	if who.Subject == "" {
		return who, distrusted(p, fmt.Errorf("no claim %s", p.Claims.Subject))
	}
	return who, nil
}

// lacks says whether a claim that is wanted is not in the token.
func (m ClaimMap) lacks(claims map[string]any) bool {
	for _, name := range []string{m.Subject, m.Number, m.Name, m.Phone} {
		if name != "" && word(claims[name]) == "" {
			return true
		}
	}
	return false
}

// maxWord is how long a claim may be; longer ones are not names.
const maxWord = 256

func word(v any) string {
	s, _ := v.(string)
	if len(s) > maxWord {
		return ""
	}
	return strings.TrimSpace(s)
}

// EndSession is the provider's address for signing out there too, "" when it has none. The person comes back to back.
func (s *Service) EndSession(ctx context.Context, id, back string) string {
	p, err := s.provider(id)
	if err != nil {
		return ""
	}
	ctx, cancel := context.WithTimeout(ctx, p.Timeout)
	defer cancel()
	_, m, err := p.learn(ctx)
	if err != nil || m.EndSession == "" {
		return ""
	}
	u, err := url.Parse(m.EndSession)
	if err != nil {
		return ""
	}
	q := u.Query()
	q.Set("client_id", p.ClientID)
	q.Set("post_logout_redirect_uri", back)
	u.RawQuery = q.Encode()
	return u.String()
}
