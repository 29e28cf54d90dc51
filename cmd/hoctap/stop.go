// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"net"
	"net/http"
	"sync"
	"time"
)

// stopTime is how long requests under way may take after a stop was asked for.
const stopTime = 20 * time.Second

// silence is how long a connection that was taken in may wait with its first line: one that says nothing by then is a browser's reserve.
const silence = time.Second

// callers are the connections of a server. http.Server.Shutdown hangs up on those whose first request it has not read yet; these were taken in, and behind a
// socket that outlives the program nobody need be turned away, so a stop waits for them before.
type callers struct {
	mu   sync.Mutex
	open map[net.Conn]http.ConnState
}

// note is the server's ConnState.
func (c *callers) note(conn net.Conn, state http.ConnState) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if state == http.StateClosed || state == http.StateHijacked {
		delete(c.open, conn)
		return
	}
	if c.open == nil {
		c.open = map[net.Conn]http.ConnState{}
	}
	c.open[conn] = state
}

// talking reports whether a request is under way, or, with silent, a connection may still begin one.
func (c *callers) talking(silent bool) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, state := range c.open {
		if state == http.StateActive || silent && state == http.StateNew {
			return true
		}
	}
	return false
}

// stop lets every request that was taken in be answered, within stopTime: no new connections, none that waits for more, and the rest until it is through.
// served gets what Serve returned.
func (c *callers) stop(ctx context.Context, server *http.Server, listener net.Listener, served <-chan error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTime)
	defer cancel()
	if err := listener.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
		return err
	}
	<-served
	server.SetKeepAlivesEnabled(false)
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for began := time.Now(); c.talking(time.Since(began) < silence) && ctx.Err() == nil; {
		select {
		case <-ctx.Done():
		case <-tick.C:
		}
	}
	err := server.Shutdown(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		return server.Close()
	}
	return err
}
