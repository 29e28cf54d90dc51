// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package oidc

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	upstream "github.com/coreos/go-oidc/v3/oidc"

	"hoctap/internal/fault"
	"hoctap/internal/outbound"
)

// maxAnswer is how many bytes an answer of a provider may have.
const maxAnswer = 1 << 20

var errIncomplete = errors.New("the discovery document lacks an address")

type foreignHost string

func (h foreignHost) Error() string {
	return fmt.Sprintf("%s does not lead to a host of this provider's settings", string(h))
}

// client asks the provider's hosts and nobody else, follows nowhere, and waits and reads only so long.
type client struct {
	hosts []string
	http  *http.Client
}

func newClient(c Config) *client {
	cl := &client{hosts: c.hosts}
	out := outbound.New(outbound.Rules{Hosts: c.hosts, Only: true, Body: maxAnswer, Patience: c.Timeout, Roots: c.roots}).HTTP()
	cl.http = &http.Client{Timeout: c.Timeout, Transport: narrow{cl, out.Transport},
		CheckRedirect: func(r *http.Request, _ []*http.Request) error { return foreignHost(r.URL.Redacted()) }}
	return cl
}

func (c *client) knows(host string) bool { return slices.Contains(c.hosts, strings.ToLower(host)) }

// in is a context in which the libraries use this client.
func (c *client) in(ctx context.Context) context.Context { return upstream.ClientContext(ctx, c.http) }

// narrow lets requests through to known hosts only, and never in the plain; the rest is package outbound's.
type narrow struct {
	client *client
	next   http.RoundTripper
}

func (n narrow) RoundTrip(r *http.Request) (*http.Response, error) {
	if host, ok := safe(r.URL.String()); !ok || !n.client.knows(host) {
		return nil, foreignHost(r.URL.Redacted())
	}
	return n.next.RoundTrip(r)
}

// callTime is how long the whole talk of one sign-in may take.
const callTime = 25 * time.Second

func newProvider(c Config) *provider { return &provider{Config: c, client: newClient(c)} }

// unreachable says that the provider did not answer as it should; what exactly goes to the log.
func unreachable(p *provider, err error) error {
	return fmt.Errorf("%w: %w", fault.Conflict("oidc.unreachable", "provider", p.Name), err)
}

// distrusted says that the provider's answer does not prove who came.
func distrusted(p *provider, err error) error {
	return fmt.Errorf("%w: %w", fault.Conflict("oidc.distrusted", "provider", p.Name), err)
}
