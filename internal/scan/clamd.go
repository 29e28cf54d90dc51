// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Package scan asks a virus scanner about files that people send. It speaks clamd's protocol itself, for it is one command: INSTREAM. What was taken in
// while the scanner did not answer is asked about later. It knows no domain: a file is bytes with a name.
package scan

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"
)

// Clamd is the address of a running clamd.
type Clamd struct {
	network, address string
	Patience         time.Duration // how long one file may take
}

// At reads an address: unix:/run/clamav/clamd.ctl or tcp://host:3310.
func At(address string) (*Clamd, error) {
	c := &Clamd{Patience: 30 * time.Second}
	switch {
	case strings.HasPrefix(address, "unix:/"):
		c.network, c.address = "unix", strings.TrimPrefix(strings.TrimPrefix(address, "unix:"), "//")
	case strings.HasPrefix(address, "tcp://"):
		c.network, c.address = "tcp", strings.TrimPrefix(address, "tcp://")
		if _, _, err := net.SplitHostPort(c.address); err != nil {
			return nil, fmt.Errorf("clamd: %w", err)
		}
	default:
		return nil, fmt.Errorf("clamd: want unix:/path or tcp://host:port, got %q", address)
	}
	return c, nil
}

// chunk is how many bytes go to clamd at once.
const chunk = 64 << 10

// maxAnswer is how long an answer of clamd may be.
const maxAnswer = 4 << 10

// Find returns the name of what clamd finds in the bytes, "" for nothing. An error says that it gave no verdict.
func (c *Clamd) Find(ctx context.Context, r io.Reader) (found string, err error) {
	ctx, cancel := context.WithTimeout(ctx, c.Patience)
	defer cancel()
	conn, err := new(net.Dialer).DialContext(ctx, c.network, c.address)
	if err != nil {
		return "", err
	}
	defer conn.Close()
	stop := context.AfterFunc(ctx, func() { conn.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	failed := send(conn, r)
	if own, ok := errors.AsType[*readError](failed); ok {
		return "", own.error
	}
	answer, err := io.ReadAll(io.LimitReader(conn, maxAnswer)) // clamd also answers when it hung up on what was sent
	if err != nil || len(answer) == 0 {
		return "", fmt.Errorf("clamd: no verdict: %w", errors.Join(failed, err, ctx.Err()))
	}
	verdict := string(bytes.TrimRight(answer, "\x00\n"))
	switch rest, _ := strings.CutPrefix(verdict, "stream: "); {
	case rest == "OK" && failed == nil:
		return "", nil
	case strings.HasSuffix(rest, " FOUND"):
		return strings.TrimSuffix(rest, " FOUND"), nil
	}
	return "", fmt.Errorf("clamd: %q", verdict)
}

// readError is a failure of the file and not of clamd.
type readError struct{ error }

func send(w io.Writer, r io.Reader) error {
	if _, err := io.WriteString(w, "zINSTREAM\x00"); err != nil {
		return err
	}
	buf := make([]byte, 4+chunk)
	for {
		n, err := r.Read(buf[4:])
		if n > 0 {
			binary.BigEndian.PutUint32(buf, uint32(n))
			if _, err := w.Write(buf[:4+n]); err != nil {
				return err
			}
		}
		switch {
		case errors.Is(err, io.EOF):
			_, err := w.Write([]byte{0, 0, 0, 0})
			return err
		case err != nil:
			return &readError{err}
		}
	}
}
