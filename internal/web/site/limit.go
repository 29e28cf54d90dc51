// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package site

import (
	"net/netip"
	"sync"
	"time"
)

// What one address may ask of a page: PerMinute on average, as many at once after a pause. A code has 60 random bits, so this is not what
// keeps it from being guessed; it keeps one machine from taking the page away from the others.
const (
	PerMinute      = 30
	FilesPerMinute = 6 // a file is read and judged, which is far more work

	maxAddresses = 10_000
)

// Limiter is a token bucket for each address or account, in the memory of this process.
type Limiter struct {
	now     func() time.Time
	rate    float64 // tokens a minute, and the most that are kept
	mu      sync.Mutex
	buckets map[string]bucket
}

type bucket struct {
	tokens float64
	at     time.Time
}

// NewLimiter lets each address ask rate times a minute.
func NewLimiter(now func() time.Time, rate float64) *Limiter {
	return &Limiter{now: now, rate: rate, buckets: map[string]bucket{}}
}

// Allow takes a token of the address "host:port", or of an account; wait is how long to wait when there is none.
func (l *Limiter) Allow(address string) (ok bool, wait time.Duration) {
	key := keyOf(address)
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	b, known := l.buckets[key]
	if !known {
		if len(l.buckets) >= maxAddresses {
			l.forget(now)
		}
		b = bucket{l.rate, now}
	}
	if gone := now.Sub(b.at); gone > 0 {
		b.tokens = min(l.rate, b.tokens+gone.Minutes()*l.rate)
	}
	b.at = now
	if ok = b.tokens >= 1; ok {
		b.tokens--
	} else {
		wait = time.Duration((1 - b.tokens) / l.rate * float64(time.Minute))
	}
	l.buckets[key] = b
	return ok, wait
}

// forget drops the addresses whose bucket is full again; when all are busy, all of them: a flood of addresses must cost no
// memory, and nobody is locked out by it.
func (l *Limiter) forget(now time.Time) {
	for k, b := range l.buckets {
		if now.Sub(b.at) >= time.Minute {
			delete(l.buckets, k)
		}
	}
	if len(l.buckets) >= maxAddresses {
		clear(l.buckets)
	}
}

// keyOf is the host of an address; of IPv6 the network, because one household has all of it. What is no address stands for itself.
func keyOf(address string) string {
	ap, err := netip.ParseAddrPort(address)
	if err != nil {
		return address
	}
	host, bits := ap.Addr().Unmap(), 32
	if host.Is6() {
		bits = 64
	}
	p, _ := host.WithZone("").Prefix(bits)
	return p.String()
}
