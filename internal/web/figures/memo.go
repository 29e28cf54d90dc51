// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package figures

import (
	"context"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"
)

// memo keeps values that change rarely. A value older than its fresh time is shown once more while it is worked out
// again; one ten times as old is waited for.
type memo[V any] struct {
	mu     sync.Mutex
	kept   map[string]aged[V]
	flight singleflight.Group
}

type aged[V any] struct {
	value V
	at    time.Time
}

// stale is how many fresh times a value may still be shown.
const stale = 10

func (m *memo[V]) get(ctx context.Context, now func() time.Time, key string, fresh time.Duration, work func(context.Context) (V, error)) (V, error) {
	m.mu.Lock()
	have, found := m.kept[key]
	m.mu.Unlock()
	age := now().Sub(have.at)
	if found && age < fresh {
		return have.value, nil
	}
	renew := func() (any, error) {
		v, err := work(context.WithoutCancel(ctx))
		if err == nil {
			m.keep(key, aged[V]{v, now()}, fresh)
		}
		return v, err
	}
	if found && age < stale*fresh {
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
func (m *memo[V]) keep(key string, v aged[V], fresh time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.kept == nil {
		m.kept = map[string]aged[V]{}
	}
	for k, old := range m.kept {
		if v.at.Sub(old.at) > stale*fresh || len(m.kept) >= mostKept {
			delete(m.kept, k)
		}
	}
	m.kept[key] = v
}

// mostKept bounds how many values one memo holds.
const mostKept = 64
