// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package web

import (
	"net"
	"net/http"
	"net/netip"
	"strings"

	"hoctap/internal/web/site"
)

// fromProxy puts the client's own address and port in place of the proxy's, where a proxy that the operator trusts tells them. Whoever else sends these
// headers is not believed.
func fromProxy(s *site.Site, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if trusted(s.Safety.Proxies, r.RemoteAddr) {
			if client := clientOf(s.Safety.Proxies, r.Header); client.IsValid() {
				r.RemoteAddr = client.String()
			}
		}
		next.ServeHTTP(w, r)
	})
}

func trusted(proxies []netip.Prefix, address string) bool {
	at, err := netip.ParseAddrPort(address)
	return err == nil && within(proxies, at.Addr())
}

func within(proxies []netip.Prefix, a netip.Addr) bool {
	a = a.Unmap().WithZone("")
	for _, p := range proxies {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

// clientOf is the rightmost address that is no trusted proxy: what stands left of it, anyone could have written. Port 0 when nobody told the port.
func clientOf(proxies []netip.Prefix, h http.Header) (client netip.AddrPort) {
	hops := forwarded(h["Forwarded"])
	plain := len(hops) == 0
	if plain {
		hops = strings.Split(strings.Join(h["X-Forwarded-For"], ","), ",")
	}
	for i := len(hops) - 1; i >= 0; i-- {
		at, ok := readAddress(hops[i])
		if !ok {
			return client // a proxy of ours writes addresses: what is none came from beyond
		}
		client = at
		if !within(proxies, at.Addr()) {
			if port, ok := readPort(h.Get("X-Real-Port")); ok && plain && at.Port() == 0 && i == len(hops)-1 {
				client = netip.AddrPortFrom(at.Addr(), port)
			}
			return client
		}
	}
	return client
}

// forwarded lists the values of for= of RFC 7239, from left to right.
func forwarded(lines []string) (hops []string) {
	for _, hop := range strings.Split(strings.Join(lines, ","), ",") {
		for _, pair := range strings.Split(hop, ";") {
			name, value, ok := strings.Cut(strings.TrimSpace(pair), "=")
			if ok && strings.EqualFold(name, "for") {
				hops = append(hops, strings.Trim(value, `"`))
			}
		}
	}
	return hops
}

// readAddress reads 203.0.113.7, 203.0.113.7:4711, 2001:db8::1, [2001:db8::1] and [2001:db8::1]:4711.
func readAddress(s string) (netip.AddrPort, bool) {
	s = strings.TrimSpace(s)
	if at, err := netip.ParseAddrPort(s); err == nil {
		return netip.AddrPortFrom(at.Addr().Unmap().WithZone(""), at.Port()), true
	}
	a, err := netip.ParseAddr(strings.Trim(s, "[]"))
	return netip.AddrPortFrom(a.Unmap().WithZone(""), 0), err == nil
}

func readPort(s string) (uint16, bool) {
	at, err := netip.ParseAddrPort(net.JoinHostPort("::", strings.TrimSpace(s)))
	return at.Port(), err == nil && s != ""
}
