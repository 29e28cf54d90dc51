// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/url"
	"os"
	"strconv"
	"time"

	"hoctap/internal/fault"
	"hoctap/internal/store"
)

// Collector is where a centre of security takes messages of RFC 5424: "udp://host:514", "tcp://host:601" (RFC 6587, counted), "tls://host:6514" (RFC 5425).
type Collector struct {
	Network, Address string
	TLS              *tls.Config // for a server of another name or an authority of its own; tests
	Settle           time.Duration
}

// ReadCollector reads an address.
func ReadCollector(text string) (c Collector, err error) {
	u, err := url.Parse(text)
	if err != nil || u.Hostname() == "" || u.Port() == "" || u.Path != "" || u.User != nil || u.RawQuery != "" {
		return c, fault.Conflict("journal.collector", "address", text)
	}
	switch u.Scheme {
	case "udp", "tcp", "tls":
		return Collector{Network: u.Scheme, Address: u.Host, Settle: settleTime}, nil
	}
	return c, fault.Conflict("journal.collector", "address", text)
}

const (
	dialTime   = 10 * time.Second
	writeTime  = 30 * time.Second
	settleTime = time.Second // how long a connection must stay open after the last message before that counts as taken
	sendAtOnce = 1000
	longestUDP = 65_000
)

func (c Collector) dial(ctx context.Context) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, dialTime)
	defer cancel()
	d := &net.Dialer{KeepAlive: 30 * time.Second}
	if c.Network == "tls" {
		return (&tls.Dialer{NetDialer: d, Config: c.TLS}).DialContext(ctx, "tcp", c.Address)
	}
	return d.DialContext(ctx, c.Network, c.Address)
}

// Forward sends what a collector has not got yet, and returns how many messages. What was sent is remembered once the connection has stood for a moment
// after it: syslog has no receipt, so after a break some messages come twice rather than not at all.
func Forward(ctx context.Context, db *store.DB, c Collector) (sent int, err error) {
	defer fault.Wrap(&err, "audit.Forward(%s)", c.Address)
	receiver := c.Network + "://" + c.Address
	spans, err := Behind(ctx, db, receiver, false)
	if err != nil || len(spans) == 0 {
		return 0, err
	}
	conn, err := c.dial(ctx)
	if err != nil {
		return 0, err
	}
	defer conn.Close()
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	defer stop()
	host, err := os.Hostname()
	if err != nil {
		return 0, err
	}
	out := bufio.NewWriterSize(conn, longestUDP)
	var waiting []Span
	unsettled := 0
	settle := func() error {
		if err := errors.Join(out.Flush(), c.stands(conn)); err != nil {
			return err
		}
		if err := Sent(ctx, db, receiver, waiting...); err != nil {
			return err
		}
		sent, unsettled, waiting = sent+unsettled, 0, nil
		return nil
	}
	for _, span := range spans {
		for part := span; part.after < span.to; part.after = part.to {
			part.to = min(span.to, part.after+sendAtOnce)
			err := part.Each(ctx, db, func(e Exported) error {
				unsettled++
				return c.write(conn, out, e, host)
			})
			if err != nil {
				return sent, err
			}
			if waiting = append(waiting, part); unsettled >= sendAtOnce {
				if err := settle(); err != nil {
					return sent, err
				}
			}
		}
	}
	return sent, settle()
}

func (c Collector) write(conn net.Conn, out *bufio.Writer, e Exported, host string) error {
	m, err := e.Syslog(host)
	if err != nil {
		return err
	}
	if err := conn.SetWriteDeadline(time.Now().Add(writeTime)); err != nil {
		return err
	}
	if c.Network == "udp" { // a datagram a message
		_, err := conn.Write(m[:min(len(m), longestUDP)])
		return err
	}
	if _, err := out.WriteString(strconv.Itoa(len(m)) + " "); err != nil {
		return err
	}
	_, err = out.Write(m)
	return err
}

// stands waits a moment and reports an error when the other side closed the connection meanwhile.
func (c Collector) stands(conn net.Conn) error {
	if c.Network == "udp" {
		return nil
	}
	if err := conn.SetReadDeadline(time.Now().Add(c.Settle)); err != nil {
		return err
	}
	_, err := conn.Read(make([]byte, 1))
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return nil
	}
	if err == nil {
		return nil // a collector that talks is alive
	}
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}
