// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package outbound

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"
)

func TestPublic(t *testing.T) {
	for _, s := range []string{"127.0.0.1", "127.8.9.1", "0.0.0.0", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254", "100.64.0.1", "100.100.100.200", "224.0.0.1",
		"255.255.255.255", "240.0.0.1", "198.18.0.1", "192.0.0.192", "168.63.129.16", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "ff02::1", "::ffff:127.0.0.1",
		"::ffff:169.254.169.254", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::a00:1", "2002:7f00:1::", "2001:0:7f00:1::1", "2001:db8::1", "::ffff:0:127.0.0.1"} {
		if Public(netip.MustParseAddr(s)) {
			t.Errorf("%s counts as public", s)
		}
	}
	for _, s := range []string{"1.1.1.1", "113.160.0.1", "203.113.131.1", "2405:4800::1", "2606:4700::1111", "::ffff:1.1.1.1", "172.32.0.1", "100.128.0.1"} {
		if !Public(netip.MustParseAddr(s)) {
			t.Errorf("%s does not count as public", s)
		}
	}
	if Public(netip.Addr{}) {
		t.Error("no address counts as public")
	}
}

// inside is a server of the own network that notes who comes.
func inside(t *testing.T) (*httptest.Server, *int) {
	n := new(int)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		*n++
		_, _ = io.WriteString(w, "secret")
	}))
	t.Cleanup(s.Close)
	return s, n
}

func ports(t *testing.T, s *httptest.Server) (string, []uint16) {
	at := netip.MustParseAddrPort(s.Listener.Addr().String())
	return fmt.Sprint(at.Port()), []uint16{at.Port(), 80, 443}
}

func TestTheOwnNetworkIsOutOfReach(t *testing.T) {
	s, came := inside(t)
	port, allowed := ports(t, s)
	c := New(Rules{Ports: allowed})
	for _, host := range []string{"127.0.0.1", "localhost", "127.1", "0", "0.0.0.0", "[::1]", "[::ffff:127.0.0.1]", "2130706433", "0x7f000001", "017700000001", "[::ffff:7f00:1]", "[64:ff9b::7f00:1]"} {
		if res, err := c.Get(t.Context(), "http://"+host+":"+port+"/"); err == nil {
			res.Body.Close()
			t.Errorf("%s was reached", host)
		}
	}
	for _, address := range []string{"ftp://example.vn/", "file:///etc/passwd", "gopher://127.0.0.1/", "http://user:pass@example.vn/", "//example.vn", "http://", "http://example.vn:22/", "http://example.vn:99999/"} {
		if res, err := c.Get(t.Context(), address); err == nil || !errors.Is(err, ErrForbidden) && !strings.Contains(err.Error(), "unsupported protocol") && !strings.Contains(err.Error(), "no Host") {
			t.Errorf("%s: %v %v", address, res, err)
		}
	}
	if *came != 0 {
		t.Errorf("%d requests came through", *came)
	}
}

// rebinding is a name server whose every name means loopback at the moment it is dialled, as an attacker's does.
func rebinding(t *testing.T) *net.Resolver {
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	go func() {
		buf := make([]byte, 1500)
		for {
			n, from, err := conn.ReadFrom(buf)
			if err != nil {
				return
			}
			var m dnsmessage.Message
			if m.Unpack(buf[:n]) != nil || len(m.Questions) == 0 {
				continue
			}
			q := m.Questions[0]
			m.Response, m.Additionals = true, nil
			if q.Type == dnsmessage.TypeA {
				m.Answers = []dnsmessage.Resource{{Header: dnsmessage.ResourceHeader{Name: q.Name, Class: q.Class, TTL: 0}, Body: &dnsmessage.AResource{A: [4]byte{127, 0, 0, 1}}}}
			}
			if out, err := m.Pack(); err == nil {
				_, _ = conn.WriteTo(out, from)
			}
		}
	}()
	return &net.Resolver{PreferGo: true, Dial: func(_ context.Context, _, _ string) (net.Conn, error) {
		return net.Dial("udp", conn.LocalAddr().String())
	}}
}

func TestANameThatTurnsInside(t *testing.T) {
	s, came := inside(t)
	port, allowed := ports(t, s)
	before := net.DefaultResolver
	net.DefaultResolver = rebinding(t)
	defer func() { net.DefaultResolver = before }()
	if ips, err := net.DefaultResolver.LookupHost(t.Context(), "thu.example.vn"); err != nil || ips[0] != "127.0.0.1" {
		t.Fatalf("the name server does not work: %v %v", ips, err)
	}
	if _, err := New(Rules{Ports: allowed}).Get(t.Context(), "http://thu.example.vn:"+port+"/"); !errors.Is(err, ErrForbidden) {
		t.Errorf("%v", err)
	}
	if *came != 0 {
		t.Error("a name led inside")
	}
}

func TestHostsThatWereSetUp(t *testing.T) {
	s, came := inside(t)
	u, _ := url.Parse(s.URL)
	res, err := New(Rules{Hosts: []string{u.Host}, Only: true}).Get(t.Context(), s.URL)
	if err != nil || *came != 1 {
		t.Fatal(err)
	}
	res.Body.Close()
	if _, err := New(Rules{Hosts: []string{"127.0.0.1:1"}, Only: true}).Get(t.Context(), s.URL); !errors.Is(err, ErrForbidden) {
		t.Errorf("another port of that host: %v", err)
	}
	if _, err := New(Rules{Hosts: []string{u.Host}, Only: true}).Get(t.Context(), "https://example.vn/"); !errors.Is(err, ErrForbidden) {
		t.Errorf("another host: %v", err)
	}
}

// A server that was set up may lead elsewhere, but not to where it would not be let by itself.
func TestRedirects(t *testing.T) {
	s, came := inside(t)
	hops := 0
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		hops++
		if r.URL.Path == "/inside" {
			http.Redirect(w, r, s.URL, http.StatusFound)
			return
		}
		http.Redirect(w, r, "/"+strings.Repeat("x", hops), http.StatusFound)
	}))
	defer front.Close()
	u, _ := url.Parse(front.URL)
	_, allowed := ports(t, s)
	c := New(Rules{Hosts: []string{u.Host}, Ports: allowed, Redirects: 3})
	if _, err := c.Get(t.Context(), front.URL+"/inside"); !errors.Is(err, ErrForbidden) || *came != 0 {
		t.Errorf("a redirect inside: %v", err)
	}
	hops = 0
	if _, err := c.Get(t.Context(), front.URL+"/"); err == nil || hops != 4 {
		t.Errorf("%d hops: %v", hops, err)
	}
}

func TestAnswersEnd(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/slow" {
			w.(http.Flusher).Flush()
			<-r.Context().Done()
			return
		}
		_, _ = w.Write(make([]byte, 2000))
	}))
	defer s.Close()
	u, _ := url.Parse(s.URL)
	res, err := New(Rules{Hosts: []string{u.Host}, Body: 1000}).Get(t.Context(), s.URL)
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(res.Body)
	res.Body.Close()
	if len(b) != 1000 || !errors.Is(err, ErrTooLong) {
		t.Errorf("%d bytes, %v", len(b), err)
	}
	res, err = New(Rules{Hosts: []string{u.Host}, Body: 2000}).Get(t.Context(), s.URL)
	if err != nil {
		t.Fatal(err)
	}
	if b, err := io.ReadAll(res.Body); len(b) != 2000 || err != nil {
		t.Errorf("%d bytes, %v", len(b), err)
	}
	res.Body.Close()
	start := time.Now()
	res, err = New(Rules{Hosts: []string{u.Host}, Patience: 200 * time.Millisecond}).Get(t.Context(), s.URL+"/slow")
	if err == nil {
		_, err = io.ReadAll(res.Body)
		res.Body.Close()
	}
	if err == nil || time.Since(start) > 5*time.Second {
		t.Errorf("%v after %s", err, time.Since(start))
	}
}
