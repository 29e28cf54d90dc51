// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package web

import (
	"io"
	"net"
	"net/http"
	"net/netip"
	"os"
	"sync"
	"time"
)

// A picture of three megabytes from a village takes many minutes, so no total time is set for a body. A client must only keep going: something within
// stall, and past the grace leastRate bytes a second on average. Who sends a byte now and then to keep a place is cut off.
var (
	stall = 30 * time.Second // tests shorten both
	grace = time.Minute
)

const (
	leastRate = 100 // bytes a second: 2G at its worst carries ten times that
	piece     = 32 << 10
)

// paced gives each part of a request and of its answer its own time in place of one for the whole.
func paced(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p := &pace{ResponseWriter: w, control: http.NewResponseController(w), start: time.Now()}
		if r.Body != nil && r.Body != http.NoBody {
			p.body = r.Body
			p.patience(p.control.SetReadDeadline) // what the page does not read, the server reads past
			r.Body = p
		}
		defer p.patience(p.control.SetWriteDeadline) // for what the server sends after the page
		next.ServeHTTP(answered{p}, r)
	})
}

// pace is a body and an answer under way.
type pace struct {
	http.ResponseWriter
	body    io.ReadCloser
	control *http.ResponseController
	start   time.Time
	read    int64
}

// patience moves a deadline; a recorder in a test has none.
func (p *pace) patience(set func(time.Time) error) { _ = set(time.Now().Add(stall)) }

func (p *pace) Read(b []byte) (int, error) {
	if took := time.Since(p.start); took > grace && float64(p.read) < took.Seconds()*leastRate {
		return 0, os.ErrDeadlineExceeded
	}
	p.patience(p.control.SetReadDeadline)
	n, err := p.body.Read(b)
	p.read += int64(n)
	if err != nil { // whole: a page that works on it for long must not be cut off
		_ = p.control.SetReadDeadline(time.Time{})
	}
	return n, err
}

func (p *pace) Close() error { return p.body.Close() }

// answered writes in pieces, each with time of its own.
type answered struct{ *pace }

func (a answered) Write(b []byte) (n int, err error) {
	for {
		part := b[n:min(len(b), n+piece)]
		a.patience(a.control.SetWriteDeadline)
		m, err := a.ResponseWriter.Write(part)
		n += m
		if err != nil || n >= len(b) {
			return n, err
		}
	}
}

func (a answered) WriteHeader(code int) {
	a.patience(a.control.SetWriteDeadline)
	a.ResponseWriter.WriteHeader(code)
}

// Unwrap lets http.ResponseController find the connection.
func (a answered) Unwrap() http.ResponseWriter { return a.ResponseWriter }

// PerAddress closes connections at once from an address that has most of them open already, so that one machine cannot take every place. Trusted
// proxies speak for many and are not counted.
func PerAddress(l net.Listener, most int, proxies []netip.Prefix) net.Listener {
	return &counted{Listener: l, most: most, proxies: proxies, open: map[netip.Addr]int{}}
}

type counted struct {
	net.Listener
	most    int
	proxies []netip.Prefix
	mu      sync.Mutex
	open    map[netip.Addr]int
}

// Accept waits for a connection that may stay.
func (c *counted) Accept() (net.Conn, error) {
	for {
		conn, err := c.Listener.Accept()
		if err != nil {
			return nil, err
		}
		at, err := netip.ParseAddrPort(conn.RemoteAddr().String())
		if err != nil || within(c.proxies, at.Addr()) {
			return conn, nil
		}
		from := at.Addr().Unmap().WithZone("")
		c.mu.Lock()
		full := c.open[from] >= c.most
		if !full {
			c.open[from]++
		}
		c.mu.Unlock()
		if !full {
			return &countedConn{Conn: conn, gone: sync.OnceFunc(func() { c.leave(from) })}, nil
		}
		conn.Close()
	}
}

func (c *counted) leave(from netip.Addr) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.open[from]--; c.open[from] <= 0 {
		delete(c.open, from)
	}
}

type countedConn struct {
	net.Conn
	gone func()
}

func (c *countedConn) Close() error {
	c.gone()
	return c.Conn.Close()
}
