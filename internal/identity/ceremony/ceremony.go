// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Package ceremony keeps what a way of signing in must remember between its two requests: sealed and carried by the browser, so that whoever only
// knocks leaves nothing in the database, and taken once. It knows neither keys of devices nor providers.
package ceremony

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"time"

	"hoctap/internal/fault"
	"hoctap/internal/keyring"
	"hoctap/internal/store"
)

// Keeper seals and opens.
type Keeper struct {
	keys *keyring.Ring
	now  func() time.Time
}

// New returns a Keeper.
func New(keys *keyring.Ring, now func() time.Time) *Keeper { return &Keeper{keys: keys, now: now} }

// Once names one ceremony, to be spent.
type Once struct {
	ID    string    `json:"id"`
	Until time.Time `json:"until"`
}

type box struct {
	Once
	Value json.RawMessage `json:"value"`
}

// Seal wraps value for a purpose and binds it to the browser or account named by to. It opens until life has passed.
func (k *Keeper) Seal(purpose, to string, life time.Duration, value any) (sealed string, err error) {
	defer fault.Wrap(&err, "ceremony.Seal(%s)", purpose)
	b := box{Once: Once{ID: Secret(), Until: k.now().Add(life)}}
	if b.Value, err = json.Marshal(value); err != nil {
		return "", err
	}
	text, err := json.Marshal(b)
	if err != nil {
		return "", err
	}
	return k.keys.Seal("ceremony "+purpose, to, string(text)), nil
}

// Open reads what was sealed into value. A text that is not ours, not this browser's or too old is fault ceremony.over: begin again.
func (k *Keeper) Open(purpose, to, sealed string, value any) (once Once, err error) {
	over := fault.Conflict("ceremony.over")
	text, err := k.keys.Unseal("ceremony "+purpose, to, sealed)
	if err != nil || text == "" {
		return once, over
	}
	var b box
	if json.Unmarshal([]byte(text), &b) != nil || !k.now().Before(b.Until) || json.Unmarshal(b.Value, value) != nil {
		return once, over
	}
	return b.Once, nil
}

const (
	insertSpent = `INSERT INTO spent_challenge (id, until) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING`
	deleteSpent = `DELETE FROM spent_challenge WHERE until < $1`
)

// Spend marks a ceremony as done; a second time is fault ceremony.used. It belongs into the transaction of what the ceremony brings about.
func (k *Keeper) Spend(ctx context.Context, tx *store.Tx, once Once) error {
	if _, err := tx.Exec(ctx, deleteSpent, store.Micros(k.now())); err != nil {
		return err
	}
	n, err := tx.Exec(ctx, insertSpent, once.ID, store.Micros(once.Until))
	if err == nil && n == 0 {
		err = fault.Conflict("ceremony.used")
	}
	return err
}

// Secret is a text of 256 random bits.
func Secret() string {
	raw := make([]byte, 32)
	_, _ = rand.Read(raw)
	return base64.RawURLEncoding.EncodeToString(raw)
}
