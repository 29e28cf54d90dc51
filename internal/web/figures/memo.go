// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package figures

import (
	"context"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"
)

// memo keeps what many readers ask for. A value older than fresh is shown once more while it is worked out again; one older than
// stale is waited for.
type memo[V any] struct {
	fresh, stale time.Duration
	born         func(V) time.Time // how old a value was when it was made; nil: new

	mu     sync.Mutex
	kept   map[string]aged[V]
	flight singleflight.Group
}

type aged[V any] struct {
	value V
	at    time.Time
}

func (m *memo[V]) get(ctx context.Context, now func() time.Time, key string, work func(context.Context) (V, error)) (V, error) {
	m.mu.Lock()
	have, found := m.kept[key]
	m.mu.Unlock()
	age := now().Sub(have.at)
	if found && age < m.fresh {
		return have.value, nil
	}
	renew := func() (any, error) {
		v, err := work(context.WithoutCancel(ctx))
		if err != nil {
			return v, err
		}
		at := now()
		if m.born != nil {
			at = m.born(v)
		}
		m.keep(key, aged[V]{v, at})
		return v, nil
	}
	if found && age < m.stale {
		m.flight.DoChan(key, renew)
		return have.value, nil
	}
	v, err, _ := m.flight.Do(key, renew)
	if err != nil {
		var none V
		return none, err
	}
	return v.(V), nil
}

// keep remembers a value and forgets those that nobody may be shown any more, so that addresses typed at random cannot fill
// the memory.
func (m *memo[V]) keep(key string, v aged[V]) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.kept == nil {
		m.kept = map[string]aged[V]{}
	}
	for k, old := range m.kept {
		if v.at.Sub(old.at) > m.stale || len(m.kept) >= mostKept {
			delete(m.kept, k)
		}
	}
	m.kept[key] = v
}

// mostKept bounds how many values one memo holds.
const mostKept = 64
