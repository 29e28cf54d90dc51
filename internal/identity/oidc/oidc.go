// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Package oidc lets people sign in through identity providers (OpenID Connect): VNeID, the public-service portal, a province's own. It owns the
// settings of providers, the talk with them, and which subject there opens which account here. A subject that is not linked opens nothing and makes
// no account. What providers call a person, and his id number, are kept as keyed hashes only. It knows no pages.
package oidc

import (
	"context"
	"strings"
	"sync"
	"time"

	upstream "github.com/coreos/go-oidc/v3/oidc"

	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/identity/ceremony"
	"hoctap/internal/keyring"
	"hoctap/internal/store"
)

// Service knows the providers and the links.
type Service struct {
	db         *store.DB
	identity   *identity.Service
	ceremonies *ceremony.Keeper
	keys       *keyring.Ring
	now        func() time.Time
	providers  []*provider
}

// New returns a Service that knows no provider yet: nobody is offered this way.
func New(db *store.DB, id *identity.Service, ceremonies *ceremony.Keeper, keys *keyring.Ring, now func() time.Time) *Service {
	return &Service{db: db, identity: id, ceremonies: ceremonies, keys: keys, now: now}
}

// Use sets up the providers. Call it while the program starts.
func (s *Service) Use(providers ...Config) {
	s.providers = nil
	for _, c := range providers {
		s.providers = append(s.providers, newProvider(c))
	}
}

// Offer is a provider as a button.
type Offer struct{ ID, Name string }

// Offers lists the providers in the order of their files.
func (s *Service) Offers() []Offer {
	var list []Offer
	for _, p := range s.providers {
		list = append(list, Offer{p.ID, p.Name})
	}
	return list
}

// Numbered are the providers that tell the national id number: for them an officer may expect a person.
func (s *Service) Numbered() []Offer {
	var list []Offer
	for _, p := range s.providers {
		if p.Claims.Number != "" {
			list = append(list, Offer{p.ID, p.Name})
		}
	}
	return list
}

// Name is what a provider is called; its id when it is no longer set up.
func (s *Service) Name(id string) string {
	for _, p := range s.providers {
		if p.ID == id {
			return p.Name
		}
	}
	return id
}

func (s *Service) provider(id string) (*provider, error) {
	for _, p := range s.providers {
		if p.ID == id {
			return p, nil
		}
	}
	return nil, fault.NotFound("provider", id)
}

// provider is one with what was learned about it. Its client asks nobody but its hosts.
type provider struct {
	Config
	client *client

	mu       sync.Mutex
	metadata metadata
	upstream *upstream.Provider
	learned  time.Time
}

// metadata are the parts of the discovery document that are used beside the addresses.
type metadata struct {
	Endpoints
	SaysIssuer bool `json:"authorization_response_iss_parameter_supported"`
}

// relearn is how old what was learned may be.
const relearn = time.Hour

// learn reads the provider's discovery document, or takes the addresses of the settings. It asks again after an hour; while the provider does not
// answer then, what was known stays good.
func (p *provider) learn(ctx context.Context) (*upstream.Provider, metadata, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.upstream != nil && time.Since(p.learned) < relearn {
		return p.upstream, p.metadata, nil
	}
	if (p.Endpoints != Endpoints{}) {
		e := p.Endpoints
		c := upstream.ProviderConfig{IssuerURL: p.Issuer, AuthURL: e.Authorization, TokenURL: e.Token, JWKSURL: e.Keys, UserInfoURL: e.UserInfo, Algorithms: p.Algs}
		p.upstream, p.metadata, p.learned = c.NewProvider(p.client.in(ctx)), metadata{Endpoints: e}, time.Now()
		return p.upstream, p.metadata, nil
	}
	found, err := upstream.NewProvider(p.client.in(ctx), p.Issuer)
	var m metadata
	if err == nil {
		if err = found.Claims(&m); err == nil {
			err = p.check(m)
		}
	}
	if err != nil {
		if p.upstream != nil {
			p.learned = time.Now().Add(time.Minute - relearn)
			return p.upstream, p.metadata, nil
		}
		return nil, m, unreachable(p, err)
	}
	p.upstream, p.metadata, p.learned = found, m, time.Now()
	return found, m, nil
}

// check refuses addresses that lead elsewhere than to the hosts of the settings.
func (p *provider) check(m metadata) error {
	for _, address := range []string{m.Authorization, m.Token, m.Keys, m.UserInfo, m.EndSession} {
		if address == "" {
			continue
		}
		if host, ok := safe(address); !ok || !p.client.knows(host) {
			return foreignHost(address)
		}
	}
	if m.Authorization == "" || m.Token == "" || m.Keys == "" {
		return errIncomplete
	}
	return nil
}

func (s *Service) subjectHash(provider, subject string) string {
	return s.keys.Hash("oidc subject", provider+"\n"+subject)
}

// numberHash of what is typed and of what the provider says is the same: digits only.
func (s *Service) numberHash(provider, number string) string {
	digits := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, number)
	if digits == "" {
		return ""
	}
	return s.keys.Hash("oidc number", provider+"\n"+digits)
}
