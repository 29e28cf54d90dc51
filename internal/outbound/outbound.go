// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Package outbound is the only way by which the program asks other servers for something. An address that a person typed, or that a foreign server
// answered with, must not reach what only this machine and its neighbours can reach: the address is judged after its name was looked up and as it is
// dialled, so that a name cannot mean another machine a moment later. It knows no domain.
package outbound

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Rules say where requests may go.
type Rules struct {
	Hosts     []string       // "host" or "host:port" that the operator set up: they may lie inside the own network and use any port
	Only      bool           // nothing but Hosts
	Ports     []uint16       // of all others; 80 and 443 when empty
	Redirects int            // how many are followed; each is judged as the first address was
	Body      int64          // most bytes of an answer; 10 MiB when 0
	Patience  time.Duration  // for a whole exchange; 30 s when 0
	Roots     *x509.CertPool // authorities that are trusted; those of the system when nil
}

// ErrForbidden is why a request was not sent.
var ErrForbidden = errors.New("outbound: not a public address")

// Client sends requests by the rules.
type Client struct {
	rules Rules
	http  http.Client
}

// New returns a client. It keeps no cookies and takes no proxy from the environment: a proxy would look names up by itself.
func New(rules Rules) *Client {
	if len(rules.Ports) == 0 {
		rules.Ports = []uint16{80, 443}
	}
	if rules.Body == 0 {
		rules.Body = 10 << 20
	}
	if rules.Patience == 0 {
		rules.Patience = 30 * time.Second
	}
	c := &Client{rules: rules}
	c.http = http.Client{
		Timeout: rules.Patience,
		Transport: &http.Transport{DialContext: c.dial, TLSClientConfig: &tls.Config{RootCAs: rules.Roots, MinVersion: tls.VersionTLS12}, TLSHandshakeTimeout: 10 * time.Second, ResponseHeaderTimeout: rules.Patience, MaxResponseHeaderBytes: 64 << 10,
			ForceAttemptHTTP2: true, MaxIdleConnsPerHost: 2, IdleConnTimeout: time.Minute},
		CheckRedirect: func(r *http.Request, via []*http.Request) error {
			if len(via) > rules.Redirects {
				return fmt.Errorf("outbound: more than %d redirects", rules.Redirects)
			}
			if via[0].URL.Scheme == "https" && r.URL.Scheme != "https" {
				return fmt.Errorf("%w: a redirect away from https", ErrForbidden)
			}
			return c.checkURL(r.URL)
		},
	}
	return c
}

// HTTP is the client for libraries that want one. Its answers are limited like those of Do.
func (c *Client) HTTP() *http.Client {
	h := c.http
	h.Transport = roundTripper{c}
	return &h
}

type roundTripper struct{ c *Client }

// RoundTrip sends one request.
func (t roundTripper) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := t.c.checkURL(r.URL); err != nil {
		return nil, err
	}
	res, err := t.c.http.Transport.RoundTrip(r)
	if err == nil {
		res.Body = &limited{res.Body, t.c.rules.Body}
	}
	return res, err
}

// Do sends a request. Its answer ends with ErrTooLong past the limit.
func (c *Client) Do(r *http.Request) (*http.Response, error) { return c.HTTP().Do(r) }

// Get asks for an address.
func (c *Client) Get(ctx context.Context, address string) (*http.Response, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	return c.Do(r)
}

func (c *Client) checkURL(u *url.URL) error {
	if u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.User != nil {
		return fmt.Errorf("%w: %s", ErrForbidden, u.Redacted())
	}
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	return c.checkName(u.Hostname(), port)
}

func (c *Client) checkName(host, port string) error {
	n, err := strconv.ParseUint(port, 10, 16)
	switch {
	case err != nil:
		return fmt.Errorf("%w: port %q", ErrForbidden, port)
	case c.known(host, port):
		return nil
	case c.rules.Only:
		return fmt.Errorf("%w: %s is not among the hosts that were set up", ErrForbidden, host)
	case !slices.Contains(c.rules.Ports, uint16(n)):
		return fmt.Errorf("%w: port %s", ErrForbidden, port)
	}
	return nil
}

func (c *Client) known(host, port string) bool {
	return slices.ContainsFunc(c.rules.Hosts, func(h string) bool {
		return strings.EqualFold(h, host) || strings.EqualFold(h, net.JoinHostPort(host, port))
	})
}

// dial judges every address that is about to be dialled, after the lookup.
func (c *Client) dial(ctx context.Context, network, address string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	if err := c.checkName(host, port); err != nil {
		return nil, err
	}
	d := net.Dialer{Timeout: 10 * time.Second}
	if !c.known(host, port) {
		d.ControlContext = func(_ context.Context, network, address string, _ syscall.RawConn) error {
			at, err := netip.ParseAddrPort(address)
			if err != nil || !strings.HasPrefix(network, "tcp") || !Public(at.Addr()) {
				return fmt.Errorf("%w: %s", ErrForbidden, host)
			}
			return nil
		}
	}
	return d.DialContext(ctx, network, address)
}

// ErrTooLong ends an answer that is longer than the rules allow.
var ErrTooLong = errors.New("outbound: the answer is too long")

type limited struct {
	io.ReadCloser
	left int64
}

// Read passes at most what is left.
func (l *limited) Read(b []byte) (int, error) {
	if int64(len(b)) > l.left+1 {
		b = b[:l.left+1]
	}
	n, err := l.ReadCloser.Read(b)
	if l.left -= int64(n); l.left < 0 {
		return n - 1, ErrTooLong
	}
	return n, err
}
